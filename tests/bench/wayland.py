#!/usr/bin/env python3
"""The window on Wayland beside that on X11: frames a second, their gaps, and the program's CPU.

sway draws to no screen, Xvfb to none either. The program's CPU on Wayland, divided by that on X11, has a floor: beyond
it the bench fails. Both are the least of all rounds, as what else the machine does can only add to them.
"""

import contextlib
import json
import os
import pwd
import signal
import subprocess
import tempfile
import time

import measure

FLOOR = 1.3
SIZE = (1280, 720) # of the window, in pixels of both
RULES = """output HEADLESS-1 resolution 1920x1080 scale 1
for_window [app_id=".*"] floating enable
"""


class Sway:
    """A compositor of its own. As root it is run by nobody: sway refuses to be root's."""

    def __init__(self, scratch):
        self.runtime = os.path.join(scratch, "run")
        config = os.path.join(scratch, "config")
        with open(config, "w", encoding="ascii") as file:
            file.write(RULES)
        os.mkdir(self.runtime, 0o700)
        who = []
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chmod(scratch, 0o755)
            os.chown(self.runtime, nobody.pw_uid, nobody.pw_gid)
            who = [measure.tool("setpriv"), f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
        env = {"HOME": self.runtime, "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": self.runtime,
               "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
        self.process = subprocess.Popen([*who, measure.tool("sway"), "-c", config], env=env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def file(self, begin, patience=10):
        """The name of a socket in the folder of the session, as soon as it is there."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self.process.poll() is None:
            for name in os.listdir(self.runtime):
                if name.startswith(begin) and not name.endswith(".lock"):
                    return name
            time.sleep(0.02)
        raise measure.Failed("sway does not start")

    def environment(self):
        """For its clients."""
        env = dict(os.environ, XDG_RUNTIME_DIR=self.runtime, WAYLAND_DISPLAY=self.file("wayland-"),
                   SWAYSOCK=os.path.join(self.runtime, self.file("sway-ipc")), SDL_VIDEODRIVER="wayland",
                   LIBGL_ALWAYS_SOFTWARE="1")
        env.pop("DISPLAY", None)
        return env


@contextlib.contextmanager
def wayland():
    """A compositor of its own; gives the environment for its clients and its process id."""
    with tempfile.TemporaryDirectory() as scratch:
        sway = Sway(scratch)
        try:
            yield sway.environment(), sway.process.pid
        finally:
            sway.process.terminate()
            sway.process.wait()


def windows(node):
    """The sizes of all windows in a part of sway's tree."""
    if node.get("app_id"):
        yield node["window_rect"]["width"], node["window_rect"]["height"]
    for child in node["nodes"] + node["floating_nodes"]:
        yield from windows(child)


def wait_in_sway(env, process, patience=10):
    """Until a window is there, as large as that on X11."""
    sizes = []
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise measure.Failed("the program ended before it had a window")
        tree = subprocess.run([measure.tool("swaymsg"), "-t", "get_tree"], env=env, stdout=subprocess.PIPE, check=True)
        sizes = list(windows(json.loads(tree.stdout)))
        if sizes == [SIZE]:
            return
        time.sleep(0.02)
    raise measure.Failed(f"no window of {SIZE[0]}x{SIZE[1]} came, but {sizes}")


def one(bench, server, wait, arguments, feed, times):
    """What --timing counts, with the program's and the server's CPU in percent, once the window is full."""
    warm, seconds = times
    with server() as (env, pid):
        running = measure.Running([bench.scope, "--timing", *arguments], feed, env)
        try:
            wait(env, running.process)
            time.sleep(warm)
            began = time.monotonic(), measure.cpu_s(running.pid), measure.cpu_s(pid)
            time.sleep(seconds)
            ended = time.monotonic(), measure.cpu_s(running.pid), measure.cpu_s(pid)
        finally:
            errors = running.finish(signal.SIGTERM)
    figures = measure.timing(errors)
    frames = figures["drawn"] + figures["unchanged"]
    figures["fps"] = 100 * frames / (frames + figures["late"]) # of 100 ticks a second, those that had a frame
    if figures["drawn"] < 1:
        raise measure.Failed(f"no frames were drawn: {errors}")
    passed = ended[0] - began[0]
    figures["cpu"] = 100 * (ended[1] - began[1]) / passed
    figures["server"] = 100 * (ended[2] - began[2]) / passed
    return figures


def show(name, used):
    """The figures of a case, and the rounds; the ratio of the CPUs."""
    print(f"{name}, 10 s in {SIZE[0]}x{SIZE[1]}:")
    for key, rounds in used.items():
        def mid(what, rounds=rounds):
            return measure.median(figures[what] for figures in rounds)
        print(f"  {key:8} CPU least {min(r['cpu'] for r in rounds):.2f} % ({measure.raw(r['cpu'] for r in rounds)}), "
              f"its server {mid('server'):.2f} %; "
              f"frames/s {mid('fps'):.1f} ({measure.raw([r['fps'] for r in rounds], 1)}); "
              f"late {measure.raw([r['late'] for r in rounds], 0)}; "
              f"p99 gap {mid('p99'):.2f} ms ({measure.raw(r['p99'] for r in rounds)})")
    cpu = {key: min(figures["cpu"] for figures in rounds) for key, rounds in used.items()}
    if min(cpu.values()) <= 0:
        raise measure.Failed("no CPU time was counted")
    ratio = cpu["Wayland"] / cpu["X11"]
    print(f"  Wayland / X11 = {ratio:.2f} (floor {FLOOR}); rounds: "
          f"{measure.raw(w['cpu'] / x['cpu'] for w, x in zip(used['Wayland'], used['X11']))}")
    return ratio


def bench_wayland(bench):
    """All of it."""
    try:
        measure.tool("sway")
    except measure.Skip:
        raise measure.Skip("needs sway") from None
    times = (1, 1) if bench.quick else (11, 6)
    rounds = 1 if bench.quick else 5
    servers = {"X11": (measure.display, measure.wait_for_window), "Wayland": (wayland, wait_in_sway)}
    cases = (("demo", ["--demo"], None),
             ("full-height noise, 10,000 numbers/s", [], [bench.peer("numbers"), "noise", "0", "10000"]))
    missed = []
    for name, arguments, feed in cases:
        used = {key: [] for key in servers}
        for number in range(rounds):
            for key in measure.rotated(servers, number):
                used[key].append(one(bench, *servers[key], arguments, feed, times))
        ratio = show(name, used)
        if ratio > FLOOR:
            missed.append(f"{name}: {ratio:.2f} times the CPU of X11, floor {FLOOR}")
    if missed and not bench.quick:
        raise measure.Failed("; ".join(missed))


if __name__ == "__main__":
    measure.main(bench_wayland, __doc__)
