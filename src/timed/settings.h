/*
 * What the command line asks of timed: a plain struct, filled without a socket being touched.
 */
#ifndef TIMED_SETTINGS_H
#define TIMED_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/options.h"
#include "timed/address.h"
#include "timed/reply.h"

enum { SETTINGS_LISTEN_MAX = 64 };

struct settings {
  struct address_name listen[SETTINGS_LISTEN_MAX];
  int listen_count; /* 0: nothing given, all addresses at port 55555 */
  struct reply_form form;
  bool udp;
  int64_t max_connections;
  int64_t max_per_source; /* 0: no limit */
  double stats_s;         /* period of the statistics; 0: none */
  bool stats_latency;     /* of percentiles, not of counts */
  bool stamp;
  bool quiet;
};

/* What holds when nothing is given. */
extern const struct settings settings_default;

/* The table behind the parser and --help. */
extern const struct options settings_options;

/* Fills *s, which borrows from argv. Stops at the first --help or --version. */
enum options_result settings_parse(struct settings *s, int argc, char **argv);

#endif
