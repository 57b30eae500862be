/*
 * All connections that are open, in a pool of fixed size: who may come in, who has had enough time, who has to make
 * room.
 *
 * No wait anywhere; the owner's loop calls clients_step when epoll has something to say of a connection. Main thread.
 */
#ifndef TIMED_CLIENTS_H
#define TIMED_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/percentiles.h"
#include "timed/connection.h"
#include "timed/log.h"
#include "timed/reply.h"
#include "timed/sources.h"

/*
 * Most clients have read the reply and closed within a millisecond. So a connection that was half-closed is first
 * looked at when it is that old, and enters the epoll set only if it is open still: those that are not cost neither the
 * call that would add them nor a wake-up of their own.
 */
enum { CLIENTS_LOOK_NS = 1000000 };

/*
 * Ordered by deadline, to a few milliseconds: all members of a list live equally long from when they entered it, or
 * from a little before.
 */
struct client_list {
  struct connection *oldest, *newest;
};

struct client_counts {
  uint64_t served;   /* replies that went to the kernel whole */
  uint64_t rejected; /* over the limit for each source, and datagrams that got no answer */
  uint64_t resets;   /* connections that ended in a reset, the client's or ours */
};

struct clients {
  struct connection *pool; /* capacity of them */
  size_t capacity, used;   /* used: places of the pool that were ever taken */
  size_t active;           /* connections open now */
  struct connection *free; /* linked by newer */
  struct client_list sending, draining;
  struct client_list fresh; /* draining, not looked at yet, and not in the epoll set */
  struct sources sources;   /* only with a limit */
  uint32_t max_per_source;
  int epoll_fd;    /* borrowed; there a connection has its place in the pool */
  struct log *log; /* borrowed; a line for each client, NULL for none */
  struct client_counts counts;
  struct percentiles *latency; /* borrowed; ms from accept to the end of each reply, NULL: not asked for */
};

/* max_per_source 0: no limit. False when memory is short. */
bool clients_init(struct clients *clients, size_t capacity, uint32_t max_per_source, int epoll_fd, struct log *log);

/* Closes all that are open. */
void clients_destroy(struct clients *clients);

bool clients_full(const struct clients *clients);

/* There is a place, or clients_evict(0) can make one. */
bool clients_have_room(const struct clients *clients);

/*
 * Takes an accepted descriptor and serves it as far as that goes at once, unless its source has as many connections as
 * it may have: then it is closed and counted. There must be a place.
 */
void clients_admit(struct clients *clients, int fd, const union address *peer, const struct reply *reply,
                   int64_t now_ns);

/* Goes on with the connection at this place of the pool. */
void clients_step(struct clients *clients, size_t place, int64_t now_ns);

/* Looks at fresh connections that are CLIENTS_LOOK_NS old; all: at the others, too, as room is needed. */
void clients_look(struct clients *clients, bool all, int64_t now_ns);

/*
 * Makes room: a client that had closed already, else the draining connection that is oldest is closed if it has been
 * draining for min_ns at least. False if there is none.
 */
bool clients_evict(struct clients *clients, int64_t min_ns, int64_t now_ns);

/* Closes those whose time is up. */
void clients_expire(struct clients *clients, int64_t now_ns);

/* When clients_expire has something to do: INT64_MAX for never. */
int64_t clients_deadline_ns(const struct clients *clients);

#endif
