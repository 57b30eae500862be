#include "scope/batch.h"

#include <stdlib.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"

enum { STOP_MS = 100 };

void batch_read(struct intake *intake, struct stream *stream, int signal_fd)
{
  while (!intake_ended(intake) && !signals_came(signal_fd)) {
    stream_wait(stream, signal_fd, -1);
    intake_take(intake, INT64_MAX);
    intake_advance(intake, clock_now_ns());
  }
  if (!intake_ended(intake))
    intake_finish(intake, clock_now_ns() + (int64_t)STOP_MS * CLOCK_MS_NS);
}

static bool draw(const struct settings *settings, struct frame *frame, struct png_file *file, int signal_fd)
{
  struct canvas canvas = {.width = settings->width, .height = settings->height, .stride = settings->width};
  struct damage damage = {.count = 0};
  bool ok = false;
  if (intake_channels(frame->intake) == 0)
    frame->scene.note = "the input had no numbers";
  canvas.pixel = malloc((size_t)canvas.width * (size_t)canvas.height * sizeof *canvas.pixel);
  if (!canvas.pixel || !frame_draw(frame, &canvas, clock_now_ns(), true, &damage)) {
    message("%s: out of memory", settings->png);
    goto out;
  }
  ok = png_commit(file, &canvas, signal_fd);
  file = NULL;
out:
  png_discard(file);
  free(canvas.pixel);
  return ok;
}

bool batch_run(const struct settings *settings, struct frame *frame, struct stream *stream, int signal_fd,
               struct png_file *file)
{
  /* Fonts are opened while the first input is on its way. */
  if (!frame_open(frame, settings, 1)) {
    png_discard(file);
    return false;
  }
  batch_read(frame->intake, stream, signal_fd);
  return draw(settings, frame, file, signal_fd);
}
