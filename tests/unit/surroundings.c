/*
 * Before any test: what whoever started us has ignored, blocked or closed is as usual. The background jobs of a shell ignore
 * SIGINT, some first process of a container SIGCHLD; and where standard input is closed, the next pipe takes its number.
 */
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* Handlers stay: a sanitizer has set its own by now. */
static void stop_ignoring(int number)
{
  struct sigaction now;
  if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
    signal(number, SIG_DFL);
}

__attribute__((constructor)) static void make_usual(void)
{
  sigset_t none;
  int fd;
  for (int number = 1; number < NSIG; number++)
    stop_ignoring(number);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  do
    fd = open("/dev/null", O_RDWR); /* for the commands that tests start, too */
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close(fd);
}
