#include <string.h>

#include "scope/input/brackets.h"
#include "scope/input/cells.h"
#include "scope/input/decimal.h"
#include "scope/input/label_walk.h"
#include "scope/input/labels.h"
#include "scope/input/time_text.h"
#include "scope/stream/units.h"

enum { VALUE_MAX = 256 /* bytes of a text behind a label that are looked at */ };

/* What stands before `::`: the name of a module or a MIB, `IF-MIB::ifInOctets.1`, and no part of an IPv6 address. */
static bool is_scope(const char *at, const char *end)
{
  for (; at < end; at++)
    if ((*at | 0x20) > 'f' && (*at | 0x20) <= 'z')
      return true;
  return false;
}

/* The sign that ends the label in the word [at, stop): its first `=`, else its first `:`; NULL when there is none. */
const char *label_find_sign(const char *at, const char *stop)
{
  const char *colon = NULL;
  for (const char *byte = at; byte < stop; byte++) {
    if (byte > at && byte_opens(*byte)) {
      const char *partner = brackets_end(byte, stop);
      if (partner) {
        byte = partner - 1;
        continue;
      }
    }
    if (*byte == '=')
      return byte;
    if (*byte == ':' && byte + 1 < stop && byte[1] == ':' && is_scope(at, byte)) {
      byte++;
      continue;
    }
    if (*byte == ':' && !colon)
      colon = byte;
  }
  return colon;
}

/* Whether a sign stands next, so that the word before it is a label and no unit or value. */
bool label_sign_follows(const char *at, const char *end)
{
  at = bytes_skip_blanks(at, end);
  return at < end && byte_is_sign(*at);
}

int label_comma_flags(const struct walk *w)
{
  if (w->rules->comma_never)
    return 0;
  return w->rules->comma ? w->rules->comma : NUMBER_COMMA;
}

/* Whether a byte ends no word and is no sign: most bytes of most words. */
static bool goes_on(char c, char separator)
{
  return (byte_is_letter(c) || byte_is_digit(c) || c == '.' || (unsigned char)c >= 0x80) && c != separator;
}

/* The end of the word at text: blank, separator, quote or bracket; a comma between digits belongs to it if asked. */
static const char *end_of_value(const struct walk *w, const char *text, bool commas)
{
  const char *at = text;
  if (at < w->end && byte_opens(*at)) {
    const char *partner = brackets_end(at, w->end);
    return partner ? partner : at + 1;
  }
  bool number = at < w->end && number_text_begins(at, (size_t)(w->end - at));
  for (; at < w->end; at++) {
    if (at - text < VALUE_MAX && goes_on(*at, w->rules->separator))
      continue;
    if (byte_is_blank(*at) || byte_closes(*at) || (at - text >= VALUE_MAX && (!number || byte_is_sign(*at))))
      break;
    if (byte_opens(*at) && at > text)
      break;
    if (byte_separates(w->rules, *at) &&
        !(*at == ',' && commas && at > text && byte_is_digit(at[-1]) && at + 1 < w->end && byte_is_digit(at[1])))
      break;
  }
  return at;
}

/* The value at text as a number; *behind is then what follows it, its unit too. */
static enum number_kind read_number(const struct walk *w, const char *text, int flags, struct number_text *number,
                                    const char **behind)
{
  const char *stop = end_of_value(w, text, (flags & NUMBER_COMMA) != 0);
  const bool sign =
      (stop - text == 1 && (*text == '+' || *text == '-')) || (stop - text == 3 && (unsigned char)*text == 0xE2);
  if (sign && stop < w->end && byte_is_blank(*stop)) {
    const char *next = bytes_skip_blanks(stop, w->end); /* a lone sign */
    if (next < w->end && byte_is_digit(*next))
      stop = end_of_value(w, next, (flags & NUMBER_COMMA) != 0);
  }
  enum number_kind kind = number_text_read(text, (size_t)(stop - text), flags | NUMBER_LABELLED, number);
  *behind = stop;
  if (kind != NUMBER_VALUE || number->unit_length > 0 || number->multiplied || stop + 1 >= w->end || *stop != ' ')
    return kind;
  const char *unit_end = end_of_value(w, stop + 1, false);
  if (unit_end > stop + 1 && !label_find_sign(stop + 1, unit_end) &&
      unit_known(stop + 1, (size_t)(unit_end - stop - 1)) && !label_sign_follows(unit_end, w->end)) {
    number->unit = stop + 1;
    number->unit_length = (size_t)(unit_end - stop - 1);
    *behind = unit_end;
  }
  return kind;
}

