#include "scope/show/terminal_leave.h"

#include <poll.h>

#include "common/clock.h"
#include "scope/show/terminal.h"
#include "scope/show/terminal_input.h"

/* A terminal that takes nothing is given up after that; one that is slow after MOST. */
static const int64_t LEAVE_NS = INT64_C(50) * CLOCK_MS_NS;
static const int64_t LEAVE_MOST_NS = INT64_C(1000) * CLOCK_MS_NS;

/* What ENTER of terminal.c took. */
#define GIVE_BACK "\033[0m\033[?7h\033[?25h\033[?1049l\033[?25h"
/* Ends whatever sequence, string or frame was cut off in the middle. */
#define CUT_OFF "\030\033\\\033[?2026l"
/* The same where something may have been cut off, or pictures may be on the screen. */
static const char LEAVE_SUDDENLY[] = CUT_OFF "\033_Ga=d,d=A,q=2\033\\" GIVE_BACK;
static const char LEAVE_SUDDENLY_CELLS[] = CUT_OFF GIVE_BACK;

void terminal_guard(const struct terminal *t)
{
  tty_guard(&t->tty, t->picture.kind == TERMINAL_KITTY ? LEAVE_SUDDENLY : LEAVE_SUDDENLY_CELLS);
}

/* For a terminal that always answered late, as over a slow link, more than for one that has just stopped answering. */
static int64_t patience_ns(const struct terminal *t)
{
  const int64_t ns = 2 * t->answer_ns;
  return ns < LEAVE_NS ? LEAVE_NS : ns < LEAVE_MOST_NS ? ns : LEAVE_MOST_NS;
}

/* The screen, without its modes. */
static void give_back_screen(struct terminal *t)
{
  t->shown = false;
  if (tty_drop(&t->tty))
    bytes_text(&t->tty.queue, CUT_OFF);
  if (t->picture.kind == TERMINAL_KITTY)
    bytes_text(&t->tty.queue, kitty_clear);
  bytes_text(&t->tty.queue, GIVE_BACK);
}

/* Answers that are on their way must not be typed to the shell. */
static void drop_answers(struct terminal *t, int64_t until_ns)
{
  for (int64_t now_ns; t->owed > 0 && t->talents.answers && (now_ns = clock_now_ns()) < until_ns;) {
    struct pollfd wait = {.fd = t->tty.fd, .events = POLLIN};
    if (poll(&wait, 1, clock_timeout_ms(until_ns, now_ns)) > 0 && !terminal_receive(t))
      return;
  }
}

static void give_back_modes(struct terminal *t, bool takes)
{
  if (takes)
    drop_answers(t, clock_now_ns() + patience_ns(t));
  tty_guard(&t->tty, NULL);
  tty_make_cooked(&t->tty);
}

void terminal_give_back(struct terminal *t)
{
  if (!t->shown)
    return;
  give_back_screen(t);
  give_back_modes(t, tty_send_patiently(&t->tty, patience_ns(t), clock_now_ns() + LEAVE_MOST_NS));
}

void terminal_leave(struct terminal *t)
{
  const int64_t until_ns = clock_now_ns() + LEAVE_MOST_NS;
  const int64_t patient_ns = patience_ns(t);
  if (t->shown) {
    tty_release(t->tty.fd); /* who stopped the output by Ctrl-S could not see that it is over */
    /* The frame that is on its way, rather than cut it off. Who takes nothing of that is not waited for once more. */
    bool takes = tty_send_patiently(&t->tty, patient_ns, until_ns);
    give_back_screen(t);
    takes = tty_send_patiently(&t->tty, takes ? patient_ns : 0, until_ns) && takes;
    if (takes) {
      terminal_picture_print(&t->picture, &t->tty.queue);
      takes = tty_send_patiently(&t->tty, patient_ns, until_ns);
    }
    if (!takes && tty_drop(&t->tty)) {
      bytes_text(&t->tty.queue, CUT_OFF "\033[0m\r\n");
      tty_send(&t->tty);
    }
    give_back_modes(t, takes);
  }
  t->left = true;
  entry_close(&t->entry);
  collect_end(&t->collect, true);
}
