#include "scope/input/time_text.h"

#include <string.h>
#include <strings.h>

#include "scope/input/byte.h"

enum { SECOND = 1000000000, DAY_S = 86400 };

/* A cursor over a text that is matched piece by piece; once something does not fit, good stays false. */
struct cursor {
  const char *at;
  const char *end;
  bool good;
};

static char peek(const struct cursor *c, size_t ahead)
{
  return (size_t)(c->end - c->at) > ahead ? c->at[ahead] : '\0';
}

static bool take(struct cursor *c, char wanted)
{
  if (c->at == c->end || *c->at != wanted)
    return false;
  c->at++;
  return true;
}

static bool take_blanks(struct cursor *c)
{
  const char *start = c->at;
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
    c->at++;
  return c->at > start;
}

static size_t count_digits(const struct cursor *c)
{
  size_t n = 0;
  while (n < (size_t)(c->end - c->at) && n < 10 && byte_is_digit(c->at[n]))
    n++;
  return n;
}

static size_t count_letters(const struct cursor *c)
{
  size_t n = 0;
  while (n < (size_t)(c->end - c->at) && byte_is_letter(c->at[n]))
    n++;
  return n;
}

/* Takes least to most digits whose value is within low to high. */
static int take_number(struct cursor *c, size_t least, size_t most, int low, int high)
{
  size_t count = count_digits(c);
  int value = 0;
  if (count < least || count > most) {
    c->good = false;
    return low;
  }
  for (; count > 0; count--)
    value = value * 10 + (*c->at++ - '0');
  if (value < low || value > high) {
    c->good = false;
    return low;
  }
  return value;
}

/* The place, from 0, of the word at the cursor in a list of names, which may be cut to three letters; -1 when none. */
static int take_name(struct cursor *c, const char *const *names, int count)
{
  size_t letters = count_letters(c);
  for (int i = 0; i < count && letters >= 3; i++) {
    if ((*c->at | 0x20) != names[i][0]) /* most words are ruled out by their first letter */
      continue;
    size_t whole = strlen(names[i]);
    if ((letters == 3 || letters == whole || (letters == 4 && i == 8)) && letters <= whole &&
        strncasecmp(c->at, names[i], letters) == 0) {
      c->at += letters;
      return i;
    }
  }
  return -1;
}

static int take_month(struct cursor *c)
{
  static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
  return take_name(c, months, 12);
}

