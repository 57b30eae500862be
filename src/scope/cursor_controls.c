#include "scope/cursor_controls.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/number.h"
#include "scope/view/cursor.h"

enum { STEP_PARTS = 50 /* of the width: an arrow with Shift */ };

/* They stand on samples from the beginning. */
static void show(struct frame *f)
{
  struct view *v = &f->view;
  cursors_show(v);
  for (int i = 0; i < 2; i++)
    cursors_snap(v, intake_history(f->intake), i, v->time.columns / 8);
}

void cursor_controls_act(struct frame *f, enum action action, int number, const char **said)
{
  struct view *v = &f->view;
  if (action == ACTION_CURSORS) {
    if (v->cursors.on)
      cursors_hide(v);
    else
      show(f);
    return;
  }
  if (!v->cursors.on) {
    *said = "no cursors: c shows them";
    return;
  }
  if (action == ACTION_CURSOR_CHOOSE) {
    cursors_choose(v, number > 0);
  } else if (action == ACTION_CURSOR_TYPE) {
    f->scene.cursors.typing = true;
    f->scene.cursors.typed[0] = '\0';
  } else if (action == ACTION_ARROW) {
    const int columns = v->time.columns / STEP_PARTS > 0 ? v->time.columns / STEP_PARTS : 1;
    if (number == 1 || number == -1)
      cursors_step(v, intake_history(f->intake), number > 0);
    else
      cursors_pan(v, number > 0 ? columns : -columns);
    cursors_reveal(v);
  }
}

/* The factor of "m", "ms", "s", ""; NaN: none of these. */
static double factor_of(const char *text, bool seconds)
{
  static const struct {
    const char *prefix;
    double factor;
  } known[] = {{"", 1},     {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6}, {"\xC2\xB5", 1e-6}, {"\xCE\xBC", 1e-6},
               {"m", 1e-3}, {"k", 1e3},   {"M", 1e6}};
  size_t length = strlen(text);
  if (seconds && length > 0 && text[length - 1] == 's')
    length--;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strlen(known[i].prefix) == length && strncmp(known[i].prefix, text, length) == 0)
      return known[i].factor;
  return (double)NAN;
}

bool cursor_controls_read(const char *text, int64_t unit, bool seconds, int64_t *ticks)
{
  char plain[CURSOR_TYPED_MAX];
  const char *end;
  double value;
  snprintf(plain, sizeof plain, "%s", text);
  char *comma = strchr(plain, ',');
  if (comma)
    *comma = '.';
  if (!number_prefix(plain, &end, &value))
    return false;
  while (*end == ' ')
    end++;
  const double all = value * factor_of(end, seconds) * (double)unit;
  if (!(fabs(all) < (double)TIME_MAX))
    return false;
  *ticks = llround(all);
  return true;
}

/* What was typed counts, if it can; that ends the typing in any case. */
static void take_typed(struct frame *f, const char **said)
{
  struct cursors_scene *c = &f->scene.cursors;
  const bool seconds = f->scene.clock_labels;
  int64_t ticks;
  c->typing = false;
  if (c->typed[0] == '\0')
    return;
  if (!cursor_controls_read(c->typed, f->scene.time_unit, seconds, &ticks)) {
    *said = seconds ? "a distance is a number of seconds, such as 0.02 or 20m" : "a distance is a number of samples";
    return;
  }
  if (!cursors_span(&f->view, ticks)) {
    *said = "there is nothing so far from the other cursor";
    return;
  }
  cursors_reveal(&f->view);
}

bool cursor_controls_type(struct frame *f, const struct show_event *key, const char **said)
{
  struct cursors_scene *c = &f->scene.cursors;
  size_t length = strlen(c->typed);
  c->typing = c->typing && f->view.cursors.on;
  if (!c->typing)
    return false;
  if (key->key == KEY_ENTER)
    take_typed(f, said);
  else if (key->key == KEY_ESCAPE)
    c->typing = false;
  else if (key->key == KEY_BACKSPACE && length > 0)
    c->typed[length - 1] = '\0';
  else if (key->key > ' ' && key->key < 0x7F && !key->ctrl && !key->modified && length + 1 < sizeof c->typed) {
    /* With Shift a letter is a capital, and a plus stands on the key of the equals sign. */
    const bool letter = key->key >= 'a' && key->key <= 'z';
    c->typed[length] = (char)(key->shift && letter            ? key->key - 'a' + 'A'
                              : key->shift && key->key == '=' ? '+'
                                                              : key->key);
    c->typed[length + 1] = '\0';
  }
  return true;
}
