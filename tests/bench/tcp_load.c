/*
 * Many TCP clients in one epoll loop, to load a server that speaks first and then closes. Loopback only.
 *
 *   tcp_load [OPTION]... ADDRESS PORT         ADDRESS in 127.0.0.0/8, or ::1
 *
 * Prints one line of key:value figures, and ends with status 0 when every client got what it should, else 1:
 *
 *   conn_per_s   clients that finished, a second
 *   ok           the whole reply, then end of file
 *   whole        whole replies, those followed by a reset too
 *   reset        connected, then reset: while reading, while sending, or found before closing
 *   empty        connected, then end of file and not a byte
 *   short, long  end of file after fewer, more bytes than --expect-bytes
 *   stalled      connected, but not finished within --timeout
 *   refused      connect failed with ECONNREFUSED
 *   unanswered   connect neither succeeded nor failed within --timeout, or failed with ETIMEDOUT
 *   local        could not even try: no free port
 *   held         silent clients that were left alone for their whole time
 *   p50_ms p99_ms max_ms   from connect to end of file, of the clients counted as ok
 *   seconds cpu_percent    of the whole run; near 100 this program is what limits, not the server
 *
 * A client that is refused never had a connection; one that is reset, or reads nothing, had one that the server lost.
 * Linux tells them apart reliably: a reset in answer to a SYN is ECONNREFUSED, any other is ECONNRESET or EPIPE.
 *
 * The server closes first, so TIME_WAIT, and with it the port of the pair, stays on its side. Linux lets the same
 * client port connect again at once (its SYN is newer than what TIME_WAIT has seen), so 20,000 clients in a second
 * pass through 28,000 ephemeral ports without running out of them. --sources N spreads clients over N addresses.
 */
#include "tcp_load_settings.h"

#include "common/clock.h"
#include "common/message.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 256, CHUNK = 1 << 16, TICK_MS = 10 };

enum state { SENDING_BEFORE, READING, SENDING_AFTER, READING_END, WAITING };

struct client {
  int fd; /* -1: free */
  enum state state;
  bool was_reset;
  bool at_end; /* of the reply */
  int64_t began_ns;
  int64_t next_ns; /* of a client that waits */
  int64_t left;    /* to send */
  int64_t got;
};

enum outcome { OK, RESET, EMPTY, SHORT, LONG, STALLED, REFUSED, UNANSWERED, LOCAL, HELD, OUTCOMES };
static const char *const outcome_name[OUTCOMES] = {"ok",      "reset",   "empty",      "short", "long",
                                                   "stalled", "refused", "unanswered", "local", "held"};

struct load {
  struct settings set;
  struct client *client;
  size_t *spare; /* a stack of the free places in client */
  size_t spares;
  int epoll_fd;
  int signal_fd;
  bool stopped; /* no new clients */
  int64_t began_ns;
  int64_t started;
  int64_t count[OUTCOMES];
  int64_t whole;
  double *took_ms; /* of those that are ok */
  size_t took_room;
};

static void fail(const char *what)
{
  message("%s: %s", what, strerror(errno));
  exit(1);
}

static void finish(struct load *load, struct client *c, enum outcome outcome)
{
  const size_t done = (size_t)load->count[OK];
  if (outcome == OK) {
    if (done == load->took_room) {
      load->took_room = load->took_room ? load->took_room * 2 : 1 << 14;
      load->took_ms = realloc(load->took_ms, load->took_room * sizeof *load->took_ms);
      if (!load->took_ms)
        fail("realloc");
    }
    load->took_ms[done] = (double)(clock_now_ns() - c->began_ns) * 1e-6;
  }
  if (outcome == REFUSED && load->set.until_refused)
    load->stopped = true;
  load->count[outcome]++;
  close(c->fd);
  c->fd = -1;
  load->spare[load->spares++] = (size_t)(c - load->client);
}

static bool is_whole(const struct load *load, const struct client *c)
{
  return load->set.expect < 0 ? c->got > 0 : c->got == load->set.expect;
}

/* The connection is over; error is 0 after end of file. */
static void conclude(struct load *load, struct client *c, int error)
{
  if (error == ECONNREFUSED) {
    finish(load, c, REFUSED);
    return;
  }
  if (error == ETIMEDOUT && c->got == 0) {
    finish(load, c, UNANSWERED);
    return;
  }
  /* A reset that came after the server's end of file is told to nobody who does not ask. */
  int pending = 0;
  socklen_t length = sizeof pending;
  if (load->set.before || load->set.after)
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &pending, &length);
  const bool whole = is_whole(load, c);
  load->whole += whole;
  if (error || pending || c->was_reset)
    finish(load, c, RESET);
  else if (whole)
    finish(load, c, OK);
  else if (c->got == 0)
    finish(load, c, EMPTY);
  else
    finish(load, c, c->got < load->set.expect ? SHORT : LONG);
}

