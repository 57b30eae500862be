/* What the reader says of its input never holds up the plot, though standard error is full, or the terminal stopped. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/clock.h"
#include "scale.h"
#include "scope/input/demo.h"
#include "scope/input/reader.h"
#include "scope/input/reader_fixture.h"

struct mouth {
  int saved, ends[2];
};

static struct mouth open_mouth(void)
{
  struct mouth m = {.saved = dup(STDERR_FILENO)};
  assert_int_equal(pipe2(m.ends, O_CLOEXEC | O_NONBLOCK), 0);
  assert_int_equal(dup2(m.ends[1], STDERR_FILENO), STDERR_FILENO);
  return m;
}

static void close_mouth(const struct mouth *m)
{
  assert_int_equal(dup2(m->saved, STDERR_FILENO), STDERR_FILENO);
  close(m->saved);
  close(m->ends[0]);
  close(m->ends[1]);
}

/* A rejected line, and then more rows than the ring holds, in one read: as long as that lasts nothing is said. */
static void messages_come_after_the_arrival(void **state)
{
  (void)state;
  static char text[128 * 1024];
  size_t length = 8;
  memcpy(text, "1 1\nx 5\n", length);
  for (; length + 4 <= sizeof text; length += 4)
    memcpy(text + length, "1 2\n", 4);
  const struct mouth m = open_mouth();
  int fd = memfd_create("input", MFD_CLOEXEC);
  put(fd, text, length);
  lseek(fd, 0, SEEK_SET);
  struct stream *s = new_stream(SMALLEST);
  start(s, fd, &by_number);
  struct pollfd full = {.fd = stream_data_fd(s), .events = POLLIN};
  if (stream_prepare_wait(s, STREAM_WAKE_FILLING))
    poll(&full, 1, PATIENCE_MS);
  stream_finish_wait(s);
  const bool early = readable(m.ends[0], 30);
  static struct taken t;
  memset(&t, 0, sizeof t);
  while (!stream_ended(s)) {
    stream_wait(s, -1, PATIENCE_MS);
    take(s, &t);
  }
  const bool late = readable(m.ends[0], PATIENCE_MS);
  char said[200] = "";
  const ssize_t n = read(m.ends[0], said, sizeof said - 1);
  wait_for_acknowledgement(s);
  close_mouth(&m);
  assert_false(early);
  assert_true(late && n > 0);
  assert_non_null(strstr(said, "line 2: 'x' is not a number"));
  assert_int_equal(counts_of(s).rejected, 1);
  close(fd);
}

/* Standard error is full and nobody reads it: the input is read on, and nothing is lost once somebody does. */
static void a_full_standard_error_holds_up_nothing(void **state)
{
  (void)state;
  const struct mouth m = open_mouth();
  char filling[4096];
  memset(filling, '.', sizeof filling);
  while (write(m.ends[1], filling, sizeof filling) > 0)
    continue;
  struct piped p = start_piped(ROOMY, &by_number);
  put_text(p.in, "1\nx\ny\n2\n");
  wait_for_lines(p.stream, 4);
  put_text(p.in, "3\n");
  wait_for_lines(p.stream, 5);
  const bool latest = stream_latest(p.stream, 0) == 3;
  close(p.in);
  while (!stream_ended(p.stream)) {
    stream_wait(p.stream, -1, PATIENCE_MS);
    static struct taken t;
    take(p.stream, &t);
  }
  char said[1000] = "";
  size_t length = 0;
  while (readable(m.ends[0], stream_acknowledged(p.stream) ? 0 : PATIENCE_MS)) {
    char bytes[4096];
    const ssize_t n = read(m.ends[0], bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; i++)
      if (bytes[i] != '.' && length < sizeof said - 1)
        said[length++] = bytes[i];
    if (strstr(said, "line 3"))
      break;
  }
  wait_for_acknowledgement(p.stream);
  close_mouth(&m);
  assert_true(latest);
  assert_non_null(strstr(said, "line 2: 'x'"));
  assert_non_null(strstr(said, "line 3: 'y'"));
  close(p.out);
}

struct terminal {
  int person, slave, saved;
  char seen[4000];
  size_t length;
  struct stream *stream;
};

static void start_at_terminal(struct terminal *t)
{
  *t = (struct terminal){.saved = dup(STDERR_FILENO), .stream = new_stream(ROOMY)};
  t->person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(t->person >= 0 && grantpt(t->person) == 0 && unlockpt(t->person) == 0);
  char name[64];
  assert_int_equal(ptsname_r(t->person, name, sizeof name), 0);
  t->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(t->slave >= 0);
  struct termios mode;
  assert_int_equal(tcgetattr(t->slave, &mode), 0);
  mode.c_lflag &= ~(tcflag_t)ECHO; /* what is seen is what the reader says */
  assert_int_equal(tcsetattr(t->slave, TCSANOW, &mode), 0);
  assert_int_equal(dup2(t->slave, STDERR_FILENO), STDERR_FILENO);
  const struct reader_config config = {
      .source = {.fd = t->slave, .keeper = -1, .name = "the test", .tty = true, .kind = SOURCE_TERMINAL},
      .base = {.kind = TIME_ARRIVAL, .start_ns = clock_now_ns()},
      .prompt_fd = t->slave};
  assert_int_equal(reader_start(&config, t->stream), 0);
}

