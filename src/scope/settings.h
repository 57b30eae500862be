/*
 * What the command line asks of scope: a plain struct, filled without a window, a thread or a file being touched.
 */
#ifndef SCOPE_SETTINGS_H
#define SCOPE_SETTINGS_H

#include "common/options.h"
#include "scope/settings_state.h"

/* What holds when nothing is given. */
extern const struct settings settings_default;

/* The table behind the parser and --help. */
extern const struct options settings_options;

/* Fills *s, which borrows from argv. Stops at the first --help or --version. */
enum options_result settings_parse(struct settings *s, int argc, char **argv);

#endif
