#include "scope/paint/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/message.h"

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
static bool encode(png_structp png, png_infop info, const struct canvas *c, png_bytep row, FILE *file)
{
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_init_io(png, file);
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

/* Why the open file must not become a picture, or NULL. */
static const char *reason_to_refuse(int fd, int input_fd)
{
  struct stat file;
  struct stat input;
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode))
    return NULL;
  if (input_fd >= 0 && fstat(input_fd, &input) == 0 && input.st_dev == file.st_dev && input.st_ino == file.st_ino)
    return "is the input; not overwritten";
  png_byte signature[8];
  ssize_t n = pread(fd, signature, sizeof signature, 0); /* fails where the file may only be written */
  if (n > 0 && (n < (ssize_t)sizeof signature || png_sig_cmp(signature, 0, sizeof signature) != 0))
    return "exists and is no PNG picture; not overwritten";
  return NULL;
}

FILE *picture_open(const char *name, int input_fd)
{
  const int flags = O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  int fd = open(name, O_WRONLY | flags, 0666); /* NONBLOCK: a FIFO without a reader fails instead of waiting for one */
  struct stat st;
  if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
    int readable = open(name, O_RDWR | flags, 0666);
    if (readable >= 0) {
      close(fd);
      fd = readable;
    }
  }
  FILE *file = NULL;
  const char *refused = fd >= 0 ? reason_to_refuse(fd, input_fd) : NULL;
  if (fd >= 0 && !refused && fcntl(fd, F_SETFL, 0) == 0)
    file = fdopen(fd, "wb"); /* does not truncate */
  if (refused)
    message("%s: %s", name, refused);
  else if (!file)
    message("%s: %s", name, strerror(errno));
  if (!file && fd >= 0)
    close(fd);
  return file;
}

void picture_discard(FILE *file, const char *name)
{
  struct stat st;
  bool empty = fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
  fclose(file);
  if (empty)
    unlink(name);
}

int picture_write(const struct canvas *c, FILE *file)
{
  int error = 0;
  png_infop info = NULL;
  png_bytep row = malloc((size_t)c->width * 3);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, quiet_error, quiet_warning);
  if (png)
    info = png_create_info_struct(png);
  errno = 0;
  if (!row || !info)
    error = ENOMEM;
  else if (!encode(png, info, c, row, file))
    error = errno ? errno : EIO;
  png_destroy_write_struct(&png, &info);
  free(row);
  if (fclose(file) != 0 && !error)
    error = errno;
  return error;
}
