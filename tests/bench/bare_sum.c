/*
 * The bare loops that scope's reading is measured against: reads numbers from standard input in blocks of 128 KiB and
 * prints count, least, largest and mean.
 *
 *   bare_sum digits    [-]digits[.digits], any other byte between; exact only up to 2^53 and 22 places
 *   bare_sum strtod    any number, through the C library
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 128 * 1024, TOKEN_MAX = 1024 };

struct sum {
  unsigned long long count;
  double min, max, total;
};

static void take(struct sum *s, double v)
{
  s->count++;
  s->total += v;
  s->min = v < s->min ? v : s->min;
  s->max = v > s->max ? v : s->max;
}

static void sum_digits(struct sum *s)
{
  static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  static char block[BLOCK];
  unsigned long long integer = 0;
  unsigned places = 0;
  unsigned point = 0;
  int negative = 0;
  int inside = 0;
  ssize_t n;
  while ((n = read(STDIN_FILENO, block, sizeof block)) > 0)
    for (const char *at = block; at < block + n; at++) {
      unsigned digit = (unsigned)*at - '0';
      if (digit < 10) {
        integer = integer * 10 + digit;
        places += point;
        inside = 1;
      } else if (*at == '.') {
        point = 1;
      } else if (*at == '-') {
        negative = 1;
      } else if (inside) {
        double v = (double)integer / power[places];
        take(s, negative ? -v : v);
        integer = 0;
        places = point = 0;
        negative = inside = 0;
      }
    }
}

static void sum_strtod(struct sum *s)
{
  static char block[BLOCK + TOKEN_MAX + 1];
  size_t kept = 0;
  ssize_t n;
  while ((n = read(STDIN_FILENO, block + kept, BLOCK)) > 0) {
    size_t length = kept + (size_t)n;
    size_t whole = length;
    while (whole > 0 && block[whole - 1] != '\n')
      whole--;
    char saved = block[whole];
    block[whole] = '\0';
    char *at = block;
    for (char *end;; at = end) {
      double v = strtod(at, &end);
      if (end == at)
        break;
      take(s, v);
    }
    block[whole] = saved;
    kept = length - whole < TOKEN_MAX ? length - whole : 0;
    memmove(block, block + whole, kept);
  }
}

int main(int argc, char **argv)
{
  struct sum s = {.min = INFINITY, .max = -INFINITY};
  if (argc == 2 && strcmp(argv[1], "digits") == 0)
    sum_digits(&s);
  else if (argc == 2 && strcmp(argv[1], "strtod") == 0)
    sum_strtod(&s);
  else {
    fputs("usage: bare_sum digits|strtod\n", stderr);
    return 2;
  }
  printf("%llu\t%.17g\t%.17g\t%.17g\n", s.count, s.min, s.max, s.total / (double)s.count);
  return 0;
}
