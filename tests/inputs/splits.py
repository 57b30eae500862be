#!/usr/bin/env python3
"""splits.py ROWS [CASES_DIR]

However the input of a case is cut, the reader of rows makes the same of it: ROWS (tests/tools/rows) reads each file in
one piece, byte by byte, in pieces of 7 and of random sizes, and by its quick road, as a stream and as a regular file.
"""
import json
import os
import subprocess
import sys

LETTERS = {"--only": "-o", "--names": "-n", "--key": "-k", "--separator": "-s", "--comma": "-c", "--time-column": "-t",
           "--time-unit": "-u", "--skip": "-S"}
NOT_THE_READERS = {"--unit"}
CUTTINGS = (["-p", "1"], ["-p", "7"], ["-r", "1"], ["-r", "2"], ["-C"], ["-C", "-p", "3"])


def letters_of(options):
    words = iter(options)
    out = []
    for word in words:
        argument = next(words)
        if word not in NOT_THE_READERS:
            out += [LETTERS[word], argument]
    return out


def events(rows, options, data):
    done = subprocess.run([rows, *options], input=data, capture_output=True, timeout=60, check=True)
    return [line for line in done.stdout.split(b"\n") if not line.startswith(b"= lines")]


def main():
    rows = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "cases.json"), encoding="utf-8") as source:
        cases = json.load(source)
    wrong = 0
    for case in cases:
        with open(os.path.join(folder, "files", case["file"]), "rb") as source:
            data = source.read()
        for kind in ([], ["-f"]):
            options = letters_of(case["options"]) + kind
            whole = events(rows, options, data)
            for cutting in CUTTINGS:
                if events(rows, options + cutting, data) != whole:
                    print(case["file"], *kind, *cutting, "something else comes out")
                    wrong += 1
    print("%d inputs, %d differences" % (len(cases), wrong))
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