static void watch(const struct load *load, struct client *c, int how, enum state state)
{
  static const uint32_t events[] = {[SENDING_BEFORE] = EPOLLOUT,
                                    [READING] = EPOLLIN | EPOLLRDHUP,
                                    [SENDING_AFTER] = EPOLLOUT,
                                    [READING_END] = EPOLLIN | EPOLLRDHUP,
                                    [WAITING] = 0};
  c->state = state;
  struct epoll_event event = {.events = events[state], .data.ptr = c};
  if (epoll_ctl(load->epoll_fd, how, c->fd, &event) != 0)
    fail("epoll_ctl");
}

static bool bind_source(int fd, int64_t number)
{
  const int one = 1;
  struct sockaddr_in source = {.sin_family = AF_INET};
  source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)number);
  /* The port is chosen by connect, which knows the whole pair, so that one port serves many. */
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  return bind(fd, (const struct sockaddr *)&source, sizeof source) == 0;
}

/* False when there is no port to be had just now. */
static bool start(struct load *load)
{
  const struct settings *set = &load->set;
  struct client *c = &load->client[load->spare[load->spares - 1]];
  const int fd = socket(set->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    fail("socket");
  load->spares--;
  load->started++;
  *c = (struct client){.fd = fd, .began_ns = clock_now_ns(), .left = set->before};
  const bool placed = set->sources == 0 || bind_source(fd, load->started % set->sources);
  if (!placed || (connect(fd, (const struct sockaddr *)&set->address, set->address_length) != 0 &&
                  errno != EINPROGRESS && errno != ECONNREFUSED)) {
    finish(load, c, LOCAL);
    return false;
  }
  if (set->silent)
    c->next_ns = set->silent_ns ? c->began_ns + set->silent_ns : INT64_MAX;
  else
    c->next_ns = c->began_ns + set->trickle_ns;
  const bool waits = set->silent || set->trickle_ns;
  watch(load, c, EPOLL_CTL_ADD, c->left ? SENDING_BEFORE : waits ? WAITING : READING);
  return true;
}

static bool is_over(const struct load *load)
{
  return load->stopped || load->started >= load->set.connections;
}

static void start_due(struct load *load)
{
  while (load->spares > 0 && !is_over(load)) {
    const double elapsed = (double)(clock_now_ns() - load->began_ns) * 1e-9;
    if (load->set.rate > 0 && (double)load->started > load->set.rate * elapsed)
      return;
    if (!start(load))
      return;
  }
}

static void send_some(struct load *load, struct client *c)
{
  static const char junk[CHUNK];
  while (c->left > 0) {
    const ssize_t n = send(c->fd, junk, (size_t)(c->left < CHUNK ? c->left : CHUNK), MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN)
      return;
    if (n < 0 && errno == ECONNREFUSED) {
      conclude(load, c, errno);
      return;
    }
    if (n < 0) { /* what was received before the reset can still be read */
      c->was_reset = true;
      c->left = 0;
    } else {
      c->left -= n;
    }
  }
  if (c->at_end)
    conclude(load, c, 0);
  else if (load->set.silent || load->set.trickle_ns)
    watch(load, c, EPOLL_CTL_MOD, WAITING);
  else
    watch(load, c, EPOLL_CTL_MOD, c->state == SENDING_BEFORE ? READING : READING_END);
}

/* Reads at most `room` bytes a time, and again only when `ended` says that the end of file is there already. */
static void read_some(struct load *load, struct client *c, size_t room, bool ended)
{
  static char bytes[CHUNK];
  ssize_t n;
  do {
    n = recv(c->fd, bytes, room, 0);
    if (n > 0)
      c->got += n;
  } while (n > 0 && ended);
  if (n < 0 && errno != EAGAIN) {
    conclude(load, c, errno);
    return;
  }
  c->at_end = n == 0;
  const bool answered = c->at_end || (load->set.expect > 0 && c->got >= load->set.expect);
  if (c->state != READING_END && load->set.after && answered) {
    c->left = load->set.after;
    watch(load, c, EPOLL_CTL_MOD, SENDING_AFTER);
  } else if (c->at_end) {
    conclude(load, c, 0);
  }
}

static void serve_event(struct load *load, struct client *c, uint32_t events)
{
  switch (c->state) {
  case SENDING_BEFORE:
  case SENDING_AFTER:
    send_some(load, c);
    break;
  case READING:
  case READING_END:
    read_some(load, c, CHUNK, events & (EPOLLRDHUP | EPOLLHUP));
    break;
  case WAITING: { /* asked for nothing, so this is an error, or both directions are closed */
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    conclude(load, c, error ? error : ECONNRESET);
    break;
  }
  }
}

/* Gives up who takes too long, and does what is due for clients that wait. */
static void tick(struct load *load)
{
  const int64_t now_ns = clock_now_ns();
  for (int64_t i = 0; i < load->set.concurrent; i++) {
    struct client *c = &load->client[i];
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    if (c->fd < 0)
      continue;
    if (c->state == WAITING && load->set.silent) {
      if (now_ns >= c->next_ns || (load->stopped && c->next_ns == INT64_MAX))
        finish(load, c, getpeername(c->fd, (struct sockaddr *)&peer, &length) == 0 ? HELD : UNANSWERED);
    } else if (c->state == WAITING) {
      if (now_ns >= c->next_ns) {
        c->next_ns += load->set.trickle_ns;
        read_some(load, c, 1, false);
      }
    } else if (now_ns - c->began_ns > load->set.timeout_ns) {
      finish(load, c, getpeername(c->fd, (struct sockaddr *)&peer, &length) == 0 ? STALLED : UNANSWERED);
    }
  }
}

static void run(struct load *load)
{
  struct epoll_event event[BATCH];
  int64_t next_tick_ns = load->began_ns;
  start_due(load);
  while (!is_over(load) || load->spares < (size_t)load->set.concurrent) {
    const int n = epoll_wait(load->epoll_fd, event, BATCH, TICK_MS);
    if (n < 0 && errno != EINTR)
      fail("epoll_wait");
    for (int i = 0; i < n; i++) {
      struct client *c = event[i].data.ptr;
      if (c)
        serve_event(load, c, event[i].events);
      else
        load->stopped = true; /* a signal, which stays pending: further wakings change nothing */
    }
    if (load->stopped)
      epoll_ctl(load->epoll_fd, EPOLL_CTL_DEL, load->signal_fd, NULL);
    const int64_t now_ns = clock_now_ns();
    if (now_ns >= load->set.end_ns)
      load->stopped = true;
    if (now_ns >= next_tick_ns) {
      tick(load);
      next_tick_ns = now_ns + TICK_MS * (int64_t)CLOCK_MS_NS;
    }
    start_due(load);
  }
}

static int ascending(const void *a, const void *b)
{
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

/* False when a client did not get what it should. */
static bool report(struct load *load)
{
  const double seconds = (double)(clock_now_ns() - load->began_ns) * 1e-9;
  struct timespec cpu;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  const size_t ok = (size_t)load->count[OK];
  int64_t all = 0;
  for (int i = 0; i < OUTCOMES; i++)
    all += load->count[i];
  printf("conn_per_s:%.0f whole:%" PRId64, (double)all / seconds, load->whole);
  for (int i = 0; i < OUTCOMES; i++)
    printf(" %s:%" PRId64, outcome_name[i], load->count[i]);
  if (ok > 0) {
    qsort(load->took_ms, ok, sizeof *load->took_ms, ascending);
    printf(" p50_ms:%.3f p99_ms:%.3f max_ms:%.3f", load->took_ms[(ok - 1) / 2], load->took_ms[(ok * 99 + 99) / 100 - 1],
           load->took_ms[ok - 1]);
  } else {
    printf(" p50_ms:nan p99_ms:nan max_ms:nan");
  }
  printf(" seconds:%.3f cpu_percent:%.0f\n", seconds,
         ((double)cpu.tv_sec + (double)cpu.tv_nsec * 1e-9) / seconds * 100);
  const int64_t fine = load->count[OK] + load->count[HELD] + (load->set.until_refused ? load->count[REFUSED] : 0);
  return fflush(stdout) == 0 && fine == all;
}

int main(int argc, char **argv)
{
  message_program("tcp_load");
  struct load load = {.set = settings_parse(argc, argv)};

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  struct rlimit descriptors;
  if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit(RLIMIT_NOFILE, &descriptors);
  }

  const size_t places = (size_t)load.set.concurrent;
  load.client = calloc(places, sizeof *load.client);
  load.spare = calloc(places, sizeof *load.spare);
  load.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  load.signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (!load.client || !load.spare || load.epoll_fd < 0 || load.signal_fd < 0)
    fail("start");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(load.epoll_fd, EPOLL_CTL_ADD, load.signal_fd, &event) != 0)
    fail("epoll_ctl");
  for (size_t i = 0; i < places; i++) {
    load.client[i].fd = -1;
    load.spare[load.spares++] = places - 1 - i;
  }

  load.began_ns = clock_now_ns();
  run(&load);
  const bool fine = report(&load);

  close(load.signal_fd);
  close(load.epoll_fd);
  free(load.took_ms);
  free(load.spare);
  free(load.client);
  return fine ? 0 : 1;
}
