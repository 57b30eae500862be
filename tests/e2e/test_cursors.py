"""Cursors in a real window and in a terminal: by keys and mouse, and what they copy against what the samples say."""
import base64
import random
import shutil
import subprocess
import sys
import time
import unittest

from harness import environment, main, until
from scope_harness import SANITIZED
from screen import SQUARE, ScreenTest
from test_view import ViewTest

try:
    import numpy
except ImportError:
    numpy = None

WORDS = ("A", "B", "delta", "count", "min", "max", "mean", "rms", "sd", "peak_to_peak", "integral", "slope", "frequency",
         "period", "duty")


def read_outs(text):
    """({"time A": ...}, {channel: {word: number or None}}) of what key y copies with cursors."""
    times, channels = text.split("\n\n")
    head, row = (line.split("\t") for line in times.splitlines())
    words, *rows = (line.split("\t") for line in channels.splitlines())
    assert words == ["channel", *WORDS], words
    return ({name: float(cell) for name, cell in zip(head, row) if cell},
            {name: {word: float(cell) if cell else None for word, cell in zip(WORDS, cells)} for name, *cells in rows})


class Window(ViewTest):
    def setUp(self):
        super().setUp()
        if not shutil.which("xclip"):
            raise unittest.SkipTest("xclip is not installed: nothing reads the clipboard")

    def clipboard(self):
        run = subprocess.run(["xclip", "-selection", "clipboard", "-o", "-target", "UTF8_STRING"], capture_output=True,
                             env=environment(DISPLAY=self.display.name), timeout=20, check=False)
        return run.stdout.decode() if run.returncode == 0 else None

    def copied(self, window, key="y", *held):
        """What that key copies, once it is another thing than before."""
        before = self.clipboard()
        self.x.key(window, key, *held)
        return until(lambda: (text := self.clipboard()) != before and text, "something new is copied", 60)

    def test_keys_alone(self):
        process, window, original = self.open_numbers() # number n is n / 100 - 5
        self.x.key(window, "c")
        until(lambda: self.x.picture(window) != original, "cursors are there")
        times, channels = read_outs(self.copied(window))
        a, b = int(times["time A"]), int(times["time B"])
        self.assertAlmostEqual(a, 333, delta=3)
        self.assertAlmostEqual(b, 666, delta=3)
        row = channels["1"]
        self.assertEqual((row["A"], row["B"], row["count"]), (a / 100 - 5, b / 100 - 5, b - a + 1))
        self.assertAlmostEqual(row["slope"], 0.01, 12)
        self.x.key(window, "Right")
        self.x.key(window, "Right")
        times, _ = read_outs(self.copied(window))
        self.assertEqual((times["time A"], times["time B"]), (a, b + 2))
        self.x.key(window, ",", "Shift") # <
        self.x.key(window, "=")
        for key in ("-", "1", "0", "0", "Return"):
            self.x.key(window, key)
        times, channels = read_outs(self.copied(window, "c", "Control"))
        self.assertEqual((times["time A"], times["time B"], times["delta"]), (b + 2 - 100, b + 2, 100))
        self.assertEqual(channels["1"]["count"], 101)
        self.x.key(window, "Escape")
        self.away(window)
        time.sleep(2.7) # what was said stays for 2.5 s
        self.becomes(window, original, "the picture without cursors")
        head, row = self.copied(window).splitlines()
        self.assertEqual(head, "channel\tlast\tmin\tmax\tmean")
        self.assertEqual([round(float(cell), 12) for cell in row.split("\t")], [1, 4.99, -5, 4.99, -0.005])
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_dragged(self):
        process, window, original = self.open_numbers()
        self.x.key(window, "c")
        until(lambda: self.x.picture(window) != original, "cursors are there")
        before, _ = read_outs(self.copied(window))
        at = before["time A"] / 1000
        self.drag(window, at, 0.5, 0.1, 0.5)
        after, _ = read_outs(self.copied(window))
        self.assertAlmostEqual(after["time A"], 100, delta=6)
        self.assertEqual(after["time B"], before["time B"])
        self.drag(window, (0.1 + before["time B"] / 1000) / 2, 0.03, 0.5, 0.03) # the bar
        both, _ = read_outs(self.copied(window))
        self.assertAlmostEqual(both["delta"], after["delta"], delta=1e-6)
        self.assertAlmostEqual((both["time A"] + both["time B"]) / 2, 500, delta=8)
        process.end_quickly(lambda: self.x.key(window, "q"))

    @unittest.skipIf(numpy is None, "numpy is not installed")
    def test_a_million_samples_against_numpy(self):
        rows, rate, hz = 100000 if SANITIZED else 1000000, 100000, 37.3
        dice = numpy.random.default_rng(5)
        phase = numpy.arange(rows) / rate * hz % 1
        square = numpy.where(phase < 0.3, 5.0, 0.0) + dice.normal(0, 0.1, rows)
        far = 1e9 + dice.uniform(-0.002, 0.002, rows)
        for values in (square, far):
            values[dice.integers(0, rows, rows // 50)] = numpy.nan
        square[rows // 2:rows // 2 + 1000] = numpy.nan
        text = "square,far\n" + "".join(f"{a!r},{b!r}\n" for a, b in zip(square.tolist(), far.tolist()))
        process, window = self.open_file(text, "--rate", str(rate), "--style", "line", "-a")
        self.away(window)
        self.at_rest(process, window)
        self.x.key(window, "c")
        for typed in ("", f"{0.21234 * rows / rate:.5f}", f"-{0.15 * rows / rate:.5f}"):
            if typed:
                self.x.key(window, "=")
                for key in (*typed, "Return"):
                    self.x.key(window, key)
            times, channels = read_outs(self.copied(window))
            self.compare(times, channels["square"], square, rate, hz)
            self.compare(times, channels["far"], far, rate, None)
        process.end_quickly(lambda: self.x.key(window, "q"))

    def compare(self, times, row, values, rate, hz):
        low, high = sorted(round(times[f"time {name}"] * rate) for name in "AB")
        part = values[low:high + 1].astype(numpy.longdouble)
        moments = numpy.arange(low, high + 1).astype(numpy.longdouble) / rate
        known = ~numpy.isnan(part)
        v, t = part[known], moments[known]
        mean = v[0] + (v - v[0]).mean()
        deviation = numpy.sqrt(((v - mean) ** 2).mean())
        pairs = known[1:] & known[:-1]
        area = ((part[1:] + part[:-1])[pairs] / 2).sum() / rate
        later = t - t.mean()
        expected = {"count": known.sum(), "min": v.min(), "max": v.max(), "mean": mean, "sd": deviation,
                    "rms": numpy.sqrt((v ** 2).mean()), "peak_to_peak": v.max() - v.min(), "integral": area}
        for word, number in expected.items():
            self.assertLessEqual(abs(row[word] - number), 1e-12 * abs(number), word)
        # A slope about nothing is compared with what it is the rest of.
        weight = numpy.abs(later * (v - mean)).sum() / (later ** 2).sum()
        self.assertLessEqual(abs(row["slope"] - (later * (v - mean)).sum() / (later ** 2).sum()), 1e-12 * weight)
        if hz and abs(times["delta"]) > 0.5:
            print(f"{row['frequency']} Hz, duty {row['duty']}", file=sys.stderr)
            self.assertLessEqual(abs(row["frequency"] - hz), 1e-3 * hz)
            self.assertLessEqual(abs(row["duty"] - 0.3), 1e-3 * 0.3 + 2 / (abs(times["delta"]) * rate))


class InATerminal(ScreenTest):
    def test_cells_and_clipboard(self):
        terminal = self.terminal(columns=100, rows=30)
        process = self.draw_file(terminal, SQUARE) # 400 samples, a period of 100
        terminal.type("c")
        terminal.shows("1/Δ", "freq", "duty") # a frame comes in pieces
        terminal.type("=200\r")
        terminal.shows("Δ 200")
        terminal.type("y")
        def copied():
            found = [title for title in terminal.titles if title.startswith(b"52;c;")]
            return found and base64.b64decode(found[-1][5:]).decode()
        times, channels = read_outs(until(copied, "OSC 52"))
        self.assertEqual(times["delta"], 200)
        self.assertEqual(channels["1"]["period"], 100)
        self.assertEqual(channels["1"]["duty"], 0.5)
        self.leaves(process, terminal, lambda: terminal.type("q"))

    def test_any_size(self):
        terminal = self.terminal(columns=100, rows=30)
        process = self.draw_file(terminal, SQUARE)
        terminal.type("c")
        dice = random.Random(3)
        for _ in range(12):
            terminal.resize(dice.choice((1, 7, 20, 40, 80, 200)), dice.choice((1, 3, 6, 12, 24, 60)))
            terminal.still()
            self.assertTrue(process.running())
        self.leaves(process, terminal, lambda: terminal.type("q"))


if __name__ == "__main__":
    main()
