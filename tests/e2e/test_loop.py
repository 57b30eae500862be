"""The one wait of scope's loop: taking in at every refresh, whole rows at every end, and a display that does not answer."""
import os
import random
import signal
import subprocess
import time

from harness import PATIENCE_S, Late, Terminal, main, until
from picture import Plot
from scope_harness import SANITIZED, Display, Test, numbers

SIZE = ("-g", "480x270")
ROUNDS = int(os.environ.get("SCOPE_STUCK", "5")) # SCOPE_STUCK=100: as many as the closing note tells of


class Loop(Test):
    def setUp(self):
        super().setUp()
        self.display = Display.shared()
        self.x = self.display.x

    def flood(self, *arguments, line="1", display=None):
        """scope over an endless producer, which goes away with its reader."""
        producer = subprocess.Popen(["yes", line], stdout=subprocess.PIPE)
        self.addCleanup(producer.wait, PATIENCE_S)
        self.addCleanup(producer.kill)
        process = self.start(*SIZE, *arguments, stdin=producer.stdout, display=display or self.display)
        producer.stdout.close()
        return process

    def asked_to_end(self, process, number=signal.SIGINT):
        """Seconds from a signal to the exit."""
        before = time.monotonic()
        process.signal(number)
        process.wait_as_it_is()
        return time.monotonic() - before

    def test_every_refresh_takes_in_alike(self):
        """A slow refresh paces frames, and nothing else: not the taking in, nor the end."""
        most = {100: 0, 10: 0, 1: 0}
        for _ in range(4): # a span in which the machine stood still says nothing
            for refresh, before in most.items():
                most[refresh] = max(before, self.taken_in(refresh))
            print({refresh: f"{count / 1e6:.1f} million" for refresh, count in most.items()})
            if min(most.values()) > max(most.values()) / 3:
                return
        self.fail(f"not alike: {most}")

    def taken_in(self, refresh):
        """Rows of two seconds."""
        process = self.flood("--refresh", refresh, "--summary")
        process.window()
        time.sleep(2) # the span that is compared
        took = self.asked_to_end(process)
        count = numbers(process.out)["1"][0]
        process.ends(out=lambda text: None, err=lambda text: None)
        self.takes(took, 5 if SANITIZED else 0.5, f"the end with --refresh {refresh}")
        return count

    def test_rows_are_whole_at_any_moment_of_the_end(self):
        for _ in range(6):
            process = self.flood("--summary", line="1 2 3")
            process.window()
            time.sleep(random.uniform(0.05, 0.4)) # any moment
            self.asked_to_end(process)
            counts = [row[0] for row in numbers(process.out).values()]
            self.assertEqual(len(set(counts)), 1, counts)
            self.assertEqual(len(counts), 3)
            process.ends(out=lambda text: None, err=lambda text: None)

    def test_a_key_is_answered_at_the_slowest_refresh(self):
        process = self.start(*SIZE, "--refresh", 1, display=self.display)
        window = process.window()
        process.feed("5\n")
        before = time.monotonic()
        self.x.key(window, "h")
        until(lambda: 0x1A2028 in self.x.picture(window).colours(), "the help")
        self.takes(time.monotonic() - before, 0.9 if not SANITIZED else PATIENCE_S, "the help")
        self.x.key(window, "Escape")
        self.x.key(window, "q")
        process.ends()

    def test_paused_over_lines_that_are_not_wanted_costs_nothing(self):
        process = self.start(*SIZE, "--only", "nothing", "--exit", display=self.display)
        window = process.window()
        process.feed("a=1\n" * 10)
        self.x.key(window, "space")
        until(lambda: self.quiet(process, 25), "it sleeps")
        process.stdin.close()
        process.ends(1, err=lambda text: self.assertIn("nothing", text))

    def test_after_the_end_nothing_wakes_it(self):
        process = self.start(*SIZE, display=self.display)
        window = process.window()
        process.feed("5\n")
        process.stdin.close()
        until(lambda: self.quiet(process, 3), "it sleeps for good")
        self.x.key(window, "q")
        process.ends()

    def quiet(self, process, wakes):
        """Whether it wakes up at most so often in a second."""
        before = process.wakes()
        time.sleep(1)
        return process.wakes() - before <= wakes


class Stuck(Test):
    """A display that takes a connection, and then answers no more: Xvfb, stopped."""

    def setUp(self):
        super().setUp()
        self.display = Display()
        self.addCleanup(self.display.kill)
        self.addCleanup(lambda: self.display.process.send_signal(signal.SIGCONT))

    def start_fed(self):
        process = self.start(*SIZE, "--summary", display=self.display)
        process.window()
        for i in range(20):
            process.feed(f"{i} {2 * i} {3 * i}\n")
        process.swallowed()
        return process

    def whole(self, text):
        self.assertEqual([row[0] for row in numbers(text).values()], [20, 20, 20])

    def test_a_stopped_display_does_not_make_it_deaf(self):
        limit_s = 2 if SANITIZED else 0.15
        late = []
        for _ in range(ROUNDS):
            process = self.start_fed()
            time.sleep(random.uniform(0, 0.05)) # any moment of a frame
            self.display.process.send_signal(signal.SIGSTOP)
            time.sleep(random.uniform(0, 0.3))
            before = time.monotonic()
            process.signal(random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
            process.wait_as_it_is()
            took = time.monotonic() - before
            if took > limit_s:
                late.append(took)
            process.ends(out=self.whole)
            self.display.process.send_signal(signal.SIGCONT)
        print(f"{ROUNDS} rounds, {len(late)} took longer than {limit_s} s: {[round(t, 3) for t in late]}")
        if len(late) > ROUNDS // 5: # a shared machine may be late now and then, but not again and again
            raise Late(f"{len(late)} of {ROUNDS} ends")
        self.takes(max(late, default=0), 5)

    def test_the_window_being_opened(self):
        """The display does not even answer the first question."""
        self.display.process.send_signal(signal.SIGSTOP)
        process = self.start(*SIZE, "--summary", display=self.display)
        process.feed("1\n2\n")
        process.swallowed()
        process.end_quickly(lambda: process.signal(signal.SIGTERM),
                            out=lambda text: self.assertEqual(numbers(text)["1"][0], 2))


class Frozen(Test):
    def test_a_terminal_that_takes_nothing_holds_up_nobody(self):
        """Ctrl-S, a word and Enter: what is to be said waits, the plot does not."""
        display = Display.shared()
        terminal = Terminal()
        self.addCleanup(terminal.close)
        process = self.start(*SIZE, "-w", "5", stdin=terminal.theirs, stdout=terminal.theirs, stderr=terminal.theirs,
                             display=display)
        window = process.window()
        terminal.expect("New value: ")
        terminal.type("5\n")
        until(lambda: terminal.read().count("New value: ") == 2, "the second prompt")
        until(lambda: Plot(display.x.picture(window)).columns_at(5), "a trace at 5")
        terminal.type("\x13")  # Ctrl-S
        terminal.type("oops\n" * 3)
        step = min(Plot(display.x.picture(window)).columns_at(5))
        until(lambda: min(Plot(display.x.picture(window)).columns_at(5)) < step - 60, "the trace runs on")
        terminal.type("\x11")  # Ctrl-Q
        until(lambda: terminal.read().count("Input must be a number.") == 3, "all that was to be said")
        process.signal(signal.SIGINT)
        process.ends(out=lambda text: None, err=lambda text: None)


if __name__ == "__main__":
    main()
