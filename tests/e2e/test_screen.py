"""scope in a terminal: the way it chooses, what it draws, and what is typed."""
import os
import signal
import subprocess
import sys
import time

from harness import main, until
from picture import DARK
from screen import SQUARE, ScreenTest

BLOCKS = set("▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")


class Choosing(ScreenTest):
    def test_kitty_is_the_picture_of_png(self):
        for shared in (False, True):
            with self.subTest(shared=shared):
                terminal = self.terminal(kitty=True, shared=shared)
                process = self.draw_file(terminal, SQUARE)
                expected = self.png(640, 384)
                until(lambda: terminal.picture() == expected, "the picture of the PNG")
                self.assertEqual(any(str(process.pid) in name for name in os.listdir("/dev/shm")), False)
                self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_sixels_are_nearly_the_picture_of_png(self):
        for registers, limit in ((256, 0.01), (16, 0.06)):
            with self.subTest(registers=registers):
                terminal = self.terminal(sixel=True, registers=registers)
                process = self.draw_file(terminal, SQUARE)
                expected, got = self.png(640, 368), terminal.picture(23)
                wrong = self.wrong(got, expected)
                print(f"{registers} registers: {100 * wrong:.2f} % of the pixels are another colour", file=sys.stderr)
                self.assertLess(wrong, limit)
                self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_blocks_are_where_the_values_are(self):
        for deep in (True, False):
            with self.subTest(deep=deep):
                terminal = self.terminal(deep=deep)
                process = self.draw_file(terminal, SQUARE)
                text = terminal.text()
                row = {value: next(y for y, line in enumerate(text) if line.lstrip().startswith(f"{value}┤"))
                       for value in ("10", "5", "−5")}
                ink = {cell.ink for cell in terminal.cells[row["5"]] if cell.character in BLOCKS}
                wanted = DARK.channel[0]
                self.assertTrue(ink and all(self.near(colour, wanted) for colour in ink), f"{ink}")
                for value in ("5", "−5"):
                    self.assertTrue(BLOCKS & set(text[row[value]]) and not BLOCKS & set(text[row["10"]]), text)
                self.assertTrue(any("last" in line and "mean" in line for line in text))
                self.leaves(process, terminal, lambda: terminal.type("q"))
                self.assertIn("mean", terminal.printed, "the last picture stays behind")

    def near(self, a, b):
        return max(abs((a >> shift & 255) - (b >> shift & 255)) for shift in (0, 8, 16)) < 45

    def test_a_choice_of_ones_own(self):
        terminal = self.terminal(kitty=True, sixel=True)
        process = self.draw(terminal, "--demo", "--terminal=blocks", stdin=subprocess.DEVNULL)
        terminal.shows("live", "noise")
        self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_one_that_answers_nothing_late_or_rubbish(self):
        for options in ({"answers": False}, {"late": 0.5}, {"rubbish": b"\x1b[?\x1bP\x1b_Gi=31;ENO\x1b\\\x1b[99;99;99~\xff\xfe"},
                        {"answers": False, "rubbish": b"\x1b]0;x\x1b\\\x1bO\x1b["}):
            with self.subTest(**options):
                terminal = self.terminal(**options)
                process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL)
                terminal.shows("live", "ringing")
                frames = terminal.frames
                until(lambda: terminal.frames > frames + 3, "more frames")
                self.leaves(process, terminal, lambda: process.signal(signal.SIGTERM))

    def test_term_is_nothing(self):
        for term in (None, "", "dumb"):
            with self.subTest(term=term):
                terminal = self.terminal()
                process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL, TERM=term)
                self.assertEqual(process.wait_as_it_is(), 1)
                until(lambda: "--png" in terminal.printed, "a message")
                self.assertEqual(terminal.modes(), terminal.before)

    def test_a_display_that_is_none_is_no_display(self):
        terminal = self.terminal()
        process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL, DISPLAY=":9999", WAYLAND_DISPLAY="nonsense",
                            XDG_RUNTIME_DIR=str(self.directory))
        terminal.shows("live")
        self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_no_terminal_though_it_was_asked_for(self):
        self.start("--terminal", "--demo", stdin=subprocess.DEVNULL).ends(
            1, err=lambda text: self.assertIn("--png", text))


class Sizes(ScreenTest):
    def test_any_size(self):
        terminal = self.terminal(columns=1, rows=1)
        process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: terminal.frames > 3, "frames")
        for columns, rows in ((3, 2), (500, 200), (20, 5), (80, 24)):
            terminal.resize(columns, rows)
            process.signal(signal.SIGWINCH)
            frames = terminal.frames
            until(lambda: terminal.frames > frames + 3, f"frames of {columns}x{rows}")
        terminal.shows("live", "noise")
        self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_pictures_of_any_size(self):
        for kind in ({"kitty": True}, {"sixel": True}):
            with self.subTest(**kind):
                terminal = self.terminal(columns=3, rows=2, **kind)
                process = self.draw_file(terminal, SQUARE)
                for columns, rows in ((1, 1), (100, 30)):
                    terminal.resize(columns, rows)
                    process.signal(signal.SIGWINCH) # comes by itself where it is the controlling terminal
                    terminal.still()
                if "kitty" in kind:
                    expected = self.png(800, 480)
                    until(lambda: terminal.picture() == expected, "the picture of the PNG")
                self.leaves(process, terminal, lambda: terminal.type("q"))


