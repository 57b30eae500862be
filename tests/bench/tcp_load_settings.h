/*
 * What tcp_load is told to do. Its options are in the table of tcp_load_settings.c, and so in tcp_load --help.
 */
#ifndef BENCH_TCP_LOAD_SETTINGS_H
#define BENCH_TCP_LOAD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct settings {
  struct sockaddr_storage address;
  socklen_t address_length;
  int64_t connections; /* INT64_MAX: no end */
  int64_t concurrent;
  int64_t before;
  int64_t after;
  int64_t expect;  /* -1: any but 0 */
  int64_t sources; /* 0: the kernel chooses */
  int64_t end_ns;  /* INT64_MAX: none */
  int64_t timeout_ns;
  int64_t trickle_ns; /* 0: reads what there is */
  int64_t silent_ns;  /* of a silent client */
  double rate;        /* 0: no limit */
  bool silent;
  bool until_refused;
};

/* Ends the program: after --help with status 0, after a usage message with status 2. */
struct settings settings_parse(int argc, char **argv);

#endif
