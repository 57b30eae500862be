/*
 * What the files of a row share: row.c (which kind is it), row_named.c (values with names of their own), row_cells.c
 * (values in columns), row_notes.c (what is said of those), bars.c
 * (groups of columns). Everybody else uses reading.h.
 */
#ifndef SCOPE_ROW_PARTS_H
#define SCOPE_ROW_PARTS_H

#include "scope/input/reading.h"

/* The values of r->named, and those of r->cells, into the event. */
enum row_verdict row_take_named(struct reading *r, const struct look *look, const char *text, size_t length,
                                uint64_t line, struct parser_event *event);
enum row_verdict row_take_cells(struct reading *r, const struct look *look, const char *text, size_t length,
                                uint64_t line, struct parser_event *event);

/* As row_refuse, with another reason. */
void row_refuse_why(struct reading *r, struct parser_event *event, const char *text, size_t length, const char *why);

/* A cell or labelled text of the time column, and the row's time when all were added; false: the row is rejected. */
void row_add_time(struct reading *r, uint64_t line, const char *text, size_t length);
bool row_take_time(struct reading *r, uint64_t line, struct parser_event *event, const char *text, size_t length);

/*
 * Of the cells of the line that was looked at last: the first word behind a label that is known, where numbers should
 * be, `lab/temp ERR 1764064801`; NULL when there is none.
 */
const struct cell *row_word_behind_label(const struct reading *r);

/* Where bars set groups of columns apart: whether those of the row are as they are in the stream. */
bool row_has_groups(struct reading *r, const char *text, size_t length, uint64_t line);

/* Whether the line's first word is the name of a month or a day of the week, so that a date may follow. */
bool row_begins_with_name_of_date(const char *text, size_t length);

/* Each says its thing once: another width than the header's, several things told apart by a word, commas read one way;
   a cell between separators that is a number with an unknown unit, so that its column is skipped: 1234 ns/op. */
void row_note_width(struct reading *r, const struct table *t, const struct look *look, const char *text, size_t length,
                    uint64_t line);
void row_note_key(struct reading *r, struct table *t, const struct look *look, uint64_t line);
void row_note_unknown_unit(struct reading *r, const struct cell *cell, uint64_t line);
/* `Temperatur 21,5`, a word and its number: Temperatur 21 is 5 to some, Temperatur is 21.5 to others. */
void row_note_glued(struct reading *r, const char *text, size_t length, uint64_t line);
void row_note_commas(struct reading *r, const struct look *look, const char *text, size_t length, uint64_t line);

#endif
