#!/usr/bin/env python3
"""How late 1000 ticks of 10 ms are at their start and at their end, beside two CPU burners; watch -p for its drift."""

import contextlib
import json
import os
import pty
import subprocess
import tempfile
import threading

import measure

BURN = "while :; do :; done"
EDGE = 100  # ticks at either end


@contextlib.contextmanager
def burners(number):
    """Processes that take all the CPU they can get."""
    processes = [subprocess.Popen(["sh", "-c", BURN], stdin=subprocess.DEVNULL) for _ in range(number)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


class Ticks:
    """Moments, in ns, with their number on a grid."""

    def __init__(self, moments, interval_s):
        interval_ns = round(interval_s * 1e9)
        late = [nanoseconds - number * interval_ns for number, nanoseconds in moments]
        edge = min(EDGE, len(late) // 4)
        if not edge:
            raise measure.Failed(f"only {len(late)} ticks came")
        origin = min(late)  # a tick comes late, not early: the grid begins where the best one puts it
        self.late_ms = [(value - origin) / 1e6 for value in late]
        self.count = len(late)
        self.missed = moments[-1][0] - moments[0][0] + 1 - len(moments)
        self.first = measure.median(self.late_ms[:edge])
        self.last = measure.median(self.late_ms[-edge:])
        self.p99 = sorted(self.late_ms)[len(late) * 99 // 100]

    @property
    def drift(self):
        return self.last - self.first


class Lines:
    """Counted lines from a pipe, stamped as they come."""

    def __init__(self, bench, command, interval_s):
        self.interval_s = interval_s
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.stamps = subprocess.Popen([bench.peer("stamp_lines")], stdin=self.process.stdout, stdout=subprocess.PIPE)
        self.process.stdout.close()

    def finish(self, patience):
        """What came, when all has."""
        text = self.stamps.communicate(timeout=patience)[0].decode()
        if self.process.wait(timeout=5) != 0:
            raise measure.Failed(f"{self.process.args[0]}: status {self.process.returncode}")
        return Ticks([(int(number), int(nanoseconds)) for nanoseconds, number in
                      (line.split() for line in text.splitlines())], self.interval_s)

    def stop(self):
        for process in (self.process, self.stamps):
            process.kill()
            process.wait()
        self.stamps.stdout.close()


class Log:
    """The forks in forker's own log."""

    def __init__(self, bench, path, interval_s, count):
        self.path, self.interval_s = path, interval_s
        self.process = subprocess.Popen([bench.forker, "-q", "-i", str(interval_s), "-e", "1", "-j", "64", "-n", str(count),
                                         "--log", path, "true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def finish(self, patience):
        if self.process.wait(timeout=patience) != 0:
            raise measure.Failed(f"forker --log: status {self.process.returncode}")
        with open(self.path, encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
        return Ticks([(event["tick"], event["t"] * 1e9) for event in events if event["event"] == "fork"], self.interval_s)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Runs:
    """A program that runs end_stamp on its schedule: watch on a terminal, or forker."""

    def __init__(self, bench, prefix, path, interval_s):
        self.path, self.interval_s = path, interval_s
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen([*prefix, bench.peer("end_stamp"), path], stdin=theirs, stdout=theirs,
                                        stderr=subprocess.DEVNULL, env=dict(os.environ, TERM="xterm"))
        os.close(theirs)
        self.drain = threading.Thread(target=self.read, args=(ours,))
        self.drain.start()

    @staticmethod
    def read(terminal):
        with contextlib.suppress(OSError):  # its end is an error
            while os.read(terminal, 65536):
                pass
        os.close(terminal)

    def finish(self, _):
        self.stop()
        with open(self.path, encoding="ascii") as file:
            return Ticks([(i, int(line.split()[1])) for i, line in enumerate(file)], self.interval_s)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.drain.join(timeout=10)


def start_all(bench, scratch, count):
    """All at once: the same noise for each, and none takes much. The ones without an end of their own come last."""
    slow = "forker, runs of 100 ms", [bench.forker, "-q", "-i", "0.1", "-e", "1", "-j", "64"]
    started = {}
    try:
        started["forker, lines"] = Lines(bench, [bench.forker, "-i", "0.01", "-n", str(count), "-e", "100000"], 0.01)
        started["the bare loop"] = Lines(bench, [bench.peer("bare_ticks"), "0.01", str(count)], 0.01)
        started["forker, forks"] = Log(bench, os.path.join(scratch, "log"), 0.01, count)
        started[slow[0]] = Runs(bench, slow[1], os.path.join(scratch, "forker"), 0.1)
        with contextlib.suppress(measure.Skip):
            watch = [measure.tool("watch"), "-p", "-t", "-x", "-n", "0.1"]
            started["watch -p, 100 ms"] = Runs(bench, watch, os.path.join(scratch, "watch"), 0.1)
    except BaseException:
        for one in started.values():
            one.stop()
        raise
    return started


def one_round(bench, count):
    with tempfile.TemporaryDirectory() as scratch, burners(2):
        started = start_all(bench, scratch, count)
        try:
            return {name: one.finish(count * 0.01 + 30) for name, one in started.items()}
        finally:
            for one in started.values():
                one.stop()


def bench_ticks(bench):
    """All of it."""
    rounds, count = (1, 200) if bench.quick else (5, 1000)
    print(f"{count} ticks of 10 ms, at once with two CPU burners, {rounds} times; medians in ms late of the first and the last "
          f"{min(EDGE, count // 4)}:")
    rows = {}
    for _ in range(rounds):
        for name, ticks in one_round(bench, count).items():
            rows.setdefault(name, []).append(ticks)
    for name, ticks in rows.items():
        print(f"  {name:21} first {measure.median(t.first for t in ticks):.3f}, last {measure.median(t.last for t in ticks):.3f}, "
              f"p99 {measure.median(t.p99 for t in ticks):.3f}, missed {sum(t.missed for t in ticks)}; "
              f"last - first {measure.median(t.drift for t in ticks):+.3f} ({measure.raw((t.drift for t in ticks), 3)})")
    if "watch -p, 100 ms" not in rows:
        print("skipped: watch is not installed; the others without it")
    print("  target: last - first at most 0.2")


if __name__ == "__main__":
    measure.main(bench_ticks, __doc__)
