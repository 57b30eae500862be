#!/usr/bin/env python3
"""Frames a second and the gaps between them, live, beside a loop that only sleeps."""

import re
import subprocess
import time

import measure

PROBE = re.compile(r"fps ([\d.]+)  gap_ms median ([\d.]+) p99 ([\d.]+) max ([\d.]+)  window (\d+)x(\d+)")
SLEEP = re.compile(r"gap_ms median ([\d.]+) p99 ([\d.]+) max ([\d.]+)")


def watch(bench, feed, seconds, arguments=()):
    """Runs scope beside the sleeping loop, then has xprobe count the frames that reach the screen."""
    probe = bench.peer("xprobe")
    with measure.display() as (env, _):
        running = measure.Running([bench.scope, "--timing", *arguments], feed, env)
        try:
            measure.wait_for_window(env, running.process)
            time.sleep(0.3)
            bare = subprocess.run([bench.peer("bare_sleep"), "100", str(seconds)], stdout=subprocess.PIPE, check=True)
        finally:
            errors = running.finish()
    inside = measure.timing(errors)
    with measure.display() as (env, _):
        running = measure.Running([bench.scope, *arguments], feed, env)
        try:
            measure.wait_for_window(env, running.process)
            time.sleep(0.3)
            outside = subprocess.run([probe, "fps", str(seconds)], env=env, stdout=subprocess.PIPE, check=True)
        finally:
            running.finish()
    seen = PROBE.search(outside.stdout.decode())
    slept = SLEEP.search(bare.stdout.decode())
    if not seen or not slept:
        raise measure.Failed("xprobe or bare_sleep printed no figures")
    frames = inside["drawn"] + inside["unchanged"]
    inside["fps"] = 100 * frames / (frames + inside["late"])  # of 100 ticks a second, those that had a frame
    inside["seen"] = float(seen[1])
    inside["seen_p99"] = float(seen[3])
    inside["bare_p99"] = float(slept[2])
    if inside["fps"] < 1 or inside["seen"] < 1:
        raise measure.Failed(f"no frames were counted: {errors}")
    return inside


def show(name, rounds, target=None):
    """Medians of the rounds, and the rounds."""
    mid = {key: measure.median(figures[key] for figures in rounds) for key in rounds[0]}
    print(f"{name}:")
    print(f"  frames/s: scope counts {mid['fps']:.1f} ({measure.raw([r['fps'] for r in rounds], 1)}), "
          f"xprobe sees {mid['seen']:.1f} ({measure.raw([r['seen'] for r in rounds], 1)}); target 100")
    print(f"  p99 gap: scope {mid['p99']:.2f} ms ({measure.raw(r['p99'] for r in rounds)}), "
          f"bare sleep {mid['bare_p99']:.2f} ms ({measure.raw(r['bare_p99'] for r in rounds)}), "
          f"xprobe sees {mid['seen_p99']:.2f} ms; target: bare + 0.5 ms")
    print(f"  late ticks: {measure.raw([r['late'] for r in rounds], 0)}; longest gap "
          f"{measure.raw(r['max'] for r in rounds)} ms; numbers/s taken in {mid['rate'] / 1e6:.3f} million "
          f"({measure.raw([r['rate'] / 1e6 for r in rounds], 3)}){target or ''}")


def bench_frames(bench):
    """All of it."""
    seconds = 1 if bench.quick else 8
    count = 1 if bench.quick else 3
    numbers = bench.peer("numbers")
    cases = (
        ("live, 100 numbers/s", [numbers, "sine", "0", "100"], None),
        ("4 channels, 1 million numbers/s in all", [numbers, "noise", "0", "250000", "4"], "; target 1 million"),
        ("as fast as a pipe gives them, %.4f", [numbers, "noise", "0"], "; target 10 million"),
        ("as fast as a pipe gives them, integers", [numbers, "seq", "0"], "; target 10 million"),
    )
    results = [[] for _ in cases]
    for _ in range(count):
        for (_, feed, _), result in zip(cases, results):
            result.append(watch(bench, feed, seconds))
    for (name, _, target), result in zip(cases, results):
        show(name, result, target)


if __name__ == "__main__":
    measure.main(bench_frames, __doc__)
