#include "common/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

enum { NAMES_MAX = 1000 /* of one second */ };

int new_file_open(const char *stem, const char *ending, time_t moment, char name[NEW_FILE_NAME_MAX])
{
  struct tm local;
  char stamp[32];
  localtime_r(&moment, &local);
  strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local);
  for (int i = 1; i <= NAMES_MAX; i++) {
    if (i == 1)
      snprintf(name, NEW_FILE_NAME_MAX, "%s-%s.%s", stem, stamp, ending);
    else
      snprintf(name, NEW_FILE_NAME_MAX, "%s-%s-%d.%s", stem, stamp, i, ending);
    const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd >= 0 || errno != EEXIST)
      return fd;
  }
  return -1;
}
