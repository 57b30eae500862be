#include "scope/input/field.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "scope/input/decimal.h"

/* A piece of the line, found by its delimiters alone. */
struct piece {
  const char *text; /* the content, without quotes and the blanks inside them */
  size_t length;
  const char *end;    /* the first byte behind the piece */
  const char *equals; /* the first `=` and the first `:` in it, NULL when absent or quoted */
  const char *colon;
  bool quoted;
};

enum {
  BYTE_SPACE = 1,
  BYTE_BRACKET = 2,
  BYTE_SEPARATOR = 4,
  BYTE_SIGN = 8,
};

/* What a byte means to the reader, so that the inner loops look once instead of comparing nine times. */
static const unsigned char byte_class[256] = {
    [' '] = BYTE_SPACE,     ['\t'] = BYTE_SPACE,  ['\r'] = BYTE_SPACE,  ['{'] = BYTE_BRACKET,
    ['}'] = BYTE_BRACKET,   ['['] = BYTE_BRACKET, [']'] = BYTE_BRACKET, [','] = BYTE_SEPARATOR,
    [';'] = BYTE_SEPARATOR, ['='] = BYTE_SIGN,    [':'] = BYTE_SIGN,
};

static inline bool has_class(char c, int wanted)
{
  return (byte_class[(unsigned char)c] & wanted) != 0;
}

static inline bool is_space(char c)
{
  return has_class(c, BYTE_SPACE);
}

static inline bool is_separator(char c)
{
  return has_class(c, BYTE_SEPARATOR);
}

static inline bool is_blank(char c)
{
  return has_class(c, BYTE_SPACE | BYTE_BRACKET);
}

static inline bool is_delimiter(char c)
{
  return has_class(c, BYTE_SPACE | BYTE_BRACKET | BYTE_SEPARATOR);
}

static bool is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *at, const char *end)
{
  while (at < end && is_blank(*at))
    at++;
  return at;
}

static bool equals_word(const char *text, size_t length, const char *word)
{
  return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

bool field_line_blank(const char *line, size_t length)
{
  const char *end = line + length;
  const char *at = skip_blanks(line, end);
  return at == end || *at == '#';
}

void field_start(struct field_reader *reader, const char *line, size_t length)
{
  *reader = (struct field_reader){.at = line, .end = line + length, .first = true};
}

/* The closing partner of the quote at text, NULL when there is none. */
static const char *find_partner(const char *text, const char *end)
{
  char quote = *text;
  for (const char *at = text + 1; at < end; at++) {
    if (*at == '\\' && at + 1 < end)
      at++;
    else if (*at == quote && at + 1 < end && at[1] == quote && at != text + 1)
      at++;
    else if (*at == quote)
      return at;
  }
  return NULL;
}

/* The piece at a byte that is neither blank nor separator: up to the next delimiter, or a quoted string. */
static struct piece take_piece(struct field_reader *reader, const char *at)
{
  struct piece piece = {.text = at};
  const char *end = reader->end;
  const char *from = at;
  if ((*at == '"' && !reader->double_off) || (*at == '\'' && !reader->single_off)) {
    const char *partner = find_partner(at, end);
    if (!partner) {
      /* Looked for once a line, so that a line full of quotes costs no more than its length. */
      if (*at == '"')
        reader->double_off = true;
      else
        reader->single_off = true;
    } else if (partner + 1 == end || is_delimiter(partner[1]) || partner[1] == ':' || partner[1] == '=') {
      const char *first = at + 1;
      const char *last = partner;
      while (first < last && is_space(*first))
        first++;
      while (last > first && is_space(last[-1]))
        last--;
      piece.text = first;
      piece.length = (size_t)(last - first);
      piece.end = partner + 1;
      piece.quoted = true;
      return piece;
    } else {
      from = partner + 1;
    }
  }
  for (at = from; at < end; at++) {
    if (byte_class[(unsigned char)*at] == 0)
      continue;
    if (is_delimiter(*at))
      break;
    if (*at == '=' && !piece.equals)
      piece.equals = at;
    else if (*at == ':' && !piece.colon)
      piece.colon = at;
  }
  piece.end = at;
  piece.length = (size_t)(at - piece.text);
  return piece;
}

/* `nan inf null NA -` in any case, the first two as strtod takes them: signed, `infinity`, `nan(123)`. */
static bool is_gap(const char *text, size_t length)
{
  if (!strchr("-+nNiI", *text))
    return false;
  if (equals_word(text, length, "-") || equals_word(text, length, "null") || equals_word(text, length, "na"))
    return true;
  if (length > 0 && (*text == '-' || *text == '+')) {
    text++;
    length--;
  }
  if (equals_word(text, length, "inf") || equals_word(text, length, "infinity") || equals_word(text, length, "nan"))
    return true;
  if (length < 5 || strncasecmp(text, "nan(", 4) != 0 || text[length - 1] != ')')
    return false;
  for (size_t i = 4; i < length - 1; i++)
    if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '_')
      return false;
  return true;
}

