/* The plan of the table: it depends on the scene and the room alone, keeps within the room, and stays calm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/legend.h"

static struct look look = {.theme = &theme_dark, .scale = 1};
static char names[CHANNELS_MAX][CHANNEL_NAME_MAX];

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

/* Numbers that a channel between min and max may have. */
static void set_numbers(struct channel_scene *c, double min, double max)
{
  c->min = min;
  c->max = max;
  c->last = c->mean = min / 2 + max / 2;
  c->form = (struct figure_form){FIGURE_ENDLESS, FIGURE_ENDLESS};
}

static void make_scene(struct scene *s, int channels)
{
  *s = (struct scene){.channels = channels, .legend = true, .legend_cursor = -1, .panes = 1};
  s->pane[0] = (struct pane_scene){.channels = UINT64_MAX, .axis = {.low = -10, .high = 10, .rows = 100}};
  for (int i = 0; i < channels; i++) {
    snprintf(names[i], sizeof names[i], "c%d", i);
    s->channel[i].name = names[i];
    set_numbers(&s->channel[i], -1, 2);
  }
}

/* A plan by somebody who never saw another scene. */
static struct legend_plan plan_afresh(const struct scene *s, int width, int height)
{
  static struct legend_numbers numbers[CHANNELS_MAX];
  struct legend_plan plan;
  memset(numbers, 0, sizeof numbers);
  legend_write_numbers(numbers, &look, s);
  legend_plan(&plan, &look, numbers, s, width, height);
  return plan;
}

static void test_a_plan_remembers_nothing(void **state)
{
  (void)state;
  static struct legend_numbers numbers[CHANNELS_MAX];
  struct random r = random_seeded(7);
  static struct scene s;
  memset(numbers, 0, sizeof numbers);
  make_scene(&s, 3);
  const struct legend_plan first = plan_afresh(&s, 800, 300);
  for (int i = 0; i < 500; i++) {
    make_scene(&s, (int)random_between(&r, 0, CHANNELS_MAX));
    for (int k = 0; k < s.channels; k++) {
      double scale = pow(10, (double)random_between(&r, -12, 12));
      set_numbers(&s.channel[k], (random_unit(&r) - 0.7) * scale, random_unit(&r) * scale);
      if (random_once_in(&r, 9))
        s.channel[k].last = (double)NAN;
    }
    int width = (int)random_between(&r, -50, 1500);
    int height = (int)random_between(&r, 0, 500);
    struct legend_plan plan;
    struct legend_plan afresh = plan_afresh(&s, width, height);
    legend_write_numbers(numbers, &look, &s);
    legend_plan(&plan, &look, numbers, &s, width, height);
    assert_true(legend_plan_equal(&plan, &afresh));
  }
  make_scene(&s, 3);
  const struct legend_plan last = plan_afresh(&s, 800, 300);
  assert_true(legend_plan_equal(&last, &first));
}

/* Everything is within the room, each shown channel once, and who has no place is counted. */
static void test_the_table_keeps_within_its_room(void **state)
{
  (void)state;
  struct random r = random_seeded(8);
  static struct scene s;
  for (int i = 0; i < 300; i++) {
    make_scene(&s, (int)random_between(&r, 1, CHANNELS_MAX));
    int width = (int)random_between(&r, 300, 1500);
    int height = (int)random_between(&r, 0, 500);
    struct legend_plan plan = plan_afresh(&s, width, height);
    int pixels = legend_pixels(&plan, &look);
    assert_true(pixels <= height + 3 || pixels == 0); /* the gap under it is not counted */
    assert_int_equal(pixels == 0, plan.channels == 0);
    if (pixels == 0)
      continue;
    assert_int_equal(plan.channels, s.channels);
    assert_true(plan.blocks * plan.block_width <= width + 24);
    assert_true(plan.blocks * plan.all_rows >= plan.channels && plan.rows <= plan.all_rows);
    const int head = plan.numbers > 0 ? plan.line : 0;
    /* Nobody is out of sight as long as there is room for a name and nothing else. */
    const int most = (width + 24) / (28 + 5 * text_width(look.text, TEXT_SANS, "n") + 24);
    assert_true(legend_left_out(&plan) == 0 || most * (height / plan.line) < s.channels || most < 1);
    bool found[CHANNELS_MAX] = {false};
    for (int y = 0; y < pixels; y += 3)
      for (int x = 0; x < width; x += 20)
        if (legend_pick(&plan, x, y) >= 0)
          found[legend_pick(&plan, x, y)] = true;
    int seen = 0;
    for (int k = 0; k < plan.channels; k++)
      seen += found[k];
    assert_int_equal(seen + legend_left_out(&plan), s.channels);
    assert_true(head == 0 || legend_pick(&plan, 5, 0) == -1);
    assert_int_equal(legend_pick(&plan, -1, plan.line), -1);
    assert_int_equal(legend_pick(&plan, 5, head), 0);
    assert_int_equal(legend_pick(&plan, 5, head + plan.rows * plan.line), -1);
  }
}

