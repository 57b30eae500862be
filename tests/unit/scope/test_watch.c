/* Who takes over from a display that does not answer, and when. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/stream/ending.h"
#include "scope/watch.h"

enum { TAKEN_OVER = 7, OWN_END = 8, NOT_ASKED = 9, PATIENCE_MS = 20000, BLOCKS = 2 * CHANNELS_MAX };

static const int64_t LIMIT_NS = ENDING_DISPLAY_MS * INT64_C(1000000);

/* One that hangs already when the end is asked for is given up at once; one that began just before has its time. */
static void a_call_from_before(void **state)
{
  (void)state;
  const int64_t asked_ns = INT64_C(5000000000);
  assert_true(watch_gives_up(asked_ns - LIMIT_NS, asked_ns, asked_ns));
  assert_false(watch_gives_up(asked_ns - LIMIT_NS + 1, asked_ns, asked_ns));
  assert_false(watch_gives_up(asked_ns - 1, asked_ns, asked_ns + LIMIT_NS / 2));
  assert_true(watch_gives_up(asked_ns - 1, asked_ns, asked_ns + LIMIT_NS));
}

/* The end has one deadline: what is called after it has a moment, and not the whole time again. */
static void a_call_from_after(void **state)
{
  (void)state;
  const int64_t asked_ns = INT64_C(5000000000);
  assert_false(watch_gives_up(asked_ns + LIMIT_NS / 2, asked_ns, asked_ns + LIMIT_NS - 1));
  assert_true(watch_gives_up(asked_ns + LIMIT_NS / 2, asked_ns, asked_ns + LIMIT_NS));
  const int64_t late_ns = asked_ns + 2 * LIMIT_NS;
  assert_false(watch_gives_up(late_ns, asked_ns, late_ns));
  assert_true(watch_gives_up(late_ns, asked_ns, late_ns + LIMIT_NS / 2));
}

/* Nobody asked: only a call itself has a limit then, and nobody looks. */
static void nobody_asked(void **state)
{
  (void)state;
  assert_false(watch_gives_up(1, INT64_MAX, LIMIT_NS));
}

static void take_over(void)
{
  _exit(TAKEN_OVER);
}

static void wait_ms(int64_t ms)
{
  clock_wait_until_ns(clock_now_ns() + clock_from_ms(ms));
}

/* A process with a watch, whose loop is `loop`; what came of it. The signal descriptor is an eventfd here. */
static int end_of(int (*loop)(int signal_fd, struct stream *stream), bool waits)
{
  int status;
  const pid_t pid = fork();
  if (pid == 0) {
    const int signal_fd = eventfd(0, EFD_NONBLOCK);
    struct stream *stream = stream_new(BLOCKS);
    if (signal_fd < 0 || !stream || watch_start(signal_fd, stream, waits, take_over) != 0)
      _exit(1);
    _exit(loop(signal_fd, stream));
  }
  assert_true(pid > 0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void come(int signal_fd)
{
  const uint64_t one = 1;
  if (write(signal_fd, &one, sizeof one) != sizeof one)
    _exit(1);
}

/* It hangs until it is taken over from, which ends the process. */
static int hang(int signal_fd, struct stream *stream)
{
  (void)stream;
  watch_display_begin();
  come(signal_fd);
  wait_ms(PATIENCE_MS);
  return OWN_END;
}

/* Outside the display it is never taken over from, however long that takes; but the reader is asked to stop. */
static int think(int signal_fd, struct stream *stream)
{
  watch_display_begin();
  watch_display_end();
  come(signal_fd);
  for (int i = 0; i < PATIENCE_MS && !stream_stop_asked(stream); i++)
    wait_ms(1);
  wait_ms(INT64_C(4) * ENDING_DISPLAY_MS);
  return stream_stop_asked(stream) ? OWN_END : NOT_ASKED;
}

/* Nobody asks for the end: it may hang as long as it likes. */
static int hang_in_peace(int signal_fd, struct stream *stream)
{
  (void)signal_fd;
  watch_display_begin();
  wait_ms(INT64_C(4) * ENDING_DISPLAY_MS);
  return stream_stop_asked(stream) ? NOT_ASKED : OWN_END;
}

/* Long calls into a display that never waits are work, which is not taken over. */
static int work(int signal_fd, struct stream *stream)
{
  watch_display_begin();
  come(signal_fd);
  for (int i = 0; i < PATIENCE_MS && !stream_stop_asked(stream); i++)
    wait_ms(1);
  wait_ms(INT64_C(4) * ENDING_DISPLAY_MS);
  watch_display_end();
  watch_claim();
  return stream_stop_asked(stream) ? OWN_END : NOT_ASKED;
}

static void the_thread(void **state)
{
  (void)state;
  assert_int_equal(end_of(hang, true), TAKEN_OVER);
  assert_int_equal(end_of(think, true), OWN_END);
  assert_int_equal(end_of(hang_in_peace, true), OWN_END);
  assert_int_equal(end_of(work, true), TAKEN_OVER);
  assert_int_equal(end_of(work, false), OWN_END);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_call_from_before),
      cmocka_unit_test(a_call_from_after),
      cmocka_unit_test(nobody_asked),
      cmocka_unit_test(the_thread),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
