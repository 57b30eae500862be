#include "scope/show/tty_keys.h"

#include <stdlib.h>
#include <string.h>

#include "scope/show/event.h"

enum { ESC = 0x1B, DEL = 0x7F };

static enum tty_keys_result press(struct tty_key *key, int what, int modifiers)
{
  /* As xterm counts them: 1 more than the sum of Shift 1, Alt 2, Ctrl 4, Meta 8. */
  const int bits = modifiers > 1 ? modifiers - 1 : 0;
  if (what == 0)
    return TTY_NOTHING;
  *key = (struct tty_key){.key = what, .shift = bits & 1, .alt = (bits & 10) != 0, .control = (bits & 4) != 0};
  return TTY_KEY;
}

/* A byte outside of any sequence. */
static enum tty_keys_result take_plain(struct tty_keys *k, unsigned char byte, bool alt, struct tty_key *key)
{
  *key = (struct tty_key){.alt = alt};
  if (k->missing > 0) {
    if ((byte & 0xC0) != 0x80) { /* no UTF-8 after all: what has come of it is nothing */
      k->missing = 0;
      return take_plain(k, byte, alt, key);
    }
    k->character = k->character << 6 | (byte & 0x3F);
    if (--k->missing > 0)
      return TTY_NOTHING;
    key->key = (int)k->character;
    return TTY_KEY;
  }
  if (byte >= 0xC2) {
    k->missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    k->character = byte & (byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07);
    return TTY_NOTHING;
  }
  if (byte >= 0x80)
    return TTY_NOTHING;
  if (byte == '\r' || byte == '\n')
    key->key = KEY_ENTER;
  else if (byte == '\t')
    key->key = KEY_TAB;
  else if (byte == DEL || byte == '\b')
    key->key = KEY_BACKSPACE;
  else if (byte < ' ') {
    key->key = byte == 0 ? ' ' : byte + 'a' - 1;
    key->control = true;
  } else {
    key->key = byte;
  }
  return TTY_KEY;
}

/* The numbers of a sequence: "?4;24;80" without its last letter. */
static int read_numbers(const char *text, int *number)
{
  int count = 0;
  while (*text && (*text < '0' || *text > '9') && *text != ';')
    text++;
  while (count < TTY_NUMBERS_MAX) {
    char *end;
    const long value = strtol(text, &end, 10);
    number[count++] = end == text || value < 0 || value > 1000000 ? 0 : (int)value;
    while (*end && *end != ';')
      end++;
    if (!*end)
      return count;
    text = end + 1;
  }
  return count;
}

static int key_of_letter(char letter)
{
  switch (letter) {
  case 'A':
    return KEY_UP;
  case 'B':
    return KEY_DOWN;
  case 'C':
    return KEY_RIGHT;
  case 'D':
    return KEY_LEFT;
  case 'H':
    return KEY_HOME;
  case 'F':
    return KEY_END;
  case 'P':
    return KEY_F1;
  case 'Z':
    return KEY_TAB;
  default:
    return 0;
  }
}

/* CSI n ~ */
static int key_of_number(int number)
{
  switch (number) {
  case 1:
  case 7:
    return KEY_HOME;
  case 3:
    return KEY_DELETE;
  case 4:
  case 8:
    return KEY_END;
  case 5:
    return KEY_PAGE_UP;
  case 6:
    return KEY_PAGE_DOWN;
  case 11:
    return KEY_F1;
  case 23:
    return KEY_F11;
  default:
    return 0;
  }
}

static enum tty_keys_result answer_as(struct tty_answer *answer, enum tty_answer_kind kind)
{
  answer->kind = kind;
  return TTY_ANSWER;
}

/* A whole sequence that began with CSI, its last letter apart. */
static enum tty_keys_result end_csi(struct tty_keys *k, char letter, struct tty_key *key, struct tty_answer *answer)
{
  int *number = answer->number;
  k->state = TTY_GROUND;
  k->text[k->length] = '\0';
  answer->count = read_numbers(k->text, number);
  const bool private = k->text[0] == '?';
  switch (letter) {
  case 'n':
    return !private && number[0] == 0 ? answer_as(answer, TTY_STATUS) : TTY_NOTHING;
  case 'c':
    return private ? answer_as(answer, TTY_ATTRIBUTES) : TTY_NOTHING;
  case 'S':
    return private && number[0] == 1 && number[1] == 0 && answer->count >= 3 ? answer_as(answer, TTY_SIXEL_COLOURS)
                                                                             : TTY_NOTHING;
  case 't':
    if (answer->count < 3 || (number[0] != 4 && number[0] != 6))
      return TTY_NOTHING;
    return answer_as(answer, number[0] == 4 ? TTY_PIXELS : TTY_CELL);
  case '~':
    return press(key, key_of_number(number[0]), answer->count > 1 ? number[1] : 0);
  default:
    if (private || (k->length > 0 && (k->text[0] < '0' || k->text[0] > '9')))
      return TTY_NOTHING;
    return press(key, key_of_letter(letter), letter == 'Z' ? 2 : answer->count > 1 ? number[1] : 0);
  }
}

