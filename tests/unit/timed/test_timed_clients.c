/* The pool of connections: from coming in to the end, what is said of each, and when it is looked at. */
#include "clients_fixture.h"

static void served_and_gone(void **state)
{
  (void)state;
  struct fixture f;
  fixture_init(&f, 2, 0);
  assert_true(clients_deadline_ns(&f.clients) == INT64_MAX);
  struct loopback pair = admit(&f, v4(0xC0000201, 1234), NOW_NS);
  assert_said(&f, "Sending time to 192.0.2.1:1234...Done.\n");
  assert_int_equal(f.clients.active, 1);
  assert_int_equal(f.clients.counts.served, 1);
  assert_true(clients_deadline_ns(&f.clients) == NOW_NS + DRAIN_NS);
  assert_reply(&pair);

  assert_int_equal(send(pair.client, "x", 1, 0), 1);
  size_t place = wait_for_place(&f);
  clients_step(&f.clients, place, NOW_NS);
  assert_int_equal(f.clients.active, 1);
  close(pair.client);
  assert_int_equal(wait_for_place(&f), place);
  clients_step(&f.clients, place, NOW_NS);
  assert_int_equal(f.clients.active, 0);
  assert_false(is_open(pair.server));
  assert_int_equal(f.clients.counts.resets, 0);
  assert_int_equal(f.clients.counts.served, 1);
  assert_true(clients_deadline_ns(&f.clients) == INT64_MAX);
  clients_step(&f.clients, place, NOW_NS); /* of an event that came before it ended */
  assert_int_equal(f.clients.active, 0);
  assert_said(&f, "");
  fixture_destroy(&f);
}

/* Who has closed when it is first looked at has never been in the epoll set. */
static void looked_at_after_a_while(void **state)
{
  (void)state;
  struct epoll_event event;
  struct fixture f;
  fixture_init(&f, 2, 0);
  struct loopback gone = admit_fresh(&f, v4(1, 1), NOW_NS);
  struct loopback open = admit_fresh(&f, v4(1, 2), NOW_NS + 1);
  assert_said(&f, "Sending time to 0.0.0.1:1...Done.\nSending time to 0.0.0.1:2...Done.\n");
  assert_true(clients_deadline_ns(&f.clients) == NOW_NS + CLIENTS_LOOK_NS);
  assert_reply(&gone);
  close(gone.client);
  assert_true(loopback_wait(gone.server, POLLIN));
  clients_look(&f.clients, false, NOW_NS + CLIENTS_LOOK_NS - 1);
  assert_int_equal(f.clients.active, 2);
  clients_look(&f.clients, false, NOW_NS + CLIENTS_LOOK_NS);
  assert_int_equal(f.clients.active, 1);
  assert_false(is_open(gone.server));
  assert_int_equal(f.clients.counts.resets, 0);
  assert_true(clients_deadline_ns(&f.clients) == NOW_NS + 1 + CLIENTS_LOOK_NS);

  /* The other is waited for from now on, and its time counts from its reply. */
  assert_int_equal(send(open.client, "x", 1, 0), 1);
  assert_true(loopback_wait(open.server, POLLIN));
  assert_int_equal(epoll_wait(f.clients.epoll_fd, &event, 1, 0), 0);
  clients_look(&f.clients, false, NOW_NS + 1 + CLIENTS_LOOK_NS);
  assert_true(clients_deadline_ns(&f.clients) == NOW_NS + 1 + DRAIN_NS);
  close(open.client);
  clients_step(&f.clients, wait_for_place(&f), NOW_NS + 2);
  assert_int_equal(f.clients.active, 0);
  assert_said(&f, "");
  fixture_destroy(&f);
}

static void resets_are_counted(void **state)
{
  (void)state;
  struct fixture f;
  fixture_init(&f, 1, 1);
  struct loopback pair = admit(&f, v4(1, 1), NOW_NS);
  loopback_reset(&pair);
  clients_step(&f.clients, wait_for_place(&f), NOW_NS);
  assert_int_equal(f.clients.active, 0);
  assert_int_equal(f.clients.counts.resets, 1);
  assert_int_equal(f.clients.counts.served, 1);
  f.log.outlet.start = f.log.outlet.end;

  /* One that is gone before it gets anything, which leaves room for its source. */
  pair = loopback_open(LOOPBACK_USUAL);
  loopback_reset(&pair);
  clients_admit(&f.clients, pair.server, &(union address){.v4 = v4(1, 2).v4}, &reply, NOW_NS);
  assert_said(&f, "Sending time to 0.0.0.1:2...failed: Connection reset by peer\n");
  assert_int_equal(f.clients.active, 0);
  assert_int_equal(f.clients.counts.resets, 2);
  assert_int_equal(f.clients.counts.served, 1);
  pair = admit(&f, v4(1, 3), NOW_NS);
  assert_said(&f, "Sending time to 0.0.0.1:3...Done.\n");
  pair.server = -1;
  loopback_close(&pair);
  fixture_destroy(&f);
}

