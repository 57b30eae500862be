"""Where rows and bytes go besides the plot: --record and --tee, however the program ends and whatever is in their way."""
import hashlib
import os
import random
import resource
import signal
import subprocess
import threading
import time

from harness import PATIENCE_S, Late, main, until
from scope_harness import HEAD, SANITIZED, Display, Test, numbers

SIZE = ("-g", "480x270")
HEADER = b"time,channel,value\n"
ROUNDS = int(os.environ.get("SCOPE_ROUNDS", "10")) # SCOPE_ROUNDS=100: as many as the closing note tells of
LIMIT_S = 2 if SANITIZED else 0.15


def rows(path):
    """The lines of a recording, as (time, channel, value), which is whole lines behind a header."""
    data = path.read_bytes()
    assert data.startswith(HEADER) and data.endswith(b"\n"), data[-200:]
    lines = [line.split(b",") for line in data[len(HEADER):].splitlines()]
    assert all(len(line) == 3 for line in lines)
    return lines


def recorded(path):
    """How many lines a recording under way has by now."""
    return path.read_bytes().count(b"\n") - 1 if path.exists() else 0


def anything(text):
    """What may be said of bunches of lines is of no interest."""


class Feed(Test):
    def setUp(self):
        super().setUp()
        self.display = Display.shared()

    def producer(self, script, *arguments):
        """A program of Python's as standard input; it goes away with its reader."""
        source = subprocess.Popen(["python3", "-c", script, *map(str, arguments)], stdout=subprocess.PIPE)
        self.addCleanup(source.wait, PATIENCE_S)
        self.addCleanup(source.kill)
        self.addCleanup(source.stdout.close)
        return source

    # Two columns, n and n * n / 1000, without end.
    COUNTING = """
import signal, sys
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
n = 0
while True:
    sys.stdout.write("".join(f"{k} {k * k / 1000}\\n" for k in range(n, n + 500)))
    n += 500
"""


