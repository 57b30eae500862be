#include "forker/forward.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 65536, AT_ONCE = 1 << 20 };

/* Keeps the beginning of a line; false when memory is short. */
static bool keep(struct forward *forward, const char *data, size_t length)
{
  if (forward->size - forward->length < length) {
    size_t size = forward->size ? forward->size : 256;
    while (size - forward->length < length)
      size *= 2;
    char *bigger = realloc(forward->line, size);
    if (!bigger)
      return false;
    forward->line = bigger;
    forward->size = size;
  }
  memcpy(forward->line + forward->length, data, length);
  forward->length += length;
  return true;
}

static void let_go(struct forward *forward, struct outlet *outlet)
{
  outlet_add(outlet, forward->line, forward->length, SIZE_MAX);
  forward->length = 0;
}

/* A piece of what was read: whole lines go out, the beginning of one is kept, or goes out too if it is too long. */
static void pass_on(struct forward *forward, const char *data, size_t length, struct outlet *outlet)
{
  const char *last = memrchr(data, '\n', length);
  const size_t whole = last ? (size_t)(last - data) + 1 : 0;
  if (whole > 0) {
    let_go(forward, outlet);
    outlet_add(outlet, data, whole, SIZE_MAX);
    forward->open = false;
  }
  if (whole == length)
    return;
  if (forward->length + (length - whole) > FORWARD_LINE || !keep(forward, data + whole, length - whole)) {
    let_go(forward, outlet);
    outlet_add(outlet, data + whole, length - whole, SIZE_MAX);
    forward->open = true;
  }
}

void forward_finish(struct forward *forward, struct outlet *outlet)
{
  if (forward->length > 0 || forward->open) {
    let_go(forward, outlet);
    outlet_add(outlet, "\n", 1, SIZE_MAX);
  }
  forward->open = false;
}

enum forward_result forward_read(struct forward *forward, int fd, struct outlet *outlet, size_t limit)
{
  /* Not on the stack: there each of its pages is touched at every call, and what is touched after a fork is copied. */
  static char piece[PIECE];

  for (size_t total = 0; total < AT_ONCE;) {
    if (outlet_waiting(outlet) >= limit)
      return FORWARD_FULL;
    const ssize_t got = read(fd, piece, sizeof piece);
    if (got > 0) {
      pass_on(forward, piece, (size_t)got, outlet);
      total += (size_t)got;
    } else if (got < 0 && errno == EAGAIN) {
      return FORWARD_EMPTY;
    } else if (got == 0 || errno != EINTR) {
      forward_finish(forward, outlet);
      return FORWARD_END;
    }
  }
  return FORWARD_EMPTY;
}

void forward_destroy(struct forward *forward)
{
  free(forward->line);
  *forward = (struct forward){0};
}
