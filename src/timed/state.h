/*
 * What the parts of a running server share: its loop (server.h) and what comes in (intake.h). The loop makes it and
 * destroys it; who else may change a field stands beside it. Main thread.
 *
 * Calls go one way: the loop calls intake, and both look here.
 */
#ifndef TIMED_STATE_H
#define TIMED_STATE_H

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
  /* What there is from the beginning. */
  int epoll_fd;                           /* owned */
  int signal_fd;                          /* borrowed */
  uint16_t datagram_ports[LISTENERS_MAX]; /* of the UDP listeners */
  size_t datagram_port_count;
  bool quiet;       /* no lines about clients */
  struct log *text; /* out or err, the one for text */

  /* Each part adds lines, the loop writes them out. */
  struct log out; /* standard output: text or, if asked for, the statistics */
  struct log err; /* standard error: what goes wrong, and with statistics the text */

  /* Written by the loop. */
  struct reply reply;
  bool out_awaited, err_awaited; /* in the epoll set, as they do not take more now */
  bool out_failed;               /* the failure of out was said */
  bool out_full_said;            /* the disk was full, and that was said */
  bool stats, stats_latency;
  struct percentiles latency; /* of this period */
  int64_t stats_period_ns, stats_next_ns;
  struct client_counts stats_last;
  enum server_phase phase;
  int64_t grace_end_ns;  /* until then signals are part of the first, and the queue is left to fill */
  int64_t stop_limit_ns; /* when to end with connections open */
  const char *notice;    /* what the service manager's queue had no room for yet; NULL: nothing */
  int64_t notice_ns;     /* when to try again; INT64_MAX: never */
  int64_t notice_limit_ns;

  /* Written by both. */
  struct clients clients; /* intake lets them in, the loop goes on with them */
  int64_t empty_ns; /* when to empty the queue next, in the grace; intake puts it off while a client has to wait */
  int64_t retry_ns; /* when to try accept again after a shortage; INT64_MAX: not waiting */
  int status;       /* of the process */

  /* Written by intake. */
  struct listeners listeners;
  bool accepting;      /* the TCP listeners are in the epoll set */
  int64_t short_ns;    /* when descriptors or memory were short last */
  bool short_said;     /* in this episode */
  size_t short_active; /* connections then: when there are fewer, there is a descriptor */
};

#endif
