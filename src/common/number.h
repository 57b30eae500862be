/*
 * Numbers in option arguments: checked whole, in range, in the C locale whatever the environment says.
 *
 * Each returns true and sets *value, or returns false and leaves it alone: empty text, text left over, not finite,
 * out of [low, high]. The caller says what would have been right. Pure, any thread.
 */
#ifndef COMMON_NUMBER_H
#define COMMON_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

bool number_double(const char *text, double low, double high, double *value);
bool number_int64(const char *text, int64_t low, int64_t high, int64_t *value);

/* The finite number that text starts with; *end is what follows it, "ms" in "12.3ms". */
bool number_prefix(const char *text, const char **end, double *value);

/* "LO:HI", both finite, LO < HI. */
bool number_range(const char *text, double *low, double *high);

#endif
