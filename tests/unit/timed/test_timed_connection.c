/* The life of a connection over real sockets: the reply arrives whole whatever the client does, and all lives end. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "loopback.h"
#include "timed/connection.h"

enum { BIG = 1 << 20 };

static const int64_t NOW_NS = 1000000000000;
static const int64_t MS_NS = 1000000;

static const char hello[] = "hello, client";

/* A reply that the sockets' buffers do not hold. */
static char *big_reply(void)
{
  char *reply = malloc(BIG);
  assert_non_null(reply);
  for (size_t i = 0; i < BIG; i++)
    reply[i] = (char)(i * 7 / 5 + i / 1000);
  return reply;
}

static bool is_open(int fd)
{
  return fcntl(fd, F_GETFD) >= 0;
}

/* Takes the pair's server end over, and has sent its reply. */
static struct connection draining(struct loopback *pair)
{
  struct connection connection = {.fd = -1};
  connection_start(&connection, pair->server, hello, sizeof hello, NOW_NS);
  assert_int_equal(connection.state, CONNECTION_DRAINING);
  pair->server = -1;
  return connection;
}

static void assert_ended(const struct connection *connection, int fd, bool reset, int error)
{
  assert_int_equal(connection->state, CONNECTION_ENDED);
  assert_int_equal(connection->fd, -1);
  assert_false(is_open(fd));
  assert_null(connection->rest);
  assert_int_equal(connection->reset, reset);
  assert_int_equal(connection->error, error);
}

static void assert_client_reads(const struct loopback *pair, const char *expected, size_t length)
{
  char text[256];
  assert_int_equal(loopback_read_all(pair, text, sizeof text), length);
  assert_memory_equal(text, expected, length);
}

/* Sends all of length bytes of nothing in particular, while the connection discards them. */
static void client_sends(const struct loopback *pair, struct connection *connection, size_t length)
{
  static const char zeros[4096];
  while (length > 0) {
    const size_t some = length < sizeof zeros ? length : sizeof zeros;
    assert_true(loopback_wait(pair->client, POLLOUT));
    const ssize_t sent = send(pair->client, zeros, some, MSG_DONTWAIT | MSG_NOSIGNAL);
    assert_true(sent > 0);
    length -= (size_t)sent;
    const size_t wanted = connection->drained + (size_t)sent;
    while (connection->state == CONNECTION_DRAINING && connection->drained < wanted) {
      assert_true(loopback_wait(connection->fd, POLLIN));
      connection_step(connection, NOW_NS);
    }
  }
}

static void reply_and_half_close(void **state)
{
  (void)state;
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  const int fd = pair.server;
  struct connection connection = draining(&pair);
  assert_int_equal(connection.fd, fd);
  assert_true(connection.deadline_ns == NOW_NS + CONNECTION_DRAIN_MS * MS_NS);
  assert_null(connection.rest);
  assert_false(connection.reset);

  /* The client sees the end right after the reply, and can go on to send. */
  assert_client_reads(&pair, hello, sizeof hello);
  client_sends(&pair, &connection, 10);
  assert_int_equal(connection.state, CONNECTION_DRAINING);
  assert_int_equal(connection.drained, 10);
  connection_step(&connection, NOW_NS + 1); /* nothing there: nothing happens, the deadline least of all */
  assert_int_equal(connection.state, CONNECTION_DRAINING);
  assert_true(connection.deadline_ns == NOW_NS + CONNECTION_DRAIN_MS * MS_NS);
  client_sends(&pair, &connection, 20);
  assert_int_equal(connection.drained, 30);

  assert_int_equal(shutdown(pair.client, SHUT_WR), 0);
  assert_true(loopback_wait(fd, POLLIN));
  connection_step(&connection, NOW_NS);
  assert_ended(&connection, fd, false, 0);
  loopback_close(&pair);
}

