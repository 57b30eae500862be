/*
 * What the code under test writes to a descriptor, read back as text. Needs no thread: it goes to an unnamed file.
 *
 *   struct capture capture = capture_start(STDERR_FILENO);
 *   ...
 *   capture_end(&capture);      the descriptor is as before, capture.text has it all, at most CAPTURE_MAX bytes
 */
#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CAPTURE_MAX = 16384 };

struct capture {
  int fd;
  int saved;
  int file;
  char text[CAPTURE_MAX + 1];
};

static inline struct capture capture_start(int fd)
{
  struct capture capture = {.fd = fd, .saved = dup(fd), .file = memfd_create("capture", MFD_CLOEXEC)};
  assert_true(capture.saved >= 0 && capture.file >= 0);
  assert_int_equal(dup2(capture.file, fd), fd);
  return capture;
}

static inline void capture_end(struct capture *capture)
{
  assert_int_equal(dup2(capture->saved, capture->fd), capture->fd);
  const ssize_t length = pread(capture->file, capture->text, CAPTURE_MAX, 0);
  assert_true(length >= 0);
  capture->text[length] = '\0';
  close(capture->saved);
  close(capture->file);
}

#endif
