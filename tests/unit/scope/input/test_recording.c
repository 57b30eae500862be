/* Reading a recording back: the rows that were recorded, bit for bit, however the bytes are cut, and damage that is named. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "random.h"
#include "scale.h"
#include "scope/input/record.h"
#include "scope/input/recording.h"

static const struct time_base by_number = {.kind = TIME_NUMBER};
static const struct time_base by_clock = {.kind = TIME_STATED, .wall_ns = 1700000000000000000};

/* All events as text, a line each. */
struct told {
  size_t length;
  char text[1 << 16];
};

static void tell(struct told *told, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell(struct told *told, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int n = vsnprintf(told->text + told->length, sizeof told->text - told->length, format, arguments);
  va_end(arguments);
  assert_true(n >= 0 && told->length + (size_t)n < sizeof told->text);
  told->length += (size_t)n;
}

static void drain(struct recording *r, struct told *told)
{
  struct recording_event e;
  for (;;) {
    switch (recording_next(r, &e)) {
    case RECORDING_MORE:
      return;
    case RECORDING_REJECT:
      tell(told, "line %d '%s' %s\n", (int)e.line, e.text, e.why);
      break;
    case RECORDING_ROW:
      tell(told, "%lld:", (long long)e.time);
      for (size_t i = 0; i < e.count; i++)
        tell(told, " %s=%.17g%s", recording_channel_name(r, e.channel[i]), e.value[i],
             recording_channel_unit(r, e.channel[i]));
      tell(told, "\n");
    }
  }
}

/* What comes of a text that is fed in pieces of up to `most` bytes. */
static const char *read_all(const struct time_base *base, const char *only, const char *text, size_t most)
{
  static struct told told;
  struct random random = random_seeded(most);
  struct recording *r = recording_new(base, only);
  assert_non_null(r);
  told.length = 0;
  told.text[0] = '\0';
  for (size_t at = 0; text[at];) {
    size_t n = (size_t)random_below(&random, most) + 1;
    n = n < strlen(text + at) ? n : strlen(text + at);
    char *piece = malloc(n); /* so that a sanitizer sees a look beyond it */
    memcpy(piece, text + at, n);
    recording_feed(r, piece, n);
    drain(r, &told);
    free(piece);
    at += n;
  }
  recording_end(r);
  drain(r, &told);
  recording_free(r);
  return told.text;
}

static void expect(const struct time_base *base, const char *only, const char *text, const char *events)
{
  static const size_t pieces[] = {1, 2, 7, 50, 100000};
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
    assert_string_equal(read_all(base, only, text, pieces[i]), events);
}

static void rows_come_back(void **state)
{
  (void)state;
  expect(&by_number, NULL, RECORD_HEADER "0,a,1\n0,b,nan\n1,a,-0.5\n1,b,1e+300\n3,b,0x1p-3\n",
         "0: a=1 b=nan\n1000000: a=-0.5 b=1.0000000000000001e+300\n3000000: b=0.125\n");
  expect(&by_clock, NULL,
         RECORD_HEADER "1700000000.000000000,\"a, \"\"b\"\"\",7\n1700000000.000000000,\"a, \"\"b\"\"\",8\n"
                       "1700000001.000000001,c d,9\n",
         "0: a, \"b\"=7\n0: a, \"b\"=8\n1000000001: c d=9\n");
}

static void one_after_the_other(void **state)
{
  (void)state;
  expect(&by_number, NULL, RECORD_HEADER "0,a,1\n" RECORD_HEADER "\r\n1,a,2\r\n", "0: a=1\n1000000: a=2\n");
}

static void some_channels_only(void **state)
{
  (void)state;
  expect(&by_number, "b,load", RECORD_HEADER "0,a,1\n0,b,2\n0,cpu load,3\n1,a,4\n", "0: b=2 cpu load=3\n");
}

static void units_stand_in_brackets(void **state)
{
  (void)state;
  expect(&by_number, NULL,
         RECORD_HEADER "0,temp [\302\260C],1\n0,a [b] [ms],2\n0,\"p, [kPa]\",3\n1,temp [\302\260C],4\n",
         "0: temp=1\302\260C a [b]=2ms p,=3kPa\n1000000: temp=4\302\260C\n");
  /* No unit, nothing before it, no blank before it, something behind it, nothing in it. */
  expect(&by_number, NULL,
         RECORD_HEADER "0,a [left],1\n0, [V],2\n0,c[V],3\n0,d [V]s,4\n0,e [],5\n0,f [V,6\n0,[,7\n0,],8\n",
         "0: a [left]=1  [V]=2 c[V]=3 d [V]s=4 e []=5 f [V=6 [=7 ]=8\n");
  /* Two that differ by their unit remain two, with names of their own. */
  expect(&by_number, NULL, RECORD_HEADER "0,t [ms],1\n0,t [V],2\n1,t [V],3\n1,t [ms],4\n",
         "0: t=1ms t [V]=2\n1000000: t [V]=3 t=4ms\n");
  expect(&by_number, "t,p [V]", RECORD_HEADER "0,t [ms],1\n0,o [V],2\n0,p [V],3\n", "0: t=1ms p=3V\n");
}

static void damage(void **state)
{
  (void)state;
  expect(&by_number, NULL, RECORD_HEADER "0,a,1\n1,a,12",
         "0: a=1\nline 3 '1,a,12' is half a line: the recording was cut here\n");
  expect(&by_number, NULL, RECORD_HEADER "5,a,1\n4,a,2\n6,a,\n7,a\nx,a,1\n8,a,1 \n5,a,3\n",
         "line 3 '4,a,2' goes back in time\nline 4 '6,a,' has no number\nline 5 '7,a' is no line of a recording\n"
         "line 6 'x,a,1' is no line of a recording\nline 7 '8,a,1 ' has no number\n5000000: a=1\n5000000: a=3\n");
  expect(&by_number, NULL, RECORD_HEADER "0,\"a,1\n", "line 2 '0,\"a,1' is no line of a recording\n");
  static char long_line[3000];
  memset(long_line, '1', sizeof long_line - 2);
  long_line[sizeof long_line - 2] = '\n';
  assert_non_null(strstr(read_all(&by_number, NULL, long_line, 100), "is no line of a recording"));
}

/* Any bytes: no crash, and what is accepted is in order. */
static void any_bytes(void **state)
{
  (void)state;
  struct random random = random_seeded(4);
  static const char letters[] = "0123456789.,,,\"\n\n-abe nan";
  for (int round = 0; round < SCALED(3000, 300); round++) {
    char text[400];
    size_t n = (size_t)random_below(&random, sizeof text - 1);
    for (size_t i = 0; i < n; i++)
      text[i] = letters[random_below(&random, sizeof letters - 1)];
    text[n] = '\0';
    char whole[sizeof text];
    snprintf(whole, sizeof whole, "%s", text);
    static char first[1 << 16];
    snprintf(first, sizeof first, "%s", read_all(&by_number, NULL, whole, 1));
    assert_string_equal(first, read_all(&by_number, NULL, whole, 1000));
  }
}

static void recognised(const char *text, bool is_one, enum time_base_kind kind, int64_t wall_ns)
{
  struct time_base base = {.kind = TIME_ARRIVAL, .wall_ns = 1};
  const int fd = memfd_create("recording", MFD_CLOEXEC);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  lseek(fd, 0, SEEK_SET);
  assert_int_equal(recording_recognise(fd, &base), is_one);
  assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
  if (is_one) {
    assert_int_equal(base.kind, kind);
    assert_int_equal(base.wall_ns, wall_ns);
  }
  close(fd);
}

static void known_by_its_header(void **state)
{
  (void)state;
  recognised(RECORD_HEADER "0,a,1\n", true, TIME_NUMBER, 1);
  recognised(RECORD_HEADER "0.125000000,a,1\n", true, TIME_STATED, 0);
  recognised(RECORD_HEADER "1700000000.123456789,a,1\n", true, TIME_STATED, 1700000000123456789);
  recognised(RECORD_HEADER, true, TIME_STATED, 0);
  recognised("time,channel,values\n", false, TIME_STATED, 0);
  recognised("time,channel", false, TIME_STATED, 0);
  recognised("", false, TIME_STATED, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_come_back),
      cmocka_unit_test(one_after_the_other),
      cmocka_unit_test(some_channels_only),
      cmocka_unit_test(units_stand_in_brackets),
      cmocka_unit_test(damage),
      cmocka_unit_test(any_bytes),
      cmocka_unit_test(known_by_its_header),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
