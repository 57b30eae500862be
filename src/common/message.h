/*
 * Messages to the person at the terminal: "PROGRAM: what: why" on standard error.
 *
 * Each message leaves in one write(2), so that messages of several threads or processes never mix within a line.
 * message_program is called once, first thing in main; the rest from any thread.
 */
#ifndef COMMON_MESSAGE_H
#define COMMON_MESSAGE_H

/* The name that starts every message; borrowed. */
void message_program(const char *name);

/*
 * "PROGRAM: <text>\n". Control characters in text, a newline too, and bytes that are no UTF-8 come out as \n, \x1B and
 * so on (printable.h): what was given cannot play tricks with the terminal. Cut at 1 KiB, never within a character.
 * Keeps errno.
 *
 * Where standard error takes nothing for 100 ms (a full pipe, a stopped terminal) the message is lost: no program hangs
 * because nobody reads its complaints.
 */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "PROGRAM: <text>\nTry 'PROGRAM --help' for more information.\n": what a usage error says; the caller exits with 2. */
void message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
