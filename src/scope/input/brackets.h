/*
 * Brackets and quotes, and where their partners stand: (42.93, [1, 2]), "a ""b""", {path="a)b"}.
 *
 * A text runs up to an end and is borrowed; results point into it, one byte behind the closing partner, or are NULL where
 * there is none. A text costs its length, however its brackets stand. Pure.
 */
#ifndef SCOPE_BRACKETS_H
#define SCOPE_BRACKETS_H

enum { BRACKETS_DEPTH_MAX = 16 /* what is nested deeper has no partner */ };

/*
 * text begins with a bracket, `(`, `[` or `{`, or with a quote. Each kind of bracket closes only its own; what stands
 * between double quotes counts as none, and an escaped quote, `\"`, as no quote.
 */
const char *brackets_end(const char *text, const char *end);

/* text begins with a quote, single or double. A doubled double quote and what a backslash takes away stay inside. */
const char *brackets_quote_end(const char *text, const char *end);

#endif
