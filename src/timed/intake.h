/*
 * What comes in to the server: clients of the TCP listeners, datagrams of the UDP ones, and how much of it can be
 * taken. A part of the server's loop; main thread.
 */
#ifndef TIMED_INTAKE_H
#define TIMED_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "timed/state.h"

/* Epoll has something to say of the listener at this place. */
void intake_ready(struct server *server, int place, int64_t now_ns);

/* TCP listeners that were taken out of the epoll set come back when what was lacking may be there. */
void intake_resume(struct server *server, int64_t now_ns);

/*
 * After the grace, a turn's worth of the queue of each TCP listener. True when all are empty; the queue of an inherited
 * one stays, for the next server. Else the next turn comes at once or, when the next client has to wait for a place or
 * a descriptor, at ->empty_ns.
 */
bool intake_accept_rest(struct server *server, int64_t now_ns);

/* Answers the datagrams that wait, and closes all listeners. */
void intake_close(struct server *server);

bool intake_is_open(const struct server *server);

#endif
