/*
 * What is to be seen, as plain data: the one thing that the view hands to whoever paints, and all that a painter knows.
 *
 * A scene is built anew for each frame by scene_build, a pure function of the history, the view and the moment; what
 * belongs to the window (grid, legend, help, note) is set by the loop before. Texts and columns are borrowed: they stay
 * as they are until the next scene is built. Main thread.
 */
#ifndef SCOPE_SCENE_H
#define SCOPE_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/stream/limits.h"
#include "scope/stream/time_base.h"
#include "scope/view/column_cache.h"
#include "scope/view/columns.h"
#include "scope/view/cursor_scene.h"
#include "scope/view/figures.h"
#include "scope/view/scene_size.h"
#include "scope/view/time_axis.h"
#include "scope/view/value_axis.h"

enum { SCENE_TEXT_MAX = 96, SCENE_NOTE_MAX = 256, SCENE_MARKS_MAX = 512 };

enum scene_state { SCENE_LIVE, SCENE_HELD, SCENE_PAUSED, SCENE_ENDED };

/* What the labels of the time axis count from scene.time_zero: see there. */
enum scene_time { SCENE_TIME_SINCE_START, SCENE_TIME_BEFORE_NOW, SCENE_TIME_CLOCK };

struct channel_scene {
  const char *name;
  const char *unit; /* of its values; NULL or "": none */
  bool hidden;
  double last, min, max, mean;  /* over what is in view; NaN: nothing to say */
  struct figure_form form;      /* that its samples came in */
  bool above, below;            /* the trace in view leaves its pane's range there */
  bool outside_now;             /* its last value in view is outside of the limits */
  int off_now;                  /* where its last value in view lies: 1 above the range, -1 below, 0 in it or nowhere */
  const struct column *columns; /* as many as the time axis has; NULL while only the layout is asked for */
};

struct pane_scene {
  uint64_t channels; /* bit per channel: those that the pane shows */
  struct value_axis axis;
  bool aside;       /* it has no place: all of its channels are switched off, and those of others are not */
  const char *unit; /* that its channels share; NULL or "": none */
};

/* Where in all of the history the view lies. */
struct strip_scene {
  int64_t begin, end; /* ticks: of everything; begin == end: there is nothing yet */
  int64_t from, to;   /* of the view; may reach beyond everything */
};

/* The sample that the pointer reads out. */
struct hover_scene {
  bool on; /* else the rest means nothing */
  int pane, channel;
  int64_t time; /* ticks */
  double value;
  int column; /* from the left edge of the plot; -1 or that many where it lies left or right of it */
  double row; /* from the top edge; beyond the pane where the sample is off scale */

  /* The channel's samples in view, where they are so far apart that each can be a dot; else none. */
  int marks;
  struct scene_mark {
    int column;
    double row;
  } mark[SCENE_MARKS_MAX];
};

/* A box that is being dragged, in columns and rows of its pane, both ends included: from <= to, within the pane. */
struct box_scene {
  bool on;
  int pane;
  int from_column, to_column, from_row, to_row;
};

/* The trigger, where there is one and its channel has come. */
struct trigger_scene {
  bool on;
  int pane, channel;
  double level;
  bool shown; /* a sweep is: its crossing stands at the left edge of this column, from the left edge of the plot */
  int64_t column;
};

struct scene {
  struct time_axis time;
  int64_t time_unit;     /* ticks in what the time axis counts: a second, or a sample */
  const char *time_name; /* of that unit: "s", or "n" for the number of the sample */
  bool clock_labels;     /* long times as h:mm:ss */

  /*
   * The label of time t is t - time_zero since the start, unlabelled below 0, or since the crossing of a sweep that is
   * shown; time_zero - t before now; and by the clock t - time_zero nanoseconds since 1970, or as clock says.
   */
  enum scene_time time_labels;
  enum clock_kind clock;
  int64_t time_zero;
  bool dots;  /* columns are points, not lines */
  bool steps; /* values hold until the next sample */
  int panes;
  struct pane_scene pane[SCENE_PANES_MAX];
  int channels;
  int numbered; /* channels whose numbers were ever computed: the first ones */
  struct channel_scene channel[CHANNELS_MAX];
  const char *title;
  const char *unit; /* of all values; NULL: none */
  enum scene_state state;
  char behind[SCENE_TEXT_MAX]; /* SCENE_HELD, and paused or not: "12.3 s behind"; "" where it is not behind live */
  struct trigger_scene trigger;
  char trigger_says[SCENE_TEXT_MAX]; /* how it goes; "" where there is none */
  bool coarse;                       /* what a held view shows is no longer kept in full */
  struct strip_scene strip;
  struct cursors_scene cursors;
  const char *rate;             /* "12.3k/s", or at the end "95 rows" */
  const char *rejected;         /* "3 rejected", or "" */
  char outside[SCENE_TEXT_MAX]; /* "3 outside the limits", or ""; the window's */
  struct limits_scene {
    bool on;
    double low, high;
  } limits;

  /* The window's. */
  const char *note; /* in the middle of the plot: "waiting for numbers"; NULL: none */
  bool grid, legend;
  int legend_cursor; /* the channel that keys chose in the legend; -1: none. The painter scrolls it into sight */
  int legend_first;  /* the first row of the legend that is shown */
  struct hover_scene hover;
  struct box_scene box;
  bool level_line;               /* the trigger's level is being moved */
  const struct scene_help *help; /* the list of keys to be shown, ended by a NULL key; NULL: none */
};

struct scene_help {
  const char *key, *what;
};

/* Columns of all channels, kept between frames. Zeroed at first. */
struct scene_columns {
  struct column_cache cache[CHANNELS_MAX];
  struct column *columns[CHANNELS_MAX];
  size_t allocated;
};

void scene_columns_destroy(struct scene_columns *columns);

/* The history was cleared: nothing of what is kept holds, and the scene has no channels until it is built anew. */
void scene_clear(struct scene *scene, struct scene_columns *columns);

struct view;
struct intake;

/* Where a scene comes from. */
struct scene_source {
  const struct intake *intake;
  const struct view *view;
  enum column_style style;
};

/*
 * What the layout needs to know of a scene before it can tell how large the plot will be: names, ranges, state; the
 * numbers of the legend as they were. The window's part is left alone, here and below.
 */
void scene_outline(struct scene *scene, const struct scene_source *from);

/*
 * The whole of it, for a view that has the size of the plot. numbers: those of the legend are brought up to date (a few
 * times a second is calm and cheap); else only those of channels that had nothing to say, as new ones. False: out of
 * memory.
 */
bool scene_build(struct scene *scene, struct scene_columns *columns, const struct scene_source *from, bool numbers);

/* The pane before or behind pane number `pane` (-1: the first one) that has a place; -1: there is none. */
int scene_next_pane(const struct scene *scene, int pane);

/* How many have a place: one at least. */
int scene_panes_shown(const struct scene *scene);

/* The unit of a channel's values: that of all where one is given. "" for none. */
const char *scene_unit(const struct scene *scene, int channel);

/* Says of each channel of a built scene whether it leaves its pane's range, which may have changed since. */
void scene_mark_off_scale(struct scene *scene);

/* Lowest and highest value that a pane of a built scene shows, hidden channels left out; low > high: nothing. */
void scene_extent(const struct scene *scene, int pane, double *low, double *high);

#endif
