#include "scope/input/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/message.h"
#include "scope/input/exact.h"
#include "scope/input/record_gate.h"

enum {
  SAY_AGAIN_MS = 2000,
  PIECE_BYTES = 64 * 1024, /* of a file, or a little more: the write that the end of the process waits for */
  NAME_MAX_BYTES = 4 * CHANNEL_NAME_MAX + 4, /* quoted, between its commas */
  LINE_BYTES = 2 * EXACT_TEXT_MAX + NAME_MAX_BYTES + 2,
};

/* Whole rows: bytes up to `end` of the buffer, from the end of the piece before. */
struct piece {
  size_t end;
  uint64_t rows;
};

struct record {
  struct sink sink; /* first */
  const char *name;
  int fd;
  bool regular;
  size_t piece_bytes;
  struct time_base base;
  struct remarks *remarks;
  int stop_fd;

  /* The lines of this arrival. */
  char *buffer;
  size_t length, size;
  struct piece *piece; /* the closed ones */
  size_t pieces, pieces_size;
  uint64_t rows; /* in the piece that is open */

  uint64_t lost;   /* rows */
  bool saying;     /* the last piece was lost, and that was said: so will be that it goes on */
  int64_t said_ns; /* the moment at which rows being lost was said; 0: never */
  bool given_up;   /* a pipe took nothing after a stop: what comes is lost */
  size_t torn;     /* bytes of a lost piece that could not be taken back yet */

  int64_t time; /* the one whose text is kept */
  size_t time_length;
  char time_text[EXACT_TEXT_MAX];
  size_t name_length[CHANNELS_MAX];
  char channel[CHANNELS_MAX][NAME_MAX_BYTES]; /* ",name," */
};

static struct record *record_of(struct sink *sink)
{
  return (struct record *)sink;
}

/* ---- Lines ---- */

/* A name as a cell of CSV: in quotes where it has a comma, a quote or a blank at an end. */
static void add_channel(struct sink *sink, size_t channel, const char *name, const char *unit)
{
  (void)unit; /* the name says it */
  struct record *r = record_of(sink);
  char *out = r->channel[channel];
  const size_t length = strlen(name);
  const bool quoted = strpbrk(name, ",\"") || length == 0 || name[0] == ' ' || name[length - 1] == ' ';
  *out++ = ',';
  if (quoted)
    *out++ = '"';
  for (const char *c = name; *c && out < r->channel[channel] + NAME_MAX_BYTES - 4; c++) {
    if (*c == '"')
      *out++ = '"';
    *out++ = *c;
  }
  if (quoted)
    *out++ = '"';
  *out++ = ',';
  r->name_length[channel] = (size_t)(out - r->channel[channel]);
}

/* A name that was given stays. */
static void set_unit(struct sink *sink, size_t channel, const char *unit)
{
  (void)sink;
  (void)channel;
  (void)unit;
}

/* It goes on: the channels that come get their names anew. */
static void restart(struct sink *sink, const struct sink_progress *progress)
{
  (void)sink;
  (void)progress;
}

static void set_time(struct record *r, int64_t time)
{
  if (r->time_length > 0 && time == r->time)
    return;
  r->time = time;
  if (r->base.kind == TIME_NUMBER)
    r->time_length = exact_text((double)time / TIME_TICKS_PER_SAMPLE, r->time_text);
  else
    r->time_length = exact_seconds(r->base.wall_ns + time, r->time_text);
}

/* Makes room for a row and, perhaps, one more piece. False: no memory. */
static bool make_room(struct record *r, size_t count)
{
  const size_t needed = r->length + count * LINE_BYTES;
  if (needed > r->size) {
    const size_t size = needed > 2 * r->size ? needed + PIECE_BYTES : 2 * r->size;
    char *buffer = realloc(r->buffer, size);
    if (!buffer)
      return false;
    r->buffer = buffer;
    r->size = size;
  }
  if (r->pieces + 1 >= r->pieces_size) {
    const size_t size = 2 * r->pieces_size + 16;
    struct piece *piece = realloc(r->piece, size * sizeof *piece);
    if (!piece)
      return false;
    r->piece = piece;
    r->pieces_size = size;
  }
  return true;
}

