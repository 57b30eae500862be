/*
 * The detached thread that reads: waits for input, parses it, and hands rows to its sinks, of which the first is the
 * ring of the stream. It is the only writer of the stream, and the one who talks to the person at the terminal (prompt,
 * rejected lines).
 *
 * Between the beginning and the end of an arrival it writes to nobody and waits for nothing but space in the ring. What
 * is to be said is said afterwards, as soon as it is taken; meanwhile it reads on. So a terminal stopped by Ctrl-S
 * holds up neither the plot nor what is typed, and loses nothing that is said.
 *
 * It is never joined: a read from a terminal may wait for ever. What it touches is the stream and the reader's own
 * memory, which lives as long as the process. Asked to stop (stream_ask_stop) it reads no more; what it has read is
 * parsed to its last whole line and arrives whole, however full the ring is. A line whose end was not read is no line:
 * half a number would be a false one. Then the stream ends; what is still to be said gets READER_LAST_WORDS_MS more;
 * then it acknowledges.
 *
 * After the end of an arrival it is recorded, then passed on: a reader of standard output that takes nothing delays
 * no line of the recording.
 */
#ifndef SCOPE_READER_H
#define SCOPE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/input/parser.h"
#include "scope/input/record.h"
#include "scope/input/recording.h"
#include "scope/input/source.h"
#include "scope/stream/stream.h"
#include "scope/stream/time_base.h"

enum { READER_LAST_WORDS_MS = 30, READER_SILENCE_MS = 3000 };

/* What helps who sees nothing for so long, and who sees all lines of a read at one place. */
#define READER_SILENCE_HINT "waiting for input; is the producer buffering? try stdbuf -oL"
#define READER_CROWDED_HINT "many lines come in each read and share its time: --rate HZ would space them"

struct reader_config {
  struct source source; /* not used with demo */
  bool demo;            /* base must be TIME_RATE at DEMO_RATE_HZ */
  uint64_t demo_rows;   /* 0: in real time, from base.start_ns, without end; else that many rows at once */
  struct time_base base;
  struct parser_options parser; /* its strings are borrowed for ever */
  int prompt_fd;                /* where the prompt goes, or -1 for none */
  struct record *record;        /* --record, or NULL; the reader's from now on */
  bool recording;      /* the source is a regular file that recording_recognise knows; base is what that says */
  double replay;       /* rows come at that multiple of their pace; 0: as they are read */
  const char *counter; /* as in counter.h, or NULL; borrowed for ever */
  bool tee;            /* what is read is passed on to tee_fd */
  int tee_fd;
  void (*nobody_reads)(void); /* called in the reader's thread when tee_fd has lost its reader; or NULL */
};

/* Starts the thread, all signals blocked in it. 0, or an errno value. */
int reader_start(const struct reader_config *config, struct stream *stream);

#endif
