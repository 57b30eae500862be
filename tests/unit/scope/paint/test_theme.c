/* Colours as people with any colour vision see them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scope/paint/theme.h"

static const double PI = 3.14159265358979323846;
static const struct theme *const themes[] = {&theme_dark, &theme_light};
enum { THEMES = 2, VISIONS = 4 };

/* Machado, Oliveira and Fernandes 2009, table 1, severity 1: what linear red, green and blue become. */
static const struct vision {
  const char *name;
  double matrix[3][3];
} visions[VISIONS] = {
    {"all", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"protan", {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {"deutan", {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {"tritan", {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
};

struct lab {
  double l, a, b;
};

static void linear(uint32_t colour, double rgb[3])
{
  for (int i = 0; i < 3; i++) {
    const double v = (colour >> (16 - 8 * i) & 0xFF) / 255.0;
    rgb[i] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
  }
}

static double luminance(uint32_t colour)
{
  double rgb[3];
  linear(colour, rgb);
  return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

/* WCAG's contrast ratio. */
static double contrast(uint32_t one, uint32_t other)
{
  const double a = luminance(one);
  const double b = luminance(other);
  return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

static double lab_f(double t)
{
  return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab seen(uint32_t colour, const struct vision *vision)
{
  static const double to_xyz[3][3] = {
      {0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}};
  static const double white[3] = {0.95047, 1, 1.08883};
  double rgb[3];
  double f[3];
  double simulated[3];
  linear(colour, rgb);
  for (int i = 0; i < 3; i++) {
    double v = 0;
    for (int k = 0; k < 3; k++)
      v += vision->matrix[i][k] * rgb[k];
    simulated[i] = fmin(fmax(v, 0), 1);
  }
  for (int i = 0; i < 3; i++) {
    double v = 0;
    for (int k = 0; k < 3; k++)
      v += to_xyz[i][k] * simulated[k];
    f[i] = lab_f(v / white[i]);
  }
  return (struct lab){116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

static double degrees(double radians)
{
  return radians * 180 / PI;
}

static double cos_of(double angle)
{
  return cos(angle * PI / 180);
}

static double hue(double a, double b)
{
  return a == 0 && b == 0 ? 0 : fmod(degrees(atan2(b, a)) + 360, 360);
}

/* CIEDE2000, after Sharma, Wu and Dalal 2005. */
static double ciede2000(struct lab one, struct lab two)
{
  const double c7 = pow((hypot(one.a, one.b) + hypot(two.a, two.b)) / 2, 7);
  const double g = 0.5 * (1 - sqrt(c7 / (c7 + pow(25, 7))));
  const double c1 = hypot(one.a * (1 + g), one.b);
  const double c2 = hypot(two.a * (1 + g), two.b);
  const double h1 = hue(one.a * (1 + g), one.b);
  const double h2 = hue(two.a * (1 + g), two.b);
  double dh = h2 - h1;
  dh = c1 * c2 == 0 ? 0 : dh > 180 ? dh - 360 : dh < -180 ? dh + 360 : dh;
  double h = (h1 + h2) / 2;
  if (c1 * c2 == 0)
    h = h1 + h2;
  else if (fabs(h1 - h2) > 180)
    h += h1 + h2 < 360 ? 180 : -180;
  const double dl = two.l - one.l;
  const double dc = c2 - c1;
  const double dhue = 2 * sqrt(c1 * c2) * sin(dh / 2 * PI / 180);
  const double l = (one.l + two.l) / 2;
  const double c = (c1 + c2) / 2;
  const double t =
      1 - 0.17 * cos_of(h - 30) + 0.24 * cos_of(2 * h) + 0.32 * cos_of(3 * h + 6) - 0.2 * cos_of(4 * h - 63);
  const double sl = 1 + 0.015 * (l - 50) * (l - 50) / sqrt(20 + (l - 50) * (l - 50));
  const double sc = 1 + 0.045 * c;
  const double sh = 1 + 0.015 * c * t;
  const double turn = 30 * exp(-pow((h - 275) / 25, 2));
  const double rt = -2 * sqrt(pow(c, 7) / (pow(c, 7) + pow(25, 7))) * sin(2 * turn * PI / 180);
  return sqrt(pow(dl / sl, 2) + pow(dc / sc, 2) + pow(dhue / sh, 2) + rt * (dc / sc) * (dhue / sh));
}

/* Pairs 1, 9, 17 and 25 of the data that Sharma, Wu and Dalal give for those who write this formula down again. */
static void the_formula_is_right(void **state)
{
  (void)state;
  static const struct {
    struct lab one, two;
    double distance;
  } pairs[] = {
      {{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},
      {{50, -0.001, 2.49}, {50, 0.0009, -2.49}, 4.8045},
      {{50, 2.5, 0}, {73, 25, -18}, 27.1492},
      {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_true(fabs(ciede2000(pairs[i].one, pairs[i].two) - pairs[i].distance) < 1e-4);
}

static void channels_can_be_told_apart(void **state)
{
  (void)state;
  for (int i = 0; i < THEMES; i++)
    for (int v = 0; v < VISIONS; v++) {
      double least = 100;
      for (int a = 0; a < THEME_COLOURS; a++)
        for (int b = 0; b < a; b++)
          least = fmin(least,
                       ciede2000(seen(themes[i]->channel[a], &visions[v]), seen(themes[i]->channel[b], &visions[v])));
      printf("theme %d, %s: at least %.1f apart\n", i, visions[v].name, least);
      assert_true(least >= 8);
    }
}

static void everything_can_be_seen(void **state)
{
  (void)state;
  for (int i = 0; i < THEMES; i++) {
    const struct theme *t = themes[i];
    for (int c = 0; c < THEME_COLOURS; c++)
      assert_true(contrast(t->channel[c], t->plot) >= 3);
    assert_true(contrast(t->grid, t->plot) >= 1.45 && contrast(t->grid, t->plot) <= 2);
    assert_true(contrast(t->text, t->window) >= 7 && contrast(t->dim, t->window) >= 4.5);
    assert_true(contrast(t->text, t->panel) >= 7 && contrast(t->dim, t->panel) >= 4.5);
  }
}

/* Channels of one colour have other dashes, and each dash has gaps. */
static void dashes_differ(void **state)
{
  (void)state;
  assert_int_equal(theme_dash(0)[0], 0);
  for (int a = 0; a < CHANNELS_MAX; a++)
    for (int b = a % THEME_COLOURS; b < a; b += THEME_COLOURS) {
      int i = 0;
      while (theme_dash(a)[i] == theme_dash(b)[i] && theme_dash(a)[i])
        i++;
      assert_int_not_equal(theme_dash(a)[i], theme_dash(b)[i]);
    }
  for (int a = 0; a < CHANNELS_MAX; a++) {
    int n = 0;
    while (theme_dash(a)[n])
      n++;
    assert_true(n % 2 == 0 && n <= THEME_DASH_MAX);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_formula_is_right),
                                     cmocka_unit_test(channels_can_be_told_apart),
                                     cmocka_unit_test(everything_can_be_seen), cmocka_unit_test(dashes_differ)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
