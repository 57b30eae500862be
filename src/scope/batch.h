/* --png: no window and no display; reads to the end of input (or a signal), draws once, writes the picture. */
#ifndef SCOPE_BATCH_H
#define SCOPE_BATCH_H

#include <stdbool.h>
#include <stdio.h>

#include "scope/session.h"
#include "scope/settings.h"

/* Closes the file in any case. False after a message. */
bool batch_run(const struct settings *settings, struct stream *stream, struct session *session, int signal_fd,
               FILE *file);

#endif
