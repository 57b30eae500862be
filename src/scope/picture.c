#include "scope/picture.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

/* libpng's own rows: three bytes a pixel. */
static png_bytep *make_rows(const struct canvas *c)
{
  size_t row_bytes = (size_t)c->width * 3;
  size_t table = (size_t)c->height * sizeof(png_bytep);
  png_bytep *rows = malloc(table + row_bytes * (size_t)c->height);
  if (!rows)
    return NULL;
  png_bytep bytes = (png_bytep)rows + table;
  for (int y = 0; y < c->height; y++, bytes += row_bytes) {
    const uint32_t *pixel = c->pixel + (long)y * c->stride;
    rows[y] = bytes;
    for (int x = 0; x < c->width; x++) {
      bytes[3 * x] = (png_byte)(pixel[x] >> 16);
      bytes[3 * x + 1] = (png_byte)(pixel[x] >> 8);
      bytes[3 * x + 2] = (png_byte)pixel[x];
    }
  }
  return rows;
}

static void quiet_warning(png_structp png, png_const_charp text)
{
  (void)png;
  (void)text;
}

/* One that returned would make libpng print the text itself; errno says more. */
static void quiet_error(png_structp png, png_const_charp text)
{
  (void)text;
  png_longjmp(png, 1);
}

/* libpng reports errors by a long jump to here. */
static bool encode(png_structp png, png_infop info, const struct canvas *c, png_bytep *rows, FILE *file)
{
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_init_io(png, file);
  png_set_IHDR(png, info, (png_uint_32)c->width, (png_uint_32)c->height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 4); /* flat colours: a higher level takes longer and gains nothing */
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP); /* to try all filters takes twice as long, to save 3 % */
  png_set_rows(png, info, rows);
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
  return true;
}

int picture_write(const struct canvas *c, FILE *file)
{
  int error = 0;
  png_infop info = NULL;
  png_bytep *rows = make_rows(c);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, quiet_error, quiet_warning);
  if (png)
    info = png_create_info_struct(png);
  errno = 0;
  if (!rows || !info)
    error = ENOMEM;
  else if (!encode(png, info, c, rows, file))
    error = errno ? errno : EIO;
  png_destroy_write_struct(&png, &info);
  free(rows);
  if (fclose(file) != 0 && !error)
    error = errno;
  return error;
}
