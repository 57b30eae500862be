#include "forker/sample.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/number.h"
#include "common/number_word.h"

static const char *const names[SAMPLE_KINDS] = {
    [SAMPLE_OUT] = "out", [SAMPLE_WALL] = "wall",     [SAMPLE_USER] = "user",
    [SAMPLE_SYS] = "sys", [SAMPLE_MAXRSS] = "maxrss", [SAMPLE_SPAWN] = "spawn",
};

bool sample_has(const struct sample_list *list, enum sample_kind kind)
{
  for (size_t i = 0; i < list->count; i++)
    if (list->kinds[i] == kind)
      return true;
  return false;
}

const char *sample_parse(const char *text, struct sample_list *list)
{
  *list = (struct sample_list){.count = 0};
  for (const char *word = text;; word++) {
    const size_t length = strcspn(word, ",");
    size_t kind = 0;
    while (kind < SAMPLE_KINDS && (strlen(names[kind]) != length || memcmp(names[kind], word, length) != 0))
      kind++;
    if (kind == SAMPLE_KINDS || sample_has(list, (enum sample_kind)kind))
      return word;
    list->kinds[list->count++] = (enum sample_kind)kind;
    word += length;
    if (*word == '\0')
      return NULL;
  }
}

struct sample_values sample_nothing(void)
{
  struct sample_values values;
  for (int i = 0; i < SAMPLE_KINDS; i++)
    values.of[i] = (double)NAN;
  return values;
}

/* The fewest digits that read back to the same double. */
static void exact(double value, char text[32])
{
  int digits = 15;
  double back;
  do
    snprintf(text, 32, "%.*g", digits, value);
  while (digits++ < 17 && (!number_double(text, -HUGE_VAL, HUGE_VAL, &back) || back != value));
}

size_t sample_line(const struct sample_list *list, const struct sample_values *values, char text[SAMPLE_LINE])
{
  size_t length = 0;
  for (size_t i = 0; i < list->count; i++) {
    const enum sample_kind kind = list->kinds[i];
    const double value = values->of[kind];
    char number[32];
    if (isnan(value))
      strcpy(number, "nan");
    else if (kind == SAMPLE_OUT)
      exact(value, number);
    else
      snprintf(number, sizeof number, "%.3f", value);
    length += (size_t)snprintf(text + length, SAMPLE_LINE - length, "%s%s:%s", i ? " " : "", names[kind], number);
  }
  text[length++] = '\n';
  return length;
}

static bool is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void end_word(struct last_number *last)
{
  const size_t length = last->length;
  last->length = 0;
  if (length == 0 || length >= sizeof last->word)
    return;
  last->word[length] = '\0';
  if (length > 1 && last->word[length - 1] == '.' && strchr(last->word, '.') != &last->word[length - 1])
    last->word[length - 1] = '\0'; /* "The answer is 3.5." */
  const char *word = last->word;
  /* What follows the first = or :, but not in a time of day; before a leading : was a label in quotes. */
  const char *sign = strpbrk(word, "=:");
  if (sign && *sign == ':' && sign != word && !is_letter(word[0]) && word[0] != '_')
    sign = NULL;
  const char *text = sign ? sign + 1 : word;
  struct number_word number;
  if (number_word_read(text, strlen(text), &number))
    last->value = number.value;
}

void last_number_init(struct last_number *last)
{
  *last = (struct last_number){.value = (double)NAN};
}

void last_number_feed(struct last_number *last, const char *data, size_t length)
{
  for (size_t i = 0; i < length; i++) {
    const enum terminal_byte what = terminal_text_next(&last->terminal, data[i]);
    if (what == TERMINAL_TAKEN)
      continue;
    if (what == TERMINAL_MOVED || data[i] == '\0' || strchr(" \t\r\n\v\f,;\"'()[]{}<>|", data[i]))
      end_word(last);
    else if (last->length < sizeof last->word)
      last->word[last->length++] = data[i]; /* a full word has no room for its end, and is none */
  }
}

bool last_number_read(struct last_number *last, int fd)
{
  enum { AT_ONCE = 16 };    /* an endless writer cannot hold the loop */
  static char piece[65536]; /* as in forward.c */
  for (int i = 0; i < AT_ONCE; i++) {
    const ssize_t got = read(fd, piece, sizeof piece);
    if (got > 0)
      last_number_feed(last, piece, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
      return true;
    else if (errno == EAGAIN)
      return false;
  }
  return false;
}

double last_number_end(struct last_number *last)
{
  end_word(last);
  return last->value;
}
