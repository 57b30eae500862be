#include "scope/input/recording.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/printable.h"
#include "scope/input/decimal.h"
#include "scope/input/name_list.h"
#include "scope/input/record.h"
#include "scope/stream/units.h"

enum {
  LINE_MAX_BYTES = 4096, /* ours are shorter */
  TEXT_BYTES = 41,
  SAMPLE_PLACES = 6, /* decimals of a sample number in ticks, and of seconds */
  SECOND_PLACES = 9,
};

static const int64_t YEAR_2001_NS = INT64_C(978307200) * TIME_TICKS_PER_SECOND; /* times of day since then */

/* What one line says. */
struct line {
  int64_t time;
  double value;
  char name[CHANNEL_NAME_MAX];
};

struct recording {
  struct time_base base;
  const char *only;
  const char *next, *end;    /* what was fed and is not consumed */
  char part[LINE_MAX_BYTES]; /* a line whose end has not come */
  size_t part_length;
  bool ended;
  bool held; /* this line is to be taken up once the row before it is gone */
  struct line line;
  struct recording_event row; /* being gathered */
  uint64_t in_row;            /* bit per channel */
  int64_t newest;             /* no time may be before */
  int64_t step[2];            /* between the last times, the last one first */
  struct recording_counts counts;
  size_t channels, last;                         /* last: the channel of the line before */
  char recorded[CHANNELS_MAX][CHANNEL_NAME_MAX]; /* as in the file */
  char name[CHANNELS_MAX][CHANNEL_NAME_MAX];     /* without its unit */
  char unit[CHANNELS_MAX][CHANNEL_UNIT_MAX];
  char text[TEXT_BYTES];
};

/* ---- A line ---- */

