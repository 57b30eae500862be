#include "scope/show/talents.h"

#include <stdlib.h>
#include <string.h>

enum { SIXEL = 4 /* among a terminal's attributes */ };

const char talents_status[] = "\033[5n";

static bool term_begins(const char *const *words)
{
  const char *term = getenv("TERM");
  for (; term && *words; words++)
    if (strncmp(term, *words, strlen(*words)) == 0)
      return true;
  return false;
}

bool talents_usable(void)
{
  static const char *const none[] = {"dumb", "unknown", "emacs", NULL};
  const char *term = getenv("TERM");
  return term && term[0] && !term_begins(none);
}

/* Some take what they do not know for a title, or print it. */
static bool knows_strings(void)
{
  static const char *const few[] = {"screen", "tmux", "linux", "vt", "cons", NULL};
  return !getenv("TMUX") && !getenv("STY") && !term_begins(few);
}

void talents_ask_size(struct bytes *out)
{
  bytes_text(out, "\033[14t\033[16t");
}

void talents_ask(struct bytes *out, struct kitty *kitty)
{
  if (knows_strings()) {
    kitty_ask(kitty, out);
    /* A ground of 24 bits is set, and asked for (DECRQSS). */
    bytes_text(out, "\033[48;2;1;2;3m\033P$qm\033\\\033[0m");
  }
  static const char *const kitty_itself[] = {"xterm-kitty", NULL};
  if (!term_begins(kitty_itself)) /* it would note an error somewhere */
    bytes_text(out, "\033[?1;1;0S");
  talents_ask_size(out);
  bytes_text(out, "\033[c");
  bytes_text(out, talents_status);
}

void talents_note(struct talents *t, const struct tty_answer *answer)
{
  const int *number = answer->number;
  switch (answer->kind) {
  case TTY_STATUS:
    t->answers = true;
    break;
  case TTY_ATTRIBUTES:
    for (int i = 1; i < answer->count; i++)
      t->sixel |= number[i] == SIXEL;
    break;
  case TTY_PIXELS:
    t->height = number[1];
    t->width = number[2];
    break;
  case TTY_CELL:
    t->cell_height = number[1];
    t->cell_width = number[2];
    break;
  case TTY_SIXEL_COLOURS:
    t->registers = number[2];
    break;
  case TTY_KITTY:
    t->kitty |= number[0] == KITTY_PROBE && number[1];
    t->shared |= number[0] == KITTY_PROBE_SHARED && number[1];
    break;
  case TTY_RENDITION:
    t->deep |= number[0] != 0;
    break;
  }
}

enum terminal_kind talents_choose(const struct talents *t)
{
  const bool sized = t->cell_width > 0 && t->cell_height > 0;
  if (t->kitty && sized)
    return TERMINAL_KITTY;
  return t->sixel && sized ? TERMINAL_SIXEL : TERMINAL_BLOCKS;
}
