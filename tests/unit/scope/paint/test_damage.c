/* The list of painted places: whatever is added, every pixel of it stays within some rectangle of the list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/damage.h"

enum { PLACES = 3 * DAMAGE_MAX };

static bool within_list(const struct damage *d, int x, int y)
{
  for (int i = 0; i < d->count; i++)
    if (x >= d->rect[i].x && x < d->rect[i].x + d->rect[i].w && y >= d->rect[i].y && y < d->rect[i].y + d->rect[i].h)
      return true;
  return false;
}

static void test_no_place_is_ever_lost(void **state)
{
  (void)state;
  struct random r = random_seeded(9);
  struct damage d = {.count = 0};
  struct rect all[PLACES];
  for (int i = 0; i < PLACES; i++) {
    all[i] = (struct rect){(int)random_below(&r, 500), (int)random_below(&r, 500), (int)random_below(&r, 30),
                           (int)random_below(&r, 30)};
    damage_add(&d, all[i]);
    assert_true(d.count <= DAMAGE_MAX);
  }
  for (int i = 0; i < PLACES; i++)
    for (int y = all[i].y; y < all[i].y + all[i].h; y++)
      for (int x = all[i].x; x < all[i].x + all[i].w; x++)
        assert_true(within_list(&d, x, y));
}

static void test_an_empty_place_is_none(void **state)
{
  (void)state;
  struct damage d = {.count = 0};
  damage_add(&d, (struct rect){5, 5, 0, 10});
  damage_add(&d, (struct rect){5, 5, 10, -1});
  assert_int_equal(d.count, 0);
}

/* A full list joins the new place to its neighbour, and not to one at the other end of the window. */
static void test_a_full_list_grows_where_it_costs_least(void **state)
{
  (void)state;
  struct damage d = {.count = 0};
  for (int i = 0; i < DAMAGE_MAX; i++)
    damage_add(&d, (struct rect){i * 10, 0, 4, 4});
  damage_add(&d, (struct rect){1004, 0, 2, 4});
  assert_int_equal(d.count, DAMAGE_MAX);
  for (int i = 0; i < DAMAGE_MAX; i++) {
    struct rect expected = {i * 10, 0, i == 100 ? 6 : 4, 4};
    assert_true(rect_equal(d.rect[i], expected));
  }
}

static void test_touching_means_a_common_pixel(void **state)
{
  (void)state;
  struct damage d = {.count = 0};
  damage_add(&d, (struct rect){0, 0, 10, 10});
  damage_add(&d, (struct rect){20, 20, 10, 10});
  assert_true(damage_touches(&d, 0, (struct rect){9, 9, 5, 5}));
  assert_false(damage_touches(&d, 0, (struct rect){10, 0, 5, 20})); /* side by side */
  assert_false(damage_touches(&d, 1, (struct rect){0, 0, 10, 10})); /* only from the second on */
  assert_true(damage_touches(&d, 1, (struct rect){0, 0, 21, 21}));
  assert_false(damage_touches(&d, 0, (struct rect){5, 5, 0, 0}));
}

static void test_rectangles_as_sets_of_pixels(void **state)
{
  (void)state;
  struct random r = random_seeded(10);
  for (int i = 0; i < 300; i++) {
    struct rect a = {(int)random_below(&r, 8), (int)random_below(&r, 8), (int)random_below(&r, 8),
                     (int)random_below(&r, 8)};
    struct rect b = {(int)random_below(&r, 8), (int)random_below(&r, 8), (int)random_below(&r, 8),
                     (int)random_below(&r, 8)};
    struct rect both = rect_intersection(a, b);
    struct rect around = rect_union(a, b);
    int common = 0;
    int left = 99;
    int right = -1;
    for (int y = 0; y < 16; y++)
      for (int x = 0; x < 16; x++) {
        bool in_a = x >= a.x && x < a.x + a.w && y >= a.y && y < a.y + a.h;
        bool in_b = x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h;
        common += in_a && in_b;
        assert_int_equal(rect_contains(a, x, y), in_a);
        if (in_a || in_b) {
          left = x < left ? x : left;
          right = x > right ? x : right;
          assert_true(rect_contains(around, x, y));
        }
      }
    assert_int_equal(rect_area(both), common);
    assert_int_equal(rect_empty(both), common == 0);
    if (right >= 0) {
      assert_int_equal(around.x, left); /* the smallest one */
      assert_int_equal(around.x + around.w, right + 1);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_no_place_is_ever_lost),
      cmocka_unit_test(test_an_empty_place_is_none),
      cmocka_unit_test(test_a_full_list_grows_where_it_costs_least),
      cmocka_unit_test(test_touching_means_a_common_pixel),
      cmocka_unit_test(test_rectangles_as_sets_of_pixels),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
