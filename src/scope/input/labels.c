#include "scope/input/labels.h"

#include <string.h>
#include <strings.h>

#include "scope/input/brackets.h"
#include "scope/input/cells.h"
#include "scope/input/label_walk.h"
#include "scope/input/time_text.h"
#include "scope/stream/units.h"

enum {
  NESTING_MAX = 6,
  WORD_MAX = 1024, /* bytes of a word that are looked at for a sign: else a line of signs would cost their square */
};

bool label_begins(const char *text, size_t length)
{
  if (length == 0)
    return false;
  unsigned char c = (unsigned char)*text;
  if (c == '@' && length > 1) /* bpftrace's maps: `@reads: 5`, `@[bash]: 5` */
    c = text[1] == '[' ? '_' : (unsigned char)text[1];
  if (label_is_answer(text, length))
    return true;
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '/' || c >= 0x80;
}

bool label_is_answer(const char *text, size_t length)
{
  if (length < 3 || *text != '+')
    return false;
  for (size_t i = 1; i < 3; i++)
    if (text[i] < 'A' || text[i] > 'Z')
      return false;
  return true;
}

/*
 * The name without what counts before it: epoch 3 of `epoch 3 loss=2.0` is where the run is, and no part of the name; else
 * each epoch would be a channel.
 */
static void skip_counter(const char **name, size_t *length)
{
  static const char *const counters[] = {"epoch",      "step",        "iter",  "iteration", "batch",    "round",
                                         "episode",    "frame",       "cycle", "trial",     "sample",   "gen",
                                         "generation", "global_step", "ep",    "it",        "minibatch"};
  const char *at = *name;
  const char *end = at + *length;
  while (at < end && !byte_is_blank(*at))
    at++;
  const char *digits = bytes_skip_blanks(at, end);
  const char *behind = digits;
  while (behind < end && byte_is_digit(*behind))
    behind++;
  const char *rest = bytes_skip_blanks(behind, end);
  if (behind == digits || rest == behind || !label_begins(rest, (size_t)(end - rest)))
    return;
  size_t size = (size_t)(at - *name);
  for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++)
    if (strlen(counters[i]) == size && strncasecmp(*name, counters[i], size) == 0) {
      *name = rest;
      *length = (size_t)(end - rest);
      return;
    }
}

/* The name without bytes in hexadecimal before it: `4b 01 7f ff 05 t` is t, or each value would be a channel. */
static void skip_bytes(const char **name, size_t *length)
{
  const char *end = *name + *length;
  const char *at = *name;
  size_t bytes = 0;
  while (end - at > 3 && byte_is_hex(at[0]) && byte_is_hex(at[1]) && byte_is_blank(at[2])) {
    at = bytes_skip_blanks(at + 2, end);
    bytes++;
  }
  if (bytes < 2 || at == end || !label_begins(at, (size_t)(end - at)))
    return;
  *name = at;
  *length = (size_t)(end - at);
}

/* Where the last word of [from, to) begins; `0` of `Core 0` is none by itself. */
static const char *last_word_of_label(const char *from, const char *to)
{
  for (;;) {
    const char *last = to;
    bool digits = true;
    for (; last > from && !byte_is_blank(last[-1]); last--)
      digits = digits && byte_is_digit(last[-1]);
    if (!digits || last == from)
      return last;
    to = last;
    while (to > from && byte_is_blank(to[-1]))
      to--;
  }
}

/* What stands before the sign at `sign` as a label, trimmed; false when it is none. */
static bool find_label(const struct walk *w, const char *sign, const char **name, size_t *length)
{
  const char *from = w->segment;
  const char *to = sign;
  if (to - from > 2 * (ptrdiff_t)LABEL_LENGTH_MAX)
    return false;
  while (to > from && (byte_is_blank(to[-1]) || to[-1] == ':'))
    to--;
  from = bytes_skip_blanks(from, to);
  if (w->after_time) {
    from = last_word_of_label(from, to);
  }
  while (from < to && *from == '>') /* Teleplot's >a:1 */
    from = bytes_skip_blanks(from + 1, to);
  if (to - from >= 2 && (*from == '"' || *from == '\'') && to[-1] == *from) {
    *name = from + 1;
    *length = (size_t)(to - from) - 2;
    return *length > 0;
  }
  if (to - from >= 2 && byte_opens(*from) && brackets_end(from, to) == to) {
    from = bytes_skip_blanks(from + 1, to - 1);
    to--;
  }
  *name = from;
  *length = (size_t)(to - from);
  skip_counter(name, length);
  skip_bytes(name, length);
  return to - from <= LABEL_LENGTH_MAX && label_begins(*name, *length);
}

