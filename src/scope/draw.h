/* From a session to a painted canvas: the step that the window and --png share. Main thread. */
#ifndef SCOPE_DRAW_H
#define SCOPE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/screen.h"
#include "scope/session.h"

/*
 * Lays out and draws a frame of the session as it is at now_ns; repeats the layout when a new range changed its
 * margins. numbers, scene: as in session_frame. False: out of memory.
 */
bool draw_session(struct session *session, struct screen *screen, struct canvas *canvas, int64_t now_ns, bool numbers,
                  struct scene *scene, struct damage *damage);

#endif
