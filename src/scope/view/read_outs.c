#include "scope/view/read_outs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "scope/view/unit_text.h"

enum { DIGITS = 5, TIME_DIGITS = 6 };

const char *const read_out_name[READ_OUTS] = {"A",  "B",   "\xCE\x94", "count", "min",  "max",    "mean", "rms",
                                              "sd", "p-p", "integral", "slope", "freq", "period", "duty"};
const char *const read_out_word[READ_OUTS] = {"A",        "B",     "delta",     "count",  "min",
                                              "max",      "mean",  "rms",       "sd",     "peak_to_peak",
                                              "integral", "slope", "frequency", "period", "duty"};
const enum read_out read_out_order[READ_OUTS] = {READ_FIRST, READ_SECOND,   READ_DELTA, READ_MEAN,      READ_PEAK,
                                                 READ_MIN,   READ_MAX,      READ_RMS,   READ_FREQUENCY, READ_SD,
                                                 READ_DUTY,  READ_INTEGRAL, READ_SLOPE, READ_COUNT,     READ_PERIOD};

void read_outs_numbers(const struct scene *scene, int channel, double number[READ_OUTS])
{
  const struct cursor_channel *c = &scene->cursors.channel[channel];
  const struct measure *m = &c->between;
  const double all[READ_OUTS] = {
      [READ_FIRST] = c->value[0],      [READ_SECOND] = c->value[1],   [READ_DELTA] = c->value[1] - c->value[0],
      [READ_COUNT] = (double)m->count, [READ_MIN] = m->min,           [READ_MAX] = m->max,
      [READ_MEAN] = m->mean,           [READ_RMS] = m->rms,           [READ_SD] = m->sd,
      [READ_PEAK] = m->peak_to_peak,   [READ_INTEGRAL] = m->integral, [READ_SLOPE] = m->slope,
      [READ_FREQUENCY] = m->frequency, [READ_PERIOD] = m->period,     [READ_DUTY] = m->duty};
  for (int i = 0; i < READ_OUTS; i++)
    number[i] = c->measured ? all[i] : (double)NAN;
}

/* With a unit of time, which a number of samples has none of. */
static void write_timed(const struct scene *scene, double value, int digits, const char *unit,
                        char text[FIGURE_TEXT_MAX])
{
  char figure[FIGURE_TEXT_MAX];
  figure_number(value, digits, figure);
  unit_with_figure(figure, scene->clock_labels && isfinite(value) ? unit : "", text);
}

static void write_value(const struct scene *scene, int channel, double value, char text[FIGURE_TEXT_MAX])
{
  char figure[FIGURE_TEXT_MAX];
  figure_number(value, DIGITS, figure);
  unit_with_figure(figure, isfinite(value) ? scene_unit(scene, channel) : "", text);
}

void read_outs_write(const struct scene *scene, int channel, const struct figure_format *format,
                     char text[READ_OUTS][FIGURE_TEXT_MAX])
{
  double number[READ_OUTS];
  char figure[FIGURE_TEXT_MAX];
  read_outs_numbers(scene, channel, number);
  for (int i = 0; i < READ_OUTS; i++) {
    const bool computed = i == READ_MEAN || i == READ_RMS || i == READ_SD;
    figure_fixed(number[i], format->exponent, computed ? format->mean_decimals : format->decimals, figure);
    unit_with_figure(figure, isfinite(number[i]) ? scene_unit(scene, channel) : "", text[i]);
  }
  /* The spread of what hardly moves has digits of its own. */
  if (fabs(number[READ_SD]) < fabs(number[READ_RMS]) * 1e-3)
    write_value(scene, channel, number[READ_SD], text[READ_SD]);
  figure_count((uint64_t)(number[READ_COUNT] > 0 ? number[READ_COUNT] : 0), text[READ_COUNT]);
  figure_number(number[READ_INTEGRAL], DIGITS, text[READ_INTEGRAL]);
  figure_number(number[READ_SLOPE], DIGITS, text[READ_SLOPE]);
  write_timed(scene, number[READ_FREQUENCY], DIGITS, "Hz", text[READ_FREQUENCY]);
  write_timed(scene, number[READ_PERIOD], DIGITS, "s", text[READ_PERIOD]);
  figure_fixed(number[READ_DUTY] * 100, 0, 2, figure);
  snprintf(text[READ_DUTY], FIGURE_TEXT_MAX, "%.30s%s", figure, isfinite(number[READ_DUTY]) ? " %" : "");
}

void read_outs_between(const struct scene *scene, char delta[FIGURE_TEXT_MAX], char inverse[FIGURE_TEXT_MAX])
{
  const struct cursors_scene *c = &scene->cursors;
  const int64_t ticks = c->time[1] - c->time[0];
  const double units = (double)ticks / (double)scene->time_unit;
  if (scene->clock_labels || ticks % scene->time_unit != 0)
    write_timed(scene, units, TIME_DIGITS, "s", delta);
  else
    snprintf(delta, FIGURE_TEXT_MAX, "%s%" PRId64, ticks < 0 ? FIGURE_MINUS : "",
             (ticks < 0 ? -ticks : ticks) / scene->time_unit);
  write_timed(scene, ticks == 0 ? (double)NAN : 1 / units, DIGITS, "Hz", inverse);
}
