#include "scope/input/table_header.h"

#include <stdio.h>
#include <string.h>

#include "scope/input/names.h"

static void clear(struct table *t)
{
  memset(t->column, 0, t->touched < sizeof t->column ? t->touched : sizeof t->column);
  if (t->headings > 0)
    memset(t->unit_length, 0, t->headings * sizeof t->unit_length[0]);
  memset(t, 0, offsetof(struct table, column));
}

void tables_reset(struct tables *t)
{
  for (int i = 0; i < TABLES_MAX; i++)
    clear(&t->list[i]);
  t->current = -1;
}

/* A place for a new table: a free one, else that of the table used least lately. */
static struct table *take_place(struct tables *t)
{
  int chosen = 0;
  for (int i = 0; i < TABLES_MAX; i++) {
    if (!t->list[i].used) {
      chosen = i;
      break;
    }
    if (t->list[i].turn < t->list[chosen].turn)
      chosen = i;
  }
  clear(&t->list[chosen]);
  t->list[chosen].used = true;
  t->list[chosen].turn = ++t->turn;
  t->current = chosen;
  return &t->list[chosen];
}

uint64_t tables_hash(const struct cell *cells, size_t count)
{
  uint64_t hash = TEXT_HASH;
  for (size_t i = 0; i < count; i++) {
    if (cells[i].kind == CELL_TIME)
      hash = text_hash(hash, "\1", 1);
    else
      hash = text_hash(hash, cells[i].datum, cells[i].datum_length);
    hash = text_hash(hash, "\2", 1);
  }
  return hash;
}

bool tables_know(const struct tables *t, uint64_t hash)
{
  for (int i = 0; i < TABLES_MAX; i++)
    if (t->list[i].used && t->list[i].headed && t->list[i].hash == hash)
      return true;
  return false;
}

/* df's last heading, `Mounted on`. */
static bool is_mounted_on(const struct cell *first, const struct cell *second)
{
  return first->length == 7 && second->length == 2 && memcmp(first->text, "Mounted", 7) == 0 &&
         memcmp(second->text, "on", 2) == 0;
}

size_t tables_join(struct cell *cells, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    struct cell *last = kept > 0 ? &cells[kept - 1] : NULL;
    char c = cells[i].length > 0 ? *cells[i].text : '\0';
    if (last && !cells[i].quoted && last->kind == CELL_WORD &&
        (c == '(' || c == '[' || (i + 1 == count && is_mounted_on(last, &cells[i])))) {
      last->length = (size_t)(cells[i].text + cells[i].length - last->text);
      if (!last->quoted) {
        last->datum = last->text;
        last->datum_length = last->length;
      }
    } else {
      cells[kept++] = cells[i];
    }
  }
  return kept;
}

size_t tables_join_words(struct cell *cells, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    struct cell *last = kept > 0 ? &cells[kept - 1] : NULL;
    if (last && cells[i].text == last->text + last->length + 1 && cells[i].text[-1] == ' ' && !last->quoted) {
      last->length = (size_t)(cells[i].text + cells[i].length - last->text);
      last->datum = last->text;
      last->datum_length = last->length;
    } else {
      cells[kept++] = cells[i];
    }
  }
  return kept;
}

/* Whether heading i is one of those before it. */
static bool is_double(const struct table *t, size_t i, const char *name, size_t length)
{
  for (size_t k = 0; k < i; k++) {
    size_t other_length;
    const char *other = table_heading(t, k, &other_length);
    if (other && other_length == length && length > 0 && memcmp(other, name, length) == 0)
      return true;
  }
  return false;
}

/* Takes the quoting out: a doubled quote, and a backslash before a quote or a backslash. */
static size_t unquote(char *out, const struct cell *cell)
{
  size_t used = 0;
  for (size_t i = 0; i < cell->datum_length; i++) {
    char c = cell->datum[i];
    bool pair =
        cell->quoted && i + 1 < cell->datum_length &&
        (cell->datum[i + 1] == '"' || (c == '\\' && (cell->datum[i + 1] == '\\' || cell->datum[i + 1] == '\'')));
    if (pair && (c == '\\' || c == '"'))
      i++;
    out[used++] = cell->datum[i];
  }
  return used;
}

static void add_heading(struct table *t, const struct cell *cell)
{
  enum { DOUBLES_MAX = 2048 }; /* looking for doubles costs the square of the width */
  size_t i = t->headings++;
  t->start[i] = (uint32_t)t->length;
  if (cell->kind == CELL_TIME || t->length + cell->datum_length + 24 > sizeof t->bytes) {
    t->start[i + 1] = (uint32_t)t->length;
    return;
  }
  char *name = t->bytes + t->length;
  size_t length = unquote(name, cell);
  t->start[i + 1] = (uint32_t)(t->length + length);
  if (i < DOUBLES_MAX && is_double(t, i, name, length)) {
    for (unsigned number = 2; number < DOUBLES_MAX; number++) {
      int more = snprintf(name + length, 16, "_%u", number);
      if (!is_double(t, i, name, length + (size_t)more)) {
        length += (size_t)more;
        break;
      }
    }
  }
  t->length += length;
  t->start[i + 1] = (uint32_t)t->length;
}