/* A client that talked first, or ended its direction first, gets the reply all the same. */
static void early_talk_and_early_end(void **state)
{
  (void)state;
  for (int end = 0; end < 2; end++) {
    struct loopback pair = loopback_open(LOOPBACK_USUAL);
    const int fd = pair.server;
    assert_int_equal(send(pair.client, "GET / HTTP/1.0\r\n\r\n", 18, 0), 18);
    if (end)
      assert_int_equal(shutdown(pair.client, SHUT_WR), 0);
    assert_true(loopback_wait(fd, POLLIN));
    struct connection connection = draining(&pair);
    assert_client_reads(&pair, hello, sizeof hello);
    connection_step(&connection, NOW_NS);
    assert_int_equal(connection.drained, 18);
    if (!end)
      assert_int_equal(shutdown(pair.client, SHUT_WR), 0);
    assert_true(loopback_wait(fd, POLLIN));
    connection_step(&connection, NOW_NS);
    assert_ended(&connection, fd, false, 0);
    loopback_close(&pair);
  }
}

/* Starts with a big reply that cannot go at once. */
static struct connection sending(struct loopback *pair, char *reply)
{
  struct connection connection = {.fd = -1};
  connection_start(&connection, pair->server, reply, BIG, NOW_NS);
  assert_int_equal(connection.state, CONNECTION_SENDING);
  assert_true(connection.rest_length > 0 && connection.rest_length < BIG);
  assert_true(connection.deadline_ns == NOW_NS + CONNECTION_SEND_MS * MS_NS);
  pair->server = -1;
  return connection;
}

static void partial_sends_are_resumed(void **state)
{
  (void)state;
  struct loopback pair = loopback_open(LOOPBACK_SMALL);
  const int fd = pair.server;
  char *reply = big_reply();
  char *expected = big_reply();
  char *got = malloc(BIG + 1);
  size_t length = 0;
  int steps = 0;
  assert_non_null(got);
  struct connection connection = sending(&pair, reply);
  memset(reply, 'x', BIG); /* the next second's */

  const size_t before = connection.rest_sent;
  for (int i = 0; i < 3; i++) /* no room: nothing happens */
    connection_step(&connection, NOW_NS + 1);
  assert_int_equal(connection.state, CONNECTION_SENDING);
  assert_true(connection.rest_sent < connection.rest_length && connection.rest_sent >= before);
  assert_true(connection.deadline_ns == NOW_NS + CONNECTION_SEND_MS * MS_NS);

  while (connection.state == CONNECTION_SENDING) {
    struct pollfd ends[] = {{.fd = fd, .events = POLLOUT}, {.fd = pair.client, .events = POLLIN}};
    assert_true(poll(ends, 2, LOOPBACK_WAIT_MS) > 0);
    if (ends[0].revents) {
      connection_step(&connection, NOW_NS + 7);
      steps++;
    }
    if (ends[1].revents) {
      const ssize_t some = recv(pair.client, got + length, BIG + 1 - length, MSG_DONTWAIT);
      assert_true(some > 0);
      length += (size_t)some;
    }
  }
  assert_true(steps > 1);
  assert_int_equal(connection.state, CONNECTION_DRAINING);
  assert_null(connection.rest);
  assert_true(connection.deadline_ns == NOW_NS + 7 + CONNECTION_DRAIN_MS * MS_NS);
  length += loopback_read_all(&pair, got + length, BIG + 1 - length);
  assert_int_equal(length, BIG);
  assert_memory_equal(got, expected, BIG);

  loopback_close(&pair);
  assert_true(loopback_wait(fd, POLLIN));
  connection_step(&connection, NOW_NS);
  assert_ended(&connection, fd, false, 0);
  free(reply);
  free(expected);
  free(got);
}

/* 64 KiB are discarded; who sends more is cut off with a reset, which does not cost what it had read before. */
static void drained_bytes_are_bounded(void **state)
{
  (void)state;
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  int fd = pair.server;
  struct connection connection = draining(&pair);
  client_sends(&pair, &connection, CONNECTION_DRAIN_BYTES);
  assert_int_equal(connection.state, CONNECTION_DRAINING);
  assert_int_equal(connection.drained, CONNECTION_DRAIN_BYTES);
  assert_int_equal(shutdown(pair.client, SHUT_WR), 0);
  assert_true(loopback_wait(fd, POLLIN));
  connection_step(&connection, NOW_NS);
  assert_ended(&connection, fd, false, 0);
  loopback_close(&pair);

  pair = loopback_open(LOOPBACK_USUAL);
  fd = pair.server;
  connection = draining(&pair);
  assert_client_reads(&pair, hello, sizeof hello);
  client_sends(&pair, &connection, CONNECTION_DRAIN_BYTES);
  assert_int_equal(send(pair.client, "more", 4, 0), 4);
  assert_true(loopback_wait(fd, POLLIN));
  while (connection.state == CONNECTION_DRAINING && loopback_wait(fd, POLLIN))
    connection_step(&connection, NOW_NS);
  assert_ended(&connection, fd, true, 0);
  int error = 0;
  socklen_t size = sizeof error;
  assert_true(loopback_wait(pair.client, 0)); /* POLLERR or POLLHUP */
  assert_int_equal(getsockopt(pair.client, SOL_SOCKET, SO_ERROR, &error, &size), 0);
  assert_true(error == ECONNRESET || error == EPIPE); /* EPIPE after our FIN */
  loopback_close(&pair);
}

