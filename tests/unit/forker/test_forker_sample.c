/* What --sample asks for, the lines it makes, and the last number in what a command prints, whatever pieces it comes in. */
#include <fcntl.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "forker/sample.h"
#include "random.h"
#include "scale.h"

static void lists(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    size_t count;
    enum sample_kind kinds[SAMPLE_KINDS];
  } good[] = {
      {"out", 1, {SAMPLE_OUT}},
      {"wall", 1, {SAMPLE_WALL}},
      {"user,sys", 2, {SAMPLE_USER, SAMPLE_SYS}},
      {"sys,user", 2, {SAMPLE_SYS, SAMPLE_USER}},
      {"spawn,maxrss,sys,user,wall,out",
       6,
       {SAMPLE_SPAWN, SAMPLE_MAXRSS, SAMPLE_SYS, SAMPLE_USER, SAMPLE_WALL, SAMPLE_OUT}},
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    struct sample_list list;
    assert_null(sample_parse(good[i].text, &list));
    assert_int_equal(list.count, good[i].count);
    assert_memory_equal(list.kinds, good[i].kinds, good[i].count * sizeof *list.kinds);
    for (int kind = 0; kind < SAMPLE_KINDS; kind++) {
      bool has = false;
      for (size_t k = 0; k < good[i].count; k++)
        has |= good[i].kinds[k] == (enum sample_kind)kind;
      assert_true(sample_has(&list, (enum sample_kind)kind) == has);
    }
  }
}

static void bad_lists(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    size_t place; /* of the word that is wrong */
  } bad[] = {
      {"", 0},
      {",", 0},
      {"wall,", 5},
      {",wall", 0},
      {"wall,,user", 5},
      {"Wall", 0},
      {"wal", 0},
      {"walls", 0},
      {"wall user", 0},
      {"wall, user", 5},
      {" wall", 0},
      {"wall,wall", 5},
      {"out,wall,out", 9},
      {"wall;user", 0},
      {"user,sys,spawn,cpu", 15},
      {"out,wall,user,sys,maxrss,spawn,out", 31},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct sample_list list;
    const char *wrong = sample_parse(bad[i].text, &list);
    if (wrong != bad[i].text + bad[i].place)
      fail_msg("'%s': %s", bad[i].text, wrong ? wrong : "accepted");
  }
}

static const char *line_of(const char *kinds, const struct sample_values *values)
{
  static char text[SAMPLE_LINE + 1];
  struct sample_list list;
  assert_null(sample_parse(kinds, &list));
  const size_t length = sample_line(&list, values, text);
  assert_in_range(length, 1, SAMPLE_LINE);
  text[length] = '\0';
  assert_int_equal(text[length - 1], '\n');
  assert_int_equal(strcspn(text, "\n"), length - 1);
  return text;
}

static void lines(void **state)
{
  (void)state;
  struct sample_values values = sample_nothing();
  for (int kind = 0; kind < SAMPLE_KINDS; kind++)
    assert_true(isnan(values.of[kind]));
  assert_string_equal(line_of("out,wall,user,sys,maxrss,spawn", &values),
                      "out:nan wall:nan user:nan sys:nan maxrss:nan spawn:nan\n");
  values.of[SAMPLE_WALL] = 3.1415926;
  values.of[SAMPLE_USER] = 0;
  values.of[SAMPLE_SYS] = 12345678.9;
  values.of[SAMPLE_MAXRSS] = 1.5;
  values.of[SAMPLE_SPAWN] = 0.0006;
  assert_string_equal(line_of("wall", &values), "wall:3.142\n");
  assert_string_equal(line_of("user,wall", &values), "user:0.000 wall:3.142\n");
  assert_string_equal(line_of("spawn,out,maxrss,sys", &values), "spawn:0.001 out:nan maxrss:1.500 sys:12345678.900\n");

  /* The longest that can be. */
  values.of[SAMPLE_OUT] = -DBL_MIN;
  for (int kind = SAMPLE_WALL; kind < SAMPLE_KINDS; kind++)
    values.of[kind] = 9.3e15;
  assert_non_null(strstr(line_of("out,wall,user,sys,maxrss,spawn", &values), "spawn:9300000000000000.000\n"));
}

