#include "scope/input/record_gate.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"

enum { WRITING = 1, CLOSED = 2 };

/*
 * The reader sets and clears WRITING, who ends the process sets CLOSED. Each writes its own bit by an exchange of the
 * whole word, so that of two who come at once the later one sees what the earlier one wrote; nothing else hangs on it
 * but what acquire and release carry: the writes themselves.
 */
static _Atomic unsigned gate;

void record_gate_enter(void)
{
  unsigned open = 0;
  /* Acquire: pairs with nothing but keeps the write behind it. */
  if (atomic_compare_exchange_strong_explicit(&gate, &open, WRITING, memory_order_acquire, memory_order_relaxed))
    return;
  for (;;)
    pause(); /* the process is about to end */
}

void record_gate_leave(void)
{
  /* Release: who sees the bit gone sees the write done. */
  atomic_fetch_and_explicit(&gate, ~(unsigned)WRITING, memory_order_release);
}

void record_gate_close(void)
{
  /* Acquire here and below: the write that was under way is done when the bit is gone. */
  unsigned before = atomic_fetch_or_explicit(&gate, CLOSED, memory_order_acquire);
  while (before & WRITING) {
    nanosleep(&(struct timespec){.tv_nsec = CLOCK_MS_NS / 10}, NULL);
    before = atomic_load_explicit(&gate, memory_order_acquire);
  }
}

static void end(int number)
{
  record_gate_close();
  raise(
      number); /* the handler is gone by now, and the signal is not held back: this ends the process as it would have */
}

void record_gate_guard_signals(void)
{
  for (int number = 1; number <= SIGRTMAX; number++) {
    struct sigaction action;
    if (number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH || number == SIGTSTP ||
        number == SIGTTIN || number == SIGTTOU) /* these end nothing */
      continue;
    if (sigaction(number, NULL, &action) != 0 || (action.sa_flags & SA_SIGINFO) || action.sa_handler != SIG_DFL)
      continue;
    action = (struct sigaction){.sa_handler = end, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
    sigaction(number, &action, NULL); /* refused for SIGKILL and SIGSTOP, and for those that are the library's own */
  }
}
