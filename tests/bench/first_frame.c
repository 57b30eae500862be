/*
 * Times a program's start from outside: from exec to the first pixel in its window that is neither the colour that
 * an empty window has nor black. Prints milliseconds; then ends the program.
 *
 *   first_frame WAIT_S -- COMMAND ARGUMENT...     the command inherits standard input
 *
 * After the frame it waits WAIT_S seconds and prints the resident memory too, in KiB.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const double GIVE_UP_S = 10;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ignore_error(Display *display, XErrorEvent *event)
{
  (void)display;
  (void)event;
  return 0;
}

/* Whether the row of pixels in the middle, or one near the top where a text stands, has something on it. */
static bool painted(Display *display, Window window)
{
  XWindowAttributes a;
  if (!XGetWindowAttributes(display, window, &a) || a.map_state != IsViewable || a.width < 640)
    return false;
  XImage *image = XGetImage(display, window, a.width / 4, a.height / 2, 64, 1, AllPlanes, ZPixmap);
  bool some = false;
  for (int x = 0; image && x < image->width; x++)
    some = some || (XGetPixel(image, x, 0) & 0xFFFFFF) != 0;
  if (image)
    XDestroyImage(image);
  return some;
}

static long resident_kib(pid_t pid)
{
  char line[256];
  snprintf(line, sizeof line, "/proc/%d/status", (int)pid);
  FILE *file = fopen(line, "re");
  long kib = -1;
  while (file && fgets(line, sizeof line, file))
    if (strncmp(line, "VmRSS:", 6) == 0)
      kib = strtol(line + 6, NULL, 10);
  if (file)
    fclose(file);
  return kib;
}

int main(int argc, char **argv)
{
  Display *display = argc > 3 ? XOpenDisplay(NULL) : NULL;
  int damage_event;
  int damage_error;
  if (!display || !XDamageQueryExtension(display, &damage_event, &damage_error)) {
    fputs(argc > 3 ? "first_frame: no display\n" : "usage: first_frame WAIT_S -- COMMAND...\n", stderr);
    return 2;
  }
  XSetErrorHandler(ignore_error);
  Window root = DefaultRootWindow(display);
  XSelectInput(display, root, SubstructureNotifyMask);
  XSync(display, False);

  double start = now();
  pid_t pid = fork();
  if (pid == 0) {
    execvp(argv[3], argv + 3);
    _exit(127);
  }
  double seen = 0; /* the moment, once there was one */
  int status = 0;
  bool gone = pid < 0;
  while (seen == 0 && !gone && now() - start < GIVE_UP_S) {
    struct pollfd wait = {.fd = ConnectionNumber(display), .events = POLLIN};
    if (!XPending(display))
      poll(&wait, 1, 50);
    while (XPending(display) && seen == 0) {
      XEvent event;
      XNextEvent(display, &event);
      if (event.type == MapNotify) {
        XDamageCreate(display, event.xmap.window, XDamageReportRawRectangles);
        seen = painted(display, event.xmap.window) ? now() : 0;
      } else if (event.type == damage_event + XDamageNotify) {
        seen = painted(display, ((XDamageNotifyEvent *)&event)->drawable) ? now() : 0;
      }
    }
    gone = waitpid(pid, &status, WNOHANG) == pid;
  }
  if (seen > 0) {
    double wait = strtod(argv[1], NULL);
    struct timespec nap = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (double)(time_t)wait) * 1e9)};
    nanosleep(&nap, NULL);
    printf("%.3f %ld\n", (seen - start) * 1e3, resident_kib(pid));
  }
  if (!gone && pid > 0) {
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
  }
  if (seen == 0)
    fputs("first_frame: nothing was drawn\n", stderr);
  return seen == 0;
}
