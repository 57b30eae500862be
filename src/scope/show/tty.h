/*
 * A terminal as a device: opened anew, so that it can be written to without waiting and the flags of descriptors that
 * are shared with others stay as they are; its modes; what waits to be sent. Main thread, but where it says otherwise.
 */
#ifndef SCOPE_TTY_H
#define SCOPE_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#include "scope/show/bytes.h"

struct tty {
  int fd; /* -1: not open */
  bool raw;
  struct termios before; /* the modes that were found */
  struct bytes queue;    /* what is to be sent; the first `sent` bytes of it have been */
  size_t sent;
};

struct tty_size {
  int columns, rows; /* cells */
  int width, height; /* pixels; 0: the terminal did not say */
};

/* Opens the terminal behind a descriptor. 0, or an errno value: ENOTTY where there is none. */
int tty_open(struct tty *t, int behind);
void tty_close(struct tty *t); /* the modes as they were */

/* The descriptor is of the same terminal. */
bool tty_is(const struct tty *t, int fd);

/* We may draw: the terminal belongs to our process group, or it is nobody's controlling terminal. */
bool tty_is_ours(const struct tty *t);

/* The modes for drawing: no echo, each key at once; signals by keys and Ctrl-S go on working. And back. */
bool tty_make_raw(struct tty *t);
void tty_make_cooked(struct tty *t);

void tty_size(const struct tty *t, struct tty_size *size);

/* Sends as much as is taken now. False: the terminal is gone. */
bool tty_send(struct tty *t);

/* The same until all is sent, until nothing is taken for patience_ns, or until a moment. True: all. */
bool tty_send_patiently(struct tty *t, int64_t patience_ns, int64_t until_ns);

/* Nothing waits, neither here nor in the line to the terminal. */
bool tty_is_idle(const struct tty *t);

/* Output that was stopped by Ctrl-S goes on. Any thread, and signal handlers. */
void tty_release(int fd);

/* Forgets what has not been sent. True: something was cut off in the middle. */
bool tty_drop(struct tty *t);

/*
 * From now on a signal that ends the process at once (SIGQUIT, a crash) brings the modes back and sends `restore` first,
 * which is borrowed; NULL: no longer. One terminal in a process: signal handlers get no argument.
 */
void tty_guard(const struct tty *t, const char *restore);

#endif
