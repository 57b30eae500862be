"""What only the tests of scope need: displays, its window, its tables."""
import math
import os
import select
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import PATIENCE_S, mortal, sanitized, until
from x11 import Connection

SCOPE = harness.program("scope")
SANITIZED = sanitized(SCOPE)
HEAD = "channel\tcount\tmin\tmax\tmean\tlast\n"
SMALL = ("-g", "320x200") # of a picture that is hardly looked at


class Display:
    """An Xvfb of our own, and a connection to it. One for all tests of a file: Display.shared()."""

    _shared = None

    @classmethod
    def shared(cls):
        if cls._shared is None:
            cls._shared = cls()
            unittest.addModuleCleanup(cls._end_shared)
        return cls._shared

    @classmethod
    def _end_shared(cls):
        cls._shared.close()
        cls._shared = None

    def __init__(self, size="1920x1080x24"):
        if not shutil.which("Xvfb"):
            raise AssertionError("Xvfb is missing: cmake/install-packages test")
        ours, theirs = os.pipe()
        with tempfile.TemporaryFile() as log:
            self.process = subprocess.Popen(
                mortal() + ["Xvfb", "-displayfd", str(theirs), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
                pass_fds=[theirs], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            os.close(theirs)
            os.set_blocking(ours, False)
            number = b""
            try:
                while not number.endswith(b"\n"):
                    until(lambda: self.process.poll() is not None or _readable(ours), "Xvfb is there")
                    part = os.read(ours, 64)
                    if not part:
                        log.seek(0)
                        raise AssertionError(f"Xvfb does not start: {log.read().decode(errors='replace')}")
                    number += part
            except BaseException:
                self.process.kill()
                self.process.wait()
                raise
            finally:
                os.close(ours)
        self.name = f":{int(number)}"
        self.x = Connection(int(number))

    def close(self):
        self.kill()

    def kill(self):
        self.x.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE_S)


def _readable(fd):
    return bool(select.select([fd], [], [], 0)[0])


class Process(harness.Process):
    """scope, running: with a display, it has a window."""

    def __init__(self, test, program, arguments, stdin, stdout, stderr, env, display=None, **options):
        self.display = display
        if display:
            env = {**env, "DISPLAY": display.name}
        super().__init__(test, program, arguments, stdin, stdout, stderr, env, **options)

    def window(self):
        """Its window, drawn at least once."""
        def find():
            if not self.running():
                raise AssertionError(f"scope ended with {self.process.returncode} before its window came: {self.err}")
            return self.display.x.window_of(self.pid)
        window = until(find, "the window is there")
        until(lambda: len(self.display.x.picture(window).colours()) > 2, "the window is drawn")
        return window


class Test(harness.Test):
    program = SCOPE
    process_class = Process

    def scope(self, *arguments, input=b"", status=0, out="", err="", **options):
        """Runs scope to its end over some input, and compares all that comes out."""
        path = self.directory / "in"
        with open(path, "wb") as file:
            file.write(input if isinstance(input, bytes) else input.encode())
        with open(path, "rb") as file:
            source = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE) # a pipe, which is the usual case
            process = self.start(*arguments, stdin=source.stdout, **options)
            source.stdout.close()
            try:
                process.ends(status, out, err)
            finally:
                source.kill()
                source.wait()
        return process


def exact_number(value):
    """A double as --summary writes it: the fewest digits from 15 on that read back exactly."""
    for digits in (15, 16, 17):
        text = f"{value:.{digits}g}"
        if float(text) == value:
            return text
    raise ValueError(value)


def rejected(line, text):
    return f"scope: line {line}: '{text}' is not a number\n"


def table(*rows):
    """
    Checks what --summary prints: of each channel its name, count, min, max, mean and last, as they are written; the
    mean only to 12 digits, as it depends on the order of additions.
    """
    def check(text):
        lines = text.splitlines(keepends=True)
        assert lines[0] == HEAD and len(lines) == len(rows) + 1, f"{text}is not {rows}"
        for line, row in zip(lines[1:], rows):
            cells = line.rstrip("\n").split("\t")
            mean = cells[4] if len(cells) == 6 else "nan"
            assert mean == "nan" or mean == exact_number(float(mean)), f"{mean} is longer than it need be"
            if math.isclose(float(mean), float(row[4]), rel_tol=1e-12, abs_tol=1e-300):
                cells[4] = str(row[4])
            assert cells == [str(cell) for cell in row] and line.endswith("\n"), f"{line!r} is not {row}"
    return check


def numbers(text):
    """--summary's lines after the head as {name: (count, min, max, mean, last)}."""
    assert text.startswith(HEAD), text
    rows = [line.split("\t") for line in text[len(HEAD):].splitlines()]
    return {name: (int(count), *map(float, rest)) for name, count, *rest in rows}
