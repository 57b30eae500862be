/* Bytes that wait for a descriptor: how many may, in which order they leave, and where the writes to a pipe are cut. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/outlet.h"
#include "random.h"
#include "scale.h"

enum { WAIT_MS = 5000, BYTES_MAX = 1 << 20, LINE_MAX_LENGTH = 300 };

static char bytes[BYTES_MAX];

/* Wherever a byte comes out, it says which it is. */
static void fill_bytes(void)
{
  struct random random = random_seeded(1);
  for (size_t i = 0; i < BYTES_MAX; i++)
    bytes[i] = (char)random_below(&random, 256);
}

static void open_pipe(int ends[2])
{
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  assert_true(fcntl(ends[1], F_SETPIPE_SZ, PIPE_BUF) >= PIPE_BUF);
}

static void close_pipe(const int ends[2])
{
  close(ends[0]);
  close(ends[1]);
}

static bool readable(int fd, int timeout_ms)
{
  return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, timeout_ms) == 1;
}

static void limits(void **state)
{
  (void)state;
  static const struct {
    size_t waiting, length, limit;
    bool taken;
  } cases[] = {
      {0, 0, 0, true},           {0, 1, 0, false},
      {0, 1, 1, true},           {0, 100, 99, false},
      {0, 100, 100, true},       {60, 40, 99, false},
      {60, 40, 100, true},       {60, 41, 100, false},
      {60, 0, 60, true},         {60, 0, 59, true},
      {60, 1, 10, false},        {60, 1, SIZE_MAX, true},
      {0, SIZE_MAX, 100, false}, {60, SIZE_MAX - 10, 1000, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct outlet outlet;
    const int fd = memfd_create("outlet", MFD_CLOEXEC);
    outlet_open(&outlet, fd);
    assert_true(outlet_add(&outlet, bytes, cases[i].waiting, SIZE_MAX));
    const bool taken = outlet_add(&outlet, bytes + cases[i].waiting, cases[i].length, cases[i].limit);
    if (taken != cases[i].taken)
      fail_msg("case %zu: %d", i, taken);
    const size_t expected = cases[i].waiting + (taken ? cases[i].length : 0);
    assert_int_equal(outlet_waiting(&outlet), expected);
    assert_false(outlet_flush(&outlet));
    assert_int_equal(outlet_waiting(&outlet), 0);
    char written[200];
    assert_int_equal(pread(fd, written, sizeof written, 0), expected);
    assert_memory_equal(written, bytes, expected);
    outlet_destroy(&outlet);
    close(fd);
  }
}

/* Any additions, reads and flushes: what comes out is what went in, and what waits is the difference. */
static void order_is_kept(void **state)
{
  (void)state;
  struct random random = random_seeded(2);
  for (int round = 0; round < 20; round++) {
    static char piece[BYTES_MAX];
    struct outlet outlet;
    int ends[2];
    size_t added = 0;
    size_t came = 0;
    open_pipe(ends);
    outlet_open(&outlet, ends[1]);
    const size_t most = (size_t)1 << random_between(&random, 4, 15);
    while (added < BYTES_MAX / 4) {
      const size_t length = (size_t)random_below(&random, most);
      assert_true(outlet_add(&outlet, bytes + added, length, SIZE_MAX));
      added += length;
      if (random_once_in(&random, 2)) {
        const bool left = outlet_flush(&outlet);
        assert_true(left == (outlet_waiting(&outlet) > 0));
      }
      assert_true(outlet.start <= outlet.end && outlet.end <= outlet.size);
      if (random_once_in(&random, 3) && readable(ends[0], 0)) {
        const ssize_t got = read(ends[0], piece, (size_t)random_between(&random, 1, 2 * (int64_t)PIPE_BUF));
        assert_true(got > 0);
        assert_memory_equal(piece, bytes + came, (size_t)got);
        came += (size_t)got;
      }
      assert_true(came + outlet_waiting(&outlet) <= added && added <= came + outlet_waiting(&outlet) + PIPE_BUF);
    }
    while (came < added) {
      const bool left = outlet_flush(&outlet);
      assert_true(readable(ends[0], WAIT_MS));
      const ssize_t got = read(ends[0], piece, sizeof piece);
      assert_true(got > 0);
      assert_memory_equal(piece, bytes + came, (size_t)got);
      came += (size_t)got;
      assert_true(left || came == added);
    }
    assert_int_equal(came, added);
    assert_int_equal(outlet_waiting(&outlet), 0);
    outlet_destroy(&outlet);
    close_pipe(ends);
  }
}

/* Room in front, of what has left already, is used before more memory is asked for. */
static void room_is_used_again(void **state)
{
  (void)state;
  struct outlet outlet;
  int ends[2];
  char piece[PIPE_BUF];
  static char text[3 * PIPE_BUF]; /* no line ends in it: each write is as long as can be */
  open_pipe(ends);
  outlet_open(&outlet, ends[1]);
  assert_true(outlet_add(&outlet, text, sizeof text, SIZE_MAX));
  assert_true(outlet_flush(&outlet));
  const size_t size = outlet.size;
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(read(ends[0], piece, PIPE_BUF), PIPE_BUF);
    assert_true(outlet_flush(&outlet));
    assert_true(outlet_add(&outlet, text, PIPE_BUF, SIZE_MAX));
  }
  assert_int_equal(outlet.size, size);
  outlet_destroy(&outlet);
  close_pipe(ends);
}

