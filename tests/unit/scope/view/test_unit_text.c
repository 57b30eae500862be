/* Figures and units: one prefix for both, or that of the figures where it belongs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scope/stream/units.h"
#include "scope/view/unit_text.h"

static void expect(const char *figure, const char *unit, const char *text)
{
  char out[FIGURE_TEXT_MAX];
  unit_with_figure(figure, unit, out);
  assert_string_equal(out, text);
}

static void no_unit_no_change(void **state)
{
  (void)state;
  expect("15k", "", "15k");
  expect("15k", NULL, "15k");
  expect(FIGURE_MINUS "2.5", "", FIGURE_MINUS "2.5");
}

static void units_without_a_prefix(void **state)
{
  (void)state;
  expect("15M", "B", "15 MB");
  expect("42", "V", "42 V");
  expect(FIGURE_MINUS "12.50\xC2\xB5", "A",
         FIGURE_MINUS "12.50 \xC2\xB5"
                      "A");
  expect("1.5k", "m/s", "1.5 km/s");
  expect("0", "s", "0 s");
  expect("\xE2\x80\x93", "s", "\xE2\x80\x93 s"); /* nothing to be said: a dash */
}

static void two_prefixes_are_one(void **state)
{
  (void)state;
  expect("15k", "ms", "15 s");
  expect("1.5M", "ms", "1.5 ks");
  expect("500m", "ms", "500 \xC2\xB5s");
  expect("15k", "us", "15 ms");
  expect("980", "us", "980 us"); /* spelt as it came */
  expect("1.2M", "kB/s", "1.2 GB/s");
  expect("1.2k", "MHz", "1.2 GHz");
  expect("1k", "KB", "1 MB");
  expect("5k", "min", "5k min"); /* no milli-inch */
}

/* A prefix before what takes none would be read as another unit. */
static void units_that_take_none(void **state)
{
  (void)state;
  static const char celsius[] = "\xC2\xB0"
                                "C";
  static const char *const units[] = {"%",   celsius, "min",    "h",     "KiB", "cm",
                                      "hPa", "km/h",  "kB/min", "req/s", "dBm", "rpm"};
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    char text[FIGURE_TEXT_MAX];
    char unit[UNIT_TEXT_MAX];
    unit_with_figure("15k", units[i], text);
    assert_memory_equal(text, "15k ", 4);
    assert_string_equal(text + 4, units[i]);
    assert_false(unit_text(units[i], 3, unit) || unit_is_prefixed(units[i]));
    assert_string_equal(unit, units[i]);
  }
}

static void beyond_all_prefixes(void **state)
{
  (void)state;
  expect("3Q", "Gs", "3Q Gs");
  expect("3e33", "s", "3e33 s");
  char unit[UNIT_TEXT_MAX];
  assert_false(unit_text("Gs", 30, unit));
}

static void the_unit_alone(void **state)
{
  (void)state;
  char unit[UNIT_TEXT_MAX];
  assert_true(unit_text("mV", 3, unit));
  assert_string_equal(unit, "V");
  assert_true(unit_text("mV", 0, unit));
  assert_string_equal(unit, "mV");
  assert_true(unit_is_prefixed("mV") && unit_is_prefixed("kB/s") && !unit_is_prefixed("m") && !unit_is_prefixed("s"));
}

static void a_figure_loses_its_prefix(void **state)
{
  (void)state;
  char figure[FIGURE_TEXT_MAX] = "12.5\xC2\xB5";
  unit_strip_figure(figure);
  assert_string_equal(figure, "12.5");
  unit_strip_figure(figure);
  assert_string_equal(figure, "12.5");
  strcpy(figure, "\xE2\x88\x9E");
  unit_strip_figure(figure);
  assert_string_equal(figure, "\xE2\x88\x9E");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_unit_no_change),         cmocka_unit_test(units_without_a_prefix),
      cmocka_unit_test(two_prefixes_are_one),      cmocka_unit_test(units_that_take_none),
      cmocka_unit_test(beyond_all_prefixes),       cmocka_unit_test(the_unit_alone),
      cmocka_unit_test(a_figure_loses_its_prefix),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
