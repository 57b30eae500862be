#include "forker/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/clock.h"
#include "forker/ending.h"
#include "forker/family.h"

enum { REAP_AT_ONCE = 256 }; /* a flood of orphans does not keep the ticks waiting */

/* A run has ended in failure. */
static void note_failure(struct forker *forker, const struct run *run, int64_t now_ns)
{
  forker->failed = true;
  if (!forker->settings->fail_fast || forker->phase >= PHASE_ENDING)
    return;
  forker->fast_status = run_status(run);
  ending_enter(forker, PHASE_ENDING, now_ns);
}

/* A free place. There are more of them than jobs: if none is free, an output that outlived its child is given up. */
static struct run *free_run(struct forker *forker)
{
  struct run *oldest = &forker->runs[0];
  int64_t oldest_ns = INT64_MAX;
  for (size_t i = 0; i < forker->run_count; i++) {
    struct run *run = &forker->runs[i];
    if (run->state == RUN_FREE)
      return run;
    if (run->state == RUN_LINGERING && run->start_ns < oldest_ns) {
      oldest = run;
      oldest_ns = run->start_ns;
    }
  }
  jobs_look_at_output(forker, oldest, true);
  run_release(oldest, &forker->report.out);
  return oldest;
}

/* Where a run's output goes: a pipe to us, *ours its reading end, or /dev/null, or (-1) where our own goes. */
static int open_output(const struct forker *forker, int *ours)
{
  int ends[2];
  const struct sample_list *sample = &forker->settings->sample;

  *ours = -1;
  if (sample->count > 0 && !sample_has(sample, SAMPLE_OUT))
    return forker->spawner.null_fd;
  if (!forker->forward && sample->count == 0)
    return -1;
  if (pipe2(ends, O_CLOEXEC) != 0)
    return -2;
  fcntl(ends[0], F_SETFL, O_NONBLOCK); /* our end alone: the child's is as it would find any pipe */
  *ours = ends[0];
  return ends[1];
}

/* We have told it to end. If that killed it before its exec, its exec pipe has closed as after one. */
static bool told_to_end(const struct forker *forker, const struct run *run)
{
  return run->last_signal != 0 || forker->phase >= PHASE_ENDING;
}

void jobs_look_at_exec(struct forker *forker, struct run *run)
{
  if (run->state != RUN_EXECUTING)
    return;
  if (run->exec_fd >= 0) {
    if (!spawn_exec_result(run->exec_fd, &run->exec_error))
      return;
    close(run->exec_fd);
    run->exec_fd = -1;
    if (run->exec_error)
      run->exec_ns = 0;
    else if (run->exec_ns == 0 && !(run->end.signalled && told_to_end(forker, run)))
      run->exec_ns =
          run->end_ns > 0 ? run->end_ns : clock_now_ns(); /* this look may be late: exec was before the end */
  }
  run->state = RUN_RUNNING;
  if (run->exec_error)
    report_not_executed(&forker->report, run);
  else if (run->exec_ns > 0)
    report_executed(&forker->report, run);
}

void jobs_start(struct forker *forker, int64_t tick)
{
  const struct settings *s = forker->settings;
  const bool announce = !s->quiet && s->sample.count == 0;
  struct run *run = free_run(forker);

  run->tick = tick;
  run->pid = -1;
  run->deadline_ns = INT64_MAX;
  last_number_init(&run->number);
  report_about_to_fork(&forker->report);
  if (s->method != SPAWN_FORK)
    report_announce(&forker->report);
  outlet_flush(&forker->report.out); /* on a terminal the child writes beside us: ours comes first */
  if (forker->report.out.error)
    return; /* nobody listens */

  const int out_fd = open_output(forker, &run->out_fd);
  if (out_fd == -2) {
    run->start_error = errno;
    run->start_call = "pipe";
  } else {
    const struct spawned spawned = spawn_start(&forker->spawner, &forker->command, out_fd, announce);
    if (run->out_fd >= 0)
      close(out_fd);
    run->pid = spawned.pid;
    run->exec_fd = spawned.exec_fd;
    run->start_ns = spawned.start_ns;
    run->exec_ns = spawned.exec_ns;
    run->start_error = spawned.error;
    run->start_call = spawned.call;
    run->exec_error = spawned.exec_error;
  }
  if (run->start_error || (run->exec_error && run->pid < 0)) {
    report_not_started(&forker->report, run);
    note_failure(forker, run, clock_now_ns());
    run_release(run, &forker->report.out);
    return;
  }
  run->state = RUN_EXECUTING;
  forker->alive++;
  if (s->timeout_ns > 0)
    run->deadline_ns = clock_after_ns(run->start_ns, s->timeout_ns);
  report_started(&forker->report, run);
  if (s->method != SPAWN_FORK)
    jobs_look_at_exec(forker, run); /* it is over when the call returns */
}

void jobs_look_at_output(struct forker *forker, struct run *run, bool all)
{
  if (run->out_fd < 0)
    return;
  bool at_end;
  if (forker->settings->sample.count == 0) {
    at_end =
        forward_read(&run->forward, run->out_fd, &forker->report.out, all ? SIZE_MAX : FORWARD_LIMIT) == FORWARD_END;
  } else {
    at_end = last_number_read(&run->number, run->out_fd);
  }
  if (!at_end)
    return;
  close(run->out_fd);
  run->out_fd = -1;
  if (run->state == RUN_LINGERING)
    run_release(run, &forker->report.out);
}

static void reap_run(struct forker *forker, struct run *run, int64_t now_ns)
{
  run->end_ns = now_ns;
  /*
   * The child is a zombie still: its pid, which is the number of its group, belongs to nobody else. So now is the
   * moment to end what is left of the group of a run that had its time; after the wait the number could be anybody's.
   */
  if (run->last_signal)
    family_signal_group(run->pid, SIGKILL);
  run->end = family_reap(run->pid);
  forker->alive--;
  if (run->exec_fd >= 0)
    jobs_look_at_exec(forker, run);
  run->state = RUN_ENDED;
  run->deadline_ns = INT64_MAX;
  jobs_look_at_output(forker, run, true);
  report_ended(&forker->report, run);
  if (!run_succeeded(run) && forker->phase < PHASE_ENDING)
    note_failure(forker, run, now_ns);
  run->state = RUN_LINGERING;
  if (run->out_fd < 0)
    run_release(run, &forker->report.out);
}

enum family_state jobs_reap(struct forker *forker)
{
  enum family_state state;
  pid_t pid;
  int count = 0;

  while ((state = family_look(&pid)) == FAMILY_ENDED && count++ < REAP_AT_ONCE) {
    const int64_t now_ns = clock_now_ns();
    struct run *run = state_run_of(forker, pid);
    if (run) {
      reap_run(forker, run, now_ns);
    } else {
      family_reap(pid);
      if (!ending_forget_stranger(forker, pid))
        report_adopted(&forker->report);
    }
  }
  forker->more_to_reap = state == FAMILY_ENDED;
  return state;
}
