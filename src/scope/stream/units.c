#include "scope/stream/units.h"

#include <string.h>

/* What a unit's name takes in front of it and behind it. */
enum {
  TAKES_SI = 1,     /* a prefix from p to P */
  TAKES_BINARY = 2, /* Ki, Mi, Gi, Ti, Pi */
  TAKES_RATE = 4,   /* /s, /sec, /min, /h behind it */
};

struct unit {
  const char *name;
  int takes;
};

static const struct unit units[] = {
    {"s", TAKES_SI},
    {"sec", TAKES_SI},
    {"secs", 0},
    {"second", 0},
    {"seconds", 0},
    {"min", 0},
    {"mins", 0},
    {"minutes", 0},
    {"h", 0},
    {"hr", 0},
    {"hrs", 0},
    {"hours", 0},
    {"d", 0},
    {"days", 0},
    {"B", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"byte", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"bytes", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"Byte", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"Bytes", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"Bps", TAKES_SI | TAKES_BINARY},
    {"b", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"bit", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"bits", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"Bit", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"Bits", TAKES_SI | TAKES_BINARY | TAKES_RATE},
    {"bps", TAKES_SI | TAKES_BINARY},
    {"", TAKES_BINARY | TAKES_RATE}, /* Gi, Mi/s: bytes are meant */
    {"V", TAKES_SI},
    {"Vpp", TAKES_SI},
    {"Vrms", TAKES_SI},
    {"A", TAKES_SI},
    {"Ah", TAKES_SI},
    {"W", TAKES_SI},
    {"Wh", TAKES_SI},
    {"VA", TAKES_SI},
    {"var", TAKES_SI},
    {"J", TAKES_SI},
    {"F", TAKES_SI},
    {"H", TAKES_SI},
    {"S", TAKES_SI},
    {"T", 0},
    {"G", 0},
    {"eV", TAKES_SI},
    {"dB", 0},
    {"dBm", 0},
    {"dBi", 0},
    {"dBV", 0},
    {"Ohm", TAKES_SI},
    {"ohm", TAKES_SI},
    {"Ohms", TAKES_SI},
    {"ohms", TAKES_SI},
    {"\xCE\xA9", TAKES_SI},     /* Greek omega */
    {"\xE2\x84\xA6", TAKES_SI}, /* the ohm sign */
    {"C", 0},
    {"K", 0},
    {"degC", 0},
    {"degF", 0},
    {"deg", 0},
    {"\xC2\xB0", 0}, /* the degree sign */
    {"\xC2\xB0"
     "C",
     0},
    {"\xC2\xB0"
     "F",
     0},
    {"\xB0", 0}, /* the same in Latin-1 */
    {"\xB0"
     "C",
     0},
    {"\xB0"
     "F",
     0},
    {"\xE2\x84\x83", 0}, /* degree Celsius, one character */
    {"\xE2\x84\x89", 0}, /* degree Fahrenheit */
    {"'C", 0},           /* the degrees of those who have no sign for them */
    {"'F", 0},
    {"rad", TAKES_SI},
    {"g", TAKES_SI | TAKES_RATE},
    {"t", 0},
    {"lb", 0},
    {"lbs", 0},
    {"oz", 0},
    {"m", TAKES_SI | TAKES_RATE},
    {"in", 0},
    {"ft", TAKES_RATE},
    {"mi", 0},
    {"mph", 0},
    {"kmh", 0},
    {"kph", 0},
    {"m/s^2", 0},
    {"m/s2", 0},
    {"m/s\xC2\xB2", 0},
    {"Pa", TAKES_SI},
    {"bar", TAKES_SI},
    {"psi", 0},
    {"mmHg", 0},
    {"inHg", 0},
    {"atm", 0},
    {"N", TAKES_SI},
    {"Nm", TAKES_SI},
    {"Hz", TAKES_SI},
    {"hz", 0}, /* as tools write it that do not mean SI: no prefix is taken off it */
    {"khz", 0},
    {"Khz", 0},
    {"KHz", 0},
    {"Mhz", 0},
    {"Ghz", 0},
    {"ghz", 0},
    {"rpm", 0},
    {"RPM", 0},
    {"%", 0},
    {"%RH", 0},
    {"ppm", 0},
    {"ppb", 0},
    {"lx", TAKES_SI},
    {"lux", 0},
    {"lm", 0},
    {"cd", 0},
    {"L", TAKES_SI | TAKES_RATE},
    {"l", TAKES_SI | TAKES_RATE},
    {"mol", TAKES_SI},
    {"cal", TAKES_SI},
    {"fps", 0},
    {"FPS", 0},
    {"\xC2\xB5g/m\xC2\xB3", 0},
    {"ug/m3", 0},
};

struct prefix {
  const char *name;
  double times, by; /* one of them is 1, so that scaling rounds once */
  int takes;
};

static const struct prefix prefixes[] = {
    {"", 1, 1, TAKES_SI | TAKES_BINARY},
    {"p", 1, 1e12, TAKES_SI},
    {"n", 1, 1e9, TAKES_SI},
    {"u", 1, 1e6, TAKES_SI},
    {"\xC2\xB5", 1, 1e6, TAKES_SI}, /* micro sign */
    {"\xCE\xBC", 1, 1e6, TAKES_SI}, /* Greek mu */
    {"\xB5", 1, 1e6, TAKES_SI},     /* micro sign in Latin-1 */
    {"m", 1, 1e3, TAKES_SI},
    {"c", 1, 1e2, TAKES_SI},
    {"d", 1, 1e1, TAKES_SI},
    {"h", 1e2, 1, TAKES_SI},
    {"k", 1e3, 1, TAKES_SI},
    {"K", 1e3, 1, TAKES_SI}, /* only before bytes and bits, see split */
    {"M", 1e6, 1, TAKES_SI},
    {"G", 1e9, 1, TAKES_SI},
    {"T", 1e12, 1, TAKES_SI},
    {"P", 1e15, 1, TAKES_SI},
    {"Ki", 1024, 1, TAKES_BINARY},
    {"ki", 1024, 1, TAKES_BINARY},
    {"Mi", 1048576, 1, TAKES_BINARY},
    {"Gi", 1073741824, 1, TAKES_BINARY},
    {"Ti", 1099511627776, 1, TAKES_BINARY},
    {"Pi", 1125899906842624, 1, TAKES_BINARY},
};

