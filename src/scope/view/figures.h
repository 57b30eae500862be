/*
 * Numbers as text: SI prefixes, a true minus sign (U+2212, as wide as a plus), the C locale's point whatever the locale.
 * Pure; any thread.
 */
#ifndef SCOPE_FIGURES_H
#define SCOPE_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

enum {
  FIGURE_TEXT_MAX = 40,
  FIGURE_DIGITS_MAX = 48, /* bytes of the digits of a number, NUL included */
};

/* U+2212: as wide as a plus, unlike the hyphen. */
#define FIGURE_MINUS "\xE2\x88\x92"

/*
 * A number for a read-out in `digits` significant digits with an SI prefix: "24.37M", "−3.142", "12.50µ", "0"; "–" for
 * NaN, "∞".
 */
void figure_number(double value, int digits, char text[FIGURE_TEXT_MAX]);

/*
 * A number for a table, beside others of which the largest magnitude is `scale`: with the prefix and decimals that give
 * `scale` so many significant digits, so that they can be compared at a glance. What is less than a thousandth of it has
 * three digits and a prefix of its own; what is nothing but rounding noise reads "0".
 */
void figure_readout(double value, double scale, int digits, char text[FIGURE_TEXT_MAX]);

/* The shortest decimal text that strtod reads back as the same double; "nan" for NaN. */
void figure_exact(double value, char text[FIGURE_TEXT_MAX]);

/* A count, exact as long as it has at most seven digits: "95", "9950", "24.37M". */
void figure_count(uint64_t count, char text[FIGURE_TEXT_MAX]);

/*
 * The pieces that labels are put together from. The power of ten of the SI prefix of a number whose first digit stands
 * at 10^power: 1 to 999 before the point; 0, none, for everyday numbers.
 */
int figure_prefix(int power);

/* Sign, digits with a point before the last `decimals` of them, and the prefix for the exponent. */
void figure_compose(bool negative, const char *digits, int decimals, int exponent, char text[FIGURE_TEXT_MAX]);

/* Keeps the digits of what printf wrote; the point is a comma in some locales. */
void figure_keep_digits(char *number);

/* value / 10^exponent, where 10^exponent may be out of a double's reach. */
double figure_scale_down(double value, int exponent);

#endif
