/* The pool of connections in any order of coming, going, expiring and making room, against a list kept the slow way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "random.h"
#include "timed/clients.h"

enum { CAPACITY = 12, SOURCES = 5, MOST = 4 };

static const int64_t NOW_NS = 1000000000000;
static const int64_t MS_NS = 1000000;
static const int64_t DRAIN_NS = CONNECTION_DRAIN_MS * INT64_C(1000000);

static const struct reply reply = {.text = "the time", .length = 8};

/* What should be: the clients in the order in which they came. */
struct model {
  struct expected {
    int fd, peer_fd; /* peer_fd: -1 when the client has closed */
    uint32_t source;
    int64_t since_ns;
    bool fresh;
  } all[CAPACITY];
  size_t count;
  uint64_t rejected;
};

static uint32_t count_of(const struct model *model, uint32_t source)
{
  uint32_t count = 0;
  for (size_t i = 0; i < model->count; i++)
    count += model->all[i].source == source;
  return count;
}

static void forget(struct model *model, size_t i)
{
  if (model->all[i].peer_fd >= 0)
    close(model->all[i].peer_fd);
  model->count--;
  for (; i < model->count; i++)
    model->all[i] = model->all[i + 1];
}

/* Of those not looked at yet, those that have closed go. */
static void expect_look(struct model *model, bool all, int64_t now_ns)
{
  for (size_t i = 0; i < model->count;) {
    struct expected *one = &model->all[i];
    const bool looked_at = one->fresh && (all || now_ns - one->since_ns >= CLIENTS_LOOK_NS);
    if (looked_at)
      one->fresh = false;
    if (looked_at && one->peer_fd < 0)
      forget(model, i);
    else
      i++;
  }
}

static void come(struct clients *clients, struct model *model, uint32_t source, int64_t now_ns)
{
  const union address peer = {.v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source)}};
  int ends[2];

  assert_int_equal(clients_full(clients), model->count == CAPACITY);
  if (model->count == CAPACITY)
    return;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
  clients_admit(clients, ends[0], &peer, &reply, now_ns);
  if (count_of(model, source) == MOST)
    expect_look(model, true, now_ns);
  if (count_of(model, source) == MOST) {
    close(ends[1]);
    model->rejected++;
  } else {
    model->all[model->count++] = (struct expected){ends[0], ends[1], source, now_ns, true};
  }
}

static void leave(struct clients *clients, struct model *model, size_t i, int64_t now_ns)
{
  struct expected *one = &model->all[i];
  size_t place = 0;
  if (one->peer_fd < 0)
    return;
  close(one->peer_fd);
  one->peer_fd = -1;
  if (one->fresh)
    return;
  while (clients->pool[place].fd != one->fd)
    place++;
  clients_step(clients, place, now_ns);
  forget(model, i);
}

static void look(struct clients *clients, struct model *model, int64_t now_ns)
{
  clients_look(clients, false, now_ns);
  expect_look(model, false, now_ns);
}

static void expire(struct clients *clients, struct model *model, int64_t now_ns)
{
  look(clients, model, now_ns);
  clients_expire(clients, now_ns);
  while (model->count > 0 && model->all[0].since_ns + DRAIN_NS <= now_ns)
    forget(model, 0);
}

static void evict(struct clients *clients, struct model *model, int64_t min_ns, int64_t now_ns)
{
  const size_t before = model->count;
  expect_look(model, true, now_ns);
  const bool gone = model->count < before;
  const bool old = model->count > 0 && now_ns - model->all[0].since_ns >= min_ns;
  assert_int_equal(clients_evict(clients, min_ns, now_ns), gone || old);
  if (!gone && old)
    forget(model, 0);
}

/* The list has the next of the clients expected, from *i on. */
static void assert_list(const struct client_list *list, const struct model *model, bool fresh, size_t *i)
{
  const struct connection *before = NULL;
  for (const struct connection *one = list->oldest; one; before = one, one = one->newer, (*i)++) {
    assert_ptr_equal(one->older, before);
    assert_true(*i < model->count);
    const struct expected *expected = &model->all[*i];
    assert_int_equal(expected->fresh, fresh);
    assert_int_equal(one->fd, expected->fd);
    assert_int_equal(one->state, CONNECTION_DRAINING);
    assert_true(one->deadline_ns == expected->since_ns + DRAIN_NS);
  }
  assert_ptr_equal(list->newest, before);
}

static int64_t deadline_ns(const struct model *model)
{
  int64_t first_ns = INT64_MAX;
  for (size_t i = 0; i < model->count; i++) {
    const int64_t ns = model->all[i].since_ns + (model->all[i].fresh ? CLIENTS_LOOK_NS : DRAIN_NS);
    first_ns = ns < first_ns ? ns : first_ns;
  }
  return first_ns;
}

static void assert_alike(const struct clients *clients, const struct model *model)
{
  size_t i = 0;
  assert_list(&clients->draining, model, false, &i);
  assert_list(&clients->fresh, model, true, &i);
  assert_null(clients->sending.oldest);
  assert_int_equal(i, model->count);
  assert_int_equal(clients->active, model->count);
  for (const struct connection *one = clients->free; one; one = one->newer)
    i++;
  assert_int_equal(i, clients->used); /* no place is lost */
  assert_int_equal(clients->counts.rejected, model->rejected);
  assert_true(clients_deadline_ns(clients) == deadline_ns(model));
  assert_true(clients_have_room(clients)); /* as none is sending */
  for (uint32_t source = 0; source < SOURCES; source++)
    assert_int_equal(sources_count(&clients->sources, source), count_of(model, source));
}

static void random_lives(void **state)
{
  (void)state;
  struct random random = random_seeded(4);
  struct model model = {.count = 0};
  struct clients clients;
  int64_t now_ns = NOW_NS;
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

  assert_true(epoll_fd >= 0);
  assert_true(clients_init(&clients, CAPACITY, MOST, epoll_fd, NULL));
  for (int step = 0; step < 3000; step++) {
    now_ns += random_once_in(&random, 3) ? random_between(&random, 0, 1000) * MS_NS : random_between(&random, 0, MS_NS);
    const uint64_t what = random_below(&random, 9);
    if (what < 4)
      come(&clients, &model, (uint32_t)random_below(&random, SOURCES), now_ns);
    else if (what < 6 && model.count > 0)
      leave(&clients, &model, (size_t)random_below(&random, model.count), now_ns);
    else if (what == 6)
      expire(&clients, &model, now_ns);
    else if (what == 7)
      look(&clients, &model, now_ns);
    else
      evict(&clients, &model, 1000 * MS_NS, now_ns);
    assert_alike(&clients, &model);
  }
  clients_destroy(&clients);
  while (model.count > 0)
    forget(&model, 0);
  close(epoll_fd);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(random_lives)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
