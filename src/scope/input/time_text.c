#include "scope/input/time_text.h"

#include <string.h>
#include <strings.h>

#include "scope/input/scan.h"
#include "scope/input/time_of_day.h"

enum { SECOND = 1000000000, DAY_S = 86400 };

/* Takes a word of a list of names, which may be cut to three letters: its number, from 0; -1 when there is none. */
static int take_name(struct scan *s, const char *const *names, int count)
{
  size_t letters = scan_letters(s);
  for (int i = 0; i < count && letters >= 3; i++) {
    if ((*s->at | 0x20) != names[i][0]) /* most words are ruled out by their first letter */
      continue;
    size_t whole = strlen(names[i]);
    if ((letters == 3 || letters == whole || (letters == 4 && i == 8)) && letters <= whole &&
        strncasecmp(s->at, names[i], letters) == 0) {
      s->at += letters;
      return i;
    }
  }
  return -1;
}

static int take_month(struct scan *s)
{
  static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
  return take_name(s, months, 12);
}

static int take_weekday(struct scan *s)
{
  static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  return take_name(s, days, 7);
}

/* Days from 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
static int64_t days_of(int year, int month, int day)
{
  int64_t y = year - (month <= 2);
  int64_t era = (y >= 0 ? y : y - 399) / 400;
  int64_t of_era = y - era * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Times of a year beyond 1678 to 2261 do not fit into 64 bits of nanoseconds: they stay beyond what these years have. */
static const int64_t FAR_NS = INT64_MAX - INT64_C(50) * DAY_S * SECOND; /* the clock and the zone still have room */

bool time_text_is_far(int64_t ns)
{
  const int64_t margin = INT64_C(20) * DAY_S * SECOND;
  return ns > FAR_NS - margin || ns < -FAR_NS + margin;
}

static int64_t moment(int year, int month, int day)
{
  if (year < 1678)
    return -FAR_NS;
  if (year > 2261)
    return FAR_NS;
  return days_of(year, month, day) * DAY_S * SECOND;
}

static int full_year(int year, size_t digits)
{
  return digits > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
}

static int take_year(struct scan *s)
{
  size_t digits = scan_digits(s);
  if (digits != 2 && digits != 4)
    s->good = false;
  return full_year(scan_take_number(s, 2, 4, 0, 9999), digits);
}

/* A date of two numbers and a year with `/` or `-` between: which of them is the month may be open. */
static void take_slashed(struct scan *s, char between, struct time_text *time)
{
  int first = scan_take_number(s, 1, 2, 1, 31);
  scan_take(s, between);
  int month = take_month(s) + 1;
  if (month > 0) { /* 25/Nov/2026 */
    if (!scan_take(s, between))
      s->good = false;
    time->ns = moment(take_year(s), month, first);
    return;
  }
  int second = scan_take_number(s, 1, 2, 1, 31);
  int year = 1972;
  if (between == '-' && scan_peek(s, 0) == ' ') /* dstat's 25-11 10:00:00 */
    time->yearless = true;
  else if (!scan_take(s, between))
    s->good = false;
  else
    year = take_year(s);
  if (first > 12 && second > 12)
    s->good = false;
  time->open = first <= 12 && second <= 12 && first != second;
  time->slashed = first > 12 || second > 12;
  time->day_first = first > 12;
  if (!s->good)
    return;
  if (between == '.') {
    /* With points the day is first, always. */
    time->open = time->slashed = false;
    s->good = second <= 12;
    time->ns = moment(year, second, first);
    return;
  }
  time->ns = first > 12 ? moment(year, second, first) : moment(year, first, second);
  time->other = time->open ? moment(year, second, first) : time->ns;
}

/* A date that starts with a month's name: Nov 25 2026, Nov 25, 2026, or syslog's Nov 25 with the year at the end. */
static void take_named(struct scan *s, int month, struct time_text *time, int *day)
{
  *day = 0;
  if (!scan_take_blanks(s) && !scan_take(s, '-'))
    s->good = false;
  int number = scan_take_number(s, 1, 2, 1, 31);
  const char *start = s->at;
  scan_take(s, ',');
  if (scan_take_blanks(s) && scan_digits(s) == 4 && scan_peek(s, 4) != ':') {
    time->ns = moment(scan_take_number(s, 4, 4, 0, 9999), month, number);
    return;
  }
  s->at = start;
  *day = number; /* its year may stand behind the time of day */
  time->yearless = true;
  time->ns = moment(1972, month, number);
}

