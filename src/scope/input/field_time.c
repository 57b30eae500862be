#include "scope/input/field.h"

/* A cursor over a text that is matched piece by piece; once something does not fit, good stays false. */
struct cursor {
  const char *at;
  const char *end;
  bool good;
};

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool next_is(const struct cursor *c, char wanted)
{
  return c->at < c->end && *c->at == wanted;
}

static bool take(struct cursor *c, char wanted)
{
  if (!next_is(c, wanted))
    return false;
  c->at++;
  return true;
}

/* Takes least to most digits whose value is within low to high. */
static void take_number(struct cursor *c, int least, int most, int low, int high)
{
  int value = 0;
  int count = 0;
  for (; count < most && c->at < c->end && is_digit(*c->at); count++)
    value = value * 10 + (*c->at++ - '0');
  if (count < least || value < low || value > high)
    c->good = false;
}

/* Z, +01, +0100 or +01:00, or nothing. */
static void take_zone(struct cursor *c)
{
  if (take(c, 'Z') || take(c, 'z'))
    return;
  if (!take(c, '+') && !take(c, '-'))
    return;
  take_number(c, 2, 2, 0, 14);
  if (take(c, ':') || c->at < c->end)
    take_number(c, 2, 2, 0, 59);
}

/* HH:MM:SS with a fraction and a zone; after a date the seconds may be missing, and in the basic form the colons. */
static void take_clock(struct cursor *c, bool dated, bool basic)
{
  take_number(c, dated ? 2 : 1, 2, 0, 24);
  if (!basic && !take(c, ':'))
    c->good = false;
  take_number(c, 2, 2, 0, 59);
  bool seconds = basic ? c->at < c->end && is_digit(*c->at) : take(c, ':');
  if (seconds) {
    take_number(c, 2, 2, 0, 60);
    if (take(c, '.')) {
      if (c->at == c->end || !is_digit(*c->at))
        c->good = false;
      while (c->at < c->end && is_digit(*c->at))
        c->at++;
    }
  } else if (!dated) {
    c->good = false;
  }
  take_zone(c);
}

/* YYYY-MM-DD or YYYY/MM/DD, or YYYYMMDD when basic. */
static void take_date(struct cursor *c, bool basic)
{
  char between = c->at + 4 < c->end && c->at[4] == '/' ? '/' : '-';
  take_number(c, 4, 4, 0, 9999);
  if (!basic && !take(c, between))
    c->good = false;
  take_number(c, 2, 2, 1, 12);
  if (!basic && !take(c, between))
    c->good = false;
  take_number(c, 2, 2, 1, 31);
}

enum field_time field_time(const char *text, size_t length)
{
  if (length < 7 || !is_digit(text[0]))
    return FIELD_TIME_NONE;
  struct cursor c = {.at = text, .end = text + length, .good = true};
  if (text[1] == ':' || text[2] == ':') {
    take_clock(&c, false, false);
    return c.good && c.at == c.end ? FIELD_TIME_CLOCK : FIELD_TIME_NONE;
  }
  bool basic = length > 8 && text[8] == 'T';
  take_date(&c, basic);
  if (!c.good)
    return FIELD_TIME_NONE;
  if (c.at == c.end)
    return FIELD_TIME_DATE;
  if (!take(&c, 'T') && !take(&c, 't')) {
    if (!next_is(&c, ' ') && !next_is(&c, '\t'))
      return FIELD_TIME_NONE;
    while (take(&c, ' ') || take(&c, '\t'))
      continue;
  }
  take_clock(&c, true, basic);
  return c.good && c.at == c.end ? FIELD_TIME_BOTH : FIELD_TIME_NONE;
}
