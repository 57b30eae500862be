#include "scope/loop.h"

#include <poll.h>
#include <time.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "scope/batch.h"
#include "scope/controls.h"
#include "scope/keep.h"
#include "scope/note.h"
#include "scope/presenter.h"
#include "scope/save.h"
#include "scope/show/display.h"
#include "scope/watch.h"

/* Taking in at one go; events and signals are looked at in between. */
static const int64_t SLICE_NS = INT64_C(3) * CLOCK_MS_NS;
/* A key is seen within that, at any refresh. */
static const int64_t ANSWER_NS = INT64_C(10) * CLOCK_MS_NS;
/* The legend's numbers change ten times a second: faster cannot be read. */
static const int64_t NUMBERS_NS = INT64_C(100) * CLOCK_MS_NS;
/* How often a paused view looks whether its counts have changed. */
static const int64_t LOOK_NS = INT64_C(250) * CLOCK_MS_NS;
/* How often events are looked for where the display has no descriptor. */
static const int64_t BLIND_NS = INT64_C(20) * CLOCK_MS_NS;
/* Within that a second Del clears; the question stays as long. */
static const int64_t AGAIN_NS = INT64_C(2000) * CLOCK_MS_NS;

struct loop {
  const struct loop_config *config;
  struct frame *frame;
  struct display *display; /* the config's */
  struct controls controls;
  struct save_export export;
  struct presenter presenter;
  struct pace pace;
  struct note note;
  int64_t clear_until_ns; /* Del was pressed: until then another one clears */
  int64_t numbers_ns;     /* when the legend's numbers are due */
  uint64_t lines;         /* read when their number was last shown */
  int64_t answer_ns;      /* dirty: when that is to be seen */
  struct keep keep;
  bool hidden, quit;
  bool dirty; /* something was changed by other things than samples */
};

/* Something changed: it is to be seen at the next moment of a grid that is never slower than ANSWER_NS. */
static void change(struct loop *l)
{
  if (l->dirty)
    return;
  l->dirty = true;
  struct pace answer;
  pace_init(&answer, l->pace.start_ns, l->pace.period_ns < ANSWER_NS ? l->pace.period_ns : ANSWER_NS);
  pace_resume(&answer, clock_now_ns());
  l->answer_ns = answer.due_ns;
}

static void say_for(struct loop *l, const char *text, int64_t duration_ns)
{
  note_say_for(&l->note, text, clock_now_ns(), duration_ns);
  change(l);
}

static void say(struct loop *l, const char *text)
{
  note_say(&l->note, text, clock_now_ns());
  change(l);
}

/* ---- What the person does ---- */

static void toggle_fullscreen(struct loop *l)
{
  watch_display_begin();
  display_toggle_fullscreen(l->display);
  watch_display_end();
}

/* Clears when it is asked for again. */
static void serve_clear(struct loop *l)
{
  const int64_t now_ns = clock_now_ns();
  const bool ended = intake_ended(l->frame->intake);
  if (now_ns >= l->clear_until_ns) {
    l->clear_until_ns = now_ns + AGAIN_NS;
    say_for(l, ended ? "Del again clears all; no more will come" : "Del again clears all that came", AGAIN_NS);
    return;
  }
  l->clear_until_ns = 0;
  save_export_drop(&l->export); /* what it reads goes */
  controls_clear(&l->controls);
  frame_clear(l->frame, now_ns);
  say_for(l, "cleared", AGAIN_NS / 2);
}

static void fulfil(struct loop *l, enum wish wish)
{
  char text[SCENE_TEXT_MAX];
  switch (wish) {
  case WISH_QUIT:
    l->quit = true;
    break;
  case WISH_CLOSE:
    if (display_is_fullscreen(l->display))
      toggle_fullscreen(l);
    else
      l->quit = true;
    break;
  case WISH_FULL_SCREEN:
    toggle_fullscreen(l);
    break;
  case WISH_SAVE_PNG:
    l->keep.picture = true;
    break;
  case WISH_SAVE_SVG:
    l->keep.vectors = true;
    break;
  case WISH_COPY:
    l->keep.copy = true;
    break;
  case WISH_EXPORT:
    save_export_begin(&l->export, l->frame->intake, &l->frame->view, text, sizeof text);
    say(l, text);
    break;
  case WISH_CLEAR:
    serve_clear(l);
    break;
  case WISH_NOTHING:
    break;
  }
}

