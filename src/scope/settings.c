#include "scope/settings.h"

#include <stdio.h>
#include <string.h>

#include "common/message.h"
#include "common/number.h"
#include "scope/input/source_serial.h"
#include "scope/keys.h"

enum { SIZE_MIN = 64, SIZE_MAX_PX = 16384, POSITION_MAX = 32767, MEMORY_MIN_MIB = 16, MEMORY_MAX_MIB = 1048576 };
static const double VALUE_MAX = 8e307; /* so that the width of a range stays finite */
static const double WINDOW_MIN_S = 1e-6;
static const double WINDOW_MAX_S = 3e8; /* nine years */
static const double SCALE_MIN = 0.5;
static const double SCALE_MAX = 8;
static const double REPLAY_MIN = 1e-6;
static const double REPLAY_MAX = 1e6;
static const double RATE_MIN_HZ = 1e-6;
static const double RATE_MAX_HZ = 1e9;

const struct settings settings_default = {
    .window_s = 10,
    .low = -10,
    .high = 10,
    .width = 1280,
    .height = 720,
    .refresh_hz = 100,
    .scale = 1,
    .memory_mib = 256,
    .tail = -1,
    .trigger = {.from = INT64_MIN},
};

enum {
  OPT_WINDOW,
  OPT_RANGE,
  OPT_AUTOSCALE,
  OPT_LIMITS,
  OPT_LOG,
  OPT_STACK,
  OPT_TRIGGER,
  OPT_NAMES,
  OPT_ONLY,
  OPT_KEY,
  OPT_SEPARATOR,
  OPT_COMMA,
  OPT_SKIP,
  OPT_TIME_COLUMN,
  OPT_TIME_UNIT,
  OPT_RATE,
  OPT_BAUD,
  OPT_FOLLOW,
  OPT_TAIL,
  OPT_REPLAY,
  OPT_COUNTER,
  OPT_STYLE,
  OPT_TITLE,
  OPT_UNIT,
  OPT_THEME,
  OPT_GEOMETRY,
  OPT_TERMINAL,
  OPT_REFRESH,
  OPT_SCALE,
  OPT_MEMORY,
  OPT_DEMO,
  OPT_EXIT,
  OPT_PNG,
  OPT_SVG,
  OPT_RECORD,
  OPT_TEE,
  OPT_SUMMARY,
  OPT_TIMING,
  OPT_HELP,
  OPT_VERSION,
};

