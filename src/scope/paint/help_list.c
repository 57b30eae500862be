#include "scope/paint/help_list.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS_MOST = 4, TABLES = 3, WORD_MAX = 64 };

/* Pixels of the letters. The smallest ones are hard to read, and so for running text alone. */
static const int sizes[HELP_LIST_SIZES] = {13, 11, 9, 7};

void help_letters_destroy(struct help_letters *l)
{
  for (int i = 0; i < HELP_LIST_SIZES; i++)
    text_free(l->text[i]);
  *l = (struct help_letters){0};
}

/* ---- A table ---- */

static void measure(struct help_list *p, const struct look *look, bool largest)
{
  const int height = text_height(p->text, TEXT_SANS);
  p->count = p->keys = p->whats = 0;
  for (const struct scene_help *help = p->help; help->key; help++) {
    const int key = text_width(p->text, TEXT_MONO, help->key);
    const int what = text_width(p->text, TEXT_SANS, help->what);
    p->keys = key > p->keys ? key : p->keys;
    p->whats = what > p->whats ? what : p->whats;
    p->count++;
  }
  p->line = height + look_pixels(look, largest ? 4 : 1);
  p->pad = height * 2 / 3;
}

static bool plan_table(struct help_list *p, const struct canvas *c)
{
  for (p->columns = 1; p->columns <= COLUMNS_MOST; p->columns++) {
    p->rows = (p->count + p->columns - 1) / p->columns;
    p->width = p->columns * (p->keys + p->whats + 3 * p->pad);
    p->height = p->rows * p->line + 2 * p->pad;
    if (p->width <= c->width && p->height <= c->height)
      return true;
  }
  return false;
}

static void draw_table(const struct help_list *p, const struct look *look, struct canvas *c, struct rect r)
{
  for (int i = 0; i < p->count; i++) {
    const int x = r.x + p->pad + i / p->rows * (p->keys + p->whats + 3 * p->pad);
    const int y = r.y + p->pad + i % p->rows * p->line;
    text_draw(p->text, c, TEXT_MONO, x, y, TEXT_LEFT, p->help[i].key, look->theme->text, r);
    text_draw(p->text, c, TEXT_SANS, x + p->keys + p->pad, y, TEXT_LEFT, p->help[i].what, look->theme->dim, r);
  }
}

/* ---- Running text ---- */

/* Where it goes on, from the upper left corner of the text. */
struct flow {
  const struct help_list *list;
  struct canvas *canvas; /* NULL: nothing is drawn */
  struct rect place;     /* of the text */
  int x, line;
};

/* Words behind what is there, gap pixels apart from it; what does not fit into the line goes into the next. */
static void flow_words(struct flow *f, enum text_font font, const char *words, int gap, uint32_t colour)
{
  struct text *text = f->list->text;
  while (*words) {
    char word[WORD_MAX];
    const size_t length = strcspn(words, " ");
    const size_t kept = length < sizeof word ? length : sizeof word - 1;
    memcpy(word, words, kept);
    word[kept] = '\0';
    const int width = text_width(text, font, word);
    f->x += f->x > 0 ? gap : 0;
    if (f->x > 0 && f->x + width > f->place.w) {
      f->x = 0;
      f->line++;
    }
    if (f->canvas)
      text_draw(text, f->canvas, font, f->place.x + f->x, f->place.y + f->line * f->list->line, TEXT_LEFT, word, colour,
                f->place);
    f->x += width;
    gap = text_width(text, font, " ");
    words += length + strspn(words + length, " ");
  }
}

/* A key stands in the line in which its text begins. */
static void flow_entry(struct flow *f, const struct look *look, const struct scene_help *help)
{
  const struct help_list *p = f->list;
  char first[WORD_MAX];
  snprintf(first, sizeof first, "%.*s", (int)strcspn(help->what, " "), help->what);
  const int together = text_width(p->text, TEXT_MONO, help->key) + p->pad + text_width(p->text, TEXT_SANS, first);
  if (f->x > 0 && f->x + 2 * p->pad + together > f->place.w) {
    f->x = 0;
    f->line++;
  }
  flow_words(f, TEXT_MONO, help->key, 2 * p->pad, look->theme->text);
  flow_words(f, TEXT_SANS, help->what, p->pad, look->theme->dim);
}

static void flow_list(struct flow *f, const struct look *look)
{
  static const struct scene_help rest = {"…", "the rest: man scope"};
  const struct help_list *p = f->list;
  f->x = f->line = 0;
  for (int i = 0; i < p->count; i++)
    flow_entry(f, look, &p->help[i]);
  if (!p->whole)
    flow_entry(f, look, &rest);
}

/* With as many entries as the canvas has room for. True: all of them. */
static bool plan_flow(struct help_list *p, const struct look *look, const struct canvas *c)
{
  struct flow f = {.list = p, .place = {.w = c->width - 2 * p->pad}};
  p->columns = 0;
  for (p->whole = true;; p->whole = false, p->count--) {
    flow_list(&f, look);
    p->rows = f.line + 1;
    p->width = c->width;
    p->height = p->rows * p->line + 2 * p->pad;
    if (p->height <= c->height || p->count == 0)
      return p->whole;
  }
}

/* ---- Either ---- */

static bool take_letters(struct help_list *p, struct help_letters *letters, const struct look *look, int size)
{
  if (!letters->text[size])
    letters->text[size] = text_new(look_pixels(look, sizes[size]));
  if (letters->text[size]) {
    p->text = letters->text[size];
    measure(p, look, size == 0);
  }
  return letters->text[size] != NULL;
}

void help_list_plan(struct help_list *p, struct help_letters *letters, const struct look *look, const struct canvas *c,
                    const struct scene_help *help)
{
  *p = (struct help_list){.help = help, .whole = true};
  for (int i = 0; i < TABLES; i++)
    if (!take_letters(p, letters, look, i) || plan_table(p, c))
      return;
  for (int i = 1; i < HELP_LIST_SIZES; i++)
    if (!take_letters(p, letters, look, i) || plan_flow(p, look, c))
      return;
}

void help_list_draw(const struct help_list *p, const struct look *look, struct canvas *c, struct rect r)
{
  struct flow f = {.list = p, .canvas = c, .place = {r.x + p->pad, r.y + p->pad, r.w - 2 * p->pad, r.h - 2 * p->pad}};
  if (p->columns > 0)
    draw_table(p, look, c, r);
  else if (p->text)
    flow_list(&f, look);
}
