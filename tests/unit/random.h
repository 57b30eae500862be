/*
 * Random numbers for tests: the same sequence for the same seed, on every machine. xoshiro256** seeded by splitmix64
 * (Blackman and Vigna, public domain).
 *
 *   struct random random = random_seeded(1);
 *   size_t n = random_below(&random, 100);
 */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
  uint64_t state[4];
};

/* Scrambles x: the same x gives the same number, neighbouring ones give unrelated numbers. */
static inline uint64_t random_hash(uint64_t x)
{
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

static inline struct random random_seeded(uint64_t seed)
{
  struct random r;
  for (int i = 0; i < 4; i++)
    r.state[i] = random_hash(seed + (uint64_t)i * 0x9E3779B97F4A7C15U);
  return r;
}

static inline uint64_t random_rotated(uint64_t x, int k)
{
  return (x << k) | (x >> (64 - k));
}

static inline uint64_t random_u64(struct random *r)
{
  uint64_t *s = r->state;
  const uint64_t result = random_rotated(s[1] * 5, 7) * 9;
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = random_rotated(s[3], 45);
  return result;
}

/* 0 to n - 1; n > 0. The bias of the remainder is of no account for the small n of tests. */
static inline uint64_t random_below(struct random *r, uint64_t n)
{
  return random_u64(r) % n;
}

/* low to high, both included; high - low fits an int64_t. */
static inline int64_t random_between(struct random *r, int64_t low, int64_t high)
{
  return low + (int64_t)random_below(r, (uint64_t)(high - low) + 1);
}

/* 0 <= x < 1. */
static inline double random_unit(struct random *r)
{
  return (double)(random_u64(r) >> 11) * 0x1p-53;
}

/* True once in n times. */
static inline bool random_once_in(struct random *r, uint64_t n)
{
  return random_below(r, n) == 0;
}

#endif
