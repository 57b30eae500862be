#include "scope/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "scope/draw.h"
#include "scope/paint/picture.h"
#include "scope/paint/screen.h"

enum { STOP_MS = 100 };

static bool draw(const struct settings *settings, struct session *session, struct screen *screen, FILE *file)
{
  struct canvas canvas = {.width = settings->width, .height = settings->height, .stride = settings->width};
  struct damage damage = {.count = 0};
  struct scene scene = {.grid = true, .legend = true};
  bool ok = false;
  if (!screen)
    goto out; /* said already */
  if (session_channels(session) == 0)
    scene.note = "the input had no numbers";
  canvas.pixel = malloc((size_t)canvas.width * (size_t)canvas.height * sizeof *canvas.pixel);
  /* Twice: the first time finds out how wide the numbers of the legend are. */
  if (!canvas.pixel || !draw_session(session, screen, &canvas, clock_now_ns(), true, &scene, &damage) ||
      !draw_session(session, screen, &canvas, clock_now_ns(), true, &scene, &damage)) {
    message("%s: out of memory", settings->png);
    goto out;
  }
  int error = ftruncate(fileno(file), 0) != 0 && errno != EINVAL ? errno : 0; /* EINVAL: a pipe or device */
  if (!error) {
    error = picture_write(&canvas, file);
    file = NULL;
  }
  if (error)
    message("%s: %s", settings->png, strerror(error));
  ok = error == 0;
out:
  if (file)
    picture_discard(file, settings->png);
  free(canvas.pixel);
  return ok;
}

bool batch_run(const struct settings *settings, struct stream *stream, struct session *session, int signal_fd,
               FILE *file)
{
  /* Fonts are opened while the first input is on its way. */
  struct screen *screen = screen_new(settings->theme == THEME_LIGHT ? &theme_light : &theme_dark, 1);
  while (screen && !stream_ended(stream) && !signals_came(signal_fd)) {
    stream_wait(stream, signal_fd, -1);
    session_drain(session, INT64_MAX);
  }
  if (!stream_ended(stream)) {
    stream_stop(stream, STOP_MS);
    session_drain(session, INT64_MAX);
    session_end(session, clock_now_ns());
  }
  bool ok = draw(settings, session, screen, file);
  screen_free(screen);
  return ok;
}
