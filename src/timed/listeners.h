/*
 * All sockets that the server waits on, from the names of the command line or from the service manager. Main thread.
 */
#ifndef TIMED_LISTENERS_H
#define TIMED_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "timed/address.h"
#include "timed/listener.h"
#include "timed/log.h"

enum { LISTENERS_MAX = 256 };

struct listeners {
  struct listener all[LISTENERS_MAX];
  int count;
};

/*
 * Opens what name stands for: a TCP socket, and with udp a UDP socket of the same port, for each of its addresses. Of
 * "all addresses" and of a host name, a family that this machine does not have is left out. False after a message.
 */
bool listeners_open(struct listeners *listeners, const struct address_name *name, bool udp);

/* Takes over descriptors [first, first + count). False after a message that names the one that cannot be. */
bool listeners_adopt(struct listeners *listeners, int first, int count);

/*
 * "Time Server starting on port 55555..." or "... on [::1]:55555...", a line for each place; with only_chosen just
 * those whose port was left to the system.
 */
void listeners_announce(const struct listeners *listeners, struct log *log, bool only_chosen);

#endif
