/* Keys and answers out of what a terminal sends, whole, in pieces and in rubbish. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scope/show/event.h"
#include "scope/show/tty_keys.h"

/* What comes of a text: the keys, and the answers. */
struct heard {
  struct tty_key key[64];
  int keys;
  struct tty_answer answer[64];
  int answers;
};

static void hear(struct tty_keys *k, const char *text, size_t length, struct heard *h)
{
  for (size_t i = 0; i < length; i++) {
    struct tty_key key;
    struct tty_answer answer;
    switch (tty_keys_take(k, (unsigned char)text[i], &key, &answer)) {
    case TTY_KEY:
      assert_in_range(h->keys, 0, 63);
      h->key[h->keys++] = key;
      break;
    case TTY_ANSWER:
      assert_in_range(h->answers, 0, 63);
      h->answer[h->answers++] = answer;
      break;
    case TTY_NOTHING:
      break;
    }
  }
}

static struct heard listen(const char *text)
{
  struct tty_keys k = {.state = TTY_GROUND};
  struct heard h = {.keys = 0};
  hear(&k, text, strlen(text), &h);
  return h;
}

static void one_key(const char *text, int key, bool shift, bool control, bool alt)
{
  const struct heard h = listen(text);
  assert_int_equal(h.answers, 0);
  assert_int_equal(h.keys, 1);
  assert_int_equal(h.key[0].key, key);
  assert_int_equal(h.key[0].shift, shift);
  assert_int_equal(h.key[0].control, control);
  assert_int_equal(h.key[0].alt, alt);
}

static void keys_are_told_apart(void **state)
{
  (void)state;
  one_key("q", 'q', false, false, false);
  one_key("U", 'U', false, false, false);
  one_key("\r", KEY_ENTER, false, false, false);
  one_key("\t", KEY_TAB, false, false, false);
  one_key("\033[Z", KEY_TAB, true, false, false);
  one_key("\177", KEY_BACKSPACE, false, false, false);
  one_key("\025", 'u', false, true, false);
  one_key("\033x", 'x', false, false, true);
  one_key("\303\251", 0xE9, false, false, false);
  one_key("\033[A", KEY_UP, false, false, false);
  one_key("\033OD", KEY_LEFT, false, false, false);
  one_key("\033[1;5C", KEY_RIGHT, false, true, false);
  one_key("\033[1;2B", KEY_DOWN, true, false, false);
  one_key("\033[H", KEY_HOME, false, false, false);
  one_key("\033[1~", KEY_HOME, false, false, false);
  one_key("\033OH", KEY_HOME, false, false, false);
  one_key("\033[3~", KEY_DELETE, false, false, false);
  one_key("\033[5~", KEY_PAGE_UP, false, false, false);
  one_key("\033[6;5~", KEY_PAGE_DOWN, false, true, false);
  one_key("\033OP", KEY_F1, false, false, false);
  one_key("\033[23~", KEY_F11, false, false, false);
}

static void escape_is_a_key_when_nothing_follows(void **state)
{
  (void)state;
  struct tty_keys k = {.state = TTY_GROUND};
  struct heard h = {.keys = 0};
  struct tty_key key;
  hear(&k, "\033", 1, &h);
  assert_int_equal(h.keys, 0);
  assert_true(tty_keys_waiting(&k));
  assert_int_equal(tty_keys_rest(&k, &key), TTY_KEY);
  assert_int_equal(key.key, KEY_ESCAPE);
  assert_false(tty_keys_waiting(&k));
  hear(&k, "\033[1", 3, &h); /* a sequence that never ends is no key */
  assert_int_equal(tty_keys_rest(&k, &key), TTY_NOTHING);
  hear(&k, "q", 1, &h);
  assert_int_equal(h.keys, 1);
}

static void answers_are_understood(void **state)
{
  (void)state;
  const struct heard h = listen("\033[?63;1;4;22c\033[0n\033[4;384;640t\033[6;16;8t\033[?1;0;256S"
                                "\033_Gi=31;OK\033\\\033_Gi=32;EBADF:no\033\\\033P1$r0;48:2::1:2:3m\033\\");
  static const enum tty_answer_kind kind[] = {TTY_ATTRIBUTES,    TTY_STATUS, TTY_PIXELS, TTY_CELL,
                                              TTY_SIXEL_COLOURS, TTY_KITTY,  TTY_KITTY,  TTY_RENDITION};
  assert_int_equal(h.keys, 0);
  assert_int_equal(h.answers, 8);
  for (int i = 0; i < 8; i++)
    assert_int_equal(h.answer[i].kind, kind[i]);
  assert_int_equal(h.answer[0].count, 4);
  assert_int_equal(h.answer[0].number[2], 4);
  assert_int_equal(h.answer[2].number[1], 384);
  assert_int_equal(h.answer[3].number[2], 8);
  assert_int_equal(h.answer[4].number[2], 256);
  assert_int_equal(h.answer[5].number[0], 31);
  assert_true(h.answer[5].number[1]);
  assert_false(h.answer[6].number[1]);
  assert_true(h.answer[7].number[0]);
}

static void what_nobody_asked_for_is_dropped(void **state)
{
  (void)state;
  /* Colours, the focus, the mouse, a position, a broken string, bytes that are no UTF-8: then a key. */
  const struct heard h = listen("\033]11;rgb:0/0/0\a\033[I\033[M\033[12;40R\033P>|tmux 3.3a\033\\\033[<0;1;1m"
                                "\033Pbroken\033[1;5\033]\033\\\377\376\200q");
  assert_int_equal(h.answers, 0);
  assert_int_equal(h.keys, 1);
  assert_int_equal(h.key[0].key, 'q');
}

static void pieces_make_no_difference(void **state)
{
  (void)state;
  static const char text[] = "a\033[1;5C\033[?63;4c\303\251\033_Gi=31;OK\033\\\033[0nz";
  const struct heard whole = listen(text);
  for (size_t cut = 1; cut < sizeof text - 1; cut++) {
    struct tty_keys k = {.state = TTY_GROUND};
    struct heard h = {.keys = 0};
    hear(&k, text, cut, &h);
    hear(&k, text + cut, sizeof text - 1 - cut, &h);
    assert_int_equal(h.keys, whole.keys);
    assert_int_equal(h.answers, whole.answers);
  }
}

static void rubbish_does_no_harm(void **state)
{
  (void)state;
  struct tty_keys k = {.state = TTY_GROUND};
  unsigned seed = 1;
  for (int i = 0; i < 2000000; i++) {
    struct tty_key key;
    struct tty_answer answer;
    seed = seed * 1103515245 + 12345;
    const unsigned char byte =
        (seed >> 16) % 4 == 0 ? (unsigned char)"\033[P_\\;?0c"[(seed >> 18) % 9] : (unsigned char)(seed >> 20);
    if (tty_keys_take(&k, byte, &key, &answer) == TTY_ANSWER)
      assert_in_range(answer.count, 0, TTY_NUMBERS_MAX);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_are_told_apart),       cmocka_unit_test(escape_is_a_key_when_nothing_follows),
      cmocka_unit_test(answers_are_understood),    cmocka_unit_test(what_nobody_asked_for_is_dropped),
      cmocka_unit_test(pieces_make_no_difference), cmocka_unit_test(rubbish_does_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
