#include "scope/draw.h"

bool draw_session(struct session *session, struct screen *screen, struct canvas *canvas, int64_t now_ns, bool numbers,
                  struct scene *scene, struct damage *damage)
{
  scene->view = session_view(session);
  scene->channels = session_channels(session);
  for (int i = 0; i < scene->channels; i++) /* the layout wants their widths */
    scene->channel[i].name = session_channel_name(session, i);
  int columns = screen_layout(screen, canvas->width, canvas->height, scene);
  if (columns == 0 || !session_frame(session, columns, now_ns, numbers, scene))
    return false;
  /* The range may have grown, and its labels with it: then the plot is a little narrower, once. */
  int again = screen_layout(screen, canvas->width, canvas->height, scene);
  if (again == 0 || (again != columns && !session_frame(session, again, now_ns, numbers, scene)))
    return false;
  return screen_draw(screen, canvas, scene, damage);
}
