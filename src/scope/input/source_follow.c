#include "scope/input/source_follow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "scope/input/source_result.h"

enum {
  TAIL_BYTES = 64 * 1024, /* read at one go, from the end backwards */
  COPY_AGE_S = 10,        /* a copy that a truncation left behind is not older than that */
};

static void say(struct follow *f, const char *what)
{
  snprintf(f->news, sizeof f->news, "%.150s: %.100s", f->path, what);
}

/* ---- The files ---- */

static int open_file(const char *path)
{
  return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static void watch(struct follow *f, const char *path, uint32_t mask)
{
  if (f->notify_fd >= 0)
    inotify_add_watch(f->notify_fd, path, mask);
}

/* Behind all others, or in their middle. */
static void insert(struct follow *f, size_t place, int fd, off_t offset)
{
  if (f->files == FOLLOW_FILES) { /* nobody rotates that often: the oldest that waits goes */
    close(f->file[1].fd);
    memmove(&f->file[1], &f->file[2], (FOLLOW_FILES - 2) * sizeof f->file[0]);
    f->files--;
    place = place > 1 ? place - 1 : place;
  }
  memmove(&f->file[place + 1], &f->file[place], (f->files - place) * sizeof f->file[0]);
  f->file[place] = (struct follow_file){.fd = fd, .offset = offset};
  f->files++;
}

static void drop_first(struct follow *f)
{
  close(f->file[0].fd);
  f->files--;
  memmove(&f->file[0], &f->file[1], f->files * sizeof f->file[0]);
  f->seen_length = 0;
}

static bool same_file(int fd, const struct stat *st)
{
  struct stat own;
  return fstat(fd, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

static off_t size_of(int fd)
{
  struct stat st;
  return fstat(fd, &st) == 0 ? st.st_size : 0;
}

/* A file that the path names and that is not known yet joins the others. */
static void look_at_path(struct follow *f)
{
  struct stat st;
  if (stat(f->path, &st) != 0) {
    const int64_t now_ns = clock_now_ns();
    if (f->gone_ns == 0)
      f->gone_ns = now_ns;
    if (!f->said_gone && now_ns - f->gone_ns > clock_from_ms(FOLLOW_GONE_MS)) {
      f->said_gone = true;
      say(f, "the file is gone; waiting for it to come back");
    }
    return;
  }
  f->gone_ns = 0;
  f->said_gone = false;
  if (f->files > 0 && same_file(f->file[f->files - 1].fd, &st))
    return;
  const int fd = open_file(f->path);
  if (fd < 0)
    return;
  watch(f, f->path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF);
  insert(f, f->files, fd, 0);
}

/* ---- Copy and truncate ---- */

/* Whether the bytes before the offset are those that were read there. */
static bool tail_is_as_seen(const struct follow *f, int fd, off_t offset)
{
  char bytes[FOLLOW_SEEN];
  const ssize_t n = pread(fd, bytes, f->seen_length, offset - (off_t)f->seen_length);
  return n == (ssize_t)f->seen_length && memcmp(bytes, f->seen, f->seen_length) == 0;
}

/* Opens a candidate for the copy: it was written a moment ago, goes on behind what was read, and is the same before. */
static int open_copy(const struct follow *f, int folder, const char *name, off_t offset)
{
  struct stat st;
  const int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    return -1;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && !same_file(f->file[0].fd, &st) && st.st_size > offset &&
      time(NULL) - st.st_mtime <= COPY_AGE_S && tail_is_as_seen(f, fd, offset))
    return fd;
  close(fd);
  return -1;
}

/* The copy that stands beside the file under a longer name, or -1. */
static int find_copy(const struct follow *f)
{
  char folder[PATH_MAX];
  const char *slash = strrchr(f->path, '/');
  const char *base = slash ? slash + 1 : f->path;
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - f->path + 1) : 1, slash ? f->path : ".");
  DIR *dir = opendir(folder);
  int fd = -1;
  for (const struct dirent *entry; dir && fd < 0 && (entry = readdir(dir)) != NULL;)
    if (strncmp(entry->d_name, base, strlen(base)) == 0)
      fd = open_copy(f, dirfd(dir), entry->d_name, f->file[0].offset);
  if (dir)
    closedir(dir);
  return fd;
}

/* A line whose end will not come. */
static void drop_fragment(struct follow *f)
{
  if (f->fragment.length > 0)
    say(f, "it ended in the middle of a line, which was left out");
  f->fragment.length = 0;
}

/* The file was cut, and perhaps written to since. */
static void restart(struct follow *f)
{
  const int copy = f->seen_length > 0 ? find_copy(f) : -1;
  if (copy >= 0) {
    insert(f, 1, f->file[0].fd, 0);
    f->file[0].fd = copy;
    return;
  }
  drop_fragment(f);
  f->file[0].offset = 0;
  f->seen_length = 0;
}

