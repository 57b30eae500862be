#!/usr/bin/env python3
"""mutate.py ROWS [--count N] [--seed S] [--case FILE] [--verbose]

The promises of the reader of rows by mutation: the inputs of the cases are altered (a number changed or turned into a
word, a cell dropped or doubled, a header widened, separators and ends of lines swapped, lines dropped, doubled, cut or
mixed with others), N times in all, and read as streams and as regular files. Either the values are those that the
alteration asks for, or something is said that was not said before: no silent change.

What an alteration asks for is plain: rows of the other lines are as they were; in the altered row one value is another, or
the values of the row have moved by a column. Where a line was no data before, only the other lines are compared.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from splits import letters_of  # noqa: E402

NUMBER = re.compile(rb"(?<![\w.,:/'\xc2\xe2\x80-\xff+-])-?\d+(?:\.\d+)?(?![\w.,:/'\x80-\xff-])")
SEPARATORS = b";\t|,"
JUNK = [b"reset", b"ERR", b"# comment", b"boot: ok, ready", b"?!", b"=====", b"\x1b[31mwarning\x1b[0m", b"end of file"]


def begun(rows):
    """The rows without gaps of channels that have no number yet: a channel begins with its first number."""
    known, kept = set(), {}
    for line in sorted(rows):
        known |= {name for part in rows[line] for name, value in part if value != "nan"}
        kept[line] = [[(name, value) for name, value in part if name in known] for part in rows[line]]
    return {line: row for line, row in kept.items() if any(row)}


def names_of(rows):
    return {name for row in rows.values() for part in row for name, _ in part}


def without_gaps(rows, names=None):
    """The rows without gaps, or without those of these channels."""
    kept = {line: [[(name, value) for name, value in part if value != "nan" or (names is not None and name not in names)]
                   for part in row] for line, row in rows.items()}
    return {line: row for line, row in kept.items() if any(row)}


class Reader:
    """One process of ROWS for a set of options."""
    kept = {}

    def __init__(self, rows, options):
        self.process = subprocess.Popen([rows, "-B", "-l", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @classmethod
    def of(cls, rows, options):
        key = tuple(options)
        if key not in cls.kept:
            cls.kept[key] = cls(rows, options)
        return cls.kept[key]

    def read(self, data):
        """{line: {name: value}}, and what was said, without line numbers."""
        self.process.stdin.write(b"%d\n" % len(data) + data)
        self.process.stdin.flush()
        rows, said = {}, []
        for line in iter(self.process.stdout.readline, b".\n"):
            if not line:
                sys.exit("mutate: ROWS ended on %r" % data[:2000])
            if line[:1] in b"!?":
                said.append((line[:1] + line.split(b" ", 1)[1], int(line[1:].split(b" ", 1)[0])))
            else:
                number, _, values = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
                found = re.findall(r"(?:^| )(.*?)=(nan|-?[\d.]+(?:e[+-]?\d+)?)(?= |$)", values)
                rows.setdefault(int(number), []).append(found)
        return begun(rows), said


def is_odd(case, alter):
    """Where an alteration asks for something else than it says."""
    return any(alter in alters and (case["kind"] in kinds or case["file"].startswith(files) or
                                    any(option in case["options"] for option in options))
               for alters, kinds, files, options, _ in ODD)


def drop_cell(rng, data, rows):
    return move_cell(rng, data, rows, False)


def double_cell(rng, data, rows):
    return move_cell(rng, data, rows, True)


def lines_of(data):
    return data.split(b"\n")


def moved(rows, at, by):
    """The rows with lines from `at` on moved."""
    return {line + (by if line >= at else 0): values for line, values in rows.items()}


def values_of(row):
    return [[value for _, value in part] for part in row]


class Mutation:
    """Altered data; rows_wanted: by line, and the line whose row is judged by `fits` (None: not at all)."""

    def __init__(self, kind, data, wanted, line=None, fits=None, names=True):
        self.kind, self.data, self.wanted, self.line, self.fits, self.names = kind, data, wanted, line, fits, names


def change_number(rng, data, rows):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    found = [m for m in NUMBER.finditer(lines[at]) if not time_text(m.group())]
    if not found or b"\x1b" in data:
        return None
    m = rng.choice(found)
    before_line = lines[at]
    old, new = m.group().decode(), "%d.%03d" % (rng.randrange(7000, 7999), rng.randrange(1, 999))
    lines[at] = lines[at][:m.start()] + new.encode() + lines[at][m.end():]
    before = rows.get(at + 1)

    def fits(row):
        if before is None:
            return True
        if row is None:
            return False
        a, b = sum(values_of(before), []), sum(values_of(row), [])
        if a == b:  # what was changed was no value: the same number must have stood elsewhere, or nowhere
            return sum(alike(v, old) for v in a) < len(re.findall(rb"(?<![\w.])" + re.escape(old.encode()) + rb"(?![\w.])", before_line))
        changed = [i for i in range(min(len(a), len(b))) if a[i] != b[i]]
        return len(a) == len(b) and len(changed) == 1
    return Mutation("number", b"\n".join(lines), rows, at + 1, fits, names=at + 1 in rows)


def number_to_word(rng, data, rows):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    found = list(NUMBER.finditer(lines[at]))
    if not found or b"\x1b" in data or is_first(rows, at):
        return None
    m = rng.choice(found)
    labelled = re.search(rb"[:=]", lines[at])
    lines[at] = lines[at][:m.start()] + b"oops" + lines[at][m.end():]
    before = rows.get(at + 1)

    def fits(row):
        if before is None:
            return True
        a, b = sum(values_of(before), []), sum(values_of(row), []) if row else []
        if a == b:  # the word stood in a place that was no value
            return True
        if labelled and b and began(rows, at + 1, before, m.group(), further=False):
            return False  # a word behind the label of a channel rejects its line; further values behind it may be fewer
        if labelled and all(v in a for v in b):  # behind a word nothing belongs to the label any more
            return True
        # A column or label that has no number yet is none of a channel: its word is skipped.
        return not began(rows, at + 1, before, m.group()) and (b == without(a, m.group()) or not b)
    return Mutation("word", b"\n".join(lines), rows, at + 1, fits, names=b"{" not in data)


def is_first(rows, at):
    """Whether the line is the first of data: what a channel's unit is, and where it begins, hangs on that one."""
    return not any(k < at + 1 for k in rows)


