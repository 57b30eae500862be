/*
 * For a display that does not answer: a call into it may wait for ever (a stopped X server), and then nobody reads the
 * signals that ask for the end. A thread watches for that. When the end is asked for it asks the reader to stop at once,
 * whatever the loop does. When the loop has been inside the display for ENDING_DISPLAY_MS, or is inside it so long after
 * the end was asked for, it takes over: it does what the end owes, from data that the stuck thread does not touch, and
 * ends the process.
 *
 * Who may touch the data is settled by one word. The loop owns it; while it is inside the display the word says so, and
 * is taken by one compare-and-exchange, of the loop coming back or of the watch taking over. Whoever loses waits for the
 * end of the process.
 */
#ifndef SCOPE_WATCH_H
#define SCOPE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/stream/stream.h"

/*
 * Starts the thread. signal_fd: readable when a signal asks for the end; the watch reads it only when it takes over.
 * stream: its reader is asked to stop then. waits: whether calls into the display may wait; if not, nothing is ever taken
 * over, as a call that takes long still works, on what the end needs. take_over is called in the watch's thread, and must
 * not return. Once in a process; nothing to free. 0, or an errno value. Without a watch the other functions do nothing.
 */
int watch_start(int signal_fd, struct stream *stream, bool waits, void (*take_over)(void));

/*
 * Whether a call into the display that began at since_ns is given up at now_ns, the end having been asked for at asked_ns.
 * Pure: moments of one clock.
 */
bool watch_gives_up(int64_t since_ns, int64_t asked_ns, int64_t now_ns);

/* The loop goes into the display, and comes back: every call that may wait for the server stands between the two. */
void watch_display_begin(void);
void watch_display_end(void);

/* The loop has been asked for the end, by whatever means: from now on the watch waits for nothing else. Any thread. */
void watch_ending(void);

/*
 * The caller, who may be inside the display (Xlib calls exit when the server goes), will do what the end owes; it is not
 * taken over from any more until watch_display_begin. Does not return when the watch was quicker.
 */
void watch_claim(void);

#endif