/* A date with the year first, or with the day and a month's name first. */
static bool take_date(struct scan *s, struct time_text *time, int *month, int *day)
{
  *month = 0;
  if (byte_is_letter(scan_peek(s, 0))) {
    *month = take_month(s) + 1;
    if (*month == 0)
      return false;
    take_named(s, *month, time, day);
    return true;
  }
  size_t digits = scan_digits(s);
  char between = scan_peek(s, digits);
  if (digits == 4 && (between == '-' || between == '/' || between == '.')) {
    int year = scan_take_number(s, 4, 4, 0, 9999);
    scan_take(s, between);
    int month_is = byte_is_letter(scan_peek(s, 0)) ? take_month(s) + 1 : scan_take_number(s, 1, 2, 1, 12);
    if (month_is < 1 || !scan_take(s, between))
      s->good = false;
    int day_is = scan_take_number(s, 1, 2, 1, 31);
    time->ns = moment(year, month_is, day_is);
    return true;
  }
  if (digits == 8 && (between == 'T' || between == 't')) {
    int year = 0;
    for (int i = 0; i < 4; i++)
      year = year * 10 + (*s->at++ - '0');
    int month_is = (s->at[0] - '0') * 10 + s->at[1] - '0';
    int day_is = (s->at[2] - '0') * 10 + s->at[3] - '0';
    s->at += 4;
    s->good = s->good && month_is >= 1 && month_is <= 12 && day_is >= 1 && day_is <= 31;
    time->ns = moment(year, month_is, day_is);
    return true;
  }
  if ((digits == 1 || digits == 2) && (between == '/' || between == '-' || between == '.')) {
    take_slashed(s, between, time);
    return true;
  }
  if ((digits == 1 || digits == 2) && (between == ' ' || between == '\t')) {
    int day_is = scan_take_number(s, 1, 2, 1, 31);
    scan_take_blanks(s);
    int month_is = take_month(s) + 1;
    scan_take(s, ',');
    if (month_is < 1 || !scan_take_blanks(s)) {
      s->good = false;
      return true;
    }
    time->ns = moment(scan_take_number(s, 4, 4, 0, 9999), month_is, day_is);
    return true;
  }
  return false;
}

static enum time_kind read_both(struct scan *s, struct time_text *time)
{
  if (time_of_day_begins(s)) {
    time->ns = time_of_day_take(s);
    return TIME_TEXT_CLOCK;
  }
  if (take_weekday(s) >= 0) {
    scan_take(s, ',');
    if (!scan_take_blanks(s))
      return TIME_TEXT_NONE;
  }
  int month;
  int day = 0;
  const char *start = s->at;
  if (!take_date(s, time, &month, &day))
    return TIME_TEXT_NONE;
  bool basic = s->at - start == 8 && (scan_peek(s, 0) == 'T' || scan_peek(s, 0) == 't') && !memchr(start, '-', 8) &&
               !memchr(start, '/', 8) && !memchr(start, '.', 8);
  if (s->at == s->end)
    return time->yearless ? TIME_TEXT_NONE : TIME_TEXT_DATE;
  bool joined = scan_take(s, 'T') || scan_take(s, 't') || scan_take(s, '_') ||
                (scan_take(s, ',') && scan_take_blanks(s)) || scan_take(s, ':') || scan_take_blanks(s);
  if (!joined || (!basic && !time_of_day_begins(s)))
    return TIME_TEXT_NONE;
  int64_t clock = basic ? time_of_day_take_basic(s) : time_of_day_take(s);
  if (time->yearless && month > 0 && scan_take_blanks(s)) { /* ctime's year */
    time->ns = moment(scan_take_number(s, 4, 4, 0, 9999), month, day);
    time->yearless = false;
  }
  time->ns += clock;
  time->other += clock;
  return TIME_TEXT_BOTH;
}

enum time_kind time_text_read(const char *text, size_t length, struct time_text *time)
{
  *time = (struct time_text){.kind = TIME_TEXT_NONE};
  if (length > 2 && ((text[0] == '[' && text[length - 1] == ']') || (text[0] == '(' && text[length - 1] == ')'))) {
    text++;
    length -= 2;
  }
  if (length < 4 || length > 64 || (!byte_is_digit(*text) && !byte_is_letter(*text)))
    return TIME_TEXT_NONE;
  struct scan s = {.at = text, .end = text + length, .good = true};
  enum time_kind kind = read_both(&s, time);
  if (kind == TIME_TEXT_NONE || !s.good || s.at != s.end) {
    *time = (struct time_text){.kind = TIME_TEXT_NONE};
    return TIME_TEXT_NONE;
  }
  time->kind = kind;
  return kind;
}

bool time_text_begins(const char *text, size_t length)
{
  struct scan s = {.at = text, .end = text + length, .good = true};
  if (length == 0)
    return false;
  if (byte_is_letter(*text))
    return length <= 10 && (take_weekday(&s) >= 0 || take_month(&s) >= 0);
  if (*text == '[' || *text == '(')
    return true;
  if (!byte_is_digit(*text))
    return false;
  size_t digits = scan_digits(&s);
  char between = scan_peek(&s, digits);
  if (between == '.') { /* 21.5 is none, 25.11.2026 may be */
    size_t more = digits + 1;
    while (more < length && byte_is_digit(text[more]))
      more++;
    return more < length && text[more] == '.';
  }
  return between == ':' || between == '-' || between == '/' || between == 'T' || (digits <= 2 && between == '\0');
}

bool time_text_is_unix(double number)
{
  static const double scale[] = {1, 1e3, 1e6, 1e9};
  for (int i = 0; i < 4; i++)
    if (number >= 978307200.0 * scale[i] && number < 4102444800.0 * scale[i])
      return true;
  return false;
}
