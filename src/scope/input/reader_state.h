/*
 * What the reader thread has, for the files behind reader.h: reader_thread.c (reads, duties, the end) and reader_rows.c (from
 * bytes to rows that are handed over). All of it is the thread's own.
 */
#ifndef SCOPE_READER_STATE_H
#define SCOPE_READER_STATE_H

#include "scope/input/handover.h"
#include "scope/input/parser.h"
#include "scope/input/reader.h"
#include "scope/input/remarks.h"
#include "scope/input/tee.h"

enum {
  READER_READ_BYTES = 128 * 1024, /* stays in the second-level cache while it is parsed */
  READER_REPORTS_MAX = 5,         /* rejected lines reported one by one */
};

/* Allocated once; a read that nothing ends keeps it for ever. */
struct reader {
  struct reader_config config;
  struct stream *stream;
  struct parser *parser;
  struct recording *recording; /* instead, with config.recording */
  struct remarks remarks;
  struct handover handover;
  struct tee tee;          /* with config.tee */
  int64_t zero_ns;         /* TIME_STATED by a column: of the first row; all others count from there */
  int64_t stated;          /* time of the last row then, -1 before the first */
  int64_t hold_until_ns;   /* the moment at which what the parser holds back is to be decided; 0: nothing is held */
  int64_t silent_until_ns; /* 0: something came, or it was remarked on that nothing did */
  int64_t only_until_ns;   /* the moment at which names that have not come are said; 0: it is not set */
  bool only_said;
  uint64_t reported;
  struct refusal { /* the last of an arrival, while nothing is accepted */
    uint64_t line; /* 0: none */
    char text[PARSER_TEXT_MAX + 1];
    char why[PARSER_WHY_MAX];
  } refusal;
  int crowded_reads;
  uint64_t reads;        /* that brought something, since the start or a clearing */
  uint64_t rows_cleared; /* rows before the first of these */
  bool hinted;
  bool in_rows; /* the last line was a row: the quick road is worth a try */
  bool failed;  /* the input could not be read on */
  char buffer[READER_READ_BYTES];
};

/* The time is in a column. */
bool reader_states_times(const struct reader *r);

/* Parses what stands in the buffer; n 0: the input ended here. */
void reader_parse(struct reader *r, size_t n);

/* Hands over what the parser has, to its end: a stop does not shorten it, or a row could be torn. */
void reader_parse_all(struct reader *r);

/* Everything parsed so far becomes visible. */
void reader_end_arrival(struct reader *r);

#endif
