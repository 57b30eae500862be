/*
 * parse: the row grammar, rule by rule (product page, "Input"). Each input is parsed in one piece, byte by byte, in
 * pieces of three bytes, and by way of parser_column; all must give the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transcript.h"

static const struct parse_options plain;

static void expect_bytes(const struct parse_options *options, const char *input, size_t length, const char *expected)
{
  static const struct cutting cuttings[] = {
      {.step = 0}, {.columns = true}, {.step = 1}, {.step = 3}, {.step = 50, .columns = true}, {.cut = 4}};
  for (size_t i = 0; i < sizeof cuttings / sizeof cuttings[0]; i++) {
    struct transcript t = transcript_run(options, input, length, cuttings[i]);
    if (strcmp(t.text, expected) != 0)
      print_error("input %.300s\n(cutting %zu)\n", input, i);
    assert_string_equal(t.text, expected);
    free(t.text);
  }
}

static void expect_with(const struct parse_options *options, const char *input, const char *expected)
{
  expect_bytes(options, input, strlen(input), expected);
}

static void expect(const char *input, const char *expected)
{
  expect_with(&plain, input, expected);
}

#define NOT ": is not a number\n"

static void test_separators(void **state)
{
  (void)state;
  expect("1\n2\n", "0 1=1\n1 1=2\n");
  expect("1 2\t3\n", "0 1=1 2=2 3=3\n");
  expect("  1   2  \n", "0 1=1 2=2\n");
  expect("1,2;3\n", "0 1=1 2=2 3=3\n");
  expect("1 , 2\t;\t3\n", "0 1=1 2=2 3=3\n");
  expect("1,,3\n", "0 1=1 2=nan 3=3\n");
  expect("1 , , 3\n", "0 1=1 2=nan 3=3\n");
  expect(",1\n", "0 1=nan 2=1\n");
  expect("1,2,\n", "0 1=1 2=2\n");
  expect("1,2,3\n1,2,\n", "0 1=1 2=2 3=3\n1 1=1 2=2 3=nan\n");
  expect("[1, 2]\n{3}[4]\n", "0 1=1 2=2\n1 1=3 2=4\n");
  /* The empty lines make room for reading eight bytes at a time. */
  expect("1 2\n5+6\n5-6\n5#6\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
         "0 1=1 2=2\n!2 5+6" NOT "!3 5-6" NOT "!4 5#6" NOT);
  expect("1\n5+6\n5-6\n", "0 1=1\n!2 5+6" NOT "!3 5-6" NOT);
}

static void test_line_ends(void **state)
{
  (void)state;
  expect("1\r\n2\r\n", "0 1=1\n1 1=2\n");
  expect("1\n2", "0 1=1\n1 1=2\n");
  expect("1\r\n2\r", "0 1=1\n1 1=2\n");
  expect("", "");
  expect("\n\n \t\n# 5\n   # 6\n#\n7\n", "0 1=7\n");
  expect("\xEF\xBB\xBF"
         "a,b\n1,2\n",
         "0 a=1 b=2\n");
}

static void test_numbers(void **state)
{
  (void)state;
  expect("+5 .5 5. 1e5 0x1F -0.25\n", "0 1=5 2=0.5 3=5 4=100000 5=31 6=-0.25\n");
  expect("0\n.5\n5.\n1e5\n0x1F\n 7\n+8 \n1e-400\n123456789012345000000000\n",
         "0 1=0\n1 1=0.5\n2 1=5\n3 1=100000\n4 1=31\n5 1=7\n6 1=8\n7 1=0\n8 1=1.23456789012345e+23\n");
  expect("1,5\n", "0 1=1 2=5\n");
  expect("\"1.5\",'2'\n\" 3 \",\"\"\n", "0 1=1.5 2=2\n1 1=3 2=nan\n");
}

