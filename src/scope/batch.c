#include "scope/batch.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "scope/finish.h"
#include "scope/nothing.h"
#include "scope/paint/svg.h"

enum {
  SLICE_MS = 20, /* taken in at one go: the trigger looks at it while all of it is kept */
  HUGE_PAGE = 2 << 20,
  LEAST_PAGE = 4096,
};

void batch_read(struct frame *frame, struct stream *stream, int signal_fd)
{
  struct intake *intake = frame->intake;
  struct progress *progress = &frame->progress;
  bool more = false;
  while (!intake_ended(intake) && !signals_came(signal_fd)) {
    if (!more)
      stream_wait(stream, signal_fd, -1);
    more = !intake_take(intake, clock_now_ns() + (int64_t)SLICE_MS * CLOCK_MS_NS);
    intake_advance(intake, clock_now_ns());
    frame_look(frame);
    progress_say(progress, clock_now_ns());
  }
  progress_end(progress);
  if (!intake_ended(intake))
    finish_reading(intake, stream);
}

/*
 * The pixels of a picture, in memory that is there already: a first touch costs more than painting, page by page. It is
 * done while input is awaited, and where pages may be huge, there are few. NULL: no memory.
 */
static uint32_t *new_pixels(int width, int height)
{
  const size_t size = (size_t)width * (size_t)height * sizeof(uint32_t);
  const size_t whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  char *bytes = size < HUGE_PAGE ? malloc(size) : aligned_alloc(HUGE_PAGE, whole);
  if (bytes && size >= HUGE_PAGE)
    madvise(bytes, whole, MADV_HUGEPAGE); /* what refuses it has small ones */
  for (size_t at = 0; bytes && at < size; at += LEAST_PAGE)
    ((volatile char *)bytes)[at] = 0;
  return (uint32_t *)(void *)bytes;
}

static bool draw_png(const struct settings *settings, struct frame *frame, struct picture_file *file,
                     struct canvas *canvas, int signal_fd)
{
  struct damage damage = {.count = 0};
  if (canvas->pixel && frame_draw(frame, canvas, clock_now_ns(), true, &damage))
    return png_commit(file, canvas, signal_fd);
  message("%s: out of memory", settings->png);
  picture_file_discard(file);
  return false;
}

static bool draw_svg(const struct settings *settings, struct frame *frame, struct picture_file *file, int signal_fd)
{
  size_t length = 0;
  struct svg *svg = frame_draw_svg(frame, settings->width, settings->height, clock_now_ns());
  const char *text = svg ? svg_text_of(svg, &length) : NULL;
  const bool ok = picture_file_put(file, text, length, text ? 0 : ENOMEM, signal_fd);
  svg_free(svg);
  return ok;
}

bool batch_open(struct batch_files *files, const struct settings *settings, int input_fd)
{
  *files = (struct batch_files){.png = NULL};
  if (settings->png && !(files->png = picture_file_open(settings->png, input_fd, PICTURE_PNG)))
    return false;
  if (settings->svg && !(files->svg = picture_file_open(settings->svg, input_fd, PICTURE_SVG))) {
    batch_discard(files);
    return false;
  }
  return true;
}

void batch_discard(struct batch_files *files)
{
  picture_file_discard(files->png);
  picture_file_discard(files->svg);
  *files = (struct batch_files){.png = NULL};
}

bool batch_run(const struct settings *settings, struct frame *frame, struct stream *stream, int signal_fd,
               struct batch_files *files)
{
  /* Fonts are opened, and pixels got, while the first input is on its way. */
  if (!frame_open(frame, settings, 1)) {
    batch_discard(files);
    return false;
  }
  struct canvas canvas = {.width = settings->width, .height = settings->height, .stride = settings->width};
  if (files->png)
    canvas.pixel = new_pixels(canvas.width, canvas.height);
  batch_read(frame, stream, signal_fd);
  const struct nothing nothing = {.only = settings->parser.only};
  char note[SCENE_NOTE_MAX];
  if (intake_channels(frame->intake) == 0)
    frame->scene.note = nothing_say(&nothing, frame->intake, clock_now_ns(), note, sizeof note);
  bool ok = true;
  if (files->png)
    ok = draw_png(settings, frame, files->png, &canvas, signal_fd);
  if (files->svg)
    ok = draw_svg(settings, frame, files->svg, signal_fd) && ok;
  free(canvas.pixel);
  *files = (struct batch_files){.png = NULL};
  return ok;
}
