#include "scope/show/terminal_input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"

static const int64_t ANSWER_NS = INT64_C(200) * CLOCK_MS_NS;   /* for the first answers */
static const int64_t ESCAPE_NS = INT64_C(50) * CLOCK_MS_NS;    /* a lone ESC is the key after that */
static const int64_t SEQUENCE_NS = INT64_C(500) * CLOCK_MS_NS; /* a broken sequence is dropped after that */

enum { PIECE = 4096 };

void terminal_put_event(struct terminal *t, struct show_event event)
{
  if (t->events < TERMINAL_EVENTS)
    t->event[(t->first + t->events++) % TERMINAL_EVENTS] = event;
}

static void take_key(struct terminal *t, const struct tty_key *key)
{
  if (entry_take(&t->entry, key)) {
    t->line_stale = true;
    if (!entry_is_open(&t->entry)) /* its rows are the picture's now */
      terminal_put_event(t, (struct show_event){.kind = SHOW_EXPOSED});
    return;
  }
  const bool capital = key->key >= 'A' && key->key <= 'Z';
  terminal_put_event(t, (struct show_event){.kind = SHOW_KEY,
                                            .key = capital ? key->key + 'a' - 'A' : key->key,
                                            .shift = capital || key->shift,
                                            .ctrl = key->control,
                                            .modified = key->alt});
}

static void take_answer(struct terminal *t, const struct tty_answer *answer)
{
  const struct talents before = t->talents;
  talents_note(&t->talents, answer);
  if (answer->kind == TTY_STATUS) {
    t->owed -= t->owed > 0;
    t->answer_ns = clock_now_ns() - t->asked_ns;
    t->waiting = 0; /* of several questions the first answer is enough: they were asked as none came */
    kitty_was_read(&t->picture.kitty);
  }
  if (before.cell_width != t->talents.cell_width || before.cell_height != t->talents.cell_height)
    terminal_put_event(t, (struct show_event){.kind = SHOW_EXPOSED});
}

static void take_result(struct terminal *t, enum tty_keys_result result, const struct tty_key *key,
                        const struct tty_answer *answer)
{
  if (result == TTY_KEY)
    take_key(t, key);
  else if (result == TTY_ANSWER)
    take_answer(t, answer);
}

/* All that has come. False: the terminal is gone. */
bool terminal_receive(struct terminal *t)
{
  unsigned char piece[PIECE];
  struct tty_key key;
  struct tty_answer answer;
  for (;;) {
    const ssize_t n = read(t->tty.fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno == EAGAIN;
    if (n == 0)
      return false;
    t->byte_ns = clock_now_ns();
    for (ssize_t i = 0; i < n; i++)
      take_result(t, tty_keys_take(&t->keys, piece[i], &key, &answer), &key, &answer);
  }
}

int64_t terminal_sequence_ends_ns(const struct terminal *t)
{
  if (!tty_keys_waiting(&t->keys))
    return INT64_MAX;
  const bool lone = t->keys.state == TTY_ESCAPE && t->waiting == 0; /* no answer is on its way that may begin so */
  return t->byte_ns + (lone ? ESCAPE_NS : SEQUENCE_NS);
}

void terminal_end_sequence(struct terminal *t)
{
  struct tty_key key;
  if (clock_now_ns() >= terminal_sequence_ends_ns(t) && tty_keys_rest(&t->keys, &key) == TTY_KEY)
    take_key(t, &key);
}

void terminal_ask(struct terminal *t)
{
  const int64_t until_ns = clock_now_ns() + ANSWER_NS;
  t->asked = true;
  talents_ask(&t->tty.queue, &t->picture.kitty);
  t->waiting = 1;
  t->owed++;
  t->asked_ns = clock_now_ns();
  while (!t->talents.answers) {
    const int64_t now_ns = clock_now_ns();
    if (now_ns >= until_ns || !tty_send(&t->tty))
      break;
    const short events = (short)(POLLIN | (t->tty.queue.length > 0 ? POLLOUT : 0));
    struct pollfd wait = {.fd = t->tty.fd, .events = events};
    if (poll(&wait, 1, clock_timeout_ms(until_ns, now_ns)) > 0 && !terminal_receive(t))
      break;
  }
  struct tty_size size;
  tty_size(&t->tty, &size);
  if (size.width >= size.columns && size.height >= size.rows) { /* the kernel knows the size in pixels */
    t->talents.cell_width = size.width / size.columns;
    t->talents.cell_height = size.height / size.rows;
  }
  const char *colours = getenv("COLORTERM");
  t->talents.deep |= colours && (strcmp(colours, "truecolor") == 0 || strcmp(colours, "24bit") == 0);
  const enum terminal_kind kind = t->config.kind ? t->config.kind : talents_choose(&t->talents);
  terminal_picture_init(&t->picture, &t->talents, kind, t->config.theme);
  t->line_blocks.deep = t->talents.deep;
}
