/* Scenes to be painted on canvases: one that changes at random from frame to frame, and a calm one. */
#ifndef TESTS_SCREEN_FIXTURE_H
#define TESTS_SCREEN_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/canvas.h"
#include "scope/paint/screen.h"
#include "scope/paint/text.h"

enum { WIDTH = 700, HEIGHT = 400, CHANNELS = 9, FRAMES = 400 };

struct world {
  struct scene scene;
  struct column columns[CHANNELS][WIDTH];
  char rate[32], rejected[32];
};

static const struct scene_help help[] = {
    {"q", "quit"}, {"a key", "with a long text that tells what it does"}, {"h", "help"}, {NULL, NULL}};

static inline struct canvas new_canvas(void)
{
  struct canvas c = {.width = WIDTH, .height = HEIGHT, .stride = WIDTH};
  c.pixel = calloc((size_t)WIDTH * HEIGHT, sizeof *c.pixel);
  assert_non_null(c.pixel);
  return c;
}

static inline void change(struct world *w, struct random *r, int frame)
{
  static const char *const names[CHANNELS] = {
      "sine", "a name that is far too long for its place", "3", "\xC2\xB5", "x", "y", "z", "u", "v"};
  struct scene *s = &w->scene;
  s->panes = 1;
  s->pane[0].channels = UINT64_MAX;
  s->time_unit = 1000000000;
  s->time_name = "s";
  s->clock_labels = true;
  s->title = frame % 60 < 50 ? "standard input" : "a title";
  s->unit = frame % 90 < 70 ? "ms" : NULL;
  s->channels = 1 + frame / 45; /* channels come, and never go */
  if (random_once_in(r, 30))
    s->grid = !s->grid;
  if (random_once_in(r, 30))
    s->legend = !s->legend;
  if (random_once_in(r, 20))
    s->help = s->help ? NULL : help;
  if (random_once_in(r, 20))
    s->note = s->note ? NULL : "saved a file";
  if (random_once_in(r, 25)) {
    struct value_axis *axis = &s->pane[0].axis;
    axis->high = axis->high > 100 ? 1 : axis->high * 10;
    axis->low = -axis->high;
  }
  s->state = (enum scene_state)(frame / 50 % 3);
  snprintf(w->rate, sizeof w->rate, "%d/s", frame / 7 * 13);
  snprintf(w->rejected, sizeof w->rejected, "%.0d%s", frame / 30, frame / 30 ? " rejected" : "");
  s->rate = w->rate;
  s->rejected = w->rejected;
  s->dots = frame % 100 > 90;
  for (int i = 0; i < s->channels; i++) {
    struct channel_scene *c = &s->channel[i];
    if (random_once_in(r, 60))
      c->hidden = !c->hidden;
    c->name = names[i];
    c->columns = w->columns[i];
    if (frame % 10 == 0) {
      c->last = random_unit(r) * 20 - 10;
      c->min = -random_unit(r);
      c->max = random_unit(r) * 1e6;
      c->mean = random_once_in(r, 5) ? (double)NAN : 0;
    }
    for (int k = 0; k < WIDTH; k++) {
      double t = (double)(w->scene.time.first + k) * 0.02 + i;
      c->name = names[i];
      w->columns[i][k] = (struct column){.enter = 8 * sin(t), .leave = 8 * sin(t + 0.02)};
      w->columns[i][k].low = fmin(8 * sin(t), 8 * sin(t + 0.02));
      w->columns[i][k].high = fmax(8 * sin(t), 8 * sin(t + 0.02));
    }
  }
}

static inline void paint(struct screen *screen, struct canvas *c, struct world *w, struct damage *damage)
{
  struct scene_size size;
  assert_true(screen_layout(screen, c->width, c->height, &w->scene, &size));
  assert_in_range(size.columns, 1, WIDTH);
  assert_in_range(size.rows[0], 1, HEIGHT);
  w->scene.time.columns = size.columns;
  w->scene.pane[0].axis.rows = size.rows[0];
  assert_true(screen_draw(screen, c, &w->scene, damage));
}

/* A scene of so many channels, for tests that change little. */
static inline void set_calm(struct world *w, int channels)
{
  static const char *const names[CHANNELS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
  *w = (struct world){.scene = {.time = {.width = 8000000},
                                .time_unit = 1000000000,
                                .time_name = "s",
                                .panes = 1,
                                .pane = {{.channels = UINT64_MAX, .axis = {.low = -10, .high = 10}}},
                                .channels = channels,
                                .title = "calm",
                                .rate = "1/s",
                                .rejected = "",
                                .grid = true,
                                .legend = true}};
  for (int i = 0; i < CHANNELS; i++) {
    struct channel_scene *c = &w->scene.channel[i];
    *c = (struct channel_scene){
        .name = names[i], .columns = w->columns[i], .last = i, .min = -i, .max = i * 1.5, .mean = i * 0.25};
    for (int k = 0; k < WIDTH; k++)
      w->columns[i][k] = (struct column){.low = i, .high = i, .enter = i, .leave = i, .mean = i, .sd = 0, .count = 1};
  }
}

/* What a screen shows that has never shown anything else. */
static inline struct canvas painted_afresh(struct world *w)
{
  struct canvas c = new_canvas();
  struct screen *screen = screen_new(&theme_dark, 1);
  struct damage damage = {.count = 0};
  assert_non_null(screen);
  paint(screen, &c, w, &damage);
  screen_free(screen);
  return c;
}

#endif
