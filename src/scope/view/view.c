#include "scope/view/view.h"

#include <math.h>

#include "scope/view/columns.h"
#include "scope/view/ticks.h"

static const int64_t SHRINK_AFTER_NS = 3000000000;
static const double SHRINK_BELOW = 0.5; /* share of the range in use */
static const double MARGIN = 0.05;      /* of the data's extent, above and below */

void view_init(struct view *v, int64_t window, int64_t least, double low, double high, bool autoscale)
{
  *v = (struct view){.window = window,
                     .least = least,
                     .autoscale = autoscale,
                     .columns = 1,
                     .column_width = 1,
                     .low = low,
                     .high = high};
}

/* Column width and first column from edge, begin and the number of columns. */
static void place(struct view *v)
{
  int64_t columns = v->columns;
  if (v->window > 0) {
    int64_t width = (v->window + columns / 2) / columns;
    v->column_width = width > 0 ? width : 1;
    v->first = column_of(v->edge - 1, v->column_width) + 1 - columns;
    return;
  }
  /* Everything: while it grows the width stays for a while, so that not every frame computes every column anew. */
  int64_t begin_column = column_of(v->begin, v->column_width);
  bool fits = v->edge <= (begin_column + columns) * v->column_width;
  bool wasteful = v->settled || v->edge - v->begin < (columns - 2) * v->column_width / 2;
  if (!fits || wasteful) {
    int64_t span = v->edge - v->begin > v->least ? v->edge - v->begin : v->least;
    int64_t width = (span + columns - 1) / columns;
    if (!v->settled)
      width += width / 4;
    v->column_width = width > 0 ? width : 1;
    /* Columns are anchored to time 0, so a begin within a column can push the end out by one. */
    while ((column_of(v->begin, v->column_width) + columns) * v->column_width < v->edge)
      v->column_width++;
  }
  v->first = column_of(v->begin, v->column_width);
}

void view_resize(struct view *v, int columns)
{
  v->columns = columns;
  if (v->window == 0)
    v->column_width = 1; /* measured anew */
  place(v);
}

void view_advance(struct view *v, int64_t begin, int64_t edge)
{
  if (v->paused)
    return;
  v->begin = begin;
  v->edge = edge;
  place(v);
}

void view_pause(struct view *v, bool paused)
{
  v->paused = paused;
}

/* The smallest round range around the data with its margin. */
static void round_range(double low, double high, double *out_low, double *out_high)
{
  double extent = high / 2 - low / 2; /* halves: the whole could overflow */
  double magnitude = fmax(fabs(low), fabs(high));
  double least = magnitude > 0 ? fmax(magnitude * 1e-12, 1e-300) : 1;
  if (extent < least / 2)
    extent = magnitude > 0 ? fmax(magnitude * 0.05, least) : 1;
  double margin = extent * 2 * MARGIN;
  double middle = low / 2 + high / 2;
  double from = fmax(fmin(low - margin, middle - extent), -VIEW_VALUE_MAX);
  double to = fmin(fmax(high + margin, middle + extent), VIEW_VALUE_MAX);
  if (low >= 0 &&
      from < 0) /* the margin alone does not cross zero: most things that are never negative look wrong there */
    from = 0;
  if (high <= 0 && low < 0 && to > 0) /* of nothing but zeros 0 to 1 is shown */
    to = 0;
  double step = ticks_round_step((to / 2 - from / 2) / 5);
  *out_low = fmax(floor(from / step) * step, -VIEW_VALUE_MAX);
  *out_high = fmin(ceil(to / step) * step, VIEW_VALUE_MAX);
}

/* Moves out only the sides that the data has outgrown, to round numbers. */
static void grow(struct view *v, double low, double high)
{
  double from = fmin(low, v->low);
  double to = fmax(high, v->high);
  double step = ticks_round_step((to / 2 - from / 2) / 5);
  double margin = (to / 2 - from / 2) * 2 * MARGIN;
  /* As in round_range, a margin does not cross zero. */
  if (low < v->low)
    v->low = low >= 0 ? fmax(floor((low - margin) / step) * step, 0)
                      : fmax(floor((low - margin) / step) * step, -VIEW_VALUE_MAX);
  if (high > v->high)
    v->high = high <= 0 ? fmin(ceil((high + margin) / step) * step, 0)
                        : fmin(ceil((high + margin) / step) * step, VIEW_VALUE_MAX);
}

bool view_autoscale(struct view *v, double low, double high, int64_t moment_ns)
{
  if (!v->autoscale || !(low <= high))
    return false;
  low = fmax(low, -VIEW_VALUE_MAX);
  high = fmin(high, VIEW_VALUE_MAX);
  double old_low = v->low;
  double old_high = v->high;
  double fit_low;
  double fit_high;
  round_range(low, high, &fit_low, &fit_high);
  bool at_once = v->settled || !v->fitted;
  bool roomy = fit_high - fit_low < (v->high - v->low) * SHRINK_BELOW;
  if (at_once || (roomy && v->shrink_since != 0 && moment_ns - v->shrink_since >= SHRINK_AFTER_NS)) {
    v->low = fit_low;
    v->high = fit_high;
    v->fitted = true;
    v->shrink_since = 0;
  } else if (low < v->low || high > v->high) {
    grow(v, low, high);
    v->shrink_since = 0;
  } else if (!roomy) {
    v->shrink_since = 0;
  } else if (v->shrink_since == 0) {
    v->shrink_since = moment_ns;
  }
  return v->low != old_low || v->high != old_high;
}
