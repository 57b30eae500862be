/* Where the parts of the picture stand: whatever the scene and the size, beside each other, and within the window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/paint/layout.h"
#include "scope/paint/text.h"
#include "scope/paint/theme.h"
#include "scope/paint/time_strip.h"

enum { WIDTH = 900, HEIGHT = 600 };

static struct look look = {.theme = &theme_dark, .scale = 1};
static struct scene scene;
static struct layout layout;
static struct cursor_table table;
static char names[CHANNELS_MAX][32];

static int make_text(void **state)
{
  (void)state;
  look.text = text_new(13);
  return look.text ? 0 : -1;
}

static int free_text(void **state)
{
  (void)state;
  text_free(look.text);
  return 0;
}

/* Channels are spread over the panes, one each and the rest in the last. */
static void make_scene(int channels, int panes)
{
  scene = (struct scene){.channels = channels,
                         .legend = true,
                         .legend_cursor = -1,
                         .panes = panes,
                         .time = {.width = 1000000, .columns = 1},
                         .time_unit = 1000000000,
                         .time_name = "s"};
  for (int i = 0; i < channels; i++) {
    snprintf(names[i], sizeof names[i], "channel %d", i);
    scene.channel[i] = (struct channel_scene){.name = names[i], .last = i, .min = -i, .max = i, .mean = 0.5};
  }
  for (int i = 0; i < panes; i++)
    scene.pane[i] = (struct pane_scene){.channels = i + 1 < panes ? UINT64_C(1) << i : UINT64_MAX << i,
                                        .axis = {.low = -10, .high = 10}};
}

static void plan(int width, int height)
{
  static struct legend_numbers numbers[CHANNELS_MAX];
  memset(numbers, 0, sizeof numbers);
  memset(&table, 0, sizeof table);
  look_fit(&look, width, height);
  legend_write_numbers(numbers, &look, &scene);
  layout_plan(&layout, width, height, &look, &scene, numbers, &table);
}

static void everything_has_its_place(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  for (int i = 0; i < SCALED(2000, 200); i++) {
    const int panes = (int)random_between(&r, 1, 6);
    make_scene((int)random_between(&r, panes, 20), panes);
    scene.legend = random_once_in(&r, 2);
    const int width = (int)random_between(&r, 200, 2000);
    const int height = (int)random_between(&r, 200, 1500);
    plan(width, height);
    assert_int_equal(layout.panes, panes);
    int end = 0;
    for (int k = 0; k < panes; k++) {
      const struct rect plot = layout.pane[k].plot;
      assert_int_equal(layout.pane[k].index, k);
      assert_true(plot.y >= end && plot.x >= 0 && plot.x + plot.w <= width);
      assert_int_equal(plot.x, layout.pane[0].plot.x); /* they share the axis of time */
      assert_int_equal(plot.w, layout.pane[0].plot.w);
      assert_in_range(plot.h, layout.pane[0].plot.h - 1, layout.pane[0].plot.h + 1);
      assert_int_equal(layout.pane[k].axis.rows, plot.h);
      end = plot.y + plot.h;
    }
    assert_true(rect_equal(layout_lowest_plot(&layout), layout.pane[panes - 1].plot));
    const struct rect all = layout_all_plots(&layout);
    assert_int_equal(all.y, layout.pane[0].plot.y);
    assert_int_equal(all.y + all.h, end);
    assert_int_equal(layout.table_place.y, end + time_strip_pixels(&look));
    assert_int_equal(layout.table_place.h, 0); /* no cursors are set */
    assert_int_equal(layout.legend_place.y, layout.table_place.y);
    assert_true(layout.legend_place.y + layout.legend_place.h <= height);
    assert_true(scene.legend || layout.legend_place.h == 0);
  }
}

