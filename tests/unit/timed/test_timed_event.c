/* Tags of the epoll set: what was said of a descriptor comes back with its event. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "timed/event.h"

static void kinds_and_places(void **state)
{
  (void)state;
  static const uint32_t places[] = {0, 1, 999999, UINT32_MAX};
  static const enum event_kind kinds[] = {EVENT_CONNECTION, EVENT_LISTENER, EVENT_SIGNAL, EVENT_LOG};
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  int ends[2];
  struct epoll_event event;
  int operation = EPOLL_CTL_ADD;
  assert_int_equal(pipe(ends), 0);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
      assert_true(event_watch(epoll_fd, operation, ends[1], EPOLLOUT, kinds[k], places[p]));
      operation = EPOLL_CTL_MOD;
      assert_int_equal(epoll_wait(epoll_fd, &event, 1, 0), 1);
      assert_int_equal(event_kind(&event), kinds[k]);
      assert_int_equal(event_place(&event), places[p]);
    }
  assert_true(event_watch(epoll_fd, EPOLL_CTL_MOD, ends[1], EPOLLIN, EVENT_LOG, 0)); /* it is not readable */
  assert_int_equal(epoll_wait(epoll_fd, &event, 1, 0), 0);
  assert_true(event_watch(epoll_fd, EPOLL_CTL_DEL, ends[1], 0, EVENT_LOG, 0));
  assert_false(event_watch(epoll_fd, EPOLL_CTL_DEL, ends[1], 0, EVENT_LOG, 0));
  assert_int_equal(errno, ENOENT);
  close(ends[0]);
  close(ends[1]);
  close(epoll_fd);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(kinds_and_places)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
