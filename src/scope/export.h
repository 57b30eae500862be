/*
 * Key `e`: the samples in view as CSV, in the current directory, under a name of the moment. A large view takes a while:
 * it is written in slices, between which the window lives on. What comes meanwhile is not in view. Main thread.
 *
 * The header is "time" and the names of the channels that are switched on; a row has the samples of one time, a channel
 * without one an empty cell, a gap "nan". Times are seconds (or sample numbers), and all numbers read back exactly.
 * Where only minima and maxima of old samples are left, these are written.
 */
#ifndef SCOPE_EXPORT_H
#define SCOPE_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "scope/store/intake.h"
#include "scope/view/view.h"

struct export;

/* Begins with what the view shows now; the intake is borrowed. NULL with errno, and in any case the file's name. */
struct export *export_begin(const struct intake *intake, const struct view *view, time_t moment, char *name,
                            size_t size);

enum export_result { EXPORT_MORE, EXPORT_DONE, EXPORT_FAILED /* with errno; the file is gone */ };

/* Writes on, until it is done or the monotonic clock has passed deadline_ns. */
enum export_result export_step(struct export *e, int64_t deadline_ns);

/* NULL is fine. One that was not done takes its file away. */
void export_free(struct export *e);

#endif