static const struct option_spec table[] = {
    [OPT_WINDOW] = {"window", "SECONDS|all", "width of the time axis (10)", 'w'},
    [OPT_RANGE] = {"range", "LO:HI", "range of the value axis (-10:10)", 'y'},
    [OPT_AUTOSCALE] = {"autoscale", NULL, "let the value axis follow the data, calmly", 'a'},
    [OPT_LIMITS] = {"limits", "LO:HI", "lines at both; count and colour what is outside", 0},
    [OPT_LOG] = {"log", NULL, "logarithmic value axes, symmetric about zero where values are negative", 0},
    [OPT_STACK] = {"stack", "[unit]", "a pane for each channel, or for each unit, each with an axis of its own", 0},
    [OPT_TRIGGER] = {"trigger", "LEVEL|CH:LEVEL[,rising|falling][,auto|normal|single]",
                     "sweeps that stand still where a channel crosses a level", 0},
    [OPT_NAMES] = {"names", "A,B,...", "names of the columns (1,2,...)", 0},
    [OPT_ONLY] = {"only", "A,B,...", "plot just these labels or columns", 0},
    [OPT_KEY] = {"key", "NAME", "a column or label that tells rows of several things apart", 0},
    [OPT_SEPARATOR] = {"separator", "C", "what separates cells: a character, tab or blanks (found out)", 0},
    [OPT_COMMA] = {"comma", "separator|decimal|thousands", "what a comma between digits is (found out)", 0},
    [OPT_SKIP] = {"skip", "N", "pass over the first N lines", 0},
    [OPT_TIME_COLUMN] = {"time-column", "N|NAME", "where a row's time stands; A+B for date and time", 0},
    [OPT_TIME_UNIT] = {"time-unit", "s|ms|us|ns", "unit of a time column of numbers (found out)", 0},
    [OPT_RATE] = {"rate", "HZ", "rows are HZ a second, whenever they arrive", 0},
    [OPT_BAUD] = {"baud", "RATE", "FILE is a serial device of that rate", 0},
    [OPT_FOLLOW] = {"follow", NULL, "read on while FILE grows, also when it is rotated", 0},
    [OPT_TAIL] = {"tail", "N", "with --follow, begin with the last N lines", 0},
    [OPT_REPLAY] = {"replay", "SPEED", "play a file with times at that multiple of their pace", 0},
    [OPT_COUNTER] = {"counter", "[A,B,...]", "plot the change per second of these channels, or of all", 0},
    [OPT_STYLE] = {"style", "step|line|points", "how samples are joined (step when live, else line)", 0},
    [OPT_TITLE] = {"title", "TEXT", "title of the plot and the window", 't'},
    [OPT_UNIT] = {"unit", "TEXT", "unit of the values, written at the axis", 'u'},
    [OPT_THEME] = {"theme", "dark|light", "colours (dark)", 0},
    [OPT_GEOMETRY] = {"geometry", "WxH[+X+Y]", "size and place of the window (1280x720)", 'g'},
    [OPT_TERMINAL] = {"terminal", "[kitty|sixel|blocks]", "draw in the terminal, as where there is no display", 0},
    [OPT_REFRESH] = {"refresh", "HZ", "frames a second, 1 to 250 (100)", 0},
    [OPT_SCALE] = {"scale", "FACTOR", "size of text and lines, 0.5 to 8 (1)", 0},
    [OPT_MEMORY] = {"memory", "MIB", "memory for the history (256)", 0},
    [OPT_DEMO] = {"demo", NULL, "three built-in signals instead of input", 0},
    [OPT_EXIT] = {"exit", NULL, "end at the end of input instead of keeping the plot", 'x'},
    [OPT_PNG] = {"png", "FILE", "no window: read all, write a picture, end", 0},
    [OPT_SVG] = {"svg", "FILE", "the same as vectors", 0},
    [OPT_RECORD] = {"record", "FILE", "keep every accepted sample in FILE, as CSV", 0},
    [OPT_TEE] = {"tee", NULL, "pass the input on to standard output", 0},
    [OPT_SUMMARY] = {"summary", "[full]", "at the end, a table of count, min, max, mean, last; or more", 0},
    [OPT_TIMING] = {"timing", NULL, "at the end, frame and input figures on standard error", 0},
    [OPT_HELP] = {"help", NULL, "print this help", 'h'},
    [OPT_VERSION] = {"version", NULL, "print the version", 'V'},
    {0},
};

const struct options settings_options = {
    .table = table,
    .usage = "[OPTION]... [FILE]",
    .summary = "Plots the numbers that arrive on standard input (or in FILE), live.",
    .pairs_title = "Keys in the window, and in a terminal:",
    .pairs = keys_options_help,
    .epilogue = "Examples:\n"
                "  ping -i 0.2 localhost | scope --only time --unit ms --autoscale\n"
                "  vmstat -n 1 | scope --only us,sy,id --range 0:100\n"
                "  seq 1000 | scope --png line.png\n",
};

/* "1280x720" or "1280x720+10+20" (also -10); false on anything else. */
static bool parse_geometry(const char *text, struct settings *s)
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

/* "A,B,C": no empty name. */
static bool list_is_whole(const char *text)
{
  size_t length = strlen(text);
  return length > 0 && text[0] != ',' && text[length - 1] != ',' && !strstr(text, ",,");
}

static bool set_window(struct settings *s, const char *text)
{
  s->window_given = true;
  s->window_all = strcmp(text, "all") == 0;
  return s->window_all || number_double(text, WINDOW_MIN_S, WINDOW_MAX_S, &s->window_s) ||
         options_refuse("window", text, "seconds from 0.000001 to 300000000, or all");
}

static bool set_range(struct settings *s, const char *text)
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

static bool set_limits(struct settings *s, const char *text)
{
  s->limits_given = true;
  return number_range(text, &s->limit_low, &s->limit_high) ||
         options_refuse("limits", text, "LO:HI with LO below HI, such as 0:50");
}

