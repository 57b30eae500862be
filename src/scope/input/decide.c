#include "scope/input/decide.h"

#include <string.h>

#include "scope/input/header_fit.h"
#include "scope/input/labels.h"
#include "scope/input/plan.h"

enum { HEADER_ROWS = 32 /* a header is looked for so many lines above a row at most, but for rows of words */ };

/* An object that begins in line i and goes on: how many lines it takes, 0 when it is none after all. */
static size_t join_object(struct reading *r, struct held *h, size_t i)
{
  enum { EACH = 64 };
  size_t used = h->line[i].length;
  memcpy(h->joined, held_text(h, i), used);
  for (size_t k = i + 1; k < h->count; k++) {
    size_t length = h->line[k].length;
    if (used + length + 1 > sizeof h->joined)
      return 0;
    h->joined[used++] = '\n';
    memcpy(h->joined + used, held_text(h, k), length);
    used += length;
    if (k - i > EACH && k % EACH != 0 && !memchr(held_text(h, k), '}', length))
      continue;
    struct look look;
    look_at(r, h->joined, used, &look);
    if (look.kind == LOOK_OBJECT)
      return k - i + 1;
    if (look.kind != LOOK_PART)
      return 0;
  }
  return h->count - i;
}

static void look_at_all(struct reading *r, struct held *h)
{
  for (size_t i = 0; i < h->count; i++) {
    struct held_line *line = &h->line[i];
    line->role = HELD_DATA;
    line->continued = false;
    line->header = 0;
    line->failed = false;
    if (line->too_long) {
      line->look = (struct look){.kind = LOOK_LONG};
      continue;
    }
    look_at(r, held_text(h, i), line->length, &line->look);
    if (line->look.kind != LOOK_PART)
      continue;
    size_t lines = join_object(r, h, i);
    if (lines == 0) {
      line->failed = true;
      look_with(r, SEPARATOR_BLANKS, held_text(h, i), line->length, &line->look);
      continue;
    }
    look_at(r, h->joined, 0, &line->look); /* nothing, and what the object holds is looked at when it is read */
    line->look.kind = LOOK_OBJECT;
    for (size_t k = 1; k < lines; k++) {
      h->line[i + k].look = (struct look){.kind = LOOK_OBJECT};
      h->line[i + k].continued = true;
      h->line[i + k].role = HELD_DATA;
    }
    i += lines - 1;
  }
}

/* The first word of a line, as far as a blank. */
static size_t first_word(const struct held *h, size_t i, const char **word)
{
  const char *at = held_text(h, i);
  const char *end = at + h->line[i].length;
  while (at < end && (*at == ' ' || *at == '\t'))
    at++;
  *word = at;
  while (at < end && *at != ' ' && *at != '\t')
    at++;
  return (size_t)(at - *word);
}

/*
 * Whether line i begins with a word that is the label of a row before it, `lab/temp ERR 1764064801`: its value failed, and
 * it is neither a header nor a row below one.
 */
static bool is_labelled_failure(const struct reading *r, const struct held *h, size_t i)
{
  const char *word;
  const char *other;
  const size_t length = first_word(h, i, &word);
  const bool numbers = h->line[i].look.numbers > 0;
  if (length == 0 || h->line[i].look.first_word || h->line[i].look.words == 0)
    return false;
  if (r->labelled && names_known(&r->names, word, length) >= 0)
    return true;
  for (size_t k = 0; k < i; k++) {
    const struct look *look = &h->line[k].look;
    if (((look->kind == LOOK_CELLS && look->first_word) || (look->kind == LOOK_LABELLED && numbers)) &&
        h->line[k].header == 0 && first_word(h, k, &other) == length && memcmp(word, other, length) == 0)
      return true;
  }
  return false;
}

/*
 * Whether a row of words among rows of one value each, or with a time where they have theirs, is a value that failed and no
 * header: `10:00:01 fail`. Between blanks sar's headers have a time in front; they name several columns.
 */
