"""Where numbers come from: serial devices, files that are followed, recordings, and what goes wrong with each."""
import os
import re
import random
import shutil
import signal
import subprocess
import time
import unittest

from harness import Terminal, main, until
from scope_harness import SANITIZED, Display, Test, numbers

SIZE = ("-g", "320x200")
HEADER = b"time,channel,value\n"


def values(path):
    """The numbers of a recording, as they come."""
    if not path.exists():
        return []
    lines = path.read_bytes()[len(HEADER):].split(b"\n")[:-1] # the last may be half written
    return [float(line.rpartition(b",")[2]) for line in lines]


class Sources(Test):
    def start_recording(self, *arguments, **options):
        """scope that is at it until it is told to end, and what it took in by now."""
        path = self.directory / f"r{len(self.processes)}.csv"
        process = self.start("--png", "p.png", *SIZE, "--record", path, *arguments, stdin=subprocess.DEVNULL, **options)
        until(lambda: path.exists() and path.stat().st_size >= len(HEADER), "it has begun")
        return process, lambda: values(path)

    def stop(self, process, err=""):
        process.signal(signal.SIGINT)
        process.ends(err=err)


@unittest.skipUnless(shutil.which("socat"), "socat is missing")
class Serial(Sources):
    def plug_in(self):
        """Two ends of a line; ours, as a file to write to."""
        ends = [self.directory / name for name in ("board", "tty")]
        line = subprocess.Popen(["socat", *(f"pty,raw,echo=0,link={end}" for end in ends)])
        self.addCleanup(line.wait)
        self.addCleanup(line.kill)
        until(lambda: all(end.exists() for end in ends), "the line is there")
        board = open(ends[0], "wb", buffering=0)
        self.addCleanup(board.close)
        return line, board

    def settle(self, process):
        """A pause between the opening and the first line, without which it would be taken for the rest of one."""
        def opened():
            folder = f"/proc/{process.pid}/fd"
            return any(os.path.exists(f"{folder}/{fd}") and os.path.samefile(f"{folder}/{fd}", self.directory / "tty")
                       for fd in os.listdir(folder))
        until(opened, "the device is opened")
        time.sleep(0.1)

    def test_lines_at_an_odd_rate(self):
        _, board = self.plug_in()
        process, taken = self.start_recording("--baud", "74880", "tty")
        self.settle(process)
        for n in range(1000):
            board.write(b"%d\r\n" % n)
        until(lambda: len(taken()) == 1000, "all of it")
        self.assertEqual(taken(), list(range(1000)))
        self.stop(process)

    def test_unplugged_and_back(self):
        line, board = self.plug_in()
        path = self.directory / "r.csv"
        process = self.start(*SIZE, "--baud", "9600", "--record", path, "tty", stdin=subprocess.DEVNULL,
                             display=Display.shared())
        process.window()
        self.settle(process)
        board.write(b"1\n2\n3")
        until(lambda: values(path) == [1, 2], "what came")
        board.close()
        line.terminate()
        line.wait()
        until(lambda: "gone" in process.err, "that it is gone")
        line, board = self.plug_in()
        until(lambda: "back" in process.err, "that it is back")
        self.settle(process)
        board.write(b"4\n5\n")
        until(lambda: values(path) == [1, 2, 4, 5], "what came since; half a line is none")
        self.stop(process, err="scope: tty: the device is gone; waiting for it to come back\n"
                               "scope: tty: the device is back\n")

    def test_a_device_that_vanishes_is_the_end_where_one_is_wanted(self):
        line, board = self.plug_in()
        process, taken = self.start_recording("--summary", "--baud", "9600", "tty")
        self.settle(process)
        board.write(b"1\n2\n3")
        until(lambda: taken() == [1, 2], "what came")
        board.close()
        line.terminate()
        process.ends(out=lambda text: self.assertEqual(numbers(text)["1"][0], 2))

    def test_what_cannot_be_opened(self):
        _, _ = self.plug_in()
        process, _ = self.start_recording("--baud", "9600", "tty")
        self.scope("--png", "q.png", "--baud", "9600", "tty", status=1, err="scope: tty: in use by another program\n")
        self.stop(process)
        self.write("file", "1\n")
        self.scope("--png", "q.png", "--baud", "9600", "file", status=1,
                   err="scope: file: no serial device, and --baud is for those\n")
        self.scope("--png", "q.png", "--baud", "9600", "nosuch", status=1, err="scope: nosuch: No such file or directory\n")

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_no_permission(self):
        self.plug_in()
        os.chmod(self.directory, 0o755)
        os.chown((self.directory / "tty").resolve(), 0, 20)
        os.chmod((self.directory / "tty").resolve(), 0o660)
        self.start("--png", "/dev/null", "--baud", "9600", "tty", stdin=subprocess.DEVNULL, user=65534, group=65534,
                   extra_groups=[]).ends(1, err=lambda text: self.assertIn("for the group dialout", text))


