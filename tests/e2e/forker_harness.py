"""What only the tests of forker need: its log and summary read, and a search for whatever it has left behind.

A longer run, with the full counts of what is tested at random moments: FORKER_FULL=1
"""
import ctypes
import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
import unittest
import uuid
from pathlib import Path

import harness
from harness import PATIENCE_S, Late, environment, sanitized, until

FORKER = harness.program("forker")
SANITIZED = sanitized(FORKER)
FULL = bool(os.environ.get("FORKER_FULL"))
# One run, and only that. A tick that is late by a whole interval is missed; of a minute, no machine is as late as that.
ONCE = ("-i", 60, "-e", 1, "-n", 1)
METHODS = ("fork", "vfork", "posix_spawn")
HINT = "Try 'forker --help' for more information.\n"
MARK = "FORKER_TEST" # a variable that all descendants inherit
SUMMARY = re.compile(
    r"forker: ticks: (?P<ticks>\d+), missed: (?P<missed>\d+), late by \d+\.\d{3} ms on average, \d+\.\d{3} ms at most\n"
    r"forker: runs: (?P<succeeded>\d+) succeeded, (?P<failed>\d+) failed \((?P<timed_out>\d+) timed out\), "
    r"(?P<skipped>\d+) skipped; reaped: children (?P<reaped>\d+), orphans (?P<orphans>\d+)\n"
    r"(?:forker: median, p95, p99:(?P<figures>.*)\n)?\Z")
WAITING = re.compile(r"^Stopping: \d+ process(?:es)? left; (?:again|a signal) to end them\n", re.MULTILINE)
ENDED = re.compile(r"Child (\d+) (exited with status \d+|killed by [\w+ ]+(?: \(core dumped\))?) after \d+\.\d ms")
PR_SET_CHILD_SUBREAPER = 36

# What forker leaves behind becomes a child of ours, whatever it has done to its environment, group and session.
ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def anything(_):
    """For output that a test does not look at."""


def shell(script):
    """Words before the command for a shell to start it with, "$@" in the script."""
    return ["sh", "-c", script, "sh"]


def works(*words):
    """Whether a program of the system is there, and does what it is asked for."""
    try:
        return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=PATIENCE_S).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def stat(pid):
    """The fields of /proc/PID/stat from the state on (state, parent, group, session); None when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def children_of(parent):
    """{pid: state}"""
    found = {}
    for pid in processes():
        fields = stat(pid)
        if fields and int(fields[1]) == parent:
            found[pid] = fields[0]
    return found


def marked(mark):
    """Processes with our mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for pid in processes():
        try:
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(pid)
        except OSError: # it is gone, or another user's
            pass
    return found


def describe(pid):
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        words = ""
    return f"{pid} {stat(pid)} {words}"


def pass_time(seconds):
    """For what must not happen, or has to have lasted: until the clock says so."""
    deadline = time.monotonic() + seconds
    until(lambda: time.monotonic() >= deadline, "the time has passed", seconds + PATIENCE_S)


class Forker(harness.Process):
    """forker, running."""

    log_path = None

    def log(self, event=None):
        """The records of its log that are whole lines, or those of one event."""
        text = self.log_path.read_text() if self.log_path.exists() else ""
        records = [json.loads(line, parse_constant=self.no_json) for line in text.split("\n")[:-1]]
        for record in records:
            self.test.assertLessEqual({"t", "time", "event", "tick"}, set(record), record)
        return [record for record in records if event in (None, record["event"])]

    @staticmethod
    def no_json(word):
        raise AssertionError(f"{word} is not JSON")

    def logged(self, event, count=1):
        """Waits for so many records of an event."""
        return until(lambda: len(self.log(event)) >= count and self.log(event),
                     f"{count} times {event} in the log, which has {len(self.log(event))}; it said {self.err!r}")

    def says(self, text, stream="out"):
        until(lambda: text in getattr(self, stream), f"{text!r} on std{stream}, which is {getattr(self, stream)!r}")

    def lines(self):
        return self.out.splitlines()

    def reaches(self, number):
        """Waits for a tick of this number, or a later one where it was missed."""
        def reached():
            missed = [record["tick"] + record["count"] - 1 for record in self.log("missed")]
            return max([int(line) for line in self.lines() if line.isdigit()] + missed, default=0) >= number
        until(reached, f"tick {number}")

    def summary(self, text=None):
        """The numbers of the summary, which is all there is on standard error."""
        match = SUMMARY.fullmatch(WAITING.sub("", self.err if text is None else text))
        self.test.assertTrue(match, self.err if text is None else text)
        return {name: int(number) for name, number in match.groupdict().items() if name != "figures"}

    def children(self):
        return children_of(self.pid)

    def descendants(self):
        return [pid for pid in marked(self.test.mark) if pid != self.pid]

    def read_all(self, seconds=PATIENCE_S):
        """Of standard output, when that is a pipe: everything up to its end."""
        deadline, data, fd = time.monotonic() + seconds, [], self.process.stdout.fileno()
        while True:
            left = deadline - time.monotonic()
            if left < 0 or not select.select([fd], [], [], left)[0]:
                raise AssertionError(f"no end of the output within {seconds} s")
            part = os.read(fd, 1 << 16)
            if not part:
                return b"".join(data).decode(errors="backslashreplace")
            data.append(part)

    def ends(self, status=0, out=anything, err=None, **options):
        """As in harness, and nobody is left behind. err None: the summary, and nothing else."""
        self.wait_as_it_is()
        if [record["ticks"] for record in self.log("summary")] == [0] and self.log("missed"):
            raise Late("every tick was missed")
        super().ends(status, out, self.summary if err is None else err, **options)
        self.test.nothing_left()

    def stop(self, number=signal.SIGTERM, **expected):
        self.signal(number)
        self.ends(**expected)


