/*
 * Whether a line names the columns of a row: it has as many cells, give or take what a date and a time, a leading `word:`
 * or an empty last cell make of it.
 */
#ifndef SCOPE_HEADER_FIT_H
#define SCOPE_HEADER_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "scope/input/held.h"

/* Whether a row of words, the line that was looked at last, may be a header. */
bool header_is_candidate(struct reading *r, const struct look *look);

/*
 * Looks at line w as what may be a header of the row; its cells are then in r->cells, *count of them, and *fit says how
 * those of the row are laid under them. lead_of_row: the row begins with `word:`.
 */
bool header_fit(struct reading *r, const struct held *h, size_t w, const struct look *row, bool lead_of_row,
                size_t *count, struct table_fit *fit);

/*
 * Where the names stand when line w, which fits the row and was looked at last, has some of its words twice or none: there
 * it says what kind the columns are (`f64`, `Avg`), and one of the two rows right above, all of whose names differ, is the
 * header. *fit is then that row's. w itself where there is none.
 */
size_t header_of_names(struct reading *r, const struct held *h, size_t w, const struct look *row, bool lead_of_row,
                       struct table_fit *fit);

/* Whether at least half of the first `count` cells are known units, alone or in brackets. */
bool header_is_of_units(const struct reading *r, size_t count);

/*
 * Says that the row of words right above the first row of numbers names other columns than there are, or names them apart
 * from what separates: `x y z` above `1;2;3`.
 */
void header_note_unfit(struct reading *r, const struct held *h);

#endif
