#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/descriptors.h"
#include "common/message.h"
#include "common/signals.h"
#include "forker/demo.h"
#include "forker/forker.h"
#include "forker/settings.h"

static int start(const struct settings *settings)
{
  sigset_t mask; /* as it was when forker was started: the children's */
  sigprocmask(SIG_SETMASK, NULL, &mask);
  const int signal_fd = signals_open(true);
  if (signal_fd < 0) {
    message("cannot start: %s", strerror(errno));
    return EXIT_FAILURE;
  }
  if (settings->demo != DEMO_NONE)
    return demo_play(settings->demo, settings->interval_ns, signal_fd);
  return forker_work(settings, signal_fd, &mask);
}

int main(int argc, char **argv)
{
  struct settings settings;
  message_program("forker");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* an output at its limit is one that takes no more for now */
  if (descriptors_ensure_standard() != 0)
    return EXIT_FAILURE;
  const enum options_result result = settings_parse(&settings, argc, argv);
  return result == OPTIONS_GO ? start(&settings) : options_answer(&settings_options, result, "forker", SCOPE_VERSION);
}