/* Whether rows lie alike under the same headings: an empty cell at their end makes no difference. */
static bool same_layout(const struct table_fit *a, const struct table_fit *b)
{
  const uint32_t more = a->cells > b->cells ? a->cells - b->cells : b->cells - a->cells;
  return more <= 1 && a->shift_by == b->shift_by && a->shift_at == b->shift_at && a->pad == b->pad &&
         a->lead == b->lead && a->drop_first == b->drop_first;
}

struct table *tables_adopt(struct tables *t, const struct cell *cells, size_t count, const struct table_fit *fit,
                           bool commented, bool *again)
{
  uint64_t hash = tables_hash(cells, count);
  *again = false;
  for (int i = 0; i < TABLES_MAX; i++) {
    struct table *table = &t->list[i];
    if (table->used && table->headed && table->hash == hash && same_layout(&table->fit, fit)) {
      table->fit.cells = fit->cells;
      table->turn = ++t->turn;
      t->current = i;
      *again = true;
      return table;
    }
  }
  struct table *table = take_place(t);
  table->headed = true;
  table->commented = commented;
  table->hash = hash;
  table->fit = *fit;
  const struct cell none = {.kind = CELL_EMPTY};
  for (size_t i = 0; i < fit->pad; i++)
    add_heading(table, &none);
  for (size_t i = fit->drop_first; i < count && table->headings < CELLS_MAX; i++)
    add_heading(table, &cells[i]);
  return table;
}

struct table *tables_find(struct tables *t, size_t cells)
{
  int found = -1;
  for (int i = 0; i < TABLES_MAX; i++) {
    const struct table *table = &t->list[i];
    if (table->used && table->headed && table->fit.cells == cells && (found < 0 || table->turn > t->list[found].turn))
      found = i;
  }
  for (int i = 0; i < TABLES_MAX && found < 0;
       i++) { /* as many names, where rows with an empty last cell came between */
    const struct table *table = &t->list[i];
    const struct table_fit *fit = &table->fit;
    if (table->used && table->headed && table->headings == cells && fit->shift_by == 0 && fit->pad == 0 &&
        !fit->drop_first)
      found = i;
  }
  for (int i = 0; i < TABLES_MAX && found < 0; i++) /* rows of this width came before any header, and had no names */
    if (t->list[i].used && !t->list[i].headed && t->list[i].rows > 0 && t->list[i].fit.cells == cells)
      found = i;
  if (found < 0)
    found = t->current;
  if (found < 0)
    return NULL;
  t->list[found].turn = ++t->turn;
  return &t->list[found];
}

struct table *tables_bare(struct tables *t)
{
  for (int i = 0; i < TABLES_MAX; i++)
    if (t->list[i].used && !t->list[i].headed) {
      t->list[i].turn = ++t->turn;
      return &t->list[i];
    }
  return take_place(t);
}

void tables_units(struct tables *t, const struct cell *cells, size_t count)
{
  if (t->current < 0)
    return;
  struct table *table = &t->list[t->current];
  for (size_t i = 0; i < count && i + table->fit.pad < table->headings; i++) {
    size_t length = cells[i].datum_length;
    size_t heading = i + table->fit.pad;
    if (table->length + length > sizeof table->bytes)
      return;
    memcpy(table->bytes + table->length, cells[i].datum, length);
    table->unit_start[heading] = (uint32_t)table->length;
    table->unit_length[heading] = (uint32_t)length;
    table->length += length;
  }
}

size_t table_place(const struct table *t, size_t cell)
{
  const struct table_fit *fit = &t->fit;
  if (fit->shift_by == 0 || cell <= fit->shift_at)
    return cell;
  if (fit->shift_by < 0)
    return cell + (size_t)-fit->shift_by;
  if (cell <= fit->shift_at + (size_t)fit->shift_by)
    return fit->shift_at;
  return cell - (size_t)fit->shift_by;
}

const char *table_heading(const struct table *t, size_t column, size_t *length)
{
  *length = 0;
  if (column >= t->headings)
    return NULL;
  *length = t->start[column + 1] - t->start[column];
  return t->bytes + t->start[column];
}

const char *table_unit(const struct table *t, size_t column, size_t *length)
{
  *length = column < t->headings ? t->unit_length[column] : 0;
  return t->bytes + (*length > 0 ? t->unit_start[column] : 0);
}

void table_set_column(struct table *t, size_t column, int is)
{
  if (column >= CELLS_MAX)
    return;
  t->column[column] = (int8_t)(is + 1);
  if (column >= t->touched)
    t->touched = (uint32_t)column + 1;
}
