#include "timed/reply.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char asctime_form[] = "%a %b %e %H:%M:%S %Y";
static const uint64_t SECONDS_1900_TO_1970 = 2208988800; /* RFC 868; 70 years with 17 leap days */

/* The format is the user's own, which the compiler cannot check; reply_format_unknown does. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static size_t format_time(char *text, size_t size, const char *format, time_t second)
{
  struct tm parts;
  localtime_r(&second, &parts);
  return strftime(text, size, format, &parts);
}
#pragma GCC diagnostic pop

const char *reply_format_unknown(const char *format)
{
  for (const char *at = format; (at = strchr(at, '%')) != NULL; at++) {
    const char *end = at + 1;
    end += strspn(end, "_-0^#+");
    end += strspn(end, "0123456789");
    const char *known = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%";
    if (*end == 'E')
      known = "cCxXyY";
    else if (*end == 'O')
      known = "bBdehHImMSuUVwWy";
    if (*end == 'E' || *end == 'O')
      end++;
    if (*end == '\0' || !strchr(known, *end))
      return at;
    at = end;
  }
  return NULL;
}

bool reply_format_fits(const char *format)
{
  char made[REPLY_FORMAT_MAX + 1];
  if (strlen(format) > REPLY_FORMAT_MAX)
    return false;
  /* What fits today may not fit in September: each month and each day of the week. */
  const time_t now = time(NULL);
  for (time_t day = 0; day < 365 + 7; day++)
    if (format_time(made, sizeof made, format, now + day * 86400) == 0)
      return false;
  return true;
}

void reply_init(struct reply *reply, const struct reply_form *form)
{
  *reply = (struct reply){.form = *form};
  const char *format = form->format ? form->format : asctime_form;
  if (form->protocol == REPLY_PLAIN)
    snprintf(reply->pattern, sizeof reply->pattern, "\n\nCurrent time: %s\n\n", format);
  else
    snprintf(reply->pattern, sizeof reply->pattern, "%s\r\n", format);
  if (form->utc)
    setenv("TZ", "UTC0", 1); /* rather than gmtime: %s takes what it gets for local time */
}

void reply_make(struct reply *reply, time_t second)
{
  reply->second = second;
  if (reply->form.protocol == REPLY_TIME) {
    const uint32_t count = (uint32_t)((uint64_t)second + SECONDS_1900_TO_1970);
    for (int i = 0; i < 4; i++)
      reply->text[i] = (char)(count >> (24 - 8 * i));
    reply->length = 4;
    return;
  }
  tzset(); /* a changed /etc/localtime counts from the next second on */
  reply->length = format_time(reply->text, sizeof reply->text, reply->pattern, second);
  if (reply->length == 0) /* longer than on any day that was tried, as a zone's name can be: better this than nothing */
    reply->length = format_time(reply->text, sizeof reply->text, asctime_form, second);
}

void reply_update(struct reply *reply)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now); /* not time(2), which lags by up to a tick of the kernel */
  if (reply->length == 0 || now.tv_sec != reply->second)
    reply_make(reply, now.tv_sec);
}
