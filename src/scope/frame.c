#include "scope/frame.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/number.h"
#include "scope/paint/svg.h"
#include "scope/title.h"
#include "scope/view/cursor.h"
#include "scope/view/hover.h"
#include "scope/view/sweeps.h"

/* How samples are joined unless the person says so: what arrives holds until the next, what was recorded is a curve. */
static enum column_style choose_style(const struct settings *s, const struct time_base *base)
{
  switch (s->style) {
  case STYLE_STEP:
    return COLUMN_STEP;
  case STYLE_LINE:
    return COLUMN_LINE;
  case STYLE_POINTS:
    return COLUMN_POINTS;
  case STYLE_AUTO:
    break;
  }
  return time_base_runs(base) ? COLUMN_STEP : COLUMN_LINE;
}

/* The width of the time axis in ticks; 0 stands for everything. */
static int64_t choose_span(const struct settings *s, const struct time_base *base)
{
  const int64_t samples = INT64_C(1000) * TIME_TICKS_PER_SAMPLE; /* a sweep has a width */
  if (base->kind == TIME_NUMBER && !s->window_given)
    return s->trigger.on ? samples : 0;
  if (s->window_all && !s->trigger.on)
    return 0;
  const double ticks = s->window_s * (double)time_base_unit(base);
  return ticks < 1 ? 1 : (int64_t)ticks;
}

/* A moment of the monotonic clock in nanoseconds since 1970. */
static int64_t unix_ns(int64_t moment_ns)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * CLOCK_SECOND_NS + now.tv_nsec - (clock_now_ns() - moment_ns);
}

void frame_init(struct frame *f, const struct settings *settings, struct intake *intake, const char *file,
                int64_t start_ns)
{
  const struct time_base *base = intake_time_base(intake);
  *f = (struct frame){.intake = intake,
                      .progress = {.fd = -1},
                      .given = settings->title,
                      .file = file,
                      .has_clock = time_base_runs(base),
                      .epoch = time_base_runs(base) ? -unix_ns(start_ns) : 0,
                      .style = choose_style(settings, base),
                      .stack = settings->stack};
  const struct view_config view = {.span = choose_span(settings, base),
                                   .least = time_base_unit(base),
                                   .low = settings->low,
                                   .high = settings->high,
                                   .scale = settings->log ? VALUE_LOG : VALUE_LINEAR,
                                   .autoscale = settings->autoscale,
                                   .trigger = settings->trigger};
  view_init(&f->view, &view);
  rate_init(&f->rate, start_ns);
  title_write(f->given, f->file, intake, f->title, sizeof f->title);
  f->scene = (struct scene){.clock = CLOCK_LOCAL,
                            .grid = true,
                            .legend = true,
                            .legend_cursor = -1,
                            .title = f->title,
                            .unit = settings->unit,
                            .rate = f->rate.text,
                            .rejected = f->rate.rejected,
                            .limits = {settings->limits_given, settings->limit_low, settings->limit_high}};
}

bool frame_open(struct frame *f, const struct settings *settings, double scale)
{
  if (f->screen && f->scale == scale)
    return true;
  screen_free(f->screen);
  f->screen = screen_new(settings->theme == THEME_LIGHT ? &theme_light : &theme_dark, scale * settings->scale);
  f->scale = scale;
  return f->screen != NULL;
}

bool frame_open_cells(struct frame *f, const struct settings *settings)
{
  if (!f->cells_screen)
    f->cells_screen = cells_screen_new(settings->theme == THEME_LIGHT ? &theme_light : &theme_dark);
  if (!f->cells_screen)
    message("out of memory");
  return f->cells_screen != NULL;
}

void frame_destroy(struct frame *f)
{
  screen_free(f->screen);
  cells_screen_free(f->cells_screen);
  f->screen = NULL;
  f->cells_screen = NULL;
  scene_columns_destroy(&f->columns);
}

void frame_clear(struct frame *f, int64_t now_ns)
{
  scene_clear(&f->scene, &f->columns); /* before the names in it go */
  intake_clear(f->intake);
  if (f->stack != STACK_NOTHING) /* the panes of other channels */
    view_set_panes(&f->view, 1, &(uint64_t){UINT64_MAX});
  cursors_hide(&f->view);
  view_clear(&f->view, intake_edge(f->intake));
  rate_init(&f->rate, now_ns);
  if (f->screen)
    screen_invalidate(f->screen);
}

