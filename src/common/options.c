#include "common/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/message.h"
#include "common/utf8.h"
#include "common/write.h"

enum {
  LONG_BASE = 256, /* getopt's value of a long option is this plus its place in the table; below are letters */
  HELP_WIDTH = 80,
  NAMES_MAX = 28, /* columns; longer option names push their help to the next line */
  CANDIDATES_MAX = 512,
  EXIT_USAGE = 2,
};

/* The table in getopt's own terms. */
struct translation {
  struct option longs[OPTIONS_MAX + 1];
  char shorts[2 + 3 * OPTIONS_MAX + 1];
};

static int argument_kind(const struct option_spec *spec)
{
  if (spec->argument == NULL)
    return no_argument;
  /* "[A,B]" as a whole; "[ADDR]:PORT" is an argument that has to be there. */
  const bool optional = spec->argument[0] == '[' && spec->argument[strlen(spec->argument) - 1] == ']';
  return optional ? optional_argument : required_argument;
}

static void translate(const struct options *options, struct translation *translation)
{
  char *letters = translation->shorts;
  int count = 0;

  if (options->command)
    *letters++ = '+';
  *letters++ = ':'; /* tells a missing argument from an unknown option */
  for (const struct option_spec *spec = options->table; spec->name != NULL && count < OPTIONS_MAX; spec++, count++) {
    const int kind = argument_kind(spec);
    translation->longs[count] = (struct option){.name = spec->name, .has_arg = kind, .val = LONG_BASE + count};
    if (spec->letter == 0)
      continue;
    *letters++ = spec->letter;
    for (int colons = 0; colons < kind; colons++) /* kind is 0, 1 or 2, and so is the number of colons */
      *letters++ = ':';
  }
  translation->longs[count] = (struct option){.name = NULL};
  *letters = '\0';
}

/* Place in the table of what getopt returned or left in optopt, or -1. */
static int place_of(const struct option_spec *table, int value)
{
  if (value >= LONG_BASE)
    return value - LONG_BASE;
  for (int place = 0; value != 0 && table[place].name != NULL; place++)
    if (table[place].letter == value)
      return place;
  return -1;
}

/* Adds a word to a list such as "fork, vfork or posix_spawn", of which left more are to come; used: bytes taken. */
static size_t add_word(char *list, size_t size, size_t used, const char *dashes, const char *word, int left)
{
  const char *separator = left == 0 ? "" : left == 1 ? " or " : ", ";
  if (used >= size)
    return used;
  return used + (size_t)snprintf(list + used, size - used, "%s%s%s", dashes, word, separator);
}

/* "--range, --rate or --refresh" for the names that start with text[0..length); how many they are. */
static int list_candidates(const struct option_spec *table, const char *text, size_t length, char *list, size_t size)
{
  int left = 0;
  for (const struct option_spec *spec = table; spec->name != NULL; spec++)
    left += strncmp(spec->name, text, length) == 0;

  const int count = left;
  size_t used = 0;
  list[0] = '\0';
  for (const struct option_spec *spec = table; spec->name != NULL; spec++)
    if (strncmp(spec->name, text, length) == 0)
      used = add_word(list, size, used, "--", spec->name, --left);
  return count;
}

/* given is the whole word of argv. getopt refuses a long option that it does not know or that may be several. */
static void refuse_long(const struct option_spec *table, const char *given)
{
  const int length = (int)strcspn(given, "=");
  char candidates[CANDIDATES_MAX];

  if (length > 2 && list_candidates(table, given + 2, (size_t)length - 2, candidates, sizeof candidates) > 1)
    message_usage("option '%.*s' could be %s", length, given, candidates);
  else
    message_usage("unknown option '%.*s'", length, given);
}

/* Refuses one letter of a word such as "-xzf". */
static void refuse_letter(const char *word, int letter)
{
  const char *found = strchr(word, letter);

  if (found == NULL) { /* cannot be; but a message with less in it is better than a crash */
    message_usage("unknown option '-%c'", letter);
    return;
  }
  const size_t length = utf8_length(found, strlen(found)); /* getopt has one byte of it */
  if (found == word + 1 && found[length] == '\0')
    message_usage("unknown option '%s'", word);
  else
    message_usage("unknown option '-%.*s' in '%s'", (int)length, found, word);
}

static void report(const struct option_spec *table, int result, char **argv)
{
  const int place = place_of(table, optopt);
  const bool is_long = optopt == 0 || optopt >= LONG_BASE;
  const char *last = argv[optind - 1]; /* getopt has stepped over a long option, and over a letter that ends its word */

  if (result == ':' && is_long)
    message_usage("option '%s' needs an argument: %s", last, table[place].argument);
  else if (result == ':')
    message_usage("option '-%c' needs an argument: %s", optopt, table[place].argument);
  else if (is_long && place >= 0)
    message_usage("option '--%s' takes no argument: '%s'", table[place].name, last);
  else if (is_long)
    refuse_long(table, last);
  else
    refuse_letter(last[0] == '-' && last[strlen(last) - 1] == (char)optopt ? last : argv[optind], optopt);
}

int options_next(const struct options *options, int argc, char **argv, const char **argument, int *operand)
{
  struct translation translation = {.shorts = ""};

  translate(options, &translation);
  opterr = 0;
  const int result = getopt_long(argc, argv, translation.shorts, translation.longs, NULL);

  if (result == -1) {
    *operand = optind;
    return OPTIONS_END;
  }
  if (result == '?' || result == ':') {
    report(options->table, result, argv);
    return OPTIONS_ERROR;
  }
  *argument = optarg;
  return place_of(options->table, result);
}

