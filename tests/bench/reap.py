#!/usr/bin/env python3
"""From a child's _exit to its reaping, beside a bare sigwaitinfo loop; and what 10,000 children leave behind in forker."""

import calendar
import collections
import json
import os
import subprocess
import tempfile
import time

import measure

INTERVAL = "0.001"
JOBS = "64"
LIFE_MS = "40"  # some forty children at once


def clock_offset_ns():
    """Wall clock minus monotonic clock; both are slewed alike, so only a clock that was set changes it."""
    tries = []
    for _ in range(5):
        before = time.monotonic_ns()
        wall = time.time_ns()
        after = time.monotonic_ns()
        tries.append((after - before, wall - (before + after) // 2))
    return min(tries)[1]


def wall_ns(text):
    """2026-11-22T09:08:01.500000Z in ns since the epoch."""
    seconds, fraction = text.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(seconds, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int(fraction.ljust(9, "0"))


def read_log(path, offset_ns):
    """The events by their name, with ns, CLOCK_MONOTONIC: t begins at a moment which the time of day beside it tells."""
    events = collections.defaultdict(list)
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    if not records:
        raise measure.Failed("forker logged nothing")
    start_ns = measure.median(wall_ns(record["time"]) - record["t"] * 1e9 for record in records) - offset_ns
    for record in records:
        record["ns"] = start_ns + record["t"] * 1e9
        events[record["event"]].append(record)
    return events


def latencies_ms(stamps, reaped):
    """From each stamp to the reaping of the same process, both (pid, ns); a pid may come back."""
    of_pid = collections.defaultdict(list)
    for pid, nanoseconds in sorted(reaped, key=lambda pair: pair[1]):
        of_pid[pid].append(nanoseconds)
    found = []
    for pid, nanoseconds in sorted(stamps, key=lambda pair: pair[1]):
        if not of_pid[pid]:
            raise measure.Failed(f"child {pid} was not reaped")
        found.append((of_pid[pid].pop(0) - nanoseconds) / 1e6)
    if len(found) != len(reaped) or min(found) < -0.01:
        raise measure.Failed(f"{len(found)} stamps of {len(reaped)} children, the shortest time {min(found):.3f} ms")
    return sorted(found)


def read_pairs(text):
    return [(int(pid), int(nanoseconds)) for pid, nanoseconds in (line.split() for line in text.splitlines())]


def read_file(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def child(bench, path, together):
    return [bench.peer("end_stamp"), path, LIFE_MS, *(["together"] if together else [])]


def bare(bench, count, together):
    """The sorted latencies of the bare loop."""
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "stamps")
        done = subprocess.run([bench.peer("bare_reap"), INTERVAL, str(count), JOBS, *child(bench, path, together)],
                              stdout=subprocess.PIPE, timeout=300, check=True)
        return latencies_ms(read_pairs(read_file(path)), read_pairs(done.stdout.decode()))


# The most descriptors; how many there are beside one for the output of each child, in the middle; the most memory.
Held = collections.namedtuple("Held", "descriptors spare kib")


class Run:
    """forker with so many ticks, its descriptors and its memory watched."""

    def __init__(self, bench, count, together):
        with tempfile.TemporaryDirectory() as scratch:
            path, log = os.path.join(scratch, "stamps"), os.path.join(scratch, "log")
            offset_ns = clock_offset_ns()
            process = subprocess.Popen([bench.forker, "-i", INTERVAL, "-e", "1", "-n", str(count), "-j", JOBS, "--log", log, "--",
                                        *child(bench, path, together)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.held = []  # descriptors, those that belong to no child, and KiB
            try:
                self.watch(process)
                errors = process.communicate(timeout=60)[1].decode()
            finally:
                process.kill()
                process.wait()
            if abs(clock_offset_ns() - offset_ns) > 100_000:
                raise measure.Failed("the clock was set meanwhile")
            self.summary = errors.strip()
            self.status = process.returncode
            events = read_log(log, offset_ns)
            self.count = {name: len(records) for name, records in events.items()}
            self.missed = sum(record["count"] for record in events["missed"])
            ends = [(record["pid"], record["ns"]) for record in events["exit"]]
            self.latencies = latencies_ms(read_pairs(read_file(path)), ends)
        self.check()

    def watch(self, process):
        """Until its end."""
        while process.poll() is None:
            try:
                descriptors = len(os.listdir(f"/proc/{process.pid}/fd"))
                children = len(read_file(f"/proc/{process.pid}/task/{process.pid}/children").split())
                self.held.append((descriptors, descriptors - children, measure.status_kib(process.pid, "VmRSS")))
            except (FileNotFoundError, ProcessLookupError, measure.Failed):
                return  # ended just now
            time.sleep(0.05)

    def check(self):
        """That all are reaped is no matter of speed."""
        forks, execs, ends = (self.count.get(name, 0) for name in ("fork", "exec", "exit"))
        if not forks == execs == ends or f"runs: {forks} succeeded, 0 failed" not in self.summary:
            raise measure.Failed(f"{forks} forked, {execs} executed, {ends} ended: {self.summary}")
        if f"reaped: children {forks}, orphans 0" not in self.summary or self.status != 0:
            raise measure.Failed(f"{forks} forked: status {self.status}: {self.summary}")

    def quarters(self):
        """What was held in the first and in the last quarter, without the very start and the end."""
        held = self.held[2:-2]
        part = max(1, len(held) // 4)
        if not held:
            raise measure.Failed("forker ended too soon to be watched")
        return [Held(max(row[0] for row in rows), measure.median(row[1] for row in rows), max(row[2] for row in rows))
                for rows in (held[:part], held[-part:])]


def percentile(sorted_values, percent):
    return sorted_values[min(len(sorted_values) - 1, len(sorted_values) * percent // 100)]


def compare(bench, rounds, count, together):
    """Rounds in turns."""
    runs, bares = [], []
    for number in range(rounds):
        for ours in measure.rotated((True, False), number):
            if ours:
                runs.append(Run(bench, count, together))
            else:
                bares.append(bare(bench, count, together))
    for name, rows in (("forker", [run.latencies for run in runs]), ("the bare loop", bares)):
        print(f"  {name:13} " + ", ".join(f"{label} {measure.median(percentile(row, percent) for row in rows):.3f}"
                                          for label, percent in (("median", 50), ("p99", 99), ("max", 100)))
              + f" ms   rounds of p99: {measure.raw((percentile(row, 99) for row in rows), 3)}")
    more = [percentile(run.latencies, 99) - percentile(row, 99) for run, row in zip(runs, bares, strict=True)]
    print(f"  p99 of forker is {measure.median(more):+.3f} ms from that of the bare loop ({measure.raw(more, 3)}); "
          "target: at most +0.5")


def bench_reap(bench):
    """All of it."""
    rounds, count = (1, 300) if bench.quick else (21, 1000)  # short ones: the two are compared within a round
    print(f"{rounds} rounds of {count} children that live {LIFE_MS} ms, one each ms; from _exit to reaped:")
    compare(bench, rounds, count, False)
    print(f"the same, all that live end together every {LIFE_MS} ms:")
    compare(bench, rounds, count, True)
    run = Run(bench, 500 if bench.quick else 12_000, False)  # some ticks are missed
    print("what many leave behind:")
    print(f"  {run.count['fork']} forked, executed, reaped and logged, {run.missed} missed, {run.count.get('skipped', 0)} skipped; "
          f"p99 {percentile(run.latencies, 99):.3f} ms")
    first, last = run.quarters()
    for part, held in (("first", first), ("last", last)):
        print(f"  {part + ' quarter':13} at most {held.descriptors} descriptors, {held.spare:.0f} beside the outputs of living "
              f"children; {held.kib} KiB")
    print("  target: as many reaped as forked, descriptors and memory as they were")
    if not bench.quick and (last.spare > first.spare + 3 or last.kib > first.kib + 1024):  # a leak is no matter of speed
        raise measure.Failed(f"not as it was: {first} in the first quarter, {last} in the last")


if __name__ == "__main__":
    measure.main(bench_reap, __doc__)
