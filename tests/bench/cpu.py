#!/usr/bin/env python3
"""CPU of the program and of its X server, live, beside trend: same feed, same size, same stretch of time."""

import os
import subprocess
import time

import measure


def one(command, feed, warm, seconds, picture=None):
    """Share of a CPU of the program and of the server, in percent, once its window is full."""
    with measure.display() as (env, server):
        running = measure.Running(command, feed, env, stderr=subprocess.DEVNULL)
        try:
            measure.wait_for_window(env, running.process)
            time.sleep(warm)
            began = time.monotonic(), measure.cpu_s(running.pid), measure.cpu_s(server)
            time.sleep(seconds)
            ended = time.monotonic(), measure.cpu_s(running.pid), measure.cpu_s(server)
            if picture:
                subprocess.run([measure.tool("import"), "-window", "root", picture], env=env, check=True)
        finally:
            running.finish()
    passed = ended[0] - began[0]
    return 100 * (ended[1] - began[1]) / passed, 100 * (ended[2] - began[2]) / passed


def bench_cpu(bench):
    """All of it. BENCH_PICTURES names a directory for screenshots that show that both draw the same."""
    warm = 1 if bench.quick else 11
    seconds = 1 if bench.quick else 8
    rounds = 1 if bench.quick else 3
    numbers = bench.peer("numbers")
    pictures = os.environ.get("BENCH_PICTURES")
    commands = {
        "scope": [bench.scope],
        # Scrolling, 1000 samples in view and kept, from -10 to 10. No grid, no anti-aliasing: its cheapest way.
        "trend": [measure.tool("trend"), "-s", "-geometry", "1280x720", "--", "-", "1000", "-10", "10"],
    }
    for name, kind, target in (("slow sine", "sine", "0.65, aim 0.5"), ("full-height noise", "noise", "0.9")):
        feed = [numbers, kind, "0", "100"]
        used = {key: [] for key in commands}
        for number in range(rounds):
            for key in measure.rotated(commands, number):
                picture = os.path.join(pictures, f"{kind}-{key}.png") if pictures and number == 0 else None
                used[key].append(one(commands[key], feed, warm, seconds, picture))
        print(f"{name}, 100 numbers/s, 10 s in 1280x720:")
        total = {}
        for key, pairs in used.items():
            total[key] = measure.median(sum(pair) for pair in pairs)
            rounds_text = "  ".join(f"{program:.2f}+{server:.2f}" for program, server in pairs)
            print(f"  {key:6} {total[key]:.2f} % = {measure.median(p for p, _ in pairs):.2f} program + "
                  f"{measure.median(s for _, s in pairs):.2f} X server   rounds: {rounds_text}")
        if min(total.values()) <= 0:
            raise measure.Failed("no CPU time was counted")
        print(f"  scope / trend = {total['scope'] / total['trend']:.2f} (target {target})")


if __name__ == "__main__":
    measure.main(bench_cpu, __doc__)
