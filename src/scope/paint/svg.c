#include "scope/paint/svg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

struct svg {
  FILE *file; /* into text */
  char *text;
  size_t length;
  int clips;
};

struct svg *svg_new(int width, int height)
{
  struct svg *s = calloc(1, sizeof *s);
  if (!s || !(s->file = open_memstream(&s->text, &s->length))) {
    free(s);
    return NULL;
  }
  fprintf(s->file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
          width, height, width, height);
  return s;
}

void svg_free(struct svg *s)
{
  if (!s)
    return;
  if (s->file)
    fclose(s->file);
  free(s->text);
  free(s);
}

const char *svg_text_of(struct svg *s, size_t *length)
{
  if (!s->file)
    return NULL;
  fputs("</svg>\n", s->file);
  bool lost = ferror(s->file) != 0;
  lost = fclose(s->file) != 0 || lost;
  s->file = NULL;
  *length = s->length;
  return lost ? NULL : s->text;
}

/* Hundredths of a pixel, with a point whatever the locale says. */
static void write_number(struct svg *s, double value)
{
  const long hundredths = lround(value * 100);
  const long whole = labs(hundredths) / 100;
  const long part = labs(hundredths) % 100;
  fprintf(s->file, "%s%ld", hundredths < 0 ? "-" : "", whole);
  if (part)
    fprintf(s->file, part % 10 ? ".%02ld" : ".%ld", part % 10 ? part : part / 10);
}

/* A command of a path: M, L, H or V with its numbers. */
static void write_step(struct svg *s, char command, double x, double y)
{
  fputc(command, s->file);
  if (command != 'V')
    write_number(s, x);
  if (command == 'M' || command == 'L')
    fputc(' ', s->file);
  if (command != 'H')
    write_number(s, y);
}

void svg_rect(struct svg *s, struct rect r, uint32_t colour)
{
  if (!rect_empty(r))
    fprintf(s->file, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", r.x, r.y, r.w, r.h,
            (unsigned)colour);
}

void svg_dot(struct svg *s, double x, double y, double radius, uint32_t colour)
{
  fputs("<circle cx=\"", s->file);
  write_number(s, x);
  fputs("\" cy=\"", s->file);
  write_number(s, y);
  fputs("\" r=\"", s->file);
  write_number(s, radius);
  fprintf(s->file, "\" fill=\"#%06x\"/>\n", (unsigned)colour);
}

/* The text with what means something to XML escaped, and what it does not allow as U+FFFD. */
static void write_text(struct svg *s, const char *line)
{
  const size_t bytes = strlen(line);
  size_t length;
  for (size_t i = 0; i < bytes; i += length) {
    const uint32_t character = utf8_decode(line + i, bytes - i, &length);
    switch (character) {
    case '<':
      fputs("&lt;", s->file);
      break;
    case '>':
      fputs("&gt;", s->file);
      break;
    case '&':
      fputs("&amp;", s->file);
      break;
    default:
      if (character < 0x20 || character == 0xFFFD || (character & 0xFFFE) == 0xFFFE)
        fputs("\xEF\xBF\xBD", s->file);
      else
        fwrite(line + i, 1, length, s->file);
    }
  }
}

void svg_text(struct svg *s, int x, int baseline, int width, int pixels, const char *family, bool bold,
              const char *line, uint32_t colour)
{
  if (!line[0])
    return;
  fprintf(s->file,
          "<text x=\"%d\" y=\"%d\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\" font-family=\"%s\" "
          "font-size=\"%dpx\"%s fill=\"#%06x\" xml:space=\"preserve\">",
          x, baseline, width, family, pixels, bold ? " font-weight=\"bold\"" : "", (unsigned)colour);
  write_text(s, line);
  fputs("</text>\n", s->file);
}

/* ---- Traces ---- */

static double row_of(struct rect plot, int32_t parts)
{
  return plot.y + (double)parts / SPANS_SUB;
}

static void write_box(struct svg *s, double x, double right, double top, double bottom)
{
  write_step(s, 'M', x, top);
  write_step(s, 'H', right, top);
  write_step(s, 'V', right, bottom);
  write_step(s, 'H', x, bottom);
  fputc('z', s->file);
}

/* Bars from column x on that are alike make one box; the number of its columns. */
static int alike(const struct spans *spans, int x, bool body)
{
  const struct span *first = &spans->span[x];
  int n = 1;
  for (; x + n < spans->width && span_has_bar(&spans->span[x + n]); n++) {
    const struct span *next = &spans->span[x + n];
    if (body ? next->body_top != first->body_top || next->body_bottom != first->body_bottom
             : next->top != first->top || next->bottom != first->bottom)
      break;
  }
  return n;
}

