/* What the plot is called, in the picture and for the desktop. Pure; main thread. */
#ifndef SCOPE_TITLE_H
#define SCOPE_TITLE_H

#include <stddef.h>

#include "scope/store/intake.h"

/*
 * Writes the title: the one given, else the name of the file (its last part), else those of the channels, as many as
 * there is room for; columns that have only numbers are "channel 1", "channels 1 to 3". Before there are any: "scope".
 */
void title_write(const char *given, const char *file, const struct intake *intake, char *text, size_t size);

#endif
