/*
 * Random keys, gestures, sizes and data, thousands of them, through all that a window has but the window: whatever
 * comes, nothing breaks, and Home shows the newest sample where it belongs. SEED=n repeats a run, EVENTS=n sets how many.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/controls.h"
#include "scope/copy.h"
#include "scope/frame.h"
#include "scope/settings.h"

static const int64_t MILLISECOND = 1000000;

struct monkey {
  struct random random;
  struct stream *stream;
  struct intake *intake;
  struct settings settings;
  struct frame frame;
  struct controls controls;
  struct canvas canvas;
  int64_t now;
  int channels;
  double newest; /* the last finite value of channel 0 */
  bool gap_last; /* after it came a gap */
  bool ended, painted;
};

static int64_t monkey_clock(void *context)
{
  return ((struct monkey *)context)->now;
}

static double any_value(struct random *r)
{
  static const double odd[] = {1e308, -1e308, DBL_MAX, 5e-324, 0, -5e-324, 1e9, 1e9 + 1e-3};
  if (random_once_in(r, 30))
    return (double)NAN;
  if (random_once_in(r, 20))
    return odd[random_below(r, sizeof odd / sizeof *odd)];
  return random_once_in(r, 3) ? 42 : random_unit(r) * 20 - 10;
}

static void feed(struct monkey *m)
{
  static const struct stream_counts counts;
  struct random *r = &m->random;
  if (m->channels < 12 && (m->channels == 0 || random_once_in(r, 20))) {
    char name[24];
    snprintf(name, sizeof name, "name %d", m->channels);
    assert_int_equal(stream_channel_add(m->stream, name), m->channels);
    m->channels++;
  }
  stream_arrival_begin(m->stream, monkey_clock, m);
  const int rows = (int)random_between(r, 1, random_once_in(r, 50) ? 5000 : 5);
  for (int i = 0; i < rows; i++)
    for (int channel = 0; channel < m->channels; channel++) {
      const double value = any_value(r);
      stream_put(m->stream, (size_t)channel, &m->now, &value, 1);
      if (channel == 0) {
        m->gap_last = value != value;
        m->newest = value == value ? value : m->newest;
      }
      if (i % 8 == 0) {
        stream_publish(m->stream, &counts);
        assert_true(intake_take(m->intake, INT64_MAX));
      }
    }
  stream_publish(m->stream, &counts);
  stream_arrival_end(m->stream);
}

static void resize(struct monkey *m)
{
  static const int size[][2] = {{1, 1}, {64, 64}, {320, 200}, {200, 600}, {900, 80}, {640, 400}};
  const int *s = size[random_below(&m->random, sizeof size / sizeof *size)];
  free(m->canvas.pixel);
  m->canvas = (struct canvas){.width = s[0], .height = s[1], .stride = s[0]};
  m->canvas.pixel = calloc((size_t)s[0] * (size_t)s[1], sizeof *m->canvas.pixel);
  assert_non_null(m->canvas.pixel);
  if (m->frame.screen)
    screen_invalidate(m->frame.screen);
}

static void draw(struct monkey *m)
{
  struct damage damage = {.count = 0};
  assert_true(intake_take(m->intake, INT64_MAX));
  intake_advance(m->intake, m->now);
  assert_true(frame_draw(&m->frame, &m->canvas, m->now, random_once_in(&m->random, 2), &damage));
  for (int i = 0; i < m->frame.view.panes; i++)
    assert_true(m->frame.view.pane[i].axis.low < m->frame.view.pane[i].axis.high);
  assert_true(m->frame.view.time.width >= 1);
  m->painted = true;
}

static void touch(struct monkey *m)
{
  static const int key[] = {' ', ' ',     KEY_HOME,  KEY_LEFT,  KEY_RIGHT,   KEY_UP, KEY_DOWN,   '+',
                            '-', '+',     '-',       'u',       'u',         'a',    'g',        'l',
                            't', KEY_TAB, KEY_ENTER, KEY_ENTER, KEY_PAGE_UP, KEY_F1, KEY_ESCAPE, KEY_PAGE_DOWN,
                            '1', '2',     '9',       'e',       'c',         'c',    '<',        '>',
                            '=', '=',     'y',       '7',       '.',         '5',    'm',        KEY_BACKSPACE,
                            't', 'n',     'r',       KEY_UP,    KEY_DOWN};
  struct random *r = &m->random;
  struct show_event event = {.shift = random_once_in(r, 4),
                             .ctrl = random_once_in(r, 4),
                             .x = (int)random_between(r, -20, m->canvas.width + 20),
                             .y = (int)random_between(r, -20, m->canvas.height + 20),
                             .button = (enum show_button)random_between(r, BUTTON_LEFT, BUTTON_RIGHT),
                             .moment_ns = m->now};
  bool changed;
  const char *said;
  if (random_once_in(r, 3)) {
    event.kind = SHOW_KEY;
    event.key = key[random_below(r, sizeof key / sizeof *key)];
    event.repeat = random_once_in(r, 5);
  } else {
    static const enum show_event_kind kind[] = {SHOW_PRESS, SHOW_RELEASE, SHOW_MOVE,  SHOW_MOVE, SHOW_MOVE,
                                                SHOW_LEAVE, SHOW_WHEEL,   SHOW_PINCH, SHOW_PINCH};
    event.kind = kind[random_below(r, sizeof kind / sizeof *kind)];
    event.wheel_y = (double)random_between(r, -5, 5);
    event.pinch = (enum show_pinch)random_between(r, PINCH_BEGINS, PINCH_CANCELLED);
    event.apart = 0.25 + 4 * random_unit(r);
    event.wheel_x = random_once_in(r, 5) ? random_unit(r) * 6 - 3 : 0;
  }
  if (controls_serve(&m->controls, &event, &changed, &said) == WISH_COPY)
    free(copy_text(&m->frame.scene));
}