/* Up to where there is something to be seen: of numbered samples that is the last one, not the place of the next. */
static int64_t shown_edge(const struct intake *intake)
{
  const struct time_base *base = intake_time_base(intake);
  const int64_t begin = intake_begin(intake);
  const int64_t edge = intake_edge(intake);
  if (base->kind != TIME_NUMBER || edge - begin < time_base_unit(base))
    return edge;
  return edge - time_base_unit(base) + 1;
}

/* The channel that the trigger's name means: a name, or the number of one. -1: it has not come. */
static int find_trigger_channel(const struct frame *f)
{
  const char *name = f->view.trigger.name;
  const int channels = (int)intake_channels(f->intake);
  int64_t number;
  for (int i = 0; i < channels; i++)
    if (strcmp(intake_channel_name(f->intake, (size_t)i), name) == 0)
      return i;
  return number_int64(name, 1, channels, &number) ? (int)number - 1 : -1;
}

/* True when another sweep is to be shown. */
static bool look_for_sweeps(struct frame *f)
{
  struct view *v = &f->view;
  const struct time_base *base = intake_time_base(f->intake);
  const struct sweeps_source source = {.history = intake_history(f->intake),
                                       .style = f->style,
                                       .edge = shown_edge(f->intake),
                                       .second = base->kind == TIME_NUMBER ? 0 : time_base_unit(base)};
  if (!v->trigger.on)
    return false;
  if (v->trigger.channel < 0 && v->trigger.name)
    v->trigger.channel = find_trigger_channel(f);
  return sweeps_look(v, &source);
}

void frame_look(struct frame *f)
{
  look_for_sweeps(f);
}

/* View and scene, for a plot of this size. */
static bool build(struct frame *f, const struct scene_source *source, const struct scene_size *size, bool numbers)
{
  view_resize(&f->view, size);
  look_for_sweeps(f);
  view_advance(&f->view, intake_begin(f->intake), shown_edge(f->intake));
  return scene_build(&f->scene, &f->columns, source, numbers);
}

/* Lets the panes' ranges follow what they show; true when one changed. */
static bool fit(struct frame *f, int64_t now_ns)
{
  bool changed = false;
  for (int i = 0; i < f->view.panes; i++) {
    double low;
    double high;
    if (!autoscale_waits(&f->view.pane[i].autoscale))
      continue;
    scene_extent(&f->scene, i, &low, &high);
    changed |= view_fit(&f->view, i, low, high, now_ns);
  }
  return changed;
}

static bool same_size(const struct scene_size *a, const struct scene_size *b, int panes)
{
  bool same = a->columns == b->columns;
  for (int i = 0; i < panes; i++)
    same = same && a->rows[i] == b->rows[i];
  return same;
}

static void hover(struct frame *f, const struct scene_source *source)
{
  const struct screen_spot spot = screen_pick(f->screen, f->pointer.x, f->pointer.y);
  f->scene.hover.on = false;
  if (f->pointer.on && spot.part == SCREEN_PLOT)
    hover_find(&f->scene, source, spot.pane, spot.column, spot.row, &f->scene.hover);
}

/* Where a frame goes: on pixels, or where there is no canvas on cells. */
struct target {
  const struct canvas *canvas;
  int columns, rows; /* cells */
};

static bool lay_out(struct frame *f, const struct target *to, struct scene_size *size)
{
  if (to->canvas)
    return screen_layout(f->screen, to->canvas->width, to->canvas->height, &f->scene, size);
  cells_screen_layout(f->cells_screen, to->columns, to->rows, &f->scene, size);
  return true;
}

/* The pane of a channel, where panes are for units: the first one whose channels have the same. */
static int pane_of_unit(const struct intake *intake, const uint64_t *channels, int panes, size_t channel)
{
  const char *unit = intake_channel_unit(intake, channel);
  for (int i = 0; i < panes; i++)
    if (strcmp(unit, intake_channel_unit(intake, (size_t)__builtin_ctzll(channels[i]))) == 0)
      return i;
  return panes;
}

/* Panes for the channels that there are. */
static void arrange_panes(struct frame *f)
{
  uint64_t channels[SCENE_PANES_MAX] = {0};
  int panes = 0;
  if (f->stack == STACK_NOTHING)
    return;
  for (size_t i = 0; i < intake_channels(f->intake); i++) {
    const int pane = f->stack == STACK_UNITS ? pane_of_unit(f->intake, channels, panes, i) : panes;
    channels[pane] |= UINT64_C(1) << i;
    panes += pane == panes;
  }
  if (panes > 0)
    view_set_panes(&f->view, panes, channels);
}

