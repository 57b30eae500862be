"""scope in a window on a display of the test's own: opening it, and what it shows."""
import math
import subprocess
import time

from harness import until
from picture import NoPlot, Plot
from scope_harness import SANITIZED, Display, Test

SIZE = ("-g", "480x270")
WAVE = "".join(f"{8 * math.sin(i / 40):.4f} {3 * math.cos(i / 15):.4f}\n" for i in range(1000))


class WindowTest(Test):
    def setUp(self):
        super().setUp()
        self.display = Display.shared()
        self.x = self.display.x

    def open(self, *arguments, size=SIZE, **options):
        """scope with a window: both. The pointer reads nothing out: it is in a corner of the screen."""
        self.x.point(4000, 4000)
        process = self.start(*size, *arguments, **{"display": self.display, **options})
        return process, process.window()

    def open_file(self, text, *arguments, **options):
        """scope showing a file: a picture that stands still, and shows all of it when this returns."""
        path = self.write("data.txt", text)
        process, window = self.open(*arguments, path.name, stdin=subprocess.DEVNULL, **options)
        self.at_rest(process, window)
        return process, window

    def at_rest(self, process, window):
        """Waits until nothing changes any more; the picture then. A program with nothing to do sleeps."""
        def same():
            used, before = process.cpu_s(), self.x.picture(window)
            time.sleep(0.25)
            return process.asleep() and process.cpu_s() - used < 0.03 and before == self.x.picture(window) and before
        return until(same, "a picture that stands still")

    def plot(self, window, **options):
        return Plot(self.x.picture(window), **options)

    def shows(self, window, value, columns=8):
        try:
            plot = self.plot(window)
        except NoPlot: # nothing is drawn yet
            return None
        return plot if len(plot.columns_at(value)) >= columns else None

    def becomes(self, window, picture, what):
        until(lambda: self.x.picture(window) == picture, what)


    def idle(self, process):
        """Whether in a second it hardly works, and wakes up less often than it would to draw."""
        cpu, wakes = process.cpu_s(), process.wakes()
        time.sleep(1)
        return process.cpu_s() - cpu < (0.3 if SANITIZED else 0.1) and process.wakes() - wakes < 90

    def perhaps_a_hint(self, text):
        hint = "scope: many lines come in each read and share its time: --rate HZ would space them\n"
        self.assertIn(text, ("", hint))
