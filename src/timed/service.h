/*
 * The two halves of systemd's service protocol, spoken directly: sockets handed over at the start, sd_listen_fds(3),
 * and states reported back, sd_notify(3). Main thread.
 */
#ifndef TIMED_SERVICE_H
#define TIMED_SERVICE_H

#include <stdbool.h>

enum { SERVICE_FIRST_FD = 3, SERVICE_FDS_MAX = 64 };

/*
 * Takes over the descriptors from SERVICE_FIRST_FD on that LISTEN_FDS hands to this process: how many, 0 when none are,
 * -1 after a message. LISTEN_* leaves the environment, the descriptors become close-on-exec; what they are is for the
 * caller to look at. A LISTEN_PID that names another process is an error, not silence: who set it wanted them served.
 * have_others: there is something else to serve, and then that is said, and they are left alone.
 */
int service_adopt(bool have_others);

/*
 * Sends state ("READY=1") to NOTIFY_SOCKET, if there is one, without ever waiting. 0, or an errno value: EAGAIN when the
 * manager's queue is full, and it is worth another try.
 */
int service_notify(const char *state);

#endif
