/* What is read out at cursors, as text. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scope/view/read_outs.h"

static const double NOTHING = (double)NAN;

/* A channel between cursors 20 ms apart. */
static struct scene *a_scene(void)
{
  static struct scene scene;
  memset(&scene, 0, sizeof scene);
  scene.time_unit = 1000000000;
  scene.clock_labels = true;
  scene.channels = 1;
  scene.cursors.on = true;
  scene.cursors.time[0] = 1000000000;
  scene.cursors.time[1] = 1020000000;
  scene.cursors.channel[0] = (struct cursor_channel){.measured = true,
                                                     .value = {1.5, -2.25},
                                                     .between = {.count = 12345,
                                                                 .min = -3,
                                                                 .max = 4.5,
                                                                 .mean = 0.123456,
                                                                 .rms = 2.5,
                                                                 .sd = 2.496949,
                                                                 .peak_to_peak = 7.5,
                                                                 .integral = 0.0024691,
                                                                 .slope = -187.5,
                                                                 .frequency = 50.000123,
                                                                 .period = 0.01999995,
                                                                 .duty = 0.30251,
                                                                 .whole = true}};
  return &scene;
}

static void check(const struct scene *scene, const struct figure_format *format, const char *const wanted[READ_OUTS])
{
  char text[READ_OUTS][FIGURE_TEXT_MAX];
  read_outs_write(scene, 0, format, text);
  for (int i = 0; i < READ_OUTS; i++)
    assert_string_equal(text[i], wanted[i]);
}

static void in_the_format_of_the_channel(void **state)
{
  (void)state;
  static const char *const wanted[READ_OUTS] = {"1.50",
                                                FIGURE_MINUS "2.25",
                                                FIGURE_MINUS "3.75",
                                                "12345",
                                                FIGURE_MINUS "3.00",
                                                "4.50",
                                                "0.1235",
                                                "2.5000",
                                                "2.4969",
                                                "7.50",
                                                "2.4691m",
                                                FIGURE_MINUS "187.50",
                                                "50.000 Hz",
                                                "0.020000 s",
                                                "30.25 %"};
  const struct figure_format format = {.decimals = 2, .mean_decimals = 4};
  check(a_scene(), &format, wanted);
}

static void samples_have_no_unit_of_time(void **state)
{
  (void)state;
  struct scene *scene = a_scene();
  const struct figure_format format = {.decimals = 0};
  char text[READ_OUTS][FIGURE_TEXT_MAX];
  char delta[FIGURE_TEXT_MAX];
  char inverse[FIGURE_TEXT_MAX];
  scene->clock_labels = false;
  scene->time_unit = 1000000;
  scene->cursors.time[1] = scene->cursors.time[0] - 250 * scene->time_unit;
  read_outs_write(scene, 0, &format, text);
  assert_string_equal(text[READ_FREQUENCY], "50.000");
  read_outs_between(scene, delta, inverse);
  assert_string_equal(delta, FIGURE_MINUS "250");
  assert_string_equal(inverse, FIGURE_MINUS "4.0000m");
}

static void nothing_is_a_dash(void **state)
{
  (void)state;
  struct scene *scene = a_scene();
  struct measure *m = &scene->cursors.channel[0].between;
  const struct figure_format format = {.decimals = 1};
  char text[READ_OUTS][FIGURE_TEXT_MAX];
  char delta[FIGURE_TEXT_MAX];
  char inverse[FIGURE_TEXT_MAX];
  *m = (struct measure){.min = NOTHING,
                        .max = NOTHING,
                        .mean = NOTHING,
                        .rms = NOTHING,
                        .sd = NOTHING,
                        .peak_to_peak = NOTHING,
                        .integral = NOTHING,
                        .slope = NOTHING,
                        .frequency = NOTHING,
                        .period = NOTHING,
                        .duty = NOTHING};
  scene->cursors.channel[0].value[1] = NOTHING;
  read_outs_write(scene, 0, &format, text);
  for (int i = READ_SECOND; i < READ_OUTS; i++)
    assert_string_equal(text[i], i == READ_COUNT ? "0" : "\xE2\x80\x93");
  scene->cursors.time[1] = scene->cursors.time[0];
  read_outs_between(scene, delta, inverse);
  assert_string_equal(delta, "0 s");
  assert_string_equal(inverse, "\xE2\x80\x93");
}

/* A billion and a few thousandths: the spread has digits of its own. */
static void a_small_spread_is_told(void **state)
{
  (void)state;
  struct scene *scene = a_scene();
  struct measure *m = &scene->cursors.channel[0].between;
  const struct figure_format format = {.decimals = 0};
  char text[READ_OUTS][FIGURE_TEXT_MAX];
  m->mean = m->rms = 1e9;
  m->sd = 0.00115;
  read_outs_write(scene, 0, &format, text);
  assert_string_equal(text[READ_SD], "1.1500m");
}

static void all_are_named_and_ordered(void **state)
{
  (void)state;
  bool there[READ_OUTS] = {false};
  for (int i = 0; i < READ_OUTS; i++) {
    assert_non_null(read_out_name[i]);
    assert_non_null(read_out_word[i]);
    there[read_out_order[i]] = true;
  }
  for (int i = 0; i < READ_OUTS; i++)
    assert_true(there[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_the_format_of_the_channel),
      cmocka_unit_test(samples_have_no_unit_of_time),
      cmocka_unit_test(nothing_is_a_dash),
      cmocka_unit_test(a_small_spread_is_told),
      cmocka_unit_test(all_are_named_and_ordered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
