/*
 * A line's labelled values: `a=1`, `a: 1`, `Core 0: +45.0°C`, `load average: 2.95, 1.65, 0.90` (product page, "Labels").
 *
 * Pure; names and values point into the line.
 */
#ifndef SCOPE_LABELS_H
#define SCOPE_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "scope/input/label_rules.h"
#include "scope/input/named.h"

/* Adds every label of the line to the list, which it clears first. list->values tells whether the row is labelled. */
void labels_read(const struct label_rules *rules, const char *line, size_t length, struct named_list *list);

/*
 * A row of cells between `,`, `;`, `|` or tabs that are each a word and a number, or labelled: `loss 4.21, time 120ms`,
 * also behind a leading `iter 0:`. Adds them to the list, cleared first; false when the row is none.
 */
bool labels_read_pairs(const struct label_rules *rules, const char *line, size_t length, struct named_list *list);

/* Whether a label may begin so: a letter (of any script), `_`, `$` or `/`, or as a modem's answer does. */
bool label_begins(const char *text, size_t length);

/* Whether it begins as what a modem answers, `+CSQ: 20,99`: its values are a list. */
bool label_is_answer(const char *text, size_t length);

#endif
