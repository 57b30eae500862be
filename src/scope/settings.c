#include "scope/settings.h"

#include <stdio.h>
#include <string.h>

#include "common/message.h"
#include "common/number.h"
#include "scope/input/source_serial.h"
#include "scope/keys.h"
#include "scope/settings_texts.h"

enum { MEMORY_MIN_MIB = 16, MEMORY_MAX_MIB = 1048576 };
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

/* One option into the settings; false after a message. */
static bool set_option(void *settings, int option, const char *text)
{
  struct settings *s = settings;
  switch (option) {
  case OPT_WINDOW:
    return settings_set_window(s, text);
  case OPT_RANGE:
    return settings_set_range(s, text);
  case OPT_LIMITS:
    return settings_set_limits(s, text);
  case OPT_AUTOSCALE:
    s->autoscale = true;
    return true;
  case OPT_LOG:
    s->log = true;
    return true;
  case OPT_STACK:
    return settings_set_stack(s, text);
  case OPT_TRIGGER:
    return settings_set_trigger(s, text);
  case OPT_NAMES:
    s->parser.names = text;
    return settings_list_is_whole(text) || options_refuse("names", text, "names separated by commas");
  case OPT_ONLY:
    s->parser.only = text;
    return settings_list_is_whole(text) || options_refuse("only", text, "labels or columns separated by commas");
  case OPT_KEY:
    s->parser.key = text;
    return text[0] != '\0' || options_refuse("key", text, "a label, or the name or number of a column");
  case OPT_SEPARATOR:
    return settings_set_separator(s, text);
  case OPT_COMMA:
    return settings_set_comma(s, text);
  case OPT_SKIP:
    return settings_set_skip(s, text);
  case OPT_TIME_COLUMN:
    s->parser.time_column = text;
    return text[0] != '\0' || options_refuse("time-column", text, "a label, the name or number of a column, or A+B");
  case OPT_TIME_UNIT:
    return settings_set_time_unit(s, text);
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
    return !text || settings_list_is_whole(text) ||
           options_refuse("counter", text, "labels or columns separated by commas");
  case OPT_STYLE:
    return settings_set_style(s, text);
  case OPT_TITLE:
    s->title = text;
    return true;
  case OPT_UNIT:
    s->unit = text;
    return true;
  case OPT_THEME:
    return settings_set_theme(s, text);
  case OPT_GEOMETRY:
    return settings_set_geometry(s, text);
  case OPT_TERMINAL:
    return settings_set_terminal(s, text);
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
    message_usage(
        "'%s': only one FILE can be plotted; paste(1) puts the columns of several side by side, and --key tells "
        "apart the rows of one",
        argv[operand + 1]);
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
