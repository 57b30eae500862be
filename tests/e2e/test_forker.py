"""forker as a person meets it: what it prints, to a pipe, a file and a terminal, and what it says to bad input."""
import os
import resource
import signal
import subprocess

from forker_harness import ENDED, METHODS, ONCE, SANITIZED, Test, anything, main, shell
from harness import Terminal, environment, until


class Plain(Test):
    def expected_lines(self, forker, listing, last, every=10):
        """What the log says that has happened, in words; the counter apart."""
        counter = self.check_ticks(forker, last)
        pids = {record["tick"]: record["pid"] for record in forker.log("fork")}
        skipped = {record["tick"]: record["running"] for record in forker.log("skipped")}
        text = []
        for number in counter:
            if number % every == 0 and number not in skipped:
                text += ["About to fork...", "Child process: About to execute ls -l", *listing,
                         f"Child {pids[number]} exited with status 0 after"]
        return [str(number) for number in counter], text, skipped

    def check_plain(self, forker, text, listing, last):
        lines = text.splitlines()
        self.assertTrue(text.endswith("\n"))
        counter, others, skipped = self.expected_lines(forker, listing, last)
        self.assertEqual([line for line in lines if line.isdigit()], counter)
        got = [line for line in lines if not line.isdigit() and not line.startswith("Skipped: ")]
        for line in got:
            if line.startswith("Child ") and not line.startswith("Child process"):
                self.assertTrue(ENDED.fullmatch(line), line)
        self.assertEqual([line.rsplit(" ", 2)[0] if ENDED.fullmatch(line) else line for line in got], others)
        for place, line in enumerate(lines):
            if line == "About to fork...":
                self.assertEqual(int(lines[place - 1]) % 10, 0, "a fork at every tenth tick")
            if line.startswith("Skipped: "):
                self.assertIn(int(lines[place - 1]), skipped)

    def test_through_a_pipe(self):
        """Word for word: each line once, in order, the listing in one piece."""
        directory, prefix = self.own_directory()
        for name in ("notes", "with a blank", ".hidden"):
            (directory / name).write_text(name)
        listing = subprocess.check_output(["ls", "-l"], cwd=directory, env=environment(), text=True).splitlines()
        for method in METHODS:
            with self.subTest(method=method):
                forker = self.start("--spawn", method, "-i", 0.02, "-n", 25, prefix=prefix, stdout=subprocess.PIPE)
                text = forker.read_all()
                forker.ends()
                forker.out_path.write_text(text)
                self.check_plain(forker, text, listing, 25)
                numbers = forker.summary()
                self.assertEqual(numbers["failed"], 0)
                self.assertEqual(numbers["reaped"], len(forker.log("fork")))
                self.assertEqual(numbers["orphans"], 0)

    def test_a_pipeline_of_a_shell(self):
        forker = self.start("-i", 0.02, "-n", 25, prefix=shell('"$@" | cat'))
        forker.ends(err=anything)
        self.check_ticks_of_text(forker.out)
        printed = self.check_ticks(forker, 25)
        for number in (10, 20):
            self.assertEqual(f"\n{number}\nAbout to fork...\n" in forker.out, number in printed, forker.out)

    def check_ticks_of_text(self, text):
        counter = [int(line) for line in text.splitlines() if line.isdigit()]
        self.assertEqual(counter, sorted(set(counter)))

    def test_five_thousand_files(self):
        """Hundreds of kilobytes between the numbers, in whole lines."""
        directory, prefix = self.own_directory()
        for number in range(5000):
            (directory / f"a-file-with-a-longer-name-{number:05}").touch()
        listing = subprocess.check_output(["ls", "-l"], cwd=directory, env=environment(), text=True).splitlines()
        forker = self.start("-i", 0.05, "-n", 12, prefix=prefix, stdout=subprocess.PIPE)
        text = forker.read_all()
        forker.ends()
        forker.out_path.write_text(text)
        self.check_plain(forker, text, listing, 12)

    def test_jobs_at_once_never_mix_within_a_line(self):
        """Each line is written in pieces, with pauses, and longer than what a pipe takes in one."""
        script = 'l=0; while [ $l -lt 6 ]; do i=0; while [ $i -lt 30 ]; do printf "x%0299d" $$; ' \
                 '[ $((i % 10)) = 5 ] && sleep 0.01; i=$((i+1)); done; echo; l=$((l+1)); done'
        forker = self.start("-i", 0.01, "-e", 1, "-n", 16, "-j", 16, "--", "sh", "-c", script, stdout=subprocess.PIPE)
        text = forker.read_all()
        forker.ends()
        forker.out_path.write_text(text)
        self.check_ticks(forker, 16)
        forks = [record["pid"] for record in forker.log("fork")]
        long_lines = [line for line in text.splitlines() if len(line) > 1000 and not line.startswith("Child process")]
        self.assertEqual(sorted(long_lines), sorted(f"x{pid:0299}" * 30 for pid in forks for _ in range(6)))
        rest = [line for line in text.splitlines() if len(line) <= 1000]
        for line in rest:
            self.assertTrue(line.isdigit() or line == "About to fork..." or line.startswith("Child process: ") or
                            ENDED.fullmatch(line), line)

    def test_a_line_without_an_end_and_a_very_long_one(self):
        forker = self.finish("-q", *ONCE, "--", "printf", "no end", err="")
        self.assertEqual(forker.out, "no end\n")
        forker = self.finish("-q", *ONCE, "--", "sh", "-c",
                             "head -c 300000 /dev/zero | tr '\\0' x; printf '\\0\\377\\n'", err="")
        self.assertEqual(forker.out_path.read_bytes(), b"x" * 300000 + b"\0\377\n")

    def test_standard_error(self):
        forker = self.finish("-q", *ONCE, "--", "sh", "-c", "echo complaint >&2",
                             err="complaint\n")
        self.assertEqual(forker.out, "")

    def test_standard_error_in_whole_lines(self):
        """Each line is written in two pieces, by twenty children at once; in a run of samples, too."""
        script = 'for i in 1 2 3 4 5 6 7 8 9; do printf "one piece, " >&2; sleep 0.01; printf "and another\\n" >&2; done'
        for kind in ((), ("--sample", "wall"), ("--sample", "out")):
            with self.subTest(kind=kind):
                forker = self.finish("-q", "-i", 0.01, "-e", 1, "-n", 20, "-j", 20, *kind, "--", "sh", "-c", script,
                                     err=anything)
                self.assertEqual(forker.err, "one piece, and another\n" * 9 * len(forker.log("fork")))

    def test_both_to_one_place_keep_their_order(self):
        script = "for i in 1 2 3 4 5 6 7 8 9; do echo $i; echo $i >&2; done"
        forker = self.finish("-q", *ONCE, "--", "sh", "-c", script, err="",
                             stderr=subprocess.STDOUT)
        self.assertEqual(forker.out, "".join(f"{i}\n{i}\n" for i in range(1, 10)))

    def test_to_the_null_device(self):
        """There are no lines to keep whole: children write there themselves, unless it was opened for reading."""
        script = 'seen=$(readlink /proc/$$/fd/1 /proc/$$/fd/2); echo lost; echo lost >&2; echo "$seen" > "$0"'
        for flags, seen in ((os.O_WRONLY, "/dev/null"), (os.O_RDWR, "/dev/null"), (os.O_RDONLY, "pipe:")):
            fd = os.open("/dev/null", flags)
            try:
                self.finish(*ONCE, "--", "sh", "-c", script, self.directory / "seen", stdout=fd, stderr=fd, err=anything)
            finally:
                os.close(fd)
            places = (self.directory / "seen").read_text().splitlines()
            self.assertEqual([place[:len(seen)] for place in places], [seen] * 2)

    def test_standard_error_that_nobody_reads(self):
        """A child waits as at any pipe, and the count goes on."""
        ours, theirs = os.pipe()
        os.set_blocking(theirs, False)
        try:
            while True:
                os.write(theirs, b"x" * 4096)
        except BlockingIOError:
            pass
        os.set_blocking(theirs, True)
        forker = self.start("-i", 0.01, "-e", 1, "--", "sh", "-c", "yes complaint >&2", stderr=theirs)
        os.close(theirs)
        forker.reaches(50)
        self.assertLess(forker.peak_mib(), 64 if SANITIZED else 8)
        forker.signal(signal.SIGTERM)
        self.assertEqual(forker.wait(), 0)
        os.close(ours)
        self.nothing_left()

    def test_defaults(self):
        """Half a second, from the start on; and every tenth."""
        forker = self.finish("-e", 1, "-n", 3, "--", "true")
        for record in forker.log("fork"):
            self.assertGreaterEqual(record["t"], 0.5 * (record["tick"] - 1))
        self.assertLess(forker.log("fork")[-1]["t"], 0.5 * forker.log("fork")[-1]["tick"] + 5)
        forker = self.finish("-i", 0.005, "-n", 35, "-j", 9, "--", "true")
        missed = {record["tick"] + i for record in forker.log("missed") for i in range(record["count"])}
        self.assertEqual([record["tick"] for record in forker.log("fork")],
                         [number for number in (10, 20, 30) if number not in missed])

    def test_closed_output_ends_it_quietly(self):
        for command in (["true"], ["sleep", "1000"]):
            with self.subTest(command=command):
                forker = self.start("-i", 0.01, "-e", 2, "--", *command, stdout=subprocess.PIPE)
                forker.process.stdout.readline()
                forker.logged("fork")
                forker.process.stdout.close()
                forker.ends(err="")

    def test_closed_output_leaves_nothing_to_wait_for(self):
        """Without a child there is nobody whose grace would have to pass."""
        forker = self.start("-i", 0.01, "-e", 10000, "--kill-after", 1000, stdout=subprocess.PIPE)
        forker.process.stdout.readline()
        forker.process.stdout.close()
        forker.ends(err="")

    def test_closed_descriptors(self):
        """They are opened on /dev/null: no pipe of forker's takes their place."""
        for closed in ("0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"):
            with self.subTest(closed=closed):
                forker = self.start(*ONCE, "--", "sh", "-c", "echo out; echo err >&2",
                                    prefix=shell(f'exec "$@" {closed}'))
                forker.ends(err=anything)
                self.assertEqual("out\n" in forker.out, "1>" not in closed)
                self.assertEqual("err\n" in forker.err, "2>" not in closed)
                self.check_log(forker)

    def test_help_and_version(self):
        self.start("--help", log=False).ends(out=lambda text: self.assertIn("--sample KIND,...", text), err="")
        self.start("-V", log=False).ends(out=lambda text: self.assertRegex(text, r"^forker \d\S*\n$"), err="")


