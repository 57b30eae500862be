/*
 * Shapes of rows against a slow matcher: the same lines are taken, by both roads, with the same values, however many are
 * asked for at once and wherever the input is cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "guarded.h"
#include "random.h"
#include "scope/input/shape.h"
#include "scope/input/shape_model.h"
#include "written_number.h"

/* Takes all rows that match from `at` on, by pieces of at most max_rows, and compares them with the slow matcher's. */
static const char *check_run(const struct sample *s, const struct shape *shape, const char *begin, const char *at,
                             const char *complete, const char *end, size_t max_rows)
{
  static double storage[SPANS][ROWS];
  double *column[SPANS];
  for (size_t i = 0; i < SPANS; i++)
    column[i] = storage[i];
  for (;;) {
    size_t rows;
    const struct shape_input in = {begin, at, complete, end};
    const char *behind = shape_match(shape, &in, max_rows, column, &rows);
    assert_true(rows <= max_rows);
    for (size_t r = 0; r <= rows; r++) {
      if (at == complete || (r == rows && rows == max_rows))
        break;
      static char line[TEXT + 1];
      const char *newline = memchr(at, '\n', (size_t)(complete - at));
      assert_non_null(newline);
      memcpy(line, at, (size_t)(newline - at));
      line[newline - at] = '\0';
      double values[SPANS];
      bool matches = slow_match(s, line, values);
      if (matches != (r < rows))
        fail_msg("'%s' %s by the shape of '%.*s', flags %u, portable %d", line, matches ? "not taken" : "taken",
                 (int)s->length, s->line, s->flags, shape->portable);
      if (r == rows)
        break;
      for (size_t v = 0; v < shape->values; v++)
        if (number_bits(values[v]) != number_bits(storage[v][r]))
          fail_msg("value %zu of '%s' is %a, not %a", v, line, storage[v][r], values[v]);
      at = newline + 1;
    }
    assert_ptr_equal(behind, at);
    if (rows < max_rows)
      return at;
  }
}

/* What stands from begin to bytes may be read, and means nothing. */
static void check_text(const struct sample *s, struct shape *shape, const char *begin, const char *bytes, size_t length,
                       size_t max_rows)
{
  for (int road = 0; road < 2; road++) {
    shape->portable = road == 1;
    const char *at = bytes;
    const char *end = bytes + length;
    while (at < end) {
      at = check_run(s, shape, begin, at, end, end, max_rows);
      if (at < end)
        at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1; /* the ordinary road takes this one */
    }
  }
}

static void test_random_rows(void **state)
{
  (void)state;
  struct guarded page = guarded_new(TEXT);
  assert_non_null(page.bytes);
  static char text[TEXT];
  static struct shape shape;
  struct random random = random_seeded(21);
  size_t built = 0;
  for (int i = 0; i < ROUNDS; i++) {
    struct sample sample;
    if (!make_sample(&random, &sample, &shape))
      continue;
    built++;
    size_t length = 0;
    for (size_t rows = 1 + random_below(&random, random_once_in(&random, 4) ? 400 : 80);
         rows > 0 && length < TEXT - 2000; rows--)
      length += make_row(&random, &sample, text + length);
    char *at = random_once_in(&random, 2) ? page.bytes + page.size - length : page.bytes;
    memcpy(at, text, length);
    const char *begin = random_once_in(&random, 3) ? at : page.bytes;
    check_text(&sample, &shape, begin, at, length, 1 + random_below(&random, ROWS));
  }
  assert_true(built > ROUNDS / 10);
  guarded_free(&page);
}

