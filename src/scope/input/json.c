#include "scope/input/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "scope/input/json_string.h"
#include "scope/input/time_text.h"

enum { PATH_MAX_BYTES = 1024 };

struct reading {
  const char *at;
  const char *end;
  struct named_list *list;  /* NULL: values are passed over */
  enum json_result trouble; /* JSON_WHOLE while all is well */
  int depth;
  int comma_flags;
  size_t path_length;
  size_t leaf; /* where the last part of the path begins */
  char path[PATH_MAX_BYTES];
};

static bool read_value(struct reading *r);

static bool fail(struct reading *r, enum json_result trouble)
{
  if (r->trouble == JSON_WHOLE)
    r->trouble = trouble;
  return false;
}

/* Blanks; false at the end of the text. */
static bool skip_blanks(struct reading *r)
{
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
    r->at++;
  return r->at < r->end ? true : fail(r, JSON_PART);
}

static bool read_string(struct reading *r, struct json_string *s)
{
  return json_string_read(&r->at, r->end, s) || fail(r, JSON_PART);
}

/* What does not fit is let go. */
static void append_string(struct reading *r, const struct json_string *s)
{
  r->path_length += json_string_write(s, r->path + r->path_length, PATH_MAX_BYTES - r->path_length);
}

/* The path as it is now, kept in the list; NULL when there is no room. */
static const char *keep_path(struct reading *r)
{
  struct named_list *list = r->list;
  if (list->used + r->path_length > NAMED_BYTES) {
    list->full = true;
    return NULL;
  }
  char *kept = list->bytes + list->used;
  memcpy(kept, r->path, r->path_length);
  list->used += r->path_length;
  return kept;
}

static void add(struct reading *r, enum named_kind kind, const struct number_text *number, const char *text,
                size_t length)
{
  const char *name = keep_path(r);
  struct named *item = name ? named_add(r->list, kind, name, r->path_length) : NULL;
  if (!item)
    return;
  item->path = true;
  item->leaf = (uint32_t)r->leaf;
  if (number)
    item->number = *number;
  item->text = text;
  item->length = length;
}

static void add_string(struct reading *r, const struct json_string *s)
{
  struct number_text number;
  struct time_text time;
  const char *text = s->text;
  size_t length = s->length;
  while (length > 0 && (*text == ' ' || *text == '\t')) {
    text++;
    length--;
  }
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  enum number_kind kind =
      s->escaped ? NUMBER_NONE : number_text_read(text, length, r->comma_flags | NUMBER_LABELLED, &number);
  if (kind != NUMBER_NONE)
    add(r, kind == NUMBER_VALUE ? NAMED_NUMBER : NAMED_GAP, &number, text, length);
  else if (time_text_read(text, length, &time) != TIME_TEXT_NONE)
    add(r, NAMED_TIME, NULL, text, length);
  else
    add(r, NAMED_WORD, NULL, text, length);
}

/* A word without quotes, in the place of a value: undefined, ERR. */
static bool is_bare_word(const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++) {
    const char c = text[i];
    const bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
    if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '.' || c == '-')))
      return false;
  }
  return length > 0;
}

/* true, False, null, None, NaN, a number, a word, or np.float64(0.5): what is no string, object or array. */
static bool read_scalar(struct reading *r)
{
  const char *start = r->at;
  while (r->at < r->end && !strchr(",:]})({[\"' \t\r\n", *r->at))
    r->at++;
  size_t length = (size_t)(r->at - start);
  if (length == 0)
    return fail(r, JSON_NONE);
  if (r->at == r->end)
    return fail(r, JSON_PART);
  if (*r->at == '(') { /* np.float64(0.5), tensor(0.5) */
    if ((*start < 'a' || *start > 'z') && (*start < 'A' || *start > 'Z'))
      return fail(r, JSON_NONE);
    r->at++;
    if (!skip_blanks(r) || !read_value(r) || !skip_blanks(r))
      return false;
    while (*r->at != ')') { /* device='cuda:0' and the like */
      if (*r->at == '(' || *r->at == '{' || *r->at == '}')
        return fail(r, JSON_NONE);
      if (++r->at == r->end)
        return fail(r, JSON_PART);
    }
    r->at++;
    return true;
  }
  static const char *const words[] = {"true", "false"};
  struct number_text number = {.value = (double)NAN};
  for (int i = 0; i < 2; i++)
    if (length == strlen(words[i]) && strncasecmp(start, words[i], length) == 0) {
      number.value = i == 0;
      if (r->list)
        add(r, NAMED_NUMBER, &number, start, length);
      return true;
    }
  enum number_kind kind = number_text_read(start, length, 0, &number);
  if (kind == NUMBER_NONE && is_bare_word(start, length)) {
    if (r->list)
      add(r, NAMED_WORD, NULL, start, length);
    return true;
  }
  if (kind == NUMBER_NONE || number.unit_length > 0)
    return fail(r, JSON_NONE);
  if (r->list)
    add(r, kind == NUMBER_VALUE ? NAMED_NUMBER : NAMED_GAP, &number, start, length);
  return true;
}