/* Whether the sign does not make a label: `==`, `<=`, `::`, `://`. */
static bool is_other_sign(const char *sign, const char *start, const char *end)
{
  if (sign > start && strchr("<>!", sign[-1]) && *sign == '=')
    return true;
  if (sign + 1 < end && *sign == '=' && sign[1] == '=')
    return true;
  if (sign + 1 < end && *sign == ':' && sign[1] == ':')
    return true;
  return sign + 2 < end && *sign == ':' && sign[1] == '/' && sign[2] == '/';
}

/* Whether the digits before the sign may end a label of several words: `Variable 1:123`. */
static bool is_label_number(const char *at, const char *sign, const char *stop)
{
  struct time_text time;
  for (const char *byte = at; byte < sign; byte++)
    if (!byte_is_digit(*byte))
      return false;
  return sign - at == 1 || time_text_read(at, (size_t)(stop - at), &time) == TIME_TEXT_NONE;
}

static void take_bracket(struct walk *w, int nesting)
{
  const char *at = w->at;
  const char *partner = brackets_end(at, w->end);
  struct time_text time;
  if (!partner) {
    w->at = w->segment = at + 1;
    return;
  }
  if (label_sign_follows(partner, w->end) && *at != '{') {
    w->at = partner; /* `Change (old-new): -25`: part of the label */
    return;
  }
  if (time_text_read(at, (size_t)(partner - at), &time) != TIME_TEXT_NONE) {
    w->at = w->segment = partner;
    w->after_time = true;
    return;
  }
  bool after_time = w->after_time;
  if (nesting < NESTING_MAX) {
    struct walk inside = *w;
    inside.at = inside.segment = at + 1;
    inside.end = partner - 1;
    inside.line_end = partner - 1;
    inside.after_time = false;
    inside.inside = true;
    size_t before = w->list->values;
    label_walk(&inside, nesting + 1);
    after_time = after_time && w->list->values == before;
  }
  w->at = w->segment = partner;
  w->after_time = after_time;
}

/* The end of a word that may be or hold a label: brackets glued behind its first byte are part of it. */
static const char *end_of_word(struct walk *w, const char *text)
{
  const char *at = text;
  if (w->word_end && text > w->word && text < w->word_end && !byte_opens(*text))
    return w->word_end;
  w->word_end = NULL;
  while (at < w->end && at - text < WORD_MAX && !byte_is_blank(*at) && !byte_closes(*at)) {
    if (at > text && byte_opens(*at)) {
      const char *partner = brackets_end(at, w->end);
      if (!partner)
        return at;
      at = partner;
    } else if (byte_separates(w->rules, *at)) {
      break;
    } else {
      at++;
    }
  }
  w->word = text;
  w->word_end = at;
  return at;
}

/* Those of `100 / 1000 loss=9.5` and `T:210 /200 B:60` divide, and begin no path. */
static bool is_divisor(const char *at, const char *stop)
{
  if (*at++ != '/')
    return false;
  while (at < stop && (byte_is_digit(*at) || *at == '.'))
    at++;
  return at == stop;
}

/* `0` of `Core 0` is a word of a label, and so is what begins as one; `1/5`, `-` and `->` end what stood before. */
static bool is_word_of_label(const char *at, const char *stop)
{
  if (is_divisor(at, stop))
    return false;
  bool digits = true;
  for (const char *byte = at; byte < stop; byte++)
    digits = digits && byte_is_digit(*byte);
  return digits || label_begins(at, (size_t)(stop - at)) || *at == '"' || *at == '%' || *at == '#' || *at == '&' ||
         *at == '*';
}

static void take_word(struct walk *w)
{
  const char *at = w->at;
  const char *stop = end_of_word(w, at);
  if (stop == at)
    stop = at + 1;
  size_t words;
  bool empty = bytes_skip_blanks(w->segment, at) == at;
  if (empty && time_text_begins(at, (size_t)(stop - at))) {
    const char *timed = cells_time(at, w->end, &words);
    if (timed) {
      w->at = w->segment = timed;
      w->after_time = true;
      return;
    }
  }
  const char *sign = label_find_sign(at, stop);
  if (sign && (label_is_address(at, stop) || label_is_place_in_source(w, at, sign))) {
    w->at = w->segment = stop;
    return;
  }
  if (sign && sign > at && !empty && *sign == ':' && byte_is_digit(*at) && !is_label_number(at, sign, stop)) {
    w->at = w->segment = stop; /* behind words too 12:30 is a time and 192.0.2.7:5001 an address */
    return;
  }
  if (sign && is_other_sign(sign, at, stop)) {
    w->at = w->segment = stop;
    return;
  }
  if (sign) {
    const char *name;
    size_t length;
    bool arrow = sign + 1 < w->end && *sign == '=' && sign[1] == '>';
    if (find_label(w, sign, &name, &length)) {
      label_read_value(w, sign + arrow, name, length);
      return;
    }
    /* 12:30, 127.0.0.1:, an IPv6 address: a word, and no label reaches over it. */
    w->at = w->segment = stop;
    return;
  }
  w->at = stop;
  if (!empty) {
    if (!is_word_of_label(at, stop))
      w->segment = stop;
    return;
  }
  struct number_text number;
  if (number_text_read(at, (size_t)(stop - at), 0, &number) != NUMBER_NONE) {
    const char *unit = bytes_skip_blanks(stop, w->end);
    const char *unit_end = end_of_word(w, unit);
    if (unit_end > unit && unit_known(unit, (size_t)(unit_end - unit)) && !label_sign_follows(unit_end, w->end))
      w->at = unit_end;
    w->segment = w->at;
  } else if ((!label_begins(at, (size_t)(stop - at)) && *at != '>') || is_divisor(at, stop)) {
    w->segment = w->at;
  }
}

