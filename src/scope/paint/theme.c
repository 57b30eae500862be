#include "scope/paint/theme.h"

const struct theme theme_dark = {
    .window = 0x12161C,
    .plot = 0x0B0E12,
    .grid = 0x222A33,
    .frame = 0x3A4552,
    .text = 0xE4E9EF,
    .dim = 0x93A1B0,
    .live = 0x4CD080,
    .paused = 0xF5B83D,
    .ended = 0x8593A3,
    .alert = 0xFF7A6B,
    .panel = 0x1A2028,
    .channel = {0x4DB8FF, 0xFFB547, 0x6FD98B, 0xFF7FA8, 0xB79BFF, 0x4FE0D0, 0xFFE066, 0xFF8A65, 0xC5CDD6, 0x9CCC3C},
};

const struct theme theme_light = {
    .window = 0xF4F6F8,
    .plot = 0xFFFFFF,
    .grid = 0xE3E7EC,
    .frame = 0xA9B3BE,
    .text = 0x1C232B,
    .dim = 0x5B6875,
    .live = 0x1E9E57,
    .paused = 0xB97A00,
    .ended = 0x75818D,
    .alert = 0xC8321F,
    .panel = 0xFFFFFF,
    .channel = {0x0072B2, 0xD55E00, 0x009E73, 0xB8478A, 0x6A4FC4, 0x3A9BDC, 0xC28A00, 0x8B4A2B, 0x4A5560, 0x6B8E00},
};
