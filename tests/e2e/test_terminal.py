"""scope at a terminal: greeting, prompt, typing, the shell's job control, the end of the terminal."""
import os
import signal
import subprocess
import time

from harness import PATIENCE_S, Terminal, environment, main, mortal, until
from picture import Plot
from scope_harness import SCOPE, Display, Test, table

GREETING = "Plot running. Enter numbers to update. The visible range of y-values is {} to {}.\n"
PROMPT = "New value: "
ERROR = "Input must be a number.\n"
SIZE = ("-g", "480x270")


class TerminalTest(Test):
    def setUp(self):
        super().setUp()
        self.display = Display.shared()
        self.terminal = Terminal()
        self.addCleanup(self.terminal.close)

    def start_typed(self, *arguments, **options):
        """scope with the terminal as input and, unless options say otherwise, output."""
        options = {"stdin": self.terminal.theirs, "stdout": self.terminal.theirs, "display": self.display, **options}
        return self.start(*SIZE, *arguments, **options)

    def plot(self, window, **options):
        return Plot(self.display.x.picture(window), **options)

    def quit(self, process, window, **expected):
        process.end_quickly(lambda: self.display.x.key(window, "q"), **expected)


class Greeting(TerminalTest):
    def test_on_standard_output(self):
        process = self.start_typed()
        window = process.window()
        self.terminal.expect(PROMPT)
        self.assertEqual(self.terminal.text, GREETING.format(-10, 10) + PROMPT)
        self.quit(process, window)

    def test_with_the_range_that_was_asked_for(self):
        process = self.start_typed("--range", "-.5:1e3")
        window = process.window()
        self.terminal.expect(PROMPT)
        self.assertEqual(self.terminal.text, GREETING.format(-0.5, 1000) + PROMPT)
        self.quit(process, window)

    def test_on_standard_error_when_output_goes_elsewhere(self):
        process = self.start_typed("--summary", stdout=None, stderr=self.terminal.theirs)
        window = process.window()
        self.terminal.expect(PROMPT)
        self.assertEqual(self.terminal.text, GREETING.format(-10, 10) + PROMPT)
        self.quit(process, window, out=table())

    def test_nowhere_when_neither_is_a_terminal(self):
        process = self.start_typed(stdout=None)
        window = process.window()
        self.terminal.type("5\n")
        until(lambda: self.plot(window).columns_at(5), "the typed value in the plot")
        self.assertEqual(self.terminal.read(), "")
        self.quit(process, window)

    def test_nowhere_when_input_is_no_terminal(self):
        process = self.start_typed(stdin=subprocess.PIPE)
        window = process.window()
        process.feed("5\n")
        until(lambda: self.plot(window).columns_at(5), "the value in the plot")
        self.assertEqual(self.terminal.read(), "")
        self.quit(process, window)


