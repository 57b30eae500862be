#include "scope/show/window.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "scope/paint/theme.h"
#include "scope/show/collect.h"
#include "scope/show/sdl_event.h"
#include "scope/show/wayland.h"
#include "scope/show/x11.h"
#include "scope/show/x11_image.h"

enum { ICON = 64, LEAST = 64 /* pixels that a window is wide and high */ };

struct window {
  SDL_Keymod held;          /* modifiers that are down */
  int pointer_x, pointer_y; /* in pixels of the picture, as was told last */
  SDL_Window *handle;
  SDL_Surface *surface;    /* SDL's; gone after a resize; NULL where SDL has none */
  struct wayland *wayland; /* a Wayland window's way to the screen */
  struct x11_image *image; /* that of an X11 window with ten bits a colour */
  uint32_t *own; /* painted on and copied, where there is no surface or it has another pixel format; or NULL */
  int own_width, own_height;
  double x11_scale;
  int connection; /* the display's descriptor, or -1; Xlib's or libwayland's */
};

/* A rounded dark square with a bright wave: what the desktop shows for us. */
static void set_icon(SDL_Window *handle)
{
  SDL_Surface *icon = SDL_CreateRGBSurfaceWithFormat(0, ICON, ICON, 32, SDL_PIXELFORMAT_ARGB8888);
  if (!icon)
    return;
  const double radius = 12;
  for (int y = 0; y < ICON; y++)
    for (int x = 0; x < ICON; x++) {
      double dx = fmax(fabs(x + 0.5 - ICON / 2.0) - (ICON / 2.0 - radius), 0);
      double dy = fmax(fabs(y + 0.5 - ICON / 2.0) - (ICON / 2.0 - radius), 0);
      double inside = fmin(fmax(radius - hypot(dx, dy) + 0.5, 0), 1);
      double wave = ICON / 2.0 - 17 * sin((x - 6) * 2 * 3.14159265358979 / 52);
      double steep = 17 * 2 * 3.14159265358979 / 52 * cos((x - 6) * 2 * 3.14159265358979 / 52);
      double distance = fabs(y + 0.5 - wave) / sqrt(1 + steep * steep);
      double line = x > 6 && x < ICON - 6 ? fmin(fmax(3.2 - distance, 0), 1) : 0;
      uint32_t pixel = colour_mix(theme_dark.plot, theme_dark.channel[0], (int)(line * 255)) | (uint32_t)(inside * 255)
                                                                                                   << 24;
      memcpy((char *)icon->pixels + (long)y * icon->pitch + 4L * x, &pixel, sizeof pixel);
    }
  SDL_SetWindowIcon(handle, icon);
  SDL_FreeSurface(icon);
}

/* Room for the frame that a window manager puts around, with the title bar, in pixels of a 96 dpi display. */
static const int FRAME_WIDTH = 16;
static const int FRAME_HEIGHT = 48;

static double pixels_each(SDL_Window *handle)
{
  int width = 0;
  int height = 0;
  int pixels = 0;
  SDL_GetWindowSize(handle, &width, &height);
  SDL_GetWindowSizeInPixels(handle, &pixels, &height);
  return width > 0 && pixels > 0 ? (double)pixels / width : 1;
}

double window_scale(const struct window *w)
{
  return w->wayland ? pixels_each(w->handle) : w->x11_scale;
}

/*
 * The size that is asked for is in pixels. One that nobody asked for grows with the display's scale. None is larger than
 * what the desktop leaves for windows and their frames: a title bar out of reach could not be moved back.
 */
static void choose_size(struct window *w, const struct window_config *config)
{
  const double each = pixels_each(w->handle); /* Wayland counts windows in units of several pixels */
  const double scale = config->size_given ? 1 : window_scale(w);
  double width = config->width * scale / each;
  double height = config->height * scale / each;
  SDL_Rect room;
  if (SDL_GetDisplayUsableBounds(SDL_GetWindowDisplayIndex(w->handle), &room) == 0) {
    if (w->wayland || x11_is_managed(w->handle)) {
      const double frame = w->wayland ? 1 : w->x11_scale;
      room.w -= (int)(FRAME_WIDTH * frame);
      room.h -= (int)(FRAME_HEIGHT * frame);
    }
    width = fmin(width, room.w);
    height = fmin(height, room.h);
  }
  SDL_SetWindowSize(w->handle, (int)fmax(width, LEAST), (int)fmax(height, LEAST));
}

