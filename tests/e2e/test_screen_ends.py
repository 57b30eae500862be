"""scope in a terminal: how it leaves it."""
import random
import select
import signal
import subprocess
import time
from pathlib import Path

from harness import PATIENCE_S, Late, environment, main, mortal, until
from scope_harness import SCOPE, table
from screen import ScreenTest


class Ends(ScreenTest):
    def test_by_each_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT, signal.SIGUSR1,
                       signal.SIGALRM):
            for kind in ({}, {"kitty": True}):
                with self.subTest(number=number, **kind):
                    terminal = self.terminal(**kind)
                    process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL)
                    until(lambda: terminal.frames > 3, "frames")
                    clean = number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
                    self.leaves(process, terminal, lambda: process.signal(number), 0 if clean else -number)

    def test_frozen_by_control_s(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(number=number):
                terminal = self.terminal()
                process = self.draw(terminal, "--summary", stdin=subprocess.PIPE)
                process.feed("1\n2\n")
                until(lambda: terminal.frames > 3, "frames")
                terminal.type("\x13")
                time.sleep(0.2)
                self.leaves(process, terminal, lambda: process.signal(number), 0 if number != signal.SIGQUIT else -number)
                if number != signal.SIGQUIT:
                    self.assertIn("1\t2\t1\t2\t1.5\t2", terminal.printed)

    def test_a_terminal_that_takes_nothing(self):
        """Stopped: the end does not wait for it, what is owed to a file is whole, and when it goes on it has its screen."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            terminal = self.terminal(kitty=True, shared=True)
            process = self.start("--summary", "--terminal", stderr=terminal.theirs,
                                 env=environment(TERM="xterm-256color"))
            process.feed("1\n2\n")
            until(lambda: terminal.frames > 3, "frames")
            terminal.frozen = True
            time.sleep(0.5)
            process.end_quickly(lambda: process.signal(number), out=table((1, 2, 1, 2, 1.5, 2)), limit_s=1)
            self.assertEqual(terminal.modes(), terminal.before)
            self.assertEqual(list(Path("/dev/shm").glob(f"scope-{process.pid}-*")), []) # no picture that nobody took
            terminal.frozen = False
            until(lambda: not terminal.alternate and terminal.cursor_shown and terminal.wrap, "the screen is given back")
            self.assertEqual(terminal.unknown, [])

    def test_a_line_full_of_frames(self):
        """The way out is not lost behind a frame that will never be taken."""
        terminal = self.terminal(columns=200, rows=60, answers=False) # then frames come as long as the line takes them
        process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL)
        terminal.shows("live")
        terminal.frozen = True
        until(lambda: not select.select([], [terminal.theirs], [], 0)[1], "the line is full")
        time.sleep(0.1) # half a frame waits in front of it
        process.end_quickly(lambda: process.signal(signal.SIGTERM), limit_s=1)
        self.assertEqual(terminal.modes(), terminal.before)
        terminal.frozen = False
        until(lambda: not terminal.alternate and terminal.cursor_shown and terminal.wrap, "the screen is given back")
        terminal.still()

    def test_the_last_picture_comes_over_a_line_that_pauses(self):
        """What takes nothing for a while, but answered as slowly before, is waited for."""
        terminal = self.terminal(columns=90, rows=25, sixel=True, pause_s=0.12)
        noise = random.Random(13)
        process = self.draw_file(terminal, "".join(f"{noise.gauss(0, 4):.2f}\n" for _ in range(5000)))
        shown = terminal.picture(24)
        self.leaves(process, terminal, lambda: process.signal(signal.SIGTERM))
        if self.wrong(terminal.picture(24), shown) >= 0.01:
            raise Late("the last picture, which was not waited for any longer,")

    def test_the_terminal_goes(self):
        terminal = self.terminal()
        process = self.start("--summary", "--terminal", stderr=terminal.theirs, env=environment(TERM="xterm-256color"))
        process.feed("1\n2\n")
        until(lambda: terminal.frames > 3, "frames")
        process.end_quickly(terminal.close, out=table((1, 2, 1, 2, 1.5, 2)))


class JobControl(ScreenTest):
    """scope as the job of an interactive shell."""

    def setUp(self):
        super().setUp()
        self.model = self.terminal()
        env = environment(TERM="xterm-256color", PS1="$ ", ENV="", HISTFILE="", PS2="")
        self.shell = subprocess.Popen([*mortal(), "setsid", "--ctty", "sh", "-i"], env=env, cwd=self.directory,
                                      stdin=self.model.theirs, stdout=self.model.theirs, stderr=self.model.theirs)
        self.addCleanup(self.shell.wait, PATIENCE_S)
        self.addCleanup(self.shell.kill)
        self.modes = None

    def states(self):
        """The letters of the shell's children."""
        with open(f"/proc/{self.shell.pid}/task/{self.shell.pid}/children") as file:
            children = file.read().split()
        states = []
        for pid in children:
            try:
                with open(f"/proc/{pid}/stat") as file:
                    states.append(file.read().rpartition(")")[2].split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass # it went away in between
        return states

    def test_stopped_and_continued(self):
        terminal = self.model
        terminal.type("set -m; stty -a >before; echo rea''dy\n")
        until(lambda: "ready" in terminal.printed, "the shell")
        terminal.type(f"'{SCOPE}' --demo\n")
        terminal.shows("live")
        terminal.type("\x1a")
        until(lambda: not terminal.alternate and terminal.cursor_shown, "the screen is given back")
        until(lambda: "T" in self.states(), "scope is stopped: what is typed before is read by it")
        terminal.type("stty -a >stopped\n")
        terminal.type("echo still''here\n")
        until(lambda: "stillhere" in terminal.printed, "the shell has the terminal")
        until(lambda: (self.directory / "before").read_text() == (self.directory / "stopped").read_text(), "its modes")
        terminal.type("fg\n")
        until(lambda: terminal.alternate, "scope has the screen again")
        terminal.shows("live")
        terminal.type("\x03")
        until(lambda: not terminal.alternate and not self.states(), "scope has ended")
        terminal.type("stty -a >after; echo af''ter $?\n")
        until(lambda: "after 0" in terminal.printed, "the shell")
        self.assertEqual((self.directory / "before").read_text(), (self.directory / "after").read_text())

    def test_in_the_background_it_leaves_the_terminal_alone(self):
        terminal = self.model
        terminal.type(f"set -m; '{SCOPE}' --demo & echo star''ted\n")
        until(lambda: "started" in terminal.printed, "the shell")
        time.sleep(0.6)
        self.assertFalse(terminal.alternate)
        terminal.type("fg\n")
        terminal.shows("live")
        terminal.type("q")
        until(lambda: not terminal.alternate, "the screen is given back")


if __name__ == "__main__":
    main()
