/*
 * Why a plot is empty, in words: what there is to be read where no channel is. Main thread.
 */
#ifndef SCOPE_NOTHING_H
#define SCOPE_NOTHING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/store/intake.h"

struct nothing {
  const char *waiting; /* what is said while nothing came, or NULL for nothing */
  const char *only;    /* as --only, or NULL */
  bool terminal;       /* what is typed is answered there */
  int64_t start_ns;
};

/* At moment now_ns. NULL, or what is to be said, which is in text or lives for ever. */
const char *nothing_say(const struct nothing *n, const struct intake *intake, int64_t now_ns, char *text, size_t size);

#endif
