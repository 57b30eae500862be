"""timed stopped while clients come: none whose connect succeeded is lost."""
import os
import signal
import socket
import time
from pathlib import Path

from harness import PATIENCE_S, main, until
from timed_harness import HAVE_IPV6, LOCAL, PLAIN, SANITIZED, Crowd, Test, anything, read_all

# How often a server is stopped under full load. TIMED_STOPS=40 for a verdict; the default is for every day.
STOPS = int(os.environ.get("TIMED_STOPS", 4 if SANITIZED else 12))


class Stop(Test):
    """No client whose connect succeeded sees a reset or an empty reply."""

    def test_what_is_queued_is_served(self):
        """The kernel has completed these connections; the server sees them only after the signal."""
        places = ["-l", ":0"] if HAVE_IPV6 else LOCAL
        server = self.serve("-q", *places)
        server.signal(signal.SIGSTOP)
        until(lambda: server.state() == "T", "it is stopped")
        # More than are accepted in the moments before the end, if the system allows that many and ours are enough.
        queue = int(Path("/proc/sys/net/core/somaxconn").read_text())
        many = min(queue, 4000, self.allow_many_clients())
        clients = [self.client(server, "::1" if HAVE_IPV6 and n % 2 else "127.0.0.1") for n in range(many)]
        for client in clients[::3]:
            client.sendall(b"x" * 4096)
        server.signal(signal.SIGTERM)
        server.signal(signal.SIGCONT)
        for client in clients:
            self.check_plain(read_all(client))
            client.close()
        server.ends(out=anything)

    def test_a_second_signal_ends_at_once_whatever_is_queued(self):
        """With 16 descriptors it takes seconds to serve who waits; asked twice, it need not."""
        many = min(int(Path("/proc/sys/net/core/somaxconn").read_text()), 2500, self.allow_many_clients())
        server = self.serve("-q", prefix=["prlimit", "--nofile=16:16"])
        clients = [self.client(server) for _ in range(many)]
        asked = time.monotonic()
        server.signal(signal.SIGTERM)
        until(lambda: time.monotonic() > asked + 0.4, "the first signal is some time ago")
        self.assertTrue(server.running(), f"{many} clients are no queue")
        server.end_quickly(lambda: server.signal(signal.SIGTERM), out=anything, err=anything, limit_s=1)
        self.assertEqual(len(clients), many)

    def load(self, places):
        """Clients that come as fast as they can until the server is gone; how many were served, and what went wrong."""
        def work(place):
            family, where = places[place % len(places)]
            served, faults = 0, []
            while True:
                with socket.socket(family, socket.SOCK_STREAM) as client:
                    client.settimeout(0.2) # for connect: nobody answers between the signal and the end
                    try:
                        client.connect(where)
                    except (ConnectionRefusedError, TimeoutError):
                        return served, faults
                    client.settimeout(PATIENCE_S)
                    try:
                        if served % 2:
                            client.sendall(b"x" * 512)
                        reply = read_all(client)
                        if PLAIN.fullmatch(reply):
                            served += 1
                        else:
                            faults.append(f"reply {reply!r}")
                    except OSError as error:
                        faults.append(str(error))
        return Crowd(16, work)

    def test_under_full_load(self):
        self.stop_under_load(prefix=())

    def test_under_full_load_without_privilege(self):
        """Newer kernels keep filters on TCP sockets for CAP_NET_ADMIN."""
        self.stop_under_load(prefix=["setpriv", "--bounding-set=-net_admin"] if os.geteuid() == 0 else ())

    def stop_under_load(self, prefix):
        total = 0
        for _ in range(STOPS):
            server = self.serve("-l", ":0" if HAVE_IPV6 else "127.0.0.1:0", prefix=prefix)
            places = [(socket.AF_INET, ("127.0.0.1", server.port))]
            if HAVE_IPV6:
                places.append((socket.AF_INET6, ("::1", server.port)))
            crowd = self.load(places)
            try:
                used = server.cpu_s()
                until(lambda: server.cpu_s() > used + 0.04, "it is under load")
                server.signal(signal.SIGTERM)
                server.ends(out=anything)
                results = crowd.results()
            finally:
                crowd.end()
            self.assertEqual([fault for _, faults in results for fault in faults], [])
            total += sum(served for served, _ in results)
        self.assertGreater(total, 100 * STOPS, "this was no load")

    def test_a_successor_takes_the_port_over(self):
        """Not a second of waiting for old connections, which are in TIME_WAIT on the server's side."""
        server = self.serve()
        self.check_plain(server.ask())
        server.stop()
        self.check_plain(self.serve("-l", f"127.0.0.1:{server.port}").ask())


if __name__ == "__main__":
    main()
