#include "scope/input/remarks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"

static const char PROMPT[] = "New value: ";
static const char COMPLAINT[] = "Input must be a number.\n";

/* A descriptor of our own for the terminal behind fd; -1 where fd is no terminal, or that is refused. */
static int open_terminal(int fd)
{
  char path[sizeof "/proc/self/fd/-2147483648"];
  if (fd < 0 || !isatty(fd))
    return -1;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

void remarks_init(struct remarks *remarks, int prompt_fd)
{
  remarks->own_prompt_fd = open_terminal(prompt_fd);
  remarks->own_complaint_fd = open_terminal(STDERR_FILENO);
  remarks->prompt_fd = remarks->own_prompt_fd >= 0 ? remarks->own_prompt_fd : prompt_fd;
  remarks->complaint_fd = remarks->own_complaint_fd >= 0 ? remarks->own_complaint_fd : STDERR_FILENO;
  remarks->first = remarks->count = remarks->written = 0;
  remarks->lost = 0;
}

void remarks_destroy(struct remarks *remarks)
{
  if (remarks->own_prompt_fd >= 0)
    close(remarks->own_prompt_fd);
  if (remarks->own_complaint_fd >= 0)
    close(remarks->own_complaint_fd);
  remarks->own_prompt_fd = remarks->own_complaint_fd = -1;
}

static struct remark *nth(struct remarks *remarks, size_t n)
{
  return &remarks->remark[(remarks->first + n) % REMARKS_MAX];
}

/* A place for one more, or NULL. The last place is for saying that messages were lost. */
static struct remark *add(struct remarks *remarks, enum remark_kind kind)
{
  if (remarks->count + 1 >= REMARKS_MAX)
    return NULL;
  struct remark *remark = nth(remarks, remarks->count++);
  remark->kind = kind;
  remark->times = 1;
  return remark;
}

/* Adds one that has no text of its own: to the newest, if that says the same. */
static void repeat(struct remarks *remarks, enum remark_kind kind)
{
  struct remark *newest = remarks->count > 0 ? nth(remarks, remarks->count - 1) : NULL;
  if (newest && newest->kind == kind)
    newest->times++;
  else
    add(remarks, kind);
}

void remarks_prompt(struct remarks *remarks)
{
  if (remarks->prompt_fd >= 0)
    repeat(remarks, REMARK_PROMPT);
}

void remarks_complain(struct remarks *remarks)
{
  repeat(remarks, REMARK_COMPLAINT);
}

__attribute__((format(printf, 2, 0))) static void add_message(struct remarks *remarks, const char *format,
                                                              va_list arguments)
{
  struct remark *remark = add(remarks, REMARK_MESSAGE);
  if (remark)
    vsnprintf(remark->text, sizeof remark->text, format, arguments);
  else
    remarks->lost++;
}

void remarks_message(struct remarks *remarks, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  add_message(remarks, format, arguments);
  va_end(arguments);
}

bool remarks_crowded(const struct remarks *remarks)
{
  return remarks->count > REMARKS_MAX / 2;
}

int remarks_fd(const struct remarks *remarks)
{
  if (remarks->count == 0)
    return -1;
  switch (remarks->remark[remarks->first].kind) {
  case REMARK_PROMPT:
    return remarks->prompt_fd;
  case REMARK_COMPLAINT:
    return remarks->complaint_fd;
  case REMARK_MESSAGE:
    break;
  }
  return STDERR_FILENO;
}

/* The oldest is said, or cannot be. */
static void drop_oldest(struct remarks *remarks)
{
  remarks->written = 0;
  if (--remarks->remark[remarks->first].times > 0)
    return;
  remarks->first = (remarks->first + 1) % REMARKS_MAX;
  remarks->count--;
}

/* Writes on at the oldest, a prompt or complaint. False when the descriptor takes no more after all. */
static bool write_oldest(struct remarks *remarks)
{
  const bool prompt = remarks->remark[remarks->first].kind == REMARK_PROMPT;
  const char *text = prompt ? PROMPT : COMPLAINT;
  const size_t length = prompt ? sizeof PROMPT - 1 : sizeof COMPLAINT - 1;
  ssize_t n = write(remarks_fd(remarks), text + remarks->written, length - remarks->written);
  if (n < 0 && errno == EAGAIN)
    return false;
  if (n < 0 && errno == EINTR)
    return true;
  if (n >= 0)
    remarks->written += (size_t)n;
  if (n < 0 || remarks->written == length)
    drop_oldest(remarks);
  return true;
}

void remarks_say(struct remarks *remarks)
{
  while (remarks->count > 0) {
    struct pollfd ready = {.fd = remarks_fd(remarks), .events = POLLOUT};
    if (poll(&ready, 1, 0) <= 0)
      return;
    const struct remark *oldest = &remarks->remark[remarks->first];
    if (oldest->kind == REMARK_MESSAGE) {
      message("%s", oldest->text);
      drop_oldest(remarks);
    } else if (!write_oldest(remarks)) {
      return;
    }
  }
  if (remarks->lost > 0) {
    message("%llu more messages were lost", (unsigned long long)remarks->lost);
    remarks->lost = 0;
  }
}

void remarks_finish(struct remarks *remarks, int stop_fd, int patience_ms)
{
  int64_t deadline_ns = INT64_MAX;
  for (;;) {
    remarks_say(remarks);
    if (remarks->count == 0)
      return;
    struct pollfd wait[] = {{.fd = remarks_fd(remarks), .events = POLLOUT}, {.fd = stop_fd, .events = POLLIN}};
    const bool stopped = deadline_ns != INT64_MAX;
    const int64_t left_ns = deadline_ns - clock_now_ns();
    if (stopped && left_ns <= 0)
      return;
    poll(wait, stopped ? 1 : 2, stopped ? (int)(left_ns / CLOCK_MS_NS) + 1 : -1);
    if (!stopped && wait[1].revents)
      deadline_ns = clock_now_ns() + (int64_t)patience_ms * CLOCK_MS_NS;
  }
}
