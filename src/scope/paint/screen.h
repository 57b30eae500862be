/*
 * The whole picture: plot, axes, legend, state line, help. Takes a scene (what is to be seen) and brings a canvas from
 * the scene before to this one, painting only what differs.
 *
 * Used for the window and for --png alike. No SDL but for the text; main thread.
 */
#ifndef SCOPE_SCREEN_H
#define SCOPE_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/theme.h"
#include "scope/view/columns.h"
#include "scope/view/view.h"

enum { SCREEN_CHANNELS = 64, SCREEN_TEXT_MAX = 96 };

enum screen_state { SCREEN_LIVE, SCREEN_PAUSED, SCREEN_ENDED };

struct scene_channel {
  const char *name;
  bool hidden;
  double last, min, max, mean;  /* NaN: nothing to say */
  const struct column *columns; /* as many as the view has */
};

struct scene {
  const struct view *view;
  double ticks_per_unit; /* of the time base in a second, or a sample */
  const char *time_unit; /* "s", or "n" for the number of the sample */
  bool clock_labels;     /* long times as h:mm:ss */
  bool dots;             /* columns are points, not lines */
  int channels;
  struct scene_channel channel[SCREEN_CHANNELS];
  const char *title;
  const char *unit; /* of the values; NULL: none */
  enum screen_state state;
  const char *rate;     /* "1.00k/s" */
  const char *rejected; /* "3 rejected", or "" */
  const char *note;     /* in the middle of the plot: "waiting for numbers"; NULL: none */
  bool grid, legend, help;
};

struct screen;

/* scale: pixels to a pixel of a 96 dpi display. NULL after a message. */
struct screen *screen_new(const struct theme *theme, double scale);
void screen_free(struct screen *s); /* NULL is fine */

/*
 * Lays the scene out on width x height pixels: the plot's width in columns (>= 1), for which the view and the columns
 * are to be computed before screen_draw. Cheap when nothing changed. 0 when out of memory.
 */
int screen_layout(struct screen *s, int width, int height, const struct scene *scene);

/* The canvas lost what was painted on it: the next screen_draw paints everything. */
void screen_invalidate(struct screen *s);

/* Paints; adds what it touched to the damage. False when out of memory. */
bool screen_draw(struct screen *s, struct canvas *c, const struct scene *scene, struct damage *damage);

#endif