class OnATerminal(Test):
    def terminal(self):
        terminal = Terminal()
        self.addCleanup(terminal.close)
        return terminal

    def on_terminal(self, *arguments, **options):
        terminal = self.terminal()
        forker = self.start(*arguments, stdout=terminal.theirs, **options)
        terminal.leave()
        return forker, terminal

    def test_children_write_themselves(self):
        """Their standard output is the terminal, and what was said before is there before."""
        for method in METHODS:
            with self.subTest(method=method):
                forker, terminal = self.on_terminal("--spawn", method, "-i", 0.02, "-e", 5, "-n", 12, "--",
                                                    "readlink", "/proc/self/fd/1")
                until(lambda: terminal.read() and not forker.running(), "it ends")
                forker.ends()
                lines = terminal.read().splitlines()
                pids = [record["pid"] for record in forker.log("fork")]
                others = [line for line in lines if not line.isdigit() and not line.startswith("Skipped")]
                self.assertEqual(len(others), 4 * len(pids), lines)
                for pid in pids:
                    four, others = others[:4], others[4:]
                    self.assertEqual(four[:2],
                                     ["About to fork...", "Child process: About to execute readlink /proc/self/fd/1"])
                    self.assertRegex(four[2], r"^/dev/(pts/|console)")
                    self.assertTrue(four[3].startswith(f"Child {pid} exited with status 0 after "), four)
                self.check_ticks_of(lines, forker)

    def check_ticks_of(self, lines, forker):
        counter = [int(line) for line in lines if line.isdigit()]
        missed = sum(record["count"] for record in forker.log("missed"))
        self.assertEqual(counter, sorted(set(counter)))
        self.assertEqual(len(counter) + missed, 12)

    def test_a_terminal_that_goes(self):
        forker, terminal = self.on_terminal("-i", 0.01, "-e", 2, "--", "sleep", "1000")
        forker.logged("fork")
        terminal.close()
        forker.ends(err="")

    def test_ctrl_c_reaches_forker_alone(self):
        """The child has a group of its own; it hears of it from forker, as SIGTERM."""
        script = 'trap "echo INT; exit 1" INT; trap "echo TERM; exit 0" TERM; echo ready; ' \
                 'while :; do sleep 0.02; done'
        terminal = self.terminal()
        forker = self.start("-i", 0.01, "-e", 1, "--", "sh", "-c", script, stdout=terminal.theirs,
                            stdin=terminal.theirs, prefix=["setsid", "--ctty"])
        terminal.leave()
        terminal.expect("\nready\n") # a line of its own; the announcement has the word as well
        terminal.type("\x03")
        until(lambda: terminal.read() and not forker.running(), "it ends")
        forker.ends(err=anything) # the shell says what became of its sleep
        self.assertIn("TERM\n", terminal.read())
        self.assertNotIn("INT\n", terminal.text)
        self.assertEqual([record.get("status") for record in forker.log("exit")], [0])


