/* Labels of numbers, read back as what they say. For the tests of ticks and figures. */
#ifndef TESTS_LABELS_H
#define TESTS_LABELS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"

#define MINUS "\xE2\x88\x92"
#define MICRO "\xC2\xB5"

/* The number that a label stands for. */
static inline double read_back(const char *text)
{
  static const struct {
    const char *prefix;
    double scale;
  } prefixes[] = {
      {"", 1},      {"k", 1e3},   {"M", 1e6},   {"G", 1e9},   {"T", 1e12},  {"P", 1e15},   {"E", 1e18},
      {"Z", 1e21},  {"Y", 1e24},  {"R", 1e27},  {"Q", 1e30},  {"m", 1e-3},  {MICRO, 1e-6}, {"n", 1e-9},
      {"p", 1e-12}, {"f", 1e-15}, {"a", 1e-18}, {"z", 1e-21}, {"y", 1e-24}, {"r", 1e-27},  {"q", 1e-30},
  };
  const double sign = strncmp(text, MINUS, strlen(MINUS)) == 0 ? -1 : 1;
  char *end;
  const double number = strtod(sign < 0 ? text + strlen(MINUS) : text, &end);
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (strcmp(end, prefixes[i].prefix) == 0)
      return sign * number * prefixes[i].scale;
  fail_msg("'%s' ends in no known prefix", text);
  return 0;
}

static inline double random_magnitude(struct random *r, int least, int most)
{
  return (random_unit(r) * 9 + 1) * pow(10, (double)random_between(r, least, most)) * (random_once_in(r, 2) ? -1 : 1);
}

#endif
