#include "timed/server.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"
#include "timed/event.h"
#include "timed/intake.h"
#include "timed/service.h"

enum {
  SIGNALS_AT_ONCE = 64,
  EVENTS_MAX = 256,         /* taken by one wait */
  GRACE_MS = 20,            /* for handshakes under way when the server stops */
  STOP_MS = 5000,           /* for all open connections when the server stops */
  NOTICE_MS = 5000,         /* for a service manager whose queue is full */
  NOTICE_RETRY_MS = 20,     /* until that is tried again */
  LATENCIES_EXACT = 4096,   /* in a period; more are counted in a histogram, which takes no time to sort */
  DESCRIPTORS_BESIDES = 16, /* standard ones, epoll, signals, logs, and some air */
};

/* Again and again, as a full queue is emptied some time; a service whose READY=1 was lost is killed as never ready. */
static void try_notice(struct server *server, int64_t now_ns)
{
  if (!server->notice || now_ns < server->notice_ns)
    return;
  const int error = service_notify(server->notice);
  const bool full = error == EAGAIN || error == ENOBUFS;
  if (full && now_ns < server->notice_limit_ns) {
    server->notice_ns = now_ns + clock_from_ms(NOTICE_RETRY_MS);
    return;
  }
  if (error)
    log_line(&server->err, "timed: NOTIFY_SOCKET=%s: %s: %s", getenv("NOTIFY_SOCKET"), server->notice, strerror(error));
  server->notice = NULL;
  server->notice_ns = INT64_MAX;
}

static void notify(struct server *server, const char *notice, int64_t now_ns)
{
  server->notice = notice;
  server->notice_ns = now_ns;
  server->notice_limit_ns = now_ns + clock_from_ms(NOTICE_MS);
  try_notice(server, now_ns);
}

static void stop(struct server *server, int64_t now_ns)
{
  server->phase = SERVER_GRACE;
  server->grace_end_ns = server->empty_ns = now_ns + clock_from_ms(GRACE_MS);
  server->stop_limit_ns = now_ns + clock_from_ms(STOP_MS);
  notify(server, "STOPPING=1", now_ns);
  for (int i = 0; i < server->listeners.count; i++) {
    const int error = listener_hold_back(&server->listeners.all[i]);
    if (error)
      log_line(&server->err, "timed: cannot hold back new clients: %s", strerror(error));
  }
}

/* On standard error, also with -q: who sends the signal wants to know. */
static void say_counts(struct server *server)
{
  const struct client_counts counts = server->clients.counts;
  log_line(&server->err, "timed: served:%" PRIu64 " rejected:%" PRIu64 " resets:%" PRIu64 " active:%zu", counts.served,
           counts.rejected, counts.resets, server->clients.active);
}

/* The first signal stops the server, a later one ends it. Several at once, as when a terminal closes, are one. */
static void read_signals(struct server *server, int64_t now_ns)
{
  bool asked = false;
  bool counts = false;
  for (int i = 0; i < SIGNALS_AT_ONCE; i++) { /* a flood of them keeps nothing else waiting */
    const int number = signals_next(server->signal_fd);
    if (number == 0)
      break;
    counts = counts || number == SIGUSR1;
    asked = asked || (number != SIGUSR1 && number != SIGCHLD); /* that one from children of before an exec */
  }
  if (counts)
    say_counts(server);
  if (!asked)
    return;
  if (server->phase == SERVER_SERVING)
    stop(server, now_ns);
  else if (now_ns >= server->grace_end_ns)
    server->phase = SERVER_ENDED;
}

static void close_listeners(struct server *server, int64_t now_ns)
{
  if (!intake_accept_rest(server, now_ns) && now_ns < server->stop_limit_ns)
    return;
  intake_close(server);
  server->phase = SERVER_DRAINING;
  server->empty_ns = INT64_MAX;
  server->retry_ns = INT64_MAX;
  clients_look(&server->clients, true, now_ns);
  const size_t active = server->clients.active;
  if (active > 0 && !server->quiet)
    log_line(server->text, "Stopping: %zu connection%s to finish; a second signal ends at once.", active,
             active == 1 ? "" : "s");
}