/* A letter, `%`, `°` or `µ` (micro sign or Greek mu) first, and no digit except a last 2 or 3. */
static bool is_unit(const char *text, size_t length)
{
  if (length == 0)
    return false;
  bool two = length > 1;
  if (!is_letter(text[0]) && text[0] != '%' && !(two && memcmp(text, "\xC2\xB0", 2) == 0) &&
      !(two && memcmp(text, "\xC2\xB5", 2) == 0) && !(two && memcmp(text, "\xCE\xBC", 2) == 0))
    return false;
  for (size_t i = 0; i < length; i++)
    if (is_digit(text[i]) && (i + 1 < length || (text[i] != '2' && text[i] != '3')))
      return false;
  return true;
}

static void set_number(struct field *field, enum decimal_road road, double value)
{
  field->slow = road == DECIMAL_SLOW;
  field->kind = isfinite(value) ? FIELD_NUMBER : FIELD_GAP;
  field->value = isfinite(value) ? value : (double)NAN;
}

/* Judges a text that has no label: number, gap, time or word. */
static void judge(struct field *field, const char *text, size_t length)
{
  field->datum = text;
  field->datum_length = length;
  field->kind = FIELD_WORD;
  field->value = (double)NAN;
  if (length == 0) {
    field->kind = FIELD_EMPTY;
    return;
  }
  double value;
  enum decimal_road road = DECIMAL_NONE;
  if (is_digit(*text) || *text == '.' || *text == '-' || *text == '+')
    road = decimal_parse(text, length, &value);
  if (road != DECIMAL_NONE)
    set_number(field, road, value);
  else if (is_gap(text, length))
    field->kind = FIELD_GAP;
  else if (field_time(text, length) != FIELD_TIME_NONE)
    field->kind = FIELD_TIME;
}

/* Judges the value of a label: as judge, and a number may have a unit. What is quoted and empty is a word. */
static void judge_labelled(struct field *field, const char *text, size_t length)
{
  judge(field, text, length);
  if (field->kind == FIELD_EMPTY)
    field->kind = FIELD_WORD;
  if (field->kind != FIELD_WORD)
    return;
  size_t taken = decimal_length(text, length);
  double value;
  if (taken == 0 || !is_unit(text + taken, length - taken))
    return;
  enum decimal_road road = decimal_parse(text, taken, &value);
  if (road == DECIMAL_NONE)
    return;
  set_number(field, road, value);
  field->datum_length = taken;
  field->unit = text + taken;
  field->unit_length = length - taken;
}

/* Before `:` a label starts with a letter, `_`, `$` or `/` (letters of other scripts count), or was quoted. */
static bool may_precede_colon(const struct piece *piece)
{
  unsigned char c = (unsigned char)(piece->length > 0 ? *piece->text : 0);
  return piece->quoted || is_letter((char)c) || c == '_' || c == '$' || c == '/' || c >= 0x80;
}

/*
 * Tries what stands behind the sign at `sign` as the value of the label; on success the field is complete and the
 * reader stands behind it. *value_end tells where a value that is glued to the sign ends, NULL when none is.
 */
static bool take_value(struct field_reader *reader, struct field *field, const char *sign, const char **value_end)
{
  const char *at = skip_blanks(sign + 1, reader->end);
  *value_end = NULL;
  if (at == reader->end)
    return false; /* `Warning:` at the end of a line is no label, nor is the padding of a base64 string. */
  if (is_separator(*at)) {
    field->kind = FIELD_GAP;
    field->value = (double)NAN;
    field->datum = at;
    field->datum_length = 0;
    reader->at = at;
    return true;
  }
  struct piece piece = take_piece(reader, at);
  judge_labelled(field, piece.text, piece.length);
  if (at == sign + 1)
    *value_end = piece.end;
  bool key = piece.quoted && piece.end < reader->end && *piece.end == ':';
  if (field->kind == FIELD_WORD || key)
    return false; /* In `"a": {"1": 2}` the "1" is no value but the next label. */
  reader->at = piece.end;
  return true;
}

