#include "forker/demo_stage.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/signals.h"

enum { TEXT_MAX = 1024 };

void stage_look(struct stage *stage)
{
  int number;
  while ((number = signals_next(stage->signal_fd)) != 0)
    stage->over = stage->over || (number != SIGCHLD && number != SIGUSR1);
}

void stage_print(struct stage *stage, const char *text)
{
  const char *rest = text;
  while (!stage->over && *rest != '\0') {
    struct pollfd wait[] = {{.fd = STDOUT_FILENO, .events = POLLOUT}, {.fd = stage->signal_fd, .events = POLLIN}};
    if (poll(wait, 2, -1) < 0)
      continue;
    if (wait[1].revents)
      stage_look(stage);
    if (stage->over || !wait[0].revents)
      continue;
    const ssize_t written = write(STDOUT_FILENO, rest, strlen(rest));
    if (written >= 0) {
      rest += written;
    } else if (errno != EAGAIN && errno != EINTR) {
      if (errno != EPIPE) {
        message("standard output: %s", strerror(errno));
        stage->wrong = true;
      }
      stage->over = true;
    }
  }
}

void stage_explain(struct stage *stage, const char *format, ...)
{
  char text[TEXT_MAX];
  char line[TEXT_MAX + 16];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  snprintf(line, sizeof line, "%d. %s\n", ++stage->steps, text);
  stage_print(stage, line);
}

void stage_wait_until(struct stage *stage, int64_t deadline_ns)
{
  while (!stage->over) {
    const int timeout_ms = clock_timeout_ms(deadline_ns, clock_now_ns());
    if (timeout_ms == 0)
      return;
    struct pollfd signals = {.fd = stage->signal_fd, .events = POLLIN};
    if (poll(&signals, 1, timeout_ms) > 0)
      stage_look(stage);
  }
}

void stage_hold(struct stage *stage)
{
  stage_wait_until(stage, clock_now_ns() + stage->step_ns);
}
