/*
 * parser: the rules of the product page, "Input", one after the other. Each input is read in one piece, byte by byte, in
 * pieces of 7, and by parser_rows where it may be: the same must come out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "transcript.h"

struct rule {
  const char *input;
  const char *wanted;
  struct parser_options options;
};

static void check_bytes(const struct parser_options *options, const char *input, size_t length, const char *wanted)
{
  static const struct cutting cuttings[] = {
      {.step = 0}, {.step = 1}, {.step = 7}, {.rows = true}, {.step = 3, .rows = true}};
  for (size_t i = 0; i < sizeof cuttings / sizeof cuttings[0]; i++) {
    struct transcript t = transcript_run(options, input, length, cuttings[i]);
    if (strcmp(t.text, wanted) != 0)
      fprintf(stderr, "input: %.200s\n", input);
    assert_string_equal(t.text, wanted);
    free(t.text);
  }
}

static void check(const struct rule *rules, size_t count)
{
  for (size_t i = 0; i < count; i++)
    check_bytes(&rules[i].options, rules[i].input, strlen(rules[i].input), rules[i].wanted);
}

#define CHECK(rules) check(rules, sizeof(rules) / sizeof(rules)[0])

static void test_lines(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"1\n2\r\n3\r4", "0 1=1\n1 1=2\n2 1=3\n3 1=4\n", {0}},
      {"\xEF\xBB\xBF"
       "5\n",
       "0 1=5\n",
       {0}},
      {"\x1b[31m5\x1b[0m\n", "0 1=5\n", {0}},
      {"1\x1b[5C2\n", "0 1=1 2=2\n", {0}}, /* a cursor movement never glues two numbers */
      {"1\b2\b\b3\n4\b\n5\b\b\r6\n", "0 1=1\n1 1=2\n2 1=3\n3 1=4\n4 1=5\n5 1=6\n", {0}}, /* drawn anew */
      {"# x y\n% y z\n// z w\n\n7\n", "0 1=7\n", {0}}, /* two words are no header of one column */
      {"1\n2\n3\n", "0 1=3\n", {.skip = 2}},
  };
  CHECK(rules);
  static const char zeros[] = "1\0\0\n2\n";
  check_bytes(&rules[0].options, zeros, sizeof zeros - 1, "0 1=1\n1 1=2\n");
  static const char escaped[] = "\x1b[3\0001m1\n2\r\0\n3\n"; /* within a sequence, and between CR and LF */
  check_bytes(&rules[0].options, escaped, sizeof escaped - 1, "0 1=1\n1 1=2\n2 1=3\n");
  static const char little[] = "\xFF\xFE"
                               "5\0\n\0";
  check_bytes(&rules[0].options, little, sizeof little - 1, "0 1=5\n");
}

/* A stream's opening is settled right below a header, but not where rows above it may be of a preamble. */
static void test_settling(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"scope,12\nsegments,1,size,5\nt,v\n0,1\n1,2\n", "0 t=0 v=1\n1 t=1 v=2\n", {0}},
      {"run\n4\nt,v\n0,1\n1,2\n", "0 t=0 v=1\n1 t=1 v=2\n", {0}},
      {"run\n4\n5\nt,v\n", "0 run=4\n1 run=5\n!4 t,v: is not a number\n", {0}},
      {"t,v\n0,1\nerr,2\n", "0 t=0 v=1\n!3 err: is not a number\n", {0}},
      {"X,CH1,CH2,Start,Step,\nSequence,Volt,Volt,-6e-3,1e-5\n0,1,2,,\n1,3,4,,\n",
       "0 X=0 CH1=1 CH2=2\n1 X=1 CH1=3 CH2=4\n",
       {0}}, /* a second header row, which the rows below tell */
  };
  CHECK(rules);
}