/* A number with at most so many decimals, as an integer in units of the last of them. */
static bool parse_fixed(const char *text, size_t length, int places, int64_t *value)
{
  const bool negative = length > 0 && text[0] == '-';
  const char *end = text + length;
  int decimals = -1; /* no point yet */
  int64_t sum = 0;
  if (length == (size_t)negative)
    return false;
  for (text += negative; text < end; text++) {
    if (*text == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (*text < '0' || *text > '9' || decimals == places || sum > (INT64_MAX - 9) / 10)
      return false;
    sum = sum * 10 + (*text - '0');
    decimals += decimals >= 0;
  }
  for (int i = decimals < 0 ? 0 : decimals; i < places; i++) {
    if (sum > INT64_MAX / 10)
      return false;
    sum *= 10;
  }
  *value = negative ? -sum : sum;
  return true;
}

/* The cell of the name, in quotes or not; what follows its comma, or NULL. */
static const char *parse_name(const char *text, const char *end, char name[CHANNEL_NAME_MAX])
{
  const bool quoted = text < end && *text == '"';
  size_t length = 0;
  for (text += quoted; text < end; text++) {
    if (quoted && *text == '"') {
      if (text + 1 == end || text[1] != '"')
        break;
      text++;
    } else if (!quoted && *text == ',') {
      break;
    }
    if (length + 1 == CHANNEL_NAME_MAX)
      return NULL;
    name[length++] = *text;
  }
  name[length] = '\0';
  text += quoted;
  return text < end && *text == ',' ? text + 1 : NULL;
}

/* Why it is no line of a recording; NULL: it is, and *line what it says. */
static const char *parse_line(struct recording *r, const char *text, size_t length, struct line *line)
{
  const char *end = text + length;
  const char *comma = memchr(text, ',', length);
  const int places = r->base.kind == TIME_NUMBER ? SAMPLE_PLACES : SECOND_PLACES;
  if (!comma || !parse_fixed(text, (size_t)(comma - text), places, &line->time))
    return "is no line of a recording";
  line->time -= r->base.wall_ns;
  if (line->time < r->newest)
    return "goes back in time";
  if (line->time > TIME_MAX)
    return "is too far away in time";
  const char *value = parse_name(comma + 1, end, line->name);
  if (!value)
    return "is no line of a recording";
  const size_t left = (size_t)(end - value);
  line->value = (double)NAN;
  if (left == 3 && memcmp(value, "nan", 3) == 0)
    return NULL;
  const enum decimal_road road = decimal_parse(value, left, &line->value);
  r->counts.numbers += road != DECIMAL_NONE;
  r->counts.fast += road == DECIMAL_FAST;
  return road == DECIMAL_NONE ? "has no number" : NULL;
}

/* "name [unit]" in its two parts; all is name where what stands in brackets is no unit of the table. */
static void split_unit(const char *recorded, char name[CHANNEL_NAME_MAX], char unit[CHANNEL_UNIT_MAX])
{
  const size_t length = strlen(recorded);
  const char *open = strrchr(recorded, '[');
  const size_t before = open ? (size_t)(open - recorded) : 0;
  const size_t inside = open ? length - before - 2 : 0; /* if a bracket closes it */
  unit[0] = '\0';
  memcpy(name, recorded, length + 1);
  if (before < 2 || open[-1] != ' ' || recorded[length - 1] != ']' || inside >= CHANNEL_UNIT_MAX ||
      !unit_known(open + 1, inside))
    return;
  memcpy(unit, open + 1, inside);
  unit[inside] = '\0';
  name[before - 1] = '\0';
}

/* A channel that comes. Of two that differ by their unit alone the second keeps it in its name. */
static void add_channel(struct recording *r, const char *recorded)
{
  const size_t c = r->channels++;
  snprintf(r->recorded[c], sizeof r->recorded[c], "%s", recorded);
  split_unit(recorded, r->name[c], r->unit[c]);
  for (size_t i = 0; i < c; i++) {
    if (strcmp(r->name[i], r->name[c]) != 0)
      continue;
    snprintf(r->name[c], sizeof r->name[c], "%s", recorded);
    r->unit[c][0] = '\0';
  }
}

/* By its name with or without the unit. */
static bool is_wanted(const struct recording *r, const char *recorded)
{
  char name[CHANNEL_NAME_MAX];
  char unit[CHANNEL_UNIT_MAX];
  split_unit(recorded, name, unit);
  return !r->only || name_list_has(r->only, recorded) || name_list_has(r->only, name);
}

/* Its number, or CHANNELS_MAX when all are taken. */
static size_t channel_of(struct recording *r, const char *name)
{
  const size_t guess = r->last + 1 < r->channels ? r->last + 1 : 0; /* rows that have all channels in one order */
  if (guess < r->channels && strcmp(r->recorded[guess], name) == 0)
    return r->last = guess;
  for (size_t c = 0; c < r->channels; c++)
    if (strcmp(r->recorded[c], name) == 0)
      return r->last = c;
  if (r->channels == CHANNELS_MAX)
    return CHANNELS_MAX;
  add_channel(r, name);
  return r->last = r->channels - 1;
}

static enum recording_kind reject(struct recording *r, const char *text, size_t length, const char *why,
                                  struct recording_event *event)
{
  printable_copy(r->text, sizeof r->text, text, length);
  event->line = r->counts.lines;
  event->text = r->text;
  event->why = why;
  return RECORDING_REJECT;
}

/* ---- Rows ---- */

/* The row that was gathered goes out. */
static enum recording_kind give_row(struct recording *r, struct recording_event *event)
{
  event->line = r->counts.lines;
  event->time = r->row.time;
  event->count = r->row.count;
  memcpy(event->channel, r->row.channel, r->row.count * sizeof *event->channel);
  memcpy(event->value, r->row.value, r->row.count * sizeof *event->value);
  r->row.count = 0;
  r->in_row = 0;
  return RECORDING_ROW;
}

/* Adds the line to the row, or says that the row must go first. */
static bool add_line(struct recording *r, size_t channel)
{
  if (r->row.count > 0 && (r->line.time != r->row.time || (r->in_row >> channel & 1)))
    return false;
  if (r->newest != INT64_MIN && r->line.time > r->newest) {
    r->step[1] = r->step[0];
    r->step[0] = r->line.time - r->newest;
  }
  r->row.time = r->newest = r->line.time;
  r->row.channel[r->row.count] = (uint8_t)channel;
  r->row.value[r->row.count++] = r->line.value;
  r->in_row |= UINT64_C(1) << channel;
  return true;
}

/* Takes a whole line. RECORDING_MORE: nothing comes of it yet. */
static enum recording_kind take_line(struct recording *r, const char *text, size_t length,
                                     struct recording_event *event)
{
  r->counts.lines++;
  if (length > 0 && text[length - 1] == '\r')
    length--;
  if (length == 0 || (length == sizeof RECORD_HEADER - 2 && memcmp(text, RECORD_HEADER, length) == 0))
    return RECORDING_MORE; /* recordings one after the other are one */
  const char *why = parse_line(r, text, length, &r->line);
  if (why)
    return reject(r, text, length, why, event);
  if (!is_wanted(r, r->line.name))
    return RECORDING_MORE;
  const size_t channel = channel_of(r, r->line.name);
  if (channel == CHANNELS_MAX)
    return reject(r, text, length, "would be one channel too many: only the first 64 are plotted", event);
  r->held = !add_line(r, channel);
  return r->held ? give_row(r, event) : RECORDING_MORE;
}

/* The next whole line of what was fed; false when there is none, and what is left is kept. */
static bool next_line(struct recording *r, const char **text, size_t *length)
{
  const size_t left = (size_t)(r->end - r->next);
  const char *stop = left > 0 ? memchr(r->next, '\n', left) : NULL;
  const size_t n = stop ? (size_t)(stop - r->next) : left;
  const size_t room = sizeof r->part - r->part_length;
  if (!stop || r->part_length > 0) {
    memcpy(r->part + r->part_length, r->next, n < room ? n : room); /* one too long for that is no line of ours */
    r->part_length += n < room ? n : room;
  }
  *text = r->part_length > 0 ? r->part : r->next;
  *length = r->part_length > 0 ? r->part_length : n;
  r->next += n + (stop != NULL);
  if (stop)
    r->part_length = 0;
  return stop != NULL;
}

enum recording_kind recording_next(struct recording *r, struct recording_event *event)
{
  const char *text;
  size_t length;
  if (r->held) {
    r->held = false;
    add_line(r, r->last);
  }
  while (next_line(r, &text, &length)) {
    const enum recording_kind kind = take_line(r, text, length, event);
    if (kind != RECORDING_MORE)
      return kind;
  }
  if (r->ended && r->row.count > 0)
    return give_row(r, event);
  if (r->ended && r->part_length > 0) {
    r->counts.lines++;
    length = r->part_length;
    r->part_length = 0;
    return reject(r, r->part, length, "is half a line: the recording was cut here", event);
  }
  return RECORDING_MORE;
}

void recording_feed(struct recording *r, const char *bytes, size_t n)
{
  r->next = bytes;
  r->end = bytes + n;
}

void recording_end(struct recording *r)
{
  r->ended = true;
}

/* ---- The whole ---- */

struct recording *recording_new(const struct time_base *base, const char *only)
{
  struct recording *r = calloc(1, sizeof *r);
  if (!r)
    return NULL;
  r->base = *base;
  r->only = only;
  r->next = r->end = r->part;
  r->newest = INT64_MIN;
  return r;
}

void recording_free(struct recording *r)
{
  free(r);
}

int64_t recording_next_time(const struct recording *r)
{
  if (r->newest == INT64_MIN)
    return 0;
  if (r->base.kind == TIME_NUMBER)
    return r->newest + TIME_TICKS_PER_SAMPLE;
  const int64_t off = r->step[0] - r->step[1]; /* times are rounded */
  return r->newest + (off >= -1 && off <= 1 && r->step[0] > 0 ? r->step[0] : 1);
}

size_t recording_channels(const struct recording *r)
{
  return r->channels;
}

const char *recording_channel_name(const struct recording *r, size_t channel)
{
  return r->name[channel];
}

const char *recording_channel_unit(const struct recording *r, size_t channel)
{
  return r->unit[channel];
}

struct recording_counts recording_counts(const struct recording *r)
{
  return r->counts;
}

bool recording_recognise(int fd, struct time_base *base)
{
  char bytes[LINE_MAX_BYTES];
  const size_t header = sizeof RECORD_HEADER - 1;
  const ssize_t n = pread(fd, bytes, sizeof bytes, 0);
  if (n < (ssize_t)header || memcmp(bytes, RECORD_HEADER, header) != 0)
    return false;
  const char *text = bytes + header;
  const size_t left = (size_t)n - header;
  const char *comma = memchr(text, ',', left);
  const size_t length = comma ? (size_t)(comma - text) : 0;
  int64_t first = 0;
  if (length > 0 && !memchr(text, '.', length)) {
    base->kind = TIME_NUMBER;
    return true;
  }
  base->kind = TIME_STATED;
  base->wall_ns = parse_fixed(text, length, SECOND_PLACES, &first) && first >= YEAR_2001_NS ? first : 0;
  return true;
}
