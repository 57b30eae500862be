/*
 * What happens at whatever shows the picture, in words of our own: the loop knows neither SDL nor escape sequences.
 * Plain data.
 */
#ifndef SCOPE_EVENT_H
#define SCOPE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Keys that are a character are that character, as the keyboard gives it without Shift: 'q', '1', '/', ' '. Capital
 * letters come as the small one with `shift`, whatever CapsLock says.
 */
enum show_key {
  KEY_BACKSPACE = '\b',
  KEY_TAB = '\t',
  KEY_ENTER = '\r',
  KEY_ESCAPE = 0x1B,
  KEY_HOME = 0x110000, /* beyond Unicode */
  KEY_END,
  KEY_PAGE_UP,
  KEY_PAGE_DOWN,
  KEY_LEFT,
  KEY_RIGHT,
  KEY_UP,
  KEY_DOWN,
  KEY_DELETE,
  KEY_F1,
  KEY_F11,
};

enum show_button { BUTTON_LEFT = 1, BUTTON_MIDDLE, BUTTON_RIGHT };

enum show_event_kind {
  SHOW_KEY,     /* pressed, or held so long that it repeats */
  SHOW_PRESS,   /* a button of the mouse goes down, and up again */
  SHOW_RELEASE, /* also outside of the picture */
  SHOW_MOVE,    /* the pointer is at another place */
  SHOW_LEAVE,   /* it is no longer over the picture */
  SHOW_WHEEL,
  SHOW_PINCH,   /* two fingers on a touchpad move apart or together */
  SHOW_CLOSE,   /* the person or the system asks for the end */
  SHOW_HIDDEN,  /* nobody sees the picture */
  SHOW_EXPOSED, /* the picture is to be shown anew, perhaps in another size */
};

/* One PINCH_BEGINS, any number of PINCH_CHANGES, and one of the others, unless the pointer goes away meanwhile. */
enum show_pinch { PINCH_BEGINS, PINCH_CHANGES, PINCH_ENDS, PINCH_CANCELLED /* it was not meant */ };

struct show_event {
  enum show_event_kind kind;
  bool shift, ctrl; /* held down, with keys and all of the mouse */
  int key;          /* SHOW_KEY */
  bool modified;    /* SHOW_KEY: with Alt or the like, which is nothing to us */
  bool repeat;      /* SHOW_KEY: it was held */

  /* The mouse: where in the picture, in its pixels, from the top left corner; beyond it while a button is down. */
  int x, y;
  enum show_button button;
  double wheel_x, wheel_y; /* SHOW_WHEEL: steps to the right, and away from the person; parts of steps on some */
  enum show_pinch pinch;   /* SHOW_PINCH */
  double apart;            /* PINCH_CHANGES: so many times as far as at the event before; above 0 */
  int64_t moment_ns;       /* SHOW_PRESS: on a clock that counts on */
};

#endif
