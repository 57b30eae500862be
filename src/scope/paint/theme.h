/*
 * Colours, as 0xRRGGBB, and dashes.
 *
 * The eight channel colours of a theme can be told apart pairwise by people with any colour vision: CIEDE2000 of at
 * least 8 as they are and as protanopes, deuteranopes and tritanopes see them, after Machado, Oliveira and Fernandes ("A
 * Physiologically-based Model for Simulation of Color Vision Deficiency", 2009); a test computes it. The ninth channel
 * has the first colour again, and is dashed, the seventeenth dotted, and so on.
 */
#ifndef SCOPE_THEME_H
#define SCOPE_THEME_H

#include <stdint.h>

#include "scope/stream/limits.h"

enum { THEME_COLOURS = 8, THEME_DASH_MAX = 6 };

struct theme {
  uint32_t window, plot, grid, frame;
  uint32_t text, dim;
  uint32_t live, paused, ended, alert; /* the state's dot; rejected lines */
  uint32_t panel;                      /* behind the help text */
  uint32_t channel[THEME_COLOURS];     /* used in turn */
};

extern const struct theme theme_dark, theme_light;

/* How a channel's line is broken: lengths in pixels of a 96 dpi display, drawn and not drawn in turn, ended by 0. */
const int *theme_dash(int channel);

#endif
