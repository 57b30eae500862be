/*
 * How many numbers a second the parser takes from memory, beside two loops that anybody would write: one that sums
 * digits, one around strtod. Rounds are interleaved, so that a busy machine slows all of them; the median is printed.
 * Prints figures, judges nothing.
 *
 *   bench_parse [MIB] [ROUNDS]     size of each input, 16 unless said otherwise; 7 rounds
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/random.h"
#include "common/clock.h"
#include "scope/input/parser.h"

enum {
  READ = 65536, /* bytes that a feed has, as a read from a pipe */
  ROUNDS_MAX = 31,
  BLOCK = 1024,
};

struct text {
  char *bytes;
  size_t length;
};

struct figure {
  double seconds;
  uint64_t numbers;
  double share; /* of numbers that took the fast road */
};

/* The sums keep the compiler from leaving the loops out. */
static volatile double sink;

static struct figure run_digits(const struct text *text)
{
  static const double scale[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
  struct figure figure = {.share = 1};
  int64_t start = clock_now_ns();
  const char *at = text->bytes;
  const char *end = at + text->length;
  double sum = 0;
  while (at < end) {
    bool negative = *at == '-';
    at += negative;
    if (*at < '0' || *at > '9') {
      at++;
      continue;
    }
    uint64_t value = 0;
    size_t places = 0;
    for (; *at >= '0' && *at <= '9'; at++)
      value = value * 10 + (uint64_t)(*at - '0');
    if (*at == '.')
      for (at++; *at >= '0' && *at <= '9' && places < 19; at++, places++)
        value = value * 10 + (uint64_t)(*at - '0');
    double number = (double)value / scale[places];
    sum += negative ? -number : number;
    figure.numbers++;
  }
  sink = sum;
  figure.seconds = (double)(clock_now_ns() - start) * 1e-9;
  return figure;
}

static struct figure run_strtod(const struct text *text)
{
  struct figure figure = {.share = 0};
  int64_t start = clock_now_ns();
  const char *at = text->bytes;
  const char *end = at + text->length;
  double sum = 0;
  while (at < end) {
    if (*at != '-' && (*at < '0' || *at > '9')) {
      at++;
      continue;
    }
    char *behind;
    sum += strtod(at, &behind);
    at = behind > at ? behind : at + 1;
    figure.numbers++;
  }
  sink = sum;
  figure.seconds = (double)(clock_now_ns() - start) * 1e-9;
  return figure;
}

static struct figure run_parser(const struct text *text)
{
  static double values[CHANNELS_MAX][BLOCK];
  double *column[CHANNELS_MAX];
  struct parser_options options = {.only = NULL};
  struct parser *parser = parser_new(&options);
  if (!parser)
    return (struct figure){.seconds = 1};
  int64_t start = clock_now_ns();
  double sum = 0;
  struct parser_event event;
  for (size_t c = 0; c < CHANNELS_MAX; c++)
    column[c] = values[c];
  for (size_t at = 0; at < text->length; at += READ) {
    size_t length = text->length - at < READ ? text->length - at : READ;
    parser_feed(parser, text->bytes + at, length, 0);
    for (;;) {
      const uint8_t *channel;
      uint64_t index;
      const size_t channels = parser_row_channels(parser, &channel);
      const size_t count = parser_rows(parser, column, BLOCK, &index);
      for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < count; i++)
          sum += values[c][i];
      if (count > 0)
        continue;
      enum parser_kind kind = parser_next(parser, &event);
      if (kind == PARSER_MORE)
        break;
      for (size_t i = 0; kind == PARSER_ROW && i < event.count; i++)
        sum += event.value[i];
    }
  }
  sink = sum;
  struct figure figure = {.seconds = (double)(clock_now_ns() - start) * 1e-9};
  struct parser_counts counts = parser_counts(parser);
  figure.numbers = counts.numbers;
  figure.share = counts.numbers > 0 ? (double)counts.fast / (double)counts.numbers : 0;
  parser_free(parser);
  return figure;
}

