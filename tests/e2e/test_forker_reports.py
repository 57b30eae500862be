"""What forker tells of its runs: those that stand still, its summary, and how it ends for the one that was waited for."""
import json
import os
import re
import signal
import subprocess
import time

from forker_harness import METHODS, ONCE, SUMMARY, WAITING, Test, anything, main, pass_time
from harness import Late, Terminal, until

FIGURES = ("wall_ms", "user_ms", "sys_ms", "maxrss_mib", "spawn_ms")


class Stopped(Test):
    def test_by_a_signal(self):
        for method in METHODS:
            with self.subTest(method=method):
                forker = self.start(*ONCE, "--spawn", method, "--", "sh", "-c",
                                    "kill -STOP $$; until test -e go; do sleep 0.01; done; rm go")
                record = forker.logged("stop")[0]
                pid = record["pid"]
                self.assertEqual((record["signal"], record["tick"]), ("SIGSTOP", 1))
                forker.says(f"Child {pid} stopped by SIGSTOP: somebody stopped it; kill -CONT -{pid} continues it\n")
                os.killpg(pid, signal.SIGCONT)
                forker.logged("continue")
                self.write("go", "")
                forker.ends()
                self.assertIn(f"Child {pid} continued\nChild {pid} exited with status 0", forker.out)
                self.assertEqual([record["event"] for record in forker.log()],
                                 ["start", "fork", "exec", "stop", "continue", "exit", "summary"])

    def test_by_the_terminal(self):
        """What asks for a password, say. Without the text it is said where complaints are."""
        for quiet in ((), ("-q",)):
            with self.subTest(quiet=quiet):
                terminal = Terminal()
                self.addCleanup(terminal.close)
                forker = self.start("-i", 0.05, "-e", 1, *quiet, "--", "sh", "-c", "read line </dev/tty",
                                    stdin=terminal.theirs, stdout=terminal.theirs, stderr=terminal.theirs,
                                    prefix=["setsid", "--ctty"])
                pid = forker.logged("stop")[0]["pid"]
                self.assertEqual(forker.log("stop")[0]["signal"], "SIGTTIN")
                said = f"forker: child {pid}" if quiet else f"Child {pid}"
                terminal.expect(f"{said} stopped by SIGTTIN: it reads the terminal; kill -CONT -{pid} continues it\n")
                forker.signal(signal.SIGTERM)
                self.assertEqual(forker.wait(), 0)
                self.nothing_left()

    def test_its_time_runs_on(self):
        forker = self.finish(*ONCE, "--timeout", 0.3, "--", "sh", "-c", "kill -STOP $$", status=1)
        if not forker.log("stop"):
            raise Late("it had not stopped itself in time")
        self.assertEqual([record["event"] for record in forker.log()],
                         ["start", "fork", "exec", "stop", "timeout", "exit", "summary"])
        self.assertLess(forker.log("stop")[0]["t"], 0.3)
        self.assertEqual(forker.log("exit")[0]["signal"], "SIGTERM")


class ReaderLeaves(Test):
    """A failure that was told stays one when nobody reads any more."""

    TURNS = 25

    def check(self, status, *words):
        for turn in range(self.TURNS):
            with self.subTest(turn=turn):
                forker = self.start(*words, stdout=subprocess.PIPE)
                until(lambda: "No such file" in forker.err, "it is told")
                pass_time(turn % 5 * 0.0005)
                forker.process.stdout.close()
                forker.ends(status, err=anything)

    def test_with_count(self):
        self.check(1, "-i", 0.05, "-e", 1, "-n", 2, "--", "nosuch-command")

    def test_with_fail_fast(self):
        self.check(127, "-i", 0.002, "-e", 1, "--fail-fast", "--", "nosuch-command")

    def test_one_that_failed_by_itself(self):
        """It has ended before its end is asked for, and is reaped after."""
        for turn in range(self.TURNS):
            with self.subTest(turn=turn):
                forker = self.start("-i", 5, "-e", 1, "-n", 1, "--", "sh", "-c", "until test -e go; do :; done; rm go; exit 3",
                                    stdout=subprocess.PIPE)
                pid = forker.logged("exec")[0]["pid"]
                forker.signal(signal.SIGSTOP)
                until(lambda: forker.state() == "T", "it is stopped")
                self.write("go", "")
                until(lambda: pid in forker.children() and forker.children()[pid] == "Z", "it has ended")
                forker.process.stdout.close()
                forker.signal(signal.SIGCONT)
                forker.ends(1, err=anything)

    def test_a_run_that_was_due(self):
        """Each tick is a run, skipped, or missed, also at the very end."""
        for turn in range(self.TURNS):
            forker = self.start("-i", 0.001, "-e", 1, "-j", 500, "--", "true", stdout=subprocess.PIPE)
            forker.logged("exit", 5)
            pass_time(turn % 5 * 0.0003)
            forker.process.stdout.close()
            forker.ends(err=anything)
            total = forker.log("summary")[0]
            self.assertEqual(total["succeeded"] + total["failed"] + total["skipped"], total["ticks"])


