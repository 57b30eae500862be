/* Which key does what: with Shift, with Ctrl, held down. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scope/keys.h"

static enum action of(int key, bool shift, bool ctrl, int *number)
{
  const struct show_event event = {.kind = SHOW_KEY, .key = key, .shift = shift, .ctrl = ctrl};
  *number = 0;
  return keys_action(&event, number);
}

static void shift_tells_letters_apart(void **state)
{
  (void)state;
  int n;
  assert_int_equal(of('u', false, false, &n), ACTION_UNDO);
  assert_int_equal(of('u', true, false, &n), ACTION_REDO);
  assert_int_equal(of('s', false, false, &n), ACTION_SAVE_PNG);
  assert_int_equal(of('s', true, false, &n), ACTION_SAVE_SVG);
  assert_int_equal(of('s', false, true, &n), ACTION_NONE);
  assert_int_equal(of('q', false, true, &n), ACTION_NONE);
  assert_int_equal(of('/', true, false, &n), ACTION_HELP);
}

static void a_plus_however_it_is_typed(void **state)
{
  (void)state;
  int n;
  assert_int_equal(of('+', false, false, &n), ACTION_ZOOM_TIME);
  assert_int_equal(n, 1);
  assert_int_equal(of('=', true, false, &n), ACTION_ZOOM_TIME);
  assert_int_equal(n, 1);
  assert_int_equal(of('=', false, false, &n), ACTION_CURSOR_TYPE);
  assert_int_equal(of('-', false, false, &n), ACTION_ZOOM_TIME);
  assert_int_equal(n, -1);
  assert_int_equal(of('-', false, true, &n), ACTION_ZOOM_VALUES);
  assert_int_equal(of('=', true, true, &n), ACTION_ZOOM_VALUES);
}

/* On a keyboard with a key for both of them, on one where they stand on others with Shift, in a terminal. */
static void less_and_greater_however_they_are_typed(void **state)
{
  (void)state;
  static const struct {
    int key;
    bool shift;
    int later;
  } typed[] = {{'<', false, 0}, {'<', true, 1}, {'>', false, 1}, {',', true, 0}, {'.', true, 1}};
  for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
    int n;
    assert_int_equal(of(typed[i].key, typed[i].shift, false, &n), ACTION_CURSOR_CHOOSE);
    assert_int_equal(n, typed[i].later);
  }
}

static void numbers_and_steps(void **state)
{
  (void)state;
  int n;
  assert_int_equal(of('9', false, false, &n), ACTION_CHANNEL);
  assert_int_equal(n, 8);
  assert_int_equal(of('9', false, true, &n), ACTION_NONE);
  assert_int_equal(of(KEY_LEFT, false, false, &n), ACTION_ARROW);
  assert_int_equal(n, -1);
  assert_int_equal(of(KEY_PAGE_DOWN, false, false, &n), ACTION_PAN_TIME);
  assert_int_equal(n, 10);
  assert_int_equal(of(KEY_TAB, true, false, &n), ACTION_LEGEND_CURSOR);
  assert_int_equal(n, -1);
}

/* Held down, arrows go on; space and letters would flicker. */
static void repeats(void **state)
{
  (void)state;
  int n;
  struct show_event event = {.kind = SHOW_KEY, .key = KEY_RIGHT, .repeat = true};
  assert_int_equal(keys_action(&event, &n), ACTION_ARROW);
  event.key = '+';
  assert_int_equal(keys_action(&event, &n), ACTION_ZOOM_TIME);
  static const int single[] = {' ', 'q', 'a', '1', 's', 'e', 'h', 'c', 'y', '=', KEY_ENTER, KEY_ESCAPE, KEY_F11};
  for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
    event.key = single[i];
    assert_int_equal(keys_action(&event, &n), ACTION_NONE);
  }
}

static void what_is_no_key_does_nothing(void **state)
{
  (void)state;
  int n;
  const struct show_event with_alt = {.kind = SHOW_KEY, .key = 'q', .modified = true};
  assert_int_equal(keys_action(&with_alt, &n), ACTION_NONE);
  const struct show_event mouse = {.kind = SHOW_PRESS, .key = 'q'};
  assert_int_equal(keys_action(&mouse, &n), ACTION_NONE);
  assert_int_equal(of(0, false, false, &n), ACTION_NONE);
  assert_int_equal(of('0', false, false, &n), ACTION_NONE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shift_tells_letters_apart),
      cmocka_unit_test(a_plus_however_it_is_typed),
      cmocka_unit_test(less_and_greater_however_they_are_typed),
      cmocka_unit_test(numbers_and_steps),
      cmocka_unit_test(repeats),
      cmocka_unit_test(what_is_no_key_does_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
