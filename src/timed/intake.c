#include "timed/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "common/clock.h"
#include "timed/datagram.h"
#include "timed/event.h"

enum {
  AT_ONCE = 64,       /* clients of one listener in a turn: a flood of new ones does not keep the old ones waiting */
  RETRY_MS = 100,     /* out of descriptors: until accept is tried again */
  STOP_RETRY_MS = 20, /* the same when the server stops */
  EPISODE_MS = 1000,  /* without a shortage, and the next one is news */
};

/*
 * TCP listeners in or out of the epoll set: out of it, clients wait in the backlog. To leave it in the set without any
 * event would not do, as errors are reported all the same.
 */
static void set_accepting(struct server *server, bool accepting)
{
  if (server->accepting == accepting)
    return;
  for (int i = 0; i < server->listeners.count; i++)
    if (!server->listeners.all[i].datagram)
      event_watch(server->epoll_fd, accepting ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, server->listeners.all[i].fd, EPOLLIN,
                  EVENT_LISTENER, (uint32_t)i);
  server->accepting = accepting;
}

/* Out of the epoll set first: an inherited one lives on with its owner, and would be reported for ever. */
static void close_listener(struct server *server, struct listener *listener)
{
  if (listener->fd < 0)
    return;
  epoll_ctl(server->epoll_fd, EPOLL_CTL_DEL, listener->fd, NULL);
  listener_close(listener);
}

/*
 * accept(2) passes on what went wrong on the network before it came, and says EPERM for a firewall's no: each means one
 * client, and the next one may be fine.
 */
static bool concerns_one_client(int error)
{
  switch (error) {
  case ECONNABORTED:
  case EINTR:
  case EPROTO:
  case ENETDOWN:
  case ENOPROTOOPT:
  case EHOSTDOWN:
  case ENONET:
  case EHOSTUNREACH:
  case ENETUNREACH:
  case EOPNOTSUPP:
  case EPERM:
  case ETIMEDOUT:
    return true;
  default:
    return false;
  }
}

