#include "rows_oracle.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 40, TEXT = 24, TABLES = 4, WAITING = 20 };

enum kind { EMPTY, NUMBER, GAP, WORD, TORN };

struct cell {
  enum kind kind;
  char text[TEXT];
  double value;
};

struct row {
  struct cell cell[CELLS];
  size_t cells, numbers, gaps, empty, words, torn;
  bool indented;
};

struct table {
  bool headed;
  size_t width, rows, turn;
  char name[CELLS][TEXT + 8];
  size_t names;
  char key[CELLS * TEXT];
  bool begun[CELLS];
};

struct state {
  struct rows_oracle *oracle;
  char separator;
  struct table table[TABLES];
  size_t tables, latest, turn;
  struct row waiting[WAITING];
  size_t waits;
  size_t held; /* lines since the first of them */
  bool passed; /* rows stood above a header: they are known again, and passed over */
  bool lost;   /* no opinion from here on */
};

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static bool is_gap(const char *text)
{
  static const char *const words[] = {"nan", "inf", "null", "none", "na", "n/a", "-", "--", "?"};
  char low[TEXT];
  size_t n = 0;
  for (; text[n] && n + 1 < sizeof low; n++)
    low[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char)(text[n] + 32) : text[n];
  low[n] = '\0';
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strcmp(low, words[i]) == 0)
      return true;
  return (*low == '-' || *low == '+') && (strcmp(low + 1, "nan") == 0 || strcmp(low + 1, "inf") == 0);
}

static bool is_number(const char *text, double *value)
{
  char joined[TEXT];
  size_t n = 0;
  const char *at = text;
  if (*at == '+' || *at == '-') {
    joined[n++] = *at++;
    while (is_blank(*at))
      at++;
    if (at > text + 1 && (*at < '0' || *at > '9') && *at != '.')
      return false;
  }
  if (*at == '+' || *at == '-' || strspn(at, "0123456789.eE+-") != strlen(at) || strpbrk(at, "0123456789") == NULL)
    return false;
  snprintf(joined + n, sizeof joined - n, "%s", at);
  char *end;
  *value = strtod(joined, &end);
  return end > joined && *end == '\0' && (joined[n] == '.' || (joined[n] >= '0' && joined[n] <= '9'));
}

static void judge(struct state *s, struct cell *cell)
{
  const char *text = cell->text;
  cell->kind = WORD;
  if (*text == '\0') {
    cell->kind = EMPTY;
  } else if (is_number(text, &cell->value)) {
    cell->kind =
        isinf(cell->value) || fabs(fabs(cell->value) - 9.91e37) < 1e30 || fabs(fabs(cell->value) - 9.9e37) < 1e30
            ? GAP
            : NUMBER;
  } else if (is_gap(text)) {
    cell->kind = GAP;
  } else if (strpbrk(text, "0123456789")) {
    /* Pieces of digits with blanks between are torn; other mixtures may be dates, times or units. */
    if (strspn(text, "0123456789.+- \t") == strlen(text) && strpbrk(text, " \t"))
      cell->kind = TORN;
    else
      s->lost = true;
  } else if (!strpbrk(text, "axworditlnNAeE")) {
    s->lost = true; /* whether it may be a name */
  }
}

static void add_cell(struct state *s, struct row *row, const char *from, const char *to)
{
  while (from < to && is_blank(*from))
    from++;
  while (to > from && is_blank(to[-1]))
    to--;
  if (row->cells == CELLS || to - from >= TEXT) {
    s->lost = true;
    return;
  }
  struct cell *cell = &row->cell[row->cells++];
  memcpy(cell->text, from, (size_t)(to - from));
  cell->text[to - from] = '\0';
  judge(s, cell);
}

