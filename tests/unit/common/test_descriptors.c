/* A program that was started without descriptors 0 to 2 has them, on /dev/null, and others stay as they are. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/descriptors.h"

static bool is_null(int fd)
{
  struct stat given;
  struct stat null;
  return fstat(fd, &given) == 0 && stat("/dev/null", &null) == 0 && S_ISCHR(given.st_mode) &&
         given.st_rdev == null.st_rdev;
}

/* In a child that has the descriptors of mask closed: 0 when all is as promised, else the step that was not. */
static int check_without(unsigned mask)
{
  struct stat before[3];

  const int file = open("/", O_RDONLY | O_CLOEXEC);
  for (int fd = 0; fd < 3; fd++) {
    dup2(file, fd);
    fstat(fd, &before[fd]);
    if ((mask >> fd & 1) != 0)
      close(fd);
  }
  if (descriptors_ensure_standard() != 0)
    return 1;
  for (int fd = 0; fd < 3; fd++) {
    struct stat after;
    if ((mask >> fd & 1) != 0) {
      if (!is_null(fd) || fcntl(fd, F_GETFD) != 0 || (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDWR)
        return 2;
    } else if (fstat(fd, &after) != 0 || after.st_ino != before[fd].st_ino || after.st_dev != before[fd].st_dev) {
      return 3;
    }
  }
  const int next = open("/", O_RDONLY | O_CLOEXEC);
  return next > 2 ? 0 : 4;
}

static void every_combination(void **state)
{
  (void)state;
  for (unsigned mask = 0; mask < 8; mask++) {
    int status;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
      _exit(check_without(mask));
    assert_int_equal(waitpid(child, &status, 0), child);
    print_message("without %u\n", mask);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_combination)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
