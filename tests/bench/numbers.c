/*
 * Writes test signals to standard output, as fast as they are taken or at an even pace, so that the feed costs next to
 * nothing and is the same for every program measured.
 *
 *   numbers KIND COUNT [RATE [CHANNELS]]
 *
 * KIND: sine (5 periods in 1000 rows, within 9), noise (even, within 9.9), seq (1, 2, 3, ...), micro (%.6f).
 * COUNT rows, or 0 for no end. RATE rows a second, 0 for no pace; paced rows are written in bunches of what is due,
 * at most 1000 bunches a second, on absolute deadlines. CHANNELS columns, 1 unless said otherwise.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CACHE_ROWS = 100000, ROW_MAX = 256, BUNCHES = 1000 };
static const int64_t SECOND_NS = 1000000000;

struct text {
  char *bytes;
  size_t *end; /* of each row */
};

static uint64_t random_next(uint64_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static size_t put_row(char *out, const char *kind, uint64_t row, int channels, uint64_t *state)
{
  size_t length = 0;
  for (int c = 0; c < channels; c++) {
    double even = (double)(random_next(state) >> 11) * 0x1p-53;
    char *at = out + length;
    size_t room = ROW_MAX - length;
    int n;
    if (strcmp(kind, "sine") == 0)
      n = snprintf(at, room, "%.4f", 9 * sin((double)row * 6.283185307179586 / 200 + c));
    else if (strcmp(kind, "noise") == 0)
      n = snprintf(at, room, "%.4f", (even * 2 - 1) * 9.9);
    else if (strcmp(kind, "micro") == 0)
      n = snprintf(at, room, "%.6f", (even * 2 - 1) * 1000);
    else
      n = snprintf(at, room, "%" PRIu64, row + 1);
    length += (size_t)n;
    out[length++] = c + 1 < channels ? ' ' : '\n';
  }
  return length;
}

/* Rows as text, made once and repeated: at full speed printf would be what is measured. */
static struct text make_text(const char *kind, int channels)
{
  struct text t = {.bytes = malloc((size_t)CACHE_ROWS * ROW_MAX), .end = malloc(CACHE_ROWS * sizeof *t.end)};
  uint64_t state = 88172645463325252U;
  size_t length = 0;
  if (!t.bytes || !t.end) {
    fputs("numbers: out of memory\n", stderr);
    exit(1);
  }
  for (uint64_t row = 0; row < CACHE_ROWS; row++)
    t.end[row] = length += put_row(t.bytes + length, kind, row, channels, &state);
  return t;
}

static void write_all(const char *bytes, size_t length)
{
  while (length > 0) {
    ssize_t n = write(STDOUT_FILENO, bytes, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      exit(errno == EPIPE ? 0 : 1);
    bytes += n;
    length -= (size_t)n;
  }
}

static void write_rows(const struct text *t, uint64_t from, uint64_t to)
{
  while (from < to) {
    uint64_t begin = from % CACHE_ROWS;
    uint64_t end = begin + (to - from) < CACHE_ROWS ? begin + (to - from) : CACHE_ROWS;
    size_t start = begin ? t->end[begin - 1] : 0;
    write_all(t->bytes + start, t->end[end - 1] - start);
    from += end - begin;
  }
}

/* Counting needs each row anew. */
static void write_counting(uint64_t from, uint64_t to)
{
  static char buffer[1 << 16];
  size_t length = 0;
  for (uint64_t row = from; row < to; row++) {
    char digits[20];
    size_t n = 0;
    for (uint64_t rest = row + 1; rest > 0; rest /= 10)
      digits[n++] = (char)('0' + rest % 10);
    if (length + n + 1 > sizeof buffer) {
      write_all(buffer, length);
      length = 0;
    }
    while (n > 0)
      buffer[length++] = digits[--n];
    buffer[length++] = '\n';
  }
  write_all(buffer, length);
}

int main(int argc, char **argv)
{
  if (argc < 3) {
    fputs("usage: numbers sine|noise|seq|micro COUNT [RATE [CHANNELS]]\n", stderr);
    return 2;
  }
  uint64_t count = strtoull(argv[2], NULL, 10);
  double rate = argc > 3 ? strtod(argv[3], NULL) : 0;
  int channels = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 1;
  bool counting = strcmp(argv[1], "seq") == 0;
  uint64_t limit = count ? count : UINT64_MAX;
  struct text text = {0};
  if (!counting)
    text = make_text(argv[1], channels);
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  int64_t start_ns = start.tv_sec * SECOND_NS + start.tv_nsec;
  double bunches = rate > BUNCHES ? BUNCHES : rate;
  for (uint64_t row = 0, bunch = 1; row < limit; bunch++) {
    uint64_t to = rate > 0 ? (uint64_t)((double)bunch * rate / bunches) : row + CACHE_ROWS;
    to = to < limit ? to : limit;
    if (counting)
      write_counting(row, to);
    else
      write_rows(&text, row, to);
    row = to;
    if (rate > 0) {
      int64_t due = start_ns + (int64_t)((double)bunch * 1e9 / bunches);
      struct timespec deadline = {.tv_sec = due / SECOND_NS, .tv_nsec = due % SECOND_NS};
      while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL) == EINTR)
        continue;
    }
  }
  return 0;
}
