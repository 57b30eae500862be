/*
 * The main thread's side of the data: takes blocks from the stream into the history, knows how far the past is
 * complete, and computes what a frame shows. No SDL and no clock: moments are arguments.
 */
#ifndef SCOPE_SESSION_H
#define SCOPE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/input/reader.h"
#include "scope/paint/screen.h"
#include "scope/store/history.h"
#include "scope/stream/stream.h"
#include "scope/view/view.h"

struct session_config {
  struct stream *stream;
  enum time_base base;
  double rate_hz;   /* TIME_RATE */
  int64_t start_ns; /* the moment of time 0 */
  int64_t window;   /* ticks; 0: everything */
  double low, high;
  bool autoscale;
  enum column_style style;
  bool initial_zero; /* channel 0 holds 0 from time 0 on before its first sample */
  size_t memory_bytes;
  const char *title, *unit; /* title never NULL */
};

struct session;

struct session *session_new(const struct session_config *config); /* NULL: out of memory */
void session_free(struct session *s);                             /* NULL is fine */

/*
 * Takes published blocks until none is left or the clock passes deadline_ns; false in the latter case. When the machine
 * has no memory left, samples are lost: a message says so once, and session_lost from then on.
 */
bool session_drain(struct session *s, int64_t deadline_ns);

/* Anything taken since the last call? */
bool session_took(struct session *s);

bool session_lost(const struct session *s);

/* No sample will come any more, and all are taken: known once session_notice_end was called after that. */
bool session_ended(const struct session *s);
void session_notice_end(struct session *s, int64_t now_ns);

/* Ends the input here, whatever the reader may still have. */
void session_end(struct session *s, int64_t now_ns);

struct view *session_view(struct session *s);
const struct stream *session_stream(const struct session *s);
int session_channels(const struct session *s);
const char *session_channel_name(const struct session *s, int channel);

/* Moment at which the last block was taken; start_ns before the first. */
int64_t session_last_taken_ns(const struct session *s);

/* Shows or hides a channel. */
void session_toggle_channel(struct session *s, int channel);

/*
 * Brings view, columns and scene up to moment now_ns for a plot `columns` wide. Numbers of the legend are brought up to
 * date only when `numbers` (a few times a second is calm and cheap). The parts of the scene that belong to the window
 * (grid, legend, help, note, paused) are left alone. False: out of memory.
 */
bool session_frame(struct session *s, int columns, int64_t now_ns, bool numbers, struct scene *scene);

/*
 * "channel\tcount\tmin\tmax\tmean\tlast" and a line a channel, to fd, however long that takes; but not longer than
 * until cancel_fd (-1: none) is readable: ECANCELED then. 0, or an errno value.
 */
int session_summary(const struct session *s, int fd, int cancel_fd);

#endif
