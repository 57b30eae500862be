#include "scope/view/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope/store/intake.h"
#include "scope/view/figures.h"
#include "scope/view/statistics.h"
#include "scope/view/sweeps.h"
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

void scene_clear(struct scene *scene, struct scene_columns *columns)
{
  for (int i = 0; i < CHANNELS_MAX; i++)
    column_cache_clear(&columns->cache[i]);
  scene->channels = scene->numbered = 0;
  scene->legend_cursor = -1;
  scene->legend_first = 0;
  scene->hover.on = false;
  scene->box.on = false;
  scene->cursors = (struct cursors_scene){.on = false}; /* and what was measured between them */
  scene->coarse = false;
  scene->behind[0] = '\0';
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
  return view->frozen ? SCENE_PAUSED : view->settled ? SCENE_ENDED : view->state == VIEW_HELD ? SCENE_HELD : SCENE_LIVE;
}

int scene_next_pane(const struct scene *scene, int pane)
{
  while (++pane < scene->panes)
    if (!scene->pane[pane].aside)
      return pane;
  return -1;
}

int scene_panes_shown(const struct scene *scene)
{
  int shown = 0;
  for (int i = 0; i < scene->panes; i++)
    shown += !scene->pane[i].aside;
  return shown;
}

static bool is_seen(const struct scene *scene, uint64_t channels)
{
  for (int i = 0; i < scene->channels; i++)
    if ((channels >> i & 1) && !scene->channel[i].hidden)
      return true;
  return false;
}

/* The unit of all channels that a pane shows; "" where they have several, or one has none. */
static const char *shared_unit(const struct scene *scene, uint64_t channels)
{
  const char *unit = NULL;
  const bool seen = is_seen(scene, channels);
  for (int i = 0; i < scene->channels; i++) {
    if ((channels >> i & 1) == 0 || (seen && scene->channel[i].hidden))
      continue;
    if (unit && strcmp(unit, scene->channel[i].unit) != 0)
      return "";
    unit = scene->channel[i].unit;
  }
  return unit ? unit : "";
}

/* Panes with nothing to show make room for the others; when there are no others, all stay. */
static void outline_panes(struct scene *scene, const struct view *view)
{
  bool any = false;
  scene->panes = view->panes;
  for (int i = 0; i < view->panes; i++) {
    const uint64_t channels = view->pane[i].channels;
    scene->pane[i] = (struct pane_scene){.channels = channels,
                                         .axis = view->pane[i].axis,
                                         .aside = !is_seen(scene, channels),
                                         .unit = shared_unit(scene, channels)};
    any = any || !scene->pane[i].aside;
  }
  for (int i = 0; i < view->panes && !any; i++)
    scene->pane[i].aside = false;
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
  scene->steps = from->style == COLUMN_STEP;
  scene->state = state_of(view);
  scene->strip = (struct strip_scene){
      .begin = view->begin, .end = view->edge, .from = time_axis_begin(&view->time), .to = time_axis_end(&view->time)};
  if (scene->time_labels != SCENE_TIME_CLOCK)
    scene->time_zero = scene->time_labels == SCENE_TIME_BEFORE_NOW ? view->edge
                       : view->sweep.shown                         ? view->sweep.crossing
                                                                   : 0;
  cursor_scene_outline(&scene->cursors, view);
  scene->channels = (int)intake_channels(from->intake);
  for (int i = 0; i < scene->channels; i++) {
    struct channel_scene *channel = &scene->channel[i];
    channel->name = intake_channel_name(from->intake, (size_t)i);
    channel->unit = intake_channel_unit(from->intake, (size_t)i);
    channel->hidden = (view->hidden >> i & 1) != 0;
    if (i < scene->numbered)
      continue;
    channel->columns = NULL;
    channel->last = channel->min = channel->max = channel->mean = (double)NAN;
    channel->form = (struct figure_form){.decimals = 0};
  }
  outline_panes(scene, view);
  const struct trigger *trigger = &view->trigger;
  const bool known = trigger->on && trigger->channel >= 0 && trigger->channel < scene->channels;
  scene->trigger = (struct trigger_scene){
      .on = known,
      .pane = known ? view_pane_of(view, trigger->channel) : 0,
      .channel = known ? trigger->channel : 0,
      .level = trigger->level,
      .shown = view->sweep.shown,
      .column = view->sweep.shown ? time_axis_column(&view->time, view->sweep.crossing) - view->time.first : 0};
}

/*
 * The form that a channel's samples came in, as far as a few of them tell, spread over all there are: it does not change
 * with the view, and what was looked at before does not matter.
 */
static void note_form(struct channel_scene *channel, const struct history *history, int number, const struct view *view)
{
  enum { LOOKS = 16 };
  const double known[] = {channel->last, channel->min, channel->max};
  const int64_t step = (view->edge - view->begin) / LOOKS;
  channel->form = (struct figure_form){.decimals = 0};
  for (int i = 0; i < 3; i++)
    figure_form_note(&channel->form, known[i]);
  for (int i = 1; i <= LOOKS && channel->form.decimals != FIGURE_ENDLESS; i++) {
    struct history_sample sample;
    if (history_before(history, (size_t)number, view->begin + i * step, &sample))
      figure_form_note(&channel->form, sample.value);
  }
}

