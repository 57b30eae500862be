/* Addresses: what is taken from a person, what is shown, and which of them count as one source. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "timed/address.h"

static union address v4(const char *host, uint16_t port)
{
  union address address = {.v4 = {.sin_family = AF_INET, .sin_port = htons(port)}};
  assert_int_equal(inet_pton(AF_INET, host, &address.v4.sin_addr), 1);
  return address;
}

static union address v6(const char *host, uint16_t port, uint32_t scope)
{
  union address address = {.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_scope_id = scope}};
  assert_int_equal(inet_pton(AF_INET6, host, &address.v6.sin6_addr), 1);
  return address;
}

static void good_names(void **state)
{
  (void)state;
  static const struct {
    const char *text, *host;
    uint16_t port;
  } good[] = {
      {"80", "", 80},
      {":80", "", 80},
      {"*:80", "", 80},
      {"0", "", 0},
      {":0", "", 0},
      {"65535", "", 65535},
      {"127.0.0.1:80", "127.0.0.1", 80},
      {"0.0.0.0:0", "0.0.0.0", 0},
      {"localhost:55555", "localhost", 55555},
      {"a-b.example.org:1", "a-b.example.org", 1},
      {"[::1]:80", "::1", 80},
      {"[::]:80", "::", 80},
      {"[::ffff:192.0.2.1]:80", "::ffff:192.0.2.1", 80},
      {"[fe80::1%eth0]:80", "fe80::1%eth0", 80},
      {"[fe80::1%2]:65535", "fe80::1%2", 65535},
      {"[2001:db8:1:2:3:4:5:6]:7", "2001:db8:1:2:3:4:5:6", 7},
  };
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    struct address_name name;
    memset(&name, 'x', sizeof name);
    if (!address_parse(good[i].text, &name))
      fail_msg("%s was refused", good[i].text);
    assert_string_equal(name.host, good[i].host);
    assert_int_equal(name.port, good[i].port);
  }
}

static void bad_names(void **state)
{
  (void)state;
  static const char *const bad[] = {"",
                                    ":",
                                    "*",
                                    "*:",
                                    "[",
                                    "]",
                                    "[]",
                                    "[]:80",
                                    "[]:",
                                    "[::1]",
                                    "[::1]:",
                                    "[::1]80",
                                    "[::1]:80x",
                                    "[::1:80",
                                    "::1]:80",
                                    "::1",
                                    "::",
                                    "::1:80",
                                    "fe80::1:1",
                                    "1:2:80",
                                    "::80",
                                    "localhost",
                                    "localhost:",
                                    "127.0.0.1",
                                    "80:",
                                    "-1",
                                    ":-1",
                                    "+80",
                                    ":+80",
                                    " 80",
                                    ": 80",
                                    "80 ",
                                    ":80\n",
                                    "65536",
                                    ":65536",
                                    ":1e3",
                                    ":0x50",
                                    ":8.0",
                                    ":http",
                                    "a b:80",
                                    " :80",
                                    "\t:80",
                                    "a\x1B:80",
                                    "[::1 ]:80",
                                    "[*]:80",
                                    "[::*]:80",
                                    "**:80",
                                    "*.*:80",
                                    "[[::1]]:",
                                    "[[::1]]:80",
                                    "x[::1]:80",
                                    "[::1]x:80",
                                    "[host]:80",
                                    "[1.2.3.4]:80",
                                    "http://h:80",
                                    "h/24:80",
                                    "[::1]/64",
                                    "[::]/64:80",
                                    ":18446744073709551696",
                                    ":99999999999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct address_name name;
    if (address_parse(bad[i], &name))
      fail_msg("'%s' was taken as '%s' port %u", bad[i], name.host, name.port);
  }
}

/* The host has 255 bytes at most, and no byte is written behind them. */
static void long_names(void **state)
{
  (void)state;
  struct address_name name;
  char text[400];

  for (int length = 250; length < 300; length++) {
    memset(text, 'a', sizeof text);
    snprintf(text + length, sizeof text - (size_t)length, ":%d", length);
    assert_int_equal(address_parse(text, &name), length <= 255);
    if (length <= 255) {
      assert_int_equal(strlen(name.host), length);
      assert_int_equal(name.port, length);
    }
  }
}

