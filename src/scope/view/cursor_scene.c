#include "scope/view/cursor_scene.h"

#include <string.h>

#include "scope/view/view.h"

/* Samples of all channels that are looked at for a frame where that happens again and again: a few milliseconds. */
enum { LOOKED_AT = 400000 };

void cursor_scene_outline(struct cursors_scene *c, const struct view *view)
{
  for (int i = 0; i < CHANNELS_MAX && !view->cursors.on; i++) {
    c->channel[i].version += c->channel[i].measured;
    c->channel[i].measured = false;
  }
  c->on = view->cursors.on;
  c->active = view->cursors.active;
  for (int i = 0; i < 2; i++) {
    const int64_t column = time_axis_column(&view->time, view->cursors.time[i]) - view->time.first;
    c->time[i] = view->cursors.time[i];
    c->column[i] = column < 0 ? -1 : column < view->time.columns ? (int)column : view->time.columns;
  }
}

/* All samples between the cursors are there, and the line that leads on from the last of them. */
static bool is_final(const struct history *h, size_t channel, const struct measure_rule *rule)
{
  struct history_sample next;
  return rule->to < rule->edge && (rule->style == COLUMN_STEP || history_at_or_after(h, channel, rule->to, &next));
}

static bool has_moved(const struct cursor_channel *channel, const int64_t *time, uint64_t items)
{
  return !channel->measured || items < channel->items || channel->time[0] != time[0] || channel->time[1] != time[1];
}

void cursor_scene_measure(struct cursors_scene *c, const struct cursor_source *from, bool numbers)
{
  const struct history *h = from->history;
  const int64_t *time = c->time;
  const struct measure_rule rule = {.from = time[0] < time[1] ? time[0] : time[1],
                                    .to = time[0] < time[1] ? time[1] : time[0],
                                    .edge = from->view->edge,
                                    .unit = from->unit,
                                    .style = from->style};
  /* Sweeps come so fast that nobody could read what is measured in each. */
  const bool sweeps = from->view->state == VIEW_SWEEPS && !from->view->frozen;
  const bool hurry = c->dragged || sweeps;
  uint64_t left = LOOKED_AT;
  for (int i = 0; i < from->channels && c->on; i++) {
    struct cursor_channel *channel = &c->channel[i];
    const uint64_t items = history_items(h, (size_t)i);
    const bool moved = has_moved(channel, time, items);
    const bool grown = numbers && !channel->final && channel->items != items;
    const bool due = moved ? !sweeps || numbers || !channel->measured : !channel->between.whole ? !hurry : grown;
    if (from->view->hidden >> i & 1)
      continue;
    for (int k = 0; k < 2 && (moved || due); k++)
      channel->value[k] = measure_value_at(h, (size_t)i, &rule, time[k]);
    if (!due)
      continue;
    measure_between(h, (size_t)i, &rule, hurry ? left : UINT64_MAX, &channel->between);
    left -= channel->between.whole && channel->between.count < left ? channel->between.count : 0;
    channel->measured = true;
    channel->version++;
    channel->final = is_final(h, (size_t)i, &rule);
    channel->items = items;
    memcpy(channel->time, time, sizeof channel->time);
  }
}