/* ---- Reading ---- */

/* There is something in a later file: whoever wrote to the first has gone on to it. */
static bool later_has_bytes(const struct follow *f)
{
  for (size_t i = 1; i < f->files; i++)
    if (size_of(f->file[i].fd) > 0)
      return true;
  return false;
}

static bool was_cut(const struct follow *f)
{
  return size_of(f->file[0].fd) < f->file[0].offset || !tail_is_as_seen(f, f->file[0].fd, f->file[0].offset);
}

bool follow_look(struct follow *f)
{
  char events[4096];
  while (f->notify_fd >= 0 && read(f->notify_fd, events, sizeof events) > 0)
    continue;
  look_at_path(f);
  if (f->news[0])
    return true;
  return f->files > 0 && (size_of(f->file[0].fd) != f->file[0].offset || was_cut(f) || later_has_bytes(f));
}

static void remember(struct follow *f, const char *bytes, size_t n)
{
  if (n >= FOLLOW_SEEN) {
    memcpy(f->seen, bytes + n - FOLLOW_SEEN, FOLLOW_SEEN);
    f->seen_length = FOLLOW_SEEN;
    return;
  }
  const size_t kept = f->seen_length + n > FOLLOW_SEEN ? FOLLOW_SEEN - n : f->seen_length;
  memmove(f->seen, f->seen + f->seen_length - kept, kept);
  memcpy(f->seen + kept, bytes, n);
  f->seen_length = kept + n;
}

ssize_t follow_read(struct follow *f, char *buffer, size_t size)
{
  if (f->files == 0)
    return SOURCE_AGAIN;
  if (was_cut(f))
    restart(f);
  const bool later = later_has_bytes(f); /* looked at first: what is written to the first file came before */
  const size_t before = fragment_take(&f->fragment, buffer);
  const ssize_t n = pread(f->file[0].fd, buffer + before, size - before, f->file[0].offset);
  if (n > 0) {
    remember(f, buffer + before, (size_t)n);
    f->file[0].offset += n;
  }
  const size_t whole = fragment_keep(&f->fragment, buffer, before + (n > 0 ? (size_t)n : 0));
  if (n < 0 && errno != EINTR && errno != EAGAIN)
    return SOURCE_FAILED;
  if (n == 0 && later) {
    drop_fragment(f);
    drop_first(f);
  }
  return whole > 0 ? (ssize_t)whole : SOURCE_AGAIN;
}

/* ---- Opening ---- */

/* Where the last n lines begin. A file of any length is read from its end only. */
static off_t find_tail(int fd, int64_t n)
{
  char bytes[TAIL_BYTES];
  off_t at = size_of(fd);
  bool last = true; /* the very last byte ends the last line, and begins none */
  while (at > 0) {
    const off_t start = at > TAIL_BYTES ? at - TAIL_BYTES : 0;
    const ssize_t length = pread(fd, bytes, (size_t)(at - start), start);
    if (length <= 0)
      return at;
    for (ssize_t i = length; i > 0; i--) {
      const bool line_end = bytes[i - 1] == '\n';
      if (line_end && (last ? n == 0 : --n <= 0))
        return start + i;
      last = false;
    }
    at = start;
  }
  return 0;
}

int follow_open(struct follow *f, const char *path, int64_t tail)
{
  struct stat st;
  char folder[PATH_MAX];
  f->path = path;
  f->files = 0;
  f->seen_length = f->fragment.length = 0;
  f->gone_ns = 0;
  f->said_gone = false;
  f->news[0] = '\0';
  f->notify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  const char *slash = strrchr(path, '/');
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
  watch(f, folder, IN_CREATE | IN_MOVED_TO);
  look_at_path(f);
  if (f->files == 0) {
    const int error = errno;
    if (error == ENOENT) {
      say(f, "no such file yet; waiting for it");
      f->said_gone = true;
      return 0;
    }
    follow_close(f);
    return error;
  }
  const int error = fstat(f->file[0].fd, &st) != 0 ? errno
                    : S_ISDIR(st.st_mode)          ? EISDIR
                    : S_ISREG(st.st_mode)          ? 0
                                                   : ESPIPE;
  if (error)
    follow_close(f);
  else if (tail >= 0)
    f->file[0].offset = find_tail(f->file[0].fd, tail);
  return error;
}

void follow_close(struct follow *f)
{
  while (f->files > 0)
    drop_first(f);
  if (f->notify_fd >= 0)
    close(f->notify_fd);
  f->notify_fd = -1;
}
