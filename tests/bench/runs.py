#!/usr/bin/env python3
"""What a run costs the process that starts it: forker beside the least that keeps the same promises, and an older forker.

FORKER_OLD=PATH names a forker to compare with, as of an earlier commit.
"""

import os
import re
import subprocess
import tempfile

import measure

METHODS = ("fork", "vfork", "posix_spawn")
INTERVAL = "0.004"


def parent_us(command, count_of, scratch):
    """CPU time of that process alone for each run, in microseconds; its outputs go to two files, as into two pipes."""
    errors = os.path.join(scratch, "errors")
    with open(os.path.join(scratch, "out"), "wb") as out, open(errors, "wb") as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        used = measure.cpu_s(process.pid)
        status = process.wait()
    with open(errors, encoding="utf-8") as file:
        text = file.read()
    found = re.search(count_of, text)
    if status != 0 or not found:
        raise measure.Failed(f"{command[0]}: status {status}: {text.strip()}")
    return 1e6 * used / int(found[1])


def programs(bench, method, count):
    """Command and the pattern of the count of runs, for each program by its name."""
    def forker(path):
        return ([path, "-i", INTERVAL, "-e", "1", "-j", "64", "-n", str(count), "--spawn", method, "--", "/bin/true"],
                r"children (\d+)")
    found = {"forker": forker(bench.forker),
             "bare": ([bench.peer("bare_runs"), INTERVAL, str(count), method, "/bin/true"], r"(\d+)")}
    if os.environ.get("FORKER_OLD"):
        found["old"] = forker(os.environ["FORKER_OLD"])
    return found


def bench_runs(bench):
    """All of it."""
    rounds, count = (1, 50) if bench.quick else (11, 400)
    print(f"CPU of the parent for each run of /bin/true, us, least of {rounds} rounds of {count} in turns:")
    for method in METHODS:
        chosen = programs(bench, method, count)
        used = {name: [] for name in chosen}
        with tempfile.TemporaryDirectory() as scratch:
            for number in range(rounds):
                for name in measure.rotated(chosen, number):
                    used[name].append(parent_us(*chosen[name], scratch))
        for name, values in used.items():
            ratio = f", forker {min(used['forker']) / min(values):.3f} times" if name != "forker" else ""
            print(f"  {method:11} {name:6} {min(values):.0f}{ratio} ({measure.raw(values, 0)})")
    print("  target: at most 1.05 times the bare loop")


if __name__ == "__main__":
    measure.main(bench_runs, __doc__)
