/* Pictures as files: read back pixel for pixel, and never at the cost of what was there. */
#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture.h"
#include "random.h"
#include "scope/paint/png.h"

enum { WIDTH = 61, HEIGHT = 37, STRIDE = WIDTH + 6 };

static uint32_t pixels[STRIDE * HEIGHT];

/* Noise, beyond the width too: nothing of that may get into a picture. */
static struct canvas noise(uint64_t seed)
{
  struct random r = random_seeded(seed);
  for (int i = 0; i < STRIDE * HEIGHT; i++)
    pixels[i] = (uint32_t)random_below(&r, 0x1000000);
  return (struct canvas){.pixel = pixels, .width = WIDTH, .height = HEIGHT, .stride = STRIDE};
}

static void assert_holds(const char *name, const struct canvas *c)
{
  static uint32_t read[WIDTH * HEIGHT];
  png_image image = {.version = PNG_IMAGE_VERSION};
  assert_int_equal(png_image_begin_read_from_file(&image, name), 1);
  assert_int_equal(image.width, c->width);
  assert_int_equal(image.height, c->height);
  image.format = PNG_FORMAT_RGBA;
  assert_int_equal(png_image_finish_read(&image, NULL, read, 0, NULL), 1);
  for (int y = 0; y < c->height; y++)
    for (int x = 0; x < c->width; x++) {
      const unsigned char *got = (const unsigned char *)&read[y * c->width + x];
      assert_int_equal((got[0] << 16) | (got[1] << 8) | got[2], c->pixel[y * c->stride + x]);
      assert_int_equal(got[3], 255);
    }
}

static void write_file(const char *name, const char *content)
{
  FILE *f = fopen(name, "w");
  assert_non_null(f);
  assert_true(fputs(content, f) >= 0);
  assert_int_equal(fclose(f), 0);
}

/* How many files there are in the working directory, which each test has for itself. */
static int count_files(void)
{
  FILE *list = popen("ls -A | wc -l", "r"); /* NOLINT(cert-env33-c): the test's own words */
  int count = -1;
  assert_non_null(list);
  assert_int_equal(fscanf(list, "%d", &count), 1); /* NOLINT(cert-err34-c): of wc */
  pclose(list);
  return count;
}

/* ---- A directory for each test ---- */

static int enter_directory(void **state)
{
  char *name = strdup("/tmp/scope-test-png-XXXXXX");
  *state = name;
  signal(SIGXFSZ, SIG_IGN);
  return name && mkdtemp(name) && chdir(name) == 0 ? 0 : -1;
}

static int leave_directory(void **state)
{
  char command[100];
  snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -r '%s'", (char *)*state, (char *)*state);
  int failed = chdir("/") != 0 || system(command) != 0; /* NOLINT(cert-env33-c): the test's own words */
  free(*state);
  return failed ? -1 : 0;
}

/* ---- Content ---- */

static void test_a_picture_reads_back_pixel_for_pixel(void **state)
{
  (void)state;
  struct canvas c = noise(1);
  struct picture_file *file = picture_file_open("a.png", -1, PICTURE_PNG);
  assert_non_null(file);
  assert_int_equal(access("a.png", F_OK), -1); /* not before there is a picture */
  assert_int_equal(count_files(), 0);
  assert_true(png_commit(file, &c, -1));
  assert_holds("a.png", &c);
  assert_int_equal(count_files(), 1);
}

static void test_an_old_picture_is_replaced_and_keeps_its_mode(void **state)
{
  (void)state;
  struct canvas c = noise(2);
  assert_true(png_commit(picture_file_open("a.png", -1, PICTURE_PNG), &c, -1));
  assert_int_equal(chmod("a.png", 0640), 0);
  c = noise(3);
  c.height = 5; /* a shorter one: nothing of the old is left behind it */
  assert_true(png_commit(picture_file_open("a.png", -1, PICTURE_PNG), &c, -1));
  assert_holds("a.png", &c);
  struct stat st;
  assert_int_equal(stat("a.png", &st), 0);
  assert_int_equal(st.st_mode & 0777, 0640);
  assert_int_equal(count_files(), 1);
}