/* Scrolled by rows, within bounds, and always so that the channel that keys chose is in sight. */
static void test_the_table_scrolls(void **state)
{
  (void)state;
  static struct scene s;
  make_scene(&s, CHANNELS_MAX);
  for (int first = -3; first < CHANNELS_MAX + 3; first++)
    for (int cursor = -1; cursor < CHANNELS_MAX; cursor += 5) {
      s.legend_first = first;
      s.legend_cursor = cursor;
      const struct legend_plan plan = plan_afresh(&s, 400, 100);
      assert_true(plan.rows < plan.all_rows);
      assert_in_range(plan.first, 0, plan.all_rows - plan.rows);
      if (cursor < 0 && first >= 0 && first <= plan.all_rows - plan.rows)
        assert_int_equal(plan.first, first);
      int seen = cursor < 0;
      for (int y = 0; y < legend_pixels(&plan, &look); y += 3)
        for (int x = 0; x < 400; x += 20)
          seen |= legend_pick(&plan, x, y) == cursor;
      assert_true(seen);
    }
}

/* Where there is room for all of a name it is not cut; 64 channels are all in sight in a window of the usual size. */
static void test_the_table_uses_its_room(void **state)
{
  (void)state;
  static struct scene s;
  make_scene(&s, CHANNELS_MAX);
  struct legend_plan plan = plan_afresh(&s, 1210, 270);
  assert_int_equal(legend_left_out(&plan), 0);
  assert_true(plan.numbers >= 1);
  make_scene(&s, 2);
  s.channel[0].name = "temperature of the water at the outlet";
  plan = plan_afresh(&s, 800, 200);
  assert_int_equal(plan.numbers, LEGEND_NUMBERS);
  assert_true(plan.name_width - 32 >= text_width(look.text, TEXT_SANS, s.channel[0].name));
}

static void test_no_legend_no_table(void **state)
{
  (void)state;
  static struct scene s;
  make_scene(&s, 3);
  s.legend = false;
  struct legend_plan plan = plan_afresh(&s, 800, 300);
  assert_int_equal(legend_pixels(&plan, &look), 0);
  assert_int_equal(legend_pick(&plan, 5, 25), -1);
  make_scene(&s, 0);
  plan = plan_afresh(&s, 800, 300);
  assert_int_equal(legend_pixels(&plan, &look), 0);
}

/* Numbers of any kind fit their column: a table with a cut number would be a wrong one. */
static void test_every_number_fits_its_column(void **state)
{
  (void)state;
  struct random r = random_seeded(9);
  static struct scene s;
  static struct legend_numbers numbers[CHANNELS_MAX];
  memset(numbers, 0, sizeof numbers);
  make_scene(&s, 1);
  for (int i = 0; i < 5000; i++) {
    double scale = pow(10, (double)random_between(&r, -30, 30));
    double middle = (random_unit(&r) - 0.5) * scale;
    double extent = fabs(middle) * pow(10, (double)random_between(&r, -8, 2)) * random_unit(&r);
    set_numbers(&s.channel[0], middle - extent, middle + extent);
    struct legend_plan plan;
    legend_write_numbers(numbers, &look, &s);
    legend_plan(&plan, &look, numbers, &s, 1500, 300);
    for (int n = 0; n < LEGEND_NUMBERS; n++)
      assert_true(text_width(look.text, TEXT_SANS, numbers[0].text[n]) < plan.number_width);
  }
}

