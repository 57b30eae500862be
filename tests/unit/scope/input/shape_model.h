/*
 * A slow matcher of rows, written from the contract in shape.h and apart from the code under test; and rows to match, made
 * at random. For the tests of shapes.
 */
#ifndef TESTS_SHAPE_MODEL_H
#define TESTS_SHAPE_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "guarded.h"
#include "random.h"
#include "scale.h"
#include "scope/input/shape.h"
#include "written_number.h"

enum { ROUNDS = SCALED(20000, 2000), TEXT = 64 * 1024, ROWS = 96, SPANS = 12 };

static inline bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* The length of a plain number that begins at text, 0 for none. Text is terminated. */
static inline size_t number_length(const char *text)
{
  size_t n = strspn(text, "+-") > 0;
  size_t whole = strspn(text + n, "0123456789");
  size_t first = n;
  n += whole;
  size_t places = 0;
  if (text[n] == '.') {
    places = strspn(text + n + 1, "0123456789");
    n += 1 + places;
  }
  if (whole + places == 0 || text[n] == '.' || n > 31)
    return 0;
  size_t zeros = 0;
  size_t digits = 0;
  for (size_t i = first; i < n; i++)
    if (is_digit(text[i])) {
      digits++;
      zeros += zeros + 1 == digits && text[i] == '0';
    }
  if (digits - zeros > 19)
    return 0;
  if (text[n] == 'e' || text[n] == 'E') {
    size_t sign = strspn(text + n + 1, "+-") > 0;
    size_t exponent = strspn(text + n + 1 + sign, "0123456789");
    if (exponent > 4)
      return 0;
    if (exponent > 0)
      n += 1 + sign + exponent;
  }
  return n;
}

static inline size_t figures_length(const char *text, const char *model, size_t length)
{
  size_t n = 0;
  for (size_t m = 0; m < length;) {
    if (is_digit(model[m])) {
      size_t digits = strspn(text + n, "0123456789");
      if (digits == 0)
        return 0;
      n += digits;
      while (m < length && is_digit(model[m]))
        m++;
    } else if (text[n++] != model[m++]) {
      return 0;
    }
  }
  return text[n] && strchr("0123456789+-./:TZ", text[n]) ? 0 : n;
}

static inline size_t word_length(const char *text)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  static const char *const gaps[] = {"nan", "inf", "infinity", "null", "none", "na", "n/a", "ol", "ovl", "overload"};
  if (strspn(text, letters) == 0)
    return 0;
  size_t n = 0;
  while (text[n] && (strchr(letters, text[n]) || strchr("0123456789_-./", text[n])))
    n++;
  for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++)
    if (strlen(gaps[i]) == n && strncasecmp(gaps[i], text, n) == 0)
      return 0;
  return n;
}

struct sample {
  unsigned flags;
  char line[512];
  size_t length;
  size_t count;
  struct shape_span spans[SPANS];
};

static inline size_t blanks_length(unsigned flags, const char *text)
{
  return strspn(text, flags & SHAPE_TABS ? " \t" : " ");
}

/* Whether the literal at text[0..] is line[from..to), before a cell that is padded or not; its length in *taken. */
static inline bool literal_matches(const struct sample *s, size_t from, size_t to, bool padded, const char *text,
                                   size_t *taken)
{
  const char *literal = s->line + from;
  size_t length = to - from;
  char copy[512];
  memcpy(copy, literal, length);
  copy[length] = '\0';
  bool ends = from == 0 || to == s->length;
  if ((s->flags & SHAPE_SPACES) && blanks_length(s->flags, copy) == length) {
    *taken = blanks_length(s->flags, text);
    return ends || *taken > 0;
  }
  while (padded && length > 0 && copy[length - 1] == ' ')
    length--;
  *taken = length;
  if (strncmp(text, copy, length) != 0)
    return false;
  if (padded && length > 0)
    *taken += strspn(text + length, " ");
  return true;
}

/* Whether n numbers with commas between could be one: groups of three, or a comma that is decimal. */
static inline bool could_be_one(const char *text, size_t n)
{
  text += *text == '+' || *text == '-';
  const char *comma = strchr(text, ',');
  if (n == 2 && !strchr(comma, '.'))
    return true;
  if (comma - text > 3 || strspn(text, "0123456789") != (size_t)(comma - text))
    return false;
  for (; n > 1; n--) {
    size_t digits = strspn(comma + 1, "0123456789");
    if (digits != 3 || (n > 2 && comma[4] != ','))
      return false;
    comma += 4;
  }
  return true;
}

/* Reads a terminated line (without its newline) as the sample; false when it does not match. */
static inline bool slow_match(const struct sample *s, const char *line, double *values)
{
  size_t at = 0;
  size_t from = 0;
  size_t n = 0;
  char numbers[40000] = "";
  size_t taken;
  for (size_t i = 0; i < s->count; i++) {
    const struct shape_span *span = &s->spans[i];
    if (!literal_matches(s, from, span->start, span->padded && span->kind == SHAPE_VALUE, line + at, &taken))
      return false;
    at += taken;
    from = span->start + span->length;
    size_t length = span->kind == SHAPE_VALUE     ? number_length(line + at)
                    : span->kind == SHAPE_FIGURES ? figures_length(line + at, s->line + span->start, span->length)
                                                  : word_length(line + at);
    if (length == 0)
      return false;
    if (span->kind == SHAPE_VALUE) {
      char number[600];
      memcpy(number, line + at, length);
      number[length] = '\0';
      values[n] = strtod(number, NULL);
      if (!(fabs(values[n]) < span->limit) || (span->whole && strchr(number, '.')))
        return false;
      snprintf(numbers + strlen(numbers), sizeof numbers - strlen(numbers), "%s%s", n > 0 ? "," : "", number);
      n++;
    }
    at += length;
  }
  if ((s->flags & SHAPE_GROUPED) && n > 1 && could_be_one(numbers, n))
    return false;
  if (!literal_matches(s, from, s->length, false, line + at, &taken))
    return false;
  at += taken;
  at += line[at] == '\r';
  return at <= SHAPE_LINE_MAX && line[at] == '\0';
}

