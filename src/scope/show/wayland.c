#include "scope/show/wayland.h"

#include <SDL_syswm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-client.h>

#include "common/clock.h"
#include "common/message.h"
#include "scope/show/pinch.h"

enum {
  BUFFERS = 3,
  BYTES_PER_PIXEL = 4,
  DAMAGE_BUFFER_VERSION = 4,
  PATIENCE_S = 1,
  PAST = 8, /* frames whose damage is remembered: a buffer that is older is filled as a whole */
  ACROSS = 8,
  DOWN = 4, /* parts of the window, for each of which the compositor is told one rectangle */
};

struct buffer {
  struct wl_buffer *handle; /* NULL: not made yet */
  uint32_t *pixel;          /* its memory */
  bool busy;                /* the compositor reads it */
  int64_t filled;           /* the frame that it shows */
};

struct wayland {
  SDL_Window *window;
  struct wl_display *display;   /* SDL's, as is the surface */
  struct wl_surface *surface;   /* wraps it: what is made through this one comes to our queue */
  struct wl_event_queue *queue; /* our own: SDL dispatches its own one alone */
  struct wl_shm *shm;           /* our own */
  struct pinch *pinch;          /* NULL where there is none */
  struct wl_callback *frame;    /* asked for, not come yet; or NULL */
  int64_t asked_ns;             /* when that was */
  struct buffer buffer[BUFFERS];
  int width, height;                 /* of the buffers, in pixels */
  int64_t frame_number;              /* of the one that was painted last */
  struct damage past[PAST];          /* what was painted in frame n, at n % PAST */
  struct rect unsent[ACROSS * DOWN]; /* painted and not committed, in each part of the window */
  bool starved;                      /* no buffer was free when one was needed */
  bool anew;                         /* all is to be shown again, as soon as there is time */
};

/* ---- What the compositor offers ---- */

struct globals {
  bool seat, shm, shell, decoration, gestures;
  uint32_t seat_name, shm_name, gestures_name;
};

static void note_global(void *context, struct wl_registry *registry, uint32_t name, const char *interface,
                        uint32_t version)
{
  struct globals *g = context;
  (void)registry;
  (void)version;
  if (strcmp(interface, wl_seat_interface.name) == 0) {
    if (!g->seat) /* the first one, as SDL's */
      g->seat_name = name;
    g->seat = true;
  } else if (strcmp(interface, "xdg_wm_base") == 0)
    g->shell = true;
  else if (strcmp(interface, "zxdg_decoration_manager_v1") == 0)
    g->decoration = true;
  else if (strcmp(interface, wl_shm_interface.name) == 0) {
    g->shm = true;
    g->shm_name = name;
  } else if (strcmp(interface, PINCH_INTERFACE) == 0) {
    g->gestures = true;
    g->gestures_name = name;
  }
}

static void forget_global(void *context, struct wl_registry *registry, uint32_t name)
{
  (void)context;
  (void)registry;
  (void)name; /* none of those that we use goes while the compositor runs */
}

static const struct wl_registry_listener registry_listener = {.global = note_global, .global_remove = forget_global};

/* libwayland would print to standard error what we say better. */
static void say_nothing(const char *format, va_list arguments)
{
  (void)format;
  (void)arguments;
}

const char *wayland_look(bool *decorates)
{
  struct globals g = {0};
  *decorates = false;
  wl_log_set_handler_client(say_nothing);
  struct wl_display *display = wl_display_connect(NULL);
  if (!display)
    return "no compositor answers at WAYLAND_DISPLAY";
  struct wl_registry *registry = wl_display_get_registry(display);
  bool answered = false;
  if (registry) {
    wl_registry_add_listener(registry, &registry_listener, &g);
    answered = wl_display_roundtrip(display) >= 0;
    wl_registry_destroy(registry);
  }
  wl_display_disconnect(display);
  *decorates = g.decoration;
  if (!answered)
    return "the compositor does not answer";
  if (!g.seat)
    return "the compositor has no wl_seat";
  if (!g.shm)
    return "the compositor has no wl_shm";
  return g.shell ? NULL : "the compositor has no xdg_wm_base";
}

/* ---- Start and end ---- */

/* Binds wl_shm once more, for our own queue, and what tells of pinches. False when there is no shared memory. */
static bool bind_own(struct wayland *w)
{
  struct globals g = {0};
  struct wl_display *wrapper = wl_proxy_create_wrapper(w->display);
  if (!wrapper)
    return false;
  wl_proxy_set_queue((struct wl_proxy *)wrapper, w->queue);
  struct wl_registry *registry = wl_display_get_registry(wrapper);
  wl_proxy_wrapper_destroy(wrapper);
  if (!registry)
    return false;
  wl_registry_add_listener(registry, &registry_listener, &g);
  if (wl_display_roundtrip_queue(w->display, w->queue) >= 0 && g.shm)
    w->shm = wl_registry_bind(registry, g.shm_name, &wl_shm_interface, 1);
  if (w->shm && g.seat && g.gestures)
    w->pinch = pinch_new(registry, g.seat_name, g.gestures_name);
  wl_registry_destroy(registry);
  return w->shm != NULL;
}

