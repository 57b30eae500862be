/* The geometry of a trace, in numbers: which parts of a column are covered. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/spans.h"

enum { WIDTH = 60, HEIGHT = 40 };
#define NOTHING ((double)NAN)

static void new_spans(struct spans *s)
{
  *s = (struct spans){0};
  assert_true(spans_resize(s, WIDTH, HEIGHT));
}

/* No trace. */
static struct column gap(void)
{
  return (struct column){
      .low = NOTHING, .high = NOTHING, .enter = NOTHING, .leave = NOTHING, .mean = NOTHING, .sd = NOTHING};
}

/* A column with samples from low to high. */
static struct column filled(double low, double high)
{
  struct column c = gap();
  c.low = low;
  c.high = high;
  c.count = 3;
  return c;
}

/* A column that a line crosses, with so many samples in it. */
static struct column crossed(double enter, double leave, uint32_t count)
{
  struct column c = filled(fmin(enter, leave), fmax(enter, leave));
  c.enter = enter;
  c.leave = leave;
  c.count = count;
  return c;
}

/* An axis on which the value v lies v pixels above the bottom. */
static const struct value_axis axis = {.low = 0, .high = HEIGHT, .rows = HEIGHT};

static void test_a_new_plot_covers_nothing(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  for (int x = 0; x < WIDTH; x++)
    assert_true(s.span[x].top >= s.span[x].bottom);
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
      columns[x] = filled(low, low + random_unit(&r) * 2);
    }
    spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = thickness});
    for (int x = 0; x < WIDTH; x++) {
      double top = HEIGHT - columns[x].high - thickness / 2;
      double bottom = HEIGHT - columns[x].low + thickness / 2;
      assert_true(fabs(s.span[x].top / 256.0 - top) <= 1.01 / 256);
      assert_true(fabs(s.span[x].bottom / 256.0 - bottom) <= 1.01 / 256);
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
    columns[x] = filled(-x, x);
  const struct value_axis wide = {.low = -100, .high = 100, .rows = HEIGHT};
  spans_trace(&s, columns, &wide, &(struct spans_pen){.thickness = 1});
  for (int x = 0; x < WIDTH; x++) {
    double top = value_axis_row(&wide, x) - 0.5;
    double bottom = value_axis_row(&wide, -x) + 0.5;
    assert_true(fabs(s.span[x].top / 256.0 - top) <= 1.01 / 256);
    assert_true(fabs(s.span[x].bottom / 256.0 - bottom) <= 1.01 / 256);
  }
  spans_destroy(&s);
}

