"""timed under load and attack: nothing lost, nobody delayed, limits kept, nothing that blocks."""
import fcntl
import os
import re
import resource
import signal
import socket
import sys
import time

from harness import Late, environment, main, until
from timed_harness import (PLAIN, SANITIZED, Crowd, Test, anything, in_own_network, network, read_all, reset_on_close,
                           was_reset, with_ipv6)

CONNECTIONS = int(os.environ.get("TIMED_CONNECTIONS", 2000 if SANITIZED else 20000))
DRAIN_S = 2
RESETS = ("TcpOutRsts", "TcpEstabResets", "TcpExtTCPAbortOnClose", "TcpExtTCPAbortOnData", "TcpExtListenDrops",
          "TcpExtListenOverflows")


class LoadTest(Test):
    def setUp(self):
        super().setUp()
        self.allow_many_clients()

    def served_in_time(self, server, count=50, source="127.0.0.1", limit_s=1.0):
        """Others are served, and none of them waits."""
        for _ in range(count):
            start = time.monotonic()
            self.check_plain(server.ask(source=source))
            self.takes(time.monotonic() - start, limit_s * (5 if SANITIZED else 1), "a reply to somebody who had to wait")


class Lossless(LoadTest):
    @in_own_network
    def test_many_that_send_before_and_after(self):
        server = self.serve("-q")
        data = b"x" * 4096
        each = CONNECTIONS // 32
        before = network.counters()
        took = []

        def work(_):
            faults = []
            for _ in range(each):
                start = time.monotonic()
                try:
                    with server.connect() as client:
                        client.sendall(data)
                        reply = read_all(client)
                        client.sendall(data)
                        if not PLAIN.fullmatch(reply):
                            faults.append(f"reply {reply!r}")
                except OSError as error:
                    faults.append(str(error))
                took.append(time.monotonic() - start)
            return faults
        faults = sum(Crowd(32, work).results(), [])
        self.assertEqual((len(faults), faults[:5]), (0, []))
        until(lambda: not server.connections(), "the last connections are gone")
        after = network.counters()
        # A machine so busy that a client is held up for longer than the server waits for it has it reset.
        late = sum(1 for seconds in took if seconds >= DRAIN_S)
        resets = {name: after[name] - before[name] for name in RESETS}
        self.assertEqual({name: max(0, n - 2 * late) for name, n in resets.items()}, dict.fromkeys(RESETS, 0), resets)
        self.assertEqual(after["TcpPassiveOpens"] - before["TcpPassiveOpens"], 32 * each)
        server.stop()


