/*
 * The quick road of rows: whatever it takes comes out exactly as the careful road gives it. Every input of tests/inputs
 * is read both ways, as it is and with lines of it repeated, their numbers changed in length, sign, exponent, unit, commas,
 * blanks, quotes and gaps.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scale.h"
#include "scope/input/quick.h"
#include "transcript.h"

enum {
  INPUTS_MAX = 512,
  INPUT_BYTES = 16384, /* of a file at most */
  TEXT_BYTES = 1 << 17,
};

struct input {
  char name[64];
  char *bytes;
  size_t length;
};

static struct input inputs[INPUTS_MAX];
static size_t input_count;

static int by_name(const void *a, const void *b)
{
  return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

static void add_input(const char *name, const char *bytes, size_t length)
{
  struct input *input = &inputs[input_count++];
  snprintf(input->name, sizeof input->name, "%.63s", name);
  input->bytes = malloc(length + 1);
  assert_non_null(input->bytes);
  memcpy(input->bytes, bytes, length);
  input->length = length;
}

/* Forms that programs print, beside those of the files. */
static const char *const further[] = {
    "1.5\n2.5\n",
    "17\n18\n0\n",
    "0\n0\n0\n0\n",
    "-0.25\n",
    "1 2 3\n",
    "  1.5   22.25 -3\n",
    "1,2\n",
    "1.5,2.5\n",
    "1,0.5\n",
    "12,345,678\n",
    "12,345,678.5\n",
    "1, 2, 3\n",
    "1,2,\n",
    "1,,3\n",
    "0,nan,5\n1,2,5\n",
    "a,b,c\n1,2.5,-3\n",
    "\"1.5\",\"2.5\",\"7\"\n",
    "1;2,5\n",
    "1;2.5\n",
    "1\t2.5\t\n",
    "|1|2|\n",
    "[1, 2, 3]\n",
    "1,Boston,20\n",
    "t,name,v\n1,Boston,20\n",
    "12:30:01,5,7\n",
    "time,v\n2026-11-25 12:30:01,5\n",
    "time,v\n2026-11-25T12:30:01Z,5\n",
    "1764108000,5\n",
    "45%\n",
    "20.5 C\n",
    "5 V,3 A\n",
    "5V;3A\n",
    "5V 3A\n",
    "0A 1F\n",
    "a=1.5 b=2\n",
    "a=1.5, b=2\n",
    "a=1,b=2\n",
    "a = 1 b = 2\n",
    "a: 1.5, b: 2\n",
    "temp=20.5C hum=40%\n",
    "temp=20.5 C hum=40 %\n",
    "temp=  20.5 hum=   40\n",
    "A=1,2,3\n",
    "A=1, 2, 3\n",
    "acc: 0.1 0.2 9.8\n",
    "acc: 0.1 0.2 1764108000\n",
    "loss 4.21, time 120ms\n",
    "iter 10: loss 4.21, time 120ms\n",
    "Core 0: +45.0\u00B0C (high = +80.0\u00B0C)\n",
    "load average: 2.95, 1.65, 0.90\n",
    "a=45 Nov b=3\n",
    "a=13 PM b=3\n",
    "a=5:b=6\n",
    "rate=5/7 n=3\n",
    "x=5k y=3\n",
    "x=\"5\" y='3'\n",
    "x=(1 2) y=[3, 4]\n",
    "{\"a\":1.5,\"b\":2}\n",
    "{\"a\": 1.5, \"b\": -2, \"ok\": true, \"n\": null, \"s\": \"x y\"}\n",
    "{\"a\":[1,2,3],\"b\":{\"c\":4,\"d\":\"5\"}}\n",
    "{'a': 1.5, 'b': 2}\n",
    "{\"a\":1}{\"a\":2}\n",
    "[{\"a\":1},\n{\"a\":2},\n",
    "reading {\"a\":1.5}\n",
    "2026-11-25 12:30:01 INFO temp=5\n",
    "64 bytes from localhost (::1): icmp_seq=1 ttl=64 time=0.045 ms\n",
    "gpu0 45 60\n",
};

static int load_inputs(void **state)
{
  (void)state;
  static char bytes[INPUT_BYTES];
  DIR *folder = opendir(TEST_INPUTS);
  assert_non_null(folder);
  for (struct dirent *entry; (entry = readdir(folder)) && input_count < INPUTS_MAX / 2;) {
    char path[512];
    if (entry->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", TEST_INPUTS, entry->d_name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    add_input(entry->d_name, bytes, fread(bytes, 1, sizeof bytes, file));
    fclose(file);
  }
  closedir(folder);
  assert_true(input_count > 100);
  qsort(inputs, input_count, sizeof *inputs, by_name);
  for (size_t i = 0; i < sizeof further / sizeof *further; i++)
    add_input(further[i], further[i], strlen(further[i]));
  return 0;
}

static int free_inputs(void **state)
{
  (void)state;
  for (size_t i = 0; i < input_count; i++)
    free(inputs[i].bytes);
  return 0;
}

static const struct parser_options variants[] = {
    {.only = NULL},
    {.only = NULL},
    {.only = NULL},
    {.only = NULL},
    {.only = NULL},
    {.only = NULL},
    {.only = NULL},
    {.regular = true},
    {.separator = ','},
    {.separator = ';'},
    {.separator = ' '},
    {.separator = '\t'},
    {.comma = PARSER_COMMA_DECIMAL},
    {.comma = PARSER_COMMA_THOUSANDS},
    {.comma = PARSER_COMMA_SEPARATOR},
    {.only = "a,2,v,temp"},
    {.names = "x,,y,x"},
    {.key = "name"},
    {.skip = 2},
    {.time_column = "1"},
    {.terminal = true},
};

/* How much of all rows was taken by the quick road. */
static uint64_t rows_quick;
static uint64_t rows_all;

static void assert_same(const struct parser_options *options, const char *text, size_t length, const char *name,
                        struct cutting cutting)
{
  struct parser_options careful = *options;
  careful.careful = true;
  cutting.rows = true;
  struct transcript quick = transcript_run(options, text, length, cutting);
  struct transcript slow = transcript_run(&careful, text, length, (struct cutting){.step = 0});
  if (strcmp(quick.text, slow.text) != 0 || quick.counts.rows != slow.counts.rows ||
      quick.counts.samples != slow.counts.samples || quick.counts.numbers != slow.counts.numbers ||
      quick.counts.lines != slow.counts.lines || quick.counts.rejected != slow.counts.rejected) {
    size_t at = 0;
    while (quick.text[at] && quick.text[at] == slow.text[at])
      at++;
    while (at > 0 && quick.text[at - 1] != '\n')
      at--;
    print_error("%s, separator %d, comma %d\n--- input\n%.*s\n--- quick\n%.300s\n--- careful\n%.300s\n", name,
                options->separator, (int)options->comma, (int)length, text, quick.text + at, slow.text + at);
    fail();
  }
  rows_quick += quick.quick;
  rows_all += slow.counts.rows;
  free(quick.text);
  free(slow.text);
}

static void test_inputs_as_they_are(void **state)
{
  (void)state;
  for (size_t i = 0; i < input_count; i++)
    for (size_t v = 0; v < sizeof variants / sizeof *variants; v += SCALED(1, 6))
      assert_same(&variants[v], inputs[i].bytes, inputs[i].length, inputs[i].name, (struct cutting){.step = 0});
}

/* A row that is followed quickly, and one like it that is not, for each rule of quick_learn. */
static const struct {
  struct parser_options options;
  const char *row, *other, *end;
} traps[] = {
    /* A point tells what the comma of 1,234 is. */
    {.row = "a=5\n", .other = "a=7.5\n", .end = "a=1,234\n"},
    {.row = "5\n", .other = "7.5\n", .end = "1,234\n", .options = {.separator = ';'}},
    {.row = "5;6.5\n", .other = "7.5;1\n", .end = "1,234;1,234\n"},
    /* A plain number other than zero settles that there is no unit. */
    {.row = "a=0\n", .other = "a=5\n", .end = "a=5V\n"},
    {.row = "a=0.0\n", .other = "a=-0\n", .end = "a=5V\n"},
    {.row = "a=5V\n", .other = "a=0\n", .end = "a=5\n"},
    {.row = "a: 1 2 3\n", .other = "a: 1 2 1764108000\n", .end = ""},
    {.row = "a: 1 2 3\n", .other = "a: 1 1764108000 2\n", .end = ""},
    {.row = "a=45 Nov 2026 b=3\n", .other = "a=25 Nov 2026 b=3\n", .end = ""},
    {.row = "a=2345:30 b=3\n", .other = "a=12:30 b=3\n", .end = ""},
    {.row = "A=1000,2000,3000\n", .other = "A=1,200,300\n", .end = ""},
    {.row = "loss 4.21, time 120ms\n", .other = "loss4.21, time 120ms\n", .end = ""},
    {.row = "loss 4.21, time 120ms\n", .other = "loss   4.21, time 120ms\n", .end = ""},
    {.row = "temp= 20 hum= 40\n", .other = "temp=   120 hum=4\n", .end = ""},
    {.row = "100A 2A\n", .other = "1A 2A\n", .end = ""},
    {.row = "1000A 2000A\n", .other = "10 20\n", .end = "0A 1F\n"},
    {.row = "1000,2000,3000\n", .other = "1,200,300\n", .end = "1,2,3\n"},
    {.row = "1000.5,2.5\n", .other = "20,5\n", .end = "1.234,5\n"},
    {.row = "1000.5,2.5\n", .other = "1.234,5\n", .end = "1,2\n"},
    {.row = "1000.5,2.5\n", .other = "1,234.5\n", .end = "1,2\n"},
    {.row = "1000,2000,3000.5\n", .other = "1,200,300.5\n", .end = "1,2,3\n"},
    {.row = "5\n", .other = "\t7\n", .end = "5\t7\n"},
    {.row = "5\n", .other = " 7 \n", .end = "5 7\n"},
    {.row = "1 2\n", .other = "1\t2\n", .end = ""},
    {.row = "1\t2\n", .other = "1\t\t2\n", .end = ""},
    {.row = "1\t2\n", .other = "1\t2\t\n", .end = ""},
    {.row = "1,2\n", .other = "1,\t2\n", .end = "1 2\n"},
    {.row = "5\n", .other = "9.91e37\n", .end = "1e400\n"},
    {.row = "{\"a\":5,\"ok\":true}\n", .other = "{\"a\":5,\"ok\":false}\n", .end = "{\"a\":5,\"ok\":1}\n"},
    {.row = "{\"a\":5,\"b\":1}\n", .other = "{\"a\":5,\"b\":null}\n", .end = "{\"a\":5}\n"},
    {.row = "{\"a\":\n5}\n", .other = "5}\n", .end = "{\"a\":5}\n"},
    {.row = "{\"a\":5}\n", .other = "{\"a\":5},\n", .end = "{\"a\":5}{\"b\":6}\n"},
    {.row = "a=5 b=6\n", .other = "a=5 b=6 c=7\n", .end = "b=6\n"},
    {.row = "a=5 b=6\n", .other = "b=6\n", .end = "a=x b=6\n"},
};

static void test_traps(void **state)
{
  (void)state;
  enum { BEFORE = 40 }; /* so many that they are taken side by side */
  static char text[TEXT_BYTES];
  for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
    for (int before = 1; before <= BEFORE; before += SCALED(1, 13))
      for (int way = 0; way < 3; way++) { /* what is other at the end, in the middle, or again and again */
        size_t n = 0;
        for (int k = 0; k < 3 * before; k++)
          n += (size_t)snprintf(text + n, sizeof text - n, "%s",
                                (way == 1 && k == 2 * before) || (way == 2 && k % before == before - 1) ? traps[i].other
                                                                                                        : traps[i].row);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s%s", way == 0 ? traps[i].other : "", traps[i].row,
                              traps[i].end, traps[i].row);
        assert_same(&traps[i].options, text, n, traps[i].row, (struct cutting){.step = 0});
      }
}

static bool in_number(char c)
{
  return (c >= '0' && c <= '9') || c == '.';
}

/* A number like the one that is there: as many places, now and then longer or shorter, or with another sign. */
static size_t mild(struct random *r, const char *text, size_t length, char *out)
{
  const char *point = memchr(text, '.', length);
  int places = point ? (int)(text + length - point) - 1 : 0;
  double scale[] = {1, 9, 99, 999, 9999, 1e6};
  double value = random_unit(r) * scale[random_below(r, 6)];
  if (random_once_in(r, 5))
    value = 0;
  const char *sign = random_once_in(r, 8) ? "-" : "";
  return (size_t)snprintf(out, 40, "%s%.*f", sign, places, value);
}

/* Something that a careless reader would take for another number than it is, or for one. */
static size_t nasty(struct random *r, const char *text, size_t length, char *out)
{
  static const char *const forms[] = {"1e5",
                                      "1E-3",
                                      "+5",
                                      "5.",
                                      ".5",
                                      "007",
                                      "0",
                                      "-0",
                                      "1,234",
                                      "20,5",
                                      "1,234.5",
                                      "1e400",
                                      "9.91e37",
                                      "-9.91E37",
                                      "9e36",
                                      "5k",
                                      "5V",
                                      "5%",
                                      "5 V",
                                      "5 C",
                                      "nan",
                                      "",
                                      "-",
                                      "null",
                                      "1764108000",
                                      "2026",
                                      "12:30",
                                      "25 Nov",
                                      "5 PM",
                                      "0x1F",
                                      "1'234",
                                      "1.5.2",
                                      "\u22125",
                                      "1.7e308",
                                      "123456789012345678901",
                                      "5-6",
                                      "5/7",
                                      "1d3",
                                      "5e",
                                      "5 6",
                                      "\"5\"",
                                      "'5'",
                                      "(5)",
                                      "#5",
                                      "20.5 ",
                                      " 7",
                                      "\t7",
                                      "x",
                                      "true",
                                      "1_000",
                                      "1e-400",
                                      "0.12345678901234567",
                                      "999",
                                      "100",
                                      "5,",
                                      ",5",
                                      "5;",
                                      "12345678.5",
                                      "1.0",
                                      "- 5",
                                      "inf",
                                      "1764108000.5",
                                      "2026-11-25",
                                      "1.234,5",
                                      "5\u00A0000",
                                      "5\r",
                                      "5\0337",
                                      "e5",
                                      "1e+5",
                                      "1e",
                                      "0.",
                                      "-.5",
                                      "00:00:05",
                                      "a=5",
                                      "b: 6"};
  if (random_once_in(r, 12)) { /* one byte more or less */
    memcpy(out, text, length < 30 ? length : 30);
    size_t n = length < 30 ? length : 30;
    size_t at = random_below(r, n + 1);
    memmove(out + at + 1, out + at, n - at);
    out[at] = "0123456789.,-+eE %Vk:;/'\"\t"[random_below(r, 26)];
    return n + 1;
  }
  return (size_t)snprintf(out, 40, "%s", forms[random_below(r, sizeof forms / sizeof *forms)]);
}

/* A copy of the line with some of its numbers changed; returns its length. */
static size_t change(struct random *r, const char *line, size_t length, bool careless, char *out)
{
  size_t n = 0;
  for (size_t i = 0; i < length;) {
    size_t stop = i;
    while (stop < length && in_number(line[stop]))
      stop++;
    if (stop == i) {
      if (careless && random_once_in(r, 60))
        out[n++] = " \t,;:=\"'{}[]|-e0"[random_below(r, 17)];
      else if (careless && random_once_in(r, 60) && line[i] != '\n')
        i++;
      if (i < length)
        out[n++] = line[i++];
      continue;
    }
    bool name = i > 0 && ((line[i - 1] | 0x20) >= 'a' && (line[i - 1] | 0x20) <= 'z');
    if (careless && random_once_in(r, 3))
      n += nasty(r, line + i, stop - i, out + n);
    else if (!name && !random_once_in(r, 5))
      n += mild(r, line + i, stop - i, out + n);
    else {
      memcpy(out + n, line + i, stop - i);
      n += stop - i;
    }
    i = stop;
  }
  return n;
}

/* The input with one of its lines again and again, changed a little, and now and then a lot. */
static size_t make_text(struct random *r, const struct input *input, char *out)
{
  enum { COPIES = 24, LINE = 900 };
  size_t lines = 0;
  for (size_t i = 0; i < input->length; i++)
    lines += input->bytes[i] == '\n';
  size_t chosen = lines > 0 ? random_below(r, lines) : 0;
  unsigned careless = (unsigned)random_below(r, 4); /* none, or one copy in that many times three */
  size_t n = 0;
  const char *at = input->bytes;
  const char *end = at + input->length;
  for (size_t k = 0; at < end; k++) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const char *next = newline ? newline + 1 : end;
    memcpy(out + n, at, (size_t)(next - at));
    n += (size_t)(next - at);
    if (k == chosen && newline && next - at < LINE)
      for (int copy = 0; copy < COPIES; copy++)
        n += change(r, at, (size_t)(next - at), careless > 0 && random_once_in(r, UINT64_C(3) * careless), out + n);
    at = next;
  }
  return n;
}

