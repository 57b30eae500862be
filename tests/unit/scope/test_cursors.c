/*
 * Cursors by keys and mouse, through all that a window has but the window, on a virtual clock: where they go, what is
 * read out there, and what is copied.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/controls.h"
#include "scope/copy.h"
#include "scope/cursor_controls.h"
#include "scope/frame.h"
#include "scope/settings.h"

enum { WIDTH = 900, HEIGHT = 600, SAMPLES = 4000 };
static const int64_t MILLISECOND = 1000000;
static const int64_t SECOND = 1000000000;

/* Two channels, a sample a millisecond for four seconds: a square wave of 5 Hz, above for 60 ms, and 1000 times the time. */
struct bench {
  struct stream *stream;
  struct intake *intake;
  struct settings settings;
  struct frame frame;
  struct controls controls;
  struct canvas canvas;
  int64_t now;
  const char *said;
  enum wish wish;
};

/* A stream lives as long as the process: this keeps those of all tests reachable. */
enum { STREAMS_MAX = 32 };
extern struct stream *all_streams[STREAMS_MAX];
struct stream *all_streams[STREAMS_MAX];
static int streams;

static int64_t bench_clock(void *context)
{
  return ((struct bench *)context)->now;
}

static double square(int64_t i)
{
  return i % 200 < 60 ? 3 : -1;
}

static void draw(struct bench *b)
{
  struct damage damage = {.count = 0};
  assert_true(intake_take(b->intake, INT64_MAX));
  intake_advance(b->intake, b->now);
  assert_true(frame_draw(&b->frame, &b->canvas, b->now, true, &damage));
}

static void feed(struct bench *b, int64_t from, int64_t to)
{
  static const struct stream_counts counts;
  stream_arrival_begin(b->stream, bench_clock, b);
  for (int64_t i = from; i < to; i++) {
    const int64_t time = i * MILLISECOND;
    const double value[] = {square(i), (double)i};
    stream_put(b->stream, 0, &time, &value[0], 1);
    stream_put(b->stream, 1, &time, &value[1], 1);
    if (i % 64 == 0) {
      stream_publish(b->stream, &counts);
      assert_true(intake_take(b->intake, INT64_MAX));
    }
  }
  stream_publish(b->stream, &counts);
  stream_arrival_end(b->stream);
  b->now = to * MILLISECOND;
}

static void start(struct bench *b, bool ended)
{
  const struct time_base base = {.kind = TIME_ARRIVAL};
  *b = (struct bench){.stream = stream_new(1024), .settings = settings_default};
  assert_true(streams < STREAMS_MAX);
  all_streams[streams++] = b->stream;
  b->settings.window_s = 4;
  b->intake = intake_new(b->stream, &base, (size_t)64 << 20, false);
  assert_non_null(b->intake);
  assert_int_equal(stream_channel_add(b->stream, "square"), 0);
  assert_int_equal(stream_channel_add(b->stream, "ramp"), 1);
  stream_arrival_end(b->stream);
  b->canvas = (struct canvas){.width = WIDTH, .height = HEIGHT, .stride = WIDTH};
  b->canvas.pixel = calloc((size_t)WIDTH * HEIGHT, sizeof *b->canvas.pixel);
  assert_non_null(b->canvas.pixel);
  frame_init(&b->frame, &b->settings, b->intake, NULL, 0);
  assert_true(frame_open(&b->frame, &b->settings, 1));
  controls_init(&b->controls, &b->frame);
  feed(b, 0, SAMPLES);
  if (ended)
    stream_end(b->stream, false);
  draw(b);
}

static void stop(struct bench *b)
{
  frame_destroy(&b->frame);
  intake_free(b->intake);
  free(b->canvas.pixel);
}

static void key(struct bench *b, int code, bool shift)
{
  const struct show_event event = {.kind = SHOW_KEY, .key = code, .shift = shift};
  bool changed;
  b->wish = controls_serve(&b->controls, &event, &changed, &b->said);
  draw(b);
}

static void type(struct bench *b, const char *text)
{
  for (; *text; text++)
    key(b, *text, false);
}

static void mouse(struct bench *b, enum show_event_kind kind, int x, int y)
{
  const struct show_event event = {.kind = kind, .x = x, .y = y, .button = BUTTON_LEFT, .moment_ns = b->now};
  bool changed;
  controls_serve(&b->controls, &event, &changed, &b->said);
  b->now += SECOND; /* no click is a double one */
  draw(b);
}

