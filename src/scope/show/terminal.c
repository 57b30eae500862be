#include "scope/show/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "scope/show/terminal_input.h"
#include "scope/show/terminal_leave.h"
#include "scope/show/terminal_state.h"
#include "scope/show/terminal_wait.h"

static const int64_t LOOK_NS = INT64_C(200) * CLOCK_MS_NS;   /* how often one in the background looks around */
static const int64_t IDLE_NS = INT64_C(20) * CLOCK_MS_NS;    /* how often one that never answers is looked at */
static const int64_t AGAIN_NS = INT64_C(3000) * CLOCK_MS_NS; /* an answer that did not come is asked for again */

enum { CELL_WIDTH = 8, CELL_HEIGHT = 16, LINE_HEIGHT = 17 /* of text at scale 1 */ };

/* Alternate screen, no cursor, no wrapping at the right edge; terminal_leave.c takes all of that back. */
static const char ENTER[] = "\033[?1049h\033[?25l\033[?7l\033[0m\033[2J";
/* What is between is shown at once, by those who know it. */
static const char HOLD[] = "\033[?2026h";
static const char LET_GO[] = "\033[?2026l";

bool terminal_is_there(void)
{
  return isatty(STDOUT_FILENO) || isatty(STDERR_FILENO);
}

/* ---- Start ---- */

