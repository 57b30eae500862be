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

enum { EXIT_USAGE = 2, PORT_DEFAULT = 55555 };

static struct settings settings;
static struct listeners listeners;
static struct server server;

/* What was handed over, and what was asked for; when neither, the default. */
static bool open_listeners(void)
{
  const int inherited = service_inherited();
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

static int serve(void)
{
  /* Names may take long to look up: till then a signal ends the program at once. */
  const struct sigaction end = {.sa_handler = leave};
  sigaction(SIGINT, &end, NULL);
  sigaction(SIGTERM, &end, NULL);
  if (!open_listeners())
    return EXIT_FAILURE;
  const int signal_fd = signals_open(false);
  if (signal_fd < 0) {
    message("cannot start: %s", strerror(errno));
    return EXIT_FAILURE;
  }
  const struct server_config config = {.form = settings.form,
                                       .max_connections = settings.max_connections,
                                       .max_per_source = settings.max_per_source,
                                       .stats_s = settings.stats_s,
                                       .quiet = settings.quiet,
                                       .signal_fd = signal_fd};
  int status = EXIT_FAILURE;
  if (server_init(&server, &config, &listeners))
    status = server_run(&server);
  server_destroy(&server);
  return status;
}

/* Status after something was printed; who no longer reads it has had enough. */
static int printed(int error)
{
  if (error && error != EPIPE)
    message("standard output: %s", strerror(error));
  return error && error != EPIPE ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
  message_program("timed");
  signal(SIGPIPE, SIG_IGN);
  if (descriptors_ensure_standard() != 0)
    return EXIT_FAILURE;
  switch (settings_parse(&settings, argc, argv)) {
  case SETTINGS_RUN:
    return serve();
  case SETTINGS_HELP:
    return printed(options_help(&settings_options, "timed"));
  case SETTINGS_VERSION: {
    static const char version[] = "timed " SCOPE_VERSION "\n";
    return printed(write_all(STDOUT_FILENO, version, sizeof version - 1));
  }
  case SETTINGS_ERROR:
    break;
  }
  return EXIT_USAGE;
}
