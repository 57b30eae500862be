#include "scope/export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/new_file.h"
#include "common/write.h"
#include "scope/view/figures.h"

enum {
  AHEAD = 256,      /* samples of a channel that are read at a time */
  ROWS_A_LOOK = 64, /* written between two looks at the clock */
  BUFFER = 65536,   /* bytes written at a time */
  ROW_MAX = CHANNELS_MAX * (FIGURE_TEXT_MAX + 1) + 64,
};

struct lane {
  int channel;
  uint64_t index; /* of the history's next item */
  size_t at, count;
  struct history_sample ahead[AHEAD];
};

struct export
{
  const struct intake *intake;
  int fd;
  bool whole;
  char name[NEW_FILE_NAME_MAX];
  int64_t to;   /* the end of what is in view */
  int64_t unit; /* ticks in what times are counted in */
  size_t length;
  char buffer[BUFFER + ROW_MAX];
  int lanes;
  struct lane lane[CHANNELS_MAX];
};

/* ---- Text ---- */

static void put(struct export *e, const char *text)
{
  const size_t n = strlen(text);
  memcpy(e->buffer + e->length, text, n);
  e->length += n;
}

/* Quoted where a comma, a quote or a break would end the cell. */
static void put_name(struct export *e, const char *channel, const char *unit)
{
  char name[CHANNEL_NAME_MAX + CHANNEL_UNIT_MAX + 3];
  snprintf(name, sizeof name, unit[0] ? "%s [%s]" : "%s%s", channel, unit);
  if (!strpbrk(name, ",\"\r\n")) {
    put(e, name);
    return;
  }
  put(e, "\"");
  for (const char *at = name; *at; at++) {
    const char text[3] = {*at, *at == '"' ? '"' : '\0', '\0'};
    put(e, text);
  }
  put(e, "\"");
}

/* All ticks of a time, in units, without zeros at the end. */
static void put_time(struct export *e, int64_t time)
{
  char text[48];
  const uint64_t ticks = time < 0 ? -(uint64_t)time : (uint64_t)time;
  const uint64_t unit = (uint64_t)e->unit;
  int digits = 0;
  for (uint64_t u = unit; u > 1; u /= 10)
    digits++;
  int n =
      snprintf(text, sizeof text, "%s%" PRIu64 ".%0*" PRIu64, time < 0 ? "-" : "", ticks / unit, digits, ticks % unit);
  while (text[n - 1] == '0')
    n--;
  if (text[n - 1] == '.')
    n--;
  text[n] = '\0';
  put(e, text);
}

static void put_value(struct export *e, double value)
{
  char text[FIGURE_TEXT_MAX];
  figure_exact(value, text);
  put(e, value == value ? text : "nan");
}

/* ---- Rows ---- */

static bool fill(const struct export *e, struct lane *lane)
{
  if (lane->at < lane->count)
    return true;
  lane->at = 0;
  lane->count = history_copy(intake_history(e->intake), (size_t)lane->channel, &lane->index, e->to, lane->ahead, AHEAD);
  return lane->count > 0;
}

/* The samples of the next time; false when there are no more. */
static bool put_row(struct export *e)
{
  int64_t time = INT64_MAX;
  for (int i = 0; i < e->lanes; i++)
    if (fill(e, &e->lane[i]) && e->lane[i].ahead[e->lane[i].at].time < time)
      time = e->lane[i].ahead[e->lane[i].at].time;
  if (time == INT64_MAX)
    return false;
  put_time(e, time);
  for (int i = 0; i < e->lanes; i++) {
    struct lane *lane = &e->lane[i];
    put(e, ",");
    if (lane->at < lane->count && lane->ahead[lane->at].time == time)
      put_value(e, lane->ahead[lane->at++].value);
  }
  put(e, "\n");
  return true;
}

static bool flush(struct export *e)
{
  const int error = write_all(e->fd, e->buffer, e->length);
  e->length = 0;
  errno = error;
  return error == 0;
}

/* The last bytes, and what the disk has to say to them. */
static enum export_result complete(struct export *e)
{
  if (!flush(e))
    return EXPORT_FAILED;
  const int fd = e->fd;
  e->fd = -1;
  if (close(fd) != 0)
    return EXPORT_FAILED;
  e->whole = true;
  return EXPORT_DONE;
}

enum export_result export_step(struct export *e, int64_t deadline_ns)
{
  for (int rows = 1;; rows++) {
    if (!put_row(e))
      return complete(e);
    if (e->length >= BUFFER && !flush(e))
      return EXPORT_FAILED;
    if (rows % ROWS_A_LOOK == 0 && clock_now_ns() >= deadline_ns)
      return EXPORT_MORE;
  }
}

/* ---- Beginning and end ---- */

static void add_lanes(struct export *e, const struct view *view)
{
  const struct history *history = intake_history(e->intake);
  const int64_t from = time_axis_begin(&view->time);
  const int channels = (int)intake_channels(e->intake);
  put(e, "time");
  for (int i = 0; i < channels; i++) {
    if (view->hidden >> i & 1)
      continue;
    e->lane[e->lanes++] = (struct lane){.channel = i, .index = history_find(history, (size_t)i, from).index};
    put(e, ",");
    put_name(e, intake_channel_name(e->intake, (size_t)i), intake_channel_unit(e->intake, (size_t)i));
  }
  put(e, "\n");
}

struct export *export_begin(const struct intake *intake, const struct view *view, time_t moment, char *name,
                            size_t size)
{
  const int64_t end = time_axis_end(&view->time);
  struct export *e = calloc(1, sizeof *e);
  snprintf(name, size, "the view");
  if (!e)
    return NULL;
  e->intake = intake;
  e->to = end < view->edge ? end : view->edge;
  e->unit = time_base_unit(intake_time_base(intake));
  e->fd = new_file_open("scope", "csv", moment, e->name);
  snprintf(name, size, "%s", e->name);
  if (e->fd < 0) {
    const int error = errno;
    e->name[0] = '\0';
    export_free(e);
    errno = error;
    return NULL;
  }
  add_lanes(e, view);
  return e;
}

void export_free(struct export *e)
{
  if (!e)
    return;
  if (e->fd >= 0)
    close(e->fd);
  if (!e->whole && e->name[0])
    unlink(e->name);
  free(e);
}
