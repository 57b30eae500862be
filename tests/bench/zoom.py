#!/usr/bin/env python3
"""Zooming out over a hundred million samples and back in to single ones, while more come in: frames and their gaps."""

import pathlib
import sys
import time

import measure

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

OUT = 40  # steps of the wheel: 10 s become 20 hours
BACK = 90  # and then 130 ns


def watch(bench, count, zooms):
    """What --timing says of the whole, with the wheel turned or not."""
    from x11 import Connection
    numbers = bench.peer("numbers")
    feed = ["sh", "-c", f"{numbers} noise {count}; exec {numbers} sine 0 100"]
    with measure.display() as (env, _):
        x = Connection(int(env["DISPLAY"].lstrip(":").split(".")[0]))
        running = measure.Running([bench.scope, "--timing"], feed, env)
        try:
            measure.wait_for_window(env, running.process)
            window = x.window_of(running.process.pid)
            time.sleep(1 if bench.quick else 10)
            left, top, width, height = x.geometry(window)
            x.point(left + width // 2, top + height // 3)
            for held in (False, True):
                if held and zooms:
                    x.drag(left + width // 3, top + height // 3, left + width // 2, top + height // 3)
                for steps in [-1] * OUT + [1] * BACK + [-1] * (BACK - OUT):
                    if zooms:
                        x.wheel(steps)
                    time.sleep(0.02)
        finally:
            errors = running.finish()
    figures = measure.timing(errors)
    if figures["drawn"] < 100:
        raise measure.Failed(f"no frames were counted: {errors}")
    return figures


def bench_zoom(bench):
    """All of it."""
    count = 10**6 if bench.quick else 10**8
    for zooms in (True, False):
        figures = watch(bench, count, zooms)
        frames = figures["drawn"] + figures["unchanged"]
        print(f"{count} samples, {'zoomed' if zooms else 'left alone'}: "
              f"{100 * frames / (frames + figures['late']):.1f} frames/s of 100 ({figures['late']:.0f} late), "
              f"gap p99 {figures['p99']:.2f} ms, longest {figures['max']:.2f} ms")


if __name__ == "__main__":
    measure.main(bench_zoom, __doc__)