/* Of one pixel, too, there is a plot, and it lies within. */
static void small_windows(void **state)
{
  (void)state;
  make_scene(8, 8);
  for (int width = 1; width < 60; width++)
    for (int height = 1; height < 60; height++) {
      plan(width, height);
      assert_int_equal(layout.panes, 8);
      assert_int_equal(layout.legend_place.h, 0);
      assert_false(layout.state_line);
      for (int k = 0; k < 8; k++) {
        const struct rect plot = layout.pane[k].plot;
        assert_true(plot.w >= 1 && plot.h >= 1);
        assert_true(rect_equal(rect_intersection(plot, (struct rect){0, 0, width, height}), plot));
      }
    }
}

/* The plots keep more than half of what they share with the legend, however many channels there are. */
static void plots_keep_their_share(void **state)
{
  (void)state;
  make_scene(CHANNELS_MAX, 1);
  plan(WIDTH, HEIGHT);
  assert_true(layout.legend_place.h > 0);
  assert_true(layout.pane[0].plot.h > layout.legend_place.h);
  const int with_legend = layout.pane[0].plot.h;
  const int legend = layout.legend_place.h;
  scene.legend = false;
  plan(WIDTH, HEIGHT);
  assert_int_equal(layout.pane[0].plot.h, with_legend + legend);
}

/* The table of the cursors stands over the legend, and takes its room from the plots. */
static void the_table_of_the_cursors(void **state)
{
  (void)state;
  make_scene(3, 1);
  plan(WIDTH, HEIGHT);
  const int without = layout.pane[0].plot.h;
  const int legend = layout.legend_place.h;
  scene.cursors.on = true;
  plan(WIDTH, HEIGHT);
  assert_true(layout.table_place.h > 0);
  assert_int_equal(layout.legend_place.h, legend);
  assert_int_equal(layout.legend_place.y, layout.table_place.y + layout.table_place.h);
  assert_int_equal(layout.pane[0].plot.h, without - layout.table_place.h);
}

static void panes_are_named(void **state)
{
  (void)state;
  make_scene(3, 1);
  plan(WIDTH, HEIGHT);
  assert_string_equal(layout.pane[0].title, "");
  assert_int_equal(layout.gap, 0);
  make_scene(3, 3);
  plan(WIDTH, HEIGHT);
  assert_string_equal(layout.pane[1].title, "channel 1");
  assert_true(layout.gap > 0);
  assert_false(layout_titled_beside(&layout, &look, &layout.pane[1]));
  make_scene(40, 40); /* a dozen pixels each: too low for figures */
  plan(WIDTH, HEIGHT);
  assert_true(layout_titled_beside(&layout, &look, &layout.pane[1]));
}

static void what_makes_a_difference(void **state)
{
  (void)state;
  make_scene(3, 2);
  plan(WIDTH, HEIGHT);
  const struct layout before = layout;
  plan(WIDTH, HEIGHT);
  assert_true(layout_equal(&before, &layout));
  plan(WIDTH + 1, HEIGHT);
  assert_false(layout_equal(&before, &layout));
  plan(WIDTH, HEIGHT - 1);
  assert_false(layout_equal(&before, &layout));
  scene.pane[1].axis.high = 11;
  plan(WIDTH, HEIGHT);
  assert_false(layout_equal(&before, &layout));
  make_scene(3, 2);
  snprintf(names[0], sizeof names[0], "another");
  plan(WIDTH, HEIGHT);
  assert_false(layout_equal(&before, &layout));
  make_scene(3, 3);
  plan(WIDTH, HEIGHT);
  assert_false(layout_equal(&before, &layout));
  make_scene(3, 2);
  scene.legend = false;
  plan(WIDTH, HEIGHT);
  assert_false(layout_equal(&before, &layout));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_has_its_place), cmocka_unit_test(small_windows),
      cmocka_unit_test(plots_keep_their_share),   cmocka_unit_test(the_table_of_the_cursors),
      cmocka_unit_test(panes_are_named),          cmocka_unit_test(what_makes_a_difference),
  };
  return cmocka_run_group_tests(tests, make_text, free_text);
}
