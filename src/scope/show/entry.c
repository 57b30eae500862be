#include "scope/show/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/utf8.h"
#include "common/write.h"
#include "scope/show/bytes.h"
#include "scope/show/event.h"

static const char PROMPT[] = "New value: ";
static const char TO_KEYS[] = "Esc: keys";
static const char TO_LINE[] = "Keys: h lists them, Esc returns to the line";

void entry_init(struct entry *e)
{
  *e = (struct entry){.input = -1, .output = -1};
}

bool entry_open(struct entry *e, const char *greeting)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return false;
  e->input = ends[0];
  e->output = ends[1];
  entry_say(e, greeting);
  return true;
}

void entry_close(struct entry *e)
{
  if (e->output >= 0)
    close(e->output);
  e->output = -1;
}

bool entry_is_open(const struct entry *e)
{
  return e->output >= 0;
}

void entry_say(struct entry *e, const char *text)
{
  snprintf(e->said, sizeof e->said, "%s", text);
}

/* The text as it is: an empty line is one, too. */
static void submit(struct entry *e)
{
  char line[ENTRY_MAX + 1];
  memcpy(line, e->text, e->length);
  line[e->length] = '\n';
  if (write_patiently(e->output, line, e->length + 1, 0, -1) == 0)
    e->said[0] = '\0'; /* what was said of the line before is of no interest any more */
  e->length = 0;
}

static void edit(struct entry *e, int key)
{
  switch (key) {
  case 'u':
    e->length = 0;
    break;
  case 'w':
    while (e->length > 0 && e->text[e->length - 1] == ' ')
      e->length--;
    while (e->length > 0 && e->text[e->length - 1] != ' ')
      e->length--;
    break;
  case 'd':
    if (e->length == 0)
      entry_close(e);
    break;
  default:
    break;
  }
}

static void append(struct entry *e, uint32_t character)
{
  struct bytes one = {0};
  bytes_character(&one, character);
  if (!one.failed && e->length + one.length <= sizeof e->text) {
    memcpy(e->text + e->length, one.data, one.length);
    e->length += one.length;
  }
  bytes_destroy(&one);
}

bool entry_take(struct entry *e, const struct tty_key *key)
{
  if (!entry_is_open(e))
    return false;
  if (key->key == KEY_ESCAPE) {
    e->keys = !e->keys;
    return true;
  }
  if (e->keys)
    return false;
  if (key->key == KEY_ENTER) {
    submit(e);
  } else if (key->key == KEY_BACKSPACE) {
    e->length = utf8_start(e->text, e->length, e->length > 0 ? e->length - 1 : 0);
  } else if (key->key > KEY_ESCAPE && key->key < KEY_HOME) {
    if (key->control)
      edit(e, key->key);
    else if (!key->alt)
      append(e, (uint32_t)key->key);
  } else {
    return key->key < ' ' || key->key == KEY_DELETE; /* arrows and the like are the plot's at any time */
  }
  return true;
}

/*
 * A text too long for the row begins with its second sentence, or a later one, and ends with an ellipsis if that is too
 * long, too: the greeting ends with numbers, which would be others without their last digits.
 */
static void draw_said(const struct entry *e, struct cells *c, const struct theme *theme)
{
  const char *said = e->said;
  for (const char *next; cells_width(said) > c->columns && (next = strstr(said, ". ")) != NULL; said = next + 2)
    if (next[2] < 'A' || next[2] > 'Z')
      break; /* that is no sentence */
  cells_text(c, 0, 0, c->columns, said, theme->text, false);
  if (cells_width(said) > c->columns)
    cells_put(c, c->columns - 1, 0, 0x2026, theme->text);
}

int entry_draw(const struct entry *e, struct cells *c, const struct theme *theme)
{
  char text[ENTRY_MAX + 1];
  cells_fill(c, 0, 0, c->columns, c->rows, theme->window);
  draw_said(e, c, theme);
  if (e->keys) {
    cells_text(c, 0, 1, c->columns, TO_LINE, theme->dim, false);
    return -1;
  }
  int x = cells_text(c, 0, 1, c->columns, PROMPT, theme->text, false);
  /* Of a long line the end is to be seen. */
  size_t from = 0;
  do {
    memcpy(text, e->text + from, e->length - from);
    text[e->length - from] = '\0';
    from += utf8_length(text, e->length - from);
  } while (from < e->length && x + cells_width(text) >= c->columns);
  x += cells_text(c, x, 1, c->columns - x, text, theme->text, false);
  const int hint = (int)sizeof TO_KEYS - 1;
  if (x + 2 + hint <= c->columns)
    cells_text(c, c->columns - hint, 1, hint, TO_KEYS, theme->dim, false);
  return x < c->columns ? x : c->columns - 1;
}
