/*
 * The plot in a terminal: what window.h is where there is no display. The terminal is asked what it can, 200 ms at most;
 * it is drawn into on its alternate screen, and left as it was found, with the last picture where the prompt comes next.
 *
 * Frames are paced by the terminal itself: each ends with a request for its status, and the next one is not begun before
 * the answer; where none ever came, before the line has taken the last byte. So a slow link shows fewer frames, and
 * never old ones. Nothing here waits for the terminal but the first question and the end, both with a limit.
 *
 * Where numbers are typed at this very terminal there is a line for them (entry.h). What would be printed on it is
 * collected (collect.h). Main thread; terminal_leave from whoever does what the end owes.
 */
#ifndef SCOPE_TERMINAL_H
#define SCOPE_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "scope/paint/canvas.h"
#include "scope/paint/cells.h"
#include "scope/paint/damage.h"
#include "scope/show/event.h"
#include "scope/show/terminal_config.h"

struct terminal;

/* There is one on standard output, or on standard error. */
bool terminal_is_there(void);

/* Before any thread is started. Nothing is shown yet. NULL after a message. */
struct terminal *terminal_new(const struct terminal_config *config);
void terminal_free(struct terminal *t); /* NULL is fine */

/* Where typed lines come from, instead of standard input; -1: there is no line. It is never closed here. */
int terminal_input(const struct terminal *t);

/* Shows it. Waits for the answers of the terminal. */
void terminal_open(struct terminal *t);

/* The terminal as it was, the last picture left behind, what was collected printed. May be called again. */
void terminal_leave(struct terminal *t);

/* The rest as in window.h. */
int terminal_connection(const struct terminal *t);
bool terminal_next_event(struct terminal *t, struct show_event *event);
bool terminal_ready(const struct terminal *t, int64_t now_ns);
double terminal_scale(const struct terminal *t);

/* What is to be painted on: *cells, or where that is NULL the canvas. False after a message. */
bool terminal_begin(struct terminal *t, struct canvas *canvas, struct cells **cells, bool *fresh);

/* Asks the terminal to put text on the clipboard; no answer says whether it did. False: no memory. */
bool terminal_copy(struct terminal *t, const char *text);
void terminal_present(struct terminal *t, const struct damage *damage);

#endif
