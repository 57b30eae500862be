/*
 * parser: properties that hold for any input. However it is cut, and by whichever of parser_next and parser_rows it
 * is taken, the same comes out; and columns of random numbers come out as strtod reads them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "transcript.h"

static const char corpus[] =
    "procs ---memory---\n r  b swpd\n 1  0    5\n 2 0 6\nprocs ---memory---\n r b swpd\n"
    "64 bytes from localhost (::1): icmp_seq=1 ttl=64 time=0.045 ms\n\n# comment\n--- statistics ---\n"
    "{\"a\":1.5,\"b\":null,\"s\":\"x, y\",\"t\":\"12:00:01\"}\r\n1,,3\n1 , 2 ;3,\n,\n\"quoted 5\n'q r': 7\n"
    "1.5\n-2.25\n 3\n0x1F\n1e400\n1e5\n.5\n5.\n12345678901234567890\n0.12345678901234567\nnan\n5 \n6\t\r\n7 \r8\n"
    "2026-11-22 09:08:00,1,2\n12:30:01 PM 2 3\na=1ms\na=1us\na = 1 b : 2 c: x d\n\xFF\xFE "
    "\x01\n5+6\n1\n2\n3\n4\n5\n6\n7\n8\n9\n";

static const struct parser_options variants[] = {
    {.only = NULL},
    {.terminal = true},
    {.only = "a,2,time"},
    {.names = "x,,y,x"},
    {.time_column = "1"},
    {.only = "1"},
    {.names = "a,b", .only = "b", .time_column = "b"},
};

enum { VARIANTS = sizeof variants / sizeof variants[0] };

static void assert_same(const struct parser_options *options, const char *input, size_t length, const char *wanted,
                        struct cutting cutting)
{
  struct transcript t = transcript_run(options, input, length, cutting);
  assert_string_equal(t.text, wanted);
  free(t.text);
}

static void test_every_split_of_the_corpus(void **state)
{
  (void)state;
  size_t length = sizeof corpus - 1;
  for (size_t v = 0; v < VARIANTS; v++) {
    struct transcript whole = transcript_run(&variants[v], corpus, length, (struct cutting){.step = 0});
    for (size_t cut = 1; cut < length; cut += SCALED(3, 17))
      assert_same(&variants[v], corpus, length, whole.text, (struct cutting){.cut = cut, .rows = cut % 2 == 0});
    for (size_t step = 1; step < 70; step += SCALED(1, 3))
      assert_same(&variants[v], corpus, length, whole.text, (struct cutting){.step = step, .rows = step % 2 == 1});
    free(whole.text);
  }
}

/* Lines out of pieces that mean something, so that most rows get past the first check. */
static size_t make_input(struct random *random, char *out, size_t size)
{
  static const char *const pieces[] = {"1",
                                       "2.5",
                                       "-3e2",
                                       "nan",
                                       "NA",
                                       "-",
                                       "a=1",
                                       "b:2",
                                       "c: 3",
                                       "d = 4",
                                       "\"e\": 5",
                                       "word",
                                       "x",
                                       "12:30:01",
                                       "2026-11-22",
                                       ",",
                                       ";",
                                       " ",
                                       "\t",
                                       "{",
                                       "]",
                                       "\"",
                                       "'",
                                       "\\",
                                       "=",
                                       ":",
                                       "\r",
                                       "\n",
                                       "\n",
                                       "\n",
                                       "\n1\n2\n3\n",
                                       "45%",
                                       "1ms",
                                       "#",
                                       "0x1F",
                                       "1e999",
                                       "123456789012345678901234567890",
                                       "PM",
                                       "\xC3\xA9",
                                       "\x80",
                                       "\x01",
                                       "Average:",
                                       "a b\n1 2\n",
                                       "1,2\n",
                                       "\n0.125\n-7.75\n",
                                       "\"a\"\"b\"",
                                       "\"c\\\"d\"",
                                       "::1",
                                       "127.0.0.1:"};
  size_t at = 0;
  size_t count = random_below(random, 60);
  for (size_t i = 0; i < count; i++) {
    const char *piece = pieces[random_below(random, sizeof pieces / sizeof pieces[0])];
    size_t length = strlen(piece);
    if (at + length + 1 > size)
      break;
    memcpy(out + at, piece, length);
    at += length;
    if (random_once_in(random, 2))
      out[at++] = ' ';
  }
  if (random_once_in(random, 20)) {
    size_t zeros = random_below(random, 3);
    memset(out + at / 2, 0, zeros < at - at / 2 ? zeros : at - at / 2);
  }
  return at;
}

