/*
 * A short text from one thread to another, of which only the newest matters: neither waits, and neither sees a half.
 *
 * There are three places. The writer has one to write into, the reader has one to read from, and the third lies between
 * them; each side exchanges its own with it. So the writer never touches what the other reads.
 */
#ifndef SCOPE_MAILBOX_H
#define SCOPE_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { MAILBOX_TEXT_MAX = 192 /* bytes, NUL included; longer texts are cut, never within a character */ };

struct mail {
  uint32_t generation; /* that it speaks of */
  char text[MAILBOX_TEXT_MAX];
};

struct mailbox {
  struct mail place[3];
  atomic_uint between; /* which place lies there, and NEW when the reader has not had it */
  unsigned written;    /* the writer's place */
  unsigned read;       /* the reader's place */
};

void mailbox_init(struct mailbox *box);

/* The writing thread. */
void mailbox_put(struct mailbox *box, uint32_t generation, const char *text);

/* The reading thread: the newest, "" before the first. It stays as it is until the next call. */
const struct mail *mailbox_look(struct mailbox *box);

#endif
