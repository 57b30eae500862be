#!/usr/bin/env python3
"""check_keys.py PROGRAM MAN-PAGE: the keys that `PROGRAM --help` lists are those of the manual's section KEYS."""
import re
import subprocess
import sys
from pathlib import Path


def from_help(program):
    text = subprocess.run([program, "--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
                          check=True).stdout
    part = re.search(r"^Keys in the window:\n((?:  .*\n)+)", text, re.MULTILINE)
    if not part:
        sys.exit("--help lists no keys")
    lines = re.findall(r"^  (\S.*?)(?:  +|$)", part[1], re.MULTILINE)
    return {key for line in lines for key in line.split(", ")}


def from_manual(text):
    part = text[text.index(".Sh KEYS"):]
    part = part[:part.index("\n.Sh ", 1)]
    keys = set()
    for entry in re.findall(r"^\.It Sy (.*)$", part, re.MULTILINE):
        entry = entry.replace(" No to Sy ", "-").replace("\\&", "").replace("\\-", "-")
        keys |= set(entry.split(" , "))
    return keys


def main():
    in_help = from_help(sys.argv[1])
    in_manual = from_manual(Path(sys.argv[2]).read_text(encoding="utf-8"))
    for key in sorted(in_help ^ in_manual):
        print(f"{key}: not in {'the manual' if key in in_help else '--help'}")
    sys.exit(in_help != in_manual)


main()
