/*
 * Fuzzes the reader of rows against an oracle: what comes out of rows without labels is what a slow, plain reading of the
 * contract makes of them, value by value and name by name. The first byte chooses the separator, the second a way of
 * cutting; each further byte is a piece of a row. The first row is one of plain numbers.
 */
#include <stddef.h>
#include <stdint.h>

#include "../unit/transcript.h"
#include "rows_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 4096, PIECES_MAX = 400 };

/* S stands for the separator. */
static const char *const pieces[32] = {
    "S",    "S",        "S",     "\n",    "\n", "\r\n", "\r", " ",
    "0",    "1",        "25",    "3.5",   "-4", "+7",   ".5", "6.",
    "1e3",  "2E-2",     "nan",   "NA",    "-",  "?",    "x",  "word",
    "tail", "9.91E+37", "1e999", "# c\n", "  ", "S\n",  "--", "0.1250000000000000001",
};

/* The transcript's rows, without their numbers. */
static void strip(char *text)
{
  char *to = text;
  for (char *line = text; *line;) {
    char *stop = strchr(line, '\n');
    size_t length = (size_t)(stop - line) + 1;
    if (*line >= '0' && *line <= '9') {
      size_t digits = strspn(line, "0123456789");
      memmove(to, line + digits, length - digits);
      to += length - digits;
    }
    line = stop + 1;
  }
  *to = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char separators[] = {';', '\t', '|', ',', ' '};
  static char expected[1 << 16];
  char text[TEXT_MAX];
  size_t used = 0;
  if (size < 3 || size > PIECES_MAX)
    return 0;
  const char separator = separators[data[0] % 5];
  for (size_t i = 0; i <= data[0] / 5U % 4; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%zu", i > 0 ? (char[]){separator, '\0'} : "", i + 1);
  text[used++] = '\n';
  for (size_t i = 2; i < size && used + 32 < sizeof text; i++)
    for (const char *c = pieces[data[i] & 31]; *c; c++)
      text[used++] = *c == 'S' ? separator : *c;
  struct rows_oracle oracle = {.out = expected, .size = sizeof expected};
  if (!rows_oracle_read(&oracle, separator, text, used))
    return 0;
  struct parser_options options = {.separator = separator};
  struct cutting cutting = {.rows = data[1] & 1, .step = data[1] & 2 ? data[1] / 4U + 1 : 0, .cut = used / 2};
  struct transcript t = transcript_run(&options, text, used, cutting);
  strip(t.text);
  if (strcmp(t.text, expected) != 0) {
    fprintf(stderr, "separator '%c'\n---- input\n%.*s\n---- expected\n%s---- but\n%s", separator, (int)used, text,
            expected, t.text);
    transcript_die("the oracle reads something else");
  }
  free(t.text);
  return 0;
}
