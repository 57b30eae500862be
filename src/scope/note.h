/*
 * The one line that stands over the plot: what a key brought about, what the reader has to say, or why there is nothing to
 * be seen. Main thread.
 */
#ifndef SCOPE_NOTE_H
#define SCOPE_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/nothing.h"
#include "scope/view/scene.h"

struct note {
  char text[SCENE_NOTE_MAX]; /* what was said last */
  int64_t until_ns;          /* it stands until then */
  char hint[SCENE_NOTE_MAX]; /* the last of the reader's that was said */
  char reason[SCENE_NOTE_MAX];
};

/* Says it from now_ns on, for as long as a short line takes to be read, or for so long. */
void note_say(struct note *n, const char *text, int64_t now_ns);
void note_say_for(struct note *n, const char *text, int64_t now_ns, int64_t duration_ns);

/* Says what the reader has to say, if it was not said yet; whether it was. */
bool note_take_hint(struct note *n, struct stream *stream, int64_t now_ns);

/* What is to be read at now_ns, until the next call; NULL: nothing. */
const char *note_choose(struct note *n, const struct nothing *nothing, const struct intake *intake, int64_t now_ns);

#endif