/*
 * All bars as one path, which has no seams: those of one column as upright lines, two points each, or else the others as
 * boxes; those of steps with their sides.
 */
static void write_bars(struct svg *s, const struct spans *spans, struct rect plot, double side, bool body, bool lines)
{
  for (int x = 0; x < spans->width; x++) {
    const struct span *span = &spans->span[x];
    if (!span_has_bar(span))
      continue;
    const int32_t top = body ? span->body_top : span->top;
    const int32_t bottom = body ? span->body_bottom : span->bottom;
    const int n = alike(spans, x, body);
    const double wider = span->sides ? side : 0;
    const bool line = n == 1 && wider == 0;
    if (top < bottom && line && lines) {
      write_step(s, 'M', plot.x + x + 0.5, row_of(plot, top));
      write_step(s, 'V', plot.x + x + 0.5, row_of(plot, bottom));
    } else if (top < bottom && line == lines) {
      write_box(s, plot.x + x - wider, plot.x + x + n + wider, row_of(plot, top), row_of(plot, bottom));
    }
    x += n - 1;
  }
}

static void write_bar_paths(struct svg *s, const struct spans *spans, struct rect plot, double side, bool body,
                            uint32_t colour)
{
  const char *opacity = body ? "" : " opacity=\"0.5\"";
  fprintf(s->file, "<path%s d=\"", opacity);
  write_bars(s, spans, plot, side, body, false);
  fprintf(s->file, "\"/>\n<path%s fill=\"none\" stroke=\"#%06x\" d=\"", opacity, (unsigned)colour);
  write_bars(s, spans, plot, side, body, true);
  fputs("\"/>\n", s->file);
}

/* Some bar is more than its body. */
static bool has_thin(const struct spans *spans)
{
  for (int x = 0; x < spans->width; x++) {
    const struct span *span = &spans->span[x];
    if (span_has_bar(span) && (span->top != span->body_top || span->bottom != span->body_bottom))
      return true;
  }
  return false;
}

/* All strokes as one path, from column to column without lifting the pen where one goes on where the other ended. */
static void write_strokes(struct svg *s, const struct spans *spans, struct rect plot)
{
  int32_t pen = SPANS_NOWHERE;
  for (int x = 0; x < spans->width; x++) {
    const struct span *span = &spans->span[x];
    if (!span_has_stroke(span)) {
      pen = SPANS_NOWHERE;
      continue;
    }
    const double left = plot.x + x;
    const double via = left + (double)span->at / SPANS_SUB;
    bool begun = false;
    if (span->from != SPANS_NOWHERE) {
      if (pen != span->from)
        write_step(s, 'M', left, row_of(plot, span->from));
      begun = true;
    }
    if (span->via != SPANS_NOWHERE)
      write_step(s, begun ? 'L' : 'M', via, row_of(plot, span->via));
    if (span->to != SPANS_NOWHERE)
      write_step(s, 'L', left + 1, row_of(plot, span->to));
    pen = span->to;
  }
}

void svg_trace(struct svg *s, const struct spans *spans, struct rect plot, struct rect clip, double thickness,
               int side_quarters, uint32_t colour)
{
  bool bars = false;
  bool strokes = false;
  for (int x = 0; x < spans->width; x++) {
    bars = bars || span_has_bar(&spans->span[x]);
    strokes = strokes || span_has_stroke(&spans->span[x]);
  }
  if (!bars && !strokes)
    return;
  fprintf(s->file,
          "<clipPath id=\"c%d\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>\n"
          "<g clip-path=\"url(#c%d)\" fill=\"#%06x\" stroke=\"none\">\n",
          s->clips, clip.x, clip.y, clip.w, clip.h, s->clips, (unsigned)colour);
  s->clips++;
  const double side = side_quarters / 4.0;
  if (bars && has_thin(spans))
    write_bar_paths(s, spans, plot, side, false, colour);
  if (bars)
    write_bar_paths(s, spans, plot, side, true, colour);
  if (strokes) {
    fprintf(s->file, "<path fill=\"none\" stroke=\"#%06x\" stroke-linejoin=\"bevel\" stroke-width=\"",
            (unsigned)colour);
    write_number(s, thickness);
    fputs("\" d=\"", s->file);
    write_strokes(s, spans, plot);
    fputs("\"/>\n", s->file);
  }
  fputs("</g>\n", s->file);
}
