/*
 * A text that may be a date, a time of day or both, in any usual form: ISO 8601 (also basic, also without seconds or
 * `T`), 25.11.2026 10:00, 11/25/2026 10:00:00 AM, 10:00:00,123, syslog's Nov 25 10:00:00, ctime's
 * Wed Nov 25 10:00:00 UTC 2026, RFC 2822, the web servers' 25/Nov/2026:10:00:00 +0000; brackets may stand around.
 *
 * Pure; the text is borrowed. Nothing depends on locale or time zone: what names no zone is taken as UTC.
 */
#ifndef SCOPE_TIME_TEXT_H
#define SCOPE_TIME_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum time_kind {
  TIME_TEXT_NONE,
  TIME_TEXT_DATE,  /* ns is midnight, since 1970 */
  TIME_TEXT_CLOCK, /* ns since midnight (or since anything: 100:00:00 is elapsed time) */
  TIME_TEXT_BOTH,  /* ns since 1970 */
};

struct time_text {
  enum time_kind kind;
  int64_t ns;
  bool open;      /* 11/12/2026: ns is month first, other is day first */
  bool slashed;   /* a date of two numbers and a year, of which one was too large for a month: it settles the others */
  bool day_first; /* slashed only */
  int64_t other;
  bool yearless; /* syslog's: ns is in 1972, so that 29 February exists */
};

/* Whether a date's ns stands for a year that 64 bits of nanoseconds do not reach. */
bool time_text_is_far(int64_t ns);

/* Reads text, without blanks around it, whole. */
enum time_kind time_text_read(const char *text, size_t length, struct time_text *time);

/* Whether a word could be the first of several that make up a time: cheap, and true too often. */
bool time_text_begins(const char *text, size_t length);

enum { TIME_TEXT_WORDS = 6 }; /* at most: Wed Nov 25 10:00:00 UTC 2026 */

/* Whether a plain number of this size, in s, ms, us or ns since 1970, is a moment of this century (2001 to 2100). */
bool time_text_is_unix(double number);

#endif