static void drag(struct bench *b, int x, int y, int to_x, int to_y)
{
  mouse(b, SHOW_MOVE, x, y);
  mouse(b, SHOW_PRESS, x, y);
  mouse(b, SHOW_MOVE, (x + to_x) / 2, (y + to_y) / 2);
  mouse(b, SHOW_MOVE, to_x, to_y);
  mouse(b, SHOW_RELEASE, to_x, to_y);
}

/* The left upper corner of the plot, found as the mouse finds it. */
static void find_plot(const struct bench *b, int *left, int *top)
{
  *left = *top = 0;
  for (int x = 0; x < WIDTH && *left == 0; x++)
    for (int y = 0; y < HEIGHT && *left == 0; y++)
      if (screen_pick(b->frame.screen, x, y).part == SCREEN_PLOT) {
        *left = x;
        *top = y;
      }
  assert_true(*left > 0 && *top > 0);
}

static const struct cursors *cursors(const struct bench *b)
{
  return &b->frame.view.cursors;
}

static void place(struct bench *b, int64_t first, int64_t second)
{
  if (!cursors(b)->on)
    key(b, 'c', false);
  b->frame.view.cursors.time[0] = first * MILLISECOND;
  b->frame.view.cursors.time[1] = second * MILLISECOND;
  draw(b);
}

/* ---- Keys ---- */

static void c_shows_them_on_samples_and_hides_them(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  key(&b, 'c', false);
  assert_true(cursors(&b)->on && cursors(&b)->time[0] < cursors(&b)->time[1]);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(cursors(&b)->time[i] % MILLISECOND, 0);
    assert_in_range(b.frame.scene.cursors.column[i], 0, b.frame.scene.time.columns - 1);
  }
  key(&b, 'c', false);
  assert_false(cursors(&b)->on);
  key(&b, 'c', false);
  key(&b, KEY_ESCAPE, false);
  assert_false(cursors(&b)->on);
  assert_int_equal(b.wish, WISH_NOTHING);
  key(&b, KEY_ESCAPE, false);
  assert_int_equal(b.wish, WISH_CLOSE);
  stop(&b);
}

static void arrows_move_the_active_one_by_a_sample(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  const struct time_axis before = b.frame.view.time;
  place(&b, 1000, 2000);
  key(&b, '<', false);
  key(&b, KEY_RIGHT, false);
  key(&b, KEY_RIGHT, false);
  assert_int_equal(cursors(&b)->time[0], 1002 * MILLISECOND);
  key(&b, '.', true); /* where > is typed so */
  key(&b, KEY_LEFT, false);
  assert_int_equal(cursors(&b)->time[1], 1999 * MILLISECOND);
  assert_int_equal(cursors(&b)->time[0], 1002 * MILLISECOND);
  key(&b, KEY_RIGHT, true);
  assert_true(cursors(&b)->time[1] > 2040 * MILLISECOND);
  assert_int_equal(b.frame.view.time.first, before.first); /* nothing was panned */
  key(&b, KEY_PAGE_UP, false);
  assert_true(b.frame.view.time.first < before.first);
  /* At both ends of what there is they stay. */
  place(&b, 0, SAMPLES - 1);
  key(&b, '<', false);
  key(&b, KEY_LEFT, false);
  key(&b, '>', false);
  key(&b, KEY_RIGHT, false);
  assert_true(cursors(&b)->time[0] == 0 && cursors(&b)->time[1] == (SAMPLES - 1) * MILLISECOND);
  key(&b, 'c', false);
  const int64_t first = b.frame.view.time.first;
  key(&b, KEY_LEFT, false); /* without cursors it pans */
  assert_true(b.frame.view.time.first <= first);
  stop(&b);
}