static void serve_event(struct loop *l, const struct show_event *event)
{
  bool changed = false;
  const char *said = NULL;
  switch (event->kind) {
  case SHOW_CLOSE:
    l->quit = true;
    break;
  case SHOW_HIDDEN:
    l->hidden = true;
    break;
  case SHOW_EXPOSED:
    l->hidden = false;
    presenter_expose(&l->presenter);
    change(l);
    break;
  case SHOW_KEY:
  case SHOW_PRESS:
  case SHOW_RELEASE:
  case SHOW_MOVE:
  case SHOW_LEAVE:
  case SHOW_WHEEL:
  case SHOW_PINCH:
    fulfil(l, controls_serve(&l->controls, event, &changed, &said));
    break;
  }
  if (changed)
    change(l);
  if (said)
    say(l, said);
}

/* All that has happened at the display. */
static void serve_display(struct loop *l)
{
  struct show_event event;
  for (;;) {
    watch_display_begin();
    const bool came = display_next_event(l->display, &event);
    watch_display_end();
    if (!came)
      return;
    serve_event(l, &event); /* touches what the watch takes over: not inside the display */
  }
}

/* ---- Frames ---- */

/* The display shows fewer frames than there are: fewer are more. */
static void slow_down(struct loop *l, int64_t now_ns)
{
  if (l->pace.period_ns >= CLOCK_SECOND_NS)
    return;
  pace_change(&l->pace, now_ns, l->pace.period_ns * 2);
  message("the display is far away: drawing %.3g frames a second from now on", 1e9 / (double)l->pace.period_ns);
}

/* One frame. False when it cannot be drawn. */
static bool draw(struct loop *l, int64_t now_ns)
{
  struct stream_counts counts;
  struct presented shown;
  char text[SCENE_TEXT_MAX];
  const bool numbers = now_ns >= l->numbers_ns || l->dirty;
  if (numbers) {
    stream_counts(l->config->stream, &counts);
    l->lines = counts.lines;
    if (note_take_hint(&l->note, l->config->stream, now_ns))
      change(l);
    l->numbers_ns = now_ns + NUMBERS_NS;
  }
  l->frame->scene.note = note_choose(&l->note, &l->config->nothing, l->frame->intake, now_ns);
  l->dirty = false;
  if (!presenter_show(&l->presenter, numbers, now_ns, &shown))
    return false;
  if (presenter_lags(&l->presenter, &shown, l->pace.period_ns))
    slow_down(l, shown.end_ns);
  timing_frame(l->config->timing, shown.end_ns, shown.changed);
  while (keep_next(&l->keep, l->frame, l->config->settings, l->display, &shown.on, now_ns, text, sizeof text))
    say(l, text);
  return true;
}

/* What is shown may still change by what comes in: not where it is frozen, or there is no more. */
static bool lives(const struct loop *l)
{
  return !l->hidden && !l->frame->view.frozen && !intake_ended(l->frame->intake);
}

/* The plot runs on by itself: now is in view. */
static bool moves(const struct loop *l)
{
  const struct view *view = &l->frame->view;
  return lives(l) && (view->state != VIEW_HELD || time_axis_end(&view->time) > view->edge);
}

/* Lines were read since their number was last shown. */
static bool counts_changed(const struct loop *l)
{
  struct stream_counts counts;
  stream_counts(l->config->stream, &counts);
  return counts.lines != l->lines;
}

/* When the next frame is due; INT64_MAX: none is, unless something happens. */
static int64_t next_frame_ns(const struct loop *l, int64_t now_ns)
{
  if (l->hidden || !display_ready(l->display, now_ns))
    return INT64_MAX;
  int64_t due_ns = moves(l) ? l->pace.due_ns : INT64_MAX;
  if (l->dirty && l->answer_ns < due_ns)
    due_ns = l->answer_ns;
  if (l->frame->scene.note == l->note.text && l->note.until_ns < due_ns)
    due_ns = l->note.until_ns;
  if (lives(l) && !moves(l) && l->numbers_ns < due_ns)
    due_ns = l->numbers_ns; /* how far behind it is */
  if (due_ns == INT64_MAX && !intake_ended(l->frame->intake) && now_ns >= l->numbers_ns && counts_changed(l))
    due_ns = now_ns;
  return due_ns;
}

/* Draws if a frame is due. False when the window cannot be drawn. */
static bool draw_when_due(struct loop *l)
{
  const int64_t now_ns = clock_now_ns();
  if (!moves(l)) {
    timing_rest(l->config->timing);
    pace_resume(&l->pace, now_ns);
  }
  if (now_ns < next_frame_ns(l, now_ns))
    return true;
  const bool paced = moves(l) && now_ns >= l->pace.due_ns;
  const bool ok = draw(l, now_ns);
  if (paced)
    l->config->timing->late += pace_advance(&l->pace, clock_now_ns());
  return ok;
}

/* ---- Waiting ---- */

