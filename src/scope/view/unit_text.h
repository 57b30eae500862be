/*
 * A unit beside its figures: never two prefixes. Where the unit takes SI prefixes, that of the figures and its own become
 * one: 15k of "ms" are 15 s, 15M of "B" are 15 MB. Where it takes none (%, °C, min, KiB, req/s), or where there is no such
 * prefix, that of the figures stays with them: 15k °C. Pure; any thread.
 */
#ifndef SCOPE_UNIT_TEXT_H
#define SCOPE_UNIT_TEXT_H

#include <stdbool.h>

#include "scope/view/figures.h"

enum { UNIT_TEXT_MAX = 40 };

/* Whether figures lose their prefix for 10^exponent to the unit, which then is text; else text is the unit as it came. */
bool unit_text(const char *unit, int exponent, char text[UNIT_TEXT_MAX]);

/* Whether the unit has an SI prefix of its own, so that figures with another one would mislead. */
bool unit_is_prefixed(const char *unit);

/* A figure with its unit behind a blank: "15k" and "ms" is "15 s"; the same figure where there is none ("" or NULL). */
void unit_with_figure(const char *figure, const char *unit, char text[FIGURE_TEXT_MAX]);

/* A figure without its prefix. */
void unit_strip_figure(char figure[FIGURE_TEXT_MAX]);

#endif
