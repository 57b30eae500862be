#include "scope/presenter.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/message.h"
#include "scope/watch.h"

enum { SLOW_FRAMES = 50 /* in a row, over a network, before there are to be fewer */ };

void presenter_init(struct presenter *p, struct frame *frame, const struct settings *settings, struct display *display)
{
  *p = (struct presenter){.frame = frame, .settings = settings, .display = display};
}

void presenter_expose(struct presenter *p)
{
  p->exposed = true;
}

/* False after a message. */
static bool paint(struct presenter *p, struct display_frame *on, bool numbers, int64_t now_ns, struct damage *damage)
{
  struct frame *f = p->frame;
  struct screen *before = f->screen;
  /* The screen is there in any case: it is asked what lies under the pointer. */
  if (!frame_open(f, p->settings, on->scale) || (on->cells && !frame_open_cells(f, p->settings)))
    return false;
  if (!on->cells && on->fresh && f->screen == before)
    screen_invalidate(f->screen);
  if (on->cells ? !frame_draw_cells(f, on->cells, now_ns, numbers)
                : !frame_draw(f, &on->canvas, now_ns, numbers, damage)) {
    message("out of memory");
    return false;
  }
  if (p->exposed)
    *damage = (struct damage){.count = 1, .rect = {{0, 0, on->canvas.width, on->canvas.height}}};
  p->exposed = false;
  return true;
}

/* The window is called as the plot is. */
static void choose_title(struct presenter *p)
{
  char title[sizeof p->title];
  const char *plot = p->frame->title;
  snprintf(title, sizeof title, "%s%s", strcmp(plot, "scope") == 0 ? "" : plot,
           strcmp(plot, "scope") == 0 ? "scope" : " \xE2\x80\x93 scope");
  if (strcmp(title, p->title) == 0)
    return;
  snprintf(p->title, sizeof p->title, "%s", title);
  watch_display_begin();
  display_set_title(p->display, title);
  watch_display_end();
}

bool presenter_show(struct presenter *p, bool numbers, int64_t now_ns, struct presented *shown)
{
  struct damage damage = {.count = 0};
  watch_display_begin();
  const bool open = display_begin(p->display, &shown->on);
  watch_display_end();
  if (!open || !paint(p, &shown->on, numbers, now_ns, &damage))
    return false;
  const int64_t before_ns = clock_now_ns();
  watch_display_begin();
  display_present(p->display, &damage);
  watch_display_end();
  shown->end_ns = clock_now_ns();
  shown->took_ns = shown->end_ns - before_ns;
  shown->changed = shown->on.cells || damage.count > 0;
  choose_title(p);
  return true;
}

bool presenter_lags(struct presenter *p, const struct presented *shown, int64_t period_ns)
{
  if (!display_is_remote(p->display))
    return false;
  p->slow = shown->took_ns > period_ns / 2 ? p->slow + 1 : 0;
  if (p->slow < SLOW_FRAMES)
    return false;
  p->slow = 0;
  return true;
}
