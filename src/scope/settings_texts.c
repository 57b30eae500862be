#include "scope/settings_texts.h"

#include <stdio.h>
#include <string.h>

#include "common/number.h"
#include "common/options.h"

enum { SIZE_MIN = 64, SIZE_MAX_PX = 16384, POSITION_MAX = 32767 };
static const double VALUE_MAX = 8e307; /* so that the width of a range stays finite */
static const double WINDOW_MIN_S = 1e-6;
static const double WINDOW_MAX_S = 3e8; /* nine years */

/* "1280x720" or "1280x720+10+20" (also -10); false on anything else. */
static bool parse_geometry(struct settings *s, const char *text)
{
  char part[4][16];
  int end = 0;
  int64_t number[4] = {0};
  int n = sscanf(text, "%15[0-9]x%15[0-9]%n", part[0], part[1], &end);
  if (n != 2)
    return false;
  int count = 2;
  if (text[end] != '\0') {
    const char *rest = text + end;
    int used = 0;
    if (sscanf(rest, "%1[+-]%*[0-9]%*1[+-]%*[0-9]%n", part[2], &used) != 1 || used == 0 || rest[used] != '\0')
      return false;
    if (sscanf(rest, "%15[+-0-9]", part[2]) != 1)
      return false;
    size_t first = strcspn(rest + 1, "+-") + 1;
    if (first >= sizeof part[2] || strlen(rest + first) >= sizeof part[3])
      return false;
    memcpy(part[2], rest, first);
    part[2][first] = '\0';
    memcpy(part[3], rest + first, strlen(rest + first) + 1);
    count = 4;
  }
  for (int i = 0; i < count; i++) {
    int64_t low = i < 2 ? SIZE_MIN : -POSITION_MAX;
    int64_t high = i < 2 ? SIZE_MAX_PX : POSITION_MAX;
    if (!number_int64(part[i], low, high, &number[i]))
      return false;
  }
  s->width = (int)number[0];
  s->height = (int)number[1];
  s->size_given = true;
  s->position_given = count == 4;
  s->x = (int)number[2];
  s->y = (int)number[3];
  return true;
}

bool settings_set_geometry(struct settings *s, const char *text)
{
  return parse_geometry(s, text) ||
         options_refuse("geometry", text, "WxH or WxH+X+Y, such as 1280x720, from 64x64 to 16384x16384");
}

bool settings_list_is_whole(const char *text)
{
  size_t length = strlen(text);
  return length > 0 && text[0] != ',' && text[length - 1] != ',' && !strstr(text, ",,");
}

bool settings_set_window(struct settings *s, const char *text)
{
  s->window_given = true;
  s->window_all = strcmp(text, "all") == 0;
  return s->window_all || number_double(text, WINDOW_MIN_S, WINDOW_MAX_S, &s->window_s) ||
         options_refuse("window", text, "seconds from 0.000001 to 300000000, or all");
}

bool settings_set_range(struct settings *s, const char *text)
{
  double low;
  double high;
  if (!number_range(text, &low, &high) || low < -VALUE_MAX || high > VALUE_MAX)
    return options_refuse("range", text, "LO:HI with LO below HI, such as -10:10");
  s->low = low;
  s->high = high;
  s->range_given = true;
  return true;
}

bool settings_set_limits(struct settings *s, const char *text)
{
  s->limits_given = true;
  return number_range(text, &s->limit_low, &s->limit_high) ||
         options_refuse("limits", text, "LO:HI with LO below HI, such as 0:50");
}

