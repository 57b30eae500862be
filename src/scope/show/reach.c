#include "scope/show/reach.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { X11_PORT = 6000, DISPLAYS_MAX = 59535 };

/* Somebody listens: a full queue or a slow connection counts as one. */
static bool knock(const void *address, socklen_t length)
{
  const struct sockaddr *to = address;
  const int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return false;
  const bool there = connect(fd, to, length) == 0 || errno == EAGAIN || errno == EINPROGRESS;
  close(fd);
  return there;
}

static bool knock_at(const char *path, bool abstract)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) + 1 >= sizeof address.sun_path)
    return false;
  memcpy(address.sun_path + abstract, path, strlen(path));
  return knock(&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + abstract + strlen(path)));
}

static bool reach_wayland(void)
{
  const char *name = getenv("WAYLAND_DISPLAY");
  const char *folder = getenv("XDG_RUNTIME_DIR");
  char path[sizeof((struct sockaddr_un *)0)->sun_path];
  if (!name || !name[0] || (name[0] != '/' && !folder))
    return false;
  const int length =
      snprintf(path, sizeof path, "%s%s%s", name[0] == '/' ? "" : folder, name[0] == '/' ? "" : "/", name);
  return length > 0 && (size_t)length < sizeof path && knock_at(path, false);
}

/* DISPLAY is "[HOST]:NUMBER[.SCREEN]". */
static bool reach_x11(void)
{
  const char *display = getenv("DISPLAY");
  const char *colon = display ? strrchr(display, ':') : NULL;
  char *end;
  char path[64];
  if (!colon)
    return false;
  if (display[0] == '/')
    return true; /* a socket of its own, as on macOS */
  const long number = strtol(colon + 1, &end, 10);
  if (end == colon + 1 || (*end && *end != '.') || number < 0 || number > DISPLAYS_MAX)
    return false;
  const size_t host = (size_t)(colon - display);
  if (host == 0 || strncmp(display, "unix:", host + 1) == 0) {
    snprintf(path, sizeof path, "/tmp/.X11-unix/X%ld", number);
    return knock_at(path, true) || knock_at(path, false);
  }
  if (strncmp(display, "localhost:", host + 1) != 0 && strncmp(display, "127.0.0.1:", host + 1) != 0)
    return true;
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)(X11_PORT + number)),
                                      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  return knock(&address, sizeof address);
}

bool reach_any_display(void)
{
  return reach_wayland() || reach_x11();
}
