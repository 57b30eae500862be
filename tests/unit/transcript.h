/*
 * What a parser makes of an input, written down as text, so that tests compare strings: expected with actual, one way
 * of cutting the input with another, parser_rows with parser_next.
 *
 *   0 a=1 b=nan @5000000000    data row 0, and its time
 *   !3 x: is not a number     line 3 was rejected
 *   ?4 a=1us: has another ... line 4 has a note
 */
#ifndef TESTS_TRANSCRIPT_H
#define TESTS_TRANSCRIPT_H

#include <inttypes.h>
#include <malloc.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope/input/parser.h"

struct transcript {
  char *text;
  size_t length;
  size_t capacity;
  struct parser_counts counts;
  size_t channels;
  size_t quick; /* rows that parser_rows took */
};

/* How the input is cut: pieces of `step` bytes, or when step is 0 once after `cut` bytes. */
struct cutting {
  size_t step;
  size_t cut;
  bool rows;              /* try parser_rows before parser_next */
  const uint32_t *random; /* when set: `count` piece lengths, used in turn */
  size_t count;
};

static inline void transcript_die(const char *what)
{
  fprintf(stderr, "transcript: %s\n", what);
  abort();
}

__attribute__((format(printf, 2, 3))) static inline void transcript_add(struct transcript *t, const char *format, ...)
{
  for (;;) {
    va_list arguments;
    va_start(arguments, format);
    size_t room = t->capacity - t->length;
    int needed = vsnprintf(room > 0 ? t->text + t->length : NULL, room, format, arguments);
    va_end(arguments);
    if (needed < 0)
      transcript_die("vsnprintf failed");
    if ((size_t)needed < room) {
      t->length += (size_t)needed;
      return;
    }
    t->capacity = t->capacity * 2 + (size_t)needed + 256;
    t->text = realloc(t->text, t->capacity);
    if (!t->text)
      transcript_die("out of memory");
  }
}

static inline void transcript_value(struct transcript *t, const struct parser *p, size_t channel, double value)
{
  if (channel >= parser_channels(p))
    transcript_die("a row names a channel that is not there");
  char number[40] = "nan";
  if (!isnan(value)) {
    snprintf(number, sizeof number, "%.15g", value);
    if (strtod(number, NULL) < value || strtod(number, NULL) > value)
      snprintf(number, sizeof number, "%.17g", value);
  }
  transcript_add(t, " %s=%s", parser_channel_name(p, channel), number);
}

static inline void transcript_event(struct transcript *t, const struct parser *p, enum parser_kind kind,
                                    const struct parser_event *event)
{
  if (kind != PARSER_ROW) {
    if (strlen(event->text) > PARSER_TEXT_MAX)
      transcript_die("a text is too long");
    transcript_add(t, "%c%llu %s: %s\n", kind == PARSER_REJECT ? '!' : '?', (unsigned long long)event->line,
                   event->text, event->why);
    return;
  }
  if (event->count == 0 || event->count > CHANNELS_MAX)
    transcript_die("a row has no value, or more than 64");
  uint64_t seen = 0;
  transcript_add(t, "%llu", (unsigned long long)event->index);
  for (size_t i = 0; i < event->count; i++) {
    uint64_t bit = UINT64_C(1) << event->channel[i];
    if (seen & bit)
      transcript_die("a channel comes twice in a row");
    seen |= bit;
    if (isinf(event->value[i]))
      transcript_die("an infinity is no gap");
    transcript_value(t, p, event->channel[i], event->value[i]);
  }
  if (event->time_ns != 0)
    transcript_add(t, " @%" PRId64, event->time_ns);
  transcript_add(t, "\n");
}

static inline size_t transcript_rows(struct transcript *t, struct parser *p)
{
  enum { ROWS = 7 };
  static double values[CHANNELS_MAX][ROWS];
  double *column[CHANNELS_MAX];
  const uint8_t *channel;
  uint64_t index;
  const size_t channels = parser_row_channels(p, &channel);
  for (size_t c = 0; c < channels; c++)
    column[c] = values[c];
  const size_t count = parser_rows(p, column, ROWS, &index);
  for (size_t i = 0; i < count; i++) {
    transcript_add(t, "%" PRIu64, index + i);
    for (size_t c = 0; c < channels; c++)
      transcript_value(t, p, channel[c], values[c][i]);
    transcript_add(t, "\n");
  }
  t->quick += count;
  return count;
}

static inline void transcript_drain(struct transcript *t, struct parser *p, bool rows)
{
  struct parser_event event;
  for (;;) {
    if (rows && transcript_rows(t, p) > 0)
      continue;
    enum parser_kind kind = parser_next(p, &event);
    if (kind == PARSER_MORE)
      return;
    transcript_event(t, p, kind, &event);
  }
}

/* Names unique, not empty, counters consistent. */
static inline void transcript_check(struct transcript *t, const struct parser *p)
{
  t->counts = parser_counts(p);
  t->channels = parser_channels(p);
  if (t->channels > CHANNELS_MAX || t->counts.fast > t->counts.numbers)
    transcript_die("too many channels or fast numbers");
  for (size_t i = 0; i < t->channels; i++) {
    const char *name = parser_channel_name(p, i);
    if (name[0] == '\0' || strlen(name) >= CHANNEL_NAME_MAX)
      transcript_die("a name is empty or too long");
    for (size_t k = 0; name[k]; k++)
      if ((unsigned char)name[k] < 0x20 || name[k] == 0x7F)
        transcript_die("a name has a control character");
    for (size_t k = 0; k < i; k++)
      if (strcmp(name, parser_channel_name(p, k)) == 0)
        transcript_die("two channels have one name");
  }
}

/* Parses the whole input, cut as told. Each piece is a copy of its own size, so that sanitizers see a read beyond. */
static inline struct transcript transcript_run(const struct parser_options *options, const char *input, size_t length,
                                               struct cutting cutting)
{
  struct transcript t = {.text = NULL};
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD,
          1 << 20); /* else a parser's untouched memory is zeroed each time, which takes milliseconds */
#endif
  struct parser *p = parser_new(options);
  if (!p)
    transcript_die("out of memory");
  size_t turn = 0;
  for (size_t at = 0; at < length;) {
    size_t size = cutting.step > 0 ? cutting.step : at == 0 && cutting.cut > 0 ? cutting.cut : length;
    if (cutting.random)
      size = cutting.random[turn++ % cutting.count];
    if (size > length - at)
      size = length - at;
    char *piece = malloc(size > 0 ? size : 1);
    if (!piece)
      transcript_die("out of memory");
    memcpy(piece, input + at, size);
    parser_feed(p, piece, size, 0);
    transcript_drain(&t, p, cutting.rows);
    free(piece);
    at += size;
  }
  parser_end(p);
  transcript_drain(&t, p, cutting.rows);
  transcript_check(&t, p);
  transcript_add(&t, "%s", "");
  parser_free(p);
  return t;
}

#endif