static void key(struct monkey *m, int code)
{
  const struct show_event event = {.kind = SHOW_KEY, .key = code};
  bool changed;
  const char *said;
  controls_serve(&m->controls, &event, &changed, &said);
}

/* Del, asked twice; what the old generation still brings is nothing to the new one. */
static void clear(struct monkey *m)
{
  static const struct stream_counts counts;
  controls_clear(&m->controls);
  frame_clear(&m->frame, m->now);
  if (random_once_in(&m->random, 2) && m->channels > 0 && !m->ended)
    feed(m);
  if (random_once_in(&m->random, 2))
    draw(m);
  if (m->ended)
    return;
  stream_begin_generation(m->stream, &counts, INT64_MIN);
  m->channels = 0;
}

/* Where the trace of channel 0 ends: in the newest column, the last one, at the newest value. */
static void check_home(struct monkey *m)
{
  m->controls.gesture = (struct gesture){0};
  m->frame.scene.cursors.typing = false;
  if (m->frame.view.trigger.on) { /* a sweep is not the newest */
    const struct show_event off = {.kind = SHOW_KEY, .key = 't', .shift = true};
    bool changed;
    const char *said;
    controls_serve(&m->controls, &off, &changed, &said);
  }
  resize(m);
  m->now += MILLISECOND;
  feed(m);
  m->now += 20 * MILLISECOND;
  key(m, KEY_HOME);
  draw(m);
  key(m, KEY_HOME);
  draw(m);
  draw(m);
  const struct scene *scene = &m->frame.scene;
  const int64_t newest = time_axis_column(&scene->time, intake_edge(m->intake) - 1) - scene->time.first;
  assert_in_range(newest, 0, scene->time.columns - 1);
  if (!m->settings.window_all) /* everything has room to grow */
    assert_int_equal(newest, scene->time.columns - 1);
  const struct column *last = &scene->channel[0].columns[newest];
  if (m->gap_last) /* nothing is drawn there */
    return;
  assert_true(last->low <= m->newest && last->high >= m->newest);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
  const char *text = getenv(name);
  return text ? strtoull(text, NULL, 10) : otherwise;
}

static void a_monkey_breaks_nothing(void **state)
{
  (void)state;
  const uint64_t seed = number_from("SEED", (uint64_t)time(NULL));
  const uint64_t events = number_from("EVENTS", SCALED(3000, 1000));
  static struct monkey m;
  printf("SEED=%llu EVENTS=%llu\n", (unsigned long long)seed, (unsigned long long)events);
  fflush(stdout);
  const struct time_base base = {.kind = TIME_ARRIVAL};
  m = (struct monkey){.random = random_seeded(seed), .stream = stream_new(1024), .settings = settings_default};
  m.settings.autoscale = random_once_in(&m.random, 2);
  m.settings.window_all = random_once_in(&m.random, 4);
  m.settings.log = random_once_in(&m.random, 3);
  m.settings.stack = random_once_in(&m.random, 2) ? STACK_CHANNELS : STACK_NOTHING;
  if (random_once_in(&m.random, 2))
    m.settings.trigger = (struct trigger){.on = true,
                                          .channel = (int)random_below(&m.random, 3),
                                          .level = random_unit(&m.random) * 20 - 10,
                                          .mode = (enum trigger_mode)random_below(&m.random, 3),
                                          .falling = random_once_in(&m.random, 2),
                                          .from = INT64_MIN};
  m.intake = intake_new(m.stream, &base, (size_t)16 << 20, false);
  assert_non_null(m.intake);
  stream_arrival_end(m.stream);
  frame_init(&m.frame, &m.settings, m.intake, NULL, 0);
  assert_true(frame_open(&m.frame, &m.settings, 1));
  controls_init(&m.controls, &m.frame);
  resize(&m);
  draw(&m);
  for (uint64_t i = 0; i < events; i++) {
    m.now += random_between(&m.random, 0, random_once_in(&m.random, 100) ? 20000 : 30) * MILLISECOND;
    if (i > 50 && random_once_in(&m.random, 3)) /* nothing at first */
      feed(&m);
    if (random_once_in(&m.random, 60))
      resize(&m);
    touch(&m);
    if (random_once_in(&m.random, 200))
      clear(&m);
    if (random_once_in(&m.random, 2))
      draw(&m);
  }
  check_home(&m);
  /* Once more after the end, where everything has to work as well. */
  stream_end(m.stream, false);
  m.ended = true;
  m.frame.view.frozen = false;
  for (uint64_t i = 0; i < events / 10; i++) {
    touch(&m);
    if (random_once_in(&m.random, 60))
      resize(&m);
    if (random_once_in(&m.random, 100))
      clear(&m);
    draw(&m);
  }
  frame_destroy(&m.frame);
  intake_free(m.intake);
  free(m.canvas.pixel);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_monkey_breaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
