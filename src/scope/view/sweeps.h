/*
 * The part of a view that a trigger has: which sweep it shows, and what the person does with the trigger. While it is on,
 * a view that would follow SWEEPS: the crossing of the newest whole sweep stands at the end of the first tenth of the
 * width, and the columns are counted from it. Sweeps that take longer than half a second are shown as they come.
 *
 * Hysteresis is 2 % of the range of the channel's pane. Main thread.
 */
#ifndef SCOPE_SWEEPS_H
#define SCOPE_SWEEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/view/view.h"

/* What a view sweeps over. */
struct sweeps_source {
  const struct history *history;
  enum column_style style;
  int64_t edge;   /* how far the past is known */
  int64_t second; /* ticks; 0: times are no seconds */
};

/*
 * Looks for crossings in what has come, and chooses the sweep that the next view_advance shows: true when that is
 * another one than before. Waits while the range that it takes its hysteresis from has not been fitted yet.
 */
bool sweeps_look(struct view *v, const struct sweeps_source *from);

/* On: it looks from a little before now on, for the level given, or for the middle of low and high. */
void sweeps_switch(struct view *v, bool on, double low, double high);

void sweeps_set_level(struct view *v, double level);

/* The level so many rows higher. */
void sweeps_move_level(struct view *v, double rows);

void sweeps_turn(struct view *v); /* rising, falling */
void sweeps_next_mode(struct view *v);

/* Another channel; its level is the middle of low and high. */
void sweeps_choose_channel(struct view *v, int channel, double low, double high);

/* After a single sweep: for the next. */
void sweeps_arm_again(struct view *v);

/* What the state line says of it; "" where it is off. history: as it was looked at. */
void sweeps_say(const struct view *v, const struct history *history, char *text, size_t size);

#endif
