/*
 * What happens at whatever shows the picture, in words of our own: the loop knows neither SDL nor escape sequences.
 * Plain data.
 */
#ifndef SCOPE_EVENT_H
#define SCOPE_EVENT_H

#include <stdbool.h>

/* Keys that are a character are that character, as the keyboard gives it without Shift: 'q', '1', '/', ' '. */
enum show_key {
  KEY_ESCAPE = 0x1B,
  KEY_HOME = 0x110000, /* beyond Unicode */
  KEY_F1,
  KEY_F11,
};

enum show_event_kind {
  SHOW_KEY,     /* pressed; repeats of a key that is held do not come */
  SHOW_CLOSE,   /* the person or the system asks for the end */
  SHOW_HIDDEN,  /* nobody sees the picture */
  SHOW_EXPOSED, /* the picture is to be shown anew, perhaps in another size */
};

struct show_event {
  enum show_event_kind kind;
  int key;       /* SHOW_KEY */
  bool modified; /* SHOW_KEY: with Ctrl, Alt or the like */
};

#endif
