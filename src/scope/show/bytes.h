/* Bytes on their way to a terminal, in memory that grows. Zeroed at first. When memory runs out the rest is left out. */
#ifndef SCOPE_BYTES_H
#define SCOPE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
  char *data;
  size_t length, capacity;
  bool failed; /* no memory: what is here is not whole */
};

void bytes_destroy(struct bytes *b);

/* Room for so many more behind what is there; NULL: no memory. They count only when length is raised. */
char *bytes_reserve(struct bytes *b, size_t more);

void bytes_add(struct bytes *b, const void *data, size_t length);
void bytes_text(struct bytes *b, const char *text);
void bytes_format(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A character in UTF-8. */
void bytes_character(struct bytes *b, uint32_t character);

/* In base 64. */
void bytes_base64(struct bytes *b, const void *data, size_t length);

#endif
