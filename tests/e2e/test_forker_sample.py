"""Samples: a line a run, numbers that are right, nan where there is none; and scope at the other end of the pipe."""
import math
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import harness
from forker_harness import METHODS, ONCE, Test, anything, main, skip_unless
from harness import PATIENCE_S

HAVE_SCOPE = bool(os.environ.get("SCOPE")) or (len(sys.argv) > 1 and Path(sys.argv[1]).is_file())
SCOPE = harness.program("scope") if HAVE_SCOPE else None
KINDS = ("out", "wall", "user", "sys", "maxrss", "spawn")
SPIN = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"


def parse(text):
    """Lines of samples: a list of {label: number}."""
    rows = []
    for line in text.splitlines():
        assert re.fullmatch(r"[a-z]+:\S+( [a-z]+:\S+)*", line), line
        rows.append({name: float(value) for name, value in (word.split(":") for word in line.split(" "))})
    return rows


class Samples(Test):
    def sample(self, kinds, *command, runs=3, options=(), **expected):
        ticks = ONCE if runs == 1 else ("-i", 0.02, "-e", 1, "-n", runs)
        forker = self.finish(*ticks, "-j", runs, "--sample", kinds, *options, "--", *command, **expected)
        rows = parse(forker.out)
        self.assertEqual(len(rows), len({record["tick"] for record in forker.log("fork") + forker.log("exec")}))
        for row in rows:
            self.assertEqual(list(row), kinds.split(","))
        return forker, rows

    def test_all_kinds_with_all_methods(self):
        for method in METHODS:
            with self.subTest(method=method):
                forker, rows = self.sample(",".join(reversed(KINDS)), "echo", "3.25", options=("--spawn", method))
                ends = {record["tick"]: record for record in forker.log("exit")}
                # Where exec was seen only when the child had ended, it has been by then.
                spawns = sorted(min(record["spawn_ms"], ends[record["tick"]]["wall_ms"])
                                for record in forker.log("exec"))
                self.assertEqual(sorted(row["spawn"] for row in rows), spawns)
                for row, end in zip(rows, forker.log("exit")):
                    self.assertEqual(row["out"], 3.25)
                    self.assertEqual([row[name] for name in ("wall", "user", "sys", "maxrss")],
                                     [end[name] for name in ("wall_ms", "user_ms", "sys_ms", "maxrss_mib")])
                    self.assertTrue(0 < row["spawn"] <= row["wall"], row)
                self.assertEqual(len(ends), len(rows))

    def test_what_the_line_looks_like(self):
        forker, _ = self.sample("wall,user", "ls", "-l")
        self.assertRegex(forker.out, r"^(wall:\d+\.\d{3} user:\d+\.\d{3}\n){1,3}$")

    def test_the_last_number(self):
        for text, value in (("1 2 3", "3"), ("load: 0.5\\n", "0.5"), ("time=12.3 ms", "12.3"), ("12.5ms", "12.5"),
                            ("a 7 b\\n", "7"), ("1e300\\n", "1e+300"), ("0.1\\n\\n", "0.1"), ("-4;x", "-4"),
                            ("\\033[32m42\\033[0m\\n", "42"), ("\\033]0;title 5\\a7\\033[K", "7"), ("12\\033[5C34", "34"),
                            ("1.5k", "1500"), ("\\342\\210\\2225", "-5"), ("no number", "nan"), ("", "nan")):
            with self.subTest(text=text):
                forker, _ = self.sample("out", "printf", text, runs=1)
                self.assertEqual(forker.out, f"out:{value}\n")

    def test_nan(self):
        """Of a run that never started all are; of one that failed the number it printed is none."""
        everything = ",".join(KINDS)
        for method in METHODS:
            forker, rows = self.sample(everything, "nosuch", status=1, err=anything, options=("--spawn", method))
            self.assertTrue(all(math.isnan(value) for row in rows for value in row.values()), rows)
            self.assertEqual(forker.err.count("forker: nosuch: No such file or directory\n"), len(rows))
        for script in ("echo 5; exit 3", "echo 5; kill -9 $$"):
            _, rows = self.sample(everything, "sh", "-c", script, status=1)
            for row in rows:
                self.assertEqual([name for name, value in row.items() if math.isnan(value)], ["out"])
        _, rows = self.sample("out,wall", "sh", "-c", "echo 5; exec sleep 1000", runs=1, status=1,
                              options=("--timeout", 0.1))
        self.assertTrue(math.isnan(rows[0]["out"]))
        self.assertGreaterEqual(rows[0]["wall"], 100)

    def test_the_commands_own_output_is_not_shown(self):
        script = 'echo "$(readlink /proc/$$/fd/1)" >&2; echo 1 2 3'
        forker, _ = self.sample("wall", "sh", "-c", script, err=anything)
        self.assertIn("/dev/null\n", forker.err)
        forker, _ = self.sample("out", "sh", "-c", script, err=anything)
        self.assertIn("pipe:", forker.err)

    def test_a_flood_of_output(self):
        """The last of a million numbers, while the ticks go on."""
        _, rows = self.sample("out", "seq", "1000000", runs=2)
        self.assertEqual({row["out"] for row in rows}, {1000000})

    def test_the_load(self):
        before = os.getloadavg()[0]
        _, rows = self.sample("out", "sh", "-c", 'cut -d" " -f1 /proc/loadavg')
        for row in rows:
            self.assertLess(abs(row["out"] - before), 50)
            self.assertGreaterEqual(row["out"], 0)

    def test_a_grandchild_does_not_delay_the_line(self):
        forker = self.start("-i", 60, "-e", 1, "--sample", "out", "--", "sh", "-c", "echo 5; sleep 1000 &")
        forker.says("out:5\n")
        forker.stop()

    def test_the_time_of_a_child_that_spins(self):
        """As much as the kernel counts for us when we run the same."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run(["sh", "-c", SPIN], check=True, timeout=PATIENCE_S)
        ours_ms = 1000 * (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
        _, rows = self.sample("user,wall,sys", "sh", "-c", SPIN, runs=1)
        self.assertTrue(ours_ms / 4 <= rows[0]["user"] <= ours_ms * 4, (ours_ms, rows))
        self.assertLessEqual(rows[0]["user"], rows[0]["wall"] + 20)
        _, rows = self.sample("user,wall,sys", "sleep", "0.2", runs=1)
        self.assertGreaterEqual(rows[0]["wall"], 200)
        self.assertLess(rows[0]["user"] + rows[0]["sys"], 150)

    def test_the_memory_of_a_child(self):
        _, rows = self.sample("maxrss", "dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1", runs=1, err=anything)
        self.assertTrue(64 <= rows[0]["maxrss"] < 96, rows)


@skip_unless(HAVE_SCOPE, "which scope? set SCOPE")
class IntoScope(Test):
    def test_picture_and_summary(self):
        forker = self.start("-i", 0.02, "-e", 1, "-n", 40, "-j", 9, "--sample", "wall,user,out", "--", "echo", "7",
                            stdout=subprocess.PIPE)
        scope = subprocess.run([SCOPE, "--png", "x.png", "--summary", "--unit", "ms", "--autoscale"],
                               stdin=forker.process.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               cwd=self.directory, env=harness.environment(), timeout=3 * PATIENCE_S)
        forker.ends()
        self.assertEqual((scope.returncode, scope.stderr), (0, ""))
        head, *rows = [line.split("\t") for line in scope.stdout.splitlines()]
        self.assertEqual(head, ["channel", "count", "min", "max", "mean", "last"])
        runs = str(len(forker.log("exit")))
        self.assertEqual([row[:2] for row in rows], [["wall", runs], ["user", runs], ["out", runs]])
        self.assertEqual(rows[2][2:], ["7"] * 4)
        walls = [record["wall_ms"] for record in forker.log("exit")]
        self.assertEqual((float(rows[0][2]), float(rows[0][3])), (min(walls), max(walls)))
        self.assertTrue((self.directory / "x.png").read_bytes().startswith(b"\x89PNG"))

    def test_runs_that_failed_are_gaps(self):
        self.write("n", "0\n")
        script = "read n < n; echo $((n+1)) > n; echo $n; exit $((n % 2))"
        forker = self.start("-i", 0.03, "-e", 1, "-n", 10, "--sample", "out", "--", "sh", "-c", script,
                            stdout=subprocess.PIPE)
        scope = subprocess.run([SCOPE, "--png", "x.png", "--summary"], stdin=forker.process.stdout,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.directory,
                               env=harness.environment(), timeout=3 * PATIENCE_S)
        forker.ends(1)
        self.assertEqual((scope.returncode, scope.stderr), (0, ""))
        succeeded = [record for record in forker.log("exit") if record["status"] == 0]
        self.assertEqual(scope.stdout.splitlines()[1].split("\t")[:2], ["out", str(len(succeeded))])


if __name__ == "__main__":
    main()
