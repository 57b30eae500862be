"""scope in real terminals."""
import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import time

from harness import PATIENCE_S, Late, Terminal, environment, main, mortal, until
from picture import DARK, split
from scope_harness import SCOPE
from servers import ServerTest


# Asks the terminal whether it shows the cursor and whether it has the alternate screen, and prints its answers.
ASK = """
import os, select, termios, tty
before = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b"\\033[?25$p\\033[?1049$p\\033[c")
answer = b""
while not answer.endswith(b"c") and select.select([0], [], [], 10)[0]:
    answer += os.read(0, 999)
termios.tcsetattr(0, termios.TCSANOW, before)
open("modes", "wb").write(answer)
"""


class Xterm(ServerTest):
    needs = ("xterm",)
    command = ("xterm", "-ti", "vt340", "-geometry", "100x40", "-e")

    def run_in(self, display):
        """It is asked for something first: one that is still starting would not answer scope within 200 ms."""
        env = environment(DISPLAY=display.name, HOME=str(self.directory), LIBGL_ALWAYS_SOFTWARE="1")
        self.write("ask.py", ASK)
        script = self.write("inside", f"#!/bin/sh\nunset DISPLAY WAYLAND_DISPLAY\ncd '{self.directory}'\n"
                            f"stty -a >before\n'{sys.executable}' ask.py\n'{SCOPE}' --demo --timing 2>said & echo $! >pid; wait $!\n"
                            f"echo $? >status\nstty -a >after\n'{sys.executable}' ask.py\ntouch end\nsleep 30\n")
        script.chmod(0o755)
        terminal = self.server(*self.command, str(script), env=env)
        until(lambda: self.shows(display), "a plot")
        return terminal, int(self.line("pid"))

    def shows(self, display):
        return self.has_traces(display.x.picture(display.x.root))

    def is_a_picture(self, display):
        """A trace's edges are smooth, which those of blocks are not: many pixels are between it and the ground."""
        picture = display.x.picture(display.x.root)
        ground, trace = split(DARK.plot), split(DARK.channel[0])

        def between(colour):
            shares = [(c - g) / (t - g) for c, g, t in zip(split(colour), ground, trace)]
            return 0.2 < min(shares) and max(shares) < 0.8 and max(shares) - min(shares) < 0.1
        return sum(picture.pixels.count(colour) for colour in filter(between, picture.colours())) > 200

    def ended(self):
        """scope has ended as it should, and the terminal is as it was."""
        until(lambda: (self.directory / "end").exists(), "the end")
        self.assertEqual((self.directory / "before").read_text(), (self.directory / "after").read_text())
        self.assertEqual((self.directory / "status").read_text(), "0\n")
        modes = (self.directory / "modes").read_bytes()
        self.assertIn(b"\033[?25;1$y", modes, "the cursor is shown")
        self.assertIn(b"\033[?1049;2$y", modes, "the screen is the usual one")

    def test_pictures(self):
        display = self.display("1000x700x24")
        _, pid = self.run_in(display)
        try:
            until(lambda: self.is_a_picture(display), "pixels rather than blocks")
        except AssertionError:
            raise Late("the answer by which scope would know that pictures can be shown") from None
        time.sleep(1) # some frames
        os.kill(pid, signal.SIGINT)
        self.ended()
        print((self.directory / "said").read_text().splitlines()[0], file=sys.stderr)
        until(lambda: self.shows(display), "the last picture is left")

    def test_it_is_killed(self):
        terminal, pid = self.run_in(self.display("1000x700x24"))
        terminal.kill()
        until(lambda: not os.path.exists(f"/proc/{pid}"), "scope has ended")

    def test_it_is_stopped(self):
        """scope ends all the same, without waiting for it; what it was sent by then is not what it keeps showing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                terminal, pid = self.run_in(self.display("1000x700x24"))
                terminal.send_signal(signal.SIGSTOP)
                time.sleep(0.5) # until scope waits for it
                before = self.cpu_s(pid)
                time.sleep(1)
                self.assertLess(self.cpu_s(pid) - before, 0.3, "it does not spin")
                os.kill(pid, number)
                until(lambda: (self.directory / "status").exists(), "scope has ended")
                terminal.send_signal(signal.SIGCONT)
                self.ended()
                terminal.kill()
                for name in ("end", "status", "pid"): # so that the next round does not take them for its own
                    (self.directory / name).unlink()

    def cpu_s(self, pid):
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Kitty(Xterm):
    needs = ("kitty",)
    command = ("kitty", "-o", "remember_window_size=no", "-o", "initial_window_width=900", "-o",
               "initial_window_height=600")


class Tmux(ServerTest):
    needs = ("tmux",)

    def environment(self):
        return environment(TERM="xterm-256color", SHELL="/bin/sh", HOME=str(self.directory), TMUX=None,
                           TMUX_TMPDIR=str(self.directory))

    def tmux(self, *command):
        return subprocess.run(["tmux", "-f", "/dev/null", *command], env=self.environment(), capture_output=True, text=True,
                              timeout=PATIENCE_S).stdout

    def shows(self, *words):
        text = self.tmux("capture-pane", "-p")
        return all(word in text for word in words)

    def until_shown(self, *words):
        until(lambda: self.shows(*words), f"{words} in tmux")

    def attach(self, columns, rows):
        """A client in a terminal of our own, which has the session's plot."""
        terminal = Terminal()
        self.addCleanup(terminal.close)
        fcntl.ioctl(terminal.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        client = subprocess.Popen([*mortal(), "setsid", "--ctty", "tmux", "-u", "attach"], env=self.environment(),
                                  stdin=terminal.theirs, stdout=terminal.theirs, stderr=terminal.theirs)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        terminal.expect("noise")
        return terminal, client

    def test_detached_and_attached(self):
        """It goes on without a client, and then leaves the terminal as it was by each signal."""
        self.addCleanup(self.tmux, "kill-server")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                self.tmux("new-session", "-d", "-x", "100", "-y", "30", f"cd '{self.directory}'; stty -a >before; "
                          f"'{SCOPE}' --demo --terminal & echo $! >pid; wait $!; ended=$?; stty -a >after; "
                          "echo status $ended; cat") # what is shown last says that the files are written
                for columns, rows in ((90, 30), (60, 20)):
                    _, client = self.attach(columns, rows)
                    until(lambda: self.tmux("display-message", "-p", "#{window_width}") == f"{columns}\n", "its size")
                    self.until_shown("live", "noise")
                    self.tmux("detach-client")
                    client.wait(PATIENCE_S)
                    time.sleep(0.5) # nobody looks
                os.kill(int(self.line("pid")), number)
                self.until_shown("status 0", "noise")
                before, after = ((self.directory / name).read_text().partition("\n")[2] for name in ("before", "after"))
                self.assertEqual(before, after) # but for the size, in the first line
                self.assertEqual(self.tmux("display-message", "-p", "#{cursor_flag} #{alternate_on}"), "1 0\n")
                self.tmux("kill-session")
                (self.directory / "pid").unlink()

    def test_blocks(self):
        self.tmux("new-session", "-d", "-x", "100", "-y", "30", f"'{SCOPE}' --demo; echo status $?; cat")
        self.addCleanup(self.tmux, "kill-server")

        self.until_shown("live", "noise", "\u2588")
        title = self.tmux("display-message", "-p", "#{pane_title}")
        self.assertNotIn("Gi=", title)
        self.tmux("resize-window", "-x", "60", "-y", "20")
        self.until_shown("live", "noise")
        self.tmux("send-keys", "h")
        self.until_shown("autoscale")
        self.tmux("send-keys", "h")
        until(lambda: self.shows("noise") and not self.shows("autoscale"), "the help is closed")
        self.tmux("send-keys", "q")
        self.until_shown("status 0", "noise") # and the last picture


if __name__ == "__main__":
    main()
