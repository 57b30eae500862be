#include "timed/listeners.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "common/message.h"

enum { PORT_TRIES = 32 };

/* Opens one more. 0, or an errno value. */
static int open_one(struct listeners *listeners, const union address *address, bool datagram, bool port_chosen)
{
  if (listeners->count == LISTENERS_MAX)
    return EMFILE;
  struct listener *listener = &listeners->all[listeners->count];
  const int error = listener_open(listener, address, datagram);
  listener->port_chosen = port_chosen;
  listeners->count += error == 0;
  return error;
}

static void close_from(struct listeners *listeners, int first)
{
  while (listeners->count > first)
    listener_close(&listeners->all[--listeners->count]);
}

static void say_failure(const union address *address, int error, const char *consequence)
{
  char text[ADDRESS_TEXT];
  const char *hint = "";
  if (error == EACCES)
    hint = " (ports below 1024 are for root, or for CAP_NET_BIND_SERVICE)";
  else if (error == EINVAL && address->any.sa_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&address->v6.sin6_addr))
    hint = " (a link-local address needs its interface, such as [fe80::1%eth0])";
  address_format(address, text);
  message("%s: cannot listen: %s%s%s", text, strerror(error), hint, consequence);
}

/*
 * All addresses with one port, the first socket's if it is to be chosen. On failure none is open, and *failed is the
 * address in question.
 */
static int open_all(struct listeners *listeners, const union address *found, int count, bool udp, bool all_needed,
                    union address *failed)
{
  const int first = listeners->count;
  uint16_t port = address_port(&found[0]);
  const bool port_chosen = port == 0;
  int error = 0;
  int left_out = 0;

  for (int i = 0; i < count; i++) {
    union address address = found[i];
    address_set_port(&address, port);
    error = open_one(listeners, &address, false, port_chosen);
    if (error == 0 && udp) {
      address = listeners->all[listeners->count - 1].address;
      error = open_one(listeners, &address, true, port_chosen);
    } else if (!all_needed && (error == EAFNOSUPPORT || error == EADDRNOTAVAIL)) {
      if (!address_is_any(&address))
        say_failure(&address, error, ": left out");
      *failed = address;
      left_out = error;
      continue;
    }
    if (error) {
      *failed = address;
      close_from(listeners, first);
      return error;
    }
    if (port_chosen)
      port = address_port(&listeners->all[listeners->count - 1].address);
  }
  return listeners->count > first ? 0 : left_out;
}

bool listeners_open(struct listeners *listeners, const struct address_name *name, bool udp)
{
  union address found[ADDRESS_RESOLVED];
  union address failed;
  int count;

  const int unknown = address_resolve(name, found, &count);
  if (unknown) {
    const bool v6 = strchr(name->host, ':') != NULL;
    message("--listen %s%s%s:%u: %s", v6 ? "[" : "", name->host, v6 ? "]" : "", name->port,
            unknown == EAI_SYSTEM ? strerror(errno) : gai_strerror(unknown));
    return false;
  }
  /* A port that is free for one family or protocol may be taken for another: then a new one is chosen for all. */
  int error = EADDRINUSE;
  for (int i = 0; error == EADDRINUSE && i < (name->port == 0 ? PORT_TRIES : 1); i++)
    error = open_all(listeners, found, count, udp, count == 1, &failed);
  if (error == 0)
    return true;
  say_failure(&failed, error, "");
  return false;
}

bool listeners_adopt(struct listeners *listeners, int first, int count)
{
  for (int fd = first; fd < first + count; fd++) {
    const char *fault =
        listeners->count == LISTENERS_MAX ? "one too many" : listener_adopt(&listeners->all[listeners->count], fd);
    if (fault) {
      message("descriptor %d of LISTEN_FDS: %s", fd, fault);
      return false;
    }
    listeners->count++;
  }
  return true;
}

void listeners_announce(const struct listeners *listeners, struct log *log, bool only_chosen)
{
  uint16_t said_port = 0; /* both families of "all addresses" are one place */

  for (int i = 0; i < listeners->count; i++) {
    const struct listener *listener = &listeners->all[i];
    const uint16_t port = address_port(&listener->address);
    char text[ADDRESS_TEXT];

    if ((only_chosen && !listener->port_chosen) || (listener->datagram && !listener->inherited))
      continue;
    const char *udp = listener->datagram ? " (UDP)" : "";
    if (!address_is_any(&listener->address)) {
      address_format(&listener->address, text);
      log_line(log, "Time Server starting on %s%s...", text, udp);
    } else if (port != said_port || listener->datagram) {
      log_line(log, "Time Server starting on port %u%s...", port, udp);
      said_port = port;
    }
  }
}