static bool is_failure(const struct reading *r, const struct held *h, size_t w, const struct look *row)
{
  bool lone = row->cells - row->times - row->units == 1;
  bool timed = row->times > 0 && row->time_at < r->cell_count && r->cells[row->time_at].kind == CELL_TIME;
  if (is_labelled_failure(r, h, w))
    return true;
  if (timed && (lone || r->separator != SEPARATOR_BLANKS))
    return true;
  if (row->first_word && row->cells - row->times - row->units == 2) /* rows of a word and its number came before it */
    for (size_t i = 0; i < w; i++)
      if (h->line[i].look.kind == LOOK_CELLS && h->line[i].look.first_word && h->line[i].look.cells == row->cells &&
          h->line[i].header == 0)
        return true;
  if (!lone)
    return false;
  for (size_t i = 0; i < w; i++)
    if (h->line[i].look.kind == LOOK_CELLS && h->line[i].look.cells == row->cells &&
        h->line[i].look.signature == row->signature)
      return true;
  const struct tables *t = &r->tables;
  return t->current >= 0 && t->list[t->current].rows > 0 && t->list[t->current].fit.cells == row->cells;
}

/* Whether the row of words, looked at last, heads a summary: `Average:` where the rows before had their time. */
static bool is_of_summary(const struct reading *r, const struct held *h, size_t w)
{
  const struct cell *first = &r->cells[0];
  if (first->kind != CELL_WORD || first->length < 2 || first->text[first->length - 1] != ':')
    return false;
  for (size_t i = 0; i < w; i++)
    if (held_is_data(&h->line[i].look) && h->line[i].look.times > 0 && h->line[i].look.time_at == 0 &&
        h->line[i].look.cells - (h->line[i].look.time_words - 1) == r->cell_count)
      return true;
  return false;
}

/*
 * Of the candidates above line d the header of the row there, and its row of units. Rows of another width between them may
 * have been the ones that went wrong; a labelled row or two may tell of a run, as LTspice's `Step Information: R=1K` does.
 */
static bool find_header(struct reading *r, struct held *h, size_t d, const struct look *row, bool lead_of_row,
                        bool comments)
{
  enum { LABELLED_BETWEEN = 2 };
  size_t labelled = 0;
  for (size_t w = d; w-- > 0;) {
    const struct look *look = &h->line[w].look;
    if (look->kind == LOOK_CELLS && !held_is_words(look) && !lead_of_row && look->cells != row->cells &&
        h->line[w].header == 0 && d - w < HEADER_ROWS) {
      continue;
    }
    if (look->kind == LOOK_LABELLED && !lead_of_row && labelled++ < LABELLED_BETWEEN)
      continue;
    if (look->kind == LOOK_CELLS && look->cells > 0 && look->empty == look->cells)
      continue; /* `;;;`: a spreadsheet's blank row */
    if (held_is_data(look) && look->cells == row->cells && h->line[w].header > 0) {
      h->line[d].header = h->line[w].header;
      return true;
    }
    if (h->line[w].role == HELD_HEADER || h->line[w].role == HELD_UNITS ||
        (look->kind != LOOK_COMMENT && !held_is_words(look) && look->kind != LOOK_RULE))
      return false;
    size_t count;
    struct table_fit fit;
    if (look->kind == LOOK_RULE || (look->kind == LOOK_COMMENT && !comments) ||
        !header_fit(r, h, w, row, lead_of_row, &count, &fit))
      continue;
    if (look->kind != LOOK_COMMENT && is_failure(r, h, w, row)) {
      h->line[w].failed = true;
      continue;
    }
    if (look->kind != LOOK_COMMENT && is_of_summary(r, h, w)) {
      h->line[w].role = HELD_PREAMBLE;
      continue;
    }
    if (header_is_of_units(r, count) && w > 0 &&
        (held_is_words(&h->line[w - 1].look) || h->line[w - 1].look.kind == LOOK_COMMENT)) {
      struct table_fit above;
      if (header_fit(r, h, w - 1, row, lead_of_row, &count, &above)) {
        h->line[w].role = HELD_UNITS;
        h->line[w - 1].role = HELD_HEADER;
        h->line[w - 1].fit = above;
        h->line[d].header = (uint32_t)w;
        return true;
      }
      if (held_is_words(&h->line[w - 1].look) && h->line[w - 1].look.cells > 1 && r->separator_known &&
          r->separator != SEPARATOR_BLANKS)
        continue; /* units are no names, though those above them fit no rows; below a title `t,U` are names */
      header_fit(r, h, w, row, lead_of_row, &count, &fit);
    }
    const size_t names = header_of_names(r, h, w, row, lead_of_row, &fit);
    for (; w > names; w--)
      h->line[w].role = HELD_PREAMBLE;
    h->line[w].role = HELD_HEADER;
    h->line[w].fit = fit;
    h->line[d].header = (uint32_t)w + 1;
    return true;
  }
  return false;
}