static void out_is_exact(void **state)
{
  (void)state;
  static const struct {
    double value;
    const char *text;
  } cases[] = {{0.1, "out:0.1\n"},      {100, "out:100\n"}, {-2.5, "out:-2.5\n"},
               {1e300, "out:1e+300\n"}, {0, "out:0\n"},     {0.1 + 0.2, "out:0.30000000000000004\n"}};
  struct sample_values values = sample_nothing();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    values.of[SAMPLE_OUT] = cases[i].value;
    assert_string_equal(line_of("out", &values), cases[i].text);
  }
  struct random random = random_seeded(1);
  for (int i = 0; i < 20000; i++) {
    const uint64_t bits = random_u64(&random);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value))
      continue;
    values.of[SAMPLE_OUT] = value;
    const double back = strtod(line_of("out", &values) + 4, NULL);
    assert_memory_equal(&back, &value, sizeof value);
  }
}

static const struct {
  const char *text;
  double value; /* NAN: no number */
} outputs[] = {
    {"", NAN},
    {"no number here\n", NAN},
    {"42", 42},
    {"42\n", 42},
    {"1 2 3\n4 five\n", 4},
    /* uptime; cat /proc/loadavg; nproc; df; free; ping; sensors; wc; vmstat; iostat; time; dd; /proc/stat */
    {" 09:08:00 up 3 days,  1:02,  2 users,  load average: 0.52, 0.58, 0.59\n", 0.59},
    {"0.52 0.58 0.59 1/467 12345\n", 12345},
    {"0.52 0.58 0.59 1/467\n", 0.59},
    {"/dev/sda1        41152812 9872412  31263400      24% /\n", 24},
    {"tmpfs           1.6G     0  1.6G   0% /run/user/1000\n", 0},
    {"Swap:       2097148           0     2097148\n", 2097148},
    {"Mem:           15Gi       3.2Gi       8.1Gi\n", 8.1},
    {"64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.045 ms\n", 0.045},
    {"64 bytes from ::1: icmp_seq=1 ttl=64 time=0.045ms\n", 0.045},
    {"rtt min/avg/max/mdev = 0.045/0.045/0.045/0.000 ms\n", NAN},
    {"temp1:        +45.5\xC2\xB0"
     "C\n",
     45.5},
    {"Core 0:  +45.0\xC2\xB0"
     "C  (high = +80.0\xC2\xB0"
     "C, crit = +100.0\xC2\xB0"
     "C)\n",
     100},
    {"fan1: 1200 RPM  (min =    0 RPM)\n", 0},
    {"  10  20 300 /etc/passwd\n", 300},
    {" 1  0      0 812345  12345 456789    0    0    10    20  100  200  1  2 97  0\n", 0},
    {"104857600 bytes (105 MB, 100 MiB) copied, 0.0451 s, 2.3 GB/s\n", 2.3},
    {"real\t0m0.003s\n", NAN},
    {"throughput=12.5MB/s\n", 12.5},
    {"voltage:3.3V\n", 3.3},
    /* dates, times, addresses, versions, fractions: words, not numbers */
    {"2026-11-22T09:08:00Z\n", NAN},
    {"12:30:01\n", NAN},
    {"12:30\n", NAN},
    {"7 12:30:01\n", 7},
    {"Sun Nov 22 09:08:00 UTC 2026\n", 2026},
    {"10.0.0.1\n", NAN},
    {"10.0.0.1:80\n", NAN},
    {"192.168.1.0/24\n", NAN},
    {"2001:db8::1\n", NAN},
    {"version 1.2.3\n", NAN},
    {"v2\n", NAN},
    {"1/467\n", NAN},
    {"1_000\n", NAN},
    {"3-4\n", NAN},
    {"--5\n", NAN},
    /* JSON, CSV, brackets, quotes */
    {"{\"a\": 1.5, \"b\": -2.25}\n", -2.25},
    {"{\"list\": [1, 2, 3], \"name\": \"x\"}\n", 3},
    {"{\"a\":1.5,\"b\":-2.25}\n", -2.25},
    {"{\"value\":\"7\"}\n", 7},
    {"a,b;c\n1,2;3\n", 3},
    {"<value>21.5</value>\n", 21.5},
    {"<value> 21.5 </value>\n", 21.5},
    {"'5' \"6\" (7)\n", 7},
    {"| cell | 8 |\n", 8},
    /* forms of numbers */
    {"0x1F\n", 31},
    {"0x1p4\n", 16},
    {"1e3\n", 1000},
    {"1E-3\n", 0.001},
    {".5\n", 0.5},
    {"It took 5.\n", 5},
    {"It took 3.5.\n", 3.5},
    {"1e999\n", NAN},
    {"nan inf -inf NaN infinity\n", NAN},
    {"2 nan\n", 2},
    {"0b101\n", NAN},
    {"4f2a9c\n", NAN},
    /* labels and units */
    {"load=0.5\n", 0.5},
    {"load:0.5\n", 0.5},
    {"load = 0.5\n", 0.5},
    {"_x:1\n", 1},
    {"--level=3\n", 3},
    {"load=\n", NAN},
    {"12.3ms\n", 12.3},
    {"45%\n", 45},
    {"21.5\xC2\xB0"
     "C\n",
     21.5},
    {"3\xC2\xB5s\n", 3},
    {"3\xCE\xBCs\n", 3},
    {"9m2\n", 9},
    {"9m3\n", 9},
    {"9m4\n", NAN},
    {"9m22\n", NAN},
    {"9!\n", NAN},
    {"9\xE2\x84\xA6\n", 9}, /* ohm */
    {"1.5k\n", 1500},
    {"7\xE2\x88\x92\n\xE2\x88\x92"
     "5\n",
     -5},
    /* sequences for a terminal */
    {"\033[32m42\033[0m\n", 42},
    {"\033[1;31m-3.5\033[0;39;49m ms\n", -3.5},
    {"12\033[5C34\n", 34},
    {"\033]0;title 5\a7\n", 7},
    {"7 \033[31\n", 7},
    /* blanks of all kinds */
    {"1\t2\v3\f4\r\n", 4},
    {"1 2\r", 2},
};