/* After any number of rows that are never cut alike, alike ones soon take the quick road, and do so again after others. */
static void test_alike_after_unlike(void **state)
{
  (void)state;
  enum { UNLIKE = 700, ALIKE = 400, RUN = 40, LOST = 3 /* of a run: the one that is unlike, and those around it */ };
  static char text[TEXT_BYTES];
  size_t n = 0;
  for (int i = 0; i < UNLIKE + ALIKE; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "level=%s v=%d\n",
                          i < UNLIKE ? i % 2 ? "warn" : "info"
                          : i % RUN  ? "info"
                                     : "warn",
                          i);
  rows_quick = 0;
  assert_same(&variants[0], text, n, "alike after unlike", (struct cutting){.step = 0});
  assert_in_range(rows_quick, ALIKE - (1 << QUICK_PAUSE_BITS) - LOST * ALIKE / RUN, ALIKE);
}

static void test_inputs_changed(void **state)
{
  (void)state;
  static char text[TEXT_BYTES];
  const char *rounds = getenv("QUICK_ROUNDS");
  const char *seed = getenv("QUICK_SEED");
  struct random r = random_seeded(seed ? strtoull(seed, NULL, 10) : 5);
  rows_quick = 0;
  rows_all = 0;
  for (int round = 0; round < (rounds ? (int)strtol(rounds, NULL, 10) : SCALED(12, 1)); round++)
    for (size_t i = 0; i < input_count; i++) {
      const struct parser_options *options = &variants[random_below(&r, sizeof variants / sizeof *variants)];
      size_t length = make_text(&r, &inputs[i], text);
      struct cutting cutting = {.step = random_once_in(&r, 4) ? 1 + random_below(&r, 300) : 0};
      assert_same(options, text, length, inputs[i].name, cutting);
    }
  print_message("%llu of %llu rows by the quick road\n", (unsigned long long)rows_quick, (unsigned long long)rows_all);
  assert_true(rows_quick > rows_all / 8);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_inputs_as_they_are),
      cmocka_unit_test(test_traps),
      cmocka_unit_test(test_alike_after_unlike),
      cmocka_unit_test(test_inputs_changed),
  };
  return cmocka_run_group_tests(tests, load_inputs, free_inputs);
}
