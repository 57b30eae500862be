"""How forker ends, at whatever moment: nobody is left behind, and nobody is ended who is none of its own."""
import os
import re
import signal
import subprocess

from forker_harness import FULL, METHODS, ONCE, SANITIZED, Test, anything, children_of, main, pass_time, shell, skip_unless, stat, works
from harness import PATIENCE_S, Late, until

# Grandchildren in the group, in sessions of their own, deaf to SIGTERM, and orphaned while the child lives.
FAMILY = '''
sleep 1000 &
setsid sleep 1000 &
setsid sh -c 'sleep 1000 & setsid sleep 1000 & exit' &
(sh -c 'trap "" TERM HUP INT; sleep 1000 & setsid sleep 1000' &)
case $(($$ % 3)) in
0) exit 0;;
1) trap "" TERM;;
esac
setsid sh -c 'while :; do sleep 0.01 & sleep 0.02; done' &
sleep 1000 & wait
while :; do sleep 1000; done
'''
ROUNDS = 67 if FULL else 9 # with each of three methods


class Interrupted(Test):
    def interrupt(self, method, seed_source, number):
        forker = self.start("--spawn", method, "-i", 0.01, "-e", 1, "-j", 3, "--kill-after", 0.04, "--", "sh", "-c",
                            FAMILY, stderr=subprocess.DEVNULL)
        pass_time(seed_source.uniform(0, 0.15))
        forker.signal(number)
        status = forker.wait()
        if status == -number: # it had not begun
            self.assertEqual((forker.out, forker.log()), ("", []))
            status = 0
        forker.ends(status if forker.process.returncode == 0 else -number, err="")
        self.check_log_of_an_end(forker)

    def check_log_of_an_end(self, forker):
        forks = [record["pid"] for record in forker.log("fork") if "pid" in record]
        self.assertEqual(sorted(forks), sorted(record["pid"] for record in forker.log("exit")))

    def test_at_random_moments(self):
        chance = self.random()
        for method in METHODS:
            for turn in range(ROUNDS):
                with self.subTest(method=method, turn=turn):
                    self.interrupt(method, chance, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[turn % 3])

    def test_no_child_after_it(self):
        """From the request on none is started, while those that run have their time."""
        forker = self.start("-i", 0.01, "-e", 1, "-j", 20, "--kill-after", 0.5, "--", "sh", "-c",
                            'trap "" TERM; echo deaf; sleep 1000 & while :; do sleep 1000; done')
        forker.logged("exec", 5)
        forker.says("deaf\n")
        forker.stop()
        ends = forker.log("exit")
        self.assertLessEqual({record["signal"] for record in ends}, {"SIGKILL", "SIGTERM"}) # who had no trap yet
        forks = forker.log("fork")
        self.assertEqual(len(forks), len(ends))
        killed = [record["t"] for record in ends if record["signal"] == "SIGKILL"]
        self.assertGreaterEqual(min(killed) - max(record["t"] for record in forks), 0.45)

    def test_children_have_their_grace(self):
        script = 'trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.02; done'
        forker = self.start("-i", 0.01, "-e", 1, "--kill-after", 1000, "--", "sh", "-c", script)
        forker.says("ready\n")
        forker.stop(err=anything)
        self.assertIn("bye\n", forker.lines()[-2] + "\n")
        self.assertEqual([record["status"] for record in forker.log("exit")], [5])

    def test_a_second_signal_kills_at_once(self):
        script = 'trap "" TERM; (setsid sleep 1000 &); echo ready; while :; do sleep 1000; done'
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                forker = self.start("-i", 60, "-e", 1, "--kill-after", 1000, "--", "sh", "-c", script)
                forker.says("ready\n")
                forker.signal(number)
                pass_time(0.5)
                self.assertTrue(forker.running(), "the first leaves them their time")
                self.assertEqual(forker.log("exit"), [])

                def again(): # what follows within a moment counts as the same
                    if forker.running():
                        forker.signal(number)
                        pass_time(0.3)
                    return not forker.running()
                until(again, "it has ended")
                forker.ends()
                self.assertEqual(forker.log("exit")[0]["signal"], "SIGKILL")

    def test_sighup_and_nohup(self):
        others = (signal.SIGUSR2, signal.SIGALRM, signal.SIGIO, signal.SIGVTALRM, signal.SIGPROF, signal.SIGRTMIN + 1)
        for number in (signal.SIGHUP, signal.SIGQUIT, *others): # Ctrl-\\ is one that children do not get
            forker = self.start("-i", 0.01, "-e", 1, "--", "sleep", "1000")
            forker.logged("exec")
            forker.stop(number)
        forker = self.start("-i", 0.01, "-e", 1, "--", "true", prefix=["nohup"])
        forker.logged("exit")
        for _ in range(3):
            forker.signal(signal.SIGHUP)
            forker.logged("exit", len(forker.log("exit")) + 3)
        forker.signal(signal.SIGTERM)
        forker.ends(err=anything)

    def test_one_that_was_ignored_stays_so(self):
        """In the background of a script, SIGINT and SIGQUIT are. The command has all of them by default."""
        forker = self.start("-i", 0.01, "-e", 1, "--", "sh", "-c", "kill -INT $$",
                            prefix=["env", "--ignore-signal=INT,QUIT"])
        forker.logged("exit")
        for number in (signal.SIGINT, signal.SIGQUIT):
            forker.signal(number)
            forker.logged("exit", len(forker.log("exit")) + 3)
        self.assertEqual({record.get("signal") for record in forker.log("exit")}, {"SIGINT"})
        forker.stop()

    def test_a_signal_for_the_summary_so_far(self):
        forker = self.start("-i", 0.01, "-e", 1, "-q", "--", "true")
        forker.logged("exit", 3)
        for turn in range(1, 4):
            forker.signal(signal.SIGUSR1)
            until(lambda: forker.err.count("reaped: children") == turn, "a summary")
        forker.logged("exit", len(forker.log("exit")) + 3)
        forker.stop(err=lambda text: self.assertEqual(text.count("forker: ticks: "), 3))

    def test_stopped_descendants(self):
        """SIGTERM does not reach who is stopped, unless it is woken."""
        forker = self.start("-i", 60, "-e", 1, "--kill-after", 1000, "--", "sh", "-c",
                            "(setsid sh -c 'echo $$ > stopped; kill -STOP $$' &); kill -STOP $$")
        pid = forker.logged("exec")[0]["pid"]
        other = int(self.line("stopped"))
        until(lambda: stat(pid)[0] == "T" and stat(other)[0] == "T", "both are stopped")
        forker.stop()

    def test_each_is_asked_once(self):
        """A leader of a session, its worker, the child: all get SIGTERM, and none a second one."""
        (self.directory / "daemon").write_text('trap "echo leader >> asked; leave=1" TERM\n'
                                               'sh -c \'trap "echo worker >> asked; exit" TERM; echo >> ready; '
                                               'while :; do sleep 0.02; done\' &\n'
                                               'while [ -z "$leave" ]; do sleep 0.02; done; wait; sleep 0.2\n')
        script = 'trap "echo child >> asked; exit" TERM; setsid -f sh daemon; while :; do sleep 0.02; done'
        forker = self.start("-i", 60, "-e", 1, "--kill-after", 1000, "--", "sh", "-c", script)
        until(lambda: (self.directory / "ready").exists(), "all are there")
        forker.stop(err=anything) # the shell says that its sleep was terminated
        asked = (self.directory / "asked").read_text().split()
        self.assertEqual(sorted(asked), ["child", "leader", "worker"])

    def test_an_orphan_that_comes_without_a_word(self):
        """Its parent was reaped by one that is an orphan itself, so forker gets no SIGCHLD."""
        script = """
import os, signal, time
def say(word): open("said", "a").write(word + "\\n")
def wait_for_c():
    limit = time.monotonic() + 10
    while "C" not in open("said").read() and time.monotonic() < limit: time.sleep(0.02)
if os.fork(): os._exit(0)
os.setsid(); signal.signal(signal.SIGTERM, lambda *_: (say("A"), wait_for_c(), say("A ends"), os._exit(0)))
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid(); signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        os.setsid(); signal.signal(signal.SIGTERM, lambda *_: (say("C"), os._exit(0)))
        open("ready", "w")
        while True: time.sleep(0.02)
    while not os.path.exists("said") or "A" not in open("said").read(): time.sleep(0.02)
    os._exit(0)
while True: time.sleep(0.02)
"""
        forker = self.start("-i", 60, "-e", 1, "--kill-after", 1000, "--", "python3", "-c", script)
        until(lambda: (self.directory / "ready").exists(), "all are there")
        forker.stop()
        self.assertEqual((self.directory / "said").read_text().split("\n")[:3], ["A", "C", "A ends"])

    def test_after_count_the_rest_is_ended(self):
        """-n waits for the last child, and for none of what that has left; which is ended all the same."""
        forker = self.finish(*ONCE, "--kill-after", 0.1, "--", "sh", "-c",
                             '(setsid sh -c "trap \\"\\" TERM; while :; do sleep 1000; done" &) ; sleep 0.3; echo last')
        lines = forker.lines()
        self.assertEqual(lines[-2], "last")
        self.assertTrue(lines[-1].startswith("Child "), lines)
        self.assertEqual(forker.log("exit")[0]["status"], 0)
        self.assertGreaterEqual(forker.summary()["orphans"], 1)