class BadInput(Test):
    TOUCH = ("--", "touch", "started")

    def started(self):
        return (self.directory / "started").exists()

    def test_usage(self):
        seconds, count = "expected seconds from 0.001 to 300000000", "expected a number of ticks from 1 on"
        kinds = "expected out, wall, user, sys, maxrss, spawn, each at most once, with commas between them"
        jobs = "expected a number of children from 1 to 500"
        cases = [(option, value, right) for right, options, values in (
            (seconds, ("interval", "timeout"),
             ("0", "-1", "nan", "inf", "", "1s", "1,5", "0.0009", "1e300", "x", "0.1 ")),
            ("expected seconds from 0 to 300000000", ("kill-after",), ("-1", "nan", "", "2s")),
            (count, ("every", "count"), ("0", "-1", "1.5", "", "x", "99999999999999999999")),
            (jobs, ("jobs",), ("0", "-1", "501", "", "many")),
            (kinds, ("sample",), ("", "foo", "wall,", ",wall", "wall,wall", "WALL", "wall;user")),
            ("expected fork, vfork or posix_spawn", ("spawn",), ("", "clone", "Fork")),
            ("expected zombie, orphan or fork", ("demo",), ("", "zombies")),
            ("expected success or failure", ("until",), ("", "succes", "Failure")),
            ("expected text or json", ("summary",), ("", "yaml")),
            ("expected the name of a file", ("log",), ("",)),
        ) for option in options for value in values]
        for option, value, right in cases:
            with self.subTest(option=option, value=value):
                self.usage_error("-e", "1", f"--{option}={value}", *self.TOUCH,
                                 message=f"--{option}: '{value}': {right}")
        self.assertFalse(self.started())

    def test_unknown_options_and_commands(self):
        for words, message in (
                (("--bogus",), "unknown option '--bogus'"),
                (("-x",), "unknown option '-x'"),
                (("--fail-fast=1",), "option '--fail-fast' takes no argument: '--fail-fast=1'"),
                (("--demo", "zombie"), "'touch': --demo takes no COMMAND")):
            with self.subTest(words=words):
                self.usage_error(*words, *self.TOUCH, message=message)
        for option, name in (("-i", "SECONDS"), ("-n", "N")):
            self.usage_error(option, message=f"option '{option}' needs an argument: {name}")
        self.usage_error("-e", 1, "", "x", message="'': the command is empty")
        self.usage_error("-e", 1, "--", "", message="'': the command is empty")
        self.assertFalse(self.started())

    def test_a_log_that_cannot_be_opened(self):
        (self.directory / "directory").mkdir()
        os.mkfifo(self.directory / "fifo")
        for name, reason in (("none/x", "No such file or directory"), ("directory", "Is a directory"),
                             ("fifo", "No such device or address")):
            with self.subTest(name=name):
                self.start("--log", name, "-e", 1, *self.TOUCH, log=False).ends(
                    1, out="", err=f"forker: --log {name}: {reason}\n")
        self.assertFalse(self.started())

    def test_a_full_disk(self):
        """It is said once, and how much was lost at the end; the runs go on."""
        def complaint(text):
            first, rest = text.split("\n", 1)
            self.assertEqual(first, "forker: /dev/full: No space left on device")
            rest, last, _ = rest.rsplit("\n", 2)
            numbers = forker.summary(rest + "\n")
            self.assertEqual((numbers["reaped"], numbers["ticks"] + numbers["missed"]), (numbers["ticks"], 3))
            self.assertRegex(last, r"^forker: /dev/full: \d+ lines lost: No space left on device$")
        forker = self.start("--log", "/dev/full", "-i", 0.3, "-e", 1, "-n", 3, "-j", 9, "--", "echo", "x", log=False)
        forker.ends(1, err=complaint)
        self.assertEqual(forker.lines().count("x"), sum(line.isdigit() for line in forker.lines()))
        with open("/dev/full", "wb") as full:
            forker = self.start("-i", 0.01, "-e", 1, "--", "sleep", "1000", stdout=full)
            forker.logged("skipped", 3)
            self.assertEqual(len(forker.logged("exec")), 1)
            forker.stop(err=lambda text: self.assertRegex(
                text, r"\Aforker: standard output: No space left on device\n(.*\n)+"
                      r"forker: standard output: \d+ lines lost: No space left on device\n\Z"))

    def test_a_disk_that_is_full_for_a_while(self):
        """Whole lines in output and log at any time, and nothing of them lost: memory held them."""
        size = 3000 # of each file: full in the middle of a line
        path = self.directory / "log"
        with open(self.directory / "out", "wb") as out:
            forker = self.start("-i", 0.005, "-e", 1, "-j", 9, "--log", path, "--", "echo", "x", stdout=out, log=False,
                                prefix=["prlimit", f"--fsize={size}:"])
        forker.log_path = path
        forker.out_path = self.directory / "out"
        forker.says("standard output: File too large\n", "err")
        forker.says(f"{path}: File too large\n", "err")
        for text in (forker.out, path.read_text()):
            self.assertLess(size - 300, len(text))
            self.assertEqual(text[-1], "\n")
        resource.prlimit(forker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        until(lambda: min(len(forker.out), len(path.read_text())) > 2 * size, "both go on")
        forker.stop(err=anything)
        self.assertNotIn("lost", forker.err)
        lines = forker.lines()
        forks = self.check_log(forker)
        told_to_end = sum("signal" in record for record in forker.log("exit"))
        self.assertTrue(forks - told_to_end <= lines.count("x") <= forks, (forks, told_to_end, lines.count("x")))
        ticks = [int(line) for line in lines if line.isdigit()]
        self.assertEqual(len(ticks), len(set(ticks)))

    def test_the_log_is_appended_to(self):
        """Also behind a line that a full disk has cut."""
        path = self.write("log", '{"t":1.5,"ti')
        self.finish("--log", path, *ONCE, "--", "true", log=False)
        lines = path.read_text().split("\n")
        self.assertEqual(lines[0], '{"t":1.5,"ti')
        self.assertEqual([line.count('"event":') for line in lines[1:]], [1, 1, 1, 1, 1, 0])

    def test_a_name_cannot_play_tricks(self):
        def check(text):
            self.assertNotIn("\x1b", text)
            self.assertRegex(text, r"^forker: .*: No such file or directory\n")
        self.finish(*ONCE, "--", "no\x1b[31m\nsuch", status=1, err=check)


class Quiet(Test):
    def test_only_what_the_command_prints(self):
        forker = self.finish("-q", "-i", 0.02, "-e", 1, "-n", 5, "-j", 5, "--", "echo", "word", err="")
        self.assertEqual(forker.out, "word\n" * len(forker.log("fork")))

    def test_it_says_what_goes_wrong(self):
        self.finish("-q", *ONCE, "--", "nosuch-command", status=1, out="",
                    err="forker: nosuch-command: No such file or directory\n")


if __name__ == "__main__":
    main()