static bool set_style(struct settings *s, const char *text)
{
  static const char *const words[] = {"step", "line", "points", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("style", text, "step, line or points");
  s->style = (enum style_choice)(place + STYLE_STEP);
  return true;
}

static bool set_stack(struct settings *s, const char *text)
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

static bool set_trigger(struct settings *s, const char *text)
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

static bool set_theme(struct settings *s, const char *text)
{
  static const char *const words[] = {"dark", "light", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("theme", text, "dark or light");
  s->theme = (enum theme_choice)place;
  return true;
}

static bool set_separator(struct settings *s, const char *text)
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

static bool set_comma(struct settings *s, const char *text)
{
  static const char *const words[] = {"separator", "decimal", "thousands", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("comma", text, "separator, decimal or thousands");
  s->parser.comma = (enum parser_comma)(place + PARSER_COMMA_SEPARATOR);
  return true;
}

static bool set_skip(struct settings *s, const char *text)
{
  int64_t lines;
  if (!number_int64(text, 0, INT64_MAX, &lines))
    return options_refuse("skip", text, "a number of lines");
  s->parser.skip = (uint64_t)lines;
  return true;
}

static bool set_time_unit(struct settings *s, const char *text)
{
  static const char *const words[] = {"s", "ms", "us", "ns", NULL};
  int place = options_word(text, words);
  if (place < 0)
    return options_refuse("time-unit", text, "s, ms, us or ns");
  s->parser.time_unit = (enum parser_time_unit)(place + PARSER_UNIT_S);
  return true;
}

static bool set_terminal(struct settings *s, const char *text)
{
  static const char *const words[] = {"kitty", "sixel", "blocks", NULL};
  int place = text ? options_word(text, words) : -1;
  s->terminal = text ? (enum terminal_choice)(place + TERMINAL_CHOICE_KITTY) : TERMINAL_CHOICE_BEST;
  return !text || place >= 0 || options_refuse("terminal", text, "kitty, sixel or blocks");
}

/* One option into the settings; false after a message. */
static bool set_option(void *settings, int option, const char *text)
{
  struct settings *s = settings;
  switch (option) {
  case OPT_WINDOW:
    return set_window(s, text);
  case OPT_RANGE:
    return set_range(s, text);
  case OPT_LIMITS:
    return set_limits(s, text);
  case OPT_AUTOSCALE:
    s->autoscale = true;
    return true;
  case OPT_LOG:
    s->log = true;
    return true;
  case OPT_STACK:
    return set_stack(s, text);
  case OPT_TRIGGER:
    return set_trigger(s, text);
  case OPT_NAMES:
    s->parser.names = text;
    return list_is_whole(text) || options_refuse("names", text, "names separated by commas");
  case OPT_ONLY:
    s->parser.only = text;
    return list_is_whole(text) || options_refuse("only", text, "labels or columns separated by commas");
  case OPT_KEY:
    s->parser.key = text;
    return text[0] != '\0' || options_refuse("key", text, "a label, or the name or number of a column");
  case OPT_SEPARATOR:
    return set_separator(s, text);
  case OPT_COMMA:
    return set_comma(s, text);
  case OPT_SKIP:
    return set_skip(s, text);
  case OPT_TIME_COLUMN:
    s->parser.time_column = text;
    return text[0] != '\0' || options_refuse("time-column", text, "a label, the name or number of a column, or A+B");
  case OPT_TIME_UNIT:
    return set_time_unit(s, text);
  case OPT_RATE:
    return number_double(text, RATE_MIN_HZ, RATE_MAX_HZ, &s->rate_hz) ||
           options_refuse("rate", text, "rows a second from 0.000001 to 1000000000");
  case OPT_BAUD:
    return number_int64(text, 1, SERIAL_BAUD_MAX, &s->baud) ||
           options_refuse("baud", text, "bits a second, such as 9600 or 115200, up to 20000000");
  case OPT_FOLLOW:
    s->follow = true;
    return true;
  case OPT_TAIL:
    return number_int64(text, 0, INT64_MAX, &s->tail) || options_refuse("tail", text, "a number of lines");
  case OPT_REPLAY:
    return number_double(text, REPLAY_MIN, REPLAY_MAX, &s->replay) ||
           options_refuse("replay", text, "a multiple of the pace from 0.000001 to 1000000, such as 1 or 0.5");
  case OPT_COUNTER:
    s->counter = text ? text : "";
    return !text || list_is_whole(text) || options_refuse("counter", text, "labels or columns separated by commas");
  case OPT_STYLE:
    return set_style(s, text);
  case OPT_TITLE:
    s->title = text;
    return true;
  case OPT_UNIT:
    s->unit = text;
    return true;
  case OPT_THEME:
    return set_theme(s, text);
  case OPT_GEOMETRY:
    return parse_geometry(text, s) ||
           options_refuse("geometry", text, "WxH or WxH+X+Y, such as 1280x720, from 64x64 to 16384x16384");
  case OPT_TERMINAL:
    return set_terminal(s, text);
  case OPT_REFRESH:
    return number_double(text, 1, 250, &s->refresh_hz) ||
           options_refuse("refresh", text, "frames a second from 1 to 250");
  case OPT_SCALE:
    return number_double(text, SCALE_MIN, SCALE_MAX, &s->scale) ||
           options_refuse("scale", text, "a factor from 0.5 to 8");
  case OPT_MEMORY:
    return number_int64(text, MEMORY_MIN_MIB, MEMORY_MAX_MIB, &s->memory_mib) ||
           options_refuse("memory", text, "MiB from 16 to 1048576");
  case OPT_DEMO:
    s->demo = true;
    return true;
  case OPT_EXIT:
    s->exit_at_end = true;
    return true;
  case OPT_PNG:
    s->png = text;
    return text[0] != '\0' || options_refuse("png", text, "the name of a file");
  case OPT_SVG:
    s->svg = text;
    return text[0] != '\0' || options_refuse("svg", text, "the name of a file");
  case OPT_RECORD:
    s->record = text;
    return text[0] != '\0' || options_refuse("record", text, "the name of a new file");
  case OPT_TEE:
    s->tee = true;
    return true;
  case OPT_SUMMARY:
    s->summary = true;
    s->summary_full = text != NULL;
    return !text || strcmp(text, "full") == 0 || options_refuse("summary", text, "full, or nothing");
  case OPT_TIMING:
    s->timing = true;
    return true;
  default:
    return false;
  }
}

static bool names_file(const struct settings *s)
{
  return s->file && strcmp(s->file, "-") != 0;
}

enum options_result settings_parse(struct settings *s, int argc, char **argv)
{
  int operand;
  *s = settings_default;
  const enum options_result result = options_parse(&settings_options, argc, argv, set_option, s, &operand);
  if (result != OPTIONS_GO)
    return result;
  if (argc - operand > 1) {
    message_usage("'%s': only one FILE can be plotted", argv[operand + 1]);
    return OPTIONS_BAD;
  }
  s->file = operand < argc ? argv[operand] : NULL;
  /* Panes and decades are there for what differs in size: one range for all of them is not what anybody wants. */
  s->autoscale = s->autoscale || ((s->stack != STACK_NOTHING || s->log) && !s->range_given);
  if (s->trigger.on && s->window_all) {
    message_usage("--trigger: a sweep needs a width, such as --window 0.1");
    return OPTIONS_BAD;
  }
  if (s->demo && s->rate_hz > 0) {
    message_usage("--rate: the signals of --demo have a rate of their own");
    return OPTIONS_BAD;
  }
  if (s->demo && s->file) {
    message_usage("'%s': --demo takes no FILE", s->file);
    return OPTIONS_BAD;
  }
  if (s->baud && s->follow) {
    message_usage("--follow: a serial device is followed anyway; --follow is for files");
    return OPTIONS_BAD;
  }
  if ((s->baud || s->follow) && !names_file(s)) {
    message_usage("--%s: needs FILE, %s", s->baud ? "baud" : "follow",
                  s->baud ? "the serial device" : "the name under which the file comes again");
    return OPTIONS_BAD;
  }
  if (s->replay > 0 && (s->demo || s->follow || s->baud)) {
    message_usage("--replay: is for a file with times");
    return OPTIONS_BAD;
  }
  if (s->tail >= 0 && !s->follow) {
    message_usage("--tail: is for --follow");
    return OPTIONS_BAD;
  }
  if (s->demo && s->tee) {
    message_usage("--tee: --demo reads nothing that could be passed on");
    return OPTIONS_BAD;
  }
  if (s->tee && s->png && strcmp(s->png, "-") == 0) {
    message_usage("--tee: standard output is taken by --png -");
    return OPTIONS_BAD;
  }
  return OPTIONS_GO;
}
