"""Key Del: what is forgotten, what goes on, and what comes then; on the run, under load, and at the end of input."""
import signal
import subprocess
import time

from harness import main, until
from scope_harness import HEAD, numbers
from window import WindowTest

SAID = "scope: the summary is of what came since it was cleared\n"


class Clear(WindowTest):
    def press(self, window, times=2):
        """Apart: a key that comes again within two milliseconds is taken for one that is held down."""
        for _ in range(times):
            self.x.key(window, "Delete")
            time.sleep(0.05)

    def called(self, window, title):
        until(lambda: self.x.property(window, "_NET_WM_NAME").decode() == title, f"a window called {title!r}")

    def ends_with(self, process, window, channels, err=SAID):
        """q; the summary then has these channels and values that it reaches over: {name: (count, min, max)}."""
        self.x.key(window, "q")
        process.wait()
        found = {name: row[:3] for name, row in numbers(process.out).items()}
        self.assertEqual(found, channels)
        self.assertEqual(process.err, err)
        process.checked = True

    def test_names_and_columns_are_learnt_anew(self):
        record = self.directory / "kept.csv"
        process, window = self.open("--summary", "--record", record, "-w", "5")
        process.feed("temp;hum\n20,5;40\n21,5;41\n")
        self.called(window, "temp, hum \u2013 scope")
        self.press(window, 1)
        time.sleep(2.2)
        self.press(window, 1)  # too late to be the second
        time.sleep(2.2)
        process.feed("22,5;42\n")
        until(lambda: ",hum,42\n" in record.read_text(), "it is taken in")
        self.called(window, "temp, hum \u2013 scope")
        self.press(window)
        self.called(window, "scope")
        process.feed("a,b,hum\n1,2,3\n4,5,6\n")
        self.called(window, "a, b, hum \u2013 scope")
        until(lambda: self.shows(window, 4), "a trace at 4")
        self.ends_with(process, window, {"a": (2, 1, 4), "b": (2, 2, 5), "hum": (2, 3, 6)})
        rows = [line.split(",")[1:] for line in record.read_text().splitlines()[1:]]
        self.assertEqual(rows, [["temp", "20.5"], ["hum", "40"], ["temp", "21.5"], ["hum", "41"], ["temp", "22.5"],
                                ["hum", "42"], ["a", "1"], ["b", "2"], ["hum", "3"], ["a", "4"], ["b", "5"],
                                ["hum", "6"]])

    def test_a_recorded_name_stays_its_own(self):
        """Also where its unit is known only later; but values in another unit get another name."""
        record = self.directory / "kept.csv"
        process, window = self.open("--record", record)
        for line, title in (("t=1.5ms\n", "t"), ("t=2\n", "t"), ("t=3ms\n", "t"), ("t=4V\n", "t")):
            process.feed(line)
            self.called(window, f"{title} \u2013 scope")
            self.press(window)
            self.called(window, "scope")
        process.end_quickly(lambda: self.x.key(window, "q"))
        rows = [line.split(",")[1:] for line in record.read_text().splitlines()[1:]]
        self.assertEqual(rows, [["t [ms]", "1.5"], ["t [ms]", "2"], ["t [ms]", "3"], ["t [V]", "4"]])

    def test_held_lines_are_recorded(self):
        """What waits for a decision when Del comes is no part of the plot, but of the recording."""
        record = self.directory / "kept.csv"
        process, window = self.open("--record", record, "--summary")
        process.feed("a b\n")
        process.feed("x=1\ny z\n")
        process.digested()
        self.press(window)
        process.feed("5\n")
        until(lambda: self.shows(window, 5), "a trace at 5")
        self.x.key(window, "q")
        process.wait()
        process.checked = True
        self.assertEqual({name: row[0] for name, row in numbers(process.out).items()}, {"1": 1})
        self.assertIn("x,1\n", record.read_text())

    def begin_anew(self, window):
        """Clears, and waits until the trace is seen to begin; on a machine that stood still it may be too late for that."""
        def seen():
            plot = self.plot(window)
            columns = [x for x in range(plot.width) if plot.trace_rows(x)]
            return columns and columns[0] > plot.width // 10

        def cleared():
            self.press(window)
            deadline = time.monotonic() + 1.5
            while not seen() and time.monotonic() < deadline:
                time.sleep(0.01)
            return time.monotonic() < deadline
        until(cleared, "a trace that begins anew")

    def test_under_load(self):
        """A pipe at full speed, cleared again and again; what came in between is counted nowhere."""
        yes = subprocess.Popen(["yes", "1"], stdout=subprocess.PIPE)
        self.addCleanup(yes.wait)
        self.addCleanup(yes.kill)
        process, window = self.open("--summary", "--timing", "-w", "2", stdin=yes.stdout)
        yes.stdout.close()
        until(lambda: self.shows(window, 1), "a trace at 1")
        for _ in range(5):
            self.begin_anew(window)
        began = time.monotonic()
        self.begin_anew(window)
        yes.send_signal(signal.SIGSTOP)
        self.x.key(window, "q")
        process.wait()
        process.checked = True
        self.takes(time.monotonic() - began, 20, "to clear, and to end,")
        found = numbers(process.out)
        self.assertEqual(list(found), ["1"])
        self.assertEqual(found["1"][1:], (1, 1, 1, 1))
        self.assertIn(SAID, process.err)
        self.assertGreater(found["1"][0], 0)

    def test_a_file_that_has_ended(self):
        process, window = self.open_file("1\n2\n3\n", "--summary", "-a")
        self.press(window)
        time.sleep(2.7)
        self.at_rest(process, window)
        self.assertFalse(self.plot(window).has_trace())
        self.x.key(window, "q")
        process.ends(out=HEAD, err=SAID)

    def test_a_file_that_grows(self):
        path = self.write("grows", "a,b\n1,2\n")
        process, window = self.open("--follow", path, "--summary", stdin=subprocess.DEVNULL)
        self.called(window, "grows \u2013 scope")
        until(lambda: self.shows(window, 1), "a trace at 1")
        self.press(window)
        until(lambda: not self.plot(window).has_trace(), "nothing")
        with path.open("a") as file:
            file.write("7,8,9\n")
        until(lambda: self.shows(window, 7), "a trace at 7")
        self.ends_with(process, window, {"1": (1, 7, 7), "2": (1, 8, 8), "3": (1, 9, 9)})

    def test_times_begin_anew(self):
        """A board that was reset counts its milliseconds from the beginning again."""
        process, window = self.open("--time-column", "t", "--time-unit", "ms", "--summary", "-w", "1")
        process.feed("t,v\n5000,1\n6000,2\n7000,3\n")
        self.called(window, "v \u2013 scope")
        self.press(window)
        self.called(window, "scope")
        process.feed("t,v\n10,4\n20,5\n400,5\n")
        self.called(window, "v \u2013 scope")
        until(lambda: self.shows(window, 5, 30), "a trace at 5")
        self.ends_with(process, window, {"v": (3, 4, 5)})

    def test_a_replay_goes_on(self):
        """Within a read the names are kept: the header will not come again."""
        path = self.write("rows.csv", "a,b\n" + "".join(f"{n % 7},{n}\n" for n in range(1000)))
        process, window = self.open("--rate", "100", "--replay", "1", path, "--summary", "-w", "2", stdin=subprocess.DEVNULL)
        until(lambda: self.plot(window).has_trace(), "a trace")
        self.begin_anew(window)
        self.x.key(window, "q")
        process.wait()
        process.checked = True
        found = numbers(process.out)
        self.assertEqual(list(found), ["a", "b"])
        self.assertGreater(found["b"][1], 1)
        self.assertEqual(found["b"][2] - found["b"][1] + 1, found["b"][0])  # no row is missing in between

    def test_the_demo(self):
        process, window = self.open("--demo", "--summary", "-w", "2")
        until(lambda: self.plot(window).has_trace(), "a trace")
        self.begin_anew(window)
        self.x.key(window, "q")
        process.wait()
        process.checked = True
        self.assertEqual(len(numbers(process.out)), 3)

    def test_with_a_tee(self):
        """The copy is whole, whatever is cleared."""
        process, window = self.open("--tee")
        process.feed("1\n2\n")
        until(lambda: self.shows(window, 2), "a trace at 2")
        self.press(window)
        process.feed("3\n")
        until(lambda: self.shows(window, 3), "a trace at 3")
        process.stdin.close()
        until(lambda: process.out == "1\n2\n3\n", "all of it")
        process.end_quickly(lambda: self.x.key(window, "q"), out="1\n2\n3\n")

    def test_held_and_paused_views_are_live_again(self):
        process, window = self.open("-w", "5")
        process.feed("1\n")
        until(lambda: self.shows(window, 1), "a trace at 1")
        for key in ("Left", "space"):
            self.x.key(window, key)
            self.press(window)
            process.feed("6\n")
            until(lambda: self.shows(window, 6), f"a trace at 6 after {key}")


if __name__ == "__main__":
    main()