class Typing(TerminalTest):
    def test_the_plain_case(self):
        """0 is held from the start, then what was typed is."""
        process = self.start_typed("--summary", stdout=None)
        window = process.window()
        plot = until(lambda: self.flat(window, 0, 30), "a trace at 0")
        self.assertEqual(plot.columns_at(5), [])
        self.terminal.type("5\n")
        plot = until(lambda: self.flat(window, 5, 15), "a trace at 5")
        zero, five = plot.columns_at(0), plot.columns_at(5)
        self.assertGreaterEqual(len(zero), 15)
        self.assertLess(max(zero), min(five))
        self.assertLessEqual(min(five) - max(zero), 3, "the value jumps")
        self.assertGreaterEqual(max(five), plot.width - 8, "the trace runs on to now")
        self.terminal.type("-7.5\n")
        until(lambda: self.flat(window, -7.5, 15), "a trace at -7.5")
        self.quit(process, window, out=table((1, 2, -7.5, 5, -1.25, -7.5)))

    def flat(self, window, value, columns):
        plot = self.plot(window)
        return plot if len(plot.columns_at(value)) >= columns else None

    def test_what_is_no_number(self):
        """Each such line gets its own error, on standard error, and changes nothing; the prompt comes again."""
        process = self.start_typed("--summary", stdout=None)
        window = process.window()
        lines = ["five", "", "5 five", "five 5", "   ", "# 5", "1,5x", "3,5", "12:30:01 5"]
        for count, line in enumerate(lines, 1):
            self.terminal.type(line + "\n")
            until(lambda: process.err == ERROR * count, f"{count} error lines; there are {process.err!r}")
        self.terminal.type("4\n")
        until(lambda: self.flat(window, 4, 5), "a trace at 4")
        self.quit(process, window, out=table((1, 1, 4, 4, 4, 4)), err=ERROR * len(lines))

    def test_the_prompt_comes_after_each_line(self):
        process = self.start_typed(stderr=self.terminal.theirs)
        window = process.window()
        self.terminal.expect(PROMPT)
        for line in ("5\n", "five\n", "6\n"):
            before = self.terminal.text
            self.terminal.type(line)
            answer = (ERROR if line == "five\n" else "") + PROMPT
            until(lambda: self.terminal.read() == before + answer, f"the prompt after {line!r}")
        self.quit(process, window)

    def test_the_window_goes_on_while_a_line_is_half_typed(self):
        process = self.start_typed(stdout=None)
        window = process.window()
        self.terminal.type("12")
        before = self.display.x.picture(window)
        until(lambda: self.display.x.picture(window) != before, "the next frame")
        self.assertEqual(self.plot(window).columns_at(5), [])
        self.terminal.type("\x7f\x7f5\n") # rubbed out: the terminal's own editing
        until(lambda: self.flat(window, 5, 5), "a trace at 5")
        self.quit(process, window)

    def test_the_keyboard_stays_with_the_terminal(self):
        for managed in (True, False):
            with self.subTest(window_manager=managed):
                display = Display()
                self.addCleanup(display.close)
                if managed:
                    display.x.pretend_to_manage_windows()
                terminal = display.x.cover(0, 0, 100, 100)
                display.x.give_focus(terminal)
                process = self.start_typed(display=display)
                window = process.window()
                self.assertEqual(display.x.property(window, "_NET_WM_USER_TIME"), bytes(4), "no wish for the focus")
                before = display.x.picture(window)
                until(lambda: display.x.picture(window) != before, "another frame")
                self.assertEqual(display.x.focus(), terminal)
                process.end_quickly(lambda: display.x.ask_to_close(window))

    def test_end_of_input_keeps_the_window(self):
        process = self.start_typed("--summary", stdout=None)
        window = process.window()
        self.terminal.type("5\n")
        until(lambda: self.flat(window, 5, 15), "a trace at 5")
        self.terminal.type("\x04")
        until(lambda: self.still(window), "a plot that stands still")
        self.assertTrue(process.running())
        self.assertTrue(self.flat(window, 5, 15))
        self.quit(process, window, out=table((1, 1, 5, 5, 5, 5)))

    def still(self, window):
        before = self.display.x.picture(window)
        time.sleep(0.3) # thirty frames
        return self.display.x.picture(window) == before

    def test_end_of_input_ends_with_exit(self):
        process = self.start_typed("--exit", "--summary", stdout=None)
        process.window()
        self.terminal.type("5\n")
        process.end_quickly(lambda: self.terminal.type("\x04"), out=table((1, 1, 5, 5, 5, 5)))

    def test_a_picture_of_what_was_typed(self):
        process = self.start_typed("--png", "p.png", "--summary", stdout=None, display=None)
        self.terminal.type("1\ntwo\n3\n")
        until(lambda: process.err, "the error")
        process.end_quickly(lambda: self.terminal.type("\x04"), out=table((1, 2, 1, 3, 2, 3)), err=ERROR)
        self.assertTrue((self.directory / "p.png").stat().st_size > 1000)


