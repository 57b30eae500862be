#include "scope/view/time_axis.h"

/* Saturating: times near the ends of an int64_t come from nobody but hostile input, and must not wrap around. */
static int64_t add(int64_t a, int64_t b)
{
  int64_t sum;
  if (!__builtin_add_overflow(a, b, &sum))
    return sum;
  return b > 0 ? INT64_MAX : INT64_MIN;
}

static int64_t subtract(int64_t a, int64_t b)
{
  int64_t difference;
  if (!__builtin_sub_overflow(a, b, &difference))
    return difference;
  return b < 0 ? INT64_MAX : INT64_MIN;
}

static int64_t multiply(int64_t a, int64_t b)
{
  int64_t product;
  if (!__builtin_mul_overflow(a, b, &product))
    return product;
  return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
}

int64_t time_axis_column(const struct time_axis *axis, int64_t t)
{
  int64_t since = subtract(t, axis->origin);
  int64_t column = since / axis->width;
  return since % axis->width < 0 ? column - 1 : column;
}

int64_t time_axis_time(const struct time_axis *axis, int64_t column)
{
  return add(axis->origin, multiply(column, axis->width));
}

int64_t time_axis_begin(const struct time_axis *axis)
{
  return time_axis_time(axis, axis->first);
}

int64_t time_axis_end(const struct time_axis *axis)
{
  return time_axis_time(axis, add(axis->first, axis->columns));
}

bool time_axis_same_columns(const struct time_axis *a, const struct time_axis *b)
{
  return a->origin == b->origin && a->width == b->width;
}

int64_t time_axis_width(int64_t span, int columns)
{
  const int64_t width = span / columns + (span % columns != 0); /* all of the span is in view */
  return width > 0 ? width : 1;
}

void time_axis_show_until(struct time_axis *axis, int64_t right, int64_t span, int columns)
{
  axis->columns = columns;
  axis->width = time_axis_width(span, columns);
  axis->first = subtract(time_axis_column(axis, subtract(right, 1)), columns - 1);
}

void time_axis_widen(struct time_axis *axis, int64_t from, int64_t to)
{
  enum { STEPS_EXACT = 64, PART = 64 };
  const int64_t gaps = axis->columns - 1;
  /* A width that fits in any case. A single column ends at the origin: what lies on both sides of it fits into none. */
  const bool torn = from < axis->origin && axis->origin < to;
  const int64_t always = gaps > 0 ? (to - from) / gaps + ((to - from) % gaps != 0) : torn ? to - from : INT64_MAX;
  for (int i = 0;; i++) {
    const int64_t first = time_axis_column(axis, from);
    const int64_t missing = to - time_axis_time(axis, first + axis->columns);
    if (missing <= 0 || axis->width == always)
      return;
    int64_t more = i < STEPS_EXACT ? missing / (axis->columns + (first > 0 ? first : 0)) : axis->width / PART;
    more = more > 0 ? more : 1;
    axis->width = more < always - axis->width ? axis->width + more : always;
  }
}
