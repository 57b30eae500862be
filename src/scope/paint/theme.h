/*
 * Colours, as 0xRRGGBB. Channel colours keep a distance in lightness as well as in hue, so that they can be told apart
 * with any colour vision; the light ones follow the set of Okabe and Ito ("Color Universal Design", 2008).
 */
#ifndef SCOPE_THEME_H
#define SCOPE_THEME_H

#include <stdint.h>

enum { THEME_COLOURS = 10 };

struct theme {
  uint32_t window, plot, grid, frame;
  uint32_t text, dim;
  uint32_t live, paused, ended, alert; /* the state's dot; rejected lines */
  uint32_t panel;                      /* behind the help text */
  uint32_t channel[THEME_COLOURS];     /* used in turn */
};

extern const struct theme theme_dark, theme_light;

#endif
