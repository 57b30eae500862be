#!/usr/bin/env python3
"""Numbers a second from a pipe into a picture, beside wc -l and bare loops on the same pipe.

Each kind of rows has a floor, a multiple of wc's time on the same pipe by the least of all rounds; below it the bench fails.
SCOPE_OLD names a scope to compare with: %.17g must not be slower than there.
"""

import os
import random
import subprocess
import tempfile
import time

import measure

RIGHT = 1e-9  # relative error allowed in the mean, which depends on the order of the additions


def write_file(command, path, transform=None):
    with open(path, "wb") as out:
        first = subprocess.Popen(command, stdout=subprocess.PIPE if transform else out)
        if transform:
            subprocess.run(transform, stdin=first.stdout, stdout=out, check=True)
        if first.wait() != 0:
            raise measure.Failed(f"{command} failed")


def run(path, command):
    """Wall time of `cat path | command` from before both start to the command's end, and what it printed."""
    start = time.monotonic()
    cat = subprocess.Popen(["cat", path], stdout=subprocess.PIPE)
    sink = subprocess.Popen(command, stdin=cat.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    cat.stdout.close()
    out, err = sink.communicate(timeout=300)
    took = time.monotonic() - start
    cat.wait()
    if sink.returncode != 0:
        raise measure.Failed(f"{command[0]}: status {sink.returncode}: {err.decode()}")
    return took, out.decode(), err.decode()


def check_summary(summary, truth):
    """The counts, extremes and means of scope's table, put together, against those of the strtod loop."""
    count, low, high, total = 0, float("inf"), float("-inf"), 0.0
    for line in summary.splitlines()[1:]:
        fields = line.split("\t")
        n = int(fields[1])
        count, total = count + n, total + n * float(fields[4])
        low, high = min(low, float(fields[2])), max(high, float(fields[3]))
    want_count, want_low, want_high, want_mean = truth.split("\t")
    scale = max(abs(float(want_low)), abs(float(want_high)))
    if (count, low, high) != (int(want_count), float(want_low), float(want_high)) or not (
            abs(total / count - float(want_mean)) <= RIGHT * scale):
        raise measure.Failed(f"wrong summary: {summary} where the strtod loop has {truth}")


def compare(bench, name, path, columns, rounds, scratch):
    commands = {
        "scope": [bench.scope, "--png", os.path.join(scratch, "out.png"), "--summary", "--timing"],
        "digits": [bench.peer("bare_sum"), "digits"],
        "strtod": [bench.peer("bare_sum"), "strtod"],
        "wc -l": ["wc", "-l"],
    }
    took = {key: [] for key in commands}
    inside = []
    said = {}
    for number in range(rounds):
        for key in measure.rotated(commands, number):
            seconds, out, err = run(path, commands[key])
            took[key].append(seconds)
            said[key] = out
            if key == "scope":
                inside.append(measure.timing(err))
    check_summary(said["scope"], said["strtod"])
    numbers = int(said["wc -l"].split()[0]) * columns
    mid = {key: measure.median(values) for key, values in took.items()}
    print(f"{name}: {numbers} numbers; count, min, max and mean are right")
    for key, values in took.items():
        print(f"  {key:7} {numbers / mid[key] / 1e6:7.1f} million/s   {mid[key]:.3f} s   rounds: {measure.raw(values, 3)}")
    reading = measure.median(figures["seconds"] for figures in inside)
    print(f"  scope is {mid['digits'] / mid['scope']:.2f} times the digit loop (target 0.6), "
          f"{mid['strtod'] / mid['scope']:.2f} times the strtod loop, and takes {mid['scope'] / mid['wc -l']:.1f} times "
          f"wc's time (aim 5); to the last sample {reading:.3f} s, fast path {inside[-1]['fast']:.2f} %")


def share(bench, name, text, scratch):
    """The part of the numbers of a text that took the fast path."""
    done = subprocess.run([bench.scope, "--png", os.path.join(scratch, "out.png"), "--timing"], input=text.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True)
    figures = measure.timing(done.stderr.decode())
    print(f"  {name:12} {figures['fast']:.2f} % of {figures['numbers']:.0f} numbers, "
          f"{figures['rate'] / 1e6:.1f} million samples/s")


def noise():
    """A number within 9.9."""
    return random.uniform(-9.9, 9.9)


def reading():
    """What a weather station says."""
    return random.uniform(-20, 90), random.uniform(20, 99), random.randrange(900, 1100)


# Title, a row of it, values in a row, megabytes, most times wc's time.
KINDS = (
    ("%.4f", lambda: "%.4f" % noise(), 1, 90, 3.0),
    ("integers", lambda: str(random.randrange(1000000)), 1, 90, 3.0),
    ("ten columns", lambda: ",".join("%.4f" % noise() for _ in range(10)), 10, 90, 3.2),
    ("labelled rows", lambda: "temp=%.2f hum=%.1f pres=%d" % reading(), 3, 90, 3.8),
    ("JSON rows", lambda: '{"temp": %.2f, "hum": %.1f, "pres": %d}' % reading(), 3, 90, 3.5),
    ("%.17g", lambda: "%.17g" % noise(), 1, 60, None),
)


def write_rows(path, row, megabytes):
    """A hundred thousand rows, again and again; how many in all."""
    random.seed(1)
    text = "".join(row() + "\n" for _ in range(100000)).encode()
    times = max(1, round(megabytes * 1e6 / len(text)))
    with open(path, "wb") as out:
        for _ in range(times):
            out.write(text)
    return 100000 * times


def run_file(path, command):
    """Wall time of `command < path`."""
    start = time.monotonic()
    with open(path, "rb") as source:
        subprocess.run(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True, timeout=300)
    return time.monotonic() - start


def measure_kind(bench, kind, scratch, rounds):
    """Prints the figures of a kind; what is below its floor."""
    title, row, values, megabytes, floor = kind
    path = os.path.join(scratch, "rows")
    rows = write_rows(path, row, 2 if bench.quick else megabytes)
    picture = [bench.scope, "--png", os.path.join(scratch, "out.png")]
    ways = {
        "scope": lambda: run(path, picture)[0],
        "wc -l": lambda: run(path, ["wc", "-l"])[0],
        "scope, of the file": lambda: run_file(path, picture),
    }
    old = os.environ.get("SCOPE_OLD")
    if old:
        ways["old scope"] = lambda: run(path, [old, *picture[1:]])[0]
    took = {way: [] for way in ways}
    for number in range(rounds):
        for way in measure.rotated(ways, number):
            measure.warm_memory()
            took[way].append(ways[way]())
    least = {way: min(seconds) for way, seconds in took.items()}
    print(f"{title}: {rows * values} numbers, {os.path.getsize(path) / 1e6:.0f} MB")
    for way, seconds in took.items():
        print(f"  {way:18} {rows * values / least[way] / 1e6:7.1f} million/s   least {least[way]:.3f} s   "
              f"rounds: {measure.raw(seconds, 3)}")
    times = least["scope"] / least["wc -l"]
    print(f"  {times:.2f} times wc's time{f' (floor {floor})' if floor else ''}; "
          f"the file takes {least['scope, of the file'] / least['scope']:.2f} times the pipe's")
    missed = []
    if floor and times > floor:
        missed.append(f"{title}: {times:.2f} times wc's time, floor {floor}")
    if least["scope, of the file"] > 1.05 * least["scope"]:
        missed.append(f"{title}: the file is slower than its pipe")
    if old and not floor and least["scope"] > 1.05 * least["old scope"]:
        missed.append(f"{title}: slower than the old scope")
    return missed


def bench_floors(bench, scratch):
    """All kinds, and whether their floors hold."""
    missed = []
    for kind in KINDS:
        missed += measure_kind(bench, kind, scratch, 1 if bench.quick else 10)
    if missed and not bench.quick:
        raise measure.Failed("below the floor: " + "; ".join(missed))


def bench_pipe(bench):
    """All of it; the floors last, as they may end it."""
    rows = 300_000 if bench.quick else 10_000_000
    rounds = 1 if bench.quick else 7
    numbers = bench.peer("numbers")
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "numbers")
        for name, kind, columns in (("seq", "seq", 1), ("%.6f", "micro", 1), ("2 columns of %.6f", "micro", 2)):
            write_file([numbers, kind, str(rows // columns), "0", str(columns)], path)
            compare(bench, name, path, columns, rounds, scratch)
        lines = 2000 if bench.quick else 200_000
        print("fast path:")
        share(bench, "ping", "".join(
            f"64 bytes from localhost (127.0.0.1): icmp_seq={i + 1} ttl=64 time={0.02 + i * 7919 % 1000 / 1000:.3f} ms\n"
            for i in range(lines)), scratch)
        share(bench, "vmstat", "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n"
              " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n" + "".join(
                  f" {i % 3}  0      0 {600000 + i * 37 % 9999:6} {4000 + i % 77:6} {900000 + i % 999:6}    0    0 "
                  f"{i % 90:5} {i % 70:5} {i % 900:4} {i % 1900:4} {i % 30:2} {i % 7:2} {90 - i % 30:2}  0  0\n"
                  for i in range(lines)), scratch)
        share(bench, "%.6f", "".join(f"{(i * 7919 % 1000003) / 97.0 - 5000:.6f}\n" for i in range(lines)), scratch)
        bench_floors(bench, scratch)


if __name__ == "__main__":
    measure.main(bench_pipe, __doc__)
