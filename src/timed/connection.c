#include "timed/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"

void connection_end(struct connection *connection)
{
  if (connection->fd >= 0)
    close(connection->fd);
  connection->fd = -1;
  free(connection->rest);
  connection->rest = NULL;
  connection->state = CONNECTION_ENDED;
}

static void fail(struct connection *connection, int error)
{
  connection->error = error;
  connection->reset = error == ECONNRESET || error == EPIPE;
  connection_end(connection);
}

static void half_close(struct connection *connection, int64_t now_ns)
{
  free(connection->rest);
  connection->rest = NULL;
  if (shutdown(connection->fd, SHUT_WR) != 0) { /* ENOTCONN: the peer's reset came between the two calls */
    fail(connection, ECONNRESET);
    return;
  }
  connection->state = CONNECTION_DRAINING;
  connection->deadline_ns = now_ns + clock_from_ms(CONNECTION_DRAIN_MS);
}

/*
 * As much as the kernel takes. MSG_NOSIGNAL: a peer that has gone is an error of this call, no signal to the process.
 * MSG_MORE: the FIN of the half-close that follows travels in the segment of the reply, which saves the client a
 * wake-up; SHUT_WR sends what was held back.
 */
static ssize_t send_some(int fd, const char *data, size_t length)
{
  ssize_t sent;
  do
    sent = send(fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT | MSG_MORE);
  while (sent < 0 && errno == EINTR);
  if (sent < 0 && errno == EAGAIN)
    return 0;
  return sent;
}

void connection_start(struct connection *connection, int fd, const char *reply, size_t length, int64_t now_ns)
{
  connection->fd = fd;
  connection->state = CONNECTION_SENDING;
  connection->reset = false;
  connection->error = 0;
  connection->deadline_ns = now_ns + clock_from_ms(CONNECTION_SEND_MS);
  connection->rest = NULL;
  connection->drained = 0;

  const ssize_t sent = send_some(fd, reply, length);
  if (sent < 0) {
    fail(connection, errno);
    return;
  }
  if ((size_t)sent == length) {
    half_close(connection, now_ns);
    return;
  }
  connection->rest_length = length - (size_t)sent;
  connection->rest_sent = 0;
  connection->rest = malloc(connection->rest_length);
  if (!connection->rest)
    fail(connection, ENOMEM);
  else
    memcpy(connection->rest, reply + sent, connection->rest_length);
}

static void step_sending(struct connection *connection, int64_t now_ns)
{
  const ssize_t sent = send_some(connection->fd, connection->rest + connection->rest_sent,
                                 connection->rest_length - connection->rest_sent);
  if (sent < 0)
    fail(connection, errno);
  else if ((connection->rest_sent += (size_t)sent) == connection->rest_length)
    half_close(connection, now_ns);
}

static void step_draining(struct connection *connection)
{
  /* MSG_TRUNC lets TCP throw the bytes away without copying them (tcp(7)). */
  const size_t left = CONNECTION_DRAIN_BYTES - connection->drained;
  const ssize_t got = recv(connection->fd, NULL, left + 1, MSG_TRUNC | MSG_DONTWAIT);

  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (got > 0 && (size_t)got <= left) {
    connection->drained += (size_t)got;
    return;
  }
  connection->reset = got != 0; /* 0 is the peer's end; else the peer's reset, or too many bytes and our own */
  connection_end(connection);
}

void connection_step(struct connection *connection, int64_t now_ns)
{
  switch (connection->state) {
  case CONNECTION_SENDING:
    step_sending(connection, now_ns);
    break;
  case CONNECTION_DRAINING:
    step_draining(connection);
    break;
  case CONNECTION_NEW:
  case CONNECTION_ENDED:
    break;
  }
}
