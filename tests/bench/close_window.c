/*
 * Asks the largest window to close as a desktop's close button does (WM_DELETE_WINDOW), and prints when: seconds of the
 * monotonic clock.
 */
#include <X11/Xlib.h>
#include <stdio.h>
#include <time.h>

static int ignore_error(Display *display, XErrorEvent *event)
{
  (void)display;
  (void)event;
  return 0;
}

static Window largest(Display *display)
{
  Window root;
  Window parent;
  Window *child = NULL;
  Window found = None;
  unsigned count = 0;
  long most = 0;
  XQueryTree(display, DefaultRootWindow(display), &root, &parent, &child, &count);
  for (unsigned i = 0; i < count; i++) {
    XWindowAttributes a;
    if (!XGetWindowAttributes(display, child[i], &a) || a.map_state != IsViewable)
      continue;
    long area = (long)a.width * a.height;
    if (area > most) {
      most = area;
      found = child[i];
    }
  }
  if (child)
    XFree(child);
  return found;
}

int main(void)
{
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fputs("close_window: no display\n", stderr);
    return 1;
  }
  XSetErrorHandler(ignore_error);
  XEvent event = {.xclient = {.type = ClientMessage, .format = 32}};
  event.xclient.window = largest(display);
  event.xclient.message_type = XInternAtom(display, "WM_PROTOCOLS", False);
  event.xclient.data.l[0] = (long)XInternAtom(display, "WM_DELETE_WINDOW", False);
  if (event.xclient.window == None) {
    fputs("close_window: no window\n", stderr);
    return 1;
  }
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  XSendEvent(display, event.xclient.window, False, NoEventMask, &event);
  XSync(display, False);
  printf("%lld.%09ld\n", (long long)t.tv_sec, t.tv_nsec);
  return 0;
}
