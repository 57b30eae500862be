/*
 * The recording: what stands in the file, what is refused, and that it is whole lines whatever a disk does and whenever the
 * process ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "capture.h"
#include "common/clock.h"
#include "scale.h"
#include "scope/input/record.h"
#include "scope/input/record_gate.h"

enum { TEXT_MAX = 1 << 28 };

static const int nothing_else[] = {-1};
static const struct time_base by_number = {.kind = TIME_NUMBER};
static const struct time_base by_clock = {.kind = TIME_ARRIVAL, .wall_ns = 1700000000123456789};

struct place {
  char folder[40], path[64];
};

static struct place make_place(void)
{
  struct place place = {.folder = "/tmp/scope-record-XXXXXX"};
  assert_non_null(mkdtemp(place.folder));
  snprintf(place.path, sizeof place.path, "%s/rec.csv", place.folder);
  return place;
}

static void remove_place(const struct place *place)
{
  unlink(place->path);
  assert_int_equal(rmdir(place->folder), 0);
}

static const char *content(const struct place *place)
{
  static char text[TEXT_MAX + 1];
  const int fd = open(place->path, O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  const ssize_t n = read(fd, text, TEXT_MAX);
  assert_true(n >= 0);
  text[n] = '\0';
  close(fd);
  return text;
}

/* A recording under way. */
struct run {
  struct place place;
  struct record *record;
  struct remarks remarks;
  struct sink *sink;
};

static void begin(struct run *run, const struct time_base *base)
{
  run->place = make_place();
  run->record = record_open(run->place.path, nothing_else);
  assert_non_null(run->record);
  remarks_init(&run->remarks, -1);
  run->sink = record_begin(run->record, base, &run->remarks, -1);
}

static void finish(struct run *run)
{
  run->sink->end(run->sink, false);
  record_free(run->record);
  remarks_destroy(&run->remarks);
}

static void row(struct run *run, int64_t time, double a, double b)
{
  const uint8_t channel[] = {0, 1};
  const double value[] = {a, b};
  run->sink->row(run->sink, &(struct sink_row){.time = time, .count = 2, .channel = channel, .value = value});
}

static void end_arrival(struct run *run)
{
  const struct sink_progress progress = {.next_time = 0};
  run->sink->end_arrival(run->sink, &progress);
}

static void lines_of_csv(void **state)
{
  (void)state;
  struct run run;
  begin(&run, &by_clock);
  run.sink->add_channel(run.sink, 0, "temp", "");
  run.sink->add_channel(run.sink, 1, "a \"b\", c", "");
  row(&run, 0, 21.5, NAN);
  const int64_t times[] = {1000000000, 1000000001};
  const double values[] = {0.1 + 0.2, -0.0};
  run.sink->column(run.sink, 0, times, values, 2);
  assert_string_equal(content(&run.place), RECORD_HEADER); /* nothing is written within an arrival */
  end_arrival(&run);
  assert_string_equal(content(&run.place), RECORD_HEADER "1700000000.123456789,temp,21.5\n"
                                                         "1700000000.123456789,\"a \"\"b\"\", c\",nan\n"
                                                         "1700000001.123456789,temp,0.30000000000000004\n"
                                                         "1700000001.123456790,temp,-0\n");
  finish(&run);
  remove_place(&run.place);
}

static void numbers_of_samples(void **state)
{
  (void)state;
  struct run run;
  begin(&run, &by_number);
  run.sink->add_channel(run.sink, 0, "1", "");
  run.sink->add_channel(run.sink, 1, "2", "");
  row(&run, 0, 1, 2);
  row(&run, 12345678 * (int64_t)TIME_TICKS_PER_SAMPLE, 3, 4);
  end_arrival(&run);
  assert_string_equal(content(&run.place), RECORD_HEADER "0,1,1\n0,2,2\n12345678,1,3\n12345678,2,4\n");
  finish(&run);
  remove_place(&run.place);
}

