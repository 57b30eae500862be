#include "forker/run.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "common/clock.h"

enum {
  STATUS_NOT_STARTED = 1,
  STATUS_TIMED_OUT = 124,
  STATUS_NOT_EXECUTABLE = 126,
  STATUS_NOT_FOUND = 127,
  STATUS_SIGNAL = 128
};

bool run_alive(const struct run *run)
{
  return run->state == RUN_EXECUTING || run->state == RUN_RUNNING;
}

bool run_succeeded(const struct run *run)
{
  return run->start_error == 0 && run->exec_error == 0 && run->last_signal == 0 && !run->end.signalled &&
         run->end.code == 0;
}

int run_status(const struct run *run)
{
  if (run->start_error)
    return STATUS_NOT_STARTED;
  if (run->exec_error)
    return run->exec_error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
  if (run->last_signal)
    return STATUS_TIMED_OUT;
  return run->end.signalled ? STATUS_SIGNAL + run->end.code : run->end.code;
}

static double timeval_ms(struct timeval time)
{
  return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

struct run_cost run_cost(const struct run *run)
{
  const struct rusage *usage = &run->end.usage;
  return (struct run_cost){.wall_ms = clock_to_ms(run->end_ns - run->start_ns),
                           .user_ms = timeval_ms(usage->ru_utime),
                           .sys_ms = timeval_ms(usage->ru_stime),
                           .maxrss_mib = (double)usage->ru_maxrss / 1024}; /* Linux counts it in KiB */
}

struct sample_values run_values(struct run *run)
{
  struct sample_values values = sample_nothing();
  if (run->start_error || run->exec_error)
    return values;
  const struct run_cost cost = run_cost(run);
  values.of[SAMPLE_WALL] = cost.wall_ms;
  values.of[SAMPLE_USER] = cost.user_ms;
  values.of[SAMPLE_SYS] = cost.sys_ms;
  values.of[SAMPLE_MAXRSS] = cost.maxrss_mib;
  if (run->exec_ns > 0)
    values.of[SAMPLE_SPAWN] = clock_to_ms(run->exec_ns - run->start_ns);
  if (run_succeeded(run))
    values.of[SAMPLE_OUT] = last_number_end(&run->number);
  return values;
}

void run_init(struct run *run)
{
  *run = (struct run){.state = RUN_FREE, .exec_fd = -1, .out_fd = -1, .err_fd = -1};
}

void run_release(struct run *run, struct outlet *out, struct outlet *err)
{
  if (run->exec_fd >= 0)
    close(run->exec_fd);
  if (run->out_fd >= 0)
    close(run->out_fd);
  if (run->err_fd >= 0)
    close(run->err_fd);
  forward_finish(&run->forward, out);
  forward_destroy(&run->forward);
  forward_finish(&run->forward_err, err);
  forward_destroy(&run->forward_err);
  run_init(run);
}