static inline void put(struct sample *s, const char *text, size_t length)
{
  memcpy(s->line + s->length, text, length);
  s->length += length;
}

static inline size_t cell_text(struct random *r, enum shape_kind kind, char *out)
{
  static const char *const words[] = {"eth0", "Station5", "a", "x-y_z", "idle",    "nan",
                                      "N/A",  "e5",       "E", "ok.",   "Overload"};
  static const char *const figures[] = {"12:30:01", "9:08:00.25", "2026-11-25", "2026-11-25T10:00:00Z",
                                        "64",       "1/2/2026"};
  if (kind == SHAPE_WORD)
    return (size_t)snprintf(out, NUMBER_TEXT_MAX, "%s", words[random_below(r, sizeof words / sizeof words[0])]);
  if (kind == SHAPE_FIGURES)
    return (size_t)snprintf(out, NUMBER_TEXT_MAX, "%s", figures[random_below(r, sizeof figures / sizeof figures[0])]);
  if (random_once_in(r, 4))
    return number_text(r, out);
  if (random_once_in(r, 3))
    return (size_t)snprintf(out, NUMBER_TEXT_MAX, "%d", (int)random_below(r, 1000));
  return (size_t)snprintf(out, NUMBER_TEXT_MAX, "%.*f", (int)random_below(r, 7), (random_unit(r) - 0.5) * 20);
}

/* What may stand between two cells, and around them. */
static const char *const between[] = {
    " ",
    " ",
    "  ",
    "   ",
    ",",
    ";",
    "\t",
    ", ",
    " b=",
    ",\"pressure\":",
    " temperature_of_the_room=",
    "ms c=",
    "% ",
    "eV;",
    "\xC2\xB0 ",
    " | ",
    "e,",
    " \t",
    ":",
    "s ",
    "] [",
    " x1=",
    " 5.5 y2.5=",
};
static const char *const before[] = {"", "", "", " ", "a=", "{\"temp\":", "[", "temp1: ", "\t"};
static const char *const after[] = {"", "", "", " ", "}", "ms", " %", "]", "  \t"};

static inline bool make_sample(struct random *r, struct sample *s, struct shape *shape)
{
  const char *text = before[random_below(r, sizeof before / sizeof before[0])];
  bool uniform = random_once_in(r, 2);
  const char *separator = between[random_below(r, sizeof between / sizeof between[0])];
  *s = (struct sample){.flags = (unsigned)random_below(r, 8)};
  put(s, text, strlen(text));
  size_t count = 1 + random_below(r, SPANS);
  for (size_t i = 0; i < count; i++) {
    char cell[NUMBER_TEXT_MAX];
    enum shape_kind kind = random_once_in(r, 8) ? (enum shape_kind)random_below(r, 3) : SHAPE_VALUE;
    size_t length = cell_text(r, kind, cell);
    s->spans[s->count++] = (struct shape_span){.start = s->length,
                                               .length = length,
                                               .kind = kind,
                                               .limit = random_once_in(r, 6) ? 5 : (double)INFINITY,
                                               .whole = random_once_in(r, 8),
                                               .padded = strpbrk(i > 0 ? separator : text, "=:,;|[") != NULL};
    put(s, cell, length);
    if (!uniform)
      separator = between[random_below(r, sizeof between / sizeof between[0])];
    if (i + 1 < count)
      put(s, separator, strlen(separator));
  }
  text = after[random_below(r, sizeof after / sizeof after[0])];
  put(s, text, strlen(text));
  return shape_build(shape, s->flags, s->line, s->length, s->spans, s->count);
}

/* A line like the sample's with other cells, and sometimes a fault. The length, newline included. */
static inline size_t make_row(struct random *r, const struct sample *s, char *out)
{
  size_t n = 0;
  size_t from = 0;
  for (size_t i = 0; i <= s->count; i++) {
    size_t to = i < s->count ? s->spans[i].start : s->length;
    memcpy(out + n, s->line + from, to - from);
    n += to - from;
    if (random_once_in(r, 40))
      out[n++] = ' ';
    if (i < s->count) {
      from = to + s->spans[i].length;
      n += cell_text(r, s->spans[i].kind, out + n);
    }
  }
  if (n > 0 && random_once_in(r, 12)) {
    static const char bytes[] = "05.,-+ex \t:=\"\r";
    size_t at = random_below(r, n);
    if (random_once_in(r, 3))
      memmove(out + at, out + at + 1, --n - at);
    else
      out[at] = bytes[random_below(r, sizeof bytes - 1)];
  }
  if (random_once_in(r, 6))
    out[n++] = '\r';
  out[n++] = '\n';
  return n;
}

#endif
