/*
 * What a client is told: the text or the octets of one second, made once in that second. Main thread; no descriptors.
 */
#ifndef TIMED_REPLY_H
#define TIMED_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum reply_protocol {
  REPLY_PLAIN,   /* "\n\nCurrent time: Sun Nov 22 09:08:00 2026\n\n" */
  REPLY_DAYTIME, /* RFC 867: a line of text, its form is free; here that of asctime, as inetd always had it, and CRLF */
  REPLY_TIME, /* RFC 868: seconds since 1900 in UTC, modulo 2^32 (next 0: 7 February 2036), four octets, big-endian */
};

struct reply_form {
  enum reply_protocol protocol;
  const char *format; /* for strftime(3), in place of the asctime form; NULL: that one. Unused by REPLY_TIME */
  bool utc;           /* else local time */
};

enum { REPLY_MAX = 1024, REPLY_FORMAT_MAX = 512 };

struct reply {
  struct reply_form form;
  char pattern[REPLY_FORMAT_MAX + 32];
  time_t second; /* of text */
  size_t length; /* 0: nothing made yet */
  char text[REPLY_MAX];
};

/*
 * The first conversion that is none of strftime's (C, POSIX, and glibc's flags, widths and k l P s), a place in format;
 * NULL when there is none.
 */
const char *reply_format_unknown(const char *format);

/* It makes at least one character and at most REPLY_FORMAT_MAX, on every day of the year. */
bool reply_format_fits(const char *format);

/* Borrows form->format. Sets TZ of the process to UTC where form asks for that. */
void reply_init(struct reply *reply, const struct reply_form *form);

/* reply->text and ->length for this second of CLOCK_REALTIME. */
void reply_update(struct reply *reply);

/* The same for a given time. */
void reply_make(struct reply *reply, time_t second);

#endif