/* "-w, --window SECONDS" to out; the columns it takes. A null out just measures. */
static int put_names(FILE *out, const struct option_spec *spec)
{
  char letter[] = "-x, ";
  const char *argument = spec->argument == NULL ? "" : spec->argument;
  const char *before = "";

  letter[1] = spec->letter;
  if (argument_kind(spec) == optional_argument) { /* "[A,B]" becomes "[=A,B]" */
    before = "[=";
    argument++;
  } else if (argument_kind(spec) == required_argument) {
    before = " ";
  }
  if (out != NULL)
    fprintf(out, "  %s--%s%s%s", spec->letter == 0 ? "    " : letter, spec->name, before, argument);
  return 6 + 2 +
         (int)(utf8_count(spec->name, strlen(spec->name)) + strlen(before) + utf8_count(argument, strlen(argument)));
}

/* Text from the present column on, broken between words and continued at column indent. */
static void put_wrapped(FILE *out, const char *text, int indent)
{
  int column = indent;

  while (*text != '\0') {
    const size_t length = strcspn(text, " ");
    const int width = (int)utf8_count(text, length);
    if (column > indent && column + 1 + width > HELP_WIDTH) {
      fprintf(out, "\n%*s", indent, "");
      column = indent;
    } else if (column > indent) {
      fputc(' ', out);
      column++;
    }
    fwrite(text, 1, length, out);
    column += width;
    text += length;
    text += strspn(text, " ");
  }
  fputc('\n', out);
}

static void put_help(FILE *out, const struct options *options, const char *program)
{
  int indent = 0;

  for (const struct option_spec *spec = options->table; spec->name != NULL; spec++) {
    const int width = put_names(NULL, spec);
    if (width > indent && width <= NAMES_MAX)
      indent = width;
  }
  indent += 2;

  fprintf(out, "Usage: %s %s\n", program, options->usage);
  put_wrapped(out, options->summary, 0);
  fputs("\nOptions:\n", out);
  for (const struct option_spec *spec = options->table; spec->name != NULL; spec++) {
    const int width = put_names(out, spec);
    if (width + 2 > indent)
      fprintf(out, "\n%*s", indent, "");
    else
      fprintf(out, "%*s", indent - width, "");
    put_wrapped(out, spec->help, indent);
  }
  if (options->pairs != NULL) {
    fprintf(out, "\n%s\n", options->pairs_title);
    for (const struct options_pair *pair = options->pairs; pair->name != NULL; pair++) {
      if (pair->help == NULL) {
        fprintf(out, "\n%s\n", pair->name);
        continue;
      }
      fprintf(out, "  %-*s", indent - 2, pair->name);
      put_wrapped(out, pair->help, indent);
    }
  }
  if (options->epilogue != NULL)
    fprintf(out, "\n%s", options->epilogue);
}

int options_help(const struct options *options, const char *program)
{
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);

  if (out == NULL)
    return errno;
  put_help(out, options, program);
  const bool failed = ferror(out) != 0;
  int error = fclose(out) != 0 ? errno : failed ? ENOMEM : 0;
  if (error == 0)
    error = write_all(STDOUT_FILENO, text, length);
  free(text);
  return error;
}

enum options_result options_parse(const struct options *options, int argc, char **argv,
                                  bool (*set)(void *settings, int option, const char *argument), void *settings,
                                  int *operand)
{
  const char *argument;
  int option;
  while ((option = options_next(options, argc, argv, &argument, operand)) >= 0) {
    const char *name = options->table[option].name;
    if (strcmp(name, "help") == 0)
      return OPTIONS_HELP;
    if (strcmp(name, "version") == 0)
      return OPTIONS_VERSION;
    if (!set(settings, option, argument))
      return OPTIONS_BAD;
  }
  return option == OPTIONS_ERROR ? OPTIONS_BAD : OPTIONS_GO;
}

int options_answer(const struct options *options, enum options_result result, const char *program, const char *version)
{
  char line[80];
  if (result == OPTIONS_BAD)
    return EXIT_USAGE;
  const int length = snprintf(line, sizeof line, "%s %s\n", program, version);
  const int error =
      result == OPTIONS_HELP ? options_help(options, program) : write_all(STDOUT_FILENO, line, (size_t)length);
  if (error == 0 || error == EPIPE) /* who no longer reads it has had enough */
    return EXIT_SUCCESS;
  message("standard output: %s", strerror(error));
  return EXIT_FAILURE;
}

bool options_refuse(const char *name, const char *given, const char *right)
{
  message_usage("--%s: '%.200s': expected %s", name, given, right);
  return false;
}

int options_word(const char *text, const char *const *words)
{
  for (int i = 0; words[i]; i++)
    if (strcmp(text, words[i]) == 0)
      return i;
  return -1;
}

bool options_choice(const char *name, const char *given, const char *const *words, int *choice)
{
  char right[CANDIDATES_MAX] = "";
  int count = 0;
  size_t used = 0;

  *choice = options_word(given, words);
  if (*choice >= 0)
    return true;
  while (words[count])
    count++;
  for (int i = 0; i < count; i++)
    used = add_word(right, sizeof right, used, "", words[i], count - 1 - i);
  return options_refuse(name, given, right);
}
