/* What is passed on: every byte, to whoever is slow, and to nobody for longer than a moment after a stop. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "random.h"
#include "scope/input/tee.h"
#include "scope/stream/ending.h"

enum { BYTES = 3 << 20, BLOCKS = 2 * CHANNELS_MAX };

static char sent[BYTES], got[BYTES];
static struct stream *stream; /* of which the last tests ask the stop */

struct consumer {
  int fd;
  size_t length;
  bool slow;
};

static void *consume(void *argument)
{
  struct consumer *c = argument;
  ssize_t n;
  while ((n = read(c->fd, got + c->length, c->slow ? 40000 : sizeof got - c->length)) > 0) {
    c->length += (size_t)n;
    if (c->slow)
      clock_wait_until_ns(clock_now_ns() + CLOCK_MS_NS / 2);
  }
  return NULL;
}

static void expect_all_passed(int in, int out, bool slow)
{
  struct random r = random_seeded(9);
  for (size_t i = 0; i < sizeof sent; i++)
    sent[i] = (char)random_below(&r, 256);
  memset(got, 0, sizeof got);
  struct consumer consumer = {.fd = out, .slow = slow};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, consume, &consumer), 0);
  struct tee tee;
  tee_init(&tee, in);
  assert_int_equal(fcntl(in, F_GETFL) & O_NONBLOCK, 0); /* flags are shared with others */
  for (size_t at = 0; at < sizeof sent;) {
    size_t n = (size_t)random_below(&r, 200000) + 1;
    n = n < sizeof sent - at ? n : sizeof sent - at;
    assert_true(tee_pass(&tee, sent + at, n, stream));
    at += n;
  }
  tee_end(&tee); /* the consumer sees the end, though `in` stays open */
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(consumer.length, sizeof sent);
  assert_memory_equal(got, sent, sizeof sent);
  assert_int_equal(write(in, "x", 1), 1);
  close(in);
  close(out);
}

static void every_byte_to_a_pipe(void **state)
{
  (void)state;
  for (int slow = 0; slow < 2; slow++) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    expect_all_passed(ends[1], ends[0], slow);
  }
}

static void every_byte_to_a_socket(void **state)
{
  (void)state;
  int ends[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  expect_all_passed(ends[1], ends[0], true);
}

static void a_file_keeps_its_place(void **state)
{
  (void)state;
  char path[] = "/tmp/scope-tee-XXXXXX";
  const int fd = mkstemp(path);
  assert_int_equal(write(fd, "before\n", 7), 7);
  struct tee tee;
  tee_init(&tee, fd);
  assert_true(tee_pass(&tee, "1\n2\n", 4, stream));
  char text[20] = "";
  assert_int_equal(pread(fd, text, sizeof text - 1, 0), 11);
  assert_string_equal(text, "before\n1\n2\n");
  close(fd);
  unlink(path);
}

static void nobody_reads(void **state)
{
  (void)state;
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  struct tee tee;
  tee_init(&tee, ends[1]);
  close(ends[0]);
  assert_false(tee_pass(&tee, "1\n", 2, stream));
  assert_int_equal(tee.error, EPIPE);
  assert_false(tee_pass(&tee, "1\n", 2, stream));
  tee_end(&tee);
  close(ends[1]);
}

/*
 * A consumer that takes nothing has ENDING_TEE_MS from the moment at which the stop was asked for, and not from when it is
 * waited for: then a hundred that come later have no time at all, while each of them would have had its own.
 */
static void a_stop_has_an_end(void **state)
{
  (void)state;
  enum { MANY = 100 };
  const int64_t limit_ns = clock_from_ms(ENDING_TEE_MS);
  stream_ask_stop(stream);
  const int64_t before_ns = stream_stop_asked_ns(stream);
  for (int i = 0; i < MANY; i++) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    struct tee tee;
    tee_init(&tee, ends[1]);
    assert_false(tee_pass(&tee, sent, sizeof sent, stream));
    assert_int_equal(tee.error, ETIMEDOUT);
    assert_true(clock_now_ns() - before_ns >= limit_ns);
    assert_false(tee_pass(&tee, sent, 1, stream));
    assert_in_range(read(ends[0], got, sizeof got), 4096, sizeof got); /* what the pipe had room for, late or not */
    tee_end(&tee);
    close(ends[0]);
    close(ends[1]);
  }
  assert_true(clock_now_ns() - before_ns < MANY / 2 * limit_ns);
}

/* A terminal that nobody reads says that it is ready while it has room for a few bytes: more would wait for ever. */
static void a_terminal_that_takes_nothing(void **state)
{
  (void)state;
  const int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(ours >= 0 && grantpt(ours) == 0 && unlockpt(ours) == 0);
  const int theirs = open(ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct tee tee;
  tee_init(&tee, theirs);
  assert_true(isatty(theirs));
  stream_ask_stop(stream);
  assert_false(tee_pass(&tee, sent, sizeof sent, stream));
  assert_int_equal(tee.error, ETIMEDOUT);
  tee_end(&tee);
  close(theirs);
  close(ours);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_byte_to_a_pipe),   cmocka_unit_test(every_byte_to_a_socket),
      cmocka_unit_test(a_file_keeps_its_place), cmocka_unit_test(nobody_reads),
      cmocka_unit_test(a_stop_has_an_end),      cmocka_unit_test(a_terminal_that_takes_nothing),
  };
  signal(SIGPIPE, SIG_IGN);
  stream = stream_new(BLOCKS);
  if (!stream)
    return 1;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
