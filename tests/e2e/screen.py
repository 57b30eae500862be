"""scope in a terminal of our own: starting it, and how it must leave."""
import subprocess

from harness import Late, environment, until
from picture import Picture
from scope_harness import Test
from terminal_model import Terminal

SQUARE = "".join(f"{5 if i // 50 % 2 else -5}\n" for i in range(400))


class ScreenTest(Test):
    def terminal(self, **options):
        terminal = Terminal(**options)
        self.addCleanup(terminal.close)
        return terminal

    def draw(self, terminal, *arguments, stdin=subprocess.PIPE, typed=False, **env):
        env = environment(**{"TERM": "xterm-256color", "COLORTERM": None, "TMUX": None, **env})
        stdin = terminal.theirs if typed else stdin
        return self.start(*arguments, stdin=stdin, stdout=terminal.theirs, stderr=terminal.theirs, env=env)

    def draw_file(self, terminal, text, *arguments):
        path = self.write("data.txt", text)
        process = self.draw(terminal, *arguments, path.name, stdin=subprocess.DEVNULL)
        until(lambda: terminal.frames > 1, "a frame") # the first question is one, too
        terminal.still(process)
        if (terminal.kitty or terminal.sixel) and not terminal.pictures:
            raise Late("the answer by which it would know that pictures can be shown")
        return process

    def png(self, width, height, *arguments):
        self.start("--png", "p.png", "-g", f"{width}x{height}", *arguments, "data.txt", stdin=subprocess.DEVNULL).ends()
        return Picture.from_png(self.directory / "p.png")

    def wrong(self, got, expected):
        """The share of pixels that have another colour, to the eye."""
        def differ(a, b):
            return max(abs((a >> shift & 255) - (b >> shift & 255)) for shift in (0, 8, 16)) > 24
        return sum(differ(a, b) for a, b in zip(expected.pixels, got.pixels)) / len(got.pixels)

    def leaves(self, process, terminal, how, status=0, out=""):
        """Ends it, and checks that the terminal is as it was."""
        how()
        self.assertEqual(process.wait_as_it_is(), status)
        process.checked = True
        until(lambda: not terminal.alternate and terminal.cursor_shown and terminal.wrap, "the screen is given back")
        terminal.still()
        self.assertEqual(terminal.modes(), terminal.before)
        self.assertEqual(terminal.unknown, [])