void label_walk(struct walk *w, int nesting)
{
  while (w->at < w->end) {
    const char *next = bytes_skip_blanks(w->at, w->end);
    /* Two blanks end a label, unless its sign follows (`Delay  : 250`). */
    bool gap = next - w->at >= 2 || (next > w->at && *w->at == '\t');
    if (gap && next < w->end && !byte_is_sign(*next))
      w->segment = next;
    w->at = next;
    if (next == w->end)
      return;
    char c = *next;
    if (byte_separates(w->rules, c)) {
      w->at = w->segment = next + 1;
      w->after_time = false;
    } else if (c == '"' || (c == '\'' && w->segment == next)) {
      const char *partner = brackets_end(next, w->end);
      if (partner && !label_sign_follows(partner, w->end)) {
        w->at = w->segment = partner;
      } else if (partner) {
        w->segment = next; /* a quoted label is a label by itself */
        w->at = partner;
        const char *sign = bytes_skip_blanks(partner, w->end);
        const char *name;
        size_t length;
        if (find_label(w, sign, &name, &length))
          label_read_value(w, sign, name, length);
        else
          w->at = w->segment = sign + 1;
      } else {
        w->at = w->segment = next + 1;
      }
    } else if (byte_opens(c)) {
      take_bracket(w, nesting);
    } else if (byte_closes(c)) {
      w->at = w->segment = next + 1;
    } else {
      take_word(w);
    }
  }
}

/* A point that is decimal: it does not stand before three digits, as one that groups thousands does. */
static bool has_decimal_point(const struct named *item)
{
  const char *end = item->text + item->length;
  const char *point =
      item->number.point && item->number.comma == COMMA_ABSENT ? memchr(item->text, '.', item->length) : NULL;
  const char *at = point ? point + 1 : end;
  while (at < end && byte_is_digit(*at))
    at++;
  return point && at - point != 4;
}

/*
 * Whether what else is in the row says that its commas separate: a list that is no number (`MPos:0.5,1.5,2.5|FS:500,80`),
 * or, where they could only be decimal, a decimal point.
 */
static bool are_lists(const struct named_list *list)
{
  bool open = false;
  bool decimal = false;
  bool point = false;
  bool glued = false;
  for (size_t i = 0; i < list->count; i++) {
    const struct named *item = &list->item[i];
    if (item->kind != NAMED_NUMBER)
      continue;
    open = open || item->number.comma == COMMA_OPEN || (item->number.comma == COMMA_THOUSANDS && !item->number.point);
    decimal = decimal || item->number.comma == COMMA_DECIMAL;
    point = point || has_decimal_point(item);
    glued = glued || (item->part > 1 && item->text[-1] == ',');
  }
  return (glued && (open || decimal)) || (point && decimal && !open);
}

void labels_read(const struct label_rules *rules, const char *line, size_t length, struct named_list *list)
{
  named_clear(list);
  if (!memchr(line, ':', length) && !memchr(line, '=', length))
    return;
  const char *end = line + length;
  while (end > line && byte_is_blank(end[-1]))
    end--;
  line = bytes_skip_blanks(line, end);
  if (cells_is_marked(line, end)) {
    line++;
    end--;
  }
  struct walk w = {.rules = rules, .list = list, .at = line, .end = end, .line_end = end, .segment = line};
  label_walk(&w, 0);
  if (rules->comma || rules->comma_never || rules->comma_lists || !are_lists(list))
    return;
  struct label_rules lists = *rules;
  lists.comma_lists = true;
  named_clear(list);
  w = (struct walk){.rules = &lists, .list = list, .at = line, .end = end, .line_end = end, .segment = line};
  label_walk(&w, 0);
}
