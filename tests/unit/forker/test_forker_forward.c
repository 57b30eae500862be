/* A child's output in whole lines, whatever pieces it comes in, and no more of it than there is room for. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "forker/forward.h"
#include "random.h"
#include "scale.h"

enum { TEXT_MAX = 400000 };

/* A pipe from the child, and an outlet to a file. */
struct fixture {
  struct forward forward;
  struct outlet outlet;
  int ends[2];
  int file;
};

static char text[TEXT_MAX];
static char came[TEXT_MAX + 1];

static void begin(struct fixture *f)
{
  *f = (struct fixture){.file = memfd_create("out", MFD_CLOEXEC)};
  assert_true(f->file >= 0);
  assert_int_equal(pipe2(f->ends, O_CLOEXEC | O_NONBLOCK), 0);
  outlet_open(&f->outlet, f->file);
}

static void end(struct fixture *f)
{
  outlet_destroy(&f->outlet);
  forward_destroy(&f->forward);
  forward_destroy(&f->forward);
  close(f->ends[0]);
  if (f->ends[1] >= 0)
    close(f->ends[1]);
  close(f->file);
}

static void put(struct fixture *f, const char *data, size_t length)
{
  assert_int_equal(write(f->ends[1], data, length), length);
}

static void put_end(struct fixture *f)
{
  close(f->ends[1]);
  f->ends[1] = -1;
}

static enum forward_result get(struct fixture *f)
{
  return forward_read(&f->forward, f->ends[0], &f->outlet, FORWARD_LIMIT);
}

/* All that has left the outlet. */
static size_t written(struct fixture *f)
{
  assert_false(outlet_flush(&f->outlet));
  const ssize_t length = pread(f->file, came, TEXT_MAX, 0);
  assert_true(length >= 0);
  came[length] = '\0';
  return (size_t)length;
}

static void pieces_of_lines_wait(void **state)
{
  (void)state;
  struct fixture f;
  begin(&f);
  assert_int_equal(get(&f), FORWARD_EMPTY);
  assert_int_equal(outlet_waiting(&f.outlet), 0);
  put(&f, "one", 3);
  assert_int_equal(get(&f), FORWARD_EMPTY);
  assert_int_equal(outlet_waiting(&f.outlet), 0);
  put(&f, " and\ntwo", 8);
  assert_int_equal(get(&f), FORWARD_EMPTY);
  written(&f);
  assert_string_equal(came, "one and\n");
  put(&f, "\n\n", 2);
  assert_int_equal(get(&f), FORWARD_EMPTY);
  put_end(&f);
  assert_int_equal(get(&f), FORWARD_END);
  written(&f);
  assert_string_equal(came, "one and\ntwo\n\n");
  end(&f);
}