static void test_separators(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"1;2,5\n3;4,5\n", "0 1=1 2=2.5\n1 1=3 2=4.5\n", {0}},
      {"a\tb\n1\t\n\t2\n", "0 a=1\n1 a=nan b=2\n", {0}},
      {"1\t\t2\n100\t20\n", "0 1=1 2=2\n1 1=100 2=20\n", {0}},
      {"1|2\n", "0 1=1 2=2\n", {0}},
      {"| 1 | 2 |\n", "0 1=1 2=2\n", {0}},
      {"[1, 2]\n", "0 1=1 2=2\n", {0}},
      {"/*1,2*/\n", "0 1=1 2=2\n", {0}},
      {"1!2\n", "0 1=1 2=2\n", {.separator = '!'}},
      {"1\t\t\"x\"\t4\n", "0 1=1 4=4\n", {.separator = '\t'}}, /* an empty cell before one in quotes */
      {"1,2 3,4\n", "!1 2 3: is not a number\n", {0}},
      {"id,x\n1,\"2\"\n\"3\",4\n", "0 id=1 x=2\n1 id=3 x=4\n", {0}},
      {"12:30:01 21.5\n12:30:02 22\n", "0 2=21.5\n1 2=22\n", {0}},
      {"1 000;2\n", "!1 1 000: is not a number\n", {0}},
      /* Below a header of one cell a comma is decimal; the look for another separator leaves no cells behind. */
      {"x\n5\n6\n1,2\n3,4\n", "0 x=5\n1 x=6\n2 x=1.2\n3 x=3.4\n", {0}},
  };
  CHECK(rules);
}

/* dstat's tables: blanks separate, bars set groups apart; a group is never taken for another. */
static void test_groups_of_columns(void **state)
{
  (void)state;
#define SAID                                                                                                           \
  "?0 : bars set groups of columns apart here, and blanks separate; --separator '|' would make bars separate\n"
  static const struct rule rules[] = {
      {"a b| c d\n1 2| 3 4\n5 6| 7 8\n1 2|3\n5| 6 7 8\n",
       SAID "0 a=1 b=2 c=3 d=4\n1 a=5 b=6 c=7 d=8\n"
            "!4 1 2|3: has other groups of numbers than the rows before, and is not a number\n"
            "!5 5| 6 7 8: has other groups of numbers than the rows before, and is not a number\n",
       {0}},
      {"1 2| 3 4\n5 6| 7 8\n", SAID "0 1=1 2=2 3=3 4=4\n1 1=5 2=6 3=7 4=8\n", {0}},
      {"1 2|3\n4 5|6\n7|8\n",
       "!1 1 2: is not a number\n!2 4 5: is not a number\n2 1=7 2=8\n",
       {0}}, /* one with a number between bars: they separate */
      {"1 2| 3 4\n5 6| 7 8\n", "!1 1 2: is not a number\n!2 5 6: is not a number\n", {.separator = '|'}},
      {"| 1 2 | 3 4 |\n| 5 6 | 7 8 |\n", "!1 1 2: is not a number\n!2 5 6: is not a number\n", {0}}, /* a drawn frame */
      {"a | b\n1 2 | 3\n4 5 | 6\n",
       "!1 a: is not a number\n!2 1 2: is not a number\n!3 4 5: is not a number\n",
       {0}}, /* the header has a name for each cell between bars */
  };
  CHECK(rules);
#undef SAID
}

static void test_first_rows_do_not_decide_for_ever(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"1 2\n3 4\n5;6\n7;8\n9;10\n",
       "0 1=1 2=2\n1 1=3 2=4\n?3 5;6: and the rows from here on have another separator; --separator C fixes it\n"
       "2 1=5 2=6\n3 1=7 2=8\n4 1=9 2=10\n",
       {0}},
      {"1 2\n5;6\n3 4\n", "0 1=1 2=2\n!2 5;6: is not a number\n2 1=3 2=4\n", {0}},
      {"a,b\n1,2\nc,d\n3,4\n",
       "0 a=1 b=2\n?3 c,d: begins a new table: the rows below take their names from it\n1 c=3 d=4\n",
       {0}},
      {"n,t\n1,wait\n2,5\n", "0 n=1\n1 n=2 t=5\n", {0}},
      {"t,v\n1,n/a\n2,5\n3,n/a\n", "0 t=1\n1 t=2 v=5\n2 t=3 v=nan\n", {0}},
  };
  CHECK(rules);
}

