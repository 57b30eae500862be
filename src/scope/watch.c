#include "scope/watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/signals.h"
#include "scope/stream/ending.h"

enum {
  STUCK_NS = ENDING_DISPLAY_MS * CLOCK_MS_NS, /* inside the display for so long: it does not answer */
  LOOK_NS =
      10 * CLOCK_MS_NS, /* how often the watch looks while the end is asked for, and what a late call has at least */
};

/*
 * Whose the data are, in one word: OWNER_LOOP: the loop's, outside the display, or that of who called watch_claim;
 * OWNER_WATCH: the watch's until the end of the process; any other value: the loop's, which is inside the display since
 * that moment of the monotonic clock and may be taken over from. A moment never comes twice, so who exchanges the word
 * that it has read exchanges it for the very call that it judged.
 */
enum { OWNER_LOOP = 0, OWNER_WATCH = -1 };

/* There is one display, one loop, and one end of a process; exit handlers get no argument. */
static struct {
  _Atomic int64_t owner;
  int64_t inside; /* the loop's own: what it put into owner */
  struct stream *stream;
  int signal_fd;
  int ending_fd; /* readable for ever once the end is asked for */
  bool running;  /* set before the thread starts, never changed again */
  bool waits;    /* set with it: whether the display may wait */
  void (*take_over)(void);
} watch;

static bool readable(int fd)
{
  struct pollfd look = {.fd = fd, .events = POLLIN};
  return poll(&look, 1, 0) > 0;
}

/* The last calls come late, when all that is owed is paid: they do not have the whole time once more. */
bool watch_gives_up(int64_t since_ns, int64_t asked_ns, int64_t now_ns)
{
  const int64_t inside_ns = now_ns - since_ns;
  return inside_ns >= STUCK_NS || (inside_ns >= LOOK_NS && now_ns - asked_ns >= STUCK_NS);
}

/* When the loop has been inside the display for too long, takes over from it. */
static bool take(void)
{
  int64_t since_ns = atomic_load_explicit(&watch.owner, memory_order_relaxed); /* judged again by the exchange */
  if (since_ns == OWNER_LOOP || !watch_gives_up(since_ns, stream_stop_asked_ns(watch.stream), clock_now_ns()))
    return false;
  /* Acquire: all that the loop wrote before it went into the display is seen. The loop sees nothing of ours: it waits. */
  return atomic_compare_exchange_strong_explicit(&watch.owner, &since_ns, OWNER_WATCH, memory_order_acquire,
                                                 memory_order_relaxed);
}

static void *run(void *unused)
{
  (void)unused;
  for (;;) {
    struct pollfd wait[] = {{.fd = watch.signal_fd, .events = POLLIN}, {.fd = watch.ending_fd, .events = POLLIN}};
    if (poll(wait, 2, -1) <= 0)
      continue;
    stream_ask_stop(watch.stream); /* the loop, inside the display, would do that too late */
    while (readable(watch.ending_fd) || readable(watch.signal_fd)) {
      if (take()) {
        signals_came(watch.signal_fd); /* the one that was answered: the next one is a second one */
        watch.take_over();
      }
      clock_wait_until_ns(clock_now_ns() + LOOK_NS);
    }
  }
  return NULL;
}

int watch_start(int signal_fd, struct stream *stream, bool waits, void (*take_over)(void))
{
  pthread_attr_t detached;
  pthread_t thread;
  sigset_t all;
  sigset_t before;
  watch.signal_fd = signal_fd;
  watch.stream = stream;
  watch.waits = waits;
  watch.take_over = take_over;
  watch.ending_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (watch.ending_fd < 0)
    return errno;
  watch.running = true;
  int error = pthread_attr_init(&detached);
  if (!error) {
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the thread inherits it: signals come by their descriptor */
    error = pthread_create(&thread, &detached, run, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&detached);
  }
  if (error) {
    watch.running = false;
    close(watch.ending_fd);
  }
  return error;
}

void watch_display_begin(void)
{
  if (!watch.waits)
    return;
  watch.inside = clock_now_ns();
  /* Release: who takes over sees all that the loop has written until now. */
  atomic_store_explicit(&watch.owner, watch.inside, memory_order_release);
}

/* Nothing is left to do for this thread; the other ends the process. */
static _Noreturn void wait_for_the_end(void)
{
  for (;;)
    pause();
}

/* From inside the display back to the loop; does not return when the watch was quicker. */
static void take_back(void)
{
  /* Relaxed: nobody else has written anything that this thread reads, or it does not go on. */
  int64_t inside = watch.inside;
  if (!atomic_compare_exchange_strong_explicit(&watch.owner, &inside, OWNER_LOOP, memory_order_relaxed,
                                               memory_order_relaxed) &&
      inside == OWNER_WATCH)
    wait_for_the_end();
}

void watch_display_end(void)
{
  take_back();
}

void watch_ending(void)
{
  const uint64_t one = 1;
  while (watch.running && write(watch.ending_fd, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

void watch_claim(void)
{
  take_back();
}
