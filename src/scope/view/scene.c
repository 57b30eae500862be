#include "scope/view/scene.h"

#include <math.h>
#include <stdlib.h>

#include "scope/store/intake.h"
#include "scope/view/statistics.h"
#include "scope/view/view.h"

void scene_columns_destroy(struct scene_columns *columns)
{
  for (int i = 0; i < CHANNELS_MAX; i++) {
    column_cache_destroy(&columns->cache[i]);
    free(columns->columns[i]);
    columns->columns[i] = NULL;
  }
  columns->allocated = 0;
}

static bool allocate_columns(struct scene_columns *c, size_t columns, int channels)
{
  const bool grow = columns > c->allocated;
  if (grow)
    c->allocated = columns + columns / 8;
  for (int i = 0; i < CHANNELS_MAX; i++) {
    if ((i < channels && !c->columns[i]) || (grow && c->columns[i])) {
      free(c->columns[i]);
      c->columns[i] = malloc(c->allocated * sizeof *c->columns[i]);
      if (!c->columns[i])
        return false;
    }
  }
  return true;
}

static enum scene_state state_of(const struct view *view)
{
  return view->frozen ? SCENE_PAUSED : view->settled ? SCENE_ENDED : SCENE_LIVE;
}

void scene_outline(struct scene *scene, const struct scene_source *from)
{
  const struct view *view = from->view;
  const struct time_base *base = intake_time_base(from->intake);
  const bool sampled = base->kind == TIME_NUMBER;
  scene->time = view->time;
  scene->time_unit = time_base_unit(base);
  scene->time_name = sampled ? "n" : "s";
  scene->clock_labels = !sampled;
  scene->dots = from->style == COLUMN_POINTS;
  scene->state = state_of(view);
  scene->panes = view->panes;
  for (int i = 0; i < view->panes; i++)
    scene->pane[i] = (struct pane_scene){.channels = view->pane[i].channels, .axis = view->pane[i].axis};
  scene->channels = (int)intake_channels(from->intake);
  for (int i = 0; i < scene->channels; i++) {
    struct channel_scene *channel = &scene->channel[i];
    channel->name = intake_channel_name(from->intake, (size_t)i);
    channel->hidden = (view->hidden >> i & 1) != 0;
    if (i < scene->numbered)
      continue;
    channel->columns = NULL;
    channel->last = channel->min = channel->max = channel->mean = (double)NAN;
  }
}

/* The numbers of the legend, of what is in view. */
static void fill_numbers(struct channel_scene *out, int channel, const struct scene_source *from)
{
  const struct view *view = from->view;
  const struct history *history = intake_history(from->intake);
  const int64_t end = time_axis_end(&view->time);
  const struct statistics s = statistics_between(history, (size_t)channel, from->style, time_axis_begin(&view->time),
                                                 end < view->edge ? end : view->edge);
  out->min = s.min;
  out->max = s.max;
  out->mean = s.mean;
  out->last = s.last;
  /* Live, the latest value is the reader's own, be it still on its way here. */
  if (state_of(view) == SCENE_LIVE && view->state == VIEW_FOLLOWS && history_items(history, (size_t)channel) > 0)
    out->last = stream_latest(intake_stream(from->intake), (size_t)channel);
}

/* As of a channel that is new, or has its name before its first sample: its numbers do not wait until they are due. */
static bool says_nothing(const struct channel_scene *channel)
{
  return isnan(channel->last) && isnan(channel->min) && isnan(channel->max) && isnan(channel->mean);
}

bool scene_build(struct scene *scene, struct scene_columns *columns, const struct scene_source *from, bool numbers)
{
  const struct view *view = from->view;
  scene_outline(scene, from);
  if (!allocate_columns(columns, (size_t)view->time.columns, scene->channels))
    return false;
  const struct column_rule rule = {.time = view->time, .edge = view->edge, .style = from->style};
  for (int i = 0; i < scene->channels; i++) {
    if (!column_cache_get(&columns->cache[i], intake_history(from->intake), (size_t)i, &rule, view->time.first,
                          (size_t)view->time.columns, columns->columns[i]))
      return false;
    scene->channel[i].columns = columns->columns[i];
    if (numbers || says_nothing(&scene->channel[i]))
      fill_numbers(&scene->channel[i], i, from);
  }
  scene->numbered = scene->channels;
  return true;
}

void scene_extent(const struct scene *scene, int pane, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    if (channel->hidden || (scene->pane[pane].channels >> i & 1) == 0)
      continue;
    for (int k = 0; k < scene->time.columns; k++) {
      *low = channel->columns[k].low < *low ? channel->columns[k].low : *low;
      *high = channel->columns[k].high > *high ? channel->columns[k].high : *high;
    }
  }
}
