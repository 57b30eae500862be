#include "tcp_load_settings.h"

#include "common/clock.h"
#include "common/message.h"
#include "common/number.h"
#include "common/options.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* The order of the table below. */
enum option {
  CONNECTIONS,
  CONCURRENT,
  SECONDS,
  RATE,
  SEND_BEFORE,
  SEND_AFTER,
  EXPECT_BYTES,
  UNTIL_REFUSED,
  SILENT,
  TRICKLE,
  SOURCES,
  TIMEOUT,
  HELP
};

static const struct option_spec table[] = {
    [CONNECTIONS] = {"connections", "N", "this many clients in all (1000; without end with --seconds)", 'n'},
    [CONCURRENT] = {"concurrent", "N", "this many at once (32)", 'c'},
    [SECONDS] = {"seconds", "S", "no new clients after S seconds", 's'},
    [RATE] = {"rate", "HZ", "at most HZ new clients a second", 'r'},
    [SEND_BEFORE] = {"send-before", "BYTES", "each sends BYTES before it reads", 'b'},
    [SEND_AFTER] = {"send-after", "BYTES", "each sends BYTES after the reply: --expect-bytes, or end of file", 'a'},
    [EXPECT_BYTES] = {"expect-bytes", "N", "a whole reply has N bytes (any, but not 0)", 'e'},
    [UNTIL_REFUSED] = {"until-refused", NULL, "no new clients after the first refusal, which is no failure", 'u'},
    [SILENT] = {"silent", "S", "never read; close after S seconds (0: never)", 0},
    [TRICKLE] = {"trickle", "S", "read a byte every S seconds", 0},
    [SOURCES] = {"sources", "N", "clients come from 127.0.0.1 to 127.0.0.N in turn (IPv4 only)", 0},
    [TIMEOUT] = {"timeout", "S", "give a client up after S seconds (10)", 't'},
    [HELP] = {"help", NULL, "show this help and exit", 'h'},
    {NULL, NULL, NULL, 0},
};
static const struct options options = {
    .table = table,
    .usage = "[OPTION]... ADDRESS PORT",
    .summary = "Loads a TCP server on loopback that speaks first; SIGINT and SIGTERM: no new clients.",
};

static void parse_address(struct settings *set, const char *address, const char *port)
{
  int64_t number;
  if (!number_int64(port, 1, UINT16_MAX, &number)) {
    message_usage("port '%s' is not a number from 1 to 65535", port);
    exit(2);
  }
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)number)};
  if (inet_pton(AF_INET, address, &v4.sin_addr) == 1 && ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET) {
    memcpy(&set->address, &v4, sizeof v4);
    set->address_length = sizeof v4;
  } else if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr)) {
    memcpy(&set->address, &v6, sizeof v6);
    set->address_length = sizeof v6;
  } else {
    message_usage("address '%s' is neither in 127.0.0.0/8 nor ::1", address);
    exit(2);
  }
}

static bool apply_number(struct settings *set, int option, const char *text)
{
  static const struct {
    int64_t low;
    int64_t high;
  } range[] = {[CONNECTIONS] = {1, INT64_MAX}, [CONCURRENT] = {1, 1000000},     [SEND_BEFORE] = {0, INT64_MAX},
               [SEND_AFTER] = {0, INT64_MAX},  [EXPECT_BYTES] = {1, INT64_MAX}, [SOURCES] = {1, 254}};
  int64_t *const field[] = {
      [CONNECTIONS] = &set->connections, [CONCURRENT] = &set->concurrent, [SEND_BEFORE] = &set->before,
      [SEND_AFTER] = &set->after,        [EXPECT_BYTES] = &set->expect,   [SOURCES] = &set->sources};
  return number_int64(text, range[option].low, range[option].high, field[option]);
}

static bool apply_option(struct settings *set, int option, const char *text)
{
  double number = 0;
  switch ((enum option)option) {
  case UNTIL_REFUSED:
    set->until_refused = true;
    return true;
  case HELP:
    exit(options_help(&options, "tcp_load") ? 1 : 0);
  case SECONDS:
  case RATE:
  case SILENT:
  case TRICKLE:
  case TIMEOUT:
    if (!number_double(text, option == SILENT ? 0 : 1e-3, 1e6, &number))
      return false;
    if (option == RATE)
      set->rate = number;
    else if (option == SECONDS)
      set->end_ns = clock_now_ns() + (int64_t)(number * 1e9);
    else if (option == SILENT)
      set->silent_ns = (int64_t)(number * 1e9);
    else
      *(option == TRICKLE ? &set->trickle_ns : &set->timeout_ns) = (int64_t)(number * 1e9);
    set->silent |= option == SILENT;
    return true;
  case CONNECTIONS:
  case CONCURRENT:
  case SEND_BEFORE:
  case SEND_AFTER:
  case EXPECT_BYTES:
  case SOURCES:
    break;
  }
  return apply_number(set, option, text);
}

struct settings settings_parse(int argc, char **argv)
{
  struct settings set = {
      .concurrent = 32, .expect = -1, .end_ns = INT64_MAX, .timeout_ns = 10 * (int64_t)CLOCK_SECOND_NS};
  const char *argument;
  int operand = argc;
  int option;
  while ((option = options_next(&options, argc, argv, &argument, &operand)) >= 0) {
    if (!apply_option(&set, option, argument)) {
      message_usage("option '--%s': '%s' is not a number in range: %s", table[option].name, argument,
                    table[option].argument);
      exit(2);
    }
  }
  if (option == OPTIONS_ERROR)
    exit(2);
  if (argc - operand != 2) {
    message_usage("two operands are needed: ADDRESS PORT");
    exit(2);
  }
  parse_address(&set, argv[operand], argv[operand + 1]);
  if (set.connections == 0)
    set.connections = set.end_ns != INT64_MAX || set.until_refused || set.silent ? INT64_MAX : 1000;
  if (set.address.ss_family != AF_INET)
    set.sources = 0;
  return set;
}
