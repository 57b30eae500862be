"""What the benchmarks share: programs and their feeds, a display of their own, CPU time, tables."""

import argparse
import contextlib
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

SKIPPED = 77  # exit status of a benchmark that lacks something


class Skip(Exception):
    """Something that this benchmark needs is not on the machine; the text says what."""


class Failed(Exception):
    """Something could not be measured, or was measured wrong."""


class Bench:
    """Where things are, and how long to take."""

    def __init__(self, build, quick):
        self.build = os.path.abspath(build)
        self.quick = quick
        self.scope = self.program("scope")

    @property
    def timed(self):
        """The time server."""
        return self.program("timed")

    @property
    def forker(self):
        """What forks on a schedule."""
        return self.program("forker")

    def program(self, name):
        """The path of a program of the project."""
        path = os.path.join(self.build, "src", name, name)
        if not os.access(path, os.X_OK):
            raise Failed(f"{path} is missing: build it first")
        return path

    def peer(self, name):
        """The path of a program of this directory."""
        path = os.path.join(self.build, "tests", "bench", name)
        if os.access(path, os.X_OK):
            return path
        if name == "xprobe":
            raise Skip("xprobe is missing: it is built from ../shared/measure/xprobe.c beside the checkout, "
                       "with the headers of X11, Xext, Xdamage and Xfixes")
        if name in ("first_frame", "close_window"):
            raise Skip(f"{name} is missing: it needs the headers of X11, Xext, Xdamage and Xfixes")
        raise Failed(f"{path} is missing: cmake --build {self.build} --target bench")


def tool(name):
    """The path of a program of the system."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if not path:
        raise Skip(f"{name} is not installed")
    return path


def main(measure, description):
    """Runs measure(bench) with the arguments that all benchmarks take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="one short round: that it can be measured at all")
    parser.add_argument("build", metavar="BUILD-DIR")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    try:
        measure(Bench(arguments.build, arguments.quick))
    except Skip as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    except (Failed, subprocess.SubprocessError, OSError) as reason:
        print(f"failed: {reason}")
        sys.exit(1)


@contextlib.contextmanager
def display():
    """An X server of its own; gives the environment for its clients and its process id."""
    read, write = os.pipe()
    server = subprocess.Popen([tool("Xvfb"), "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-noreset", "-nolisten", "tcp"],
                              pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            line = number.readline().strip()  # ends when the server gives up, too
        if not line:
            raise Failed("Xvfb does not start")
        yield dict(os.environ, DISPLAY=f":{line}", SDL_VIDEODRIVER="x11"), server.pid
    finally:
        server.terminate()
        server.wait()


class Running:
    """A program with a feed on its standard input. The feed is a command, or None for a pipe that stays empty."""

    def __init__(self, command, feed, env=None, stderr=subprocess.PIPE):
        self.keeper = None
        self.feed = None
        if feed:
            self.feed = subprocess.Popen(feed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            source = self.feed.stdout
        else:
            read, write = os.pipe()
            source, self.keeper = os.fdopen(read), os.fdopen(write, "wb", 0)
        self.process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=stderr, env=env)
        source.close()
        self.pid = self.process.pid
        self.errors = ""

    def replace_feed(self, commands):
        """Runs one feed after the other into the pipe kept open (for a feed of None); the last one goes on."""
        for command in commands[:-1]:
            done = subprocess.run(command, stdout=self.keeper, stderr=subprocess.DEVNULL, check=False)
            if done.returncode != 0 or self.process.poll() is not None:
                raise Failed(f"the feed {command[1:]} broke off: {self.finish()}")
        self.feed = subprocess.Popen(commands[-1], stdout=self.keeper, stderr=subprocess.DEVNULL)

    def finish(self, how=signal.SIGTERM, patience=5):
        """Ends both; the standard error of the program."""
        if self.process.poll() is None and how:
            self.process.send_signal(how)
        try:
            _, errors = self.process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise Failed("the program did not end when asked to") from None
        finally:
            if self.feed:
                self.feed.kill()
                self.feed.wait()
            if self.keeper:
                self.keeper.close()
        self.errors = errors.decode(errors="replace") if errors else ""
        return self.errors


def wait_for_window(env, pid_alive, patience=10):
    """Until a window is on the display."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if pid_alive.poll() is not None:
            raise Failed("the program ended before it had a window")
        found = subprocess.run([tool("xdotool"), "search", "--onlyvisible", "--name", "."], env=env,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        if found.stdout.strip():
            return
        time.sleep(0.02)
    raise Failed("no window came")


def cpu_s(pid):
    """CPU time of a process, its threads included, user and system, to the nanosecond (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def status_kib(pid, key):
    """A line such as VmRSS of /proc/PID/status."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    raise Failed(f"no {key} of process {pid}")


TIMING = re.compile(
    r"frames: (?P<drawn>\d+) drawn, (?P<unchanged>\d+) unchanged, (?P<late>\d+) late; "
    r"gap: (?P<median>[\d.]+) ms median, (?P<p99>[\d.]+) ms p99, (?P<max>[\d.]+) ms max.*?"
    r"input: (?P<samples>\d+) samples in (?P<seconds>[\d.]+) s, (?P<rate>\d+) a second"
    r"(?:; (?P<fast>[\d.]+) % of (?P<numbers>\d+) numbers)?", re.DOTALL)


def timing(errors):
    """What --timing printed, as numbers; nothing of numbers as text where --demo had none."""
    found = TIMING.search(errors)
    if not found:
        raise Failed(f"no --timing figures in: {errors.strip() or '(nothing)'}")
    return {key: float(value) for key, value in found.groupdict().items() if value}


def median(values):
    """The middle value; a failure when there is none."""
    values = list(values)
    if not values:
        raise Failed("nothing was measured")
    return statistics.median(values)


def raw(values, places=2):
    """All rounds, for the reader who doubts the median."""
    return " ".join(f"{value:.{places}f}" for value in values)


def warm_memory(megabytes=256):
    """Touches memory and gives it back, so that what is measured next need not wait for it.

    The host of a virtual machine may take back what lies free for some seconds. To get it again takes longer than all else
    that a fast reader does, and is no work of the program's.
    """
    block = b"\1" * (megabytes << 20)
    del block


def rotated(items, by):
    """The items beginning with another one each round, so that none always runs after the same neighbour."""
    items = list(items)
    by %= len(items)
    return items[by:] + items[:by]