class Record(Feed):
    def expect_prefix(self, path):
        """The rows of COUNTING from the first on, each whole."""
        lines = rows(path)
        self.assertEqual(len(lines) % 2, 0)
        for n in range(len(lines) // 2):
            first, second = lines[2 * n], lines[2 * n + 1]
            self.assertEqual((first[1], float(first[2])), (b"1", n))
            self.assertEqual((second[1], float(second[2])), (b"2", n * n / 1000))
        return len(lines) // 2

    def test_values_times_and_names(self):
        before = time.time()
        process = self.start(*SIZE, "--record", "r.csv", "--exit", display=self.display)
        process.window()
        process.feed('temp=21.5 "a,b"=0.30000000000000004\ntemp=nan\n')
        process.ends()
        lines = (self.directory / "r.csv").read_text().splitlines()
        self.assertEqual([line.partition(",")[2] for line in lines], ["channel,value", "temp,21.5",
                                                                      '"a,b",0.30000000000000004', "temp,nan"])
        self.assertTrue(before <= float(lines[1].split(",")[0]) <= time.time())
        self.assertRegex(lines[1], r"\A\d{10}\.\d{9},")

    def test_the_axis_where_there_is_no_clock(self):
        self.scope("--png", "p.png", *SIZE, "--record", "n.csv", input="5\n6\n")
        self.assertEqual((self.directory / "n.csv").read_text(), "time,channel,value\n0,1,5\n1,1,6\n")
        self.scope("--png", "p.png", *SIZE, "--record", "r.csv", "--rate", "8", input="5\n6\n")
        self.assertEqual((self.directory / "r.csv").read_text(),
                         "time,channel,value\n0.000000000,1,5\n0.125000000,1,6\n")

    def test_what_is_refused(self):
        self.write("full.csv", "1\n")
        self.scope("--record", "full.csv", status=1,
                   err="scope: --record: full.csv: the file is not empty; a recording needs a new one\n")
        self.assertEqual((self.directory / "full.csv").read_text(), "1\n")
        self.write("in.csv", "")
        with open(self.directory / "in.csv", "rb") as file:
            self.start("--png", "p.png", "--record", "in.csv", stdin=file).ends(
                1, err="scope: --record: in.csv: it is the input or the output itself\n")
        self.scope("--record", "no/where.csv", status=1, err="scope: --record: no/where.csv: No such file or directory\n")
        process = self.start("--png", "p.png", *SIZE, "--record", "r.csv")
        process.feed("1\n")
        until(lambda: recorded(self.directory / "r.csv") > 0, "a recording under way")
        self.scope("--record", "r.csv", status=1, err=lambda text: self.assertIn("r.csv: another program is", text))
        process.ends()

    def test_whole_at_any_moment_of_the_end(self):
        """SIGTERM under load: a prefix of the input, with every accepted line, in whole lines; at once."""
        late = []
        for number in range(ROUNDS):
            path = self.directory / f"r{number}.csv"
            process = self.start(*SIZE, "--summary", "--record", path, stdin=self.producer(self.COUNTING).stdout,
                                 display=self.display)
            until(lambda: path.exists() and path.stat().st_size > 1000, "rows in the recording")
            time.sleep(random.uniform(0, 0.3)) # any moment
            before = time.monotonic()
            process.signal(signal.SIGTERM)
            process.wait_as_it_is()
            took = time.monotonic() - before
            if took > LIMIT_S:
                late.append(round(took, 3))
            count = self.expect_prefix(path)
            process.ends(out=lambda text: self.assertEqual([row[0] for row in numbers(text).values()], [count, count]),
                         err=anything)
        print(f"{ROUNDS} rounds, later than {LIMIT_S} s: {late}")
        if len(late) > ROUNDS // 5:
            raise Late(f"{len(late)} of {ROUNDS} ends")

    def test_two_signals_and_others(self):
        for number in (signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM, None):
            path = self.directory / f"s{number}.csv"
            process = self.start(*SIZE, "--record", path, stdin=self.producer(self.COUNTING).stdout,
                                 display=self.display, preexec_fn=no_core)
            until(lambda: path.exists() and path.stat().st_size > 1000, "rows in the recording")
            time.sleep(random.uniform(0, 0.1)) # any moment
            if number:
                process.signal(number)
                process.ends(-number, err=anything)
            else:
                process.signal(signal.SIGTERM)
                process.signal(signal.SIGINT)
                process.ends(err=anything)
            self.expect_prefix(path)

    def test_losing_the_display(self):
        display = Display()
        self.addCleanup(display.kill)
        process = self.start(*SIZE, "--record", "r.csv", stdin=self.producer(self.COUNTING).stdout, display=display)
        process.window()
        display.process.kill()
        process.wait_as_it_is()
        self.expect_prefix(self.directory / "r.csv")
        process.ends(1, err=lambda text: None)

    def test_a_display_that_does_not_answer(self):
        display = Display()
        self.addCleanup(display.kill)
        self.addCleanup(lambda: display.process.send_signal(signal.SIGCONT))
        process = self.start(*SIZE, "--record", "r.csv", stdin=self.producer(self.COUNTING).stdout, display=display)
        process.window()
        display.process.send_signal(signal.SIGSTOP)
        time.sleep(0.3) # by now it waits inside the display
        process.end_quickly(lambda: process.signal(signal.SIGTERM), limit_s=0.5, err=anything)
        self.expect_prefix(self.directory / "r.csv")

    def test_a_full_disk_for_a_while(self):
        """A limit on the size of files, set and lifted from outside, stands for a full disk."""
        path = self.directory / "r.csv"
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        process = self.start("--png", "p.png", *SIZE, "--record", path, stderr=theirs)
        os.close(theirs)
        said = []

        def says(text):
            try:
                said.append(os.read(ours, 1 << 16).decode())
            except BlockingIOError:
                pass
            return text in "".join(said)
        process.feed("1 2\n")
        until(lambda: recorded(path) == 2, "the first row")
        size = path.stat().st_size
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size + 5, resource.RLIM_INFINITY))
        for n in range(5):
            process.feed(f"{n} 22\n")
            process.swallowed()
        until(lambda: says("rows are missing"), "that rows are missing")
        self.assertEqual(path.stat().st_size, size)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        process.feed("7 8\n")
        until(lambda: recorded(path) >= 4, "it goes on") # the last of the others may have had room by then
        process.feed("9 10\n")
        process.ends(1)
        says("")
        os.close(ours)
        self.assertRegex("".join(said), r"\Ascope: \S*r.csv: File too large: rows are missing in the recording until it goes on\n"
                         r"scope: \S*r.csv: the recording goes on; [1-5] rows are missing\n"
                         r"scope: \S*r.csv: [1-5] rows are missing in the recording\n\Z")
        pairs = [(channel, value) for _, channel, value in rows(path)]
        self.assertEqual(pairs[:2], [(b"1", b"1"), (b"2", b"2")])
        self.assertEqual(pairs[-4:], [(b"1", b"7"), (b"2", b"8"), (b"1", b"9"), (b"2", b"10")])
        self.assertTrue(len(pairs) < 16 and len(pairs) % 2 == 0)