/* Sets up SDL's video. Without a display it would choose an invisible one: it is told which ones to try. */
static bool open_video(bool *decorates, struct collect *collect)
{
  const char *no_wayland = getenv("WAYLAND_DISPLAY") ? wayland_look(decorates) : NULL;
  const bool wayland = getenv("WAYLAND_DISPLAY") && !no_wayland;
  const char *x11 = getenv("DISPLAY");
  const bool any_x11 = x11 && x11[0];
  setenv("SDL_VIDEO_X11_WMCLASS", "scope", 0);
  setenv("SDL_VIDEO_WAYLAND_WMCLASS", "scope", 0);
  /* SDL asks for the session's bus, and libdbus starts a daemon where there is none: that would outlive us. */
  setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:", 0);
  SDL_SetHint(SDL_HINT_APP_NAME, "scope");
  SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); /* shared memory, not textures: 4.6 % CPU instead of 76 % */
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");       /* signals come through a descriptor, see loop.c */
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  SDL_SetHint(SDL_HINT_VIDEODRIVER, !wayland ? "x11" : any_x11 ? "wayland,x11" : "wayland");
  if (wayland && !*decorates) /* libdecor draws the title bar then, and without its plug-ins says so twice */
    collect_begin(collect);
  if ((wayland || any_x11) && SDL_Init(SDL_INIT_VIDEO) == 0)
    return true;
  const char *why = wayland ? SDL_GetError() : no_wayland;
  if (any_x11)
    message("cannot open a display: no X server answers at DISPLAY '%s'%s%s; --png FILE draws without one", x11,
            why ? ", " : "", why ? why : "");
  else
    message("cannot open a display: %s; --png FILE draws without one",
            why ? why : "neither DISPLAY nor WAYLAND_DISPLAY is set");
  return false;
}

/* The way to the screen, as soon as there is a window: false after a message. */
static bool choose_way(struct window *w)
{
  SDL_SysWMinfo info;
  SDL_VERSION(&info.version);
  if (SDL_GetWindowWMInfo(w->handle, &info) && info.subsystem == SDL_SYSWM_WAYLAND) {
    w->wayland = wayland_new(w->handle);
    return w->wayland != NULL;
  }
  w->image = x11_image_new(w->handle);
  return true;
}

