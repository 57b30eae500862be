/*
 * The channels: which there are, what they are called, in which unit their values come out, and which the user asked for.
 *
 * A channel is its name: the same name is the same channel, wherever it comes from. Names can be shown (valid UTF-8, no
 * control characters, below CHANNEL_NAME_MAX bytes). Nothing is ever removed but by names_reset. The parser's thread.
 */
#ifndef SCOPE_NAMES_H
#define SCOPE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/number_text.h"
#include "scope/input/parser_types.h"

enum {
  NAMES_UNKNOWN = -1,  /* not looked up yet, or no channel */
  NAMES_LEFT_OUT = -2, /* not among those of --only */
  NAMES_FULL = -3,     /* would be one more than CHANNELS_MAX */
  NAMES_TIME = -4,     /* the time column: not plotted */
  NAMES_KEY = -5,      /* the key: not plotted */
  NAMES_UNIT_MAX = CHANNEL_UNIT_MAX,
  NAMES_PATHS = 1024, /* JSON paths that are told apart */
  NAMES_SEEN = 12,    /* names kept to be listed beside those that never came */
};

struct channel {
  char name[CHANNEL_NAME_MAX];
  char path[CHANNEL_NAME_MAX];
  char unit[NAMES_UNIT_MAX]; /* of the first value that had one */
  size_t unit_length;
  bool has_unit;
  bool began;              /* a value came */
  bool bare;               /* ... without a unit, other than zero, before any with one */
  bool unit_noted;         /* another unit was said */
  enum number_comma comma; /* what a comma is in its numbers: ABSENT as long as that is open */
  bool listed;             /* a comma behind its numbers separated */
  bool pointed;            /* points group the thousands of its numbers */
};

/* Rows of labels mostly repeat: the k-th label of a row is first compared with the k-th of the row before. */
struct names_guess {
  char label[64];
  uint8_t length; /* 0: none */
  uint32_t part;
  int channel;
};

struct names {
  const struct parser_options *options;
  size_t count;
  bool full_noted;
  uint64_t only_came; /* a bit for each of the first 64 items of --only */
  bool key_came;      /* a row had the column or label of --key */
  size_t seen_count;
  char prefix[CHANNEL_NAME_MAX]; /* of --key: the row's key and a blank; "" for none */
  struct channel list[CHANNELS_MAX];
  struct names_guess guess[CHANNELS_MAX];
  char seen[NAMES_SEEN][64];
  size_t path_count;
  uint64_t path[NAMES_PATHS]; /* hashes of JSON paths, and of their last parts */
  uint64_t leaf[NAMES_PATHS];
};

void names_init(struct names *n, const struct parser_options *options);
void names_reset(struct names *n); /* forgets the channels */

/* The row's key, put before all names that follow; length 0 for none. */
void names_set_key(struct names *n, const char *key, size_t length);

/* The channel of a label; part as in struct named; place: how many labels stand before it in the row. */
int names_label(struct names *n, size_t place, const char *label, size_t length, uint32_t part);

/* The same for a JSON path, which counts as known once names_learn_path was called for it and all its neighbours. */
int names_path(struct names *n, size_t place, const char *path, size_t length, size_t leaf);
void names_learn_path(struct names *n, const char *path, size_t length, size_t leaf);

/*
 * The channel of a column, counted from 0, with its heading (length 0: none); number is 2 and up for one whose name other
 * columns have: name_2.
 */
int names_column(struct names *n, size_t column, const char *heading, size_t length, unsigned number);

/* The same if there is one already, else NAMES_UNKNOWN. */
int names_column_known(const struct names *n, size_t column, const char *heading, size_t length);

/* What a label, or a column with its heading, is besides a channel: NAMES_TIME, NAMES_KEY or NAMES_UNKNOWN. */
int names_role_of_label(const struct names *n, const char *label, size_t length);
int names_role_of_column(const struct names *n, size_t column, const char *heading, size_t length);

/* Which part of --time-column A+B it is, 0 or 1; -1: none. */
int names_time_part(const struct names *n, size_t column, const char *heading, size_t length);

/* The channel of this label or path if there is one already, else NAMES_UNKNOWN. */
int names_known(const struct names *n, const char *path, size_t length);

/* Whether channels are named by this key: `Swap` where there is `Swap total`. */
bool names_have_key(const struct names *n, const char *key, size_t length);

bool names_missing(const struct names *n, char *text, size_t size);

/*
 * Copies text so that it can be shown, as much as fits into size bytes with the NUL, never half a character: control
 * characters and bytes that are no UTF-8 come out as \xNN.
 */
void text_escape(char *out, size_t size, const char *text, size_t length);

/* Whether text has no control characters, and no more bytes that are no UTF-8 than a Latin-1 word has. */
bool text_is_text(const char *text, size_t length);

uint64_t text_hash(uint64_t hash, const char *text, size_t length); /* FNV-1a; begin with TEXT_HASH */
#define TEXT_HASH UINT64_C(14695981039346656037)

#endif
