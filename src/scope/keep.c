#include "scope/keep.h"

#include <stdio.h>
#include <stdlib.h>

#include "scope/copy.h"
#include "scope/save.h"
#include "scope/watch.h"

static void keep_picture(struct frame *frame, const struct settings *s, const struct display_frame *shown,
                         int64_t now_ns, char *text, size_t size)
{
  struct canvas canvas = shown->canvas;
  struct damage damage = {.count = 0};
  if (!shown->cells) {
    save_picture(&canvas, text, size);
    return;
  }
  canvas = (struct canvas){.pixel = calloc((size_t)s->width * (size_t)s->height, sizeof *canvas.pixel),
                           .width = s->width,
                           .height = s->height,
                           .stride = s->width};
  if (canvas.pixel && frame_open(frame, s, shown->scale)) {
    screen_invalidate(frame->screen);
    frame_draw(frame, &canvas, now_ns, false, &damage);
    save_picture(&canvas, text, size);
  } else {
    snprintf(text, size, "not saved: out of memory");
  }
  free(canvas.pixel);
}

static void keep_vectors(struct frame *frame, const struct settings *s, const struct display_frame *shown,
                         int64_t now_ns, char *text, size_t size)
{
  const int width = shown->cells ? s->width : shown->canvas.width;
  const int height = shown->cells ? s->height : shown->canvas.height;
  save_vectors(frame, width, height, now_ns, text, size);
}

/* What is read out goes to the clipboard, now that it has been brought up to date. */
static void keep_copy(const struct scene *scene, struct display *display, char *text, size_t size)
{
  char *copy = copy_text(scene);
  watch_display_begin();
  const char *why = copy ? display_copy(display, copy) : "out of memory";
  watch_display_end();
  free(copy);
  if (why)
    snprintf(text, size, "not copied: %s", why);
  else
    snprintf(text, size, "copied: %s", scene->cursors.on ? "the cursors' read-outs" : "the numbers of the legend");
}

bool keep_next(struct keep *k, struct frame *frame, const struct settings *settings, struct display *display,
               const struct display_frame *shown, int64_t now_ns, char *text, size_t size)
{
  if (k->picture) {
    k->picture = false;
    keep_picture(frame, settings, shown, now_ns, text, size);
  } else if (k->copy) {
    k->copy = false;
    keep_copy(&frame->scene, display, text, size);
  } else if (k->vectors) {
    k->vectors = false;
    keep_vectors(frame, settings, shown, now_ns, text, size);
  } else {
    return false;
  }
  return true;
}
