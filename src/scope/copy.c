#include "scope/copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "scope/view/figures.h"
#include "scope/view/read_outs.h"

static void put_number(FILE *to, double number)
{
  char text[FIGURE_TEXT_MAX];
  figure_exact(number, text);
  fprintf(to, "\t%s", number == number ? text : "");
}

/* All ticks of a time, in units. */
static void put_time(FILE *to, int64_t ticks, int64_t unit)
{
  const uint64_t all = ticks < 0 ? -(uint64_t)ticks : (uint64_t)ticks;
  const uint64_t each = (uint64_t)unit;
  int digits = 0;
  uint64_t part = all % each;
  for (uint64_t u = each; u > 1; u /= 10)
    digits++;
  for (; digits > 0 && part % 10 == 0; digits--)
    part /= 10;
  fprintf(to, "%s%" PRIu64, ticks < 0 ? "-" : "", all / each);
  if (digits > 0)
    fprintf(to, ".%0*" PRIu64, digits, part);
}

/* A tab in it would be a cell of its own. */
static void put_name(FILE *to, const char *name)
{
  for (; *name; name++)
    fputc(*name == '\t' || *name == '\n' ? ' ' : *name, to);
}

static void put_cursors(FILE *to, const struct scene *scene)
{
  const int64_t *time = scene->cursors.time;
  const int64_t between = time[1] - time[0];
  fputs("time A\ttime B\tdelta\t1/delta\n", to);
  put_time(to, time[0], scene->time_unit);
  fputc('\t', to);
  put_time(to, time[1], scene->time_unit);
  fputc('\t', to);
  put_time(to, between, scene->time_unit);
  put_number(to, between == 0 ? (double)NAN : (double)scene->time_unit / (double)between);
  fputs("\n\nchannel", to);
  for (int i = 0; i < READ_OUTS; i++)
    fprintf(to, "\t%s", read_out_word[i]);
  fputc('\n', to);
  for (int i = 0; i < scene->channels; i++) {
    double number[READ_OUTS];
    if (scene->channel[i].hidden)
      continue;
    read_outs_numbers(scene, i, number);
    put_name(to, scene->channel[i].name);
    for (int k = 0; k < READ_OUTS; k++)
      put_number(to, number[k]);
    fputc('\n', to);
  }
}

static void put_legend(FILE *to, const struct scene *scene)
{
  fputs("channel\tlast\tmin\tmax\tmean\n", to);
  for (int i = 0; i < scene->channels; i++) {
    const struct channel_scene *channel = &scene->channel[i];
    const double number[] = {channel->last, channel->min, channel->max, channel->mean};
    if (channel->hidden)
      continue;
    put_name(to, channel->name);
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
      put_number(to, number[k]);
    fputc('\n', to);
  }
}

char *copy_text(const struct scene *scene)
{
  char *text = NULL;
  size_t length = 0;
  FILE *to = open_memstream(&text, &length);
  if (!to)
    return NULL;
  if (scene->cursors.on)
    put_cursors(to, scene);
  else
    put_legend(to, scene);
  const bool lost = ferror(to) != 0;
  if (fclose(to) == 0 && !lost)
    return text;
  free(text);
  return NULL;
}
