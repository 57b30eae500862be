"""timed as a service of systemd: sockets by LISTEN_FDS, states to NOTIFY_SOCKET."""
import fcntl
import os
import signal
import socket
import subprocess
import time

from harness import PATIENCE_S, environment, main, until
from timed_harness import HAVE_IPV6, LOCAL, PLAIN, STOP_HINT, Crowd, Test, anything, read_all, udp


class Inherited(Test):
    """Sockets by LISTEN_FDS."""

    def inherit(self, *sockets, pid="$$", count=None, ready=True):
        """timed with these, whose own numbers are higher, as descriptors 3 and on."""
        moves = " ".join(f"{3 + n}<&{sock.fileno()}-" for n, sock in enumerate(sockets))
        count = len(sockets) if count is None else count
        script = f'LISTEN_PID={pid} LISTEN_FDS={count} exec "$@" {moves}' # dash knows no descriptors of two digits
        server = self.start(stdin=subprocess.DEVNULL, pass_fds=[sock.fileno() for sock in sockets],
                            prefix=["bash", "-c", script, "bash"])
        return server.ready() if ready else server

    def out_of_the_way(self, sock):
        """The same socket with a number of at least 10."""
        high = socket.socket(fileno=fcntl.fcntl(sock.fileno(), fcntl.F_DUPFD_CLOEXEC, 10))
        sock.close()
        return self.own(high)

    def listener(self, address="127.0.0.1", **options):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return self.out_of_the_way(socket.create_server((address, 0), family=family, **options))

    def test_served(self):
        """Though it is a blocking one; nothing else is listened on."""
        listener = self.listener()
        server = self.inherit(listener)
        self.assertEqual(server.listening(), [listener.getsockname()])
        self.assertEqual(server.out, f"Time Server starting on 127.0.0.1:{server.port}...\n" + STOP_HINT)
        silent = self.client(server)
        for _ in range(3):
            self.check_plain(server.ask())
        self.check_plain(read_all(silent))

    def test_several_and_datagrams(self):
        listener, other = self.listener(), self.listener("::1" if HAVE_IPV6 else "127.0.0.2")
        datagram = self.out_of_the_way(udp())
        server = self.inherit(listener, datagram, other)
        for sock in (listener, other):
            self.check_plain(server.ask(*sock.getsockname()[:1], port=sock.getsockname()[1]))
        with udp() as client:
            client.sendto(b"", datagram.getsockname())
            self.check_plain(client.recv(100))
        server.stop()

    def test_it_stays_open_for_a_successor(self):
        """Who came while nobody served waits in the queue: neither filter nor shutdown are left on the socket."""
        listener = self.listener()
        where = listener.getsockname()
        first = self.inherit(listener)
        self.check_plain(first.ask())
        first.signal(signal.SIGTERM)
        clients = [self.own(socket.create_connection(where, PATIENCE_S)) for _ in range(5)]
        first.ends(out=anything)
        clients += [self.own(socket.create_connection(where, PATIENCE_S)) for _ in range(5)]
        self.inherit(listener)
        for client in clients:
            self.check_plain(read_all(client))

    def test_it_is_left_alone_while_the_last_clients_end(self):
        """New ones, whom the successor will serve, cost nothing."""
        listener = self.listener()
        server = self.inherit(listener)
        client = self.client(server)
        self.check_plain(read_all(client))
        server.signal(signal.SIGTERM)
        until(lambda: not server.listening(), "it has let go of the listener")
        waiting = [self.own(socket.create_connection(listener.getsockname(), PATIENCE_S)) for _ in range(3)]
        self.assertLess(server.cpu_share(0.5), 0.2)
        client.close()
        server.ends(out=anything)
        self.inherit(listener)
        for client in waiting:
            self.check_plain(read_all(client))

    def test_a_crowd_and_a_successor(self):
        """Under load, too, nobody is lost on the way from one to the next."""
        listener = self.listener()
        where = listener.getsockname()

        def work(_):
            faults = []
            for _ in range(200):
                try:
                    with socket.create_connection(where, PATIENCE_S) as client:
                        reply = read_all(client)
                        if not PLAIN.fullmatch(reply):
                            faults.append(repr(reply))
                except OSError as error:
                    faults.append(str(error))
            return faults
        crowd = Crowd(8, work)
        self.addCleanup(crowd.end)
        for _ in range(3):
            server = self.inherit(listener)
            served = self.client(server)
            self.check_plain(read_all(served))
            served.close()
            server.stop()
        self.inherit(listener)
        self.assertEqual(sum(crowd.results(), []), [])

    def test_the_environment_is_wrong(self):
        for name, value in (("LISTEN_FDS", "abc"), ("LISTEN_FDS", "-1"), ("LISTEN_FDS", ""), ("LISTEN_FDS", "1000000"),
                            ("LISTEN_PID", "1"), ("LISTEN_PID", "abc"), ("LISTEN_PID", "")):
            with self.subTest(name=name, value=value):
                both = {"LISTEN_FDS": "1", "LISTEN_PID": "$$", name: value}
                listener = self.listener()
                server = self.inherit(listener, pid=both["LISTEN_PID"], count=both["LISTEN_FDS"], ready=False)
                server.ends(1, err=lambda text: self.assertRegex(text, rf"\Atimed: {name}={value}: [^\n]+\n\Z"))

    def test_sockets_of_another_process_beside_our_own(self):
        """As when a service starts this as one of several; the descriptors stay whose they are."""
        server = self.start(*LOCAL, stdin=subprocess.DEVNULL, env=environment(LISTEN_FDS="1", LISTEN_PID="1")).ready()
        self.check_plain(server.ask())
        self.assertEqual(len(server.listening()), 1)
        server.stop(err=f"timed: LISTEN_PID=1: the sockets of LISTEN_FDS are for another process, this is {server.pid}: "
                        "left alone\n")

    def test_the_descriptors_are_wrong(self):
        listener = self.listener()
        connected = self.out_of_the_way(socket.create_connection(listener.getsockname()))
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(os.path.join(self.directory, "unix"))
        unix.listen()
        with open(os.devnull, "rb") as low:
            file = self.own(open(fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 10), "rb"))
        for what, sock in (("a file", file), ("connected", connected), ("bound", self.out_of_the_way(bound)),
                           ("of another family", self.out_of_the_way(unix))):
            with self.subTest(what=what):
                self.inherit(sock, ready=False).ends(1, err=lambda text: self.assertRegex(
                    text, r"\Atimed: descriptor 3 of LISTEN_FDS\S*: [^\n]+\n\Z"))
        self.inherit(listener, count=2, ready=False).ends(1, err=lambda text: self.assertRegex(
            text, r"\Atimed: descriptor 4 of LISTEN_FDS\S*: [^\n]+\n\Z"))

    @staticmethod
    def free_place():
        """systemd-socket-activate takes no port 0. In a network of our own nobody takes this one in the meantime."""
        with socket.create_server(("127.0.0.1", 0)) as sock, udp(port=sock.getsockname()[1]):
            return f"127.0.0.1:{sock.getsockname()[1]}"

    def activated(self, *words):
        """timed that systemd-socket-activate will start for the first client; where it listens."""
        server = self.start(stdin=subprocess.DEVNULL,
                            prefix=["systemd-socket-activate", *words, "-l", self.free_place()])
        bound = until(lambda: not server.running() or [sock.local for sock in server.sockets() if sock.local[1]],
                      "systemd-socket-activate listens")
        self.assertTrue(server.running(), server.err)
        server.port = bound[0][1]
        return server

    def test_systemd_socket_activate(self):
        server = self.activated()
        for _ in range(3):
            self.check_plain(server.ask())
        server.says(f"Time Server starting on 127.0.0.1:{server.port}...\n" + STOP_HINT)
        server.stop(err=anything)

    def test_systemd_socket_activate_with_datagrams(self):
        server = self.activated("--datagram")
        with udp() as client:
            for _ in range(3):
                client.sendto(b"?", ("127.0.0.1", server.port))
                self.check_plain(client.recv(100))
        server.stop(err=anything)