/* Where blanks separate: a lone plus belongs to the number behind it, a lone minus where the columns say so. */
static void join_signs(struct state *s, struct row *row, size_t columns)
{
  size_t lone = 0;
  for (size_t i = 0; i + 1 < row->cells; i++)
    lone +=
        strcmp(row->cell[i].text, "-") == 0 &&
        (row->cell[i + 1].kind == WORD || (row->cell[i + 1].kind == NUMBER && !strpbrk(row->cell[i + 1].text, "+-")));
  const bool signs = row->cells - lone == columns;
  for (size_t i = 0; i + 1 < row->cells; i++) {
    const char *sign = row->cell[i].text;
    bool minus = strcmp(sign, "-") == 0;
    char first = row->cell[i + 1].text[0];
    if (minus && signs && row->cell[i + 1].kind == WORD) { /* the sign of what is no number: one cell, which is torn */
      row->cell[i].kind = TORN;
      memmove(&row->cell[i + 1], &row->cell[i + 2], (row->cells - i - 2) * sizeof row->cell[0]);
      row->cells--;
      continue;
    }
    if ((strcmp(sign, "+") != 0 && !minus) || (first != '.' && (first < '0' || first > '9')))
      continue;
    if (strpbrk(row->cell[i + 1].text, "eE") || row->cell[i + 1].kind != NUMBER || (!minus && lone > 0)) {
      s->lost = true; /* told apart by more than this oracle knows */
      return;
    }
    if (minus && !signs)
      continue;
    row->cell[i + 1].value = minus ? -row->cell[i + 1].value : row->cell[i + 1].value;
    memmove(&row->cell[i], &row->cell[i + 1], (row->cells - i - 1) * sizeof row->cell[0]);
    row->cells--;
  }
}

static void split(struct state *s, struct row *row, const char *text, const char *end)
{
  memset(row, 0, sizeof *row);
  if (s->separator == ' ') {
    for (const char *at = text; at < end;) {
      while (at < end && is_blank(*at))
        at++;
      const char *start = at;
      while (at < end && !is_blank(*at))
        at++;
      if (at > start)
        add_cell(s, row, start, at);
    }
    join_signs(s, row, s->tables > 0 ? s->table[s->latest].width : 0);
  } else {
    if (s->separator == '|') { /* frames */
      const char *first = text;
      const char *last = end;
      while (first < last && is_blank(*first))
        first++;
      while (last > first && is_blank(last[-1]))
        last--;
      if (last - first >= 2 && *first == '|' && last[-1] == '|') {
        text = first + 1;
        end = last - 1;
      }
    }
    for (const char *at = text;; at++) {
      const char *stop = at;
      while (stop < end && *stop != s->separator)
        stop++;
      add_cell(s, row, at, stop);
      at = stop;
      if (stop >= end)
        break;
    }
  }
  for (size_t i = 0; i < row->cells; i++) {
    row->numbers += row->cell[i].kind == NUMBER;
    row->gaps += row->cell[i].kind == GAP;
    row->empty += row->cell[i].kind == EMPTY;
    row->words += row->cell[i].kind == WORD;
    row->torn += row->cell[i].kind == TORN;
  }
}

static void key_of(const struct row *row, char *key)
{
  size_t n = 0;
  for (size_t i = 0; i < row->cells; i++)
    n += (size_t)snprintf(key + n, (size_t)CELLS * TEXT - n, "%s\n", row->cell[i].text);
}

static struct table *new_table(struct state *s)
{
  if (s->tables == TABLES) {
    s->lost = true;
    return &s->table[0];
  }
  s->latest = s->tables++;
  struct table *t = &s->table[s->latest];
  memset(t, 0, sizeof *t);
  t->turn = ++s->turn;
  return t;
}

static bool use_again(struct state *s, const struct row *row)
{
  char key[CELLS * TEXT];
  key_of(row, key);
  for (size_t i = 0; i < s->tables; i++)
    if (s->table[i].headed && strcmp(s->table[i].key, key) == 0) {
      s->latest = i;
      s->table[i].turn = ++s->turn;
      return true;
    }
  return false;
}

static void adopt(struct state *s, const struct row *header, const struct row *row)
{
  if (use_again(s, header)) {
    s->lost = s->lost || s->table[s->latest].width != row->cells; /* which rows are its own then */
    return;
  }
  struct table *t = new_table(s);
  t->headed = true;
  t->width = row->cells;
  key_of(header, t->key);
  t->names = header->cells;
  for (size_t i = 0; i < header->cells; i++) {
    const char *name = header->cell[i].text;
    size_t same = 0;
    for (size_t k = 0; k < i; k++)
      same += *name != '\0' && strcmp(header->cell[k].text, name) == 0;
    if (same > 0)
      snprintf(t->name[i], sizeof t->name[i], "%s_%zu", name, same + 1);
    else
      snprintf(t->name[i], sizeof t->name[i], "%s", name);
  }
}

