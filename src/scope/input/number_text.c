#include "scope/input/number_text.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "scope/input/byte.h"
#include "scope/input/decimal.h"
#include "scope/stream/units.h"

enum {
  COPY_MAX = 120, /* bytes of a number that is written in one of the unusual ways */
  GROUPS_MAX = 24,
};

/* Digits with commas, points or blanks between them, as written: 1.234.567,5 */
struct groups {
  size_t count;
  size_t length[GROUPS_MAX]; /* digits in each */
  char between[GROUPS_MAX];  /* what stands before group i: ',', '.', or ' ' for a blank or an apostrophe */
  char digits[COPY_MAX + 8];
  size_t total;
  bool lone_zero;  /* the first group begins with a zero */
  bool point_last; /* a point behind the last group, with no digit behind it */
  size_t taken;    /* bytes of the text */
};

/* The Unicode minus. */
static size_t minus_length(const char *text, size_t length)
{
  return length >= 3 && memcmp(text, "\xE2\x88\x92", 3) == 0 ? 3 : 0;
}

static size_t sign_length(const char *text, size_t length, bool *negative)
{
  *negative = false;
  if (length > 0 && (*text == '+' || *text == '-')) {
    *negative = *text == '-';
    return 1;
  }
  size_t taken = minus_length(text, length);
  *negative = taken > 0;
  return taken;
}

/* No-break spaces (that of Latin-1, too), thin space, apostrophes: what sets groups of three apart. */
static size_t spacer_length(const char *text, size_t length)
{
  static const char *const spacers[] = {"'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99", "\xA0"};
  for (size_t i = 0; i < sizeof spacers / sizeof spacers[0]; i++) {
    size_t size = strlen(spacers[i]);
    if (length >= size && memcmp(text, spacers[i], size) == 0)
      return size;
  }
  return 0;
}

