/* Text in cells, and the quarters of blocks where a trace is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "scope/paint/cells.h"
#include "scope/paint/cells_plot.h"

static void text_is_clipped_and_counted(void **state)
{
  (void)state;
  struct cells c = {.columns = 0};
  assert_true(cells_resize(&c, 6, 2));
  cells_fill(&c, 0, 0, 6, 2, 0x111111);
  assert_int_equal(cells_width("\xE2\x88\x92"
                               "10"),
                   3);
  assert_int_equal(cells_width("\xE6\xB8\xA9\xE5\xBA\xA6"), 4); /* two wide ones */
  assert_int_equal(cells_width("e\xCC\x81"), 1);                /* a combining accent */
  assert_int_equal(cells_text(&c, 0, 0, 3, "abcdef", 0x222222, true), 3);
  assert_int_equal(c.cell[2].character, 'c');
  assert_int_equal(c.cell[3].character, ' ');
  assert_int_equal(c.cell[2].ground, 0x111111);
  assert_int_equal(cells_text(&c, 0, 1, 3, "\xE6\xB8\xA9\xE5\xBA\xA6", 0, false), 2); /* no half of one */
  assert_int_equal(c.cell[6].character, 0x6E29);
  assert_int_equal(c.cell[7].character, 0);
  assert_int_equal(cells_text(&c, 5, 0, 10, "\tx", 0, false), 2); /* beyond the edge, and no control character */
  assert_int_equal(c.cell[5].character, 0xFFFD);
  cells_text(&c, -1, -1, 3, "xyz", 0, false);
  cells_put(&c, 6, 2, 'x', 0);
  cells_destroy(&c);
}

/* Two channels in a plot of 2 x 2 cells: 4 columns, 4 rows, values from 0 at the bottom to 4 at the top. */
static void draw(struct cells *c, const struct column a[4], const struct column b[4])
{
  struct cells_plot plot = {.columns = 0};
  struct scene scene = {.panes = 1, .channels = b ? 2 : 1, .time = {.columns = 4, .width = 1}};
  scene.pane[0] = (struct pane_scene){.channels = UINT64_MAX, .axis = {.low = 0, .high = 4, .rows = 1}};
  scene.channel[0].columns = a;
  scene.channel[1].columns = b;
  assert_true(cells_resize(c, 2, 2));
  cells_fill(c, 0, 0, 2, 2, theme_dark.plot);
  assert_true(cells_plot_draw(&plot, c, (struct rect){0, 0, 2, 2}, &theme_dark, &scene, 0));
  cells_plot_destroy(&plot);
}

static void a_trace_is_where_its_values_are(void **state)
{
  (void)state;
  struct cells c = {.columns = 0};
  /* Low at the left, rising to the top at the right; nothing in the last column. */
  const struct column a[4] = {{.low = 0.5, .high = 0.5},
                              {.low = 1.5, .high = 1.5},
                              {.low = 2.5, .high = 3.5},
                              {.low = (double)NAN, .high = (double)NAN}};
  draw(&c, a, NULL);
  assert_int_equal(c.cell[0].character, ' ');
  assert_int_equal(c.cell[1].character, 0x258C); /* the left half, both rows */
  assert_int_equal(c.cell[2].character, 0x259E); /* lower left, upper right */
  assert_int_equal(c.cell[3].character, ' ');
  assert_int_equal(c.cell[2].ink, theme_dark.channel[0]);
  assert_int_equal(c.cell[2].ground, theme_dark.plot);
  cells_destroy(&c);
}

static void a_spike_and_what_is_off_scale(void **state)
{
  (void)state;
  struct cells c = {.columns = 0};
  const struct column a[4] = {{.low = 0, .high = 4},
                              {.low = 1e300, .high = 1e300},
                              {.low = -1e300, .high = -1e300},
                              {.low = 3.99, .high = 3.99}};
  draw(&c, a, NULL);
  assert_int_equal(c.cell[0].character, 0x258C); /* all of its column */
  assert_int_equal(c.cell[2].character, 0x258C);
  assert_int_equal(c.cell[1].character, 0x259D); /* the last one, at the top */
  cells_destroy(&c);
}

static void two_traces_share_a_cell(void **state)
{
  (void)state;
  struct cells c = {.columns = 0};
  const struct column a[4] = {
      {.low = 2.5, .high = 3.5}, {.low = 2.5, .high = 3.5}, {.low = 0.5, .high = 0.5}, {.low = 0.5, .high = 0.5}};
  const struct column b[4] = {
      {.low = 2.5, .high = 2.5}, {.low = 2.5, .high = 2.5}, {.low = 0.5, .high = 0.5}, {.low = 0.5, .high = 0.5}};
  draw(&c, a, b);
  /* The first is covered in its lower half: each has a colour, and the last one drawn is on top. */
  const bool upper_is_ink = c.cell[0].character == 0x2580;
  assert_true(upper_is_ink || c.cell[0].character == 0x2584);
  assert_int_equal(upper_is_ink ? c.cell[0].ink : c.cell[0].ground, theme_dark.channel[0]);
  assert_int_equal(upper_is_ink ? c.cell[0].ground : c.cell[0].ink, theme_dark.channel[1]);
  assert_int_equal(c.cell[3].character, 0x2584);
  assert_int_equal(c.cell[3].ink, theme_dark.channel[1]);
  cells_destroy(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_is_clipped_and_counted),
      cmocka_unit_test(a_trace_is_where_its_values_are),
      cmocka_unit_test(a_spike_and_what_is_off_scale),
      cmocka_unit_test(two_traces_share_a_cell),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
