"""What timed says: its log to readers that do not read, and its statistics."""
import datetime
import fcntl
import os
import re
import resource
import select
import signal
import socket
import time

from harness import PATIENCE_S, Late, Terminal, environment, main, until
from timed_harness import PLAIN, SANITIZED, STOP_HINT, Crowd, Test, read_all, reset_on_close


class Log(Test):
    def pipe(self, size=4096):
        """The writing end of a small pipe, which says nothing when it is full."""
        ours, theirs = os.pipe()
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, size)
        self.addCleanup(self.close, ours)
        self.addCleanup(self.close, theirs)
        return ours, theirs

    @staticmethod
    def close(fd):
        try:
            os.close(fd)
        except OSError:
            pass

    def check_that_nobody_reads(self, ours, theirs):
        """Everybody is served; lines are lost whole, and counted, and come again when there is a reader."""
        server = self.serve("--max-connections", "20", stdout=theirs)
        clients = 4000 if not SANITIZED else 3000 # 50 bytes each: far more than the pipe and a buffer of 64 KiB
        work = Crowd(8, lambda place: sum(bool(PLAIN.fullmatch(server.ask())) for _ in range(clients // 8)))
        self.assertEqual(sum(work.results()), clients)
        self.assertEqual(os.get_blocking(theirs), True, "others who share the pipe get EAGAIN now")

        os.set_blocking(ours, False)
        text = bytearray()

        def flows():
            try:
                text.extend(os.read(ours, 65536))
            except BlockingIOError:
                pass
            return re.search(rb"^\((\d+) lines lost: nobody read them\)\n", text, re.M)
        lost = int(until(flows, "lines are counted as lost")[1])
        self.check_plain(server.ask())
        until(lambda: flows() and text.endswith(b"Done.\n"), "another line")
        lines = text.decode().splitlines()
        self.assertEqual(lines[1] + "\n", STOP_HINT)
        told = [line for line in lines[2:] if re.fullmatch(r"Sending time to 127\.0\.0\.1:\d+\.\.\.Done\.", line)]
        self.assertEqual(len(told), len(lines) - 3, "whole lines")
        self.assertEqual((len(told) + lost, len(told) > 80), (clients + 1, True))
        server.stop()

    def test_a_pipe_that_nobody_reads(self):
        self.check_that_nobody_reads(*self.pipe())

    def test_a_socket_that_nobody_reads(self):
        ours, theirs = socket.socketpair()
        self.own(ours)
        self.own(theirs).setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        self.check_that_nobody_reads(ours.fileno(), theirs.fileno())

    def test_a_terminal_that_nobody_reads(self):
        """As after Ctrl-S."""
        terminal = self.own(Terminal())
        server = self.serve(stdout=terminal.theirs)
        for _ in range(500):
            self.check_plain(server.ask())
        until(lambda: terminal.read().count("Done.\n") == 500, "all lines")
        server.stop()
        self.assertEqual(len(terminal.text.splitlines()), 502)

    def test_a_pipe_that_others_write_to(self):
        """Lines stay whole between those of others, as in a pipeline of several commands."""
        ours, theirs = self.pipe()
        servers = [self.serve("-l", f"127.0.0.{n}:0", stdout=theirs) for n in (1, 2)]
        clients = 1000
        Crowd(4, lambda place: [len(servers[place % 2].ask(f"127.0.0.{1 + place % 2}"))
                                for _ in range(clients // 4)]).results()
        text = b""
        while text.count(b"Done.\n") < clients:
            self.assertTrue(select.select([ours], [], [], PATIENCE_S)[0], "no more lines")
            text += os.read(ours, 777) # by turns of both, who have more to say than the pipe takes
        lines = text.decode().splitlines()
        told = [line for line in lines if re.fullmatch(r"Sending time to 127\.0\.0\.1:\d+\.\.\.Done\.", line)]
        self.assertEqual((len(told), len(lines)), (clients, clients + 4))

    def test_a_stop_while_nobody_reads(self):
        ours, theirs = self.pipe()
        os.write(theirs, b"x" * 4096)
        server = self.serve(stdout=theirs)
        self.check_plain(server.ask())
        server.end_quickly(lambda: server.signal(signal.SIGTERM), limit_s=5)

    def test_nobody_has_the_other_end(self):
        """Quietly, and with status 0: what reads us has ended."""
        ours, theirs = self.pipe()
        server = self.serve(stdout=theirs)
        os.close(theirs)
        os.close(ours)
        if server.running():
            try:
                server.ask()
            except ConnectionError:
                pass
        server.ends()

    def test_no_line_no_end(self):
        ours, theirs = self.pipe()
        server = self.serve("-q", stdout=theirs)
        os.close(theirs)
        os.close(ours)
        for _ in range(3):
            self.check_plain(server.ask())
        server.stop()

    def test_a_full_disk(self):
        """It is the time that matters, not the log of it."""
        with open("/dev/full", "wb") as full:
            server = self.serve(stdout=full)
        for _ in range(3):
            self.check_plain(server.ask())
        server.stop(err="timed: standard output: No space left on device: lines are lost till there is room\n"
                        "timed: standard output: 5 lines lost: No space left on device\n")

    def test_a_disk_that_is_full_for_a_while(self):
        """Whole lines at any time, each loss counted, and the log goes on when there is room."""
        size = 5000 # of a file at most: a disk that is full in the middle of a line
        server = self.serve(prefix=["prlimit", f"--fsize={size}:"])
        early = 2500 # more than the file and a buffer of 64 KiB hold
        for _ in range(early):
            self.check_plain(server.ask())
        server.says("lines are lost till there is room", "err")
        self.assertLess(size - 60, len(server.out))
        self.assertEqual(server.out[-1], "\n")
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        counted = r"^\((\d+) lines lost: File too large\)$"
        lost = int(until(lambda: re.search(counted, server.out, re.M), "the loss is counted")[1])
        self.check_plain(server.ask())
        until(lambda: server.out.endswith("Done.\n"), "the last line")
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (len(server.out) + 10, resource.RLIM_INFINITY))
        for _ in range(3):
            self.check_plain(server.ask())
        server.stop(err=lambda text: self.assertTrue(text.endswith(
            f"\ntimed: standard output: {lost + 3} lines lost: File too large\n"), text))
        lines = server.out.splitlines(keepends=True)
        told = [line for line in lines if re.fullmatch(r"Sending time to 127\.0\.0\.1:\d+\.\.\.Done\.\n", line)]
        self.assertEqual(len(told) + 3, len(lines), "whole lines")
        self.assertEqual(len(told) + lost, early + 1)


    def test_stamps(self):
        """Local time, which a zone of the user's own may put anywhere."""
        server = self.serve("--stamp", "-l", "127.0.0.1:0", env=environment(TZ="XYZ-5:30"))
        before = time.time()
        self.check_plain(server.ask())
        until(lambda: "Done." in server.out, "a line")
        lines = server.out.splitlines()
        stamp = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+05:30 "
        self.assertTrue(all(re.match(stamp, line) for line in lines), lines)
        self.assertRegex(lines[0], stamp + r"Time Server starting on 127\.0\.0\.1:\d+\.\.\.$")
        said = datetime.datetime.fromisoformat(lines[2].split()[0]).timestamp()
        self.assertTrue(before - 0.001 <= said <= time.time(), (before, said))
        server.stop()


class Statistics(Test):
    LINE = r"served:(\d+(?:\.\d+)?) rejected:(\d+(?:\.\d+)?) resets:(\d+(?:\.\d+)?) active:(\d+)"

    def rows(self, text):
        lines = text.splitlines()
        matches = [re.fullmatch(self.LINE, line) for line in lines]
        self.assertTrue(all(matches), lines)
        return [tuple(map(float, match.groups())) for match in matches]

    def test_lines(self):
        period_s = 0.1
        server = self.serve("--stats", period_s, "--max-per-source", "30")
        self.assertIn(STOP_HINT, server.err)
        for _ in range(50):
            self.check_plain(server.ask())
        held = [self.client(server) for _ in range(30)]
        for client in held:
            self.check_plain(read_all(client))
        self.assertEqual(server.ask(), b"")
        until(lambda: any(row[3] == 30 for row in self.rows(self.whole(server.out))), "30 are active")
        reset_on_close(held[0])
        for client in held:
            client.close()
        until(lambda: self.rows(self.whole(server.out))[-1][3] == 0, "nobody is active")
        sums = [round(sum(column) * period_s) for column in zip(*self.rows(self.whole(server.out)))][:3]
        if sums != [80, 1, 1] and all(a <= b for a, b in zip(sums, (80, 1, 1))):
            raise Late(f"a line that is the mean of several periods: {sums}")
        self.assertEqual(sums, [80, 1, 1], "served, rejected, reset")
        server.stop(out=self.rows, err=lambda text: self.assertIn("Rejecting 127.0.0.1:", text))

    @staticmethod
    def whole(text):
        return text[:text.rfind("\n") + 1]

    def test_latency(self):
        """Of each period alone; a reply that waits for its reader counts when it is whole."""
        server = self.serve("--stats", "0.2,latency")
        until(lambda: server.out.count("\n") >= 1, "a line")
        self.assertEqual(server.out.split("\n")[0], "p50:nan p99:nan")
        for _ in range(50):
            self.check_plain(server.ask())
        number = r"(nan|[\d.]+(?:e-\d+)?)"
        until(lambda: self.whole(server.out).count("nan p99") < self.whole(server.out).count("\n"), "figures")
        rows = [re.fullmatch(f"p50:{number} p99:{number}", line) for line in self.whole(server.out).splitlines()]
        self.assertTrue(all(rows), server.out)
        for p50, p99 in (row.groups() for row in rows if row[1] != "nan"):
            self.assertTrue(0 < float(p50) <= float(p99) < 1000 * PATIENCE_S, (p50, p99))
        server.stop(err=lambda text: self.assertEqual(text.count("Done."), 50))

    def test_a_line_each_period(self):
        start = time.monotonic()
        server = self.serve("--stats", "0.05", "-q")
        until(lambda: len(self.rows(self.whole(server.out))) >= 20, "20 lines")
        self.assertGreater(time.monotonic() - start, 0.9 * 20 * 0.05 - 0.2, "they come too soon")
        server.stop(err=lambda text: self.assertRegex(text, r"\ATime Server starting on [^\n]*\n\Z"))


if __name__ == "__main__":
    main()
