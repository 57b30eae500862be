/* The pool of connections: who may come in, who has had enough time, who has to make room. */
#include "clients_fixture.h"

static void full_and_evicted(void **state)
{
  (void)state;
  enum { CAPACITY = 3 };
  struct loopback pairs[CAPACITY + 1];
  struct fixture f;
  fixture_init(&f, CAPACITY, 0);
  assert_false(clients_evict(&f.clients, 0, NOW_NS));
  for (int i = 0; i < CAPACITY; i++) {
    assert_false(clients_full(&f.clients));
    pairs[i] = admit(&f, v4(1, 1), NOW_NS + i * MS_NS);
  }
  assert_true(clients_full(&f.clients));

  /* Only who has been closing for long enough, the longest first. */
  assert_false(clients_evict(&f.clients, 100 * MS_NS, NOW_NS + 100 * MS_NS - 1));
  assert_true(clients_full(&f.clients));
  assert_true(clients_evict(&f.clients, 100 * MS_NS, NOW_NS + 100 * MS_NS));
  assert_false(is_open(pairs[0].server));
  assert_true(is_open(pairs[1].server) && is_open(pairs[2].server));
  assert_false(clients_full(&f.clients));
  assert_false(clients_evict(&f.clients, 100 * MS_NS, NOW_NS + 100 * MS_NS));
  assert_reply(&pairs[0]); /* it was all there */

  /* Its place serves the next one, who is now the youngest. */
  pairs[3] = admit(&f, v4(1, 1), NOW_NS + 10 * MS_NS);
  assert_true(clients_full(&f.clients));
  assert_int_equal(f.clients.used, CAPACITY);
  assert_reply(&pairs[3]);
  assert_true(clients_evict(&f.clients, 0, NOW_NS + 10 * MS_NS));
  assert_true(clients_evict(&f.clients, 0, NOW_NS + 10 * MS_NS));
  assert_true(is_open(pairs[3].server));
  assert_int_equal(f.clients.active, 1);
  for (int i = 0; i <= CAPACITY; i++)
    close(pairs[i].client);
  fixture_destroy(&f);
}

/* Where room is needed, those that have closed make it, however short ago. */
static void the_gone_make_room(void **state)
{
  (void)state;
  struct fixture f;
  fixture_init(&f, 2, 1);
  struct loopback slow = admit_slow(&f, NOW_NS);
  assert_true(clients_have_room(&f.clients));
  struct loopback gone = admit_fresh(&f, v4(1, 1), NOW_NS);
  assert_true(clients_full(&f.clients) && clients_have_room(&f.clients));
  assert_false(clients_evict(&f.clients, MS_NS, NOW_NS)); /* looked at: it is open */
  assert_true(clients_have_room(&f.clients));
  assert_true(clients_evict(&f.clients, 0, NOW_NS));
  assert_false(is_open(gone.server));
  close(gone.client);

  gone = admit_fresh(&f, v4(1, 1), NOW_NS);
  assert_reply(&gone);
  close(gone.client);
  assert_true(loopback_wait(gone.server, POLLIN));
  assert_true(clients_evict(&f.clients, DRAIN_NS, NOW_NS));
  assert_int_equal(f.clients.active, 1);

  /* Of the limit for its source, too. */
  gone = admit_fresh(&f, v4(1, 1), NOW_NS);
  assert_reply(&gone);
  close(gone.client);
  assert_true(loopback_wait(gone.server, POLLIN));
  gone = admit_fresh(&f, v4(1, 1), NOW_NS);
  assert_int_equal(f.clients.counts.rejected, 0);
  assert_int_equal(f.clients.active, 2);
  close(gone.client);
  close(slow.client);
  assert_int_equal(f.clients.counts.resets, 0);
  fixture_destroy(&f);

  fixture_init(&f, 1, 0); /* who is sending makes no room */
  slow = admit_slow(&f, NOW_NS);
  assert_false(clients_have_room(&f.clients));
  close(slow.client);
  fixture_destroy(&f);
}

static void time_is_up(void **state)
{
  (void)state;
  struct loopback pairs[3];
  struct fixture f;
  fixture_init(&f, 3, 1);
  for (uint32_t i = 0; i < 3; i++)
    pairs[i] = admit(&f, v4(i, 1), NOW_NS + (int64_t)i * MS_NS);
  clients_expire(&f.clients, NOW_NS + DRAIN_NS - 1);
  assert_int_equal(f.clients.active, 3);
  assert_int_equal(send(pairs[2].client, "x", 1, 0), 1); /* which will be unread when it is closed */
  assert_true(loopback_wait(pairs[2].server, POLLIN));
  clients_expire(&f.clients, NOW_NS + DRAIN_NS);
  assert_int_equal(f.clients.active, 2);
  assert_false(is_open(pairs[0].server));
  assert_true(clients_deadline_ns(&f.clients) == NOW_NS + MS_NS + DRAIN_NS);
  clients_expire(&f.clients, NOW_NS + 2 * MS_NS + DRAIN_NS);
  assert_int_equal(f.clients.active, 0);
  assert_false(is_open(pairs[1].server) || is_open(pairs[2].server));
  assert_int_equal(f.clients.counts.resets, 1);
  for (uint32_t i = 0; i < 3; i++) {
    assert_int_equal(sources_count(&f.clients.sources, i), 0);
    close(pairs[i].client);
  }
  fixture_destroy(&f);
}

static void limit_for_each_source(void **state)
{
  (void)state;
  struct fixture f;
  fixture_init(&f, 8, 2);
  struct loopback kept[5] = {admit(&f, v6(1, 1), NOW_NS), admit(&f, v6(1, 2), NOW_NS)};
  f.log.outlet.start = f.log.outlet.end;
  struct loopback over = admit(&f, v6(1, 3), NOW_NS);
  assert_said(&f, "Rejecting [2001:0:0:1::3]:1: its source has 2 connections already\n");
  assert_false(is_open(over.server));
  assert_int_equal(f.clients.active, 2);
  assert_int_equal(f.clients.counts.rejected, 1);
  assert_int_equal(f.clients.counts.served, 2);
  char text[16];
  assert_int_equal(loopback_read_all(&over, text, sizeof text), 0); /* the end, and no reply */
  close(over.client);

  kept[2] = admit(&f, v6(2, 1), NOW_NS);
  kept[3] = admit(&f, v4(1, 1), NOW_NS);
  assert_int_equal(f.clients.active, 4);
  assert_true(clients_evict(&f.clients, 0, NOW_NS)); /* one of the first /64: room for one */
  kept[4] = admit(&f, v6(1, 4), NOW_NS);
  assert_int_equal(f.clients.active, 4);
  assert_int_equal(f.clients.counts.rejected, 1);
  over = admit(&f, v6(1, 5), NOW_NS);
  assert_int_equal(f.clients.counts.rejected, 2);
  close(over.client);
  for (int i = 0; i < 5; i++)
    close(kept[i].client);
  fixture_destroy(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(full_and_evicted),
      cmocka_unit_test(the_gone_make_room),
      cmocka_unit_test(time_is_up),
      cmocka_unit_test(limit_for_each_source),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
