/*
 * What the command line asks of forker: a plain struct, filled before anything is started.
 */
#ifndef FORKER_SETTINGS_H
#define FORKER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/options.h"
#include "forker/sample.h"
#include "forker/spawn.h"

enum demo { DEMO_NONE, DEMO_ZOMBIE, DEMO_ORPHAN, DEMO_FORK };

/* The run that ends all. */
enum until { UNTIL_NONE, UNTIL_SUCCESS, UNTIL_FAILURE };

struct settings {
  int64_t interval_ns; /* of a demonstration: how long each state is held */
  int64_t every;       /* ticks from one run to the next */
  int64_t count;       /* ticks; 0: no end */
  int64_t jobs;        /* runs at once */
  int64_t timeout_ns;  /* 0: none */
  int64_t kill_after_ns;
  enum spawn_method method;
  const char *log; /* NULL when not given */
  struct sample_list sample;
  bool fail_fast;
  enum until until;
  bool align;         /* the grid, to whole multiples of the interval on the wall clock */
  bool summary_json;  /* the summary, else it is text */
  bool summary_asked; /* for in so many words: also with quiet */
  bool quiet;
  enum demo demo;
  char **command; /* NULL when not given; ends with NULL */
};

/* What holds when nothing is given; the interval depends on what is to be done. */
extern const struct settings settings_default;

/* The table behind the parser and --help. */
extern const struct options settings_options;

/* Fills *s, which borrows from argv. Stops at the first --help or --version. */
enum options_result settings_parse(struct settings *s, int argc, char **argv);

#endif