class Test(harness.Test):
    program = FORKER
    process_class = Forker
    leaks_found = True

    def setUp(self):
        self.mark = uuid.uuid4().hex
        self.addCleanup(self.sweep)
        super().setUp()

    def start(self, *arguments, log=True, env=None, **options):
        """log: into a file of its own."""
        path = self.directory / f"log.{len(self.processes)}"
        if log:
            arguments = ("--log", path, *arguments)
        # A place in PATH that we may not look into would make "Permission denied" of what is not found, as execvp does.
        places = ":".join(place for place in os.environ["PATH"].split(":") if os.access(place or ".", os.X_OK))
        env = env or environment(**{MARK: self.mark, "PATH": places})
        if SANITIZED: # it wants no core dumps, and threads of its own at the end
            env = {**env, "ASAN_OPTIONS": env.get("ASAN_OPTIONS", "") + ":disable_coredump=0" +
                                          (":detect_leaks=0" if not self.leaks_found else ""),
                   "TSAN_OPTIONS": env.get("TSAN_OPTIONS", "") + ":disable_coredump=0"}
        forker = super().start(*arguments, env=env, **{"stdin": subprocess.DEVNULL, **options})
        forker.log_path = path
        return forker

    def finish(self, *arguments, status=0, out=anything, err=None, **options):
        """A forker that ends by itself, at its end."""
        forker = self.start(*arguments, **options)
        forker.ends(status, out, err)
        return forker

    def usage_error(self, *arguments, message):
        self.start(*arguments, log=False).ends(2, out="", err=f"forker: {message}\n{HINT}")

    def leftovers(self):
        """What is not of our own starting: children given to us by the death of their parents, and marked processes."""
        own = {process.pid for process in self.processes}
        return [pid for pid in {*children_of(os.getpid()), *marked(self.mark)} if pid not in own]

    def nothing_left(self):
        left = self.leftovers()
        self.assertEqual([describe(pid) for pid in left], [], "left behind")

    def sweep(self):
        """Ends what a failed test has left."""
        def gone():
            for pid in self.leftovers():
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                try:
                    os.waitpid(pid, os.WNOHANG)
                except ChildProcessError:
                    pass
            return not self.leftovers()
        until(gone, "all leftovers are gone")

    def own_directory(self, name="inside"):
        """A directory that no output goes to, and the prefix to start a program in it."""
        path = self.directory / name
        path.mkdir()
        return path, ["env", "-C", str(path)]

    def random(self):
        """A generator, its seed told."""
        seed = int(os.environ.get("FORKER_SEED") or random.SystemRandom().randrange(1 << 30))
        print(f"FORKER_SEED={seed}", file=sys.stderr)
        return random.Random(seed)

    def check_ticks(self, forker, last):
        """Printed or missed, and never both: each tick of 1 to last. The ticks that were printed."""
        printed = [int(line) for line in forker.lines() if line.isdigit()]
        missed = [record["tick"] + i for record in forker.log("missed") for i in range(record["count"])]
        self.assertEqual(printed, sorted(printed))
        self.assertEqual(sorted(printed + missed), list(range(1, last + 1)))
        numbers = forker.summary()
        self.assertEqual((numbers["ticks"], numbers["missed"]), (len(printed), len(missed)))
        return printed

    def check_log(self, forker):
        """As many ends as beginnings, each of the same pid, in the right order. The count of forks."""
        forks = [record for record in forker.log("fork") if "pid" in record]
        ends = forker.log("exit")
        self.assertEqual(sorted(record["pid"] for record in forks), sorted(record["pid"] for record in ends))
        self.assertEqual(sorted(record["tick"] for record in forks), sorted(record["tick"] for record in ends))
        self.assertEqual(len({record["tick"] for record in forks}), len(forks))
        times = [record["t"] for record in forker.log()]
        self.assertEqual(times, sorted(times))
        places = {}
        for place, record in enumerate(forker.log()):
            places.setdefault(record["tick"], []).append((place, record["event"]))
        for record in forks:
            events = [event for _, event in places[record["tick"]] if event in ("fork", "exec", "exit")]
            if events == ["fork", "exit"]: # ended by forker before its exec
                events.insert(1, "exec")
                last = [place for place, event in places[record["tick"]] if event == "exit"][-1]
                self.assertIn("signal", forker.log()[last])
            self.assertEqual(events, ["fork", "exec", "exit"])
        return len(forks)


main = harness.main
skip_unless = unittest.skipUnless