static void test_gaps(void **state)
{
  (void)state;
  expect("1\nnan\nNaN\n-nan\n+inf\nInfinity\nINF\nnull\nNULL\nNA\nna\n-\n1e999\n-1e999\nnan(12)\n",
         "0 1=1\n1 1=nan\n2 1=nan\n3 1=nan\n4 1=nan\n5 1=nan\n6 1=nan\n7 1=nan\n8 1=nan\n9 1=nan\n10 1=nan\n11 1=nan\n"
         "12 1=nan\n13 1=nan\n14 1=nan\n");
  expect("nan\n", "0 1=nan\n");
  expect("1\nnane\n--\nN/A\n", "0 1=1\n!2 nane" NOT "!3 --" NOT "!4 N/A" NOT);
}

static void test_times(void **state)
{
  (void)state;
  expect("12:30:01 21.5\n", "0 2=21.5\n");
  expect("2026-11-22T09:08:00Z,5\n2026-11-22 6\n2026/11/22 7\n", "0 2=5\n1 2=6\n2 2=7\n");
  expect("9:08:00.25+01:00 1\n20261122T090800Z 2\n12:30:01 PM 3\n", "0 2=1\n1 2=2\n2 3=3\n");
  expect("2026-11-22 09:08:00 1\n2026-11-22 09:08:00,1\n", "0 3=1\n1 2=1\n");
  expect("time,t\n2026-11-22 09:08:00,21.5\n", "0 t=21.5\n");
  expect("1 2\n12:30 5\n25:00:01 5\n2026-13-01 5\n10:61:00 5\n",
         "0 1=1 2=2\n!2 12:30" NOT "!3 25:00:01" NOT "!4 2026-13-01" NOT "!5 10:61:00" NOT);
  expect("1\n12:30:01\n", "0 1=1\n!2 12:30:01" NOT);
}

static void test_label_forms(void **state)
{
  (void)state;
  expect("a=1 b:2 c: 3 d = 4 \"e\": 5 'f': 6 g= 7 h =8 i : 9 \"j\"=10 \"k l\" : 11\n",
         "0 a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=10 k l=11\n");
  expect("{\"a\":1.5,\"b\":null,\"s\":\"x, y\",\"t\":\"12:00:01\",\"n\":\"7\",\"f\":true}\n", "0 a=1.5 b=nan n=7\n");
  expect("{\"a\":{\"b\":1,\"c\":[2,3]}}\n{\"a\":{\"1\":2}}\n", "0 b=1 c=2\n1 1=2\n");
  expect("$SYS/x: 1 /y:2 _z:3 \xC3\xA9:4\n", "0 $SYS/x=1 /y=2 _z=3 \xC3\xA9=4\n");
  expect("lab/a:b=1 9=2\n", "0 lab/a:b=1 9=2\n");
  expect("a=1 a=2 b=3\n", "0 a=2 b=3\n");
  expect("a=nan\na: -\na=1e999\n", "0 a=nan\n1 a=nan\n2 a=nan\n");
  expect("a=,b=1\n", "0 a=nan b=1\n");
  expect("Temp: 23.6, Hum: 43\n", "0 Temp=23.6 Hum=43\n");
  expect("MHz\t\t: 2400.5\n", "0 MHz=2400.5\n");
}

static void test_what_is_no_label(void **state)
{
  (void)state;
  static const char *const words[] = {"127.0.0.1:5", "127.0.0.1: 5", "12:30", "::1",           "fe80::1",    "a=b",
                                      "status=ok",   "a:b:1",        "a=1=2", "Warning:",      "x=",         "YWI9",
                                      "YWJjZA=",     "=5",           "a==1",  "\"a\":\"b c\"", "v=10.0.0.1", "a:12:30",
                                      "\"a\":{}"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    char input[64];
    snprintf(input, sizeof input, "1\n%s\n", words[i]);
    struct transcript t = transcript_run(&plain, input, strlen(input), (struct cutting){.step = 0});
    if (t.channels != 1 || t.counts.rejected != 1)
      print_error("%s gave %s", words[i], t.text);
    assert_int_equal(t.channels, 1);
    assert_int_equal(t.counts.rejected, 1);
    free(t.text);
  }
}

