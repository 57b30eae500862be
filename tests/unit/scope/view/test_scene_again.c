/* What was built before leaves nothing behind: the same input makes the same scene, and what was cleared is gone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/store/intake.h"
#include "scope/view/scene.h"
#include "scope/view/scene_fixture.h"
#include "scope/view/view.h"

static bool alike(double a, double b)
{
  return a == b || (isnan(a) && isnan(b));
}

static void assert_same_scene(const struct scene *a, const struct scene *b)
{
  assert_int_equal(a->channels, b->channels);
  assert_int_equal(a->state, b->state);
  assert_int_equal(a->time.first, b->time.first);
  assert_true(time_axis_same_columns(&a->time, &b->time));
  for (int i = 0; i < a->channels; i++) {
    const struct channel_scene *x = &a->channel[i];
    const struct channel_scene *y = &b->channel[i];
    assert_string_equal(x->name, y->name);
    assert_int_equal(x->hidden, y->hidden);
    assert_true(alike(x->last, y->last) && alike(x->min, y->min) && alike(x->max, y->max) && alike(x->mean, y->mean));
    for (int k = 0; k < a->time.columns; k++)
      assert_true(alike(x->columns[k].low, y->columns[k].low) && alike(x->columns[k].high, y->columns[k].high));
  }
}

/* Whatever was built before, the same input makes the same scene: one from nothing, and one that has a past. */
static void the_same_input_makes_the_same_scene(void **state)
{
  (void)state;
  static const char *const names[] = {"a", "b", "c", "d"};
  struct random r = random_seeded(1);
  for (int round = 0; round < SCALED(20, 5); round++) {
    struct fixture f;
    start(&f, random_once_in(&r, 2));
    int channels = 0;
    int64_t now = 0;
    for (int step = 0; step < 60; step++) {
      if (channels < 4 && random_once_in(&r, 10))
        stream_channel_add(f.stream, names[channels++]);
      for (int i = 0; channels && i < 10; i++) {
        now += random_between(&r, 0, SECOND / 10);
        row(&f, random_below(&r, (uint64_t)channels), now, random_once_in(&r, 10) ? (double)NAN : random_unit(&r));
      }
      now += random_between(&r, 0, SECOND / 5);
      switch (random_below(&r, 8)) {
      case 0:
        view_toggle_channel(&f.view, (int)random_below(&r, 4));
        break;
      case 1:
        view_freeze(&f.view, !f.view.frozen);
        break;
      case 2:
        view_hold(&f.view, random_between(&r, 0, now));
        break;
      case 3:
        view_follow(&f.view);
        break;
      case 4:
        f.style = (enum column_style)random_below(&r, 3);
        break;
      default:
        break;
      }
      frame(&f, now, true);
      const struct scene_source source = {.intake = f.intake, .view = &f.view, .style = f.style};
      struct scene other = {.channels = 0};
      struct scene_columns columns = {.allocated = 0};
      assert_true(scene_build(&other, &columns, &source, true));
      assert_same_scene(&f.scene, &other);
      assert_true(scene_build(&other, &columns, &source, false));
      assert_same_scene(&f.scene, &other);
      scene_columns_destroy(&columns);
    }
    stop(&f);
  }
}

/* Nothing of what was cleared is left in what is kept between frames, though time goes on. */
static void a_cleared_scene(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "old");
  for (int i = 0; i < 50; i++) {
    row(&f, 0, i * SECOND / 10, i % 7);
    frame(&f, i * SECOND / 10 + 1, true);
  }
  view_zoom_time(&f.view, 0, 0.5);
  view_zoom_values(&f.view, 0, 25, 0.5);
  frame(&f, 5 * SECOND, true);
  assert_true(shown_at(&f, 0, 4 * SECOND, 4 * 10 % 7));
  view_freeze(&f.view, true);
  view_toggle_channel(&f.view, 0);
  const int64_t span = f.view.span;
  const double high = f.view.pane[0].axis.high;

  scene_clear(&f.scene, &f.columns);
  intake_clear(f.intake);
  view_clear(&f.view, intake_edge(f.intake));
  frame(&f, 5 * SECOND, true);
  assert_int_equal(f.scene.channels, 0);
  stream_begin_generation(f.stream, &(struct stream_counts){.lines = 50}, INT64_MIN);
  stream_channel_add(f.stream, "new");
  row(&f, 0, 6 * SECOND, -3);
  frame(&f, 7 * SECOND, true);
  assert_string_equal(f.scene.channel[0].name, "new");
  assert_true(shows(&f.scene.channel[0], -3, -3, -3, -3));
  assert_false(shown_at(&f, 0, 4 * SECOND, 4 * 10 % 7)); /* in view, and painted before */
  assert_true(shown_at(&f, 0, 65 * SECOND / 10, -3));
  assert_int_equal(f.scene.strip.begin, 6 * SECOND);
  assert_int_equal(f.scene.state, SCENE_LIVE);
  assert_false(f.scene.channel[0].hidden);
  assert_true(f.view.span == span && f.view.pane[0].axis.high == high); /* as it was zoomed */
  const struct scene_source source = {.intake = f.intake, .view = &f.view, .style = f.style};
  struct scene other = {.channels = 0};
  struct scene_columns columns = {.allocated = 0};
  assert_true(scene_build(&other, &columns, &source, true));
  for (int k = 0; k < COLUMNS; k++)
    assert_true(alike(f.scene.channel[0].columns[k].low, other.channel[0].columns[k].low));
  scene_columns_destroy(&columns);
  stop(&f);
}

/*
 * Where a column states times, several rows may have one and the same, and each may come when the one before was painted
 * already. What is kept between frames is what one from nothing would have.
 */
static void samples_of_a_time_already_painted(void **state)
{
  (void)state;
  static const struct time_base base = {.kind = TIME_STATED};
  struct random r = random_seeded(2);
  for (int round = 0; round < SCALED(30, 9); round++) {
    struct fixture f;
    start(&f, false);
    intake_free(f.intake);
    f.intake = intake_new(f.stream, &base, (size_t)16 << 20, false);
    f.style = (enum column_style)(round % 3);
    stream_state_next(f.stream, 0);
    stream_channel_add(f.stream, "a");
    int64_t time = 0;
    for (int step = 0; step < 100; step++) {
      const double value = random_unit(&r) * 8;
      stream_put(f.stream, 0, &time, &value, 1);
      stream_publish(f.stream, &(struct stream_counts){.rows = 1});
      stream_state_next(f.stream, time + 1); /* as the reader does */
      frame(&f, 0, true);
      assert_true(shown_at(&f, 0, time, value));
      const struct scene_source source = {.intake = f.intake, .view = &f.view, .style = f.style};
      struct scene other = {.channels = 0};
      struct scene_columns columns = {.allocated = 0};
      assert_true(scene_build(&other, &columns, &source, true));
      assert_same_scene(&f.scene, &other);
      scene_columns_destroy(&columns);
      if (random_once_in(&r, 2)) /* mostly the last tick of a column: its edge is the next one's beginning */
        time = random_once_in(&r, 4) ? time + random_between(&r, 1, SECOND / 5)
                                     : (time / (SECOND / 10) + 1) * (SECOND / 10) - 1 + SECOND / 10;
    }
    stop(&f);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cleared_scene),
      cmocka_unit_test(samples_of_a_time_already_painted),
      cmocka_unit_test(the_same_input_makes_the_same_scene),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
