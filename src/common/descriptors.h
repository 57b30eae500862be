/*
 * Descriptors 0 to 2 exist in every program: one that was started without them gets /dev/null there, so that a file
 * opened later can never be taken for standard output. First thing in main.
 */
#ifndef COMMON_DESCRIPTORS_H
#define COMMON_DESCRIPTORS_H

/* 0, or an errno value when even /dev/null cannot be opened. */
int descriptors_ensure_standard(void);

#endif
