#include "forker/settings.h"

#include <string.h>

#include "common/clock.h"
#include "common/message.h"
#include "common/number.h"

enum { JOBS_MAX = 500 };
static const double INTERVAL_MIN_S = 0.001;
static const double SECONDS_MAX = 3e8; /* nine years */
static const int64_t INTERVAL_NS = CLOCK_SECOND_NS / 2;
static const int64_t DEMO_STEP_NS = INT64_C(2) * CLOCK_SECOND_NS; /* time to look with ps */
static const int64_t TICKS_MAX = INT64_C(1000000000000);

const struct settings settings_default = {
    .every = 10,
    .jobs = 1,
    .kill_after_ns = INT64_C(2) * CLOCK_SECOND_NS,
    .method = SPAWN_FORK,
};

enum {
  OPT_INTERVAL,
  OPT_EVERY,
  OPT_COUNT,
  OPT_JOBS,
  OPT_TIMEOUT,
  OPT_KILL_AFTER,
  OPT_SPAWN,
  OPT_SAMPLE,
  OPT_LOG,
  OPT_FAIL_FAST,
  OPT_UNTIL,
  OPT_ALIGN,
  OPT_SUMMARY,
  OPT_DEMO,
  OPT_QUIET,
  OPT_HELP,
  OPT_VERSION,
};

static const struct option_spec table[] = {
    [OPT_INTERVAL] = {"interval", "SECONDS", "from one tick to the next, down to 0.001 (0.5)", 'i'},
    [OPT_EVERY] = {"every", "N", "run the command at every Nth tick (10)", 'e'},
    [OPT_COUNT] = {"count", "N", "end after N ticks, when the last child has ended", 'n'},
    [OPT_JOBS] = {"jobs", "N", "children at once; one too many is skipped (1)", 'j'},
    [OPT_TIMEOUT] = {"timeout", "SECONDS", "SIGTERM for a child that takes longer", 0},
    [OPT_KILL_AFTER] = {"kill-after", "SECONDS", "from SIGTERM to SIGKILL (2)", 0},
    [OPT_SPAWN] = {"spawn", "fork|vfork|posix_spawn", "how a child is made (fork)", 0},
    [OPT_SAMPLE] = {"sample", "KIND,...",
                    "instead of text, a line of numbers for each run: out, wall, user, sys, maxrss, "
                    "spawn",
                    0},
    [OPT_LOG] = {"log", "FILE", "append a JSON object for each event", 0},
    [OPT_FAIL_FAST] = {"fail-fast", NULL, "end at the first run that fails, with its status", 0},
    [OPT_UNTIL] = {"until", "success|failure", "end at the first run that succeeds, or fails", 0},
    [OPT_ALIGN] = {"align", NULL, "tick at whole multiples of the interval on the clock", 0},
    [OPT_SUMMARY] = {"summary", "text|json", "form of the summary at the end (text)", 0},
    [OPT_DEMO] = {"demo", "zombie|orphan|fork", "hold one, or show what a fork costs; each step explained", 0},
    [OPT_QUIET] = {"quiet", NULL, "print what the command prints, and no more", 'q'},
    [OPT_HELP] = {"help", NULL, "print this help", 'h'},
    [OPT_VERSION] = {"version", NULL, "print the version", 'V'},
    {0},
};

const struct options settings_options = {
    .table = table,
    .usage = "[OPTION]... [--] [COMMAND [ARG]...]",
    .summary = "Counts, and every so often forks a child that executes COMMAND (ls -l).",
    .epilogue = "Examples:\n"
                "  forker\n"
                "  forker -i 0.1 -e 1 --sample wall,user -- ls -l | scope --autoscale --unit ms\n"
                "  forker -e 1 --sample out -- sh -c 'cut -d. -f1 /proc/uptime' | scope -a\n"
                "  forker --demo zombie\n",
    .command = true,
};

static bool seconds(const char *text, double low, int64_t *ns)
{
  double value;
  if (!number_double(text, low, SECONDS_MAX, &value))
    return false;
  *ns = (int64_t)(value * CLOCK_SECOND_NS + 0.5);
  return true;
}