static void names_become_addresses(void **state)
{
  (void)state;
  union address found[ADDRESS_RESOLVED];
  struct address_name name;
  int count = -1;

  assert_true(address_parse("127.0.0.1:80", &name));
  assert_int_equal(address_resolve(&name, found, &count), 0);
  assert_int_equal(count, 1);
  assert_int_equal(found[0].any.sa_family, AF_INET);
  assert_int_equal(found[0].v4.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
  assert_int_equal(address_port(&found[0]), 80);

  assert_true(address_parse("[::1]:0", &name));
  assert_int_equal(address_resolve(&name, found, &count), 0);
  assert_int_equal(count, 1);
  assert_true(IN6_IS_ADDR_LOOPBACK(&found[0].v6.sin6_addr));
  assert_int_equal(address_port(&found[0]), 0);

  assert_true(address_parse("[::ffff:127.0.0.1]:80", &name)); /* no address of an IPv6 socket of its own */
  assert_int_equal(address_resolve(&name, found, &count), 0);
  assert_int_equal(count, 1);
  assert_int_equal(found[0].any.sa_family, AF_INET);
  assert_int_equal(found[0].v4.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
  assert_int_equal(address_port(&found[0]), 80);

  assert_true(address_parse("4711", &name));
  assert_int_equal(address_resolve(&name, found, &count), 0);
  assert_in_range(count, 1, 2);
  for (int i = 0; i < count; i++) {
    assert_true(address_is_any(&found[i]));
    assert_int_equal(address_port(&found[i]), 4711);
  }
  if (count == 2)
    assert_int_not_equal(found[0].any.sa_family, found[1].any.sa_family);

  assert_false(address_parse("[::g]:1", &name));
  assert_false(address_parse("[:]:1", &name));
  assert_true(address_parse("[fe80::1%nosuch]:1", &name));
  assert_int_not_equal(address_resolve(&name, found, &count), 0);
}

static void equal_addresses(void **state)
{
  (void)state;
  const union address different[] = {v4("192.0.2.1", 80),      v4("192.0.2.2", 80),      v4("192.0.2.1", 81),
                                     v6("2001:db8::1", 80, 0), v6("2001:db8::2", 80, 0), v6("2001:db8::1", 81, 0),
                                     v6("fe80::1", 80, 1),     v6("fe80::1", 80, 2),     v4("0.0.0.0", 80),
                                     v6("::", 80, 0)};
  const size_t count = sizeof different / sizeof *different;
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < count; k++) {
      const union address copy = different[k];
      assert_true(address_equal(&different[i], &copy) == (i == k));
    }
}

static void parts_of_an_address(void **state)
{
  (void)state;
  union address address = v4("192.0.2.1", 513);
  assert_int_equal(address_length(&address), sizeof(struct sockaddr_in));
  assert_int_equal(address_port(&address), 513);
  address_set_port(&address, 0xABCD);
  assert_int_equal(address.v4.sin_port, htons(0xABCD));
  assert_false(address_is_any(&address));
  address = v4("0.0.0.0", 1);
  assert_true(address_is_any(&address));

  address = v6("::1", 513, 0);
  assert_int_equal(address_length(&address), sizeof(struct sockaddr_in6));
  assert_int_equal(address_port(&address), 513);
  address_set_port(&address, 0xABCD);
  assert_int_equal(address.v6.sin6_port, htons(0xABCD));
  assert_false(address_is_any(&address));
  address = v6("::", 1, 0);
  assert_true(address_is_any(&address));
}

static void assert_format(union address address, const char *expected)
{
  char text[ADDRESS_TEXT];
  memset(text, 'x', sizeof text);
  address_format(&address, text);
  assert_string_equal(text, expected);
}

static void addresses_as_text(void **state)
{
  (void)state;
  assert_format(v4("127.0.0.1", 40312), "127.0.0.1:40312");
  assert_format(v4("255.255.255.255", 65535), "255.255.255.255:65535");
  assert_format(v4("0.0.0.0", 0), "0.0.0.0:0");
  assert_format(v6("::1", 40312, 0), "[::1]:40312");
  assert_format(v6("::", 0, 0), "[::]:0");
  assert_format(v6("2001:db8:0:0:0:0:0:1", 80, 0), "[2001:db8::1]:80");
  assert_format(v6("::ffff:192.0.2.255", 80, 0), "192.0.2.255:80");
  assert_format(v6("::ffff:0.0.0.0", 80, 0), "0.0.0.0:80");
  assert_format(v6("::fffe:192.0.2.1", 80, 0), "[::fffe:c000:201]:80");

  /* With the name of the link, or its number when it has gone. */
  char name[IF_NAMESIZE];
  char expected[ADDRESS_TEXT];
  if (if_indextoname(1, name)) {
    snprintf(expected, sizeof expected, "[fe80::1%%%s]:80", name);
    assert_format(v6("fe80::1", 80, 1), expected);
  }
  assert_format(v6("fe80::1", 80, 4294967295), "[fe80::1%4294967295]:80");
  assert_format(v6("fe80:1111:2222:3333:4444:5555:6666:7777", 65535, 4294967295),
                "[fe80:1111:2222:3333:4444:5555:6666:7777%4294967295]:65535");
}

/* What is shown can be given back. */
static void text_goes_round(void **state)
{
  (void)state;
  const union address all[] = {v4("192.0.2.1", 1), v6("2001:db8::1", 65535, 0), v6("::", 0, 0), v6("fe80::1", 2, 1)};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    char text[ADDRESS_TEXT];
    char again[ADDRESS_TEXT];
    union address found[ADDRESS_RESOLVED];
    struct address_name name;
    int count;
    address_format(&all[i], text);
    assert_true(address_parse(text, &name));
    assert_int_equal(address_resolve(&name, found, &count), 0);
    assert_int_equal(count, 1);
    address_format(&found[0], again);
    assert_string_equal(again, text);
  }
}