class Follow(Sources):
    def test_rotations_of_all_kinds(self):
        """Fifty of them at a thousand lines a second: every line once, in order."""
        log, old = self.directory / "log", self.directory / "log.1"
        log.write_bytes(b"")
        process, taken = self.start_recording("--follow", "log")
        total = 5000
        file = open(log, "ab", buffering=0)
        began = time.monotonic()
        for n in range(total):
            file.write(b"%d\n" % n)
            if n % 100 == 99:
                until(lambda: len(taken()) > n - 100, "none but the last file's lines are missing") # two would be lost
                kind = n // 100 % 3
                if kind == 0:
                    os.rename(log, old)
                elif kind == 1:
                    shutil.copy(log, self.directory / "log.new")
                    os.rename(self.directory / "log.new", old)
                    os.truncate(log, 0)
                else:
                    os.unlink(log)
                if kind != 1:
                    file.close()
                    file = open(log, "ab", buffering=0)
            time.sleep(max(0, began + n / 1000 - time.monotonic()))
        file.close()
        until(lambda: len(taken()) >= total, "all of it")
        self.assertEqual(taken(), list(range(total)))
        self.stop(process, err=lambda text: None)

    def test_the_last_lines_of_a_long_file(self):
        with open(self.directory / "log", "wb") as file:
            file.truncate(10 << 30)
            file.seek(0, 2)
            file.write(b"\n" + b"".join(b"%d\n" % n for n in range(100)))
        before = time.monotonic()
        process, taken = self.start_recording("--follow", "--tail", "3", "log")
        until(lambda: taken() == [97, 98, 99], "its last lines")
        self.takes(time.monotonic() - before, 5, "to find the last lines")
        with open(self.directory / "log", "ab") as file:
            file.write(b"100\n")
        until(lambda: taken() == [97, 98, 99, 100], "a new one")
        self.stop(process)

    def test_not_there_yet_and_deleted_for_good(self):
        process, taken = self.start_recording("--follow", "log")
        until(lambda: "scope: log: no such file yet; waiting for it\n" in process.err, "that it is waited for")
        self.write("log", "1\n2")
        until(lambda: taken() == [1], "its line")
        os.unlink(self.directory / "log")
        until(lambda: "scope: log: the file is gone; waiting for it to come back\n" in process.err, "that it is gone")
        self.write("log", "3\n")
        until(lambda: taken() == [1, 3], "it is back")
        self.stop(process, err=lambda text: self.assertEqual(text.count("\n"), 3, text))

    def test_what_cannot_be_followed(self):
        os.mkfifo(self.directory / "fifo")
        self.scope("--png", "p.png", "--follow", "fifo", status=1,
                   err="scope: fifo: --follow is for files; this one is read on as it is\n")
        self.scope("--png", "p.png", "--follow", ".", status=1, err="scope: .: Is a directory\n")


