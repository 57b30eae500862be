#!/usr/bin/env python3
"""CPU of the program with a trigger, beside the same without one: same feed, size and stretch of time, in turns."""

import cpu
import measure

# What comes in, and the options of both; sine has a period of 200 rows. Frames stand still or show another sweep each.
CASES = (
    ("sine, 100 numbers/s, 10 s wide", ["sine", "0", "100"], []),
    ("sine at 48,000/s, 20 ms wide", ["sine", "0", "48000"], ["--rate", "48000", "-w", "0.02"]),
    ("sine at 48,000/s, 1 s wide", ["sine", "0", "48000"], ["--rate", "48000", "-w", "1"]),
    ("noise at 10,000/s, 0.5 s wide", ["noise", "0", "10000"], ["--rate", "10000", "-w", "0.5"]),
    ("four sines at 10,000/s, 0.1 s wide", ["sine", "0", "10000", "4"], ["--rate", "10000", "-w", "0.1"]),
)


def bench_sweeps(bench):
    """All of it."""
    warm = 1 if bench.quick else 3
    seconds = 1 if bench.quick else 6
    rounds = 1 if bench.quick else 3
    numbers = bench.peer("numbers")
    for name, feed, options in CASES:
        commands = {"without": [bench.scope, *options], "with": [bench.scope, *options, "--trigger", "0"]}
        used = {key: [] for key in commands}
        for number in range(rounds):
            for key in measure.rotated(commands, number):
                used[key].append(cpu.one(commands[key], [numbers, *feed], warm, seconds))
        print(f"{name}:")
        least = {}
        for key, pairs in used.items():
            least[key] = min(sum(pair) for pair in pairs)
            rounds_text = "  ".join(f"{program:.2f}+{server:.2f}" for program, server in pairs)
            print(f"  {key:8} {least[key]:.2f} % at the least (program + X server), rounds: {rounds_text}")
        if min(least.values()) <= 0:
            raise measure.Failed("no CPU time was counted")
        print(f"  with / without = {least['with'] / least['without']:.2f} (aim: at most 1.3)")


if __name__ == "__main__":
    measure.main(bench_sweeps, __doc__)
