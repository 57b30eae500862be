#include "forker/ending.h"

#include <unistd.h>

#include "common/clock.h"
#include "forker/family.h"

enum {
  GIVE_UP_MS = 2000, /* after SIGKILL; who lives then is left behind */
  LOOK_MS = 50,      /* how often orphans are looked for: nothing tells us that one has become our child */
};

void ending_init(struct forker *forker)
{
  forker->stranger_count = family_children(forker->strangers, STATE_LISTED_MAX);
}

bool ending_forget_stranger(struct forker *forker, pid_t pid)
{
  for (size_t i = 0; i < forker->stranger_count; i++)
    if (forker->strangers[i] == pid) {
      forker->strangers[i] = forker->strangers[--forker->stranger_count];
      return true;
    }
  return false;
}

static bool is_among(pid_t pid, const pid_t *pids, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (pids[i] == pid)
      return true;
  return false;
}

static void remember(pid_t *pids, size_t *count, pid_t pid)
{
  if (*count < STATE_TOLD_MAX)
    pids[(*count)++] = pid;
}

/* SIGTERM for an orphan, unless it had it already, itself or with its group. */
static void ask(struct forker *forker, pid_t pid)
{
  const pid_t group = getpgid(pid);
  if (is_among(group, forker->told_groups, forker->told_group_count) || is_among(pid, forker->told, forker->told_count))
    return;
  if (group == pid) { /* it leads a group, whose number is its own as long as we do not wait for it */
    remember(forker->told_groups, &forker->told_group_count, group);
    family_signal_group(pid, SIGTERM);
  } else {
    remember(forker->told, &forker->told_count, pid);
    family_signal(pid, SIGTERM);
  }
}

/* The orphans that were adopted, as far as they are known. */
static size_t list_orphans(const struct forker *forker, pid_t orphans[STATE_LISTED_MAX])
{
  const size_t listed = family_children(orphans, STATE_LISTED_MAX);
  size_t count = 0;
  for (size_t i = 0; i < listed; i++)
    if (!state_run_of(forker, orphans[i]) && !is_among(orphans[i], forker->strangers, forker->stranger_count))
      orphans[count++] = orphans[i];
  return count;
}

/* How many there are. */
static size_t signal_orphans(struct forker *forker)
{
  pid_t orphans[STATE_LISTED_MAX];
  const size_t count = list_orphans(forker, orphans);
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
static pid_t find_survivor(const struct forker *forker)
{
  pid_t orphans[STATE_LISTED_MAX];
  for (size_t i = 0; i < forker->run_count; i++)
    if (run_alive(&forker->runs[i]))
      return forker->runs[i].pid;
  return list_orphans(forker, orphans) > 0 ? orphans[0] : 0;
}

static void signal_runs(struct forker *forker)
{
  for (size_t i = 0; i < forker->run_count; i++) {
    struct run *run = &forker->runs[i];
    if (!run_alive(run))
      continue;
    if (forker->phase == PHASE_KILLING) {
      family_signal_group(run->pid, SIGKILL);
    } else if (run->last_signal == 0) { /* one whose time was up has had its SIGTERM */
      family_signal_group(run->pid, SIGTERM);
      run->deadline_ns = INT64_MAX;
    }
    remember(forker->told_groups, &forker->told_group_count, run->pid);
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
  /* With strangers among the children, the list of /proc tells whether there are others. */
  const bool none_left = children == FAMILY_NONE ||
                         (children == FAMILY_ALIVE && forker->stranger_count > 0 && orphans == 0 && forker->alive == 0);
  if (none_left) {
    forker->phase = PHASE_ENDED;
  } else if (forker->phase == PHASE_KILLING && now_ns >= forker->phase_end_ns) {
    report_undying(&forker->report, find_survivor(forker));
    forker->stuck = true;
    forker->phase = PHASE_ENDED;
  }
}
