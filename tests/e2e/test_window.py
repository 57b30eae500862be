"""scope in a real window: what is drawn, keys, and sizes."""
import math
import os
import re
import signal
import subprocess
import sys
import time

from harness import Late, main, until
from picture import LIGHT, NoPlot, Picture, Plot
from scope_harness import SANITIZED, numbers, table
from window import SIZE, WAVE, WindowTest

PANEL = 0x1A2028


class Drawing(WindowTest):
    def test_a_step_where_it_belongs(self):
        """Piped numbers are a trace that begins with the first of them, steps, holds and scrolls."""
        process, window = self.open("--summary", "-w", "5")
        self.assertFalse(self.plot(window).has_trace())
        process.feed("-5\n")
        until(lambda: self.shows(window, -5, 30), "a trace at -5")
        process.feed("5\n")
        plot = until(lambda: self.shows(window, 5, 30), "a trace at 5")
        low, high = plot.columns_at(-5), plot.columns_at(5)
        self.assertLess(max(low), min(high))
        self.assertLessEqual(min(high) - max(low), 3, "upright")
        self.assertGreaterEqual(max(high), plot.width - 8, "up to now")
        self.assertFalse(plot.trace_rows(min(low) - 10), "nothing before the first number")

        first, step = time.monotonic(), min(high)
        until(lambda: min(self.plot(window).columns_at(5)) < step - plot.width // 4, "the step scrolls to the left")
        plot, last = self.plot(window), time.monotonic()
        seconds = (step - min(plot.columns_at(5))) / plot.width * 5
        print(f"the step went {seconds:.2f} s to the left in {last - first:.2f} s", file=sys.stderr)
        if abs(seconds - (last - first)) > 0.6:
            raise Late("the picture, or the look at it,")
        self.assertGreaterEqual(max(plot.columns_at(5)), plot.width - 8, "the value is held")
        process.end_quickly(lambda: self.x.key(window, "q"), out=table((1, 2, -5, 5, 0, 5)))

    def test_the_window_shows_the_picture_of_png(self):
        for options in (["--theme", "dark"], ["--theme", "light"], ["--style", "points"],
                        ["--autoscale", "--title", "Two waves", "--unit", "°C"]):
            with self.subTest(options=options):
                process, window = self.open_file(WAVE, *options)
                self.start("--png", "p.png", *SIZE, *options, "data.txt", stdin=subprocess.DEVNULL).ends()
                expected = Picture.from_png(self.directory / "p.png")
                self.becomes(window, expected, "the window is like the PNG")
                process.end_quickly(lambda: self.x.ask_to_close(window))

    def test_slopes_are_anti_aliased(self):
        """The middle of a line that rises a pixel in twenty columns lies where it should, to a fraction of a pixel."""
        options = ("-g", "640x360")
        process, window = self.open_file("-1.2\n1.2\n", "--style", "line", size=options)
        self.start("--png", "p.png", *options, "--style", "line", "data.txt", stdin=subprocess.DEVNULL).ends()
        for picture in (self.x.picture(window), Picture.from_png(self.directory / "p.png")):
            plot = Plot(picture)
            middles = self.middles(plot)
            self.assertGreater(len(middles), 150)
            slope, start = self.fit(middles)
            self.assertAlmostEqual(abs(1 / slope), 20, delta=10)
            farthest = max(abs(y - (start + slope * x)) for x, y in middles.items())
            print(f"a 1:{abs(1 / slope):.0f} slope is met to {farthest:.2f} pixels", file=sys.stderr)
            self.assertLess(farthest, 0.35, "not a staircase")
            mixed = plot.picture.colours() - {plot.theme.plot, plot.theme.grid, plot.theme.channel[0]}
            self.assertGreater(len(mixed), 10, "shades between trace and background")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def middles(self, plot):
        """{column: row} of where the trace is, by how much it covers of each pixel; without those at grid lines."""
        rows, columns, found = plot.grid_rows(), plot.grid_columns(), {}
        for x in set(range(plot.width)) - columns:
            part = {y: share for y, pixel in enumerate(plot.picture.column(x))
                    if y not in rows and (share := plot.share(pixel)) is not None and share > 0.02}
            if part and not rows & set(range(min(part) - 1, max(part) + 2)):
                found[x] = sum(y * share for y, share in part.items()) / sum(part.values())
        return found

    def fit(self, points):
        """Slope and start of the straight line through the points, by least squares."""
        n, sx, sy = len(points), sum(points), sum(points.values())
        slope = (n * sum(x * y for x, y in points.items()) - sx * sy) / (n * sum(x * x for x in points) - sx * sx)
        return slope, (sy - slope * sx) / n

    def test_several_channels_in_their_colours(self):
        process, window = self.open("--summary")
        process.feed("a:8 b:4 c:-4 d:-8\n")
        values = dict(enumerate((8, 4, -4, -8)))
        until(lambda: all(len(self.plot(window).columns_at(value, channel)) > 5 for channel, value in values.items()),
              "four traces")
        process.end_quickly(lambda: self.x.key(window, "q"), out=table(
            *((name, 1, value, value, value, value) for name, value in zip("abcd", values.values()))))

    def test_a_spike_among_ten_million(self):
        blocks = 1000 if SANITIZED else 10000
        block = b"".join(b"%.3f\n" % math.sin(n * n) for n in range(1000))
        with open(self.directory / "data.txt", "wb") as file:
            for n in range(blocks):
                file.write(block if n != blocks * 4 // 10 else block + b"9.5\n")
        process, window = self.open("--summary", "data.txt", stdin=subprocess.DEVNULL)
        self.at_rest(process, window)
        plot = self.plot(window)
        spike = [x for x in range(plot.width) if len(plot.trace_rows(x)) > plot.height // 3]
        self.assertTrue(plot.shows(9.4) and 1 <= len(spike) <= 4, f"the spike: {spike}")
        self.assertAlmostEqual(spike[0] / plot.width, 0.4, delta=0.02)
        self.assertFalse(plot.shows(-5))

        def check(text):
            self.assertEqual((numbers(text)["1"][0], numbers(text)["1"][2]), (blocks * 1000 + 1, 9.5))
        process.end_quickly(lambda: self.x.key(window, "q"), out=check)

        piped, window = self.open("--summary", "--window", "all")
        for n in range(blocks):
            piped.feed(block if n != blocks * 4 // 10 else block + b"9.5\n")
        until(lambda: self.plot(window).shows(9.4), "the spike")
        piped.stdin.close()
        self.at_rest(piped, window)
        self.assertTrue(self.plot(window).shows(9.4))
        piped.end_quickly(lambda: self.x.key(window, "q"), out=check, err=self.perhaps_a_hint)

    def test_window_properties(self):
        process, window = self.open("--title", "Boiler", "--unit", "°C", size=("-g", "400x300+50+60"))
        self.assertEqual(self.x.geometry(window), (50, 60, 400, 300))
        self.assertEqual(self.x.property(window, "_NET_WM_NAME").decode(), "Boiler \u2013 scope")
        self.assertEqual(self.x.property(window, "WM_NAME").decode(), "Boiler \u2013 scope")
        self.assertEqual(self.x.property_type(window, "WM_NAME"), "UTF8_STRING")
        self.assertIn(b"scope", self.x.property(window, "WM_CLASS").split(b"\0"))
        self.assertGreater(len(self.x.property(window, "_NET_WM_ICON")), 4 * 32 * 32)
        process.end_quickly(lambda: self.x.ask_to_close(window))

    def test_a_plain_title_is_plain_text(self):
        _, window = self.open()
        self.assertEqual(self.x.property(window, "WM_NAME"), b"scope")
        self.assertEqual(self.x.property_type(window, "WM_NAME"), "STRING")
        self.assertEqual(self.x.property_type(window, "_NET_WM_NAME"), "UTF8_STRING")

    def test_wayland_or_not_the_program_says_nothing(self):
        process, window = self.open("--demo", "--theme", "light", stdin=subprocess.DEVNULL)
        until(lambda: all(self.plot(window, theme=LIGHT).has_trace(channel) for channel in range(3)), "three signals")
        process.end_quickly(lambda: self.x.key(window, "q"))


class Keys(WindowTest):
    def test_toggles_come_back_to_the_same_picture(self):
        process, window = self.open_file(WAVE)
        original = self.at_rest(process, window)
        before = Plot(original)
        self.assertTrue(before.has_grid() and before.has_trace(0) and before.has_trace(1))
        seen = {
            "l": lambda plot: plot.height > before.height + 20,
            "g": lambda plot: not plot.has_grid(),
            "1": lambda plot: not plot.has_trace(0) and plot.has_trace(1),
            "2": lambda plot: plot.has_trace(0) and not plot.has_trace(1),
            "h": lambda plot: plot.picture.pixels.count(PANEL) > 2000,
            "F1": lambda plot: plot.picture.pixels.count(PANEL) > 2000,
            "3": lambda plot: plot.picture == before.picture, # there is no third channel
            "x": lambda plot: plot.picture == before.picture,
        }
        for key, done in seen.items():
            with self.subTest(key=key):
                self.x.key(window, key)
                until(lambda: done(self.plot(window)), f"what {key} does")
                self.x.key(window, key)
                self.becomes(window, original, f"the picture as before, after {key} twice")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_autoscale(self):
        process, window = self.open_file("50\n60\n" * 20)
        self.assertFalse(self.plot(window).trace_rows(100), "off scale")
        self.x.key(window, "a")
        until(lambda: self.plot(window).trace_rows(100), "a trace")
        self.x.key(window, "a")
        self.at_rest(process, window)
        self.assertTrue(self.plot(window).has_trace(), "off: the range stays as it is")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_space_pauses_and_input_goes_on(self):
        process, window = self.open("--summary")
        process.feed("5\n")
        until(lambda: self.shows(window, 5), "a trace at 5")
        self.x.key(window, "space")
        paused = self.at_rest(process, window)
        for value in (-3, -6, 2):
            process.feed(f"{value}\n")
        process.swallowed()
        time.sleep(0.3) # thirty frames
        self.assertEqual(self.below_header(self.x.picture(window)), self.below_header(paused), "paused")
        self.x.key(window, "space")
        until(lambda: self.shows(window, 2), "a trace at 2")
        self.assertTrue(self.plot(window).shows(-6), "what came in the meantime")
        self.x.key(window, "space")
        self.at_rest(process, window)
        process.feed("7\n")
        self.x.key(window, "Home")
        until(lambda: self.shows(window, 7), "live again")
        process.end_quickly(lambda: self.x.key(window, "q"), out=table((1, 5, -6, 7, 1, 7)))

    def below_header(self, picture):
        """Without the line where a paused scope goes on to show what comes in."""
        return picture.crop(0, Plot(picture).top - 1, picture.width, picture.height)

    def test_escape_closes_what_is_open_and_quits_last(self):
        process, window = self.open_file(WAVE)
        original = self.at_rest(process, window)
        self.x.key(window, "h")
        until(lambda: self.plot(window).picture.pixels.count(PANEL) > 2000, "the help")
        self.x.key(window, "Escape")
        self.becomes(window, original, "the help is closed")
        self.assertTrue(process.running())
        process.end_quickly(lambda: self.x.key(window, "Escape"))

    def test_full_screen(self):
        """Without a window manager nobody makes the window larger, or smaller again; a resize mends what it shows."""
        process, window = self.open_file(WAVE)
        for leave in ("F11", "Escape"):
            self.x.key(window, "F11")
            self.at_rest(process, window)
            self.x.key(window, leave)
            self.at_rest(process, window)
            self.assertTrue(process.running())
        self.x.configure(window, width=400, height=300)
        until(lambda: self.width_of_plot(window), "a plot of the window's size")
        process.end_quickly(lambda: self.x.key(window, "Escape"))

    def width_of_plot(self, window):
        try:
            return 300 < self.plot(window).width < 400
        except NoPlot:
            return False

    def test_save(self):
        process, window = self.open_file(WAVE)
        original = self.at_rest(process, window)
        self.x.key(window, "s")
        until(lambda: self.x.picture(window) != original, "a note")
        self.becomes(window, original, "the note is gone")
        names = [path.name for path in self.directory.glob("*.png")]
        self.assertEqual(len(names), 1)
        self.assertRegex(names[0], r"\Ascope-\d{8}-\d{6}\.png\Z")
        self.assertEqual(Picture.from_png(self.directory / names[0]), original)
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_three_pictures_in_a_second_are_three_files(self):
        process, window = self.open_file(WAVE)
        for _ in range(3):
            count = len(list(self.directory.glob("*.png")))
            self.x.key(window, "s")
            until(lambda: len(list(self.directory.glob("*.png"))) > count, "one more file")
        self.assertEqual(len(list(self.directory.glob("*.png"))), 3)
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_save_where_that_is_impossible(self):
        process, window = self.open_file(WAVE)
        for path in self.directory.iterdir():
            path.unlink()
        self.directory.rmdir()
        self.x.key(window, "s")
        expected = r"\Ascope: cannot save scope-\d{8}-\d{6}\.png: No such file or directory\n\Z"
        process_err = os.open(f"/proc/{process.pid}/fd/2", os.O_RDONLY)
        self.addCleanup(os.close, process_err)
        until(lambda: re.match(expected, os.pread(process_err, 1000, 0).decode()), "the message")
        self.directory.mkdir()
        process.checked = True
        process.err_path.write_text("")
        process.out_path.write_text("")
        self.x.key(window, "q")
        self.assertEqual(process.wait(), 0)

    def test_hidden_channels_and_keys_before_any_input(self):
        process, window = self.open()
        for key in "123456789glahh s":
            self.x.key(window, "space" if key == " " else key)
        until(lambda: list(self.directory.glob("*.png")), "a picture")
        process.end_quickly(lambda: self.x.key(window, "q"))


class Surface(WindowTest):
    def expected(self, width, height):
        self.start("--png", "p.png", "-g", f"{width}x{height}", "data.txt", stdin=subprocess.DEVNULL).ends()
        return Picture.from_png(self.directory / "p.png")

    def test_resize_leaves_nothing_stale(self):
        process, window = self.open_file(WAVE)
        for width, height in ((800, 500), (64, 64), (200, 120), (1900, 1060), (333, 777), (1000, 64), (480, 270)):
            with self.subTest(size=f"{width}x{height}"):
                self.x.configure(window, x=0, y=0, width=width, height=height)
                expected = self.expected(width, height)
                self.becomes(window, expected, f"the picture of {width} x {height}")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_resize_of_a_running_plot(self):
        process, window = self.open()
        process.feed("5\n")
        until(lambda: self.shows(window, 5), "a trace at 5")
        self.x.configure(window, width=300, height=200)
        until(lambda: self.shows(window, 5, 20), "the trace, in the new size")
        process.signal(signal.SIGSTOP) # so that it gets to know of all these at once
        for width, height in ((64, 64), (900, 600), (300, 200)) * 3:
            self.x.configure(window, width=width, height=height)
        process.signal(signal.SIGCONT)
        until(lambda: self.shows(window, 5, 20), "the trace, in the last size")
        self.assertEqual(self.x.picture(window).width, 300)
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_uncovered_again(self):
        process, window = self.open_file(WAVE)
        original = self.at_rest(process, window)
        x, y, width, height = self.x.geometry(window)
        for part in ((x, y, width, height), (x + 50, y + 40, 200, 100), (x - 10, y + 100, 30, 400)):
            cover = self.x.cover(*part)
            self.assertNotEqual(self.x.picture(window), original)
            self.x.destroy(cover)
            self.becomes(window, original, "the whole picture again")
        process.end_quickly(lambda: self.x.key(window, "q"))

    def test_hidden_and_shown_again(self):
        process, window = self.open("--summary")
        process.feed("5\n")
        until(lambda: self.shows(window, 5), "a trace at 5")
        self.x.unmap(window)
        until(lambda: self.idle(process), "no work for a window that is not to be seen")
        process.feed("6\n")
        process.swallowed()
        self.x.map(window)
        until(lambda: self.shows(window, 6), "a trace at 6")
        process.end_quickly(lambda: self.x.key(window, "q"), out=table((1, 2, 5, 6, 5.5, 6)))


if __name__ == "__main__":
    main()
