#include "seat.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "pointer-gestures-server-protocol.h"

enum { KEPT_MAX = 8 };

static bool has_pointer;
static struct wl_resource *pointer[KEPT_MAX], *pinch[KEPT_MAX];
static int pointers, pinches;

static void destroy(struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy(resource);
}

static void ignore(struct wl_client *client, struct wl_resource *resource)
{
}
#define IGNORE ((void *)ignore)

static void forget(struct wl_resource *resource)
{
  for (int i = 0; i < KEPT_MAX; i++) {
    pointer[i] = pointer[i] == resource ? NULL : pointer[i];
    pinch[i] = pinch[i] == resource ? NULL : pinch[i];
  }
}

static struct wl_resource *make(struct wl_client *client, const struct wl_interface *interface, int version,
                                uint32_t id, const void *implementation)
{
  struct wl_resource *resource = wl_resource_create(client, interface, version, id);
  wl_resource_set_implementation(resource, implementation, NULL, forget);
  return resource;
}

static const struct wl_pointer_interface pointer_implementation = {.set_cursor = IGNORE, .release = destroy};

static void get_pointer(struct wl_client *client, struct wl_resource *seat, uint32_t id)
{
  struct wl_resource *made =
      make(client, &wl_pointer_interface, wl_resource_get_version(seat), id, &pointer_implementation);
  if (!has_pointer)
    wl_resource_post_error(seat, WL_SEAT_ERROR_MISSING_CAPABILITY, "there is no pointer");
  if (pointers < KEPT_MAX)
    pointer[pointers++] = made;
}

static const struct wl_seat_interface seat_implementation = {
    .get_pointer = get_pointer, .get_keyboard = IGNORE, .get_touch = IGNORE, .release = destroy};

static void bind_seat(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  wl_seat_send_capabilities(make(client, &wl_seat_interface, (int)version, id, &seat_implementation),
                            has_pointer ? WL_SEAT_CAPABILITY_POINTER : 0);
}

static const struct zwp_pointer_gesture_pinch_v1_interface pinch_implementation = {destroy};

static void get_pinch(struct wl_client *client, struct wl_resource *gestures, uint32_t id, struct wl_resource *of)
{
  struct wl_resource *made = make(client, &zwp_pointer_gesture_pinch_v1_interface, wl_resource_get_version(gestures),
                                  id, &pinch_implementation);
  if (pinches < KEPT_MAX)
    pinch[pinches++] = made;
}

static const struct zwp_pointer_gestures_v1_interface gestures_implementation = {
    .get_swipe_gesture = IGNORE, .get_pinch_gesture = get_pinch, .release = destroy};

static void bind_gestures(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  make(client, &zwp_pointer_gestures_v1_interface, (int)version, id, &gestures_implementation);
}

void seat_offer(struct wl_display *display, char *const *option)
{
  bool seat = true;
  bool touchpad = false;
  for (; *option; option++) {
    seat &= strcmp(*option, "no-seat") != 0;
    has_pointer |= strcmp(*option, "pointer") == 0;
    touchpad |= strcmp(*option, "touchpad") == 0;
  }
  if (seat)
    wl_global_create(display, &wl_seat_interface, 5, NULL, bind_seat);
  if (touchpad)
    wl_global_create(display, &zwp_pointer_gestures_v1_interface, 2, NULL, bind_gestures);
}

static void point_at(struct wl_display *display, struct wl_resource *surface, int x, int y)
{
  for (int i = 0; i < pointers; i++) {
    if (!pointer[i])
      continue;
    wl_pointer_send_enter(pointer[i], wl_display_next_serial(display), surface, wl_fixed_from_int(x),
                          wl_fixed_from_int(y));
    if (wl_resource_get_version(pointer[i]) >= WL_POINTER_FRAME_SINCE_VERSION)
      wl_pointer_send_frame(pointer[i]);
  }
}

static void pinch_to(struct wl_display *display, struct wl_resource *surface, int percent, bool cancelled)
{
  for (int i = 0; i < pinches; i++) {
    if (!pinch[i])
      continue;
    zwp_pointer_gesture_pinch_v1_send_begin(pinch[i], wl_display_next_serial(display), 0, surface, 2);
    for (int half = 1; half <= 2; half++)
      zwp_pointer_gesture_pinch_v1_send_update(pinch[i], 0, 0, 0,
                                               wl_fixed_from_double(1 + (percent / 100.0 - 1) * half / 2), 0);
    zwp_pointer_gesture_pinch_v1_send_end(pinch[i], wl_display_next_serial(display), 0, cancelled);
  }
}

void seat_obey(struct wl_display *display, struct wl_resource *surface, const char *word, int x, int y)
{
  if (strcmp(word, "point") == 0)
    point_at(display, surface, x, y);
  else if (strcmp(word, "pinch") == 0)
    pinch_to(display, surface, x, y != 0);
}
