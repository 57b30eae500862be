#include "scope/show/display.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/message.h"
#include "scope/show/reach.h"

enum { TERMINAL_HZ = 30 };

struct display {
  struct display_config config;
  struct window *window;     /* NULL until it is opened, and in a terminal */
  struct terminal *terminal; /* NULL where it is a window */
};

struct display *display_new(const struct display_config *config)
{
  struct display *d = calloc(1, sizeof *d);
  if (!d) {
    message("out of memory");
    return NULL;
  }
  d->config = *config;
  const bool there = terminal_is_there() && !(config->output_taken && isatty(STDOUT_FILENO));
  if (config->in_terminal && !there) {
    message(
        "cannot draw in a terminal: none is free on standard output or standard error; --png FILE draws without one");
    display_free(d);
    return NULL;
  }
  if (config->in_terminal || (there && !reach_any_display())) {
    d->terminal = terminal_new(&config->terminal);
    if (!d->terminal) {
      display_free(d);
      return NULL;
    }
  }
  return d;
}

void display_free(struct display *d)
{
  if (!d)
    return;
  window_free(d->window);
  terminal_free(d->terminal);
  free(d);
}

int display_input(const struct display *d)
{
  return d->terminal ? terminal_input(d->terminal) : -1;
}

bool display_may_wait(const struct display *d)
{
  return !d->terminal;
}

bool display_open(struct display *d)
{
  if (!d->terminal)
    return (d->window = window_new(&d->config.window)) != NULL;
  terminal_open(d->terminal);
  return true;
}

void display_close(struct display *d)
{
  display_leave(d);
  window_free(d->window);
  d->window = NULL;
}

void display_leave(struct display *d)
{
  if (d->terminal)
    terminal_leave(d->terminal);
}

double display_most_hz(const struct display *d)
{
  return d->terminal ? TERMINAL_HZ : 0;
}

double display_scale(const struct display *d)
{
  return d->terminal ? terminal_scale(d->terminal) : window_scale(d->window);
}

int display_connection(const struct display *d)
{
  return d->terminal ? terminal_connection(d->terminal) : window_connection(d->window);
}

bool display_next_event(struct display *d, struct show_event *event)
{
  return d->terminal ? terminal_next_event(d->terminal, event) : window_next_event(d->window, event);
}

bool display_ready(const struct display *d, int64_t now_ns)
{
  return d->terminal ? terminal_ready(d->terminal, now_ns) : window_ready(d->window, now_ns);
}

bool display_begin(struct display *d, struct display_frame *frame)
{
  *frame = (struct display_frame){.scale = display_scale(d)};
  if (d->terminal)
    return terminal_begin(d->terminal, &frame->canvas, &frame->cells, &frame->fresh);
  return window_canvas(d->window, &frame->canvas, &frame->fresh);
}

void display_present(struct display *d, const struct damage *damage)
{
  if (d->terminal)
    terminal_present(d->terminal, damage);
  else
    window_present(d->window, damage);
}

void display_set_title(struct display *d, const char *title)
{
  if (d->window)
    window_set_title(d->window, title);
}

const char *display_copy(struct display *d, const char *text)
{
  if (!d->terminal)
    return window_copy(text);
  return terminal_copy(d->terminal, text) ? NULL : "out of memory";
}

bool display_is_fullscreen(const struct display *d)
{
  return d->window && window_is_fullscreen(d->window);
}

void display_toggle_fullscreen(struct display *d)
{
  if (d->window)
    window_toggle_fullscreen(d->window);
}

bool display_is_remote(const struct display *d)
{
  return d->window && window_is_remote();
}
