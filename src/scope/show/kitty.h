/*
 * Pictures by kitty's graphics protocol ("Terminal graphics protocol", kitty's documentation): each is a rectangle of
 * cells with a number of its own; sent again under its number it takes the old one's place. Where the terminal runs on
 * this machine the pixels go through shared memory, which the terminal removes when it has read it; else compressed and
 * as text. Appends to bytes that are sent later. Main thread.
 */
#ifndef SCOPE_KITTY_H
#define SCOPE_KITTY_H

#include <stdbool.h>

#include "scope/paint/canvas.h"
#include "scope/show/bytes.h"

enum { KITTY_PROBE = 31, KITTY_PROBE_SHARED = 32, KITTY_FIRST = 100 /* the number of the first picture */ };

/* Zeroed at first. */
struct kitty {
  bool shared;      /* the terminal reads our shared memory */
  unsigned objects; /* made so far: each has a name of its own */
  unsigned unread;  /* the oldest one that the terminal may not have read */
  uint8_t *pixels;  /* room for the bytes of a picture */
  size_t room;
};

void kitty_destroy(struct kitty *k);

/* Asks whether the terminal knows the protocol, and shared memory: answers to KITTY_PROBE and KITTY_PROBE_SHARED. */
void kitty_ask(struct kitty *k, struct bytes *out);

/* The part r of a canvas, as picture number `number`, at the cursor, columns x rows cells large. The cursor stays. */
void kitty_show(struct kitty *k, struct bytes *out, const struct canvas *c, struct rect r, int number, int columns,
                int rows);

/* The terminal has read what was sent before. */
void kitty_was_read(struct kitty *k);

/* Removes all pictures on the screen. */
extern const char kitty_clear[];

#endif
