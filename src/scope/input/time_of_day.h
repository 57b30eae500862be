/*
 * A time of day as it stands by itself or behind a date, in any usual form: 10:00, 10:00:00.123, 10:00:00,123,
 * 08.00.00, 9:30:00 PM, top's 2:05.37 (minutes and seconds), ps's 1-10:00:00 (days), ISO 8601's basic 100000; a zone
 * may stand behind it, as an offset or as one of the names that are common in logs.
 *
 * Times are nanoseconds since midnight UTC: what names no zone is taken as UTC. They are below 0 or above a day where
 * the zone says so, or where elapsed time is meant (100:00:00). A fraction is cut at nanoseconds. Pure.
 */
#ifndef SCOPE_TIME_OF_DAY_H
#define SCOPE_TIME_OF_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/input/scan.h"

/* Whether a time of day stands next rather than a date: cheap, and true of some texts that are none (10:99). */
bool time_of_day_begins(const struct scan *s);

/* Takes one with signs between its parts, and its zone. Where there is none, the scan is no longer good. */
int64_t time_of_day_take(struct scan *s);

/* The same for ISO 8601's basic form, 100000 or 1000: only the date before it tells it from a number. */
int64_t time_of_day_take_basic(struct scan *s);

#endif
