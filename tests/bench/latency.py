#!/usr/bin/env python3
"""From writing a value into the pipe to the first pixel that shows it, beside trend."""

import re
import subprocess

import measure

FIGURES = re.compile(r"latency_ms n (\d+) lost (\d+) min ([\d.]+) median ([\d.]+) p95 ([\d.]+) max ([\d.]+)")
# A rise from 0 to 8 crosses this band in both, and neither has a label or a line of its own colour there.
BAND = ("0.24", "0.26")
SETTLE_S = "1.3"  # until the last rise has left the window of one second


def bench_latency(bench):
    """All of it."""
    probe = bench.peer("xprobe")
    times = 3 if bench.quick else 25
    rounds = 1 if bench.quick else 2
    commands = {
        "scope": [bench.scope, "--window", "1"],
        "trend": [measure.tool("trend"), "-s", "-geometry", "1280x720", "--", "-", "100", "-10", "10"],
    }
    found = {key: [] for key in commands}
    for number in range(rounds):
        for key in measure.rotated(commands, number):
            with measure.display() as (env, _):
                done = subprocess.run([probe, "latency", str(times), "0", "8", *BAND, SETTLE_S, "--", *commands[key]],
                                      env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=180, check=False)
            figures = FIGURES.search(done.stdout.decode())
            if not figures:
                raise measure.Failed(f"{key}: {done.stdout.decode().strip() or 'xprobe printed nothing'}")
            if int(figures[2]) > times // 4:
                raise measure.Failed(f"{key}: {figures[2]} of {times} values were not seen in the window")
            found[key].append([float(figure) for figure in figures.groups()])
    for key, rows in found.items():
        print(f"{key:6} median {measure.median(r[3] for r in rows):.2f} ms, p95 {measure.median(r[4] for r in rows):.2f} ms"
              f"   rounds (median/p95/max): {'  '.join(f'{r[3]:.2f}/{r[4]:.2f}/{r[5]:.2f}' for r in rows)}")
    print("target: median 8 ms, p95 12 ms")


if __name__ == "__main__":
    measure.main(bench_latency, __doc__)