static void check(const char *what, double value, double expected)
{
  const bool same = isnan(expected) ? isnan(value) : value >= expected && value <= expected;
  if (!same)
    fail_msg("'%s': %.17g, not %.17g", what, value, expected);
}

/* In pieces that end at the places given by the bits of cuts. */
static double number_in_pieces(const char *text, size_t length, struct random *random, uint64_t mean)
{
  struct last_number last;
  last_number_init(&last);
  for (size_t at = 0; at < length;) {
    const size_t most = (size_t)random_below(random, 2 * mean) + (mean == 0);
    const size_t piece = most < length - at ? most : length - at;
    char *copy = malloc(piece + 1); /* of its own, so that reading beyond it is seen */
    assert_non_null(copy);
    memcpy(copy, text + at, piece);
    char *tight = realloc(copy, piece > 0 ? piece : 1);
    last_number_feed(&last, tight ? tight : copy, piece);
    free(tight ? tight : copy);
    at += piece;
  }
  return last_number_end(&last);
}

static double number_of(const char *text, size_t length)
{
  struct last_number last;
  last_number_init(&last);
  last_number_feed(&last, text, length);
  return last_number_end(&last);
}

static void last_of_real_outputs(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
    check(outputs[i].text, number_of(outputs[i].text, strlen(outputs[i].text)), outputs[i].value);
}

