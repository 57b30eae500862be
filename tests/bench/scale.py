#!/usr/bin/env python3
"""The cost of a frame, and memory, after few samples and after very many."""

import subprocess
import time

import measure

MEMORY_MIB = 256


def frame_cost(bench, samples, warm, seconds):
    """CPU of scope in µs a frame, and its resident MiB, with a sine of 100 numbers/s after so many samples."""
    numbers = bench.peer("numbers")
    with measure.display() as (env, _):
        running = measure.Running([bench.scope, "--timing", "--memory", str(MEMORY_MIB)], None, env)
        try:
            measure.wait_for_window(env, running.process)
            running.replace_feed([[numbers, "noise", str(samples)], [numbers, "sine", "0", "100"]])
            time.sleep(warm)
            began = time.monotonic(), measure.cpu_s(running.pid)
            time.sleep(seconds)
            ended = time.monotonic(), measure.cpu_s(running.pid)
            resident = measure.status_kib(running.pid, "VmRSS") / 1024
        finally:
            errors = running.finish()
    figures = measure.timing(errors)
    if figures["samples"] < samples:
        raise measure.Failed(f"{figures['samples']:.0f} of {samples} samples were taken in")
    return 1e6 * (ended[1] - began[1]) / ((ended[0] - began[0]) * 100), resident, figures["max"]


def memory_after(bench, samples):
    """Resident MiB, its highest, and numbers/s, once so many samples have been read with the window open."""
    with measure.display() as (env, _):
        running = measure.Running([bench.scope, "--timing", "--memory", str(MEMORY_MIB)], None, env)
        try:
            measure.wait_for_window(env, running.process)
            began = time.monotonic()
            numbers = bench.peer("numbers")
            running.replace_feed([[numbers, "noise", str(samples)], [numbers, "sine", "0", "100"]])
            took = time.monotonic() - began
            time.sleep(1)
            resident = measure.status_kib(running.pid, "VmRSS") / 1024
            highest = measure.status_kib(running.pid, "VmHWM") / 1024
        finally:
            errors = running.finish()
    if measure.timing(errors)["samples"] < samples:
        raise measure.Failed("not all samples were taken in")
    return resident, highest, samples / took


def bench_scale(bench):
    """All of it."""
    warm, seconds, rounds = (1, 1, 1) if bench.quick else (11, 6, 3)
    few, many, most = (1000, 1_000_000, 10_000_000) if bench.quick else (1000, 100_000_000, 1_000_000_000)
    cost = {few: [], many: []}
    for number in range(rounds):
        for samples in measure.rotated(cost, number):
            cost[samples].append(frame_cost(bench, samples, warm, seconds))
    for samples, rows in cost.items():
        print(f"after {samples:>11} samples: {measure.median(r[0] for r in rows):.0f} µs of CPU a frame "
              f"({measure.raw([r[0] for r in rows], 0)}), resident {measure.median(r[1] for r in rows):.1f} MiB")
    print(f"  ratio {measure.median(r[0] for r in cost[many]) / measure.median(r[0] for r in cost[few]):.2f} (target 1)")
    resident, highest, rate = memory_after(bench, most)
    print(f"after {most:>11} samples: resident {resident:.1f} MiB, at most {highest:.1f} MiB, with --memory {MEMORY_MIB} "
          f"(target {MEMORY_MIB + 32}); {rate / 1e6:.1f} million/s taken in with the window open")


if __name__ == "__main__":
    measure.main(bench_scale, __doc__)
