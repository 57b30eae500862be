/*
 * Text from anywhere, made fit to be shown: on a terminal, where control characters would move the cursor, change the
 * title or answer for the user, and in a line of its own. Pure, any thread.
 */
#ifndef COMMON_PRINTABLE_H
#define COMMON_PRINTABLE_H

#include <stddef.h>

enum { PRINTABLE_GROWTH = 4 }; /* bytes that come of one at most */

/*
 * Copies text[0..length) to out, as much as fits into size bytes with the NUL that is added; size is 1 at least.
 * Returns the length of the copy. It is valid UTF-8 without control characters:
 *
 *   \a \b \t \n \v \f \r          for these
 *   \x1B, \x7F, \xC2\x85, \xFF    each byte of another control character (C0, DEL, C1), and each that is no UTF-8
 *
 * A backslash stays as it is, so a copy of a copy is the same. At the cut there is never half an escape or character.
 */
size_t printable_copy(char *out, size_t size, const char *text, size_t length);

#endif
