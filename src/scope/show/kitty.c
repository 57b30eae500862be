#include "scope/show/kitty.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

enum {
  BYTES_PER_PIXEL = 3,
  CHUNK = 4096 /* bytes of text in one piece, as the protocol has it */,
  NAME_MAX_BYTES = 64
};

const char kitty_clear[] = "\033_Ga=d,d=A,q=2\033\\";

static void object_name(unsigned number, char name[NAME_MAX_BYTES])
{
  snprintf(name, NAME_MAX_BYTES, "/scope-%ld-%u", (long)getpid(), number);
}

void kitty_was_read(struct kitty *k)
{
  char name[NAME_MAX_BYTES];
  for (; k->unread < k->objects; k->unread++) {
    object_name(k->unread, name);
    shm_unlink(name); /* almost always the terminal has done it */
  }
}

void kitty_destroy(struct kitty *k)
{
  kitty_was_read(k);
  free(k->pixels);
  *k = (struct kitty){0};
}

/* An object of shared memory with these bytes. False when there is none. */
static bool share(struct kitty *k, const void *data, size_t length, char name[NAME_MAX_BYTES])
{
  object_name(k->objects, name);
  const int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return false;
  k->objects++;
  /* write(2) would do, but not for all that shm_open may give (POSIX). */
  void *memory = ftruncate(fd, (off_t)length) == 0 ? mmap(NULL, length, PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
  close(fd);
  if (memory == MAP_FAILED) {
    shm_unlink(name);
    return false;
  }
  memcpy(memory, data, length);
  munmap(memory, length);
  return true;
}

void kitty_ask(struct kitty *k, struct bytes *out)
{
  static const uint8_t pixel[BYTES_PER_PIXEL] = {0};
  char name[NAME_MAX_BYTES];
  bytes_format(out, "\033_Gi=%d,s=1,v=1,a=q,t=d,f=24;AAAA\033\\", KITTY_PROBE);
  if (!share(k, pixel, sizeof pixel, name))
    return;
  bytes_format(out, "\033_Gi=%d,s=1,v=1,a=q,t=s,f=24;", KITTY_PROBE_SHARED);
  bytes_base64(out, name, strlen(name));
  bytes_text(out, "\033\\");
}

/* The pixels as red, green, blue; NULL: no memory. */
static const uint8_t *gather(struct kitty *k, const struct canvas *c, struct rect r)
{
  const size_t size = (size_t)r.w * (size_t)r.h * BYTES_PER_PIXEL;
  if (size > k->room) {
    free(k->pixels);
    k->pixels = malloc(size);
    k->room = k->pixels ? size : 0;
  }
  uint8_t *to = k->pixels;
  for (int y = r.y; to && y < r.y + r.h; y++)
    for (int x = r.x; x < r.x + r.w; x++) {
      const uint32_t pixel = c->pixel[(long)y * c->stride + x];
      *to++ = (uint8_t)(pixel >> 16);
      *to++ = (uint8_t)(pixel >> 8);
      *to++ = (uint8_t)pixel;
    }
  return k->pixels;
}

/* Compressed, in pieces of text; the first piece carries what is said of the picture. */
static void send_as_text(struct bytes *out, const char *head, const uint8_t *pixels, size_t size)
{
  uLongf length = compressBound((uLong)size);
  uint8_t *packed = malloc(length);
  if (!packed || compress2(packed, &length, pixels, (uLong)size, Z_BEST_SPEED) != Z_OK) {
    out->failed = true;
    free(packed);
    return;
  }
  const size_t piece = (size_t)CHUNK / 4 * 3;
  for (size_t at = 0; at < length; at += piece) {
    const size_t n = length - at < piece ? length - at : piece;
    bytes_format(out, at == 0 ? "\033_G%s,o=z,m=%d;" : "\033_G%sm=%d;", at == 0 ? head : "", at + n < length);
    bytes_base64(out, packed + at, n);
    bytes_text(out, "\033\\");
  }
  free(packed);
}

void kitty_show(struct kitty *k, struct bytes *out, const struct canvas *c, struct rect r, int number, int columns,
                int rows)
{
  char head[128];
  char name[NAME_MAX_BYTES];
  const uint8_t *pixels = gather(k, c, r);
  const size_t size = (size_t)r.w * (size_t)r.h * BYTES_PER_PIXEL;
  if (!pixels) {
    out->failed = true;
    return;
  }
  snprintf(head, sizeof head, "a=T,q=2,C=1,f=24,i=%d,p=1,s=%d,v=%d,c=%d,r=%d", number, r.w, r.h, columns, rows);
  if (!k->shared || !share(k, pixels, size, name)) {
    send_as_text(out, head, pixels, size);
    return;
  }
  bytes_format(out, "\033_G%s,t=s,S=%zu;", head, size);
  bytes_base64(out, name, strlen(name));
  bytes_text(out, "\033\\");
}