static void write_outside(struct frame *f)
{
  char count[FIGURE_TEXT_MAX];
  const uint64_t outside = intake_outside(f->intake);
  figure_count(outside, count);
  f->scene.outside[0] = '\0';
  if (outside)
    snprintf(f->scene.outside, sizeof f->scene.outside, "%s outside the limits", count);
}

/*
 * Times that the input states count from a moment that the reader finds out. It is what one wants to read at the axis, save
 * in sweeps; where it is too far from 1970 for the arithmetic of ticks, the axis counts from the start.
 */
static void take_clock(struct frame *f)
{
  int64_t zero_ns;
  const enum clock_kind kind = stream_clock(intake_stream(f->intake), &zero_ns);
  if (kind == CLOCK_NONE || zero_ns > TIME_MAX || zero_ns < -TIME_MAX)
    return;
  f->epoch = -zero_ns;
  f->scene.clock = kind;
  if (!f->has_clock && f->scene.time_labels == SCENE_TIME_SINCE_START && !f->view.trigger.on)
    f->scene.time_labels = SCENE_TIME_CLOCK;
  f->has_clock = true;
}

/* View and scene up to the moment, and everything laid out. */
static bool prepare(struct frame *f, const struct target *to, int64_t now_ns, bool numbers)
{
  const struct scene_source source = {.intake = f->intake, .view = &f->view, .style = f->style};
  struct stream_counts counts;
  struct scene_size size;
  struct scene_size again;
  if (intake_ended(f->intake))
    view_settle(&f->view);
  if (numbers) {
    stream_counts_since_clear(intake_stream(f->intake), &counts);
    f->rate.percent = progress_percent(&f->progress);
    write_outside(f);
    rate_update(&f->rate, &counts, intake_ended(f->intake), now_ns);
    title_write(f->given, f->file, f->intake, f->title, sizeof f->title);
  }
  take_clock(f);
  if (f->scene.time_labels == SCENE_TIME_CLOCK)
    f->scene.time_zero = f->epoch;
  arrange_panes(f);
  scene_outline(&f->scene, &source);
  if (!lay_out(f, to, &size) || !build(f, &source, &size, numbers))
    return false;
  const bool fitted = fit(f, now_ns);
  if (fitted && look_for_sweeps(f)) { /* the range that the trigger waited for */
    if (f->view.settled)
      view_set_sweeping(&f->view, true); /* the end was before it: it is held at a sweep all the same */
    if (!build(f, &source, &size, numbers))
      return false;
    fit(f, now_ns);
  }
  if (fitted)
    scene_outline(&f->scene, &source);
  /* New numbers or a new range may need more room beside the plot: then it is a little narrower, once. */
  if (!lay_out(f, to, &again) || (!same_size(&size, &again, f->view.panes) && !build(f, &source, &again, false)))
    return false;
  if (numbers || fitted)
    scene_mark_off_scale(&f->scene);
  if (to->canvas)
    hover(f, &source);
  return true;
}

bool frame_draw(struct frame *f, struct canvas *canvas, int64_t now_ns, bool numbers, struct damage *damage)
{
  const struct target to = {.canvas = canvas};
  return prepare(f, &to, now_ns, numbers) && screen_draw(f->screen, canvas, &f->scene, damage);
}

bool frame_draw_cells(struct frame *f, struct cells *cells, int64_t now_ns, bool numbers)
{
  const struct target to = {.columns = cells->columns, .rows = cells->rows};
  return prepare(f, &to, now_ns, numbers) && cells_screen_draw(f->cells_screen, cells, &f->scene);
}

struct svg *frame_draw_svg(struct frame *f, int width, int height, int64_t now_ns)
{
  struct damage damage = {.count = 0};
  struct canvas canvas = {.width = width, .height = height, .stride = width, .svg = svg_new(width, height)};
  if (!canvas.svg)
    return NULL;
  screen_invalidate(f->screen);
  const bool ok = frame_draw(f, &canvas, now_ns, true, &damage);
  screen_invalidate(f->screen);
  if (ok)
    return canvas.svg;
  svg_free(canvas.svg);
  return NULL;
}
