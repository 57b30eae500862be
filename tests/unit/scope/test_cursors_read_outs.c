/* What is read out at two cursors and between them: as numbers, in sweeps, as text, and in the picture. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scope/controls.h"
#include "scope/copy.h"
#include "scope/cursor_controls.h"
#include "scope/cursors_fixture.h"
#include "scope/frame.h"
#include "scope/settings.h"

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
      cmocka_unit_test(what_is_read_out),
      cmocka_unit_test(while_data_flow_they_stay_and_grow),
      cmocka_unit_test(in_sweeps_they_go_with_the_crossing),
      cmocka_unit_test(copied_as_text),
      cmocka_unit_test(the_picture_depends_on_the_scene_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
