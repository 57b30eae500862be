/*
 * --tee: what was read, passed on byte for byte. Between arrivals only, so that a consumer who is slow holds up the
 * producer and not the plot. Reader thread.
 */
#ifndef SCOPE_TEE_H
#define SCOPE_TEE_H

#include <stdbool.h>
#include <stddef.h>

#include "scope/stream/stream.h"

struct tee {
  int given; /* the descriptor of tee_init */
  int fd;    /* where to write: own_fd, or the one that was given */
  int own_fd; /* the same pipe or terminal opened anew without blocking, as the flags of that are shared with others; or -1 */
  size_t piece; /* what a write takes without waiting once poll said so */
  int error;    /* why nothing is passed on any more: an errno value, EPIPE when nobody reads */
};

void tee_init(struct tee *tee, int fd);

/*
 * Passes on all of it and waits for that as long as it takes; once the stream is asked to stop, until ENDING_TEE_MS after
 * that, then never again (ETIMEDOUT): what is taken without waiting is passed on even then. False when tee->error is set,
 * now or before.
 */
bool tee_pass(struct tee *tee, const char *bytes, size_t n, const struct stream *stream);

/*
 * No more will come: the consumer sees the end, though the program goes on. The descriptor that was given is /dev/null
 * from now on.
 */
void tee_end(struct tee *tee);

#endif
