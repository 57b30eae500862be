#include "scope/input/cells.h"

#include <math.h>
#include <string.h>

#include "scope/input/brackets.h"
#include "scope/input/byte.h"
#include "scope/input/time_text.h"
#include "scope/stream/units.h"

static bool is_delimiter_of_words(char c)
{
  return byte_is_blank(c) || c == ',' || c == ';' || c == '|';
}

const char *cells_time(const char *text, const char *end, size_t *words)
{
  const char *stop[TIME_TEXT_WORDS] = {NULL};
  size_t count = 0;
  const char *at = text;
  struct time_text time;
  enum { TIME_BYTES = 96 }; /* no time is as long: what is behind need not be looked at */
  if (end - text > TIME_BYTES)
    end = text + TIME_BYTES;
  while (at < end && count < TIME_TEXT_WORDS) {
    while (at < end && !byte_is_blank(*at))
      at++;
    stop[count++] = at;
    const char *next = bytes_skip_blanks(at, end);
    if (next == end || next - at > 2)
      break;
    at = next;
  }
  for (size_t n = count; n-- > 0;) {
    const char *last = stop[n];
    /* What ends the word before the blank may belong to the sentence: `10:00:00, temp=5`, `(... 10:00:00)`. */
    for (int cut = 0; cut < 3 && last > text; cut++) {
      if (time_text_read(text, (size_t)(last - text), &time) != TIME_TEXT_NONE) {
        *words = n + 1;
        return last;
      }
      if (!strchr(",;:)]|", last[-1]))
        break;
      last--;
    }
  }
  /* A separator glued behind: `12:30:01,temp=5`. */
  at = text;
  while (at < end && !is_delimiter_of_words(*at))
    at++;
  if (at < end && at > text && time_text_read(text, (size_t)(at - text), &time) != TIME_TEXT_NONE) {
    *words = 1;
    return at;
  }
  return NULL;
}

/* Digits, signs and points in pieces with blanks between: several numbers, or one that is torn. */
static bool is_torn(const char *text, size_t length)
{
  bool blank = false;
  bool digit = false;
  for (size_t i = 0; i < length; i++) {
    if (byte_is_digit(text[i]))
      digit = true;
    else if (byte_is_blank(text[i]))
      blank = true;
    else if (text[i] != '.' && text[i] != ',' && text[i] != '-' && text[i] != '+')
      return false;
  }
  return blank && digit;
}

/* Numbers, their units and times with blanks between: several cells that something else set apart. */
static bool is_several(const char *text, size_t length)
{
  const char *end = text + length;
  size_t numbers = 0;
  bool timed = false;  /* the word before is a time */
  bool behind = false; /* the last word is a number behind a time, `10:00 21`: no duration, `3 days 10:00` */
  if (!memchr(text, ' ', length) && !memchr(text, '\t', length))
    return false;
  for (const char *at = text; at < end; at = bytes_skip_blanks(at, end)) {
    const char *word = at;
    struct number_text number;
    struct time_text time;
    while (at < end && !byte_is_blank(*at))
      at++;
    behind = false;
    if (number_text_read(word, (size_t)(at - word), NUMBER_COMMA, &number) == NUMBER_VALUE) {
      numbers++;
      behind = timed;
      timed = false;
      continue;
    }
    timed = time_text_read(word, (size_t)(at - word), &time) != TIME_TEXT_NONE;
    if (!timed && !unit_known(word, (size_t)(at - word)))
      return false;
  }
  return numbers > 1 || behind;
}

static void judge(struct cell *cell, int flags)
{
  const char *text = cell->datum;
  size_t length = cell->datum_length;
  struct time_text time;
  if (length == 0) {
    cell->kind = CELL_EMPTY;
    return;
  }
  switch (number_text_read(text, length, flags, &cell->number)) {
  case NUMBER_VALUE:
    cell->kind = CELL_NUMBER;
    return;
  case NUMBER_GAP:
    cell->kind = CELL_GAP;
    return;
  case NUMBER_NONE:
    break;
  }
  if (time_text_read(text, length, &time) != TIME_TEXT_NONE)
    cell->kind = CELL_TIME;
  else
    cell->kind = is_torn(text, length) || is_several(text, length) ? CELL_TORN : CELL_WORD;
}

/* Sets text and datum of a cell that stands at [at, end), and whether quotes are around it. */
static void place(struct cell *cell, const char *at, const char *end)
{
  at = bytes_skip_blanks(at, end);
  while (end > at && byte_is_blank(end[-1]))
    end--;
  *cell = (struct cell){.kind = CELL_WORD, .text = at, .length = (size_t)(end - at)};
  if (end - at >= 2 && (*at == '"' || *at == '\'') && brackets_quote_end(at, end) == end) {
    cell->quoted = true;
    at++;
    end--;
    at = bytes_skip_blanks(at, end);
    while (end > at && byte_is_blank(end[-1]))
      end--;
  }
  cell->datum = at;
  cell->datum_length = (size_t)(end - at);
}

