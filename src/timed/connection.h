/*
 * The life of one accepted TCP connection:
 *
 *   NEW --a part written--> SENDING
 *   NEW, SENDING --all written, SHUT_WR--> DRAINING --the peer's end, or enough of it--> ENDED
 *
 * Each state has a function that does what can be done now and says which state comes next. Why the half-close: to
 * close a socket whose receive queue still holds data, or to which more comes, makes the kernel answer with a reset,
 * and a reset that overtakes the reader discards the reply in its receive queue (RFC 2525 section 2.17, RFC 9112
 * section 9.6). SHUT_WR ends our direction with a FIN after the reply; the socket goes only when the peer has ended its
 * own direction, and so has seen all, or when it has had time and bytes enough. For the same reason never SHUT_RDWR,
 * and never SO_LINGER with 0.
 *
 * Main thread. Deadlines are times of CLOCK_MONOTONIC in nanoseconds: setting the clock shortens no connection.
 */
#ifndef TIMED_CONNECTION_H
#define TIMED_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "timed/address.h"

enum {
  CONNECTION_SEND_MS = 5000,      /* for a reply that the kernel does not take at once */
  CONNECTION_DRAIN_MS = 2000,     /* for the peer to end its direction */
  CONNECTION_DRAIN_BYTES = 65536, /* of what it still sends; more is abuse, and cut off with a reset */
};

enum connection_state { CONNECTION_NEW, CONNECTION_SENDING, CONNECTION_DRAINING, CONNECTION_ENDED };

struct connection {
  int fd; /* non-blocking; -1 when ENDED */
  enum connection_state state;
  bool reset; /* it ended, or will be ended, by a reset from either side */
  int error;  /* why the reply could not be sent, or 0 */
  int64_t deadline_ns;
  int64_t accepted_ns; /* for the owner */
  union address peer;
  char *rest; /* what is left of a reply that went in part, owned; NULL for the many that go at once */
  size_t rest_length, rest_sent;
  size_t drained;                   /* bytes discarded */
  struct connection *older, *newer; /* for the owner's lists */
  bool watched;                     /* for the owner: it is in the epoll set */
};

/* Takes fd and sends the reply: the state after that is DRAINING nearly always. connection->peer is the caller's. */
void connection_start(struct connection *connection, int fd, const char *reply, size_t length, int64_t now_ns);

/* Goes on after the descriptor became writable (SENDING) or readable (DRAINING). */
void connection_step(struct connection *connection, int64_t now_ns);

/* Closes whatever the state, and frees what is owned. */
void connection_end(struct connection *connection);

#endif