static bool parse_spawn(struct settings *s, const char *text)
{
  static const char *const words[] = {"fork", "vfork", "posix_spawn", NULL};
  int place;
  if (!options_choice("spawn", text, words, &place))
    return false;
  s->method = (enum spawn_method)place;
  return true;
}

static bool parse_demo(struct settings *s, const char *text)
{
  static const char *const words[] = {"zombie", "orphan", "fork", NULL};
  int place;
  if (!options_choice("demo", text, words, &place))
    return false;
  s->demo = (enum demo)(place + DEMO_ZOMBIE);
  return true;
}

static bool parse_until(struct settings *s, const char *text)
{
  static const char *const words[] = {"success", "failure", NULL};
  int place;
  if (!options_choice("until", text, words, &place))
    return false;
  s->until = (enum until)(place + UNTIL_SUCCESS);
  return true;
}

static bool parse_summary(struct settings *s, const char *text)
{
  static const char *const words[] = {"text", "json", NULL};
  int place;
  if (!options_choice("summary", text, words, &place))
    return false;
  s->summary_json = place == 1;
  s->summary_asked = true;
  return true;
}

/* One option into the settings; false after a message. */
static bool set_option(void *settings, int option, const char *text)
{
  struct settings *s = settings;
  switch (option) {
  case OPT_INTERVAL:
    return seconds(text, INTERVAL_MIN_S, &s->interval_ns) ||
           options_refuse("interval", text, "seconds from 0.001 to 300000000");
  case OPT_EVERY:
    return number_int64(text, 1, TICKS_MAX, &s->every) || options_refuse("every", text, "a number of ticks from 1 on");
  case OPT_COUNT:
    return number_int64(text, 1, TICKS_MAX, &s->count) || options_refuse("count", text, "a number of ticks from 1 on");
  case OPT_JOBS:
    return number_int64(text, 1, JOBS_MAX, &s->jobs) ||
           options_refuse("jobs", text, "a number of children from 1 to 500");
  case OPT_TIMEOUT:
    return seconds(text, INTERVAL_MIN_S, &s->timeout_ns) ||
           options_refuse("timeout", text, "seconds from 0.001 to 300000000");
  case OPT_KILL_AFTER:
    return seconds(text, 0, &s->kill_after_ns) || options_refuse("kill-after", text, "seconds from 0 to 300000000");
  case OPT_SPAWN:
    return parse_spawn(s, text);
  case OPT_SAMPLE:
    return !sample_parse(text, &s->sample) ||
           options_refuse("sample", text,
                          "out, wall, user, sys, maxrss, spawn, each at most once, with commas between them");
  case OPT_LOG:
    s->log = text;
    return (text[0] != '\0' && strcmp(text, "-") != 0) || options_refuse("log", text, "the name of a file");
  case OPT_FAIL_FAST:
    s->fail_fast = true;
    return true;
  case OPT_UNTIL:
    return parse_until(s, text);
  case OPT_ALIGN:
    s->align = true;
    return true;
  case OPT_SUMMARY:
    return parse_summary(s, text);
  case OPT_DEMO:
    return parse_demo(s, text);
  case OPT_QUIET:
    s->quiet = true;
    return true;
  default:
    return false;
  }
}

enum options_result settings_parse(struct settings *s, int argc, char **argv)
{
  int operand;
  *s = settings_default;
  const enum options_result result = options_parse(&settings_options, argc, argv, set_option, s, &operand);
  if (result != OPTIONS_GO)
    return result;
  s->command = operand < argc ? argv + operand : NULL;
  if (s->command && s->command[0][0] == '\0') {
    message_usage("'': the command is empty");
    return OPTIONS_BAD;
  }
  if (s->interval_ns == 0)
    s->interval_ns = s->demo ? DEMO_STEP_NS : INTERVAL_NS;
  if (s->fail_fast && s->until) {
    message_usage("--until and --fail-fast: only one can say which run is the last");
    return OPTIONS_BAD;
  }
  if (s->command && s->demo) {
    message_usage("'%s': --demo takes no COMMAND", s->command[0]);
    return OPTIONS_BAD;
  }
  return OPTIONS_GO;
}
