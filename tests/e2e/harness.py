"""Starts programs and terminals for the tests, waits with deadlines, and leaves nothing running.

    SCOPE=build/test/src/scope/scope python3 tests/e2e/test_cli.py [-v] [Class.test]
    python3 tests/e2e/test_cli.py build/test/src/scope/scope
"""
import codecs
import contextlib
import fcntl
import functools
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
PATIENCE_S = 20 # for whatever should happen at once, on a slow machine under load
TRIES = 3 # of a test that was late
REPORTS = (b"Sanitizer", b"runtime error:")

# Whoever started us may ignore or block these, as shells do for their background jobs, and that is inherited.
for _number in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}: # these two are Python's own
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number == signal.SIGINT else signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_SETMASK, ())


class Late(AssertionError):
    """
    All is right but the time that it took. A machine that stands still for a moment makes anything late, once; a fault is
    late each time. So a test that raises this is run again, from its beginning.
    """


def program(name):
    """Where the program to be tested is: the first argument if that is one, else what $NAME says."""
    if len(sys.argv) > 1 and os.access(sys.argv[1], os.X_OK) and Path(sys.argv[1]).is_file():
        os.environ[name.upper()] = sys.argv.pop(1)
    path = os.environ.get(name.upper())
    if not path:
        sys.exit(f"which {name}? set {name.upper()}, or name it as the first argument")
    return str(Path(path).resolve())


@functools.cache
def sanitized(path, by=(b"__asan_init", b"__tsan_init")):
    """Whether it was built with a sanitizer: it needs more memory and time then."""
    return any(word in Path(path).read_bytes() for word in by)


def delays_signals(path):
    """ThreadSanitizer keeps a signal from its handler until the call that it interrupted comes back."""
    return sanitized(path, (b"__tsan_init",))


def environment(**changes):
    """Ours without a display or a session; a change to None takes a variable away."""
    env = dict(os.environ)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "SDL_VIDEODRIVER", "XMODIFIERS", "XAUTHORITY"):
        env.pop(name, None)
    for name, value in changes.items():
        env.pop(name, None)
        if value is not None:
            env[name] = value
    return env


def until(condition, what, seconds=PATIENCE_S):
    """Polls until condition() is true, and returns what it returned."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def mortal():
    """Words before a command so that it cannot outlive us, whatever ends us."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


class Terminal:
    """A pseudo-terminal: our end is read all the time into .text, theirs is given to processes."""

    def __init__(self):
        self.ours, self.theirs = pty.openpty()
        os.set_blocking(self.ours, False)
        attributes = termios.tcgetattr(self.theirs)
        attributes[3] &= ~termios.ECHO
        attributes[1] &= ~termios.OPOST # "\n" stays "\n"
        termios.tcsetattr(self.theirs, termios.TCSANOW, attributes)
        self.text = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace") # a read may end within a character

    def type(self, text):
        os.write(self.ours, text.encode())

    def read(self):
        try:
            self.text += self.decoder.decode(os.read(self.ours, 1 << 16))
        except (BlockingIOError, OSError):
            pass # nothing there, or nobody has the other end open
        return self.text

    def expect(self, text):
        until(lambda: text in self.read(), f"{text!r} on the terminal, which shows {self.text!r}")

    def leave(self):
        """Our process closes its copy of their end: from now on they alone have it open."""
        if self.theirs >= 0:
            os.close(self.theirs)
            self.theirs = -1

    def close(self):
        self.leave()
        if self.ours >= 0:
            os.close(self.ours)
            self.ours = -1


