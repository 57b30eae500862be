#!/usr/bin/env python3
"""compare.py BUILD OLD-BUILD [ROUNDS]: scope of two builds in one run, old against old beside it.

New counts as worse when it is more than 5 % below old and outside of the spread of old against old. Taking in: numbers a
second from a pipe into --png. Live: CPU of program and X server, frames, latency, start (these with xprobe and trend's
peers left out). Prints the raw figures; only what could not be measured makes it fail.
"""

import subprocess
import sys
import tempfile
import time

import measure
from latency import BAND, FIGURES, SETTLE_S
from start import first_frame

KINDS = (("%.4f", ["noise", "5000000"]), ("integers", ["seq", "8000000"]), ("4 columns of %.4f", ["noise", "1000000", "0", "4"]))


class Pair(measure.Bench):
    def __init__(self, build, scope):
        super().__init__(build, False)
        self.scope = scope


def intake(bench, path):
    """Seconds from a file through cat into --png."""
    began = time.monotonic()
    source = subprocess.Popen(["cat", path], stdout=subprocess.PIPE)
    done = subprocess.run([bench.scope, "--png", "/dev/null", "--summary"], stdin=source.stdout, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    source.stdout.close()
    source.wait()
    if not done.stdout.startswith(b"channel\t"):
        raise measure.Failed("no table")
    return time.monotonic() - began


def cpu_ms(bench, feed, seconds, arguments=(), pause=None):
    """CPU of program and server in ms a second of running."""
    with measure.display() as (env, server):
        running = measure.Running([bench.scope, *arguments], feed, env, stderr=subprocess.DEVNULL)
        try:
            measure.wait_for_window(env, running.process)
            time.sleep(1)
            if pause:
                subprocess.run([measure.tool("xdotool"), "search", "--onlyvisible", "--name", ".", "windowfocus", "key", pause],
                               env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
                time.sleep(0.5)
            began = time.monotonic(), measure.cpu_s(running.pid), measure.cpu_s(server)
            time.sleep(seconds)
            ended = time.monotonic(), measure.cpu_s(running.pid), measure.cpu_s(server)
        finally:
            running.finish()
    return 1000 * (ended[1] - began[1] + ended[2] - began[2]) / (ended[0] - began[0])


def latency(bench):
    with measure.display() as (env, _):
        done = subprocess.run([bench.peer("xprobe"), "latency", "25", "0", "8", *BAND, SETTLE_S, "--", bench.scope, "--window", "1"],
                              env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=180, check=False)
    figures = FIGURES.search(done.stdout.decode())
    if not figures:
        raise measure.Failed("xprobe printed nothing")
    return float(figures[4])


def start(bench):
    with measure.display() as (env, _):
        return first_frame(bench, env, [bench.scope], 0)[0]


def frames(bench, seconds):
    """p99 of the gaps in ms."""
    with measure.display() as (env, _):
        running = measure.Running([bench.scope, "--timing"], [bench.peer("numbers"), "sine", "0", "100"], env)
        measure.wait_for_window(env, running.process)
        time.sleep(seconds)
        return measure.timing(running.finish())["p99"]


def compare(title, unit, sides, what, rounds):
    """A row: minima and medians of each side, and the raw figures. Lower is better."""
    found = {name: [] for name in sides}
    for number in range(rounds):
        for name in measure.rotated(sides, number):
            found[name].append(what(sides[name]))
    print(f"{title}, {unit}:")
    for name, values in found.items():
        print(f"  {name:9} least {min(values):8.3f}  median {measure.median(values):8.3f}   {measure.raw(values, 3)}")
    new, old, again = (min(found[name]) for name in ("new", "old", "old again"))
    spread = max(old, again) / min(old, again) - 1
    worse = new / min(old, again) - 1
    print(f"  new / old = {new / min(old, again):.3f} by the least, {measure.median(found['new']) / measure.median(found['old'] + found['old again']):.3f} "
          f"by the median; old / old {1 + spread:.3f}{'   WORSE' if worse > 0.05 and worse > spread else ''}")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    sys.stdout.reconfigure(line_buffering=True)
    bench = measure.Bench(sys.argv[1], False)
    old = measure.Bench(sys.argv[2], False)
    sides = {"new": bench, "old": Pair(sys.argv[1], old.scope), "old again": Pair(sys.argv[1], old.scope)}
    numbers = bench.peer("numbers")
    with tempfile.NamedTemporaryFile(prefix="scope-bench-") as file:
        for title, feed in KINDS:
            with open(file.name, "wb") as out:
                subprocess.run([numbers, *feed], stdout=out, check=True)
            compare(f"taking in {title}", "s", sides, lambda b: intake(b, file.name), rounds)
    sine = [numbers, "sine", "0", "100"]
    for title, feed, arguments, pause in (
            ("slow sine", sine, (), None),
            ("full-height noise", [numbers, "noise", "0", "100"], (), None),
            ("100,000 writes of a line a second", [bench.peer("single_lines"), "100000"], (), None),
            ("--refresh 1", sine, ("--refresh", "1"), None),
            ("paused", sine, (), "space")):
        compare(f"CPU of program and X, {title}", "ms/s", sides, lambda b: cpu_ms(b, feed, 3, arguments, pause), rounds)
    compare("value to pixel, median of 25", "ms", sides, latency, max(rounds // 3, 1))
    compare("first frame", "ms", sides, start, rounds)
    compare("frame gap, p99", "ms", sides, lambda b: frames(b, 3), max(rounds // 2, 1))


if __name__ == "__main__":
    main()
