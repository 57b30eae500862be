"""Thousands of children: as many reaped as forked, and nothing that grows."""
import os
import signal
import time

from forker_harness import FULL, METHODS, SANITIZED, Test, anything, main, skip_unless, stat
from harness import PATIENCE_S, until

CHILDREN = 10000 if FULL else 2500
ZOMBIE_S = 2.0 # a moment, on a machine that is busy


class Many(Test):
    def watch(self, forker, count):
        """Looks at /proc until so many were forked: (descriptors, resident KiB) each time."""
        seen, zombies, jobs = [], {}, 0
        deadline = time.monotonic() + 60 + count / 50
        log = open(forker.log_path, "rb")
        self.addCleanup(log.close)
        forks, rest = 0, b""
        while forks < count:
            self.assertLess(time.monotonic(), deadline, f"{forks} of {count} forked")
            self.assertTrue(forker.running(), forker.err)
            data = rest + (log.read() or b"")
            whole, _, rest = data.rpartition(b"\n")
            forks += whole.count(b'"event":"fork"')
            now, children = time.monotonic(), forker.children()
            jobs = max(jobs, len(children))
            zombies = {pid: zombies.get(pid, now) for pid, state in children.items() if state == "Z"}
            for pid, since in zombies.items():
                self.takes(now - since, ZOMBIE_S, f"to reap {pid} {stat(pid)}")
            seen.append((len(os.listdir(f"/proc/{forker.pid}/fd")), forker.status("VmRSS")))
        self.assertLessEqual(jobs, 64)
        return seen

    def many(self, method, count, *words):
        forker = self.start("--spawn", method, "-i", 0.001, "-e", 1, "-j", 64, *words)
        forker.logged("exit", 20)
        seen = self.watch(forker, count)
        forker.signal(signal.SIGTERM)
        forker.ends(out=anything)
        quarter = len(seen) // 4
        self.assertGreater(quarter, 2)
        for place, name, slack in ((0, "descriptors", 4), (1, "KiB of memory", 1024 * (20 if SANITIZED else 1))):
            values = [sample[place] for sample in seen]
            self.assertLessEqual(min(values[-quarter:]), min(values[:quarter]) + slack, name)
            if place == 0:
                self.assertLess(max(values), 20 + 3 * 64, name)
        numbers = forker.summary()
        forks = [record for record in forker.log("fork") if "pid" in record]
        self.assertGreaterEqual(len(forks), count)
        self.assertEqual(numbers["reaped"], len(forks))
        self.assertEqual(self.check_log(forker), numbers["succeeded"] + numbers["failed"])
        return forker

    def test_thousands(self):
        forker = self.many("fork", CHILDREN, "--", "true")
        said = sum(line.startswith("Child ") and "process" not in line for line in forker.lines())
        self.assertEqual(said, len(forker.log("exit")))

    def test_the_other_methods(self):
        for method in METHODS[1:]:
            with self.subTest(method=method):
                self.many(method, CHILDREN // 5, "--", "true")

    def test_with_orphans(self):
        """Each leaves one behind that ends later: those are reaped, too."""
        forker = self.start("-i", 0.005, "-e", 1, "-j", 64, "--", "sh", "-c", "(sleep 0.05 &) ; exit 0")
        forker.logged("exit")
        self.watch(forker, CHILDREN // 10)
        forker.signal(signal.SIGTERM)
        forker.ends()
        self.assertGreater(forker.summary()["orphans"], CHILDREN // 20)

    def test_with_outputs_that_stay_open(self):
        """Beyond 64 the oldest is closed."""
        forker = self.start("-q", "-i", 0.005, "-e", 1, "-j", 4, "--kill-after", 0.2, "--", "sh", "-c",
                            "sleep 1000 & exit 0")
        forker.logged("exit", 90)
        until(lambda: len(os.listdir(f"/proc/{forker.pid}/fd")) < 20 + 2 * 64 + 3 * 4, "no more are open", PATIENCE_S)
        forker.signal(signal.SIGTERM)
        forker.ends(err="")


class Orphans(Test):
    """More orphans than any table: each is asked to end once, whatever numbers they have."""
    ORPHANS = 4500
    SCRIPT = """
import os, signal, sys
def note(*_):
    os.write(1, b"asked\\n")
signal.signal(signal.SIGTERM, note)
for n in range(int(sys.argv[1])):
    if os.fork() == 0:
        while True:
            signal.pause()
"""

    @skip_unless(FULL, "needs a minute: FORKER_FULL=1")
    def test_each_is_asked_once(self):
        out = os.open(self.directory / "asked", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self.addCleanup(os.close, out)
        script = self.write("orphans.py", self.SCRIPT)
        forker = self.start("-q", "-i", 1000, "-e", 1, "--kill-after", 4, "--", "sh", "-c",
                            f"setsid python3 {script} {self.ORPHANS} >>asked & wait; echo made; sleep 1000")
        until(lambda: "made" in forker.out, "they are there", 120)
        forker.signal(signal.SIGTERM)
        until(lambda: not forker.running(), "it has ended", 60)
        forker.ends(err="")
        self.assertEqual((self.directory / "asked").read_text().count("asked\n"), self.ORPHANS)


if __name__ == "__main__":
    main()
