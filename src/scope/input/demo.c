#include "scope/input/demo.h"

#include <math.h>

const char *const demo_name[DEMO_CHANNELS] = {"sine", "ringing", "noise"};

/* A hash of n in [0, 1) (the finalizer of splitmix64: Steele, Lea, Flood, OOPSLA 2014). */
static double hash(uint64_t n)
{
  uint64_t z = (n + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Hash noise interpolated by half cosines: smooth, never repeating. */
static double smooth_noise(double t)
{
  double floor_t = floor(t);
  uint64_t n = (uint64_t)floor_t;
  double f = (1 - cos((t - floor_t) * 3.14159265358979323846)) / 2;
  return hash(n) * (1 - f) + hash(n + 1) * f;
}

double demo_value(int channel, uint64_t n)
{
  const double turn = 2 * 3.14159265358979323846;
  double t = (double)n / DEMO_RATE_HZ;
  switch (channel) {
  case 0:
    return 6 * sin(turn * 0.4 * t);
  case 1: {
    /* A damped oscillation, struck anew every 2.5 seconds. */
    double since = fmod(t, 2.5);
    return 8 * exp(-2.2 * since) * sin(turn * 3 * since);
  }
  default:
    return -6 + 2 * (smooth_noise(t * 2) - 0.5) + 1.2 * (smooth_noise(t * 9 + 1000) - 0.5) + 0.5 * (hash(n) - 0.5);
  }
}
