/*
 * One table of options makes the parser, --help and (by a test) the man page agree.
 *
 * getopt_long does the parsing; the table adds what it does not know: the name of the argument and a line of help.
 * Called from main before any thread exists. Its place in argv is getopt's own; tests start over with optind = 0.
 */
#ifndef COMMON_OPTIONS_H
#define COMMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { OPTIONS_MAX = 60 };

struct option_spec {
  const char *name;     /* long name without dashes */
  const char *argument; /* "SECONDS", "LO:HI"; "[A,B]" when it may be left out; NULL when the option takes none */
  const char *help;     /* a sentence in lower case without a full stop; wrapped as needed */
  char letter;          /* short name, or 0 */
};

/* A line of another list in --help, such as that of keys. help NULL: the title of a further list. */
struct options_pair {
  const char *name, *help;
};

/* A table ends with an entry whose name is NULL. At most OPTIONS_MAX entries. */
struct options {
  const struct option_spec *table;
  const char *usage;                /* "[OPTION]... [FILE]" */
  const char *summary;              /* a sentence under the usage line */
  const char *pairs_title;          /* "Keys in the window:" */
  const struct options_pair *pairs; /* under that title, after the table; ends with a NULL name. NULL: no such list */
  const char *epilogue;             /* printed as it is at the end (examples; ends with a newline), or NULL */
  bool command; /* operands are a command: the first one ends the options, as those after it are the command's */
};

enum { OPTIONS_END = -1, OPTIONS_ERROR = -2 };

/*
 * Next option: its place in the table with *argument set (or NULL); OPTIONS_END when only operands are left, the first
 * of them argv[*operand], up to argv[argc - 1]; OPTIONS_ERROR after a usage message was printed, which names the option
 * as it was given:
 *
 *   unknown option '--frob'                         unknown option '-z' in '-xzf'
 *   option '--rate' needs an argument: HZ           option '--demo' takes no argument: '--demo=3'
 *   option '--r' could be --range, --rate or --refresh
 *
 * Option -h/--help and -V/--version must be in the table like any other; the caller acts on them.
 */
int options_next(const struct options *options, int argc, char **argv, const char **argument, int *operand);

/* What a command line comes to. */
enum options_result {
  OPTIONS_GO,      /* the program is to do its work */
  OPTIONS_HELP,    /* --help */
  OPTIONS_VERSION, /* --version */
  OPTIONS_BAD,     /* a usage message was printed */
};

/*
 * All options, one after the other, to set(settings, place in the table, argument), which says false after a message
 * of its own; stops at the first that is bad, and at --help and --version. *operand as above.
 */
enum options_result options_parse(const struct options *options, int argc, char **argv,
                                  bool (*set)(void *settings, int option, const char *argument), void *settings,
                                  int *operand);

/* Help, version, or nothing more for a bad command line: the exit status. */
int options_answer(const struct options *options, enum options_result result, const char *program, const char *version);

/* "--NAME: 'GIVEN': expected RIGHT" as a usage message; false, for set to return. */
bool options_refuse(const char *name, const char *given, const char *right);

/* Place of text in a list of words that ends with NULL, or -1. */
int options_word(const char *text, const char *const *words);

/* The same for the argument of --NAME: *choice is its place, or options_refuse says which words there are. */
bool options_choice(const char *name, const char *given, const char *const *words, int *choice);

/* The whole help text to standard output, in one write, at most 80 columns wide. 0, or an errno value. */
int options_help(const struct options *options, const char *program);

#endif
