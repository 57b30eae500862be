#include "timed/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "timed/datagram.h"
#include "timed/service.h"

enum {
  EVENTS_MAX = 256,         /* taken by one wait */
  ACCEPTS_MAX = 64,         /* by one listener in a turn: a flood of new clients does not keep the old ones waiting */
  GRACE_MS = 20,            /* for handshakes under way when the server stops */
  STOP_MS = 5000,           /* for all open connections when the server stops */
  RETRY_MS = 100,           /* out of descriptors: until accept is tried again */
  DESCRIPTORS_BESIDES = 16, /* standard ones, epoll, signals, logs, and some air */
};

/* What an event is about: its kind in the upper half of epoll's data, its place among these in the lower. */
enum kind { KIND_CONNECTION, KIND_LISTENER, KIND_SIGNAL, KIND_LOG };

static uint64_t tag(enum kind kind, uint32_t place)
{
  return (uint64_t)kind << 32 | place;
}

static bool watch(const struct server *server, int operation, int fd, uint32_t events, uint64_t data)
{
  struct epoll_event interest = {.events = events, .data.u64 = data};
  return epoll_ctl(server->epoll_fd, operation, fd, &interest) == 0;
}

/* TCP listeners in or out of the epoll set. Out of it, clients wait in the backlog. */
static void set_accepting(struct server *server, bool accepting)
{
  if (server->accepting == accepting)
    return;
  for (int i = 0; i < server->listeners.count; i++)
    if (!server->listeners.all[i].datagram)
      watch(server, EPOLL_CTL_MOD, server->listeners.all[i].fd, accepting ? EPOLLIN : 0,
            tag(KIND_LISTENER, (uint32_t)i));
  server->accepting = accepting;
}

/*
 * accept(2) passes on what went wrong on the network before it came, and says EPERM for a firewall's no: each means one
 * client, and the next one may be fine.
 */
static bool concerns_one_client(int error)
{
  static const int errors[] = {ECONNABORTED, EINTR,        EPROTO,      ENETDOWN,   ENOPROTOOPT, EHOSTDOWN,
                               ENONET,       EHOSTUNREACH, ENETUNREACH, EOPNOTSUPP, EPERM,       ETIMEDOUT};
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (error == errors[i])
      return true;
  return false;
}

/*
 * No descriptor or no memory for one more: an epoll that still held the listener would report it again at once, for ever.
 * So it leaves the set for a while, and connections that have been draining for as long make room.
 */
static void back_off(struct server *server, int error, int64_t now_ns)
{
  if (!server->short_of)
    log_line(&server->err, "timed: accept: %s: waiting for descriptors", strerror(error));
  server->short_of = true;
  server->retry_ns = now_ns + (int64_t)RETRY_MS * CLOCK_MS_NS;
  set_accepting(server, false);
}

/* Up to most clients. True when the queue is empty. */
static bool accept_clients(struct server *server, const struct listener *listener, int most, int64_t now_ns)
{
  for (int i = 0; i < most; i++) {
    union address peer;
    socklen_t length = sizeof peer;

    if (clients_full(&server->clients) && !clients_evict(&server->clients, 0, now_ns)) {
      set_accepting(server, false); /* until a connection ends: see resume */
      return false;
    }
    memset(&peer, 0, sizeof peer);
    const int fd = accept4(listener->fd, &peer.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      clients_admit(&server->clients, fd, &peer, &server->reply, now_ns);
    } else if (errno == EAGAIN) {
      server->short_of = false; /* all are in: the next failure is news */
      return true;
    } else if (!concerns_one_client(errno)) {
      back_off(server, errno, now_ns);
      return false;
    }
  }
  return false;
}

