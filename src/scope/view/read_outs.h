/* What is read out at the cursors and between them, as text: for the window, a terminal, and the clipboard. Pure. */
#ifndef SCOPE_READ_OUTS_H
#define SCOPE_READ_OUTS_H

#include "scope/view/figures.h"
#include "scope/view/scene.h"

enum read_out {
  READ_FIRST, /* value at the first cursor, at the second, and what lies between */
  READ_SECOND,
  READ_DELTA,
  READ_COUNT,
  READ_MIN,
  READ_MAX,
  READ_MEAN,
  READ_RMS,
  READ_SD,
  READ_PEAK,
  READ_INTEGRAL,
  READ_SLOPE,
  READ_FREQUENCY,
  READ_PERIOD,
  READ_DUTY,
  READ_OUTS
};

/* What each is called in the picture, and for programs. */
extern const char *const read_out_name[READ_OUTS];
extern const char *const read_out_word[READ_OUTS];

/* Those that are left out first where there is no room for all: from the end of this list. */
extern const enum read_out read_out_order[READ_OUTS];

/* A channel's, as numbers; NaN: nothing to say. The count is exact up to 2^53. */
void read_outs_numbers(const struct scene *scene, int channel, double number[READ_OUTS]);

/* The same as text, in the format of the channel's numbers. */
void read_outs_write(const struct scene *scene, int channel, const struct figure_format *format,
                     char text[READ_OUTS][FIGURE_TEXT_MAX]);

/* From the first cursor to the second: the time between them, and one by that: "0.0200000 s", "50.000 Hz". */
void read_outs_between(const struct scene *scene, char delta[FIGURE_TEXT_MAX], char inverse[FIGURE_TEXT_MAX]);

#endif