static bool all_differ(const struct row *row)
{
  for (size_t i = 0; i < row->cells; i++)
    for (size_t k = 0; k < i; k++)
      if (strcmp(row->cell[i].text, row->cell[k].text) == 0)
        return false;
  return true;
}

/* Words that come twice in the waiting row i say of which kind columns are: one of two rows right above has the names. */
static size_t row_of_names(struct state *s, size_t i, const struct row *row, bool hole)
{
  size_t chosen = i;
  if (all_differ(&s->waiting[i]))
    return i;
  for (size_t k = i; k-- > 0 && i - k <= 2;) {
    const size_t width = s->waiting[k].cells;
    /* Names above an index, or of several words: more than this oracle knows, here too. */
    if (s->separator == ' ' && width != row->cells)
      s->lost = true;
    if (width != row->cells && !(hole && width + 1 == row->cells))
      break;
    if (all_differ(&s->waiting[k]))
      chosen = k;
  }
  return chosen;
}

static struct table *table_of(struct state *s, const struct row *row)
{
  struct table *found = NULL;
  struct table *bare = NULL;
  for (size_t i = 0; i < s->tables; i++) {
    struct table *t = &s->table[i];
    if (!t->headed)
      bare = t;
    else if (t->width == row->cells && (!found || t->turn > found->turn))
      found = t;
  }
  for (size_t i = 0; i < s->tables && !found; i++) /* as many names, though its first row had an empty last cell more */
    if (s->table[i].headed && s->table[i].names == row->cells)
      found = &s->table[i];
  if (!found && bare && bare->rows > 0 && bare->width == row->cells)
    found = bare;
  if (!found && s->tables > 0 && s->table[s->latest].headed)
    found = &s->table[s->latest];
  if (!found)
    found = bare ? bare : new_table(s);
  found->turn = ++s->turn;
  return found;
}

static void take(struct state *s, const struct row *row)
{
  if (s->separator == ' ' && s->tables == 0 && row->words > row->numbers) {
    s->lost = true; /* perhaps a sentence above the table, which the rows below it tell */
    return;
  }
  struct table *t = table_of(s, row);
  bool word_first = false;
  bool others = false;
  for (size_t i = 0; i < s->tables; i++)
    for (size_t k = 0; k < s->table[i].names; k++)
      s->lost = s->lost || (row->cell[0].kind == WORD && strcmp(s->table[i].name[k], row->cell[0].text) == 0);
  for (size_t i = 0; i < row->cells; i++) {
    others = others || (row->cell[i].kind == WORD && i > 0);
    word_first = word_first || (i == 0 && row->cell[i].kind == WORD);
    if (row->cell[i].kind == TORN || (row->cell[i].kind == WORD && t->begun[i]))
      return; /* rejected */
    if (row->cell[i].kind == WORD && !t->headed && t->rows > 0 && t->width == 1 && row->cells > 1)
      return; /* in a stream of one column any word is */
  }
  if (word_first && !others && !t->headed) {
    s->lost = true; /* whether the word is a label depends on labels that came */
    return;
  }
  char line[CELLS * 48] = "";
  size_t n = 0;
  const char *done[CELLS];
  size_t dones = 0;
  char number[CELLS][24];
  for (size_t i = 0; i < row->cells; i++) {
    const struct cell *cell = &row->cell[i];
    bool gap = cell->kind == GAP || cell->kind == EMPTY;
    if (cell->kind == WORD || (gap && !t->begun[i]))
      continue;
    t->begun[i] = true;
    snprintf(number[i], sizeof number[i], "%zu", i + 1);
    const char *name = i < t->names && t->name[i][0] ? t->name[i] : number[i];
    for (size_t k = 0; k < dones; k++)
      if (strcmp(done[k], name) == 0)
        s->lost = true; /* a name that is the number of another column */
    done[dones++] = name;
    char text[40] = "nan";
    if (!gap) {
      snprintf(text, sizeof text, "%.15g", cell->value);
      if (strtod(text, NULL) < cell->value || strtod(text, NULL) > cell->value)
        snprintf(text, sizeof text, "%.17g", cell->value);
    }
    n += (size_t)snprintf(line + n, sizeof line - n, " %s=%s", name, text);
  }
  if (!t->headed && row->cells > t->width)
    t->width = row->cells;
  t->rows++;
  if (n > 0) {
    struct rows_oracle *o = s->oracle;
    if (o->used + n + 2 < o->size)
      o->used += (size_t)snprintf(o->out + o->used, o->size - o->used, "%s\n", line);
  }
}

