"""Zoom, pan and undo by mouse and keys in a real window, looked at through what it shows and what it exports."""
import csv
import os
import random
import subprocess
import sys
import threading
import time

from harness import main, until
from picture import Plot
from scope_harness import SANITIZED
from window import WAVE, WindowTest

KEYS = ("space", "Home", "Left", "Right", "Up", "Down", "Prior", "Next", "Tab", "Return", "u", "a", "g", "l", "t", "1", "2",
        "-", "=", "h", "F1", "m", "n", "r", "t", "c", "c", "y", ",", ".", "0", "5", "m")


class ViewTest(WindowTest):
    def place(self, window, x, y):
        """A place of the plot, from 0,0 to 1,1, on the screen."""
        plot = self.plot(window)
        left, top, _, _ = self.x.geometry(window)
        return left + plot.left + int(x * (plot.width - 1)), top + plot.top + int(y * (plot.height - 1))

    def point(self, window, x, y):
        self.x.point(*self.place(window, x, y))

    def home_twice(self, window):
        """Apart: a key that comes again within two milliseconds is taken for one that is held down."""
        self.x.key(window, "Home")
        time.sleep(0.05)
        self.x.key(window, "Home")

    def drag(self, window, x, y, to_x, to_y, button=1):
        self.x.drag(*self.place(window, x, y), *self.place(window, to_x, to_y), button)

    def away(self, window):
        """The pointer at a corner, where it reads out nothing."""
        left, top, _, _ = self.x.geometry(window)
        self.x.point(left + 1, top + 1)

    def export(self, window):
        """What key e writes: [(time, value of the first channel)]."""
        head, *rows = self.export_cells(window)
        self.assertEqual(head[0], "time")
        return [(float(row[0]), float(row[1])) for row in rows if row[1]]

    def is_written(self, path):
        """Whether one of our processes still has the file open."""
        for process in self.processes:
            if process.running():
                folder = f"/proc/{process.pid}/fd"
                for fd in os.listdir(folder):
                    try:
                        if os.path.samefile(f"{folder}/{fd}", path):
                            return True
                    except OSError:
                        pass # closed by now
        return False

    def export_cells(self, window):
        before = set(self.directory.glob("*.csv"))
        self.x.key(window, "e")
        path, = until(lambda: set(self.directory.glob("*.csv")) - before, "an export")
        until(lambda: not self.is_written(path), "the whole of it") # till then key e does nothing
        return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))

    def open_numbers(self):
        """A thousand samples, of which number n is n / 100 - 5."""
        process, window = self.open_file("".join(f"{n / 100 - 5}\n" for n in range(1000)))
        self.away(window)
        return process, window, self.at_rest(process, window)


