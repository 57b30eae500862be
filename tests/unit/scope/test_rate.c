/* What the state line says of the input: rows a second while it comes, how many rows there were, what was rejected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scope/rate.h"

static const int64_t SECOND = 1000000000;
static const int64_t START_NS = 777;

/* Rows of three values each; every number of the counts is another, so that none can stand for another. */
static struct stream_counts counts_of(uint64_t rows)
{
  return (struct stream_counts){
      .lines = 5 * rows + 7, .rows = rows, .samples = 3 * rows, .numbers = 3 * rows + 1, .fast = 2 * rows};
}

static void update(struct rate *r, uint64_t rows, bool ended, int64_t after_ns)
{
  const struct stream_counts counts = counts_of(rows);
  rate_update(r, &counts, ended, START_NS + after_ns);
}

static void rows_a_second(void **state)
{
  (void)state;
  static const struct {
    uint64_t rows;
    int64_t after_ns;
    const char *text;
  } cases[] = {
      {0, 0, "0/s"},
      {0, 1000000000, "0/s"},
      {1, 1000000000, "1.00/s"},
      {100, 1000000000, "100/s"},
      {1000, 1000000000, "1000/s"},
      {12345, 1000000000, "12.3k/s"},
      {10000000, 1000000000, "10.0M/s"},
      {100, 2000000000, "50.0/s"},
      {1, 10000000000, "0.100/s"},
      {1, 30000000000, "0/s"},  /* less than one in twenty seconds */
      {50, 500000000, "100/s"}, /* the first time it does not wait for a second to pass */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct rate r;
    rate_init(&r, START_NS);
    update(&r, cases[i].rows, false, cases[i].after_ns);
    assert_string_equal(r.text, cases[i].text);
    assert_string_equal(r.rejected, "");
  }
}

/* It is measured over a second, and then anew: of what came within that, and not since the start. */
static void each_second_has_its_own(void **state)
{
  (void)state;
  struct rate r;
  rate_init(&r, START_NS);
  update(&r, 0, false, 0);
  update(&r, 40, false, SECOND / 2);
  assert_string_equal(r.text, "0/s");
  update(&r, 100, false, SECOND);
  assert_string_equal(r.text, "100/s");
  update(&r, 150, false, SECOND + SECOND / 2);
  assert_string_equal(r.text, "100/s");
  update(&r, 300, false, 2 * SECOND);
  assert_string_equal(r.text, "200/s");
  update(&r, 300, false, 3 * SECOND);
  assert_string_equal(r.text, "0/s");
  update(&r, 700, false, 5 * SECOND);
  assert_string_equal(r.text, "200/s");
}

static void how_much_of_a_file(void **state)
{
  (void)state;
  struct rate r;
  rate_init(&r, START_NS);
  r.percent = 10;
  update(&r, 100, false, SECOND / 2);
  assert_string_equal(r.text, "200/s"); /* it may be over at once */
  r.percent = 42;
  update(&r, 100, false, SECOND);
  assert_string_equal(r.text, "100/s, 42 %");
  update(&r, 500, true, 2 * SECOND);
  assert_string_equal(r.text, "500 rows");
}

static void at_the_end_it_is_the_number_of_rows(void **state)
{
  (void)state;
  static const struct {
    uint64_t rows;
    const char *text;
  } cases[] = {
      {0, "0 rows"}, {1, "1 row"}, {2, "2 rows"}, {95, "95 rows"}, {9950, "9950 rows"}, {24366868, "24.37M rows"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct rate r;
    rate_init(&r, START_NS);
    update(&r, cases[i].rows / 2, false, SECOND);
    update(&r, cases[i].rows, true, SECOND + 1);
    assert_string_equal(r.text, cases[i].text);
    update(&r, cases[i].rows, true, 99 * SECOND);
    assert_string_equal(r.text, cases[i].text);
  }
}

static void what_is_rejected_stays_visible(void **state)
{
  (void)state;
  struct rate r;
  rate_init(&r, START_NS);
  struct stream_counts counts = counts_of(10);
  counts.rejected = 3;
  rate_update(&r, &counts, false, START_NS + 1);
  assert_string_equal(r.rejected, "3 rejected");
  counts.rejected = 12345678;
  rate_update(&r, &counts, true, START_NS + 2);
  assert_string_equal(r.rejected, "12345678 rejected");
  assert_string_equal(r.text, "10 rows");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_a_second),
      cmocka_unit_test(each_second_has_its_own),
      cmocka_unit_test(how_much_of_a_file),
      cmocka_unit_test(at_the_end_it_is_the_number_of_rows),
      cmocka_unit_test(what_is_rejected_stays_visible),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
