/*
 * A double as decimal text that reads back as the same double, bit for bit, in as few digits as will do: what came as
 * `21.5` leaves as `21.5`. The C locale's point whatever the locale. Some 30 ns, as a recording is to keep up with
 * whatever comes. Pure; any thread.
 */
#ifndef SCOPE_EXACT_H
#define SCOPE_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXACT_TEXT_MAX = 40 };

/* Writes the text, NUL-terminated; its length. "nan" for NaN; below 1e-291 always 17 digits. */
size_t exact_text(double value, char text[EXACT_TEXT_MAX]);

/* Nanoseconds as seconds with nine decimals: "-0.000000001". */
size_t exact_seconds(int64_t ns, char text[EXACT_TEXT_MAX]);

#endif
