#include "scope/input/time_column.h"

#include <math.h>
#include <string.h>

#include "scope/input/number_text.h"
#include "scope/input/time_text.h"

#define DAY_NS INT64_C(86400000000000)

void time_column_init(struct time_column *t, enum parser_time_unit unit)
{
  *t = (struct time_column){.unit = unit};
}

void time_column_start(struct time_column *t)
{
  t->sum_ns = 0;
  t->have_date = t->have_clock = t->have_number = t->year_open = t->far = t->unix_time = false;
}

static double unit_ns(enum parser_time_unit unit)
{
  switch (unit) {
  case PARSER_UNIT_NS:
    return 1;
  case PARSER_UNIT_US:
    return 1e3;
  case PARSER_UNIT_MS:
    return 1e6;
  case PARSER_UNIT_S:
  case PARSER_UNIT_AUTO:
    break;
  }
  return 1e9;
}

/* The unit in which a number is a moment of this century; AUTO when it is none in any. */
static enum parser_time_unit unix_unit(double number)
{
  if (!time_text_is_unix(number))
    return PARSER_UNIT_AUTO;
  return number < 1e11   ? PARSER_UNIT_S
         : number < 1e14 ? PARSER_UNIT_MS
         : number < 1e17 ? PARSER_UNIT_US
                         : PARSER_UNIT_NS;
}

/*
 * Digits beyond a double's 53 bits are kept: whole and fraction are converted apart. As the whole is below 9e18, it fits
 * into 64 bits.
 */
static bool number_to_ns(const struct time_column *t, const char *text, size_t length, double value, int64_t *ns)
{
  double scale = unit_ns(t->unit == PARSER_UNIT_AUTO ? PARSER_UNIT_S : t->unit);
  if (!(fabs(value) * scale < 9e18))
    return false;
  bool negative = length > 0 && *text == '-';
  size_t at = negative || (length > 0 && *text == '+');
  int64_t whole = 0;
  const size_t first = at;
  for (; at < length && text[at] >= '0' && text[at] <= '9' && whole <= (INT64_MAX - 9) / 10; at++)
    whole = whole * 10 + (text[at] - '0');
  const bool digits = at > first;
  int64_t rest = 0;
  int64_t part = (int64_t)scale / 10;
  if (at < length && text[at] == '.')
    for (at++; at < length && text[at] >= '0' && text[at] <= '9'; at++, part /= 10)
      rest += (text[at] - '0') * part;
  if (!digits || at != length) {
    *ns = (int64_t)llround(value * scale);
    return true;
  }
  *ns = whole * (int64_t)scale + rest;
  if (negative)
    *ns = -*ns;
  return true;
}

bool time_column_add(struct time_column *t, const char *text, size_t length, bool *open)
{
  struct time_text time;
  struct number_text number;
  int64_t ns;
  *open = false;
  t->came = true;
  switch (time_text_read(text, length, &time)) {
  case TIME_TEXT_CLOCK:
    if (t->have_clock)
      return false;
    t->have_clock = true;
    t->sum_ns += time.ns;
    return true;
  case TIME_TEXT_DATE:
  case TIME_TEXT_BOTH:
    if (t->have_date)
      return false;
    if (time.slashed && !t->order_known) {
      t->order_known = true;
      t->day_first = time.day_first;
    }
    *open = time.open && !t->order_known;
    t->have_date = true;
    t->have_clock = t->have_clock || time.kind == TIME_TEXT_BOTH;
    t->far = time_text_is_far(time.ns);
    t->sum_ns += time.open && t->day_first ? time.other : time.ns;
    return true;
  case TIME_TEXT_NONE:
    break;
  }
  if (number_text_read(text, length, NUMBER_LABELLED | NUMBER_COMMA_DECIMAL | NUMBER_COMMA, &number) != NUMBER_VALUE)
    return false;
  if (t->unit == PARSER_UNIT_AUTO)
    t->unit = unix_unit(number.value);
  if (!number_to_ns(t, text, length - number.unit_length, number.value, &ns))
    return false;
  t->have_number = true;
  t->unix_time = unix_unit(number.value) == (t->unit == PARSER_UNIT_AUTO ? PARSER_UNIT_S : t->unit);
  t->sum_ns += ns;
  return true;
}

const char *time_column_finish(struct time_column *t, int64_t *ns)
{
  int64_t since_first;
  if (!t->have_date && !t->have_clock && !t->have_number)
    return "has no time in the column of --time-column";
  if (t->far)
    return "is too far away in time: years from 1678 to 2261 can be plotted";
  int64_t now = t->sum_ns + t->days_ns;
  bool of_day = t->have_clock && !t->have_date;
  if (of_day && t->begun && now < t->last_ns - DAY_NS / 2) {
    t->days_ns += DAY_NS;
    now += DAY_NS;
  }
  if (t->begun && now < t->last_ns)
    return "is before the time of the line before: a time must not go backwards";
  if (t->begun && (__builtin_sub_overflow(now, t->first_ns, &since_first) || since_first > TIME_MAX))
    return "is too far away in time from the first line: 146 years can be plotted";
  if (!t->begun)
    t->first_ns = now;
  t->begun = true;
  t->last_ns = now;
  *ns = now;
  return NULL;
}

enum clock_kind time_column_clock(const struct time_column *t)
{
  return t->have_date ? CLOCK_UTC : t->have_clock ? CLOCK_DAY : t->unix_time ? CLOCK_LOCAL : CLOCK_NONE;
}

void time_column_peek(struct time_column *t, const char *text, size_t length)
{
  struct time_text time;
  struct number_text number;
  if (time_text_read(text, length, &time) != TIME_TEXT_NONE) {
    if (time.slashed && !t->order_known) {
      t->order_known = true;
      t->day_first = time.day_first;
    }
    return;
  }
  if (t->samples < 2 &&
      number_text_read(text, length, NUMBER_LABELLED | NUMBER_COMMA | NUMBER_COMMA_DECIMAL, &number) == NUMBER_VALUE)
    t->sample[t->samples++] = number.value;
}

bool time_column_settle(struct time_column *t)
{
  if (t->unit != PARSER_UNIT_AUTO || t->samples == 0)
    return false;
  t->unit = unix_unit(t->sample[0]);
  if (t->unit != PARSER_UNIT_AUTO)
    return false;
  double step = t->samples > 1 ? t->sample[1] - t->sample[0] : 1;
  t->unit = step <= 60 ? PARSER_UNIT_S : step <= 6e4 ? PARSER_UNIT_MS : step <= 6e7 ? PARSER_UNIT_US : PARSER_UNIT_NS;
  return true;
}

const char *time_column_unit_name(const struct time_column *t)
{
  static const char *const names[] = {"s", "s", "ms", "us", "ns"};
  return names[t->unit];
}