static void a_distance_is_typed(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  key(&b, '=', false);
  assert_non_null(strstr(b.said, "c shows them"));
  place(&b, 1000, 2000);
  key(&b, '>', false);
  key(&b, '=', false);
  assert_true(b.frame.scene.cursors.typing);
  type(&b, "0.5q");
  assert_int_equal(b.wish, WISH_NOTHING); /* q is a letter now */
  key(&b, KEY_ENTER, false);
  assert_non_null(strstr(b.said, "number of seconds"));
  assert_false(b.frame.scene.cursors.typing);
  assert_true(cursors(&b)->time[0] == SECOND && cursors(&b)->time[1] == 2 * SECOND);
  key(&b, '=', false);
  key(&b, KEY_ENTER, false); /* nothing */
  assert_int_equal(cursors(&b)->time[1], 2 * SECOND);
  key(&b, '=', false);
  type(&b, "0.57");
  key(&b, KEY_BACKSPACE, false);
  key(&b, KEY_ENTER, false);
  assert_true(cursors(&b)->time[0] == SECOND && cursors(&b)->time[1] == SECOND * 3 / 2);
  /* The active one moves, also backwards; Esc leaves it, and what is not there is said. */
  key(&b, '<', false);
  key(&b, '=', false);
  type(&b, "-250ms");
  key(&b, KEY_ENTER, false);
  assert_true(cursors(&b)->time[0] == SECOND * 5 / 4 && cursors(&b)->time[1] == SECOND * 3 / 2);
  key(&b, '=', false);
  type(&b, "100");
  key(&b, KEY_ENTER, false);
  assert_non_null(strstr(b.said, "nothing so far"));
  key(&b, '=', false);
  type(&b, "1");
  key(&b, KEY_ESCAPE, false);
  assert_true(cursors(&b)->on && !b.frame.scene.cursors.typing);
  assert_int_equal(cursors(&b)->time[0], SECOND * 5 / 4);
  stop(&b);
}

static void distances_are_read(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int64_t ticks;
  } good[] = {{"1", 1000000000},    {"0.02", 20000000},    {"20m", 20000000},   {"20ms", 20000000},
              {"1e-3", 1000000},    {"-5us", -5000},       {"2,5", 2500000000}, {"7ns", 7},
              {"1.5s", 1500000000}, {"2k", 2000000000000}, {"3\xC2\xB5s", 3000}};
  static const char *const bad[] = {"", "x", "1x", "ms", "--1", "1e300", "nan", "inf", "1 2"};
  int64_t ticks;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(cursor_controls_read(good[i].text, SECOND, true, &ticks));
    assert_int_equal(ticks, good[i].ticks);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(cursor_controls_read(bad[i], SECOND, true, &ticks));
  assert_true(cursor_controls_read("12", 1000000, false, &ticks));
  assert_int_equal(ticks, 12000000);
  assert_false(cursor_controls_read("12s", 1000000, false, &ticks));
}

/* ---- Mouse ---- */

static void each_is_dragged(void **state)
{
  (void)state;
  struct bench b;
  int left;
  int top;
  start(&b, true);
  place(&b, 1000, 3000);
  find_plot(&b, &left, &top);
  const struct time_axis before = b.frame.view.time;
  const int *column = b.frame.scene.cursors.column;
  const int from = column[0];
  drag(&b, left + from + 2, top + 100, left + from + 102, top + 120); /* taken beside its middle */
  assert_int_equal(cursors(&b)->active, 0);
  const int64_t moved = cursors(&b)->time[0];
  assert_int_equal(moved % MILLISECOND, 0); /* on a sample */
  assert_true(llabs(moved - SECOND - 100 * before.width) <= 6 * before.width);
  assert_int_equal(cursors(&b)->time[1], 3 * SECOND);
  assert_true(b.frame.view.time.first == before.first); /* the view stays */
  /* By its handle at the top, beyond the end of the plot: as far as there are samples. */
  drag(&b, left + column[1], top + 3, WIDTH - 1, top + 3);
  assert_int_equal(cursors(&b)->active, 1);
  assert_true(cursors(&b)->time[1] > 3900 * MILLISECOND);
  /* Beside a cursor the plot is dragged. */
  const int64_t kept = cursors(&b)->time[0];
  drag(&b, left + column[0] + 40, top + 100, left + column[0] + 140, top + 100);
  assert_int_equal(cursors(&b)->time[0], kept);
  assert_true(b.frame.view.time.first < before.first);
  stop(&b);
}