/* A signal that wanders within one order of magnitude does not move the table. */
static void test_the_table_is_calm(void **state)
{
  (void)state;
  struct random r = random_seeded(10);
  static struct scene s;
  static const double scales[] = {1e-9, 1, 1e3, 1e6, 1e15};
  for (size_t k = 0; k < sizeof scales / sizeof *scales; k++) {
    struct legend_plan first = {0};
    for (int i = 0; i < 300; i++) {
      make_scene(&s, 4);
      for (int c = 0; c < 4; c++)
        set_numbers(&s.channel[c], (-9 + random_unit(&r) * 7) * scales[k], (2 + random_unit(&r) * 7) * scales[k]);
      struct legend_plan plan = plan_afresh(&s, 1000, 300);
      if (i == 0)
        first = plan;
      assert_true(legend_plan_equal(&plan, &first));
    }
  }
}

/* Texts follow the numbers, to each of the four, also where only the sign of a zero or a NaN comes or goes. */
static void test_the_texts_follow_the_numbers(void **state)
{
  (void)state;
  static struct scene s;
  struct legend_numbers numbers[1] = {{.width = 0}};
  make_scene(&s, 1);
  struct channel_scene *c = &s.channel[0];
  double *const place[LEGEND_NUMBERS] = {&c->last, &c->min, &c->max, &c->mean};
  for (int n = 0; n < LEGEND_NUMBERS; n++) {
    const double values[] = {1.5, 2.5, (double)NAN, 0.5};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
      *place[n] = values[i];
      legend_write_numbers(numbers, &look, &s);
      struct legend_numbers afresh[1] = {{.width = 0}};
      legend_write_numbers(afresh, &look, &s);
      for (int k = 0; k < LEGEND_NUMBERS; k++)
        assert_string_equal(numbers[0].text[k], afresh[0].text[k]);
      assert_int_equal(numbers[0].width, afresh[0].width);
    }
  }
}

/* Where names are cut, a unit does not take the room of what tells channels apart. */
static void test_a_name_goes_before_its_unit(void **state)
{
  (void)state;
  static uint32_t pixel[400 * 200];
  struct canvas canvas = {.pixel = pixel, .width = 400, .height = 200, .stride = 400};
  for (int channels = 2; channels <= 40; channels += 38) {
    struct scene s;
    struct legend_numbers numbers[CHANNELS_MAX] = {0};
    struct legend_plan plan;
    struct legend legend = {0};
    struct damage damage = {0};
    make_scene(&s, channels);
    for (int i = 0; i < channels; i++)
      s.channel[i].unit = "V";
    legend_write_numbers(numbers, &look, &s);
    legend_plan(&plan, &look, numbers, &s, 400, 200);
    legend_draw(&legend, &plan, &look, numbers, &s, &canvas, 0, 0, &damage);
    for (int i = 0; i < channels; i++)
      if (legend.name[i].text[0])
        assert_string_equal(legend.name[i].text, channels == 2 ? i ? "c1 [V]" : "c0 [V]" : names[i]);
    assert_string_not_equal(legend.name[1].text, "");
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_plan_remembers_nothing),
      cmocka_unit_test(test_the_table_keeps_within_its_room),
      cmocka_unit_test(test_the_table_scrolls),
      cmocka_unit_test(test_the_table_uses_its_room),
      cmocka_unit_test(test_no_legend_no_table),
      cmocka_unit_test(test_every_number_fits_its_column),
      cmocka_unit_test(test_the_table_is_calm),
      cmocka_unit_test(test_a_name_goes_before_its_unit),
      cmocka_unit_test(test_the_texts_follow_the_numbers),
  };
  return cmocka_run_group_tests(tests, make_text, free_text);
}