/* The planted bug: rows of a column that moved going to the old channel. */
static void test_a_column_behind_a_label_has_its_own_channel(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"a=1\n5\n6\n7\n", "0 a=1\n1 1=5\n2 1=6\n3 1=7\n", {0}},
      {"5\n6\na=1\n7\n8\n", "0 1=5\n1 1=6\n2 a=1\n3 1=7\n4 1=8\n", {0}},
      /* Comments are headers in the middle, too, where the first one was. */
      {"# a b\n1 2\n# some longer remark\n# c d\n3 4\n# a b\n5 6\n",
       "0 a=1 b=2\n?4 c d: begins a new table: the rows below take their names from it\n1 c=3 d=4\n2 a=5 b=6\n",
       {0}},
      {"1 2\n# c d\n3 4\n", "0 1=1 2=2\n1 1=3 2=4\n", {0}},
      /* Columns that change places: rows behind the second header must not go the way of those before it. */
      {"a,b\n1,2\n3,4\n5,6\nb,a\n7,8\n9,10\n11,12\n",
       "0 a=1 b=2\n1 a=3 b=4\n2 a=5 b=6\n?5 b,a: begins a new table: the rows below take their names from it\n"
       "3 b=7 a=8\n4 b=9 a=10\n5 b=11 a=12\n",
       {0}},
  };
  CHECK(rules);
}

static void test_labels(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"a=1 b:2 c: 3 d = 4 \"e\": 5 >f:6\n", "0 a=1 b=2 c=3 d=4 e=5 f=6\n", {0}},
      {"Core 0: +45.0\xC2\xB0"
       "C (high = +80.0\xC2\xB0"
       "C)\n",
       "0 Core 0=45 high=80\n",
       {0}},
      {"64 bytes from ::1: icmp_seq=1 time=0.05 ms\n", "0 icmp_seq=1 time=0.05\n", {0}},
      {"Variable 1:123,Variable 2:45\n", "0 Variable 1=123 Variable 2=45\n", {0}},
      {"acc: 0.1 0.2 9.8\n", "0 acc=0.1 acc.2=0.2 acc.3=9.8\n", {0}},
      {"a=1 a=2\n", "0 a=1 a_2=2\n", {0}},
      {"1:0.5 2:0.3\n", "!1 1:0.5: is not a number\n", {0}},
      {"temp=1\ntemp=ERR hum=4\n", "0 temp=1\n!2 ERR: is not a number\n", {0}},
      {"lab/a 21.5\nlab/b 3\n", "0 lab/a=21.5\n1 lab/b=3\n", {0}},
      {"loss 4.21, time 120ms\nloss 4, time 130ms\n", "0 loss=4.21 time=120\n1 loss=4 time=130\n", {0}},
      {"E: [0][1/9]\tLoss 6.9 (7.0)\nE: [0][2/9]\tLoss 6.8 (6.9)\n", "0 E=0 Loss=6.9\n1 E=0 Loss=6.8\n", {0}},
      {"train | 100 / 1000 loss=9.5\n", "0 loss=9.5\n", {0}},
      {"m 42.5 1700000000\n", "0 m=42.5\n", {0}},
      {"{\"a\": {\"t\": 1}, \"b\": [true, null, \"5\"]}\n", "0 t=1 b[0]=1 b[2]=5\n", {0}},
      {"{\n\"t\": 1,\n\"v\": 2\n}\n", "0 t=1 v=2\n", {0}},
      {"{'t': None, 'v': 2.5}\n", "0 v=2.5\n", {0}},
  };
  CHECK(rules);
}

