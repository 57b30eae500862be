#include "scope/pace.h"

void pace_init(struct pace *p, int64_t start_ns, int64_t period_ns)
{
  *p = (struct pace){.start_ns = start_ns, .period_ns = period_ns, .due_ns = start_ns};
}

void pace_change(struct pace *p, int64_t now_ns, int64_t period_ns)
{
  pace_init(p, p->start_ns, period_ns);
  pace_resume(p, now_ns);
}

void pace_resume(struct pace *p, int64_t now_ns)
{
  const int64_t passed_ns = now_ns - p->start_ns;
  const int64_t periods = passed_ns / p->period_ns + (passed_ns % p->period_ns > 0);
  p->due_ns = p->start_ns + periods * p->period_ns;
}

uint64_t pace_advance(struct pace *p, int64_t now_ns)
{
  uint64_t missed = 0;
  p->due_ns += p->period_ns;
  if (now_ns > p->due_ns) { /* the moment that is now, to the nanosecond, has not passed */
    missed = (uint64_t)((now_ns - p->due_ns - 1) / p->period_ns) + 1;
    p->due_ns += (int64_t)missed * p->period_ns;
  }
  return missed;
}