static bool is_shortage(int error)
{
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/*
 * No descriptor or no memory for one more. An epoll that still held the listeners would report them again at once, for
 * ever. So they leave the set until a connection has ended, or for a while; then connections that have been draining
 * for as long make room, one for each client. False when one did, and accept is worth another try.
 */
static bool back_off(struct server *server, int error, int64_t now_ns)
{
  const int64_t retry_ns = clock_from_ms(server->phase == SERVER_SERVING ? RETRY_MS : STOP_RETRY_MS);

  if (now_ns - server->short_ns > clock_from_ms(EPISODE_MS))
    server->short_said = false;
  server->short_ns = now_ns;
  if (clients_evict(&server->clients, retry_ns, now_ns))
    return false;
  if (!server->short_said)
    log_line(&server->err, "timed: accept: %s: waiting for %s", strerror(error),
             error == EMFILE || error == ENFILE ? "descriptors" : "memory");
  server->short_said = true;
  server->short_active = server->clients.active;
  server->retry_ns = now_ns + retry_ns;
  set_accepting(server, false);
  return true;
}

/* Something no waiting mends: the owner of an inherited socket has shut it down, say. */
static void drop_listener(struct server *server, int place, int error)
{
  struct listener *listener = &server->listeners.all[place];
  char text[ADDRESS_TEXT];

  address_format(&listener->address, text);
  log_line(&server->err, "timed: %s: accept: %s: closed", text, strerror(error));
  close_listener(server, listener);
  server->status = EXIT_FAILURE;
}

enum accepted {
  ACCEPTED_ALL,     /* the queue is empty */
  ACCEPTED_SOME,    /* there may be more */
  ACCEPTED_BLOCKED, /* the next client has to wait, for a place or a descriptor */
};

/* Up to AT_ONCE clients of the listener at this place. */
static enum accepted accept_clients(struct server *server, int place, int64_t now_ns)
{
  const struct listener *listener = &server->listeners.all[place];

  for (int i = 0; i < AT_ONCE; i++) {
    union address peer;
    socklen_t length = sizeof peer;

    if (!clients_have_room(&server->clients)) {
      set_accepting(server, false); /* until a connection ends: see intake_resume */
      return ACCEPTED_BLOCKED;
    }
    memset(&peer, 0, sizeof peer);
    const int fd = accept4(listener->fd, &peer.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      listener_accepted(listener, fd);
      if (clients_full(&server->clients)) /* not sooner: now there is somebody to make room for */
        clients_evict(&server->clients, 0, now_ns);
      clients_admit(&server->clients, fd, &peer, &server->reply, now_ns);
    } else if (errno == EAGAIN) {
      return ACCEPTED_ALL;
    } else if (is_shortage(errno)) {
      if (back_off(server, errno, now_ns))
        return ACCEPTED_BLOCKED;
    } else if (!concerns_one_client(errno)) {
      drop_listener(server, place, errno);
      return ACCEPTED_ALL;
    }
  }
  return ACCEPTED_SOME;
}

static void answer_datagrams(struct server *server, const struct listener *listener)
{
  for (int i = 0; i < AT_ONCE; i++) {
    union address peer;
    char text[ADDRESS_TEXT] = "a client";
    const char *why;
    const enum datagram_result result =
        datagram_serve(listener->fd, server->reply.text, server->reply.length, server->datagram_ports,
                       server->datagram_port_count, &peer, &why);
    if (result == DATAGRAM_NONE)
      return;
    server->clients.counts.served += result == DATAGRAM_ANSWERED;
    server->clients.counts.rejected += result != DATAGRAM_ANSWERED;
    if (server->quiet)
      continue;
    if (peer.any.sa_family != AF_UNSPEC)
      address_format(&peer, text);
    if (result == DATAGRAM_ANSWERED)
      log_line(server->text, "Sending time to %s...Done.", text);
    else if (result == DATAGRAM_IGNORED)
      log_line(server->text, "Ignoring %s: %s", text, why);
    else
      log_line(server->text, "Sending time to %s...failed: %s", text, why);
  }
}

void intake_ready(struct server *server, int place, int64_t now_ns)
{
  const struct listener *listener = &server->listeners.all[place];
  if (listener->fd < 0)
    return;
  if (listener->datagram)
    answer_datagrams(server, listener);
  else if (server->accepting)
    accept_clients(server, place, now_ns);
}

void intake_resume(struct server *server, int64_t now_ns)
{
  if (server->accepting || server->phase >= SERVER_DRAINING)
    return;
  const bool waiting = server->retry_ns != INT64_MAX;
  if (waiting ? now_ns < server->retry_ns && server->clients.active >= server->short_active
              : !clients_have_room(&server->clients))
    return;
  server->retry_ns = INT64_MAX;
  set_accepting(server, true);
}

bool intake_accept_rest(struct server *server, int64_t now_ns)
{
  bool all = true;
  for (int i = 0; i < server->listeners.count; i++) {
    const struct listener *listener = &server->listeners.all[i];
    if (listener->fd < 0 || listener->datagram || listener->inherited)
      continue;
    const enum accepted accepted = accept_clients(server, i, now_ns);
    if (accepted == ACCEPTED_BLOCKED) /* else the next turn comes at once */
      server->empty_ns = now_ns + clock_from_ms(STOP_RETRY_MS);
    all = all && accepted == ACCEPTED_ALL;
  }
  return all;
}

void intake_close(struct server *server)
{
  for (int i = 0; i < server->listeners.count; i++) {
    if (server->listeners.all[i].fd >= 0 && server->listeners.all[i].datagram)
      answer_datagrams(server, &server->listeners.all[i]);
    close_listener(server, &server->listeners.all[i]);
  }
}

bool intake_is_open(const struct server *server)
{
  for (int i = 0; i < server->listeners.count; i++)
    if (server->listeners.all[i].fd >= 0)
      return true;
  return false;
}
