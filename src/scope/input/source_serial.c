#include "scope/input/source_serial.h"

#include <asm/termbits.h> /* termios2, for rates that have no name; <termios.h> does not go with it */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/input/source_result.h"

static void say(struct serial *serial, const char *what)
{
  snprintf(serial->news, sizeof serial->news, "%.150s: %.100s", serial->path, what);
}

/* The group that may read the device. */
static void say_forbidden(struct serial *serial)
{
  struct stat st;
  struct group entry;
  struct group *group = NULL;
  char names[1024];
  if (stat(serial->path, &st) == 0)
    getgrgid_r(st.st_gid, &entry, names, sizeof names, &group);
  if (!group)
    say(serial, strerror(EACCES));
  else
    snprintf(
        serial->news, sizeof serial->news,
        "%.100s: permission denied: it is for the group %.32s; as root: usermod -a -G %.32s USER, then log in anew",
        serial->path, group->gr_name, group->gr_name);
}

/* 0, or an errno value. */
static int set_up(struct serial *serial)
{
  struct termios2 mode;
  if (ioctl(serial->fd, TCGETS2, &mode) != 0)
    return errno;
  mode.c_iflag = IGNBRK;
  mode.c_oflag = 0;
  mode.c_lflag = 0;
  mode.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | ((tcflag_t)BOTHER << IBSHIFT); /* without HUPCL */
  mode.c_ispeed = mode.c_ospeed = serial->baud;
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  if (ioctl(serial->fd, TCSETS2, &mode) != 0 || ioctl(serial->fd, TCGETS2, &mode) != 0)
    return errno;
  /* More than 3 % off, bytes come out wrong; drivers round, and some say so only here. */
  const int64_t off = (int64_t)mode.c_ospeed - serial->baud;
  if (off * 33 > serial->baud || -off * 33 > serial->baud) {
    char what[100];
    snprintf(what, sizeof what, "it cannot do %u baud, and does %u", serial->baud, mode.c_ospeed);
    say(serial, what);
  }
  return 0;
}

/* The end of a pseudo terminal: majors 136 to 143 in the kernel's list of devices. */
static bool is_pseudo(int fd)
{
  struct stat status;
  return fstat(fd, &status) == 0 && major(status.st_rdev) >= 136 && major(status.st_rdev) <= 143;
}

/* Opens the device that the path names by now. False: news says why. */
static bool try_open(struct serial *serial)
{
  serial->fd = open(serial->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  int error = serial->fd < 0 ? errno : 0;
  /* For us alone: whoever opens it besides takes half of the bytes. Both ways, as not everybody honours both. */
  if (!error && flock(serial->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    error = EBUSY;
  if (!error)
    error = set_up(serial);
  if (error) {
    if (serial->fd >= 0)
      close(serial->fd);
    serial->fd = -1;
    if (error == EACCES)
      say_forbidden(serial);
    else
      say(serial, error == EBUSY    ? "in use by another program"
                  : error == ENOTTY ? "no serial device, and --baud is for those"
                                    : strerror(error));
    return false;
  }
  if (!is_pseudo(serial->fd)) /* there the mark would outlive us: until the other end is closed, too */
    ioctl(serial->fd, TIOCEXCL);
  struct pollfd look = {.fd = serial->fd, .events = POLLIN};
  serial->fresh = poll(&look, 1, 0) == 0; /* what waits already came whole, as nothing is received before the opening */
  serial->in_middle = false;
  serial->fragment.length = 0;
  serial->opened_ns = clock_now_ns();
  return true;
}

bool serial_open(struct serial *serial, const char *path, uint32_t baud, bool returns)
{
  serial->path = path;
  serial->baud = baud;
  serial->returns = returns;
  serial->news[0] = '\0';
  return try_open(serial);
}

void serial_close(struct serial *serial)
{
  if (serial->fd >= 0)
    close(serial->fd);
  serial->fd = -1;
}

static ssize_t go(struct serial *serial)
{
  serial_close(serial);
  serial->look_ns = clock_now_ns() + clock_from_ms(SERIAL_RETRY_MS);
  if (!serial->returns)
    return SOURCE_END;
  say(serial, "the device is gone; waiting for it to come back");
  return SOURCE_AGAIN;
}

/* The device may be there again. */
static ssize_t look_for_it(struct serial *serial)
{
  serial->look_ns = clock_now_ns() + clock_from_ms(SERIAL_RETRY_MS);
  if (try_open(serial))
    say(serial, "the device is back");
  else
    serial->news[0] = '\0'; /* it was said already */
  return SOURCE_AGAIN;
}

/* Takes off the rest of a line whose beginning was missed; how many bytes are left. */
static size_t skip_to_line(struct serial *serial, char *buffer, size_t n)
{
  if (serial->fresh)
    serial->in_middle = clock_now_ns() - serial->opened_ns < clock_from_ms(SERIAL_MIDDLE_MS);
  serial->fresh = false;
  for (size_t i = 0; serial->in_middle && i < n; i++) {
    if (buffer[i] != '\n' && buffer[i] != '\r')
      continue;
    serial->in_middle = false;
    memmove(buffer, buffer + i, n - i);
    n -= i;
  }
  return serial->in_middle ? 0 : n;
}

ssize_t serial_read(struct serial *serial, char *buffer, size_t size)
{
  if (serial->fd < 0)
    return look_for_it(serial);
  const size_t before = fragment_take(&serial->fragment, buffer);
  const ssize_t n = read(serial->fd, buffer + before, size - before);
  if (n > 0) {
    const size_t kept = skip_to_line(serial, buffer + before, (size_t)n);
    const size_t whole = fragment_keep(&serial->fragment, buffer, before + kept);
    return whole > 0 ? (ssize_t)whole : SOURCE_AGAIN;
  }
  fragment_keep(&serial->fragment, buffer, before);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return SOURCE_AGAIN;
  return go(serial);
}
