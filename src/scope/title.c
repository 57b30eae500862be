#include "scope/title.h"

#include <stdio.h>
#include <string.h>

enum { MORE_MAX = 24 /* bytes that " and 60 more" takes at most */ };

/* The channels are named by nothing but their numbers. */
static bool only_numbered(const struct intake *intake, size_t channels)
{
  for (size_t i = 0; i < channels; i++) {
    const char *name = intake_channel_name(intake, i);
    if (name[strspn(name, "0123456789")] != '\0')
      return false;
  }
  return true;
}

static void write_names(const struct intake *intake, size_t channels, char *text, size_t size)
{
  size_t length = 0;
  text[0] = '\0';
  for (size_t i = 0; i < channels; i++) {
    const char *name = intake_channel_name(intake, i);
    const size_t more = strlen(name) + (i > 0 ? 2 : 0);
    if (i > 0 && length + more + MORE_MAX > size) {
      snprintf(text + length, size - length, " and %zu more", channels - i);
      return;
    }
    snprintf(text + length, size - length, "%s%s", i > 0 ? ", " : "", name);
    length = strlen(text);
  }
}

void title_write(const char *given, const char *file, const struct intake *intake, char *text, size_t size)
{
  const size_t channels = intake_channels(intake);
  const char *slash = file ? strrchr(file, '/') : NULL;
  if (given)
    snprintf(text, size, "%s", given);
  else if (file)
    snprintf(text, size, "%s", slash && slash[1] ? slash + 1 : file);
  else if (channels == 0)
    snprintf(text, size, "scope");
  else if (!only_numbered(intake, channels))
    write_names(intake, channels, text, size);
  else if (channels == 1)
    snprintf(text, size, "channel %s", intake_channel_name(intake, 0));
  else
    snprintf(text, size, "channels %s to %s", intake_channel_name(intake, 0),
             intake_channel_name(intake, channels - 1));
}
