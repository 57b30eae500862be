#include "scope/input/names.h"

#include <stdio.h>
#include <string.h>

void names_init(struct names *n, const struct parser_options *options)
{
  memset(n, 0, sizeof *n);
  n->options = options;
}

void names_reset(struct names *n)
{
  uint64_t came = n->only_came;
  names_init(n, n->options);
  n->only_came = came;
}

/* The next item of a comma-separated list, without the blanks around it; false at the end. *list moves on. */
static bool next_item(const char **list, const char **item, size_t *length)
{
  if (!*list)
    return false;
  const char *start = *list;
  size_t span = strcspn(start, ",");
  *list = start[span] == ',' ? start + span + 1 : NULL;
  const char *end = start + span;
  while (start < end && (*start == ' ' || *start == '\t'))
    start++;
  while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  *item = start;
  *length = (size_t)(end - start);
  return true;
}

static bool equals(const char *text, size_t length, const char *word)
{
  return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* Whether item is the name, its last word, or the last part of a path. */
static bool is_asked(const char *item, size_t length, const char *name)
{
  size_t size = strlen(name);
  if (length == 0 || size < length || memcmp(name + size - length, item, length) != 0)
    return false;
  bool number = strspn(item, "0123456789") == length; /* 1 is a column, and not the end of `Sensor 1` */
  return size == length || (!number && strchr(" ./", name[size - length - 1]));
}

/* Whether --only, where it is given, asks for one of these names or for the column (from 1; 0 for none). */
static bool only_has(struct names *n, const char *name, const char *path, size_t column)
{
  const char *list = n->options->only;
  if (!list)
    return true;
  char number[24];
  snprintf(number, sizeof number, "%zu", column);
  const char *item;
  size_t length;
  bool found = false;
  for (int i = 0; next_item(&list, &item, &length); i++) {
    char wanted[CHANNEL_NAME_MAX];
    text_escape(wanted, sizeof wanted, item, length);
    size_t size = strlen(wanted);
    /* Of a column the whole heading, with or without the key before it. */
    bool asked = column > 0 ? strcmp(wanted, name) == 0 || strcmp(wanted, name + strlen(n->prefix)) == 0 ||
                                  strcmp(wanted, number) == 0
                            : is_asked(wanted, size, name) || is_asked(wanted, size, path);
    if (asked) {
      found = true;
      if (i < 64)
        n->only_came |= UINT64_C(1) << i;
    }
  }
  return found || strcmp(n->options->only, name) == 0;
}

static int find(const struct names *n, const char *path)
{
  for (size_t i = 0; i < n->count; i++)
    if (strcmp(n->list[i].path, path) == 0)
      return (int)i;
  return NAMES_UNKNOWN;
}

static int find_name(const struct names *n, const char *name)
{
  for (size_t i = 0; i < n->count; i++)
    if (strcmp(n->list[i].name, name) == 0)
      return (int)i;
  return NAMES_UNKNOWN;
}

static void remember_seen(struct names *n, const char *name)
{
  char cut[64];
  text_escape(cut, sizeof cut, name, strlen(name));
  for (size_t i = 0; i < n->seen_count; i++)
    if (strcmp(n->seen[i], cut) == 0)
      return;
  if (n->seen_count < NAMES_SEEN)
    memcpy(n->seen[n->seen_count++], cut, sizeof cut);
}

/* Puts the key before a name, and makes it one that can be shown. */
static void make_name(const struct names *n, char name[CHANNEL_NAME_MAX], const char *text, size_t length)
{
  size_t used = strlen(n->prefix);
  memcpy(name, n->prefix, used);
  text_escape(name + used, CHANNEL_NAME_MAX - used, text, length);
}

/* The channel of a path, which shows itself under `name` when it is new. */
static int resolve(struct names *n, const char *path, const char *name, size_t column)
{
  int found = find(n, path);
  if (found != NAMES_UNKNOWN)
    return found;
  /* The last part of a path may be the name of another channel by now; a whole name that is there is the same channel. */
  if (find_name(n, name) != NAMES_UNKNOWN)
    name = path;
  found = find_name(n, name);
  if (found != NAMES_UNKNOWN)
    return found;
  remember_seen(n, name);
  if (!only_has(n, name, path, column))
    return NAMES_LEFT_OUT;
  if (n->count == CHANNELS_MAX)
    return NAMES_FULL;
  struct channel *channel = &n->list[n->count];
  memset(channel, 0, sizeof *channel);
  snprintf(channel->path, sizeof channel->path, "%s", path);
  snprintf(channel->name, sizeof channel->name, "%s", name);
  return (int)n->count++;
}

void names_set_key(struct names *n, const char *key, size_t length)
{
  char prefix[CHANNEL_NAME_MAX / 2];
  n->key_came = n->key_came || length > 0;
  text_escape(prefix, sizeof prefix, key, length);
  size_t used = strlen(prefix);
  if (used > 0)
    prefix[used++] = ' ';
  bool same = strlen(n->prefix) == used && memcmp(n->prefix, prefix, used) == 0;
  if (same)
    return;
  memcpy(n->prefix, prefix, used);
  n->prefix[used] = '\0';
  for (size_t i = 0; i < CHANNELS_MAX; i++)
    n->guess[i].length = 0;
}

static int recall(const struct names *n, size_t place, const char *label, size_t length, uint32_t part)
{
  const struct names_guess *guess = &n->guess[place % CHANNELS_MAX];
  if (length > 0 && guess->length == length && guess->part == part && memcmp(guess->label, label, length) == 0)
    return guess->channel;
  return NAMES_UNKNOWN;
}

static void remember(struct names *n, size_t place, const char *label, size_t length, uint32_t part, int channel)
{
  struct names_guess *guess = &n->guess[place % CHANNELS_MAX];
  if (length == 0 || length > sizeof guess->label || channel == NAMES_FULL)
    return;
  memcpy(guess->label, label, length);
  guess->length = (uint8_t)length;
  guess->part = part;
  guess->channel = channel;
}

int names_label(struct names *n, size_t place, const char *label, size_t length, uint32_t part)
{
  int channel = recall(n, place, label, length, part);
  if (channel != NAMES_UNKNOWN)
    return channel;
  char name[CHANNEL_NAME_MAX];
  if (part > 1) {
    char numbered[CHANNEL_NAME_MAX];
    size_t kept = length < CHANNEL_NAME_MAX - 16 ? length : CHANNEL_NAME_MAX - 16;
    memcpy(numbered, label, kept);
    int more = snprintf(numbered + kept, sizeof numbered - kept, ".%u", part);
    make_name(n, name, numbered, kept + (size_t)more);
  } else {
    make_name(n, name, label, length);
  }
  if (name[0] == '\0')
    return NAMES_UNKNOWN;
  channel = resolve(n, name, name, 0);
  remember(n, place, label, length, part, channel);
  return channel;
}

void names_learn_path(struct names *n, const char *path, size_t length, size_t leaf)
{
  uint64_t whole = text_hash(TEXT_HASH, path, length);
  for (size_t i = 0; i < n->path_count; i++)
    if (n->path[i] == whole)
      return;
  if (n->path_count == NAMES_PATHS)
    return;
  n->path[n->path_count] = whole;
  n->leaf[n->path_count++] = text_hash(TEXT_HASH, path + leaf, length - leaf);
}

/* Whether the last part of a path is a name that no other path ends in. */
static bool is_unique(const struct names *n, const char *path, size_t length, size_t leaf)
{
  uint64_t whole = text_hash(TEXT_HASH, path, length);
  uint64_t last = text_hash(TEXT_HASH, path + leaf, length - leaf);
  for (size_t i = 0; i < n->path_count; i++)
    if (n->leaf[i] == last && n->path[i] != whole)
      return false;
  return true;
}

int names_path(struct names *n, size_t place, const char *path, size_t length, size_t leaf)
{
  int channel = recall(n, place, path, length, 0);
  if (channel != NAMES_UNKNOWN)
    return channel;
  char whole[CHANNEL_NAME_MAX];
  char name[CHANNEL_NAME_MAX];
  make_name(n, whole, path, length);
  if (is_unique(n, path, length, leaf))
    make_name(n, name, path + leaf, length - leaf);
  else
    memcpy(name, whole, sizeof name);
  if (name[0] == '\0')
    return NAMES_UNKNOWN;
  channel = resolve(n, whole, name, 0);
  remember(n, place, path, length, 0, channel);
  return channel;
}

/* The column's name: by --names, else by the header, else its number. */
static void name_column(const struct names *n, size_t column, const char *heading, size_t length,
                        char name[CHANNEL_NAME_MAX])
{
  const char *list = n->options->names;
  const char *item = NULL;
  size_t item_length = 0;
  size_t at = 0;
  bool more = false;
  while ((more = next_item(&list, &item, &item_length)) && at < column)
    at++;
  char number[24];
  snprintf(number, sizeof number, "%zu", column + 1);
  if (more && item_length > 0)
    make_name(n, name, item, item_length);
  else if (length > 0)
    make_name(n, name, heading, length);
  else
    make_name(n, name, number, strlen(number));
}

int names_column_known(const struct names *n, size_t column, const char *heading, size_t length)
{
  char name[CHANNEL_NAME_MAX];
  name_column(n, column, heading, length, name);
  return find(n, name);
}

int names_column(struct names *n, size_t column, const char *heading, size_t length, unsigned number)
{
  char name[CHANNEL_NAME_MAX];
  name_column(n, column, heading, length, name);
  if (number > 1) {
    char plain[CHANNEL_NAME_MAX - 16];
    text_escape(plain, sizeof plain, name, strlen(name));
    snprintf(name, sizeof name, "%s_%u", plain, number);
  }
  return resolve(n, name, name, column + 1);
}

/* Whether an option's argument means this label or column. */
static bool means(const char *wanted, size_t wanted_length, size_t column, const char *heading, size_t length)
{
  char number[24];
  snprintf(number, sizeof number, "%zu", column);
  return (length > 0 && length == wanted_length && memcmp(wanted, heading, length) == 0) ||
         (column > 0 && equals(wanted, wanted_length, number));
}

int names_time_part(const struct names *n, size_t column, const char *heading, size_t length)
{
  const char *wanted = n->options->time_column;
  if (!wanted)
    return -1;
  if (means(wanted, strlen(wanted), column, heading, length))
    return 0;
  const char *plus = strchr(wanted, '+');
  if (!plus)
    return -1;
  if (means(wanted, (size_t)(plus - wanted), column, heading, length))
    return 0;
  return means(plus + 1, strlen(plus + 1), column, heading, length) ? 1 : -1;
}

static int role_of(const struct names *n, size_t column, const char *heading, size_t length)
{
  if (names_time_part(n, column, heading, length) >= 0)
    return NAMES_TIME;
  const char *key = n->options->key;
  return key && means(key, strlen(key), column, heading, length) ? NAMES_KEY : NAMES_UNKNOWN;
}

int names_role_of_label(const struct names *n, const char *label, size_t length)
{
  return role_of(n, 0, label, length);
}

int names_role_of_column(const struct names *n, size_t column, const char *heading, size_t length)
{
  if (!n->options->time_column && !n->options->key)
    return NAMES_UNKNOWN;
  const char *list = n->options->names;
  const char *item = NULL;
  size_t item_length = 0;
  for (size_t at = 0; at <= column && list; at++)
    if (!next_item(&list, &item, &item_length) || at < column)
      item_length = 0;
  if (item_length > 0) {
    int role = role_of(n, column + 1, item, item_length);
    if (role != NAMES_UNKNOWN)
      return role;
  }
  return role_of(n, column + 1, heading, length);
}

int names_known(const struct names *n, const char *path, size_t length)
{
  char name[CHANNEL_NAME_MAX];
  make_name(n, name, path, length);
  return find(n, name);
}

bool names_have_key(const struct names *n, const char *key, size_t length)
{
  for (size_t i = 0; i < n->count; i++)
    if (strncmp(n->list[i].name, key, length) == 0 && n->list[i].name[length] == ' ')
      return true;
  return false;
}

bool names_missing(const struct names *n, char *text, size_t size)
{
  const char *list = n->options->only;
  const char *item;
  size_t length;
  size_t used = 0;
  bool any = false;
  text[0] = '\0';
  for (int i = 0; next_item(&list, &item, &length) && i < 64; i++) {
    if (length == 0 || (n->only_came >> i & 1))
      continue;
    int more = snprintf(text + used, size - used, "%s'%.*s'", any ? ", " : "", (int)(length < 80 ? length : 80), item);
    any = true;
    if (more < 0 || (size_t)more >= size - used)
      return true;
    used += (size_t)more;
  }
  if (!any)
    return false;
  int more = snprintf(text + used, size - used, " never came%s", n->seen_count > 0 ? "; there were " : "");
  for (size_t i = 0; i < n->seen_count && more >= 0 && (size_t)more < size - used; i++) {
    used += (size_t)more;
    more = snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", n->seen[i]);
  }
  return true;
}