/* Sample rows of everyday streams are taken whole, by both roads, with every cut of the input. */
static void test_every_cut(void **state)
{
  (void)state;
  static const char *const streams[] = {"1\n-2.5\n33\n4\r\n", "a=1.5 b=-2\na=2.25 b=3\n", "1,2.5\n3,4e5\n5,-6\n"};
  static const struct sample samples[] = {
      {.line = "1",
       .length = 1,
       .count = 1,
       .spans = {{.start = 0, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY}}},
      {.line = "a=1 b=2",
       .length = 7,
       .count = 2,
       .spans = {{.start = 2, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY},
                 {.start = 6, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY}}},
      {.line = "1,2",
       .length = 3,
       .count = 2,
       .spans = {{.start = 0, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY},
                 {.start = 2, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY}}},
  };
  for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
    static struct shape shape;
    const struct sample *s = &samples[i];
    assert_true(shape_build(&shape, s->flags, s->line, s->length, s->spans, s->count));
    size_t length = strlen(streams[i]);
    for (size_t cut = 0; cut <= length; cut++) {
      const char *newline = memrchr(streams[i], '\n', cut);
      const char *complete = newline ? newline + 1 : streams[i];
      /* A copy of its own size, for the address sanitizer. */
      char *first = malloc(cut > 0 ? cut : 1);
      assert_non_null(first);
      memcpy(first, streams[i], cut);
      size_t whole = (size_t)(complete - streams[i]);
      for (int road = 0; road < 2; road++) {
        shape.portable = road == 1;
        assert_ptr_equal(check_run(s, &shape, first, first, first + whole, first + cut, ROWS), first + whole);
        const char *end = streams[i] + length;
        assert_ptr_equal(check_run(s, &shape, streams[i], complete, end, end, ROWS), end);
      }
      free(first);
    }
  }
}

static bool builds(unsigned flags, const char *line, size_t start, size_t length, enum shape_kind kind)
{
  static struct shape shape;
  const struct shape_span span = {.start = start, .length = length, .kind = kind, .limit = (double)INFINITY};
  bool built = shape_build(&shape, flags, line, strlen(line), &span, 1);
  assert_int_equal(shape.values, built && kind == SHAPE_VALUE ? 1 : 0);
  return built;
}

static void test_what_has_no_shape(void **state)
{
  (void)state;
  assert_true(builds(0, "5", 0, 1, SHAPE_VALUE));
  assert_true(builds(0, "a=5ms", 2, 1, SHAPE_VALUE));
  assert_true(builds(0, "a=5eV", 2, 1, SHAPE_VALUE));
  assert_false(builds(0, "a=5e7", 2, 1, SHAPE_VALUE)); /* the number goes on */
  assert_false(builds(0, "a=5e-", 2, 1, SHAPE_VALUE));
  assert_false(builds(0, "a=55", 2, 1, SHAPE_VALUE));
  assert_false(builds(0, "a=0x5", 2, 1, SHAPE_VALUE));
  assert_false(builds(0, "a=0x5", 2, 3, SHAPE_VALUE)); /* hexadecimal */
  assert_false(builds(0, "a=nan", 2, 3, SHAPE_VALUE));
  assert_false(builds(0, "a=5", 2, 0, SHAPE_VALUE));
  assert_false(builds(0, "a=5", 2, 2, SHAPE_VALUE));
  assert_false(builds(0, "a=5", 3, 1, SHAPE_VALUE));
  assert_false(builds(0, "12345678901234567890", 0, 20, SHAPE_VALUE));
  assert_false(builds(0, "eth0", 0, 4, SHAPE_WORD)); /* nothing to take */
  assert_false(builds(0, "5\n", 0, 1, SHAPE_VALUE));
  assert_false(builds(0, "5\r", 0, 1, SHAPE_VALUE));
  static char line[SHAPE_TEXT_MAX + 8];
  memset(line, ' ', sizeof line - 1);
  line[0] = '5';
  assert_false(builds(SHAPE_SPACES, line, 0, 1, SHAPE_VALUE));
  static struct shape shape;
  struct shape_span spans[SHAPE_VALUES + 1];
  for (size_t i = 0; i <= SHAPE_VALUES; i++) {
    spans[i] = (struct shape_span){.start = 2 * i, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY};
    line[2 * i] = '7';
  }
  assert_true(shape_build(&shape, 0, line, 2 * SHAPE_VALUES - 1, spans, SHAPE_VALUES));
  assert_false(shape_build(&shape, 0, line, 2 * SHAPE_VALUES + 1, spans, SHAPE_VALUES + 1));
}