bool settings_set_style(struct settings *s, const char *text)
{
  static const char *const words[] = {"step", "line", "points", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("style", text, "step, line or points");
  s->style = (enum style_choice)(place + STYLE_STEP);
  return true;
}

bool settings_set_stack(struct settings *s, const char *text)
{
  s->stack = text ? STACK_UNITS : STACK_CHANNELS;
  return !text || strcmp(text, "unit") == 0 ||
         options_refuse("stack", text, "unit, or nothing for a pane for each channel");
}

/* Takes a last part behind a comma off the text if it is one of the words; its number, or -1. */
static int take_word(char *text, const char *const *words)
{
  char *comma = strrchr(text, ',');
  const int place = comma ? options_word(comma + 1, words) : -1;
  if (place >= 0)
    *comma = '\0';
  return place;
}

bool settings_set_trigger(struct settings *s, const char *text)
{
  static const char *const modes[] = {"auto", "normal", "single", NULL};
  static const char *const edges[] = {"rising", "falling", NULL};
  char rest[sizeof s->trigger_channel + 64];
  snprintf(rest, sizeof rest, "%s", text);
  const int mode = take_word(rest, modes);
  const int edge = take_word(rest, edges);
  char *colon = strrchr(rest, ':');
  double level;
  const char *number = colon ? colon + 1 : rest;
  if (strlen(text) >= sizeof rest || colon == rest || !number_double(number, -VALUE_MAX, VALUE_MAX, &level) ||
      (colon && (size_t)(colon - rest) >= sizeof s->trigger_channel))
    return options_refuse("trigger", text, "[CH:]LEVEL[,rising|falling][,auto|normal|single], such as 2:0.5,falling");
  memset(s->trigger_channel, 0, sizeof s->trigger_channel);
  if (colon)
    memcpy(s->trigger_channel, rest, (size_t)(colon - rest));
  s->trigger = (struct trigger){.on = true,
                                .name = colon ? s->trigger_channel : NULL,
                                .channel = colon ? -1 : 0,
                                .level = level,
                                .level_given = true,
                                .falling = edge == 1,
                                .mode = (enum trigger_mode)(mode > 0 ? mode : 0),
                                .from = INT64_MIN};
  return true;
}

bool settings_set_theme(struct settings *s, const char *text)
{
  static const char *const words[] = {"dark", "light", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("theme", text, "dark or light");
  s->theme = (enum theme_choice)place;
  return true;
}

bool settings_set_separator(struct settings *s, const char *text)
{
  s->parser.separator = text[0];
  if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
    s->parser.separator = '\t';
  else if (strcmp(text, "blanks") == 0)
    s->parser.separator = ' ';
  else if (strlen(text) != 1 || strchr("\"'\n\r", text[0]) || (text[0] >= '0' && text[0] <= '9') || text[0] == '.' ||
           text[0] == '-' || text[0] == '+')
    return options_refuse("separator", text, "a character that no number has, tab or blanks");
  return true;
}

bool settings_set_comma(struct settings *s, const char *text)
{
  static const char *const words[] = {"separator", "decimal", "thousands", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("comma", text, "separator, decimal or thousands");
  s->parser.comma = (enum parser_comma)(place + PARSER_COMMA_SEPARATOR);
  return true;
}

bool settings_set_skip(struct settings *s, const char *text)
{
  int64_t lines;
  if (!number_int64(text, 0, INT64_MAX, &lines))
    return options_refuse("skip", text, "a number of lines");
  s->parser.skip = (uint64_t)lines;
  return true;
}

bool settings_set_time_unit(struct settings *s, const char *text)
{
  static const char *const words[] = {"s", "ms", "us", "ns", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("time-unit", text, "s, ms, us or ns");
  s->parser.time_unit = (enum parser_time_unit)(place + PARSER_UNIT_S);
  return true;
}

bool settings_set_terminal(struct settings *s, const char *text)
{
  static const char *const words[] = {"kitty", "sixel", "blocks", NULL};
  int place = text ? options_word(text, words) : -1;
  s->terminal = text ? (enum terminal_choice)(place + TERMINAL_CHOICE_KITTY) : TERMINAL_CHOICE_BEST;
  return !text || place >= 0 || options_refuse("terminal", text, "kitty, sixel or blocks");
}
