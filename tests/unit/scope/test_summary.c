/* --summary: its numbers read back exactly, and nobody waits for a reader that does not read. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "capture.h"
#include "scope/summary.h"

static const char HEAD[] = "channel\tcount\tmin\tmax\tmean\tlast\n";

struct fixture {
  struct stream *stream;
  struct intake *intake;
};

static void start(struct fixture *f)
{
  static struct stream *kept[16]; /* a stream lives as long as the process: those of all tests stay reachable */
  static size_t n;
  const struct time_base base = {.kind = TIME_NUMBER};
  assert_true(n < sizeof kept / sizeof kept[0]);
  f->stream = kept[n++] = stream_new(128);
  assert_non_null(f->stream);
  f->intake = intake_new(f->stream, &base, (size_t)1 << 20, false);
  assert_non_null(f->intake);
}

static void samples(struct fixture *f, size_t channel, const double *value, size_t n)
{
  static const struct stream_counts counts;
  for (size_t i = 0; i < n; i++) {
    const int64_t time = (int64_t)i;
    stream_put(f->stream, channel, &time, &value[i], 1);
  }
  stream_publish(f->stream, &counts);
  assert_true(intake_take(f->intake, INT64_MAX));
}

static void check(const struct fixture *f, const char *rows)
{
  struct capture out = capture_start(STDOUT_FILENO);
  const int error = summary_write(f->intake, STDOUT_FILENO, -1, false);
  capture_end(&out);
  assert_int_equal(error, 0);
  assert_memory_equal(out.text, HEAD, sizeof HEAD - 1);
  assert_string_equal(out.text + sizeof HEAD - 1, rows);
}

static void a_line_a_channel(void **state)
{
  (void)state;
  struct fixture f;
  start(&f);
  check(&f, "");
  stream_channel_add(f.stream, "a");
  stream_channel_add(f.stream, "never");
  stream_channel_add(f.stream, "only gaps");
  stream_channel_add(f.stream, "\xC2\xB5");
  samples(&f, 0, (const double[]){0.5, -7.25, 1e22, (double)NAN, 3}, 5);
  samples(&f, 2, (const double[]){(double)NAN, (double)NAN}, 2);
  samples(&f, 3, (const double[]){0.1, 0.1, (double)NAN}, 3);
  check(&f, "a\t4\t-7.25\t1e+22\t2.5e+21\t3\n"
            "only gaps\t0\tnan\tnan\tnan\tnan\n"
            "\xC2\xB5\t2\t0.1\t0.1\t0.1\tnan\n");
  intake_free(f.intake);
}

static void numbers_read_back_exactly(void **state)
{
  (void)state;
  static const double value[] = {0.1 + 0.2, 1.0 / 3, 5e-324, 1.7976931348623157e308, 1e300, -123456789.987654321};
  for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
    struct fixture f;
    start(&f);
    stream_channel_add(f.stream, "a");
    samples(&f, 0, &value[i], 1);
    struct capture out = capture_start(STDOUT_FILENO);
    summary_write(f.intake, STDOUT_FILENO, -1, false);
    capture_end(&out);
    const char *at = strstr(out.text, "a\t1\t");
    assert_non_null(at);
    char *end = strchr(at, '\t') + 2;
    for (int k = 0; k < 4; k++) { /* all four are the one value */
      assert_int_equal(*end, '\t');
      assert_true(strtod(end + 1, &end) == value[i]);
    }
    assert_string_equal(end, "\n");
    intake_free(f.intake);
  }
}

static void a_full_disk_is_an_error(void **state)
{
  (void)state;
  struct fixture f;
  start(&f);
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (full < 0)
    skip();
  assert_int_equal(summary_write(f.intake, full, -1, false), ENOSPC);
  close(full);
  intake_free(f.intake);
}

/* Nobody reads: it waits until a second signal asks for the end. */
static void the_waiting_can_be_ended(void **state)
{
  (void)state;
  struct fixture f;
  int pipe_fd[2];
  start(&f);
  assert_int_equal(pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK), 0);
  char bytes[4096] = {0};
  while (write(pipe_fd[1], bytes, sizeof bytes) > 0)
    continue;
  const int cancel = eventfd(1, EFD_CLOEXEC);
  assert_true(cancel >= 0);
  assert_int_equal(summary_write(f.intake, pipe_fd[1], cancel, false), ECANCELED);
  close(cancel);
  close(pipe_fd[0]);
  close(pipe_fd[1]);
  intake_free(f.intake);
}

/* 1 to 100 and gaps: by nearest rank the 95th percentile is 95; of 100 and of one value alone. */
static void full_has_percentiles(void **state)
{
  (void)state;
  static const char full[] = "channel\tcount\tmin\tmax\tmean\tlast\trms\tsd\tp50\tp95\tp99\n"
                             "a\t100\t1\t100\t50.5\t30\t58.16786054171152\t28.86607004772212\t50\t95\t99\n"
                             "b\t1\t-7\t-7\t-7\t-7\t7\t0\t-7\t-7\t-7\n"
                             "c\t0\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\n";
  struct fixture f;
  start(&f);
  assert_true(intake_keep_percentiles(f.intake));
  stream_channel_add(f.stream, "a");
  stream_channel_add(f.stream, "b");
  stream_channel_add(f.stream, "c");
  double value[120];
  for (int i = 0; i < 120; i++) /* 71 and 101 have no divisor in common: each number comes once */
    value[i] = i < 20 ? (double)NAN : (double)((i - 19) * 71 % 101);
  samples(&f, 0, value, 120);
  samples(&f, 1, (const double[]){-7}, 1);
  samples(&f, 2, (const double[]){(double)NAN}, 1);
  struct capture out = capture_start(STDOUT_FILENO);
  const int error = summary_write(f.intake, STDOUT_FILENO, -1, true);
  capture_end(&out);
  assert_int_equal(error, 0);
  assert_string_equal(out.text, full);
  intake_free(f.intake);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_a_channel),          cmocka_unit_test(full_has_percentiles),
      cmocka_unit_test(numbers_read_back_exactly), cmocka_unit_test(a_full_disk_is_an_error),
      cmocka_unit_test(the_waiting_can_be_ended),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
