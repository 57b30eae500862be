/*
 * The parser's channels: which have appeared, what they are called, and which the user asked for.
 *
 * A channel has a name that can be shown: no control characters, valid UTF-8, below PARSE_NAME_MAX bytes. Names are
 * unique, so a name is the channel's identity. Nothing is ever removed. Used by the parser's thread only.
 */
#ifndef SCOPE_CHANNELS_H
#define SCOPE_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/parse.h"

enum {
  CHANNEL_NONE = -1,  /* not resolved yet */
  CHANNEL_ONLY = -2,  /* not among those of --only */
  CHANNEL_FULL = -3,  /* would be one more than CHANNELS_MAX */
  CHANNEL_WORDS = -4, /* a column of words under a header */
  CHANNEL_TIME = -5,  /* the time column: not plotted */
  CHANNEL_UNIT_MAX = 16,
};

struct channel {
  char name[PARSE_NAME_MAX];
  size_t column;               /* 1 and up when it belongs to a column, 0 for a label */
  char unit[CHANNEL_UNIT_MAX]; /* the first unit seen, cut */
  uint8_t unit_length;
  bool unit_seen; /* unit is set, or was seen to be absent with a value other than zero */
  bool unit_noted;
};

/* Rows of labels mostly repeat: the k-th label of a row is first compared with the k-th of the row before. */
struct channel_guess {
  char label[PARSE_NAME_MAX];
  uint8_t length; /* 0: none */
  int8_t channel;
};

struct channels {
  size_t count;
  const char *only;
  const char *names;
  const char *time_column;
  struct channel list[CHANNELS_MAX];
  struct channel_guess guess[CHANNELS_MAX];
};

/* The channel of the place-th label of a row, made when it is new: a number from 0, CHANNEL_ONLY, _FULL or _TIME. */
int channels_label(struct channels *c, size_t place, const char *label, size_t length);

/* Whether --time-column means this label. */
bool channels_time_label(const struct channels *c, const char *label, size_t length);

/* Whether --time-column means this column, by number or by name; arguments as for channels_column. */
bool channels_time_column(const struct channels *c, size_t column, const char *heading, size_t length);

/*
 * The channel of a column, counted from 0, made when it is new: a number from 0, CHANNEL_ONLY or CHANNEL_FULL.
 * heading is the column's name in the header, NULL or empty when it has none. Two columns never share a channel:
 * the second of a name gets its column number appended.
 */
int channels_column(struct channels *c, size_t column, const char *heading, size_t length);

#endif
