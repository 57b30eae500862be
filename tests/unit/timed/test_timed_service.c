/* Sockets from the service manager and states reported to it, with a manager played by this test. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include "common/message.h"
#include "timed/service.h"

enum { OPEN_FDS = 3 }; /* that the child finds behind the standard ones */

static void set(const char *name, const char *value)
{
  if (value)
    setenv(name, value, 1);
  else
    unsetenv(name);
}

/* In a child with descriptors 3 to 5 open and none after: 0 when all is as promised, else the step that was not. */
static int check_inherited(const char *fds, const char *pid, int expected)
{
  char own[32];

  if (pid && strcmp(pid, "own") == 0) {
    snprintf(own, sizeof own, "%ld", (long)getpid());
    pid = own;
  }
  for (int fd = SERVICE_FIRST_FD; fd < SERVICE_FIRST_FD + OPEN_FDS; fd++)
    if (dup2(STDIN_FILENO, fd) != fd || fcntl(fd, F_SETFD, 0) != 0)
      return 1;
  for (int fd = SERVICE_FIRST_FD + OPEN_FDS; fd < SERVICE_FIRST_FD + SERVICE_FDS_MAX; fd++)
    close(fd);
  set("LISTEN_FDS", fds);
  set("LISTEN_PID", pid);
  set("LISTEN_FDNAMES", "a:b:c");
  if (service_adopt(false) != expected)
    return 2;
  if (getenv("LISTEN_FDS") || getenv("LISTEN_PID") || getenv("LISTEN_FDNAMES"))
    return 3;
  for (int fd = SERVICE_FIRST_FD; expected >= 0 && fd < SERVICE_FIRST_FD + OPEN_FDS; fd++)
    if (fcntl(fd, F_GETFD) != (fd < SERVICE_FIRST_FD + expected ? FD_CLOEXEC : 0))
      return 4;
  return service_adopt(false) == 0 ? 0 : 5; /* they are handed over once */
}

static void listen_variables(void **state)
{
  (void)state;
  static const struct {
    const char *fds, *pid;
    int expected;
    const char *said; /* NULL: nothing */
  } table[] = {
      {NULL, NULL, 0, NULL},
      {NULL, "own", 0, NULL},
      {NULL, "nonsense", 0, NULL},
      {"1", "own", 1, NULL},
      {"2", "own", 2, NULL},
      {"3", "own", 3, NULL},
      {"4", "own", -1, "descriptor 6 of LISTEN_FDS=4: Bad file descriptor"},
      {"64", "own", -1, "descriptor 6 of LISTEN_FDS=64"},
      {"65", "own", -1, "LISTEN_FDS=65: expected a number of descriptors from 1 to 64"},
      {"0", "own", -1, "LISTEN_FDS=0: expected"},
      {"-1", "own", -1, "LISTEN_FDS=-1: expected"},
      {"", "own", -1, "LISTEN_FDS=: expected"},
      {"1x", "own", -1, "LISTEN_FDS=1x: expected"},
      {"4294967297", "own", -1, "LISTEN_FDS=4294967297: expected"},
      {"\x1B[m", "own", -1, "LISTEN_FDS=\\x1B[m: expected"},
      {"1", NULL, -1, "LISTEN_PID=: expected"},
      {"1", "", -1, "LISTEN_PID=: expected"},
      {"1", "1", -1, "LISTEN_PID=1: the sockets of LISTEN_FDS are for another process"},
      {"1", "x", -1, "LISTEN_PID=x: expected"},
      {"1", "-5", -1, "LISTEN_PID=-5: expected"},
      {"1", "99999999999", -1, "LISTEN_PID=99999999999: expected"},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    int status = -1;
    struct capture said = capture_start(STDERR_FILENO);
    const pid_t child = fork();
    if (child == 0)
      _exit(check_inherited(table[i].fds, table[i].pid, table[i].expected));
    const pid_t ended = child > 0 ? waitpid(child, &status, 0) : -1;
    capture_end(&said);
    assert_true(child > 0 && ended == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      fail_msg("row %zu: status %d, said: %s", i, status, said.text);
    if (table[i].said ? !strstr(said.text, table[i].said) : said.text[0] != '\0')
      fail_msg("row %zu said: %s", i, said.text);
  }
}

/* The manager's end: a datagram socket at name, '@' for the abstract name space. */
static int manager(const char *name)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const size_t length = strlen(name);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  assert_true(fd >= 0 && length < sizeof address.sun_path);
  memcpy(address.sun_path, name, length);
  if (name[0] == '@')
    address.sun_path[0] = '\0';
  assert_int_equal(
      bind(fd, (const struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)), 0);
  return fd;
}