static size_t piece_start(const struct record *r)
{
  return r->pieces > 0 ? r->piece[r->pieces - 1].end : 0;
}

static void close_piece(struct record *r)
{
  if (r->rows == 0)
    return;
  r->piece[r->pieces++] = (struct piece){.end = r->length, .rows = r->rows};
  r->rows = 0;
}

static void put_line(struct record *r, size_t channel, double value)
{
  char *out = r->buffer + r->length;
  memcpy(out, r->time_text, r->time_length);
  out += r->time_length;
  memcpy(out, r->channel[channel], r->name_length[channel]);
  out += r->name_length[channel];
  out += exact_text(value, out);
  *out++ = '\n';
  r->length = (size_t)(out - r->buffer);
}

/* Rows are lost, for that reason. Where a disk is full by turns, that is said now and then only. */
static void lose(struct record *r, uint64_t rows, int error)
{
  const int64_t now_ns = clock_now_ns();
  r->lost += rows;
  if (r->saying || (r->said_ns != 0 && now_ns - r->said_ns < clock_from_ms(SAY_AGAIN_MS)))
    return;
  r->saying = true;
  r->said_ns = now_ns;
  remarks_message(r->remarks, "%s: %s: rows are missing in the recording until it goes on", r->name, strerror(error));
}

static void go_on(struct record *r)
{
  if (r->saying)
    remarks_message(r->remarks, "%s: the recording goes on; %" PRIu64 " rows are missing", r->name, r->lost);
  r->saying = false;
}

static void add_values(struct record *r, int64_t time, size_t count, const uint8_t *channel, const double *value)
{
  if (!make_room(r, count)) {
    lose(r, 1, ENOMEM);
    return;
  }
  /* A piece for a pipe is one that it takes whole or not at all, where a row is no longer than that. */
  if (r->length - piece_start(r) + count * LINE_BYTES > r->piece_bytes)
    close_piece(r);
  set_time(r, time);
  for (size_t i = 0; i < count; i++)
    put_line(r, channel[i], value[i]);
  r->rows++;
}

static void add_row(struct sink *sink, const struct sink_row *row)
{
  add_values(record_of(sink), row->time, row->count, row->channel, row->value);
}

static void add_column(struct sink *sink, size_t channel, const int64_t *time, const double *value, size_t n)
{
  const uint8_t number = (uint8_t)channel;
  for (size_t i = 0; i < n; i++)
    add_values(record_of(sink), time[i], 1, &number, &value[i]);
}

/* ---- Writing ---- */

/* The last bytes, part of a piece that is lost, are cut off. Within the gate. */
static bool take_back(struct record *r)
{
  struct stat st;
  if (r->torn == 0)
    return true;
  if (fstat(r->fd, &st) != 0 || ftruncate(r->fd, st.st_size > (off_t)r->torn ? st.st_size - (off_t)r->torn : 0) != 0)
    return false;
  r->torn = 0;
  return true;
}

/* All of it to a file, or nothing. 0, or an errno value. */
static int write_file(struct record *r, const char *bytes, size_t n)
{
  int error = 0;
  record_gate_enter();
  if (!take_back(r))
    error = errno;
  for (size_t done = 0; done < n && !error;) {
    const ssize_t k = write(r->fd, bytes + done, n - done);
    if (k > 0) {
      done += (size_t)k;
    } else if (k == 0 || errno != EINTR) {
      error = k == 0 ? ENOSPC : errno;
      r->torn = done;
      take_back(r); /* or later */
    }
  }
  record_gate_leave();
  return error;
}

/* Until a pipe takes bytes; after a stop not longer than RECORD_LAST_MS, and then never again: each piece would wait anew. */
static bool wait_for_pipe(struct record *r)
{
  struct pollfd wait[] = {{.fd = r->fd, .events = POLLOUT}, {.fd = r->stop_fd, .events = POLLIN}};
  while (poll(wait, 2, -1) < 0)
    continue;
  r->given_up = !wait[0].revents && poll(wait, 1, RECORD_LAST_MS) <= 0;
  return !r->given_up;
}