/* Rows of which many are alike: see sample_of. */
static const struct {
  const char *row;
  unsigned flags;
} alike[] = {
    {"@", 0},
    {"@,@,@", SHAPE_SPACES},
    {"@,@,@", SHAPE_SPACES | SHAPE_GROUPED},
    {"@;@;@;", 0},
    {"temperature=@ hum_outside=@", 0},
    {"a=@ 1234567890ABCD=@!", 0},
    {"ch1=@ ch2=@ x3", SHAPE_SPACES},
    {"4 a @ 5.6 b7.", 0},
    {"{\"temp\": @, \"humidity\": @}", 0},
    {"> @ > @", SHAPE_SPACES},
};

/* A sample of the row in which each `@` stands for a number of its own. */
static struct sample sample_of(const char *row, unsigned flags)
{
  struct sample s = {.flags = flags};
  for (const char *c = row; *c; c++) {
    if (*c != '@') {
      s.line[s.length++] = *c;
      continue;
    }
    const size_t n = (size_t)sprintf(s.line + s.length, "%zu.25", 1234 + s.count);
    s.spans[s.count++] = (struct shape_span){
        .start = s.length, .length = n, .kind = SHAPE_VALUE, .limit = (double)INFINITY, .padded = *row == '>'};
    s.length += n;
  }
  return s;
}

/* Many rows of the sample, of one length: their numbers differ in their last digits. */
static size_t alike_rows(const struct sample *s, size_t rows, const char *newline, char *out)
{
  size_t n = 0;
  for (size_t r = 0; r < rows; r++) {
    memcpy(out + n, s->line, s->length);
    for (size_t i = 0; i < s->count; i++) {
      out[n + s->spans[i].start] = r % 3 == 0 ? '-' : '8';
      out[n + s->spans[i].start + s->spans[i].length - 1] = (char)('0' + (r + i) % 10);
    }
    n += s->length;
    n += (size_t)sprintf(out + n, "%s", newline);
  }
  return n;
}

/* Among rows that are alike, one with another byte somewhere, or one less, or one more. */
static void test_one_byte_among_alike(void **state)
{
  (void)state;
  enum { ALIKE = 14, BEFORE = 24 };
  static const char bytes[] = "05.,-+ex \t:=\"\r\n";
  for (size_t k = 0; k < sizeof alike / sizeof alike[0]; k++) {
    static struct shape shape;
    static char text[ALIKE * 64];
    static char begin[BEFORE + ALIKE * 64 + 1] = "1.5,2.5\n"; /* its end may be looked at */
    char *const altered = begin + BEFORE;
    const struct sample s = sample_of(alike[k].row, alike[k].flags);
    assert_true(shape_build(&shape, s.flags, s.line, s.length, s.spans, s.count));
    const size_t length = alike_rows(&s, ALIKE, k % 2 == 0 ? "\n" : "\r\n", text);
    check_text(&s, &shape, text, text, length, ROWS);
    const size_t row = length / ALIKE;
    for (size_t at = 0; at < length - 1; at++) {
      if (at / row > 0 && at / row != ALIKE / 2 && at / row + 1 < ALIKE)
        continue; /* what holds of one row between others, holds of all */
      memcpy(altered, text, length);
      memmove(altered + at, text + at + 1, length - at - 1);
      check_text(&s, &shape, begin, altered, length - 1, ROWS);
      memcpy(altered, text, at);
      for (size_t b = 0; b < sizeof bytes - 1; b++) {
        altered[at] = bytes[b];
        memcpy(altered + at + 1, text + at + 1, length - at - 1);
        check_text(&s, &shape, begin, altered, length, ROWS);
        memcpy(altered + at + 1, text + at, length - at);
        check_text(&s, &shape, begin, altered, length + 1, ROWS);
      }
    }
  }
}