static void advance_phase(struct server *server, int64_t now_ns)
{
  if (server->phase == SERVER_SERVING && !intake_is_open(server))
    stop(server, now_ns);
  if (server->phase == SERVER_GRACE && (now_ns >= server->empty_ns || now_ns >= server->stop_limit_ns))
    close_listeners(server, now_ns);
  if (server->phase == SERVER_DRAINING && (server->clients.active == 0 || now_ns >= server->stop_limit_ns))
    server->phase = SERVER_ENDED;
}

static void report_latency(struct server *server)
{
  log_line(&server->out, "p50:%.6g p99:%.6g", percentiles_at(&server->latency, 50),
           percentiles_at(&server->latency, 99));
  percentiles_clear(&server->latency);
}

/* Rates are over the periods that have gone by since the last line, usually one. */
static void report(struct server *server, int64_t now_ns)
{
  if (!server->stats || now_ns < server->stats_next_ns)
    return;
  const int64_t periods = 1 + (now_ns - server->stats_next_ns) / server->stats_period_ns;
  server->stats_next_ns += periods * server->stats_period_ns;
  if (server->stats_latency) {
    report_latency(server);
    return;
  }
  const double seconds = (double)(periods * server->stats_period_ns) / CLOCK_SECOND_NS;
  const struct client_counts counts = server->clients.counts;
  const struct client_counts last = server->stats_last;
  log_line(&server->out, "served:%.6g rejected:%.6g resets:%.6g active:%zu",
           (double)(counts.served - last.served) / seconds, (double)(counts.rejected - last.rejected) / seconds,
           (double)(counts.resets - last.resets) / seconds, server->clients.active);
  server->stats_last = counts;
}

/*
 * A log is in the epoll set only while lines wait for a reader: one whose reader has gone is reported there all the time,
 * and a file that the disk has no room for can always be written.
 */
static void flush(const struct server *server, struct log *log, bool *awaited)
{
  const bool left = log_flush(log) && !log->outlet.full;
  if (left != *awaited)
    event_watch(server->epoll_fd, left ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, log->outlet.fd, EPOLLOUT, EVENT_LOG, 0);
  *awaited = left;
}

static void flush_logs(struct server *server, int64_t now_ns)
{
  flush(server, &server->out, &server->out_awaited);
  if (server->out.outlet.full && !server->out_full_said) {
    server->out_full_said = true;
    log_line(&server->err, "timed: standard output: %s: lines are lost till there is room",
             strerror(server->out.outlet.full));
  }
  if (server->out.outlet.error && !server->out_failed) {
    server->out_failed = true;
    if (server->out.outlet.error != EPIPE && server->out.outlet.error != EIO) { /* EIO: the terminal has gone */
      log_line(&server->err, "timed: standard output: %s", strerror(server->out.outlet.error));
      server->status = EXIT_FAILURE;
    } else if (server->phase == SERVER_SERVING) {
      stop(server, now_ns); /* who reads us has had enough */
    }
  }
  flush(server, &server->err, &server->err_awaited);
}

static int timeout_ms(const struct server *server, int64_t now_ns)
{
  const int64_t deadlines[] = {clients_deadline_ns(&server->clients),
                               server->retry_ns,
                               server->empty_ns,
                               server->stop_limit_ns,
                               server->stats ? server->stats_next_ns : INT64_MAX,
                               server->out.outlet.retry_ns,
                               server->err.outlet.retry_ns,
                               server->notice_ns};
  int64_t first_ns = INT64_MAX;
  for (size_t i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++)
    if (deadlines[i] < first_ns)
      first_ns = deadlines[i];
  return clock_timeout_ms(first_ns, now_ns);
}

