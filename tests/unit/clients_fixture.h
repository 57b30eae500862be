/* Clients with their epoll set and a log to look at, and ways to come in: each function says what it expects. */
#ifndef TESTS_CLIENTS_FIXTURE_H
#define TESTS_CLIENTS_FIXTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "loopback.h"
#include "timed/clients.h"

static const int64_t NOW_NS = 1000000000000;
static const int64_t MS_NS = 1000000;
static const int64_t DRAIN_NS = CONNECTION_DRAIN_MS * INT64_C(1000000);
static const int64_t SEND_NS = CONNECTION_SEND_MS * INT64_C(1000000);

static const struct reply reply = {.text = "the time", .length = 8};

/* Clients with their epoll and a log whose lines stay in its buffer. */
struct fixture {
  struct clients clients;
  struct log log;
};

static inline void fixture_init(struct fixture *fixture, size_t capacity, uint32_t max_per_source)
{
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  assert_true(epoll_fd >= 0);
  log_open(&fixture->log, STDOUT_FILENO, false);
  assert_true(clients_init(&fixture->clients, capacity, max_per_source, epoll_fd, &fixture->log));
}

static inline void fixture_destroy(struct fixture *fixture)
{
  clients_destroy(&fixture->clients);
  close(fixture->clients.epoll_fd);
  fixture->log.outlet.start = fixture->log.outlet.end;
  log_close(&fixture->log);
}

static inline void assert_said(struct fixture *fixture, const char *expected)
{
  const struct outlet *outlet = &fixture->log.outlet;
  const size_t length = outlet_waiting(outlet);
  const char *said = length > 0 ? outlet->buffer + outlet->start : "";
  if (length != strlen(expected) || memcmp(said, expected, length) != 0)
    fail_msg("said '%.*s', not '%s'", (int)length, said, expected);
  fixture->log.outlet.start = fixture->log.outlet.end;
}

/* Peers are what the caller says they are: sources need no interfaces. */
static inline union address v4(uint32_t host, uint16_t port)
{
  return (union address){.v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(host), .sin_port = htons(port)}};
}

static inline union address v6(uint8_t subnet, uint8_t host)
{
  return (union address){.v6 = {.sin6_family = AF_INET6,
                                .sin6_port = htons(1),
                                .sin6_addr.s6_addr = {[0] = 0x20, [1] = 0x01, [7] = subnet, [15] = host}}};
}

/* One more client from that peer, not looked at since; the other end is left to the caller. */
static inline struct loopback admit_fresh(struct fixture *fixture, union address peer, int64_t now_ns)
{
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  clients_admit(&fixture->clients, pair.server, &peer, &reply, now_ns);
  return pair;
}

static inline struct loopback admit(struct fixture *fixture, union address peer, int64_t now_ns)
{
  const struct loopback pair = admit_fresh(fixture, peer, now_ns);
  clients_look(&fixture->clients, true, now_ns);
  return pair;
}

/* A client on whose way there is no room for a reply. */
static inline struct loopback admit_slow(struct fixture *fixture, int64_t now_ns)
{
  const union address peer = v4(2, 2);
  struct loopback pair = loopback_open(LOOPBACK_SMALL);
  loopback_fill(&pair);
  clients_admit(&fixture->clients, pair.server, &peer, &reply, now_ns);
  return pair;
}

static inline bool is_open(int fd)
{
  return fcntl(fd, F_GETFD) >= 0;
}

/* The place that epoll has something to say of. */
static inline size_t wait_for_place(const struct fixture *fixture)
{
  struct epoll_event event;
  assert_int_equal(epoll_wait(fixture->clients.epoll_fd, &event, 1, LOOPBACK_WAIT_MS), 1);
  return (size_t)event.data.u64;
}

static inline void assert_reply(const struct loopback *pair)
{
  char text[64];
  assert_int_equal(loopback_read_all(pair, text, sizeof text), reply.length);
  assert_memory_equal(text, reply.text, reply.length);
}

#endif
