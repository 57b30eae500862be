#include "scope/input/lines.h"

#include <string.h>

#include "common/utf8.h"

enum { WIDE_NOT, WIDE_LITTLE, WIDE_BIG };

/* The first bytes of an input may be a byte order mark: until that is known they are kept in carry. */
enum { MARK_NONE, MARK_START, MARK_EF, MARK_EF_BB, MARK_FE, MARK_FF };

/* Where in an escape sequence: ESC; ESC [ up to a letter; ESC ] up to BEL or ESC \; ESC ( and one more. */
enum { ESCAPE_NOT, ESCAPE_BEGUN, ESCAPE_CSI, ESCAPE_STRING, ESCAPE_STRING_ESC, ESCAPE_ONE_MORE };

void lines_reset(struct lines *l)
{
  memset(l, 0, offsetof(struct lines, carry));
  l->mark = MARK_START;
}

void lines_feed(struct lines *l, const char *bytes, size_t length)
{
  const char *newline = length > 0 ? memrchr(bytes, '\n', length) : NULL;
  l->fed = bytes;
  l->at = bytes;
  l->end = length > 0 ? bytes + length : bytes;
  l->complete = newline ? newline + 1 : bytes;
  l->ended = false;
}

void lines_end(struct lines *l)
{
  l->ended = true;
}

/* Appends to the line under way; of a line that is too long anyway the rest is let go. */
static void put(struct lines *l, const char *bytes, size_t length)
{
  size_t room = LINES_LENGTH_MAX - l->length;
  size_t taken = length < room ? length : room;
  l->begun = true;
  l->too_long = l->too_long || length > room;
  if (taken > 0)
    memcpy(l->carry + l->length, bytes, taken);
  l->length += taken;
}

/* Goes on in an escape sequence with byte c. False when c does not belong to it. */
static bool take_escape(struct lines *l, char c)
{
  switch (l->escape) {
  case ESCAPE_BEGUN:
    if (c == '[')
      l->escape = ESCAPE_CSI;
    else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')
      l->escape = ESCAPE_STRING;
    else if (c >= 0x20 && c <= 0x2F)
      l->escape = ESCAPE_ONE_MORE;
    else
      l->escape = ESCAPE_NOT;
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F;
  case ESCAPE_CSI:
    if (c >= 0x20 && c <= 0x3F)
      return true;
    l->escape = ESCAPE_NOT;
    if (c < 0x40 || c == 0x7F)
      return false; /* cut short: what comes is text again */
    /* Colours and erasing leave no hole in the text; what moves the cursor does. */
    l->blank_due = c != 'm' && c != 'K' && c != 'J' && c != 'h' && c != 'l';
    return true;
  case ESCAPE_STRING:
    if (c == '\a')
      l->escape = ESCAPE_NOT;
    else if (c == '\033')
      l->escape = ESCAPE_STRING_ESC;
    return true;
  case ESCAPE_STRING_ESC:
    l->escape = ESCAPE_NOT;
    if (c == '\\')
      return true;
    l->escape = ESCAPE_BEGUN;
    return take_escape(l, c);
  default: /* ESCAPE_ONE_MORE */
    l->escape = ESCAPE_NOT;
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F;
  }
}

static void give(struct lines *l, struct line *line)
{
  line->text = l->carry;
  line->length = l->length;
  line->too_long = l->too_long;
  line->number = ++l->count;
  l->begun = false;
  l->too_long = false;
  l->length = 0;
  l->escape = ESCAPE_NOT; /* an escape sequence never goes on in the next line: else one byte could hide the rest */
  l->blank_due = false;
}

/* One byte of text; true when it ends a line, which carry then holds. */
static bool take_byte(struct lines *l, char c)
{
  if (c == '\0') /* taken out before anything else, within an escape sequence and between CR and LF too */
    return false;
  if (c == '\n' || c == '\r') {
    bool pair = c == '\n' && l->after_cr;
    l->after_cr = c == '\r';
    return !pair;
  }
  l->after_cr = false;
  if (c == '\b') /* what goes back over a line draws it anew, and further ones that do follow */
    return l->length > 0;
  if (l->escape != ESCAPE_NOT && take_escape(l, c))
    return false;
  if (c == '\033') {
    l->escape = ESCAPE_BEGUN;
    l->begun = true;
    return false;
  }
  if (l->blank_due && l->length > 0)
    put(l, " ", 1);
  l->blank_due = false;
  put(l, &c, 1);
  return false;
}

