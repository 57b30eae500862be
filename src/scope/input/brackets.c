#include "scope/input/brackets.h"

#include <stddef.h>

const char *brackets_quote_end(const char *text, const char *end)
{
  char quote = *text;
  for (const char *at = text + 1; at < end; at++) {
    if (*at == '\\' && at + 1 < end && (at[1] == quote || at[1] == '\\'))
      at++;
    else if (*at == quote && at + 1 < end && at[1] == quote && quote == '"')
      at++;
    else if (*at == quote)
      return at + 1;
  }
  return NULL;
}

const char *brackets_end(const char *text, const char *end)
{
  if (*text == '"' || *text == '\'')
    return brackets_quote_end(text, end);
  char open[BRACKETS_DEPTH_MAX];
  size_t depth = 0;
  for (const char *at = text; at < end; at++) {
    if (*at == '(' || *at == '[' || *at == '{') {
      if (depth == BRACKETS_DEPTH_MAX)
        return NULL;
      open[depth++] = *at == '(' ? ')' : *at == '[' ? ']' : '}';
    } else if (*at == ')' || *at == ']' || *at == '}') {
      if (depth == 0 || *at != open[--depth])
        return NULL;
      if (depth == 0)
        return at + 1;
    } else if (*at == '\\' && at + 1 < end && at[1] == '"') {
      at++; /* an escaped quote hides nothing, and looking for its partner would cost all that follows, each time */
    } else if (*at == '"') {
      const char *partner = brackets_quote_end(at, end);
      if (partner)
        at = partner - 1;
    }
  }
  return NULL;
}