struct wayland *wayland_new(SDL_Window *window)
{
  SDL_SysWMinfo info;
  SDL_VERSION(&info.version);
  if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_WAYLAND)
    return NULL;
  struct wayland *w = calloc(1, sizeof *w);
  if (!w)
    return NULL;
  w->window = window;
  w->display = info.info.wl.display;
  w->queue = wl_display_create_queue(w->display);
  w->surface = wl_proxy_create_wrapper(info.info.wl.surface);
  if (w->queue && w->surface) {
    wl_proxy_set_queue((struct wl_proxy *)w->surface, w->queue);
    if (bind_own(w))
      return w;
  }
  message("cannot draw into the window: the compositor gives no shared memory; --png FILE draws without a window");
  wayland_free(w);
  return NULL;
}

static void drop_buffers(struct wayland *w)
{
  const size_t size = (size_t)w->width * (size_t)w->height * BYTES_PER_PIXEL;
  for (int i = 0; i < BUFFERS; i++) {
    if (w->buffer[i].handle)
      wl_buffer_destroy(w->buffer[i].handle);
    if (w->buffer[i].pixel)
      munmap(w->buffer[i].pixel, size);
    w->buffer[i] = (struct buffer){0};
  }
}

void wayland_free(struct wayland *w)
{
  if (!w)
    return;
  drop_buffers(w);
  if (w->frame)
    wl_callback_destroy(w->frame);
  pinch_free(w->pinch);
  if (w->shm)
    wl_shm_destroy(w->shm);
  if (w->surface)
    wl_proxy_wrapper_destroy(w->surface);
  if (w->queue)
    wl_event_queue_destroy(w->queue);
  free(w);
}

int wayland_connection(const struct wayland *w)
{
  return wl_display_get_fd(w->display);
}

/* ---- What the compositor tells ---- */

static void release_buffer(void *context, struct wl_buffer *handle)
{
  struct wayland *w = context;
  for (int i = 0; i < BUFFERS; i++)
    if (w->buffer[i].handle == handle)
      w->buffer[i].busy = false;
  w->anew |= w->starved;
  w->starved = false;
}

static const struct wl_buffer_listener buffer_listener = {.release = release_buffer};

static void take_frame(void *context, struct wl_callback *callback, uint32_t moment)
{
  struct wayland *w = context;
  (void)moment;
  /* Frames were left out for the want of it: what the window shows is old. */
  w->anew |= clock_now_ns() - w->asked_ns >= (int64_t)PATIENCE_S * CLOCK_SECOND_NS;
  wl_callback_destroy(callback);
  w->frame = NULL;
}

static const struct wl_callback_listener frame_listener = {.done = take_frame};

bool wayland_serve(struct wayland *w)
{
  wl_display_dispatch_queue_pending(w->display, w->queue);
  /* What SDL answered would wait for the next thing that happens, a ping's pong too: to the desktop we were stuck. */
  wl_display_flush(w->display);
  const bool anew = w->anew;
  w->anew = false;
  return anew;
}

bool wayland_next_pinch(struct wayland *w, struct show_event *event)
{
  return w->pinch && pinch_next(w->pinch, event);
}

bool wayland_ready(const struct wayland *w, int64_t now_ns)
{
  return !w->starved && !(w->frame && now_ns - w->asked_ns >= (int64_t)PATIENCE_S * CLOCK_SECOND_NS);
}

/* ---- Frames ---- */

static bool make_buffer(struct wayland *w, struct buffer *b)
{
  const size_t size = (size_t)w->width * (size_t)w->height * BYTES_PER_PIXEL;
  if (b->handle)
    return true;
  const int fd = memfd_create("scope", MFD_CLOEXEC);
  void *memory = MAP_FAILED;
  if (fd >= 0 && ftruncate(fd, (off_t)size) == 0)
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  struct wl_shm_pool *pool = memory != MAP_FAILED ? wl_shm_create_pool(w->shm, fd, (int32_t)size) : NULL;
  if (pool) {
    b->handle =
        wl_shm_pool_create_buffer(pool, 0, w->width, w->height, w->width * BYTES_PER_PIXEL, WL_SHM_FORMAT_XRGB8888);
    wl_shm_pool_destroy(pool);
  }
  if (fd >= 0)
    close(fd);
  if (!b->handle) {
    if (memory != MAP_FAILED)
      munmap(memory, size);
    return false;
  }
  b->pixel = memory;
  b->filled = w->frame_number - PAST;
  wl_buffer_add_listener(b->handle, &buffer_listener, w);
  return true;
}

