/* Sockets that wait for clients: how they are set up, which of others are taken over, and how new clients are held back. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "loopback.h"
#include "timed/listener.h"

static union address v4(const char *host, uint16_t port)
{
  union address address = {.v4 = {.sin_family = AF_INET, .sin_port = htons(port)}};
  assert_int_equal(inet_pton(AF_INET, host, &address.v4.sin_addr), 1);
  return address;
}

static union address v6(const struct in6_addr *host, uint16_t port)
{
  return (union address){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = *host}};
}

static int option(int fd, int level, int name)
{
  int value = -1;
  socklen_t length = sizeof value;
  assert_int_equal(getsockopt(fd, level, name, &value, &length), 0);
  return value;
}

static void assert_prepared(const struct listener *listener, bool datagram, int family)
{
  const int fd = listener->fd;
  assert_true(fd >= 0);
  assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
  assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
  assert_int_equal(option(fd, SOL_SOCKET, SO_TYPE), datagram ? SOCK_DGRAM : SOCK_STREAM);
  assert_int_equal(option(fd, SOL_SOCKET, SO_DOMAIN), family);
  assert_int_equal(option(fd, SOL_SOCKET, SO_REUSEADDR), datagram ? 0 : 1);
  assert_int_equal(option(fd, SOL_SOCKET, SO_REUSEPORT), 0);
  if (family == AF_INET6)
    assert_int_equal(option(fd, IPPROTO_IPV6, IPV6_V6ONLY), 1);
  if (datagram && family == AF_INET)
    assert_int_equal(option(fd, IPPROTO_IP, IP_PKTINFO), 1);
  if (datagram && family == AF_INET6)
    assert_int_equal(option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO), 1);
  if (!datagram) {
    assert_int_equal(option(fd, SOL_SOCKET, SO_ACCEPTCONN), 1);
    assert_int_equal(option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT), 0);
  }
  assert_int_equal(listener->datagram, datagram);
  assert_false(listener->inherited);
  assert_int_equal(listener->address.any.sa_family, family);
  assert_int_not_equal(address_port(&listener->address), 0);
}

static void opened_as_promised(void **state)
{
  (void)state;
  const union address addresses[] = {v4("127.0.0.1", 0), v6(&in6addr_loopback, 0), v4("0.0.0.0", 0),
                                     v6(&in6addr_any, 0)};
  for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
    for (int datagram = 0; datagram < 2; datagram++) {
      struct listener listener;
      const int error = listener_open(&listener, &addresses[i], datagram);
      if (addresses[i].any.sa_family == AF_INET6 && (error == EAFNOSUPPORT || error == EADDRNOTAVAIL))
        continue; /* a machine without IPv6 */
      assert_int_equal(error, 0);
      assert_prepared(&listener, datagram, addresses[i].any.sa_family);
      assert_int_equal(address_is_any(&listener.address), i >= 2);
      const int fd = listener.fd;
      listener_close(&listener);
      assert_int_equal(listener.fd, -1);
      assert_int_equal(fcntl(fd, F_GETFD), -1);
      listener_close(&listener);
    }
}

/* Both families have the same port side by side, and TCP and UDP, too. */
static void neighbours(void **state)
{
  (void)state;
  struct listener tcp;
  struct listener udp;
  struct listener six;
  union address address = v4("0.0.0.0", 0);
  assert_int_equal(listener_open(&tcp, &address, false), 0);
  const uint16_t port = address_port(&tcp.address);
  address = v6(&in6addr_any, port);
  const int error = listener_open(&six, &address, false);
  if (error != 0)
    assert_int_equal(error, EAFNOSUPPORT);
  if (listener_open(&udp, &tcp.address, true) == 0)
    assert_int_equal(address_port(&udp.address), port);
  listener_close(&tcp);
  listener_close(&six);
  listener_close(&udp);
}

static void failures_leave_nothing_open(void **state)
{
  (void)state;
  const int lowest = dup(STDIN_FILENO);
  close(lowest);
  for (int datagram = 0; datagram < 2; datagram++) {
    struct listener first;
    struct listener second;
    union address address = v4("127.0.0.1", 0);
    assert_int_equal(listener_open(&first, &address, datagram), 0);
    assert_int_equal(listener_open(&second, &first.address, datagram), EADDRINUSE);
    assert_int_equal(second.fd, -1);
    listener_close(&second);
    listener_close(&first);
    address = v4("192.0.2.1", 0); /* of no machine */
    assert_int_equal(listener_open(&second, &address, datagram), EADDRNOTAVAIL);
    assert_int_equal(second.fd, -1);
    address = (union address){.any = {.sa_family = AF_MAX}};
    assert_int_not_equal(listener_open(&second, &address, datagram), 0);
    assert_int_equal(second.fd, -1);
  }
  const int again = dup(STDIN_FILENO);
  close(again);
  assert_int_equal(again, lowest);
}

