#include "forker/state.h"

struct run *state_run_of(const struct forker *forker, pid_t pid)
{
  for (size_t i = 0; i < forker->run_count; i++)
    if (run_alive(&forker->runs[i]) && forker->runs[i].pid == pid)
      return &forker->runs[i];
  return NULL;
}
