/*
 * Both ends of TCP connections over 127.0.0.1, non-blocking, and waiting for them with a deadline.
 *
 *   struct loopback pair = loopback_open(LOOPBACK_SMALL);
 *   ...                         pair.server is what accept gave, pair.client the other end
 *   loopback_close(&pair);      closes what is still open: set an end to -1 that was closed or given away
 */
#ifndef TESTS_LOOPBACK_H
#define TESTS_LOOPBACK_H

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LOOPBACK_WAIT_MS = 5000 };

struct loopback {
  int server, client;
};

enum loopback_buffers { LOOPBACK_USUAL, LOOPBACK_SMALL /* of a few KiB on the way to the client */ };

/* True when fd has one of the events, an error or a hang-up; false after LOOPBACK_WAIT_MS. */
static inline bool loopback_wait(int fd, short events)
{
  struct pollfd wait = {.fd = fd, .events = events};
  int ready;
  do
    ready = poll(&wait, 1, LOOPBACK_WAIT_MS);
  while (ready < 0 && errno == EINTR);
  return ready == 1;
}

/* A socket of any port that listens; *address is where. */
static inline int loopback_listen(struct sockaddr_in *address)
{
  socklen_t length = sizeof *address;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (const struct sockaddr *)address, sizeof *address), 0);
  assert_int_equal(listen(fd, 64), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)address, &length), 0);
  return fd;
}

static inline struct loopback loopback_open(enum loopback_buffers buffers)
{
  struct sockaddr_in address;
  const int small = 2048;
  const int listener = loopback_listen(&address);
  struct loopback pair = {.server = -1, .client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  assert_true(pair.client >= 0);
  if (buffers == LOOPBACK_SMALL) /* before connect, which settles the window */
    assert_int_equal(setsockopt(pair.client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  assert_int_equal(connect(pair.client, (const struct sockaddr *)&address, sizeof address), 0);
  assert_true(loopback_wait(listener, POLLIN));
  pair.server = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  assert_true(pair.server >= 0);
  if (buffers == LOOPBACK_SMALL)
    assert_int_equal(setsockopt(pair.server, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
  close(listener);
  return pair;
}

static inline void loopback_close(struct loopback *pair)
{
  if (pair->server >= 0)
    close(pair->server);
  if (pair->client >= 0)
    close(pair->client);
  *pair = (struct loopback){.server = -1, .client = -1};
}

/* Ends the client's side with a reset, which has arrived at the server's end when this returns. */
static inline void loopback_reset(struct loopback *pair)
{
  const struct linger at_once = {.l_onoff = 1};
  assert_int_equal(setsockopt(pair->client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  close(pair->client);
  pair->client = -1;
  assert_true(loopback_wait(pair->server, 0)); /* POLLERR or POLLHUP */
}

/* Sends zeros to the client until there is no room for more, nor will there be before the client reads. */
static inline void loopback_fill(const struct loopback *pair)
{
  static const char zeros[4096];
  const time_t limit = time(NULL) + LOOPBACK_WAIT_MS / 1000;
  int queued, unsent;
  bool sent;
  do {
    /* What is under way makes room when it arrives, so it has to have arrived before a send is refused. */
    assert_int_equal(ioctl(pair->server, SIOCOUTQ, &queued), 0);
    assert_int_equal(ioctl(pair->server, SIOCOUTQNSD, &unsent), 0);
    sent = false;
    while (send(pair->server, zeros, sizeof zeros, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
      sent = true;
    assert_true(time(NULL) <= limit);
  } while (sent || queued != unsent);
}

/* Reads from the client's end up to its EOF, at most size bytes; how many there were. */
static inline size_t loopback_read_all(const struct loopback *pair, char *data, size_t size)
{
  size_t length = 0;
  while (length < size) {
    assert_true(loopback_wait(pair->client, POLLIN));
    const ssize_t got = recv(pair->client, data + length, size - length, MSG_DONTWAIT);
    assert_true(got >= 0);
    if (got == 0)
      return length;
    length += (size_t)got;
  }
  fail_msg("more than %zu bytes came", size - 1);
  return length;
}

#endif
