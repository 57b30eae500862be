#include "scope/live.h"

#include <SDL.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "scope/draw.h"
#include "scope/paint/picture.h"
#include "scope/paint/screen.h"
#include "scope/show/window.h"

enum {
  DRAIN_BUDGET_NS = 3000000, /* a tick's time for taking samples; what is left is back-pressure */
  NUMBERS_NS = 100000000,    /* the legend's numbers change ten times a second: faster cannot be read */
  ENOUGH_LINES = 5,          /* with nothing that --only names, before that is said */
  NOTE_MS = 2500,            /* how long a note such as "saved ..." stays */
  REST_MS = 20,              /* the sleep where nothing moves: events and signals are looked at in between */
  SLOW_PRESENTS = 50,        /* slow presents in a row over a network before the refresh is lowered */
};

struct live {
  const struct settings *settings;
  struct session *session;
  struct window *window;
  struct screen *screen;
  struct scene scene;
  struct timing *timing;
  const char *waiting_note;
  char note[SCREEN_TEXT_MAX];
  int64_t note_until_ns;
  int64_t period_ns;
  int64_t numbers_ns; /* when the legend's numbers are due */
  int slow_presents;
  bool hidden, dirty, exposed, quit, save;
};

static void say(struct live *l, const char *text)
{
  snprintf(l->note, sizeof l->note, "%s", text);
  l->note_until_ns = clock_now_ns() + (int64_t)NOTE_MS * CLOCK_MS_NS;
  l->dirty = true;
}

/* The picture as it is on the canvas, under a name of the moment. */
static void save_picture(struct live *l, const struct canvas *canvas)
{
  char name[64];
  time_t now = time(NULL);
  struct tm local;
  localtime_r(&now, &local);
  strftime(name, sizeof name, "scope-%Y%m%d-%H%M%S.png", &local);
  FILE *file = fopen(name, "wbx");
  if (!file && errno == EEXIST)
    file = fopen(name, "wb"); /* the second one within a second replaces the first */
  int error = file ? picture_write(canvas, file) : errno;
  char text[SCREEN_TEXT_MAX];
  if (error)
    snprintf(text, sizeof text, "cannot save %s: %s", name, strerror(error));
  else
    snprintf(text, sizeof text, "saved %s", name);
  if (error)
    message("%s", text);
  say(l, text);
}

/* Esc closes what is open, the window last. */
static void escape(struct live *l)
{
  if (l->scene.help)
    l->scene.help = false;
  else if (window_is_fullscreen(l->window))
    window_toggle_fullscreen(l->window);
  else
    l->quit = true;
}

static void key(struct live *l, const SDL_KeyboardEvent *event)
{
  struct view *v = session_view(l->session);
  SDL_Keycode sym = event->keysym.sym;
  if (event->keysym.mod & (KMOD_CTRL | KMOD_ALT | KMOD_GUI))
    return;
  l->dirty = true;
  if (sym >= SDLK_1 && sym <= SDLK_9) {
    session_toggle_channel(l->session, sym - SDLK_1);
    return;
  }
  switch (sym) {
  case SDLK_q:
    l->quit = true;
    break;
  case SDLK_ESCAPE:
    escape(l);
    break;
  case SDLK_SPACE:
    view_pause(v, !v->paused);
    break;
  case SDLK_HOME:
    view_pause(v, false);
    break;
  case SDLK_a:
    v->autoscale = !v->autoscale;
    v->fitted = false;
    say(l, v->autoscale ? "autoscale on" : "autoscale off");
    break;
  case SDLK_g:
    l->scene.grid = !l->scene.grid;
    break;
  case SDLK_l:
    l->scene.legend = !l->scene.legend;
    break;
  case SDLK_s:
    l->save = true;
    break;
  case SDLK_F11:
    window_toggle_fullscreen(l->window);
    break;
  case SDLK_h:
  case SDLK_F1:
  case SDLK_QUESTION:
  case SDLK_SLASH:
    l->scene.help = !l->scene.help;
    break;
  default:
    break;
  }
}

static void window_event(struct live *l, const SDL_WindowEvent *event)
{
  switch (event->event) {
  case SDL_WINDOWEVENT_CLOSE:
    l->quit = true;
    break;
  case SDL_WINDOWEVENT_HIDDEN:
  case SDL_WINDOWEVENT_MINIMIZED:
    l->hidden = true;
    break;
  case SDL_WINDOWEVENT_SHOWN:
  case SDL_WINDOWEVENT_RESTORED:
  case SDL_WINDOWEVENT_EXPOSED:
  case SDL_WINDOWEVENT_SIZE_CHANGED:
    l->hidden = false;
    l->exposed = true;
    break;
  default:
    break;
  }
}

static void take_events(struct live *l)
{
  SDL_Event event;
  while (SDL_PollEvent(&event)) {
    if (event.type == SDL_QUIT)
      l->quit = true;
    else if (event.type == SDL_KEYDOWN && !event.key.repeat)
      key(l, &event.key);
    else if (event.type == SDL_WINDOWEVENT)
      window_event(l, &event.window);
  }
}

/* Why the plot is empty: lines may come and have none of what --only names. */
static const char *nothing_yet(struct live *l)
{
  struct stream_counts counts;
  stream_counts(session_stream(l->session), &counts);
  if (!l->settings->only || counts.lines < ENOUGH_LINES)
    return l->waiting_note;
  snprintf(l->note, sizeof l->note, "no line so far has any of: %s", l->settings->only);
  return l->note;
}