class Hostile(LoadTest):
    def test_a_silent_client_has_its_time(self):
        server = self.serve()
        start = time.monotonic()
        client = self.client(server)
        self.check_plain(read_all(client))
        until(lambda: not server.holds(client), "it is let go")
        took = time.monotonic() - start
        self.assertGreater(took, DRAIN_S - 0.01)
        self.takes(took, DRAIN_S + 2)
        self.assertFalse(was_reset(client))

    def test_one_that_never_stops_to_send_a_little(self):
        """The time is that of the connection, not of each byte."""
        server = self.serve()
        start = time.monotonic()
        client = self.client(server)
        self.check_plain(read_all(client))

        def gone():
            try:
                client.send(b"x")
            except OSError:
                return True
            return not server.holds(client)
        until(gone, "it is let go")
        took = time.monotonic() - start
        self.assertGreater(took, DRAIN_S - 0.01)
        self.takes(took, DRAIN_S + 2)

    def test_a_gigabyte(self):
        """Cut off soon after 64 KiB: what is on its way fills buffers of the kernel, which are not ours."""
        server = self.serve("-q")
        block = b"x" * 65536

        def pour(_):
            sent = 0
            with server.connect(source="127.0.0.66") as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
                start = time.monotonic()
                try:
                    while sent < 1 << 30:
                        sent += client.send(block)
                except (BrokenPipeError, ConnectionResetError):
                    pass
            return sent, time.monotonic() - start
        crowd = Crowd(8, pour)
        self.addCleanup(crowd.end)
        self.served_in_time(server)
        for sent, took in crowd.results():
            self.assertLess(sent, 16 << 20)
            self.takes(took, DRAIN_S + 2, "a gigabyte, or what was taken of it,")
        self.served_in_time(server)
        self.takes(server.cpu_s(), 2, "the server, in seconds of a processor,")

    def send_pieces(self, server, most):
        """A client that sends pieces of 4 KiB, each after the server has read the last; how many before the end."""
        client = self.client(server)
        self.check_plain(read_all(client))
        for count in range(most):
            try:
                client.sendall(b"x" * 4096)
            except (BrokenPipeError, ConnectionResetError):
                return client, count
            until(lambda: self.unread(server, client) == 0 or not server.holds(client), "all of it has been read")
        return client, most

    def test_as_much_as_is_allowed(self):
        """Up to 64 KiB after the reply are taken without a reset."""
        server = self.serve()
        start = time.monotonic()
        client, _ = self.send_pieces(server, 15)
        held = server.holds(client)
        self.takes(time.monotonic() - start, DRAIN_S, "a client whose time may have passed")
        self.assertTrue(held, "cut off too early")
        client.shutdown(socket.SHUT_WR)
        until(lambda: not server.holds(client), "it is let go")
        self.takes(time.monotonic() - start, DRAIN_S, "the end of a client that is done")
        self.assertEqual(client.recv(1), b"")

    def test_more_than_is_allowed(self):
        """However slowly it comes."""
        self.assertLess(self.send_pieces(self.serve(), 100)[1], 20)

    @staticmethod
    def unread(server, client):
        """What the client sent and the server has not acknowledged or not read."""
        count = bytearray(4)
        fcntl.ioctl(client, 0x5411, count) # SIOCOUTQ
        return int.from_bytes(count, sys.byteorder) + sum(
            sock.unread for sock in server.sockets() if sock.remote[1] == client.getsockname()[1])

    def test_many_silent_and_slow_ones(self):
        """Nobody else waits for them: neither those who come anew, nor those who come when all places are taken."""
        for arguments, silent in (((), 700), (("--max-connections", "100"), 400)):
            with self.subTest(arguments=arguments):
                server = self.serve(*arguments)
                crowd = [self.client(server, source="127.0.0.66") for _ in range(silent)]
                for client in crowd[::7]:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
                self.served_in_time(server)
                for client in crowd[::7]:
                    self.assertEqual(len(client.recv(1)), 1)
                self.served_in_time(server)
                for client in crowd: # they too have had their reply, whole
                    self.check_plain((b"\n" if client in crowd[::7] else b"") + read_all(client))
                    client.close()
                server.stop()


