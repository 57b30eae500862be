/*
 * A Wayland compositor for tests: it shows nothing, keeps what the one window shows, and does on command what real ones
 * do at their worst.
 *
 *     compositor SOCKET [no-seat] [pointer] [touchpad] [no-shell] [decorations] [scale N]...
 *
 * Commands on standard input, a line each:  hold, go (frame callbacks);  scale N;  output I (the window moves there);
 * size W H;  close;  ping;  point X Y, pinch PERCENT [1] (seat.h);  keep, release (buffers);  shot FILE;  die.  On standard
 * output it says what happens: "ready", "commit WIDTH HEIGHT SCALE DAMAGED ACROSS DOWN" (pixels, damage without
 * rectangles of the whole, which SDL adds; the size of the surface in units), "shot", "app_id ID", "pong", "closed".
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wayland-server.h>

#include "outputs.h"
#include "seat.h"
#include "xdg-decoration-server-protocol.h"
#include "xdg-shell-server-protocol.h"

enum { FRAME_MS = 16, CALLBACKS_MAX = 64, RECTS_MAX = 1024 };

static struct {
  struct wl_display *display;
  bool hold, keep;

  struct wl_resource *shell, *surface, *xdg_surface, *toplevel;
  struct wl_resource *pending, *held; /* buffers */
  bool attached, configured;
  int surface_scale;
  int64_t rect[RECTS_MAX][2];
  int rects;
  struct wl_resource *callback[CALLBACKS_MAX];
  int callbacks, callbacks_due; /* due: asked for before a commit, others wait for theirs */

  uint32_t *shown;
  int width, height;
} c;

#define say(...) (printf(__VA_ARGS__), putchar('\n'), fflush(stdout))
/* ---- Requests of which nothing comes ---- */

static void destroy(struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy(resource);
}

static struct wl_resource *make(struct wl_client *client, const struct wl_interface *interface, int version,
                                uint32_t id, const void *implementation)
{
  struct wl_resource *resource = wl_resource_create(client, interface, version, id);
  wl_resource_set_implementation(resource, implementation, NULL, NULL);
  return resource;
}

/* A request that is taken and forgotten: what its arguments are does not matter to a function that looks at none. */
static void ignore(struct wl_client *client, struct wl_resource *resource)
{
}
#define IGNORE ((void *)ignore)

/* ---- The surface ---- */

static void attach(struct wl_client *client, struct wl_resource *resource, struct wl_resource *buffer, int32_t x,
                   int32_t y)
{
  if (resource == c.surface) {
    c.pending = buffer;
    c.attached = true;
  }
}

static void damage(struct wl_client *client, struct wl_resource *resource, int32_t x, int32_t y, int32_t w, int32_t h)
{
  if (resource != c.surface || c.rects == RECTS_MAX)
    return;
  c.rect[c.rects][0] = w;
  c.rect[c.rects++][1] = h;
}

static void forget_callback(struct wl_resource *resource)
{
  for (int i = 0; i < c.callbacks; i++)
    if (c.callback[i] == resource)
      c.callback[i] = NULL;
}

static void frame(struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  struct wl_resource *callback = wl_resource_create(client, &wl_callback_interface, 1, id);
  wl_resource_set_implementation(callback, NULL, NULL, forget_callback);
  if (c.callbacks < CALLBACKS_MAX)
    c.callback[c.callbacks++] = callback;
}

static void set_scale(struct wl_client *client, struct wl_resource *resource, int32_t scale)
{
  if (resource == c.surface)
    c.surface_scale = scale;
}

static void configure(int width, int height)
{
  struct wl_array states;
  wl_array_init(&states);
  xdg_toplevel_send_configure(c.toplevel, width, height, &states);
  xdg_surface_send_configure(c.xdg_surface, wl_display_next_serial(c.display));
}

static void take_buffer(struct wl_shm_buffer *shm)
{
  const int width = wl_shm_buffer_get_width(shm);
  const int height = wl_shm_buffer_get_height(shm);
  int64_t damaged = 0;
  int across = width;
  int down = height;
  outputs_units(c.surface, c.surface_scale, &across, &down);
  for (int i = 0; i < c.rects; i++)
    if (c.rect[i][0] < width || c.rect[i][1] < height)
      damaged += c.rect[i][0] * c.rect[i][1];
  free(c.shown);
  c.shown = malloc((size_t)width * (size_t)height * sizeof *c.shown);
  c.width = width;
  c.height = height;
  wl_shm_buffer_begin_access(shm);
  for (int y = 0; y < height; y++)
    memcpy(c.shown + (long)y * width,
           (const char *)wl_shm_buffer_get_data(shm) + (long)y * wl_shm_buffer_get_stride(shm),
           (size_t)width * sizeof *c.shown);
  wl_shm_buffer_end_access(shm);
  say("commit %d %d %d %lld %d %d", width, height, c.surface_scale, (long long)damaged, across, down);
}

