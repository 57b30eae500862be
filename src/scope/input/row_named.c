#include <stdio.h>
#include <string.h>

#include "scope/input/row_parts.h"
#include "scope/input/value.h"

/* The key of a labelled row: `cpu=cpu0`, or `gpu 1:` before the labels. False when the row has none. */
static bool set_key_of_named(struct reading *r)
{
  const char *key = r->options.key;
  size_t size = strlen(key);
  for (size_t i = 0; i < r->named.count; i++) {
    const struct named *item = &r->named.item[i];
    const char *name = item->path ? item->name + item->leaf : item->name;
    size_t length = item->path ? item->name_length - item->leaf : item->name_length;
    bool same = (length == size && memcmp(name, key, size) == 0) ||
                (item->name_length == size && memcmp(item->name, key, size) == 0);
    if (same && item->kind != NAMED_EMPTY && item->kind != NAMED_BARE) {
      names_set_key(&r->names, item->text, item->length);
      return true;
    }
    if (item->kind == NAMED_BARE && length > size && memcmp(name, key, size) == 0 && name[size] == ' ') {
      names_set_key(&r->names, name, length);
      return true;
    }
  }
  return false;
}

/* Whether the label has a channel; of a list each part has its own: a, a.2. */
static bool is_known(const struct reading *r, const struct named *item)
{
  char name[CHANNEL_NAME_MAX];
  if (item->column)
    return names_column_known(&r->names, item->part - 1, "", 0) >= 0;
  if (item->path || item->part < 2)
    return names_known(&r->names, item->name, item->name_length) >= 0;
  int length =
      snprintf(name, sizeof name, "%.*s.%u", (int)(item->name_length < sizeof name ? item->name_length : sizeof name),
               item->name, item->part);
  return names_known(&r->names, name, (size_t)length < sizeof name ? (size_t)length : sizeof name - 1) >= 0;
}

static int resolve_named(struct reading *r, size_t place, const struct named *item, uint64_t seen)
{
  if (item->column) {
    int column = names_column(&r->names, item->part - 1, "", 0, 1);
    for (unsigned number = 2; column >= 0 && (seen >> column & 1) && number < 1000; number++)
      column = names_column(&r->names, item->part - 1, "", 0, number);
    return column >= 0 && (seen >> column & 1) ? NAMES_LEFT_OUT : column;
  }
  int channel = item->path ? names_path(&r->names, place, item->name, item->name_length, item->leaf)
                           : names_label(&r->names, place, item->name, item->name_length, item->part);
  char name[CHANNEL_NAME_MAX];
  for (unsigned number = 2; channel >= 0 && (seen >> channel & 1) && number < 1000; number++) {
    /* The same label twice in a row. */
    size_t length = item->name_length < sizeof name - 8 ? item->name_length : sizeof name - 8;
    memcpy(name, item->name, length);
    length += (size_t)snprintf(name + length, 8, "_%u", number);
    channel = names_label(&r->names, place, name, length, item->part);
  }
  return channel >= 0 && (seen >> channel & 1) ? NAMES_LEFT_OUT : channel;
}

/* A text behind the label of a channel rejects the row. */
static const struct named *find_spoilt(const struct reading *r)
{
  for (size_t i = 0; i < r->named.count; i++) {
    const struct named *item = &r->named.item[i];
    if (item->kind != NAMED_WORD || item->length == 0)
      continue;
    int channel = names_known(&r->names, item->name, item->name_length);
    if (channel >= 0 && names_role_of_label(&r->names, item->name, item->name_length) == NAMES_UNKNOWN)
      return item;
  }
  return NULL;
}

static void note_loss(struct reading *r, uint64_t line)
{
  for (size_t i = 0; i < r->named.count && !r->said.loss; i++) {
    const struct named *item = &r->named.item[i];
    if (item->kind != NAMED_WORD || item->path || !number_text_begins(item->text, item->length) ||
        (r->options.only && names_known(&r->names, item->name, item->name_length) < 0))
      continue;
    r->said.loss = true;
    note_add(r, line, item->text, item->length, "is not a number: %.*s is not plotted",
             (int)(item->name_length < 60 ? item->name_length : 60), item->name);
  }
}

