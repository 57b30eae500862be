/* A window that shows sweeps of a sine, which a source of a test's own brings as time passes. */
#ifndef TESTS_SWEEPS_FIXTURE_H
#define TESTS_SWEEPS_FIXTURE_H

#include "window_fixture.h"

#include <math.h>

#include "random.h"

enum { WIDTH = 700, HEIGHT = 400, RATE_HZ = 48000 };

/* A sine at a rate, that begins at time 0; with noise. */
struct source {
  double hz, noise;
  int64_t next; /* sample */
  struct random random;
};

static inline void start(struct window_fixture *w, double rate_hz, double window_s, const struct trigger *trigger)
{
  const struct time_base base = {.kind = TIME_RATE, .rate_hz = rate_hz};
  struct settings s = settings_default;
  s.window_s = window_s;
  s.window_given = true;
  s.trigger = *trigger;
  s.trigger.on = true;
  s.trigger.from = INT64_MIN;
  window_start(w, &base, &s, WIDTH, HEIGHT);
  stream_channel_add(w->stream, "sine");
}

/* Time passes: what the source has until then comes in. */
static inline void run(struct window_fixture *w, struct source *s, double rate_hz, int64_t ns)
{
  enum { MOST = 4096 };
  int64_t time[MOST];
  double value[MOST];
  const int64_t each = (int64_t)(1e9 / rate_hz);
  w->now += ns;
  for (;;) {
    size_t n = 0;
    for (; n < MOST && s->next * each < w->now; n++, s->next++) {
      double noise = 0;
      for (int k = 0; k < 12 && s->noise > 0; k++)
        noise += random_unit(&s->random);
      time[n] = s->next * each;
      value[n] = 10 * sin(2 * M_PI * s->hz * (double)time[n] / 1e9) + (s->noise > 0 ? s->noise * (noise - 6) : 0);
    }
    if (n == 0)
      break;
    window_feed(w, 0, time, value, n, s->next * each);
  }
  window_draw(w);
}

static inline struct source new_source(double hz, double noise)
{
  return (struct source){.hz = hz, .noise = noise, .random = random_seeded(7)};
}

/* The column in which the trace comes up through a value, the nearest one to where the crossing is to be. */
static inline int crossing_column(const struct window_fixture *w, double level)
{
  const struct scene *scene = &w->frame.scene;
  int nearest = -1000;
  for (int k = 0; k < scene->time.columns; k++) {
    const struct column *c = &scene->channel[0].columns[k];
    if (c->enter < level && c->leave >= level &&
        llabs(k - scene->trigger.column) < llabs(nearest - scene->trigger.column))
      nearest = k;
  }
  return nearest;
}

#endif