void label_add_number(struct walk *w, const char *name, size_t length, uint32_t part, enum number_kind kind,
                      const struct number_text *number, const char *text, const char *end)
{
  struct named *item = named_add(w->list, kind == NUMBER_VALUE ? NAMED_NUMBER : NAMED_GAP, name, length);
  if (!item)
    return;
  item->part = part;
  item->listed = end + 1 < w->end && *end == ',' && byte_is_digit(end[1]);
  item->number = *number;
  item->text = text;
  item->length = (size_t)(end - text);
}

static void add_text(struct walk *w, enum named_kind kind, const char *name, size_t length, const char *text,
                     const char *end)
{
  struct named *item = named_add(w->list, kind, name, length);
  if (!item)
    return;
  item->text = text;
  item->length = (size_t)(end - text);
}

/* Words that may stand in the place of a number in the middle of a list. */
static bool is_gap_in_list(const char *text, size_t length)
{
  return length >= 2 && !(text[0] == '-' && text[1] == '-') && number_text_is_gap(text, length);
}

/* Whether the comma in the number separates two, as others in the row do. */
static bool is_list(const struct walk *w, const struct number_text *number)
{
  return w->rules->comma_lists && number->comma != COMMA_ABSENT && !number->point;
}

/* Further numbers behind a labelled one, with nothing but blanks or commas between. */
static void read_list(struct walk *w, const char *name, size_t length, bool commas_separate)
{
  int flags = commas_separate ? 0 : label_comma_flags(w);
  for (uint32_t part = 2;; part++) {
    const char *at = w->at;
    while (at < w->end && (*at == ' ' || *at == ','))
      at++;
    if (at == w->end || at == w->at)
      return;
    struct number_text number;
    const char *behind;
    size_t words;
    if (byte_is_digit(*at) && cells_time(at, w->end, &words))
      return;
    const char *stop = end_of_value(w, at, !commas_separate);
    if (!number_text_begins(at, (size_t)(stop - at)) && !is_gap_in_list(at, (size_t)(stop - at)))
      return;
    enum number_kind kind = read_number(w, at, flags, &number, &behind);
    if ((kind == NUMBER_NONE || is_list(w, &number)) && memchr(at, ',', (size_t)(stop - at))) {
      commas_separate = true;
      flags = 0;
      kind = read_number(w, at, flags, &number, &behind);
    }
    if (kind == NUMBER_NONE || label_sign_follows(behind, w->end))
      return;
    w->at = behind;
    if (bytes_skip_blanks(behind, w->line_end) == w->line_end && number.unit_length == 0 && kind == NUMBER_VALUE &&
        time_text_is_unix(number.value)) {
      add_text(w, NAMED_TIME, "", 0, at, behind);
      return;
    }
    label_add_number(w, name, length, part, kind, &number, at, behind);
  }
}

/*
 * Whether the one number [at, stop) in brackets is no value of the label before but a log's: the seconds since boot in
 * `kernel: [12.345678] link is up`, or the process in `cron: [123] started`.
 */
static bool is_of_log(const struct walk *w, const char *at, const char *stop, const char *partner)
{
  const char *next = bytes_skip_blanks(partner, w->end);
  if (next == w->end || !label_begins(next, (size_t)(w->end - next)))
    return false;
  if (w->of_log || (stop - at > 7 && stop[-7] == '.'))
    return true;
  const char *word = end_of_value(w, next, false);
  return !label_find_sign(next, word) && !label_sign_follows(word, w->end);
}