/* What was refused leaves no trace, and the next that fits is taken. */
static void refused_is_not_there(void **state)
{
  (void)state;
  struct outlet outlet;
  char written[64];
  const int fd = memfd_create("outlet", MFD_CLOEXEC);
  outlet_open(&outlet, fd);
  assert_true(outlet_add(&outlet, "one\n", 4, 10));
  assert_false(outlet_add(&outlet, "refused\n", 8, 10));
  assert_true(outlet_add(&outlet, "three\n", 6, 10));
  assert_false(outlet_add(&outlet, "\n", 1, 10));
  assert_false(outlet_flush(&outlet));
  assert_int_equal(pread(fd, written, sizeof written, 0), 10);
  assert_memory_equal(written, "one\nthree\n", 10);
  outlet_destroy(&outlet);
  close(fd);
}

/* A pipe in packet mode shows each write by itself. */
static void writes_end_with_a_line(void **state)
{
  (void)state;
  struct random random = random_seeded(3);
  struct outlet outlet;
  int ends[2];
  size_t length = 0;
  static char text[8 * PIPE_BUF];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  outlet_open(&outlet, ends[1]);
  assert_true(outlet.own_fd >= 0);
  if (fcntl(outlet.own_fd, F_SETFL, O_NONBLOCK | O_DIRECT) != 0)
    skip();
  while (length < sizeof text - LINE_MAX_LENGTH) {
    const size_t line = (size_t)random_between(&random, 1, LINE_MAX_LENGTH);
    memset(text + length, 'x', line);
    length += line;
    text[length - 1] = '\n';
  }
  assert_true(outlet_add(&outlet, text, length, SIZE_MAX));
  assert_false(outlet_flush(&outlet));
  int packets = 0;
  for (size_t came = 0; came < length; packets++) {
    char packet[2 * PIPE_BUF];
    assert_true(readable(ends[0], 0));
    const ssize_t got = read(ends[0], packet, sizeof packet);
    assert_in_range(got, 1, PIPE_BUF);
    assert_memory_equal(packet, text + came, (size_t)got);
    assert_int_equal(packet[got - 1], '\n');
    came += (size_t)got;
  }
  assert_true(packets <= 10); /* and not a write for each line */

  /* A line that is longer than a write may be: in as few pieces as can be, and the next line starts anew. */
  memset(text, 'y', 2 * PIPE_BUF + 10);
  text[2 * PIPE_BUF + 9] = '\n';
  memset(text + 2 * (size_t)PIPE_BUF + 10, 'z', PIPE_BUF);
  text[3 * PIPE_BUF + 9] = '\n';
  assert_true(outlet_add(&outlet, text, 3 * (size_t)PIPE_BUF + 10, SIZE_MAX));
  assert_false(outlet_flush(&outlet));
  static const int expected[] = {PIPE_BUF, PIPE_BUF, 10, PIPE_BUF};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    char packet[2 * PIPE_BUF];
    assert_true(readable(ends[0], 0));
    assert_int_equal(read(ends[0], packet, sizeof packet), expected[i]);
  }
  outlet_destroy(&outlet);
  close_pipe(ends);
}

/* "p 17 ppp\n": who, which, and padding, so that a mixed line cannot pass for a whole one. */
static size_t make_line(char line[LINE_MAX_LENGTH], char who, int number, int length)
{
  const int head = snprintf(line, LINE_MAX_LENGTH, "%c %d ", who, number);
  memset(line + head, who, (size_t)(length - head - 1));
  line[length - 1] = '\n';
  return (size_t)length;
}