class Process:
    """A program, running. Its output goes to files, so that it never waits for us to read."""

    def __init__(self, test, program, arguments, stdin, stdout, stderr, env, prefix=(), **options):
        self.test, self.program, self.name = test, program, Path(program).name
        self.number = len(test.processes)
        self.out_path = test.directory / f"out.{self.number}"
        self.err_path = test.directory / f"err.{self.number}"
        self.checked = False
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.process = subprocess.Popen([*mortal(), *prefix, program, *map(str, arguments)], stdin=stdin,
                                            stdout=out if stdout is None else stdout,
                                            stderr=err if stderr is None else stderr, env=env, cwd=test.directory,
                                            **options)
        self.pid = self.process.pid
        self.stdin = self.process.stdin

    @property
    def out(self):
        return self.out_path.read_bytes().decode(errors="backslashreplace")

    @property
    def err(self):
        return self.err_path.read_bytes().decode(errors="backslashreplace")

    def running(self):
        return self.process.poll() is None

    def feed(self, data):
        """Writes all of it to standard input, which is a pipe; returns when the program, or the pipe, has it."""
        self.stdin.write(data if isinstance(data, bytes) else data.encode())
        self.stdin.flush()

    def swallowed(self):
        """Waits until the pipe to the program is empty."""
        count = bytearray(4)

        def empty():
            fcntl.ioctl(self.stdin, termios.FIONREAD, count)
            return int.from_bytes(count, sys.byteorder) == 0
        until(empty, f"{self.name} has read all of its input")

    def digested(self):
        """Waits until it has done, too, what comes of that: all of its threads wait for something else."""
        self.swallowed()
        until(self.asleep, f"{self.name} has taken in all of its input")

    def state(self):
        """The letter of /proc: R runs, S sleeps, T is stopped."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]

    def asleep(self):
        """Whether all of its threads wait for something; to wait for a processor does not count."""
        states = []
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError): # a thread may end
                states.append((task / "stat").read_text().rpartition(")")[2].split()[0])
        return set(states) == {"S"}

    def cpu_s(self):
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def status(self, name):
        """A number of /proc/PID/status."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise AssertionError(f"no {name}")

    def peak_mib(self):
        """The most memory it ever had resident."""
        return self.status("VmHWM") / 1024

    def wakes(self):
        """How often its main thread went to sleep of its own will."""
        return self.status("voluntary_ctxt_switches")

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self, seconds=PATIENCE_S):
        """Its exit status; negative for a signal."""
        if self.stdin and not self.stdin.closed:
            try:
                self.stdin.close()
            except BrokenPipeError:
                pass
        return self.wait_as_it_is(seconds)

    def wait_as_it_is(self, seconds=PATIENCE_S):
        """The same, leaving standard input open."""
        if self.process.poll() is None: # Popen.wait with a limit looks every 50 ms only: too coarse for what is measured here
            end = os.pidfd_open(self.pid)
            waiting = select.poll() # select takes no descriptor above 1023
            waiting.register(end, select.POLLIN)
            deadline = time.monotonic() + seconds
            waiting.poll(1000 * seconds)
            os.close(end)
            while self.process.poll() is None and time.monotonic() < deadline: # one that is traced goes to its tracer first
                time.sleep(0.001)
        if self.process.poll() is None:
            raise AssertionError(f"{self.name} still runs after {seconds} s; it said {self.err!r}")
        return self.process.returncode

    def ends(self, status=0, out="", err="", leave_input=False):
        """Waits for the end and compares all of it. out, err: text, or a function that checks the text."""
        self.checked = True
        got = self.wait_as_it_is() if leave_input else self.wait()
        for name, actual, expected in (("stderr", self.err, err), ("stdout", self.out, out)):
            if callable(expected):
                expected(actual)
            else:
                self.test.assertEqual(actual, expected, name)
        self.test.assertEqual(got, status, "exit status")

    def end_quickly(self, how, out="", err="", status=0, limit_s=2.0):
        """Does something that is to end the program, which is to take less than so long. The input stays as it is."""
        before = time.monotonic()
        how()
        self.ends(status, out, err, leave_input=True)
        took = time.monotonic() - before
        print(f"{self.test.id().split('.', 1)[1]}: ended after {1000 * took:.0f} ms", file=sys.stderr)
        self.test.takes(took, limit_s * (5 if sanitized(self.program) else 1))

    def clean_up(self):
        if self.running():
            self.process.kill()
            self.process.wait(PATIENCE_S)
        elif not self.checked:
            print(f"{self.name} had ended by itself, status {self.process.returncode}: {self.err!r}", file=sys.stderr)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe and not pipe.closed:
                try:
                    pipe.close()
                except OSError:
                    pass
        if not self.checked:
            text = self.err_path.read_bytes()
            self.test.assertFalse(any(word in text for word in REPORTS), text.decode(errors="replace"))


def again_if_late(test):
    @functools.wraps(test)
    def run(self):
        for tries_left in reversed(range(TRIES)):
            try:
                return test(self)
            except Late as late:
                if tries_left == 0:
                    raise
                print(f"{self.id().split('.', 1)[1]}: {late}: once more", file=sys.stderr)
            self.doCleanups()
            self.setUp()
        return None
    return run


class Test(unittest.TestCase):
    """Each test in an empty directory of its own, where its processes run."""

    maxDiff = None
    program = None # the path of what start() starts
    process_class = Process

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name, value in list(vars(cls).items()):
            if name.startswith("test") and callable(value):
                setattr(cls, name, again_if_late(value))

    @contextlib.contextmanager
    def subTest(self, *message, **parameters):
        """As unittest has it, but what is late is no failure of this part: the whole test is run again."""
        late = None
        with super().subTest(*message, **parameters):
            try:
                yield
            except Late as error:
                late = error
        if late:
            raise late

    def takes(self, took_s, limit_s, what="it"):
        """That it took less than so long."""
        if took_s >= limit_s:
            raise Late(f"{what} took {took_s:.3f} s, and should take less than {limit_s} s")

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix=f"{Path(self.program).name}-test-"))
        self.addCleanup(shutil.rmtree, self.directory, True)
        self.processes = []
        self.addCleanup(self.end_processes)

    def end_processes(self):
        for process in reversed(self.processes):
            process.clean_up()

    def start(self, *arguments, stdin=subprocess.PIPE, stdout=None, stderr=None, env=None, **options):
        process = self.process_class(self, self.program, arguments, stdin, stdout, stderr, env or environment(),
                                     **options)
        self.processes.append(process)
        return process

    def write(self, name, data):
        path = self.directory / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def line(self, name):
        """
        The line that another process writes to a file of ours, once all of it is there: a shell creates the file before
        its command writes, so that it exists says nothing.
        """
        path = self.directory / name

        def whole():
            text = path.read_text() if path.exists() else ""
            return text if text.endswith("\n") else None
        return until(whole, f"a line in {name}").rstrip("\n")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143)) # so that clean-up runs
    unittest.main(module="__main__", verbosity=2)