static void assert_state(int fd, const char *expected)
{
  char text[64];
  const ssize_t got = recv(fd, text, sizeof text, 0);
  assert_int_equal(got, strlen(expected));
  assert_memory_equal(text, expected, strlen(expected));
}

/* The lowest descriptor that is free: the same before and after when nothing was left open. */
static int lowest_free(void)
{
  const int fd = dup(STDIN_FILENO);
  close(fd);
  return fd;
}

static void notify_nobody(void **state)
{
  (void)state;
  unsetenv("NOTIFY_SOCKET");
  assert_int_equal(service_notify("READY=1"), 0);
  setenv("NOTIFY_SOCKET", "", 1);
  assert_int_equal(service_notify("READY=1"), 0);
}

static void notify_a_path(void **state)
{
  (void)state;
  char directory[] = "/tmp/timed-service-XXXXXX";
  char path[64];
  assert_non_null(mkdtemp(directory));
  snprintf(path, sizeof path, "%s/notify", directory);
  const int fd = manager(path);
  const int before = lowest_free();
  setenv("NOTIFY_SOCKET", path, 1);
  assert_int_equal(service_notify("READY=1"), 0);
  assert_int_equal(service_notify("STOPPING=1"), 0);
  assert_state(fd, "READY=1");
  assert_state(fd, "STOPPING=1");

  /* A manager that reads nothing does not keep the server waiting. */
  int error = 0;
  for (int i = 0; i < 100000 && error == 0; i++)
    error = service_notify("READY=1");
  assert_int_equal(error, EAGAIN);
  close(fd);
  assert_int_equal(service_notify("READY=1"), ECONNREFUSED);
  unlink(path);
  assert_int_equal(service_notify("READY=1"), ENOENT);
  assert_int_equal(rmdir(directory), 0);
  assert_int_equal(lowest_free(), before > fd ? fd : before);
}

static void notify_an_abstract_name(void **state)
{
  (void)state;
  char name[64];
  snprintf(name, sizeof name, "@timed-service-%ld", (long)getpid());
  setenv("NOTIFY_SOCKET", name, 1);
  assert_int_equal(service_notify("READY=1"), ECONNREFUSED);
  const int fd = manager(name);
  assert_int_equal(service_notify("READY=1"), 0);
  assert_state(fd, "READY=1");
  close(fd);
}

static void notify_names_that_are_none(void **state)
{
  (void)state;
  char path[200];
  const int before = lowest_free();
  static const char *const bad[] = {"notify", "./notify", "vsock:2:1234", " /run/notify"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    setenv("NOTIFY_SOCKET", bad[i], 1);
    assert_int_equal(service_notify("READY=1"), EINVAL);
  }
  /* sun_path takes 107 characters and a NUL. */
  memset(path, 'x', sizeof path);
  path[0] = '/';
  for (size_t length = 105; length < 112; length++) {
    path[length] = '\0';
    setenv("NOTIFY_SOCKET", path, 1);
    assert_int_equal(service_notify("READY=1"), length <= 107 ? ENOENT : EINVAL);
    path[length] = 'x';
  }
  assert_int_equal(lowest_free(), before);
}

int main(void)
{
  message_program("timed");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(listen_variables),
      cmocka_unit_test(notify_nobody),
      cmocka_unit_test(notify_a_path),
      cmocka_unit_test(notify_an_abstract_name),
      cmocka_unit_test(notify_names_that_are_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