class Until(Test):
    COUNT = 'echo x >>n; test $(wc -l <n) -lt 4'

    def test_success_and_failure(self):
        for kind, script in (("success", f"! {{ {self.COUNT}; }}"), ("failure", self.COUNT)):
            with self.subTest(kind=kind):
                forker = self.finish("-i", 0.02, "-e", 1, "-n", 1000, "--until", kind, "--", "sh", "-c", script)
                self.assertEqual(len(forker.log("exit")), 4)
                self.assertEqual(forker.log("exit")[-1]["status"] == 0, kind == "success")
                (self.directory / "n").unlink()

    def test_it_does_not_come(self):
        for kind, command in (("success", "false"), ("failure", "true"), ("success", "nosuch-command")):
            with self.subTest(kind=kind, command=command):
                self.finish("-i", 0.01, "-e", 1, "-n", 3, "-j", 3, "--until", kind, "--", command, status=1,
                            err=anything)

    def test_the_others_are_ended(self):
        forker = self.finish("-i", 0.02, "-e", 1, "-j", 3, "--until", "failure", "--", "sh", "-c",
                             "test $FORKER_RUN -ge 3 && exit 1; sleep 1000", err=anything)
        self.assertEqual(sorted(record.get("signal", "") for record in forker.log("exit")), ["", "SIGTERM", "SIGTERM"])


class Aligned(Test):
    def test_to_the_clock(self):
        interval_s = 0.25
        forker = self.finish("--align", "-i", interval_s, "-e", 1, "-n", 4, "--", "sh", "-c", "date +%s.%N", err=anything)
        times = [float(line) for line in forker.lines() if re.fullmatch(r"\d+\.\d+", line)]
        self.assertTrue(times)
        self.takes(min(moment % interval_s for moment in times), 0.1, "the date behind a tick")
        for record in forker.log("fork"):
            self.assertGreaterEqual(record["t"], (record["tick"] - 1) * interval_s)

    def test_it_waits_for_it(self):
        forker = self.start("--align", "-i", 1000, "-e", 1, "--", "true")
        forker.logged("start")
        if time.time() % 1000 < 990:
            pass_time(0.2)
            self.assertEqual(forker.log("fork"), [])
        forker.stop()


class Summary(Test):
    def test_text(self):
        forker = self.finish("-i", 0.02, "-e", 1, "-n", 5, "-j", 5, "--", "true", err=anything)
        figures = SUMMARY.fullmatch(forker.err)["figures"]
        number = r"\d+\.\d{3}"
        self.assertRegex(figures, rf"\A wall {number} {number} {number} ms, user {number} {number} {number} ms, "
                                  rf"sys {number} {number} {number} ms, maxrss {number} {number} {number} MiB, "
                                  rf"spawn {number} {number} {number} ms\Z")
        walls = sorted(record["wall_ms"] for record in forker.log("exit"))
        rank = [walls[-(-len(walls) * percent // 100) - 1] for percent in (50, 95, 99)]
        self.assertIn(" wall " + " ".join(f"{value:.3f}" for value in rank), figures)

    def test_json(self):
        """On one line, the same as in the log; asked for in so many words it comes with -q, too."""
        for quiet in ((), ("-q",)):
            forker = self.finish("-i", 0.02, "-e", 1, "-n", 5, "-j", 5, *quiet, "--summary", "json", "--", "true",
                                 err=anything)
            self.assertEqual(forker.err.count("\n"), 1)
            summary = json.loads(forker.err)
            logged = forker.log("summary")[0]
            for name, value in summary.items():
                self.assertEqual(logged[name], value, name)
            self.assertEqual(summary["succeeded"], len(forker.log("exit")))
            for name in FIGURES:
                self.assertLessEqual(summary[name]["median"], summary[name]["p95"])
                self.assertLessEqual(summary[name]["p95"], summary[name]["p99"])

    def test_nothing_to_sum_up(self):
        forker = self.finish("-i", 0.01, "-e", 5, "-n", 2, "--summary", "json", err=anything)
        summary = json.loads(forker.err)
        self.assertEqual([summary[name] for name in FIGURES], [None] * len(FIGURES))

    def test_first_and_last_in_the_log(self):
        word = 'a "b" \\ \n ü'
        forker = self.finish("-i", 0.02, "-e", 2, "-n", 4, "-j", 3, "--", "echo", word, err=anything)
        records = forker.log()
        self.assertEqual((records[0]["event"], records[-1]["event"]), ("start", "summary"))
        start = records[0]
        self.assertEqual((start["tick"], start["pid"], start["interval_s"], start["every"], start["count"],
                          start["jobs"]), (0, forker.pid, 0.02, 2, 4, 3))
        self.assertEqual(start["command"], "echo " + word.replace("\n", "\\n"))
        last = records[-1] # the very last tick may be among those that were missed
        self.assertTrue(last["ticks"] <= last["tick"] <= last["ticks"] + last["missed"], last)
        long = self.finish(*ONCE, "--", "true", *['"\\' * 300] * 9, err=anything)
        self.assertTrue(long.log("start")[0]["command"].startswith('true "\\"\\'))


class Waiting(Test):
    DEAF = 'trap "" TERM; echo ready; (setsid sleep 1000 &); while :; do sleep 1000; done'

    def test_for_the_last_processes(self):
        forker = self.start("-i", 60, "-e", 1, "--kill-after", 1000, "--", "sh", "-c", self.DEAF)
        forker.says("ready\n")
        forker.signal(signal.SIGTERM)
        until(lambda: WAITING.search(forker.err), "it says so")
        self.assertRegex(forker.err, r"Stopping: \d+ process(es)? left; again to end them\n")
        forker.stop()
        self.assertEqual(len(WAITING.findall(forker.err)), 1)

    def test_of_those_that_nobody_asked_to_end(self):
        """After the last tick: the first signal is enough."""
        forker = self.start(*ONCE, "--kill-after", 1000, "--", "sh", "-c",
                            '(trap "" TERM; sleep 1000) & sleep 0.2')
        until(lambda: "Stopping: 1 process left; a signal to end them\n" in forker.err, "it says so")
        forker.stop()


if __name__ == "__main__":
    main()
