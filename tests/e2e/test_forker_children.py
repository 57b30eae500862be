"""A child's beginning and end: clean at the start, its end reported whole, and a fork that fails."""
import os
import signal
import subprocess

from forker_harness import METHODS, ONCE, Test, anything, main, skip_unless, works
from harness import PATIENCE_S, Late, environment, until

COUNTING = "read n < n; echo $((n+1)) > n; " # each run has the next number
TERMINATING = [number for number in range(1, signal.SIGRTMAX + 1)
               if number not in (signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGSTOP,
                                 signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)]
DUMPING = (signal.SIGQUIT, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV,
           signal.SIGXCPU, signal.SIGXFSZ, signal.SIGSYS)

LIBRARYS_OWN = 3 << 31 # 32 and 33, which nobody can ask glibc about: its posix_spawn leaves them ignored


def signal_name(number):
    if number > signal.SIGRTMIN:
        return f"SIGRTMIN+{number - signal.SIGRTMIN}"
    if number == signal.SIGRTMIN:
        return "SIGRTMIN+0"
    if number in (32, 33):
        return f"signal {number}"
    return {signal.SIGPOLL: "SIGPOLL", signal.SIGABRT: "SIGABRT"}.get(number, signal.Signals(number).name)


class Start(Test):
    FIELDS = ("SigBlk", "SigIgn", "SigCgt", "SigPnd")

    def status_of_a_child(self, *words, prefix=(), **options):
        forker = self.finish("-q", *ONCE, *words, "--", "cat", "/proc/self/status", err=anything,
                             prefix=prefix, **options)
        lines = dict(line.split(":\t", 1) for line in forker.lines() if ":\t" in line)
        return {name: int(lines[name].strip(), 16) & ~LIBRARYS_OWN for name in self.FIELDS}

    def test_dispositions_and_mask(self):
        """All default, whatever forker ignores or was started with; the mask is that which forker was started with."""
        mask = sum(1 << (number - 1) for number in (signal.SIGUSR2, signal.SIGTERM, signal.SIGRTMIN))
        ignoring = "CHLD,USR1,PIPE,HUP,INT,QUIT,TTIN"
        for method in METHODS:
            with self.subTest(method=method):
                self.assertEqual(self.status_of_a_child("--spawn", method), dict.fromkeys(self.FIELDS, 0))
                prefix = ["env", f"--ignore-signal={ignoring}", f"--block-signal=USR2,TERM,{signal.SIGRTMIN}"]
                self.assertEqual(self.status_of_a_child("--spawn", method, prefix=prefix),
                                 {**dict.fromkeys(self.FIELDS, 0), "SigBlk": mask})

    def test_sigchld_ignored_at_the_start(self):
        """Children would vanish by themselves, unreaped."""
        forker = self.finish("-i", 0.01, "-e", 1, "-n", 5, "-j", 5, "--", "sh", "-c", "exit 7", status=1,
                             prefix=["env", "--ignore-signal=CHLD"])
        self.assertGreater(self.check_log(forker), 0)
        self.assertEqual({record["status"] for record in forker.log("exit")}, {7})

    def test_blocked_signals_end_forker_all_the_same(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            forker = self.start("-i", 0.01, "-e", 1, "--kill-after", 0.1, "--", "sleep", "1000",
                                prefix=["env", "--block-signal=TERM,INT,CHLD"])
            forker.logged("exec")
            forker.stop(number)

    def test_descriptors(self):
        """0 to 2, although forker was started with more; standard input is /dev/null; so it is with every method."""
        ours = [os.open("/dev/null", os.O_RDONLY), *os.pipe()]
        high = 200
        os.dup2(ours[0], high)
        for fd in (*ours, high):
            self.addCleanup(os.close, fd)
        script = 'n=0; while [ $n -lt 256 ]; do [ -e /proc/$$/fd/$n ] && echo fd $n; n=$((n+1)); done; ' \
                 'echo in $(readlink /proc/$$/fd/0); echo out $(readlink /proc/$$/fd/1); cat; echo end'
        for method in METHODS:
            for jobs in (1, 8):
                with self.subTest(method=method, jobs=jobs):
                    with open(self.write("input", "not for children"), "rb") as file:
                        forker = self.finish("-q", "--spawn", method, "-i", 0.02, "-e", 1, "-n", jobs, "-j", jobs, "--",
                                             "sh", "-c", script, stdin=file, pass_fds=(*ours, high), err="")
                    runs = len(forker.log("fork"))
                    lines = sorted(forker.lines())
                    outs = [line for line in lines if line.startswith("out ")]
                    self.assertEqual([line for line in lines if line not in outs],
                                     sorted(["fd 0", "fd 1", "fd 2", "in /dev/null", "end"] * runs))
                    self.assertTrue(all("pipe:" in line for line in outs), outs)

    def test_standard_input(self):
        """It is there, whatever the outputs of forker are."""
        for method in METHODS:
            for words in ((), ("--sample", "out")):
                with self.subTest(method=method, words=words):
                    self.finish("-q", *ONCE, "--spawn", method, *words, "--", "sh", "-c",
                                "readlink /proc/self/fd/0 > where; cat; echo $? >> where", err="")
                    self.assertEqual((self.directory / "where").read_text(), "/dev/null\n0\n")

    def test_group(self):
        """A group of its own, in the session that it was, whoever asks first."""
        for method in METHODS:
            with self.subTest(method=method):
                forker = self.finish("-q", "--spawn", method, "-i", 0.02, "-e", 1, "-n", 5, "-j", 5, "--", "cat",
                                     "/proc/self/stat", err="")
                for line in forker.lines():
                    pid, (_, parent, group, session) = line.split()[0], line.rpartition(") ")[2].split()[:4]
                    self.assertEqual((parent, group, session), (str(forker.pid), pid, str(os.getsid(0))))

    def test_arguments_and_environment(self):
        words = ["a b", "", "*", "'", "\\n", "-n", "--"]
        forker = self.finish("-q", *ONCE, "--", "printf", "<%s>", *words, err="")
        self.assertEqual(forker.out, "".join(f"<{word}>" for word in words) + "\n")
        forker = self.finish("-q", *ONCE, "sh", "-c", "echo $FORKER_TEST", err="")
        self.assertEqual(forker.out, self.mark + "\n")

    def test_numbers_of_tick_and_run(self):
        """Of this forker, whatever one that started it has set."""
        outer = {"FORKER_TEST": self.mark, "FORKER_TICK": "77", "FORKER_RUN": "78"}
        for method in METHODS:
            with self.subTest(method=method):
                forker = self.finish("-q", "--spawn", method, "-i", 0.02, "-e", 2, "-n", 7, "-j", 9, "--", "sh", "-c",
                                     'echo "$FORKER_RUN $FORKER_TICK"; env | grep -c ^FORKER_[TR][IU]', err="",
                                     env=environment(**outer))
                ticks = [record["tick"] for record in forker.log("fork")]
                lines = forker.lines()
                self.assertEqual(sorted(line for line in lines if " " in line),
                                 [f"{run} {tick}" for run, tick in enumerate(ticks, 1)])
                self.assertEqual(lines.count("2"), len(ticks))


class End(Test):
    def run_numbered(self, script, count, *words, prefix=()):
        """Runs a script that takes its number from a file, count times: the records of their ends, and {pid: line}."""
        self.write("n", "0\n")
        forker = self.start("-i", 0.003, "-e", 1, *words, "--", "sh", "-c", COUNTING + script, prefix=prefix)
        until(lambda: len(forker.log("exit")) >= count, f"{count} runs", 3 * PATIENCE_S)
        forker.stop(err=anything) # a shell has no more numbers
        records = forker.log("exit")[:count]
        lines = {int(line.split()[1]): line for line in forker.lines()
                 if line.startswith("Child ") and not line.startswith("Child process")}
        return records, lines

    def test_every_exit_status(self):
        records, lines = self.run_numbered("exit $n", 256)
        for number, record in enumerate(records):
            self.assertEqual(record["status"], number)
            self.assertNotIn("signal", record)
            self.assertRegex(lines[record["pid"]],
                             rf"^Child {record['pid']} exited with status {number} after \d+\.\d ms$")

    def test_every_terminating_signal(self):
        words = " ".join(map(str, map(int, TERMINATING)))
        records, lines = self.run_numbered(f"set -- {words}; shift $n; kill -$1 $$", len(TERMINATING))
        for number, record in zip(TERMINATING, records):
            name = signal_name(number)
            self.assertEqual((record["signal"], record["core"]), (name, False))
            self.assertNotIn("status", record)
            self.assertRegex(lines[record["pid"]],
                             rf"^Child {record['pid']} killed by {name.replace('+', '[+]')} after \d+\.\d ms$")

    def test_core_dumps(self):
        """As the machine says itself, where we ask it for one."""
        limits = ["prlimit", "--core=unlimited:unlimited"]
        if not works(*limits, "true"):
            self.skipTest("no core dumps allowed here")
        expected = []
        for number in DUMPING:
            child = subprocess.Popen([*limits, "sh", "-c", f"kill -{int(number)} $$"], cwd=self.directory)
            _, status = os.waitpid(child.pid, 0)
            child.returncode = 0
            expected.append(os.WCOREDUMP(status))
        words = " ".join(str(int(number)) for number in DUMPING)
        records, lines = self.run_numbered(f"set -- {words}; shift $n; kill -$1 $$", len(DUMPING), prefix=limits)
        if [record["core"] for record in records] != expected: # the kernel gives one up when the machine is suspended
            raise Late("a dump")
        for record in records:
            self.assertEqual("(core dumped)" in lines[record["pid"]], record["core"])

    def test_not_found_and_not_executable(self):
        self.write("plain", "no program")
        self.write("no-interpreter", "#!/nonexistent/interpreter\n").chmod(0o755)
        (self.directory / "directory").mkdir()
        for name, reason, status in (
                ("nosuch", "No such file or directory", 127), ("./nosuch", "No such file or directory", 127),
                ("./plain", "Permission denied", 126), ("./directory", "Permission denied", 126),
                ("./plain/x", "Not a directory", 126), ("./no-interpreter", "No such file or directory", 127)):
            for method in METHODS:
                with self.subTest(name=name, method=method):
                    message = f"forker: {name}: {reason}\n"
                    forker = self.finish("-q", "--spawn", method, "-i", 0.01, "-e", 1, "--fail-fast", "--", name,
                                         status=status, out="", err=message)
                    error = [record["error"] for record in forker.log("exec")]
                    self.assertEqual(error, [reason])
                    forks = [record["pid"] for record in forker.log("fork")]
                    self.assertEqual(forks, [record["pid"] for record in forker.log("exit")])
        forker = self.finish("-i", 0.02, "-e", 1, "-n", 3, "-j", 3, "--", "nosuch", status=1, err=anything)
        self.assertNotIn("exited", forker.out)
        self.assertEqual(forker.err.count("forker: nosuch: No such file or directory\n"), len(forker.log("fork")))

    def test_a_script_without_an_interpreter(self):
        """/bin/sh runs it, as execvp, tini, timeout, env and xargs do; found by its name, too."""
        self.write("script", 'echo "$0 $*"; exit 3').chmod(0o755)
        path = f"{self.directory}:{os.environ['PATH']}"
        for name in ("./script", "script"):
            for method in METHODS:
                with self.subTest(name=name, method=method):
                    forker = self.finish("-q", "--spawn", method, *ONCE, "--", name, "a b", "c",
                                         status=1, err="", env=environment(FORKER_TEST=self.mark, PATH=path))
                    self.assertRegex(forker.out, r"^\S*script a b c\n$")
                    self.assertEqual([record["status"] for record in forker.log("exit")], [3])

    def test_a_place_in_path_that_is_too_long(self):
        path = "/" + "x" * 5000 + ":" + os.environ["PATH"]
        for method in METHODS:
            with self.subTest(method=method):
                forker = self.finish("-q", "--spawn", method, *ONCE, "--", "echo", "found",
                                     err="", env=environment(FORKER_TEST=self.mark, PATH=path))
                self.assertEqual(forker.out, "found\n")

    def test_a_failed_run_and_the_status(self):
        for script, count_status, fast_status in (
                ("exit 0", 0, None), ("exit 3", 1, 3), ("exit 255", 1, 255), ("kill -9 $$", 1, 137),
                ("kill -TERM $$", 1, 143), ("exit 124", 1, 124)):
            with self.subTest(script=script):
                words = ("-i", 0.01, "-e", 1, "--", "sh", "-c", script)
                self.finish("-n", 2, "-j", 2, *words, status=count_status)
                if fast_status is not None:
                    forker = self.finish("--fail-fast", *words, status=fast_status)
                    self.assertEqual(forker.summary()["failed"], 1)
        self.finish("--fail-fast", "-i", 0.01, "-e", 1, "-n", 2, "-j", 2, "--", "true")

    def test_fail_fast_takes_the_others_along(self):
        # Each of the first three has a directory of its own: of two that come at once, mkdir refuses one.
        script = "for i in 1 2 3; do mkdir $i 2>/dev/null && exec sleep 1000; done; exit 9"
        forker = self.finish("--fail-fast", "-i", 0.05, "-e", 1, "-j", 4, "--", "sh", "-c", script, status=9)
        self.check_log(forker)
        self.assertIn(9, [record.get("status") for record in forker.log("exit")])


class Timeout(Test):
    STUBBORN = 'trap "" TERM; sh -c "sleep 1000" & sleep 1000 & sh -c "sleep 1000 & sleep 1000" & echo up; ' \
               'while :; do sleep 1000; done'

    def test_a_child_that_ignores_sigterm(self):
        """It and its whole group are killed at their time, while forker goes on."""
        for method in METHODS:
            with self.subTest(method=method):
                forker = self.start("--spawn", method, "--timeout", 0.5, "--kill-after", 0.3, "-i", 60, "-e", 1, "--",
                                    "sh", "-c", self.STUBBORN)
                end = forker.logged("exit")[0]
                if end.get("signal") == "SIGTERM":
                    raise Late("its trap was not there in time")
                term, kill = forker.logged("timeout", 2)
                self.assertEqual((term["signal"], kill["signal"], end["signal"]), ("SIGTERM", "SIGKILL", "SIGKILL"))
                self.assertEqual({term["pid"], kill["pid"]}, {end["pid"]})
                self.assertGreaterEqual(term["after_ms"], 500)
                self.assertGreaterEqual(kill["after_ms"] - term["after_ms"], 299)
                until(lambda: not forker.descendants(), "the grandchildren are gone")
                self.assertTrue(forker.running())
                forker.stop()
                self.assertRegex(forker.out, rf"Child {end['pid']} timed out after \d+\.\d ms: SIGTERM\n"
                                             rf"Child {end['pid']} timed out after \d+\.\d ms: SIGKILL\n"
                                             rf"Child {end['pid']} killed by SIGKILL after \d+\.\d ms\n")
                self.assertEqual(forker.summary()["timed_out"], 1)

    def test_grandchildren_that_outlive_the_child(self):
        """The child obeys SIGTERM, its own children do not: they get SIGKILL when it has ended."""
        script = '(trap "" TERM; touch up; while :; do sleep 0.05; done) & trap "exit 4" TERM; ' \
                 'while :; do sleep 0.05; done'
        forker = self.start("--timeout", 1, "--kill-after", 1000, "-i", 60, "-e", 1, "--", "sh", "-c", script)
        end = forker.logged("exit")[0]
        if end.get("signal") == "SIGTERM" or not (self.directory / "up").exists():
            raise Late("the traps were not there in time")
        self.assertEqual(end.get("status", end.get("signal")), 4)
        until(lambda: not forker.descendants(), "the grandchild is gone")
        forker.stop(err=anything)

    def test_fail_fast(self):
        forker = self.finish("--fail-fast", "--timeout", 0.1, "-i", 60, "-e", 1, "--", "sleep", "1000", status=124)
        self.assertEqual(forker.log("exit")[0]["signal"], "SIGTERM")
        self.assertEqual(forker.log("timeout")[0]["signal"], "SIGTERM")

    def test_in_time(self):
        forker = self.finish("--timeout", 100, "-i", 0.01, "-e", 1, "-n", 3, "--", "true")
        self.assertEqual(forker.log("timeout"), [])

    def test_a_stopped_child(self):
        self.finish("--fail-fast", "--timeout", 0.1, "--kill-after", 1000, "-i", 60, "-e", 1, "--", "sh", "-c",
                    "kill -STOP $$", status=124)


def another_user():
    """A uid that nobody has, so that its limit counts our processes alone; None where we cannot be another."""
    uid = 100000 + os.getpid() % 100000
    return uid if os.geteuid() == 0 and works("setpriv", "--reuid", str(uid), "--clear-groups", "true") else None


class NoFork(Test):
    leaks_found = False # to look for them takes a thread, of which there are none more

    def limited(self, *arguments, most=1):
        uid = another_user()
        self.user = [] if uid is None else ["setpriv", "--reuid", str(uid), "--clear-groups"]
        self.directory.chmod(0o755)
        self.write(f"log.{len(self.processes)}", "").chmod(0o666)
        return self.start("-i", 0.02, "-e", 1, *arguments, prefix=[*self.user, "prlimit", f"--nproc={most}:"])

    def lift(self, forker):
        subprocess.run([*self.user, "prlimit", f"--pid={forker.pid}", "--nproc=1000:"], check=True,
                       timeout=PATIENCE_S)

    @skip_unless(works("prlimit", "--nproc=1:", "true"), "no prlimit here")
    def test_it_goes_on_and_recovers(self):
        for method in METHODS:
            with self.subTest(method=method):
                forker = self.limited("--spawn", method, "-j", 4, "--", "true")
                failed = forker.logged("fork", 5)
                self.assertEqual({record.get("error") for record in failed}, {"Resource temporarily unavailable"})
                self.assertEqual(forker.log("exit"), [])
                self.lift(forker)
                forker.logged("exit", 5)
                forker.signal(signal.SIGTERM)
                errors = f"forker: {method}: Resource temporarily unavailable\n"
                forker.ends(err=anything)
                count = forker.err.count(errors)
                numbers = forker.summary(forker.err.replace(errors, ""))
                self.assertEqual(count, len([record for record in forker.log("fork") if "error" in record]))
                self.assertGreaterEqual(numbers["failed"], count)
                self.assertGreaterEqual(numbers["succeeded"], 4)
                counter = [int(line) for line in forker.lines() if line.isdigit()]
                self.assertEqual(counter, sorted(set(counter)))

    @skip_unless(works("prlimit", "--nproc=1:", "true"), "no prlimit here")
    def test_statuses_and_samples(self):
        for method in METHODS:
            with self.subTest(method=method):
                message = f"forker: {method}: Resource temporarily unavailable\n"
                self.limited("--spawn", method, "-q", "--fail-fast", "--", "true").ends(1, out="", err=message)
                forker = self.limited("--spawn", method, "-q", "--sample", "wall,out,spawn", *ONCE, "--", "true")
                forker.ends(1, out="wall:nan out:nan spawn:nan\n", err=message)


if __name__ == "__main__":
    main()
