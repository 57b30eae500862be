/*
 * How the labels of a line are to be read, as the stream's separator and the options have it.
 */
#ifndef SCOPE_LABEL_RULES_H
#define SCOPE_LABEL_RULES_H

#include <stdbool.h>

struct label_rules {
  char separator;   /* a byte that separates besides `,;|` and tabs; 0 for none */
  bool comma_never; /* --comma separator */
  bool comma_lists; /* a comma that could be decimal, or group thousands once, separates: the row says so elsewhere */
  int comma;        /* NUMBER_COMMA flags of --comma; 0: commas are judged one by one */
};

#endif