static _Noreturn void second_writer(int fd, int count)
{
  struct random random = random_seeded(4);
  char line[LINE_MAX_LENGTH];
  for (int i = 0; i < count; i++) {
    const size_t length = make_line(line, 'q', i, (int)random_between(&random, 12, LINE_MAX_LENGTH));
    if (write(fd, line, length) != (ssize_t)length)
      _exit(1);
  }
  _exit(0);
}

static int check_line(const char *line, const int counts[2])
{
  const char who = line[0];
  char *end;
  assert_true(who == 'p' || who == 'q');
  assert_int_equal(strtol(line + 1, &end, 10), counts[who - 'p']);
  assert_int_equal(*end, ' ');
  for (const char *at = end + 1; *at; at++)
    assert_int_equal(*at, who);
  return who - 'p';
}

static void second_writer_on_the_pipe(void **state)
{
  (void)state;
  enum { LINES = SCALED(8000, 3000) };
  struct random random = random_seeded(5);
  struct outlet outlet;
  int ends[2];
  int added = 0;
  int counts[2] = {0, 0};
  static char text[4 * PIPE_BUF + 1];
  size_t length = 0;

  open_pipe(ends);
  const pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    close(ends[0]);
    second_writer(ends[1], LINES);
  }
  outlet_open(&outlet, ends[1]);
  while (counts[0] < LINES || counts[1] < LINES) {
    char line[LINE_MAX_LENGTH];
    while (added < LINES && outlet_waiting(&outlet) < 4 * (size_t)PIPE_BUF) {
      const size_t line_length = make_line(line, 'p', added++, (int)random_between(&random, 12, LINE_MAX_LENGTH));
      assert_true(outlet_add(&outlet, line, line_length, SIZE_MAX));
    }
    outlet_flush(&outlet);
    assert_true(readable(ends[0], WAIT_MS));
    const ssize_t got = read(ends[0], text + length, (size_t)random_between(&random, 1, PIPE_BUF));
    assert_true(got > 0);
    length += (size_t)got;
    text[length] = '\0';
    char *rest = text;
    for (char *end; (end = strchr(rest, '\n')) != NULL; rest = end + 1) {
      *end = '\0';
      counts[check_line(rest, counts)]++;
    }
    length -= (size_t)(rest - text);
    memmove(text, rest, length);
  }
  assert_int_equal(length, 0);
  int status = -1;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  outlet_destroy(&outlet);
  close_pipe(ends);
}

static void after_an_error(void **state)
{
  (void)state;
  struct outlet outlet;
  int ends[2];
  open_pipe(ends);
  outlet_open(&outlet, ends[1]);
  assert_true(outlet_add(&outlet, bytes, 100, SIZE_MAX));
  close(ends[0]);
  assert_false(outlet_flush(&outlet));
  assert_int_equal(outlet.error, EPIPE);
  assert_int_equal(outlet_waiting(&outlet), 0);
  assert_true(outlet_add(&outlet, bytes, 100, 0)); /* taken, and goes nowhere */
  assert_int_equal(outlet_waiting(&outlet), 0);
  assert_false(outlet_flush(&outlet));
  outlet_destroy(&outlet);
  close(ends[1]);
}

static void destroyed(void **state)
{
  (void)state;
  struct outlet outlet = {0};
  outlet_destroy(&outlet); /* zeroed: descriptor 0 is not its own */
  assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0 || errno == EBADF);
  assert_true(outlet_add(&outlet, "x", 1, 0));
  assert_int_equal(outlet_waiting(&outlet), 0);
  assert_false(outlet_flush(&outlet));
  outlet_destroy(&outlet);

  int ends[2];
  char rest[8];
  open_pipe(ends);
  outlet_open(&outlet, ends[1]);
  const int own_fd = outlet.own_fd;
  assert_true(outlet_add(&outlet, "last\n", 5, SIZE_MAX));
  outlet_destroy(&outlet); /* tries once more */
  assert_int_equal(read(ends[0], rest, sizeof rest), 5);
  assert_int_equal(fcntl(own_fd, F_GETFD), -1);
  assert_true(fcntl(ends[1], F_GETFD) >= 0);
  close_pipe(ends);
}

int main(void)
{
  signal(SIGPIPE, SIG_IGN);
  fill_bytes();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(limits),
      cmocka_unit_test(order_is_kept),
      cmocka_unit_test(room_is_used_again),
      cmocka_unit_test(refused_is_not_there),
      cmocka_unit_test(writes_end_with_a_line),
      cmocka_unit_test(second_writer_on_the_pipe),
      cmocka_unit_test(after_an_error),
      cmocka_unit_test(destroyed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
