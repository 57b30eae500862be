/*
 * A walk over a line in search of labels: what labels.c (where labels are), label_words.c (words with a sign that are
 * none), label_value.c (what stands behind them) and pairs.c share. Everybody else uses labels.h.
 */
#ifndef SCOPE_LABEL_WALK_H
#define SCOPE_LABEL_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/byte.h"
#include "scope/input/label_rules.h"
#include "scope/input/named.h"

enum { LABEL_LENGTH_MAX = 1024 /* bytes of a label; what is longer is none */ };

/* A walk over a line, or over what stands in brackets in it. */
struct walk {
  const struct label_rules *rules;
  struct named_list *list;
  const char *at;
  const char *end;      /* of what is walked over */
  const char *line_end; /* of the line */
  const char *segment;  /* from here on words may belong to a label */
  bool after_time;      /* of the words in the segment only the last does */
  bool inside;          /* in brackets */
  bool of_log;          /* the label at hand stands behind a time: it may be the name of a program */
  const char *word;     /* the word that end_of_word found last, and its end: a long one is gone through once */
  const char *word_end;
};

static inline bool byte_separates(const struct label_rules *rules, char c)
{
  return c == ',' || c == ';' || c == '|' || (rules->separator && c == rules->separator && !byte_is_blank(c));
}

static inline bool byte_is_sign(char c)
{
  return c == '=' || c == ':';
}

static inline bool byte_opens(char c)
{
  return c == '(' || c == '[' || c == '{';
}

static inline bool byte_closes(char c)
{
  return c == ')' || c == ']' || c == '}';
}

/* Goes on to the end of what is walked over and adds all labels to the list. */
void label_walk(struct walk *w, int nesting);

/* What stands behind the sign of a label. Always moves on. */
void label_read_value(struct walk *w, const char *sign, const char *name, size_t length);

/* The sign that ends the label in the word [at, stop): its first `=`, else its first `:`; NULL when there is none. */
const char *label_find_sign(const char *at, const char *stop);

/* Whether a sign stands next, so that the word before it is a label and no unit or value. */
bool label_sign_follows(const char *at, const char *end);

/* Bytes in hexadecimal, three or more with a colon between: a hardware address, whose last byte is no value. */
bool label_is_address(const char *at, const char *stop);

/*
 * Whether what stands between at and the sign is a file of source and the digits behind it a line, `train.py:88` or
 * `solver.cpp:218]`: where a message came from. `lab.c:21` may be degrees.
 */
bool label_is_place_in_source(const struct walk *w, const char *at, const char *sign);

/* How commas are read behind a label. */
int label_comma_flags(const struct walk *w);

void label_add_number(struct walk *w, const char *name, size_t length, uint32_t part, enum number_kind kind,
                      const struct number_text *number, const char *text, const char *end);

#endif