class Typing(ScreenTest):
    def test_numbers_go_into_the_line(self):
        terminal = self.terminal()
        process = self.draw(terminal, "--summary", typed=True)
        terminal.shows("Enter numbers to update. The visible range of y-values is -10 to 10.", "New value: ", "Esc: keys")
        terminal.type("5\r")
        self.last_is(terminal, "5")
        terminal.type("oops\r")
        terminal.shows("Input must be a number.")
        terminal.type("77\x7f\x7f7\x7f-3") # edited, not sent
        terminal.shows("New value: -3")
        terminal.type("\x1b")
        terminal.shows("Esc returns to the line")
        terminal.type("h")
        terminal.shows("pause the view")
        terminal.type("h\x1b")
        terminal.shows("New value: -3")
        terminal.type("\r")
        self.last_is(terminal, "−3")
        self.leaves(process, terminal, lambda: process.signal(signal.SIGINT))
        self.assertIn("Input must be a number.\r\n", terminal.printed)
        self.assertIn("1\t2\t-3\t5\t1\t-3", terminal.printed)

    def test_the_greeting_in_a_narrow_terminal(self):
        """No number of it is cut: -10 to 1 would be another range."""
        greeting = ("Plot running. ", "Enter numbers to update. ", "The visible range of y-values is -10 to 10.")
        for columns, begin in ((83, 0), (81, 1), (68, 1), (67, 2), (43, 2)):
            with self.subTest(columns=columns):
                terminal = self.terminal(columns=columns)
                process = self.draw(terminal, typed=True)
                terminal.shows("New value: ")
                self.assertEqual(terminal.text()[22].rstrip(), "".join(greeting[begin:]))
                self.leaves(process, terminal, lambda: process.signal(signal.SIGINT))
        terminal = self.terminal(columns=42)
        process = self.draw(terminal, typed=True)
        terminal.shows("New value: ")
        self.assertEqual(terminal.text()[22], "The visible range of y-values is -10 to 1…")
        self.leaves(process, terminal, lambda: process.signal(signal.SIGINT))

    def last_is(self, terminal, number):
        """The legend's first number of channel 1."""
        until(lambda: any(line.startswith("■") and line.split()[2:3] == [number] for line in terminal.text()),
              f"{number} in {terminal.text()}")

    def test_the_end_of_typing(self):
        terminal = self.terminal()
        process = self.draw(terminal, "--exit", typed=True)
        terminal.shows("New value: ")
        self.leaves(process, terminal, lambda: terminal.type("4\r\x04"))

    def test_messages_come_when_it_is_left(self):
        terminal = self.terminal()
        process = self.draw(terminal)
        process.feed("1\nword\n2\n")
        terminal.shows("1 rejected")
        self.assertNotIn("line 2", "".join(terminal.text()))
        self.leaves(process, terminal, lambda: terminal.type("q"))
        self.assertIn("scope: line 2: 'word' is not a number", terminal.printed)

    def test_keys(self):
        terminal = self.terminal()
        process = self.draw_file(terminal, SQUARE)
        terminal.type("h")
        terminal.shows("autoscale on or off")
        terminal.type("\x1b")
        until(lambda: not any("autoscale on" in line for line in terminal.text()), "the help is closed")
        terminal.type("l")
        until(lambda: not any("mean" in line for line in terminal.text()), "no legend")
        terminal.type("s")
        until(lambda: list(self.directory.glob("scope-*.png")), "a picture")
        self.leaves(process, terminal, lambda: terminal.type("\x1b"))


    def test_clear(self):
        """Del asks, and asked again it clears; in the line it belongs to the line."""
        terminal = self.terminal()
        process = self.draw(terminal, "--summary", typed=True)
        terminal.type("5\r")
        self.last_is(terminal, "5")
        terminal.type("\x1b[3~\x1b[3~7\r")
        self.last_is(terminal, "7")
        terminal.type("\x1b\x1b[3~")
        terminal.shows("Del again clears all that came")
        terminal.type("\x1b[3~\x1b")
        terminal.shows("cleared")
        self.last_is(terminal, "0")
        terminal.type("9\r")
        self.last_is(terminal, "9")
        self.leaves(process, terminal, lambda: process.signal(signal.SIGINT))
        self.assertIn("1\t1\t9\t9\t9\t9", terminal.printed)
        self.assertIn("the summary is of what came since it was cleared", terminal.printed)


class Pacing(ScreenTest):
    def test_a_slow_line_is_never_more_than_a_frame_behind(self):
        terminal = self.terminal(bytes_per_s=125000)
        process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: terminal.frames > 3, "frames")

        def flows():
            frames, start = terminal.frames, time.monotonic()
            time.sleep(2) # the span that is measured
            rate = (terminal.frames - frames) / (time.monotonic() - start)
            print(f"1 Mbit/s, blocks, 80x24: {rate:.1f} frames a second", file=sys.stderr)
            return rate > 5
        until(flows, "more than 5 frames a second")
        self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_no_frame_before_the_answer(self):
        terminal = self.terminal()
        process = self.draw(terminal, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: terminal.frames > 3, "frames")
        terminal.answers = False

        def silent():
            received, cpu = terminal.received, process.cpu_s()
            time.sleep(2)
            return terminal.received - received < 64 and process.cpu_s() - cpu < 0.5
        until(silent, "nothing but the question, again")
        terminal.answers = True
        frames = terminal.frames
        until(lambda: terminal.frames > frames + 3, "it goes on")
        self.leaves(process, terminal, lambda: terminal.type("q"))


if __name__ == "__main__":
    main()
