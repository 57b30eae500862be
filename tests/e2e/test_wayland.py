"""scope on Wayland, on a compositor of our own (tests/compositor) that does what real ones do at their worst."""
import itertools
import math
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

from harness import PATIENCE_S, environment, main, mortal, until
from picture import NoPlot, Picture, Plot
from scope_harness import Test, table

COMPOSITOR = os.environ.get("COMPOSITOR")
SIZE = ("-g", "480x270")
WAVE = "".join(f"{8 if i // 100 % 2 else -3} {i / 100 - 5}\n" for i in range(1000))


class Compositor:
    def __init__(self, directory, *options):
        self.directory, self.name = directory, "wayland-test"
        self.process = subprocess.Popen([*mortal(), COMPOSITOR, self.name, *map(str, options)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env={**os.environ, "XDG_RUNTIME_DIR": str(directory)})
        os.set_blocking(self.process.stdout.fileno(), False)
        self.text, self.everything, self.commits = "", "", []
        until(lambda: "ready\n" in self.read(), "the compositor")

    def read(self):
        data = self.process.stdout.read()
        if data:
            self.text += data.decode()
            lines, _, self.text = self.text.rpartition("\n")
            for line in (lines + "\n").splitlines(keepends=True) if lines else ():
                if line.startswith("commit"):
                    self.commits.append(tuple(map(int, line.split()[1:])))
            self.everything += lines + "\n"
            return lines + "\n"
        return ""

    def tell(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def wait(self, word):
        until(lambda: word in self.read(), f"{word!r} of the compositor")

    def shot(self):
        path = self.directory / "shot"
        self.tell(f"shot {path}")
        self.wait("shot\n")
        head, _, pixels = path.read_bytes().partition(b"\n")
        width, height = map(int, head.split())
        return Picture.from_bgrx(width, height, pixels)

    def count(self):
        self.read()
        return len(self.commits)

    def last(self):
        self.read()
        return self.commits[-1] if self.commits else None

    def answered(self):
        """
        Waits until what it has told before is drawn: the first answer comes when that is read, the next when what comes of
        it is under way, and those after a pause when no frame is left to be waited for.
        """
        for pause_s in (0, 0.1, 0):
            time.sleep(pause_s)
            self.tell("ping")
            self.wait("pong\n")

    def still(self):
        """Waits until nothing is drawn any more."""
        def same():
            before = self.count()
            time.sleep(0.3) # as long as two or three frames of one that goes on
            self.answered()
            return self.count() == before
        until(same, "nothing is drawn")

    def close(self):
        self.process.kill()
        self.process.wait(PATIENCE_S)
        self.process.stdin.close()
        self.process.stdout.close()


@unittest.skipUnless(COMPOSITOR, "skipped: needs wayland-protocols and wayland-scanner")
class WaylandTest(Test):
    def compositor(self, *options):
        compositor = Compositor(self.directory, *options)
        self.addCleanup(compositor.close)
        return compositor

    def open(self, compositor, *arguments, **options):
        env = environment(WAYLAND_DISPLAY=compositor.name, XDG_RUNTIME_DIR=str(self.directory),
                          LIBGL_ALWAYS_SOFTWARE="1")
        return self.start(*SIZE, *arguments, env=env, **options)

    def open_file(self, compositor, *arguments):
        self.write("data.txt", WAVE)
        process = self.open(compositor, *arguments, "data.txt", stdin=subprocess.DEVNULL)
        until(lambda: compositor.count() > 0, "a frame")
        return process

    def png(self, width, height, *arguments):
        self.start("--png", "p.png", "-g", f"{width}x{height}", *arguments, "data.txt", stdin=subprocess.DEVNULL).ends()
        return Picture.from_png(self.directory / "p.png")


class Drawing(WaylandTest):
    def test_the_window_is_the_picture_of_png(self):
        for options in ((), ("decorations",)):
            with self.subTest(options=options):
                compositor = self.compositor(*options)
                process = self.open_file(compositor)
                expected = self.png(480, 270)
                until(lambda: compositor.shot() == expected, "the picture of the PNG")
                process.end_quickly(lambda: compositor.tell("close"))
                compositor.close()

    def test_only_what_changed_is_committed(self):
        compositor = self.compositor("decorations")
        process = self.open(compositor, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: compositor.count() > 100, "frames")
        some = [commit[3] for commit in compositor.commits[50:]]
        mean = sum(some) / len(some) / (480 * 270)
        print(f"{100 * mean:.1f} % of the pixels a frame", file=sys.stderr)
        self.assertLess(mean, 0.5)
        process.end_quickly(lambda: compositor.tell("close"))

    def test_buffers_are_reused_and_nothing_old_is_shown(self):
        """What was brought up to date piece by piece is what is painted at once, in a size that comes back."""
        compositor = self.compositor("decorations")
        process = self.open(compositor, "-w", "1")
        start = time.monotonic()
        while time.monotonic() - start < 2 or compositor.count() < 60: # at changing distances between frames and values
            process.feed(f"{9 * math.sin(40 * (time.monotonic() - start)):.3f}\n")
            time.sleep(0.007)
        process.stdin.close()
        compositor.still()
        piecewise = compositor.shot()
        compositor.tell("size 300 200")
        until(lambda: compositor.last()[:2] == (300, 200), "another size")
        compositor.tell("size 480 270")
        until(lambda: compositor.last()[:2] == (480, 270), "the size as it was")
        until(lambda: compositor.shot() == piecewise, "the same picture")
        process.end_quickly(lambda: compositor.tell("close"))

    def test_a_hundred_frames_a_second(self):
        compositor = self.compositor("decorations")
        process = self.open(compositor, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: compositor.count() > 20, "frames")

        def fast():
            before, start = compositor.count(), time.monotonic()
            time.sleep(1) # the span that is measured
            rate = (compositor.count() - before) / (time.monotonic() - start)
            print(f"{rate:.1f} frames a second, callbacks come at 60", file=sys.stderr)
            return rate > 70
        until(fast, "more than 70 frames in one of the seconds")
        process.end_quickly(lambda: compositor.tell("close"))

    def test_scales_and_outputs(self):
        """Sharp on each output: the picture has the pixels of the scale, and its text the size."""
        compositor = self.compositor("decorations", "scale", 1, "scale", 2)
        process = self.open_file(compositor)
        for output, scale in ((1, 2), (0, 1), (1, 2)):
            compositor.tell(f"output {output}")
            until(lambda: compositor.last()[2] == scale, f"scale {scale}")
            until(lambda: 25 * scale < self.height_of_top(compositor) < 46 * scale, f"text for scale {scale}")
        compositor.tell("scale 3") # while it runs: SDL looks at it when the window comes to an output
        compositor.tell("output 0")
        compositor.tell("output 1")
        until(lambda: compositor.last()[2] == 3, "a scale that changes while it runs")
        process.end_quickly(lambda: compositor.tell("close"))

    def height_of_top(self, compositor):
        """Pixels above the plot: they grow with the text."""
        try:
            return Plot(compositor.shot()).top
        except NoPlot:
            return 0

    def test_many_sizes(self):
        compositor = self.compositor("decorations", "scale", 2)
        process = self.open_file(compositor)
        for i in range(100):
            compositor.tell(f"size {300 + 7 * i % 400} {200 + 11 * i % 300}")
        compositor.tell("size 400 300")
        until(lambda: compositor.last()[:3] == (800, 600, 2), "the last size")
        self.assertEqual(process.err, "")
        process.end_quickly(lambda: compositor.tell("close"))

    def test_two_hundred_sizes_at_a_fractional_scale(self):
        """Each buffer has the pixels of what it is shown as, also while the next sizes are on their way."""
        compositor = self.compositor("decorations", "scale", 1.5)
        process = self.open(compositor, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: compositor.count() > 0, "a frame")
        before = compositor.count()
        sizes = [(300 + 7 * i % 401, 200 + 11 * i % 301) for i in range(200)]
        for i, (width, height) in enumerate(sizes):
            compositor.tell(f"size {width} {height + 1}")
            time.sleep(i % 10 / 1000) # the other comes at any moment of a frame
            compositor.tell(f"size {width} {height}")
            until(lambda: compositor.last()[4:] == (width, height), f"size {width}x{height}")
        for width, height, _, _, across, down in compositor.commits:
            self.assertLessEqual(abs(width - 1.5 * across), 0.5, (width, across))
            self.assertLessEqual(abs(height - 1.5 * down), 0.5, (height, down))
        print(f"200 sizes in {compositor.count() - before} frames", file=sys.stderr)
        process.end_quickly(lambda: compositor.tell("close")) # no protocol error: it is alive


class Desktop(WaylandTest):
    def test_the_window_belongs_to_the_desktop_file(self):
        """By its name a desktop finds the icon."""
        compositor = self.compositor("decorations")
        process = self.open_file(compositor)
        entry = Path(__file__).parents[2] / "assets" / "scope.desktop"
        self.assertIn(f"app_id {entry.stem}\n", compositor.everything)
        self.assertIn(f"\nIcon={entry.stem}\n", entry.read_text())
        process.end_quickly(lambda: compositor.tell("close"))


    def test_a_window_at_rest_answers(self):
        """A desktop asks now and then whether a window still does, and offers to end one that does not."""
        compositor = self.compositor("decorations")
        process = self.open_file(compositor)
        compositor.still()
        for _ in range(3):
            compositor.tell("ping")
            compositor.wait("pong\n")
        process.end_quickly(lambda: compositor.tell("close"))


class Hidden(WaylandTest):
    def test_nothing_is_drawn_when_nobody_looks(self):
        compositor = self.compositor("decorations")
        process = self.open(compositor, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: compositor.count() > 20, "frames")
        compositor.tell("hold")


        def idle():
            before, cpu = compositor.count(), process.cpu_s()
            time.sleep(1)
            return compositor.count() == before and process.cpu_s() - cpu < 0.3
        until(idle, "nothing is drawn")
        before = compositor.count()
        compositor.tell("go")
        until(lambda: compositor.count() > before + 20, "frames again")
        process.end_quickly(lambda: compositor.tell("close"))

    def test_no_buffer_is_free(self):
        compositor = self.compositor("decorations")
        process = self.open(compositor, "--demo", stdin=subprocess.DEVNULL)
        until(lambda: compositor.count() > 20, "frames")
        compositor.tell("keep")

        def stuck():
            before = compositor.count()
            time.sleep(0.5)
            return compositor.count() - before <= 1
        until(stuck, "no more frames")
        process.end_quickly(lambda: compositor.tell("close"))


class Ends(WaylandTest):
    def test_the_compositor_dies(self):
        compositor = self.compositor("decorations")
        process = self.open(compositor, "--summary")
        process.feed("1\n2\n")
        until(lambda: compositor.count() > 20, "frames")
        process.end_quickly(lambda: compositor.tell("die"), out=table((1, 2, 1, 2, 1.5, 2)))

    def test_a_stopped_compositor_does_not_make_it_deaf(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            compositor = self.compositor("decorations")
            process = self.open(compositor, "--summary")
            process.feed("1\n2\n")
            until(lambda: compositor.count() > 20, "frames")
            compositor.process.send_signal(signal.SIGSTOP)
            time.sleep(0.3)
            process.end_quickly(lambda: process.signal(number), out=table((1, 2, 1, 2, 1.5, 2)), limit_s=0.5)
            compositor.close()

    def test_signals(self):
        compositor = self.compositor()
        process = self.open(compositor, "--summary")
        process.feed("1\n2\n")
        until(lambda: compositor.count() > 20, "frames")
        process.end_quickly(lambda: process.signal(signal.SIGTERM), out=table((1, 2, 1, 2, 1.5, 2)))


class Lacking(WaylandTest):
    def test_without_a_seat_or_a_shell(self):
        for option, what in (("no-seat", "wl_seat"), ("no-shell", "xdg_wm_base")):
            with self.subTest(option):
                compositor = self.compositor(option)
                process = self.open(compositor, "--demo", stdin=subprocess.DEVNULL)
                process.ends(1, err=lambda text: self.assertRegex(
                    text, rf"\Ascope: cannot open a display: [^\n]*{what}[^\n]*--png[^\n]*\n\Z"))
                compositor.close()

    def test_without_decorations_it_says_nothing(self):
        compositor = self.compositor()
        process = self.open_file(compositor)
        process.end_quickly(lambda: compositor.tell("close"))


class Pinch(WaylandTest):
    """On a touchpad, of which SDL tells nothing."""

    def plot(self, compositor, process):
        """The plot as soon as nothing moves in it."""
        if process.stdin and not process.stdin.closed:
            process.digested()
        shots = [compositor.shot()]

        def still():
            time.sleep(0.1) # some frames of one that goes on
            compositor.answered()
            shots.append(compositor.shot())
            return process.asleep() and shots[-1] == shots[-2]
        until(still, "a picture that stays")
        return Plot(shots[-1])

    def follow(self, width):
        """A window that shows so many seconds, with a square wave of two seconds, the pointer in its middle."""
        compositor = self.compositor("decorations", "pointer", "touchpad")
        process = self.open(compositor, "--time-column", "1", "--time-unit", "s", "-w", str(width))
        process.feed(self.rows(0, 40))
        until(lambda: compositor.count() > 0 and Plot(compositor.shot()).has_trace(), "the wave")
        compositor.tell("point 240 135")
        return compositor, process

    def rows(self, begin, end):
        return "".join(f"{i / 100:.2f} {8 if i // 100 % 2 else -3}\n" for i in range(100 * begin, 100 * end))

    def check_width(self, plot, width):
        """So many seconds are shown: the wave stays up for one of them. What the pointer reads out hides some."""
        up = set(plot.columns_at(8))
        longest = max((len(list(run)) for is_up, run in itertools.groupby(range(plot.width), up.__contains__) if is_up),
                      default=0)
        self.assertAlmostEqual(longest, plot.width / width, delta=2)

    def test_it_zooms_by_the_factor_and_still_follows(self):
        for percent, width in ((200, 10), (50, 40)):
            with self.subTest(percent=percent):
                pictures = []
                for shown in (width, 20):
                    compositor, process = self.follow(shown)
                    if shown != width:
                        self.check_width(self.plot(compositor, process), 20)
                        compositor.tell(f"pinch {percent}")
                    first = self.plot(compositor, process)
                    process.feed(self.rows(40, 43)) # what comes is shown where it was shown before
                    pictures.append((first, self.plot(compositor, process)))
                    process.stdin.close()
                    process.end_quickly(lambda: compositor.tell("close"))
                    compositor.close()
                (want, want_later), (is_, is_later) = pictures
                self.check_width(is_, width)
                self.assertTrue(is_.picture == want.picture, "the picture of a window that is so wide at once")
                self.assertTrue(is_later.picture == want_later.picture, "the same, later")
                self.assertFalse(is_later.picture == is_.picture, "it follows")

    def test_a_held_view_is_zoomed_about_the_pointer(self):
        """One that was not meant leaves nothing behind."""
        for scale in (1, 2):
            with self.subTest(scale=scale):
                self.write("ramp.txt", "".join(f"{i / 100 - 5}\n" for i in range(1000)))
                compositor = self.compositor("decorations", "pointer", "touchpad", "scale", scale)
                process = self.open(compositor, "ramp.txt", stdin=subprocess.DEVNULL)
                until(lambda: compositor.count() > 0, "a frame")
                before = self.plot(compositor, process)
                about = before.width * 3 // 4
                compositor.tell(f"point {(before.left + about) // scale} {(before.top + 9) // scale}")
                compositor.tell("pinch 300 1")
                compositor.tell("pinch 200")
                self.plot(compositor, process)
                compositor.tell("point 1 1") # where it reads out nothing
                after = self.plot(compositor, process)
                for x in range(about % 10, after.width - 10, 10):
                    self.assertAlmostEqual(after.value(x), before.value(about + (x - about) // 2), delta=0.15)
                process.end_quickly(lambda: compositor.tell("close"))
                compositor.close()

    def test_where_there_is_none(self):
        """No pointer, which nobody may ask for then, or nobody who tells of pinches."""
        for option in ("pointer", "touchpad"):
            with self.subTest(option):
                compositor = self.compositor("decorations", option)
                process = self.open_file(compositor)
                before = self.plot(compositor, process)
                compositor.tell("pinch 200")
                self.assertTrue(self.plot(compositor, process).picture == before.picture)
                self.assertTrue(process.running(), "no error of the protocol has ended it")
                process.end_quickly(lambda: compositor.tell("close"))
                compositor.close()


if __name__ == "__main__":
    main()