static struct window *open_window(const struct window_config *config)
{
  struct window *w = calloc(1, sizeof *w);
  int x = config->position_given ? config->x : (int)SDL_WINDOWPOS_UNDEFINED;
  int y = config->position_given ? config->y : (int)SDL_WINDOWPOS_UNDEFINED;
  if (w)
    w->handle = SDL_CreateWindow("scope", x, y, config->width, config->height,
                                 SDL_WINDOW_HIDDEN | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
  if (!w || !w->handle)
    message("cannot open a window: %s; --png FILE draws without one", w ? SDL_GetError() : "out of memory");
  if (!w || !w->handle || !choose_way(w)) {
    window_free(w);
    return NULL;
  }
  SDL_SetWindowMinimumSize(w->handle, LEAST, LEAST);
  SDL_StopTextInput(); /* keys are commands here: no input method needs to look at them */
  set_icon(w->handle);
  w->x11_scale = x11_scale(w->handle);
  choose_size(w, config);
  if (!config->position_given)
    x11_leave_place_open(w->handle);
  w->connection = w->wayland ? wayland_connection(w->wayland) : x11_connection(w->handle);
  x11_title(w->handle, config->title);
  x11_show(w->handle);
  return w;
}

struct window *window_new(const struct window_config *config)
{
  struct collect collect = {.memory = -1};
  struct window *w = NULL;
  bool decorates = true;
  const bool open = open_video(&decorates, &collect);
  if (open)
    w = open_window(config);
  collect_end(&collect, !w);
  return w;
}

void window_free(struct window *w)
{
  if (w) {
    wayland_free(w->wayland);
    x11_image_free(w->image);
  }
  if (w && w->handle)
    SDL_DestroyWindow(w->handle);
  if (w)
    free(w->own);
  free(w);
  SDL_Quit();
}

int window_connection(const struct window *w)
{
  return w->connection;
}

static bool next_of_sdl(struct window *w, struct show_event *event)
{
  SDL_Event from;
  while (SDL_PollEvent(&from)) /* SDL's queue is one for all windows, and there is one window */
    if (sdl_event_translate(&from, pixels_each(w->handle), &w->held, event))
      return true;
  return false;
}

/* A pinch is where the pointer is: no place comes with it. */
static bool next_of_wayland(struct window *w, struct show_event *event)
{
  if (wayland_serve(w->wayland)) {
    *event = (struct show_event){.kind = SHOW_EXPOSED};
    return true;
  }
  if (!wayland_next_pinch(w->wayland, event))
    return false;
  event->x = w->pointer_x;
  event->y = w->pointer_y;
  return true;
}

bool window_next_event(struct window *w, struct show_event *event)
{
  if (!next_of_sdl(w, event))
    return w->wayland && next_of_wayland(w, event);
  if (event->kind == SHOW_MOVE) {
    w->pointer_x = event->x;
    w->pointer_y = event->y;
  }
  return true;
}

bool window_ready(const struct window *w, int64_t now_ns)
{
  return !w->wayland || wayland_ready(w->wayland, now_ns);
}

/* Memory of our own, as large as the window. */
static bool own_canvas(struct window *w, int width, int height, struct canvas *canvas, bool *fresh)
{
  if (w->own_width != width || w->own_height != height || !w->own) {
    free(w->own);
    w->own = calloc((size_t)width * (size_t)height, sizeof *w->own);
    w->own_width = width;
    w->own_height = height;
    *fresh = true;
  }
  if (!w->own) {
    message("cannot draw into the window: out of memory");
    return false;
  }
  *canvas = (struct canvas){.pixel = w->own, .width = width, .height = height, .stride = width};
  return true;
}

bool window_canvas(struct window *w, struct canvas *canvas, bool *fresh)
{
  *fresh = false;
  if (w->wayland || w->image) {
    int width = 0;
    int height = 0;
    SDL_GetWindowSizeInPixels(w->handle, &width, &height);
    return own_canvas(w, width, height, canvas, fresh);
  }
  SDL_Surface *surface = SDL_GetWindowSurface(w->handle);
  if (!surface) {
    message("cannot draw into the window: %s; --png FILE draws without one", SDL_GetError());
    return false;
  }
  *fresh = surface->userdata != w; /* a mark of ours: by its address a new surface can be the old one */
  surface->userdata = w;
  w->surface = surface;
  Uint32 format = surface->format->format;
  if (format == SDL_PIXELFORMAT_RGB888 || format == SDL_PIXELFORMAT_ARGB8888) {
    *canvas = (struct canvas){
        .pixel = surface->pixels, .width = surface->w, .height = surface->h, .stride = surface->pitch / 4};
    return true;
  }
  return own_canvas(w, surface->w, surface->h, canvas, fresh);
}

/* Shows rectangles of the surface, of which those of our own memory are copied first. */
static void present_surface(struct window *w, const struct damage *damage)
{
  SDL_Rect rect[DAMAGE_MAX];
  for (int i = 0; i < damage->count; i++)
    rect[i] = (SDL_Rect){damage->rect[i].x, damage->rect[i].y, damage->rect[i].w, damage->rect[i].h};
  if (w->own) {
    SDL_Surface *copy = SDL_CreateRGBSurfaceWithFormatFrom(w->own, w->own_width, w->own_height, 32, w->own_width * 4,
                                                           SDL_PIXELFORMAT_RGB888);
    for (int i = 0; copy && i < damage->count; i++) {
      SDL_Rect to = rect[i];
      SDL_BlitSurface(copy, &rect[i], w->surface, &to);
    }
    SDL_FreeSurface(copy);
  }
  if (damage->count > 0)
    SDL_UpdateWindowSurfaceRects(w->handle, rect, damage->count);
}

void window_present(struct window *w, const struct damage *damage)
{
  const struct canvas own = {.pixel = w->own, .width = w->own_width, .height = w->own_height, .stride = w->own_width};
  const struct rect whole = w->surface ? (struct rect){0, 0, w->surface->w, w->surface->h} : canvas_rect(&own);
  struct damage inside = {.count = 0};
  for (int i = 0; i < damage->count; i++)
    damage_add(&inside, rect_intersection(damage->rect[i], whole));
  if (w->wayland)
    wayland_present(w->wayland, &own, &inside);
  else if (w->image)
    x11_image_put(w->image, &own, &inside);
  else
    present_surface(w, &inside);
}

void window_set_title(struct window *w, const char *title)
{
  x11_title(w->handle, title);
}

const char *window_copy(const char *text)
{
  return SDL_SetClipboardText(text) == 0 ? NULL : SDL_GetError();
}

bool window_is_fullscreen(const struct window *w)
{
  return (SDL_GetWindowFlags(w->handle) & SDL_WINDOW_FULLSCREEN_DESKTOP) != 0;
}

void window_toggle_fullscreen(struct window *w)
{
  SDL_SetWindowFullscreen(w->handle, window_is_fullscreen(w) ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
}

bool window_is_remote(void)
{
  /* "host:10.0" and "localhost:10.0" (ssh -X) go over TCP; ":0", "unix:0" and a path are local. */
  const char *display = SDL_getenv("DISPLAY");
  const char *driver = SDL_GetCurrentVideoDriver();
  if (!display || !driver || strcmp(driver, "x11") != 0)
    return false;
  return display[0] != ':' && display[0] != '/' && strncmp(display, "unix:", 5) != 0;
}
