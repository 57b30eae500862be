#include "timed/clients.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/clock.h"
#include "timed/event.h"

bool clients_init(struct clients *clients, size_t capacity, uint32_t max_per_source, int epoll_fd, struct log *log)
{
  *clients = (struct clients){.pool = calloc(capacity, sizeof *clients->pool),
                              .capacity = capacity,
                              .max_per_source = max_per_source,
                              .epoll_fd = epoll_fd,
                              .log = log};
  return clients->pool && (max_per_source == 0 || sources_init(&clients->sources, capacity));
}

static void list_append(struct client_list *list, struct connection *connection)
{
  connection->older = list->newest;
  connection->newer = NULL;
  if (list->newest)
    list->newest->newer = connection;
  else
    list->oldest = connection;
  list->newest = connection;
}

static void list_remove(struct client_list *list, struct connection *connection)
{
  if (connection->older)
    connection->older->newer = connection->newer;
  else
    list->oldest = connection->newer;
  if (connection->newer)
    connection->newer->older = connection->older;
  else
    list->newest = connection->older;
}

/* Where a connection is when its state is SENDING or DRAINING. */
static struct client_list *list_of(struct clients *clients, const struct connection *connection,
                                   enum connection_state state)
{
  if (state == CONNECTION_SENDING)
    return &clients->sending;
  return connection->watched ? &clients->draining : &clients->fresh;
}

static void give_back(struct clients *clients, struct connection *connection)
{
  connection->newer = clients->free;
  clients->free = connection;
  clients->active--;
  if (clients->max_per_source > 0)
    sources_remove(&clients->sources, address_source(&connection->peer));
}

/* Counts and logs that the reply went out or failed to, once for each connection. */
static void log_reply(struct clients *clients, const struct connection *connection, int error)
{
  char peer[ADDRESS_TEXT];

  clients->counts.served += error == 0;
  if (clients->latency && error == 0)
    percentiles_add(clients->latency, clock_to_ms(clock_now_ns() - connection->accepted_ns));
  if (!clients->log)
    return;
  address_format(&connection->peer, peer);
  if (error == 0)
    log_line(clients->log, "Sending time to %s...Done.", peer);
  else
    log_line(clients->log, "Sending time to %s...failed: %s", peer, strerror(error));
}

/* Ends a connection that is in a list. What was not read from it makes the kernel send a reset. */
static void end(struct clients *clients, struct connection *connection)
{
  int unread = 0;
  clients->counts.resets += ioctl(connection->fd, FIONREAD, &unread) == 0 && unread > 0;
  list_remove(list_of(clients, connection, connection->state), connection);
  connection_end(connection);
  give_back(clients, connection);
}

void clients_destroy(struct clients *clients)
{
  while (clients->sending.oldest)
    end(clients, clients->sending.oldest);
  while (clients->fresh.oldest)
    end(clients, clients->fresh.oldest);
  while (clients->draining.oldest)
    end(clients, clients->draining.oldest);
  free(clients->pool);
  sources_destroy(&clients->sources);
  clients->pool = NULL;
}

bool clients_full(const struct clients *clients)
{
  return clients->active == clients->capacity;
}

bool clients_have_room(const struct clients *clients)
{
  return !clients_full(clients) || clients->draining.oldest || clients->fresh.oldest;
}

static bool watch(const struct clients *clients, struct connection *connection)
{
  const int operation = connection->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  const uint32_t events = connection->state == CONNECTION_SENDING ? EPOLLOUT : EPOLLIN;
  return event_watch(clients->epoll_fd, operation, connection->fd, events, EVENT_CONNECTION,
                     (uint32_t)(connection - clients->pool));
}

/*
 * Puts a connection that is in no list where its state belongs, and into the epoll set unless it is to be fresh. When
 * the kernel has no memory for that, nobody would tell us of the connection's end: it ends here.
 */
static void place(struct clients *clients, struct connection *connection, bool fresh)
{
  if (connection->state != CONNECTION_ENDED && !fresh) {
    if (watch(clients, connection)) {
      connection->watched = true;
    } else {
      if (connection->state == CONNECTION_SENDING)
        log_reply(clients, connection, errno);
      connection_end(connection);
    }
  }
  if (connection->state != CONNECTION_ENDED) {
    list_append(list_of(clients, connection, connection->state), connection);
    return;
  }
  clients->counts.resets += connection->reset;
  give_back(clients, connection);
}

