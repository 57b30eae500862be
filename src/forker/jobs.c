#include "forker/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/clock.h"
#include "forker/ending.h"
#include "forker/family.h"

enum { REAP_AT_ONCE = 256 }; /* a flood of orphans does not keep the ticks waiting */

/* The run that --until waits for. */
static void end_as_hoped(struct forker *forker, int64_t now_ns)
{
  forker->hoped = true;
  ending_enter(forker, PHASE_ENDING, now_ns);
}

/* A run has failed, and not because it was told to end. Also one that does so after our reader has left. */
static void note_failure(struct forker *forker, const struct run *run, int64_t now_ns)
{
  forker->failed = true;
  if (forker->asked)
    return;
  if (forker->settings->until == UNTIL_FAILURE)
    end_as_hoped(forker, now_ns);
  if (forker->settings->fail_fast && forker->fast_status == 0) {
    forker->fast_status = run_status(run);
    ending_enter(forker, PHASE_ENDING, now_ns);
  }
}

static void release(struct forker *forker, struct run *run)
{
  run_release(run, &forker->report.out, &forker->report.err);
  while (forker->runs_end > 0 && forker->runs[forker->runs_end - 1].state == RUN_FREE)
    forker->runs_end--;
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
  release(forker, oldest);
  return oldest;
}

/* A pipe from a child to us. 0, or an errno value. */
static int open_pipe(int *ours, int *childs)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return errno;
  fcntl(ends[0], F_SETFL, O_NONBLOCK); /* our end alone: the child's is as it would find any pipe */
  *ours = ends[0];
  *childs = ends[1];
  return 0;
}

/* The child's ends of pipes whose other end we have. */
static void close_childs_ends(const struct run *run, const struct spawn_outputs *outputs)
{
  if (run->out_fd >= 0)
    close(outputs->out_fd);
  if (run->err_fd >= 0)
    close(outputs->err_fd);
}

/* Where the output of a run goes: a pipe to us, or /dev/null, or where our own goes. 0, or an errno value. */
static int open_outputs(const struct forker *forker, struct run *run, struct spawn_outputs *outputs)
{
  const struct sample_list *sample = &forker->settings->sample;
  int error = 0;

  *outputs = (struct spawn_outputs){.out_fd = -1, .err_fd = -1};
  if (sample->count > 0 && !sample_has(sample, SAMPLE_OUT))
    outputs->out_fd = forker->spawner.null_fd;
  else if (forker->forward || sample->count > 0)
    error = open_pipe(&run->out_fd, &outputs->out_fd);
  if (forker->err_is_out)
    outputs->err_fd = outputs->out_fd;
  else if (error == 0 && forker->forward_err)
    error = open_pipe(&run->err_fd, &outputs->err_fd);
  if (error)
    close_childs_ends(run, outputs);
  return error;
}

/* We have told it to end. If that killed it before its exec, its exec pipe has closed as after one. */
static bool told_to_end(const struct run *run)
{
  return run->last_signal != 0 || run->told;
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
    else if (run->exec_ns == 0 && !(run->end.signalled && told_to_end(run)))
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
  if (forker->report.out.error) {    /* nobody listens */
    report_skipped(&forker->report, tick, forker->alive);
    return;
  }
  struct spawn_outputs outputs;
  command_number(&forker->command, tick, ++forker->started);
  run->start_error = open_outputs(forker, run, &outputs);
  run->start_call = "pipe";
  if (run->start_error == 0) {
    const struct spawned spawned = spawn_start(&forker->spawner, &forker->command, outputs, announce);
    close_childs_ends(run, &outputs);
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
    release(forker, run);
    return;
  }
  run->state = RUN_EXECUTING;
  const size_t place = (size_t)(run - forker->runs);
  if (forker->runs_end <= place)
    forker->runs_end = place + 1;
  pids_put(&forker->run_of, run->pid, (int)place); /* there is room: see init in forker.c */
  forker->alive++;
  if (s->timeout_ns > 0)
    run->deadline_ns = clock_after_ns(run->start_ns, s->timeout_ns);
  report_started(&forker->report, run);
  if (s->method != SPAWN_FORK)
    jobs_look_at_exec(forker, run); /* it is over when the call returns */
}

static void close_output(int *fd)
{
  close(*fd);
  *fd = -1;
}

/* A run that has ended is over when nobody has its output open any more. */
static void release_if_over(struct forker *forker, struct run *run)
{
  if (run->state == RUN_LINGERING && run->out_fd < 0 && run->err_fd < 0)
    release(forker, run);
}

void jobs_look_at_output(struct forker *forker, struct run *run, bool all)
{
  const size_t limit = all ? SIZE_MAX : FORWARD_LIMIT;
  struct report *report = &forker->report;
  const bool samples = forker->settings->sample.count > 0;

  if (run->out_fd >= 0 && (samples ? last_number_read(&run->number, run->out_fd)
                                   : forward_read(&run->forward, run->out_fd, &report->out, limit) == FORWARD_END))
    close_output(&run->out_fd);
  if (run->err_fd >= 0 && forward_read(&run->forward_err, run->err_fd, &report->err, limit) == FORWARD_END)
    close_output(&run->err_fd);
  release_if_over(forker, run);
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
  pids_remove(&forker->run_of, run->pid);
  ending_forget(forker, run->pid);
  forker->alive--;
  if (run->exec_fd >= 0)
    jobs_look_at_exec(forker, run);
  run->state = RUN_ENDED;
  run->deadline_ns = INT64_MAX;
  jobs_look_at_output(forker, run, true);
  report_ended(&forker->report, run);
  if (!run_succeeded(run) && (!run->told || run->exec_error))
    note_failure(forker, run, now_ns);
  else if (run_succeeded(run) && forker->settings->until == UNTIL_SUCCESS)
    end_as_hoped(forker, now_ns);
  run->state = RUN_LINGERING;
  release_if_over(forker, run);
}

/*
 * A stopped child looks like one that takes its time, for ever. What we have told to end is continued by that, and is no
 * news.
 */
static void tell_of_change(struct forker *forker, struct run *run, int signal_number)
{
  if (signal_number == 0 && run->stopped == 0)
    return;
  run->stopped = signal_number;
  jobs_look_at_exec(forker, run); /* it came before, and is told before */
  if (signal_number != 0)
    report_stopped(&forker->report, run);
  else if (!told_to_end(run))
    report_continued(&forker->report, run);
}

enum family_state jobs_reap(struct forker *forker)
{
  enum family_state state;
  pid_t pid;
  int count = 0;

  while ((state = family_look(&pid)) >= FAMILY_ENDED && count++ < REAP_AT_ONCE) {
    const int place = pids_get(&forker->run_of, pid);
    struct run *run = place >= 0 ? &forker->runs[place] : NULL;
    if (state == FAMILY_CHANGED) {
      int signal_number;
      if (family_take_change(pid, &signal_number) && run)
        tell_of_change(forker, run, signal_number);
      continue;
    }
    const int64_t now_ns = clock_now_ns();
    forker->reaped_ns = now_ns;
    if (run)
      reap_run(forker, run, now_ns);
    else if (ending_reap_orphan(forker, pid))
      report_adopted(&forker->report);
  }
  forker->more_to_reap = state >= FAMILY_ENDED;
  return state;
}