/*
 * Among rows that are alike, one with another number, which may be none: wherever it stands, the rows before it are taken,
 * and those behind it with their own values.
 */
static void test_one_number_among_alike(void **state)
{
  (void)state;
  enum { ALIKE = 90, STEP = 9, BEFORE = 24 };
  static const char *const numbers[] = {"1.2.3", "-.", "12345678901234567", "12345678901234567890", "1e5"};
  for (size_t k = 0; k < sizeof alike / sizeof alike[0] * sizeof numbers / sizeof numbers[0]; k++) {
    static struct shape shape;
    static char text[ALIKE * 64];
    static char begin[BEFORE + sizeof text + 64] = "1.5,2.5\n"; /* its end may be looked at */
    char *const altered = begin + BEFORE;
    const char *number = numbers[k % (sizeof numbers / sizeof numbers[0])];
    const size_t kind = k / (sizeof numbers / sizeof numbers[0]);
    struct sample s = sample_of(alike[kind].row, alike[kind].flags);
    s.spans[s.count - 1].limit = kind % 2 == 0 ? 1e16 : (double)INFINITY;
    assert_true(shape_build(&shape, s.flags, s.line, s.length, s.spans, s.count));
    const size_t length = alike_rows(&s, ALIKE, "\n", text);
    const struct shape_span *last = &s.spans[s.count - 1];
    for (size_t row = k % STEP; row < ALIKE; row += STEP) {
      const size_t at = row * (length / ALIKE) + last->start;
      const size_t behind = at + last->length;
      memcpy(altered, text, at);
      memcpy(altered + at, number, strlen(number));
      memcpy(altered + at + strlen(number), text + behind, length - behind);
      check_text(&s, &shape, begin, altered, length - last->length + strlen(number), ROWS);
    }
  }
}

/* `1 2` and then `3`, 70,000 blanks, `4`: such a line is too long for anybody, whatever stands in it. */
static void test_lines_have_a_limit(void **state)
{
  (void)state;
  static char bytes[SHAPE_LINE_MAX + 128]; /* more than the line: what was fed goes on */
  for (int kind = 0; kind < 3; kind++)
    for (size_t length = SHAPE_LINE_MAX - 2; length <= SHAPE_LINE_MAX + 2; length++)
      for (int road = 0; road < 2; road++) {
        const int columns = kind == 0 ? 1 : 2; /* one, two far apart, two with blanks behind them */
        struct sample sample = {.flags = SHAPE_SPACES, .count = (size_t)columns};
        put(&sample, "1 2", columns == 1 ? 1 : 3);
        sample.spans[0] = (struct shape_span){.start = 0, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY};
        sample.spans[1] = (struct shape_span){.start = 2, .length = 1, .kind = SHAPE_VALUE, .limit = (double)INFINITY};
        static struct shape shape;
        assert_true(shape_build(&shape, sample.flags, sample.line, sample.length, sample.spans, sample.count));
        shape.portable = road == 1;
        memset(bytes, ' ', length);
        bytes[0] = '3';
        if (columns == 2)
          bytes[kind == 1 ? length - 1 : 2] = '4';
        bytes[length] = '\n';
        double value[2];
        double *column[] = {&value[0], &value[1]};
        size_t rows;
        const struct shape_input in = {bytes, bytes, bytes + length + 1, bytes + sizeof bytes};
        shape_match(&shape, &in, 1, column, &rows);
        assert_int_equal(rows, length <= SHAPE_LINE_MAX);
      }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_has_no_shape),    cmocka_unit_test(test_every_cut),
      cmocka_unit_test(test_one_byte_among_alike), cmocka_unit_test(test_one_number_among_alike),
      cmocka_unit_test(test_lines_have_a_limit),   cmocka_unit_test(test_random_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
