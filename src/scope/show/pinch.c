#include "scope/show/pinch.h"

#include <pointer-gestures-client-protocol.h>
#include <stdlib.h>

enum { TOLD_MAX = 16 /* between two looks at them; changes in a row are one */ };

struct pinch {
  struct wl_seat *seat;
  struct wl_pointer *pointer; /* NULL while the seat has none */
  struct zwp_pointer_gestures_v1 *gestures;
  struct zwp_pointer_gesture_pinch_v1 *gesture; /* of the pointer */
  double scale;                                 /* how far apart the fingers are, in parts of what they were at first */
  struct show_event told[TOLD_MAX];             /* ring: number n is at n mod TOLD_MAX */
  unsigned taken, end;                          /* numbers: of the next one, behind the newest */
};

/* ---- The gesture ---- */

/* More than there is room for is dropped: nobody pinches so often between two looks. A lost end comes with the next begin. */
static void tell(struct pinch *p, enum show_pinch what, double apart)
{
  struct show_event *last = p->end != p->taken ? &p->told[(p->end - 1) % TOLD_MAX] : NULL;
  if (last && what == PINCH_CHANGES && last->pinch == PINCH_CHANGES)
    last->apart *= apart;
  else if (p->end - p->taken < TOLD_MAX)
    p->told[p->end++ % TOLD_MAX] = (struct show_event){.kind = SHOW_PINCH, .pinch = what, .apart = apart};
}

static void begin(void *context, struct zwp_pointer_gesture_pinch_v1 *gesture, uint32_t serial, uint32_t moment,
                  struct wl_surface *surface, uint32_t fingers)
{
  struct pinch *p = context;
  (void)gesture;
  (void)serial;
  (void)moment;
  (void)surface; /* ours: there is one window */
  (void)fingers;
  p->scale = 1;
  tell(p, PINCH_BEGINS, 1);
}

static void update(void *context, struct zwp_pointer_gesture_pinch_v1 *gesture, uint32_t moment, wl_fixed_t right,
                   wl_fixed_t down, wl_fixed_t scale, wl_fixed_t rotation)
{
  struct pinch *p = context;
  const double now = wl_fixed_to_double(scale);
  (void)gesture;
  (void)moment;
  (void)right;
  (void)down;
  (void)rotation;
  if (!(now > 0) ||
      now == p->scale) /* fingers that touch are at a distance of 0: nothing could be told of the next one */
    return;
  tell(p, PINCH_CHANGES, now / p->scale);
  p->scale = now;
}

static void end(void *context, struct zwp_pointer_gesture_pinch_v1 *gesture, uint32_t serial, uint32_t moment,
                int32_t cancelled)
{
  (void)gesture;
  (void)serial;
  (void)moment;
  tell(context, cancelled ? PINCH_CANCELLED : PINCH_ENDS, 1);
}

static const struct zwp_pointer_gesture_pinch_v1_listener gesture_listener = {
    .begin = begin, .update = update, .end = end};

/* ---- The pointer ---- */

static void drop_pointer(struct pinch *p)
{
  if (p->gesture)
    zwp_pointer_gesture_pinch_v1_destroy(p->gesture);
  if (p->pointer)
    wl_pointer_destroy(p->pointer);
  p->gesture = NULL;
  p->pointer = NULL;
}

/* A seat that never had a pointer must not be asked for one: that is a fatal error of the protocol. */
static void note_capabilities(void *context, struct wl_seat *seat, uint32_t capabilities)
{
  struct pinch *p = context;
  if (!(capabilities & WL_SEAT_CAPABILITY_POINTER)) {
    drop_pointer(p);
    return;
  }
  if (p->pointer || !(p->pointer = wl_seat_get_pointer(seat)))
    return;
  p->gesture = zwp_pointer_gestures_v1_get_pinch_gesture(p->gestures, p->pointer);
  if (p->gesture)
    zwp_pointer_gesture_pinch_v1_add_listener(p->gesture, &gesture_listener, p);
}

static const struct wl_seat_listener seat_listener = {.capabilities = note_capabilities};

/* ---- Start and end ---- */

struct pinch *pinch_new(struct wl_registry *registry, uint32_t seat, uint32_t gestures)
{
  struct pinch *p = calloc(1, sizeof *p);
  if (!p)
    return NULL;
  p->scale = 1;
  p->gestures = wl_registry_bind(registry, gestures, &zwp_pointer_gestures_v1_interface, 1);
  p->seat = wl_registry_bind(registry, seat, &wl_seat_interface, 1); /* a later one would tell more than we hear */
  if (!p->gestures || !p->seat) {
    pinch_free(p);
    return NULL;
  }
  wl_seat_add_listener(p->seat, &seat_listener, p);
  return p;
}

void pinch_free(struct pinch *p)
{
  if (!p)
    return;
  drop_pointer(p);
  if (p->seat)
    wl_seat_destroy(p->seat);
  if (p->gestures)
    wl_proxy_destroy((struct wl_proxy *)p->gestures); /* its first version has no request for it */
  free(p);
}

bool pinch_next(struct pinch *p, struct show_event *event)
{
  if (p->taken == p->end)
    return false;
  *event = p->told[p->taken++ % TOLD_MAX];
  return true;
}