def time_text(text):
    """A Unix time is one only as it is."""
    return abs(float(text)) >= 1e8


def began(rows, line, row, text, further=True):
    """Whether one of the names that have this value in the row came in a line before. further: also a.2, a.3."""
    names = {n for part in row for n, v in part if alike(v, text) and (further or not re.search(r"\.\d+$", n))}
    return any(n in names for k in rows if k < line for part in rows[k] for n, _ in part)


def without(values, text):
    for i, v in enumerate(values):
        if alike(v, text):
            return values[:i] + values[i + 1:]
    return values


def alike(value, text):
    return value != "nan" and abs(float(value) - float(text)) <= 1e-9 * abs(float(text))


def separator_of(line):
    for separator in SEPARATORS:
        if line.count(bytes([separator])) >= 1 and b'"' not in line:
            return bytes([separator])
    return None


def move_cell(rng, data, rows, double):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    separator = separator_of(lines[at])
    if not separator or b"{" in lines[at] or b"[" in lines[at] or re.search(rb"[:=]", lines[at].replace(b":00", b"")) and \
            separator == b",":
        return None
    cells = lines[at].split(separator)
    k = rng.randrange(len(cells))
    timed = b":" in cells[0]
    cells[k:k + 1] = [cells[k]] * 2 if double else []
    if at + 1 not in rows and len(cells) < 3:
        return None  # a header of one cell says something else
    lines[at] = separator.join(cells)
    before = rows.get(at + 1)

    def fits(row):
        if before is None or len(before) != 1 or (row is None and not re.search(rb"^[^#]*\d", lines[at])):
            return True
        if row is None and timed and cells and re.match(rb"\s*[a-z]", cells[0]):
            return True  # a word where rows have their time: Average:
        # Where a gap is moved to decides whether it is one, or stands in a column of none.
        a = [v for _, v in before[0] if v != "nan"]
        b = [v for _, v in row[0] if v != "nan"] if row else []
        if double:  # one value more, in its order; or none where a word or time was doubled
            return any(b == a[:i + 1] + a[i:] for i in range(len(a))) or b == a or \
                any(b == a[:i] + a[i + 1:] for i in range(len(a)))
        if b == a or any(b == a[:i] + a[i + 1:] for i in range(len(a))):
            return True
        a, b = ([v for v in values if v != "nan"] for values in (a, b))  # a gap may come into a column without numbers
        return any(b == a[:i] + a[i + 1:] for i in range(len(a)))
    return Mutation("double" if double else "drop", b"\n".join(lines), rows, at + 1, fits, names=at + 1 in rows)


