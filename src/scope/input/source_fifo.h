/*
 * A FIFO that has no writer is at its end over and over: poll and read never wait. So while it has none we hold a
 * writing end of it ourselves, the keeper. As soon as bytes come there is a writer, and the keeper is closed: it would
 * hide that the writer leaves. Reader thread, and the main thread before it runs.
 */
#ifndef SCOPE_SOURCE_FIFO_H
#define SCOPE_SOURCE_FIFO_H

#include <stdbool.h>

/*
 * Opens the keeper (-1: there is none yet), of the FIFO that fd reads, whatever stands under its name by now. False where
 * that cannot be done, because it is not ours to write to; then it ends with its writer.
 */
bool source_fifo_keep(int *keeper, int fd);

/* Closes the keeper if there is one. Also for what is no FIFO. */
void source_fifo_let_go(int *keeper);

#endif