/* The one that was filled last among those that are free: least has to be copied into it. */
static struct buffer *free_buffer(struct wayland *w)
{
  struct buffer *best = NULL;
  for (int i = 0; i < BUFFERS; i++) {
    struct buffer *b = &w->buffer[i];
    if (!b->busy && (b->handle || !best) && (!best || !best->handle || b->filled > best->filled))
      best = b;
  }
  return best && make_buffer(w, best) ? best : NULL;
}

static void copy(struct buffer *b, const struct canvas *c, struct rect r)
{
  for (int y = r.y; y < r.y + r.h; y++)
    memcpy(b->pixel + (long)y * c->width + r.x, c->pixel + (long)y * c->stride + r.x, (size_t)r.w * BYTES_PER_PIXEL);
}

/* Whether a frame after n painted all of r again: it is copied with that one. */
static bool painted_later(const struct wayland *w, int64_t n, struct rect r)
{
  while (++n <= w->frame_number) {
    const struct damage *later = &w->past[n % PAST];
    for (int i = 0; i < later->count; i++)
      if (rect_equal(rect_intersection(later->rect[i], r), r))
        return true;
  }
  return false;
}

/* Brings a buffer up to the canvas: what was painted since its own frame is copied, once where it was painted often. */
static void fill(const struct wayland *w, struct buffer *b, const struct canvas *c)
{
  if (w->frame_number - b->filled >= PAST)
    copy(b, c, canvas_rect(c));
  else
    for (int64_t n = b->filled + 1; n <= w->frame_number; n++)
      for (int i = 0; i < w->past[n % PAST].count; i++)
        if (!painted_later(w, n, w->past[n % PAST].rect[i]))
          copy(b, c, w->past[n % PAST].rect[i]);
  b->filled = w->frame_number;
}

/* Buffers of another size are of no use any more; what they were last asked to show is not either. */
static void resize(struct wayland *w, int width, int height)
{
  if (w->width == width && w->height == height)
    return;
  drop_buffers(w);
  w->width = width;
  w->height = height;
  memset(w->unsent, 0, sizeof w->unsent);
  w->unsent[0] = (struct rect){0, 0, width, height};
}

/* Remembers what a frame painted. SDL has all of the surface repainted now and then: few large rectangles will do. */
static void note_damage(struct wayland *w, const struct damage *damage)
{
  w->frame_number++;
  struct damage *frame = &w->past[w->frame_number % PAST];
  frame->count = damage->count;
  for (int i = 0; i < damage->count; i++) {
    const struct rect r = frame->rect[i] = damage->rect[i];
    const int across = (r.x + r.w / 2) * ACROSS / w->width;
    const int down = (r.y + r.h / 2) * DOWN / w->height;
    struct rect *unsent = &w->unsent[down * ACROSS + across];
    *unsent = rect_union(*unsent, r);
  }
}

static void commit(struct wayland *w, struct buffer *b)
{
  wl_surface_attach(w->surface, b->handle, 0, 0);
  if (wl_proxy_get_version((struct wl_proxy *)w->surface) >= DAMAGE_BUFFER_VERSION)
    for (int i = 0; i < ACROSS * DOWN; i++) {
      const struct rect r = w->unsent[i];
      if (!rect_empty(r))
        wl_surface_damage_buffer(w->surface, r.x, r.y, r.w, r.h);
    }
  else
    wl_surface_damage(w->surface, 0, 0, INT32_MAX, INT32_MAX);
  if (!w->frame && (w->frame = wl_surface_frame(w->surface))) {
    wl_callback_add_listener(w->frame, &frame_listener, w);
    w->asked_ns = clock_now_ns();
  }
  wl_surface_commit(w->surface);
  wl_display_flush(w->display);
  memset(w->unsent, 0, sizeof w->unsent);
}

void wayland_present(struct wayland *w, const struct canvas *c, const struct damage *damage)
{
  int width = 0;
  int height = 0;
  SDL_GetWindowSizeInPixels(w->window, &width, &height);
  if (width != c->width || height != c->height)
    return; /* another size is on its way: a canvas of it will come */
  resize(w, width, height);
  note_damage(w, damage);
  bool any = false;
  for (int i = 0; i < ACROSS * DOWN; i++)
    any |= !rect_empty(w->unsent[i]);
  if (!any)
    return;
  struct buffer *b = free_buffer(w);
  w->starved = !b;
  if (!b)
    return;
  fill(w, b, c);
  b->busy = true;
  commit(w, b);
}