static struct wl_listener held_gone;
static void forget_held(struct wl_listener *listener, void *data)
{
  c.held = NULL;
}

/* The buffer before is given back when another one has taken its place. */
static void commit(struct wl_client *client, struct wl_resource *resource)
{
  if (resource != c.surface)
    return;
  if (c.toplevel && !c.configured) {
    c.configured = true;
    configure(0, 0);
  }
  struct wl_shm_buffer *shm = c.attached && c.pending ? wl_shm_buffer_get(c.pending) : NULL;
  if (shm) {
    take_buffer(shm);
    if (c.held) {
      wl_list_remove(&held_gone.link);
      if (!c.keep)
        wl_buffer_send_release(c.held);
    } else {
      outputs_enter(c.surface);
    }
    c.held = c.pending;
    held_gone.notify = forget_held;
    wl_resource_add_destroy_listener(c.held, &held_gone);
  }
  c.attached = false;
  c.rects = 0;
  c.callbacks_due = c.callbacks;
}

static const struct wl_surface_interface surface_implementation = {destroy, attach, damage,    frame,  IGNORE, IGNORE,
                                                                   commit,  IGNORE, set_scale, damage, IGNORE};

static const struct wl_region_interface region_implementation = {destroy, IGNORE, IGNORE};

static void create_surface(struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  make(client, &wl_surface_interface, wl_resource_get_version(resource), id, &surface_implementation);
}

static void create_region(struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  make(client, &wl_region_interface, 1, id, &region_implementation);
}

static const struct wl_compositor_interface compositor_implementation = {create_surface, create_region};

static void forget_toplevel(struct wl_resource *resource)
{
  c.toplevel = NULL;
  say("closed");
}

static void set_app_id(struct wl_client *client, struct wl_resource *toplevel, const char *id)
{
  say("app_id %s", id);
}

static const struct xdg_toplevel_interface toplevel_implementation = {destroy, IGNORE, IGNORE, set_app_id, IGNORE,
                                                                      IGNORE,  IGNORE, IGNORE, IGNORE,     IGNORE,
                                                                      IGNORE,  IGNORE, IGNORE, IGNORE};

static void get_toplevel(struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  c.toplevel = make(client, &xdg_toplevel_interface, wl_resource_get_version(resource), id, &toplevel_implementation);
  wl_resource_set_destructor(c.toplevel, forget_toplevel);
}

static const struct xdg_surface_interface xdg_surface_implementation = {destroy, get_toplevel, IGNORE, IGNORE, IGNORE};

static void get_xdg_surface(struct wl_client *client, struct wl_resource *shell, uint32_t id,
                            struct wl_resource *surface)
{
  c.shell = shell;
  c.surface = surface;
  c.surface_scale = c.surface_scale ? c.surface_scale : 1;
  c.xdg_surface = make(client, &xdg_surface_interface, wl_resource_get_version(shell), id, &xdg_surface_implementation);
}

static void pong(struct wl_client *client, struct wl_resource *shell, uint32_t serial)
{
  say("pong");
}

static const struct xdg_wm_base_interface shell_implementation = {
    .destroy = destroy, .create_positioner = IGNORE, .get_xdg_surface = get_xdg_surface, .pong = pong};

static const struct zxdg_toplevel_decoration_v1_interface decoration_implementation = {
    .destroy = destroy, .set_mode = IGNORE, .unset_mode = IGNORE};