static void slow_readers(void **state)
{
  (void)state;
  struct fixture f;
  fixture_init(&f, 4, 0);
  struct loopback slow[2];
  for (int i = 0; i < 2; i++)
    slow[i] = admit_slow(&f, NOW_NS + i);
  assert_said(&f, "");
  assert_int_equal(f.clients.active, 2);
  assert_int_equal(f.clients.counts.served, 0);
  assert_true(clients_deadline_ns(&f.clients) == NOW_NS + SEND_NS);
  struct loopback quick = admit(&f, v4(3, 3), NOW_NS + 1);
  assert_true(clients_deadline_ns(&f.clients) == NOW_NS + 1 + DRAIN_NS);
  f.log.outlet.start = f.log.outlet.end;

  /* The first reads on: its reply goes, and it is draining from then on. */
  char data[8192];
  while (f.clients.counts.served == 1) {
    struct epoll_event event;
    assert_true(loopback_wait(slow[0].client, POLLIN));
    assert_true(recv(slow[0].client, data, sizeof data, MSG_DONTWAIT) > 0);
    if (epoll_wait(f.clients.epoll_fd, &event, 1, 0) == 1)
      clients_step(&f.clients, (size_t)event.data.u64, NOW_NS + 5);
  }
  assert_said(&f, "Sending time to 0.0.0.2:2...Done.\n");
  assert_int_equal(f.clients.active, 3);

  /* The other never does; nobody evicts it, but it has its time. */
  assert_true(clients_evict(&f.clients, 0, NOW_NS + 5));
  assert_false(is_open(quick.server));
  assert_true(clients_evict(&f.clients, 0, NOW_NS + 5));
  assert_false(is_open(slow[0].server));
  assert_false(clients_evict(&f.clients, 0, NOW_NS + 5));
  clients_expire(&f.clients, NOW_NS + SEND_NS);
  assert_true(is_open(slow[1].server));
  clients_expire(&f.clients, NOW_NS + 1 + SEND_NS);
  assert_false(is_open(slow[1].server));
  assert_said(&f, "Sending time to 0.0.0.2:2...failed: Connection timed out\n");
  assert_int_equal(f.clients.active, 0);
  assert_int_equal(f.clients.counts.served, 2);
  for (int i = 0; i < 2; i++)
    close(slow[i].client);
  close(quick.client);
  fixture_destroy(&f);
}

static void epoll_that_takes_no_more(void **state)
{
  (void)state;
  struct fixture f;
  fixture_init(&f, 1, 1);
  close(f.clients.epoll_fd);
  f.clients.epoll_fd = -1;
  struct loopback pair = admit(&f, v4(1, 1), NOW_NS);
  assert_said(&f, "Sending time to 0.0.0.1:1...Done.\n"); /* it has its reply, and only cannot be waited for */
  assert_false(is_open(pair.server));
  assert_int_equal(f.clients.active, 0);
  assert_int_equal(sources_count(&f.clients.sources, 1), 0);
  assert_true(clients_deadline_ns(&f.clients) == INT64_MAX);
  struct loopback slow = admit_slow(&f, NOW_NS);
  assert_said(&f, "Sending time to 0.0.0.2:2...failed: Bad file descriptor\n");
  assert_false(is_open(slow.server));
  assert_int_equal(f.clients.active, 0);
  close(pair.client);
  close(slow.client);
  fixture_destroy(&f);
}

static void destroy_closes_all(void **state)
{
  (void)state;
  struct fixture f;
  fixture_init(&f, 4, 4);
  struct loopback slow = admit_slow(&f, NOW_NS);
  struct loopback pair = admit(&f, v4(1, 1), NOW_NS);
  struct loopback fresh = admit_fresh(&f, v4(1, 1), NOW_NS);
  fixture_destroy(&f);
  assert_false(is_open(slow.server) || is_open(pair.server) || is_open(fresh.server));
  close(fresh.client);
  assert_int_equal(f.clients.active, 0);
  close(slow.client);
  close(pair.client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(served_and_gone),          cmocka_unit_test(looked_at_after_a_while),
      cmocka_unit_test(resets_are_counted),       cmocka_unit_test(slow_readers),
      cmocka_unit_test(epoll_that_takes_no_more), cmocka_unit_test(destroy_closes_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