static void the_bar_drags_both(void **state)
{
  (void)state;
  struct bench b;
  int left;
  int top;
  start(&b, true);
  place(&b, 1000, 2000);
  find_plot(&b, &left, &top);
  const int *column = b.frame.scene.cursors.column;
  const int middle = left + (column[0] + column[1]) / 2;
  drag(&b, middle, top + 3, middle + 50, top + 3);
  assert_int_equal(cursors(&b)->time[1] - cursors(&b)->time[0], SECOND);
  assert_int_equal(cursors(&b)->time[0] - SECOND, 50 * b.frame.view.time.width);
  drag(&b, left + (column[0] + column[1]) / 2, top + 3, left - 2000, top + 3);
  assert_true(cursors(&b)->time[0] == 0 && cursors(&b)->time[1] == SECOND);
  /* Esc while dragging takes it back. */
  mouse(&b, SHOW_PRESS, left + (column[0] + column[1]) / 2, top + 3);
  mouse(&b, SHOW_MOVE, left + 500, top + 3);
  key(&b, KEY_ESCAPE, false);
  mouse(&b, SHOW_RELEASE, left + 500, top + 3);
  assert_true(cursors(&b)->on && cursors(&b)->time[0] == 0 && cursors(&b)->time[1] == SECOND);
  stop(&b);
}

/* ---- Read-outs ---- */

static void what_is_read_out(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  place(&b, 1000, 2000);
  const struct cursor_channel *wave = &b.frame.scene.cursors.channel[0];
  const struct cursor_channel *ramp = &b.frame.scene.cursors.channel[1];
  assert_true(wave->value[0] == 3 && wave->value[1] == 3);
  assert_true(ramp->value[0] == 1000 && ramp->value[1] == 2000);
  assert_int_equal(wave->between.count, 1001);
  assert_true(fabs(wave->between.frequency - 5) < 1e-12 && fabs(wave->between.duty - 0.3) < 1e-12);
  assert_true(fabs(wave->between.integral - (0.3 * 3 - 0.7)) < 1e-12);
  assert_true(ramp->between.min == 1000 && ramp->between.max == 2000 && ramp->between.mean == 1500);
  assert_true(fabs(ramp->between.slope - 1000) < 1e-9);
  /* The other way round: the same between, and the difference turned. */
  place(&b, 2000, 1000);
  assert_true(ramp->between.min == 1000 && ramp->between.max == 2000 && ramp->value[1] - ramp->value[0] == -1000);
  /* At one place: one sample. */
  place(&b, 1000, 1000);
  assert_true(ramp->between.count == 1 && ramp->between.sd == 0 && isnan(ramp->between.slope));
  stop(&b);
}

static void while_data_flow_they_stay_and_grow(void **state)
{
  (void)state;
  struct bench b;
  start(&b, false);
  place(&b, 3000, 3900);
  const struct cursor_channel *ramp = &b.frame.scene.cursors.channel[1];
  assert_int_equal(ramp->between.count, 901);
  for (int i = 0; i < 5; i++) {
    feed(&b, SAMPLES + i * 1000, SAMPLES + (i + 1) * 1000);
    draw(&b);
    assert_int_equal(cursors(&b)->time[0], 3 * SECOND);
    assert_int_equal(ramp->between.count, 901);
    assert_int_equal(b.frame.view.state, VIEW_FOLLOWS);
  }
  assert_int_equal(b.frame.scene.cursors.column[0], -1); /* the view went on */
  key(&b, KEY_RIGHT, false);                             /* and comes back to it */
  assert_in_range(b.frame.scene.cursors.column[1], 0, b.frame.scene.time.columns - 1);
  stop(&b);
}

/* In sweeps they stand where they are on the screen: at the same time from the crossing. */
static void in_sweeps_they_go_with_the_crossing(void **state)
{
  (void)state;
  struct bench b;
  start(&b, false);
  b.frame.view.span = SECOND * 2 / 5; /* so quick that only whole sweeps are shown */
  key(&b, 't', true);
  feed(&b, SAMPLES, SAMPLES + 1500);
  draw(&b);
  draw(&b);
  assert_true(b.frame.view.sweep.shown);
  const int64_t crossing = b.frame.view.sweep.crossing / MILLISECOND;
  place(&b, crossing + 100, crossing + 300);
  const struct cursor_channel *wave = &b.frame.scene.cursors.channel[0];
  const double held[2] = {wave->value[0], wave->value[1]};
  const int column = b.frame.scene.cursors.column[0];
  for (int i = 0; i < 4; i++) {
    feed(&b, SAMPLES + 1500 + i * 1370, SAMPLES + 1500 + (i + 1) * 1370);
    draw(&b);
    const int64_t now = b.frame.view.sweep.crossing;
    assert_true(now > crossing * MILLISECOND);
    assert_int_equal(cursors(&b)->time[0], now + 100 * MILLISECOND);
    assert_int_equal(cursors(&b)->time[1], now + 300 * MILLISECOND);
    assert_int_equal(b.frame.scene.cursors.column[0], column);
    assert_true(wave->value[0] == held[0] && wave->value[1] == held[1]);
    assert_int_equal(wave->between.count, 201);
  }
  stop(&b);
}

