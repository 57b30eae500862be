"""scope in real terminals."""
import os
import signal
import subprocess
import sys
import time

from harness import PATIENCE_S, environment, main, until
from scope_harness import SCOPE
from servers import ServerTest


class Xterm(ServerTest):
    needs = ("xterm",)

    def run_in(self, display, *command, **more):
        env = environment(DISPLAY=display.name, HOME=str(self.directory), LIBGL_ALWAYS_SOFTWARE="1", **more)
        script = self.write("inside", f"#!/bin/sh\nunset DISPLAY WAYLAND_DISPLAY\ncd '{self.directory}'\n"
                            f"stty -a >before\n'{SCOPE}' --demo --timing 2>said & echo $! >pid; wait $!\n"
                            "stty -a >after\necho $? >status\nsleep 30\n")
        script.chmod(0o755)
        return self.server(*command, str(script), env=env)

    def shows(self, display):
        return self.has_traces(display.x.picture(display.x.root))

    def check(self, display):
        until(lambda: self.shows(display), "a plot")
        time.sleep(1) # some frames
        os.kill(int((self.directory / "pid").read_text()), signal.SIGINT)
        until(lambda: (self.directory / "status").exists(), "the end")
        self.assertEqual((self.directory / "before").read_text(), (self.directory / "after").read_text())
        print((self.directory / "said").read_text().splitlines()[0], file=sys.stderr)
        until(lambda: self.shows(display), "the last picture is left")

    def test_sixels(self):
        display = self.display("1000x700x24")
        self.run_in(display, "xterm", "-ti", "vt340", "-geometry", "100x40", "-e")
        self.check(display)

    def test_it_is_killed(self):
        display = self.display("1000x700x24")
        xterm = self.run_in(display, "xterm", "-ti", "vt340", "-geometry", "100x40", "-e")
        until(lambda: self.shows(display), "a plot")
        pid = int((self.directory / "pid").read_text())
        xterm.kill()
        until(lambda: not os.path.exists(f"/proc/{pid}"), "scope has ended")


class Kitty(Xterm):
    needs = ("kitty",)
    test_sixels = test_it_is_killed = None

    def test_pictures(self):
        display = self.display("1000x700x24")
        self.run_in(display, "kitty", "-o", "remember_window_size=no", "-o", "initial_window_width=900", "-o",
                    "initial_window_height=600")
        self.check(display)


class Tmux(ServerTest):
    needs = ("tmux",)

    def tmux(self, *command):
        env = environment(TERM="xterm-256color", HOME=str(self.directory), TMUX=None, TMUX_TMPDIR=str(self.directory))
        return subprocess.run(["tmux", "-f", "/dev/null", *command], env=env, capture_output=True, text=True,
                              timeout=PATIENCE_S).stdout

    def test_blocks(self):
        self.tmux("new-session", "-d", "-x", "100", "-y", "30", f"'{SCOPE}' --demo; echo status $?; cat")
        self.addCleanup(self.tmux, "kill-server")

        def shows(*words):
            return all(word in self.tmux("capture-pane", "-p") for word in words)
        until(lambda: shows("live", "noise", "\u2588"), "the plot")
        title = self.tmux("display-message", "-p", "#{pane_title}")
        self.assertNotIn("Gi=", title)
        self.tmux("resize-window", "-x", "60", "-y", "20")
        until(lambda: shows("live", "noise"), "the plot, smaller")
        self.tmux("send-keys", "h")
        until(lambda: shows("autoscale"), "the help")
        self.tmux("send-keys", "h")
        until(lambda: shows("noise") and not shows("autoscale"), "the help is closed")
        self.tmux("send-keys", "q")
        until(lambda: shows("status 0", "noise"), "the end, and the last picture")


if __name__ == "__main__":
    main()
