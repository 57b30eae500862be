/* Pixels against arithmetic: mixing is rounded exactly, and nothing beyond a clip or the canvas is ever touched. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "scope/paint/canvas.h"

/* The canvas lies within a field of its own stride, so that a pixel painted beside it is seen. */
enum { WIDTH = 11, HEIGHT = 7, MARGIN = 5, STRIDE = WIDTH + 2 * MARGIN, FIELD = STRIDE * (HEIGHT + 2 * MARGIN) };
static const uint32_t OLD = 0x102030;
static const uint32_t NEW = 0xC0A080;

static uint32_t field[FIELD];

static struct canvas empty_canvas(void)
{
  for (int i = 0; i < FIELD; i++)
    field[i] = OLD;
  return (struct canvas){.pixel = &field[MARGIN * STRIDE + MARGIN], .width = WIDTH, .height = HEIGHT, .stride = STRIDE};
}

/* What stands at x, y of the canvas, or of the field around it. */
static uint32_t at(int x, int y)
{
  return field[(y + MARGIN) * STRIDE + x + MARGIN];
}

/* One channel of a mixture: the nearest whole number. */
static uint32_t mixed_channel(uint32_t a, uint32_t b, int alpha)
{
  return (uint32_t)floor((a * (255.0 - alpha) + b * (double)alpha) / 255 + 0.5);
}

static void test_mixing_is_exact(void **state)
{
  (void)state;
  for (uint32_t a = 0; a < 256; a += 5)
    for (uint32_t b = 0; b < 256; b++)
      for (int alpha = 0; alpha < 256; alpha++) {
        /* Neighbours in the word that would be changed by an overflow or a borrowed bit. */
        uint32_t wanted = mixed_channel(a, b, alpha);
        uint32_t got = colour_mix(a << 16 | b << 8 | a, b << 16 | a << 8 | b, alpha);
        if ((got >> 16) != wanted || (got & 0xFF) != wanted || (got >> 8 & 0xFF) != mixed_channel(b, a, alpha))
          fail_msg("%u to %u by %d: %06x", a, b, alpha, got);
      }
}

static void test_fill_is_clipped(void **state)
{
  (void)state;
  struct random r = random_seeded(1);
  for (int i = 0; i < 500; i++) {
    struct canvas c = empty_canvas();
    struct rect place = {(int)random_between(&r, -4, 12), (int)random_between(&r, -4, 12),
                         (int)random_between(&r, -2, 15), (int)random_between(&r, -2, 15)};
    canvas_fill(&c, place, NEW);
    for (int y = -MARGIN; y < HEIGHT + MARGIN; y++)
      for (int x = -MARGIN; x < WIDTH + MARGIN; x++) {
        bool inside = x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT && x >= place.x && y >= place.y &&
                      x < place.x + place.w && y < place.y + place.h;
        assert_int_equal(at(x, y), inside ? NEW : OLD);
      }
  }
}

static void test_blend_is_clipped(void **state)
{
  (void)state;
  for (int y = -MARGIN; y < HEIGHT + MARGIN; y++)
    for (int x = -MARGIN; x < WIDTH + MARGIN; x++) {
      struct canvas c = empty_canvas();
      canvas_blend(&c, x, y, NEW, 100);
      bool inside = x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT;
      assert_int_equal(at(x, y), inside ? colour_mix(OLD, NEW, 100) : OLD);
      for (int i = 0; i < FIELD; i++)
        assert_true(field[i] == OLD || i == (y + MARGIN) * STRIDE + x + MARGIN);
    }
  struct canvas c = empty_canvas();
  canvas_blend(&c, 1, 1, NEW, 0);
  canvas_blend(&c, 2, 1, NEW, 255);
  canvas_blend(&c, 3, 1, NEW, 1000); /* more than all is all */
  canvas_blend(&c, 4, 1, NEW, -3);
  assert_int_equal(at(1, 1), OLD);
  assert_int_equal(at(2, 1), NEW);
  assert_int_equal(at(3, 1), NEW);
  assert_int_equal(at(4, 1), OLD);
}

static void test_a_mask_is_clipped_and_in_its_place(void **state)
{
  (void)state;
  enum { W = 6, H = 5, MASK_STRIDE = 8 };
  struct random r = random_seeded(2);
  for (int i = 0; i < 500; i++) {
    uint8_t mask[MASK_STRIDE * H];
    for (size_t k = 0; k < sizeof mask; k++)
      mask[k] = (uint8_t)random_below(&r, 256);
    struct canvas c = empty_canvas();
    int left = (int)random_between(&r, -8, 13);
    int top = (int)random_between(&r, -8, 13);
    struct rect clip = {(int)random_between(&r, -3, 8), (int)random_between(&r, -3, 8), (int)random_between(&r, 0, 14),
                        (int)random_between(&r, 0, 14)};
    canvas_mask(&c, left, top, mask, W, H, MASK_STRIDE, NEW, clip);
    for (int y = -MARGIN; y < HEIGHT + MARGIN; y++)
      for (int x = -MARGIN; x < WIDTH + MARGIN; x++) {
        bool inside = x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT && rect_contains(clip, x, y) && x >= left &&
                      x < left + W && y >= top && y < top + H;
        uint32_t wanted = inside ? colour_mix(OLD, NEW, mask[(y - top) * MASK_STRIDE + x - left]) : OLD;
        assert_int_equal(at(x, y), wanted);
      }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_mixing_is_exact),
      cmocka_unit_test(test_fill_is_clipped),
      cmocka_unit_test(test_blend_is_clipped),
      cmocka_unit_test(test_a_mask_is_clipped_and_in_its_place),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