static int take_weekday(struct cursor *c)
{
  static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  return take_name(c, days, 7);
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

static int take_year(struct cursor *c)
{
  size_t digits = count_digits(c);
  if (digits != 2 && digits != 4)
    c->good = false;
  return full_year(take_number(c, 2, 4, 0, 9999), digits);
}

/* Z, +01, +0100, +01:00, UTC, CET, perhaps behind a blank, or nothing; seconds east of Greenwich. */
static int take_zone(struct cursor *c)
{
  static const struct {
    char name[5];
    int hours;
  } zones[] = {{"UTC", 0},  {"GMT", 0},  {"Z", 0},    {"CET", 1},  {"CEST", 2}, {"BST", 1},  {"WEST", 1}, {"EET", 2},
               {"EEST", 3}, {"MSK", 3},  {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
               {"PST", -8}, {"PDT", -7}, {"JST", 9},  {"IST", 0},  {"WET", 0},  {"AEST", 10}};
  const char *start = c->at;
  take_blanks(c);
  if (peek(c, 0) == '+' || peek(c, 0) == '-') {
    int sign = *c->at++ == '-' ? -1 : 1;
    size_t digits = count_digits(c);
    int hours = digits == 4 ? take_number(c, 4, 4, 0, 1459) : take_number(c, 2, 2, 0, 14);
    int minutes = 0;
    if (digits == 4) {
      minutes = hours % 100;
      hours /= 100;
    } else if (take(c, ':')) {
      minutes = take_number(c, 2, 2, 0, 59);
    }
    return sign * (hours * 3600 + minutes * 60);
  }
  size_t letters = count_letters(c);
  for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
    if (letters == strlen(zones[i].name) && strncasecmp(c->at, zones[i].name, letters) == 0) {
      c->at += letters;
      return zones[i].hours * 3600;
    }
  c->at = start;
  return 0;
}

/* AM or PM behind a time of day, perhaps behind a blank: the hour on a clock of 24. */
static int take_half(struct cursor *c, int hour)
{
  const char *start = c->at;
  take_blanks(c);
  if (count_letters(c) == 2 && (c->at[1] == 'M' || c->at[1] == 'm') && hour >= 1 && hour <= 12 &&
      strchr("aApP", c->at[0])) {
    bool after_noon = c->at[0] == 'p' || c->at[0] == 'P';
    c->at += 2;
    return hour % 12 + (after_noon ? 12 : 0);
  }
  c->at = start;
  return hour;
}

/* A fraction of a second behind a point or comma. */
static int64_t take_fraction(struct cursor *c)
{
  if ((peek(c, 0) != '.' && peek(c, 0) != ',') || !byte_is_digit(peek(c, 1)))
    return 0;
  c->at++;
  int64_t ns = 0;
  int64_t unit = SECOND / 10;
  for (; c->at < c->end && byte_is_digit(*c->at); c->at++, unit /= 10)
    ns += (*c->at - '0') * unit;
  return ns;
}

/* H:MM[:SS[.fff]], HH.MM.SS, M:SS.ff, D-HH:MM:SS, with AM or PM and a zone; ns. */
static int64_t take_clock(struct cursor *c, bool basic)
{
  int64_t days = 0;
  if (count_digits(c) <= 3 && peek(c, count_digits(c)) == '-' && !basic) {
    days = take_number(c, 1, 3, 0, 999);
    take(c, '-');
  }
  size_t digits = count_digits(c);
  int hour = basic ? take_number(c, 4, 6, 0, 240060) : take_number(c, 1, 3, 0, 999);
  int minute = 0;
  int second = 0;
  int64_t ns = 0;
  if (basic) {
    /* 100000 or 1000: hour, minute and second in one. */
    if (digits == 6) {
      second = hour % 100;
      hour /= 100;
    } else if (digits != 4) {
      c->good = false;
    }
    minute = hour % 100;
    hour /= 100;
    c->good = c->good && hour <= 24 && minute <= 59 && second <= 60;
    ns = take_fraction(c);
  } else {
    char between = peek(c, 0);
    if (between != ':' && between != '.') {
      c->good = false;
      return 0;
    }
    c->at++;
    minute = take_number(c, 2, 2, 0, 59);
    if (take(c, between)) {
      second = take_number(c, 2, 2, 0, 60);
      ns = take_fraction(c);
    } else if (between == '.') {
      c->good = false;
    } else if (peek(c, 0) == '.') {
      /* M:SS.ff: what looked like hours were minutes */
      ns = take_fraction(c);
      return (hour * INT64_C(60) + minute) * SECOND + ns;
    }
    hour = take_half(c, hour);
  }
  int zone = take_zone(c);
  return (((days * 24 + hour) * 60 + minute) * 60 + second - zone) * SECOND + ns;
}

/* A date of two numbers and a year with `/` or `-` between: which of them is the month may be open. */
static void take_slashed(struct cursor *c, char between, struct time_text *time)
{
  int first = take_number(c, 1, 2, 1, 31);
  take(c, between);
  int month = take_month(c) + 1;
  if (month > 0) { /* 25/Nov/2026 */
    if (!take(c, between))
      c->good = false;
    time->ns = moment(take_year(c), month, first);
    return;
  }
  int second = take_number(c, 1, 2, 1, 31);
  int year = 1972;
  if (between == '-' && peek(c, 0) == ' ') /* dstat's 25-11 10:00:00 */
    time->yearless = true;
  else if (!take(c, between))
    c->good = false;
  else
    year = take_year(c);
  if (first > 12 && second > 12)
    c->good = false;
  time->open = first <= 12 && second <= 12 && first != second;
  time->slashed = first > 12 || second > 12;
  time->day_first = first > 12;
  if (!c->good)
    return;
  if (between == '.') {
    /* With points the day is first, always. */
    time->open = time->slashed = false;
    c->good = second <= 12;
    time->ns = moment(year, second, first);
    return;
  }
  time->ns = first > 12 ? moment(year, second, first) : moment(year, first, second);
  time->other = time->open ? moment(year, second, first) : time->ns;
}

/* A date that starts with a month's name: Nov 25 2026, Nov 25, 2026, or syslog's Nov 25 with the year at the end. */
static void take_named(struct cursor *c, int month, struct time_text *time, int *day)
{
  *day = 0;
  if (!take_blanks(c) && !take(c, '-'))
    c->good = false;
  int number = take_number(c, 1, 2, 1, 31);
  const char *start = c->at;
  take(c, ',');
  if (take_blanks(c) && count_digits(c) == 4 && peek(c, 4) != ':') {
    time->ns = moment(take_number(c, 4, 4, 0, 9999), month, number);
    return;
  }
  c->at = start;
  *day = number; /* its year may stand behind the time of day */
  time->yearless = true;
  time->ns = moment(1972, month, number);
}

/* A date with the year first, or with the day and a month's name first. */
static bool take_date(struct cursor *c, struct time_text *time, int *month, int *day)
{
  *month = 0;
  if (byte_is_letter(peek(c, 0))) {
    *month = take_month(c) + 1;
    if (*month == 0)
      return false;
    take_named(c, *month, time, day);
    return true;
  }
  size_t digits = count_digits(c);
  char between = peek(c, digits);
  if (digits == 4 && (between == '-' || between == '/' || between == '.')) {
    int year = take_number(c, 4, 4, 0, 9999);
    take(c, between);
    int month_is = byte_is_letter(peek(c, 0)) ? take_month(c) + 1 : take_number(c, 1, 2, 1, 12);
    if (month_is < 1 || !take(c, between))
      c->good = false;
    int day_is = take_number(c, 1, 2, 1, 31);
    time->ns = moment(year, month_is, day_is);
    return true;
  }
  if (digits == 8 && (between == 'T' || between == 't')) {
    int year = 0;
    for (int i = 0; i < 4; i++)
      year = year * 10 + (*c->at++ - '0');
    int month_is = (c->at[0] - '0') * 10 + c->at[1] - '0';
    int day_is = (c->at[2] - '0') * 10 + c->at[3] - '0';
    c->at += 4;
    c->good = c->good && month_is >= 1 && month_is <= 12 && day_is >= 1 && day_is <= 31;
    time->ns = moment(year, month_is, day_is);
    return true;
  }
  if ((digits == 1 || digits == 2) && (between == '/' || between == '-' || between == '.')) {
    take_slashed(c, between, time);
    return true;
  }
  if ((digits == 1 || digits == 2) && (between == ' ' || between == '\t')) {
    int day_is = take_number(c, 1, 2, 1, 31);
    take_blanks(c);
    int month_is = take_month(c) + 1;
    take(c, ',');
    if (month_is < 1 || !take_blanks(c)) {
      c->good = false;
      return true;
    }
    time->ns = moment(take_number(c, 4, 4, 0, 9999), month_is, day_is);
    return true;
  }
  return false;
}

/* Whether the cursor stands at a time of day rather than at a date. */
static bool at_clock(const struct cursor *c)
{
  size_t digits = count_digits(c);
  if (digits < 1 || digits > 3)
    return false;
  if (peek(c, digits) == ':')
    return true;
  if (digits <= 3 && peek(c, digits) == '-' && byte_is_digit(peek(c, digits + 1)) &&
      byte_is_digit(peek(c, digits + 2)) && peek(c, digits + 3) == ':')
    return true;
  /* 08.00.00: two digits each, and within a day. */
  return digits == 2 && c->end - c->at == 8 && c->at[2] == '.' && c->at[5] == '.' && byte_is_digit(c->at[3]) &&
         byte_is_digit(c->at[4]) && byte_is_digit(c->at[6]) && byte_is_digit(c->at[7]) && c->at[0] < '3' &&
         c->at[3] < '6' && c->at[6] < '6' && (c->at[0] < '2' || c->at[1] < '4');
}

static enum time_kind read_both(struct cursor *c, struct time_text *time)
{
  if (at_clock(c)) {
    time->ns = take_clock(c, false);
    return TIME_TEXT_CLOCK;
  }
  if (take_weekday(c) >= 0) {
    take(c, ',');
    if (!take_blanks(c))
      return TIME_TEXT_NONE;
  }
  int month;
  int day = 0;
  const char *start = c->at;
  if (!take_date(c, time, &month, &day))
    return TIME_TEXT_NONE;
  bool basic = c->at - start == 8 && (peek(c, 0) == 'T' || peek(c, 0) == 't') && !memchr(start, '-', 8) &&
               !memchr(start, '/', 8) && !memchr(start, '.', 8);
  if (c->at == c->end)
    return time->yearless ? TIME_TEXT_NONE : TIME_TEXT_DATE;
  bool joined = take(c, 'T') || take(c, 't') || take(c, '_') || (take(c, ',') && take_blanks(c)) || take(c, ':') ||
                take_blanks(c);
  if (!joined || (!basic && !at_clock(c)))
    return TIME_TEXT_NONE;
  int64_t clock = take_clock(c, basic);
  if (time->yearless && month > 0 && take_blanks(c)) { /* ctime's year */
    time->ns = moment(take_number(c, 4, 4, 0, 9999), month, day);
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
  struct cursor c = {.at = text, .end = text + length, .good = true};
  enum time_kind kind = read_both(&c, time);
  if (kind == TIME_TEXT_NONE || !c.good || c.at != c.end) {
    *time = (struct time_text){.kind = TIME_TEXT_NONE};
    return TIME_TEXT_NONE;
  }
  time->kind = kind;
  return kind;
}

bool time_text_begins(const char *text, size_t length)
{
  struct cursor c = {.at = text, .end = text + length, .good = true};
  if (length == 0)
    return false;
  if (byte_is_letter(*text))
    return length <= 10 && (take_weekday(&c) >= 0 || take_month(&c) >= 0);
  if (*text == '[' || *text == '(')
    return true;
  if (!byte_is_digit(*text))
    return false;
  size_t digits = count_digits(&c);
  char between = peek(&c, digits);
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