/* The first word of line i ends in a colon, and several cells follow: free's `Mem: 1 2 3`. `temp: 5` is labelled anyway. */
static bool has_lead(struct reading *r, const struct held *h, size_t i, struct look *row)
{
  look_with(r, SEPARATOR_BLANKS, held_text(h, i), h->line[i].length, row);
  const struct cell *first = &r->cells[0];
  return row->cells - row->units > 2 && row->words == 1 && row->torn == 0 && row->numbers > 0 &&
         first->kind == CELL_WORD && first->length > 1 && first->text[first->length - 1] == ':';
}

bool decide_splits_values(struct reading *r, char separator, const char *text, size_t length)
{
  struct look look;
  bool splits = false;
  if (separator == SEPARATOR_BLANKS)
    return false;
  look_at(r, text, length, &look);
  for (size_t i = 0; i < r->named.count && look.kind == LOOK_LABELLED; i++)
    splits = splits || (r->named.item[i].kind == NAMED_NUMBER &&
                        memchr(r->named.item[i].text, separator, r->named.item[i].length) != NULL);
  return splits;
}

/* Headers for all rows held; labelled rows that a header has columns for become rows of cells. */
static void find_headers(struct reading *r, struct held *h, size_t from, bool comments)
{
  bool labelled = r->labelled;
  bool led = false; /* rows begin with `word:` below a header */
  for (size_t d = from; d < h->count; labelled = labelled || (!led && h->line[d].look.kind == LOOK_LABELLED), d++) {
    struct held_line *line = &h->line[d];
    struct look row = line->look;
    if (held_is_data(&row)) {
      line->failed = line->failed || is_labelled_failure(r, h, d);
      if (!line->failed)
        find_header(r, h, d, &row, row.lead, comments);
      continue;
    }
    if (row.kind != LOOK_LABELLED || row.pairs || d == 0 || labelled)
      continue; /* a row of words among labelled ones is no header */
    if ((!r->separator_known || r->separator == SEPARATOR_BLANKS) && !r->options.separator) {
      bool known = r->separator_known;
      if (!has_lead(r, h, d, &row))
        continue;
      char before = r->separator;
      r->separator = SEPARATOR_BLANKS;
      r->separator_known = true;
      if (find_header(r, h, d, &row, true, comments)) {
        line->look = row;
        line->look.lead = led = true;
      } else {
        r->separator = before;
        r->separator_known = known;
      }
    } else if (r->separator_known && r->separator != SEPARATOR_NONE &&
               !decide_splits_values(r, r->separator, held_text(h, d), line->length)) {
      look_with(r, r->separator, held_text(h, d), line->length, &row);
      if (row.numbers > 0 && row.torn == 0 && row.cells > 1 && find_header(r, h, d, &row, false, comments))
        line->look = row;
    }
  }
}

/* A file's first line may say what separates: sep=; */
static void obey_sep(struct reading *r, struct held *h)
{
  if (h->count == 0 || r->options.separator || r->separator_known)
    return;
  const char *text = held_text(h, 0);
  if (h->line[0].length == 5 && memcmp(text, "sep=", 4) == 0) {
    r->separator = text[4];
    r->separator_known = true;
  }
}

/*
 * The header of a summary is passed over as its rows are, though they need no header: pidstat's are labelled ones. So is
 * one that comes again behind the last row, as HWiNFO writes it.
 */
