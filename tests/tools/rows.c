/*
 * What the reader of rows makes of standard input, event by event, for tests and for a look at a strange input.
 *
 *     rows [OPTION]... < FILE
 *
 *     -o NAMES  --only            -n NAMES  --names         -k NAME  --key
 *     -s C      --separator       -c s|d|t  --comma         -t NAME  --time-column     -u s|m|u|n  --time-unit
 *     -S N      --skip            -T        a terminal      -f       a regular file
 *     -p N      fed in pieces of N bytes (0: in one)        -r SEED  fed in pieces of random sizes
 *     -q        no figures at the end                       -C       parser_rows before parser_next
 *     -l        line numbers for the numbers of data rows   -B       many inputs: each a length in decimal, LF, and so
 *                                                                    many bytes; what comes of it ends with a line `.`
 *
 *     0 a=1 b=nan @5000000000   data row 0, and its time where a time column is asked for
 *     !3 x: is not a number     line 3 was rejected
 *     ?4 1,234: is taken ...    something said of line 4
 */
#include <inttypes.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../unit/random.h"
#include "scope/input/parser.h"

static void print_value(const struct parser *p, size_t channel, double value)
{
  char number[40] = "nan";
  if (!isnan(value)) {
    snprintf(number, sizeof number, "%.15g", value);
    if (strtod(number, NULL) < value || strtod(number, NULL) > value)
      snprintf(number, sizeof number, "%.17g", value);
  }
  printf(" %s=%s", parser_channel_name(p, channel), number);
}

/* By the quick road; how many. */
static size_t take_rows(struct parser *p)
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
    printf("%" PRIu64, index + i);
    for (size_t c = 0; c < channels; c++)
      print_value(p, channel[c], values[c][i]);
    putchar('\n');
  }
  return count;
}

static void drain(struct parser *p, bool timed, bool quick, bool lines)
{
  struct parser_event event;
  for (;;) {
    const size_t count = quick ? take_rows(p) : 0;
    if (count > 0)
      continue;
    enum parser_kind kind = parser_next(p, &event);
    if (kind == PARSER_MORE)
      return;
    if (kind != PARSER_ROW) {
      printf("%c%" PRIu64 " %s: %s\n", kind == PARSER_REJECT ? '!' : '?', event.line, event.text, event.why);
      continue;
    }
    printf("%" PRIu64, lines ? event.line : event.index);
    for (size_t i = 0; i < event.count; i++)
      print_value(p, event.channel[i], event.value[i]);
    if (timed)
      printf(" @%" PRId64, event.time_ns);
    putchar('\n');
  }
}

static char *read_all(size_t *length)
{
  size_t size = 1 << 16;
  char *bytes = malloc(size);
  *length = 0;
  while (bytes) {
    size_t n = fread(bytes + *length, 1, size - *length, stdin);
    *length += n;
    if (n == 0)
      return bytes;
    if (*length == size) {
      char *more = realloc(bytes, size *= 2);
      if (!more)
        free(bytes);
      bytes = more;
    }
  }
  return NULL;
}

/* Inputs one after the other, each by a parser of its own. */
static int read_many(const struct parser_options *options, bool by_line)
{
  char line[32];
  /* A parser is large and mostly untouched: from the heap, calloc would clear all of it each time. */
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  while (fgets(line, sizeof line, stdin)) {
    const size_t length = strtoul(line, NULL, 10);
    char *bytes = malloc(length > 0 ? length : 1);
    struct parser *p = parser_new(options);
    if (bytes && p && fread(bytes, 1, length, stdin) == length) {
      parser_feed(p, bytes, length, 0);
      drain(p, options->time_column != NULL, false, by_line);
      parser_end(p);
      drain(p, options->time_column != NULL, false, by_line);
    }
    puts(".");
    fflush(stdout);
    parser_free(p);
    free(bytes);
  }
  return 0;
}

int main(int argc, char **argv)
{
  struct parser_options options = {.terminal = false};
  size_t piece = 0;
  uint64_t seed = 0;
  bool quiet = false;
  bool quick = false;
  bool by_line = false;
  bool many = false;
  int option;
  while ((option = getopt(argc, argv, "o:n:k:s:c:t:u:S:p:r:TfqClB")) != -1) {
    switch (option) {
    case 'o':
      options.only = optarg;
      break;
    case 'n':
      options.names = optarg;
      break;
    case 'k':
      options.key = optarg;
      break;
    case 's':
      options.separator = optarg[0];
      break;
    case 'c':
      options.comma = optarg[0] == 's'   ? PARSER_COMMA_SEPARATOR
                      : optarg[0] == 'd' ? PARSER_COMMA_DECIMAL
                                         : PARSER_COMMA_THOUSANDS;
      break;
    case 't':
      options.time_column = optarg;
      break;
    case 'u':
      options.time_unit = optarg[0] == 's'   ? PARSER_UNIT_S
                          : optarg[0] == 'm' ? PARSER_UNIT_MS
                          : optarg[0] == 'u' ? PARSER_UNIT_US
                                             : PARSER_UNIT_NS;
      break;
    case 'S':
      options.skip = strtoull(optarg, NULL, 10);
      break;
    case 'p':
      piece = strtoul(optarg, NULL, 10);
      break;
    case 'r':
      seed = strtoull(optarg, NULL, 10) + 1;
      break;
    case 'T':
      options.terminal = true;
      break;
    case 'f':
      options.regular = true;
      break;
    case 'q':
      quiet = true;
      break;
    case 'C':
      quick = true;
      break;
    case 'l':
      by_line = true;
      break;
    case 'B':
      many = true;
      break;
    default:
      return 2;
    }
  }
  if (many)
    return read_many(&options, by_line);
  size_t length;
  char *bytes = read_all(&length);
  struct parser *p = parser_new(&options);
  if (!bytes || !p) {
    fputs("rows: out of memory\n", stderr);
    free(bytes);
    parser_free(p);
    return 1;
  }
  struct random random = random_seeded(seed);
  for (size_t at = 0; at < length;) {
    size_t size = piece > 0 ? piece : length;
    if (seed > 0)
      size = 1 + random_below(&random, random_once_in(&random, 4) ? 70000 : 40);
    if (size > length - at)
      size = length - at;
    char *copy = malloc(size); /* of its own size, so that sanitizers see a read beyond */
    if (!copy)
      return 1;
    memcpy(copy, bytes + at, size);
    parser_feed(p, copy, size, (int64_t)at);
    drain(p, options.time_column != NULL, quick, by_line);
    free(copy);
    at += size;
  }
  parser_end(p);
  drain(p, options.time_column != NULL, quick, by_line);
  char missing[512];
  if (!quiet) {
    struct parser_counts counts = parser_counts(p);
    for (size_t i = 0; i < parser_channels(p); i++)
      printf("= %s [%s] %s\n", parser_channel_name(p, i), parser_channel_unit(p, i), parser_channel_path(p, i));
    if (parser_missing(p, missing, sizeof missing))
      printf("= %s\n", missing);
    printf("= lines %" PRIu64 " rows %" PRIu64 " samples %" PRIu64 " rejected %" PRIu64 " numbers %" PRIu64
           " fast %" PRIu64 "\n",
           counts.lines, counts.rows, counts.samples, counts.rejected, counts.numbers, counts.fast);
  }
  parser_free(p);
  free(bytes);
  return 0;
}
