"""What is said of the input while it comes: lines refused, names that do not come, counts. Read off a terminal's screen."""
import signal
import time

from harness import Late, main, until
from screen import ScreenTest


class Said(ScreenTest):
    def open(self, *arguments):
        terminal = self.terminal()
        return self.draw(terminal, *arguments), terminal

    def ends(self, process, terminal, status=0):
        self.leaves(process, terminal, lambda: process.signal(signal.SIGTERM), status=status)
        return terminal.printed.replace("\r\n", "\n")

    def test_refused_from_the_first_line_on(self):
        """Nothing is accepted: the last line and why stand in the plot, the count in the state line."""
        process, terminal = self.open()
        process.feed("abc def ghi\n")
        terminal.shows("no numbers in 1 line; line 1: 'abc' is not a number", "1 rejected")
        process.feed("the second\n")
        terminal.shows("no numbers in 2 lines; line 2: 'the' is not a number", "2 rejected")
        process.feed("".join(f"word{n}\n" for n in range(3, 61)))
        terminal.shows("no numbers in 60 lines; line 60: 'word60' is not a number", "60 rejected")
        process.feed("5\n")
        until(lambda: not any("no numbers" in line for line in terminal.text()), "a plot, and no word of it")
        terminal.shows("60 rejected") # the count stays
        printed = self.ends(process, terminal)
        self.assertIn("scope: line 1: 'abc' is not a number\n", printed)
        self.assertIn("scope: 60 lines rejected\n", printed)

    def test_refused_at_once_on_stderr(self):
        """With a header before, and without: half a second, and some for a busy machine."""
        for header in ("", "a,b\n1,2\n"):
            with self.subTest(header=header):
                process = self.start("--png", "p.png")
                process.feed(header + "3,oops\n" if header else "oops\n")
                until(lambda: "'oops' is not a number" in process.err, "a word of it")
                process.stdin.close()
                process.wait()
                process.checked = True

    def test_refused_again_after_a_clearing(self):
        process, terminal = self.open()
        process.feed("1\n2\nno\n")
        terminal.shows("1 rejected")
        terminal.type("\x1b[3~\x1b[3~")
        terminal.shows("cleared")
        until(lambda: not any("rejected" in line for line in terminal.text()), "counts from the beginning")
        process.feed("never\n")
        terminal.shows("no numbers in 1 line; line 4: 'never' is not a number", "1 rejected")
        self.ends(process, terminal)

    def test_the_end_of_a_refused_input(self):
        process, terminal = self.open()
        process.feed("never\n")
        process.stdin.close()
        terminal.shows("no numbers in 1 line; line 1: 'never' is not a number", "end of input")
        self.leaves(process, terminal, lambda: terminal.type("q"), status=1)

    def test_names_that_do_not_come(self):
        """Said once, on both sides, beside those that did; those that come are plotted all the while."""
        process, terminal = self.open("--only", "a,zz")
        process.feed("a=1 b=2\n")
        until(lambda: self.feeds(process, "a=3 b=2\n") and
              any("'zz' never came; there were a, b" in line for line in terminal.text()), "what does not come")
        until(lambda: not any("never came" in line for line in terminal.text()), "the plot alone again")
        printed = self.ends(process, terminal)
        self.assertEqual(printed.count("scope: --only, so far: 'zz' never came; there were a, b\n"), 1)
        self.assertEqual(printed.count("scope: --only: 'zz' never came; there were a, b\n"), 1) # at the end

    def test_names_that_all_came(self):
        process, terminal = self.open("--only", "a,b")
        process.feed("a=1 b=2\n")
        began = time.monotonic()
        while time.monotonic() - began < 3.5:
            self.feeds(process, "a=3 b=2\n")
            self.assertFalse(any("never came" in line for line in terminal.text()))
        self.assertNotIn("--only", self.ends(process, terminal))

    def feeds(self, process, text):
        process.feed(text)
        time.sleep(0.1)
        return True

    def test_rates_and_counts_are_of_rows(self):
        """Not of lines, nor of values: five channels are one row, and what is refused is none."""
        process, terminal = self.open()
        began = time.monotonic()
        rows = 0
        def rate():
            nonlocal rows
            process.feed("1 2 3 4 5\n# nothing\n\n" * 10)
            rows += 10
            time.sleep(0.1)
            line = terminal.text()[0]
            found = [word for word in line.split() if word.endswith("/s") and word[0].isdigit()]
            return float(found[0][:-2]) if found and time.monotonic() - began > 2.5 else None
        seen = until(rate, "a rate")
        real = rows / (time.monotonic() - began)
        if not 0.6 * real < seen < 1.6 * real:
            raise Late(f"{seen} rows a second of {real:.1f}, as where some second was longer than others")
        process.feed("1 x 3 4 5\n")
        terminal.shows("1 rejected")
        process.stdin.close()
        terminal.shows(f"{rows} rows", "1 rejected", "end of input")
        self.leaves(process, terminal, lambda: terminal.type("q"))


if __name__ == "__main__":
    main()