/* On a logarithmic axis: rows are worked out from what a decade is, bars and strokes alike; zero is off scale. */
static void test_decades(void **state)
{
  (void)state;
  struct random r = random_seeded(8);
  struct spans s;
  new_spans(&s);
  struct value_axis decades = {.scale = VALUE_LOG, .rows = HEIGHT};
  value_axis_set(&decades, 1, 1e4); /* ten rows each */
  for (int i = 0; i < 200; i++) {
    struct column columns[WIDTH];
    double from[WIDTH];
    double to[WIDTH];
    for (int x = 0; x < WIDTH; x++) {
      from[x] = random_unit(&r) * 4;
      to[x] = random_unit(&r) * 4;
      columns[x] = x % 2 == 0 ? crossed(pow(10, from[x]), pow(10, to[x]), 0)
                              : filled(pow(10, fmin(from[x], to[x])), pow(10, fmax(from[x], to[x])));
      if (x % 7 == 0)
        columns[x].low = 0; /* the lowest sample: off scale, and the bar ends at the edge */
    }
    spans_trace(&s, columns, &decades, &(struct spans_pen){.thickness = 1});
    for (int x = 0; x < WIDTH; x++) {
      if (x % 2 == 0) {
        assert_true(fabs(s.span[x].from / 256.0 - (HEIGHT - from[x] * 10)) <= 1.01 / 256);
        assert_true(fabs(s.span[x].to / 256.0 - (HEIGHT - to[x] * 10)) <= 1.01 / 256);
        continue;
      }
      const double top = fmax(HEIGHT - fmax(from[x], to[x]) * 10 - 0.5, 0);
      const double bottom = x % 7 == 0 ? HEIGHT : fmin(HEIGHT - fmin(from[x], to[x]) * 10 + 0.5, HEIGHT);
      assert_true(fabs(s.span[x].top / 256.0 - top) <= 1.01 / 256);
      assert_true(fabs(s.span[x].bottom / 256.0 - bottom) <= 1.01 / 256);
    }
  }
  struct column nothing_but_zeros[WIDTH];
  for (int x = 0; x < WIDTH; x++)
    nothing_but_zeros[x] = x % 2 ? filled(0, 0) : crossed(0, 0, 2);
  spans_trace(&s, nothing_but_zeros, &decades, &(struct spans_pen){.thickness = 1});
  for (int x = 0; x < WIDTH; x++) {
    int first;
    int last;
    spans_rows(&s, x, 1, &first, &last);
    assert_true(first >= last);
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
    columns[x] = x % 2 ? filled(5, 6) : gap();
  spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 1.5});
  for (int x = 0; x < WIDTH; x++)
    assert_int_equal(s.span[x].top < s.span[x].bottom, x % 2);
  spans_clear(&s);
  for (int x = 0; x < WIDTH; x++)
    assert_true(s.span[x].top >= s.span[x].bottom);
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
      columns[x] = filled(cases[i].low, cases[i].high);
    spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 2});
    bool covered = s.span[0].top < s.span[0].bottom;
    assert_int_equal(covered, cases[i].top < cases[i].bottom);
    if (covered) {
      assert_int_equal(s.span[0].top, (int)(cases[i].top * 256));
      assert_int_equal(s.span[0].bottom, (int)(cases[i].bottom * 256));
    }
  }
  spans_destroy(&s);
}

/* One column between two gaps becomes a round dot, wherever it is; of two columns neither changes. */
static void test_what_stands_alone_becomes_a_dot(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  static const double values[] = {20, 0, HEIGHT, 0.3};
  for (size_t v = 0; v < sizeof values / sizeof *values; v++)
    for (int place = 0; place < WIDTH; place++) {
      struct column columns[WIDTH];
      for (int x = 0; x < WIDTH; x++)
        columns[x] = x == place ? filled(values[v], values[v]) : gap();
      spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 1.5});
      spans_show_isolated(&s, 5);
      double area = 0;
      int wide = 0;
      for (int x = 0; x < WIDTH; x++) {
        if (s.span[x].top >= s.span[x].bottom)
          continue;
        wide++;
        area += (s.span[x].bottom - s.span[x].top) / 256.0;
        assert_true(abs(x - place) <= 4);
        assert_true(s.span[x].top >= 0 && s.span[x].bottom <= HEIGHT * 256);
      }
      assert_int_equal(wide, 5); /* whole, though its value is on the frame */
      assert_true(fabs(area - 3.14159 * 2.5 * 2.5) < 2);
    }
  spans_destroy(&s);
}

static void test_what_is_tall_or_has_a_neighbour_is_no_dot(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  struct column columns[WIDTH];
  for (int x = 0; x < WIDTH; x++)
    columns[x] = gap();
  columns[10] = columns[11] = filled(20, 20);
  columns[30] = filled(10, 30);
  spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 1});
  spans_show_isolated(&s, 4);
  assert_int_equal(s.span[10].bottom - s.span[10].top, 256);
  assert_int_equal(s.span[30].bottom - s.span[30].top, 21 * 256);
  assert_true(s.span[29].top >= s.span[29].bottom && s.span[12].top >= s.span[12].bottom);
  spans_destroy(&s);
}

