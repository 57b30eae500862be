/* Limits that every stage of scope keeps to. Each stands here and nowhere else. */
#ifndef SCOPE_LIMITS_H
#define SCOPE_LIMITS_H

enum {
  CHANNELS_MAX = 64,      /* channels, numbered from 0 in the order in which they first appeared */
  CHANNEL_NAME_MAX = 256, /* bytes of a channel's name, NUL included; UTF-8 without control characters */
  CHANNEL_UNIT_MAX = 32,  /* bytes of the unit of its values, likewise */
};

#endif