/* Reads until the terminal shows text, or nothing more comes for timeout_ms. True when it does. */
static bool shows(struct terminal *t, const char *text, int timeout_ms)
{
  while (!strstr(t->seen, text)) {
    if (!readable(t->person, timeout_ms))
      return false;
    const ssize_t n = read(t->person, t->seen + t->length, sizeof t->seen - 1 - t->length);
    if (n <= 0)
      return false;
    t->length += (size_t)n;
  }
  return true;
}

/* Whether the plot can move on: the past is complete up to now. Waits for that. */
static bool moves_on(const struct stream *s, int64_t start_ns)
{
  const int64_t deadline = clock_now_ns() + (int64_t)PATIENCE_MS * CLOCK_MS_NS;
  while (clock_now_ns() < deadline) {
    const int64_t now = clock_now_ns() - start_ns;
    if (stream_settled_until(s, now) == now)
      return true;
  }
  return false;
}

static void end_terminal(struct terminal *t)
{
  assert_int_equal(dup2(t->saved, STDERR_FILENO), STDERR_FILENO);
  close(t->saved);
  close(t->person);
  close(t->slave);
}

static void questions_and_complaints(void **state)
{
  (void)state;
  struct terminal t;
  start_at_terminal(&t);
  const bool asked = shows(&t, "New value: ", PATIENCE_MS);
  put_text(t.person, "oops\n");
  const bool complained = shows(&t, "Input must be a number.\r\nNew value: ", PATIENCE_MS);
  put_text(t.person, "5\n");
  const bool asked_again = shows(&t, "New value: New value: ", PATIENCE_MS);
  put_text(t.person, "\n\n");
  const bool each = shows(&t, "New value: New value: Input must be a number.\r\n", PATIENCE_MS);
  stream_ask_stop(t.stream);
  wait_for_acknowledgement(t.stream);
  end_terminal(&t);
  assert_true(asked && complained && asked_again && each);
  assert_true(stream_latest(t.stream, 0) == 5);
}

/* How long a stop takes whose last words nobody reads. */
static int64_t stop_at_a_stopped_terminal(void)
{
  struct terminal t;
  const int64_t start_ns = clock_now_ns();
  start_at_terminal(&t);
  const bool asked = shows(&t, "New value: ", PATIENCE_MS);
  assert_int_equal(tcflow(t.slave, TCOOFF), 0);
  put_text(t.person, "oops\n");
  wait_for_lines(t.stream, 1);
  const bool on = moves_on(t.stream, start_ns);
  put_text(t.person, "5\n");
  wait_for_lines(t.stream, 2);
  const bool latest = stream_latest(t.stream, 0) == 5;
  const bool silent = !shows(&t, "Input", 20);
  tcflow(t.slave, TCOON);
  const bool said = shows(&t, "New value: Input must be a number.\r\nNew value: New value: ", PATIENCE_MS);

  tcflow(t.slave, TCOOFF);
  put_text(t.person, "oops\n");
  wait_for_lines(t.stream, 3);
  const int64_t asked_ns = clock_now_ns();
  stream_ask_stop(t.stream);
  wait_for_acknowledgement(t.stream);
  const int64_t took_ns = clock_now_ns() - asked_ns;
  tcflow(t.slave, TCOON);
  end_terminal(&t);
  assert_true(asked && on && latest && silent && said);
  return took_ns;
}

/* Ctrl-S, a word and Enter: the plot goes on, and so does the input. Ctrl-Q: all that was to be said appears. */
static void a_stopped_terminal_holds_up_nothing(void **state)
{
  (void)state;
  enum { TRIES = 3 }; /* a machine that stands still makes one of them late, and a wait without an end each */
  int64_t least_ns = INT64_MAX;
  for (int i = 0; i < TRIES && least_ns >= SCALED(READER_LAST_WORDS_MS + 50, 1000) * (int64_t)CLOCK_MS_NS; i++) {
    const int64_t took_ns = stop_at_a_stopped_terminal();
    least_ns = took_ns < least_ns ? took_ns : least_ns;
  }
  assert_true(least_ns < SCALED(READER_LAST_WORDS_MS + 50, 1000) * (int64_t)CLOCK_MS_NS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_come_after_the_arrival),
      cmocka_unit_test(a_full_standard_error_holds_up_nothing),
      cmocka_unit_test(questions_and_complaints),
      cmocka_unit_test(a_stopped_terminal_holds_up_nothing),
  };
  signal(SIGPIPE, SIG_IGN); /* a writer learns from the error that the reader of its pipe is gone */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
