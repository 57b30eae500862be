#!/usr/bin/env python3
"""Numbers a second from a pipe into a picture, beside bare loops on the same pipe."""

import os
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


def bench_pipe(bench):
    """All of it."""
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


if __name__ == "__main__":
    measure.main(bench_pipe, __doc__)