/* The one wait: until a signal, an event, a ring that fills, or the next frame. more: the ring has not been emptied. */
static void wait_for_anything(struct loop *l, bool more)
{
  struct stream *stream = l->config->stream;
  const bool ended = intake_ended(l->frame->intake);
  const int display_fd = display_connection(l->display);
  const int64_t now_ns = clock_now_ns();
  int64_t until_ns = next_frame_ns(l, now_ns);
  if (!ended && !moves(l) && now_ns + LOOK_NS < until_ns)
    until_ns = now_ns + LOOK_NS;
  if (display_fd < 0 && now_ns + BLIND_NS < until_ns)
    until_ns = now_ns + BLIND_NS;
  if (more || (!ended && !stream_prepare_wait(stream, STREAM_WAKE_FILLING)))
    until_ns = now_ns;

  const int64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
  const struct timespec timeout = {.tv_sec = (time_t)(left_ns / CLOCK_SECOND_NS),
                                   .tv_nsec = (long)(left_ns % CLOCK_SECOND_NS)};
  struct pollfd wait[] = {{.fd = l->config->signal_fd, .events = POLLIN},
                          {.fd = display_fd, .events = POLLIN},
                          {.fd = ended ? -1 : stream_data_fd(stream), .events = POLLIN}};
  ppoll(wait, sizeof wait / sizeof *wait, until_ns == INT64_MAX ? NULL : &timeout, NULL);
  if (!ended)
    stream_finish_wait(stream);
}

/* Takes what has come in; false when there is more. */
static bool take(struct loop *l)
{
  struct intake *intake = l->frame->intake;
  const bool ended = intake_ended(intake);
  const int64_t now_ns = clock_now_ns();
  int64_t until_ns = now_ns + SLICE_NS;
  /* Where the display is not ready the frame stays due, and would end each taking in after a block. */
  if (moves(l) && display_ready(l->display, now_ns) && l->pace.due_ns < until_ns)
    until_ns = l->pace.due_ns;
  const bool all = intake_take(intake, until_ns);
  intake_advance(intake, clock_now_ns());
  frame_look(l->frame); /* sweeps count whether they are drawn or not */
  l->config->timing->triggered = l->frame->view.trigger.on;
  l->config->timing->sweeps = l->frame->view.trigger.sweeps;
  if (intake_ended(intake) && !ended)
    change(l);
  return all;
}

/* Writes on at what is exported; true when there is more. */
static bool write_export(struct loop *l)
{
  char text[SCENE_TEXT_MAX];
  if (save_export_ends(&l->export, clock_now_ns() + SLICE_NS, text, sizeof text))
    say(l, text);
  return l->export.export != NULL;
}

/* ---- The whole ---- */

static bool open_display(struct loop *l)
{
  watch_display_begin();
  const bool open = display_open(l->display);
  const double scale = open ? display_scale(l->display) : 1;
  watch_display_end();
  return open && frame_open(l->frame, l->config->settings, scale); /* the mouse may come before the first frame */
}

/* Nanoseconds from one frame to the next. */
static int64_t choose_period(const struct loop_config *config)
{
  const double most_hz = display_most_hz(config->display);
  const double hz = config->settings->refresh_hz;
  return (int64_t)(CLOCK_SECOND_NS / (most_hz > 0 && most_hz < hz ? most_hz : hz));
}

bool loop_run(const struct loop_config *config, void (*finish)(void))
{
  struct loop l = {.config = config, .frame = config->frame, .display = config->display};
  controls_init(&l.controls, config->frame);
  presenter_init(&l.presenter, config->frame, config->settings, config->display);
  bool ok = open_display(&l);
  pace_init(&l.pace, clock_now_ns(), choose_period(config));
  if (ok)
    change(&l);
  while (ok && !l.quit && !signals_came(config->signal_fd)) {
    const bool all = take(&l);
    const bool more = write_export(&l);
    if (config->settings->summary)
      progress_say(&l.frame->progress, clock_now_ns());
    ok = draw_when_due(&l);
    if (intake_ended(l.frame->intake) && config->settings->exit_at_end)
      break;
    serve_display(&l); /* last before the wait: Xlib may have read events that its descriptor no longer shows */
    if (ok && !l.quit)
      wait_for_anything(&l, !all || more);
  }
  save_export_drop(&l.export);
  progress_end(&l.frame->progress);
  if (ok && l.quit && config->settings->tee && !intake_ended(l.frame->intake)) {
    watch_display_begin();
    display_close(l.display);
    watch_display_end();
    batch_read(l.frame, config->stream, config->signal_fd);
  }
  watch_ending();
  finish();
  watch_display_begin();
  display_free(l.display);
  watch_display_end();
  return ok;
}