static int write_pipe(struct record *r, const char *bytes, size_t n)
{
  if (r->given_up)
    return ETIMEDOUT;
  while (n > 0) {
    record_gate_enter();
    const ssize_t k = write(r->fd, bytes, n);
    const int error = k < 0 ? errno : 0;
    record_gate_leave();
    if (k > 0) {
      bytes += k;
      n -= (size_t)k;
    } else if (error == EAGAIN) {
      if (!wait_for_pipe(r))
        return ETIMEDOUT;
    } else if (error != EINTR) {
      return error ? error : EIO;
    }
  }
  return 0;
}

static void end_arrival(struct sink *sink, const struct sink_progress *progress)
{
  (void)progress;
  struct record *r = record_of(sink);
  size_t start = 0;
  close_piece(r);
  for (size_t i = 0; i < r->pieces; i++) {
    const struct piece *piece = &r->piece[i];
    const int error = (r->regular ? write_file : write_pipe)(r, r->buffer + start, piece->end - start);
    start = piece->end;
    if (error)
      lose(r, piece->rows, error);
    else
      go_on(r);
  }
  r->length = 0;
  r->pieces = 0;
}

static void end(struct sink *sink, bool failed)
{
  (void)failed;
  struct record *r = record_of(sink);
  if (r->lost > 0)
    remarks_message(r->remarks, "%s: %" PRIu64 " rows are missing in the recording", r->name, r->lost);
}

/* ---- Opening ---- */

static bool is_one_of(const struct stat *file, const int *others)
{
  struct stat st;
  for (; *others >= 0; others++)
    if (fstat(*others, &st) == 0 && st.st_dev == file->st_dev && st.st_ino == file->st_ino)
      return true;
  return false;
}

/* What is in the way of recording there; NULL: nothing. */
static const char *refusal(int fd, const struct stat *st, const int *others)
{
  if (S_ISDIR(st->st_mode))
    return strerror(EISDIR);
  if (!S_ISCHR(st->st_mode) && is_one_of(st, others))
    return "it is the input or the output itself";
  if (!S_ISREG(st->st_mode))
    return NULL;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return "another program is recording to it";
  return st->st_size > 0 ? "the file is not empty; a recording needs a new one" : NULL;
}

struct record *record_open(const char *name, const int *others)
{
  struct stat st;
  struct record *r = calloc(1, sizeof *r);
  const int fd = r ? open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666) : -1;
  if (fd < 0 || fstat(fd, &st) != 0) {
    message("--record: %s: %s", name, errno == ENXIO ? "a FIFO that nobody reads" : strerror(errno));
    goto out;
  }
  const char *why = refusal(fd, &st, others);
  if (why) {
    message("--record: %s: %s", name, why);
    goto out;
  }
  r->name = name;
  r->fd = fd;
  r->regular = S_ISREG(st.st_mode);
  r->piece_bytes = r->regular ? PIECE_BYTES : PIPE_BUF;
  r->stop_fd = -1;
  const int error = (r->regular ? write_file : write_pipe)(r, RECORD_HEADER, sizeof RECORD_HEADER - 1);
  if (!error)
    return r;
  message("--record: %s: %s", name, strerror(error));
out:
  if (fd >= 0)
    close(fd);
  free(r);
  return NULL;
}

struct sink *record_begin(struct record *record, const struct time_base *base, struct remarks *remarks, int stop_fd)
{
  record->sink = (struct sink){.add_channel = add_channel,
                               .set_unit = set_unit,
                               .row = add_row,
                               .column = add_column,
                               .end_arrival = end_arrival,
                               .restart = restart,
                               .end = end};
  record->base = *base;
  record->remarks = remarks;
  record->stop_fd = stop_fd;
  return &record->sink;
}

void record_time_zero(struct record *record, int64_t ns)
{
  record->base.wall_ns = ns;
  record->time_length = 0;
}

uint64_t record_lost(const struct record *record)
{
  return record->lost;
}

void record_free(struct record *record)
{
  if (!record)
    return;
  close(record->fd);
  free(record->buffer);
  free(record->piece);
  free(record);
}