/* Objects name their values by paths, which must be known all before one of them gets its name. */
static void learn_paths(struct reading *r)
{
  uint64_t hash = TEXT_HASH;
  for (size_t i = 0; i < r->named.count; i++)
    hash = text_hash(hash, r->named.item[i].name, r->named.item[i].name_length);
  if (hash == r->object_hash)
    return;
  r->object_hash = hash;
  for (size_t i = 0; i < r->named.count; i++) {
    const struct named *item = &r->named.item[i];
    if (item->path && (item->kind == NAMED_NUMBER || item->kind == NAMED_GAP))
      names_learn_path(&r->names, item->name, item->name_length, item->leaf);
  }
}

/* From here on a comma behind this label separates; that it did not before is said once. */
static void note_list(struct reading *r, struct channel *channel, const struct named *item, uint64_t line)
{
  if (!channel->listed && channel->comma != COMMA_ABSENT)
    note_add(r, line, item->text, item->length,
             "ends at a comma, which was part of the number before: --comma says what it is");
  channel->listed = true;
}

/* The numbers of an array over several lines are a row of columns as those of one line are: a word there is none of them. */
static void begin_columns(struct reading *r)
{
  struct table *t = NULL;
  for (size_t i = 0; i < r->named.count; i++) {
    const struct named *item = &r->named.item[i];
    if (!item->column || item->channel < 0)
      continue;
    t = t ? t : tables_bare(&r->tables);
    table_set_column(t, item->part - 1, item->channel);
    t->fit.cells = item->part > t->fit.cells ? item->part : t->fit.cells;
  }
  if (t)
    t->rows += t->rows < 1000;
}

enum row_verdict row_take_named(struct reading *r, const struct look *look, const char *text, size_t length,
                                uint64_t line, struct parser_event *event)
{
  const struct named *spoilt = find_spoilt(r);
  if (r->named.values == 0) {
    r->wanted = r->wanted || spoilt;
    row_refuse(r, event, spoilt ? spoilt->text : text, spoilt ? spoilt->length : length);
    return ROW_REJECTED;
  }
  if (r->options.key && !set_key_of_named(r))
    return ROW_SKIPPED; /* what has no key is none of the things to be told apart */
  if (spoilt) {
    r->wanted = true;
    row_refuse(r, event, spoilt->text, spoilt->length);
    return ROW_REJECTED;
  }
  if (look->kind == LOOK_OBJECT)
    learn_paths(r);
  time_column_start(&r->time);
  for (size_t i = 0; i < r->named.count && r->options.time_column; i++) {
    const struct named *item = &r->named.item[i];
    bool timed = names_role_of_label(&r->names, item->name, item->name_length) == NAMES_TIME ||
                 (item->path && names_role_of_label(&r->names, item->name + item->leaf,
                                                    item->name_length - item->leaf) == NAMES_TIME);
    if (timed && (item->part == 1 || item->column))
      row_add_time(r, line, item->text, item->length);
  }
  if (!row_take_time(r, line, event, text, length))
    return ROW_REJECTED;
  note_loss(r, line);
  uint64_t seen = 0;
  size_t place = 0;
  for (size_t i = 0; i < r->named.count; i++) {
    struct named *item = &r->named.item[i];
    bool gap = item->kind == NAMED_GAP || item->kind == NAMED_EMPTY;
    if (item->kind != NAMED_NUMBER && !gap)
      continue;
    int role = r->options.time_column || r->options.key
                   ? names_role_of_label(&r->names, item->path ? item->name + item->leaf : item->name,
                                         item->path ? item->name_length - item->leaf : item->name_length)
                   : NAMES_UNKNOWN;
    if (role != NAMES_UNKNOWN)
      continue;
    if (gap && !is_known(r, item))
      continue; /* a channel begins with a number */
    int channel = resolve_named(r, place++, item, seen);
    if (channel == NAMES_FULL)
      value_note_full(r, line, item->name, item->name_length);
    if (channel < 0)
      continue;
    item->channel = (int8_t)channel;
    seen |= UINT64_C(1) << channel;
    const struct value_source source = {.number = &item->number,
                                        .gap = gap,
                                        .text = item->text,
                                        .length = item->length,
                                        .evidence = text_hash(TEXT_HASH + item->part, item->name, item->name_length),
                                        .line = line};
    if (item->listed)
      note_list(r, &r->names.list[channel], item, line);
    value_put(r, event, channel, &source);
    if (r->names.list[channel].pointed)
      item->number.comma = COMMA_THOUSANDS;
  }
  if (r->named.full && !r->said.named_full) {
    r->said.named_full = true;
    note_add(r, line, "", 0, "has more than %d values: the rest is ignored", NAMED_MAX);
  }
  begin_columns(r);
  r->labelled = true;
  return ROW_ACCEPTED;
}
