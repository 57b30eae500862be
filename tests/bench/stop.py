#!/usr/bin/env python3
"""How soon scope is gone when it is asked to end, whatever its producer does."""

import os
import signal
import subprocess
import tempfile
import time

import measure

TARGET_MS = 150


def wait_for_exit(process, began):
    """Milliseconds from `began` to the end of the process."""
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        raise measure.Failed("not ended after ten seconds") from None
    return (time.monotonic() - began) * 1e3


def stop_once(bench, feed, way, arguments, env):
    """Starts scope, waits until it works, asks it to end; milliseconds and the exit status."""
    running = measure.Running([bench.scope, *arguments], feed, env)
    try:
        if "--png" not in arguments:
            measure.wait_for_window(env, running.process)
        time.sleep(0.4)
        if way == "window":
            closer = subprocess.run([bench.peer("close_window")], env=env, stdout=subprocess.PIPE, check=True)
            began = float(closer.stdout)
        else:
            began = time.monotonic()
            running.process.send_signal(way)
        milliseconds = wait_for_exit(running.process, began)
    finally:
        errors = running.finish(how=None)
    if running.process.returncode != 0:
        raise measure.Failed(f"status {running.process.returncode}: {errors.strip()}")
    return milliseconds


def bench_stop(bench):
    """All of it."""
    rounds = 1 if bench.quick else 5
    numbers = bench.peer("numbers")
    feeds = {
        "no numbers": None,
        "100/s": [numbers, "sine", "0", "100"],
        "flood": [numbers, "noise", "0"],
        "flood of 4 columns": [numbers, "noise", "0", "0", "4"],
        "endless line": ["sh", "-c", "exec tr '\\0' 7 </dev/zero"],
    }
    ways = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGHUP": signal.SIGHUP, "window closed": "window"}
    longest = {}
    with measure.display() as (env, _), tempfile.TemporaryDirectory() as scratch:
        for feed_name, feed in feeds.items():
            for way_name, way in ways.items():
                for place, arguments in (("window", []), ("--png", ["--png", os.path.join(scratch, "out.png")])):
                    if way == "window" and arguments:
                        continue
                    took = [stop_once(bench, feed, way, arguments, env) for _ in range(rounds)]
                    longest[(place, feed_name, way_name)] = max(took)
                    print(f"{place:6}  {feed_name:18}  {way_name:13}  {measure.raw(took, 1)} ms")
    case, most = max(longest.items(), key=lambda item: item[1])
    print(f"longest: {most:.1f} ms ({', '.join(case)}); target below {TARGET_MS}")


if __name__ == "__main__":
    measure.main(bench_stop, __doc__)
