/*
 * The server: one thread, one wait. All descriptors are non-blocking and meet in one epoll; whatever is to happen later
 * is a deadline of CLOCK_MONOTONIC that shortens the next wait. A turn of the loop takes the connections first and the
 * listeners last, so that no event of a turn can mean a connection that came in the same turn.
 *
 * Asked to stop (by a signal, or as nobody reads the output any more) it goes through the phases of enum
 * server_phase; asked again it ends at once.
 */
#ifndef TIMED_SERVER_H
#define TIMED_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "timed/listeners.h"
#include "timed/reply.h"
#include "timed/state.h"

struct server_config {
  struct reply_form form;
  int64_t max_connections, max_per_source; /* max_per_source 0: no limit */
  double stats_s;                          /* 0: no statistics */
  bool stats_latency;                      /* they are percentiles of the time from accept to the end of the reply */
  bool stamp;                              /* the time before each line of the log */
  bool quiet;
  int signal_fd; /* readable when the server is to stop; borrowed */
};

/* Takes over the open listeners. False after a message. */
bool server_init(struct server *server, const struct server_config *config, const struct listeners *listeners);

/* Says where it listens, reports READY=1, and serves until it is asked to stop. The exit status. */
int server_run(struct server *server);

/* Closes all. */
void server_destroy(struct server *server);

#endif