static void resets_by_the_peer(void **state)
{
  (void)state;
  /* Before the reply. */
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  int fd = pair.server;
  struct connection connection = {.fd = -1};
  loopback_reset(&pair);
  connection_start(&connection, fd, hello, sizeof hello, NOW_NS);
  assert_ended(&connection, fd, true, ECONNRESET);

  /* In the middle of it. The send that comes first says which of the two it was, so either is right. */
  pair = loopback_open(LOOPBACK_SMALL);
  fd = pair.server;
  char *reply = big_reply();
  connection = sending(&pair, reply);
  pair.server = fd;
  loopback_reset(&pair);
  connection_step(&connection, NOW_NS);
  assert_true(connection.error == ECONNRESET || connection.error == EPIPE);
  assert_ended(&connection, fd, true, connection.error);
  free(reply);

  /* After it. */
  pair = loopback_open(LOOPBACK_USUAL);
  fd = pair.server;
  connection = draining(&pair);
  pair.server = fd;
  loopback_reset(&pair);
  connection_step(&connection, NOW_NS);
  assert_ended(&connection, fd, true, 0);
}

/* A client that closes with the reply unread resets: no error of ours, and the connection is over. */
static void closed_without_reading(void **state)
{
  (void)state;
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  const int fd = pair.server;
  struct connection connection = draining(&pair);
  assert_true(loopback_wait(pair.client, POLLIN));
  loopback_close(&pair);
  for (int i = 0; i < 2 && connection.state == CONNECTION_DRAINING; i++) {
    assert_true(loopback_wait(fd, POLLIN));
    connection_step(&connection, NOW_NS);
  }
  assert_ended(&connection, fd, true, 0);
}

static void ended_by_the_owner(void **state)
{
  (void)state;
  char *reply = big_reply();
  struct loopback pair = loopback_open(LOOPBACK_SMALL);
  int fd = pair.server;
  struct connection connection = sending(&pair, reply);
  connection_end(&connection);
  assert_ended(&connection, fd, false, 0);
  loopback_close(&pair);
  free(reply);

  pair = loopback_open(LOOPBACK_USUAL);
  fd = pair.server;
  connection = draining(&pair);
  connection_end(&connection);
  assert_ended(&connection, fd, false, 0);
  assert_client_reads(&pair, hello, sizeof hello);

  /* Over is over. */
  connection_end(&connection);
  connection_step(&connection, NOW_NS);
  assert_ended(&connection, fd, false, 0);
  loopback_close(&pair);

  struct connection fresh = {.fd = -1, .state = CONNECTION_NEW};
  connection_step(&fresh, NOW_NS);
  assert_int_equal(fresh.state, CONNECTION_NEW);
}

/* Nothing of a former connection is left in its place. */
static void places_are_used_again(void **state)
{
  (void)state;
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  struct connection connection = {.fd = -1, .state = CONNECTION_ENDED, .reset = true, .error = EPIPE, .drained = 65000};
  connection_start(&connection, pair.server, hello, sizeof hello, NOW_NS);
  assert_int_equal(connection.state, CONNECTION_DRAINING);
  assert_int_equal(connection.drained, 0);
  assert_int_equal(connection.error, 0);
  assert_false(connection.reset);
  pair.server = -1;
  connection_end(&connection);
  loopback_close(&pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reply_and_half_close),      cmocka_unit_test(early_talk_and_early_end),
      cmocka_unit_test(partial_sends_are_resumed), cmocka_unit_test(drained_bytes_are_bounded),
      cmocka_unit_test(resets_by_the_peer),        cmocka_unit_test(closed_without_reading),
      cmocka_unit_test(ended_by_the_owner),        cmocka_unit_test(places_are_used_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
