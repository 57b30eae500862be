/*
 * What a terminal can, by its own word: questions are sent all at once, ended by a request for its status, which every
 * terminal answers. So what has not been answered before that is not known to it. Pure but for the environment.
 */
#ifndef SCOPE_TALENTS_H
#define SCOPE_TALENTS_H

#include <stdbool.h>

#include "scope/show/bytes.h"
#include "scope/show/kitty.h"
#include "scope/show/tty_keys.h"

enum terminal_kind { TERMINAL_ANY, TERMINAL_KITTY, TERMINAL_SIXEL, TERMINAL_BLOCKS };

/* Zeroed at first. */
struct talents {
  bool answers;       /* a request for the status was answered */
  bool kitty, shared; /* kitty's protocol, and by shared memory */
  bool sixel;
  bool deep;                   /* colours of 24 bits */
  int registers;               /* of colours for sixels; 0: unknown */
  int cell_width, cell_height; /* pixels; 0: unknown */
  int width, height;           /* pixels of all cells; 0: unknown */
};

/* The request for the status. */
extern const char talents_status[];

/* TERM names a terminal that can move its cursor. */
bool talents_usable(void);

/* All questions, with the status at the end. */
void talents_ask(struct bytes *out, struct kitty *kitty);

/* The questions for the size alone, after it has changed. */
void talents_ask_size(struct bytes *out);

void talents_note(struct talents *t, const struct tty_answer *answer);

/* The best that it can. */
enum terminal_kind talents_choose(const struct talents *t);

#endif