static void test_names(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"t,v\ns,V\n0,1\n", "0 t=0 v=1\n", {0}},
      {"# t v\n0 1\n", "0 t=0 v=1\n", {0}},
      {"Rate: 100\n\nt v\n0 1\n", "0 t=0 v=1\n", {0}},
      {"time,a,a\n1,2,3\n", "0 time=1 a=2 a_2=3\n", {0}},
      {"t,v\n0,1\nt,v\n2,3\n", "0 t=0 v=1\n1 t=2 v=3\n", {0}},
      {"v\n1\nfail\n3\n", "0 v=1\n!3 fail: is not a number\n2 v=3\n", {0}},
      {"0 a 1\n0 b 2\n", "0 a 1=0 a 3=1\n1 b 1=0 b 3=2\n", {.key = "2"}},
      {"t,v,w\n0,1,2\n", "0 v=1\n", {.only = "v"}},
      {"1,2,3\n", "0 x=1 2=2 3=3\n", {.names = "x"}},
      {"sep=;\na;b\n1;2\n", "0 a=1 b=2\n", {0}},
  };
  CHECK(rules);
}

static void test_times(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"t,v\n0,1\n1,2\n0.5,9\n2,4\n",
       "0 v=1\n1 v=2 @1000000000\n!4 0.5: is before the time of the line before: a time must not go backwards\n"
       "3 v=4 @2000000000\n",
       {.time_column = "t", .time_unit = PARSER_UNIT_S}},
      {"Date,Time,v\n25.11.2026,10:00:00,5\n", "0 v=5 @1795600800000000000\n", {.time_column = "Date+Time"}},
      {"2026-11-25 10:00:00 5\n", "0 3=5\n", {0}},
  };
  CHECK(rules);
}

static void test_terminal(void **state)
{
  (void)state;
  static const struct rule rules[] = {
      {"5\n3,5\n# x\n\na=1\n6 7\n",
       "0 1=5\n!2 3,5: is not a number\n!3 #: is not a number\n!4 : is not a number\n4 a=1\n5 1=6 2=7\n",
       {.terminal = true}},
  };
  for (size_t i = 0; i < 1; i++) {
    struct transcript t =
        transcript_run(&rules[i].options, rules[i].input, strlen(rules[i].input), (struct cutting){0});
    assert_string_equal(t.text, rules[i].wanted);
    free(t.text);
  }
}

/* The planted bug: the quick road without its line limit. */
static void test_a_line_is_too_long_on_the_quick_road_too(void **state)
{
  (void)state;
  static char input[80000] = "1 2\n";
  size_t length = 4;
  input[length++] = '3';
  memset(input + length, ' ', 70000);
  length += 70000;
  input[length++] = '4';
  input[length++] = '\n';
  memcpy(input + length, "5 6\n", 4);
  length += 4;
  struct parser_options options = {0};
  struct transcript t = transcript_run(&options, input, length, (struct cutting){.rows = true});
  assert_non_null(strstr(t.text, "!2 3"));
  assert_non_null(strstr(t.text, "2 1=5 2=6\n"));
  assert_null(strstr(t.text, "2=4"));
  assert_int_equal(t.counts.rejected, 1);
  free(t.text);
}

/* The planted bug: the exponent clamped too low, so that digits and exponent do not make up for each other. */
static void test_a_long_number_and_its_exponent(void **state)
{
  (void)state;
  static char input[2100] = "1";
  memset(input + 1, '0', 2000);
  memcpy(input + 2001, "e-20000\n", 8);
  struct parser_options options = {0};
  struct transcript t = transcript_run(&options, input, 2009, (struct cutting){0});
  assert_string_equal(t.text, "0 1=0\n");
  free(t.text);
  memcpy(input + 2001, "e-2000\n", 7);
  t = transcript_run(&options, input, 2008, (struct cutting){0});
  assert_string_equal(t.text, "0 1=1\n");
  free(t.text);
}

