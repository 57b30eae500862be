#!/usr/bin/env python3
"""check_options.py PROGRAM MAN-PAGE COMPLETION...: all of them know the same options.

Compared are the options that `PROGRAM --help` lists, those with an entry of their own in the manual page (mdoc or
man), and those that the completions offer (*.bash is asked through bash itself, others are read). Help and manual must
agree on short names and on whether there is an argument, too. Prints each difference; status 1 when there is any.
"""
import re
import subprocess
import sys
from pathlib import Path

LONG = r"[a-z][a-z0-9-]*"


def from_help(program):
    """{long name: (short name or "", takes an argument)}"""
    run = subprocess.run([program, "--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    if run.returncode != 0 or run.stderr:
        sys.exit(f"{program} --help: status {run.returncode}, on stderr {run.stderr!r}")
    line = re.compile(rf"^ {{2,8}}(?:-(\S), )?--({LONG})(\[=\S+|[ =][^\s]\S*)?", re.MULTILINE)
    return {name: (letter, bool(argument)) for letter, name, argument in line.findall(run.stdout)}


def from_mdoc(text):
    options = {}
    for entry in re.findall(r"^\.It (.*\bFl .*)$", text, re.MULTILINE):
        entry = entry.replace("\\-", "-")
        for name in re.findall(rf"\bFl -({LONG})", entry):
            letters = re.findall(r"\bFl (\w)\b", entry)
            options[name] = ("".join(letters), bool(re.search(r"\bAr\b", entry)))
    return options


def from_man(text):
    options = {}
    for entry in re.findall(r"^\.TP.*\n(.*)$|^\.(?:OP|IP) (.*)$", text, re.MULTILINE):
        # Only what is in bold is typed as it is; \fI or .BI's other words are arguments.
        entry = "".join(entry).replace("\\-", "-")
        argument = bool(re.search(r"\\fI|^\.[BR]I |^\.I[BR] ", entry))
        plain = re.sub(r"\\f.", "", entry)
        for name in re.findall(rf"(?<![\w-])--({LONG})", plain):
            letters = re.findall(r"(?<![\w-])-(\w)\b", plain)
            options[name] = ("".join(letters), argument)
    return options


def from_manual(path):
    text = path.read_text(encoding="utf-8")
    return from_mdoc(text) if re.search(r"^\.Dd ", text, re.MULTILINE) else from_man(text)


def from_completion(path, program):
    if path.suffix != ".bash":
        return set(re.findall(rf"--({LONG})=?-?\}}?'?\[", path.read_text(encoding="utf-8")))
    script = """
        source "$1" || exit 3
        function=$(complete -p "$2") || exit 4
        function=${function##*-F }; function=${function%% *}
        COMP_WORDS=("$2" --); COMP_CWORD=1; COMP_LINE="$2 --"; COMP_POINT=${#COMP_LINE}
        "$function" "$2" -- "$2"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    run = subprocess.run(["bash", "--norc", "-c", script, "bash", str(path), program], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=20)
    if run.returncode != 0 or run.stderr:
        sys.exit(f"{path}: status {run.returncode}, on stderr {run.stderr!r}")
    return set(re.findall(rf"^--({LONG})=?\s*$", run.stdout, re.MULTILINE))


def compare(what, known, other):
    """Differences in words, for sets of names."""
    return ([f"--{name} is in --help and not in {what}" for name in sorted(set(known) - set(other))] +
            [f"--{name} is in {what} and not in --help" for name in sorted(set(other) - set(known))])


def main(program, manual, *completions):
    known = from_help(program)
    if not {"help", "version"} <= set(known):
        sys.exit(f"{program} --help lists no --help or no --version")
    documented = from_manual(Path(manual))
    differences = compare(manual, known, documented)
    for name in sorted(set(known) & set(documented)):
        if known[name] != documented[name]:
            differences.append(f"--{name}: short name and argument are {known[name]} in --help, "
                               f"{documented[name]} in {manual}")
    for completion in completions:
        differences += compare(completion, known, from_completion(Path(completion), Path(program).name))
    for difference in differences:
        print(difference)
    print(f"{len(known)} options, {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
