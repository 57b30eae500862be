#include "forker/ending.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/clock.h"
#include "forker/family.h"

enum {
  GIVE_UP_MS = 2000, /* after SIGKILL, and after the last one that was reaped; who lives then is left behind */
  WAITING_MS = 300,  /* who is not gone by then is waited for, and that is said */
  LOOK_MS = 50,      /* how often orphans are looked for: nothing tells us that one has become our child */
};

static bool is_in(const struct pids *pids, pid_t pid)
{
  return pids_get(pids, pid) >= 0;
}

/* The number of a group is free for another one when its last member was waited for. */
static void forget_group(struct forker *forker, pid_t group)
{
  if (group > 0 && is_in(&forker->told_groups, group) && kill(-group, 0) != 0 && errno == ESRCH)
    pids_remove(&forker->told_groups, group);
}

bool ending_init(struct forker *forker)
{
  family_children(&forker->children);
  for (size_t i = 0; i < forker->children.count; i++)
    if (!pids_put(&forker->strangers, forker->children.pids[i], 0))
      return false;
  return true;
}

void ending_destroy(struct forker *forker)
{
  free(forker->children.pids);
  pids_destroy(&forker->strangers);
  pids_destroy(&forker->told);
  pids_destroy(&forker->told_groups);
}

bool ending_reap_orphan(struct forker *forker, pid_t pid)
{
  const bool stranger = is_in(&forker->strangers, pid);
  const pid_t group = getpgid(pid);
  family_reap(pid);
  pids_remove(&forker->strangers, pid);
  pids_remove(&forker->told, pid);
  forget_group(forker, group);
  return !stranger;
}

void ending_forget(struct forker *forker, pid_t pid)
{
  forget_group(forker, pid);
}

/* SIGTERM for an orphan, unless it had it already, itself or with its group. */
static void ask(struct forker *forker, pid_t pid)
{
  const pid_t group = getpgid(pid);
  if (is_in(&forker->told_groups, group) || is_in(&forker->told, pid))
    return;
  if (group == pid) { /* it leads a group, whose number is its own as long as we do not wait for it */
    pids_put(&forker->told_groups, group, 0);
    family_signal_group(pid, SIGTERM);
  } else {
    pids_put(&forker->told, pid, 0);
    family_signal(pid, SIGTERM);
  }
}

/* Makes ->children those that were adopted: orphans, as far as they are known. How many. */
static size_t list_orphans(struct forker *forker)
{
  struct family_list *list = &forker->children;
  family_children(list);
  size_t count = 0;
  for (size_t i = 0; i < list->count; i++)
    if (!is_in(&forker->run_of, list->pids[i]) && !is_in(&forker->strangers, list->pids[i]))
      list->pids[count++] = list->pids[i];
  list->count = count;
  return count;
}

/* How many there are. */
static size_t signal_orphans(struct forker *forker)
{
  const size_t count = list_orphans(forker);
  const pid_t *orphans = forker->children.pids;
  for (size_t i = 0; i < count; i++) {
    if (forker->phase == PHASE_ENDING)
      ask(forker, orphans[i]);
    else if (getpgid(orphans[i]) == orphans[i])
      family_signal_group(orphans[i], SIGKILL);
    else
      family_signal(orphans[i], SIGKILL);
  }
  return count;
}

/* A descendant that is left: a child, or an orphan; 0 when none is known. */
static pid_t find_survivor(struct forker *forker)
{
  for (size_t i = 0; i < forker->runs_end; i++)
    if (run_alive(&forker->runs[i]))
      return forker->runs[i].pid;
  return list_orphans(forker) > 0 ? forker->children.pids[0] : 0;
}

static void signal_runs(struct forker *forker)
{
  for (size_t i = 0; i < forker->runs_end; i++) {
    struct run *run = &forker->runs[i];
    if (!run_alive(run))
      continue;
    run->told = run->told || !family_has_ended(run->pid);
    if (forker->phase == PHASE_KILLING) {
      family_signal_group(run->pid, SIGKILL);
    } else if (run->last_signal == 0) { /* one whose time was up has had its SIGTERM */
      family_signal_group(run->pid, SIGTERM);
      run->deadline_ns = INT64_MAX;
    }
    pids_put(&forker->told_groups, run->pid, 0);
  }
}

void ending_enter(struct forker *forker, enum phase phase, int64_t now_ns)
{
  if (forker->phase >= phase)
    return;
  forker->phase = phase;
  schedule_stop(&forker->schedule);
  if (phase == PHASE_FINISHING)
    return;
  forker->waiting_ns = now_ns + clock_from_ms(WAITING_MS);
  forker->phase_end_ns =
      clock_after_ns(now_ns, phase == PHASE_ENDING ? forker->settings->kill_after_ns : clock_from_ms(GIVE_UP_MS));
  signal_runs(forker);
}

int64_t ending_deadline_ns(const struct forker *forker, int64_t now_ns)
{
  if (forker->phase != PHASE_ENDING && forker->phase != PHASE_KILLING)
    return INT64_MAX;
  const int64_t look_ns = now_ns + clock_from_ms(LOOK_MS);
  return look_ns < forker->phase_end_ns ? look_ns : forker->phase_end_ns;
}

void ending_step(struct forker *forker, enum family_state children, int64_t now_ns)
{
  if (forker->phase == PHASE_FINISHING && forker->alive == 0)
    ending_enter(forker, PHASE_ENDING, now_ns);
  if (forker->phase == PHASE_ENDING && now_ns >= forker->phase_end_ns)
    ending_enter(forker, PHASE_KILLING, now_ns);
  if (forker->phase != PHASE_ENDING && forker->phase != PHASE_KILLING)
    return;
  const size_t orphans = signal_orphans(forker);
  const size_t left = orphans + (size_t)forker->alive;
  if (left > 0 && now_ns >= forker->waiting_ns && !forker->waiting_said && forker->phase == PHASE_ENDING) {
    forker->waiting_said = true;
    report_waiting(&forker->report, left, forker->asked);
  }
  /* With strangers among the children, the list of /proc tells whether there are others. */
  const bool none_left = children == FAMILY_NONE || (children == FAMILY_ALIVE && forker->strangers.count > 0 &&
                                                     orphans == 0 && forker->alive == 0);
  if (none_left) {
    forker->phase = PHASE_ENDED;
  } else if (forker->phase == PHASE_KILLING && now_ns >= forker->phase_end_ns &&
             now_ns >= forker->reaped_ns + clock_from_ms(GIVE_UP_MS)) {
    report_undying(&forker->report, find_survivor(forker));
    forker->stuck = true;
    forker->phase = PHASE_ENDED;
  }
}
