/*
 * What a terminal that is drawn into is made of; for the three sources that serve it, and nobody else: terminal.c (the
 * screen and its end), terminal_input.c (what comes from it), terminal_wait.c (what is waited for).
 */
#ifndef SCOPE_TERMINAL_STATE_H
#define SCOPE_TERMINAL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/show/collect.h"
#include "scope/show/entry.h"
#include "scope/show/event.h"
#include "scope/show/talents.h"
#include "scope/show/terminal_config.h"
#include "scope/show/terminal_picture.h"
#include "scope/show/tty.h"

enum { TERMINAL_EVENTS = 128 };

struct terminal {
  struct terminal_config config;
  struct tty tty;
  struct tty_keys keys;
  struct talents talents;
  struct terminal_picture picture;
  struct entry entry;
  struct cells line;         /* the rows of the entry */
  struct blocks line_blocks; /* as they are on the screen */
  struct collect collect;
  bool asked;        /* the terminal was asked what it can */
  bool shown;        /* we have the screen */
  bool left;         /* for good */
  bool line_stale;   /* the entry is to be drawn */
  int waiting;       /* requests for the status without an answer */
  int owed;          /* answers that may still come: of several requests each has one */
  int64_t asked_ns;  /* the last of them */
  int64_t answer_ns; /* how long the last answer took */
  int64_t byte_ns;   /* when the last byte came */
  int poll_fd, signal_fd, timer_fd;
  uint32_t watched; /* what poll_fd waits for of the terminal */
  int64_t timer_ns; /* what the timer is set to; INT64_MAX: nothing */
  struct show_event event[TERMINAL_EVENTS];
  size_t first, events;
};

#endif
