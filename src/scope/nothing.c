#include "scope/nothing.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/clock.h"
#include "scope/input/reader.h"
#include "scope/view/figures.h"

enum { ENOUGH_LINES = 5 /* with nothing that --only names, before that is said */ };

const char *nothing_say(const struct nothing *n, const struct intake *intake, int64_t now_ns, char *text, size_t size)
{
  struct stream_counts counts;
  struct stream_counts all;
  char lines[FIGURE_TEXT_MAX];
  const struct stream *stream = intake_stream(intake);
  const char *refusal = n->terminal ? "" : stream_last_refusal(intake_source(intake));
  stream_counts_since_clear(stream, &counts);
  stream_counts(stream, &all);
  figure_count(counts.lines, lines);
  if (intake_ended(intake) && intake_cleared(intake) && counts.lines == 0)
    return "cleared; the input has ended";
  if (intake_ended(intake) && refusal[0] == '\0')
    return "the input had no numbers";
  if (refusal[0]) {
    snprintf(text, size, "no numbers in %s line%s; %s", lines, counts.lines == 1 ? "" : "s", refusal);
    return text;
  }
  if (n->waiting && all.lines == 0 && now_ns - n->start_ns > clock_from_ms(READER_SILENCE_MS))
    return READER_SILENCE_HINT;
  if (!n->only || counts.lines < ENOUGH_LINES)
    return n->waiting;
  snprintf(text, size, "no line so far has any of: %s", n->only);
  return text;
}