class Strangers(Test):
    def test_children_from_before_exec_are_not_ended(self):
        """The shell's own jobs, which an exec hands over, are none of forker's."""
        for how in ("count", "signal"):
            with self.subTest(how=how):
                words = ("-i", 0.01, "-e", 1, "-j", 5, *(("-n", 5) if how == "count" else ()), "--", "true")
                forker = self.start(*words, prefix=shell(f'env -u FORKER_TEST sleep 1000 & echo $! > {how}; exec "$@"'))
                job = int(self.line(how))
                if how == "signal":
                    forker.logged("exit", 2)
                    forker.signal(signal.SIGTERM)
                self.assertEqual(forker.wait(), 0, forker.err)
                self.assertNotEqual(stat(job)[0], "Z")
                self.assertEqual(self.leftovers(), [job])
                os.kill(job, signal.SIGKILL)
                os.waitpid(job, 0) # it has come to us
                forker.ends()

    def test_those_that_end_are_reaped(self):
        forker = self.start("-i", 0.02, "--", "true",
                            prefix=shell('sh -c "until [ -e go ]; do sleep 0.01; done" & echo $! > job; exec "$@"'))
        job = int(self.line("job"))
        forker.reaches(2)
        self.write("go", "")
        until(lambda: stat(job) is None, "it is reaped")
        forker.stop()
        self.assertEqual(forker.summary()["orphans"], 0)

    @skip_unless(works("unshare", "-rpf", "--mount-proc", "true"), "no pid namespaces here")
    def test_as_process_1(self):
        """It reaps what comes to it, ends when asked to, and takes all with it."""
        script = "(setsid sh -c 'sleep 0.05' &); exit 3"
        unshare = ["unshare", "-rpf", "--mount-proc", "--kill-child"]
        self.finish("-i", 0.02, "-e", 2, "-n", 10, "-j", 9, "--", "sh", "-c", script, prefix=unshare, status=1)
        forker = self.start("-i", 0.02, "-e", 2, "-j", 9, "--", "sh", "-c", script, prefix=unshare)
        inner = list(until(lambda: children_of(forker.pid), "it has begun"))[0]
        forker.logged("exit", 5)
        until(lambda: "Z" not in children_of(inner).values(), "no zombie")
        os.kill(inner, signal.SIGTERM)
        forker.ends()
        self.assertLessEqual({record.get("status", record.get("signal")) for record in forker.log("exit")},
                             {3, "SIGTERM"})
        self.assertGreater(forker.summary()["orphans"], 0)