class Limits(LoadTest):
    def test_a_single_connection(self):
        """Nobody makes room for nobody: who is alone has all of the time."""
        server = self.serve("--max-connections", "1")
        start = time.monotonic()
        client = self.client(server)
        until(lambda: "Done." in server.out, "it has been answered")
        for _ in range(3):
            client.sendall(b"x" * 1000)
        self.check_plain(read_all(client))
        client.sendall(b"x")
        held = server.holds(client)
        self.takes(time.monotonic() - start, DRAIN_S, "a client whose time may have passed")
        self.assertTrue(held, "it was cut off")

    def test_max_connections(self):
        """The oldest makes room; it has had its reply."""
        server = self.serve("--max-connections", "3")
        clients = []
        for _ in range(3):
            clients.append(self.client(server))
            self.check_plain(read_all(clients[-1]))
        start = time.monotonic()
        clients.append(self.client(server))
        self.check_plain(read_all(clients[-1]))
        self.takes(time.monotonic() - start, DRAIN_S - 0.3, "one that had to wait for another's time to pass")
        held = [server.holds(client) for client in clients]
        if time.monotonic() - start < DRAIN_S / 2: # else their time may be over anyway
            self.assertEqual(held, [False, True, True, True])
        self.assertEqual([was_reset(client) for client in clients], [False] * 4)

    def test_many_more_than_that(self):
        """The rest wait in the backlog, and all are served, though nobody goes."""
        server = self.serve("--max-connections", "4")
        most = 0
        start = time.monotonic()
        clients = [self.client(server) for _ in range(300)]
        for client in clients:
            self.check_plain(read_all(client))
            most = max(most, server.connections())
        self.assertLessEqual(most, 4)
        self.takes(time.monotonic() - start, 300 / 4 * DRAIN_S / 4, "to serve all of them")

    def test_the_soft_limit_of_descriptors_is_raised(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        server = self.serve("--max-connections", "200", prefix=["prlimit", f"--nofile=64:{hard}"])
        start = time.monotonic()
        clients = [self.client(server) for _ in range(200)]
        for client in clients:
            self.check_plain(read_all(client))
        held = server.connections()
        if time.monotonic() - start < DRAIN_S: # else the time of the first may be over
            self.assertEqual(held, 200)

    def served_at_most(self, most, source, others):
        """Of one source so many at once; others do not count with it."""
        server = self.serve("--max-per-source", most, "-l", "[::]:0" if ":" in source else "127.0.0.1:0")
        host = source if ":" in source else "127.0.0.1"
        start = time.monotonic()
        clients = [self.client(server, host, source=source) for _ in range(most)]
        for client in clients:
            self.check_plain(read_all(client))
        over = self.client(server, host, source=source)
        nothing = read_all(over)
        if time.monotonic() - start < DRAIN_S: # else the time of the first may be over
            self.assertEqual(nothing, b"")
            server.says("Rejecting " + (f"[{source}]" if ":" in source else source) + f":{over.getsockname()[1]}: ")
        for other, counted in others:
            client = self.client(server, other if ":" in other else host, source=other)
            self.assertEqual(read_all(client) == b"", counted and time.monotonic() - start < DRAIN_S, other)
        clients[0].close()
        until(lambda: PLAIN.fullmatch(server.ask(host, source=source)), "there is room again")

    def test_max_per_source(self):
        self.served_at_most(5, "127.0.0.3", [("127.0.0.4", False), ("127.0.0.3", True)])

    @in_own_network
    @with_ipv6
    def test_max_per_source_over_ipv6(self):
        """A source is a /64 there: whoever has one address has them all."""
        for address in ("fd00:1::1", "fd00:1::2", "fd00:1:0:0:8000::1", "fd00:1:0:1::1", "fd00:2::1"):
            network.add_address(address)
        self.served_at_most(5, "fd00:1::1", [("fd00:1::2", True), ("fd00:1::8000:0:0:1", True),
                                             ("fd00:1:0:1::1", False), ("fd00:2::1", False)])


class OutOfDescriptors(LoadTest):
    WAITING = "timed: accept: Too many open files: waiting for descriptors\n"

    def test_few_of_them(self):
        """200 clients that stay, 32 descriptors: all are served, at no cost."""
        server = self.serve("-q", prefix=["prlimit", "--nofile=32:32"])
        clients = [self.client(server) for _ in range(200)]
        self.assertLess(server.cpu_share(2), 0.05)
        for client in clients:
            self.check_plain(read_all(client))
        for client in clients:
            client.close()
        self.served_in_time(server, 5)
        server.stop(err=lambda text: self.assertRegex(text, rf"\A({self.WAITING})+\Z"))

    def test_none_left(self):
        """It waits for better times, says so once, and recovers: twice."""
        server = self.serve()
        hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)[1]
        for episode in (1, 2):
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (4, hard))
            clients = [self.client(server) for _ in range(20)]
            server.says(self.WAITING * episode, "err")
            self.assertLess(server.cpu_share(1.5), 0.05)
            if server.err.count(self.WAITING) > episode:
                raise Late("a shortage of descriptors, of which a second was slept through and so ended it,")
            self.assertEqual(server.err, self.WAITING * episode)
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (256, hard))
            for client in clients:
                self.check_plain(read_all(client))
                client.close()
            until(lambda: not server.connections(), "they are gone")
            recovered = time.monotonic()
            # A second without a shortage, and the next one is another episode.
            until(lambda: self.check_plain(server.ask()) and time.monotonic() > recovered + 1.2, "a while of peace")
        server.stop(err=self.WAITING * 2)

    def test_stopped_while_none_are_left(self):
        server = self.serve()
        hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (4, hard))
        clients = [self.client(server) for _ in range(20)]
        server.says(self.WAITING, "err")
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (256, hard))
        server.signal(signal.SIGTERM)
        for client in clients:
            self.check_plain(read_all(client))
            client.close()
        server.ends(out=anything, err=self.WAITING)


