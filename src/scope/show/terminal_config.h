/* How a terminal is to be drawn into. Plain data. */
#ifndef SCOPE_TERMINAL_CONFIG_H
#define SCOPE_TERMINAL_CONFIG_H

#include "scope/paint/theme.h"
#include "scope/show/talents.h"

struct terminal_config {
  enum terminal_kind kind; /* TERMINAL_ANY: the best that it can */
  const struct theme *theme;
  const char *greeting; /* numbers are typed on standard input, if that is this terminal; else NULL */
};

#endif