static void expect_refused(const char *path, const int *others, const char *why)
{
  struct capture said = capture_start(STDERR_FILENO);
  struct record *record = record_open(path, others);
  capture_end(&said);
  assert_null(record);
  assert_non_null(strstr(said.text, path));
  assert_non_null(strstr(said.text, why));
}

static void what_is_refused(void **state)
{
  (void)state;
  const struct place place = make_place();
  expect_refused(place.folder, nothing_else, "Is a directory");
  expect_refused("/nosuch/rec.csv", nothing_else, "No such file");
  int fd = open(place.path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  expect_refused(place.path, (const int[]){fd, -1}, "input");
  assert_int_equal(flock(fd, LOCK_EX), 0);
  expect_refused(place.path, nothing_else, "another program");
  assert_int_equal(write(fd, "x", 1), 1);
  close(fd);
  expect_refused(place.path, nothing_else, "not empty");
  assert_string_equal(content(&place), "x");
  unlink(place.path);
  assert_int_equal(mkfifo(place.path, 0600), 0);
  expect_refused(place.path, nothing_else, "nobody reads");
  expect_refused("/dev/full", nothing_else, "No space left");
  remove_place(&place);
}

/* Files may not grow beyond a limit for a while: the same error as of a full disk, but for its name. */
static void limit_files(rlim_t bytes)
{
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = bytes;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_loses_whole_rows(void **state)
{
  (void)state;
  struct run run;
  begin(&run, &by_number);
  run.sink->add_channel(run.sink, 0, "a", "");
  run.sink->add_channel(run.sink, 1, "b", "");
  row(&run, 0, 1, 2);
  end_arrival(&run);
  const size_t before = strlen(content(&run.place));
  limit_files(before + 7); /* in the middle of a line */
  for (int i = 0; i < 2; i++) {
    row(&run, 0, 111, 222);
    row(&run, 0, 333, 444);
    end_arrival(&run);
    assert_int_equal(strlen(content(&run.place)), before);
  }
  limit_files(RLIM_INFINITY);
  assert_int_equal(record_lost(run.record), 4);
  row(&run, 0, 5, 6);
  end_arrival(&run);
  row(&run, 0, 7, 8);
  end_arrival(&run);
  assert_string_equal(content(&run.place), RECORD_HEADER "0,a,1\n0,b,2\n0,a,5\n0,b,6\n0,a,7\n0,b,8\n");
  struct capture said = capture_start(STDERR_FILENO);
  finish(&run);
  capture_end(&said); /* remarks are said by the reader */
  remove_place(&run.place);
}

/* Said once that rows are missing, once that it goes on, and at the end how many. */
static void losses_are_said(void **state)
{
  (void)state;
  struct run run;
  begin(&run, &by_number);
  run.sink->add_channel(run.sink, 0, "a", "");
  run.sink->add_channel(run.sink, 1, "b", "");
  for (int i = 0; i < 3; i++) {
    limit_files(strlen(content(&run.place)));
    row(&run, 0, 1, 2);
    end_arrival(&run);
    row(&run, 0, 1, 2);
    end_arrival(&run);
    limit_files(RLIM_INFINITY);
    row(&run, 0, 1, 2);
    end_arrival(&run);
  }
  run.sink->end(run.sink, false);
  struct capture said = capture_start(STDERR_FILENO);
  remarks_say(&run.remarks);
  capture_end(&said);
  const char *lost = strstr(said.text, "rows are missing in the recording until it goes on");
  assert_non_null(lost);
  assert_null(strstr(lost + 10, "rows are missing in the recording until"));
  const char *on = strstr(said.text, "goes on; 2 rows are missing");
  assert_non_null(on);
  assert_null(strstr(on + 1, "goes on;"));
  assert_non_null(strstr(said.text, "6 rows are missing in the recording\n"));
  record_free(run.record);
  remarks_destroy(&run.remarks);
  remove_place(&run.place);
}

static size_t count_of(const char *text, const char *what)
{
  size_t n = 0;
  for (; (text = strstr(text, what)) != NULL; text += strlen(what))
    n++;
  return n;
}

/* A disk that is full by turns is no news each time, but now and then: whoever reads that it goes on is not left with that. */
static void losses_are_said_again(void **state)
{
  (void)state;
  struct run run;
  begin(&run, &by_number);
  run.sink->add_channel(run.sink, 0, "a", "");
  run.sink->add_channel(run.sink, 1, "b", "");
  const int64_t start_ns = clock_now_ns();
  int64_t first_ns = 0; /* the first loss was said by then */
  int64_t turn_ns;      /* the last one comes after that */
  do {
    turn_ns = clock_now_ns();
    limit_files(strlen(content(&run.place)));
    row(&run, 0, 1, 2);
    end_arrival(&run);
    limit_files(RLIM_INFINITY);
    row(&run, 0, 1, 2);
    end_arrival(&run);
    first_ns = first_ns ? first_ns : clock_now_ns();
    clock_wait_until_ns(clock_now_ns() + clock_from_ms(20)); /* between two turns */
  } while (turn_ns - first_ns < clock_from_ms(2100));
  const int64_t end_ns = clock_now_ns();
  struct capture said = capture_start(STDERR_FILENO);
  remarks_say(&run.remarks);
  capture_end(&said);
  const size_t times = count_of(said.text, "rows are missing in the recording until it goes on");
  assert_in_range(times, 2, 1 + (uintmax_t)((end_ns - start_ns) / clock_from_ms(2000)));
  assert_int_equal(count_of(said.text, "goes on;"), times);
  finish(&run);
  remove_place(&run.place);
}

/*
 * A FIFO whose reader takes nothing when a stop comes: it is waited for once, and not once for each of many pieces; what it
 * holds is whole rows from the first on, and all others are counted, though it takes more later.
 */
static void a_fifo_that_takes_nothing(void **state)
{
  (void)state;
  enum { PIECES = 200, IN_PIECE = 30, MANY = PIECES * IN_PIECE };
  static char text[1 << 20];
  struct run run = {.place = make_place()};
  assert_int_equal(mkfifo(run.place.path, 0600), 0);
  const int reader = open(run.place.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const int stop = eventfd(1, EFD_CLOEXEC);
  assert_true(reader >= 0 && stop >= 0);
  run.record = record_open(run.place.path, nothing_else);
  assert_non_null(run.record);
  remarks_init(&run.remarks, -1);
  run.sink = record_begin(run.record, &by_number, &run.remarks, stop);
  run.sink->add_channel(run.sink, 0, "a channel with a name that is rather long, so that few rows make a piece", "");
  run.sink->add_channel(run.sink, 1, "b", "");
  const int64_t before_ns = clock_now_ns();
  for (int i = 0; i < MANY; i++)
    row(&run, (int64_t)i * TIME_TICKS_PER_SAMPLE, i, -i);
  end_arrival(&run);
  assert_true(clock_now_ns() - before_ns < PIECES / 2 * clock_from_ms(RECORD_LAST_MS));
  const ssize_t n = read(reader, text, sizeof text - 1);
  assert_true(n > 0);
  row(&run, (int64_t)MANY * TIME_TICKS_PER_SAMPLE, MANY, MANY);
  end_arrival(&run);
  assert_true(read(reader, text + n, sizeof text - 1 - (size_t)n) < 0); /* no hole that nobody sees */
  text[n] = '\0';
  assert_int_equal(text[n - 1], '\n');
  const size_t rows = (count_of(text, "\n") - 1) / 2;
  assert_int_equal(count_of(text, "\n"), 2 * rows + 1);
  assert_int_equal(rows + record_lost(run.record), MANY + 1);
  finish(&run);
  close(reader);
  close(stop);
  remove_place(&run.place);
}

/* ---- The end of the process ---- */

/* Records without end, in a process of its own. */
static void record_for_ever(const char *path, void (*end)(void))
{
  static struct run run;
  run.record = record_open(path, nothing_else);
  remarks_init(&run.remarks, -1);
  run.sink = record_begin(run.record, &by_clock, &run.remarks, -1);
  run.sink->add_channel(run.sink, 0, "alpha", "");
  run.sink->add_channel(run.sink, 1, "beta", "");
  if (end)
    end();
  for (int64_t i = 0;; i++) {
    row(&run, i, (double)i / 7, (double)i);
    if (i % 300 == 0)
      end_arrival(&run);
  }
}

static void *close_and_exit(void *unused)
{
  (void)unused;
  clock_wait_until_ns(clock_now_ns() + clock_from_ms(5) + clock_now_ns() % CLOCK_MS_NS);
  record_gate_close();
  _exit(0);
}

static void exit_soon(void)
{
  pthread_t thread;
  pthread_create(&thread, NULL, close_and_exit, NULL);
}

static void *be_a_thread(void *path)
{
  record_for_ever(path, NULL);
  return NULL;
}

/* Recording in a thread with all signals blocked, as the reader is; the main thread has the signals. */
static void record_in_a_thread(char *path)
{
  pthread_t thread;
  sigset_t all;
  sigset_t before;
  record_gate_guard_signals();
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_create(&thread, NULL, be_a_thread, path);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  for (;;)
    pause();
}

static void expect_whole_rows(const struct place *place)
{
  const char *text = content(place);
  const size_t length = strlen(text);
  assert_int_equal(strncmp(text, RECORD_HEADER, strlen(RECORD_HEADER)), 0);
  assert_true(text[length - 1] == '\n');
  size_t lines = 0;
  for (const char *c = text; *c; c++)
    lines += *c == '\n';
  assert_int_equal(lines % 2, 1); /* the header, and two lines a row */
}

static void an_exit_tears_no_line(void **state)
{
  (void)state;
  for (int round = 0; round < SCALED(60, 5); round++) {
    const struct place place = make_place();
    const pid_t child = fork();
    if (child == 0)
      record_for_ever(place.path, exit_soon);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    expect_whole_rows(&place);
    remove_place(&place);
  }
}

static void no_signal_tears_a_line(void **state)
{
  (void)state;
  static const int number[] = {SIGQUIT, SIGTERM, SIGUSR1, SIGALRM, SIGSEGV, SIGABRT};
  for (int round = 0; round < SCALED(60, 6); round++) {
    struct place place = make_place();
    const pid_t child = fork();
    if (child == 0) {
      setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
      for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
      record_in_a_thread(place.path);
    }
    struct stat st;
    const int64_t deadline = clock_now_ns() + 20 * (int64_t)CLOCK_SECOND_NS;
    while (stat(place.path, &st) != 0 || st.st_size < 30000) {
      assert_true(clock_now_ns() < deadline);
      clock_wait_until_ns(clock_now_ns() + CLOCK_MS_NS);
    }
    const int sent = number[round % (int)(sizeof number / sizeof *number)];
    assert_int_equal(kill(child, sent), 0);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), sent);
    expect_whole_rows(&place);
    remove_place(&place);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_of_csv),
      cmocka_unit_test(numbers_of_samples),
      cmocka_unit_test(what_is_refused),
      cmocka_unit_test(a_full_disk_loses_whole_rows),
      cmocka_unit_test(losses_are_said),
      cmocka_unit_test(losses_are_said_again),
      cmocka_unit_test(a_fifo_that_takes_nothing),
      cmocka_unit_test(an_exit_tears_no_line),
      cmocka_unit_test(no_signal_tears_a_line),
  };
  signal(SIGXFSZ, SIG_IGN);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
