"""Rows of numbers through files and pipes: tables of other programs, what is a number, and bad input."""
import math
import random
import re
import subprocess
import unicodedata

from harness import DATA, main
from picture import LIGHT, Picture, Plot
from scope_harness import HEAD, SANITIZED, SMALL, Test, exact_number, numbers, rejected, table

ALERT = 0xFF7A6B


class Tables(Test):
    """Text of other programs, as it is: channels, names, numbers."""

    def summary(self, file, expected, *options, err=""):
        """expected: {name: values}, in order of the channels; None is a gap."""
        def check(text):
            found = numbers(text)
            self.assertEqual(list(found), list(expected), "channels")
            for (name, (count, low, high, mean, last)), values in zip(found.items(), expected.values()):
                finite = [value for value in values if value is not None]
                self.assertEqual((count, low, high), (len(finite), min(finite), max(finite)), name)
                self.assertTrue(math.isclose(mean, math.fsum(finite) / len(finite), rel_tol=1e-12), (name, mean))
                self.assertTrue(math.isnan(last) if values[-1] is None else last == values[-1], (name, last))
            for number in re.findall(r"(?<=\t)[-+.\d]\S*", text[len(HEAD):]):
                self.assertEqual(number, exact_number(float(number)))
        process = self.start("--png", "p.png", "--summary", *SMALL, *options, DATA / file, stdin=subprocess.DEVNULL)
        process.ends(out=check, err=err)
        piped = self.scope("--png", "p.png", "--summary", *SMALL, *options, input=(DATA / file).read_bytes(), out=check,
                           err=err)
        self.assertEqual(process.out, piped.out, "as a file and through a pipe")

    def columns(self, file, first, words=0, stop=None):
        """Whitespace-separated numbers of a text, from a line on, by column."""
        lines = (DATA / file).read_text().splitlines()[first:stop]
        rows = [line.split()[words:] for line in lines]
        return [[float(cell) for cell in column] for column in zip(*(r for r in rows if r and r[0][0].isdigit()))]

    def test_ping(self):
        text = (DATA / "ping.txt").read_text()
        times = [float(t) for t in re.findall(r"time=([\d.]+) ms", text)]
        self.summary("ping.txt", {"icmp_seq": [1, 2, 3, 4], "ttl": [64] * 4, "time": times},
                     err=rejected(7, "---") + rejected(8, "4 packets transmitted") + rejected(9, "rtt"))
        self.summary("ping.txt", {"time": times}, "--only", "time")

    VMSTAT = "r b swpd free buff cache si so bi bo in cs us sy id wa st".split()

    def test_vmstat(self):
        columns = self.columns("vmstat-n.txt", 2)
        self.summary("vmstat-n.txt", dict(zip(self.VMSTAT, columns)))
        few = {name: column for name, column in zip(self.VMSTAT, columns) if name in ("us", "sy", "id")}
        self.summary("vmstat-n.txt", few, "--only", "us,sy,id")

    def test_vmstat_with_headers_again(self):
        self.summary("vmstat-headers.txt", dict(zip(self.VMSTAT, self.columns("vmstat-headers.txt", 2))))

    def test_iostat(self):
        names = "tps kB_read/s kB_wrtn/s kB_dscd/s kB_read kB_wrtn kB_dscd".split()
        rows = [line.split()[1:] for line in (DATA / "iostat-d.txt").read_text().splitlines() if line.startswith("vda")]
        self.summary("iostat-d.txt", {name: [float(row[i]) for row in rows] for i, name in enumerate(names)})

    def test_iostat_of_two_tables(self):
        """Each table's rows take their names from its own head."""
        rows = [line.split() for line in (DATA / "iostat.txt").read_text().splitlines()]
        cpu = [row for row in rows if len(row) == 6 and row[0][0].isdigit()]
        vda = [row[1:] for row in rows if row[:1] == ["vda"]]
        names = "%user %nice %system %iowait %steal %idle".split()
        expected = {name: [float(row[i]) for row in cpu] for i, name in enumerate(names)}
        names = "tps kB_read/s kB_wrtn/s kB_dscd/s kB_read kB_wrtn kB_dscd".split()
        expected.update({name: [float(row[i]) for row in vda] for i, name in enumerate(names)})
        self.summary("iostat.txt", expected, err=lambda text: self.assertRegex(
            text, r"\Ascope: line 7: 'Device [^']*' begins a new table: the rows below take their names from it\n\Z"))

    def test_sar(self):
        names = "%user %nice %system %iowait %steal %idle".split()
        rows = [line.split()[2:] for line in (DATA / "sar.txt").read_text().splitlines() if " all " in line]
        rows = [row for row in rows[:-1]] # the last is the average
        self.summary("sar.txt", {name: [float(row[i]) for row in rows] for i, name in enumerate(names)})

    def test_json(self):
        self.summary("jq.jsonl", {"user": [82.84, 94], "system": [9.31, 5.5], "iowait": [0, 0], "idle": [2.45, 0.5]})
        self.summary("nested.jsonl", {"load[0]": [0.12, 0.15, 0.11], "load[1]": [0.5, 0.5, 0.4],
                                      "cpu": [41.5, 42, 42.25], "gpu": [38, 38, 39], "ok": [1, 1, 0],
                                      "fan": [None, 1200, 1180]})

    def test_arduino(self):
        self.summary("arduino.txt", {"Temp": [23.6, 23.7, 23.5], "Hum": [43, 43, 44]})
        self.summary("arduino-tabs.txt", {"1": [0, 10, 20], "2": [512, 514, 509], "3": [-3, -2, -2]})

    def test_awk(self):
        first, second = self.columns("awk.txt", 0)
        self.summary("awk.txt", {"1": first, "2": second})
        self.summary("awk.txt", {"user": first, "2": second}, "--names", "user")
        self.summary("awk.txt", {"user": first, "system": second}, "--names", "user,system,never")
        self.summary("awk.txt", {"2": second}, "--only", "2")