/* A unit of UTF-16; true when it ends a line. Half a pair of surrogates becomes the replacement character. */
static bool take_unit(struct lines *l, uint32_t unit)
{
  char out[4];
  if (l->high > 0 && (unit < 0xDC00 || unit > 0xDFFF)) {
    put(l, out, utf8_encode(0xFFFD, out));
    l->high = 0;
  }
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    l->high = unit;
    l->begun = true;
    return false;
  }
  if (unit >= 0xDC00 && unit <= 0xDFFF)
    unit = l->high > 0 ? 0x10000 + ((l->high - 0xD800) << 10) + (unit - 0xDC00) : 0xFFFD;
  l->high = 0;
  if (unit < 0x80)
    return take_byte(l, (char)unit);
  put(l, out, utf8_encode(unit, out));
  return false;
}

/*
 * The first bytes of the input. A mark that turns out to be none is text; its bytes are few, and are kept in the state
 * itself.
 */
static void take_mark(struct lines *l)
{
  static const char bytes[] = "\xEF\xBB";
  while (l->at < l->end && l->mark != MARK_NONE) {
    unsigned char c = (unsigned char)*l->at;
    if (l->mark == MARK_START && (c == 0xEF || c == 0xFE || c == 0xFF)) {
      l->mark = c == 0xEF ? MARK_EF : c == 0xFE ? MARK_FE : MARK_FF;
      l->at++;
    } else if (l->mark == MARK_EF && c == 0xBB) {
      l->mark = MARK_EF_BB;
      l->at++;
    } else if (l->mark == MARK_EF_BB && c == 0xBF) {
      l->mark = MARK_NONE;
      l->at++;
    } else if ((l->mark == MARK_FE && c == 0xFF) || (l->mark == MARK_FF && c == 0xFE)) {
      l->wide = l->mark == MARK_FE ? WIDE_BIG : WIDE_LITTLE;
      l->mark = MARK_NONE;
      l->at++;
    } else {
      if (l->mark == MARK_FE || l->mark == MARK_FF)
        put(l, l->mark == MARK_FE ? "\xFE" : "\xFF", 1);
      else if (l->mark != MARK_START)
        put(l, bytes, l->mark == MARK_EF ? 1 : 2);
      l->mark = MARK_NONE;
    }
  }
}

/* A line that lies in what was fed, whole and with nothing in it that has to be taken out. */
static bool take_whole(struct lines *l, struct line *line)
{
  const char *newline = memchr(l->at, '\n', (size_t)(l->end - l->at));
  size_t length = (size_t)(newline - l->at);
  const char *cr = memchr(l->at, '\r', length);
  if ((cr && cr + 1 != newline) || memchr(l->at, '\033', length) || memchr(l->at, '\0', length) ||
      memchr(l->at, '\b', length))
    return false;
  length -= cr != NULL;
  line->text = l->at;
  line->too_long = length > LINES_LENGTH_MAX;
  line->length = line->too_long ? LINES_LENGTH_MAX : length;
  line->number = ++l->count;
  l->at = newline + 1;
  return true;
}

/* The bytes up to the next one that means something. */
static size_t count_plain(const struct lines *l)
{
  const char *at = l->at;
  while (at < l->end && *at != '\n' && *at != '\r' && *at != '\033' && *at != '\0' && *at != '\b')
    at++;
  return (size_t)(at - l->at);
}

static bool take_bytes(struct lines *l, struct line *line)
{
  while (l->at < l->end) {
    if (l->escape == ESCAPE_NOT && !l->blank_due) {
      size_t plain = count_plain(l);
      if (plain > 0) {
        l->after_cr = false;
        put(l, l->at, plain);
        l->at += plain;
        continue;
      }
    }
    if (take_byte(l, *l->at++)) {
      give(l, line);
      return true;
    }
  }
  return false;
}

static bool take_units(struct lines *l, struct line *line)
{
  while (l->at < l->end) {
    unsigned char c = (unsigned char)*l->at++;
    if (!l->have_odd) {
      l->odd = c;
      l->have_odd = true;
      continue;
    }
    l->have_odd = false;
    uint32_t unit = l->wide == WIDE_BIG ? (uint32_t)l->odd << 8 | c : (uint32_t)c << 8 | l->odd;
    if (take_unit(l, unit)) {
      give(l, line);
      return true;
    }
  }
  return false;
}

bool lines_next(struct lines *l, struct line *line)
{
  if (l->mark != MARK_NONE)
    take_mark(l);
  if (lines_open(l) && take_whole(l, line))
    return true;
  if (l->wide ? take_units(l, line) : take_bytes(l, line))
    return true;
  if (!l->ended)
    return false;
  if (l->mark > MARK_START) { /* a mark cut short is text */
    put(l, l->mark == MARK_FE ? "\xFE" : l->mark == MARK_FF ? "\xFF" : "\xEF\xBB", l->mark == MARK_EF_BB ? 2 : 1);
    l->mark = MARK_NONE;
  }
  if (l->have_odd || l->high > 0) {
    put(l, "\xEF\xBF\xBD", 3);
    l->have_odd = false;
    l->high = 0;
  }
  l->escape = ESCAPE_NOT;
  if (!l->begun)
    return false;
  give(l, line);
  return true;
}
