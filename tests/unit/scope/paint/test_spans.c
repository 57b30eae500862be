/* The geometry of a trace, in numbers: which parts of a column are covered. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/spans.h"

enum { WIDTH = 60, HEIGHT = 40 };
static const double NOTHING = (double)NAN;

static void new_spans(struct spans *s)
{
  *s = (struct spans){0};
  assert_true(spans_resize(s, WIDTH, HEIGHT));
}

/* An axis on which the value v lies v pixels above the bottom. */
static const struct value_axis axis = {.low = 0, .high = HEIGHT, .rows = HEIGHT};

static void test_a_new_plot_covers_nothing(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  for (int x = 0; x < WIDTH; x++)
    assert_true(s.top[x] >= s.bottom[x]);
  spans_destroy(&s);
  spans_destroy(&s); /* twice is fine */
}

/* From half a stroke above the highest value down to half a stroke below the lowest one, to 1/256 pixel. */
static void test_a_span_is_the_stroke_around_its_values(void **state)
{
  (void)state;
  struct random r = random_seeded(3);
  struct spans s;
  new_spans(&s);
  for (int i = 0; i < 200; i++) {
    struct column columns[WIDTH];
    double thickness = 1 + random_unit(&r) * 3;
    for (int x = 0; x < WIDTH; x++) {
      double low = 4 + random_unit(&r) * 30;
      columns[x] = (struct column){low, low + random_unit(&r) * 2};
    }
    spans_trace(&s, columns, &axis, thickness);
    for (int x = 0; x < WIDTH; x++) {
      double top = HEIGHT - columns[x].high - thickness / 2;
      double bottom = HEIGHT - columns[x].low + thickness / 2;
      assert_true(fabs(s.top[x] / 256.0 - top) <= 1.01 / 256);
      assert_true(fabs(s.bottom[x] / 256.0 - bottom) <= 1.01 / 256);
    }
  }
  spans_destroy(&s);
}

/* The axis decides: the same values on an axis twice as wide cover half as many rows. */
static void test_rows_are_those_of_the_axis(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  struct column columns[WIDTH];
  for (int x = 0; x < WIDTH; x++)
    columns[x] = (struct column){-x, x};
  const struct value_axis wide = {.low = -100, .high = 100, .rows = HEIGHT};
  spans_trace(&s, columns, &wide, 1);
  for (int x = 0; x < WIDTH; x++) {
    double top = value_axis_row(&wide, x) - 0.5;
    double bottom = value_axis_row(&wide, -x) + 0.5;
    assert_true(fabs(s.top[x] / 256.0 - top) <= 1.01 / 256);
    assert_true(fabs(s.bottom[x] / 256.0 - bottom) <= 1.01 / 256);
  }
  spans_destroy(&s);
}

static void test_what_is_not_there_is_not_covered(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  struct column columns[WIDTH];
  for (int x = 0; x < WIDTH; x++)
    columns[x] = x % 2 ? (struct column){5, 6} : (struct column){NOTHING, NOTHING};
  spans_trace(&s, columns, &axis, 1.5);
  for (int x = 0; x < WIDTH; x++)
    assert_int_equal(s.top[x] < s.bottom[x], x % 2);
  spans_clear(&s);
  for (int x = 0; x < WIDTH; x++)
    assert_true(s.top[x] >= s.bottom[x]);
  spans_destroy(&s);
}

/* Off scale: what reaches into the plot is cut at its edge, what lies beyond is not there, at any distance. */
static void test_off_scale(void **state)
{
  (void)state;
  static const struct {
    double low, high;
    double top, bottom; /* pixels; equal: nothing is covered */
  } cases[] = {
      {-1e300, 1e300, 0, HEIGHT},
      {-INFINITY, INFINITY, 0, HEIGHT},
      {20, 1e300, 0, 21},
      {-1e300, 20, 19, HEIGHT},
      {100, 200, 0, 0},
      {-200, -100, 0, 0},
      {INFINITY, INFINITY, 0, 0},
      {-INFINITY, -INFINITY, 0, 0},
      {HEIGHT, HEIGHT, 0, 1},
      {0, 0, HEIGHT - 1, HEIGHT},
      {HEIGHT + 0.5, 100, 0, 0.5},
      {-1, -0.5, HEIGHT - 0.5, HEIGHT},
      {HEIGHT + 1.1, 1e9, 0, 0},
      {1e308, 1e308, 0, 0},
      {-1e308, -1e308, 0, 0},
  };
  struct spans s;
  new_spans(&s);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct column columns[WIDTH];
    for (int x = 0; x < WIDTH; x++)
      columns[x] = (struct column){cases[i].low, cases[i].high};
    spans_trace(&s, columns, &axis, 2);
    bool covered = s.top[0] < s.bottom[0];
    assert_int_equal(covered, cases[i].top < cases[i].bottom);
    if (covered) {
      assert_int_equal(s.top[0], (int)(cases[i].top * 256));
      assert_int_equal(s.bottom[0], (int)(cases[i].bottom * 256));
    }
  }
  spans_destroy(&s);
}

