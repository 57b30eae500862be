#include "scope/show/x11_image.h"

#include <SDL_syswm.h>
#include <X11/Xutil.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 30 };

/* As in x11.c, libX11 is the one that SDL has loaded. */
struct x11_image {
  void *library;
  Display *display;
  Window window;
  Visual *visual;
  GC context;
  uint32_t *pixel; /* room for what is on its way */
  size_t room;     /* pixels */
  Status (*attributes)(Display *, Window, XWindowAttributes *);
  GC (*create_context)(Display *, Drawable, unsigned long, XGCValues *);
  int (*free_context)(Display *, GC);
  XImage *(*create_image)(Display *, Visual *, unsigned, int, int, char *, unsigned, unsigned, int, int);
  int (*put_image)(Display *, Drawable, GC, XImage *, int, int, int, int, unsigned, unsigned);
  int (*flush)(Display *);
  int (*free)(void *);
};

/* ISO C has no cast from an object pointer to a function pointer: copied as bytes. */
static bool look_up(void *library, const char *name, void *function, size_t size)
{
  void *symbol = SDL_LoadFunction(library, name);
  memcpy(function, &symbol, size);
  return symbol != NULL;
}

static bool open_library(struct x11_image *i)
{
  i->library = SDL_LoadObject("libX11.so.6");
  return i->library && look_up(i->library, "XGetWindowAttributes", &i->attributes, sizeof i->attributes) &&
         look_up(i->library, "XCreateGC", &i->create_context, sizeof i->create_context) &&
         look_up(i->library, "XFreeGC", &i->free_context, sizeof i->free_context) &&
         look_up(i->library, "XCreateImage", &i->create_image, sizeof i->create_image) &&
         look_up(i->library, "XPutImage", &i->put_image, sizeof i->put_image) &&
         look_up(i->library, "XFlush", &i->flush, sizeof i->flush) &&
         look_up(i->library, "XFree", &i->free, sizeof i->free);
}

struct x11_image *x11_image_new(SDL_Window *window)
{
  SDL_SysWMinfo info;
  SDL_VERSION(&info.version);
  if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11)
    return NULL;
  struct x11_image *i = calloc(1, sizeof *i);
  if (!i)
    return NULL;
  i->display = info.info.x11.display;
  i->window = info.info.x11.window;
  XWindowAttributes attributes;
  if (open_library(i) && i->attributes(i->display, i->window, &attributes) && attributes.depth == DEPTH) {
    i->visual = attributes.visual;
    i->context = i->create_context(i->display, i->window, 0, NULL);
  }
  if (i->context)
    return i;
  x11_image_free(i);
  return NULL;
}

void x11_image_free(struct x11_image *image)
{
  if (!image)
    return;
  if (image->context)
    image->free_context(image->display, image->context);
  if (image->library)
    SDL_UnloadObject(image->library);
  free(image->pixel);
  free(image);
}

/* Eight bits as ten: the two highest again below, so that white stays white. */
static uint32_t widen(uint32_t part)
{
  return part << 2 | part >> 6;
}

/* The visual says where its colours lie: red is the highest on some servers, and the lowest on others. */
static uint32_t deepen(uint32_t pixel, bool red_is_high)
{
  const uint32_t red = widen(pixel >> 16 & 0xFF);
  const uint32_t blue = widen(pixel & 0xFF);
  return (red_is_high ? red : blue) << 20 | widen(pixel >> 8 & 0xFF) << 10 | (red_is_high ? blue : red);
}

static void put(struct x11_image *i, const struct canvas *c, struct rect r)
{
  const size_t pixels = (size_t)r.w * (size_t)r.h;
  if (pixels > i->room) {
    free(i->pixel);
    i->pixel = malloc(pixels * sizeof *i->pixel);
    i->room = i->pixel ? pixels : 0;
  }
  if (pixels > i->room)
    return;
  const bool red_is_high = i->visual->red_mask > i->visual->blue_mask;
  for (int y = 0; y < r.h; y++)
    for (int x = 0; x < r.w; x++)
      i->pixel[(long)y * r.w + x] = deepen(c->pixel[(long)(r.y + y) * c->stride + r.x + x], red_is_high);
  XImage *image = i->create_image(i->display, i->visual, DEPTH, ZPixmap, 0, (char *)i->pixel, (unsigned)r.w,
                                  (unsigned)r.h, 32, r.w * 4);
  if (!image)
    return;
  const uint32_t one = 1;
  char low;
  memcpy(&low, &one, 1);
  image->byte_order = low ? LSBFirst : MSBFirst; /* ours; Xlib turns them where the server's is another */
  i->put_image(i->display, i->window, i->context, image, 0, 0, r.x, r.y, (unsigned)r.w, (unsigned)r.h);
  i->free(image); /* the pixels are ours */
}

void x11_image_put(struct x11_image *image, const struct canvas *c, const struct damage *damage)
{
  for (int k = 0; k < damage->count; k++)
    put(image, c, damage->rect[k]);
  image->flush(image->display);
}
