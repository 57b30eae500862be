"""The schedule: ticks on their grid, jobs side by side, output that nobody reads, and nothing that blocks."""
import os
import re
import select
import signal
import subprocess
import time

from forker_harness import ENDED, METHODS, ONCE, SANITIZED, Test, anything, main, pass_time, skip_unless, works
from harness import PATIENCE_S, Late, until


class Ticks(Test):
    def test_the_grid(self):
        """None early; each in its own interval, as one that is late beyond it counts as missed."""
        forker = self.finish("-i", 0.025, "-e", 1, "-n", 60, "-j", 60, "--", "true")
        printed = self.check_ticks(forker, 60)
        forks = forker.log("fork")
        self.assertEqual([record["tick"] for record in forks], printed)
        late = [record["t"] - 0.025 * (record["tick"] - 1) for record in forks]
        if len(late) < 10:
            raise Late("so many ticks were missed that the rest say nothing")
        self.assertGreaterEqual(min(late), 0)
        half = len(late) // 2 # t begins before the grid does, on a busy machine a good while before
        self.assertLess(min(late[half:]) - min(late[:half]), 0.025, "no drift: what is late stays as late")
        self.assertEqual(self.check_log(forker), len(printed))

    def stop_at(self, forker, tick):
        """Stops it at that tick or soon after it."""
        forker.reaches(tick)
        forker.signal(signal.SIGSTOP)
        until(lambda: forker.state() in "TZ", "it is stopped")
        if forker.state() == "Z":
            raise Late("it had ended before we could stop it")

    def test_a_long_stop_leaves_a_hole(self):
        """The grid goes on, the ticks of the hole are counted and logged, and not made up for."""
        forker = self.start("-i", 0.02, "-n", 60, "-e", 1000)
        self.stop_at(forker, 5)
        last = int(forker.lines()[-1])
        pass_time(0.3)
        forker.signal(signal.SIGCONT)
        forker.ends()
        printed = self.check_ticks(forker, 60)
        hole = next(record for record in forker.log("missed") if record["tick"] > last and record["count"] >= 13)
        self.assertLessEqual(sum(last < number < hole["tick"] for number in printed), 1)
        self.assertFalse(set(range(hole["tick"], hole["tick"] + hole["count"])) & set(printed))

    def test_a_stop_beyond_the_last_tick(self):
        forker = self.start("-i", 0.02, "-n", 10, "-e", 1000)
        self.stop_at(forker, 3)
        pass_time(0.3)
        forker.signal(signal.SIGCONT)
        forker.ends()
        printed = self.check_ticks(forker, 10)
        self.assertLess(len(printed), 10)

    def test_a_slow_child_delays_no_tick(self):
        forker = self.start("-i", 0.01, "-n", 100, "-e", 7, "--", "sleep", "1000")
        forker.reaches(100)
        self.assertEqual(len(forker.log("exit")), 0)
        self.assertTrue(forker.running())
        forker.stop()
        self.check_ticks(forker, 100)

    def test_count_ends_with_the_last_child(self):
        """All that it prints is there, and the summary comes after it."""
        forker = self.start(*ONCE, "--", "sh", "-c",
                            "echo begun; until [ -e go ]; do sleep 0.01; done; echo done")
        forker.says("begun\n")
        pass_time(0.1)
        self.assertTrue(forker.running())
        self.assertEqual(forker.err, "")
        self.write("go", "")
        forker.ends()
        self.assertEqual(forker.lines()[-2], "done")
        self.assertRegex(forker.lines()[-1], ENDED)


