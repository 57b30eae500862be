/*
 * What it costs to start a child by fork, vfork and posix_spawn as the parent grows, measured here and now; and why: fork
 * shares the memory, copies its page tables, and copies a page when one of the two writes to it.
 */
#ifndef FORKER_DEMO_FORK_H
#define FORKER_DEMO_FORK_H

#include "forker/demo_stage.h"

void demo_fork_play(struct stage *stage);

#endif
