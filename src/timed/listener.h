/*
 * Sockets that wait for clients: made, taken over, and closed so that no client loses what it was promised. Main
 * thread.
 */
#ifndef TIMED_LISTENER_H
#define TIMED_LISTENER_H

#include <stdbool.h>

#include "timed/address.h"

struct listener {
  int fd;
  bool datagram;    /* UDP, else a TCP socket that listens */
  bool port_chosen; /* by the system, as 0 was asked for; for the owner's use */
  bool inherited;   /* shared with who handed it over: changed as little as possible, and left open there */
  bool held_by_ttl; /* see listener_hold_back */
  union address address;
};

/*
 * Each step has its reason beside it in the code. Non-blocking, close-on-exec. address->port 0 takes a free port, which
 * listener->address tells. 0, or an errno value; then nothing is open.
 */
int listener_open(struct listener *listener, const union address *address, bool datagram);

/* Takes fd over. NULL, or what is wrong with it ("not a socket"). */
const char *listener_adopt(struct listener *listener, int fd);

/*
 * From now on a client that begins to connect gets no answer, while connections under way are completed, so that they
 * can be accepted before listener_close, which would reset what it finds in the queue. A bare SYN is dropped on its way
 * to the socket: its sender tries again after a second, and is then refused or served by a successor. Does nothing to
 * an inherited listener, on which the change would outlive us. 0, or an errno value: then some may see a reset.
 *
 * The means is a filter on the socket (socket(7), SO_ATTACH_FILTER). Newer kernels allow that to CAP_NET_ADMIN only
 * (seen with 6.18); without it a minimum for the time to live (ip(7), IP_MINTTL) that hardly a packet reaches does
 * nearly the same. It is not only for the SYN, so listener_accepted has to lift it from each connection accepted
 * afterwards.
 */
int listener_hold_back(struct listener *listener);

/* To be called with each descriptor accepted from listener. */
void listener_accepted(const struct listener *listener, int fd);

void listener_close(struct listener *listener);

#endif