struct terminal *terminal_new(const struct terminal_config *config)
{
  if (!talents_usable()) {
    const char *term = getenv("TERM");
    message("cannot draw in this terminal: TERM is %s%s; --png FILE draws without one",
            term && term[0] ? "" : "not set", term ? term : "");
    return NULL;
  }
  struct terminal *t = calloc(1, sizeof *t);
  if (!t) {
    message("out of memory");
    return NULL;
  }
  t->config = *config;
  t->tty.fd = t->poll_fd = t->signal_fd = t->timer_fd = t->collect.memory = -1;
  t->timer_ns = INT64_MAX;
  entry_init(&t->entry);
  int error = tty_open(&t->tty, isatty(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO);
  if (!error && !terminal_wait_open(t))
    error = errno;
  if (!error && config->greeting && tty_is(&t->tty, STDIN_FILENO) && !entry_open(&t->entry, config->greeting))
    error = errno;
  if (error) {
    message("cannot draw in this terminal: %s; --png FILE draws without one", strerror(error));
    terminal_free(t);
    return NULL;
  }
  if (tty_is(&t->tty, STDERR_FILENO))
    collect_begin(&t->collect);
  return t;
}

void terminal_free(struct terminal *t)
{
  if (!t)
    return;
  terminal_leave(t);
  terminal_wait_close(t);
  terminal_picture_destroy(&t->picture);
  cells_destroy(&t->line);
  blocks_destroy(&t->line_blocks);
  tty_close(&t->tty);
  free(t);
}

int terminal_input(const struct terminal *t)
{
  return t->entry.input;
}

int terminal_connection(const struct terminal *t)
{
  return t->poll_fd;
}

/* ---- Having the screen ---- */

static void ask_status(struct terminal *t)
{
  bytes_text(&t->tty.queue, talents_status);
  t->waiting++;
  t->owed++;
  t->asked_ns = clock_now_ns();
}

/* The pixels of a cell: as the kernel was told, as the terminal says, or as is usual. */
static void cell_size(const struct terminal *t, const struct tty_size *size, int *width, int *height)
{
  const struct talents *a = &t->talents;
  *width = size->width / size->columns;
  *height = size->height / size->rows;
  if (*width > 0 && *height > 0)
    return;
  *width = a->cell_width ? a->cell_width : a->width ? a->width / size->columns : CELL_WIDTH;
  *height = a->cell_height ? a->cell_height : a->height ? a->height / size->rows : CELL_HEIGHT;
}

/* True when the picture has another size now. */
static bool fit_size(struct terminal *t)
{
  struct tty_size size;
  int width;
  int height;
  tty_size(&t->tty, &size);
  cell_size(t, &size, &width, &height);
  int rows = size.rows - (entry_is_open(&t->entry) ? ENTRY_ROWS : 0);
  if (t->picture.kind == TERMINAL_SIXEL && rows == size.rows)
    rows--; /* a picture in the last row would move all of them up */
  return terminal_picture_resize(&t->picture, size.columns, rows > 0 ? rows : 1, width > 0 ? width : 1,
                                 height > 0 ? height : 1);
}

static void clear(struct terminal *t)
{
  if (t->picture.kind == TERMINAL_KITTY)
    bytes_text(&t->tty.queue, kitty_clear);
  /* Rows that the picture does not reach have its ground. */
  const uint32_t ground = t->config.theme->window;
  bytes_text(&t->tty.queue, "\033[0m");
  if (t->talents.deep)
    bytes_format(&t->tty.queue, "\033[48;2;%d;%d;%dm", (int)(ground >> 16), (int)(ground >> 8 & 0xFF),
                 (int)(ground & 0xFF));
  bytes_text(&t->tty.queue, "\033[2J\033[0m");
  terminal_picture_forget(&t->picture);
  blocks_forget(&t->line_blocks);
  t->line_stale = true;
}

/* Takes the screen, if it is ours to take. */
static void enter(struct terminal *t)
{
  if (t->shown || t->left || !tty_is_ours(&t->tty) || !tty_make_raw(&t->tty))
    return;
  t->shown = true;
  terminal_guard(t);
  bytes_text(&t->tty.queue, ENTER);
  if (!t->asked)
    terminal_ask(t);
  terminal_guard(t); /* what it can is known now */
  fit_size(t);
  clear(t);
  terminal_put_event(t, (struct show_event){.kind = SHOW_EXPOSED});
}

/* Ctrl-Z: like any program in a terminal, but that the screen is given back first. */
static void suspend(struct terminal *t)
{
  if (t->shown) {
    terminal_give_back(t, false);
    terminal_put_event(t, (struct show_event){.kind = SHOW_HIDDEN});
  }
  kill(getpid(), SIGSTOP);
}

static void take_signals(struct terminal *t)
{
  struct signalfd_siginfo info;
  bool resized = false;
  while (read(t->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
    if (info.ssi_signo == SIGTSTP)
      suspend(t);
    else if (info.ssi_signo == SIGWINCH)
      resized = true;
    else if (t->shown && tty_is_ours(&t->tty)) { /* stopped by SIGSTOP, and what happened meanwhile nobody knows */
      t->shown = false;
      t->tty.raw = false;
    }
  }
  if (t->shown && resized && fit_size(t)) {
    clear(t);
    talents_ask_size(&t->tty.queue);
    terminal_put_event(t, (struct show_event){.kind = SHOW_EXPOSED});
  }
}

/* ---- Serving ---- */

/* When there is something to be looked at though nothing comes. */
static int64_t next_look_ns(const struct terminal *t, int64_t now_ns)
{
  int64_t at_ns = terminal_sequence_ends_ns(t);
  if (t->left)
    return INT64_MAX;
  if (!t->shown)
    return now_ns + LOOK_NS;
  if (t->waiting > 0 && t->talents.answers && t->asked_ns + AGAIN_NS < at_ns)
    at_ns = t->asked_ns + AGAIN_NS;
  if (!t->talents.answers && t->tty.queue.length == 0 && !tty_is_idle(&t->tty) && now_ns + IDLE_NS < at_ns)
    at_ns = now_ns + IDLE_NS;
  return at_ns;
}

/* The line at the bottom: it does not wait for the next frame. */
static void draw_line(struct terminal *t)
{
  const int top = t->picture.rows;
  struct bytes *out = &t->tty.queue;
  t->line_stale = false;
  if (!entry_is_open(&t->entry) || !cells_resize(&t->line, t->picture.columns, ENTRY_ROWS))
    return;
  const int cursor = entry_draw(&t->entry, &t->line, t->config.theme);
  bytes_text(out, "\033[?25l");
  blocks_show(&t->line_blocks, out, &t->line, top);
  if (cursor >= 0)
    bytes_format(out, "\033[%d;%dH\033[?25h", top + ENTRY_ROWS, cursor + 1);
}

static void close_down(struct terminal *t)
{
  terminal_put_event(t, (struct show_event){.kind = SHOW_CLOSE});
  terminal_wait_no_more(t);
  t->left = true;
  t->shown = false;
}

static void serve(struct terminal *t)
{
  take_signals(t);
  if (!t->shown)
    enter(t);
  struct pollfd look = {.fd = t->tty.fd, .events = POLLIN};
  poll(&look, 1, 0);
  if ((look.revents & POLLHUP) || (t->shown && (look.revents & POLLIN) && !terminal_receive(t))) {
    close_down(t);
    return;
  }
  if (t->shown) {
    terminal_end_sequence(t);
    if (fit_size(t)) { /* the line went, or the terminal told the size of its cells */
      clear(t);
      terminal_put_event(t, (struct show_event){.kind = SHOW_EXPOSED});
    }
    const char *news = collect_news(&t->collect);
    if (news && entry_is_open(&t->entry)) {
      entry_say(&t->entry, news);
      t->line_stale = true;
    }
    if (t->waiting > 0 && t->talents.answers && clock_now_ns() - t->asked_ns >= AGAIN_NS && tty_is_idle(&t->tty))
      ask_status(t);
    if (t->line_stale && t->tty.queue.length == 0)
      draw_line(t);
    if (!tty_send(&t->tty)) {
      close_down(t);
      return;
    }
  }
  terminal_wait_for(t, next_look_ns(t, clock_now_ns()));
}

void terminal_open(struct terminal *t)
{
  enter(t);
  terminal_wait_for(t, next_look_ns(t, clock_now_ns()));
}

bool terminal_next_event(struct terminal *t, struct show_event *event)
{
  if (t->events == 0 && !t->left)
    serve(t);
  if (t->events == 0)
    return false;
  *event = t->event[t->first];
  t->first = (t->first + 1) % TERMINAL_EVENTS;
  t->events--;
  return true;
}

bool terminal_ready(const struct terminal *t, int64_t now_ns)
{
  (void)now_ns;
  if (!t->shown || t->tty.queue.length > 0)
    return false;
  return t->talents.answers ? t->waiting == 0 : tty_is_idle(&t->tty);
}

double terminal_scale(const struct terminal *t)
{
  /* Text as high as the terminal's own, in steps that leave lines sharp. */
  const double scale = (double)t->picture.cell_height / LINE_HEIGHT;
  return scale < 1.2 ? 1 : scale < 1.75 ? 1.5 : scale < 2.5 ? 2 : 3;
}

/* ---- Frames ---- */

bool terminal_begin(struct terminal *t, struct canvas *canvas, struct cells **cells, bool *fresh)
{
  *canvas = t->picture.canvas;
  *cells = t->picture.kind == TERMINAL_BLOCKS ? &t->picture.cells : NULL;
  *fresh = t->picture.fresh;
  if (t->picture.cells.cell || t->picture.canvas.pixel)
    return true;
  message("cannot draw in this terminal: out of memory");
  return false;
}

void terminal_present(struct terminal *t, const struct damage *damage)
{
  struct bytes *out = &t->tty.queue;
  bytes_text(out, HOLD);
  if (entry_is_open(&t->entry) && !t->entry.keys)
    bytes_text(out, "\033[?25l");
  if (!terminal_picture_send(&t->picture, out, damage)) { /* all of it again, when there is memory */
    tty_drop(&t->tty);
    terminal_picture_forget(&t->picture);
    return;
  }
  draw_line(t);
  bytes_text(out, LET_GO);
  ask_status(t);
  if (!tty_send(&t->tty))
    t->waiting = 1; /* serve will find out */
  terminal_wait_for(t, next_look_ns(t, clock_now_ns()));
}

bool terminal_copy(struct terminal *t, const char *text)
{
  struct bytes *out = &t->tty.queue;
  if (!t->shown)
    return true;
  bytes_text(out, "\033]52;c;");
  bytes_base64(out, text, strlen(text));
  bytes_text(out, "\033\\");
  tty_send(&t->tty); /* what is not taken now goes before the next frame; where the terminal is gone serve finds out */
  terminal_wait_for(t, next_look_ns(t, clock_now_ns()));
  return !out->failed;
}

void terminal_leave(struct terminal *t)
{
  terminal_give_back(t, true);
  t->left = true;
  entry_close(&t->entry);
  collect_end(&t->collect, true);
}