static void pass_over_summaries(struct reading *r, struct held *h)
{
  const struct held_line *header = NULL;
  for (size_t i = 0; i < h->count; i++) {
    struct look look;
    if (h->line[i].role == HELD_HEADER)
      header = &h->line[i];
    if (header && h->line[i].role == HELD_DATA && held_is_words(&h->line[i].look) &&
        h->line[i].length == header->length && memcmp(held_text(h, i), h->bytes + header->start, header->length) == 0) {
      h->line[i].role = HELD_PREAMBLE;
      continue;
    }
    if (h->line[i].role != HELD_DATA || !held_is_words(&h->line[i].look) || !r->separator_known)
      continue;
    look_with(r, r->separator, held_text(h, i), h->line[i].length, &look);
    if (is_of_summary(r, h, i))
      h->line[i].role = HELD_PREAMBLE;
  }
}

/*
 * Whether row i, the last line held, settles the opening: it stands right below its header. Where rows came before the
 * header, or it names one column, they may be of a preamble, which a second row like this one tells.
 */
static bool is_settled(const struct held *h, size_t i)
{
  size_t first = i;
  if (h->line[i].header == 0)
    return false;
  const struct held_line *above = i > 0 ? &h->line[i - 1] : NULL;
  if (above && above->header == h->line[i].header && above->role == HELD_DATA)
    first--;
  if (first == 0 || (h->line[first - 1].role != HELD_HEADER && h->line[first - 1].role != HELD_UNITS))
    return false;
  if (first < i) /* an oscilloscope's second header row has words and numbers: the rows below it tell */
    return above->look.words == 0 || above->look.signature == h->line[i].look.signature;
  for (size_t k = 0; k < first; k++)
    if (h->line[k].look.kind == LOOK_LABELLED || h->line[k].look.kind == LOOK_OBJECT || held_is_data(&h->line[k].look))
      return false;
  return h->line[i].look.cells - h->line[i].look.units > 1;
}

struct plan decide_opening(struct reading *r, struct held *h, bool last)
{
  struct plan plan = {.any = false};
  char before = r->separator;
  bool known = r->separator_known;
  r->pairs = false;
  r->lone_minus = MINUS_OPEN;
  r->clock_comma = false;
  obey_sep(r, h);
  bool told = r->separator_known && !known;
  look_at_all(r, h);
  decide_separator(r, h);
  decide_marks(r, h);
  if (!r->options.terminal)
    decide_pairs(r, h, last);
  look_at_all(r, h);
  if (told)
    h->line[0].look.kind = LOOK_RULE;
  plan_gap_rows(r, h);
  find_headers(r, h, 0, true);
  pass_over_summaries(r, h);
  plan_preamble(r, h);
  if (last)
    header_note_unfit(r, h);
  if (!r->options.key) {
    plan_sentences(r, h);
    plan_among_labels(h);
  }
  plan_words(h, true);
  if (told)
    h->line[0].role = HELD_PREAMBLE;
  for (size_t i = 0; i < h->count; i++) {
    const struct held_line *line = &h->line[i];
    const struct look *look = &line->look;
    if (line->role != HELD_DATA || line->reported)
      continue;
    bool numbers = held_is_data(look);
    plan.any = plan.any || numbers || look->kind == LOOK_LABELLED || look->kind == LOOK_OBJECT;
    if (numbers && !r->options.time_column && i + 1 == h->count && look->words == 0 && look->torn == 0)
      plan.settled = is_settled(h, i);
  }
  if (!last && !plan.settled) { /* as if nothing had been looked at */
    r->separator = before;
    r->separator_known = known;
    r->comma_grouped = false;
    r->bars = false;
    r->lone_minus = MINUS_OPEN;
    r->clock_comma = false;
    r->note_count = 0;
  }
  if (last || plan.settled) {
    plan_look_ahead(r, h);
  }
  return plan;
}

struct plan decide_running(struct reading *r, struct held *h)
{
  struct plan plan = {.any = false};
  look_at_all(r, h);
  if (h->count == 0)
    return plan;
  const struct look *last = &h->line[h->count - 1].look;
  plan.any = held_is_data(last) || last->kind == LOOK_LABELLED || last->kind == LOOK_OBJECT;
  find_headers(r, h, h->count - 1, h->line[0].look.kind == LOOK_COMMENT);
  plan_words(h, false);
  plan.settled = plan.any;
  return plan;
}