static bool read_array(struct reading *r)
{
  char close = *r->at++ == '[' ? ']' : ')';
  size_t length = r->path_length;
  for (size_t i = 0;; i++) {
    if (!skip_blanks(r))
      return false;
    if (*r->at == close) {
      r->at++;
      return true;
    }
    if (i > 0) {
      if (*r->at != ',')
        return fail(r, JSON_NONE);
      r->at++;
      if (!skip_blanks(r))
        return false;
      if (*r->at == close) { /* Python's (1,) */
        r->at++;
        return true;
      }
    }
    if (r->list && length + 24 < PATH_MAX_BYTES)
      r->path_length = length + (size_t)snprintf(r->path + length, 24, "[%zu]", i);
    bool good = read_value(r);
    r->path_length = length;
    if (!good)
      return false;
  }
}

/* A key and its colon. */
static bool read_key(struct reading *r, struct json_string *key)
{
  if (*r->at != '"' && *r->at != '\'')
    return fail(r, JSON_NONE);
  if (!read_string(r, key) || !skip_blanks(r))
    return false;
  if (*r->at != ':')
    return fail(r, JSON_NONE);
  r->at++;
  return skip_blanks(r);
}

/* Members of an object up to its end, each handed to `member`, which reads the value. */
static bool read_members(struct reading *r, bool (*member)(struct reading *, const struct json_string *, void *),
                         void *context)
{
  r->at++;
  for (bool first = true;; first = false) {
    if (!skip_blanks(r))
      return false;
    if (*r->at == '}') {
      r->at++;
      return true;
    }
    if (!first) {
      if (*r->at != ',')
        return fail(r, JSON_NONE);
      r->at++;
      if (!skip_blanks(r))
        return false;
    }
    struct json_string key;
    if (!read_key(r, &key) || !member(r, &key, context))
      return false;
  }
}

/* What names the member `value` of an object. */
struct topic {
  struct json_string name;
  bool named, valued;
};

static bool look_for_topic(struct reading *r, const struct json_string *key, void *context)
{
  struct topic *topic = context;
  if ((json_string_is(key, "name") || json_string_is(key, "key") || json_string_is(key, "topic")) &&
      (*r->at == '"' || *r->at == '\'')) {
    topic->named = true;
    return read_string(r, &topic->name);
  }
  topic->valued = topic->valued || json_string_is(key, "value");
  return read_value(r);
}

static bool read_member(struct reading *r, const struct json_string *key, void *context)
{
  const struct topic *topic = context;
  size_t length = r->path_length;
  size_t leaf = r->leaf;
  bool renamed = topic->named && topic->valued && json_string_is(key, "value");
  if (renamed) { /* sensors[0] and name a: sensors.a, wherever in the array it stands next time */
    while (r->path_length > 0 && r->path[r->path_length - 1] == ']')
      while (r->path_length > 0 && r->path[--r->path_length] != '[')
        continue;
  }
  if (r->path_length > 0 && r->path_length + 1 < PATH_MAX_BYTES)
    r->path[r->path_length++] = '.';
  r->leaf = r->path_length;
  append_string(r, renamed ? &topic->name : key);
  bool good = read_value(r);
  /* The path was cut where it was renamed: what stood there is still in its place. */
  r->path_length = length;
  r->leaf = leaf;
  return good;
}

static bool read_object(struct reading *r)
{
  struct topic topic = {.named = false};
  if (r->list) {
    struct reading ahead = {.at = r->at, .end = r->end, .trouble = JSON_WHOLE, .depth = r->depth};
    if (!read_members(&ahead, look_for_topic, &topic))
      return fail(r, ahead.trouble);
    char before[PATH_MAX_BYTES];
    size_t length = r->path_length;
    memcpy(before, r->path, length);
    bool good = read_members(r, read_member, &topic);
    memcpy(r->path, before, length);
    r->path_length = length;
    return good;
  }
  return read_members(r, look_for_topic, &topic);
}

/* The value at a byte that is no blank. */
static bool read_value(struct reading *r)
{
  bool good;
  if (r->depth == JSON_DEPTH_MAX)
    return fail(r, JSON_DEEP);
  r->depth++;
  if (*r->at == '{') {
    good = read_object(r);
  } else if (*r->at == '[' || *r->at == '(') {
    good = read_array(r);
  } else if (*r->at == '"' || *r->at == '\'') {
    struct json_string string = {.text = NULL};
    good = read_string(r, &string);
    if (good && r->list)
      add_string(r, &string);
  } else {
    good = read_scalar(r);
  }
  r->depth--;
  return good;
}

enum json_result json_read(const char *text, size_t length, const char *prefix, size_t prefix_length, int comma_flags,
                           struct named_list *list, size_t *used)
{
  struct reading r = {
      .at = text, .end = text + length, .list = list, .trouble = JSON_WHOLE, .comma_flags = comma_flags};
  if (length == 0 || *text != '{')
    return JSON_NONE;
  size_t count = list->count;
  size_t values = list->values;
  r.path_length = prefix_length < PATH_MAX_BYTES / 2 ? prefix_length : 0;
  if (r.path_length > 0)
    memcpy(r.path, prefix, r.path_length);
  if (!read_value(&r)) {
    list->count = count;
    list->values = values;
    return r.trouble;
  }
  *used = (size_t)(r.at - text);
  return JSON_WHOLE;
}