class Jobs(Test):
    def gate_opens(self, enough):
        """Opens the FIFO for those who wait at it, again and again till that is enough: some may still be on their way."""
        def opened():
            try:
                os.close(os.open(self.directory / "gate", os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                pass # nobody waits
            return enough()
        until(opened, "all have passed")

    @staticmethod
    def ticks_taken(forker):
        return sum(line.isdigit() for line in forker.lines()) + sum(record["count"] for record in forker.log("missed"))

    def test_one_too_many_is_skipped(self):
        os.mkfifo(self.directory / "gate")
        for jobs in (1, 3):
            with self.subTest(jobs=jobs):
                forker = self.start("-i", 0.01, "-e", 2, "-n", 40, "-j", jobs, "--", "cat", "gate")
                forker.logged("skipped", 5)
                for _ in range(20):
                    self.assertEqual(len(forker.children()), jobs)
                until(lambda: self.ticks_taken(forker) == 40, "the last tick")
                self.assertEqual(forker.log("exit"), [])
                self.gate_opens(lambda: not forker.running())
                forker.ends()
                skipped = forker.log("skipped")
                self.assertEqual({record["running"] for record in skipped}, {jobs})
                self.assertEqual(forker.out.count(f"Skipped: {jobs} still running\n"), len(skipped))
                self.assertEqual(forker.summary()["skipped"], len(skipped))
                self.assertEqual(self.check_log(forker), jobs)
                due = {record["tick"] for record in skipped + forker.log("fork")}
                printed = self.check_ticks(forker, 40)
                self.assertEqual(sorted(due), [number for number in printed if number % 2 == 0])

    def test_a_hundred_that_end_together(self):
        """One SIGCHLD may stand for many."""
        os.mkfifo(self.directory / "gate")
        forker = self.start("-i", 0.004, "-e", 1, "-j", 100, "--", "cat", "gate")
        until(lambda: len(forker.children()) == 100, "all run")
        forker.signal(signal.SIGSTOP) # they end while it cannot look
        self.gate_opens(lambda: list(forker.children().values()).count("Z") == 100)
        forker.signal(signal.SIGCONT)
        forker.logged("exit", 100)
        until(lambda: "Z" not in forker.children().values(), "all are reaped")
        forker.stop()
        self.check_log(forker)


class Output(Test):
    def read_for(self, forker, done):
        """Standard output until done(), and what is there then."""
        data, deadline = [], time.monotonic() + PATIENCE_S
        while not done():
            self.assertLess(time.monotonic(), deadline)
            if select.select([forker.process.stdout], [], [], 0.01)[0]:
                data.append(os.read(forker.process.stdout.fileno(), 1 << 16))
        return b"".join(data).decode()

    def test_a_reader_that_stops(self):
        """forker goes on, without growing or spinning; and all that was written comes when it is read."""
        forker = self.start("-i", 0.005, "-e", 2, "-j", 4, "--", "sh", "-c", "exec seq -f \"$$ %g\" 1 20000",
                            stdout=subprocess.PIPE)
        forker.logged("skipped", 5)
        memory, cpu, start = forker.status("VmRSS"), forker.cpu_s(), time.monotonic()
        forker.logged("skipped", len(forker.log("skipped")) + 60)
        grown = forker.status("VmRSS") - memory
        self.assertLess(grown, 2048, "KiB")
        self.assertLess(forker.cpu_s() - cpu, 0.5 * (time.monotonic() - start) + 0.05)
        running = len(forker.log("fork"))
        self.assertLessEqual(len(forker.children()), 4)
        text = self.read_for(forker, lambda: len(forker.log("fork")) >= running + 4)
        forker.signal(signal.SIGTERM)
        text += forker.read_all()
        forker.ends()
        numbers = {}
        for line in text.splitlines():
            match = re.fullmatch(r"(\d+) (\d*)", line)
            if match and not match[2]:
                continue # the end of one that was ended
            if match:
                numbers.setdefault(int(match[1]), []).append(int(match[2]))
            else:
                self.assertTrue(line.isdigit() or ENDED.fullmatch(line) or
                                re.match("About to fork[.]{3}$|Child process: |Skipped: ", line), line)
        whole = [record["pid"] for record in forker.log("exit") if record.get("status") == 0]
        self.assertGreater(len(whole), 0)
        for pid in whole:
            self.assertEqual(numbers[pid], list(range(1, 20001)))
        for record in forker.log("exit"):
            got = numbers.get(record["pid"], [])
            self.assertEqual(got[:-1], list(range(1, len(got)))) # of one that was ended the last may be cut

    def test_interrupted_while_nobody_reads(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            forker = self.start("-i", 0.005, "-e", 1, "--", "seq", "100000", stdout=subprocess.PIPE)
            forker.logged("skipped", 20)
            forker.stop(number, err=lambda text: self.assertRegex(
                text, r"\nforker: [0-9]+ bytes were not read in time, and are lost\n\Z"))

    def test_a_grandchild_that_keeps_the_pipe(self):
        """The child is reaped at once; what comes later comes in whole lines."""
        script = "[ -e first ] && exit; touch first; " \
                 "(until [ -e go ]; do sleep 0.01; done; printf la; sleep 0.1; echo te; echo end) & echo early"
        for method in METHODS:
            with self.subTest(method=method):
                for name in ("go", "first"):
                    (self.directory / name).unlink(missing_ok=True)
                forker = self.start("--spawn", method, "-i", 0.01, "-e", 10, "--", "sh", "-c", script)
                forker.logged("exit", 2)
                forker.says("early\n")
                until(lambda: "Z" not in forker.children().values(), "no zombie")
                self.write("go", "")
                forker.says("end\n")
                forker.stop()
                self.assertEqual([forker.lines().count(line) for line in ("early", "late", "end")], [1, 1, 1])
                self.assertEqual(set(line for line in forker.lines() if not line.isdigit() and
                                     not ENDED.fullmatch(line)) -
                                 {"About to fork...", "Skipped: 1 still running", "early", "late", "end"},
                                 {f"Child process: About to execute sh -c {script}"})

    def test_a_child_that_closes_its_output(self):
        forker = self.start("-i", 60, "-e", 1, "--", "sh", "-c", "exec >&-; until [ -e go ]; do sleep 0.01; done")
        forker.logged("exec")
        cpu, start = forker.cpu_s(), time.monotonic()
        pass_time(0.3)
        self.assertLess(forker.cpu_s() - cpu, 0.5 * (time.monotonic() - start))
        self.write("go", "")
        forker.logged("exit")
        forker.stop()


TRACED = re.compile(r"^(\d+) (\w+)\((.*)\) += (-?\d+|\?)")
SLEEPING = {"nanosleep", "clock_nanosleep", "select", "pselect6", "ppoll", "epoll_wait", "epoll_pwait", "pause",
            "futex", "rt_sigtimedwait", "rt_sigsuspend", "sendfile", "splice", "flock", "vfork", "fsync", "tgkill"}


@skip_unless(not SANITIZED and works("strace", "-o", "/dev/null", "true"), "strace does not work here")
class Calls(Test):
    """What the parent calls, as strace sees it: of all that may wait there is but poll."""

    def trace(self, *arguments):
        forker = self.start(*arguments, prefix=["strace", "-f", "-s", "5000", "-o", "trace"], stdout=subprocess.PIPE)
        forker.read_all(2 * PATIENCE_S)
        forker.ends(err=anything)
        begun, lines = {}, []
        for line in (self.directory / "trace").read_text(errors="replace").splitlines():
            pid, _, rest = line.partition(" ")
            rest = rest.lstrip()
            if rest.endswith("<unfinished ...>"):
                begun[pid] = rest.removesuffix("<unfinished ...>").rstrip()
                continue
            if rest.startswith("<... "):
                rest = begun.pop(pid, "") + rest.partition("resumed>")[2]
            lines.append((pid, rest))
        first = lines[0][0]
        calls = [TRACED.match(f"{pid} {rest}") for pid, rest in lines if pid == first]
        calls = [match.groups()[1:] for match in calls if match]
        names = [name for name, _, _ in calls]
        self.assertIn("poll", names)
        return calls[names.index("timerfd_settime"):], calls

    def nonblocking(self, calls):
        """Follows the descriptors; yields those calls that read or write, and whether they can block."""
        flags = {}
        for name, arguments, result in calls:
            number = int(result) if result.lstrip("-").isdigit() else -1
            if name in ("openat", "timerfd_create", "signalfd4") and number >= 0:
                flags[number] = "NONBLOCK" in arguments or '"/proc/self/task' in arguments
            elif name == "pipe2" and number == 0:
                for fd in re.findall(r"\d+", arguments.partition("]")[0]):
                    flags[int(fd)] = "O_NONBLOCK" in arguments
            elif name == "fcntl" and "F_SETFL" in arguments:
                flags[int(arguments.split(",")[0])] = "O_NONBLOCK" in arguments
            elif name in ("read", "write", "readv", "writev"):
                yield name, arguments, flags.get(int(arguments.split(",")[0]), False)

    def check(self, *words):
        loop, calls = self.trace(*words)
        self.assertEqual({name for name, _, _ in loop} & SLEEPING, set())
        ended = None
        for name, arguments, _ in loop:
            if name == "waitid":
                self.assertIn("WNOHANG", arguments)
                if "WEXITED" not in arguments: # it takes the news of one that stands, and reaps nobody
                    continue
                self.assertIn("WNOWAIT", arguments)
                match = re.search(r"si_code=CLD_(?:EXITED|KILLED|DUMPED), si_pid=(\d+)", arguments)
                ended = match and match[1]
            elif name == "wait4" and "WNOHANG" not in arguments:
                self.assertEqual(arguments.split(",")[0], ended, "only for one that has ended")
        self.assertIsNotNone(next((1 for name, _, _ in loop if name == "wait4"), None))
        blocking = [call for call in self.nonblocking(calls) if not call[2] and not call[1].startswith("2,")]
        loop_started = [call for call in blocking if not call[1].startswith(("3, \"\\177ELF", "3, \"\\177"))]
        log = [call for call in loop_started if re.match(r'\d+, ?"({\\"t\\":|TZif)', call[1])] # regular files
        self.assertEqual([call for call in loop_started if call not in log], [])
        if "--sample" not in words:
            self.check_order(loop)

    def check_order(self, loop):
        """What is said before a fork is written before it, as the child may write beside us."""
        said, forks = False, 0
        for name, arguments, _ in loop:
            said |= name == "write" and "About to fork..." in arguments
            if name.startswith(("clone", "fork", "vfork")):
                self.assertTrue(said)
                said, forks = False, forks + 1
        self.assertGreater(forks, 0)

    def test_text(self):
        self.check("-i", 0.03, "-e", 1, "-n", 15, "-j", 4, "--timeout", 5, "--", "sh", "-c", "(sleep 0.05 &); seq 3000")

    def test_samples(self):
        self.check("-i", 0.03, "-e", 1, "-n", 10, "-j", 4, "--sample", "out,wall", "--", "seq", "10")

    def test_posix_spawn(self):
        loop, _ = self.trace("--spawn", "posix_spawn", "-i", 0.03, "-e", 1, "-n", 5, "--", "true")
        self.check_order(loop)


if __name__ == "__main__":
    main()