/* After a step that changed its state: says how the reply went when that is decided, and puts it where it belongs. */
static void settle(struct clients *clients, struct connection *connection, enum connection_state before)
{
  if (connection->state == before)
    return;
  if (before != CONNECTION_NEW)
    list_remove(list_of(clients, connection, before), connection);
  if (before != CONNECTION_DRAINING && connection->state != CONNECTION_SENDING)
    log_reply(clients, connection, connection->error);
  place(clients, connection, before == CONNECTION_NEW && connection->state == CONNECTION_DRAINING);
}

/* Counts one more connection of this source; false when it has as many as it may have. */
static bool admit_source(struct clients *clients, const union address *peer, int64_t now_ns)
{
  const uint64_t source = address_source(peer);
  if (clients->max_per_source == 0)
    return true;
  if (sources_count(&clients->sources, source) >= clients->max_per_source)
    clients_look(clients, true, now_ns); /* some may have closed */
  if (sources_count(&clients->sources, source) >= clients->max_per_source)
    return false;
  sources_add(&clients->sources, source);
  return true;
}

static void reject(struct clients *clients, int fd, const union address *peer)
{
  char text[ADDRESS_TEXT];

  close(fd);
  clients->counts.rejected++;
  address_format(peer, text);
  if (clients->log)
    log_line(clients->log, "Rejecting %s: its source has %u connections already", text, clients->max_per_source);
}

void clients_admit(struct clients *clients, int fd, const union address *peer, const struct reply *reply,
                   int64_t now_ns)
{
  if (!admit_source(clients, peer, now_ns)) {
    reject(clients, fd, peer);
    return;
  }
  struct connection *connection = clients->free;
  if (connection)
    clients->free = connection->newer;
  else
    connection = &clients->pool[clients->used++];
  clients->active++;
  connection->peer = *peer;
  connection->watched = false;
  connection->accepted_ns = clients->latency ? clock_now_ns() : now_ns; /* now_ns is that of the turn */
  connection_start(connection, fd, reply->text, reply->length, now_ns);
  settle(clients, connection, CONNECTION_NEW);
}

void clients_step(struct clients *clients, size_t place, int64_t now_ns)
{
  struct connection *connection = &clients->pool[place];
  const enum connection_state before = connection->state;

  connection_step(connection, now_ns);
  settle(clients, connection, before);
}

static int64_t drain_began_ns(const struct connection *connection)
{
  return connection->deadline_ns - clock_from_ms(CONNECTION_DRAIN_MS);
}

void clients_look(struct clients *clients, bool all, int64_t now_ns)
{
  struct connection *connection;
  while ((connection = clients->fresh.oldest) != NULL &&
         (all || now_ns - drain_began_ns(connection) >= CLIENTS_LOOK_NS)) {
    list_remove(&clients->fresh, connection);
    connection_step(connection, now_ns);
    place(clients, connection, false);
  }
}

bool clients_evict(struct clients *clients, int64_t min_ns, int64_t now_ns)
{
  const size_t active = clients->active;
  clients_look(clients, true, now_ns);
  if (clients->active < active)
    return true;
  struct connection *oldest = clients->draining.oldest;
  if (!oldest || now_ns - drain_began_ns(oldest) < min_ns)
    return false;
  /* What it has sent by now is taken in first, its end perhaps: then its close is no reset. */
  connection_step(oldest, now_ns);
  if (oldest->state == CONNECTION_DRAINING)
    end(clients, oldest);
  else
    settle(clients, oldest, CONNECTION_DRAINING);
  return true;
}

void clients_expire(struct clients *clients, int64_t now_ns)
{
  while (clients->sending.oldest && clients->sending.oldest->deadline_ns <= now_ns) {
    log_reply(clients, clients->sending.oldest, ETIMEDOUT);
    end(clients, clients->sending.oldest);
  }
  while (clients->draining.oldest && clients->draining.oldest->deadline_ns <= now_ns)
    end(clients, clients->draining.oldest);
}

int64_t clients_deadline_ns(const struct clients *clients)
{
  const struct connection *sending = clients->sending.oldest;
  const struct connection *draining = clients->draining.oldest;
  const struct connection *fresh = clients->fresh.oldest;
  int64_t first_ns = fresh ? drain_began_ns(fresh) + CLIENTS_LOOK_NS : INT64_MAX;
  if (sending && sending->deadline_ns < first_ns)
    first_ns = sending->deadline_ns;
  return draining && draining->deadline_ns < first_ns ? draining->deadline_ns : first_ns;
}
