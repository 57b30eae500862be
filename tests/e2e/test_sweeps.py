"""Trigger, panes and logarithmic axes in a real window and in pictures."""
import math
import random
import re
import subprocess

from harness import main, until
from picture import NoPlot, Picture, Plot
from test_view import ViewTest


def periods(count, samples, amplitude=8):
    """Whole periods of a sine, each written alike."""
    one = "".join(f"{amplitude * math.sin(2 * math.pi * (i + 0.25) / samples):.6f}\n" for i in range(samples))
    return one * count


def value(plot, x):
    """What the trace is in a column, the mark above a crossing left out."""
    rows = [y for y in plot.trace_rows(x) if y > 8]
    return plot.value_of((rows[0] + rows[-1]) / 2) if rows else None


def panes(picture, **options):
    """All plots of a picture, from the top."""
    found, top = [], 0
    while True:
        rest = picture.crop(0, top, picture.width, picture.height)
        try:
            plot = Plot(rest, **options)
        except NoPlot:
            return found
        if plot.height < 8: # the strip, or what else is that low
            return found
        found.append(plot)
        top += plot.bottom + 1


class Sweeps(ViewTest):
    RATE = ("--rate", "48000", "-w", "0.005")

    def open_sweeps(self, *arguments):
        """1 kHz at 48,000 samples a second, in sweeps: the first of them that stands."""
        process, window = self.open(*self.RATE, *arguments)
        self.away(window)
        process.feed(periods(100, 48))
        process.swallowed()
        return process, window, self.at_rest(process, window)

    def plot_of_more(self, process, window):
        """What is plotted, more having come: keys and pointer may be looked at only after what came when they did."""
        process.feed(periods(50, 48))
        process.digested()
        return self.plot(window)

    def crossing(self, plot, level):
        """The first column in which the trace is above the level, having been below."""
        below = False
        for x in range(12, plot.width): # right of the handle
            here = value(plot, x)
            if here is not None and below and here >= level:
                return x
            below = below if here is None else here < level
        return -1000

    def test_a_kilohertz_stands_still(self):
        process, window, first = self.open_sweeps("--trigger", "0", "--timing")
        plot = Plot(first)
        self.assertAlmostEqual(self.crossing(plot, 0), plot.width // 10, delta=1)
        fed = 100
        for more in (37, 1, 250, 64):
            process.feed(periods(more, 48))
            fed += more
            process.digested()
            self.assertEqual(self.plot(window).picture, plot.picture)
        # A sweep ends 4.5 periods after its crossing: every fifth one counts. The first one is at the end of a period.
        process.end_quickly(lambda: self.x.key(window, "q"), err=lambda text: self.assertIn(
            f"trigger: {(fed - 1 + 4) // 5} sweeps", text))

    def test_the_level_is_dragged_and_moved_by_keys(self):
        process, window, first = self.open_sweeps("--trigger", "0")
        plot = Plot(first)
        left, top, _, _ = self.x.geometry(window)
        x = left + plot.left + 3
        self.x.drag(x, top + plot.top + int(plot.row_of(0)), x, top + plot.top + int(plot.row_of(5)))
        self.away(window)
        def crosses(level):
            return abs(self.crossing(self.plot_of_more(process, window), level) - plot.width // 10) <= 1
        until(lambda: crosses(5), "another level")
        for _ in range(10): # a fiftieth of 20 each
            self.x.key(window, "Down", "Shift")
        until(lambda: crosses(1), "and a lower one")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_keys_switch_it_on_and_off(self):
        process, window, _ = self.open_sweeps()
        self.x.key(window, "t", "Shift")
        until(lambda: abs(self.crossing(self.plot(window), 0) - self.plot(window).width // 10) <= 1 or None,
              "sweeps")
        self.x.key(window, "e", "Shift") # falling: at its tenth the trace goes down
        def falls():
            plot = self.plot_of_more(process, window)
            tenth = plot.width // 10
            return (value(plot, tenth - 5) or 0) > 0 > (value(plot, tenth + 5) or 0)
        until(falls, "the other edge")
        self.x.key(window, "t", "Shift")
        process.feed(periods(50, 48) + "9.9\n" * 3)
        until(lambda: self.plot(window).shows(9.9) or None, "the newest, as without a trigger")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_normal_holds(self):
        process, window, _ = self.open_sweeps("--trigger", "0,normal")
        process.feed("-9\n" * 48000)
        process.swallowed()
        plot = Plot(self.at_rest(process, window))
        self.assertAlmostEqual(self.crossing(plot, 0), plot.width // 10, delta=1)
        process.feed(periods(100, 48, 4))
        until(lambda: not self.plot(window).shows(7) or None, "another sweep")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_auto_runs_on(self):
        process, window, _ = self.open_sweeps("--trigger", "0,auto")
        process.feed("-9\n" * 48000)
        until(lambda: self.plot(window).columns_at(-9, rows=3) or None, "what came since")
        process.end_quickly(lambda: self.x.key(window, "q"))


class Pictures(ViewTest):
    def png(self, data, *arguments, err="", size="480x270"):
        self.write("data.txt", data)
        self.start("--png", "p.png", "-g", size, *arguments, "data.txt", stdin=subprocess.DEVNULL).ends(err=err)
        return Picture.from_png(self.directory / "p.png")

    def test_noisy_sweeps_are_counted(self):
        """50 Hz of full range with noise of 0.5 %, 10,000 samples a second, 1000 sweeps."""
        chance = random.Random(3)
        data = "".join(f"{10 * math.sin(2 * math.pi * i / 200) + chance.gauss(0, 0.1):.5f}\n" for i in range(200150))
        says = lambda text: self.assertRegex(text, r"trigger: 1000 sweeps\n")
        picture = self.png(data, "--rate", "10000", "-w", "0.015", "--trigger", "0", "--timing", err=says)
        plot = Plot(picture)
        values = [value(plot, x) for x in range(plot.width)]
        tenth = plot.width // 10
        self.assertLess(abs(values[tenth]), 0.5)
        self.assertTrue(values[tenth - 20] < -1 and values[tenth + 20] > 1)

    def test_what_can_never_fire_is_a_picture(self):
        data = periods(10, 100)
        for trigger in ("99", "nobody:0", "3:0", "-99,falling,single"):
            self.assertTrue(Plot(self.png(data, "--trigger", trigger)).has_trace())

    def test_panes_of_their_own(self):
        data = "".join(f"{24366868 + 500 * (i % 200)} {i % 100 / 33:.2f}\n" for i in range(1000))
        first, second = panes(self.png(data, "--stack"))
        self.assertTrue(first.has_trace(0) and not first.has_trace(1))
        self.assertTrue(second.has_trace(1) and not second.has_trace(0))
        self.assertAlmostEqual(first.height, second.height, delta=1)
        self.assertEqual((first.left, first.right), (second.left, second.right))

    def test_decades(self):
        plot = Plot(self.png("".join(f"{10 ** (i / 100)}\n" for i in range(401)), "--log"), low=0, high=4)
        for share in (0.1, 0.35, 0.5, 0.8): # a straight line from 1 to 10,000
            self.assertAlmostEqual(plot.value(int(share * plot.width)), 4 * share, delta=0.05)

    def test_svg_and_png_agree(self):
        data = "".join(f"a={i % 7} b={10 ** (i % 5)}\n" for i in range(100))
        self.png(data, "--stack", "--log", "--trigger", "a:3", "--svg", "p.svg")
        text = (self.directory / "p.svg").read_text(encoding="utf-8")
        self.assertEqual(len(re.findall(r"clipPath id", text)), 2) # a trace a pane
        self.assertIn(">100<", text)
        self.assertIn(">a<", text)


class Panes(ViewTest):
    def test_the_wheel_on_an_axis_is_for_its_pane(self):
        data = "".join(f"{i % 100 / 20} {i % 50} {i % 20 / 100}\n" for i in range(1000))
        process, window = self.open_file(data, "--stack", size=("-g", "640x480"))
        original = self.x.picture(window)
        before = panes(original)
        self.assertEqual(len(before), 3)
        left, top, _, _ = self.x.geometry(window)
        y = before[0].bottom + 1 + before[1].top + before[1].height // 2
        self.x.point(left + before[0].left - 15, top + y)
        self.x.wheel(2)
        self.away(window)
        self.at_rest(process, window)
        after = panes(self.x.picture(window))
        self.assertEqual([a.picture == b.picture for a, b in zip(after, before)], [True, False, True])
        self.x.key(window, "u")
        self.x.key(window, "u")
        self.becomes(window, original, "the picture as it was")
        self.x.key(window, "2") # what is off makes room
        until(lambda: len(panes(self.x.picture(window))) == 2 or None, "two panes")
        self.x.key(window, "2")
        self.becomes(window, original, "the picture as it was")
        process.end_quickly(lambda: self.x.key(window, "q"))


if __name__ == "__main__":
    main()
