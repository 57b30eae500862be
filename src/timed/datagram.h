/*
 * The time by UDP: an answer to each datagram that may have one. Main thread; never waits.
 *
 * The sender's address of a datagram is easily forged, and whoever can make two servers answer each other has a loop
 * that never ends; one who makes a server answer a broadcast has many answers for one question. So there is no answer
 *
 *   - to a port below 1024, where echo, chargen, daytime, time and other answering services live
 *   - to a port that a socket of this server has itself
 *   - to a datagram as long as its answer or longer: of two servers with different answers, the longer falls silent
 *   - to a datagram that was sent to a broadcast or multicast address
 *
 * An answer leaves from the address that was asked: the asker's socket may be connected to it, and drop all others.
 */
#ifndef TIMED_DATAGRAM_H
#define TIMED_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "timed/address.h"

enum datagram_result {
  DATAGRAM_NONE, /* nothing waits */
  DATAGRAM_ANSWERED,
  DATAGRAM_IGNORED, /* *why says for what reason */
  DATAGRAM_FAILED,  /* *why is the error of receiving or sending */
};

/*
 * Takes one datagram from fd. own_ports are those that are never answered. *peer is the sender; not set for NONE, and
 * of family AF_UNSPEC where receiving failed.
 */
enum datagram_result datagram_serve(int fd, const char *reply, size_t length, const uint16_t *own_ports,
                                    size_t own_port_count, union address *peer, const char **why);

#endif