static const char *const rates[] = {"/s", "/sec", "/min", "/h"};

enum { COUNT_UNITS = sizeof units / sizeof units[0], COUNT_PREFIXES = sizeof prefixes / sizeof prefixes[0] };

static const struct unit *find_unit(const char *text, size_t length)
{
  const char first = length > 0 ? text[0] : '\0';
  for (size_t i = 0; i < COUNT_UNITS; i++)
    if (units[i].name[0] == first && strlen(units[i].name) == length && memcmp(units[i].name, text, length) == 0)
      return &units[i];
  return NULL;
}

/* How long text is without a rate behind it. */
static size_t strip_rate(const char *text, size_t length)
{
  for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
    size_t size = strlen(rates[i]);
    if (length > size && memcmp(text + length - size, rates[i], size) == 0)
      return length - size;
  }
  return length;
}

/* Whether prefix k stands before a unit that takes it. *base is then where the unit begins. */
static bool split(const char *text, size_t length, size_t k, size_t *base)
{
  size_t size = strlen(prefixes[k].name);
  if (size > length || memcmp(text, prefixes[k].name, size) != 0)
    return false;
  size_t bare = strip_rate(text, length);
  if (bare < size)
    return false;
  const struct unit *unit = find_unit(text + size, bare - size);
  if (!unit || (bare < length && !(unit->takes & TAKES_RATE)))
    return false;
  *base = size;
  if (size == 0)
    return length > 0 && unit->name[0] != '\0';
  if (strcmp(prefixes[k].name, "K") == 0 && !(unit->takes & TAKES_BINARY))
    return false; /* KV is no kilovolt that anybody writes, and K alone is kelvin */
  return (unit->takes & prefixes[k].takes) != 0 &&
         !(size > 0 && unit->name[0] == '\0' && prefixes[k].takes == TAKES_SI);
}

bool unit_known(const char *text, size_t length)
{
  enum { LONGEST = 16 };
  size_t base;
  if (length == 0 || length > LONGEST || (text[0] >= '0' && text[0] <= '9'))
    return false;
  for (size_t k = 0; k < COUNT_PREFIXES; k++)
    if (split(text, length, k, &base))
      return true;
  return false;
}

static bool is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool unit_shaped(const char *text, size_t length)
{
  if (length == 0)
    return false;
  if (length == 2 && text[0] == '\'' && (text[1] == 'C' || text[1] == 'F'))
    return true;
  if (!is_letter(text[0]) && text[0] != '%' && (unsigned char)text[0] < 0x80)
    return false;
  for (size_t i = 0; i < length; i++) {
    if (text[i] == ' ' || text[i] == '\t')
      return false;
    if (text[i] >= '0' && text[i] <= '9' && (i + 1 < length || (text[i] != '2' && text[i] != '3')))
      return false;
  }
  return true;
}

bool unit_ratio(const char *first, size_t first_length, const char *other, size_t other_length, double *times,
                double *by)
{
  *times = 1;
  *by = 1;
  if (first_length == other_length && memcmp(first, other, first_length) == 0)
    return true;
  for (size_t i = 0; i < COUNT_PREFIXES; i++) {
    size_t base;
    if (!split(first, first_length, i, &base))
      continue;
    for (size_t k = 0; k < COUNT_PREFIXES; k++) {
      size_t start;
      if (!split(other, other_length, k, &start) || first_length - base != other_length - start ||
          memcmp(first + base, other + start, first_length - base) != 0)
        continue;
      *times = prefixes[k].times * prefixes[i].by;
      *by = prefixes[k].by * prefixes[i].times;
      if (*times >= *by) {
        *times /= *by;
        *by = 1;
      } else {
        *by /= *times;
        *times = 1;
      }
      return true;
    }
  }
  return false;
}

/* The power of ten, as far as it is one of a thousand. */
static int thousands_in(double factor)
{
  int exponent = 0;
  while (factor >= 1000) {
    factor /= 1000;
    exponent += 3;
  }
  return exponent;
}

bool unit_takes_si(const char *text, size_t length, size_t *prefix, int *exponent)
{
  const size_t bare = strip_rate(text, length);
  const bool hourly = bare < length && (text[length - 1] == 'h' || text[length - 1] == 'n');
  if (hourly)
    return false;
  for (size_t k = 0; k < COUNT_PREFIXES; k++) {
    if (!split(text, length, k, prefix))
      continue;
    const struct unit *unit = find_unit(text + *prefix, bare - *prefix);
    *exponent = thousands_in(prefixes[k].times) - thousands_in(prefixes[k].by);
    const bool thousands = *exponent != 0 || *prefix == 0; /* c, d and h are none */
    return thousands && (prefixes[k].takes & TAKES_SI) && unit->name[0] && (unit->takes & TAKES_SI);
  }
  return false;
}

int unit_multiplier(const char *text, size_t length)
{
  if (length != 1)
    return 0;
  switch (text[0]) {
  case 'k':
    return 3;
  case 'M':
    return 6;
  case 'G':
    return 9;
  case 'T':
    return 12;
  case 'P':
    return 15;
  default:
    return 0;
  }
}
