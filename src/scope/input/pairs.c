#include <string.h>

#include "scope/input/brackets.h"
#include "scope/input/cells.h"
#include "scope/input/label_walk.h"
#include "scope/input/labels.h"

/* Whether two words or more of a name are numbers: `zone DMA 1 0 1` before a last one is no name, but a row of its own. */
static bool holds_numbers(const char *at, const char *end)
{
  size_t numbers = 0;
  while (at < end) {
    const char *word = bytes_skip_blanks(at, end);
    struct number_text number;
    at = word;
    while (at < end && !byte_is_blank(*at))
      at++;
    numbers += at > word && number_text_read(word, (size_t)(at - word), 0, &number) == NUMBER_VALUE;
  }
  return numbers > 1;
}

/* The cell [at, end) as a word and a number. */
static bool read_pair(struct walk *w, const char *at, const char *end)
{
  at = bytes_skip_blanks(at, end);
  while (end > at && byte_is_blank(end[-1]))
    end--;
  if (!label_begins(at, (size_t)(end - at)))
    return false;
  const char *open = at; /* the first bracket from the number on, or the end; each byte is looked at for it once */
  for (const char *split = at; split < end && split - at <= LABEL_LENGTH_MAX; split++) {
    if (!byte_is_blank(*split))
      continue;
    const char *sign = label_find_sign(at, split);
    if (sign && *sign == '=')
      return false; /* `ok=true 1764064800`: a label whose text is a word */
    const char *text = bytes_skip_blanks(split, end);
    struct number_text number;
    open = open < text ? text : open;
    while (open < end && !byte_opens(*open))
      open++;
    const char *stop = open;
    if (stop < end && stop > text && byte_is_blank(stop[-1]) && brackets_end(stop, end) == end) {
      while (byte_is_blank(stop[-1])) /* `Loss 6.9 (7.0)`: the mean so far */
        stop--;
    } else {
      stop = end;
    }
    if (stop <= text)
      continue;
    enum number_kind kind =
        number_text_read(text, (size_t)(stop - text), label_comma_flags(w) | NUMBER_LABELLED, &number);
    if (kind == NUMBER_NONE)
      continue;
    if (holds_numbers(at, split))
      return false;
    label_add_number(w, at, (size_t)(split - at), 1, kind, &number, text, stop);
    return true;
  }
  return false;
}

/* Where a cell ends; what separates in brackets glued to a word does not: `requests{code="200",method="GET"} 1027`. */
static const char *end_of_pair(const struct label_rules *rules, const char *at, const char *end)
{
  for (const char *start = at; at < end && !byte_separates(rules, *at) && *at != '\t'; at++) {
    const char *partner = byte_opens(*at) && at > start && !byte_is_blank(at[-1]) ? brackets_end(at, end) : NULL;
    if (partner)
      at = partner - 1;
  }
  return at;
}

bool labels_read_pairs(const struct label_rules *rules, const char *line, size_t length, struct named_list *list)
{
  const char *end = line + length;
  named_clear(list);
  if (cells_is_marked(line, end)) {
    line++;
    end--;
    length -= 2;
  }
  const char *at = line;
  struct walk w = {.rules = rules, .list = list, .line_end = end};
  /* A leading `iter 0:` names the row, not a value. */
  bool led = false;
  const char *colon = memchr(line, ':', length);
  const char *first = line;
  while (first < end && !byte_separates(rules, *first) && *first != '\t')
    first++;
  if (colon && colon > line && colon < first && colon + 1 < end && byte_is_blank(colon[1]) &&
      label_begins(bytes_skip_blanks(line, end), 1)) {
    const char *behind = bytes_skip_blanks(colon + 1, end);
    if (behind < end && !byte_opens(*behind) && !number_text_begins(behind, (size_t)(end - behind))) {
      at = behind;
      led = byte_is_digit(colon[-1]);
    }
  }
  size_t cells = 0;
  while (at <= end) {
    const char *stop = at;
    stop = end_of_pair(rules, stop, end);
    while (stop < end && *stop == ',' && stop > at && byte_is_digit(stop[-1]) && stop + 1 < end &&
           byte_is_digit(stop[1]) && !rules->comma_never) {
      stop = end_of_pair(rules, stop + 1, end);
    }
    const char *text = bytes_skip_blanks(at, stop);
    if (text < stop) {
      size_t before = list->values;
      w.at = w.segment = text;
      w.end = w.line_end = stop;
      w.after_time = false;
      label_walk(&w, 0);
      if (list->values == before && !read_pair(&w, text, stop))
        return false;
      cells++;
    }
    at = stop + 1;
  }
  return cells >= 2 || (cells == 1 && led);
}
