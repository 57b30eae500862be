/*
 * What --sample plots of each run, and the numbers for it. Pure, but for last_number_read.
 */
#ifndef FORKER_SAMPLE_H
#define FORKER_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/terminal_text.h"

enum sample_kind {
  SAMPLE_OUT,    /* the last number that the command printed */
  SAMPLE_WALL,   /* ms from the call that started it to its end */
  SAMPLE_USER,   /* ms of processor time of its own, and of the children that it waited for */
  SAMPLE_SYS,    /* ms of processor time in the kernel */
  SAMPLE_MAXRSS, /* MiB of memory at most */
  SAMPLE_SPAWN,  /* ms from the call that started it to a successful exec */
};

enum { SAMPLE_KINDS = SAMPLE_SPAWN + 1 };

/* Those asked for, each once, in the order given. */
struct sample_list {
  enum sample_kind kinds[SAMPLE_KINDS];
  size_t count;
};

/* "wall,user". NULL, or the word that is wrong (a place in text; the empty word, too), also one that is there twice. */
const char *sample_parse(const char *text, struct sample_list *list);
bool sample_has(const struct sample_list *list, enum sample_kind kind);

/* A value for each kind; NAN where there is none. */
struct sample_values {
  double of[SAMPLE_KINDS];
};

struct sample_values sample_nothing(void);

enum { SAMPLE_LINE = 256 };

/* "wall:3.1 user:0.8\n" into text: numbers that read back to a microsecond, `out` to the last bit. Its length. */
size_t sample_line(const struct sample_list *list, const struct sample_values *values, char text[SAMPLE_LINE]);

/*
 * The last number in a stream of text, whatever pieces it comes in. Words are separated by blanks, line ends, commas,
 * semicolons, quotes, brackets, and movements of a terminal's cursor; other sequences for a terminal are taken out. Of a
 * word such as "load=0.5" or "load:0.5" what follows the sign counts. A word is a number as number_word.h has it. A word
 * longer than 63 bytes is none.
 */
struct last_number {
  double value; /* NAN: none yet */
  struct terminal_text terminal;
  size_t length;
  char word[64];
};

void last_number_init(struct last_number *last);
void last_number_feed(struct last_number *last, const char *data, size_t length);

/* Feeds what fd (non-blocking) holds now. True at the end, when all who had the other end have closed it. */
bool last_number_read(struct last_number *last, int fd);

/* After the last piece: the word at the very end counts, too. */
double last_number_end(struct last_number *last);

#endif