static void handle_events(struct server *server, const struct epoll_event *events, int count)
{
  const int64_t now_ns = clock_now_ns();

  reply_update(&server->reply);
  for (int i = 0; i < count; i++)
    if (event_kind(&events[i]) == EVENT_CONNECTION)
      clients_step(&server->clients, event_place(&events[i]), now_ns);
  clients_look(&server->clients, false, now_ns);
  clients_expire(&server->clients, now_ns);
  intake_resume(server, now_ns);
  for (int i = 0; i < count; i++) {
    const enum event_kind kind = event_kind(&events[i]);
    if (kind == EVENT_SIGNAL)
      read_signals(server, now_ns);
    else if (kind == EVENT_LISTENER)
      intake_ready(server, (int)event_place(&events[i]), now_ns);
  }
  advance_phase(server, now_ns);
  try_notice(server, now_ns);
  report(server, now_ns);
  flush_logs(server, now_ns);
}

/* A descriptor for each connection, as far as the hard limit goes. Beyond it accept fails: see back_off in intake.c. */
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
  bool ok = event_watch(server->epoll_fd, EPOLL_CTL_ADD, server->signal_fd, EPOLLIN, EVENT_SIGNAL, 0);
  for (int i = 0; i < server->listeners.count; i++)
    ok = ok && event_watch(server->epoll_fd, EPOLL_CTL_ADD, server->listeners.all[i].fd, EPOLLIN, EVENT_LISTENER,
                           (uint32_t)i);
  return ok;
}

bool server_init(struct server *server, const struct server_config *config, const struct listeners *listeners)
{
  *server = (struct server){.listeners = *listeners,
                            .epoll_fd = epoll_create1(EPOLL_CLOEXEC),
                            .signal_fd = config->signal_fd,
                            .quiet = config->quiet,
                            .stats = config->stats_s > 0,
                            .stats_latency = config->stats_latency,
                            .stats_period_ns = (int64_t)(config->stats_s * CLOCK_SECOND_NS),
                            .empty_ns = INT64_MAX,
                            .stop_limit_ns = INT64_MAX,
                            .notice_ns = INT64_MAX,
                            .accepting = true,
                            .short_ns = INT64_MIN / 2,
                            .retry_ns = INT64_MAX};
  if (server->epoll_fd < 0) {
    message("cannot start: epoll: %s", strerror(errno));
    return false;
  }
  raise_descriptor_limit(config->max_connections, listeners->count);
  log_open(&server->out, STDOUT_FILENO, server->stats);
  log_open(&server->err, STDERR_FILENO, false);
  server->text = server->stats ? &server->err : &server->out;
  server->text->stamped = config->stamp;
  percentiles_init(&server->latency, LATENCIES_EXACT);
  reply_init(&server->reply, &config->form);
  for (int i = 0; i < listeners->count; i++)
    if (listeners->all[i].datagram)
      server->datagram_ports[server->datagram_port_count++] = address_port(&listeners->all[i].address);
  if (!clients_init(&server->clients, (size_t)config->max_connections, (uint32_t)config->max_per_source,
                    server->epoll_fd, config->quiet ? NULL : server->text)) {
    message("--max-connections %lld: out of memory", (long long)config->max_connections);
    return false;
  }
  if (config->stats_latency)
    server->clients.latency = &server->latency;
  if (!watch_all(server)) {
    message("cannot start: epoll: %s", strerror(errno));
    return false;
  }
  return true;
}

void server_destroy(struct server *server)
{
  while (server->listeners.count > 0)
    listener_close(&server->listeners.all[--server->listeners.count]);
  clients_destroy(&server->clients);
  percentiles_destroy(&server->latency);
  const int full = server->out.outlet.full ? server->out.outlet.full : ENOSPC;
  const uint64_t lost = log_close(&server->out);
  if (lost > 0)
    log_line(&server->err, "timed: standard output: %" PRIu64 " line%s lost: %s", lost, lost == 1 ? "" : "s",
             strerror(full));
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
  notify(server, "READY=1", clock_now_ns());
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
    handle_events(server, events, count < 0 ? 0 : count);
  }
  return server->status;
}
