/*
 * One value on its way into an event: its comma is settled, its unit scaled, its place among the row's values found.
 */
#ifndef SCOPE_VALUE_H
#define SCOPE_VALUE_H

#include "scope/input/reading.h"

/* What is known of a value when it is put. */
struct value_source {
  const struct number_text *number;
  bool gap;
  const char *text; /* as written, for what is said */
  size_t length;
  uint64_t evidence; /* the key under which its column or label has evidence */
  uint64_t line;
};

/* Adds a value for channel (0 and up) to the event. */
void value_put(struct reading *r, struct parser_event *event, int channel, const struct value_source *source);

/* Says once that there are more channels than there is room for. */
void value_note_full(struct reading *r, uint64_t line, const char *text, size_t length);

#endif
