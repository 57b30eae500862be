#include "scope/save.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/message.h"
#include "scope/paint/png.h"

void save_picture(const struct canvas *canvas, char *text, size_t size)
{
  char name[PNG_NAME_MAX];
  const int error = png_save_new(canvas, time(NULL), name);
  if (error)
    snprintf(text, size, "cannot save %s: %s", name, strerror(error));
  else
    snprintf(text, size, "saved %s", name);
  if (error)
    message("%s", text);
}
