"""How timed ends: by signals, under load without a loss; and which descriptors it begins with."""
import os
import signal
import socket
import subprocess
import time

from harness import PATIENCE_S, delays_signals, main, until
from timed_harness import LOCAL, Test, anything, read_all, shell, was_reset


DRAIN_S = 2 # of a client that does not go


class Signals(Test):
    ALL = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
    OTHERS = (signal.SIGUSR2, signal.SIGALRM, signal.SIGIO, signal.SIGVTALRM, signal.SIGRTMIN + 2)

    def test_idle(self):
        for number in self.ALL:
            with self.subTest(signal=number.name):
                server = self.serve()
                server.end_quickly(lambda: server.signal(number), out=anything, limit_s=1)
                with self.assertRaises(ConnectionRefusedError):
                    server.connect()

    def test_one_that_was_ignored_stays_so(self):
        """In the background of a script, SIGINT and SIGQUIT are; the Ctrl-C is for others."""
        server = self.serve(prefix=["env", "--ignore-signal=INT,QUIT,HUP"])
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            server.signal(number)
            self.check_plain(server.ask())
        self.assertTrue(server.listening())
        server.stop()

    def test_the_counts_so_far(self):
        for quiet in ((), ("-q",)):
            server = self.serve(*quiet)
            for _ in range(3):
                self.check_plain(server.ask())
            client = self.client(server)
            self.check_plain(read_all(client))
            def said():
                server.signal(signal.SIGUSR1)
                return "timed: served:4 rejected:0 resets:0 active:1\n" in server.err
            until(said, "the counts")
            client.close()
            server.stop(err=anything)

    def test_while_a_name_is_looked_up(self):
        """The resolver waits for an answer that does not come."""
        if delays_signals(self.program):
            self.skipTest("a sanitizer waits for the resolver")
        resolver = self.own(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        resolver.settimeout(PATIENCE_S)
        try:
            resolver.bind(("127.0.0.1", 53))
        except OSError:
            self.skipTest("needs port 53 for a resolver that is silent")
        conf = self.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:30\n")
        mount = shell('mount --bind "$0" /etc/resolv.conf && exec "$@"')
        mount[3] = str(conf)
        if subprocess.run(["unshare", "--mount", *mount, "true"], capture_output=True).returncode != 0:
            self.skipTest("needs a mount of its own for resolv.conf")
        for number in self.ALL:
            name = f"{number.name.lower()}.invalid"
            with self.subTest(signal=number.name):
                server = self.start("-l", f"{name}:0", stdin=subprocess.DEVNULL,
                                    prefix=["unshare", "--mount", *mount])
                while name.split(".", maxsplit=1)[0].encode() not in resolver.recv(4096):
                    pass # the last one's
                server.end_quickly(lambda: server.signal(number), limit_s=1)

    def test_before_it_listens(self):
        """At any moment of the start: killed by the signal, or ended in order, but nothing in between."""
        for delay_ms in range(0, 10):
            server = self.start(*LOCAL, stdin=subprocess.DEVNULL)
            time.sleep(delay_ms / 1000)
            server.signal(signal.SIGTERM)
            status = server.wait()
            self.assertIn(status, (0, -signal.SIGTERM), server.err)
            server.ends(status, out=anything)

    def test_a_client_that_is_still_there(self):
        """It is waited for, and the end comes with its own."""
        for number in self.ALL + self.OTHERS:
            with self.subTest(signal=number):
                server = self.serve()
                connected = time.monotonic()
                client = self.client(server)
                self.check_plain(read_all(client))
                server.signal(number)
                until(lambda: not server.listening(), "the listener is closed")
                client.sendall(b"still here")
                held = server.holds(client)
                self.takes(time.monotonic() - connected, DRAIN_S, "a client whose time may have passed")
                self.assertTrue(held)
                server.end_quickly(client.close, out=anything, limit_s=1)

    def test_silent_clients_end_with_their_time(self):
        """Nobody closes, nobody is reset: each has its two seconds, and after the last of them the server ends."""
        server = self.serve()
        clients = [self.client(server) for _ in range(20)]
        connected = time.monotonic()
        clients.append(self.client(server))
        for client in clients:
            self.check_plain(read_all(client))
        server.signal(signal.SIGTERM)
        until(lambda: not server.listening(), "the listener is closed")
        server.ends(out=anything)
        self.assertGreater(time.monotonic() - connected, 1.9)
        for client in clients:
            self.assertFalse(was_reset(client))

    def test_the_second_one_ends_it_at_once(self):
        """After the first there are nearly two seconds left for the client."""
        for second in self.ALL:
            with self.subTest(second=second.name):
                server = self.serve()
                connected = time.monotonic()
                client = self.client(server)
                self.check_plain(read_all(client))
                server.signal(signal.SIGTERM)
                until(lambda: not server.listening(), "the listener is closed")
                server.signal(second)
                server.ends(out=anything)
                self.takes(time.monotonic() - connected, DRAIN_S - 0.2, "to end at once")

    def test_nohup(self):
        server = self.serve(prefix=["nohup"])
        server.signal(signal.SIGHUP)
        self.check_plain(server.ask())
        server.signal(signal.SIGHUP)
        self.check_plain(server.ask())
        server.stop(err=anything)

    def test_a_signal_that_the_parent_blocked(self):
        """A mask from a parent must not make it immortal."""
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        try:
            server = self.serve()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        server.end_quickly(lambda: server.signal(signal.SIGTERM), out=anything, limit_s=2)

    def test_stopped_and_continued(self):
        server = self.serve()
        server.signal(signal.SIGSTOP)
        until(lambda: server.state() == "T", "it is stopped")
        client = self.client(server)
        server.signal(signal.SIGCONT)
        self.check_plain(read_all(client))
        server.stop()


class Descriptors(Test):
    def test_closed_ones(self):
        """None of the first three may become a socket."""
        for closed in ("0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"):
            with self.subTest(closed=closed):
                silent = "1" in closed
                server = self.start(*LOCAL, stdin=subprocess.DEVNULL, prefix=shell(f'exec "$@" {closed}'))
                server.ready(silent)
                for number in range(3):
                    self.assertNotIn("socket:", os.readlink(f"/proc/{server.pid}/fd/{number}"))
                self.check_plain(server.ask())
                server.stop(out=lambda text: self.assertEqual(text == "", silent))

    def test_none_are_kept(self):
        """After clients have come and gone it has as many as before."""
        def count():
            return len(os.listdir(f"/proc/{server.pid}/fd"))
        server = self.serve()
        before = count()
        for _ in range(100):
            server.ask()
        until(lambda: count() == before, "no more descriptors than before")


if __name__ == "__main__":
    main()