static void get_decoration(struct wl_client *client, struct wl_resource *resource, uint32_t id,
                           struct wl_resource *toplevel)
{
  struct wl_resource *decoration =
      make(client, &zxdg_toplevel_decoration_v1_interface, 1, id, &decoration_implementation);
  zxdg_toplevel_decoration_v1_send_configure(decoration, ZXDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
}

static const struct zxdg_decoration_manager_v1_interface decorations_implementation = {
    .destroy = destroy, .get_toplevel_decoration = get_decoration};

/* A global of which nothing is to be told: how it is made. */
struct plain {
  const struct wl_interface *interface;
  const void *implementation;
};

static struct plain compositor_global = {&wl_compositor_interface, &compositor_implementation};
static struct plain shell_global = {&xdg_wm_base_interface, &shell_implementation};
static struct plain decorations_global = {&zxdg_decoration_manager_v1_interface, &decorations_implementation};

static void bind_plain(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  const struct plain *plain = data;
  make(client, plain->interface, (int)version, id, plain->implementation);
}

static void offer(struct plain *plain, int version)
{
  wl_global_create(c.display, plain->interface, version, plain, bind_plain);
}

static int tick(void *timer)
{
  const int due = c.hold ? 0 : c.callbacks_due;
  for (int i = 0; i < due; i++) {
    struct wl_resource *callback = c.callback[i];
    if (!callback)
      continue;
    wl_callback_send_done(callback, 0);
    wl_resource_destroy(callback);
  }
  c.callbacks -= due;
  c.callbacks_due -= due;
  for (int i = 0; i < c.callbacks; i++)
    c.callback[i] = c.callback[i + due];
  wl_event_source_timer_update(*(struct wl_event_source **)timer, FRAME_MS);
  return 0;
}

static void shoot(const char *name)
{
  FILE *file = fopen(name, "wb");
  fprintf(file, "%d %d\n", c.width, c.height);
  fwrite(c.shown, sizeof *c.shown, (size_t)c.width * (size_t)c.height, file);
  fclose(file);
  say("shot");
}

static void obey_word(const char *word, const char *rest, int x, int y)
{
  const bool window = c.toplevel != NULL;
  c.hold = strcmp(word, "hold") == 0 || (c.hold && strcmp(word, "go") != 0);
  c.keep = strcmp(word, "keep") == 0 || (c.keep && strcmp(word, "release") != 0);
  outputs_obey(c.surface, word, x);
  if (strcmp(word, "size") == 0 && window)
    configure(x, y);
  else if (strcmp(word, "close") == 0 && window)
    xdg_toplevel_send_close(c.toplevel);
  else if (strcmp(word, "ping") == 0 && window)
    xdg_wm_base_send_ping(c.shell, wl_display_next_serial(c.display));
  else if (strcmp(word, "shot") == 0)
    shoot(rest);
  else if (strcmp(word, "die") == 0)
    _exit(0);
  else if (window)
    seat_obey(c.display, c.surface, word, x, y);
}

static int obey(int fd, uint32_t mask, void *data)
{
  static char line[512];
  static size_t length;
  const ssize_t n = read(fd, line + length, sizeof line - 1 - length);
  if (n <= 0) {
    wl_display_terminate(c.display);
    return 0;
  }
  length += (size_t)n;
  line[length] = '\0';
  for (char *end; (end = strchr(line, '\n')) != NULL;) {
    *end = '\0';
    char *rest = line + strcspn(line, " ");
    char *behind = rest;
    if (*rest)
      *rest++ = '\0';
    const int x = (int)strtol(rest, &behind, 10);
    const int y = (int)strtol(behind, NULL, 10);
    obey_word(line, rest, x, y);
    length -= (size_t)(end + 1 - line);
    memmove(line, end + 1, length + 1);
  }
  return 0;
}

int main(int argc, char **argv)
{
  bool shell = true;
  bool decorations = false;
  for (int i = 2; i < argc; i++) {
    shell &= strcmp(argv[i], "no-shell") != 0;
    decorations |= strcmp(argv[i], "decorations") == 0;
  }
  c.display = wl_display_create();
  if (argc < 2 || !c.display || wl_display_add_socket(c.display, argv[1]) != 0 || wl_display_init_shm(c.display) != 0)
    return 1;
  offer(&compositor_global, 4);
  outputs_offer(c.display, argv + 2);
  seat_offer(c.display, argv + 2);
  if (shell)
    offer(&shell_global, 1);
  if (decorations)
    offer(&decorations_global, 1);
  struct wl_event_loop *loop = wl_display_get_event_loop(c.display);
  struct wl_event_source *timer = NULL;
  timer = wl_event_loop_add_timer(loop, tick, &timer);
  wl_event_source_timer_update(timer, FRAME_MS);
  wl_event_loop_add_fd(loop, STDIN_FILENO, WL_EVENT_READABLE, obey, NULL);
  say("ready");
  wl_display_run(c.display);
  return 0;
}
