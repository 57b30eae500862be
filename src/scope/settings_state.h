/*
 * What the command line asks of scope, as settings.h fills it in: a plain struct that anybody may read.
 */
#ifndef SCOPE_SETTINGS_STATE_H
#define SCOPE_SETTINGS_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/input/parser.h"
#include "scope/view/trigger.h"

enum style_choice { STYLE_AUTO, STYLE_STEP, STYLE_LINE, STYLE_POINTS };
enum stack_choice { STACK_NOTHING, STACK_CHANNELS, STACK_UNITS };
enum theme_choice { THEME_DARK, THEME_LIGHT };
enum terminal_choice {
  TERMINAL_CHOICE_NONE,
  TERMINAL_CHOICE_BEST,
  TERMINAL_CHOICE_KITTY,
  TERMINAL_CHOICE_SIXEL,
  TERMINAL_CHOICE_BLOCKS
};

struct settings {
  const char *file; /* NULL or "-": standard input */
  double window_s;  /* width of the time axis in seconds (samples where the sample number is the time) */
  bool window_given, window_all;
  double low, high; /* range of the value axis */
  bool range_given;
  bool summary_full; /* --summary=full; summary too then */
  bool limits_given;
  double limit_low, limit_high;
  bool autoscale; /* also where it was not asked for, but no range was and --stack or --log are */
  bool log;
  enum stack_choice stack;
  struct parser_options parser;           /* what of it was given; terminal and regular are the reader's to set */
  double rate_hz;                         /* 0 when not given */
  struct trigger trigger;                 /* off when not given */
  char trigger_channel[CHANNEL_NAME_MAX]; /* its name, where it has one */
  enum style_choice style;
  enum theme_choice theme;
  const char *title; /* NULL when not given */
  const char *unit;  /* NULL when not given */
  int width, height; /* of the window or picture, in pixels */
  bool size_given, position_given;
  int x, y;                      /* of the window */
  enum terminal_choice terminal; /* none: only where there is no display */
  double refresh_hz;
  double scale; /* of text and lines, besides the display's */
  int64_t memory_mib;
  bool demo, exit_at_end, summary, timing;
  int64_t baud; /* 0 when not given */
  bool follow;
  double replay;         /* 0 when not given */
  const char *counter;   /* NULL when not given, "" for all channels */
  int64_t tail;          /* lines; -1 when not given */
  const char *png, *svg; /* NULL when not given */
  const char *record;    /* NULL when not given */
  bool tee;
};

/* A picture is to be written, and there is no window. */
static inline bool settings_batch(const struct settings *s)
{
  return s->png || s->svg;
}

#endif