class Tee(Feed):
    def digest(self, fd, slow=0.0):
        """Reads to the end in a thread; returns what to call for the digest."""
        result = hashlib.md5()

        def read():
            while True:
                data = os.read(fd, 1 << 16)
                if not data:
                    return
                result.update(data)
                if slow:
                    time.sleep(slow)
        thread = threading.Thread(target=read)
        thread.start()

        def wait():
            thread.join(PATIENCE_S * (5 if SANITIZED else 1))
            self.assertFalse(thread.is_alive(), "the copy has an end")
            os.close(fd)
            return result.hexdigest()
        return wait

    DATA = b"".join(b"%d %d words\0\xff\r\n" % (n, n * n) for n in range(200000)) + b"no end of line"

    def source(self):
        path = self.write("data", self.DATA)
        source = subprocess.Popen(["cat", path], stdout=subprocess.PIPE)
        self.addCleanup(source.wait, PATIENCE_S)
        self.addCleanup(source.stdout.close)
        return source

    def start_tee(self, *arguments, source, **options):
        ours, theirs = os.pipe()
        process = self.start(*SIZE, "--tee", *arguments, stdin=source.stdout, stdout=theirs, **options)
        source.stdout.close()
        os.close(theirs)
        return process, ours

    def test_every_byte(self):
        expected = hashlib.md5(self.DATA).hexdigest()
        for slow in (0, 0.002):
            process, ours = self.start_tee("--png", "p.png", "--summary", source=self.source())
            wait = self.digest(ours, slow)
            self.assertEqual(wait(), expected)
            process.ends(err=lambda text: self.assertIn(HEAD, text))

    def test_the_window_is_closed_early(self):
        source = self.producer("""
import sys, time
for n in range(300):
    sys.stdout.write(f"{n}\\n"); sys.stdout.flush(); time.sleep(0.005)
""")
        process, ours = self.start_tee("--summary", "--record", "r.csv", source=source, display=self.display)
        wait = self.digest(ours)
        window = process.window()
        self.display.x.key(window, "q")
        until(lambda: not self.display.x.window_of(process.pid), "the window is gone")
        self.assertTrue(process.running())
        self.assertEqual(wait(), hashlib.md5(b"".join(b"%d\n" % n for n in range(300))).hexdigest())
        process.ends(err=lambda text: self.assertEqual(numbers(text)["1"][0], 300))
        self.assertEqual(len(rows(self.directory / "r.csv")), 300)

    def test_the_end_of_the_copy_while_the_window_stays(self):
        process, ours = self.start_tee(source=self.source(), display=self.display)
        self.assertEqual(self.digest(ours)(), hashlib.md5(self.DATA).hexdigest())
        window = process.window()
        self.display.x.key(window, "q")
        process.ends(err=lambda text: None)

    def test_a_consumer_that_takes_nothing(self):
        """The plot goes on, a signal ends it all, and what was taken is a prefix."""
        process, ours = self.start_tee("--timing", "--record", "r.csv", source=self.producer(Record.COUNTING),
                                       display=self.display)
        process.window()
        time.sleep(2) # the span that is looked at
        process.end_quickly(lambda: process.signal(signal.SIGINT), limit_s=0.5, # a shared machine may be late
                            err=lambda text: print(text.splitlines()[0]))
        data = b""
        while part := os.read(ours, 1 << 20):
            data += part
        os.close(ours)
        expected = b"".join(b"%d %s\n" % (n, str(n * n / 1000).encode()) for n in range(len(data) // 4))
        self.assertTrue(data and expected.startswith(data))
        self.assertGreaterEqual(len(rows(self.directory / "r.csv")), data.count(b"\n"))

    def test_a_consumer_that_goes_away(self):
        """The end of us, as of anybody in a pipe; but of no recording."""
        for record in (False, True):
            process, ours = self.start_tee(*(("--record", "r.csv") if record else ()),
                                           source=self.producer("""
import signal, time
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
for n in range(400):
    print(n, flush=True); time.sleep(0.005)
"""), display=self.display)
            process.window()
            os.read(ours, 1)
            os.close(ours)
            if record:
                until(lambda: recorded(self.directory / "r.csv") == 400, "all of the input is recorded")
                process.signal(signal.SIGINT)
            process.ends(leave_input=True)

    def test_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            process = self.start("--png", "p.png", *SIZE, "--tee", stdin=self.source().stdout, stdout=full)
            process.ends(1, err=lambda text: self.assertIn("scope: standard output: No space left on device\n", text))


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