static void test_units(void **state)
{
  (void)state;
  expect("a=12.3ms b=45% c=21.5\xC2\xB0"
         "C d=3\xC2\xB5s e=2m2 f=9m/s3 g=1e5V h=12.3e i=0x1Fg j:5kB/s k=1\xCE\xBCs\n",
         "0 a=12.3 b=45 c=21.5 d=3 e=2 f=9 g=100000 h=12.3 i=31 j=5 k=1\n");
  expect("1\na=5m4\n", "0 1=1\n!2 a=5m4" NOT);
  expect("1\na=10.0.0.1\n", "0 1=1\n!2 a=10.0.0.1" NOT);
  expect("1\n12.3ms\n45%\n", "0 1=1\n!2 12.3ms" NOT "!3 45%" NOT);
  expect("a=1ms b=1%\na=2us b=2%\na=3s\na=0\n",
         "0 a=1 b=1\n?2 a=2us: has another unit than before; units are ignored\n1 a=2 b=2\n2 a=3\n3 a=0\n");
  expect("a=0\na=0ms\na=1ms\na=5\n",
         "0 a=0\n1 a=0\n2 a=1\n?4 a=5: has another unit than before; units are ignored\n3 a=5\n");
}

static void test_labelled_rows_ignore_the_rest(void **state)
{
  (void)state;
  expect("64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.045 ms\n", "0 icmp_seq=1 ttl=64 time=0.045\n");
  expect("64 bytes from localhost (::1): icmp_seq=2 ttl=64 time=0.5 ms\n", "0 icmp_seq=2 ttl=64 time=0.5\n");
  expect("64 bytes from localhost: icmp_seq=2\n", "0 icmp_seq=2\n");
  expect("a=1 5\n6 7\n", "0 a=1\n1 1=6 2=7\n");
}

static void test_columns_without_header(void **state)
{
  (void)state;
  expect("1 2\n3\n4 5 6\n", "0 1=1 2=2\n1 1=3\n2 1=4 2=5 3=6\n");
  expect("1 2\nx 3\n4 x\n", "0 1=1 2=2\n!2 x" NOT "!3 x" NOT);
  expect("1\n-- 2\n", "0 1=1\n!2 --" NOT);
  struct parse_options names = {.names = "A, B"};
  expect_with(&names, "1 2 3\n", "0 A=1 B=2 3=3\n");
  expect_with(&names, "1\n", "0 A=1\n");
  struct parse_options gaps = {.names = ",B"};
  expect_with(&gaps, "t u\n1 2\n", "0 t=1 B=2\n");
  struct parse_options twice = {.names = "A,A"};
  expect_with(&twice, "1 2\n", "0 A=1 A_2=2\n");
}

static void test_header(void **state)
{
  (void)state;
  expect("t,h\n1,2\n", "0 t=1 h=2\n");
  expect("banner of words\nt h\n1 2\nt h\n3 4\nbanner of words\nother row\n", "0 t=1 h=2\n1 t=3 h=4\n!7 other" NOT);
  expect("a b\nc d\n1 2\n", "0 c=1 d=2\n");
  expect("a b c\n1 2\n", "0 1=1 2=2\n");
  expect("a b\nx=1\na b\n1 2\n", "0 x=1\n1 1=1 2=2\n");
  expect("\"Temp, C\",\"say \"\"x\"\"\"\n1,2\n", "0 Temp, C=1 say \"x\"=2\n");
  expect(",t\n0,1\n", "0 1=0 t=1\n");
  expect("a,a,b\n1,2,3\n", "0 a=1 a_2=2 b=3\n");
  expect("Sensor v 2\nt h\n1 2\n", "!1 Sensor" NOT "1 t=1 h=2\n");
  expect("name v\nx 1\ny 2\n3 4\n", "0 v=1\n1 v=2\n2 v=4\n");
  expect("t,v\n1,2\n3,oops\n4,5\n", "0 t=1 v=2\n!3 oops" NOT "2 t=4 v=5\n");
  expect("t,v\n1,2\n3,NA\nx,-\n", "0 t=1 v=2\n1 t=3 v=nan\n!4 x" NOT);
  struct parse_options terminal = {.terminal = true};
  expect_with(&terminal, "t h\n1 2\n\n  \n# x\n", "!1 t" NOT "1 1=1 2=2\n!3 " NOT "!4   " NOT "!5 # x" NOT);
}

