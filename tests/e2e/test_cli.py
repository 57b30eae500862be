"""scope without a window: options, files, --png, --summary, limits, ends of all kinds."""
import math
import os
import random
import signal
import subprocess

from harness import environment, main
from picture import Picture, Plot
from scope_harness import SANITIZED, SCOPE, SMALL, Test, exact_number, numbers, rejected, table

HINT = "Try 'scope --help' for more information.\n"


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


if __name__ == "__main__":
    main()