/* A date, blanks and a time of day that fill a cell between separators are one time: `2026-11-22 09:08:00,21.5`. */
static const char *join_clock(struct field_reader *reader, const struct piece *piece, bool cell_start,
                              bool after_separator)
{
  if (!cell_start || piece->quoted || field_time(piece->text, piece->length) != FIELD_TIME_DATE)
    return NULL;
  const char *at = skip_blanks(piece->end, reader->end);
  if (at == reader->end || is_separator(*at))
    return NULL;
  const char *clock = at;
  while (at < reader->end && !is_delimiter(*at))
    at++;
  if (field_time(clock, (size_t)(at - clock)) != FIELD_TIME_CLOCK)
    return NULL;
  const char *behind = skip_blanks(at, reader->end);
  bool before_separator = behind < reader->end && is_separator(*behind);
  return before_separator || (after_separator && behind == reader->end) ? at : NULL;
}

/* The field at a byte that is neither blank nor separator. */
static void take_field(struct field_reader *reader, struct field *field, bool cell_start, bool after_separator)
{
  const char *start = reader->at;
  struct piece piece = take_piece(reader, start);
  struct piece label = piece;
  const char *sign = NULL;
  if (!piece.quoted && piece.equals > start) {
    sign = piece.equals;
  } else if (!piece.quoted && !piece.equals && piece.colon > start && may_precede_colon(&piece)) {
    sign = piece.colon;
  } else {
    /* The sign may stand apart, `a = 1` and `a : 1`, or right behind a quoted label. */
    const char *at = skip_blanks(piece.end, reader->end);
    if (at < reader->end && (*at == '=' || (*at == ':' && may_precede_colon(&piece))))
      sign = at;
  }
  bool apart = sign && sign >= piece.end;
  if (sign && !apart)
    label.length = (size_t)(sign - start);
  *field = (struct field){.text = start};
  const char *end = piece.end;
  if (sign && label.length > 0) {
    const char *value_end;
    if (take_value(reader, field, sign, &value_end)) {
      field->labelled = true;
      field->label = label.text;
      field->label_length = label.length;
      field->length = (size_t)(reader->at - start);
      return;
    }
    bool behind_quote = piece.quoted && sign == piece.end;
    if (value_end && (!apart || behind_quote))
      end = value_end;
    else if (behind_quote)
      end = sign + 1;
    if (!apart || behind_quote) {
      *field = (struct field){.text = start, .kind = FIELD_WORD, .value = (double)NAN, .datum = start};
      field->length = field->datum_length = (size_t)(end - start);
      reader->at = end;
      return;
    }
    *field = (struct field){.text = start};
  }
  judge(field, piece.text, piece.length);
  if (field->kind == FIELD_TIME) {
    const char *joined = join_clock(reader, &piece, cell_start, after_separator);
    if (joined) {
      end = joined;
      field->datum_length = (size_t)(end - start);
    }
  } else if (reader->after_time && field->kind == FIELD_WORD &&
             (equals_word(piece.text, piece.length, "am") || equals_word(piece.text, piece.length, "pm"))) {
    field->kind = FIELD_TIME;
  }
  field->length = (size_t)(end - start);
  reader->at = end;
}

bool field_next(struct field_reader *reader, struct field *field)
{
  const char *at = skip_blanks(reader->at, reader->end);
  bool cell_start = reader->first || reader->open;
  bool after_separator = reader->open;
  reader->first = false;
  reader->open = false;
  if (at == reader->end && !after_separator)
    return false;
  reader->at = at;
  if (at == reader->end || is_separator(*at)) {
    *field = (struct field){.kind = FIELD_EMPTY, .value = (double)NAN, .text = at, .datum = at};
    field->trailing = at == reader->end;
  } else {
    take_field(reader, field, cell_start, after_separator);
  }
  reader->after_time = field->kind == FIELD_TIME && !field->labelled;
  at = skip_blanks(reader->at, reader->end);
  if (at < reader->end && is_separator(*at)) {
    at++;
    reader->open = true;
  }
  reader->at = at;
  return true;
}
