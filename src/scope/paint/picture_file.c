#include "scope/paint/picture_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/message.h"
#include "common/write.h"

enum {
  LINKS_MAX = 40,   /* symbolic links in a row: the kernel's own limit */
  NAMES_MAX = 1000, /* names beside a file to be tried where the ones before are taken */
};

struct picture_file {
  enum picture_kind kind;
  char *name; /* as it was given: for messages */
  char *path; /* where the picture goes in the end, links followed; NULL: straight to fd */
  int fd;     /* the file, FIFO or device that is there; -1: none */
  int input_fd;
  bool standard;   /* fd is standard output, at whatever place the shell left it */
  struct stat was; /* of the file that is there: the new one gets its owner and mode */
};

struct bytes {
  const void *data;
  size_t length;
};

/* ---- Where it goes ---- */

/* The name that a chain of symbolic links ends with, whether there is a file of that name or not. NULL: no memory. */
static char *follow_links(const char *name)
{
  char *path = strdup(name);
  for (int i = 0; path && i < LINKS_MAX; i++) {
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target);
    if (length < 0 || length == (ssize_t)sizeof target)
      break;
    const char *slash = strrchr(path, '/');
    int folder = target[0] == '/' || !slash ? 0 : (int)(slash - path) + 1;
    char *next = NULL;
    if (asprintf(&next, "%.*s%.*s", folder, path, (int)length, target) < 0)
      next = NULL;
    free(path);
    path = next;
  }
  return path;
}

/* Opens a new file beside path, under a name that nobody else uses; its name into *beside, to be freed. -1 and errno. */
static int create_beside(const char *path, char **beside)
{
  const char *slash = strrchr(path, '/');
  int folder = slash ? (int)(slash - path) + 1 : 0;
  int fd = -1;
  *beside = NULL;
  for (int i = 0; i < NAMES_MAX; i++) {
    free(*beside);
    if (asprintf(beside, "%.*s.scope-%ld-%d.new", folder, path, (long)getpid(), i) < 0) {
      *beside = NULL;
      errno = ENOMEM;
      return -1;
    }
    fd = open(*beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd >= 0 || errno != EEXIST)
      break;
  }
  return fd;
}

/* Whether a file could be created beside path: creates one and removes it. 0, or an errno value. */
static int try_beside(const char *path)
{
  char *beside;
  int error = 0;
  int fd = create_beside(path, &beside);
  if (fd < 0) {
    error = errno;
  } else {
    close(fd);
    unlink(beside);
  }
  free(beside);
  return error;
}

/* Why the open file must not become a picture, or NULL. */
static const char *reason_to_refuse(enum picture_kind kind, int fd, int input_fd)
{
  struct stat file;
  struct stat input;
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode))
    return NULL;
  if (input_fd >= 0 && fstat(input_fd, &input) == 0 && input.st_dev == file.st_dev && input.st_ino == file.st_ino)
    return "is the input; not overwritten";
  char begin[8];
  ssize_t n = pread(fd, begin, sizeof begin, 0); /* fails where the file may only be written */
  if (n <= 0)
    return NULL;
  if (kind == PICTURE_PNG && (n < 8 || memcmp(begin, "\x89PNG\r\n\x1A\n", 8) != 0))
    return "exists and is no PNG picture; not overwritten";
  if (kind == PICTURE_SVG && (n < 5 || (memcmp(begin, "<svg ", 5) != 0 && memcmp(begin, "<?xml", 5) != 0)))
    return "exists and is no SVG picture; not overwritten";
  return NULL;
}

/* Opens what is there, for reading as well if it is a file that allows it. -1 and errno: ENOENT where nothing is. */
static int open_existing(const char *name)
{
  /* With O_NONBLOCK a FIFO that nobody reads is an error, and not a wait for who might. */
  const int flags = O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  int fd = open(name, O_WRONLY | flags);
  struct stat st;
  if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
    int readable = open(name, O_RDWR | flags);
    if (readable >= 0) {
      close(fd);
      fd = readable;
    }
  }
  if (fd >= 0 && fcntl(fd, F_SETFL, 0) != 0) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

/* Chooses between the file's own place and one beside it. 0, or an errno value. */
static int choose_place(struct picture_file *f)
{
  struct stat st;
  if (f->fd >= 0 && fstat(f->fd, &st) != 0)
    return errno;
  if (f->fd >= 0 && !S_ISREG(st.st_mode))
    return 0;
  char *path = follow_links(f->name);
  if (!path)
    return ENOMEM;
  const char *slash = strrchr(path, '/');
  int error = slash && slash[1] == '\0' ? EISDIR : try_beside(path);
  if (f->fd < 0) {
    f->path = path;
    return error;
  }
  /*
   * A link of /proc may tell a name by which the file is no longer known, and a file that may be written can lie in a
   * folder that may not: then there is no other place than the file itself.
   */
  struct stat named;
  if (error || stat(path, &named) != 0 || named.st_dev != st.st_dev || named.st_ino != st.st_ino) {
    free(path);
    return 0;
  }
  f->path = path;
  f->was = st;
  return 0;
}