def widen_header(rng, data, rows):
    lines = lines_of(data)
    at = next((i for i, line in enumerate(lines) if line.strip()), None)
    if at is None or at + 1 in rows or re.search(rb"\d", lines[at]):
        return None
    separator = separator_of(lines[at]) or b" "
    lines[at] = lines[at].rstrip(b"\r") + separator + b"extra"
    return Mutation("header", b"\n".join(lines), rows, names=False)


def swap_separator(rng, data, rows):
    separator = separator_of(data)
    if not separator or b":" in data or b"=" in data or any(bytes([other]) in data for other in SEPARATORS if bytes([other]) != separator) or b"/" in data:
        return None
    other = rng.choice([bytes([c]) for c in SEPARATORS if bytes([c]) != separator and not (c == 9 and b" " in data)] or [separator])
    return Mutation("separator", data.replace(separator, other), rows)


def swap_ends(rng, data, rows):
    if b"\r" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    return Mutation("ends", data.replace(b"\n", rng.choice([b"\r\n", b"\r"])), rows)


def put_mark(rng, data, rows):
    if data[:1] in (b"\xef", b"\xff", b"\xfe"):
        return None
    return Mutation("mark", b"\xef\xbb\xbf" + data, rows)


def put_zero(rng, data, rows):
    if data[:1] in (b"\xff", b"\xfe", b"\xef"):
        return None
    at = rng.randrange(len(data) + 1)
    if b"\r" in data[at - 1:at + 1]:
        return None
    return Mutation("zero", data[:at] + b"\0" + data[at:], rows)


def put_colour(rng, data, rows):
    found = list(NUMBER.finditer(data))
    if not found or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    m = rng.choice(found)
    return Mutation("colour", data[:m.start()] + b"\x1b[1;33m" + m.group() + b"\x1b[0m" + data[m.end():], rows)


def put_line(rng, data, rows):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    if is_first(rows, at):
        return None  # it may be the header
    lines.insert(at, rng.choice(JUNK))
    # A row of words above the rows may be their header: only values are compared.
    return Mutation("junk", b"\n".join(lines), moved(rows, at + 1, 1), at + 1, lambda row: row is None, names=False)


def put_blank(rng, data, rows):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    if data[:1] in (b"\xef", b"\xff", b"\xfe"):
        return None
    lines.insert(at, rng.choice([b"", b"  ", b"\t"]))
    return Mutation("blank", b"\n".join(lines), moved(rows, at + 1, 1))


def double_line(rng, data, rows):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    if at + 1 not in rows:
        return None
    lines.insert(at, lines[at])
    wanted = moved(rows, at + 2, 1)
    wanted[at + 2] = rows[at + 1]
    return Mutation("again", b"\n".join(lines), wanted)


def drop_line(rng, data, rows):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    if at + 1 not in rows or is_first(rows, at):
        return None
    del lines[at]
    wanted = moved({k: v for k, v in rows.items() if k != at + 1}, at + 1, -1)
    return Mutation("less", b"\n".join(lines), wanted)


def cut_line(rng, data, rows):
    lines = lines_of(data)
    at = rng.randrange(len(lines))
    if len(lines[at]) < 2 or at + 1 not in rows or is_first(rows, at):
        return None
    lines[at] = lines[at][:rng.randrange(1, len(lines[at]))]
    before = rows[at + 1]

    def fits(row):
        a = sum(values_of(before), [])
        b = sum(values_of(row), []) if row else []
        return len(b) <= len(a) + 1 and b[:-1] == a[:max(len(b) - 1, 0)]
    return Mutation("cut", b"\n".join(lines), rows, at + 1, fits)


MUTATIONS = [change_number, change_number, number_to_word, number_to_word, drop_cell, double_cell, widen_header, swap_separator, swap_ends, put_mark, put_zero, put_colour,
             put_line, put_blank, double_line, drop_line, cut_line]


def is_before_table(rows, line):
    """A lone row unlike two or more followers that are alike is what came before a table, and no data."""
    widths = [sum(len(part) for part in rows[k]) for k in sorted(rows) if k > line]
    return not any(k < line for k in rows) and len(set(widths)) < len(widths)


