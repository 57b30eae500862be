/*
 * --record FILE: the sink that keeps every accepted sample as a line of CSV, "time,channel,value" after a header of these
 * words. Values read back bit for bit. The time is in Unix seconds with nine decimals where time 0 is known on that
 * clock, else in seconds of the axis; where the sample number is the time it is that number.
 *
 * During an arrival lines are put together in memory; at its end they leave by write(2), in pieces of whole rows, each
 * through the gate of record_gate.h. A piece that fails (a full disk) is taken back to its last whole byte of the piece
 * before, and its rows are lost: counted, said when that begins and ends (of what comes within two seconds once), and said
 * again at the end. Each further piece is tried. A disk that is slow makes the reader wait, and so the producer.
 *
 * A FIFO or a device is written as it is; after a stop it may take nothing for RECORD_LAST_MS once, and what comes behind
 * that is lost and counted.
 */
#ifndef SCOPE_RECORD_H
#define SCOPE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/input/remarks.h"
#include "scope/input/sink.h"
#include "scope/stream/time_base.h"

enum { RECORD_LAST_MS = 100 };

#define RECORD_HEADER "time,channel,value\n"

struct record;

/*
 * Creates the file, or takes an empty one, and writes the header. A file that is not empty is refused, and one that
 * somebody else records to; so is one of the open files of `others`, ended by -1 (the input, or standard output with
 * --tee). name is borrowed. NULL after a message. Main thread.
 */
struct record *record_open(const char *name, const int *others);

/* Reader thread, before the first row. All is borrowed. The sink lives as long as the record. */
struct sink *record_begin(struct record *record, const struct time_base *base, struct remarks *remarks, int stop_fd);

/* Time 0 in nanoseconds since 1970, or since midnight, where the base does not say it. Before the rows that it holds for. */
void record_time_zero(struct record *record, int64_t ns);

/* Rows that are missing in the file so far. */
uint64_t record_lost(const struct record *record);

/* Reader thread, or main while there is none. NULL is fine. */
void record_free(struct record *record);

#endif
