#include "scope/save.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/message.h"
#include "scope/export.h"
#include "scope/paint/png.h"
#include "scope/paint/svg.h"

static void say_failure(const char *name, int error, char *text, size_t size)
{
  snprintf(text, size, "cannot save %s: %s", name, strerror(error));
  message("%s", text);
}

void save_picture(const struct canvas *canvas, char *text, size_t size)
{
  char name[NEW_FILE_NAME_MAX];
  const int error = png_save_new(canvas, time(NULL), name);
  if (error)
    say_failure(name, error, text, size);
  else
    snprintf(text, size, "saved %s", name);
}

void save_vectors(struct frame *frame, int width, int height, int64_t now_ns, char *text, size_t size)
{
  char name[NEW_FILE_NAME_MAX] = "an SVG";
  size_t length = 0;
  struct svg *svg = frame_draw_svg(frame, width, height, now_ns);
  const char *content = svg ? svg_text_of(svg, &length) : NULL;
  const int error = content ? picture_file_save_new("svg", content, length, time(NULL), name) : ENOMEM;
  svg_free(svg);
  if (error)
    say_failure(name, error, text, size);
  else
    snprintf(text, size, "saved %s", name);
}

void save_export_begin(struct save_export *s, const struct intake *intake, const struct view *view, char *text,
                       size_t size)
{
  if (!s->export && !(s->export = export_begin(intake, view, time(NULL), s->name, sizeof s->name)))
    say_failure(s->name, errno, text, size);
  else
    snprintf(text, size, "saving %s", s->name);
}

bool save_export_ends(struct save_export *s, int64_t deadline_ns, char *text, size_t size)
{
  const enum export_result result = s->export ? export_step(s->export, deadline_ns) : EXPORT_MORE;
  if (result == EXPORT_MORE)
    return false;
  if (result == EXPORT_DONE)
    snprintf(text, size, "saved %s", s->name);
  else
    say_failure(s->name, errno, text, size);
  save_export_drop(s);
  return true;
}

void save_export_drop(struct save_export *s)
{
  export_free(s->export);
  s->export = NULL;
}
