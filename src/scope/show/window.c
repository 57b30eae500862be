#include "scope/show/window.h"

#include <SDL.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "scope/paint/theme.h"
#include "scope/show/sdl_event.h"
#include "scope/show/x11.h"

enum { ICON = 64 };

struct window {
  SDL_Keymod held; /* modifiers that are down */
  SDL_Window *handle;
  SDL_Surface *surface; /* SDL's; gone after a resize */
  uint32_t *own;        /* painted on and copied, where the surface has another pixel format; else NULL */
  int own_width, own_height;
  int connection; /* the display's descriptor, or -1; Xlib's */
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

/* The window's size is in pixels; on a display of twice as many it would look half as large. */
static void scale_size(SDL_Window *handle, double scale)
{
  SDL_Rect room;
  int width;
  int height;
  if (scale <= 1 || SDL_GetDisplayUsableBounds(SDL_GetWindowDisplayIndex(handle), &room) != 0)
    return;
  SDL_GetWindowSize(handle, &width, &height);
  width = (int)(width * scale) < room.w ? (int)(width * scale) : room.w;
  height = (int)(height * scale) < room.h ? (int)(height * scale) : room.h;
  SDL_SetWindowSize(handle, width, height);
}

struct window *window_new(const struct window_config *config)
{
  setenv("SDL_VIDEO_X11_WMCLASS", "scope", 0);
  SDL_SetHint(SDL_HINT_APP_NAME, "scope");
  SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); /* shared memory, not textures: 4.6 % CPU instead of 76 % */
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");       /* signals come through a descriptor, see loop.c */
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  /* Without a display SDL would choose an invisible one, "offscreen", and libwayland would print an error of its own. */
  SDL_SetHint(SDL_HINT_VIDEODRIVER, getenv("WAYLAND_DISPLAY") ? "x11,wayland" : "x11");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) {
    message("cannot open a display: %s; --png FILE draws without one", SDL_GetError());
    return NULL;
  }
  struct window *w = calloc(1, sizeof *w);
  int x = config->position_given ? config->x : (int)SDL_WINDOWPOS_UNDEFINED;
  int y = config->position_given ? config->y : (int)SDL_WINDOWPOS_UNDEFINED;
  if (w)
    w->handle = SDL_CreateWindow("scope", x, y, config->width, config->height,
                                 SDL_WINDOW_HIDDEN | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
  if (!w || !w->handle) {
    message("cannot open a window: %s; --png FILE draws without one", w ? SDL_GetError() : "out of memory");
    window_free(w);
    return NULL;
  }
  SDL_SetWindowMinimumSize(w->handle, 64, 64);
  SDL_StopTextInput(); /* keys are commands here: no input method needs to look at them */
  set_icon(w->handle);
  if (!config->size_given)
    scale_size(w->handle, x11_scale(w->handle));
  w->connection = x11_connection(w->handle);
  x11_title(w->handle, config->title);
  x11_show(w->handle);
  return w;
}

void window_free(struct window *w)
{
  if (w && w->handle)
    SDL_DestroyWindow(w->handle);
  if (w)
    free(w->own);
  free(w);
  SDL_Quit();
}

double window_scale(const struct window *w)
{
  return x11_scale(w->handle);
}

int window_connection(const struct window *w)
{
  return w->connection;
}

/* Pixels of the picture to one of the window's own, in which SDL gives places. */
static double mouse_scale(const struct window *w)
{
  int width = 0;
  int pixels = 0;
  SDL_GetWindowSize(w->handle, &width, NULL);
  SDL_GetWindowSizeInPixels(w->handle, &pixels, NULL);
  return width > 0 && pixels > 0 ? (double)pixels / width : 1;
}

bool window_next_event(struct window *w, struct show_event *event)
{
  SDL_Event from;
  while (SDL_PollEvent(&from)) /* SDL's queue is one for all windows, and there is one window */
    if (sdl_event_translate(&from, mouse_scale(w), &w->held, event))
      return true;
  return false;
}

bool window_canvas(struct window *w, struct canvas *canvas, bool *fresh)
{
  SDL_Surface *surface = SDL_GetWindowSurface(w->handle);
  if (!surface) {
    /* A platform without shared-memory windows: let SDL present as it can. */
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "1");
    surface = SDL_GetWindowSurface(w->handle);
  }
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
  if (w->own_width != surface->w || w->own_height != surface->h || !w->own) {
    free(w->own);
    w->own = calloc((size_t)surface->w * (size_t)surface->h, sizeof *w->own);
    w->own_width = surface->w;
    w->own_height = surface->h;
    *fresh = true;
  }
  if (!w->own) {
    message("cannot draw into the window: out of memory");
    return false;
  }
  *canvas = (struct canvas){.pixel = w->own, .width = surface->w, .height = surface->h, .stride = surface->w};
  return true;
}

void window_present(struct window *w, const struct damage *damage)
{
  const struct rect whole = {0, 0, w->surface->w, w->surface->h};
  SDL_Rect rect[DAMAGE_MAX];
  int count = 0;
  for (int i = 0; i < damage->count; i++) {
    struct rect r = rect_intersection(damage->rect[i], whole);
    if (!rect_empty(r))
      rect[count++] = (SDL_Rect){r.x, r.y, r.w, r.h};
  }
  if (w->own) {
    SDL_Surface *copy = SDL_CreateRGBSurfaceWithFormatFrom(w->own, w->own_width, w->own_height, 32, w->own_width * 4,
                                                           SDL_PIXELFORMAT_RGB888);
    for (int i = 0; copy && i < count; i++) {
      SDL_Rect to = rect[i];
      SDL_BlitSurface(copy, &rect[i], w->surface, &to);
    }
    SDL_FreeSurface(copy);
  }
  if (count > 0)
    SDL_UpdateWindowSurfaceRects(w->handle, rect, count);
}

void window_set_title(struct window *w, const char *title)
{
  x11_title(w->handle, title);
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