class Notify(Test):
    """systemd's NOTIFY_SOCKET."""

    def socket(self, name):
        sock = self.own(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        sock.settimeout(PATIENCE_S)
        sock.bind("\0" + name[1:] if name.startswith("@") else name)
        return sock

    def tell(self, name):
        """A start and a stop with a client in between that is not yet gone."""
        sock = self.socket(name)
        server = self.start(*LOCAL, stdin=subprocess.DEVNULL, env=environment(NOTIFY_SOCKET=name))
        self.assertIn("READY=1", sock.recv(4096).decode().splitlines())
        listening = server.listening()
        self.assertEqual(len(listening), 1, "ready, but nothing listens")
        connected = time.monotonic()
        client = self.own(socket.create_connection(listening[0], PATIENCE_S))
        self.check_plain(read_all(client))
        server.signal(signal.SIGTERM)
        self.assertIn("STOPPING=1", sock.recv(4096).decode().splitlines())
        held = server.running() and server.holds(client)
        self.takes(time.monotonic() - connected, 2, "a client whose time may have passed")
        self.assertTrue(held, "it stopped before it said so")
        client.close()
        server.ends(out=anything)
        sock.setblocking(False)
        with self.assertRaises(BlockingIOError):
            sock.recv(4096)

    def test_a_path(self):
        self.tell(os.path.join(self.directory, "notify"))

    def test_an_abstract_name(self):
        self.tell(f"@timed-test-{os.getpid()}-{time.monotonic_ns()}")

    def test_nobody_there(self):
        """The clients come first."""
        for name in (os.path.join(self.directory, "nosuch"), "@timed-test-nosuch", "relative", "", "@", "/" * 200):
            with self.subTest(name=name):
                server = self.start(*LOCAL, stdin=subprocess.DEVNULL, env=environment(NOTIFY_SOCKET=name)).ready()
                self.check_plain(server.ask())
                server.stop(err=anything)

    @staticmethod
    def fill(filler, name):
        filler.setblocking(False)
        try:
            while True:
                filler.sendto(b"x", name)
        except BlockingIOError:
            pass

    def test_a_queue_that_is_full_for_a_while(self):
        """A service whose READY=1 was lost would be killed as one that never got ready."""
        name = os.path.join(self.directory, "notify")
        sock = self.socket(name)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
            self.fill(filler, name)
            server = self.start(*LOCAL, stdin=subprocess.DEVNULL, env=environment(NOTIFY_SOCKET=name)).ready()
            self.check_plain(server.ask())
            while (word := sock.recv(4096)) == b"x":
                pass
            self.assertEqual(word, b"READY=1")
            self.fill(filler, name)
            client = self.client(server)
            self.check_plain(read_all(client))
            server.signal(signal.SIGTERM)
            until(lambda: not server.listening(), "it stops")
            while (word := sock.recv(4096)) == b"x":
                pass
            self.assertEqual(word, b"STOPPING=1")
            client.close()
            server.ends(out=anything)

    def test_nobody_reads(self):
        """A full queue delays nothing, and after 5 seconds that is said."""
        name = os.path.join(self.directory, "notify")
        self.socket(name)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
            self.fill(filler, name)
            server = self.start(*LOCAL, stdin=subprocess.DEVNULL, env=environment(NOTIFY_SOCKET=name)).ready()
            self.check_plain(server.ask())
            server.says(f"timed: NOTIFY_SOCKET={name}: READY=1: Resource temporarily unavailable\n", "err")
            server.end_quickly(lambda: server.signal(signal.SIGTERM), out=anything, err=anything, limit_s=5)


if __name__ == "__main__":
    main()