/* One column between two gaps becomes three columns wide and `size` high; of two columns neither changes. */
static void test_what_stands_alone_becomes_a_dot(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  for (int length = 1; length <= 3; length++)
    for (int place = 0; place + length <= WIDTH; place++) {
      struct column columns[WIDTH];
      for (int x = 0; x < WIDTH; x++)
        columns[x] = x >= place && x < place + length ? (struct column){20, 20} : (struct column){NOTHING, NOTHING};
      spans_trace(&s, columns, &axis, 1.5);
      spans_show_isolated(&s, 3);
      for (int x = 0; x < WIDTH; x++) {
        bool own = x >= place && x < place + length;
        bool beside = length == 1 && (x == place - 1 || x == place + 1);
        assert_int_equal(s.top[x] < s.bottom[x], own || beside);
        if (own || beside)
          assert_int_equal(s.bottom[x] - s.top[x], length == 1 ? 3 * 256 : 384);
        if (own || beside)
          assert_int_equal(s.top[x] + s.bottom[x], 2 * 20 * 256); /* around the value's own row */
      }
    }
  spans_destroy(&s);
}

/* A dot does not reach beyond the plot, and a stroke that is high enough stays as it is. */
static void test_dots_at_the_edge_and_tall_strokes(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  struct column columns[WIDTH];
  for (int x = 0; x < WIDTH; x++)
    columns[x] = (struct column){NOTHING, NOTHING};
  columns[10] = (struct column){HEIGHT, HEIGHT};
  columns[20] = (struct column){0, 0};
  columns[30] = (struct column){10, 30};
  spans_trace(&s, columns, &axis, 1);
  spans_show_isolated(&s, 4);
  for (int x = 0; x < WIDTH; x++)
    assert_true(s.top[x] >= 0 && s.bottom[x] <= HEIGHT * 256);
  assert_true(s.bottom[10] > 256 && s.top[20] < (HEIGHT - 1) * 256);
  assert_int_equal(s.bottom[30] - s.top[30], 21 * 256);
  assert_true(s.top[29] >= s.bottom[29]);
  spans_destroy(&s);
}

/* A column covers then what columns up to `radius` away covered: the smallest stretch around all of them. */
static void test_widening_joins_the_neighbours(void **state)
{
  (void)state;
  struct random r = random_seeded(4);
  for (int i = 0; i < 200; i++) {
    struct spans s;
    new_spans(&s);
    struct column columns[WIDTH];
    for (int x = 0; x < WIDTH; x++) {
      double low = random_unit(&r) * 30;
      columns[x] = random_once_in(&r, 2) ? (struct column){NOTHING, NOTHING} : (struct column){low, low + 3};
    }
    spans_trace(&s, columns, &axis, 1.5);
    int32_t top[WIDTH];
    int32_t bottom[WIDTH];
    for (int x = 0; x < WIDTH; x++) {
      top[x] = s.top[x];
      bottom[x] = s.bottom[x];
    }
    int radius = (int)random_between(&r, 0, 3);
    spans_widen(&s, radius);
    for (int x = 0; x < WIDTH; x++) {
      int32_t first = INT32_MAX;
      int32_t last = INT32_MIN;
      for (int k = x - radius; k <= x + radius; k++)
        if (k >= 0 && k < WIDTH && top[k] < bottom[k]) {
          first = top[k] < first ? top[k] : first;
          last = bottom[k] > last ? bottom[k] : last;
        }
      assert_int_equal(s.top[x] < s.bottom[x], first < last);
      if (first < last) {
        assert_int_equal(s.top[x], first);
        assert_int_equal(s.bottom[x], last);
      }
    }
    spans_destroy(&s);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_new_plot_covers_nothing),
      cmocka_unit_test(test_a_span_is_the_stroke_around_its_values),
      cmocka_unit_test(test_rows_are_those_of_the_axis),
      cmocka_unit_test(test_what_is_not_there_is_not_covered),
      cmocka_unit_test(test_off_scale),
      cmocka_unit_test(test_what_stands_alone_becomes_a_dot),
      cmocka_unit_test(test_dots_at_the_edge_and_tall_strokes),
      cmocka_unit_test(test_widening_joins_the_neighbours),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