static void test_words_without_data(void **state)
{
  (void)state;
  expect("hello\nworld 'of words'\n", "!1 hello" NOT "!2 world" NOT);
  char input[40 * 8];
  size_t at = 0;
  for (int i = 0; i < 40; i++)
    at += (size_t)snprintf(input + at, sizeof input - at, "w%d x\n", i);
  snprintf(input + at, sizeof input - at, "1 2\n");
  expect(input, "!1 w0" NOT "!2 w1" NOT "!3 w2" NOT "!4 w3" NOT "!5 w4" NOT "!6 w5" NOT "!7 w6" NOT "!8 w7" NOT
                "0 w39=1 x=2\n");
}

static void test_only(void **state)
{
  (void)state;
  struct parse_options time = {.only = "time"};
  expect_with(&time,
              "PING localhost (127.0.0.1) 56(84) bytes of data.\n64 bytes: icmp_seq=1 ttl=64 time=0.5 ms\n\n--- x ---\n"
              "2 packets transmitted, 2 received, 0% packet loss, time 404ms\nrtt min/avg = 0.1/0.2 ms\nttl=5\n",
              "0 time=0.5\n");
  struct parse_options columns = {.only = "2, h"};
  expect_with(&columns, "1 2 3\nx 4\n5\nx y\n", "0 2=2\n1 2=4\n");
  expect_with(&columns, "t,v,h\n1,2,3\n", "0 v=2 h=3\n");
  struct parse_options later = {.only = "h"};
  expect_with(&later, "Sensor v 2\nt u h\n1 2 3\n", "1 h=3\n");
  struct parse_options number = {.only = "1"};
  expect_with(&number, "5\n6\nx 7\n8\n", "0 1=5\n1 1=6\n3 1=8\n");
}

static void test_time_column(void **state)
{
  (void)state;
  struct parse_options first = {.time_column = "1"};
  expect_with(&first, "12:30:01 21.5\n5 6\n7\n", "0 2=21.5 @12:30:01\n1 2=6 @5\n");
  struct parse_options named = {.time_column = "t"};
  expect_with(&named, "v,t\n1,2026-11-22 09:08:00\n", "0 v=1 @2026-11-22 09:08:00\n");
  expect_with(&named, "t=5s a=1\n{\"t\":\"2026-11-22T09:08:00Z\",\"a\":2}\nu=12:30:01 a=3\n",
              "0 a=1 @5\n1 a=2 @2026-11-22T09:08:00Z\n2 a=3\n");
}

static void test_tables_as_printed(void **state)
{
  (void)state;
  expect("procs -----------memory---------- ---swap--\n r  b   swpd\n 1  0      5\n 2  0      6\n"
         "procs -----------memory---------- ---swap--\n r  b   swpd\n 3  0      7\n",
         "0 r=1 b=0 swpd=5\n1 r=2 b=0 swpd=6\n2 r=3 b=0 swpd=7\n");
  expect("Linux 6.1.0 (vm) \t11/22/26 \t_x86_64_\t(2 CPU)\n\n12:52:07        CPU     %user     %nice\n"
         "12:52:08        all      0.50      0.00\n\n12:52:09        CPU     %user     %nice\n"
         "12:52:10          0      0.25      0.00\nAverage:        all      0.30      0.00\n",
         "0 %user=0.5 %nice=0\n1 %user=0.25 %nice=0\n");
  expect("12:52:10 PM    kbmemfree   kbavail\n12:52:11 PM     24496304  24426328\n12:52:10 AM    kbmemfree   kbavail\n"
         "Average:     24496304  24426328\n",
         "0 kbmemfree=24496304 kbavail=24426328\n");
  expect("Linux 6.1.0 (vm) \t11/22/26\n\nDevice             tps    kB_read/s\nvda              93.21      1430.14\n"
         "vdb               1.50         2.00\n\n\nDevice             tps    kB_read/s\nvda               0.00         "
         "0.00\n",
         "0 tps=93.21 kB_read/s=1430.14\n1 tps=1.5 kB_read/s=2\n2 tps=0 kB_read/s=0\n");
  expect("avg-cpu:  %user   %nice\n           1.81    0.00\n\nDevice             tps\nvda              93.21\n\n"
         "avg-cpu:  %user   %nice\n           1.50    0.25\n",
         "0 1=1.81 2=0\n!4 Device" NOT "!5 vda" NOT "3 1=1.5 2=0.25\n");
  expect("PING localhost (127.0.0.1) 56(84) bytes of data.\n"
         "64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=0.5 ms\n\n--- localhost ping statistics ---\n"
         "1 packets transmitted, 1 received, 0% packet loss, time 0ms\nrtt min/avg/max/mdev = 0.5/0.5/0.5/0.0 ms\n",
         "0 icmp_seq=1 ttl=64 time=0.5\n!4 ---" NOT "!5 packets" NOT "!6 rtt" NOT);
  expect("               total        used\nMem:        24684084      257728\nSwap:              0           0\n",
         "0 Mem=24684084\n1 Swap=0\n");
}