MOVES = (drop_cell, double_cell)
# (alterations, kinds of cases, files that begin so, options, why)
ODD = [
    (MOVES, ("thousands", "decimal-comma"), ("scale", "rsync", "btc", "decimal-comma-single"), (),
     "the comma is none between cells"),
    (MOVES + (cut_line,), (), ("clock-ms",), (), "the comma of a time may become one between cells"),
    (MOVES, ("brackets",), ("serialstudio", "stm32", "grbl"), (), "a cell of several values, or half a bracket, is moved"),
    (MOVES, (), ("trail-comma", "units-without"), (), "as many cells as another row has in another sense"),
    (MOVES, (), ("bom",), (), "a second mark is none, and a lone first row unlike the others is a preamble"),
    (MOVES + (widen_header,), (), (), ("--key",), "the key is gone with its heading: said at the end, not by the parser"),
    ((widen_header,), ("times",), ("clock-ms",), ("--names", "--only", "--separator", "--time-column"),
     "a heading more is one for a time"),
    ((drop_line, cut_line), (), ("ping-", "time-column-back", "list-settled"), ("--time-column",),
     "what the line was judged by has gone: one row behind a preamble, a time that went back"),
    ((cut_line, number_to_word), (), ("ml-pipe",), (), "pairs are read where every row has only such cells"),
    ((cut_line,), (), ("minus-", "ml-nano", "btc", "th-settled-later"), (),
     "what is left says what a sign or comma is: `- 4`, `1,05`"),
    ((number_to_word,), (), ("number-behind-a-word",), (), "the words above or below are labels then"),
    ((change_number,), (), ("candump", "jsonpretty", "numpy-wrapped", "array-rest", "array-word", "ts.", "torn-time", "syslog-torn", "odd-units2"), (),
     "a number of brackets, of a row on several lines, of a date, of a unit"),
    ((put_line,), (), (), ("--key",), "what has no key is none of the things"),
    ((put_line,), (), ("json-nested", "clock-ms", "opt-separator"), (), "the junk is part of a row there, or a gap"),
]


def judge(mutation, rows, said, said_before, only):
    """None when all is well or something is said; else what is wrong. only: the user excluded some numbers."""
    before = [text for text, _ in said_before]
    wanted = begun(mutation.wanted)
    if any(text not in before or [t for t, _ in said].count(text) > before.count(text) for text, _ in said):
        return None
    if mutation.kind in ("drop", "double"):  # a column may have got or lost its number: its gaps come and go with it
        rows, wanted = without_gaps(rows), without_gaps(wanted)
    if names_of(rows) <= names_of(wanted):  # none has another name: a channel that never began has no gaps either
        wanted = without_gaps(wanted, names_of(wanted) - names_of(rows))
    for line in sorted(set(rows) | set(wanted)):
        if rows.get(line) is None and is_before_table(rows, line):
            continue
        if line == mutation.line:
            excluded = only and mutation.kind == "number" and rows.get(line) == wanted.get(line)
            if not excluded and not mutation.fits(rows.get(line)):
                return "line %d: %s" % (line, rows.get(line))
            continue
        got, want = rows.get(line), wanted.get(line)
        if got == want or (not mutation.names and got and want and values_of(got) == values_of(want)):
            continue
        return "line %d: %s, not %s" % (line, got, want)
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    cases = []
    for folder in (HERE, os.path.join(HERE, "more")):
        with open(os.path.join(folder, "cases.json"), encoding="utf-8") as source:
            cases += [dict(case, folder=folder) for case in json.load(source)]
    cases = [c for c in cases if options.case in (None, c["file"])]
    originals = []
    for case in cases:
        with open(os.path.join(case["folder"], "files", case["file"]), "rb") as source:
            data = source.read()
        for kind in ([], ["-f"]):
            reader = Reader.of(options.rows, letters_of(case["options"]) + kind)
            originals.append((case, data, reader, reader.read(data)))
    done, wrong, kinds, misses = 0, 0, {}, 0
    while done < options.count and misses < 100 * options.count:
        case, data, reader, (rows, said_before) = rng.choice(originals)
        alter = rng.choice(MUTATIONS)
        by_lines = alter not in (swap_separator, swap_ends, put_mark)
        if is_odd(case, alter) or (alter is swap_separator and case["options"]) or (
                by_lines and (b"\r" in data.replace(b"\r\n", b"") or b"\0" in data)):
            misses += 1
            continue
        mutation = alter(rng, data, rows)
        if mutation is None or mutation.data == data:
            misses += 1
            continue
        done += 1
        rows_now, said = reader.read(mutation.data)
        kinds[mutation.kind] = kinds.get(mutation.kind, 0) + 1
        trouble = judge(mutation, rows_now, said, said_before, "--only" in case["options"])
        if trouble:
            wrong += 1
            print("%s %s: %s" % (case["file"], mutation.kind, trouble))
            if options.verbose:
                print("    " + mutation.data.decode("utf-8", "backslashreplace").replace("\n", "\n    "))
    print("%d mutations (%s), %d silent changes" % (done, ", ".join("%s %d" % k for k in sorted(kinds.items())), wrong))
    return 1 if wrong or done < options.count else 0


if __name__ == "__main__":
    sys.exit(main())