/* A whole string: APC, DCS or another one, without its end; the first character says which. */
static enum tty_keys_result end_string(struct tty_keys *k, struct tty_answer *answer)
{
  k->state = TTY_GROUND;
  k->text[k->length] = '\0';
  const char *text = k->text;
  if (strncmp(text, "_G", 2) == 0) {
    const char *number = strstr(text, "i=");
    const char *said = strchr(text, ';');
    answer->number[0] = number ? (int)strtol(number + 2, NULL, 10) : 0;
    answer->number[1] = said && strncmp(said, ";OK", 3) == 0;
    answer->count = 2;
    return answer_as(answer, TTY_KITTY);
  }
  if (strncmp(text, "P1$r", 4) == 0 && k->length > 0 && text[k->length - 1] == 'm') {
    answer->number[0] = strstr(text, "48:2:") || strstr(text, "48;2;");
    answer->count = 1;
    return answer_as(answer, TTY_RENDITION);
  }
  return TTY_NOTHING;
}

static void keep(struct tty_keys *k, unsigned char byte)
{
  if (k->length + 1 < sizeof k->text)
    k->text[k->length++] = (char)byte;
}

static void begin(struct tty_keys *k, enum tty_keys_state state)
{
  k->state = state;
  k->length = 0;
}

static enum tty_keys_result take_escape(struct tty_keys *k, unsigned char byte, struct tty_key *key)
{
  switch (byte) {
  case '[':
    begin(k, TTY_CSI);
    return TTY_NOTHING;
  case 'O':
    begin(k, TTY_SS3);
    return TTY_NOTHING;
  case 'P':
  case '_':
  case ']':
  case '^':
  case 'X':
    begin(k, TTY_STRING);
    keep(k, byte);
    return TTY_NOTHING;
  case ESC: /* the first one was the key */
    *key = (struct tty_key){.key = KEY_ESCAPE};
    return TTY_KEY;
  case '\\': /* the end of a string that had ended */
    k->state = TTY_GROUND;
    return TTY_NOTHING;
  default:
    k->state = TTY_GROUND;
    return take_plain(k, byte, true, key);
  }
}

enum tty_keys_result tty_keys_take(struct tty_keys *k, unsigned char byte, struct tty_key *key,
                                   struct tty_answer *answer)
{
  switch (k->state) {
  case TTY_GROUND:
    if (byte != ESC)
      return take_plain(k, byte, false, key);
    k->missing = 0;
    k->state = TTY_ESCAPE;
    return TTY_NOTHING;
  case TTY_ESCAPE:
    return take_escape(k, byte, key);
  case TTY_SS3:
    k->state = TTY_GROUND;
    return press(key, key_of_letter((char)byte), 0);
  case TTY_CSI:
    if (byte >= 0x40 && byte <= 0x7E)
      return end_csi(k, (char)byte, key, answer);
    if (byte == ESC) { /* a new one begins: this one is broken */
      k->state = TTY_ESCAPE;
      return TTY_NOTHING;
    }
    keep(k, byte);
    return TTY_NOTHING;
  case TTY_STRING:
    if (byte == ESC)
      k->state = TTY_STRING_ESCAPE;
    else if (byte == '\a')
      return end_string(k, answer);
    else
      keep(k, byte);
    return TTY_NOTHING;
  case TTY_STRING_ESCAPE:
    if (byte == '\\')
      return end_string(k, answer);
    k->state = TTY_ESCAPE; /* the string is broken */
    return take_escape(k, byte, key);
  }
  return TTY_NOTHING;
}

bool tty_keys_waiting(const struct tty_keys *k)
{
  return k->state != TTY_GROUND;
}

enum tty_keys_result tty_keys_rest(struct tty_keys *k, struct tty_key *key)
{
  const bool lone = k->state == TTY_ESCAPE;
  k->state = TTY_GROUND;
  *key = (struct tty_key){.key = KEY_ESCAPE};
  return lone ? TTY_KEY : TTY_NOTHING;
}
