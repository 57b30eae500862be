/*
 * Which stretch of time, which ranges of values and which channels are shown. Only the functions of this header write a
 * view; what a key or a gesture asks for becomes a call of one of them. No SDL and no clock: moments are arguments.
 *
 * The view FOLLOWS (its right end is now) or is HELD (its right end stays, data flow on and are kept). Freezing is apart
 * from that: a frozen view shows what it showed, whatever comes, and goes on as it was.
 *
 * A view is plain data and may be copied. Times are in ticks of the time base. Main thread.
 */
#ifndef SCOPE_VIEW_H
#define SCOPE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/view/autoscale.h"
#include "scope/view/scene_size.h"
#include "scope/view/time_axis.h"
#include "scope/view/value_axis.h"

enum view_state { VIEW_FOLLOWS, VIEW_HELD };

/* What shares a value axis. */
struct pane {
  uint64_t channels; /* bit per channel */
  struct value_axis axis;
  struct autoscale autoscale;
};

struct view {
  enum view_state state;
  bool frozen;
  bool settled;    /* the input has ended: nothing will change what is known */
  int64_t span;    /* ticks on the time axis while the view follows; 0: everything */
  int64_t held;    /* the same while it is held: what was everything has a width then */
  int64_t least;   /* ticks that everything is wide at least */
  int64_t begin;   /* where everything begins: the time of the first sample */
  int64_t edge;    /* how far the past is known; what is later is not drawn */
  int64_t right;   /* right end of time: the edge while the view follows */
  uint64_t hidden; /* bit per channel: switched off by the person */
  int panes;
  struct pane pane[SCENE_PANES_MAX];

  /* What that makes: columns and their width. */
  struct time_axis time;
};

struct view_config {
  int64_t origin; /* of the time axis */
  int64_t span;   /* ticks; 0: everything, which is at least `least` ticks wide */
  int64_t least;
  double low, high;
  bool autoscale;
};

/* Follows, with one pane for all channels. */
void view_init(struct view *v, const struct view_config *config);

/* The plot's size in pixels: columns and rows of each pane, all >= 1. */
void view_resize(struct view *v, const struct scene_size *size);

/* The past is known up to `edge`, and begins at `begin`. Moves a view that follows, unless it is frozen. */
void view_advance(struct view *v, int64_t begin, int64_t edge);

/* The input has ended: the next view_advance is the last that moves the view, which is held from then on. */
void view_settle(struct view *v);

/* Right end of time from now on; the view is held there. */
void view_hold(struct view *v, int64_t right);

/* Back to the newest, not frozen, at the next view_advance. */
void view_follow(struct view *v);

void view_freeze(struct view *v, bool frozen);

void view_autoscale(struct view *v, bool on);
void view_toggle_channel(struct view *v, int channel);

/* Tells a pane the extent of what it shows (low > high: nothing); true when its range changed. Frozen ones stay. */
bool view_fit(struct view *v, int pane, double low, double high, int64_t moment_ns);

#endif