class JobControl(TerminalTest):
    """scope as the job of an interactive shell, whose terminal is ours."""

    def setUp(self):
        super().setUp()
        env = environment(DISPLAY=self.display.name, PS1="", PS2="", ENV="", HISTFILE="")
        # A session of its own with the pty as its terminal, which only a session leader without one can take.
        self.shell = subprocess.Popen([*mortal(), "setsid", "--ctty", "sh", "-i"], env=env, cwd=self.directory,
                                      stdin=self.terminal.theirs, stdout=self.terminal.theirs,
                                      stderr=subprocess.STDOUT)
        self.addCleanup(self.end_shell)
        self.terminal.leave()
        self.say("PS1=", "ready")
        self.scope_pid = None

    def end_shell(self):
        for pid in (self.scope_pid, self.shell.pid):
            try:
                if pid:
                    os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.shell.wait(PATIENCE_S)

    def say(self, line, answer):
        """Types a line to the shell, then waits until it has done it."""
        self.terminal.type(f"{line}; echo {answer[0]}''{answer[1:]}\n")
        self.terminal.expect(answer)

    def start_job(self, arguments, pid_file="pid"):
        """scope in the background; its process id."""
        self.say(f"'{SCOPE}' {' '.join(SIZE)} {arguments} 2>err & echo $! >{pid_file}", "started")
        self.scope_pid = int(self.line(pid_file))
        return self.scope_pid

    def window(self, pid):
        window = until(lambda: self.display.x.window_of(pid), "the window")
        until(lambda: len(self.display.x.picture(window).colours()) > 2, "the window is drawn")
        return window

    def state(self, pid):
        """The letter of /proc: R runs, S sleeps, T is stopped, Z has ended, as has what is not there."""
        try:
            with open(f"/proc/{pid}/stat") as file:
                return file.read().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return "Z"

    def gone(self, pid):
        until(lambda: self.state(pid) == "Z", "scope has ended")

    def test_in_the_background_it_is_not_stopped(self):
        self.say("set -m", "monitor")
        pid = self.start_job("--summary >out")
        window = self.window(pid)
        for line in range(5): # what is typed now is there to be read by whoever has the terminal
            self.say("true", f"shell{line}")
            before = self.plot(window).columns_at(0)
            until(lambda: self.plot(window).columns_at(0) != before, f"the trace goes on; scope is {self.state(pid)}")
            self.assertIn(self.state(pid), "RSD")

        # The shell has the keyboard: what is typed is its own. In the foreground it is ours.
        self.terminal.type("fg\n")
        until(lambda: self.foreground() == os.getpgid(pid), "scope in the foreground")
        self.terminal.type("5\n")
        until(lambda: self.plot(window).columns_at(5), "a trace at 5")
        self.terminal.type("\x03")
        self.gone(pid)
        self.say("echo status $?", "after")
        self.terminal.expect("status 0")
        table((1, 1, 5, 5, 5, 5))((self.directory / "out").read_text())
        self.assertEqual((self.directory / "err").read_text(), "")

    def foreground(self):
        return os.tcgetpgrp(self.terminal.ours)

    def test_stopped_and_continued(self):
        self.say("set -m", "monitor")
        self.terminal.type(f"'{SCOPE}' {' '.join(SIZE)} --summary >out 2>err & echo $! >pid; fg\n")
        pid = self.scope_pid = int(self.line("pid"))
        window = self.window(pid)
        until(lambda: self.foreground() == os.getpgid(pid), "scope in the foreground")
        self.terminal.type("5\n")
        until(lambda: self.plot(window).columns_at(5), "a trace at 5")
        self.terminal.type("\x1a")
        until(lambda: self.state(pid) == "T", "scope is stopped by Ctrl-Z")
        self.say("bg", "resumed")
        until(lambda: self.state(pid) in "RSD", "scope runs again")
        before = self.plot(window).columns_at(5)
        until(lambda: self.plot(window).columns_at(5) != before, "the trace goes on")
        self.terminal.type("fg\n")
        until(lambda: self.foreground() == os.getpgid(pid), "scope in the foreground")
        self.terminal.type("7\n")
        until(lambda: self.plot(window).columns_at(7), "a trace at 7")
        self.terminal.type("\x04\x03")
        self.gone(pid)
        table((1, 2, 5, 7, 6, 7))((self.directory / "out").read_text())

    def test_the_terminal_is_closed(self):
        self.terminal.type(f"'{SCOPE}' {' '.join(SIZE)} --summary >out 2>err & echo $! >pid; fg\n")
        pid = self.scope_pid = int(self.line("pid"))
        window = self.window(pid)
        until(lambda: self.foreground() == os.getpgid(pid), "scope in the foreground")
        self.terminal.type("5\n")
        until(lambda: self.plot(window).columns_at(5), "a trace at 5")
        self.terminal.close()
        self.gone(pid)
        table((1, 1, 5, 5, 5, 5))((self.directory / "out").read_text())
        self.assertEqual((self.directory / "err").read_text(), "")


if __name__ == "__main__":
    main()