static void test_rejected_text_is_escaped(void **state)
{
  (void)state;
  expect("1\na\x1b[0m\n", "0 1=1\n!2 a\\x1B" NOT);
  expect("1\n\xFFz\xC3\xA9\xC2\x85\n", "0 1=1\n!2 \\xFFz\xC3\xA9\\xC2\\x85" NOT);
  expect("1\nabcdefghijabcdefghijabcdefghijabcdefghi\xC3\xA9\n",
         "0 1=1\n!2 abcdefghijabcdefghijabcdefghijabcdefghi" NOT);
  expect_bytes(&plain, "1\nx\0y\n", 6, "0 1=1\n!2 x\\x00y" NOT);
  expect_bytes(&plain, "a\0b=1\n", 6, "0 a\\x00b=1\n");
  expect("\"a\tb\": 1\n", "0 a\\tb=1\n");
  expect("1\n\"unbalanced 5\n", "0 1=1\n!2 \"unbalanced" NOT);
  expect("'tis \"a\": 1\n", "0 a=1\n");
}

static void test_index_counts_rejected_rows(void **state)
{
  (void)state;
  expect("1\nx\n# no\n\n2\n", "0 1=1\n!2 x" NOT "2 1=2\n");
  struct parse_options only = {.only = "a"};
  expect_with(&only, "a=1\nb=2\na=3\n", "0 a=1\n2 a=3\n");
}

static void test_long_lines(void **state)
{
  (void)state;
  size_t size = PARSE_LINE_MAX + 100;
  char *input = malloc(size);
  assert_non_null(input);
  static const char why[] = ": is the start of a line of more than 65536 bytes\n";
  memset(input, ' ', size);
  memcpy(input, "1\n", 2);
  input[2 + PARSE_LINE_MAX - 1] = '5';
  memcpy(input + 2 + PARSE_LINE_MAX, "\n7\n", 3);
  expect_bytes(&plain, input, 2 + PARSE_LINE_MAX + 3, "0 1=1\n1 1=5\n2 1=7\n");
  memcpy(input + 2 + PARSE_LINE_MAX, "\r\n7\n", 4);
  expect_bytes(&plain, input, 2 + PARSE_LINE_MAX + 4, "0 1=1\n1 1=5\n2 1=7\n");
  memset(input + 2, 'x', 50);
  memcpy(input + 2 + PARSE_LINE_MAX, "5\n7\n", 4);
  char expected[256];
  snprintf(expected, sizeof expected, "0 1=1\n!2 %.40s%s2 1=7\n", input + 2, why);
  expect_bytes(&plain, input, 2 + PARSE_LINE_MAX + 4, expected);
  free(input);
}

