/* The numbers of the legend: when they are brought up to date, and of which samples they are. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scope/store/intake.h"
#include "scope/view/scene.h"
#include "scope/view/scene_fixture.h"
#include "scope/view/view.h"

/* However rarely the numbers are brought up to date: those of a channel that is new are there with its first frame. */
static void a_new_channel_has_its_numbers_at_once(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  frame(&f, SECOND, true);
  stream_channel_add(f.stream, "a");
  row(&f, 0, 2 * SECOND, 3);
  frame(&f, 2 * SECOND + 10, false);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  stream_channel_add(f.stream, "b");
  row(&f, 1, 3 * SECOND, -5);
  frame(&f, 3 * SECOND + 10, false);
  assert_true(shows(&f.scene.channel[1], -5, -5, -5, -5));
  stop(&f);
}

/* A frame may come between the name of a channel and its first sample. */
static void a_channel_that_had_no_sample_has_its_numbers_at_once(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  stream_channel_add(f.stream, "b");
  row(&f, 1, SECOND, 4);
  frame(&f, 2 * SECOND, true);
  assert_true(says_nothing(&f.scene.channel[0]));
  row(&f, 0, 3 * SECOND, 3);
  frame(&f, 3 * SECOND + 10, false);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  stop(&f);
}

static void other_numbers_change_when_they_are_due(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2 * SECOND, true);
  row(&f, 0, 3 * SECOND, 5);
  frame(&f, 4 * SECOND, false);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  assert_true(shown_at(&f, 0, 3 * SECOND, 5)); /* the trace does not wait */
  frame(&f, 4 * SECOND, true);
  assert_true(shows(&f.scene.channel[0], 5, 3, 5, 4));
  stop(&f);
}

/* Of what is in view: not of what has left it. */
static void numbers_are_of_what_is_in_view(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 100);
  row(&f, 0, 2 * SECOND, 4);
  row(&f, 0, 15 * SECOND, 6);
  frame(&f, 20 * SECOND, true); /* from 10 s on, at which the 4 is still held */
  assert_true(shows(&f.scene.channel[0], 6, 4, 6, 6));
  view_hold(&f.view, 14 * SECOND);
  frame(&f, 20 * SECOND, true);
  assert_true(f.scene.channel[0].last == 4 && f.scene.channel[0].max == 4);
  assert_true(isnan(f.scene.channel[0].mean));
  stop(&f);
}

/* The edge may lie within a column, of which later samples are then not seen and not counted. */
static void numbers_end_at_the_edge(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2030 * SECOND / 1000, true);
  view_freeze(&f.view, true);
  row(&f, 0, 2031 * SECOND / 1000, 9);
  frame(&f, 2060 * SECOND / 1000, true);
  assert_false(shown_at(&f, 0, 2020 * SECOND / 1000, 9));
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  stop(&f);
}

static void the_live_value_is_the_readers_own(void **state)
{
  (void)state;
  struct fixture f;
  start(&f, false);
  stream_channel_add(f.stream, "a");
  row(&f, 0, SECOND, 3);
  frame(&f, 2 * SECOND, true);
  row(&f, 0, 3 * SECOND, 9); /* published, and not taken */
  build(&f, true);
  assert_true(shows(&f.scene.channel[0], 9, 3, 9, 3)); /* who reads 9 does not read beside it that 3 is the most */

  /* What is frozen is not live. */
  view_freeze(&f.view, true);
  build(&f, true);
  assert_true(f.scene.channel[0].last == 3);
  frame(&f, 4 * SECOND, true);
  assert_true(shows(&f.scene.channel[0], 3, 3, 3, 3));
  view_freeze(&f.view, false);
  build(&f, true);
  assert_true(shows(&f.scene.channel[0], 9, 3, 9, 6));
  stop(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_channel_has_its_numbers_at_once),
      cmocka_unit_test(a_channel_that_had_no_sample_has_its_numbers_at_once),
      cmocka_unit_test(other_numbers_change_when_they_are_due),
      cmocka_unit_test(numbers_are_of_what_is_in_view),
      cmocka_unit_test(numbers_end_at_the_edge),
      cmocka_unit_test(the_live_value_is_the_readers_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
