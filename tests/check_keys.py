#!/usr/bin/env python3
"""check_keys.py PROGRAM MAN-PAGE: both know the same keys, in the same order, for the same things.

Compared are the list "Keys in the window:" that `PROGRAM --help` prints and the section KEYS of the manual page (mdoc).
What a key does begins in the manual with the words of --help; it may say more. Prints each difference; status 1 when
there is any.
"""
import re
import subprocess
import sys
from pathlib import Path


def from_help(program):
    """[(keys as shown, what they do)]"""
    run = subprocess.run([program, "--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    if run.returncode != 0 or run.stderr:
        sys.exit(f"{program} --help: status {run.returncode}, on stderr {run.stderr!r}")
    section = re.search(r"^Keys[^\n]*:\n((?:  .*\n)+)", run.stdout, re.MULTILINE)
    if not section:
        sys.exit(f"{program} --help lists no keys")
    text = re.sub(r"\n {10,}", " ", section[1])  # a long line goes on below its own beginning
    return [tuple(re.split(r"  +", line.strip(), maxsplit=1)) for line in text.splitlines()]


def plain(mdoc):
    """The text of an mdoc line, without its macros."""
    text = re.sub(r"^\.(?:It|Pq|Pa|Sy|Em|Ql) ", "", mdoc)
    text = re.sub(r"\b(?:Sy|Pa|Em) ", "", text).replace("\\&", "").replace("\\-", "-")
    text = text.replace(" No to ", "-")
    return re.sub(r" ,", ",", text).strip()


def from_manual(path):
    section = re.search(r"^\.Sh KEYS\n(.*?)^\.Sh ", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if not section:
        sys.exit(f"{path} has no section KEYS")
    keys = []
    for entry in re.findall(r"^\.It (.*\n(?:(?!\.It |\.El).*\n)*)", section[1], re.MULTILINE):
        first, *rest = entry.splitlines()
        keys.append((plain(f".It {first}"), " ".join(plain(line) for line in rest)))
    return keys


def same(known, documented):
    """The manual's sentence says what the list says, and perhaps more."""
    return documented[:1].isupper() and re.match(re.escape(known) + r"\b", documented[:1].lower() + documented[1:])


def main(program, manual):
    known, documented = from_help(program), from_manual(Path(manual))
    shown, written = [key for key, _ in known], [key for key, _ in documented]
    differences = [f"{key}: in --help, not in {manual}" for key in shown if key not in written]
    differences += [f"{key}: in {manual}, not in --help" for key in written if key not in shown]
    if not differences and shown != written:
        differences.append(f"another order in {manual}: {'  '.join(written)}")
    sentences = dict(documented)
    for key, what in known:
        if key in sentences and not same(what, sentences[key]):
            differences.append(f"{key}: {what!r} in --help, {sentences[key]!r} in {manual}")
    for difference in differences:
        print(difference)
    print(f"{len(known)} keys, {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
