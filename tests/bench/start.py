#!/usr/bin/env python3
"""From exec to the first frame, beside a bare SDL program with a font; memory at rest."""

import subprocess

import measure

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def first_frame(bench, env, command, wait_s):
    """Milliseconds to the first frame, and the resident memory in KiB wait_s later, with 100 numbers/s coming in."""
    feed = subprocess.Popen([bench.peer("numbers"), "sine", "0", "100"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        done = subprocess.run([bench.peer("first_frame"), str(wait_s), "--", *command], stdin=feed.stdout, env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    finally:
        feed.stdout.close()
        feed.kill()
        feed.wait()
    if done.returncode != 0:
        raise measure.Failed(f"{command[0]}: {done.stderr.decode().strip()}")
    milliseconds, kib = done.stdout.split()
    return float(milliseconds), int(kib)


def bench_start(bench):
    """All of it."""
    rounds = 2 if bench.quick else 15
    commands = {"scope": [bench.scope], "bare SDL": [bench.peer("bare_window"), FONT]}
    took = {key: [] for key in commands}
    with measure.display() as (env, _):
        for number in range(rounds):
            for key in measure.rotated(commands, number):
                took[key].append(first_frame(bench, env, commands[key], 0)[0])
        memory = {key: first_frame(bench, env, command, 1 if bench.quick else 5)[1] / 1024
                  for key, command in commands.items()}
    mid = {key: measure.median(values) for key, values in took.items()}
    for key, values in took.items():
        print(f"{key:8} first frame after {mid[key]:.1f} ms   rounds: {measure.raw(values, 1)}")
    print(f"scope is {mid['scope'] - mid['bare SDL']:+.1f} ms later (target 25)")
    print(f"resident: scope {memory['scope']:.1f} MiB (target 40), bare SDL {memory['bare SDL']:.1f} MiB")


if __name__ == "__main__":
    measure.main(bench_start, __doc__)