static uint64_t source_of(union address address)
{
  return address_source(&address);
}

static void sources(void **state)
{
  (void)state;
  assert_true(source_of(v4("1.2.3.4", 5)) == 0x01020304);
  assert_true(source_of(v4("255.255.255.254", 5)) == 0xFFFFFFFE);
  assert_true(source_of(v4("192.0.2.1", 1)) == source_of(v4("192.0.2.1", 2)));
  assert_true(source_of(v4("192.0.2.1", 1)) != source_of(v4("192.0.2.2", 1)));
  assert_true(source_of(v6("::ffff:192.0.2.1", 1, 0)) == source_of(v4("192.0.2.1", 1)));

  assert_true(source_of(v6("2001:db8:1:2:3:4:5:6", 1, 0)) == UINT64_C(0x20010DB800010002));
  assert_true(source_of(v6("2001:db8:1:2::", 1, 0)) == source_of(v6("2001:db8:1:2:ffff:ffff:ffff:ffff", 9, 0)));
  assert_true(source_of(v6("2001:db8:1:2::1", 1, 0)) != source_of(v6("2001:db8:1:3::1", 1, 0)));
  assert_true(source_of(v6("::1", 1, 0)) == 0);
  assert_true(source_of(v4("0.0.0.1", 1)) == 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good_names),        cmocka_unit_test(bad_names),
      cmocka_unit_test(long_names),        cmocka_unit_test(names_become_addresses),
      cmocka_unit_test(equal_addresses),   cmocka_unit_test(parts_of_an_address),
      cmocka_unit_test(addresses_as_text), cmocka_unit_test(text_goes_round),
      cmocka_unit_test(sources),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
