/*
 * Which stretch of time, which ranges of values and which channels are shown. Only the functions of this header, and for
 * its cursors those of cursor.h, write a view; what a key or a gesture asks for becomes a call of one of them. No SDL and no clock: moments are arguments.
 *
 * The view FOLLOWS (its right end is now) or is HELD (its right end stays, data flow on and are kept). Zooming never ends
 * following, panning away from now does, and panning back to now follows again. After the end of input there is no now:
 * the view is held. With a trigger what would follow SWEEPS: it stands where a crossing is, until the next one (sweeps.h). Freezing is apart from that: a frozen view stops now, can be zoomed and panned like any other, and
 * goes on as it was.
 *
 * A view is plain data and may be copied. Times are in ticks of the time base. Main thread.
 */
#ifndef SCOPE_VIEW_H
#define SCOPE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/stream/time_base.h"
#include "scope/view/autoscale.h"
#include "scope/view/scene_size.h"
#include "scope/view/time_axis.h"
#include "scope/view/trigger.h"
#include "scope/view/value_axis.h"

enum view_state { VIEW_FOLLOWS, VIEW_HELD, VIEW_SWEEPS };

/* Which crossing stands still. */
struct view_sweep {
  bool found;       /* there is a sweep to be shown: */
  int64_t next;     /* with this crossing; else it runs on as if it followed */
  bool shown;       /* what is shown was one: */
  int64_t crossing; /* with this crossing, from which columns are counted */
};

/* What shares a value axis. */
struct pane {
  uint64_t channels; /* bit per channel */
  struct value_axis axis;
  struct autoscale autoscale;
  int ticks; /* that the axis has room for */
};

/* Two times between which is measured (cursor.h). Either may be the earlier one. */
struct cursors {
  bool on;
  int active; /* 0 or 1: the one that keys move */
  int64_t time[2];
  bool swept; /* they stand in a sweep: */
  int64_t crossing;
};

struct view_config {
  int64_t origin; /* of the time axis */
  int64_t span;   /* ticks; 0: everything, which is at least `least` ticks wide */
  int64_t least;
  double low, high;
  enum value_scale scale;
  bool autoscale;
  struct trigger trigger; /* as asked for; off: none */
};

struct view {
  enum view_state state;
  bool frozen;
  bool resumes;  /* frozen: it followed before, and will afterwards */
  bool settled;  /* the input has ended: nothing will change what is known */
  bool home;     /* nothing was changed since view_home: another one restores the start */
  bool anchored; /* the last thing done was a zoom about a column: */
  int anchor_column;
  int64_t anchor;  /* and about this time */
  int64_t span;    /* ticks on the time axis while the view follows; 0: everything */
  int64_t held;    /* the same while it is held; 0: everything there is after the end */
  int64_t least;   /* ticks that everything is wide at least */
  int64_t begin;   /* where everything begins: the time of the first sample */
  int64_t edge;    /* how far the past is known; what is later is not drawn */
  int64_t right;   /* right end of time: the edge while the view follows */
  uint64_t hidden; /* bit per channel: switched off by the person */
  struct trigger trigger;
  struct view_sweep sweep;
  int panes;
  struct pane pane[SCENE_PANES_MAX];
  struct cursors cursors;
  struct view_config start;

  /* What that makes: columns and their width. */
  struct time_axis time;
};

/* Widest stretch of time. The narrowest has a tick a column. */
#define VIEW_SPAN_MAX TIME_MAX

/* Follows, with one pane for all channels. */
void view_init(struct view *v, const struct view_config *config);

/*
 * Which channels share an axis: a bit per channel for each of `panes` panes (1 or more). Panes that were there keep their
 * axes, a new one has that of the start.
 */
void view_set_panes(struct view *v, int panes, const uint64_t *channels);

/* The pane that shows a channel. */
int view_pane_of(const struct view *v, int channel);

/* ---- What comes from elsewhere ---- */

/* The plot's size in pixels: columns and rows of each pane, all >= 1. */
void view_resize(struct view *v, const struct scene_size *size);

