#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/descriptors.h"
#include "common/message.h"
#include "common/signals.h"
#include "timed/server.h"
#include "timed/service.h"
#include "timed/settings.h"

enum { PORT_DEFAULT = 55555 };

static struct settings settings;
static struct listeners listeners;
static struct server server;

/* What was handed over, and what was asked for; when neither, the default. */
static bool open_listeners(void)
{
  const int inherited = service_adopt(settings.listen_count > 0);
  if (inherited < 0 || !listeners_adopt(&listeners, SERVICE_FIRST_FD, inherited))
    return false;
  if (inherited == 0 && settings.listen_count == 0)
    settings.listen[settings.listen_count++] = (struct address_name){.host = "", .port = PORT_DEFAULT};
  for (int i = 0; i < settings.listen_count; i++)
    if (!listeners_open(&listeners, &settings.listen[i], settings.udp))
      return false;
  return true;
}

static void leave(int signal_number)
{
  (void)signal_number;
  _exit(EXIT_SUCCESS); /* nothing was begun that would have to be ended */
}

/* Names may take long to look up: till then a signal that asks for the end ends the program at once. */
static void leave_when_asked(void)
{
  static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  const struct sigaction end = {.sa_handler = leave};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    struct sigaction before;
    if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
      sigaction(ends[i], &end, NULL);
  }
  sigset_t later; /* there is nothing to count yet */
  sigemptyset(&later);
  sigaddset(&later, SIGUSR1);
  sigprocmask(SIG_BLOCK, &later, NULL);
}

static int serve(void)
{
  leave_when_asked();
  if (!open_listeners())
    return EXIT_FAILURE;
  const int signal_fd = signals_open(true);
  if (signal_fd < 0) {
    message("cannot start: %s", strerror(errno));
    return EXIT_FAILURE;
  }
  const struct server_config config = {.form = settings.form,
                                       .max_connections = settings.max_connections,
                                       .max_per_source = settings.max_per_source,
                                       .stats_s = settings.stats_s,
                                       .stats_latency = settings.stats_latency,
                                       .stamp = settings.stamp,
                                       .quiet = settings.quiet,
                                       .signal_fd = signal_fd};
  int status = EXIT_FAILURE;
  if (server_init(&server, &config, &listeners))
    status = server_run(&server);
  server_destroy(&server);
  return status;
}

int main(int argc, char **argv)
{
  message_program("timed");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a log at its limit is one that takes no more for now */
  if (descriptors_ensure_standard() != 0)
    return EXIT_FAILURE;
  const enum options_result result = settings_parse(&settings, argc, argv);
  return result == OPTIONS_GO ? serve() : options_answer(&settings_options, result, "timed", SCOPE_VERSION);
}