static void answer_datagrams(struct server *server, const struct listener *listener)
{
  for (int i = 0; i < ACCEPTS_MAX; i++) {
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

/* Listeners that were taken out of the set come back when what was lacking may be there. */
static void resume(struct server *server, int64_t now_ns)
{
  if (server->phase >= SERVER_DRAINING)
    return;
  if (server->retry_ns != INT64_MAX) {
    if (now_ns < server->retry_ns)
      return;
    server->retry_ns = INT64_MAX;
    for (int i = 0; i < ACCEPTS_MAX && clients_evict(&server->clients, (int64_t)RETRY_MS * CLOCK_MS_NS, now_ns); i++)
      ;
    set_accepting(server, true);
  } else if (!server->accepting && !clients_full(&server->clients)) {
    set_accepting(server, true);
  }
}

static void stop(struct server *server, int64_t now_ns)
{
  if (server->phase != SERVER_SERVING) {
    server->phase = SERVER_ENDED; /* asked twice */
    return;
  }
  service_notify("STOPPING=1");
  for (int i = 0; i < server->listeners.count; i++)
    listener_hold_back(&server->listeners.all[i]);
  server->phase = SERVER_GRACE;
  server->phase_end_ns = now_ns + (int64_t)GRACE_MS * CLOCK_MS_NS;
  server->stop_limit_ns = now_ns + (int64_t)STOP_MS * CLOCK_MS_NS;
}

/* Empties the queue of each TCP listener to the last client. False when one has to wait: for a place or a descriptor. */
static bool accept_dry(struct server *server, int64_t now_ns)
{
  for (int i = 0; i < server->listeners.count; i++) {
    const struct listener *listener = &server->listeners.all[i];
    if (listener->datagram || listener->inherited) /* the queue of an inherited one stays, for the next server */
      continue;
    while (!accept_clients(server, listener, ACCEPTS_MAX, now_ns))
      if (!server->accepting)
        return false;
  }
  return true;
}

static void close_listeners(struct server *server, int64_t now_ns)
{
  if (!accept_dry(server, now_ns) && now_ns < server->stop_limit_ns) {
    server->phase_end_ns = now_ns + (int64_t)GRACE_MS * CLOCK_MS_NS;
    return;
  }
  for (int i = 0; i < server->listeners.count; i++) {
    if (server->listeners.all[i].datagram)
      answer_datagrams(server, &server->listeners.all[i]);
    listener_close(&server->listeners.all[i]);
  }
  server->listeners.count = 0;
  server->phase = SERVER_DRAINING;
  server->phase_end_ns = server->stop_limit_ns;
  if (server->clients.active > 0 && !server->quiet)
    log_line(server->text, "Stopping: %zu connections to finish, Ctrl+C again ends at once.", server->clients.active);
}

static void advance_phase(struct server *server, int64_t now_ns)
{
  if (server->phase == SERVER_GRACE && now_ns >= server->phase_end_ns)
    close_listeners(server, now_ns);
  if (server->phase == SERVER_DRAINING && (server->clients.active == 0 || now_ns >= server->phase_end_ns))
    server->phase = SERVER_ENDED;
}

/* Rates are over the periods that have gone by since the last line, usually one. */
static void report(struct server *server, int64_t now_ns)
{
  if (!server->stats || now_ns < server->stats_next_ns)
    return;
  const int64_t periods = 1 + (now_ns - server->stats_next_ns) / server->stats_period_ns;
  const double seconds = (double)(periods * server->stats_period_ns) / CLOCK_SECOND_NS;
  const struct client_counts counts = server->clients.counts;
  const struct client_counts last = server->stats_last;
  log_line(&server->out, "served:%.6g rejected:%.6g resets:%.6g active:%zu",
           (double)(counts.served - last.served) / seconds, (double)(counts.rejected - last.rejected) / seconds,
           (double)(counts.resets - last.resets) / seconds, server->clients.active);
  server->stats_last = counts;
  server->stats_next_ns += periods * server->stats_period_ns;
}

/* A log is in the epoll set only while lines wait: one whose reader has gone is reported there all the time. */
static void flush(const struct server *server, struct log *log, bool *awaited)
{
  const bool left = log_flush(log);
  if (left != *awaited)
    watch(server, left ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, log->fd, EPOLLOUT, tag(KIND_LOG, 0));
  *awaited = left;
}

static void flush_logs(struct server *server, int64_t now_ns)
{
  flush(server, &server->out, &server->out_awaited);
  if (server->out.error && !server->out_failed) {
    server->out_failed = true;
    if (server->out.error != EPIPE) {
      log_line(&server->err, "timed: standard output: %s", strerror(server->out.error));
      server->status = EXIT_FAILURE;
    } else if (server->phase == SERVER_SERVING) {
      stop(server, now_ns); /* who reads us has had enough */
    }
  }
  flush(server, &server->err, &server->err_awaited);
}

static int timeout_ms(const struct server *server, int64_t now_ns)
{
  const int64_t deadlines[] = {clients_deadline_ns(&server->clients), server->retry_ns, server->phase_end_ns,
                               server->stats ? server->stats_next_ns : INT64_MAX};
  int64_t first_ns = INT64_MAX;
  for (size_t i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++)
    if (deadlines[i] < first_ns)
      first_ns = deadlines[i];
  if (first_ns == INT64_MAX)
    return -1;
  const int64_t wait_ms = (first_ns - now_ns + CLOCK_MS_NS - 1) / CLOCK_MS_NS; /* never before the deadline */
  return wait_ms < 0 ? 0 : wait_ms > 60000 ? 60000 : (int)wait_ms;
}

static void take_events(struct server *server, const struct epoll_event *events, int count)
{
  const int64_t now_ns = clock_now_ns();

  reply_update(&server->reply);
  for (int i = 0; i < count; i++)
    if (events[i].data.u64 >> 32 == KIND_CONNECTION)
      clients_step(&server->clients, (size_t)events[i].data.u64, now_ns);
  clients_expire(&server->clients, now_ns);
  resume(server, now_ns);
  for (int i = 0; i < count; i++) {
    const uint64_t kind = events[i].data.u64 >> 32;
    const struct listener *listener = &server->listeners.all[(uint32_t)events[i].data.u64];
    if (kind == KIND_SIGNAL && signals_came(server->signal_fd))
      stop(server, now_ns);
    else if (kind == KIND_LISTENER && listener->datagram)
      answer_datagrams(server, listener);
    else if (kind == KIND_LISTENER && server->accepting)
      accept_clients(server, listener, ACCEPTS_MAX, now_ns);
  }
  advance_phase(server, now_ns);
  report(server, now_ns);
  flush_logs(server, now_ns);
}

/* A descriptor for each connection, as far as the hard limit goes; beyond it, accept fails, and back_off deals with it. */
static void raise_descriptor_limit(int64_t connections, int listeners)
{
  const rlim_t needed = (rlim_t)connections + (rlim_t)listeners + DESCRIPTORS_BESIDES;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
    return;
  limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* Puts the descriptors that are there from the start into the epoll set. */
static bool watch_all(struct server *server)
{
  bool ok = watch(server, EPOLL_CTL_ADD, server->signal_fd, EPOLLIN, tag(KIND_SIGNAL, 0));
  for (int i = 0; i < server->listeners.count; i++)
    ok = ok && watch(server, EPOLL_CTL_ADD, server->listeners.all[i].fd, EPOLLIN, tag(KIND_LISTENER, (uint32_t)i));
  return ok;
}

bool server_init(struct server *server, const struct server_config *config, const struct listeners *listeners)
{
  *server = (struct server){.listeners = *listeners,
                            .epoll_fd = epoll_create1(EPOLL_CLOEXEC),
                            .signal_fd = config->signal_fd,
                            .quiet = config->quiet,
                            .stats = config->stats_s > 0,
                            .stats_period_ns = (int64_t)(config->stats_s * CLOCK_SECOND_NS),
                            .phase_end_ns = INT64_MAX,
                            .accepting = true,
                            .retry_ns = INT64_MAX};
  log_open(&server->out, STDOUT_FILENO);
  log_open(&server->err, STDERR_FILENO);
  server->text = server->stats ? &server->err : &server->out;
  reply_init(&server->reply, &config->form);
  for (int i = 0; i < listeners->count; i++)
    if (listeners->all[i].datagram)
      server->datagram_ports[server->datagram_port_count++] = address_port(&listeners->all[i].address);
  raise_descriptor_limit(config->max_connections, listeners->count);
  if (!clients_init(&server->clients, (size_t)config->max_connections, (uint32_t)config->max_per_source,
                    server->epoll_fd, config->quiet ? NULL : server->text)) {
    message("--max-connections %lld: out of memory", (long long)config->max_connections);
    return false;
  }
  if (server->epoll_fd < 0 || !watch_all(server)) {
    message("epoll: %s", strerror(errno));
    return false;
  }
  return true;
}

void server_destroy(struct server *server)
{
  while (server->listeners.count > 0)
    listener_close(&server->listeners.all[--server->listeners.count]);
  clients_destroy(&server->clients);
  log_close(&server->out);
  log_close(&server->err);
  if (server->epoll_fd >= 0)
    close(server->epoll_fd);
  server->epoll_fd = -1;
}

static void start(struct server *server)
{
  server->stats_next_ns = clock_now_ns() + server->stats_period_ns;
  listeners_announce(&server->listeners, server->text, server->quiet);
  if (!server->quiet)
    log_line(server->text, "Press Ctrl+C to stop the server.");
  flush_logs(server, clock_now_ns());
  /* Not before listen: who is told that we are ready may connect that very moment. */
  const int error = service_notify("READY=1");
  if (error)
    log_line(&server->err, "timed: NOTIFY_SOCKET=%s: %s", getenv("NOTIFY_SOCKET"), strerror(error));
}

int server_run(struct server *server)
{
  struct epoll_event events[EVENTS_MAX];

  start(server);
  while (server->phase != SERVER_ENDED) {
    const int count = epoll_wait(server->epoll_fd, events, EVENTS_MAX, timeout_ms(server, clock_now_ns()));
    if (count < 0 && errno != EINTR) {
      message("epoll_wait: %s", strerror(errno));
      return EXIT_FAILURE;
    }
    take_events(server, events, count < 0 ? 0 : count);
  }
  return server->status;
}
