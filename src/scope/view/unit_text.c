#include "scope/view/unit_text.h"

#include <stdio.h>
#include <string.h>

#include "scope/stream/units.h"

bool unit_text(const char *unit, int exponent, char text[UNIT_TEXT_MAX])
{
  size_t prefix;
  int own;
  snprintf(text, UNIT_TEXT_MAX, "%s", unit);
  if (!unit_takes_si(unit, strlen(unit), &prefix, &own))
    return false;
  const char *letter = figure_prefix_letter(own + exponent);
  if (!letter)
    return false;
  if (exponent != 0) /* else it stays spelt as it came: us, or µs */
    snprintf(text, UNIT_TEXT_MAX, "%s%s", letter, unit + prefix);
  return true;
}

bool unit_is_prefixed(const char *unit)
{
  size_t prefix;
  int own;
  return unit_takes_si(unit, strlen(unit), &prefix, &own) && own != 0;
}

static size_t digits_of(const char *figure)
{
  size_t n = strlen(figure);
  while (n > 0 && !(figure[n - 1] >= '0' && figure[n - 1] <= '9'))
    n--;
  return n > 0 ? n : strlen(figure); /* a dash, or infinity */
}

void unit_strip_figure(char figure[FIGURE_TEXT_MAX])
{
  figure[digits_of(figure)] = '\0';
}

void unit_with_figure(const char *figure, const char *unit, char text[FIGURE_TEXT_MAX])
{
  char whole[UNIT_TEXT_MAX];
  const size_t digits = digits_of(figure);
  int exponent = 0;
  const bool known = figure[digits] == '\0' || figure_prefix_exponent(figure + digits, &exponent);
  if (!unit || !unit[0])
    snprintf(text, FIGURE_TEXT_MAX, "%s", figure);
  else if (known && unit_text(unit, exponent, whole))
    snprintf(text, FIGURE_TEXT_MAX, "%.*s %.*s", (int)digits, figure, (int)(FIGURE_TEXT_MAX - digits) - 2, whole);
  else
    snprintf(text, FIGURE_TEXT_MAX, "%s %s", figure, unit);
}
