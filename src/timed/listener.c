#include "timed/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int set(int fd, int level, int option, int value)
{
  return setsockopt(fd, level, option, &value, sizeof value);
}

/* Datagrams are answered from the address that they were sent to, so each must come with it. */
static int ask_for_destination(int fd, int family)
{
  /* An IPv6 socket that serves IPv4, too, tells of the latter in its own way. */
  if (set(fd, IPPROTO_IP, IP_PKTINFO, 1) != 0 && family == AF_INET)
    return -1;
  return family == AF_INET6 ? set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) : 0;
}

static int name(struct listener *listener)
{
  socklen_t length = sizeof listener->address;
  memset(&listener->address, 0, sizeof listener->address);
  return getsockname(listener->fd, &listener->address.any, &length);
}

static int prepare(struct listener *listener, const union address *address)
{
  const int fd = listener->fd;

  /*
   * A server that is started again finds connections of its predecessor in TIME_WAIT, which would make bind fail for a
   * minute. Not for UDP, which has no such state: there the option would let two servers share a port, and one starve.
   */
  if (!listener->datagram && set(fd, SOL_SOCKET, SO_REUSEADDR, 1) != 0)
    return -1;
  /* Each family has a socket of its own, whatever /proc/sys/net/ipv6/bindv6only says. */
  if (address->any.sa_family == AF_INET6 && set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) != 0)
    return -1;
  if (listener->datagram && ask_for_destination(fd, address->any.sa_family) != 0)
    return -1;
  if (bind(fd, &address->any, address_length(address)) != 0)
    return -1;
  /*
   * The longest queue that the system allows (net.core.somaxconn cuts it): a burst waits instead of being dropped.
   * TCP_DEFER_ACCEPT stays off: it holds a connection back until its client has spoken, and here the server speaks
   * first.
   */
  if (!listener->datagram && listen(fd, SOMAXCONN) != 0)
    return -1;
  return name(listener);
}

int listener_open(struct listener *listener, const union address *address, bool datagram)
{
  /*
   * Non-blocking: a client that poll announced may be gone when accept comes, which then would wait for the next one.
   * Close-on-exec: no child of ours, should there ever be one, keeps the port in use.
   */
  const int type = (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  *listener = (struct listener){.fd = socket(address->any.sa_family, type, 0), .datagram = datagram};
  if (listener->fd < 0)
    return errno;
  if (prepare(listener, address) != 0) {
    const int error = errno;
    close(listener->fd);
    listener->fd = -1;
    return error;
  }
  return 0;
}

static bool option_is(int fd, int option, int *value)
{
  socklen_t length = sizeof *value;
  return getsockopt(fd, SOL_SOCKET, option, value, &length) == 0;
}

const char *listener_adopt(struct listener *listener, int fd)
{
  struct stat about;
  int domain = 0;
  int type = 0;
  int listening = 0;

  *listener = (struct listener){.fd = fd, .inherited = true};
  if (fstat(fd, &about) != 0 || !S_ISSOCK(about.st_mode))
    return "not a socket";
  if (!option_is(fd, SO_DOMAIN, &domain) || !option_is(fd, SO_TYPE, &type) || !option_is(fd, SO_ACCEPTCONN, &listening))
    return strerror(errno);
  if (domain != AF_INET && domain != AF_INET6)
    return "neither IPv4 nor IPv6";
  if (type != SOCK_STREAM && type != SOCK_DGRAM)
    return "neither TCP nor UDP";
  if (type == SOCK_STREAM && !listening)
    return "a TCP socket that does not listen (in a .socket unit, Accept=no is right)";
  listener->datagram = type == SOCK_DGRAM;
  if (name(listener) != 0)
    return strerror(errno);
  if (listener->datagram && address_port(&listener->address) == 0)
    return "a UDP socket without a port";
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
    return strerror(errno);
  if (listener->datagram && ask_for_destination(fd, domain) != 0)
    return strerror(errno);
  return NULL;
}

/* A time to live, or in IPv6 a hop count, that packets must have at least to be heard; 0 for any. */
static int set_minimum_ttl(const struct listener *listener, int fd, int ttl)
{
  return listener->address.any.sa_family == AF_INET ? set(fd, IPPROTO_IP, IP_MINTTL, ttl)
                                                    : set(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, ttl);
}

int listener_hold_back(struct listener *listener)
{
  /*
   * A filter on a TCP socket sees segments from their TCP header on; byte 13 holds the flags. Of the segments that a
   * listener gets, a SYN without ACK opens a connection, all others belong to one that has begun.
   */
  enum { FLAGS = 13, SYN = 0x02, ACK = 0x10, DROP = 0, TTL_MAX = 255 };
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS),      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN | ACK),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN, 0, 1), BPF_STMT(BPF_RET | BPF_K, DROP),
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
  };
  const struct sock_fprog filter = {.len = sizeof program / sizeof program[0], .filter = program};

  if (listener->datagram || listener->inherited ||
      setsockopt(listener->fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0)
    return 0;
  if (set_minimum_ttl(listener, listener->fd, TTL_MAX) != 0)
    return errno;
  listener->held_by_ttl = true;
  return 0;
}

void listener_accepted(const struct listener *listener, int fd)
{
  if (listener->held_by_ttl)
    set_minimum_ttl(listener, fd, 0);
}

void listener_close(struct listener *listener)
{
  if (listener->fd >= 0)
    close(listener->fd);
  listener->fd = -1;
}