/* A server that is started again is not kept out by the TIME_WAIT of a connection that its predecessor ended. */
static void started_again(void **state)
{
  (void)state;
  struct listener listener;
  union address address = v4("127.0.0.1", 0);
  assert_int_equal(listener_open(&listener, &address, false), 0);
  address = listener.address;
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(connect(client, &address.any, address_length(&address)), 0);
  assert_true(loopback_wait(listener.fd, POLLIN));
  const int server = accept(listener.fd, NULL, NULL);
  assert_true(server >= 0);
  close(server);
  char byte;
  assert_true(loopback_wait(client, POLLIN));
  assert_int_equal(recv(client, &byte, 1, 0), 0);
  close(client);
  listener_close(&listener);
  assert_int_equal(listener_open(&listener, &address, false), 0);
  listener_close(&listener);
}

static int bound(int type, const union address *address)
{
  const int fd = socket(address->any.sa_family, type | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, &address->any, address_length(address)), 0);
  return fd;
}

static void adopt_faults(void **state)
{
  (void)state;
  const union address loopback = v4("127.0.0.1", 0);
  const struct sockaddr_un unnamed = {.sun_family = AF_UNIX};
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  const int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(local, (const struct sockaddr *)&unnamed, sizeof unnamed.sun_family), 0);
  assert_int_equal(listen(local, 1), 0);
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  const struct {
    int fd;
    const char *fault;
  } table[] = {
      {memfd_create("file", MFD_CLOEXEC), "not a socket"},
      {ends[0], "not a socket"},
      {1000000, "not a socket"},
      {-1, "not a socket"},
      {local, "neither IPv4 nor IPv6"},
      {socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "neither IPv4 nor IPv6"},
      {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "a TCP socket that does not listen"},
      {bound(SOCK_STREAM, &loopback), "a TCP socket that does not listen"},
      {pair.server, "a TCP socket that does not listen"},
      {socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "a UDP socket without a port"},
      {socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP), "neither TCP nor UDP"}, /* for root only */
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    struct listener listener;
    if (table[i].fd < 0 && strcmp(table[i].fault, "neither TCP nor UDP") == 0)
      continue;
    const int flags = fcntl(table[i].fd, F_GETFL);
    const char *fault = listener_adopt(&listener, table[i].fd);
    if (!fault || strncmp(fault, table[i].fault, strlen(table[i].fault)) != 0)
      fail_msg("row %zu: %s", i, fault ? fault : "taken");
    assert_int_equal(fcntl(table[i].fd, F_GETFL), flags); /* and not closed */
    if (table[i].fd >= 0 && table[i].fd < 1000000)
      close(table[i].fd);
  }
  close(ends[1]);
  pair.server = -1;
  loopback_close(&pair);
}

static void adopted_as_they_are(void **state)
{
  (void)state;
  const union address loopback = v4("127.0.0.1", 0);
  for (int datagram = 0; datagram < 2; datagram++) {
    const int fd = bound(datagram ? SOCK_DGRAM : SOCK_STREAM, &loopback);
    union address address;
    socklen_t length = sizeof address;
    struct listener listener;
    if (!datagram)
      assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, &address.any, &length), 0);
    assert_null(listener_adopt(&listener, fd));
    assert_int_equal(listener.fd, fd);
    assert_true(listener.inherited);
    assert_int_equal(listener.datagram, datagram);
    assert_int_equal(address_port(&listener.address), address_port(&address));
    assert_int_equal(listener.address.v4.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_int_equal(option(fd, IPPROTO_IP, IP_PKTINFO), datagram);
    listener_close(&listener);
    assert_int_equal(listener.fd, -1);
  }
}

/* Begins to connect, and does not wait for it. */
static int begin(const struct listener *listener)
{
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  if (connect(fd, &listener->address.any, address_length(&listener->address)) != 0)
    assert_int_equal(errno, EINPROGRESS);
  return fd;
}

static bool connected(int fd)
{
  struct pollfd wait = {.fd = fd, .events = POLLOUT};
  return poll(&wait, 1, 0) == 1;
}

