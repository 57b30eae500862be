"""scope in a real window: the ends of the window, of the display and of the input."""
import os
import signal
import subprocess
import threading

from harness import main, until
from scope_harness import SANITIZED, Display, numbers, table
from window import SIZE, WAVE, WindowTest


class Ends(WindowTest):
    def with_five(self, *arguments, **options):
        """scope with an open pipe, a 5 in the plot, and a summary to come."""
        process, window = self.open("--summary", *arguments, **options)
        process.feed("5\n")
        until(lambda: self.shows(window, 5), "a trace at 5")
        return process, window

    FIVE = staticmethod(table((1, 1, 5, 5, 5, 5)))

    def test_key(self):
        process, window = self.with_five()
        process.end_quickly(lambda: self.x.key(window, "q"), out=self.FIVE)

    def test_close_button(self):
        process, window = self.with_five()
        process.end_quickly(lambda: self.x.ask_to_close(window), out=self.FIVE)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                process, _ = self.with_five()
                process.feed("4\n5\n" * 10000)
                process.swallowed() # but hardly drawn yet
                process.end_quickly(lambda: process.signal(number), err=self.perhaps_a_hint,
                                    out=table((1, 20001, 4, 5, 90005 / 20001, 5)))

    def test_signals_when_paused_and_when_ended(self):
        process, window = self.with_five()
        self.x.key(window, "space")
        self.at_rest(process, window)
        process.end_quickly(lambda: process.signal(signal.SIGTERM), out=self.FIVE)
        process, window = self.with_five()
        process.stdin.close()
        self.at_rest(process, window)
        process.end_quickly(lambda: process.signal(signal.SIGINT), out=self.FIVE)

    def test_end_of_input_keeps_the_plot_at_no_cost(self):
        process, window = self.with_five()
        process.stdin.close()
        self.at_rest(process, window)
        self.assertTrue(self.shows(window, 5))
        until(lambda: self.idle(process), "next to no CPU")
        process.end_quickly(lambda: self.x.key(window, "q"), out=self.FIVE)

    def test_paused_costs_nothing(self):
        process, window = self.with_five()
        self.x.key(window, "space")
        until(lambda: self.idle(process), "next to no CPU")
        process.end_quickly(lambda: self.x.key(window, "q"), out=self.FIVE)

    def test_exit(self):
        process, _ = self.with_five("--exit")
        process.end_quickly(process.stdin.close, out=self.FIVE)

    def test_exit_with_a_file(self):
        self.write("data.txt", WAVE)
        self.start(*SIZE, "-x", "--summary", "data.txt", stdin=subprocess.DEVNULL, display=self.display).ends(
            out=lambda text: self.assertEqual(numbers(text)["2"][0], 1000))

    def test_nothing_ever_comes(self):
        process, window = self.open("--summary")
        self.assertFalse(self.plot(window).has_trace())
        process.end_quickly(lambda: self.x.key(window, "q"), out=table())

    def test_slow_producer(self):
        """A number that comes byte by byte is one number."""
        process, window = self.with_five()
        for byte in "-7.5\n":
            self.assertFalse(self.plot(window).columns_at(-7))
            process.feed(byte)
            process.swallowed()
        until(lambda: self.shows(window, -7.5), "a trace at -7.5")
        process.end_quickly(lambda: self.x.key(window, "q"), out=table((1, 2, -7.5, 5, -1.25, -7.5)))

    def test_producer_that_dies(self):
        producer = subprocess.Popen(["sh", "-c", "echo 5; printf 6; exec sleep 1000"], stdout=subprocess.PIPE)
        process, window = self.open("--summary", stdin=producer.stdout)
        producer.stdout.close()
        until(lambda: self.shows(window, 5), "a trace at 5")
        producer.kill()
        producer.wait()
        self.at_rest(process, window)
        self.assertTrue(process.running())
        process.end_quickly(lambda: self.x.key(window, "q"), out=table((1, 2, 5, 6, 5.5, 6)))

    def test_window_destroyed(self):
        """xkill, or a display that lets us go: there is nothing left to say it to, but the summary is complete."""
        process, window = self.with_five()
        process.end_quickly(lambda: self.x.kill(window), out=self.FIVE, err=self.display_lost, status=1)

    def test_display_server_killed(self):
        for name, act in (("live", lambda p, w, d: None), ("ended", lambda p, w, d: p.stdin.close())):
            with self.subTest(state=name):
                display = Display()
                self.addCleanup(display.kill)
                self.x = display.x
                process, window = self.with_five(display=display)
                act(process, window, display)
                process.end_quickly(display.kill, out=self.FIVE, err=self.display_lost, status=1)

    def display_lost(self, text):
        self.assertRegex(text, r"\A(X connection to \S+ broken[^\n]*\n|X(Shm)?IO:[^\n]*\n[^\n]*\n|scope: [^\n]*\n)?\Z")


class Sources(WindowTest):
    def test_fifo_waits_for_its_next_writer(self):
        os.mkfifo(self.directory / "fifo")
        process, window = self.open("--summary", "fifo", stdin=subprocess.DEVNULL)
        for value in (5, -5, 2):
            with open(self.directory / "fifo", "w") as writer:
                writer.write(f"{value}\n")
            until(lambda: self.shows(window, value), f"a trace at {value}")
            self.assertTrue(process.running())
        process.end_quickly(lambda: self.x.key(window, "q"), out=table((1, 3, -5, 5, 2 / 3, 2)))

    def test_fifo_with_exit_ends_after_its_first_writer(self):
        os.mkfifo(self.directory / "fifo")
        process, window = self.open("--summary", "--exit", "fifo", stdin=subprocess.DEVNULL)
        with open(self.directory / "fifo", "w") as writer:
            writer.write("5\n")
            writer.flush()
            until(lambda: self.shows(window, 5), "a trace at 5")
            writer.write("6")
        process.ends(out=table((1, 2, 5, 6, 5.5, 6)))

    def test_a_fast_producer_loses_nothing(self):
        """With the window open and drawing, every one of the numbers is counted, in order to the last."""
        process, window = self.open("--summary", "--exit", "--range", "0:1000")
        rounds = 300 if SANITIZED else 3000
        block = "".join(f"{n}\n" for n in range(1000)).encode()
        seen = []

        def write():
            for _ in range(rounds):
                process.feed(block)
            process.feed("777\n")
            process.stdin.close()
        writer = threading.Thread(target=write)
        writer.start()
        while writer.is_alive():
            seen.append(self.x.picture(window))
            writer.join(0.05)
        process.ends(out=table((1, rounds * 1000 + 1, 0, 999, (rounds * 499500 + 777) / (rounds * 1000 + 1), 777)),
                     err=self.perhaps_a_hint)
        self.assertTrue(any(a != b for a, b in zip(seen, seen[1:])) or len(seen) < 3, "it draws meanwhile")

    def test_a_producer_waits_for_a_stopped_scope(self):
        """Back-pressure: while scope is stopped the writer has to wait, and nothing is lost."""
        process, window = self.open("--summary", "--exit")
        count = 2000000
        process.signal(signal.SIGSTOP)
        until(lambda: process.state() == "T", "scope is stopped")
        written = threading.Event()

        def write():
            process.feed(b"1.5\n" * count)
            process.stdin.close()
            written.set()
        writer = threading.Thread(target=write)
        writer.start()
        self.assertFalse(written.wait(0.5))
        process.signal(signal.SIGCONT)
        writer.join(60)
        process.ends(out=table((1, count, 1.5, 1.5, 1.5, 1.5)), err=self.perhaps_a_hint)


if __name__ == "__main__":
    main()