/* The numbers of the legend, of what is in view. */
static void fill_numbers(struct channel_scene *out, int channel, const struct limits_scene *limits,
                         const struct scene_source *from)
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
  /* Live, the latest value is the reader's own, be it still on its way here; no figure may lie outside of the extremes. */
  if (state_of(view) == SCENE_LIVE && history_items(history, (size_t)channel) > 0) {
    out->last = stream_latest(intake_stream(from->intake), (size_t)channel);
    out->min = fmin(out->min, out->last);
    out->max = fmax(out->max, out->last);
  }
  out->outside_now = limits->on && (out->last < limits->low || out->last > limits->high);
  note_form(out, history, channel, view);
}

/* As of a channel that is new, or has its name before its first sample: its numbers do not wait until they are due. */
static bool says_nothing(const struct channel_scene *channel)
{
  return isnan(channel->last) && isnan(channel->min) && isnan(channel->max) && isnan(channel->mean);
}

/* How far a view's right end is behind live: "12.3 s behind". */
static void write_behind(struct scene *scene, const struct scene_source *from)
{
  const struct view *view = from->view;
  const int64_t behind = intake_edge(from->intake) - time_axis_end(&view->time);
  char text[FIGURE_TEXT_MAX];
  scene->behind[0] = '\0';
  if (view->settled || (view->state != VIEW_HELD && !view->frozen) || behind <= 0)
    return;
  const double units = (double)behind / (double)scene->time_unit;
  const long long whole = (long long)units;
  if (!scene->clock_labels) {
    figure_count((uint64_t)whole, text);
    snprintf(scene->behind, sizeof scene->behind, "%s samples behind", text);
  } else if (units < 60) {
    snprintf(scene->behind, sizeof scene->behind, "%lld.%lld s behind", whole,
             (long long)((units - (double)whole) * 10));
  } else if (units < 3600) {
    snprintf(scene->behind, sizeof scene->behind, "%lld:%02lld behind", whole / 60, whole % 60);
  } else {
    snprintf(scene->behind, sizeof scene->behind, "%lld:%02lld:%02lld behind", whole / 3600, whole / 60 % 60,
             whole % 60);
  }
}

/* Part of what a held view shows is only there as buckets any more. */
static bool is_coarse(const struct scene *scene, const struct scene_source *from)
{
  if (from->view->state != VIEW_HELD)
    return false;
  for (int i = 0; i < scene->channels; i++)
    if (!scene->channel[i].hidden &&
        history_full_from(intake_history(from->intake), (size_t)i) > time_axis_begin(&scene->time))
      return true;
  return false;
}

bool scene_build(struct scene *scene, struct scene_columns *columns, const struct scene_source *from, bool numbers)
{
  const struct view *view = from->view;
  scene_outline(scene, from);
  if (!allocate_columns(columns, (size_t)view->time.columns, scene->channels))
    return false;
  const struct column_rule rule = {.time = view->time,
                                   .edge = view->edge,
                                   .style = from->style,
                                   .again = intake_time_base(from->intake)->kind == TIME_STATED};
  for (int i = 0; i < scene->channels; i++) {
    if (!column_cache_get(&columns->cache[i], intake_history(from->intake), (size_t)i, &rule, view->time.first,
                          (size_t)view->time.columns, columns->columns[i]))
      return false;
    scene->channel[i].columns = columns->columns[i];
    if (numbers || says_nothing(&scene->channel[i]))
      fill_numbers(&scene->channel[i], i, &scene->limits, from);
  }
  if (numbers) {
    write_behind(scene, from);
    sweeps_say(view, intake_history(from->intake), scene->trigger_says, sizeof scene->trigger_says);
    scene->coarse = is_coarse(scene, from);
  }
  const struct cursor_source cursors = {.history = intake_history(from->intake),
                                        .view = view,
                                        .style = from->style,
                                        .unit = scene->time_unit,
                                        .channels = scene->channels};
  cursor_scene_measure(&scene->cursors, &cursors, numbers);
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

const char *scene_unit(const struct scene *scene, int channel)
{
  const char *unit = scene->unit ? scene->unit : scene->channel[channel].unit;
  return unit ? unit : "";
}

static void mark_channel(struct channel_scene *channel, const struct value_axis *axis, int columns)
{
  channel->above = channel->below = false;
  channel->off_now = channel->last > axis->high ? 1 : channel->last < axis->low ? -1 : 0;
  for (int k = 0; k < columns; k++) {
    channel->above = channel->above || channel->columns[k].high > axis->high;
    channel->below = channel->below || channel->columns[k].low < axis->low;
  }
}

void scene_mark_off_scale(struct scene *scene)
{
  for (int i = 0; i < scene->channels; i++)
    for (int pane = 0; pane < scene->panes; pane++)
      if (scene->pane[pane].channels >> i & 1)
        mark_channel(&scene->channel[i], &scene->pane[pane].axis, scene->time.columns);
}
