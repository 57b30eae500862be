#include "scope/paint/look.h"

#include <math.h>

int look_pixels(const struct look *look, double pixels)
{
  return (int)lround(pixels * look->scale);
}

int look_line(const struct look *look)
{
  return text_height(look->text, TEXT_SANS);
}