/* A word among the numbers of a list, `[4, oops, 6]`, is a value that failed, and not the next label, `[4 s, b=6]`. */
static void add_failed_list(struct walk *w, const char *name, size_t length, const char *at, const char *partner,
                            const char *word)
{
  for (const char *byte = at; byte < partner; byte++)
    if (byte_is_sign(*byte))
      return;
  if (memchr(at, ',', (size_t)(partner - at)))
    add_text(w, NAMED_WORD, name, length, word, end_of_value(w, word, false));
}

/* Whether a brace opens a list of numbers, {1, 2, 3}, and no object. */
static bool opens_list(const char *at, const char *end)
{
  const char *first = bytes_skip_blanks(at + 1, end);
  return first < end && number_text_begins(first, (size_t)(end - first));
}

/* [1, 2, 3], {1, 2, 3} or (0.1 0.2) behind a label: a list, or a missing value. */
static bool read_bracketed(struct walk *w, const char *at, const char *name, size_t length)
{
  const char *partner = brackets_end(at, w->end);
  if (!partner || (*at == '{' && !opens_list(at, partner)))
    return false;
  struct number_text number;
  struct time_text time;
  if (number_text_is_gap(at, (size_t)(partner - at))) {
    number_text_read(at, (size_t)(partner - at), 0, &number);
    label_add_number(w, name, length, 1, NUMBER_GAP, &number, at, partner);
    w->at = partner;
    return true;
  }
  if (time_text_read(at, (size_t)(partner - at), &time) != TIME_TEXT_NONE) {
    add_text(w, NAMED_TIME, name, length, at, partner);
    w->at = partner;
    return true;
  }
  struct walk inside = *w;
  inside.end = partner - 1;
  inside.line_end = partner;
  inside.at = bytes_skip_blanks(at + 1, inside.end);
  const char *behind;
  const char *first = inside.at;
  size_t before = w->list->count;
  size_t values = w->list->values;
  if (first < inside.end && label_begins(first, 1) && end_of_value(&inside, first, false) == inside.end) {
    add_text(w, NAMED_WORD, name, length, first, inside.end); /* status: [ok] */
    w->at = partner;
    return true;
  }
  if (first == inside.end || read_number(&inside, first, 0, &number, &behind) != NUMBER_VALUE) {
    if (first < inside.end && label_begins(first, 1))
      add_failed_list(w, name, length, at, partner, first);
    return false;
  }
  label_add_number(w, name, length, 1, NUMBER_VALUE, &number, first, behind);
  inside.at = behind;
  read_list(&inside, name, length, true);
  if (bytes_skip_blanks(inside.at, inside.end) != inside.end) { /* other things too: no list */
    w->list->count = before;
    w->list->values = values;
    const char *next = inside.at;
    while (next < inside.end && (byte_is_blank(*next) || *next == ','))
      next++;
    if (next < inside.end && label_begins(next, 1))
      add_failed_list(w, name, length, at, partner, next);
    return false;
  }
  if (w->list->values == values + 1 && is_of_log(w, first, behind, partner)) {
    w->list->count = before;
    w->list->values = values;
    return false;
  }
  w->at = partner;
  return true;
}

/* What stands in quotes behind a label. */
static bool read_quoted(struct walk *w, const char *at, const char *name, size_t length)
{
  const char *partner = brackets_end(at, w->end);
  if (!partner || (partner < w->end && *partner == ':'))
    return false; /* in `"a": {"1": 2}` the "1" is no value but the next label */
  const char *first = bytes_skip_blanks(at + 1, partner - 1);
  const char *last = partner - 1;
  while (last > first && byte_is_blank(last[-1]))
    last--;
  struct number_text number;
  enum number_kind kind =
      number_text_read(first, (size_t)(last - first), label_comma_flags(w) | NUMBER_LABELLED, &number);
  struct time_text time;
  if (kind != NUMBER_NONE)
    label_add_number(w, name, length, 1, kind, &number, first, last);
  else if (time_text_read(first, (size_t)(last - first), &time) != TIME_TEXT_NONE)
    add_text(w, NAMED_TIME, name, length, first, last);
  else
    add_text(w, NAMED_WORD, name, length, first, last);
  w->at = partner;
  return true;
}

