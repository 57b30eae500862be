#include "scope/paint/theme.h"

const struct theme theme_dark = {
    .window = 0x12161C,
    .plot = 0x0B0E12,
    .grid = 0x2B343F,
    .frame = 0x465361,
    .text = 0xE4E9EF,
    .dim = 0x93A1B0,
    .live = 0x4CD080,
    .paused = 0xF5B83D,
    .ended = 0x8593A3,
    .alert = 0xFF7A6B,
    .panel = 0x1A2028,
    .channel = {0x5CB6F5, 0xEDB025, 0x55E4AE, 0xE4709C, 0x9273FC, 0xFFFA8A, 0xEA4A14, 0xDEEFFF},
};

const struct theme theme_light = {
    .window = 0xF4F6F8,
    .plot = 0xFFFFFF,
    .grid = 0xCAD1D9,
    .frame = 0x98A3AF,
    .text = 0x1C232B,
    .dim = 0x5B6875,
    .live = 0x1E9E57,
    .paused = 0xB97A00,
    .ended = 0x75818D,
    .alert = 0xC8321F,
    .panel = 0xFFFFFF,
    .channel = {0x0466D6, 0xBC5200, 0x009273, 0xB0508F, 0x2F2494, 0x419BDE, 0xAA8F3C, 0x3A1C08},
};

const int *theme_dash(int channel)
{
  static const int dash[CHANNELS_MAX / THEME_COLOURS][THEME_DASH_MAX + 1] = {
      {0}, {9, 5}, {3, 4}, {12, 4, 3, 4}, {20, 6}, {9, 4, 3, 4, 3, 4}, {5, 9}, {12, 4, 12, 4, 3, 4}};
  return dash[channel / THEME_COLOURS % (CHANNELS_MAX / THEME_COLOURS)];
}
