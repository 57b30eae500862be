#include "outputs.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "viewporter-server-protocol.h"
#include "xdg-output-server-protocol.h"

enum { OUTPUTS_MAX = 4, LOGICAL_WIDTH = 1600, LOGICAL_HEIGHT = 900 };

static struct {
  double scale;
  struct wl_resource *resource;
} output[OUTPUTS_MAX];
static int outputs;
static int here; /* the window is on that one */

/* What a surface shows of its buffer, and how large. Lives as long as the compositor: the surface refers to it. */
struct viewport {
  struct wl_resource *resource;
  double right, bottom; /* of the source, in units; -1: all of the buffer */
  int width, height;    /* in units; -1: as large as the source */
};

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

/* ---- Outputs ---- */

static void tell_scale(int i)
{
  wl_output_send_scale(output[i].resource, (int)ceil(output[i].scale));
  wl_output_send_done(output[i].resource);
}

static const struct wl_output_interface output_implementation = {destroy};

static void bind_output(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  int i = 0;
  while (data != &output[i])
    i++;
  struct wl_resource *made = make(client, &wl_output_interface, (int)version, id, &output_implementation);
  output[i].resource = made;
  wl_output_send_geometry(made, i * LOGICAL_WIDTH, 0, 400, 225, WL_OUTPUT_SUBPIXEL_NONE, "test", "test",
                          WL_OUTPUT_TRANSFORM_NORMAL);
  wl_output_send_mode(made, WL_OUTPUT_MODE_CURRENT, (int)lround(LOGICAL_WIDTH * output[i].scale),
                      (int)lround(LOGICAL_HEIGHT * output[i].scale), 60000);
  tell_scale(i);
}

static const struct zxdg_output_v1_interface logical_implementation = {destroy};

static void get_logical(struct wl_client *client, struct wl_resource *manager, uint32_t id, struct wl_resource *of)
{
  int i = 0;
  while (of != output[i].resource)
    i++;
  struct wl_resource *made =
      make(client, &zxdg_output_v1_interface, wl_resource_get_version(manager), id, &logical_implementation);
  zxdg_output_v1_send_logical_position(made, i * LOGICAL_WIDTH, 0);
  zxdg_output_v1_send_logical_size(made, LOGICAL_WIDTH, LOGICAL_HEIGHT);
  wl_output_send_done(of); /* since version 3 of the other */
}

static const struct zxdg_output_manager_v1_interface manager_implementation = {destroy, get_logical};

static void bind_manager(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  make(client, &zxdg_output_manager_v1_interface, (int)version, id, &manager_implementation);
}

/* ---- Viewports ---- */

static void forget_viewport(struct wl_resource *resource)
{
  struct viewport *v = wl_resource_get_user_data(resource);
  v->resource = NULL;
}

static void set_source(struct wl_client *client, struct wl_resource *resource, wl_fixed_t x, wl_fixed_t y,
                       wl_fixed_t width, wl_fixed_t height)
{
  struct viewport *v = wl_resource_get_user_data(resource);
  const bool none = width == wl_fixed_from_int(-1);
  if (!none && (x < 0 || y < 0 || width <= 0 || height <= 0))
    wl_resource_post_error(resource, WP_VIEWPORT_ERROR_BAD_VALUE, "a source that is not there");
  v->right = none ? -1 : wl_fixed_to_double(x + width);
  v->bottom = none ? -1 : wl_fixed_to_double(y + height);
}

static void set_destination(struct wl_client *client, struct wl_resource *resource, int width, int height)
{
  struct viewport *v = wl_resource_get_user_data(resource);
  if ((width <= 0 || height <= 0) && (width != -1 || height != -1))
    wl_resource_post_error(resource, WP_VIEWPORT_ERROR_BAD_VALUE, "a destination of %dx%d", width, height);
  v->width = width;
  v->height = height;
}

static const struct wp_viewport_interface viewport_implementation = {destroy, set_source, set_destination};

static void get_viewport(struct wl_client *client, struct wl_resource *viewporter, uint32_t id,
                         struct wl_resource *surface)
{
  struct viewport *v = wl_resource_get_user_data(surface);
  if (v && v->resource)
    wl_resource_post_error(viewporter, WP_VIEWPORTER_ERROR_VIEWPORT_EXISTS, "a second viewport");
  v = calloc(1, sizeof *v);
  *v = (struct viewport){.right = -1, .bottom = -1, .width = -1, .height = -1};
  v->resource = make(client, &wp_viewport_interface, 1, id, &viewport_implementation);
  wl_resource_set_user_data(v->resource, v);
  wl_resource_set_destructor(v->resource, forget_viewport);
  wl_resource_set_user_data(surface, v);
}

static const struct wp_viewporter_interface viewporter_implementation = {destroy, get_viewport};

static void bind_viewporter(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  make(client, &wp_viewporter_interface, (int)version, id, &viewporter_implementation);
}

/* ---- What the compositor asks for ---- */

void outputs_offer(struct wl_display *display, char *const *option)
{
  bool fractions = false;
  for (; option[0]; option++)
    if (strcmp(option[0], "scale") == 0 && option[1] && outputs < OUTPUTS_MAX)
      output[outputs++].scale = strtod(option[1], NULL);
  if (outputs == 0)
    output[outputs++].scale = 1;
  for (int i = 0; i < outputs; i++) {
    fractions |= output[i].scale != floor(output[i].scale);
    wl_global_create(display, &wl_output_interface, 2, &output[i], bind_output);
  }
  if (fractions) {
    wl_global_create(display, &zxdg_output_manager_v1_interface, 3, NULL, bind_manager);
    wl_global_create(display, &wp_viewporter_interface, 1, NULL, bind_viewporter);
  }
}

void outputs_enter(struct wl_resource *surface)
{
  wl_surface_send_enter(surface, output[here].resource);
}

void outputs_obey(struct wl_resource *surface, const char *word, int x)
{
  if (strcmp(word, "scale") == 0) {
    output[here].scale = x;
    tell_scale(here);
  } else if (strcmp(word, "output") == 0 && x != here && x < outputs && surface) {
    wl_surface_send_enter(surface, output[x].resource);
    wl_surface_send_leave(surface, output[here].resource);
    here = x;
  }
}

void outputs_units(struct wl_resource *surface, int scale, int *width, int *height)
{
  const struct viewport *v = wl_resource_get_user_data(surface);
  if (*width % scale != 0 || *height % scale != 0)
    wl_resource_post_error(surface, WL_SURFACE_ERROR_INVALID_SIZE, "%dx%d at scale %d", *width, *height, scale);
  *width /= scale;
  *height /= scale;
  if (!v || !v->resource)
    return;
  if (v->right > *width || v->bottom > *height)
    wl_resource_post_error(v->resource, WP_VIEWPORT_ERROR_OUT_OF_BUFFER, "%gx%g of %dx%d", v->right, v->bottom, *width,
                           *height);
  *width = v->width > 0 ? v->width : *width;
  *height = v->height > 0 ? v->height : *height;
}
