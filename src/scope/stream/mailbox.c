#include "scope/stream/mailbox.h"

#include <stdio.h>
#include <string.h>

#include "common/utf8.h"

enum { PLACE = 3, NEW = 4 }; /* bits of `between` */

void mailbox_init(struct mailbox *box)
{
  memset(box->place, 0, sizeof box->place);
  atomic_init(&box->between, 1);
  box->written = 0;
  box->read = 2;
}

void mailbox_put(struct mailbox *box, uint32_t generation, const char *text)
{
  struct mail *mail = &box->place[box->written];
  mail->generation = generation;
  const size_t length = strlen(text);
  const size_t most = sizeof mail->text - 1;
  snprintf(mail->text, sizeof mail->text, "%.*s", (int)(length > most ? utf8_start(text, length, most) : length), text);
  /*
   * Both write, both read. Release: who takes the place sees what was written into it. Acquire: the reader's last look
   * at the place that we get instead came before.
   */
  box->written = atomic_exchange_explicit(&box->between, box->written | NEW, memory_order_acq_rel) & PLACE;
}

const struct mail *mailbox_look(struct mailbox *box)
{
  /* The writer sets NEW, the reader takes it away. Relaxed: the exchange below gives the order. */
  if (atomic_load_explicit(&box->between, memory_order_relaxed) & NEW)
    /* As in mailbox_put, with the roles exchanged. */
    box->read = atomic_exchange_explicit(&box->between, box->read, memory_order_acq_rel) & PLACE;
  return &box->place[box->read];
}
