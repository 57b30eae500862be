/*
 * The trigger of an oscilloscope: it finds where a channel crosses a level on the way up, or down, and counts sweeps. A
 * crossing counts when the channel was beyond the level by the hysteresis before, so that noise does not fire it, and
 * when the sweep before it has ended: that holds whether sweeps are drawn or not, and however samples came in.
 *
 * Between two samples that are joined by a line the crossing is interpolated; where values hold it is at the sample. A
 * gap ends what was: the channel has to be beyond the level anew. Where only buckets are left, they count as two samples.
 *
 * What it costs is bounded by the number of sweeps, not of samples: what cannot fire is passed over as a whole. Plain
 * data and pure functions of the history; main thread.
 */
#ifndef SCOPE_TRIGGER_H
#define SCOPE_TRIGGER_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/store/history.h"
#include "scope/view/columns.h"

enum trigger_mode {
  TRIGGER_AUTO,   /* when none comes for a while, what is shown runs on */
  TRIGGER_NORMAL, /* the last sweep stays until the next */
  TRIGGER_SINGLE, /* it ends with one sweep, until it is armed again */
};

struct trigger {
  bool on;
  const char *name; /* of the channel, as it was asked for; NULL: it is `channel` */
  int channel;      /* -1: it has not come yet */
  double level;
  bool level_given; /* else it is to be chosen from what there is */
  bool falling;
  enum trigger_mode mode;

  /* How far it has looked, and what it has found: its own. Zeroed, but from = INT64_MIN, it looks at everything. */
  int64_t from; /* all before this time was looked at */
  bool armed;   /* there, the channel has been beyond the level */
  bool done;    /* TRIGGER_SINGLE: the sweep has been found */
  int64_t step; /* ticks that were worth a look at a time */
  uint64_t sweeps;
  int64_t crossing, before; /* of the newest sweep, and of the one before it */
};

/* What it looks for now. */
struct trigger_rule {
  enum column_style style;
  int64_t edge;  /* how far the past is known */
  int64_t sweep; /* ticks from a crossing to the end of its sweep, >= 1 */
  double arm;    /* the level less the hysteresis on the way up, plus it on the way down */
};

/* Looks at what has come since. */
void trigger_look(struct trigger *t, const struct history *h, const struct trigger_rule *rule);

/* Forgets what it waited for, not what it counted, and looks from this time on. */
void trigger_arm(struct trigger *t, int64_t from);

/* Nothing of what it looked at is there any more, its channel neither if it has a name; sweeps count from 0. */
void trigger_restart(struct trigger *t);

/* The end of the newest sweep; INT64_MIN: there is none. */
int64_t trigger_sweep_end(const struct trigger *t, int64_t sweep);

#endif
