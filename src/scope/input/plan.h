/*
 * What the files of the plan share: decide.c (headers, the order of steps), separator.c, bars.c, marks.c, gap_rows.c,
 * preamble.c, look_ahead.c.
 * Everybody else uses decide.h.
 */
#ifndef SCOPE_PLAN_H
#define SCOPE_PLAN_H

#include "scope/input/held.h"

/* Settles the separator by what is held; nothing when rows of one cell leave it open. */
void decide_separator(struct reading *r, struct held *h);

/*
 * Settles that blanks separate and bars set groups of columns apart, where more rows agree in that than `agreed`, those of
 * the best separator, and none is a row that bars separate. False when they do not.
 */
bool decide_bars(struct reading *r, const struct held *h, uint32_t agreed);

/*
 * Settles that blanks separate and bars are of words, as mongostat's `2|0` is: below a header between blanks that has none
 * they would leave cells of several numbers. For rows of which no separator makes any. False when they do not.
 */
bool decide_bar_words(struct reading *r, const struct held *h);

/* Whether the separator would cut the value of a label in two: `Sum: 1.234,5 kWh` is no row of two cells. */
bool decide_splits_values(struct reading *r, char separator, const char *text, size_t length);

/* Settles what a lone minus sign is where blanks separate, and a comma behind a time where commas do. */
void decide_marks(struct reading *r, const struct held *h);

/* Whether every comma stands in groups of exactly three, but for those of a remark in brackets: `(xfr#1, to-chk=0/1)`. */
bool decide_commas_group(const char *text, size_t length);

/* Whether rows are cells that are each a word and a number: r->pairs. last: no more lines are to come for now. */
void decide_pairs(struct reading *r, const struct held *h, bool last);

/* Finds rows of a table that have no number this time, but words: `,FAIL` below `21.5,OK`. They are data, and no header. */
void plan_gap_rows(struct reading *r, struct held *h);

/* Gives lines before the first table the role of a preamble; headers have theirs by then. */
void plan_preamble(struct reading *r, struct held *h);

/* Refuses rows of more words than numbers above all others, each like none, where no row is labelled. */
void plan_sentences(struct reading *r, struct held *h);

/* Refuses words and numbers that stand alone among labelled rows, where no table is. */
void plan_among_labels(struct held *h);

/*
 * Rows of words that are no header: before a table or labelled rows, and right above a header, they are a preamble, else
 * they are rejected.
 */
void plan_words(struct held *h, bool opening);

/* Lets the rows held tell of the commas and times of their columns before the first of them is read. */
void plan_look_ahead(struct reading *r, struct held *h);

#endif
