/*
 * Runs a fuzz target over every file of the directories given, so that what a fuzzer once found is checked by any
 * compiler in every test run. A directory that is missing or empty is a failure: else a mistaken path would pass.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_BYTES_MAX = 1 << 20 };

/* Gives the target a copy of the file's own size, so that sanitizers see a read beyond its end. */
static int run_file(const char *path)
{
  int result = 1;
  uint8_t *data = NULL;
  uint8_t *exact = NULL;
  size_t size = 0;
  FILE *file = fopen(path, "rb");
  if (!file) {
    fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
    return 1;
  }
  data = malloc(FILE_BYTES_MAX);
  if (!data)
    goto out;
  size = fread(data, 1, FILE_BYTES_MAX, file);
  if (ferror(file) || size == FILE_BYTES_MAX)
    goto out;
  exact = malloc(size > 0 ? size : 1);
  if (!exact)
    goto out;
  memcpy(exact, data, size);
  LLVMFuzzerTestOneInput(exact, size);
  result = 0;
out:
  if (result != 0)
    fprintf(stderr, "replay: %s: cannot be read, or has a mebibyte and more\n", path);
  free(exact);
  free(data);
  fclose(file);
  return result;
}

/* Returns how many files were run, -1 when something failed. */
static int run_directory(const char *path)
{
  DIR *directory = opendir(path);
  if (!directory) {
    fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
    return -1;
  }
  int count = 0;
  const struct dirent *entry;
  while (count >= 0 && (entry = readdir(directory)) != NULL) {
    if (entry->d_name[0] == '.')
      continue;
    char name[4096];
    int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    if (length < 0 || (size_t)length >= sizeof name || run_file(name) != 0)
      count = -1;
    else
      count++;
  }
  closedir(directory);
  if (count == 0)
    fprintf(stderr, "replay: %s: has no files\n", path);
  return count > 0 ? count : -1;
}

int main(int argc, char **argv)
{
  if (argc < 2) {
    fputs("usage: replay DIRECTORY...\n", stderr);
    return 2;
  }
  int total = 0;
  for (int i = 1; i < argc; i++) {
    int count = run_directory(argv[i]);
    if (count < 0)
      return 1;
    total += count;
  }
  printf("%d inputs\n", total);
  return 0;
}
