/*
 * What the server's epoll set is asked about: each descriptor in it has a tag that says what an event of it means. Main
 * thread.
 */
#ifndef TIMED_EVENT_H
#define TIMED_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

enum event_kind {
  EVENT_CONNECTION, /* with its place in the pool of clients */
  EVENT_LISTENER,   /* with its place among the listeners */
  EVENT_SIGNAL,
  EVENT_LOG,
};

/*
 * Adds fd to the set, changes what is asked of it, or takes it out (epoll_ctl(2)'s operation and events). place: which
 * one of its kind; 0 where there is no more than one. False with errno on failure.
 */
bool event_watch(int epoll_fd, int operation, int fd, uint32_t events, enum event_kind kind, uint32_t place);

enum event_kind event_kind(const struct epoll_event *event);
uint32_t event_place(const struct epoll_event *event);

#endif