/* The planted bug: what is carried over from one feed to the next is a byte short. */
static void test_the_longest_line_cut_anywhere(void **state)
{
  (void)state;
  static char input[65600];
  memset(input, ' ', 65536);
  input[0] = '7';
  input[65536] = '\r';
  memcpy(input + 65537, "\n8\n", 3);
  size_t length = 65540;
  struct parser_options options = {0};
  static const size_t cuts[] = {1, 2, 100, 32768, 65534, 65535, 65536, 65537, 65538, 65539};
  for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
    struct transcript t = transcript_run(&options, input, length, (struct cutting){.cut = cuts[i]});
    assert_string_equal(t.text, "0 1=7\n1 1=8\n");
    free(t.text);
  }
  memmove(input + 1, input, length); /* one byte more is one too many */
  input[0] = '7';
  for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
    struct transcript t = transcript_run(&options, input, length + 1, (struct cutting){.cut = cuts[i]});
    assert_int_equal(t.counts.rejected, 1);
    free(t.text);
  }
}

static double cpu_s(const char *text, size_t length)
{
  static const struct parser_options options = {0};
  double least = 0;
  for (int i = 0; i < 3; i++) {
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    struct transcript t = transcript_run(&options, text, length, (struct cutting){.step = 0});
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    free(t.text);
    const double took = (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) * 1e-9;
    least = i == 0 || took < least ? took : least;
  }
  return least;
}

/* A line sixteen times as long may cost a few dozen times as much, and not its square, 256 times. */
static void test_long_lines_cost_no_square(void **state)
{
  (void)state;
  enum { SHORT = 4000, LONG = 16 * SHORT, MOST = 80 };
  static const char *const patterns[] = {"\t", "5 ",   "x ", "a=",     "5\t",   ",",       "(",
                                         "\"", "[5, ", "- ", "1,234 ", "a: 5 ", "(\\\") ", "\"\\\" "};
  static char text[2 * LONG + 8];
  for (size_t k = 0; k < sizeof patterns / sizeof patterns[0]; k++) {
    double took[2];
    for (int way = 0; way < 2; way++) {
      const size_t length = way == 0 ? SHORT : LONG;
      size_t n = 0;
      for (int line = 0; line < 2; line++) {
        text[n++] = line == 0 && k % 2 == 0 ? '1' : 'x';
        text[n++] = ' ';
        for (size_t i = 0; i < length; i++)
          text[n++] = patterns[k][i % strlen(patterns[k])];
        text[n++] = '\n';
      }
      took[way] = cpu_s(text, n);
    }
    if (took[1] > MOST * took[0])
      fail_msg("'%s' again and again: %zu bytes take %.4f s, %d bytes %.6f s", patterns[k], (size_t)LONG, took[1],
               SHORT, took[0]);
  }
}

static void feed(struct parser *p, const char *text, int64_t stamp)
{
  parser_feed(p, text, strlen(text), stamp);
}

/* Held rows keep the stamp of their feed, and come out when the time is over. */
static void test_what_is_held_back_comes_out(void **state)
{
  (void)state;
  struct parser_options options = {0};
  struct parser *p = parser_new(&options);
  struct parser_event event;
  int64_t stamp = 0;
  feed(p, "a=1\n", 100);
  assert_int_equal(parser_next(p, &event), PARSER_MORE);
  assert_true(parser_held(p, &stamp));
  assert_int_equal(stamp, 100);
  feed(p, "a=2\n", 200);
  assert_int_equal(parser_next(p, &event), PARSER_MORE);
  parser_decide(p);
  assert_int_equal(parser_next(p, &event), PARSER_ROW);
  assert_int_equal(event.stamp, 100);
  assert_int_equal(parser_next(p, &event), PARSER_ROW);
  assert_int_equal(event.stamp, 200);
  assert_int_equal(parser_next(p, &event), PARSER_MORE);
  assert_false(parser_held(p, &stamp));
  parser_free(p);
}

/* A header that waits too long is rejected, and is a header all the same when its rows come. */
static void test_a_late_table_has_its_names(void **state)
{
  (void)state;
  struct parser_options options = {0};
  struct parser *p = parser_new(&options);
  struct parser_event event;
  int64_t stamp;
  feed(p, "t,v\n", 1);
  assert_int_equal(parser_next(p, &event), PARSER_MORE);
  parser_decide(p);
  assert_int_equal(parser_next(p, &event), PARSER_REJECT);
  assert_int_equal(event.line, 1);
  assert_int_equal(parser_next(p, &event), PARSER_MORE);
  assert_false(parser_held(p, &stamp));
  feed(p, "0,5\n", 2);
  assert_int_equal(parser_next(p, &event), PARSER_ROW);
  assert_string_equal(parser_channel_name(p, event.channel[1]), "v");
  parser_free(p);
}