/* Gives CAP_NET_ADMIN up, or takes it back; without, what is to be given up is not there. */
static void set_administrator(bool on)
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  const uint32_t bit = UINT32_C(1) << CAP_NET_ADMIN;
  assert_int_equal(syscall(SYS_capget, &header, data), 0);
  data[0].effective = (data[0].effective & ~bit) | (on ? data[0].permitted & bit : 0);
  assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void hold_back_new_clients(void)
{
  enum { WAITING = 3 };
  const union address address = v4("127.0.0.1", 0);
  struct listener held;
  struct listener other;
  int clients[WAITING];
  assert_int_equal(listener_open(&held, &address, false), 0);
  assert_int_equal(listener_open(&other, &address, false), 0);
  for (int i = 0; i < WAITING; i++) {
    clients[i] = begin(&held);
    assert_true(loopback_wait(clients[i], POLLOUT));
  }
  assert_int_equal(listener_hold_back(&held), 0);
  assert_int_equal(held.held_by_ttl, option(held.fd, IPPROTO_IP, IP_MINTTL) != 0);

  /* One that comes now hears nothing, no refusal either; one that comes later elsewhere is through. */
  const int late = begin(&held);
  const int control = begin(&other);
  assert_true(loopback_wait(control, POLLOUT));
  assert_false(connected(late));
  assert_int_equal(option(late, SOL_SOCKET, SO_ERROR), 0);
  struct tcp_info info;
  socklen_t length = sizeof info;
  assert_int_equal(getsockopt(late, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
  assert_int_equal(info.tcpi_state, TCP_SYN_SENT);

  /* Those that were in the queue are accepted, talk and hear the end. */
  for (int i = 0; i < WAITING; i++) {
    char bytes[4] = "";
    assert_true(loopback_wait(held.fd, POLLIN));
    struct loopback pair = {.server = accept4(held.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), .client = clients[i]};
    assert_true(pair.server >= 0);
    listener_accepted(&held, pair.server);
    assert_int_equal(option(pair.server, IPPROTO_IP, IP_MINTTL), 0);
    assert_int_equal(send(pair.client, "a", 1, 0), 1);
    assert_true(loopback_wait(pair.server, POLLIN));
    assert_int_equal(recv(pair.server, bytes, 1, 0), 1);
    assert_int_equal(send(pair.server, bytes, 1, 0), 1);
    assert_int_equal(shutdown(pair.server, SHUT_WR), 0);
    assert_int_equal(loopback_read_all(&pair, bytes, sizeof bytes), 1);
    assert_int_equal(bytes[0], 'a');
    assert_int_equal(shutdown(pair.client, SHUT_WR), 0);
    assert_true(loopback_wait(pair.server, POLLIN));
    assert_int_equal(recv(pair.server, bytes, 1, 0), 0);
    loopback_close(&pair);
  }
  assert_int_equal(accept(held.fd, NULL, NULL), -1);
  assert_int_equal(errno, EAGAIN);
  assert_false(connected(late));
  close(late);
  close(control);
  listener_close(&held);
  listener_close(&other);
}

static void new_clients_are_held_back(void **state)
{
  (void)state;
  hold_back_new_clients();
  set_administrator(false); /* newer kernels allow a filter to those only */
  hold_back_new_clients();
  set_administrator(true);
}

/* A connection that was completed while others were held back hears its client again. */
static void what_is_accepted_is_lifted(void **state)
{
  (void)state;
  struct loopback pair = loopback_open(LOOPBACK_USUAL);
  const int high = 255;
  struct listener listener = {.fd = -1, .address = v4("127.0.0.1", 0)};
  assert_int_equal(setsockopt(pair.server, IPPROTO_IP, IP_MINTTL, &high, sizeof high), 0);
  listener_accepted(&listener, pair.server); /* nothing was done to its listener: it is left alone */
  assert_int_equal(option(pair.server, IPPROTO_IP, IP_MINTTL), high);
  listener.held_by_ttl = true;
  listener_accepted(&listener, pair.server);
  assert_int_equal(option(pair.server, IPPROTO_IP, IP_MINTTL), 0);
  loopback_close(&pair);
}

/* What is done to an inherited listener would outlive us, and datagrams are answered to the end. */
static void others_are_not_held_back(void **state)
{
  (void)state;
  const union address address = v4("127.0.0.1", 0);
  struct listener listener;
  const int fd = bound(SOCK_STREAM, &address);
  assert_int_equal(listen(fd, 1), 0);
  assert_null(listener_adopt(&listener, fd));
  assert_int_equal(listener_hold_back(&listener), 0);
  const int client = begin(&listener);
  assert_true(loopback_wait(client, POLLOUT));
  assert_true(loopback_wait(fd, POLLIN));
  close(client);
  listener_close(&listener);

  assert_int_equal(listener_open(&listener, &address, true), 0);
  assert_int_equal(listener_hold_back(&listener), 0);
  const int asker = bound(SOCK_DGRAM, &address);
  assert_int_equal(sendto(asker, "", 0, 0, &listener.address.any, address_length(&listener.address)), 0);
  assert_true(loopback_wait(listener.fd, POLLIN));
  close(asker);
  listener_close(&listener);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opened_as_promised),
      cmocka_unit_test(neighbours),
      cmocka_unit_test(failures_leave_nothing_open),
      cmocka_unit_test(started_again),
      cmocka_unit_test(adopt_faults),
      cmocka_unit_test(adopted_as_they_are),
      cmocka_unit_test(new_clients_are_held_back),
      cmocka_unit_test(what_is_accepted_is_lifted),
      cmocka_unit_test(others_are_not_held_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
