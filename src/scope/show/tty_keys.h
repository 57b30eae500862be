/*
 * What comes from a terminal, byte by byte: keys that were pressed, and answers to what it was asked. A state machine
 * that swallows whatever a terminal may send: what is neither is dropped. Pure.
 */
#ifndef SCOPE_TTY_KEYS_H
#define SCOPE_TTY_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TTY_NUMBERS_MAX = 16, TTY_SEQUENCE_MAX = 256 };

/* Keys beyond characters are those of event.h. A letter with Shift is the capital. */
struct tty_key {
  int key;
  bool shift, control, alt; /* shift: only of keys that are no character */
};

struct tty_answer {
  enum tty_answer_kind {
    TTY_STATUS,        /* CSI 0 n: what was sent before has been seen to */
    TTY_ATTRIBUTES,    /* CSI ? ... c: numbers say what the terminal can */
    TTY_PIXELS,        /* CSI 4 ; height ; width t */
    TTY_CELL,          /* CSI 6 ; height ; width t */
    TTY_SIXEL_COLOURS, /* CSI ? 1 ; 0 ; n S */
    TTY_KITTY,         /* the graphics protocol: number[0] is the picture's, number[1] whether that went well */
    TTY_RENDITION,     /* DCS 1 $ r ... m: number[0] whether the ground is of 24 bits */
  } kind;
  int number[TTY_NUMBERS_MAX];
  int count;
};

/* Zeroed at first. */
struct tty_keys {
  enum tty_keys_state { TTY_GROUND, TTY_ESCAPE, TTY_CSI, TTY_SS3, TTY_STRING, TTY_STRING_ESCAPE } state;
  char text[TTY_SEQUENCE_MAX]; /* of the sequence so far; the rest of a longer one is dropped */
  size_t length;
  uint32_t character; /* of which some bytes have come */
  int missing;        /* ... and so many have not */
};

enum tty_keys_result { TTY_NOTHING, TTY_KEY, TTY_ANSWER };

enum tty_keys_result tty_keys_take(struct tty_keys *k, unsigned char byte, struct tty_key *key,
                                   struct tty_answer *answer);

/* A sequence has begun and has not ended. When no more comes for a while, tty_keys_rest says what it was. */
bool tty_keys_waiting(const struct tty_keys *k);

/* Nothing more came: a lone ESC is the key Esc, anything else is dropped. */
enum tty_keys_result tty_keys_rest(struct tty_keys *k, struct tty_key *key);

#endif