static void take_line(struct state *s, const char *text, const char *end)
{
  const char *at = text;
  while (at < end && is_blank(*at))
    at++;
  if (at < end && s->waits > 0 && ++s->held > WAITING)
    s->lost = true; /* what waits has an end, which is not this oracle's business */
  if (at == end || *at == '#')
    return;
  size_t signs = 0;
  for (const char *c = at; c < end && signs < 100; c++)
    signs = strchr("-=+|_*~:", *c) ? signs + 1 : is_blank(*c) ? signs : 100;
  if (signs >= 3 && signs < 100) {
    s->lost = true; /* a rule drawn to be looked at, or gaps */
    return;
  }
  struct row row;
  split(s, &row, text, end);
  row.indented = at > text;
  if (s->lost)
    return;
  bool one_column = s->tables > 0 && s->table[s->latest].width <= 1 && s->table[s->latest].rows > 0;
  if (row.numbers == 0 && row.words > 0) {
    if (s->waits == 0 && use_again(s, &row))
      return;
    s->lost = s->lost || s->passed;
    if (row.gaps > 0 || row.torn > 0 || row.empty > 0) {
      s->lost = s->lost || row.torn == 0; /* may be a row of gaps, or a header with a hole */
      return;
    }
    if (one_column && s->waits == 0)
      return; /* rejected */
    if (s->waits == WAITING)
      s->lost = true;
    else
      s->waiting[s->waits++] = row;
    return;
  }
  if (s->waits > 0) {
    /* The last candidate that is as wide names the columns; an empty last cell makes no difference. */
    const bool hole = row.cells > 1 && row.cell[row.cells - 1].kind == EMPTY && s->separator != ' ';
    for (size_t i = s->waits; i-- > 0 && row.numbers > 0;) {
      const size_t width = s->waiting[i].cells;
      /* Names above an index that has none, and names of several words: more than this oracle knows. */
      if (s->separator == ' ' &&
          ((width + 1 == row.cells && s->waiting[i].indented && !row.indented) || (width > row.cells && row.cells > 1)))
        s->lost = true;
      if (width != row.cells && !(hole && width + 1 == row.cells))
        continue;
      if (row.words > 0 || one_column)
        s->lost = true;
      if (width == 2 && row.words == 1 && s->separator == ' ')
        s->lost = true;
      const size_t names = row_of_names(s, i, &row, hole);
      adopt(s, &s->waiting[names], &row);
      s->passed = s->passed || i > 0;
      break;
    }
    if (row.numbers == 0)
      s->lost = true;
    s->waits = s->held = 0;
  }
  if (!s->lost)
    take(s, &row);
}

_Bool rows_oracle_read(struct rows_oracle *oracle, char separator, const char *text, size_t length)
{
  static struct state s;
  memset(&s, 0, sizeof s);
  s.oracle = oracle;
  s.separator = separator;
  oracle->used = 0;
  oracle->out[0] = '\0';
  const char *end = text + length;
  for (const char *at = text; at < end && !s.lost;) {
    const char *stop = at;
    while (stop < end && *stop != '\n' && *stop != '\r')
      stop++;
    take_line(&s, at, stop);
    at = stop < end ? stop + 1 : stop;
  }
  return !s.lost && oracle->used + 4096 < oracle->size;
}