static int comma_flags(const struct cell_rules *rules, bool quoted)
{
  if (rules->comma_never)
    return 0;
  if (rules->comma)
    return rules->comma;
  bool apart = rules->separator != ',' && rules->separator != SEPARATOR_BLANKS;
  return apart || quoted ? NUMBER_COMMA : 0;
}

/* A number with a bracket glued to it whose partner is not there: (42.92 or 3] */
static bool is_half_bracketed(const struct cell *cell)
{
  const char *text = cell->text;
  size_t length = cell->length;
  struct number_text number;
  if (length < 2)
    return false;
  const bool opens = *text == '(' || *text == '[';
  const bool closes = text[length - 1] == ')' || text[length - 1] == ']';
  return opens != closes && number_text_read(text + opens, length - 1, 0, &number) == NUMBER_VALUE;
}

/* Where a time of day ends whose thousandths stand behind the comma at stop; stop where they do not. */
static const char *end_of_clock(const char *at, const char *stop, const char *end)
{
  const char *first = bytes_skip_blanks(at, stop);
  struct time_text time;
  if (end - stop < 4 || !byte_is_digit(stop[1]) || !byte_is_digit(stop[2]) || !byte_is_digit(stop[3]) ||
      (end - stop > 4 && stop[4] != *stop))
    return stop;
  return time_text_read(first, (size_t)(stop + 4 - first), &time) != TIME_TEXT_NONE ? stop + 4 : stop;
}

/* `$1` before `,234.56`: what a comma that groups digits leaves of an amount is no name for the rest of it. */
static bool is_amount(const char *at, const char *stop, const char *end)
{
  if (*stop != ',' || stop + 1 == end || !byte_is_digit(stop[1]))
    return false;
  const char *digits = stop;
  while (digits > at && byte_is_digit(digits[-1]))
    digits--;
  if (digits == stop || digits == at)
    return false;
  const size_t before = (size_t)(digits - at);
  return digits[-1] == '$' || (before >= 2 && memcmp(digits - 2, "\xC2\xA3", 2) == 0) || /* pound, yen, euro */
         (before >= 2 && memcmp(digits - 2, "\xC2\xA5", 2) == 0) ||
         (before >= 3 && memcmp(digits - 3, "\xE2\x82\xAC", 3) == 0);
}

static size_t read_separated(const struct cell_rules *rules, const char *line, size_t length, struct cell *cells)
{
  const char *end = line + length;
  const char *at = line;
  bool quotes = true; /* until one without its partner was met: from there on they are ordinary bytes */
  size_t count = 0;
  for (;;) {
    const char *start = at;
    const char *first = at;
    bool open = false; /* a quote that goes on in the next line */
    while (first < end && byte_is_blank(*first) && *first != rules->separator)
      first++;
    if (quotes && first < end && *first == '"' && rules->separator != '"') {
      const char *partner = brackets_quote_end(first, end);
      quotes = partner != NULL;
      open = !partner;
      if (partner)
        at = partner;
    }
    const char *stop = rules->separator ? memchr(at, rules->separator, (size_t)(end - at)) : NULL;
    if (!stop || count + 1 == CELLS_MAX)
      stop = end;
    struct cell *cell = &cells[count++];
    if (rules->clock_comma && rules->separator == ',' && stop < end)
      stop = end_of_clock(start, stop, end);
    place(cell, start, stop);
    judge(cell, comma_flags(rules, cell->quoted) | NUMBER_UNIT_APART);
    if (cell->kind == CELL_WORD && !cell->quoted &&
        (open || cells_end_quote(cell->text, cell->length) || is_half_bracketed(cell) ||
         (stop < end && is_amount(start, stop, end))))
      cell->kind = CELL_TORN;
    if (stop == end)
      return count;
    at = stop + 1;
  }
}

/* The end of a word between blanks; quotes and brackets at its start hold it together. */
static const char *end_of_word(const char *at, const char *end, bool *quotes)
{
  if (((*at == '"' || *at == '\'') && *quotes) || *at == '(' || *at == '[' || *at == '{') {
    const char *partner = brackets_end(at, end);
    if (partner)
      at = partner;
    else if (*at == '"' || *at == '\'')
      *quotes = false;
  }
  while (at < end && !byte_is_blank(*at)) {
    if (*at == '{') { /* http_requests{path="a b"} */
      const char *partner = brackets_end(at, end);
      at = partner ? partner : at + 1;
    } else {
      at++;
    }
  }
  return at;
}

