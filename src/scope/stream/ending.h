/*
 * The timetable of an end that was asked for, by a signal or by a key. All moments are counted from the asking
 * (stream_stop_asked_ns) and not from when somebody begins to wait: what waits one after the other shares the time instead
 * of adding it up. So the process ends within 150 ms, with room for drawing a picture and for a machine under load.
 */
#ifndef SCOPE_ENDING_H
#define SCOPE_ENDING_H

enum {
  ENDING_TEE_MS = 40,       /* until then the reader of standard output may take the rest */
  ENDING_DISPLAY_MS = 60,   /* until then a call into the display may come back */
  ENDING_READER_MS = 100,   /* until then the reader thread is waited for */
  ENDING_HAND_OVER_MS = 50, /* but so long at least, from when it is waited for: what it has read is to arrive whole */
};

#endif