static void test_a_link_stays_and_its_target_is_replaced(void **state)
{
  (void)state;
  struct canvas c = noise(4);
  assert_int_equal(mkdir("deep", 0777), 0);
  assert_int_equal(symlink("deep/first", "link"), 0);
  assert_int_equal(symlink("real.png", "deep/first"), 0);
  for (int i = 0; i < 2; i++) { /* first the target is not there, then it is */
    c = noise(5 + (uint64_t)i);
    assert_true(png_commit(picture_file_open("link", -1, PICTURE_PNG), &c, -1));
    struct stat st;
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(lstat("deep/real.png", &st), 0);
    assert_true(S_ISREG(st.st_mode));
    assert_holds("deep/real.png", &c);
  }
  assert_int_equal(count_files(), 2);
}

static void test_a_pipe_gets_the_bytes(void **state)
{
  (void)state;
  struct canvas c = noise(6);
  assert_int_equal(mkfifo("pipe", 0666), 0);
  int reader = open("pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  assert_true(reader >= 0);
  assert_true(png_commit(picture_file_open("pipe", -1, PICTURE_PNG), &c, -1));
  static char bytes[1 << 16];
  ssize_t n = read(reader, bytes, sizeof bytes);
  assert_true(n > 0);
  int copy = open("copy.png", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  assert_int_equal(write(copy, bytes, (size_t)n), n);
  close(copy);
  assert_holds("copy.png", &c);
  struct stat st;
  assert_int_equal(lstat("pipe", &st), 0);
  assert_true(S_ISFIFO(st.st_mode));
  close(reader);
}

static void test_standard_output_is_a_dash(void **state)
{
  (void)state;
  struct canvas c = noise(7);
  fflush(stdout);
  int saved = dup(STDOUT_FILENO);
  int out = open("out.png", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  assert_true(saved >= 0 && out >= 0 && dup2(out, STDOUT_FILENO) >= 0);
  struct picture_file *file = picture_file_open("-", -1, PICTURE_PNG);
  bool ok = file && png_commit(file, &c, -1);
  dup2(saved, STDOUT_FILENO);
  close(saved);
  close(out);
  assert_true(ok);
  assert_holds("out.png", &c);
  assert_int_equal(count_files(), 1); /* and none that is called "-" */
}

/* A reader that takes nothing holds nobody up who has something to cancel with. */
static void test_a_pipe_that_nobody_empties_can_be_given_up(void **state)
{
  (void)state;
  struct canvas c = noise(8);
  static uint32_t large[600 * 600];
  struct random r = random_seeded(8);
  for (int i = 0; i < 600 * 600; i++)
    large[i] = (uint32_t)random_u64(&r);
  c = (struct canvas){.pixel = large, .width = 600, .height = 600, .stride = 600}; /* a megabyte of noise */
  assert_int_equal(mkfifo("pipe", 0666), 0);
  int reader = open("pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct picture_file *file = picture_file_open("pipe", -1, PICTURE_PNG);
  int cancel[2];
  assert_non_null(file);
  assert_int_equal(pipe2(cancel, O_CLOEXEC), 0);
  assert_int_equal(write(cancel[1], "x", 1), 1);
  struct capture said = capture_start(STDERR_FILENO);
  bool ok = png_commit(file, &c, cancel[0]);
  capture_end(&said);
  assert_false(ok);
  assert_non_null(strstr(said.text, "pipe: "));
  close(reader);
  close(cancel[0]);
  close(cancel[1]);
}

/* ---- Refusals ---- */

/* What png_open says when it refuses. */
static void assert_refused(const char *name, int input_fd, const char *why)
{
  struct capture said = capture_start(STDERR_FILENO);
  struct picture_file *file = picture_file_open(name, input_fd, PICTURE_PNG);
  capture_end(&said);
  assert_null(file);
  if (!strstr(said.text, why) || !strstr(said.text, name))
    fail_msg("it says '%s'", said.text);
}

static void test_what_is_no_picture_is_not_overwritten(void **state)
{
  (void)state;
  write_file("thesis.txt", "It was a dark and stormy night.\n");
  write_file("short", "abc");
  write_file("empty", "");
  assert_refused("thesis.txt", -1, "is no PNG");
  assert_refused("short", -1, "is no PNG");
  assert_int_equal(symlink("thesis.txt", "link.png"), 0);
  assert_refused("link.png", -1, "is no PNG");
  struct canvas c = noise(9);
  assert_true(png_commit(picture_file_open("empty", -1, PICTURE_PNG), &c, -1)); /* nothing is lost by that */
  assert_holds("empty", &c);
}

static void test_the_input_is_not_overwritten(void **state)
{
  (void)state;
  struct canvas c = noise(10);
  assert_true(png_commit(picture_file_open("a.png", -1, PICTURE_PNG), &c, -1));
  int input = open("a.png", O_RDONLY | O_CLOEXEC);
  assert_refused("a.png", input, "is the input");
  close(input);
  assert_holds("a.png", &c);
}

static void test_places_that_are_none(void **state)
{
  (void)state;
  assert_int_equal(mkdir("directory", 0777), 0);
  assert_refused("directory", -1, strerror(EISDIR));
  assert_refused("missing/a.png", -1, strerror(ENOENT));
  assert_refused("a/", -1, strerror(EISDIR));
  assert_int_equal(mkfifo("pipe", 0666), 0);
  assert_refused("pipe", -1, strerror(ENXIO)); /* at once: nobody reads it */
  assert_int_equal(symlink("loop", "loop"), 0);
  assert_refused("loop", -1, strerror(ELOOP));
  char name[300] = {0};
  memset(name, 'x', sizeof name - 1);
  assert_refused(name, -1, strerror(ENAMETOOLONG));
  if (geteuid() == 0)
    return; /* root may write anywhere */
  assert_int_equal(chmod("directory", 0555), 0);
  assert_refused("directory/a.png", -1, strerror(EACCES));
}

/* A file that came to be in the hours between is somebody's as well. */
static void test_what_came_in_between_is_not_overwritten(void **state)
{
  (void)state;
  struct canvas c = noise(11);
  struct picture_file *file = picture_file_open("a.png", -1, PICTURE_PNG);
  assert_non_null(file);
  write_file("a.png", "notes that somebody took");
  struct capture said = capture_start(STDERR_FILENO);
  bool ok = png_commit(file, &c, -1);
  capture_end(&said);
  assert_false(ok);
  assert_non_null(strstr(said.text, "is no PNG"));
  struct stat st;
  assert_int_equal(stat("a.png", &st), 0);
  assert_int_equal(st.st_size, strlen("notes that somebody took"));
}

static void test_nothing_stays_of_what_is_discarded(void **state)
{
  (void)state;
  struct canvas c = noise(12);
  picture_file_discard(NULL);
  picture_file_discard(picture_file_open("a.png", -1, PICTURE_PNG));
  assert_int_equal(count_files(), 0);
  assert_true(png_commit(picture_file_open("a.png", -1, PICTURE_PNG), &c, -1));
  picture_file_discard(picture_file_open("a.png", -1, PICTURE_PNG));
  assert_holds("a.png", &c);
  assert_int_equal(count_files(), 1);
}

/* ---- Errors of the disk ---- */

/*
 * At every size that a file may have at most, there is a whole picture afterwards. In place: where the file has no name
 * any more (nor could any be given to it), it must be overwritten itself.
 */
static void test_a_limit_of_file_sizes_destroys_nothing(void **state)
{
  (void)state;
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  struct canvas c = noise(13);
  c.height = HEIGHT / 2; /* a smaller one is there */
  assert_true(png_commit(picture_file_open("a.png", -1, PICTURE_PNG), &c, -1));
  c.height = HEIGHT;
  assert_true(png_commit(picture_file_open("whole.png", -1, PICTURE_PNG), &c, -1));
  struct stat whole;
  assert_int_equal(stat("whole.png", &whole), 0);
  char name[64] = "a.png";
  for (int in_place = 0; in_place < 2; in_place++) {
    int fd = -1;
    if (in_place) {
      fd = open("a.png", O_RDWR | O_CLOEXEC);
      assert_int_equal(unlink("a.png"), 0);
      snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    }
    for (off_t most = 0; most <= whole.st_size; most += most + 500 < whole.st_size ? 500 : 1) {
      c.height = HEIGHT / 2;
      assert_true(png_commit(picture_file_open(name, -1, PICTURE_PNG), &c, -1));
      struct picture_file *file = picture_file_open(name, -1, PICTURE_PNG);
      assert_non_null(file);
      c.height = HEIGHT;
      const struct rlimit low = {.rlim_cur = (rlim_t)most, .rlim_max = limit.rlim_max};
      struct capture said = capture_start(STDERR_FILENO);
      setrlimit(RLIMIT_FSIZE, &low);
      bool ok = png_commit(file, &c, -1);
      setrlimit(RLIMIT_FSIZE, &limit);
      capture_end(&said);
      assert_int_equal(ok, most >= whole.st_size);
      c.height = ok ? HEIGHT : HEIGHT / 2;
      assert_holds(name, &c);
      assert_int_equal(count_files(), in_place ? 1 : 2);
    }
    if (fd >= 0)
      close(fd);
  }
}

static void test_a_full_disk_is_said(void **state)
{
  (void)state;
  struct canvas c = noise(14);
  if (access("/dev/full", W_OK) != 0)
    skip();
  struct picture_file *file = picture_file_open("/dev/full", -1, PICTURE_PNG);
  assert_non_null(file);
  struct capture said = capture_start(STDERR_FILENO);
  bool ok = png_commit(file, &c, -1);
  capture_end(&said);
  assert_false(ok);
  assert_non_null(strstr(said.text, strerror(ENOSPC)));
}

/* ---- Names of the moment ---- */

static void test_three_pictures_of_one_second_are_three_files(void **state)
{
  (void)state;
  static const char *const ends[] = {".png", "-2.png", "-3.png"};
  const time_t moment = 1700000000;
  char first[NEW_FILE_NAME_MAX];
  for (int i = 0; i < 3; i++) {
    struct canvas c = noise(20 + (uint64_t)i);
    char name[NEW_FILE_NAME_MAX];
    assert_int_equal(png_save_new(&c, moment, name), 0);
    if (i == 0)
      memcpy(first, name, sizeof first);
    size_t stem = strlen(first) - strlen(".png");
    assert_memory_equal(name, first, stem);
    assert_string_equal(name + stem, ends[i]);
    assert_holds(name, &c);
    struct tm local;
    char expected[NEW_FILE_NAME_MAX];
    localtime_r(&moment, &local);
    snprintf(expected, sizeof expected, "scope-%04d%02d%02d-%02d%02d%02d", local.tm_year + 1900, local.tm_mon + 1,
             local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
    assert_int_equal(stem, strlen(expected));
    assert_memory_equal(name, expected, stem);
  }
  assert_int_equal(count_files(), 3);
}

static void test_a_part_of_a_picture_does_not_stay(void **state)
{
  (void)state;
  struct canvas c = noise(30);
  struct rlimit limit;
  char name[NEW_FILE_NAME_MAX];
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const struct rlimit low = {.rlim_cur = 1000, .rlim_max = limit.rlim_max};
  setrlimit(RLIMIT_FSIZE, &low);
  int error = png_save_new(&c, 1700000000, name);
  setrlimit(RLIMIT_FSIZE, &limit);
  assert_int_equal(error, EFBIG);
  assert_int_equal(count_files(), 0);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int main(void)
{
  const struct CMUnitTest tests[] = {
      IN_DIRECTORY(test_a_picture_reads_back_pixel_for_pixel),
      IN_DIRECTORY(test_an_old_picture_is_replaced_and_keeps_its_mode),
      IN_DIRECTORY(test_a_link_stays_and_its_target_is_replaced),
      IN_DIRECTORY(test_a_pipe_gets_the_bytes),
      IN_DIRECTORY(test_standard_output_is_a_dash),
      IN_DIRECTORY(test_a_pipe_that_nobody_empties_can_be_given_up),
      IN_DIRECTORY(test_what_is_no_picture_is_not_overwritten),
      IN_DIRECTORY(test_the_input_is_not_overwritten),
      IN_DIRECTORY(test_places_that_are_none),
      IN_DIRECTORY(test_what_came_in_between_is_not_overwritten),
      IN_DIRECTORY(test_nothing_stays_of_what_is_discarded),
      IN_DIRECTORY(test_a_limit_of_file_sizes_destroys_nothing),
      IN_DIRECTORY(test_a_full_disk_is_said),
      IN_DIRECTORY(test_three_pictures_of_one_second_are_three_files),
      IN_DIRECTORY(test_a_part_of_a_picture_does_not_stay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