static struct picture_file *file_new(const char *name, int input_fd)
{
  struct picture_file *f = calloc(1, sizeof *f);
  if (!f)
    return NULL;
  *f = (struct picture_file){.name = strdup(name), .fd = -1, .input_fd = input_fd};
  if (f->name)
    return f;
  free(f);
  return NULL;
}

void picture_file_discard(struct picture_file *f)
{
  if (!f)
    return;
  if (f->fd >= 0)
    close(f->fd);
  free(f->path);
  free(f->name);
  free(f);
}

struct picture_file *picture_file_open(const char *name, int input_fd, enum picture_kind kind)
{
  bool standard = strcmp(name, "-") == 0;
  struct picture_file *f = file_new(standard ? "standard output" : name, input_fd);
  int error = f ? 0 : ENOMEM;
  const char *refused = NULL;
  if (!error) {
    f->standard = standard;
    f->kind = kind;
    f->fd = standard ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) : open_existing(name);
    if (f->fd < 0 && (standard || errno != ENOENT))
      error = errno;
  }
  /* The shell has emptied standard output already, or was told to append: nothing there is in danger but the input. */
  if (!error && f->fd >= 0 && !(refused = reason_to_refuse(kind, f->fd, input_fd)) && standard)
    return f;
  if (!error && !refused)
    error = choose_place(f);
  if (!error && !refused)
    return f;
  message("%s: %s", f ? f->name : name, refused ? refused : strerror(error));
  picture_file_discard(f);
  return NULL;
}

/* ---- Writing ---- */

/* Puts the bytes in place of whatever is at path. 0, or an errno value; nothing is left behind then. */
static int replace(const struct picture_file *f, const struct bytes *bytes)
{
  char *beside;
  int error = 0;
  int fd = create_beside(f->path, &beside);
  if (fd < 0) {
    error = errno;
    free(beside);
    return error;
  }
  /* Nobody but root may give a file away; for all others the new one stays their own. */
  if (f->fd >= 0 &&
      ((fchown(fd, f->was.st_uid, f->was.st_gid) != 0 && errno != EPERM) || fchmod(fd, f->was.st_mode & 0777) != 0))
    error = errno;
  if (!error)
    error = write_all(fd, bytes->data, bytes->length);
  if (close(fd) != 0 && !error) /* some file systems find out only now that the disk is full */
    error = errno;
  if (!error && rename(beside, f->path) != 0)
    error = errno;
  if (error)
    unlink(beside);
  free(beside);
  return error;
}

/* Over the old content, where there is no other way: the disk is asked for the room first. */
static int overwrite(int fd, const struct bytes *bytes)
{
  if (fallocate(fd, 0, 0, (off_t)bytes->length) != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
    return errno;
  if (lseek(fd, 0, SEEK_SET) != 0)
    return errno;
  int error = write_all(fd, bytes->data, bytes->length);
  if (!error && ftruncate(fd, (off_t)bytes->length) != 0)
    error = errno;
  return error;
}

static int put(struct picture_file *f, const struct bytes *bytes, int cancel_fd)
{
  struct stat st;
  if (f->path) {
    int error = replace(f, bytes);
    /* A folder may have become read-only since, and a file that is a mount point cannot be replaced. */
    if (f->fd < 0 || (error != EACCES && error != EPERM && error != EROFS && error != EBUSY))
      return error;
    return overwrite(f->fd, bytes);
  }
  if (!f->standard && fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode))
    return overwrite(f->fd, bytes);
  return write_patiently(f->fd, bytes->data, bytes->length, -1, cancel_fd);
}

/* What came to be at the place since picture_file_open, and must not be lost; or NULL. */
static const char *reason_to_refuse_now(const struct picture_file *f)
{
  int fd = f->path ? open(f->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) : -1;
  if (fd < 0)
    return NULL;
  const char *refused = reason_to_refuse(f->kind, fd, f->input_fd);
  close(fd);
  return refused;
}

bool picture_file_put(struct picture_file *f, const void *data, size_t length, int error, int cancel_fd)
{
  const struct bytes bytes = {data, length};
  const char *refused = error ? NULL : reason_to_refuse_now(f);
  if (!error && !refused)
    error = put(f, &bytes, cancel_fd);
  if (error || refused)
    message("%s: %s", f->name, refused ? refused : strerror(error));
  picture_file_discard(f);
  return !error && !refused;
}

int picture_file_save_new(const char *ending, const void *data, size_t length, time_t moment,
                          char name[NEW_FILE_NAME_MAX])
{
  const int fd = new_file_open("scope", ending, moment, name);
  if (fd < 0)
    return errno;
  int error = write_all(fd, data, length);
  if (close(fd) != 0 && !error)
    error = errno;
  if (error)
    unlink(name); /* a part of a picture is no use to anybody */
  return error;
}