static void any_split_is_the_same(void **state)
{
  (void)state;
  struct random random = random_seeded(2);
  for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
    for (size_t cut = 0; cut <= strlen(outputs[i].text); cut++) {
      struct last_number last;
      last_number_init(&last);
      last_number_feed(&last, outputs[i].text, cut);
      last_number_feed(&last, outputs[i].text + cut, strlen(outputs[i].text) - cut);
      check(outputs[i].text, last_number_end(&last), outputs[i].value);
    }

  static const char letters[] = "0123456789....eE+-xma=:%\xC2\xB0,;\"' \t\n\n\0";
  for (int round = 0; round < SCALED(4000, 1000); round++) {
    char text[300];
    const size_t length = (size_t)random_below(&random, sizeof text - 1);
    for (size_t i = 0; i < length; i++)
      text[i] = letters[random_below(&random, sizeof letters)];
    text[length] = '\0';
    const double whole = number_of(text, length);
    for (uint64_t mean = 1; mean < 100; mean *= 4)
      check(text, number_in_pieces(text, length, &random, mean), whole);
  }
}

static void zeros_and_long_words(void **state)
{
  (void)state;
  static const char zeros[] = "5\0006\0";
  check("zeros", number_of(zeros, sizeof zeros - 1), 6);
  check("no more than one zero", number_of("7\0", 2), 7);

  for (size_t digits = 60; digits < 70; digits++) { /* 63 bytes at most */
    char text[128] = "4 ";
    memset(text + 2, '0', digits - 1);
    text[1 + digits] = '9';
    text[2 + digits] = '\0';
    check(text, number_of(text, strlen(text)), digits <= 63 ? 9 : 4);
    memcpy(text + 2 + digits, " 8", sizeof " 8");
    check(text, number_of(text, strlen(text)), 8);
  }
}

/* The word at the end counts once it is known to be over: not before, and not twice. */
static void end_without_newline(void **state)
{
  (void)state;
  struct last_number last;
  last_number_init(&last);
  assert_true(isnan(last_number_end(&last)));
  last_number_feed(&last, "1 2", 3);
  last_number_feed(&last, "3", 1);
  check("before the end", last.value, 1);
  check("at the end", last_number_end(&last), 23);
  check("again", last_number_end(&last), 23);
  last_number_feed(&last, "4\n", 2);
  check("after it", last_number_end(&last), 4);
}

static void from_a_pipe(void **state)
{
  (void)state;
  struct last_number last;
  int ends[2];
  last_number_init(&last);
  assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  assert_false(last_number_read(&last, ends[0])); /* nothing yet, and it does not wait */
  assert_int_equal(write(ends[1], "load 1.5", 8), 8);
  assert_false(last_number_read(&last, ends[0]));
  assert_int_equal(write(ends[1], "25", 2), 2);
  close(ends[1]);
  assert_true(last_number_read(&last, ends[0]));
  check("pipe", last_number_end(&last), 1.525);
  close(ends[0]);
  assert_true(last_number_read(&last, ends[0])); /* EBADF: nothing more will come */
  check("closed", last_number_end(&last), 1.525);

  const int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  assert_true(zero >= 0);
  assert_false(last_number_read(&last, zero)); /* an endless writer: it comes back */
  close(zero);
}

static void decimal_comma_of_the_locale(void **state)
{
  (void)state;
  if (!setlocale(LC_NUMERIC, "comma"))
    skip();
  struct sample_values values = sample_nothing();
  values.of[SAMPLE_WALL] = 1.5;
  values.of[SAMPLE_OUT] = 2.5;
  check("1.5", number_of("1.5", 3), 1.5);
  check("1,5", number_of("1,5", 3), 5);
  setlocale(LC_NUMERIC, "C");
  assert_string_equal(line_of("wall,out", &values), "wall:1.500 out:2.5\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lists),
      cmocka_unit_test(bad_lists),
      cmocka_unit_test(lines),
      cmocka_unit_test(out_is_exact),
      cmocka_unit_test(last_of_real_outputs),
      cmocka_unit_test(any_split_is_the_same),
      cmocka_unit_test(zeros_and_long_words),
      cmocka_unit_test(end_without_newline),
      cmocka_unit_test(from_a_pipe),
      cmocka_unit_test(decimal_comma_of_the_locale),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
