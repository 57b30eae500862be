/*
 * The server: one thread, one wait. All descriptors are non-blocking and meet in one epoll; whatever is to happen later
 * is a deadline of CLOCK_MONOTONIC that shortens the next wait. A turn of the loop takes the connections first and the
 * listeners last, so that no event of a turn can mean a connection that came in the same turn.
 *
 * Asked to stop (SIGINT, SIGTERM, SIGHUP, or nobody reads the output any more) it goes through the phases of enum
 * server_phase; asked again it ends at once.
 */
#ifndef TIMED_SERVER_H
#define TIMED_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "timed/clients.h"
#include "timed/listeners.h"
#include "timed/log.h"
#include "timed/reply.h"

enum server_phase {
  SERVER_SERVING,
  /*
   * New clients are held back (listener_hold_back), those whose handshake is under way are still accepted. To close the
   * listener at once would reset all that wait in its queue; to accept them first and then close loses those that
   * complete in between.
   */
  SERVER_GRACE,
  SERVER_DRAINING, /* listeners were accepted dry and closed; open connections are finished */
  SERVER_ENDED,
};

struct server {
  struct listeners listeners;
  uint16_t datagram_ports[LISTENERS_MAX]; /* of the UDP listeners */
  size_t datagram_port_count;
  int epoll_fd, signal_fd;
  struct clients clients;
  struct reply reply;
  struct log out;                /* standard output: text or, if asked for, the statistics */
  struct log err;                /* standard error: what goes wrong, and with statistics the text */
  bool out_awaited, err_awaited; /* in the epoll set, as they do not take more now */
  struct log *text;              /* the one of the two for text */
  bool quiet;                    /* no lines about clients */
  bool stats;
  int64_t stats_period_ns, stats_next_ns;
  struct client_counts stats_last;
  enum server_phase phase;
  int64_t phase_end_ns;  /* INT64_MAX: none */
  int64_t stop_limit_ns; /* when to end with connections open */
  bool accepting;        /* the TCP listeners are in the epoll set */
  int64_t short_ns;      /* when descriptors or memory were short last */
  bool short_said;       /* in this episode */
  size_t short_active;   /* connections then: when there are fewer, there is a descriptor */
  int64_t retry_ns;      /* when to try accept again after that; INT64_MAX: not waiting */
  bool out_failed;       /* the failure of out was said */
  int status;            /* of the process */
};

struct server_config {
  struct reply_form form;
  int64_t max_connections, max_per_source; /* max_per_source 0: no limit */
  double stats_s;                          /* 0: no statistics */
  bool quiet;
  int signal_fd; /* readable when the server is to stop; borrowed */
};

/* What an event is about. With SERVER_CONNECTION, which is 0, and SERVER_LISTENER goes a place among these. */
enum server_event { SERVER_CONNECTION, SERVER_LISTENER, SERVER_SIGNAL, SERVER_LOG };

/* Epoll's data for an event: the kind in the upper half, the place in the lower. */
uint64_t server_tag(enum server_event kind, uint32_t place);
bool server_watch(const struct server *server, int operation, int fd, uint32_t events, uint64_t tag);

/* Takes over the open listeners. False after a message. */
bool server_init(struct server *server, const struct server_config *config, const struct listeners *listeners);

/* Says where it listens, reports READY=1, and serves until it is asked to stop. The exit status. */
int server_run(struct server *server);

/* Closes all. */
void server_destroy(struct server *server);

#endif
