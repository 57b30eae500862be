/*
 * Bytes in, rows out: the reader of rows (product page, "Input"; doc/reading.md tells how it decides).
 *
 * It knows the stream's separator, its tables and its channels, holds back what is undecided (at most 32 lines; of a
 * regular file the first 64 KiB), and decides nothing for ever. Resumable at every byte: how the input is cut into
 * pieces never changes what comes out. No I/O; nothing is allocated after parser_new (some 13 MiB of address space, of
 * which a stream of ordinary lines touches a fraction of a mebibyte). One thread at a time (the reader's).
 *
 *     parser_feed(p, bytes, n, stamp);
 *     for (;;) switch (parser_next(p, &event)) { ... case PARSER_MORE: feed again; }
 *     half a second after parser_held said so: parser_decide(p), then parser_next until PARSER_MORE.
 *     at the end of input: parser_end(p), then parser_next until PARSER_MORE.
 */
#ifndef SCOPE_PARSER_H
#define SCOPE_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scope/input/parser_types.h"

struct parser;

struct parser *parser_new(const struct parser_options *options); /* NULL when out of memory */
void parser_free(struct parser *p);                              /* NULL is fine */

/* bytes are borrowed until parser_next returns PARSER_MORE, which must come before the next parser_feed. */
void parser_feed(struct parser *p, const char *bytes, size_t length, int64_t stamp);

/*
 * No more bytes: a last line without an end is a line, and what is held is decided. (A FIFO whose writer left may be fed
 * again afterwards.)
 */
void parser_end(struct parser *p);

enum parser_kind parser_next(struct parser *p, struct parser_event *event);

/* Whether lines are held back; *stamp is then that of the oldest. */
bool parser_held(const struct parser *p, int64_t *stamp);

/* The time for holding back is over: what is held comes out of the next calls of parser_next. */
void parser_decide(struct parser *p);

/*
 * Key Del: forgets separator, names, kinds and channels, and what is held; lines go on being counted. The channels that
 * come from here on are of a new generation.
 */
void parser_reset(struct parser *p);

/*
 * The quick road: rows that are cut like the one before are taken many at a time, as columns.
 *
 * parser_row_channels says which channels the rows that may come next have, 0 when parser_next is needed; valid until the
 * next call. parser_rows takes as many of them as come, whole in what was fed, at most max: value i of row k goes to
 * column[i][k]; behind the rows taken the columns are undefined. The first has data row number *index, the others follow
 * without a hole. Returns how many, 0 when the next line needs parser_next (which also makes progress where this does not).
 * Rows come out as parser_next would give them.
 */
size_t parser_row_channels(const struct parser *p, const uint8_t **channel);
size_t parser_rows(struct parser *p, double *const *column, size_t max, uint64_t *index);

/*
 * Channels that have appeared so far, in order of first appearance; their names never change once there and can be
 * shown (valid UTF-8, no control characters). The path is the whole one of a JSON value, else the name. The unit is
 * that of the values as they come out, "" for none or not known yet.
 */
size_t parser_channels(const struct parser *p);
const char *parser_channel_name(const struct parser *p, size_t channel);
const char *parser_channel_path(const struct parser *p, size_t channel);
const char *parser_channel_unit(const struct parser *p, size_t channel);

/*
 * Names of --only that never came, separated by commas and blanks, and names that did come, into text; false when all
 * came. For the end of input and, live, after a while.
 */
bool parser_missing(const struct parser *p, char *text, size_t size);

/* Whether --key was given, and no row had it: such rows are passed over. */
bool parser_key_missing(const struct parser *p);

/* Whether no row had a column or label of options.time_column. */
bool parser_time_missing(const struct parser *p);

/* The first line that was not accepted and why, as a message would say it; "" when there is none. */
const char *parser_first_refused(const struct parser *p);

struct parser_counts parser_counts(const struct parser *p);

#endif