/* A line of commas has as many columns as there can be; a line that is too long may not reach for more. */
static void test_most_columns(void **state)
{
  (void)state;
  size_t start = 2 + PARSE_LINE_MAX + 1;
  size_t size = start + 4 * (size_t)PARSE_LINE_MAX;
  char *input = malloc(size);
  assert_non_null(input);
  memcpy(input, "1\n", 2);
  memset(input + 2, ',', PARSE_LINE_MAX);
  input[start - 1] = '\n';
  for (size_t i = start; i < size; i++)
    input[i] = (i - start) % 2 == 0 ? '5' : ',';
  input[size - 1] = '\n';
  const size_t cuts[] = {0, start, start + 10};
  for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
    struct transcript t = transcript_run(&plain, input, size, (struct cutting){.cut = cuts[i], .columns = true});
    assert_int_equal(t.channels, 64);
    assert_int_equal(t.counts.rows, 2);
    assert_int_equal(t.counts.rejected, 1);
    free(t.text);
  }
  free(input);
}

static void test_channels_beyond_64(void **state)
{
  (void)state;
  char row[512];
  size_t at = 0;
  for (int i = 0; i < 70; i++)
    at += (size_t)snprintf(row + at, sizeof row - at, "%d ", i);
  char input[1100];
  snprintf(input, sizeof input, "%s\n%s\nz=1\n64\n", row, row);
  struct transcript t = transcript_run(&plain, input, strlen(input), (struct cutting){.step = 0});
  assert_int_equal(t.channels, 64);
  assert_int_equal(t.counts.rows, 3);
  assert_int_equal(t.counts.numbers, 129);
  assert_non_null(strstr(t.text, "?1 64: would be channel 65"));
  assert_null(strstr(t.text, "?2"));
  free(t.text);
}

static void test_long_labels(void **state)
{
  (void)state;
  char input[21000];
  memset(input, 'a', sizeof input);
  memcpy(input + 10000, "=1\n", 3);
  memcpy(input + 20003, "=2\n", 4);
  char name[64];
  memset(name, 'a', 63);
  name[63] = '\0';
  char expected[256];
  snprintf(expected, sizeof expected, "0 %s=1\n1 %s=2\n", name, name);
  expect(input, expected);
  /* The 63rd byte would be half of a character. */
  memset(input, 'b', 62);
  memcpy(input + 62, "\xC3\xA9=1\n", 6);
  memset(name, 'b', 62);
  name[62] = '\0';
  snprintf(expected, sizeof expected, "0 %s=1\n", name);
  expect(input, expected);
}

static void test_input_after_the_end(void **state)
{
  (void)state;
  struct parser *p = parser_new(&plain);
  assert_non_null(p);
  struct parse_event event;
  parser_feed(p, "1", 1);
  assert_int_equal(parser_next(p, &event), PARSE_MORE);
  parser_end(p);
  assert_int_equal(parser_next(p, &event), PARSE_ROW);
  assert_int_equal(parser_next(p, &event), PARSE_MORE);
  parser_feed(p, "2\n", 2);
  assert_int_equal(parser_next(p, &event), PARSE_ROW);
  assert_int_equal(event.line, 2);
  assert_int_equal(event.index, 1);
  assert_true(event.value[0] == 2);
  assert_int_equal(parser_next(p, &event), PARSE_MORE);
  struct parse_counts counts = parser_counts(p);
  assert_int_equal(counts.lines, 2);
  assert_int_equal(counts.rows, 2);
  assert_int_equal(counts.numbers, 2);
  assert_int_equal(counts.fast, 2);
  parser_free(p);
  parser_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_separators),
      cmocka_unit_test(test_line_ends),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_gaps),
      cmocka_unit_test(test_times),
      cmocka_unit_test(test_label_forms),
      cmocka_unit_test(test_what_is_no_label),
      cmocka_unit_test(test_units),
      cmocka_unit_test(test_labelled_rows_ignore_the_rest),
      cmocka_unit_test(test_columns_without_header),
      cmocka_unit_test(test_header),
      cmocka_unit_test(test_words_without_data),
      cmocka_unit_test(test_only),
      cmocka_unit_test(test_time_column),
      cmocka_unit_test(test_tables_as_printed),
      cmocka_unit_test(test_rejected_text_is_escaped),
      cmocka_unit_test(test_index_counts_rejected_rows),
      cmocka_unit_test(test_long_lines),
      cmocka_unit_test(test_most_columns),
      cmocka_unit_test(test_channels_beyond_64),
      cmocka_unit_test(test_long_labels),
      cmocka_unit_test(test_input_after_the_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
