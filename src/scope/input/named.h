/*
 * Values that bring their own name: what labels.c finds in a labelled row, and json.c in an object.
 *
 * Texts point into the line or, for paths that had to be put together, into the list's own bytes. Nothing is allocated.
 */
#ifndef SCOPE_NAMED_H
#define SCOPE_NAMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/number_text.h"

enum {
  NAMED_MAX = 4096,    /* values of a row at most; what is beyond is noted */
  NAMED_BYTES = 262144 /* of paths put together */
};

enum named_kind {
  NAMED_NUMBER,
  NAMED_GAP,
  NAMED_TIME,
  NAMED_WORD,  /* a label with a text behind it: no value */
  NAMED_EMPTY, /* a label with nothing behind it but a separator: a gap */
  NAMED_BARE,  /* a label that stands before other labels: gpu 0: util=35% */
};

struct named {
  enum named_kind kind;
  bool path;        /* of JSON: its last part is a name where that is unique */
  bool column;      /* of an array: named as the column `part`, counted from 1 */
  bool listed;      /* the comma right behind it, and before a digit, separates */
  uint32_t leaf;    /* path only: where the last part begins in name */
  int8_t channel;   /* set when the row is taken: below 0 for none */
  uint32_t part;    /* 1, or the place of a further number behind the label */
  const char *name; /* without quotes around */
  size_t name_length;
  const char *text; /* the value as written */
  size_t length;
  struct number_text number; /* NUMBER and GAP */
};

struct named_list {
  size_t count;
  size_t values; /* of them NUMBER and GAP */
  bool full;     /* there were more */
  size_t used;   /* of bytes */
  struct named item[NAMED_MAX];
  char bytes[NAMED_BYTES];
};

static inline void named_clear(struct named_list *list)
{
  list->count = 0;
  list->values = 0;
  list->full = false;
  list->used = 0;
}

/* The next place in the list, zeroed but for the kind; NULL when it is full. */
static inline struct named *named_add(struct named_list *list, enum named_kind kind, const char *name, size_t length)
{
  if (list->count == NAMED_MAX) {
    list->full = true;
    return NULL;
  }
  struct named *item = &list->item[list->count++];
  *item = (struct named){.kind = kind, .name = name, .name_length = length, .channel = -1, .part = 1};
  list->values += kind == NAMED_NUMBER || kind == NAMED_GAP;
  return item;
}

#endif
