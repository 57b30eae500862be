"""scope without a window: options, files, --png, --summary, bad input, ends of all kinds."""
import math
import os
import random
import re
import signal
import subprocess
import unicodedata

from harness import DATA, environment, main
from picture import LIGHT, Picture, Plot
from scope_harness import HEAD, SANITIZED, SCOPE, Test, exact_number, numbers, table

HINT = "Try 'scope --help' for more information.\n"
SMALL = ("-g", "320x200")
ALERT = 0xFF7A6B


def rejected(line, text):
    return f"scope: line {line}: '{text}' is not a number\n"


def shell(script):
    """Words before the command for a shell to start it with, "$@" in the script."""
    return ["sh", "-c", script, "sh"]


class Options(Test):
    BAD = [
        (["--window", value], f"--window: '{value}': expected seconds from 0.000001 to 300000000, or all")
        for value in ("0", "-1", "nan", "inf", "3e9", "", "10s", "1,5", "ALL", " 1")
    ] + [
        (["--range", value], f"--range: '{value}': expected LO:HI with LO below HI, such as -10:10")
        for value in ("5", "1:1", "2:1", "a:b", "1:2:3", "-1e308:1e308", "nan:1", ":", "", "0,5:1,5")
    ] + [
        (["--rate", value], f"--rate: '{value}': expected rows a second from 0.000001 to 1000000000")
        for value in ("0", "-5", "nan", "", "1kHz", "1e10")
    ] + [
        (["--refresh", value], f"--refresh: '{value}': expected frames a second from 1 to 250")
        for value in ("0", "0.5", "251", "fast", "")
    ] + [
        (["--memory", value], f"--memory: '{value}': expected MiB from 16 to 1048576")
        for value in ("15", "-1", "1.5", "1e3", "99999999999999999999", "1G", "")
    ] + [
        (["--geometry", value],
         f"--geometry: '{value}': expected WxH or WxH+X+Y, such as 1280x720, from 64x64 to 16384x16384")
        for value in ("63x64", "64x63", "100", "100x", "x100", "100x100+", "100x100+5", "100x100+5+", "100x100+5+5+5",
                      "20000x100", "100x100 ", " 100x100", "1e2x100", "-100x100", "100x100+5+5x", "100X100", "",
                      "100x100+99999+0", "99999999999999999999x100")
    ] + [
        (["--style", value], f"--style: '{value}': expected step, line or points") for value in ("bars", "", "Step")
    ] + [
        (["--baud", value],
         f"--baud: '{value}': expected bits a second, such as 9600 or 115200, up to 20000000")
        for value in ("0", "-9600", "fast", "9600 ", "", "1e5", "99999999999")
    ] + [
        (["--theme", value], f"--theme: '{value}': expected dark or light") for value in ("blue", "", "dar")
    ] + [
        (["--names", value], f"--names: '{value}': expected names separated by commas")
        for value in ("", ",", "a,,b", ",a", "a,")
    ] + [
        (["--only", value], f"--only: '{value}': expected labels or columns separated by commas")
        for value in ("", ",", "a,,b", ",a", "a,")
    ] + [
        (["--png", ""], "--png: '': expected the name of a file"),
        (["--replay", "2", "--demo"], "--replay: is for a file with times"),
        (["--replay", "0"], "--replay: '0': expected a multiple of the pace from 0.000001 to 1000000, such as 1 or 0.5"),
        (["--counter=a,,b"], "--counter: 'a,,b': expected labels or columns separated by commas"),
        (["--baud", "9600"], "--baud: needs FILE, the serial device"),
        (["--follow", "-"], "--follow: needs FILE, the name under which the file comes again"),
        (["--tail", "3", "file"], "--tail: is for --follow"),
        (["--baud", "9600", "--follow", "file"],
         "--follow: a serial device is followed anyway; --follow is for files"),
        (["--record", ""], "--record: '': expected the name of a new file"),
        (["--tee", "--demo"], "--tee: --demo reads nothing that could be passed on"),
        (["--tee", "--png", "-"], "--tee: standard output is taken by --png -"),
        (["--nosuch"], "unknown option '--nosuch'"),
        (["--nosuch=1"], "unknown option '--nosuch'"),
        (["--r", "1"], "option '--r' could be --range, --rate, --replay, --refresh or --record"),
        (["-Z"], "unknown option '-Z'"),
        (["-aZ"], "unknown option '-Z' in '-aZ'"),
        (["--png"], "option '--png' needs an argument: FILE"),
        (["-w"], "option '-w' needs an argument: SECONDS|all"),
        (["--demo=1"], "option '--demo' takes no argument: '--demo=1'"),
        (["one", "two"], "'two': only one FILE can be plotted; paste(1) puts the columns of several side by side, and --key "
                         "tells apart the rows of one"),
        (["--demo", "file"], "'file': --demo takes no FILE"),
        (["--title\nx"], "unknown option '--title\\nx'"),
    ]

    def test_bad_ones_are_explained(self):
        for arguments, message in self.BAD:
            with self.subTest(arguments=arguments):
                process = self.start(*arguments, stdin=subprocess.DEVNULL)
                process.ends(2, err=f"scope: {message}\n{HINT}")

    def test_good_ones_are_taken(self):
        for arguments in (["-g", "100x100+5+5"], ["-g", "100x100-5+7"], ["-y", "-1:1"], ["-w", "all"],
                          ["-w", "0.5"], ["--window=1e3"], ["--range=-.5:+5e2"], ["--names=a,b", "--only", "b"],
                          ["--memory", "16"], ["--refresh", "59.94"], ["--styl", "points"], ["--rate", "1e3"],
                          ["--title", ""], ["--unit", "°C"], ["--theme", "light"], ["-ax"], ["--", "in.txt"], ["-"]):
            with self.subTest(arguments=arguments):
                self.write("in.txt", "1 2\n")
                with open(self.directory / "in.txt", "rb") as file:
                    process = self.start("--png", "p.png", *SMALL, *arguments, stdin=file)
                    process.ends()

    def test_help(self):
        def check(text):
            self.assertTrue(text.startswith("Usage: scope [OPTION]... [FILE]\n"), text)
            for option in ("--window", "--png FILE", "--summary", "-h, --help", "-V, --version"):
                self.assertIn(option, text)
            self.assertLessEqual(max(map(len, text.splitlines())), 80)
        for arguments in (["--help"], ["-h"], ["--demo", "-ah", "--nosuch"]):
            self.start(*arguments, stdin=subprocess.DEVNULL).ends(out=check)

    def test_version(self):
        for option in ("--version", "-V"):
            self.start(option, stdin=subprocess.DEVNULL).ends(
                out=lambda text: self.assertRegex(text, r"\Ascope \d+\.\d+\.\d+\n\Z"))

    def test_nobody_reads_or_the_disk_is_full(self):
        for option in ("--help", "--version"):
            ours, theirs = os.pipe()
            os.close(ours)
            self.start(option, stdin=subprocess.DEVNULL, stdout=theirs).ends(0)
            os.close(theirs)
            with self.subTest(option=option), open("/dev/full", "wb") as full:
                self.start(option, stdin=subprocess.DEVNULL, stdout=full).ends(
                    1, err="scope: standard output: No space left on device\n")