/* The n-th line of an input, at most 255 bytes; returns its length. */
static size_t make_line(char *out, const char *kind, struct random *random, uint64_t n)
{
  double value = (random_unit(random) - 0.5) * 20;
  int length = 0;
  if (strcmp(kind, "seq") == 0)
    length = snprintf(out, 256, "%llu\n", (unsigned long long)n + 1);
  else if (strcmp(kind, "%.6f") == 0)
    length = snprintf(out, 256, "%.6f\n", value);
  else if (strcmp(kind, "%.17g") == 0)
    length = snprintf(out, 256, "%.17g\n", value);
  else if (strcmp(kind, "ping") == 0)
    length = snprintf(out, 256, "64 bytes from localhost (::1): icmp_seq=%llu ttl=64 time=%.3f ms\n",
                      (unsigned long long)n + 1, random_unit(random));
  else if (strcmp(kind, "vmstat") == 0)
    length = snprintf(out, 256, " %llu  0      0 %llu   1376 110760    0    0   %3d   391  131  %3d  2  1 97  0  0\n",
                      (unsigned long long)random_below(random, 9), 24497816ULL + (unsigned long long)n % 9999,
                      (int)random_below(random, 999), (int)random_below(random, 999));
  else
    length = snprintf(out, 256, "%llu,%.3f,%.2f,%.4f\n", (unsigned long long)n, value, value * 3, value / 7);
  return (size_t)length;
}

static struct text make_text(const char *kind, size_t size)
{
  struct text text = {.bytes = malloc(size + 512)};
  if (!text.bytes)
    return text;
  struct random random = random_seeded(7);
  for (uint64_t n = 0; text.length < size; n++)
    text.length += make_line(text.bytes + text.length, kind, &random, n);
  text.bytes[text.length] = '\0';
  return text;
}

static int compare(const void *a, const void *b)
{
  const struct figure *x = a;
  const struct figure *y = b;
  return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

static struct figure median(struct figure *figures, size_t count)
{
  qsort(figures, count, sizeof *figures, compare);
  return figures[count / 2];
}

static double millions(struct figure figure)
{
  return figure.seconds > 0 ? (double)figure.numbers / figure.seconds * 1e-6 : 0;
}

int main(int argc, char **argv)
{
  static const char *const kinds[] = {"seq", "%.6f", "%.17g", "ping", "vmstat", "csv"};
  size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 16) << 20;
  size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 7;
  if (size == 0 || rounds == 0 || rounds > ROUNDS_MAX) {
    fputs("bench_parse: MIB must be 1 or more, ROUNDS 1 to 31\n", stderr);
    return 2;
  }
  printf("million numbers a second\n%-8s %9s %9s %9s %8s %8s %7s %7s\n", "input", "digits", "strtod", "parser",
         "/digits", "/strtod", "ns", "fast");
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    struct text text = make_text(kinds[i], size);
    if (!text.bytes) {
      fputs("bench_parse: out of memory\n", stderr);
      return 1;
    }
    struct figure digits[ROUNDS_MAX];
    struct figure library[ROUNDS_MAX];
    struct figure parser[ROUNDS_MAX];
    for (size_t round = 0; round < rounds; round++) {
      digits[round] = run_digits(&text);
      library[round] = run_strtod(&text);
      parser[round] = run_parser(&text);
    }
    struct figure d = median(digits, rounds);
    struct figure s = median(library, rounds);
    struct figure p = median(parser, rounds);
    printf("%-8s %9.1f %9.1f %9.1f %8.2f %8.2f %7.1f %6.2f%%\n", kinds[i], millions(d), millions(s), millions(p),
           millions(p) / millions(d), millions(p) / millions(s), 1e3 / millions(p), p.share * 100);
    free(text.bytes);
  }
  return 0;
}