static bool equals(const char *text, size_t length, const char *word)
{
  return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

static bool is_nan_with_payload(const char *text, size_t length)
{
  if (length < 5 || strncasecmp(text, "nan(", 4) != 0 || text[length - 1] != ')')
    return false;
  for (size_t i = 4; i < length - 1; i++)
    if (!byte_is_digit(text[i]) && text[i] != '_' && !(text[i] >= 'a' && text[i] <= 'z') &&
        !(text[i] >= 'A' && text[i] <= 'Z'))
      return false;
  return true;
}

bool number_text_is_gap(const char *text, size_t length)
{
  static const char *const words[] = {"null", "none", "na",       "n/a", "#n/a", "ol", "o.l",
                                      "ol.",  "ovl",  "overload", "-",   "--",   "?"};
  static const char *const signed_words[] = {"nan", "inf",      "infinity",    "ol",
                                             "ovl", "overload", "\xE2\x88\x9E" /* infinity */};
  if (length == 0 || length > 40 || !strchr("-+nNiI#oO?[(\xE2", *text))
    return false;
  if (length > 2 && ((text[0] == '[' && text[length - 1] == ']') || (text[0] == '(' && text[length - 1] == ')'))) {
    text++;
    length -= 2;
  }
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (equals(text, length, words[i]))
      return true;
  size_t sign = *text == '-' || *text == '+';
  for (size_t i = 0; i < sizeof signed_words / sizeof signed_words[0]; i++)
    if (equals(text + sign, length - sign, signed_words[i]))
      return true;
  return is_nan_with_payload(text + sign, length - sign);
}

bool number_text_begins(const char *text, size_t length)
{
  bool negative;
  size_t at = sign_length(text, length, &negative);
  if (at < length && text[at] == '.')
    at++;
  return at < length && byte_is_digit(text[at]);
}

/* Collects groups of digits; false when there are none or too many. */
static bool collect(const char *text, size_t length, bool commas, struct groups *g)
{
  memset(g, 0, offsetof(struct groups, digits));
  g->total = 0;
  g->taken = 0;
  g->point_last = false;
  size_t at = 0;
  g->lone_zero = length > 0 && *text == '0';
  for (;;) {
    size_t start = at;
    while (at < length && byte_is_digit(text[at])) {
      if (g->total == COPY_MAX)
        return false;
      g->digits[g->total++] = text[at++];
    }
    if (at == start || g->count == GROUPS_MAX)
      return false;
    g->length[g->count++] = at - start;
    g->taken = at;
    if (at + 1 == length && text[at] == '.' && g->count > 1 && g->between[g->count - 1] == ',') {
      g->point_last = true; /* 2,345. is 2345 as 5. is 5 */
      g->taken++;
    }
    if (at + 1 >= length)
      return true;
    size_t spacer = spacer_length(text + at, length - at);
    char between = spacer > 0 ? ' ' : text[at];
    size_t size = spacer > 0 ? spacer : 1;
    bool joins = spacer > 0 || text[at] == '.' || (commas && text[at] == ',');
    if (!joins || at + size >= length || !byte_is_digit(text[at + size]) || g->count == GROUPS_MAX)
      return true;
    g->between[g->count] = between;
    at += size;
  }
}

/* Whether groups 1 to last - 1 are groups of three set apart by `between`, behind one of one to three digits. */
static bool are_thousands(const struct groups *g, size_t last, char between)
{
  if (g->length[0] > 3)
    return false;
  for (size_t i = 1; i < last; i++)
    if (g->between[i] != between || g->length[i] != 3)
      return false;
  return true;
}

/* What the comma in the groups is; *whole is then how many groups stand before the decimal sign. False: no number. */
static bool judge_groups(const struct groups *g, int flags, enum number_comma *comma, size_t *whole)
{
  size_t n = g->count;
  char last = n > 1 ? g->between[n - 1] : 0;
  size_t commas = 0;
  for (size_t i = 1; i < n; i++)
    commas += g->between[i] == ',';
  *comma = COMMA_ABSENT;
  *whole = n;
  if (commas == 0) {
    if (n == 1)
      return true;
    if (last == '.') {
      *whole = n - 1;
      return n == 2 || are_thousands(g, n - 1, ' ');
    }
    return are_thousands(g, n, ' ');
  }
  if (g->point_last && (flags & NUMBER_COMMA_DECIMAL))
    return false;
  if ((flags & NUMBER_COMMA_THOUSANDS) || g->point_last) {
    *comma = COMMA_THOUSANDS;
    *whole = last == '.' ? n - 1 : n;
    return are_thousands(g, *whole, ',');
  }
  bool decimal_last = last == ',' && commas == 1;
  bool grouped = decimal_last && n > 2 && (are_thousands(g, n - 1, '.') || are_thousands(g, n - 1, ' '));
  if (decimal_last && (n == 2 || grouped)) {
    bool open = n == 2 && g->length[1] == 3 && g->length[0] <= 3 && !g->lone_zero;
    *comma = open && !(flags & NUMBER_COMMA_DECIMAL) ? COMMA_OPEN : COMMA_DECIMAL;
    *whole = n - 1;
    return true;
  }
  if (flags & NUMBER_COMMA_DECIMAL)
    return false;
  *comma = COMMA_THOUSANDS;
  *whole = last == '.' ? n - 1 : n;
  return !g->lone_zero && are_thousands(g, *whole, ',');
}

/* An exponent at text: e, E, d or D, a sign, which may be the Unicode minus, digits. Written as e-5 to out. */
static size_t take_exponent(const char *text, size_t length, char *out, size_t *used)
{
  if (length < 2 || !strchr("eEdD", *text))
    return 0;
  bool negative;
  size_t at = 1 + sign_length(text + 1, length - 1, &negative);
  if (at >= length || !byte_is_digit(text[at]))
    return 0;
  size_t n = *used;
  out[n++] = 'e';
  out[n++] = negative ? '-' : '+';
  for (; at < length && byte_is_digit(text[at]); at++)
    if (n < COPY_MAX)
      out[n++] = text[at];
  *used = n;
  return at;
}

static bool convert(const char *copy, size_t length, bool negative, double *value, bool *slow)
{
  enum decimal_road road = decimal_parse(copy, length, value);
  if (road == DECIMAL_NONE)
    return false;
  *slow = *slow || road == DECIMAL_SLOW;
  if (negative)
    *value = -*value;
  return true;
}

/* Writes the digits with a point before group `whole`. */
static size_t write_digits(const struct groups *g, size_t whole, char *out)
{
  size_t before = 0;
  for (size_t i = 0; i < whole; i++)
    before += g->length[i];
  memcpy(out, g->digits, before);
  if (before == g->total)
    return before;
  out[before] = '.';
  memcpy(out + before + 1, g->digits + before, g->total - before);
  return g->total + 1;
}

/* The unusual ways of writing. Returns how many bytes of text, which has no sign, are the number; 0 when none. */
static size_t read_unusual(const char *text, size_t length, bool negative, int flags, struct number_text *number)
{
  struct groups g;
  size_t whole;
  if (!collect(text, length, (flags & NUMBER_COMMA) != 0, &g) || !judge_groups(&g, flags, &number->comma, &whole))
    return 0;
  char copy[COPY_MAX * 2 + 8];
  size_t used = write_digits(&g, whole, copy);
  char exponent[COPY_MAX + 8];
  size_t exponent_used = 0;
  size_t taken = g.taken;
  size_t more = take_exponent(text + taken, length - taken, exponent, &exponent_used);
  if (more > 0 && exponent_used >= COPY_MAX)
    return 0;
  taken += more;
  memcpy(copy + used, exponent, exponent_used);
  if (!convert(copy, used + exponent_used, negative, &number->value, &number->slow))
    return 0;
  number->point = whole < g.count && g.between[g.count - 1] == '.';
  number->pointed = number->comma == COMMA_DECIMAL && g.count > 2 && g.between[1] == '.';
  if (number->comma == COMMA_OPEN && more > 0)
    number->comma = COMMA_DECIMAL;
  if (number->comma == COMMA_OPEN) {
    number->other = number->value;
    used = write_digits(&g, g.count, copy);
    if (!convert(copy, used, negative, &number->value, &number->slow))
      return 0;
  }
  return taken;
}

/* How many bytes of text, which has no sign, are a number; its value is set. 0 when there is none. */
static size_t read_number(const char *text, size_t length, bool negative, int flags, struct number_text *number)
{
  if (length == 0 || (*text != '.' && !byte_is_digit(*text)))
    return 0;
  size_t taken = decimal_length(text, length);
  const char *next = text + taken;
  size_t left = length - taken;
  bool digit_behind = left > 1 && byte_is_digit(next[1]);
  size_t spacer = spacer_length(next, left);
  bool unusual = (left > 1 && (*next == ',' || *next == '.') && digit_behind) ||
                 (spacer > 0 && left > spacer && byte_is_digit(next[spacer]));
  if (left > 1 && strchr("eEdD", *next)) {
    size_t at = next[1] == '+' || next[1] == '-' ? 2 : 1 + minus_length(next + 1, left - 1);
    unusual = unusual || (at < left && byte_is_digit(next[at]) && (*next == 'd' || *next == 'D' || at == 4));
  }
  if (unusual && byte_is_digit(*text)) {
    size_t other = read_unusual(text, length, negative, flags, number);
    if (other > 0)
      return other;
    *number = (struct number_text){.value = (double)NAN};
    return 0;
  }
  if (taken == 0 || !convert(text, taken, negative, &number->value, &number->slow))
    return 0;
  const char *point = memchr(text, '.', taken);
  number->point = point != NULL;
  number->group = point && *text != '0' && point > text && point - text <= 3 && text + taken - point == 4 &&
                  byte_is_digit(text[taken - 1]) && byte_is_digit(point[1]) && byte_is_digit(point[2]);
  return taken;
}

/* 1.5k: the digits with a power of ten behind them, so that the value is rounded once. */
static void multiply(const char *text, size_t length, bool negative, int power, struct number_text *number)
{
  static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  char copy[COPY_MAX + 4];
  number->multiplied = true;
  number->unit_length = 0;
  if (length < COPY_MAX && !memchr(text, 'e', length) && !memchr(text, 'E', length) && number->comma == COMMA_ABSENT) {
    memcpy(copy, text, length);
    copy[length] = 'e';
    size_t used = length + 1;
    if (power >= 10)
      copy[used++] = '1';
    copy[used++] = (char)('0' + power % 10);
    if (convert(copy, used, negative, &number->value, &number->slow))
      return;
  }
  number->value *= powers[power];
  number->other *= powers[power];
}

/* What stands behind the digits: nothing, a unit, or something that makes it no number. */
static bool take_unit(const char *text, size_t length, size_t taken, int flags, struct number_text *number)
{
  const char *rest = text + taken;
  size_t left = length - taken;
  if (left == 0)
    return true;
  number->unit = rest;
  number->unit_length = left;
  const size_t apart = *rest == '\'' ? 0 : spacer_length(rest, left);
  if (apart > 0 && left > apart && unit_known(rest + apart, left - apart)) {
    number->unit += apart; /* a no-break space holds number and unit together */
    number->unit_length -= apart;
    return true;
  }
  if (byte_is_blank(*rest)) {
    number->unit++;
    number->unit_length--;
    return (flags & (NUMBER_LABELLED | NUMBER_UNIT_APART)) && unit_known(rest + 1, left - 1);
  }
  if (unit_multiplier(rest, left) > 0)
    return true;
  return flags & NUMBER_LABELLED ? unit_shaped(rest, left) : unit_known(rest, left);
}

/* SCPI has 9.9E+37 for infinity and 9.91E+37 for no number. */
static enum number_kind finish(struct number_text *number)
{
  const double size = fabs(number->value);
  if (isfinite(size) && !(fabs(size - 9.9e37) < 1e22 || fabs(size - 9.91e37) < 1e22))
    return NUMBER_VALUE;
  number->value = (double)NAN;
  number->comma = COMMA_ABSENT;
  return NUMBER_GAP;
}

enum number_kind number_text_read(const char *text, size_t length, int flags, struct number_text *number)
{
  *number = (struct number_text){.value = (double)NAN};
  if (length == 0)
    return NUMBER_NONE;
  unsigned char first = (unsigned char)*text;
  if (byte_is_digit(*text) || *text == '.' || *text == '-' || *text == '+' || first == 0xE2) {
    bool negative;
    size_t sign = sign_length(text, length, &negative);
    size_t start = sign;
    while (sign > 0 && start < length && byte_is_blank(text[start]))
      start++;
    const char *digits = text + start;
    size_t left = length - start;
    size_t taken = read_number(digits, left, negative, flags, number);
    if (taken > 0) {
      if (!take_unit(digits, left, taken, flags, number))
        return NUMBER_NONE;
      int power = number->unit_length > 0 && number->unit == digits + taken
                      ? unit_multiplier(number->unit, number->unit_length)
                      : 0;
      if (power > 0)
        multiply(digits, taken, negative, power, number);
      return finish(number);
    }
  }
  return number_text_is_gap(text, length) ? NUMBER_GAP : NUMBER_NONE;
}
