#!/usr/bin/env python3
"""golden.py SCOPE REFERENCES OUTPUT [--refresh]: draws fixed inputs and compares the pictures with those kept.

REFERENCES holds NAME.png for each case. What differs is written to OUTPUT, an existing directory: NAME.png as it came
out, and NAME.difference.png with the differing pixels in red. With --refresh the references are written instead:
look at them before you commit them.
"""
import math
import random
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
from picture import Picture, split # noqa: E402

signal.signal(signal.SIGCHLD, signal.SIG_DFL) # where whoever started us ignores it, nobody learns how scope ended

FUZZ = 24 # of 255 a colour component may be off: another version of the font renderer
PIXELS = 40 # that may be off by more: less than a short label

CHANCE = random.Random(2026)
SINE = [6 * math.sin(i / 20) for i in range(400)]


def lines(*columns):
    return "".join(" ".join(f"{value:.6g}" for value in row) + "\n" for row in zip(*columns))


# name: (options, input)
CASES = {
    "line": (["--title", "line"], lines(SINE)),
    "step": (["--style", "step", "--rate", "4", "--title", "step"], lines([(i * 7) % 13 - 6 for i in range(40)])),
    "points": (["--style", "points", "--rate", "8", "--title", "points"], lines(SINE[::5])),
    "slopes": (["--title", "slopes"], lines([0, 1, 1, 9, -9, -8.5, -8.5, 0], [5, 5.5, 4.5, 5, 5, 5, 5, 5])),
    "gaps": (["--title", "gaps"], lines([math.nan if i // 25 % 4 == 1 else SINE[i] for i in range(400)],
                                        [math.nan if i % 40 else 4 for i in range(400)])),
    "channels": (["--title", "five channels"],
                 "".join(f"a={SINE[i]:.5g} b={SINE[i] / 2 - 4:.5g} c={i / 50 - 4:.5g} d={7 - i % 60 / 30:.5g} e=-9\n"
                         for i in range(400))),
    "light": (["--theme", "light", "--title", "light", "--unit", "V"],
              lines(SINE, [-v / 2 for v in SINE], [3 + v / 9 for v in SINE], [v / 3 - 6 for v in SINE])),
    "autoscale": (["--autoscale", "--title", "autoscale", "--unit", "B"],
                  lines([24366868 + 51000 * v for v in SINE])),
    "small-numbers": (["--range=-2e-9:5e-9", "--title", "nano"], lines([v * 5e-10 for v in SINE])),
    "long-names": (["--title", "a title that is far too long for a window of this width and so has to end somewhere",
                    "--unit", "°C", "--names", "temperature in the boiler,Außentemperatur,湿度"],
                   lines(SINE, [v / 2 for v in SINE], [v / 3 for v in SINE])),
    "many-channels": (["--title", "40 channels", "-g", "640x400"],
                      lines(*([9.75 - 0.5 * c, 9.75 - 0.5 * c, 9 - 0.5 * c] for c in range(40)))),
    "noise": (["--title", "100,000 samples"],
              lines([CHANCE.uniform(-1, 1) if i != 66000 else 9.5 for i in range(100000)])),
    "rejected": (["--title", "rejected"], "1\n2\nthree\n4\nfive\n-6\n"),
    "nothing": (["--title", "nothing"], ""),
    "one": (["--title", "one sample"], "5\n"),
    "hours": (["--rate", "0.01", "-w", "all", "--title", "hours"], lines(SINE)),
    "seconds": (["--rate", "10", "-w", "10", "--title", "the last ten seconds"], lines(SINE)),
    "small": (["-g", "200x120"], lines(SINE)),
    "tiny": (["-g", "64x64"], lines(SINE)),
    "wide": (["-g", "900x100", "--title", "wide"], lines(SINE)),
    "demo": (["--demo"], ""),
    "offset": (["--autoscale", "--title", "a billion and a little", "-u", "Pa"],
               "".join(f"{1e9 + 0.002 * math.sin(i / 20):.4f}\n" for i in range(200))),
    "dashes": (["--title", "24 channels", "-g", "700x500"],
               lines(*([9 - 0.75 * c + 0.3 * math.sin(i / 20 + c) for i in range(300)] for c in range(24)))),
    "off-scale": (["--range=-3:3", "--title", "off scale"], lines(SINE, [v + 20 for v in SINE], [v / 3 for v in SINE])),
    "all-off-scale": (["--range", "20:30", "--title", "all off scale"], lines(SINE)),
    "circle": (["--range", "0:1.1", "-g", "400x300", "--title", "half a circle"],
               "".join(f"{math.sqrt(max(0, 1 - (i / 500 - 1) ** 2)):.6f}\n" for i in range(1001))),
    "low": (["--demo", "-g", "320x200"], ""),
    "narrow": (["--demo", "-g", "200x640"], ""),
    "large": (["--demo", "-g", "960x540", "--scale", "2"], ""),
    "log": (["--log", "--title", "decades"], lines([10 ** (v / 1.5) for v in SINE], [1 + i for i in range(400)])),
    "log-symmetric": (["--log", "--title", "across zero"],
                      lines([math.sinh(2 * v) for v in SINE], [i % 100 - 50 for i in range(400)])),
    "trigger": (["--rate", "1000", "-w", "0.2", "--trigger", "2,falling", "--title", "a sweep"], lines(SINE[:380])),
    "stack": (["--stack", "--title", "three panes"], lines(SINE, [24366868 + 51000 * v for v in SINE],
                                                           [v / 1000 for v in SINE[::-1]])),
    "stack-unit": (["--stack=unit", "-g", "640x360", "--theme", "light"],
                   "".join(f"rx={i * i * 1000}B tx={i * 500000}B load={i % 50}% idle={100 - i % 50}%\n"
                           for i in range(200))),
    "stack-many": (["--stack", "-g", "320x200"],
                   lines(*([10 ** (c / 9) * v for v in SINE[::2]] for c in range(64)))),
    "two": (["--range", "0:3", "--title", "two samples"], "1\n2\n"),
}


def draw(scope, name, path):
    """What scope says while it draws a case into path."""
    options, text = CASES[name]
    size = [] if "-g" in options else ["-g", "480x270"]
    run = subprocess.run([scope, "--png", str(path), *size, *options], input=text.encode(), capture_output=True,
                         timeout=60)
    if run.returncode != 0:
        sys.exit(f"{name}: status {run.returncode}: {run.stderr.decode()}")
    return run.stderr.decode()


def differences(one, other):
    """Places of the pixels that differ by more than the tolerance; None when the sizes do."""
    if (one.width, one.height) != (other.width, other.height):
        return None
    return [i for i, (a, b) in enumerate(zip(one.pixels, other.pixels))
            if a != b and max(abs(x - y) for x, y in zip(split(a), split(b))) > FUZZ]


def check(scope, name, references, output):
    """None, or what is wrong."""
    path = output / f"{name}.png"
    said = draw(scope, name, path)
    expected_words = "scope: line 3: 'three' is not a number\nscope: line 5: 'five' is not a number\n"
    if said != (expected_words if name == "rejected" else ""):
        return f"it says {said!r}"
    reference = references / path.name
    if not reference.exists():
        return f"there is no {reference}; tests/golden/refresh makes it"
    got, expected = Picture.from_png(path), Picture.from_png(reference)
    places = differences(got, expected)
    if places is None:
        return f"{path} is {got.width} x {got.height}, not {expected.width} x {expected.height}"
    if len(places) <= PIXELS:
        path.unlink()
        return None
    shown = Picture(got.width, got.height, type(got.pixels)("I", [(p >> 2) & 0x3F3F3F for p in got.pixels]))
    for i in places:
        shown.pixels[i] = 0xFF0000
    shown.write_png(output / f"{name}.difference.png")
    return f"{len(places)} pixels differ: {output / name}.difference.png, and beside it what was drawn"


def main(scope, references, output, *options):
    references, output = Path(references), Path(output)
    if options == ("--refresh",):
        for old in references.glob("*.png"):
            old.unlink()
        for name in CASES:
            path = references / f"{name}.png"
            draw(scope, name, path)
            Picture.from_png(path).write_png(path) # smaller
        print(f"{len(CASES)} pictures written to {references}: look at them")
        return 0
    for old in output.glob("*.png"):
        old.unlink()
    failed = 0
    for name in CASES:
        wrong = check(scope, name, references, output)
        print(f"{name}: {wrong or 'ok'}")
        failed += wrong is not None
    spare = {path.stem for path in references.glob("*.png")} - set(CASES)
    for name in sorted(spare):
        print(f"{name}: a picture of no case")
    print(f"{len(CASES) - failed} passed, {failed + len(spare)} failed")
    return 1 if failed or spare else 0


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
