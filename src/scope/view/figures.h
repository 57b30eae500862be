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
  FIGURE_ENDLESS = 99,    /* decimals: more than can be told */
};

/* U+2212: as wide as a plus, unlike the hyphen. */
#define FIGURE_MINUS "\xE2\x88\x92"

/*
 * A number for a read-out in `digits` significant digits with an SI prefix: "24.37M", "−3.142", "12.50µ", "0"; "–" for
 * NaN, "∞".
 */
void figure_number(double value, int digits, char text[FIGURE_TEXT_MAX]);

/*
 * Decimals of the shortest decimal text that a number may have come as: 0 of 42, 3 of 0.044. FIGURE_ENDLESS of one that
 * has more than 15 digits, and so was computed rather than written down.
 */
int figure_decimals(double value);

/*
 * The form that a channel's numbers came in: the most decimals, and the most significant digits of those that any was
 * seen to have. Zeroed at first.
 */
struct figure_form {
  int decimals, digits;
};

void figure_form_note(struct figure_form *form, double value);

/* How the numbers of one channel are written: all with one prefix, and the mean with as many decimals more as it needs. */
struct figure_format {
  int exponent; /* of the prefix */
  int decimals, mean_decimals;
};

/*
 * Numbers as they came. What is endless or far too long has five digits, or as many as tell min from max; what came in
 * digits rather than decimals (%.6g) has no more of them than it came in. The prefix is that of the axis (`exponent`) where the numbers are
 * not smaller than that, else one of their own, or none. last, min, max may be NaN. Pure, and the same for the same
 * order of magnitude: a signal that wanders changes no format.
 */
void figure_format_choose(double last, double min, double max, const struct figure_form *form, int exponent,
                          struct figure_format *out);

/* A number with so many decimals behind the point, after the prefix is taken out; with its own from FIGURE_FIXED_MOST on. */
#define FIGURE_FIXED_MOST 1e15
void figure_fixed(double value, int exponent, int decimals, char text[FIGURE_TEXT_MAX]);

/* The shortest decimal text that strtod reads back as the same double; "nan" for NaN. */
void figure_exact(double value, char text[FIGURE_TEXT_MAX]);

/* A count, exact as long as it has at most seven digits: "95", "9950", "24.37M". */
void figure_count(uint64_t count, char text[FIGURE_TEXT_MAX]);

/*
 * The pieces that labels are put together from. The power of ten of the SI prefix of a number whose first digit stands
 * at 10^power: 1 to 999 before the point; 0, none, for everyday numbers.
 */
int figure_prefix(int power);

/* The letter of that prefix, "" for 10^0; NULL for none. And the power of ten of such a letter; false for none. */
const char *figure_prefix_letter(int exponent);
bool figure_prefix_exponent(const char *letter, int *exponent);

/* Sign, digits with a point before the last `decimals` of them, and the prefix for the exponent. */
void figure_compose(bool negative, const char *digits, int decimals, int exponent, char text[FIGURE_TEXT_MAX]);

/* Keeps the digits of what printf wrote; the point is a comma in some locales. */
void figure_keep_digits(char *number);

/* value / 10^exponent, where 10^exponent may be out of a double's reach. */
double figure_scale_down(double value, int exponent);

#endif