class Ended(ViewTest):
    """A file: nothing moves by itself."""

    def check_samples(self, rows, first, last, slack=12):
        self.assertEqual(rows, [(n, n / 100 - 5) for n in range(int(rows[0][0]), int(rows[-1][0]) + 1)])
        self.assertAlmostEqual(rows[0][0], first, delta=slack)
        self.assertAlmostEqual(rows[-1][0], last, delta=slack)

    def test_wheel_drag_box_and_undo(self):
        process, window, original = self.open_numbers()
        self.check_samples(self.export(window), 0, 999, 0)
        self.point(window, 0.75, 0.5)
        self.x.wheel(4) # 1000 / 1.25^4 = 410, three quarters of them left of 750
        self.away(window)
        self.at_rest(process, window)
        self.check_samples(self.export(window), 750 - 0.75 * 410, 750 + 0.25 * 410)
        self.drag(window, 0.2, 0.5, 0.7, 0.51)
        self.away(window)
        self.at_rest(process, window)
        self.check_samples(self.export(window), 442 - 205, 852 - 205)
        self.drag(window, 0.25, 0.25, 0.75, 0.75, button=3)
        self.away(window)
        time.sleep(2.7) # what is said of the export stays for 2.5 s
        boxed = self.at_rest(process, window)
        self.check_samples(self.export(window), 237 + 102, 647 - 102)
        for _ in range(6):
            self.x.key(window, "u")
        self.away(window)
        until(lambda: self.x.picture(window).pixels == original.pixels or None, "undone: the picture as it was")
        for _ in range(6):
            self.x.key(window, "u", "Shift")
        until(lambda: Plot(self.x.picture(window)).picture == Plot(boxed).picture, "and again")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_an_export_has_the_units(self):
        process, window = self.open_file("a=1.5V b=2 c=20%\n" * 20)
        self.away(window)
        head, *rows = self.export_cells(window)
        self.assertEqual(head, ["time", "a [V]", "b", "c [%]"])
        self.assertEqual(rows[0][1:], ["1.5", "2", "20"])
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_the_axes_alone(self):
        process, window, original = self.open_numbers()
        plot = Plot(original)
        left, top, _, _ = self.x.geometry(window)
        self.x.point(left + plot.left - 10, top + plot.top + plot.height // 2)
        self.x.wheel(3)
        self.at_rest(process, window)
        self.check_samples(self.export(window), 0, 999, 0)
        self.assertNotEqual(Plot(self.x.picture(window)).picture, plot.picture)
        self.x.point(left + plot.left + plot.width // 2, top + plot.bottom + 8)
        self.x.wheel(3)
        self.at_rest(process, window)
        self.check_samples(self.export(window), 500 - 256, 500 + 256)
        self.x.click()
        self.x.click()
        self.at_rest(process, window)
        self.check_samples(self.export(window), 0, 999, 0)
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_keys(self):
        process, window, original = self.open_numbers()
        for key in ("=", "=", "=", "Left", "Up"): # with Shift a plus
            self.x.key(window, key, *(["Shift"] if key == "=" else []))
        self.at_rest(process, window)
        self.check_samples(self.export(window), 244 - 51, 756 - 51)
        self.x.key(window, "Prior")
        self.x.key(window, "Prior")
        self.at_rest(process, window)
        rows = self.export(window)
        self.assertEqual(rows[0][0], 0, "what is there stays in sight")
        self.x.hold("Caps_Lock")
        self.x.let_go("Caps_Lock")
        for _ in range(7):
            self.x.key(window, "u") # undo all the same
        self.x.hold("Caps_Lock")
        self.x.let_go("Caps_Lock")
        self.becomes(window, original, "undone")
        self.x.key(window, "=", "Control")
        until(lambda: self.x.picture(window) != original, "the values zoomed")
        self.home_twice(window)
        self.becomes(window, original, "Home, twice")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_the_legend_by_keys(self):
        process, window = self.open_file(WAVE)
        self.away(window)
        self.at_rest(process, window)
        self.x.key(window, "Tab")
        self.x.key(window, "Return")
        until(lambda: not self.plot(window).has_trace(0) and self.plot(window).has_trace(1), "the first is off")
        self.x.key(window, "Return", "Shift")
        until(lambda: self.plot(window).has_trace(0) and not self.plot(window).has_trace(1), "it alone")
        self.x.key(window, "Escape") # leaves the legend
        self.x.key(window, "2")
        until(lambda: self.plot(window).has_trace(1), "both")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_the_title_says_what_is_plotted(self):
        process, window, _ = self.open_numbers()
        until(lambda: self.x.property(window, "_NET_WM_NAME").decode() == "data.txt – scope", "the file's name")
        process.end_quickly(lambda: self.x.key(window, "q"))
        process, window = self.open()
        self.assertEqual(self.x.property(window, "_NET_WM_NAME").decode(), "scope")
        process.feed("room:21 hall:19\n")
        until(lambda: self.x.property(window, "_NET_WM_NAME").decode() == "room, hall – scope", "the channels' names")
        process.end_quickly(lambda: self.x.key(window, "q"))


class Live(ViewTest):
    """Numbers that keep coming."""

    def setUp(self):
        super().setUp()
        self.stop = threading.Event()
        self.count = 0

    def flow(self, process, period=0.01, rows=10):
        """Ten rows each ten milliseconds: a sawtooth of a thousand."""
        def run():
            while not self.stop.is_set():
                try:
                    process.feed("".join(f"{(self.count + i) % 1000 / 100 - 5}\n" for i in range(rows)))
                except OSError:
                    return
                self.count += rows
                self.stop.wait(period)
        self.feeder = threading.Thread(target=run)
        self.feeder.start()
        self.addCleanup(self.feeder.join)
        self.addCleanup(self.stop.set)
        until(lambda: self.count > 300, "numbers flow")

    def check_newest(self, process, window):
        """Nothing flows any more: what is fed then, the export ends with. It may come again till it is there."""
        self.stop.set()
        self.feeder.join()
        def newest():
            process.feed("7.25\n")
            process.digested()
            return self.export(window)[-1][1] == 7.25
        until(newest, "the newest is in view")

    def stands(self, window):
        """What is plotted, if it is the same for a second in which numbers flow."""
        before, count = self.plot(window).picture, self.count
        time.sleep(1)
        return self.count > count + 300 and self.plot(window).picture == before and before

    def test_the_wheel_never_ends_following(self):
        process, window = self.open("-w", "4")
        self.flow(process)
        self.point(window, 0.3, 0.5)
        for steps in (5, 5, 5, 5, -5, -5, -5, -5):
            self.x.wheel(steps)
            time.sleep(0.2)
            plot = self.plot(window)
            columns = [x for x in range(plot.width) if plot.trace_rows(x)]
            self.assertGreaterEqual(max(columns), plot.width - 8, "up to now")
        self.check_newest(process, window)
        process.end_quickly(lambda: self.x.key(window, "q"), err=self.perhaps_a_hint)

    def test_held_it_stands_still_and_home_follows(self):
        process, window = self.open("-w", "2")
        self.flow(process)
        until(lambda: self.count > 1500, "numbers across all of the plot")
        self.drag(window, 0.2, 0.5, 0.8, 0.5)
        self.away(window)
        held = until(lambda: self.stands(window), "it is held")
        self.x.key(window, "Home")
        until(lambda: self.plot(window).picture != held, "it moves")
        self.check_newest(process, window)
        process.end_quickly(lambda: self.x.key(window, "q"), err=self.perhaps_a_hint)


class Monkey(ViewTest):
    """SEED=n repeats a run, EVENTS=n sets how much is done."""

    def test_a_monkey(self):
        seed = int(os.environ.get("SEED", time.time()))
        events = int(os.environ.get("EVENTS", 300 if SANITIZED else 1000))
        print(f"SEED={seed} EVENTS={events}", file=sys.stderr)
        dice = random.Random(seed)
        arguments = dice.choice(([], ["--stack"], ["--stack=unit", "--log"], ["--log"])) + \
            dice.choice(([], ["--trigger", "2"], ["--trigger", "2:1,falling,normal"]))
        print(*arguments, file=sys.stderr)
        process, window = self.open("-w", "2", *arguments)
        down = set()
        for i in range(events):
            if i > 20 and dice.random() < 0.3:
                process.feed(dice.choice(("3\n", "nan\n", "1e308\n", "-1e308\n", "5e-324\n", "1 2 3\n", "7\n" * 500)))
            kind = dice.random()
            if kind < 0.3:
                self.x.key(window, dice.choice(KEYS), *dice.sample(("Shift", "Control"), dice.choice((0, 0, 0, 1, 2))))
            elif kind < 0.6:
                left, top, width, height = self.x.geometry(window)
                self.x.point(left + dice.randrange(-20, width + 20), top + dice.randrange(-20, height + 20))
            elif kind < 0.8:
                button = dice.choice((1, 1, 2, 3))
                self.x.button(button, button not in down)
                down ^= {button}
            elif kind < 0.98:
                self.x.wheel(dice.choice((-3, -1, 1, 3)))
            else:
                self.x.configure(window, width=dice.choice((64, 300, 480, 900)), height=dice.choice((64, 120, 270, 500)))
            self.assertTrue(process.running(), f"after event {i}")
        for button in down:
            self.x.button(button, False)
        self.x.configure(window, width=480, height=270)
        self.away(window)
        process.feed("1 2 3\n") # there are channels, be they switched off
        process.swallowed()
        self.x.key(window, "Return") # a distance that is typed takes all keys
        self.x.key(window, "Tab")
        for _ in range(3): # one alone, or all of them
            if len(self.export_cells(window)[0]) > 2:
                break
            self.x.key(window, "Return", "Shift")
        self.home_twice(window)
        self.assertTrue(process.running())
        try:
            until(lambda: self.newest_is_seen(process, window), "the newest sample is in view", 5)
        except AssertionError: # with a trigger it may be after the sweep
            self.x.key(window, "t", "Shift")
            self.home_twice(window)
            until(lambda: self.newest_is_seen(process, window), "the newest sample is in view", 40)
        process.end_quickly(lambda: self.x.ask_to_close(window), err=lambda text: self.assertNotIn("ERROR", text))

    def newest_is_seen(self, process, window):
        """It is fed each time: two seconds are in view, and a slow machine exports for longer."""
        process.feed("4 4 4\n")
        process.swallowed()
        return self.export_cells(window)[-1][-1] == "4"


if __name__ == "__main__":
    main()
