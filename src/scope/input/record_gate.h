/*
 * A recording is whole lines however the program ends. A write that the end of the process cuts short would leave half a
 * line behind, and half a number is a false one. So each write goes through a gate, and whoever ends the process closes
 * the gate first: that waits for the write that is under way, a moment, and lets no other begin.
 *
 * There is one end of a process, and signal handlers get no argument: the gate is static.
 */
#ifndef SCOPE_RECORD_GATE_H
#define SCOPE_RECORD_GATE_H

/* Around each write, and around what puts a failed one right. Does not return once the gate is closed. Reader thread. */
void record_gate_enter(void);
void record_gate_leave(void);

/* For good. Any other thread, any number of times; safe in a signal handler. */
void record_gate_close(void);

/*
 * From now on every signal that would end the process, and that nobody has a handler for, closes the gate first: Ctrl-\,
 * or a fault. Main thread, before the reader runs.
 */
void record_gate_guard_signals(void);

#endif