/* What is written over the plot, if anything. */
static void choose_note(struct live *l, int64_t now_ns)
{
  const char *before = l->scene.note;
  l->scene.note = NULL;
  if (now_ns < l->note_until_ns)
    l->scene.note = l->note;
  else if (session_channels(l->session) == 0)
    l->scene.note = session_ended(l->session) ? "the input had no numbers" : nothing_yet(l);
  if ((before == NULL) != (l->scene.note == NULL))
    l->dirty = true;
}

/* Over a network each frame waits for the other side: then fewer frames are more. */
static void watch_present(struct live *l, int64_t took_ns)
{
  if (!window_is_remote())
    return;
  l->slow_presents = took_ns > l->period_ns / 2 ? l->slow_presents + 1 : 0;
  if (l->slow_presents < SLOW_PRESENTS || l->period_ns >= CLOCK_SECOND_NS)
    return;
  l->slow_presents = 0;
  l->period_ns *= 2;
  message("the display is far away: drawing %.3g frames a second from now on", 1e9 / (double)l->period_ns);
}

/* One frame. False when the window cannot be drawn. */
static bool draw_frame(struct live *l, int64_t now_ns)
{
  struct canvas canvas;
  bool fresh;
  if (!window_canvas(l->window, &canvas, &fresh))
    return false;
  if (fresh)
    screen_invalidate(l->screen);
  struct damage damage = {.count = 0};
  bool numbers = now_ns >= l->numbers_ns || l->dirty;
  if (numbers)
    l->numbers_ns = now_ns + NUMBERS_NS;
  choose_note(l, now_ns);
  l->dirty = false;
  if (!draw_session(l->session, l->screen, &canvas, now_ns, numbers, &l->scene, &damage)) {
    message("out of memory");
    return false;
  }
  if (l->exposed)
    damage = (struct damage){.count = 1, .rect = {{0, 0, canvas.width, canvas.height}}};
  l->exposed = false;
  int64_t before = clock_now_ns();
  window_present(l->window, &damage);
  int64_t after = clock_now_ns();
  watch_present(l, after - before);
  timing_frame(l->timing, after, damage.count > 0);
  if (l->save) {
    l->save = false;
    save_picture(l, &canvas);
  }
  return true;
}

/* Nothing moves: the view is paused or the input has ended, and what there is is drawn. */
static bool at_rest(const struct live *l)
{
  return l->hidden || session_view(l->session)->paused || session_ended(l->session);
}

static bool open_all(struct live *l)
{
  const struct settings *settings = l->settings;
  char title[128];
  snprintf(title, sizeof title, "%s%sscope", settings->title ? settings->title : "",
           settings->title ? " \xE2\x80\x93 " : "");
  const struct window_config config = {.title = title,
                                       .width = settings->width,
                                       .height = settings->height,
                                       .size_given = settings->size_given,
                                       .position_given = settings->position_given,
                                       .x = settings->x,
                                       .y = settings->y};
  l->window = window_new(&config);
  if (l->window)
    l->screen = screen_new(settings->theme == THEME_LIGHT ? &theme_light : &theme_dark, window_scale(l->window));
  return l->screen != NULL;
}

bool live_run(const struct settings *settings, struct session *session, int signal_fd, const char *waiting_note,
              struct timing *timing)
{
  struct live l = {.settings = settings,
                   .session = session,
                   .timing = timing,
                   .waiting_note = waiting_note,
                   .scene = {.grid = true, .legend = true},
                   .period_ns = (int64_t)(CLOCK_SECOND_NS / settings->refresh_hz)};
  const int64_t budget_ns = l.period_ns / 2 < DRAIN_BUDGET_NS ? l.period_ns / 2 : DRAIN_BUDGET_NS;
  bool ok = open_all(&l);
  int64_t deadline = clock_now_ns();
  while (ok && !l.quit) {
    take_events(&l);
    if (signals_came(signal_fd))
      break;
    bool drained = session_drain(session, clock_now_ns() + budget_ns);
    int64_t now = clock_now_ns();
    bool ended_before = session_ended(session);
    session_notice_end(session, now);
    if (session_ended(session) != ended_before)
      l.dirty = true; /* the end is to be shown */
    bool note_gone = l.scene.note == l.note && now >= l.note_until_ns;
    bool numbers_due = !session_ended(session) && now >= l.numbers_ns; /* a paused view still counts what comes in */
    if (!l.hidden && (!at_rest(&l) || l.dirty || l.exposed || l.save || note_gone || numbers_due))
      ok = draw_frame(&l, now);
    if (session_ended(session) && settings->exit_at_end)
      break;

    bool idle = at_rest(&l) && (!l.dirty || l.hidden) && drained && !session_took(session);
    if (idle) {
      /*
       * Not SDL_WaitEventTimeout: while it waits, SDL sends itself an X event for each key, through a connection of its
       * own, and when the key was `q` that comes after the window has gone: "X Error of failed request: BadWindow".
       */
      timing_rest(timing);
      SDL_Delay(REST_MS);
      deadline = clock_now_ns();
      continue;
    }
    deadline += l.period_ns;
    now = clock_now_ns();
    if (now > deadline) { /* too late for this tick: it is skipped, never caught up in a burst */
      int64_t missed = (now - deadline) / l.period_ns + 1;
      timing->late += (uint64_t)missed;
      deadline += missed * l.period_ns;
    }
    clock_wait_until_ns(deadline);
  }
  screen_free(l.screen);
  window_free(l.window);
  return ok;
}
