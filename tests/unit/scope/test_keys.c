/* Every key does what the list says; nothing else does anything. tests/check_keys.py compares the manual. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scope/keys.h"

/* The contract: what is shown in the list, the key itself, and what it asks for. */
static const struct {
  const char *shown;
  int key;
  enum action action;
  int number;
} contract[] = {
    {"q", 'q', ACTION_QUIT, 0},           {"Esc", KEY_ESCAPE, ACTION_ESCAPE, 0},
    {"space", ' ', ACTION_FREEZE, 0},     {"Home", KEY_HOME, ACTION_FOLLOW, 0},
    {"a", 'a', ACTION_AUTOSCALE, 0},      {"1-9", '1', ACTION_CHANNEL, 0},
    {"1-9", '2', ACTION_CHANNEL, 1},      {"1-9", '3', ACTION_CHANNEL, 2},
    {"1-9", '4', ACTION_CHANNEL, 3},      {"1-9", '5', ACTION_CHANNEL, 4},
    {"1-9", '6', ACTION_CHANNEL, 5},      {"1-9", '7', ACTION_CHANNEL, 6},
    {"1-9", '8', ACTION_CHANNEL, 7},      {"1-9", '9', ACTION_CHANNEL, 8},
    {"g", 'g', ACTION_GRID, 0},           {"l", 'l', ACTION_LEGEND, 0},
    {"s", 's', ACTION_SAVE_PNG, 0},       {"F11", KEY_F11, ACTION_FULL_SCREEN, 0},
    {"h, ?, F1", 'h', ACTION_HELP, 0},    {"h, ?, F1", '?', ACTION_HELP, 0},
    {"h, ?, F1", '/', ACTION_HELP, 0}, /* where ? is on many keyboards, without Shift */
    {"h, ?, F1", KEY_F1, ACTION_HELP, 0},
};

enum { CONTRACTS = sizeof contract / sizeof *contract };

static enum action action_of(int key, bool modified, int *number)
{
  const struct show_event event = {.kind = SHOW_KEY, .key = key, .modified = modified};
  return keys_action(&event, number);
}

static void every_key_does_what_the_list_says(void **state)
{
  (void)state;
  for (size_t i = 0; i < CONTRACTS; i++) {
    int number = -1;
    assert_int_equal(action_of(contract[i].key, false, &number), contract[i].action);
    if (contract[i].action == ACTION_CHANNEL)
      assert_int_equal(number, contract[i].number);
  }
}

static void with_ctrl_or_alt_none_does_anything(void **state)
{
  (void)state;
  for (size_t i = 0; i < CONTRACTS; i++) {
    int number = 0;
    assert_int_equal(action_of(contract[i].key, true, &number), ACTION_NONE);
  }
}

static void no_other_key_does_anything(void **state)
{
  (void)state;
  for (int key = 0; key < KEY_HOME + 100; key++) {
    size_t i = 0;
    while (i < CONTRACTS && contract[i].key != key)
      i++;
    int number = 0;
    if (i == CONTRACTS)
      assert_int_equal(action_of(key, false, &number), ACTION_NONE);
  }
}

/* What happens at the window is no key, whatever else its event holds. */
static void other_events_are_no_keys(void **state)
{
  (void)state;
  static const enum show_event_kind kinds[] = {SHOW_CLOSE, SHOW_HIDDEN, SHOW_EXPOSED};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const struct show_event event = {.kind = kinds[i], .key = 'q'};
    int number = 0;
    assert_int_equal(keys_action(&event, &number), ACTION_NONE);
  }
}

/* The list in the window and that of --help are one, name the keys of the contract, and no others. */
static void the_lists_are_complete(void **state)
{
  (void)state;
  size_t n = 0;
  for (; keys_scene_help[n].key != NULL; n++) {
    assert_string_equal(keys_scene_help[n].key, keys_options_help[n].name);
    assert_string_equal(keys_scene_help[n].what, keys_options_help[n].help);
    assert_true(strlen(keys_scene_help[n].what) > 0);
    size_t i = 0;
    while (i < CONTRACTS && strcmp(contract[i].shown, keys_scene_help[n].key) != 0)
      i++;
    assert_true(i < CONTRACTS);
  }
  assert_null(keys_options_help[n].name);
  for (size_t i = 0; i < CONTRACTS; i++) {
    size_t k = 0;
    while (k < n && strcmp(contract[i].shown, keys_scene_help[k].key) != 0)
      k++;
    assert_true(k < n);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_key_does_what_the_list_says),
      cmocka_unit_test(with_ctrl_or_alt_none_does_anything),
      cmocka_unit_test(no_other_key_does_anything),
      cmocka_unit_test(other_events_are_no_keys),
      cmocka_unit_test(the_lists_are_complete),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
