"""Panes, limits, units, trigger, cursors, clearing and the list of keys in a terminal, in screens of any number of cells."""
import base64
import math
import re
import signal
import subprocess

from harness import main, until
from scope_harness import SCOPE
from screen import ScreenTest

TABLE = "volt,current,temp\nV,mA,°C\n" + "".join(
    f"{5 * math.sin(i / 20):.3f},{100 + 80 * math.cos(i / 31):.1f},{20 + i / 50:.2f}\n" for i in range(400))
SIZES = ((80, 24), (200, 60))
EVERY_KEY = ("c", ">", "=5\r", "y", "T", "\x1b[1;2A", "E", "m", "n", "r", "t", "g", "l", "l", "\t", "\r", "1", "1", "a", "+", "-",
             "\x1b[D", "\x1b[5~", "u", "U", "\x1b[3~", "h", "h", "\x1b[H")


class Cells(ScreenTest):
    def words(self, terminal):
        return " ".join(" ".join(terminal.text()).split())

    def in_words(self, terminal, *wanted):
        until(lambda: all(text in self.words(terminal) for text in wanted), f"{wanted}")

    def test_the_list_of_keys_is_whole(self):
        """Each key of --help is there with all of its words."""
        listed = subprocess.run([SCOPE, "--help"], capture_output=True, text=True, check=True).stdout
        listed = listed.split("Keys in the")[1].split("\n\n")[0]
        entries = []
        for line in listed.splitlines()[1:]:
            key = re.match(r"  (\S.*?)  +(\S.*)", line)
            if key:
                entries.append(list(key.groups()))
            elif entries:
                entries[-1][1] += " " + line.strip()
        self.assertGreater(len(entries), 20)
        for columns, rows in SIZES:
            with self.subTest(columns=columns):
                terminal = self.terminal(columns=columns, rows=rows)
                process = self.draw_file(terminal, TABLE)
                terminal.type("h")
                terminal.shows("quit")
                if columns < 100:
                    self.in_words(terminal, *(" ".join(entry) for entry in entries))
                else:
                    terminal.shows(*(what for _, what in entries))
                terminal.type("h")
                until(lambda: "copy what" not in self.words(terminal), "the list is closed")
                self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_a_list_that_does_not_fit_says_so(self):
        terminal = self.terminal(columns=40, rows=12)
        process = self.draw_file(terminal, TABLE)
        terminal.type("h")
        self.in_words(terminal, "q quit Esc close the help", "… the rest: man scope")
        self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_panes_limits_and_units(self):
        for columns, rows in SIZES:
            with self.subTest(columns=columns):
                terminal = self.terminal(columns=columns, rows=rows)
                process = self.draw_file(terminal, TABLE, "--stack=unit", "--limits=-4:150")
                outside = sum(not -4 <= float(cell) <= 150 for line in TABLE.splitlines()[2:] for cell in line.split(","))
                terminal.shows("──volt─", "──current─", "──temp─", "[V]", "[mA]", "[°C]", f"{outside} outside the limits", "╌╌╌")
                self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_trigger_cursors_copy_and_clear(self):
        for columns, rows in SIZES:
            with self.subTest(columns=columns):
                terminal = self.terminal(columns=columns, rows=rows)
                process = self.draw(terminal, "--demo", "--stack", "--trigger=1:0", stdin=subprocess.DEVNULL)
                terminal.shows("▾", "►", "noise")
                terminal.type("c")
                terminal.shows("1/Δ", "mean", "p-p")
                terminal.type("y")

                def copied():
                    return [base64.b64decode(title[5:]) for title in terminal.titles if title.startswith(b"52;c;")]
                until(copied, "OSC 52")
                text = copied()[0].decode()
                for word in ("sine\t", "ringing\t", "noise\t", "duty"):
                    self.assertIn(word, text)
                terminal.type("\x1b[3~")
                terminal.shows("Del again clears all that came")
                terminal.type("\x1b[3~")
                terminal.shows("cleared")
                self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_every_key_in_any_number_of_cells(self):
        for columns, rows in ((1, 1), (3, 2), (500, 200), *SIZES):
            with self.subTest(columns=columns, rows=rows):
                terminal = self.terminal(columns=columns, rows=rows)
                process = self.draw(terminal, "--demo", "--stack", "--limits=-4:4", "--trigger=1:0", stdin=subprocess.DEVNULL)
                until(lambda: terminal.frames > 3, "frames")
                for key in EVERY_KEY:
                    terminal.type(key)
                    frames = terminal.frames
                    until(lambda: terminal.frames > frames + 1, f"a frame behind {key!r}")
                self.leaves(process, terminal, lambda: process.signal(signal.SIGTERM))

    def test_pictures_of_panes_are_those_of_png(self):
        """By kitty's protocol: what is painted for a window, with nothing of its own."""
        options = ("--stack=unit", "--limits=-9:190")
        for columns, rows in ((80, 24), (3, 2)):
            terminal = self.terminal(columns=columns, rows=rows, kitty=True)
            process = self.draw_file(terminal, TABLE, *options)
            if columns > 3:
                expected = self.png(columns * 8, rows * 16, *options)
                until(lambda: terminal.picture() == expected, "the picture of the PNG")
            for key in EVERY_KEY:
                terminal.type(key)
            terminal.still()
            self.assertTrue(process.running())
            self.leaves(process, terminal, lambda: process.signal(signal.SIGTERM))


if __name__ == "__main__":
    main()