/* The past is known up to `edge`, and begins at `begin`. Moves a view that follows, unless it is frozen. */
void view_advance(struct view *v, int64_t begin, int64_t edge);

/* The input has ended: the next view_advance is the last that moves the view, which is held from then on. */
void view_settle(struct view *v);

/*
 * Everything was cleared: it begins anew at `begin`, with the width and the ranges that it has, all channels on, neither
 * held (but after the end) nor frozen.
 */
void view_clear(struct view *v, int64_t begin);

/* Tells a pane the extent of what it shows (low > high: nothing); true when its range changed. Now stops when frozen. */
bool view_fit(struct view *v, int pane, double low, double high, int64_t moment_ns);

/* ---- Time ---- */

/* Right end of time from now on, the width as it is; the view is held there. */
void view_hold(struct view *v, int64_t right);

/* Back to the newest, not frozen, at the next view_advance: with the width that it has when following. */
void view_follow(struct view *v);

/* The person does something else than before: what another view_home would restore is not asked for. For view's files. */
void view_touch(struct view *v);

/*
 * Where its columns stand: origin, width and the first of them, as its state and its span say. For view's files, which
 * call it whenever these change, or what is known does. Held, they end with the one in which `right` lies. Following,
 * with the newest, and `right` goes there; where a span of 0 asks for everything, they begin with the first sample.
 * Sweeping, they are counted from the crossing that is found, if any, and cursors go there from the sweep before; a frozen
 * view keeps the one that it shows.
 */
void view_place(struct view *v);

/* To now with the width as it is; again, with nothing changed in between: width and ranges of the start, too. */
void view_home(struct view *v);

void view_freeze(struct view *v, bool frozen);

/* What would follow sweeps, or no longer does. */
void view_set_sweeping(struct view *v, bool sweeping);

enum { VIEW_BEFORE_PART = 10 /* of the width, that a sweep shows before its crossing: a tenth */ };

/* The column (from the left edge of the plot) that a crossing stands at the left edge of. */
int view_crossing_column(const struct view *v);

/* `factor` times as much time: about now when it follows, else about a column (from the left edge of the plot). */
void view_zoom_time(struct view *v, int column, double factor);

/* So many columns later, or earlier: no later than now. */
void view_pan_time(struct view *v, int64_t columns);

/* Time t in this column (from the left edge of the plot), but no later than now: what a drag asks for. */
void view_drag_time(struct view *v, int64_t t, int column);

/* The stretch [from, to), from < to: both ends are set, so it is held, unless `to` is now. */
void view_show_times(struct view *v, int64_t from, int64_t to);

/* Everything, to now. */
void view_fit_time(struct view *v);

/* ---- Values: all but the last two switch autoscale off for the pane ---- */

void view_zoom_values(struct view *v, int pane, double row, double factor);
void view_pan_values(struct view *v, int pane, double rows);
void view_show_values(struct view *v, int pane, double low, double high);

/* The range of what is in view, once. */
void view_fit_values(struct view *v, int pane);

/* Of all panes. */
void view_autoscale(struct view *v, bool on);

/* It is on in each of them. */
bool view_autoscales(const struct view *v);

/* ---- Channels ---- */

void view_toggle_channel(struct view *v, int channel);

/* All others are switched off; when they are, all are switched on. */
void view_show_alone(struct view *v, int channel);

/* ---- Undo ---- */

/* What undo brings back: the times and ranges shown. */
struct view_shape {
  enum view_state state;
  int64_t span, held, right, width;
  int64_t origin; /* of the columns */
  struct view_sweep sweep;
  int panes;
  struct pane pane[SCENE_PANES_MAX];
};

struct view_shape view_shape(const struct view *v);

/* The two look alike: of what follows, what has come meanwhile does not count. */
bool view_shape_equal(const struct view_shape *a, const struct view_shape *b);

/* What followed follows; what was held is held at the same times, unless they end now. Panes that are new since stay. */
void view_restore(struct view *v, const struct view_shape *shape);

#endif
