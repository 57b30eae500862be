#include "timed/settings.h"

#include <string.h>

#include "common/message.h"
#include "common/number.h"

enum { CONNECTIONS_MAX = 1000000 };
static const double STATS_MIN_S = 0.01;
static const double STATS_MAX_S = 86400;

const struct settings settings_default = {.max_connections = 1024};

enum {
  OPT_LISTEN,
  OPT_PROTOCOL,
  OPT_UDP,
  OPT_FORMAT,
  OPT_UTC,
  OPT_MAX_CONNECTIONS,
  OPT_MAX_PER_SOURCE,
  OPT_STATS,
  OPT_STAMP,
  OPT_QUIET,
  OPT_HELP,
  OPT_VERSION,
};

static const struct option_spec table[] = {
    [OPT_LISTEN] = {"listen", "[ADDR]:PORT", "where to listen; several may be given (:55555)", 'l'},
    [OPT_PROTOCOL] = {"protocol", "plain|daytime|time", "what to answer: a sentence, RFC 867, RFC 868 (plain)", 'p'},
    [OPT_UDP] = {"udp", NULL, "serve UDP, too", 'u'},
    [OPT_FORMAT] = {"format", "FMT", "form of the time, for strftime (%a %b %e %H:%M:%S %Y)", 'f'},
    [OPT_UTC] = {"utc", NULL, "UTC instead of local time", 0},
    [OPT_MAX_CONNECTIONS] = {"max-connections", "N", "connections at once (1024)", 0},
    [OPT_MAX_PER_SOURCE] = {"max-per-source", "N", "connections at once from one IPv4 address or IPv6 /64", 0},
    [OPT_STATS] = {"stats", "SECONDS[,latency]",
                   "a line of figures each SECONDS: counts, or the time of a reply; all text to standard error", 0},
    [OPT_STAMP] = {"stamp", NULL, "put the time before each line of the log", 0},
    [OPT_QUIET] = {"quiet", NULL, "print no log", 'q'},
    [OPT_HELP] = {"help", NULL, "print this help", 'h'},
    [OPT_VERSION] = {"version", NULL, "print the version", 'V'},
    {0},
};

const struct options settings_options = {
    .table = table,
    .usage = "[OPTION]...",
    .summary = "Tells each client that connects the time of day.",
    .epilogue = "Examples:\n"
                "  timed & sleep 1; nc localhost 55555; kill %1\n"
                "  timed -q --stats 0.1 | scope --autoscale\n"
                "  timed --protocol time --udp --listen 127.0.0.1:3737\n",
};

static bool parse_listen(struct settings *s, const char *text)
{
  if (s->listen_count == SETTINGS_LISTEN_MAX) {
    message_usage("--listen: '%s': at most %d may be given", text, SETTINGS_LISTEN_MAX);
    return false;
  }
  return address_parse(text, &s->listen[s->listen_count++]) ||
         options_refuse("listen", text,
                        "[ADDR]:PORT with a port up to 65535, such as :55555, 127.0.0.1:0 or [::1]:55555");
}

static bool parse_protocol(struct settings *s, const char *text)
{
  static const char *const words[] = {
      [REPLY_PLAIN] = "plain", [REPLY_DAYTIME] = "daytime", [REPLY_TIME] = "time", NULL};
  int place;
  if (!options_choice("protocol", text, words, &place))
    return false;
  s->form.protocol = (enum reply_protocol)place;
  return true;
}

/* "0.1" or "0.1,latency". */
static bool parse_stats(struct settings *s, const char *text)
{
  char seconds[32];
  const char *comma = strchr(text, ',');
  const size_t length = comma ? (size_t)(comma - text) : strlen(text);
  s->stats_latency = comma != NULL;
  if (length < sizeof seconds && (!comma || strcmp(comma, ",latency") == 0)) {
    memcpy(seconds, text, length);
    seconds[length] = '\0';
    if (number_double(seconds, STATS_MIN_S, STATS_MAX_S, &s->stats_s))
      return true;
  }
  return options_refuse("stats", text, "seconds from 0.01 to 86400, or these and ,latency");
}

static bool parse_format(struct settings *s, const char *text)
{
  const char *unknown = reply_format_unknown(text);
  if (unknown) {
    message_usage("--format: '%.200s': '%.16s' is no conversion of strftime", text, unknown);
    return false;
  }
  s->form.format = text;
  return reply_format_fits(text) ||
         options_refuse("format", text, "a format of strftime that makes 1 to 512 characters");
}

/* One option into the settings; false after a message. */
static bool set_option(void *settings, int option, const char *text)
{
  struct settings *s = settings;
  switch (option) {
  case OPT_LISTEN:
    return parse_listen(s, text);
  case OPT_PROTOCOL:
    return parse_protocol(s, text);
  case OPT_UDP:
    s->udp = true;
    return true;
  case OPT_FORMAT:
    return parse_format(s, text);
  case OPT_UTC:
    s->form.utc = true;
    return true;
  case OPT_MAX_CONNECTIONS:
    return number_int64(text, 1, CONNECTIONS_MAX, &s->max_connections) ||
           options_refuse("max-connections", text, "a number from 1 to 1000000");
  case OPT_MAX_PER_SOURCE:
    return number_int64(text, 1, CONNECTIONS_MAX, &s->max_per_source) ||
           options_refuse("max-per-source", text, "a number from 1 to 1000000");
  case OPT_STATS:
    return parse_stats(s, text);
  case OPT_STAMP:
    s->stamp = true;
    return true;
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
  if (operand < argc) {
    message_usage("'%s': timed takes options only, such as --listen :55555", argv[operand]);
    return OPTIONS_BAD;
  }
  if (s->form.protocol == REPLY_TIME && s->form.format) {
    message_usage("--format: '%.200s': protocol time answers four octets, which have no format", s->form.format);
    return OPTIONS_BAD;
  }
  return OPTIONS_GO;
}
