#include "common/terminal_text.h"

enum { NOT_WITHIN, BEGUN, CONTROL, STRING, STRING_ESCAPE, ONE_MORE };

static bool is_printable(char byte)
{
  return (unsigned char)byte >= 0x20 && (unsigned char)byte < 0x7F;
}

static enum terminal_byte begin(struct terminal_text *text, char byte)
{
  if (byte == '[')
    text->state = CONTROL;
  else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
    text->state = STRING;
  else if (byte >= 0x20 && byte <= 0x2F)
    text->state = ONE_MORE;
  else
    text->state = NOT_WITHIN;
  return is_printable(byte) ? TERMINAL_TAKEN : TERMINAL_TEXT;
}

static enum terminal_byte go_on_control(struct terminal_text *text, char byte)
{
  if (byte >= 0x20 && byte <= 0x3F)
    return TERMINAL_TAKEN;
  text->state = NOT_WITHIN;
  if (byte < 0x40 || byte == 0x7F)
    return TERMINAL_TEXT; /* cut short: what comes is text again */
  const bool stays = byte == 'm' || byte == 'K' || byte == 'J' || byte == 'h' || byte == 'l';
  return stays ? TERMINAL_TAKEN : TERMINAL_MOVED;
}

static enum terminal_byte go_on_string(struct terminal_text *text, char byte)
{
  if (text->state == STRING_ESCAPE && byte != '\\') { /* it is not ended, but another one begins */
    text->state = BEGUN;
    return begin(text, byte);
  }
  if (byte == '\a' || text->state == STRING_ESCAPE)
    text->state = NOT_WITHIN;
  else if (byte == '\033')
    text->state = STRING_ESCAPE;
  return TERMINAL_TAKEN;
}

enum terminal_byte terminal_text_next(struct terminal_text *text, char byte)
{
  enum terminal_byte what = TERMINAL_TEXT;
  if (byte == '\n' || byte == '\r') {
    text->state = NOT_WITHIN;
    return TERMINAL_TEXT;
  }
  switch (text->state) {
  case BEGUN:
    what = begin(text, byte);
    break;
  case CONTROL:
    what = go_on_control(text, byte);
    break;
  case STRING:
  case STRING_ESCAPE:
    what = go_on_string(text, byte);
    break;
  case ONE_MORE:
    text->state = NOT_WITHIN;
    what = is_printable(byte) ? TERMINAL_TAKEN : TERMINAL_TEXT;
    break;
  default:
    break;
  }
  if (what == TERMINAL_TEXT && byte == '\033') {
    text->state = BEGUN;
    return TERMINAL_TAKEN;
  }
  return what;
}