class NothingBlocks(LoadTest):
    """strace sees every call that the server makes."""

    WAITS = ("epoll_wait", "epoll_pwait", "epoll_pwait2")
    SLEEPS = ("select", "pselect6", "nanosleep", "clock_nanosleep", "futex", "wait4", "waitid", "pause", "fsync",
              "fdatasync", "rt_sigsuspend", "rt_sigtimedwait", "flock")

    def test_under_hostile_load(self):
        ours, theirs = os.pipe()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        os.set_blocking(theirs, False)
        try:
            while True:
                os.write(theirs, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(theirs, True)
        trace = self.directory / "trace"
        leaks = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"))) # not under a tracer
        server = self.serve("-u", "--max-per-source", "300", stdout=theirs, env=environment(ASAN_OPTIONS=leaks),
                            prefix=["strace", "-D", "-f", "-T", "-o", trace])
        silent = [self.client(server, source="127.0.0.66") for _ in range(100)]

        def attack(place):
            """Senders without end, clients that reset, clients that go without a word."""
            for _ in range(40):
                with server.connect(source=f"127.0.0.{70 + place}") as client:
                    try:
                        if place == 0:
                            for _ in range(50):
                                client.send(b"x" * 65536)
                        elif place == 1:
                            reset_on_close(client)
                    except (BrokenPipeError, ConnectionResetError):
                        pass
            return True
        crowd = Crowd(3, attack)
        self.addCleanup(crowd.end)
        self.served_in_time(server, 100, limit_s=2)
        crowd.results()
        for client in silent:
            self.check_plain(read_all(client))
        self.served_in_time(server, 10, limit_s=2)
        server.stop(err=anything)
        until(lambda: "+++ exited with 0 +++" in trace.read_text(), "strace has written all")
        self.check_calls(trace.read_text().splitlines())

    def check_calls(self, lines):
        calls, listening = {}, False
        for line in lines:
            match = re.fullmatch(r"\d+ +(\w+)\((.*)= .*<([\d.]+)>", line)
            if not match:
                self.assertRegex(line, r"\+\+\+|---|exit_group|<unfinished|resumed>|execve")
                continue
            name, arguments, took = match[1], match[2], float(match[3])
            calls[name] = calls.get(name, 0) + 1
            if name in self.WAITS:
                continue
            self.takes(took, 0.5, f"this call: {line}: which")
            listening = listening or name == "listen"
            if name in ("socket", "accept4", "accept"):
                self.assertIn("SOCK_NONBLOCK", arguments, line)
            if listening and not SANITIZED: # the sanitizers' own threads and locks are not ours
                self.assertNotIn(name, self.SLEEPS, line)
                if name in ("poll", "ppoll"):
                    self.assertRegex(arguments, r", (0|\{tv_sec=0, tv_nsec=0\}.*)\) *\Z", line)
        print("calls:", ", ".join(f"{name} {count}" for name, count in sorted(calls.items(), key=lambda x: -x[1])[:12]))
        self.assertGreater(calls.get("accept4", 0), 300, "strace saw nothing")


if __name__ == "__main__":
    main()