static void last_line_is_ended(void **state)
{
  (void)state;
  static const struct {
    const char *in, *out;
  } cases[] = {{"", ""}, {"\n", "\n"}, {"x", "x\n"}, {"x\n", "x\n"}, {"x\ny", "x\ny\n"}, {"x\r", "x\r\n"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int together = 0; together < 2; together++) { /* the end is known with the last bytes, or later */
      struct fixture f;
      begin(&f);
      put(&f, cases[i].in, strlen(cases[i].in));
      if (!together)
        assert_int_equal(get(&f), FORWARD_EMPTY);
      put_end(&f);
      assert_int_equal(get(&f), FORWARD_END);
      written(&f);
      assert_string_equal(came, cases[i].out);
      assert_int_equal(get(&f), FORWARD_END); /* and nothing twice */
      written(&f);
      assert_string_equal(came, cases[i].out);
      end(&f);
    }
}

/* Lines of any length and bytes, in any pieces: only whole lines are added, and all of them. */
static void any_split_gives_whole_lines(void **state)
{
  (void)state;
  struct random random = random_seeded(1);
  for (int round = 0; round < SCALED(200, 60); round++) {
    struct fixture f;
    const uint64_t lines = (uint64_t)1 << random_between(&random, 0, 8); /* a newline so often */
    const uint64_t most = (uint64_t)1 << random_between(&random, 1, 13);
    const size_t length = (size_t)random_below(&random, 20000);
    begin(&f);
    for (size_t i = 0; i < length; i++)
      text[i] = (char)(random_once_in(&random, lines) ? '\n' : random_below(&random, 256));
    for (size_t at = 0; at < length;) {
      size_t piece = (size_t)random_below(&random, most + 1);
      piece = piece < length - at ? piece : length - at;
      if (piece > 0)
        put(&f, text + at, piece);
      at += piece;
      assert_int_equal(get(&f), FORWARD_EMPTY);
      if (outlet_waiting(&f.outlet) > 0)
        assert_int_equal(f.outlet.buffer[f.outlet.end - 1], '\n');
      const char *last = at > 0 ? memrchr(text, '\n', at) : NULL;
      assert_int_equal(f.forward.length, at - (size_t)(last ? last + 1 - text : 0));
      if (random_once_in(&random, 3))
        outlet_flush(&f.outlet);
    }
    put_end(&f);
    assert_int_equal(get(&f), FORWARD_END);
    const size_t got = written(&f);
    const bool ended = length == 0 || text[length - 1] == '\n';
    assert_int_equal(got, length + !ended);
    assert_memory_equal(came, text, length);
    if (!ended)
      assert_int_equal(came[length], '\n');
    end(&f);
  }
}

/* A line that is too long to wait for goes on as it comes; it is one line still, with one end. */
static void long_lines_go_on_in_pieces(void **state)
{
  (void)state;
  static const int lengths[] = {
      FORWARD_LINE - 1,     FORWARD_LINE, FORWARD_LINE + 1, 2 * FORWARD_LINE, 2 * FORWARD_LINE + 1,
      3 * FORWARD_LINE - 1, 300000};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
    for (size_t piece = 1000; piece <= 64000; piece *= 8)
      for (int ended = 0; ended < 2; ended++) {
        struct fixture f;
        const size_t all = (size_t)lengths[i];
        begin(&f);
        memset(text, 'x', all);
        for (size_t at = 0; at < all;) {
          const size_t length = piece < all - at ? piece : all - at;
          put(&f, text + at, length);
          at += length;
          assert_int_equal(get(&f), FORWARD_EMPTY);
          assert_true(f.forward.length <= FORWARD_LINE);
          outlet_flush(&f.outlet);
        }
        if (ended)
          put(&f, "\nnext\n", 6);
        put_end(&f);
        assert_int_equal(get(&f), FORWARD_END);
        const size_t got = written(&f);
        assert_memory_equal(came, text, all);
        if (strcmp(came + all, ended ? "\nnext\n" : "\n") != 0)
          fail_msg("%zu bytes by %zu: then '%s'", all, piece, came + all);
        assert_int_equal(got, all + (ended ? 6 : 1));
        end(&f);
      }
}

static int in_pipe(const struct fixture *f)
{
  int count = -1;
  assert_int_equal(ioctl(f->ends[0], FIONREAD, &count), 0);
  return count;
}

/* While the outlet has enough, the rest stays in the pipe. */
static void full_outlet_holds_the_child(void **state)
{
  (void)state;
  struct fixture f;
  begin(&f);
  put(&f, "one\n", 4);
  assert_int_equal(forward_read(&f.forward, f.ends[0], &f.outlet, 0), FORWARD_FULL);
  assert_int_equal(in_pipe(&f), 4);
  assert_int_equal(forward_read(&f.forward, f.ends[0], &f.outlet, 4), FORWARD_FULL); /* it may have more */
  assert_int_equal(outlet_waiting(&f.outlet), 4);
  put(&f, "two\n", 4);
  assert_int_equal(forward_read(&f.forward, f.ends[0], &f.outlet, 4), FORWARD_FULL);
  assert_int_equal(in_pipe(&f), 4);
  put_end(&f);
  assert_int_equal(forward_read(&f.forward, f.ends[0], &f.outlet, 3), FORWARD_FULL); /* the end, too, comes later */
  assert_int_equal(forward_read(&f.forward, f.ends[0], &f.outlet, 100), FORWARD_END);
  written(&f);
  assert_string_equal(came, "one\ntwo\n");
  end(&f);
}

static void endless_writer_does_not_hold_the_loop(void **state)
{
  (void)state;
  struct fixture f;
  begin(&f);
  const int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  assert_true(zero >= 0);
  assert_int_equal(forward_read(&f.forward, zero, &f.outlet, SIZE_MAX), FORWARD_EMPTY);
  const size_t all = outlet_waiting(&f.outlet) + f.forward.length;
  assert_in_range(all, 1 << 20, (1 << 20) + FORWARD_LINE);
  assert_false(outlet_flush(&f.outlet));
  /* With a limit it stops there, and goes beyond it by a piece at most. */
  assert_int_equal(forward_read(&f.forward, zero, &f.outlet, FORWARD_LIMIT), FORWARD_FULL);
  assert_in_range(outlet_waiting(&f.outlet), FORWARD_LIMIT, FORWARD_LIMIT + 2 * FORWARD_LINE);
  close(zero);
  end(&f);
}

/* What cannot be read any more has ended; what came of it before is not lost. */
static void failure_is_an_end(void **state)
{
  (void)state;
  struct fixture f;
  begin(&f);
  put(&f, "rest", 4);
  assert_int_equal(get(&f), FORWARD_EMPTY);
  assert_int_equal(forward_read(&f.forward, -1, &f.outlet, FORWARD_LIMIT), FORWARD_END);
  written(&f);
  assert_string_equal(came, "rest\n");
  end(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_of_lines_wait),        cmocka_unit_test(last_line_is_ended),
      cmocka_unit_test(any_split_gives_whole_lines), cmocka_unit_test(long_lines_go_on_in_pieces),
      cmocka_unit_test(full_outlet_holds_the_child), cmocka_unit_test(endless_writer_does_not_hold_the_loop),
      cmocka_unit_test(failure_is_an_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
