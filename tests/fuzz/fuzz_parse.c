/*
 * Fuzzes the row grammar. The first byte chooses options, the second a way of cutting, the rest is input. Whatever
 * comes: names are unique and can be shown, rows are well-formed (transcript.h checks), no memory is touched that is
 * not there, and cutting the input anywhere changes nothing.
 */
#include <stddef.h>
#include <stdint.h>

#include "../unit/transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const only[] = {NULL, "a", "1,3", "time,2,a"};
  static const char *const names[] = {NULL, "x,y,,x"};
  static const char *const times[] = {NULL, "1", "t", "y"};
  if (size < 2)
    return 0;
  struct parser_options options = {
      .terminal = data[0] & 1,
      .only = only[(data[0] >> 1) & 3],
      .names = names[(data[0] >> 3) & 1],
      .time_column = times[(data[0] >> 4) & 3],
  };
  const char *input = (const char *)data + 2;
  size_t length = size - 2;
  size_t cut = data[1];
  struct cutting cutting = {.rows = cut & 1};
  if (cut & 2)
    cutting.step = cut / 4 + 1;
  else
    cutting.cut = length * (cut / 4) / 64;
  struct transcript whole = transcript_run(&options, input, length, (struct cutting){.step = 0});
  struct transcript pieces = transcript_run(&options, input, length, cutting);
  if (strcmp(whole.text, pieces.text) != 0)
    transcript_die("the way of cutting changes what comes out");
  if (whole.counts.lines != pieces.counts.lines || whole.counts.rows != pieces.counts.rows ||
      whole.counts.rejected != pieces.counts.rejected || whole.counts.numbers != pieces.counts.numbers)
    transcript_die("the way of cutting changes the counters");
  free(whole.text);
  free(pieces.text);
  return 0;
}
