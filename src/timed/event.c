#include "timed/event.h"

bool event_watch(int epoll_fd, int operation, int fd, uint32_t events, enum event_kind kind, uint32_t place)
{
  struct epoll_event interest = {.events = events, .data.u64 = (uint64_t)kind << 32 | place};
  return epoll_ctl(epoll_fd, operation, fd, &interest) == 0;
}

enum event_kind event_kind(const struct epoll_event *event)
{
  return (enum event_kind)(event->data.u64 >> 32);
}

uint32_t event_place(const struct epoll_event *event)
{
  return (uint32_t)event->data.u64;
}
