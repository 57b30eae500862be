#include "scope/paint/png.h"

#include <errno.h>
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 64 << 10 };

struct bytes {
  unsigned char *data;
  size_t length, capacity;
  bool lost; /* there was no memory */
};

/* An error handler that returned would make libpng print the text itself. */
static void jump_back(png_structp png, png_const_charp text)
{
  (void)text;
  png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp text)
{
  (void)png;
  (void)text;
}

static void append(png_structp png, png_bytep data, size_t length)
{
  struct bytes *out = png_get_io_ptr(png);
  if (out->capacity - out->length < length) {
    size_t capacity = out->capacity ? out->capacity : FIRST_BYTES;
    while (capacity - out->length < length)
      capacity *= 2;
    unsigned char *more = realloc(out->data, capacity);
    if (!more) {
      out->lost = true;
      png_error(png, "out of memory");
    }
    out->data = more;
    out->capacity = capacity;
  }
  memcpy(out->data + out->length, data, length);
  out->length += length;
}

static void flush_nothing(png_structp png)
{
  (void)png;
}

/* A row as libpng wants it: three bytes a pixel. */
static void fill_row(const struct canvas *c, int y, png_bytep byte)
{
  const uint32_t *pixel = c->pixel + (long)y * c->stride;
  for (int x = 0; x < c->width; x++) {
    *byte++ = (png_byte)(pixel[x] >> 16);
    *byte++ = (png_byte)(pixel[x] >> 8);
    *byte++ = (png_byte)pixel[x];
  }
}

/* libpng reports errors by a long jump to here. */
static bool encode_rows(png_structp png, png_infop info, const struct canvas *c, png_bytep row, struct bytes *out)
{
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_set_write_fn(png, out, append, flush_nothing);
  png_set_IHDR(png, info, (png_uint_32)c->width, (png_uint_32)c->height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 1);                        /* a higher level takes twice as long, to save a fifth */
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP); /* to try all filters takes twice as long, to save 3 % */
  png_write_info(png, info);
  for (int y = 0; y < c->height; y++) { /* one by one: the pixels are still in the cache */
    fill_row(c, y, row);
    png_write_row(png, row);
  }
  png_write_end(png, NULL);
  return true;
}

/*
 * The whole file in memory, so that a place is touched only when there is a picture to put there. 0, or an errno value;
 * out->data is to be freed in any case.
 */
static int encode(const struct canvas *c, struct bytes *out)
{
  *out = (struct bytes){0};
  png_infop info = NULL;
  png_bytep row = malloc((size_t)c->width * 3);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, jump_back, ignore_warning);
  if (png)
    info = png_create_info_struct(png);
  int error = 0;
  if (!row || !info)
    error = ENOMEM;
  else if (!encode_rows(png, info, c, row, out))
    error = out->lost ? ENOMEM : EINVAL;
  png_destroy_write_struct(&png, &info);
  free(row);
  return error;
}

bool png_commit(struct picture_file *f, const struct canvas *c, int cancel_fd)
{
  struct bytes bytes;
  const int error = encode(c, &bytes);
  const bool ok = picture_file_put(f, bytes.data, bytes.length, error, cancel_fd);
  free(bytes.data);
  return ok;
}

int png_save_new(const struct canvas *c, time_t moment, char name[NEW_FILE_NAME_MAX])
{
  struct bytes bytes;
  snprintf(name, NEW_FILE_NAME_MAX, "a PNG");
  int error = encode(c, &bytes);
  if (!error)
    error = picture_file_save_new("png", bytes.data, bytes.length, moment, name);
  free(bytes.data);
  return error;
}
