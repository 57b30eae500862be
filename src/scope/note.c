#include "scope/note.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"

/* How long a note such as "saved ..." stays. */
static const int64_t NOTE_NS = INT64_C(2500) * CLOCK_MS_NS;
/* ... and what the reader has to say. */
static const int64_t HINT_NS = INT64_C(8000) * CLOCK_MS_NS;

void note_say_for(struct note *n, const char *text, int64_t now_ns, int64_t duration_ns)
{
  snprintf(n->text, sizeof n->text, "%s", text);
  n->until_ns = now_ns + duration_ns;
}

void note_say(struct note *n, const char *text, int64_t now_ns)
{
  note_say_for(n, text, now_ns, NOTE_NS);
}

bool note_take_hint(struct note *n, struct stream *stream, int64_t now_ns)
{
  const char *hint = stream_last_hint(stream);
  if (hint[0] == '\0' || strcmp(hint, n->hint) == 0)
    return false;
  snprintf(n->hint, sizeof n->hint, "%s", hint);
  note_say_for(n, hint, now_ns, HINT_NS); /* as long as it takes to read it */
  return true;
}

const char *note_choose(struct note *n, const struct nothing *nothing, const struct intake *intake, int64_t now_ns)
{
  if (now_ns < n->until_ns)
    return n->text;
  if (intake_channels(intake) > 0)
    return NULL;
  return nothing_say(nothing, intake, now_ns, n->reason, sizeof n->reason);
}
