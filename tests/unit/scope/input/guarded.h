/*
 * Bytes between two pages that nobody may touch: what is put at their end ends where the page does, what is put at their
 * beginning begins there, so that any look beyond ends the test.
 */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

struct guarded {
  char *bytes;
  size_t size;
  size_t page;
};

/* size is rounded up to pages. bytes is NULL when there is no memory. */
static inline struct guarded guarded_new(size_t size)
{
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size = (size + page - 1) / page * page;
  char *all = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + page, size, PROT_READ | PROT_WRITE) != 0)
    return (struct guarded){.bytes = NULL};
  return (struct guarded){all + page, size, page};
}

static inline void guarded_free(struct guarded *g)
{
  munmap(g->bytes - g->page, g->size + 2 * g->page);
}

#endif
