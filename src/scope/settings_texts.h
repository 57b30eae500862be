/*
 * What the texts of single options mean. Each sets its part of the settings, or prints a message that names the option, what
 * was given and what would have been right, and returns false. Texts are borrowed; NULL where an option may have none (stack,
 * terminal). Pure but for the message; before any other thread.
 */
#ifndef SCOPE_SETTINGS_TEXTS_H
#define SCOPE_SETTINGS_TEXTS_H

#include <stdbool.h>

#include "scope/settings_state.h"

bool settings_set_window(struct settings *s, const char *text);
bool settings_set_range(struct settings *s, const char *text);
bool settings_set_limits(struct settings *s, const char *text);
bool settings_set_style(struct settings *s, const char *text);
bool settings_set_stack(struct settings *s, const char *text);
bool settings_set_trigger(struct settings *s, const char *text);
bool settings_set_theme(struct settings *s, const char *text);
bool settings_set_geometry(struct settings *s, const char *text);
bool settings_set_separator(struct settings *s, const char *text);
bool settings_set_comma(struct settings *s, const char *text);
bool settings_set_skip(struct settings *s, const char *text);
bool settings_set_time_unit(struct settings *s, const char *text);
bool settings_set_terminal(struct settings *s, const char *text);

/* Whether a list of names, "A,B,C", has no empty one. */
bool settings_list_is_whole(const char *text);

#endif
