#include "timed/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/message.h"
#include "common/number.h"

static int inherited(const char *fds, const char *pid, bool have_others)
{
  int64_t count;
  int64_t owner;

  if (!fds)
    return 0;
  if (!number_int64(fds, 1, SERVICE_FDS_MAX, &count)) {
    message("LISTEN_FDS=%s: expected a number of descriptors from 1 to %d", fds, SERVICE_FDS_MAX);
    return -1;
  }
  if (!pid || !number_int64(pid, 1, INT32_MAX, &owner)) {
    message("LISTEN_PID=%s: expected the number of the process that LISTEN_FDS is for", pid ? pid : "");
    return -1;
  }
  if (owner != getpid()) {
    message("LISTEN_PID=%s: the sockets of LISTEN_FDS are for another process, this is %ld%s", pid, (long)getpid(),
            have_others ? ": left alone" : "");
    return have_others ? 0 : -1;
  }
  for (int fd = SERVICE_FIRST_FD; fd < SERVICE_FIRST_FD + (int)count; fd++)
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
      message("descriptor %d of LISTEN_FDS=%s: %s", fd, fds, strerror(errno));
      return -1;
    }
  return (int)count;
}

int service_adopt(bool have_others)
{
  const int count = inherited(getenv("LISTEN_FDS"), getenv("LISTEN_PID"), have_others);
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDNAMES");
  return count;
}

int service_notify(const char *state)
{
  const char *name = getenv("NOTIFY_SOCKET");
  struct sockaddr_un to = {.sun_family = AF_UNIX};

  if (!name || name[0] == '\0')
    return 0;
  const size_t length = strlen(name);
  if ((name[0] != '/' && name[0] != '@') || length >= sizeof to.sun_path)
    return EINVAL;
  memcpy(to.sun_path, name, length);
  if (name[0] == '@') /* the abstract name space: a NUL, and a length that says where the name ends */
    to.sun_path[0] = '\0';
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  const ssize_t sent = sendto(fd, state, strlen(state), MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&to,
                              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
  const int error = sent < 0 ? errno : 0;
  close(fd);
  return error;
}
