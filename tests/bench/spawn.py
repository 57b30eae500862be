#!/usr/bin/env python3
"""The cost of a spawn in forker, for each of the three methods, beside a bare loop of the same calls."""

import re
import subprocess

import measure

METHODS = ("fork", "vfork", "posix_spawn")


def print_ratios(bench, rounds, pairs, pause_ms):
    """forker's code beside the bare calls, in one process."""
    done = subprocess.run([bench.peer("bench_spawn"), str(rounds), str(pairs), str(pause_ms)], stdout=subprocess.PIPE,
                          timeout=300, check=True)
    rows = {tuple(line.split()[:3]): line.split()[3:] for line in done.stdout.decode().splitlines()}
    for method in METHODS:
        for figure, unit in (("spawn", "us"), ("life", "us"), ("cpu", "us")):
            ours, bare, ratio = (rows[method, figure, column] for column in ("forker", "bare", "ratio"))
            print(f"  {method:11} {figure:5} {ours[-1]:>7} {unit} beside {bare[-1]:>7} {unit}: {ratio[-1]} times")
    for (method, figure, column), values in rows.items():
        if figure == "spawn":
            print(f"  rounds of {method} {figure}, {column}: {' '.join(values[:-2])}")


def samples(bench, method, count):
    """What the whole program says of itself, in ms."""
    done = subprocess.run([bench.forker, "-i", "0.001", "-e", "1", "-j", "64", "-n", str(count), "--spawn", method, "--sample",
                           "spawn,wall", "/bin/true"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    found = re.findall(r"spawn:([\d.]+) wall:([\d.]+)\n", done.stdout.decode())
    if done.returncode != 0 or f"runs: {len(found)} succeeded, 0 failed" not in done.stderr.decode() or len(found) < 10:
        raise measure.Failed(f"forker --sample: status {done.returncode}, {len(found)} of {count} lines: "
                             f"{done.stderr.decode().strip()}")
    return [measure.median(float(pair[i]) for pair in found) for i in range(2)]


def bench_spawn(bench):
    """All of it."""
    rounds, pairs, count = (3, 10, 100) if bench.quick else (25, 100, 2000)
    print(f"medians of {rounds} rounds of {pairs} spawns of /bin/true each, one after the other:")
    print_ratios(bench, rounds, pairs, 0)
    print("  target: at most 1.10 times")
    rounds, pairs = (1, 5) if bench.quick else (7, 40)
    print("the same with a pause of 5 ms before each:")
    print_ratios(bench, rounds, pairs, 5)
    print(f"the whole program at 1000 runs a second, --sample spawn,wall, median of {count} in ms:")
    rows = {method: [] for method in METHODS}
    for number in range(1 if bench.quick else 5):
        for method in measure.rotated(METHODS, number):
            rows[method].append(samples(bench, method, count))
    for method, figures in rows.items():
        spawn, wall = zip(*figures, strict=True)
        print(f"  {method:11} spawn {measure.median(spawn):.3f} ({measure.raw(spawn, 3)})  "
              f"wall {measure.median(wall):.3f} ({measure.raw(wall, 3)})")


if __name__ == "__main__":
    measure.main(bench_spawn, __doc__)
