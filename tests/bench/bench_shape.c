/*
 * How many numbers a second the quick road of rows takes from memory: by the width of the numbers, and by the shape of
 * the rows; with what this processor has, and by the portable road. Rounds are interleaved, the best of each is printed.
 * Prints figures, judges nothing.
 *
 *   bench_shape [MIB] [ROUNDS]     size of each text, 8 unless said otherwise; 7 rounds
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/random.h"
#include "common/clock.h"
#include "scope/input/shape.h"

enum {
  READ = 256 * 1024, /* bytes that lie together, as after a read from a pipe */
  ROWS = 1024,       /* taken at once */
  LINE = 512,
};

/* A row to be: in its format each %N stands for a number printed by `number`. */
struct kind {
  const char *name;
  const char *number;
  const char *row; /* `@` is replaced by a number */
};

static const struct kind kinds[] = {
    {"integer of 1", "%1.0f", "@"},
    {"integer of 4", "%4.0f", "@"},
    {"integer of 8", "%8.0f", "@"},
    {"integer of 12", "%12.0f", "@"},
    {"integer of 16", "%16.0f", "@"},
    {"integer of 19", "%19.0f", "@"},
    {"%.1f within 10", "%.1f", "@"},
    {"%.4f within 10", "%.4f", "@"},
    {"%.6f within 10", "%.6f", "@"},
    {"%.12f within 10", "%.12f", "@"},
    {"%.17g within 10", "%.17g", "@"},
    {"%.5e", "%.5e", "@"},
    {"ten columns", "%.4f", "@ @ @ @ @ @ @ @ @ @"},
    {"CSV of four", "%.3f", "@,@,@,@"},
    {"labels", "%.3f", "a=@ b=@ c=@ d=@ e=@"},
    {"JSON", "%.3f", "{\"temp\":@,\"hum\":@,\"pressure\":@,\"volt\":@,\"amp\":@}"},
};

struct text {
  char *bytes;
  size_t length;
  uint64_t lines;
};

static volatile double sink; /* keeps the compiler from leaving the work out */

/* A number of the wanted width: that of `%8.0f` is the digits of a whole number; within 10 otherwise. */
static double make_number(const char *format, struct random *random)
{
  double even = random_unit(random);
  char *end;
  long width = strtol(format + 1, &end, 10);
  if (width > 0)
    return floor(pow(10, (double)width - 1) * (1 + 8.9 * even));
  return (even * 2 - 1) * 9.9;
}

static size_t make_line(char *out, const struct kind *kind, struct random *random, struct shape_span *spans,
                        size_t *count)
{
  size_t length = 0;
  *count = 0;
  for (const char *c = kind->row; *c; c++) {
    if (*c != '@') {
      out[length++] = *c;
      continue;
    }
    char number[64];
    /* The formats stand above, and are a double's. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int n = snprintf(number, sizeof number, kind->number, make_number(kind->number, random));
#pragma GCC diagnostic pop
    memcpy(out + length, number, (size_t)n);
    spans[(*count)++] =
        (struct shape_span){.start = length, .length = (size_t)n, .kind = SHAPE_VALUE, .limit = INFINITY};
    length += (size_t)n;
  }
  return length;
}

static struct text make_text(const struct kind *kind, size_t size, struct shape *shape)
{
  struct text text = {.bytes = malloc(size + LINE)};
  struct random random = random_seeded(11);
  if (!text.bytes)
    return text;
  while (text.length < size) {
    struct shape_span spans[SHAPE_VALUES];
    size_t count;
    size_t length = make_line(text.bytes + text.length, kind, &random, spans, &count);
    if (text.lines++ == 0 && !shape_build(shape, 0, text.bytes, length, spans, count))
      text.lines = 0;
    text.length += length;
    text.bytes[text.length++] = '\n';
  }
  return text;
}

/* Seconds for the whole text; 0 when not all of its lines were taken. */
static double run(const struct text *text, const struct shape *shape)
{
  static double values[SHAPE_VALUES][ROWS];
  double *column[SHAPE_VALUES];
  for (size_t i = 0; i < SHAPE_VALUES; i++)
    column[i] = values[i];
  int64_t start = clock_now_ns();
  const char *at = text->bytes;
  const char *end = at + text->length;
  uint64_t taken = 0;
  double sum = 0;
  while (at < end) {
    /* What a read brings ends within a line, which then waits for its rest. */
    const char *fed = end - at > READ ? at + READ : end;
    const char *complete = (const char *)memrchr(at, '\n', (size_t)(fed - at)) + 1;
    size_t rows = 1;
    while (at < complete && rows > 0) {
      at = shape_match(shape, &(struct shape_input){text->bytes, at, complete, fed}, ROWS, column, &rows);
      sum += values[0][0];
      taken += rows;
    }
    if (rows == 0)
      return 0;
  }
  sink = sum;
  return taken == text->lines ? (double)(clock_now_ns() - start) * 1e-9 : 0;
}

int main(int argc, char **argv)
{
  size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 8) << 20;
  size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 7;
  if (size == 0 || rounds == 0) {
    fputs("bench_shape: MIB and ROUNDS must be 1 or more\n", stderr);
    return 2;
  }
  printf("%-16s %12s %12s   (million numbers a second, GB a second)\n", "numbers", "best road", "portable");
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    static struct shape shape;
    struct text text = make_text(&kinds[i], size, &shape);
    if (text.lines == 0) {
      fprintf(stderr, "bench_shape: %s: %s\n", kinds[i].name, text.bytes ? "no shape" : "out of memory");
      free(text.bytes);
      return 1;
    }
    double best[2] = {INFINITY, INFINITY};
    for (size_t round = 0; round < 2 * rounds; round++) {
      shape.portable = round % 2 == 1;
      double seconds = run(&text, &shape);
      if (seconds <= 0) {
        fprintf(stderr, "bench_shape: %s: a line was not taken\n", kinds[i].name);
        return 1;
      }
      best[round % 2] = fmin(best[round % 2], seconds);
    }
    double numbers = (double)text.lines * (double)shape.values * 1e-6;
    printf("%-16s %7.1f %4.1f %7.1f %4.1f\n", kinds[i].name, numbers / best[0], (double)text.length / best[0] * 1e-9,
           numbers / best[1], (double)text.length / best[1] * 1e-9);
    free(text.bytes);
  }
  return 0;
}
