#include "scope/input/channels.h"

#include <stdio.h>
#include <string.h>

#include "common/printable.h"

/* Takes the quoting out of a label or heading: a doubled quote, and a backslash before a quote or a backslash. */
static size_t unquote(char *out, size_t size, const char *text, size_t length)
{
  size_t used = 0;
  for (size_t i = 0; i < length && used < size; i++) {
    bool pair = i + 1 < length && (text[i + 1] == '"' || text[i + 1] == '\'' || text[i + 1] == '\\');
    if (pair && (text[i] == '\\' || (text[i] == '"' && text[i + 1] == '"')))
      i++;
    out[used++] = text[i];
  }
  return used;
}

static void make_name(char name[PARSE_NAME_MAX], const char *text, size_t length)
{
  /* Some more than fits, so that the cut happens at a character's boundary. */
  char plain[PARSE_NAME_MAX + 4];
  size_t used = unquote(plain, sizeof plain, text, length);
  printable_copy(name, PARSE_NAME_MAX, plain, used);
}

/* The next item of a comma-separated list, without the blanks around it; false at the end. *list moves on. */
static bool next_item(const char **list, const char **item, size_t *length)
{
  if (!*list)
    return false;
  const char *start = *list;
  size_t span = strcspn(start, ",");
  *list = start[span] == ',' ? start + span + 1 : NULL;
  start += strspn(start, " \t");
  const char *end = *list ? *list - 1 : start + strlen(start);
  while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  *item = start;
  *length = end > start ? (size_t)(end - start) : 0;
  return true;
}

/* Whether the list, an option's argument, has this name in it, or for a column (from 1; 0 for none) its number. */
static bool list_has(const char *list, const char *name, size_t column)
{
  char number[24];
  snprintf(number, sizeof number, "%zu", column);
  const char *item;
  size_t length;
  while (next_item(&list, &item, &length)) {
    char wanted[PARSE_NAME_MAX];
    printable_copy(wanted, sizeof wanted, item, length);
    if (length > 0 && (strcmp(wanted, name) == 0 || (column > 0 && strcmp(wanted, number) == 0)))
      return true;
  }
  return false;
}

static int find_channel(const struct channels *c, const char *name)
{
  for (size_t i = 0; i < c->count; i++)
    if (strcmp(c->list[i].name, name) == 0)
      return (int)i;
  return CHANNEL_NONE;
}

static int add_channel(struct channels *c, const char *name, size_t column)
{
  if (c->count == CHANNELS_MAX)
    return CHANNEL_FULL;
  struct channel *channel = &c->list[c->count];
  *channel = (struct channel){.column = column};
  snprintf(channel->name, sizeof channel->name, "%s", name);
  return (int)c->count++;
}

static int look_up_label(struct channels *c, const char *label, size_t length)
{
  char name[PARSE_NAME_MAX];
  make_name(name, label, length);
  if (c->time_column && strcmp(c->time_column, name) == 0)
    return CHANNEL_TIME;
  if (c->only && !list_has(c->only, name, 0))
    return CHANNEL_ONLY;
  int found = find_channel(c, name);
  return found != CHANNEL_NONE ? found : add_channel(c, name, 0);
}

bool channels_time_label(const struct channels *c, const char *label, size_t length)
{
  if (!c->time_column)
    return false;
  char name[PARSE_NAME_MAX];
  make_name(name, label, length);
  return strcmp(c->time_column, name) == 0;
}

int channels_label(struct channels *c, size_t place, const char *label, size_t length)
{
  struct channel_guess *guess = &c->guess[place % CHANNELS_MAX];
  if (guess->length == length && memcmp(guess->label, label, length) == 0)
    return guess->channel;
  int channel = look_up_label(c, label, length);
  if (length <= sizeof guess->label && length > 0) {
    memcpy(guess->label, label, length);
    guess->length = (uint8_t)length;
    guess->channel = (int8_t)channel;
  }
  return channel;
}

/* The column's own name: by --names, else by the header, else its number. */
static void name_column(const struct channels *c, size_t column, const char *heading, size_t length,
                        char name[PARSE_NAME_MAX])
{
  const char *list = c->names;
  const char *item = NULL;
  size_t item_length = 0;
  size_t at = 0;
  while (next_item(&list, &item, &item_length) && at++ < column)
    item_length = 0;
  name[0] = '\0';
  if (at == column + 1 && item_length > 0)
    printable_copy(name, PARSE_NAME_MAX, item, item_length);
  else if (heading && length > 0)
    make_name(name, heading, length);
  if (name[0] == '\0')
    snprintf(name, PARSE_NAME_MAX, "%zu", column + 1);
}

/* Appends _N to a name that another column has, cutting the name at a character's boundary where that is too long. */
static void append_number(char name[PARSE_NAME_MAX], size_t number)
{
  char suffix[24];
  size_t length = (size_t)snprintf(suffix, sizeof suffix, "_%zu", number);
  char start[PARSE_NAME_MAX];
  printable_copy(start, sizeof start - length, name, strlen(name));
  size_t used = strlen(start);
  memcpy(name, start, used);
  memcpy(name + used, suffix, length + 1);
}

bool channels_time_column(const struct channels *c, size_t column, const char *heading, size_t length)
{
  if (!c->time_column)
    return false;
  char name[PARSE_NAME_MAX];
  name_column(c, column, heading, length, name);
  char number[24];
  snprintf(number, sizeof number, "%zu", column + 1);
  return strcmp(c->time_column, name) == 0 || strcmp(c->time_column, number) == 0;
}

int channels_column(struct channels *c, size_t column, const char *heading, size_t length)
{
  char name[PARSE_NAME_MAX];
  name_column(c, column, heading, length, name);
  if (c->only && !list_has(c->only, name, column + 1))
    return CHANNEL_ONLY;
  int found = find_channel(c, name);
  for (size_t suffix = column + 1; found != CHANNEL_NONE && c->list[found].column != 0; suffix++) {
    append_number(name, suffix);
    found = find_channel(c, name);
  }
  if (found == CHANNEL_NONE)
    return add_channel(c, name, column + 1);
  c->list[found].column = column + 1;
  return found;
}