/* Whether further words, and nothing else, stand before the next `=`. */
static bool leads_to_equals(const char *at, const char *end)
{
  for (; at < end && *at != '='; at++)
    if (*at != '_' && *at != ' ' && !(*at >= '0' && *at <= '9') && !((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'))
      return false;
  return at < end;
}

/* What stands behind the sign of a label. Always moves on. */
void label_read_value(struct walk *w, const char *sign, const char *name, size_t length)
{
  const char *at = bytes_skip_blanks(sign + 1, w->end);
  w->at = at;
  w->segment = at;
  w->of_log = w->after_time;
  w->after_time = false;
  if (at == w->end)
    return;
  if (byte_separates(w->rules, *at)) {
    add_text(w, NAMED_EMPTY, name, length, at, at);
    return;
  }
  if (*at == '"' || *at == '\'') {
    if (read_quoted(w, at, name, length))
      w->segment = w->at;
    return;
  }
  if (byte_opens(*at)) {
    if (read_bracketed(w, at, name, length))
      w->segment = w->at;
    return;
  }
  const char *stop = end_of_value(w, at, true);
  size_t words;
  /* Digits alone are the day of a date only with a month behind them. */
  bool letter_behind = stop + 1 < w->end && byte_is_blank(*stop) && label_begins(stop + 1, 1);
  bool plain = !letter_behind && decimal_length(at, (size_t)(stop - at)) == (size_t)(stop - at);
  const char *timed = !plain && time_text_begins(at, (size_t)(stop - at)) ? cells_time(at, w->end, &words) : NULL;
  if (timed && timed >= end_of_value(w, at, false)) {
    add_text(w, NAMED_TIME, name, length, at, timed);
    w->at = w->segment = timed;
    w->after_time = sign > w->segment; /* a time behind a label is a value, not the time of a log line */
    return;
  }
  struct number_text number;
  const char *behind;
  enum number_kind kind = read_number(w, at, label_comma_flags(w), &number, &behind);
  bool list = false;
  if ((kind == NUMBER_NONE || is_list(w, &number)) && memchr(at, ',', (size_t)(stop - at))) {
    kind = read_number(w, at, 0, &number, &behind); /* A=1,2,3 */
    list = true;
  }
  if (kind != NUMBER_NONE && !(kind == NUMBER_GAP && behind < w->end && byte_is_sign(*behind))) {
    label_add_number(w, name, length, 1, kind, &number, at, behind);
    w->at = behind;
    if (kind == NUMBER_VALUE)
      read_list(w, name, length, list || w->rules->comma_never);
    w->segment = w->at;
    return;
  }
  /* A word: unless it has a sign of its own, it is the label's text. */
  stop = end_of_value(w, at, false);
  if (stop - at > 1 && stop[-1] == ':' && sign[-1] == ' ' && *sign == '=' && stop + 1 < w->end && *stop == ' ' &&
      label_begins(at, 1)) { /* snmpget's `ifInOctets.1 = Counter32: 5`: a type, and no label of its own */
    label_read_value(w, stop - 1, name, length);
    return;
  }
  for (const char *byte = at; byte < stop; byte++)
    if (byte_is_sign(*byte) && byte > at && !(byte + 2 < stop && byte[1] == '/' && byte[2] == '/')) {
      add_text(w, NAMED_BARE, name, length, at, at);
      return;
    }
  if (stop == at || label_sign_follows(stop, w->end))
    return;
  add_text(w, NAMED_WORD, name, length, at, stop);
  w->at = stop;
  /* Behind a name in front and several blanks words are those of the next label: `llama_print:    load time = 5` */
  w->segment = *sign == ':' && at - sign > 2 && leads_to_equals(stop, w->end) ? at : stop;
}
