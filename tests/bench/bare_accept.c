/*
 * The least that serves: a blocking accept loop that sends the plain reply of timed and closes at once. It prints its
 * port on 127.0.0.1, and goes on until it is killed. What it gives up by closing so is what timed takes its time for.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t length = sizeof address;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (const struct sockaddr *)&address, length) != 0 ||
      listen(listener, SOMAXCONN) != 0 || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
    perror("bare_accept");
    return 1;
  }
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == EBADF)) {
      perror("bare_accept: accept");
      return 1;
    }
    if (fd < 0)
      continue;
    char reply[64];
    const time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    const size_t size = strftime(reply, sizeof reply, "\n\nCurrent time: %a %b %e %H:%M:%S %Y\n\n", &local);
    (void)!send(fd, reply, size, MSG_NOSIGNAL);
    close(fd);
  }
}
