/*
 * The time axis of a plot: which pixel column a time lies in, and which times a column covers. Every conversion between
 * the two is made here, and is exact: times are int64_t ticks (stream/time_base.h) at any distance from zero.
 *
 * Column k covers the times [origin + k * width, origin + (k + 1) * width). Columns are anchored to the origin, which
 * stays where it is for all of a stream: when the plot scrolls, what stays in view stays in its columns. Pure.
 */
#ifndef SCOPE_TIME_AXIS_H
#define SCOPE_TIME_AXIS_H

#include <stdbool.h>
#include <stdint.h>

struct time_axis {
  int64_t origin; /* ticks: the time at which column 0 begins */
  int64_t width;  /* ticks in a column, >= 1 */
  int64_t first;  /* the column at the left end of the plot */
  int columns;    /* in the plot, >= 1 */
};

/* The column that time t lies in; it may lie left or right of the plot. */
int64_t time_axis_column(const struct time_axis *axis, int64_t t);

/* The time at which column k begins; that of the column after it is its end. INT64_MIN or INT64_MAX where it would overflow. */
int64_t time_axis_time(const struct time_axis *axis, int64_t column);

/* Where the plot begins and ends: its last column ends at time_axis_end. */
int64_t time_axis_begin(const struct time_axis *axis);
int64_t time_axis_end(const struct time_axis *axis);

/* The two have the same columns, though not the same ones in view: what was computed for one holds for the other. */
bool time_axis_same_columns(const struct time_axis *a, const struct time_axis *b);

/*
 * Shows `span` ticks (>= 1) in `columns` columns, of which the last is the one that ends at or after `right`: columns
 * get the least whole width that shows all of it, at least one tick.
 */
void time_axis_show_until(struct time_axis *axis, int64_t right, int64_t span, int columns);

/* The width of columns that show all of `span` ticks: the least whole number, at least one. */
int64_t time_axis_width(int64_t span, int columns);

/*
 * Widens columns until as many as the plot has show [from, to) when it begins with the one that `from` lies in. They are
 * anchored to the origin, so a beginning within a column can push the end out by one. From the origin on the width is
 * the least one that shows it, never less than it was; before it, it is at most the least one that shows as much
 * wherever it begins. `first` is left alone. A single column does not show what lies on both sides of the origin.
 */
void time_axis_widen(struct time_axis *axis, int64_t from, int64_t to);

#endif
