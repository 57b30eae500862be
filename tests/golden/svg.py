#!/usr/bin/env python3
"""svg.py SCOPE OUTPUT: the vectors that scope writes, rasterised by rsvg-convert, beside the pixels that it paints.

What a trace, a grid line and a letter cover is the same; how a rasteriser rounds it is not. So the mean difference counts,
over all and over what either of the two has drawn. Also: text is text, and a trace takes a few points a pixel column.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
from golden import CASES # noqa: E402
from picture import Picture, split # noqa: E402

MEAN = 2 # percent of white, over all pixels
DRAWN = 8 # the same over pixels that are not background in both
POINTS = 6 # in the paths, for each trace and column


def differences(one, other):
    """Mean difference over all pixels and over those drawn, in percent."""
    background = {pixel for pixel in (one.pixels[0], one.pixels[len(one.pixels) // 2])}
    whole = drawn = 0
    count = 0
    for a, b in zip(one.pixels, other.pixels):
        apart = sum(abs(x - y) for x, y in zip(split(a), split(b))) / 3
        whole += apart
        if a not in background or b not in background:
            drawn += apart
            count += 1
    return 100 * whole / len(one.pixels) / 255, 100 * drawn / max(count, 1) / 255


def check(scope, name, output):
    """None, or what is wrong."""
    options, text = CASES[name]
    size = [] if "-g" in options else ["-g", "480x270"]
    png, svg, raster = (output / f"{name}.{end}" for end in ("png", "svg", "raster.png"))
    for path in (png, svg, raster):
        path.unlink(missing_ok=True)
    run = subprocess.run([scope, "--png", str(png), "--svg", str(svg), *size, *options], input=text.encode(),
                         capture_output=True, timeout=60, check=False)
    if run.returncode != 0:
        return f"status {run.returncode}: {run.stderr.decode()}"
    subprocess.run(["rsvg-convert", str(svg), "-o", str(raster)], check=True, timeout=60)
    painted, drawn = Picture.from_png(png), Picture.from_png(raster)
    if (painted.width, painted.height) != (drawn.width, drawn.height):
        return f"{raster} is {drawn.width} x {drawn.height}"
    whole, part = differences(painted, drawn)
    content = svg.read_text(encoding="utf-8")
    points = sum(len(re.findall("[MLHV]", path)) for path in re.findall(' d="([^"]*)"', content))
    traces = max(content.count("<clipPath"), 1)
    print(f"{name}: {whole:.2f} % apart, {part:.2f} % where something is drawn, "
          f"{points / traces / painted.width:.1f} points a column, {content.count('<text')} texts")
    if whole > MEAN or part > DRAWN:
        return f"{raster} and {png} differ"
    if points / traces / painted.width > POINTS:
        return "too many points"
    if name != "tiny" and "<text" not in content:
        return "no text"
    for path in (png, svg, raster):
        path.unlink()
    return None


def main(scope, output):
    if not shutil.which("rsvg-convert"):
        print("skipped: rsvg-convert is missing (Debian: librsvg2-bin)")
        return 77
    own = Path(output) / "svg" # golden.py empties its own directory
    own.mkdir(exist_ok=True)
    failed = {name: wrong for name in CASES if (wrong := check(scope, name, own))}
    for name, wrong in failed.items():
        print(f"{name}: {wrong}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