static void copied_as_text(void **state)
{
  (void)state;
  struct bench b;
  start(&b, true);
  key(&b, 'y', false);
  assert_int_equal(b.wish, WISH_COPY);
  char *text = copy_text(&b.frame.scene);
  assert_string_equal(text, "channel\tlast\tmin\tmax\tmean\n"
                            "square\t-1\t-1\t3\t0.2\n"
                            "ramp\t3999\t0\t3999\t1999.5\n");
  free(text);
  place(&b, 1000, 1200);
  key(&b, '1', false); /* what is off is left out */
  text = copy_text(&b.frame.scene);
  assert_non_null(text);
  const char *line = strstr(text, "\n\n");
  assert_non_null(line);
  assert_memory_equal(text, "time A\ttime B\tdelta\t1/delta\n1\t1.2\t0.2\t5\n", (size_t)(line + 1 - text));
  double number[11];
  line = strstr(text, "\nramp\t");
  assert_non_null(line);
  assert_null(strstr(text, "square"));
  line += strlen("\nramp");
  for (int i = 0; i < 11; i++) { /* those that there is something to say of, up to the integral */
    char *end;
    number[i] = strtod(line + 1, &end);
    assert_true(*line == '\t' && end > line + 1);
    line = end;
  }
  assert_true(number[0] == 1000 && number[1] == 1200 && number[2] == 200 && number[3] == 201 && number[6] == 1100);
  assert_true(fabs(number[10] - 219.9) < 1e-9); /* the integral of what steps hold */
  free(text);
  stop(&b);
}

/* What was painted before leaves nothing behind: each picture is the one that an empty canvas gets. */
static void the_picture_depends_on_the_scene_alone(void **state)
{
  (void)state;
  static const struct {
    int key;
    bool shift;
  } step[] = {{'c', false},        {KEY_LEFT, false}, {KEY_LEFT, true},   {'<', false}, {KEY_RIGHT, true},
              {'=', false},        {'1', false},      {KEY_ENTER, false}, {'+', false}, {KEY_PAGE_UP, false},
              {'1', false},        {KEY_RIGHT, true}, {'1', false},       {'2', false}, {'-', false},
              {KEY_ESCAPE, false}, {'c', false},      {'l', false}};
  struct bench b;
  start(&b, false);
  uint32_t *kept = calloc((size_t)WIDTH * HEIGHT, sizeof *kept);
  assert_non_null(kept);
  for (size_t i = 0; i < 3 * sizeof step / sizeof *step; i++) {
    const size_t k = i % (sizeof step / sizeof *step);
    if (i % 3 == 0)
      feed(&b, SAMPLES + (int64_t)i * 30, SAMPLES + (int64_t)(i + 3) * 30);
    mouse(&b, SHOW_MOVE, 100 + (int)i * 13, 60 + (int)i * 3);
    b.now -= SECOND;
    key(&b, step[k].key, step[k].shift);
    memcpy(kept, b.canvas.pixel, sizeof *kept * WIDTH * HEIGHT);
    screen_invalidate(b.frame.screen);
    draw(&b);
    if (memcmp(kept, b.canvas.pixel, sizeof *kept * WIDTH * HEIGHT) != 0)
      fail_msg("after step %zu, key %d", i, step[k].key);
  }
  free(kept);
  stop(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(c_shows_them_on_samples_and_hides_them),
      cmocka_unit_test(arrows_move_the_active_one_by_a_sample),
      cmocka_unit_test(a_distance_is_typed),
      cmocka_unit_test(distances_are_read),
      cmocka_unit_test(each_is_dragged),
      cmocka_unit_test(the_bar_drags_both),
      cmocka_unit_test(what_is_read_out),
      cmocka_unit_test(while_data_flow_they_stay_and_grow),
      cmocka_unit_test(in_sweeps_they_go_with_the_crossing),
      cmocka_unit_test(copied_as_text),
      cmocka_unit_test(the_picture_depends_on_the_scene_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
