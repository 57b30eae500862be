/* Text with sequences for a terminal in it: what is left, with a blank where the cursor went elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/terminal_text.h"

static void left(void **state)
{
  (void)state;
  static const struct {
    const char *text, *left;
  } cases[] = {
      {"plain", "plain"},
      {"\033[32m42\033[0m", "42"},
      {"\033[1;38;2;1;2;3m7\033[K", "7"},
      {"12\033[5C34", "12 34"},
      {"12\033[H34", "12 34"},
      {"\033]0;title 5\a42", "42"},
      {"\033]0;title 5\033\\42", "42"},
      {"\033Pq#0;2\033\\1", "1"},
      {"\033]8;;http://x/5\033\\9\033]8;;\033\\", "9"},
      {"\033(B42", "42"},
      {"\033=42\033>", "42"},
      {"\033M3", "3"},
      {"\033[3\n4", "\n4"},
      {"\033]never ended\r5", "\r5"},
      {"\033\033[31m6", "6"},
      {"\033]x\033[31m6", "6"},
      {"a\033", "a"},
      {"\033\xC3\xA4", "\xC3\xA4"},
      {"\033[\xC3\xA4", "\xC3\xA4"},
      {"\033(\xC3\xA4", "\xC3\xA4"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct terminal_text text = {0};
    char out[64];
    size_t used = 0;
    for (const char *at = cases[i].text; *at != '\0'; at++) {
      const enum terminal_byte what = terminal_text_next(&text, *at);
      if (what != TERMINAL_TAKEN)
        out[used++] = what == TERMINAL_MOVED ? ' ' : *at;
    }
    out[used] = '\0';
    if (strcmp(out, cases[i].left) != 0)
      fail_msg("case %zu: '%s', not '%s'", i, out, cases[i].left);
  }
}

static void within(void **state)
{
  (void)state;
  struct terminal_text text = {0};
  assert_false(terminal_text_within(&text));
  terminal_text_next(&text, '\033');
  assert_true(terminal_text_within(&text));
  terminal_text_next(&text, '[');
  terminal_text_next(&text, 'm');
  assert_false(terminal_text_within(&text));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(left),
      cmocka_unit_test(within),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
