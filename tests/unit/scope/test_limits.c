/* --limits: what is outside is counted at intake, in view or not, and coloured where it is seen. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/frame.h"
#include "scope/paint/theme.h"
#include "scope/settings.h"

enum { WIDTH = 640, HEIGHT = 400, SAMPLES = 1000 };

/* A stream lives as long as the process: this keeps those of all tests reachable. */
enum { STREAMS_MAX = 32 };
extern struct stream *all_streams[STREAMS_MAX];
struct stream *all_streams[STREAMS_MAX];
static int streams;

static struct stream *stream;
static struct intake *intake;
static struct settings settings;
static struct frame frame;
static struct canvas canvas;

/* A ramp from -10 to 10, line by line, with limits. */
static void start(double low, double high)
{
  static const struct stream_counts counts;
  const struct time_base base = {.kind = TIME_NUMBER};
  settings = settings_default;
  settings.style = STYLE_STEP; /* level: its pixels have its colour */
  settings.limits_given = true;
  settings.limit_low = low;
  settings.limit_high = high;
  stream = stream_new(1024);
  assert_non_null(stream);
  assert_true(streams < STREAMS_MAX);
  all_streams[streams++] = stream;
  intake = intake_new(stream, &base, (size_t)1 << 20, false);
  assert_non_null(intake);
  intake_set_limits(intake, low, high);
  assert_int_equal(stream_channel_add(stream, "ramp"), 0);
  for (int64_t i = 0; i <= SAMPLES; i++) {
    const int64_t time = i * TIME_TICKS_PER_SAMPLE;
    const double value = i == SAMPLES / 2 ? (double)NAN : (double)i * 20 / SAMPLES - 10;
    stream_put(stream, 0, &time, &value, 1);
  }
  stream_publish(stream, &counts);
  stream_state_next(stream, (SAMPLES + 1) * (int64_t)TIME_TICKS_PER_SAMPLE);
  stream_end(stream, false);
  assert_true(intake_take(intake, INT64_MAX));
  intake_advance(intake, 0);
  canvas = (struct canvas){.width = WIDTH, .height = HEIGHT, .stride = WIDTH};
  canvas.pixel = calloc((size_t)WIDTH * HEIGHT, sizeof *canvas.pixel);
  assert_non_null(canvas.pixel);
  frame_init(&frame, &settings, intake, NULL, 0);
  assert_true(frame_open(&frame, &settings, 1));
}

static void draw(void)
{
  struct damage damage = {.count = 0};
  assert_true(frame_draw(&frame, &canvas, 0, true, &damage));
}

static void stop(void)
{
  frame_destroy(&frame);
  intake_free(intake);
  free(canvas.pixel);
}

static void what_is_outside_is_counted(void **state)
{
  (void)state;
  /* Samples are at multiples of 0.02: one at a limit is inside, the gap is neither. */
  start(-5, 5);
  assert_int_equal(intake_outside(intake), 500);
  draw();
  assert_string_equal(frame.scene.outside, "500 outside the limits");
  stop();
  start(-10, 10);
  assert_int_equal(intake_outside(intake), 0);
  draw();
  assert_string_equal(frame.scene.outside, "");
  stop();
  start(100, 200);
  assert_int_equal(intake_outside(intake), SAMPLES);
  draw();
  stop();
}

/* Pixels of exactly these colours in a column of the plot, by row. */
static void find_colours(int x, int y, int rows, uint32_t colour, int *first, int *last)
{
  *first = rows;
  *last = -1;
  for (int row = 0; row < rows; row++)
    if (canvas.pixel[(size_t)(y + row) * WIDTH + (size_t)x] == colour) {
      *first = row < *first ? row : *first;
      *last = row;
    }
}

static void what_is_outside_has_another_colour(void **state)
{
  (void)state;
  int left = 0;
  int top = 0;
  start(-5, 5);
  draw();
  for (int x = 0; x < WIDTH && left == 0; x++)
    for (int y = 0; y < HEIGHT && left == 0; y++)
      if (screen_pick(frame.screen, x, y).part == SCREEN_PLOT) {
        left = x;
        top = y;
      }
  const struct value_axis axis = frame.scene.pane[0].axis;
  const double high = value_axis_row(&axis, 5);
  const double low = value_axis_row(&axis, -5);
  int alerts = 0;
  int plain = 0;
  for (int column = 5; column < frame.scene.time.columns; column += 3) {
    int first;
    int last;
    find_colours(left + column, top, axis.rows, theme_dark.channel[0], &first, &last);
    plain += last >= 0;
    assert_true(last < 0 || (first >= high - 2 && last <= low + 2));
    for (int row = 0; row < axis.rows; row++) {
      const bool alert = canvas.pixel[(size_t)(top + row) * WIDTH + (size_t)(left + column)] == theme_dark.alert;
      const bool line = row == (int)high || row == (int)low;
      assert_true(!alert || line || row < high || row > low);
      alerts += alert && !line;
    }
  }
  assert_in_range(alerts, 15, 4000);
  assert_in_range(plain, 15, 4000);
  stop();
}

/* Limits out of sight, far away, on a logarithm: nothing but a picture. */
static void any_limits_can_be_drawn(void **state)
{
  (void)state;
  static const double limits[][2] = {{-1e308, 1e308}, {-1e308, -9e307}, {20, 30}, {-30, -20}, {0, 5e-324}, {-10, 10}};
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
    for (int log = 0; log < 2; log++) {
      start(limits[i][0], limits[i][1]);
      settings.log = log;
      settings.autoscale = log;
      frame_destroy(&frame);
      frame_init(&frame, &settings, intake, NULL, 0);
      assert_true(frame_open(&frame, &settings, 1));
      draw();
      stop();
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_outside_is_counted),
      cmocka_unit_test(what_is_outside_has_another_colour),
      cmocka_unit_test(any_limits_can_be_drawn),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