class Surroundings(Test):
    def test_no_display(self):
        def check(text):
            self.assertRegex(text, r"\Ascope: cannot open a display: [^\n]*--png[^\n]*\n\Z")
        self.start(stdin=subprocess.DEVNULL).ends(1, err=check)
        self.start("--demo", stdin=subprocess.DEVNULL).ends(1, err=check)
        self.start(stdin=subprocess.DEVNULL, env=environment(DISPLAY=":nosuch")).ends(1, err=check)

    def test_no_display_needed(self):
        self.start("--demo", "--png", "demo.png", "--summary", *SMALL, stdin=subprocess.DEVNULL).ends(
            out=lambda text: self.assertEqual({n: r[0] for n, r in numbers(text).items()},
                                              {"sine": 10000, "ringing": 10000, "noise": 10000}))
        plot = Plot(Picture.from_png(self.directory / "demo.png"))
        self.assertTrue(all(plot.has_trace(channel) for channel in range(3)))

    def test_files_that_cannot_be_read(self):
        self.start("nosuch", stdin=subprocess.DEVNULL).ends(1, err="scope: nosuch: No such file or directory\n")
        self.start(".", stdin=subprocess.DEVNULL).ends(1, err="scope: .: Is a directory\n")
        self.start("no\nsuch\x1b", stdin=subprocess.DEVNULL).ends(
            1, err="scope: no\\nsuch\\x1B: No such file or directory\n")
        directory = os.open(self.directory, os.O_RDONLY)
        self.addCleanup(os.close, directory)
        self.start("--png", "p.png", stdin=directory).ends(1, err="scope: standard input: Is a directory\n")

    def test_file_without_permission(self):
        self.write("secret", "1\n").chmod(0)
        prefix = []
        if os.geteuid() == 0:
            self.directory.chmod(0o755)
            prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            if subprocess.run([*prefix, SCOPE, "--version"], capture_output=True).returncode != 0:
                self.skipTest("scope is where nobody else can run it")
        self.start("secret", stdin=subprocess.DEVNULL, prefix=prefix).ends(1, err="scope: secret: Permission denied\n")

    def test_pictures_that_cannot_be_written(self):
        for path, why in (("nodir/p.png", "No such file or directory"), (".", "Is a directory"),
                          ("/dev/full", "No space left on device")):
            self.scope("--png", path, input="1\n", status=1, err=f"scope: {path}: {why}\n")

    def test_the_old_picture_stays_until_there_is_a_new_one(self):
        path = self.directory / "p.png"
        self.scope("--png", "p.png", *SMALL, input="7\n")
        old = path.read_bytes()
        self.start("--png", "p.png", "nosuch", stdin=subprocess.DEVNULL).ends(
            1, err="scope: nosuch: No such file or directory\n")
        self.assertEqual(path.read_bytes(), old)
        self.scope("--png", "p.png", *SMALL, input="1\n2\n")
        Picture.from_png(path)

    def test_a_good_picture_survives_what_goes_wrong(self):
        """A limit on file sizes, as a full disk: the old picture stays, and nothing is left beside it."""
        path = self.directory / "p.png"
        self.scope("--png", "p.png", *SMALL, input="7\n")
        old = path.read_bytes()
        self.scope("--png", "p.png", *SMALL, input="1\n9\n4\n", prefix=["prlimit", "--fsize=100"], status=1,
                   err="scope: p.png: File too large\n")
        self.assertEqual(path.read_bytes(), old)
        self.assertEqual(sorted(p.name for p in self.directory.iterdir() if p.suffix == ".png"), ["p.png"])
        self.assertFalse([p.name for p in self.directory.iterdir() if p.name.startswith(".")], "nothing beside it")

    def test_a_start_that_fails_leaves_no_file(self):
        if not SANITIZED: # a sanitizer needs descriptors of its own
            self.start("--png", "p.png", stdin=subprocess.PIPE, prefix=["prlimit", "--nofile=4"]).ends(
                1, err=lambda text: self.assertRegex(text, r"\Ascope: [^\n]*Too many open files\n\Z"))
        self.start("--png", "q.png", "nosuch", stdin=subprocess.DEVNULL).ends(1, err=lambda text: None)
        self.assertFalse(list(self.directory.glob("*.png")))

    def test_a_picture_on_standard_output(self):
        self.scope("--png", "-", *SMALL, input="1\n2\n", out=lambda text: None)
        with open(self.directory / "q.png", "wb") as file:
            self.scope("--png", "-", *SMALL, input="1\n2\n", stdout=file)
        self.scope("--png", "p.png", *SMALL, input="1\n2\n")
        self.assertEqual((self.directory / "q.png").read_bytes(), (self.directory / "p.png").read_bytes())
        self.assertFalse((self.directory / "-").exists())

    def test_the_demo_has_no_numbers_of_text(self):
        self.start("--demo", "--png", "p.png", "--timing", *SMALL, stdin=subprocess.DEVNULL).ends(
            err=lambda text: self.assertNotRegex(text, "of 0 numbers|nan"))

    def test_closed_descriptors(self):
        for closed in ("0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"):
            with self.subTest(closed=closed):
                process = self.start("--png", "p.png", "--summary", *SMALL, prefix=shell(f'exec "$@" {closed}'))
                if "0" not in closed:
                    process.feed("1\nx\n2\n")
                no_output = "1" in closed
                no_errors = "2" in closed or "0" in closed
                process.ends(out="" if no_output else table() if "0" in closed else table((1, 2, 1, 2, 1.5, 2)),
                             err="" if no_errors else rejected(2, "x"))
                Picture.from_png(self.directory / "p.png")

    def test_summary_that_nobody_reads(self):
        ours, theirs = os.pipe()
        os.close(ours)
        self.scope("--png", "p.png", "--summary", *SMALL, input="1\n2\n", stdout=theirs)
        os.close(theirs)
        Picture.from_png(self.directory / "p.png")
        with open("/dev/full", "wb") as full:
            self.scope("--png", "p.png", "--summary", *SMALL, input="1\n2\n", stdout=full, status=1,
                       err="scope: standard output: No space left on device\n")

    def test_signals_complete_what_was_promised(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                process = self.start("--png", f"{number.name}.png", "--summary", *SMALL)
                process.feed("".join(f"{n}\n" for n in range(1000)))
                process.swallowed()
                process.end_quickly(lambda: process.signal(number), out=table((1, 1000, 0, 999, 499.5, 999)))
                Picture.from_png(self.directory / f"{number.name}.png")

    def test_a_signal_finishes_the_line(self):
        process = self.start("--png", "p.png", "--summary", *SMALL)
        process.feed("1\n2\n3")
        process.swallowed()
        process.end_quickly(lambda: process.signal(signal.SIGINT),
                            out=lambda text: self.assertIn(numbers(text)["1"], ((2, 1, 2, 1.5, 2), (3, 1, 3, 2, 3))))

    def test_timing(self):
        """Two lines of figures; the numbers in them are for people and benchmarks."""
        def check(text):
            frames, samples = text.splitlines()
            self.assertRegex(frames, r"\Ascope: timing: frames: .*\d")
            self.assertRegex(samples, r"\Ascope: timing: input: 1000 samples in .*\d")
        self.scope("--png", "p.png", "--timing", *SMALL, input="5\n" * 1000, err=check)

    def test_a_device_as_file(self):
        self.start("--png", "p.png", "--summary", *SMALL, "/dev/null", stdin=subprocess.DEVNULL).ends(out=table())

    def test_the_locale_changes_nothing(self):
        text = "a,b\n1.5,2.5\n-0.125,1e-3\n1,5\n"
        outputs = []
        for env in (environment(LC_ALL="C"), environment(LC_ALL="comma"), environment(LC_ALL="de_DE.UTF-8"),
                    environment(LC_ALL="tr_TR.UTF-8", LANG="de_DE.UTF-8")):
            outputs.append(self.scope("--png", "p.png", "--summary", "--range=-1.5:5.5", *SMALL, input=text, env=env,
                                      out=table(("a", 3, -0.125, 1.5, exact_number(2.375 / 3), 1),
                                                ("b", 3, 0.001, 5, exact_number(7.501 / 3), 5))))
            outputs[-1] = (self.directory / "p.png").read_bytes()
        self.assertEqual(len(set(outputs)), 1, "the pictures differ")


class Limits(Test):
    def test_status_3_for_scripts(self):
        inside, outside = "1\n2\nnan\n5\n", "1\n2\n5.001\n"
        for arguments in (["--png", "p.png"], ["--svg", "p.svg"], ["--png", "q.png", "--exit"]):
            self.scope("--limits", "1:5", *arguments, *SMALL, input=inside)
            self.scope("--limits", "1:5", *arguments, *SMALL, input=outside, status=3)
        self.scope("--png", "p.png", *SMALL, input=outside)

    def test_a_failure_is_a_failure(self):
        self.scope("--limits", "1:5", "--png", "none/p.png", input="9\n", status=1,
                   err="scope: none/p.png: No such file or directory\n")


class Percentiles(Test):
    """--summary=full against the sorted list of all values: exact up to a million, then within a thousandth."""

    def table(self, values):
        path = self.write("data.txt", "\n".join(map(repr, values)) + "\n")
        process = self.start("--summary=full", "--png", "p.png", *SMALL, path.name, stdin=subprocess.DEVNULL)
        process.wait_as_it_is()
        process.checked = True
        head, row = process.out.splitlines()
        self.assertEqual(head, "channel\tcount\tmin\tmax\tmean\tlast\trms\tsd\tp50\tp95\tp99")
        return dict(zip(head.split("\t")[1:], map(float, row.split("\t")[1:])))

    def test_against_the_sorted_list(self):
        dice = random.Random(8)
        some = 20000 if SANITIZED else 1000000
        for count in (some, 1200000):
            if SANITIZED and count > some:
                continue
            values = [dice.gauss(3, 100) for _ in range(count)]
            table = self.table(values)
            values.sort()
            for percent in (50, 95, 99):
                exact = values[math.ceil(percent * count / 100) - 1]
                error = abs(table[f"p{percent}"] - exact) / abs(exact)
                self.assertLessEqual(error, 0 if count <= 1000000 else 1e-3, percent)
            mean = math.fsum(values) / count
            sd = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / count)
            self.assertLessEqual(abs(table["sd"] - sd), 1e-12 * sd)
            self.assertLessEqual(abs(table["rms"] - math.sqrt(math.fsum(v * v for v in values) / count)), 1e-12 * sd)

    def test_only_full(self):
        self.scope("--summary=all", status=2,
                   err="scope: --summary: 'all': expected full, or nothing\nTry 'scope --help' for more information.\n")


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
