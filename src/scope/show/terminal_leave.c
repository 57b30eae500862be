#include "scope/show/terminal_leave.h"

#include <poll.h>
#include <termios.h>

#include "common/clock.h"
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

/*
 * For a terminal that always answered late, as over a slow link, more than for one that does not answer as it did: that one
 * has stopped.
 */
static int64_t patience_ns(const struct terminal *t)
{
  if (t->waiting > 0 && clock_now_ns() - t->asked_ns > t->answer_ns + LEAVE_NS)
    return LEAVE_NS;
  const int64_t ns = 2 * t->answer_ns;
  return ns < LEAVE_NS ? LEAVE_NS : ns < LEAVE_MOST_NS / 2 ? ns : LEAVE_MOST_NS / 2;
}

/* The screen, without its modes. */
static void give_back_screen(struct terminal *t, bool cut)
{
  t->shown = false;
  if (tty_drop(&t->tty) || cut)
    bytes_text(&t->tty.queue, CUT_OFF);
  if (t->picture.kind == TERMINAL_KITTY)
    bytes_text(&t->tty.queue, kitty_clear);
  bytes_text(&t->tty.queue, GIVE_BACK);
}

/* What the terminal has not taken would leave no room for the way out, and stand before it if it ever goes on. */
static void give_up(struct terminal *t)
{
  tcflush(t->tty.fd, TCOFLUSH);
  give_back_screen(t, true);
  bytes_text(&t->tty.queue, "\r\n");
  tty_send(&t->tty);
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

/* Once all is sent; or the terminal did not take it. */
static void end(struct terminal *t, bool takes, int64_t patient_ns)
{
  if (takes)
    drop_answers(t, clock_now_ns() + patient_ns);
  else
    give_up(t);
  tty_guard(&t->tty, NULL);
  tty_make_cooked(&t->tty);
}

/* True: the terminal took all of it. */
static bool leave_picture(struct terminal *t, int64_t patient_ns, int64_t until_ns)
{
  tty_release(t->tty.fd); /* who stopped the output by Ctrl-S could not see that it is over */
  if (!tty_send_patiently(&t->tty, patient_ns, until_ns)) /* the frame on its way, rather than cut it off */
    return false;
  give_back_screen(t, false);
  if (!tty_send_patiently(&t->tty, patient_ns, until_ns))
    return false;
  terminal_picture_print(&t->picture, &t->tty.queue);
  return tty_send_patiently(&t->tty, patient_ns, until_ns);
}

void terminal_give_back(struct terminal *t, bool picture)
{
  const int64_t until_ns = clock_now_ns() + LEAVE_MOST_NS;
  const int64_t patient_ns = patience_ns(t);
  if (!t->shown)
    return;
  if (picture) {
    end(t, leave_picture(t, patient_ns, until_ns), patient_ns);
  } else {
    give_back_screen(t, false);
    end(t, tty_send_patiently(&t->tty, patient_ns, until_ns), patient_ns);
  }
}
