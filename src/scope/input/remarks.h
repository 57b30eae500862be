/*
 * What the reader has to say to the person at the terminal: prompts, complaints, messages. During an arrival they are
 * only kept; after it they leave in their order, as soon as the terminal takes them. Nothing here waits but
 * remarks_finish. Reader thread, and the main thread before it runs.
 */
#ifndef SCOPE_REMARKS_H
#define SCOPE_REMARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REMARKS_MAX = 64, REMARK_TEXT_MAX = 1024 };

/* times: the same in a row is one remark, so that a paste of a thousand words does not need a thousand places. */
struct remark {
  enum remark_kind { REMARK_PROMPT, REMARK_COMPLAINT, REMARK_MESSAGE } kind;
  uint64_t times;
  char text[REMARK_TEXT_MAX]; /* REMARK_MESSAGE */
};

struct remarks {
  int prompt_fd, complaint_fd;         /* where they are written */
  int own_prompt_fd, own_complaint_fd; /* opened by us, or -1 */
  size_t first, count;                 /* remark[first] is the oldest of those that wait, and so on round */
  size_t written;                      /* bytes of the oldest */
  uint64_t lost;                       /* messages for which there was no place */
  struct remark remark[REMARKS_MAX];
};

/*
 * prompt_fd: where the prompt goes, -1 for none; complaints and messages go to standard error. A terminal is opened
 * anew for this, without blocking: its own descriptor is shared with others, whose flags are not ours to change.
 */
void remarks_init(struct remarks *remarks, int prompt_fd);
void remarks_destroy(struct remarks *remarks);

/* "New value: ", if there is a prompt. */
void remarks_prompt(struct remarks *remarks);

/* "Input must be a number.\n" */
void remarks_complain(struct remarks *remarks);

/* As message() prints it. */
void remarks_message(struct remarks *remarks, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Half of the places are taken: no more input should be read before some are free, or what it makes us say would be
 * lost. (A message that finds no place is counted, and that said.)
 */
bool remarks_crowded(const struct remarks *remarks);

/* The descriptor that the oldest remark waits for, to be polled for POLLOUT; -1 when none waits. */
int remarks_fd(const struct remarks *remarks);

/* Says as much as is taken now. */
void remarks_say(struct remarks *remarks);

/*
 * Says all, and waits for that as long as it takes; but from the moment at which stop_fd is readable only patience_ms.
 */
void remarks_finish(struct remarks *remarks, int stop_fd, int patience_ms);

#endif