/* A unit in a cell of its own behind the number: one blank between, known, and nothing labelled by it. */
static void attach_unit(struct cell *last, struct cell *cell)
{
  if ((last->kind != CELL_NUMBER && !(last->kind == CELL_GAP && last->length > 1)) || last->number.unit_length > 0 ||
      last->quoted || cell->kind != CELL_WORD || cell->text != last->text + last->length + 1 ||
      !unit_known(cell->datum, cell->datum_length))
    return;
  last->number.unit = cell->datum;
  last->number.unit_length = cell->datum_length;
  cell->unit_of_last = true;
}

/* Bytes in hexadecimal, 0C 1A FF: without 0x they are words, and no degrees and amperes. */
static bool is_hex_dump(const struct cell *cells, size_t count)
{
  bool letter = false;
  for (size_t i = 0; i < count; i++) {
    if (cells[i].length != 2)
      return false;
    for (size_t k = 0; k < 2; k++) {
      char c = cells[i].text[k];
      if (!byte_is_digit(c) && !(c >= 'A' && c <= 'F') && !(c >= 'a' && c <= 'f'))
        return false;
      letter = letter || !byte_is_digit(c);
    }
  }
  return count >= 2 && letter;
}

/* The cells of [at, end) behind the first `count`; returns how many there are then. */
static size_t read_group(const struct cell_rules *rules, const char *at, const char *end, struct cell *cells,
                         size_t count)
{
  const size_t first = count;
  bool quotes = true;
  at = bytes_skip_blanks(at, end);
  while (at < end && count < CELLS_MAX) {
    struct cell *cell = &cells[count];
    const char *stop = end_of_word(at, end, &quotes);
    size_t words = 0;
    const char *timed = NULL;
    bool signed_word = false;
    if (*at != '(' && *at != '[' && *at != '"' && time_text_begins(at, (size_t)(stop - at)))
      timed = cells_time(at, end, &words);
    if (timed && timed >= stop) {
      /* As many cells as it has words, the first with all of it as its datum. */
      for (size_t i = 0; i < words && count < CELLS_MAX; i++) {
        const char *word = at;
        while (at < timed && !byte_is_blank(*at))
          at++;
        place(&cells[count], word, at);
        cells[count].kind = CELL_TIME;
        cells[count].continued = i > 0;
        if (i == 0)
          cells[count].datum_length = (size_t)(timed - word);
        count++;
        at = bytes_skip_blanks(at, end);
      }
      continue;
    }
    if (((*at == '+' || (*at == '-' && rules->minus)) && stop == at + 1) ||
        (stop - at == 3 && memcmp(at, "\xE2\x88\x92", 3) == 0)) {
      const char *next = bytes_skip_blanks(stop, end); /* a lone sign belongs to the number behind it */
      const bool number = next < end && (byte_is_digit(*next) || *next == '.');
      const char *behind = next < end ? end_of_word(next, end, &quotes) : end;
      const size_t rest = (size_t)(behind - next);
      signed_word =
          !number && rest > 0 && *at == '-' && !number_text_is_gap(next, rest) && !number_text_begins(next, rest);
      if (number || signed_word)
        stop = behind;
    }
    place(cell, at, stop);
    judge(cell, comma_flags(rules, cell->quoted));
    /* A sign, and not the gap that it would be by itself; or the end of a row that lost its beginning, ` 0.7 0.8]`. */
    if (signed_word || (cell->kind == CELL_WORD && !cell->quoted && stop[-1] == ']' && is_half_bracketed(cell)))
      cell->kind = CELL_TORN;
    if (count > first)
      attach_unit(&cells[count - 1], cell);
    count++;
    at = bytes_skip_blanks(stop, end);
  }
  return count;
}

/*
 * An empty group leaves open which columns are missing. It becomes a cell that rejects the row, as those behind it would be
 * misplaced.
 */
static size_t read_groups(const struct cell_rules *rules, const char *line, const char *end, struct cell *cells)
{
  size_t count = 0;
  for (const char *at = line; at < end;) {
    const char *stop = cells_group_end(at, end);
    const size_t before = count;
    count = read_group(rules, at, stop, cells, count);
    if (count == before && count < CELLS_MAX && stop < end) {
      place(&cells[count], at - (at > line), stop + 1);
      cells[count++].kind = CELL_TORN;
    }
    at = stop + 1;
  }
  return count;
}

static size_t read_blanks(const struct cell_rules *rules, const char *line, size_t length, struct cell *cells)
{
  const char *end = line + length;
  const size_t count = rules->bars ? read_groups(rules, line, end, cells) : read_group(rules, line, end, cells, 0);
  if (is_hex_dump(cells, count))
    for (size_t i = 0; i < count; i++)
      if (cells[i].number.unit_length > 0)
        cells[i].kind = CELL_WORD;
  return count;
}

size_t cells_read(const struct cell_rules *rules, const char *line, size_t length, struct cell *cells)
{
  cells_unframe(rules->separator, &line, &length);
  return rules->separator == SEPARATOR_BLANKS ? read_blanks(rules, line, length, cells)
                                              : read_separated(rules, line, length, cells);
}