static void test_random_input_random_splits(void **state)
{
  (void)state;
  struct random random = random_seeded(11);
  for (int round = 0; round < SCALED(1000, 200); round++) {
    char input[4096];
    size_t length = make_input(&random, input, sizeof input);
    const struct parser_options *options = &variants[random_below(&random, VARIANTS)];
    struct transcript whole = transcript_run(options, input, length, (struct cutting){.step = 0});
    uint32_t sizes[16];
    for (size_t i = 0; i < 16; i++)
      sizes[i] = (uint32_t)random_below(&random, 1 + random_below(&random, 100)) + (i == 0);
    assert_same(options, input, length, whole.text, (struct cutting){.random = sizes, .count = 16, .rows = true});
    assert_same(options, input, length, whole.text, (struct cutting){.step = 1, .rows = round % 2 == 0});
    assert_same(options, input, length, whole.text, (struct cutting){.rows = true});
    free(whole.text);
  }
}

static size_t print_number(struct random *random, char *out, size_t size)
{
  double value = (random_unit(random) - 0.5) * (double)(UINT64_C(1) << random_below(random, 60));
  int length = 0;
  switch (random_below(random, 7)) {
  case 0:
    length = snprintf(out, size, "%lld", (long long)(random_u64(random) >> random_below(random, 64)));
    break;
  case 1:
    length = snprintf(out, size, "%.6f", value);
    break;
  case 2:
    length = snprintf(out, size, "%.17g", value);
    break;
  case 3:
    length = snprintf(out, size, "%e", value);
    break;
  case 4:
    length = snprintf(out, size, "%.12f", value);
    break;
  case 5:
    length = snprintf(out, size, "%.3f", value);
    break;
  default:
    length = snprintf(out, size, "%g", value);
    break;
  }
  return (size_t)length;
}

/* Random numbers, one or four a line, cut anywhere: bit for bit those of strtod, none lost, in order. */
static void test_numbers_are_those_of_strtod(void **state)
{
  (void)state;
  enum { NUMBERS = 20000 };
  struct random random = random_seeded(12);
  for (size_t width = 1; width <= 4; width += 3) {
    static double wanted[NUMBERS];
    static char input[NUMBERS * 64];
    size_t length = 0;
    for (size_t i = 0; i < NUMBERS; i++) {
      size_t start = length;
      length += print_number(&random, input + length, 48);
      input[length] = '\0';
      wanted[i] = strtod(input + start, NULL);
      input[length++] = (i + 1) % width == 0 ? '\n' : ' ';
    }
    for (int round = 0; round < 10; round++) {
      struct parser *p = parser_new(&variants[0]);
      assert_non_null(p);
      size_t got = 0;
      for (size_t at = 0; at < length;) {
        size_t size = 1 + random_below(&random, round % 2 == 0 ? 100 : 5000);
        if (size > length - at)
          size = length - at;
        parser_feed(p, input + at, size, 0);
        at += size;
        for (;;) {
          static double values[CHANNELS_MAX][100];
          double *column[CHANNELS_MAX];
          const uint8_t *channel;
          uint64_t index;
          for (size_t c = 0; c < CHANNELS_MAX; c++)
            column[c] = values[c];
          if (parser_row_channels(p, &channel) > 0) {
            assert_int_equal(parser_row_channels(p, &channel), width);
            size_t count = parser_rows(p, column, 100, &index);
            assert_int_equal(index, got / width);
            for (size_t i = 0; i < count; i++)
              for (size_t c = 0; c < width; c++)
                assert_memory_equal(&values[c][i], wanted + got++, sizeof **values);
            if (count > 0)
              continue;
          }
          struct parser_event event;
          enum parser_kind kind = parser_next(p, &event);
          if (kind == PARSER_MORE)
            break;
          assert_int_equal(kind, PARSER_ROW);
          assert_int_equal(event.count, width);
          assert_int_equal(event.index, got / width);
          assert_int_equal(event.line, got / width + 1);
          assert_memory_equal(event.value, wanted + got, width * sizeof *wanted);
          got += width;
        }
      }
      assert_int_equal(got, NUMBERS);
      assert_int_equal(parser_counts(p).numbers, NUMBERS);
      parser_free(p);
    }
  }
}

static void test_everyday_input_takes_the_fast_road(void **state)
{
  (void)state;
  struct random random = random_seeded(13);
  static char input[1 << 20];
  size_t length = 0;
  for (int i = 0; i < 3000; i++)
    length += (size_t)snprintf(input + length, 200,
                               "64 bytes from ::1: icmp_seq=%d ttl=64 time=%.3f ms\n%.6f\n%d  0 24497816 %d\n", i,
                               random_unit(&random), random_unit(&random) * 100, i, i % 7);
  struct transcript t = transcript_run(&variants[0], input, length, (struct cutting){.rows = true});
  assert_int_equal(t.counts.numbers, 3000 * 8);
  assert_int_equal(t.counts.fast, t.counts.numbers);
  assert_int_equal(t.counts.rejected, 0);
  free(t.text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_split_of_the_corpus),
      cmocka_unit_test(test_random_input_random_splits),
      cmocka_unit_test(test_numbers_are_those_of_strtod),
      cmocka_unit_test(test_everyday_input_takes_the_fast_road),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