/* Sentences above the first row are no values; a single one may be the first of many rows. */
static void test_sentences_are_no_rows(void **state)
{
  (void)state;
  static const char *const before =
      "Connecting to host 192.0.2.1, port 5201\n[  5] local 192.0.2.7 port 40196 connected to "
      "192.0.2.1 port 5201\n";
  static const char *const row[] = {"\n", "[  5]   0.00-1.00   sec  2.51 GBytes  21.6 Gbits/sec    0   1023 KBytes\n",
                                    "can0 123 DE AD BE 5\n"};
  struct parser_options options = {0};
  struct parser_event event;
  for (int rows = 0; rows < 3; rows++) {
    struct parser *p = parser_new(&options);
    feed(p, before, 1);
    assert_int_equal(parser_next(p, &event), PARSER_MORE);
    feed(p, row[rows], 1);
    assert_int_equal(parser_next(p, &event), PARSER_MORE);
    parser_decide(p);
    for (uint64_t line = 1; line <= 2; line++) {
      assert_int_equal(parser_next(p, &event), PARSER_REJECT);
      assert_int_equal(event.line, line);
    }
    assert_int_equal(parser_next(p, &event), rows > 0 ? PARSER_ROW : PARSER_MORE);
    if (rows == 1)
      assert_string_equal(parser_channel_name(p, event.channel[0]), "4");
    parser_free(p);
  }
  static const char *const alone[] = {"worker three has 5 tasks\n",
                                      "can0  123   [4]  DE AD BE EF\ncan0  124   [2]  01 02\n",
                                      "can0 123 DE AD BE 5\nworker three has 5 tasks\n"};
  for (int i = 0; i < 3; i++) {
    struct parser *p = parser_new(&options);
    feed(p, alone[i], 1);
    assert_int_equal(parser_next(p, &event), PARSER_MORE);
    parser_decide(p);
    assert_int_equal(parser_next(p, &event), PARSER_ROW);
    assert_int_equal(event.line, 1);
    parser_free(p);
  }
}

static void test_del_forgets(void **state)
{
  (void)state;
  struct parser_options options = {0};
  struct parser *p = parser_new(&options);
  struct parser_event event;
  feed(p, "1 2\n", 1);
  assert_int_equal(parser_next(p, &event), PARSER_ROW);
  assert_int_equal(parser_next(p, &event), PARSER_MORE);
  parser_reset(p);
  assert_int_equal(parser_channels(p), 0);
  feed(p, "7;8\n", 2);
  assert_int_equal(parser_next(p, &event), PARSER_ROW);
  assert_int_equal(event.line, 2);
  assert_int_equal(event.count, 2);
  parser_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lines),
      cmocka_unit_test(test_settling),
      cmocka_unit_test(test_separators),
      cmocka_unit_test(test_groups_of_columns),
      cmocka_unit_test(test_first_rows_do_not_decide_for_ever),
      cmocka_unit_test(test_a_column_behind_a_label_has_its_own_channel),
      cmocka_unit_test(test_labels),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_times),
      cmocka_unit_test(test_terminal),
      cmocka_unit_test(test_a_line_is_too_long_on_the_quick_road_too),
      cmocka_unit_test(test_a_long_number_and_its_exponent),
      cmocka_unit_test(test_the_longest_line_cut_anywhere),
      cmocka_unit_test(test_long_lines_cost_no_square),
      cmocka_unit_test(test_what_is_held_back_comes_out),
      cmocka_unit_test(test_a_late_table_has_its_names),
      cmocka_unit_test(test_sentences_are_no_rows),
      cmocka_unit_test(test_del_forgets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