/* Between samples, and where many lie on the way from edge to edge, a trace is a line; else a bar over all of them. */
static void test_lines_are_strokes(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  struct column columns[WIDTH];
  for (int x = 0; x < WIDTH; x++)
    columns[x] = gap();
  columns[1] = crossed(10, 14, 0);
  columns[2] = crossed(14, 10, 1);
  columns[2].mean = columns[2].high = 20;
  columns[2].at = 0.25F;
  columns[3] = crossed(10, 30, 1000);
  columns[4] = crossed(30, 10, 1000); /* a band, no line */
  columns[4].low = 5;
  columns[4].high = 35;
  columns[5] = crossed(12, 12, 5); /* level */
  spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 1.5});
  assert_true(s.span[1].from == 30 * 256 && s.span[1].to == 26 * 256 && s.span[1].via == SPANS_NOWHERE);
  assert_true(s.span[2].via == 20 * 256 && s.span[2].at == 64);
  assert_true(span_has_stroke(&s.span[3]) && !span_has_bar(&s.span[3]));
  assert_true(!span_has_stroke(&s.span[4]) && s.span[4].bottom - s.span[4].top == 30 * 256 + 384);
  assert_true(!span_has_stroke(&s.span[5]) && s.span[5].bottom - s.span[5].top == 384);
  /* Steps: a sample is an upright stroke with sides. */
  spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 1.5, .steps = true});
  assert_true(!span_has_stroke(&s.span[2]) && s.span[2].sides && s.span[2].bottom - s.span[2].top == 10 * 256 + 384);
  spans_destroy(&s);
}

/* The body of many samples is their mean and standard deviation, never more than what they are. */
static void test_the_body_of_many_samples(void **state)
{
  (void)state;
  struct spans s;
  new_spans(&s);
  struct column columns[WIDTH];
  for (int x = 0; x < WIDTH; x++) {
    columns[x] = filled(10, 30);
    columns[x].mean = 22;
    columns[x].sd = x / 4.0;
    columns[x].count = x < 50 ? 1000 : 4;
  }
  spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 2});
  for (int x = 0; x < 50; x++) {
    const double high = fmin(30, 22 + x / 4.0);
    const double low = fmax(10, 22 - x / 4.0);
    assert_true(abs(s.span[x].body_top - (int)((HEIGHT - high - 1) * 256)) <= 1);
    assert_true(abs(s.span[x].body_bottom - (int)((HEIGHT - low + 1) * 256)) <= 1);
  }
  assert_true(s.span[55].body_top == s.span[55].top && s.span[55].body_bottom == s.span[55].bottom);
  spans_destroy(&s);
}

/* Dashes stay with the columns that they were drawn in, and leave out no spike. */
static void test_dashes_scroll_with_the_trace(void **state)
{
  (void)state;
  static const int dash[] = {4, 3, 1, 2, 0};
  struct spans s;
  new_spans(&s);
  for (int64_t first = -25; first < 25; first++) {
    struct column columns[WIDTH];
    for (int x = 0; x < WIDTH; x++)
      columns[x] = (first + x) % 17 == 0 ? filled(3, 30) : filled(20, 20);
    spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 1.5});
    spans_dash(&s, dash, first, 6);
    for (int x = 0; x < WIDTH; x++) {
      const int place = (int)(((first + x) % 10 + 10) % 10);
      const bool drawn = place < 4 || place == 7 || (first + x) % 17 == 0;
      assert_int_equal(span_has_bar(&s.span[x]), drawn);
    }
  }
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
      columns[x] = random_once_in(&r, 2) ? gap() : filled(low, low + 3);
    }
    spans_trace(&s, columns, &axis, &(struct spans_pen){.thickness = 1.5});
    int32_t top[WIDTH];
    int32_t bottom[WIDTH];
    for (int x = 0; x < WIDTH; x++) {
      top[x] = s.span[x].top;
      bottom[x] = s.span[x].bottom;
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
      assert_int_equal(s.span[x].top < s.span[x].bottom, first < last);
      if (first < last) {
        assert_int_equal(s.span[x].top, first);
        assert_int_equal(s.span[x].bottom, last);
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
      cmocka_unit_test(test_decades),
      cmocka_unit_test(test_what_is_not_there_is_not_covered),
      cmocka_unit_test(test_off_scale),
      cmocka_unit_test(test_what_stands_alone_becomes_a_dot),
      cmocka_unit_test(test_what_is_tall_or_has_a_neighbour_is_no_dot),
      cmocka_unit_test(test_lines_are_strokes),
      cmocka_unit_test(test_the_body_of_many_samples),
      cmocka_unit_test(test_dashes_scroll_with_the_trace),
      cmocka_unit_test(test_widening_joins_the_neighbours),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
