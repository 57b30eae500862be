/*
 * The units that numbers may carry (the manual lists them), and which of them differ by a prefix alone.
 *
 * Pure; texts are borrowed and need not be terminated.
 */
#ifndef SCOPE_UNITS_H
#define SCOPE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text is in the table: with an SI or binary prefix where the unit takes one, with /s and the like behind it. */
bool unit_known(const char *text, size_t length);

/*
 * Whether text may be a unit behind a label: it starts with a letter, `%`, `°`, `µ`, `Ω` or another byte that is not
 * ASCII, and has no digit but a last 2 or 3.
 */
bool unit_shaped(const char *text, size_t length);

/*
 * Whether a value in unit `other` can be turned into one of unit `first`, because only an SI or binary prefix differs:
 * value * *times / *by. Equal units give 1 and 1.
 */
bool unit_ratio(const char *first, size_t first_length, const char *other, size_t other_length, double *times,
                double *by);

/*
 * Whether text is a unit that SI prefixes may stand before, in thousands of it: *prefix bytes are its own one, which is for
 * 10^*exponent. So m/s and kB, but not cm, KiB, km/h or %, nor what is no known unit.
 */
bool unit_takes_si(const char *text, size_t length, size_t *prefix, int *exponent);

/* The power of ten of a bare k, M, G, T or P; 0 for anything else. */
int unit_multiplier(const char *text, size_t length);

#endif