class Input(Test):
    def summary(self, input, *rows, err="", options=(), status=0):
        return self.scope("--png", "p.png", "--summary", *SMALL, *options, input=input, out=table(*rows), err=err,
                          status=status)

    def plot(self, **options):
        return Plot(Picture.from_png(self.directory / "p.png"), **options)

    def test_plain_numbers(self):
        self.summary("".join(f"{n}\n" for n in range(1, 1001)), (1, 1000, 1, 1000, 500.5, 1000))

    def test_every_bit(self):
        values = [0.1, 1 / 3, -5e-324, 1.7976931348623157e308, 2.5e-310, 123456789.123456789, -0.30000000000000004]
        for value in values:
            text = exact_number(value)
            self.summary(repr(value) + "\n", (1, 1, text, text, text, text))

    def test_csv_with_a_header(self):
        self.summary('"time of day","temp (C)",hum\r\n1,20.5,40\r\n2,,41\r\n3,21.5,42\r\n',
                     ("time of day", 3, 1, 3, 2, 3), ("temp (C)", 2, 20.5, 21.5, 21, 21.5), ("hum", 3, 40, 42, 41, 42))
        self.summary("a;b\n1;2\n3;4\n", ("a", 2, 1, 3, 2, 3), ("b", 2, 2, 4, 3, 4))

    def test_nothing(self):
        self.summary("")
        for text, lines in (("\n", "1 line"), ("\n\n  \n# comment\n", "4 lines"), ("\n# 5\n", "2 lines")):
            self.summary(text, err=f"scope: no numbers in {lines}\n", status=1)
        self.summary("only words\n", status=1, err=rejected(1, "only") +
                     "scope: no numbers in 1 line; line 1: 'only' is not a number\n")

    def test_line_ends_and_comments(self):
        rows = [(1, 3, 1, 3, 2, 3)]
        for text in ("1\n2\n3", "1\r\n2\r\n3\r\n", "1\r\n2\r\n3", "\n1\n\n# x\n2\n  # 7\n\t\n3\n", "\ufeff1\n2\n3\n"):
            self.summary(text, *rows)

    def test_gaps(self):
        self.summary("1\nnan\n3\nNA\n-\nnull\n5\n1e999\n", (1, 3, 1, 5, 3, "nan"))
        self.summary("5\n" * 10 + "nan\n" * 10 + "5\n" * 10, (1, 20, 5, 5, 5, 5))
        plot = self.plot()
        gap = [x for x in range(plot.width) if not plot.trace_rows(x)]
        self.assertTrue(0.25 * plot.width < len(gap) < 0.45 * plot.width, f"{len(gap)} of {plot.width} columns")
        self.assertTrue(abs(sum(gap) / len(gap) - plot.width / 2) < 0.05 * plot.width)

    def test_rejected_lines(self):
        lines = ["1", "x y", "2", "1,5x", "three", "\tfour", "5 five", "six", "seven", "3"]
        self.summary("\n".join(lines) + "\n", (1, 3, 1, 3, 2, 3),
                     err=rejected(2, "x y") + rejected(4, "5x") + rejected(5, "three") + rejected(6, "four") +
                     rejected(7, "five") + "scope: 7 lines rejected\n")
        self.assertIn(ALERT, Picture.from_png(self.directory / "p.png").colours(), "the count is in the picture")
        self.summary("1\n2\n", (1, 2, 1, 2, 1.5, 2))
        self.assertNotIn(ALERT, Picture.from_png(self.directory / "p.png").colours())

    def test_rejected_text_is_escaped_and_cut(self):
        self.summary(b"1\n\x02red\n\xff\xfe\nx\x00y\n" + b"m" * 100 + b"\n", (1, 1, 1, 1, 1, 1),
                     err=rejected(2, "\\x02red") + rejected(3, "\\xFF\\xFE") + rejected(4, "xy") +
                     rejected(5, "m" * 40))

    def test_only_and_names(self):
        text = "a:1 b:2 c:3\nb:4\nc:5\nnothing here\n"
        self.summary(text, ("b", 2, 2, 4, 3, 4), options=["--only", "b"])
        self.summary(text, ("a", 1, 1, 1, 1, 1), ("b", 2, 2, 4, 3, 4), options=["--only", "b,a"])
        self.summary("1 2 3\n4 5 6\n", ("x", 2, 1, 4, 2.5, 4), ("z", 2, 3, 6, 4.5, 6),
                     options=["--names", "x,y,z", "--only", "z,x"])

    def test_rate_spaces_rows_and_counts_rejected_ones(self):
        self.summary("5\n5\nword\n5\n", (1, 3, 5, 5, 5, 5), err=rejected(3, "word"),
                     options=["--rate", "1", "--style", "points", "-w", "4"])
        plot = self.plot()
        there = [x / plot.width for x in range(plot.width) if plot.trace_rows(x)]
        for place in (0, 0.25, 0.75):
            self.assertTrue(any(abs(x - place) < 0.03 for x in there), f"no point at {place}: {there}")
        self.assertFalse(any(abs(x - 0.5) < 0.05 for x in there), "a rejected row has no point, but keeps its time")

    def test_styles(self):
        rows = {}
        for style in ("step", "line", "points"):
            self.summary("-5\n-5\n5\n5\n", (1, 4, -5, 5, 0, 5), options=["--style", style])
            plot = self.plot()
            rows[style] = (sum(bool(plot.trace_rows(x)) for x in range(plot.width)),
                           max(len(plot.trace_rows(x)) for x in range(plot.width)))
        self.assertTrue(rows["step"][1] > 40 > rows["line"][1], f"a step is upright, a line is not: {rows}")
        self.assertTrue(rows["points"][0] <= 16 < rows["line"][0], f"points are alone: {rows}")

    def test_range_and_theme(self):
        self.summary("30\n" * 10, (1, 10, 30, 30, 30, 30), options=["--range", "0:100", "--theme", "light"])
        plot = self.plot(theme=LIGHT, low=0, high=100)
        self.assertAlmostEqual(plot.value(plot.width // 2), 30, delta=1.5)
        self.summary("30\n" * 10, (1, 10, 30, 30, 30, 30), options=["--autoscale"])
        self.assertTrue(self.plot().has_trace())

    def test_one_spike_in_ten_million(self):
        """The sample that matters shows in the picture, and every one of the others is counted."""
        block = b"".join(b"%.3f\n" % (random.Random(n).uniform(-1, 1)) for n in range(1000))
        blocks = 1000 if SANITIZED else 10000
        process = self.start("--png", "p.png", "--summary", "-g", "640x360")
        for n in range(blocks):
            process.feed(block if n != blocks * 6 // 10 else block + b"9.5\n")

        def check(text):
            count, low, high, mean, last = numbers(text)["1"]
            self.assertEqual((count, high), (blocks * 1000 + 1, 9.5))
            self.assertTrue(-1 <= low < -0.99 and abs(mean) < 0.1 and -1 <= last <= 1, text)
        process.ends(out=check)
        plot = self.plot()
        self.assertTrue(plot.shows(9.4), "the spike")
        self.assertFalse(plot.shows(-5))
        spike = next(x for x in range(plot.width) if len(plot.trace_rows(x)) > plot.height // 3)
        self.assertAlmostEqual(spike / plot.width, 0.6, delta=0.02)


class BadInput(Test):
    """No crash, no growth, one clear report, and the plot goes on."""

    def take(self, pieces, *options, out=None, err="", limit_mib=64):
        """Feeds the pieces, then looks how much memory that took; the rest as in scope()."""
        process = self.start("--png", "p.png", "--summary", *SMALL, *options)
        for piece in pieces:
            process.feed(piece)
        process.swallowed()
        peak = process.peak_mib()
        if not SANITIZED:
            self.assertLess(peak, limit_mib, "MiB resident at most")
        process.ends(out=out, err=err)
        Picture.from_png(self.directory / "p.png")
        return process

    def check_reports(self, text, most=24):
        """Whole lines of ours, few, and printable."""
        lines = text.splitlines()
        self.assertLessEqual(len(lines), most)
        for line in lines:
            self.assertRegex(line, r"\Ascope: (line \d+: ('.{0,40}' |.)|\d+ lines rejected\Z|no numbers in )")
            self.assertFalse(any(unicodedata.category(c) == "Cc" for c in line), repr(line))

    def ends_with(self, name, count, last):
        return lambda text: self.assertEqual((numbers(text)[name][0], numbers(text)[name][4]), (count, last))

    def test_random_bytes(self):
        noise = random.Random(1)
        self.take(["ok=0\n"] + [noise.randbytes(1 << 20) for _ in range(4)] + ["\nok=1\nok=2\n"],
                  out=self.ends_with("ok", 3, 2), err=self.check_reports)

    def test_random_printable_bytes(self):
        noise = random.Random(2)
        letters = b"0123456789.,;:=-+ \t\n\"'{}[]abcXxeE%#/\\\r"
        text = bytes(letters[b % len(letters)] for b in noise.randbytes(1 << 20))
        self.take([b"ok=0\n", text, text[::-1], b"\nok=2\n"], "--only", "ok", out=self.ends_with("ok", 2, 2),
                  err=self.check_reports)

    def test_a_line_without_end(self):
        block = b"x1 " * (1 << 18)
        long = "is the start of a line of more than 65536 bytes\n"
        self.take(["1\n2\n"] + [block] * 14, out=table((1, 2, 1, 2, 1.5, 2)),
                  err=f"scope: line 3: '{('x1 ' * 14)[:40]}' {long}")
        self.take(["1\n2\n"] + [b"5" * (1 << 20)] * 10 + ["\n3\n"], out=table((1, 3, 1, 3, 2, 3)),
                  err=f"scope: line 3: '{'5' * 40}' {long}")

    def test_ten_thousand_columns(self):
        row = " ".join(str(n) for n in range(10000)) + "\n"
        self.take([row * 20], out=table(*((n + 1, 20, n, n, n, n) for n in range(64))),
                  err="scope: line 1: '64' would be channel 65: only the first 64 are plotted; --only chooses others\n")
        labels = " ".join(f"c{n}={n}" for n in range(5000)) + "\n"
        self.take([labels * 20], out=table(*((f"c{n}", 20, n, n, n, n) for n in range(64))),
                  err="scope: line 1: 'c64' would be channel 65: only the first 64 are plotted; --only chooses others\n"
                  "scope: line 1: has more than 4096 values: the rest is ignored\n")

    def test_nul_bytes(self):
        self.take([b"1\n\0\n2\0\n\0003\n4\n"], out=table((1, 4, 1, 4, 2.5, 4)))
        self.take([b"1\n", bytes(1 << 20), b"\n2\n"], out=table((1, 2, 1, 2, 1.5, 2)))

    def test_invalid_utf8(self):
        self.take([b"caf\xe9=1 \xff\xfe=2\ncaf\xe9=3\n\xc3\x28\n"], out=self.some_names, err=self.check_reports)

    def some_names(self, text):
        self.assertTrue(text.startswith(HEAD) and text.endswith("\n"))
        self.assertTrue(text.replace("\n", "").replace("\t", "").isprintable(), text)

    def test_long_labels(self):
        """Names are cut; what is longer than any label is a word."""
        name = "n" * 1000
        self.take([f"{name}=1 {name}x: 2\n", f"{name}=3\n"], err="",
                  out=lambda text: self.assertEqual([(len(n), r[0]) for n, r in numbers(text).items()],
                                                    [(255, 2), (250, 1)])) # the second would have the same name: it is told apart
        self.take([("é" * 500 + "=1\n").encode()],
                  out=lambda text: self.assertEqual(list(numbers(text)), ["é" * 127]))
        self.take([f"a=1\n{'n' * 10240}=2\n"], out=table(("a", 1, 1, 1, 1, 1)), err=rejected(2, "n" * 40))

    def test_unbalanced_quotes(self):
        self.take(['1\n"2\n3"\n"\n""""\n"a": 5\n4\n'], out=lambda text: self.assertEqual(numbers(text)["1"][4], 4),
                  err=self.check_reports)

    def test_nested_json(self):
        deep = "[" * 20000 + '{"a":{"b":7}}' + "]" * 20000 + "\n"
        self.take(['{"a":{"b":8}}\n', deep], out=table(("b", 1, 8, 8, 8, 8)), err=self.check_reports)

    def test_a_crowd_of_channels_in_turn(self):
        self.take(["".join(f"k{n}={n}\n" for n in range(100000))],
                  out=lambda text: self.assertEqual(len(numbers(text)), 64),
                  err="scope: line 65: 'k64' would be channel 65: only the first 64 are plotted; --only chooses others\n")


if __name__ == "__main__":
    main()
