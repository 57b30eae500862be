#include "scope/show/x11.h"

#include <SDL_syswm.h>
#include <X11/Xutil.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* SDL has loaded libX11 by name, and so do we: linking it would make it a dependency where there is no X11. */
struct x11 {
  void *library;
  Display *display;
  Window window;
  char *(*resources)(Display *);
  Atom (*atom)(Display *, const char *, Bool);
  int (*change_property)(Display *, Window, Atom, Atom, int, int, const unsigned char *, int);
  int (*get_focus)(Display *, Window *, int *);
  int (*set_focus)(Display *, Window, int, Time);
  int (*connection)(Display *);
  int (*get_hints)(Display *, Window, XSizeHints *, long *);
  void (*set_hints)(Display *, Window, XSizeHints *);
  int (*get_property)(Display *, Window, Atom, long, long, Bool, Atom, Atom *, int *, unsigned long *, unsigned long *,
                      unsigned char **);
  int (*free)(void *);
};

/* ISO C has no cast from an object pointer, which SDL_LoadFunction returns, to a function pointer: copied as bytes. */
static bool look_up(void *library, const char *name, void *function, size_t size)
{
  void *symbol = SDL_LoadFunction(library, name);
  memcpy(function, &symbol, size);
  return symbol != NULL;
}

static bool x11_open(struct x11 *x, SDL_Window *window)
{
  SDL_SysWMinfo info;
  SDL_VERSION(&info.version);
  *x = (struct x11){0};
  if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11)
    return false;
  x->display = info.info.x11.display;
  x->window = info.info.x11.window;
  x->library = SDL_LoadObject("libX11.so.6");
  return x->library && look_up(x->library, "XResourceManagerString", &x->resources, sizeof x->resources) &&
         look_up(x->library, "XInternAtom", &x->atom, sizeof x->atom) &&
         look_up(x->library, "XChangeProperty", &x->change_property, sizeof x->change_property) &&
         look_up(x->library, "XGetInputFocus", &x->get_focus, sizeof x->get_focus) &&
         look_up(x->library, "XSetInputFocus", &x->set_focus, sizeof x->set_focus) &&
         look_up(x->library, "XConnectionNumber", &x->connection, sizeof x->connection) &&
         look_up(x->library, "XGetWMNormalHints", &x->get_hints, sizeof x->get_hints) &&
         look_up(x->library, "XSetWMNormalHints", &x->set_hints, sizeof x->set_hints) &&
         look_up(x->library, "XGetWindowProperty", &x->get_property, sizeof x->get_property) &&
         look_up(x->library, "XFree", &x->free, sizeof x->free);
}

static void x11_close(struct x11 *x)
{
  if (x->library)
    SDL_UnloadObject(x->library);
}

double x11_scale(SDL_Window *window)
{
  double scale = 1;
  struct x11 x;
  const char *text = x11_open(&x, window) ? x.resources(x.display) : NULL;
  const char *dpi = text ? strstr(text, "Xft.dpi:") : NULL;
  if (dpi) {
    double value = strtod(dpi + strlen("Xft.dpi:"), NULL);
    if (value >= 48 && value <= 960)
      scale = value / 96;
  }
  x11_close(&x);
  return scale;
}

int x11_connection(SDL_Window *window)
{
  struct x11 x;
  int fd = x11_open(&x, window) ? x.connection(x.display) : -1;
  x11_close(&x);
  return fd;
}

void x11_leave_place_open(SDL_Window *window)
{
  struct x11 x;
  XSizeHints hints = {0};
  long given = 0;
  if (x11_open(&x, window) && x.get_hints(x.display, x.window, &hints, &given)) {
    hints.flags &= ~(USPosition | PPosition);
    x.set_hints(x.display, x.window, &hints);
  }
  x11_close(&x);
}

bool x11_is_managed(SDL_Window *window)
{
  struct x11 x;
  Atom type = None;
  int format = 0;
  unsigned long count = 0;
  unsigned long after = 0;
  unsigned char *data = NULL;
  if (x11_open(&x, window))
    x.get_property(x.display, DefaultRootWindow(x.display), x.atom(x.display, "_NET_SUPPORTING_WM_CHECK", False), 0, 1,
                   False, AnyPropertyType, &type, &format, &count, &after, &data);
  if (data)
    x.free(data);
  x11_close(&x);
  return count > 0;
}

void x11_title(SDL_Window *window, const char *title)
{
  struct x11 x;
  if (x11_open(&x, window)) {
    bool ascii = true;
    for (const char *c = title; *c; c++)
      ascii = ascii && (unsigned char)*c < 0x80;
    const unsigned char *bytes = (const unsigned char *)title;
    const Atom utf8 = x.atom(x.display, "UTF8_STRING", False);
    const int length = (int)strlen(title);
    x.change_property(x.display, x.window, x.atom(x.display, "_NET_WM_NAME", False), utf8, 8, PropModeReplace, bytes,
                      length);
    x.change_property(x.display, x.window, x.atom(x.display, "WM_NAME", False),
                      ascii ? x.atom(x.display, "STRING", False) : utf8, 8, PropModeReplace, bytes, length);
  } else {
    SDL_SetWindowTitle(window, title);
  }
  x11_close(&x);
}

void x11_show(SDL_Window *window)
{
  struct x11 x;
  Window focused = None;
  int revert = 0;
  bool is_x11 = x11_open(&x, window);
  if (is_x11) {
    const unsigned long never = 0;
    x.change_property(x.display, x.window, x.atom(x.display, "_NET_WM_USER_TIME", False),
                      x.atom(x.display, "CARDINAL", False), 32, PropModeReplace, (const unsigned char *)&never, 1);
    x.get_focus(x.display, &focused, &revert);
  }
  SDL_ShowWindow(window);
  if (is_x11 && focused != None) {
    Window now = None;
    int unused = 0;
    x.get_focus(x.display, &now, &unused);
    if (now == x.window)
      x.set_focus(x.display, focused, revert, CurrentTime);
  }
  x11_close(&x);
}
