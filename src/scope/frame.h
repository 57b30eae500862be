/*
 * From what was taken in to a painted canvas: the one way to a picture, for the window and for --png. No SDL but for the
 * text; main thread.
 */
#ifndef SCOPE_FRAME_H
#define SCOPE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/cells_screen.h"
#include "scope/paint/damage.h"
#include "scope/paint/screen.h"
#include "scope/progress.h"
#include "scope/rate.h"
#include "scope/settings.h"
#include "scope/store/intake.h"
#include "scope/view/scene.h"
#include "scope/view/view.h"

/* Where the mouse is, in pixels of the canvas. */
struct frame_pointer {
  bool on;
  int x, y;
};

struct frame {
  struct intake *intake; /* borrowed */
  const char *given;     /* title, or NULL */
  const char *file;      /* that is plotted, or NULL */
  char title[SCENE_TEXT_MAX];
  bool has_clock; /* times stand for moments of the day */
  int64_t epoch;  /* then: 1970 in ticks of the time base */
  enum column_style style;
  enum stack_choice stack;
  struct view view;
  struct rate rate;
  struct progress progress;          /* of a long file; the caller's to set before the first frame */
  struct screen *screen;             /* owned; NULL until frame_open */
  double scale;                      /* of the screen */
  struct cells_screen *cells_screen; /* owned; NULL until frame_open_cells */
  struct scene scene;                /* its window's part is the loop's to set */
  struct scene_columns columns;
  struct frame_pointer pointer;
};

/*
 * What settings ask for, for an input that began at start_ns of the monotonic clock. file: the name of what is plotted,
 * or NULL.
 */
void frame_init(struct frame *f, const struct settings *settings, struct intake *intake, const char *file,
                int64_t start_ns);

/*
 * Opens the fonts. scale: pixels to a pixel of a 96 dpi display; does nothing where it is the one that they are open for.
 * False after a message.
 */
bool frame_open(struct frame *f, const struct settings *settings, double scale);

/* The same for frames of cells. */
bool frame_open_cells(struct frame *f, const struct settings *settings);

void frame_destroy(struct frame *f);

/* Key Del, at moment now_ns: clears the intake, and what is shown of it. */
void frame_clear(struct frame *f, int64_t now_ns);

/*
 * Lets the trigger look at what was taken in, as each frame does, too: for who takes in much between frames, or draws
 * none. Nothing where there is no trigger.
 */
void frame_look(struct frame *f);

/*
 * Brings view and scene up to what the intake knows, at moment now_ns, and paints what differs from the frame before; adds that to the damage.
 * numbers: those of the legend and the state line are brought up to date. False: out of memory.
 */
bool frame_draw(struct frame *f, struct canvas *canvas, int64_t now_ns, bool numbers, struct damage *damage);

/*
 * The same picture as vectors, of width x height pixels, for the caller to free; the next frame is painted anew. NULL: out
 * of memory.
 */
struct svg *frame_draw_svg(struct frame *f, int width, int height, int64_t now_ns);

/* The same on cells, all of which are painted. */
bool frame_draw_cells(struct frame *f, struct cells *cells, int64_t now_ns, bool numbers);

#endif
