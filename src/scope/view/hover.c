#include "scope/view/hover.h"

#include <math.h>

#include "scope/store/intake.h"
#include "scope/view/view.h"

enum {
  LOOKED_AT = 512,      /* samples of a column, at most */
  MARK_EVERY_PIXELS = 8 /* samples at least so far apart on average are dots */
};

/* How far the trace passes from the pointer up or down, in rows; INFINITY where it is not in its column. */
static double distance(const struct channel_scene *channel, const struct value_axis *axis, int column, double row)
{
  const struct column *c = &channel->columns[column];
  if (c->low != c->low)
    return INFINITY;
  const double top = value_axis_row(axis, c->high);
  const double bottom = value_axis_row(axis, c->low);
  return row < top ? top - row : row > bottom ? row - bottom : 0;
}

static int nearest_channel(const struct scene *scene, int pane, int column, double row)
{
  const struct pane_scene *p = &scene->pane[pane];
  double least = INFINITY;
  int nearest = -1;
  for (int i = 0; i < scene->channels; i++) {
    if (scene->channel[i].hidden || (p->channels >> i & 1) == 0 || !scene->channel[i].columns)
      continue;
    const double d = distance(&scene->channel[i], &p->axis, column, row);
    if (d < least) {
      least = d;
      nearest = i;
    }
  }
  return nearest;
}

/* Of the finite samples in a column the nearest in value. */
static bool nearest_within(const struct history *h, size_t channel, int64_t from, int64_t to, double value,
                           struct history_sample *out)
{
  struct history_sample sample[LOOKED_AT];
  uint64_t index = history_find(h, channel, from).index;
  const size_t n = history_copy(h, channel, &index, to, sample, LOOKED_AT);
  bool found = false;
  for (size_t i = 0; i < n; i++) {
    if (sample[i].value != sample[i].value || sample[i].time < from)
      continue;
    if (!found || fabs(sample[i].value - value) < fabs(out->value - value))
      *out = sample[i];
    found = true;
  }
  return found;
}

/* The nearest in time beside a column; gaps have nothing to read. */
static bool nearest_beside(const struct history *h, size_t channel, int64_t from, int64_t to, int64_t edge,
                           struct history_sample *out)
{
  struct history_sample before;
  struct history_sample after;
  const bool left = history_before(h, channel, from, &before) && before.value == before.value;
  const bool right = history_at_or_after(h, channel, to, &after) && after.value == after.value && after.time < edge;
  if (!left && !right)
    return false;
  *out = left && (!right || (uint64_t)from - (uint64_t)before.time <= (uint64_t)after.time - (uint64_t)to) ? before
                                                                                                           : after;
  return true;
}

static void mark_samples(const struct scene *scene, const struct history *h, const struct value_axis *axis,
                         int64_t edge, struct hover_scene *out)
{
  const struct time_axis *time = &scene->time;
  const int64_t end = time_axis_end(time) < edge ? time_axis_end(time) : edge;
  const int most =
      time->columns / MARK_EVERY_PIXELS < SCENE_MARKS_MAX ? time->columns / MARK_EVERY_PIXELS : SCENE_MARKS_MAX;
  struct history_summary sum;
  struct history_sample sample[SCENE_MARKS_MAX + 2];
  history_range(h, (size_t)out->channel, time_axis_begin(time), end, &sum);
  if (sum.items == 0 || sum.items > (uint64_t)most)
    return;
  uint64_t index = history_find(h, (size_t)out->channel, time_axis_begin(time)).index;
  const size_t n = history_copy(h, (size_t)out->channel, &index, end, sample, SCENE_MARKS_MAX + 2);
  for (size_t i = 0; i < n && out->marks < SCENE_MARKS_MAX; i++) {
    const int64_t column = time_axis_column(time, sample[i].time) - time->first;
    if (sample[i].value == sample[i].value && column >= 0 && column < time->columns)
      out->mark[out->marks++] = (struct scene_mark){(int)column, value_axis_row(axis, sample[i].value)};
  }
}

void hover_find(const struct scene *scene, const struct scene_source *from, int pane, int column, int row,
                struct hover_scene *out)
{
  const struct time_axis *time = &scene->time;
  out->on = false;
  out->marks = 0;
  if (pane < 0 || pane >= scene->panes || column < 0 || column >= time->columns)
    return;
  const struct value_axis *axis = &scene->pane[pane].axis;
  const int channel = nearest_channel(scene, pane, column, row + 0.5);
  if (channel < 0)
    return;
  const struct history *h = intake_history(from->intake);
  const int64_t edge = from->view->edge;
  const int64_t begin = time_axis_time(time, time->first + column);
  const int64_t end = time_axis_time(time, time->first + column + 1);
  struct history_sample sample;
  if (!nearest_within(h, (size_t)channel, begin, end < edge ? end : edge, value_axis_value(axis, row + 0.5), &sample) &&
      !nearest_beside(h, (size_t)channel, begin, end, edge, &sample))
    return;
  const int64_t place = time_axis_column(time, sample.time) - time->first;
  const int64_t beside = time->columns;
  out->on = true;
  out->pane = pane;
  out->channel = channel;
  out->time = sample.time;
  out->value = sample.value;
  out->column = (int)(place < -1 ? -1 : place > beside ? beside : place);
  out->row = value_axis_row(axis, sample.value);
  mark_samples(scene, h, axis, edge, out);
}
