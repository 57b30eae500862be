#include "scope/paint/look.h"

#include <math.h>
#include <stdbool.h>

int look_pixels(const struct look *look, double pixels)
{
  return (int)lround(pixels * look->scale);
}

void look_fit(struct look *look, int width, int height)
{
  enum { ROOMY_WIDTH = 440, ROOMY_HEIGHT = 280, PAD = 12, GAP = 6, TIGHT_PAD = 4, TIGHT_GAP = 3 };
  const bool roomy = width >= look_pixels(look, ROOMY_WIDTH) && height >= look_pixels(look, ROOMY_HEIGHT);
  look->pad = look_pixels(look, roomy ? PAD : TIGHT_PAD);
  look->gap = look_pixels(look, roomy ? GAP : TIGHT_GAP);
}

int look_line(const struct look *look)
{
  return text_height(look->text, TEXT_SANS);
}
