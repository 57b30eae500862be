#include "scope/input/time_of_day.h"

#include <string.h>
#include <strings.h>

enum { SECOND = 1000000000 /* ns */ };

/* Z, +01, +0100, +01:00, UTC, CET, perhaps behind a blank, or nothing; seconds east of Greenwich. */
static int take_zone(struct scan *s)
{
  static const struct {
    char name[5];
    int hours;
  } zones[] = {{"UTC", 0},  {"GMT", 0},  {"Z", 0},    {"CET", 1},  {"CEST", 2}, {"BST", 1},  {"WEST", 1}, {"EET", 2},
               {"EEST", 3}, {"MSK", 3},  {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
               {"PST", -8}, {"PDT", -7}, {"JST", 9},  {"IST", 0},  {"WET", 0},  {"AEST", 10}};
  const char *start = s->at;
  scan_take_blanks(s);
  if (scan_peek(s, 0) == '+' || scan_peek(s, 0) == '-') {
    int sign = *s->at++ == '-' ? -1 : 1;
    size_t digits = scan_digits(s);
    int hours = digits == 4 ? scan_take_number(s, 4, 4, 0, 1459) : scan_take_number(s, 2, 2, 0, 14);
    int minutes = 0;
    if (digits == 4) {
      minutes = hours % 100;
      hours /= 100;
    } else if (scan_take(s, ':')) {
      minutes = scan_take_number(s, 2, 2, 0, 59);
    }
    return sign * (hours * 3600 + minutes * 60);
  }
  size_t letters = scan_letters(s);
  for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
    if (letters == strlen(zones[i].name) && strncasecmp(s->at, zones[i].name, letters) == 0) {
      s->at += letters;
      return zones[i].hours * 3600;
    }
  s->at = start;
  return 0;
}

/* AM or PM behind a time of day, perhaps behind a blank: the hour on a clock of 24. */
static int take_half(struct scan *s, int hour)
{
  const char *start = s->at;
  scan_take_blanks(s);
  if (scan_letters(s) == 2 && (s->at[1] == 'M' || s->at[1] == 'm') && hour >= 1 && hour <= 12 &&
      strchr("aApP", s->at[0])) {
    bool after_noon = s->at[0] == 'p' || s->at[0] == 'P';
    s->at += 2;
    return hour % 12 + (after_noon ? 12 : 0);
  }
  s->at = start;
  return hour;
}

/* A fraction of a second behind a point or comma. */
static int64_t take_fraction(struct scan *s)
{
  if ((scan_peek(s, 0) != '.' && scan_peek(s, 0) != ',') || !byte_is_digit(scan_peek(s, 1)))
    return 0;
  s->at++;
  int64_t ns = 0;
  int64_t unit = SECOND / 10;
  for (; s->at < s->end && byte_is_digit(*s->at); s->at++, unit /= 10)
    ns += (*s->at - '0') * unit;
  return ns;
}

bool time_of_day_begins(const struct scan *s)
{
  size_t digits = scan_digits(s);
  if (digits < 1 || digits > 3)
    return false;
  if (scan_peek(s, digits) == ':')
    return true;
  if (digits <= 3 && scan_peek(s, digits) == '-' && byte_is_digit(scan_peek(s, digits + 1)) &&
      byte_is_digit(scan_peek(s, digits + 2)) && scan_peek(s, digits + 3) == ':')
    return true;
  /* 08.00.00: two digits each, and within a day. */
  return digits == 2 && s->end - s->at == 8 && s->at[2] == '.' && s->at[5] == '.' && byte_is_digit(s->at[3]) &&
         byte_is_digit(s->at[4]) && byte_is_digit(s->at[6]) && byte_is_digit(s->at[7]) && s->at[0] < '3' &&
         s->at[3] < '6' && s->at[6] < '6' && (s->at[0] < '2' || s->at[1] < '4');
}

/* H:MM[:SS[.fff]], HH.MM.SS, M:SS.ff, D-HH:MM:SS, with AM or PM and a zone. */
int64_t time_of_day_take(struct scan *s)
{
  int64_t days = 0;
  int second = 0;
  int64_t ns = 0;
  if (scan_digits(s) <= 3 && scan_peek(s, scan_digits(s)) == '-') {
    days = scan_take_number(s, 1, 3, 0, 999);
    scan_take(s, '-');
  }
  int hour = scan_take_number(s, 1, 3, 0, 999);
  char between = scan_peek(s, 0);
  if (between != ':' && between != '.') {
    s->good = false;
    return 0;
  }
  s->at++;
  int minute = scan_take_number(s, 2, 2, 0, 59);
  if (scan_take(s, between)) {
    second = scan_take_number(s, 2, 2, 0, 60);
    ns = take_fraction(s);
  } else if (between == '.') {
    s->good = false;
  } else if (scan_peek(s, 0) == '.') {
    /* M:SS.ff: what looked like hours were minutes */
    ns = take_fraction(s);
    return (hour * INT64_C(60) + minute) * SECOND + ns;
  }
  hour = take_half(s, hour);
  int zone = take_zone(s);
  return (((days * 24 + hour) * 60 + minute) * 60 + second - zone) * SECOND + ns;
}

int64_t time_of_day_take_basic(struct scan *s)
{
  size_t digits = scan_digits(s);
  int hour = scan_take_number(s, 4, 6, 0, 240060);
  int second = 0;
  if (digits == 6) {
    second = hour % 100;
    hour /= 100;
  } else if (digits != 4) {
    s->good = false;
  }
  int minute = hour % 100;
  hour /= 100;
  s->good = s->good && hour <= 24 && minute <= 59 && second <= 60;
  int64_t ns = take_fraction(s);
  int zone = take_zone(s);
  return ((hour * INT64_C(60) + minute) * 60 + second - zone) * SECOND + ns;
}
