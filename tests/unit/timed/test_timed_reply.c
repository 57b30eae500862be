/* What a client is told: the octets of known seconds, time zones, and which formats are taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "timed/reply.h"

/* Sunday, 22 November 2026, 09:08:07 UTC; the first has a day of one digit: Tuesday, 3 February 2026, 04:05:06. */
static const time_t SUNDAY = 1795338487;
static const time_t THIRD = 1770091506;

static const char central_europe[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static int start_in_utc(void **state)
{
  (void)state;
  return setenv("TZ", "UTC0", 1);
}

static void assert_text(const struct reply *reply, const char *expected)
{
  if (reply->length != strlen(expected) || memcmp(reply->text, expected, reply->length) != 0)
    fail_msg("'%.*s', not '%s'", (int)reply->length, reply->text, expected);
}

static void assert_made(struct reply_form form, time_t second, const char *expected)
{
  struct reply reply;
  reply_init(&reply, &form);
  assert_int_equal(reply.length, 0);
  reply_make(&reply, second);
  assert_true(reply.second == second);
  assert_text(&reply, expected);
}

static void plain(void **state)
{
  (void)state;
  assert_made((struct reply_form){REPLY_PLAIN, NULL, false}, SUNDAY, "\n\nCurrent time: Sun Nov 22 09:08:07 2026\n\n");
  assert_made((struct reply_form){REPLY_PLAIN, NULL, false}, THIRD, "\n\nCurrent time: Tue Feb  3 04:05:06 2026\n\n");
  assert_made((struct reply_form){REPLY_PLAIN, NULL, false}, 0, "\n\nCurrent time: Thu Jan  1 00:00:00 1970\n\n");
  assert_made((struct reply_form){REPLY_PLAIN, "%H", false}, SUNDAY, "\n\nCurrent time: 09\n\n");
}

static void daytime(void **state)
{
  (void)state;
  assert_made((struct reply_form){REPLY_DAYTIME, NULL, false}, SUNDAY, "Sun Nov 22 09:08:07 2026\r\n");
  assert_made((struct reply_form){REPLY_DAYTIME, NULL, false}, THIRD, "Tue Feb  3 04:05:06 2026\r\n");
  assert_made((struct reply_form){REPLY_DAYTIME, "%A, %B %d, %Y %H:%M:%S-%Z", false}, SUNDAY,
              "Sunday, November 22, 2026 09:08:07-UTC\r\n");
}

/* The default form is that of asctime, spelled out here as the C standard does, for each day of two years. */
static void as_asctime_has_it(void **state)
{
  (void)state;
  static const char days[] = "SunMonTueWedThuFriSat";
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (time_t second = THIRD; second < THIRD + (time_t)731 * 86400; second += 86400 + 61) {
    struct tm parts;
    char expected[128];
    assert_non_null(gmtime_r(&second, &parts));
    snprintf(expected, sizeof expected, "%.3s %.3s%3d %.2d:%.2d:%.2d %d\r\n", days + (size_t)parts.tm_wday * 3,
             months + (size_t)parts.tm_mon * 3, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
             1900 + parts.tm_year);
    assert_made((struct reply_form){REPLY_DAYTIME, NULL, false}, second, expected);
  }
}

static void assert_octets(time_t second, int64_t expected)
{
  struct reply reply;
  reply_init(&reply, &(struct reply_form){.protocol = REPLY_TIME});
  reply_make(&reply, second);
  assert_int_equal(reply.length, 4);
  const uint32_t count = (uint32_t)expected;
  const uint8_t octets[4] = {(uint8_t)(count >> 24), (uint8_t)(count >> 16), (uint8_t)(count >> 8), (uint8_t)count};
  assert_memory_equal(reply.text, octets, sizeof octets);
}

static void octets_of_rfc_868(void **state)
{
  (void)state;
  /* The five examples of the RFC. */
  assert_octets(0, 2208988800);
  assert_octets(189302400, 2398291200);
  assert_octets(315532800, 2524521600);
  assert_octets(420595200, 2629584000);
  assert_octets(-3506716800, -1297728000);
  /* It begins with 1900, and again on 7 February 2036, 06:28:16. */
  assert_octets(-2208988800, 0);
  assert_octets(-2208988799, 1);
  assert_octets(2085978495, 4294967295);
  assert_octets(2085978496, 0);
  assert_octets(2085978497, 1);
  assert_octets(SUNDAY, SUNDAY + 2208988800);
}

/* RFC 868 counts in UTC wherever the server is. */
static void octets_have_no_zone(void **state)
{
  (void)state;
  setenv("TZ", "EST-14", 1);
  assert_octets(SUNDAY, SUNDAY + 2208988800);
}

static void zones(void **state)
{
  (void)state;
  const struct reply_form form = {REPLY_DAYTIME, "%F %T %Z %z %s", false};
  struct reply reply;

  setenv("TZ", central_europe, 1);
  reply_init(&reply, &form);
  reply_make(&reply, SUNDAY);
  assert_text(&reply, "2026-11-22 10:08:07 CET +0100 1795338487\r\n");

  /* A change takes effect with the next second. */
  setenv("TZ", "EST5", 1);
  reply_make(&reply, SUNDAY + 1);
  assert_text(&reply, "2026-11-22 04:08:08 EST -0500 1795338488\r\n");

  /* The hour that comes twice: 25 October 2026, 00:30 and 01:30 UTC. */
  setenv("TZ", central_europe, 1);
  reply_make(&reply, 1792888200);
  assert_text(&reply, "2026-10-25 02:30:00 CEST +0200 1792888200\r\n");
  reply_make(&reply, 1792888200 + 3600);
  assert_text(&reply, "2026-10-25 02:30:00 CET +0100 1792891800\r\n");
}

static void utc_is_utc(void **state)
{
  (void)state;
  setenv("TZ", central_europe, 1);
  assert_made((struct reply_form){REPLY_DAYTIME, NULL, false}, SUNDAY, "Sun Nov 22 10:08:07 2026\r\n");
  assert_made((struct reply_form){REPLY_DAYTIME, NULL, true}, SUNDAY, "Sun Nov 22 09:08:07 2026\r\n");
  setenv("TZ", central_europe, 1);
  assert_made((struct reply_form){REPLY_DAYTIME, "%s %z %Z", true}, SUNDAY, "1795338487 +0000 UTC\r\n");
}

static void update_follows_the_clock(void **state)
{
  (void)state;
  struct reply reply;
  reply_init(&reply, &(struct reply_form){REPLY_DAYTIME, "%s", false});
  struct timespec before;
  struct timespec after;
  char expected[32];

  clock_gettime(CLOCK_REALTIME, &before);
  reply_update(&reply);
  clock_gettime(CLOCK_REALTIME, &after);
  assert_in_range(reply.second, before.tv_sec, after.tv_sec);
  snprintf(expected, sizeof expected, "%lld\r\n", (long long)reply.second);
  assert_text(&reply, expected);

  /* Another second than now, either way: made anew. */
  for (int offset = -3600; offset <= 3600; offset += 7200) {
    reply_make(&reply, before.tv_sec + offset);
    reply_update(&reply);
    clock_gettime(CLOCK_REALTIME, &after);
    assert_in_range(reply.second, before.tv_sec, after.tv_sec);
    snprintf(expected, sizeof expected, "%lld\r\n", (long long)reply.second);
    assert_text(&reply, expected);
  }
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static size_t strftime_of(char *text, size_t size, const char *format)
{
  struct tm parts;
  gmtime_r(&SUNDAY, &parts);
  return strftime(text, size, format, &parts);
}
#pragma GCC diagnostic pop

/*
 * Each byte as a conversion, alone and after E and O: what is taken means something to strftime, which copies what it
 * does not know. Of those alone, nothing that it knows is refused.
 */
static void conversions_are_those_of_strftime(void **state)
{
  (void)state;
  static const char *const modifiers[] = {"", "E", "O"};
  for (size_t m = 0; m < 3; m++)
    for (int byte = 1; byte < 256; byte++) {
      char format[8];
      char made[128];
      if (strchr("_-0^#+123456789EO", byte))
        continue; /* not conversions */
      const int length = snprintf(format, sizeof format, "%%%s%c", modifiers[m], byte);
      const char *unknown = reply_format_unknown(format);
      const size_t made_length = strftime_of(made, sizeof made, format);
      const bool copied = made_length == (size_t)length && memcmp(made, format, made_length) == 0;
      if (!unknown && copied)
        fail_msg("'%s' was taken", format);
      if (unknown && m == 0 && !copied)
        fail_msg("'%s' was refused", format);
      if (unknown)
        assert_ptr_equal(unknown, format);
    }
}

static void unknown_conversions_are_found(void **state)
{
  (void)state;
  static const struct {
    const char *format;
    int place; /* -1: all are known */
  } table[] = {
      {"", -1},          {"text", -1},       {"%%", -1},   {"%%Q", -1},     {"100%%", -1},   {"%Ey%Od%Ec", -1},
      {"%-d %_d", -1},   {"%^a%#Z", -1},     {"%10Y", -1}, {"%-10Ey", -1},  {"%0_^#+Y", -1}, {"%T%F%D%R%r", -1},
      {"%k%l%P%s", -1},  {"%a%A%b%B%h", -1}, {"%Q", 0},    {"%", 0},        {"a%", 1},       {"%d%", 2},
      {"%%%", 2},        {"%d %f", 3},       {"%E", 0},    {"%O", 0},       {"%Ed", 0},      {"%Oc", 0},
      {"%EOy", 0},       {"%5", 0},          {"%-", 0},    {"%H:%M:%L", 6}, {"% d", 0},      {"%.3S", 0},
      {"%Y-%m-%q%Q", 6}, {"%N", 0},          {"%\n", 0},   {"%E%", 0},      {"%v", 0},       {"%i", 0},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    const char *expected = table[i].place < 0 ? NULL : table[i].format + table[i].place;
    if (reply_format_unknown(table[i].format) != expected)
      fail_msg("'%s'", table[i].format);
  }
}

static void lengths(void **state)
{
  (void)state;
  char format[2 * REPLY_FORMAT_MAX];
  char expected[2 * REPLY_MAX];

  assert_false(reply_format_fits(""));
  assert_true(reply_format_fits(" "));
  assert_true(reply_format_fits("%512d"));
  assert_false(reply_format_fits("%513d"));
  assert_false(reply_format_fits("%99999999d"));
  memset(format, 'x', sizeof format);
  for (size_t length = REPLY_FORMAT_MAX - 3; length <= REPLY_FORMAT_MAX + 3; length++) {
    format[length] = '\0';
    assert_int_equal(reply_format_fits(format), length <= REPLY_FORMAT_MAX);
    format[length] = 'x';
  }

  /* A short format with a long outcome. */
  for (size_t i = 0; i < 52; i++)
    memcpy(format + 2 * i, "%F", 3);
  assert_false(reply_format_fits(format));
  format[102] = '\0';
  assert_true(reply_format_fits(format));

  /* What fits in May may not in September. */
  for (size_t i = 0; i < 170; i++)
    memcpy(format + 2 * i, "%B", 3);
  assert_false(reply_format_fits(format));
  format[128] = '\0';
  assert_false(reply_format_fits(format)); /* it would in January */
  format[112] = '\0';                      /* 56 of "September" are 504 */
  assert_true(reply_format_fits(format));
  memset(format, 'x', sizeof format);

  /* The longest that is taken comes out whole, in a sentence, too. */
  memset(format, 'x', REPLY_FORMAT_MAX);
  format[REPLY_FORMAT_MAX] = '\0';
  snprintf(expected, sizeof expected, "\n\nCurrent time: %s\n\n", format);
  assert_made((struct reply_form){REPLY_PLAIN, format, false}, SUNDAY, expected);
  snprintf(expected, sizeof expected, "%s\r\n", format);
  assert_made((struct reply_form){REPLY_DAYTIME, format, false}, SUNDAY, expected);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(plain, start_in_utc),
      cmocka_unit_test_setup(daytime, start_in_utc),
      cmocka_unit_test_setup(as_asctime_has_it, start_in_utc),
      cmocka_unit_test_setup(octets_of_rfc_868, start_in_utc),
      cmocka_unit_test_setup(octets_have_no_zone, start_in_utc),
      cmocka_unit_test_setup(zones, start_in_utc),
      cmocka_unit_test_setup(utc_is_utc, start_in_utc),
      cmocka_unit_test_setup(update_follows_the_clock, start_in_utc),
      cmocka_unit_test(conversions_are_those_of_strftime),
      cmocka_unit_test(unknown_conversions_are_found),
      cmocka_unit_test(lengths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
