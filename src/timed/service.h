/*
 * The two halves of systemd's service protocol, spoken directly: sockets handed over at the start, sd_listen_fds(3),
 * and states reported back, sd_notify(3). Main thread.
 */
#ifndef TIMED_SERVICE_H
#define TIMED_SERVICE_H

enum { SERVICE_FIRST_FD = 3, SERVICE_FDS_MAX = 64 };

/*
 * How many descriptors from SERVICE_FIRST_FD on were handed to this process by LISTEN_FDS: 0 when none were, -1 after a
 * message. Takes LISTEN_* out of the environment and makes the descriptors close-on-exec; what they are is for the
 * caller to look at. A LISTEN_PID that names another process is an error, not silence: who set it wanted them served.
 */
int service_inherited(void);

/* Sends state ("READY=1") to NOTIFY_SOCKET, if there is one, without ever waiting. 0, or an errno value. */
int service_notify(const char *state);

#endif