class Demo(Test):
    ROUNDS = 100 if FULL else 12 # of each
    ZOMBIE = r"""1\. This is process (?P<self>\d+)\. It forks a child that ends at once, with status 7\.
2\. Child (?P<child>\d+) has ended, and nobody has waited for it: it is a zombie\. Its memory and its descriptors are
   freed; what the kernel keeps is its number and its status, for its parent to fetch\.
   /proc/(?P=child)/stat: state Z, parent (?P=self)
3\. SIGKILL was sent to it\. That changes nothing: what is dead already cannot be killed\.
   /proc/(?P=child)/stat: state Z, parent (?P=self)
4\. Its parent has waited for it: wait4 tells of (?P=child), and of its status 7\.
5\. /proc/(?P=child) is gone: nothing of it is left, and its number may be given to another process\.
"""
    ORPHAN = r"""1\. This is process (?P<self>\d+)\. It forks a child\.
2\. Child (?P<child>\d+) has forked a child of its own, (?P<orphan>\d+), that waits\. Its parent is (?P=child)\.
   /proc/(?P=orphan)/stat: state [SR], parent (?P=child)
3\. Child (?P=child) has ended, and was reaped\. (?P=orphan) is an orphan: the kernel gives it a new parent, the nearest
   ancestor that has asked for orphans \(PR_SET_CHILD_SUBREAPER, as this process did\), else process 1\.
   /proc/(?P=orphan)/stat: state [SR], parent (?P=self)
4\. The orphan has ended\. It would stay a zombie if its new parent did not wait for it as for its own\.
   /proc/(?P=orphan)/stat: state Z, parent (?P=self)
5\. Its new parent has waited for it: wait4 tells of (?P=orphan), and of its status 0\.
6\. /proc/(?P=orphan) is gone: nothing of it is left, and its number may be given to another process\.
"""

    def demo(self, *arguments, **options):
        return self.start("--demo", *arguments, log=False, **options)

    def held(self, forker, claim):
        """Waits for a claim, stops forker there, and looks for ourselves: it is true now."""
        line = until(lambda: next((line for line in forker.out.splitlines() if line.endswith(claim)), None),
                     f"{claim!r} in {forker.out!r}")
        forker.signal(signal.SIGSTOP)
        until(lambda: forker.state() in "TZ", "it is stopped")
        if forker.out.splitlines()[-1] != line or forker.state() == "Z":
            raise Late(f"{forker.out!r} has gone on before we stopped it")
        fields = stat(int(line.split("/")[2]))
        state = fields[0].translate({ord("R"): "S", ord("D"): "S"}) # on its way to sleep
        self.assertTrue(line.replace("state R", "state S").endswith(f"state {state}, parent {fields[1]}"),
                        (line, fields[:2]))
        forker.signal(signal.SIGCONT)

    def test_zombie(self):
        forker = self.demo("zombie", "-i", 0.4)
        self.held(forker, f"state Z, parent {forker.pid}")
        forker.ends(out=lambda text: self.assertRegex(text, f"^{self.ZOMBIE}$"), err="")
        self.assertIn(f"This is process {forker.pid}.", forker.out)

    def test_orphan(self):
        forker = self.demo("orphan", "-i", 0.5)
        parent = until(lambda: re.search(r"Child (\d+) has forked a child", forker.out), "its child")[1]
        self.held(forker, f"parent {parent}")
        self.held(forker, f"parent {forker.pid}")
        self.held(forker, f"state Z, parent {forker.pid}")
        forker.ends(out=lambda text: self.assertRegex(text, f"^{self.ORPHAN}$"), err="")

    FORK = r"""1\. This is process (?P<self>\d+)\. With ballast in its memory .*
   medians in ms: .*
      0 MiB: fork(?: +[\d.]+){2} +vfork(?: +[\d.]+){2} +posix_spawn(?: +[\d.]+){2}
(?:    100 MiB: (?:fork .*|left out.*)
)?(?:   1000 MiB: (?:fork .*|left out.*)
)?2\. fork copies the page tables .*
.*
3\. vfork copies nothing: .*
.*
(?:4\. The parent has 100 MiB and forks child (?P<child>\d+), .*
.*
   /proc/(?P=child)/smaps_rollup: (?P<all>[\d.]+) MiB in memory, (?P<before>[\d.]+) MiB of that its own
5\. The child has written to 10 MiB of it\. .*
.*
   /proc/(?P=child)/smaps_rollup: [\d.]+ MiB in memory, (?P<after>[\d.]+) MiB of that its own
)?\d\. What was forked is reaped, .*
"""

    def test_fork(self):
        """Copy on write is seen in /proc: the child has all of the memory, and of its own just what it wrote to."""
        forker = self.demo("fork", "-i", 0.05)
        self.assertEqual(forker.wait(PATIENCE_S * (9 if SANITIZED else 3)), 0, forker.err)
        forker.ends(out=anything, err="")
        match = re.match(f"^{self.FORK}$", forker.out)
        self.assertTrue(match, forker.out)
        if match["child"] and not SANITIZED:
            self.assertGreater(float(match["all"]), 100)
            self.assertLess(float(match["before"]), 5)
            self.assertTrue(10 <= float(match["after"]) < 15, forker.out)

    def test_where_proc_cannot_be_read(self):
        """Nothing is claimed that was not seen."""
        hide = ["unshare", "--mount", *shell('mount -t tmpfs none /proc && exec "$@"')]
        if not works(*hide, "true"):
            self.skipTest("needs a mount of its own")
        for name in ("zombie", "orphan"):
            with self.subTest(name=name):
                forker = self.demo(name, "-i", 0.01, prefix=hide)
                forker.ends(1, err=anything)
                self.assertNotIn("is gone", forker.out)
                self.assertIn("/proc cannot be read", forker.err)

    def test_as_a_child_of_who_ignores_sigchld(self):
        for name, expected in (("zombie", self.ZOMBIE), ("orphan", self.ORPHAN)):
            forker = self.demo(name, "-i", 0.01, prefix=["env", "--ignore-signal=CHLD"])
            forker.ends(out=lambda text: self.assertRegex(text, f"^{expected}$"), err="")

    def test_interrupted(self):
        chance = self.random()
        for name in ("zombie", "orphan", "fork"):
            for turn in range(self.ROUNDS):
                number = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[turn % 3]
                with self.subTest(name=name, turn=turn):
                    forker = self.demo(name, "-i", 0.03)
                    pass_time(chance.uniform(0, 0.12))
                    if forker.running():
                        forker.signal(number)
                    status = forker.wait()
                    self.assertTrue(status == 0 or (status == -number and not forker.out), (status, forker.out))
                    forker.ends(status, err="")

    def test_at_its_default_it_is_held_and_can_be_interrupted(self):
        for name, claim in (("zombie", "state Z"), ("orphan", "parent")):
            forker = self.demo(name)
            forker.says(claim)
            forker.end_quickly(lambda: forker.signal(signal.SIGINT), out=anything, err="", limit_s=1.5)

    def test_closed_output(self):
        for name in ("zombie", "orphan", "fork"):
            with self.subTest(name=name):
                forker = self.demo(name, "-i", 0.1, stdout=subprocess.PIPE)
                forker.process.stdout.readline()
                forker.process.stdout.close()
                forker.ends(err="")
        with open("/dev/full", "wb") as full:
            message = "forker: standard output: No space left on device\n"
            self.demo("orphan", "-i", 0.01, stdout=full).ends(1, err=message)


if __name__ == "__main__":
    main()