class Hints(Test):
    def test_nothing_comes(self):
        """A hint to people, on a terminal, once; and none to a file."""
        terminal = Terminal()
        self.addCleanup(terminal.close)
        process = self.start("--png", "p.png", *SIZE, stderr=terminal.theirs)
        quiet = self.start("--png", "q.png", *SIZE)
        terminal.expect("scope: waiting for input; is the producer buffering? try stdbuf -oL")
        time.sleep(0.3) # it could be said again
        self.assertEqual(terminal.read().count("waiting"), 1)
        process.feed("1\n")
        process.ends()
        quiet.ends()


class Recording(Test):
    def record(self, text, *arguments):
        self.scope("--png", "a.png", *SIZE, "--title", "it", "--record", "a.csv", *arguments, input=text)
        return self.directory / "a.csv"

    def test_read_back_bit_for_bit_and_as_a_picture(self):
        noise = random.Random(3)
        text = "".join(f"a={noise.uniform(-9, 9)!r} b={noise.choice(['nan', 5e-324, 0.1, -0.0, 1e22])}\n" for _ in range(3000))
        for options in ((), ("--rate", "7")):
            path = self.record(text, *options)
            self.scope("--png", "b.png", *SIZE, "--record", "b.csv", "--title", "it", path)
            self.assertEqual((self.directory / "b.csv").read_bytes(), path.read_bytes())
            self.assertEqual((self.directory / "b.png").read_bytes(), (self.directory / "a.png").read_bytes())
            os.unlink(path)
            os.unlink(self.directory / "b.csv")

    def labels(self, *arguments, **options):
        """What stands at the time axis of a picture."""
        self.scope("--png", "a.png", "--svg", "a.svg", "-g", "900x400", *arguments, **options)
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", (self.directory / "a.svg").read_text(encoding="utf-8"))
        return [text for text in texts if re.fullmatch(r"[\d-]*(\d\d:\d\d(:\d\d)?)?", text) and re.search(r"\d[:-]\d", text)]

    def test_the_clock_at_the_axis(self):
        """Dates as they stand there, whatever the zone; Unix times, as of a recording, as local time."""
        env = {"TZ": "Asia/Tokyo"}
        rows = "".join(f"{day}.11.2026;{hour:02}:00;{hour}\n" for day in (25, 26) for hour in range(24))
        path = self.write("d.csv", ("Date;Time;v\n" + rows).encode())
        found = self.labels("--time-column", "Date+Time", "--record", "d.r", path, env=env)
        self.assertEqual([found[0], found[2]], ["2026-11-25", "12:00"])
        self.assertIn("2026-11-26", found)
        back = self.labels(self.directory / "d.r", env=env)
        self.assertIn("12:00", back)
        self.assertIn("2026-11-26", back)
        self.assertNotEqual(back, found)
        times = self.write("t.txt", b"10:00:00 1\n11:00:00 2\n14:00:00 3\n")
        self.assertIn("12:00", self.labels("--time-column", "1", times, env=env))
        boot = self.write("b.csv", b"s,v\n0,1\n100,2\n")
        self.assertEqual(self.labels("--time-column", "s", boot, env=env, err=lambda text: None), [])

    def test_a_time_column_that_is_none(self):
        path = self.write("b.csv", b"s,v\n0,1\n100,2\n")
        for name, said in (("nope", True), ("3", True), ("s+nope", False), ("s", False)): # a part gives a time
            self.scope("--png", "a.png", *SIZE, "--time-column", name, path, status=1 if said else 0,
                       err=lambda text, name=name, said=said: self.assertEqual(
                           f"--time-column {name}: no row has a column or label of this name or number\n" in text, said))

    def test_units_come_back(self):
        """At the axis and in the legend as before, and the same names again in a recording of the recording."""
        path = self.record("".join(f"temp={n % 7}.5°C\n" for n in range(50)))
        self.assertIn(b",temp [\xc2\xb0C],", path.read_bytes())
        self.scope("--png", "b.png", *SIZE, "--record", "b.csv", "--title", "it", "--only", "temp", path)
        self.assertEqual((self.directory / "b.csv").read_bytes(), path.read_bytes())
        self.assertEqual((self.directory / "b.png").read_bytes(), (self.directory / "a.png").read_bytes())

    def test_a_name_as_long_as_may_be(self):
        """With its unit it would be too long to be read back: it is recorded without."""
        name = "n" * 255
        path = self.record(f"{name}=1ms\n")
        self.assertTrue(path.read_bytes().endswith(f",{name},1\n".encode()))
        self.scope("--png", "b.png", *SIZE, path)

    def test_times_of_day_and_damage(self):
        path = self.write("a.csv", HEADER + b"1700000000.000000000,x,1\n1700000003.500000001,x,2\n1700000001.000000000,x,3\n17")
        self.scope("--png", "p.png", *SIZE, "--record", "b.csv", path,
                   err="scope: line 4: '1700000001.000000000,x,3' goes back in time\n"
                       "scope: line 5: '17' is half a line: the recording was cut here\n")
        self.assertEqual((self.directory / "b.csv").read_bytes(), b"\n".join(path.read_bytes().split(b"\n")[:3]) + b"\n")

    def test_on_a_pipe_it_is_said_how_to_read_it(self):
        self.scope("--png", "p.png", *SIZE, input=HEADER + b"0,x,1\n", err=lambda text: self.assertIn("is a recording", text))

    def test_replay_at_a_multiple_of_its_pace(self):
        path = self.write("a.csv", HEADER + b"".join(b"%d.%09d,x,%d\n" % (1700000000 + n // 10, n % 10 * 10**8, n)
                                                     for n in range(41))) # four seconds
        before = time.monotonic()
        process = self.start(*SIZE, "--replay", "4", "--exit", "--summary", path, stdin=subprocess.DEVNULL,
                             display=Display.shared())
        process.ends(out=lambda text: self.assertEqual(numbers(text)["x"][0], 41))
        took = time.monotonic() - before
        self.assertGreaterEqual(took, 1)
        self.takes(took, 4 * (5 if SANITIZED else 1)) # as long as at its own pace

    def test_a_replay_is_ended_by_a_signal(self):
        path = self.write("a.csv", HEADER + b"0.000000000,x,1\n1.000000000,x,2\n999.000000000,x,3\n")
        process = self.start("--png", "p.png", *SIZE, "--replay", "100", "--record", "b.csv", path, stdin=subprocess.DEVNULL)
        until(lambda: values(self.directory / "b.csv") == [1, 2], "what is due")
        process.end_quickly(lambda: process.signal(signal.SIGINT))
        self.assertEqual(values(self.directory / "b.csv"), [1, 2])

    def test_what_has_no_times(self):
        self.write("f", "1\n2\n")
        self.scope("--png", "p.png", "--replay", "1", "f", status=1,
                   err="scope: f has no times; a recording has, and --rate gives them\n".replace("f has", "--replay: f has"))

    def test_counters_are_recorded_as_they_came(self):
        self.write("f", "a=1 b=5\na=4 b=6\na=2 b=7\n")
        self.scope("--png", "p.png", *SIZE, "--rate", "2", "--counter=a", "--record", "r.csv", "--summary", "f",
                   out=lambda text: self.assertEqual({name: row[:3] for name, row in numbers(text).items()},
                                                     {"a": (1, 6, 6), "b": (3, 5, 7)}))
        self.assertEqual(values(self.directory / "r.csv"), [1, 5, 4, 6, 2, 7])
        self.scope("--png", "p.png", *SIZE, "--counter=z", "f", err="scope: --counter z: no channel has one of these names\n")


if __name__ == "__main__":
    main()
