#!/usr/bin/env python3
"""The situations of users' reports, ours beside each peer that is installed: what they do, not how fast they are."""

import contextlib
import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid

import measure
from serve import XINETD

MARK = "PEERS_MARK"  # a variable that all descendants inherit
PATIENCE_S = 10
CLIENTS = 150
SENT = 4096
PERIOD_S = 0.1
ADDRESS = "127.0.0.1"
CLOSE = 7  # a state of TCP: there was a reset

# One that has left its session, and one there that is deaf to SIGTERM.
FAMILY = "setsid sleep 1000 & setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' & sleep 0.2; wait"


def until(condition, seconds=PATIENCE_S):
    """Polls until condition() says something true, which is returned; None when it was not within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    return None


class Marked:
    """A program whose descendants can be found, whatever they have done to their group, session and parents."""

    def __init__(self, command, out=subprocess.DEVNULL):
        self.mark = f"{MARK}={uuid.uuid4().hex}"
        name, value = self.mark.split("=")
        self.err = tempfile.TemporaryFile()  # pylint: disable=consider-using-with
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=self.err,
                                        env={**os.environ, "TERM": "xterm", name: value}, start_new_session=True)

    def others(self):
        """Pids of descendants that live."""
        found = []
        for name in os.listdir("/proc"):
            if not name.isdigit() or int(name) == self.process.pid:
                continue
            with contextlib.suppress(OSError):
                with open(f"/proc/{name}/environ", "rb") as file:
                    if self.mark.encode() in file.read().split(b"\0"):
                        found.append(int(name))
        return found

    def ended(self):
        """Whether it has."""
        return self.process.poll() is not None

    def said(self):
        """All of its standard error."""
        self.err.seek(0)
        return self.err.read().decode(errors="replace")

    def clear(self):
        """Nothing of it is left."""
        def gone():
            for pid in self.others():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return not self.others()
        if not self.ended():
            self.process.kill()
        self.process.wait()
        until(gone)
        self.err.close()


def free_port():
    """A port of ADDRESS that nobody has."""
    with socket.create_server((ADDRESS, 0)) as sock:
        return sock.getsockname()[1]


def found(name):
    """Where it is, or None."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


class Table:
    """Rows as they come: what was measured for whom."""

    def __init__(self, title):
        print(f"\n{title}")

    @staticmethod
    def row(name, text):
        """One line."""
        print(f"  {name:<34} {text}")

    def skip(self, name, what):
        """A peer that is not there."""
        self.row(name, f"skipped: needs {what}")


def servers(bench, scratch):
    """(name, program it needs, command for a port) of all time servers. A port of None: the one of its own, 13."""
    def xinetd(port):
        path = os.path.join(scratch, "xinetd.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(XINETD.format(port=port, address=ADDRESS, user=getpass.getuser()))
        return ["xinetd", "-dontfork", "-f", path, "-pidfile", os.path.join(scratch, "xinetd.pid")]

    def inetd(port):
        path = os.path.join(scratch, "inetd.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"{ADDRESS}:{port} stream tcp nowait.10000 {getpass.getuser()} {found('date')} date\n")
        return [os.environ.get("PEERS_INETD", "inetd"), "-i", "-d", path]

    return [("timed", bench.timed, lambda port: [bench.timed, "-q", "-p", "daytime", "-l", f"{ADDRESS}:{port}"]),
            ("xinetd (internal daytime)", "xinetd", xinetd),
            ("openbsd-inetd (date)", os.environ.get("PEERS_INETD", "inetd"), inetd),
            ("socat (date)", "socat",
             lambda port: ["socat", f"TCP-LISTEN:{port},bind={ADDRESS},fork,reuseaddr,backlog=200", "EXEC:date"]),
            ("ncat (date)", "ncat", lambda port: ["ncat", "-l", "-k", "--sh-exec", "date", ADDRESS, str(port)])]


def ask(port):
    """A client that has something to say first, as a browser has: (got a whole reply, saw a reset)."""
    with socket.socket() as client:
        client.settimeout(PATIENCE_S)
        reply = b""
        try:
            client.connect((ADDRESS, port))
            client.sendall(b"x" * SENT)
            while part := client.recv(4096):
                reply += part
            state = until(lambda: client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == CLOSE, 0.02)
            return reply.endswith(b"\n"), bool(state)
        except OSError:
            return reply.endswith(b"\n"), True


def show_resets(bench, scratch, faults):
    """Clients that send before they read."""
    table = Table(f"{CLIENTS} clients, one after the other, that send {SENT} bytes before they read: resets, replies not whole")
    count = 20 if bench.quick else CLIENTS
    for name, needed, command in servers(bench, scratch):
        if not found(needed):
            table.skip(name, os.path.basename(needed))
            continue
        port = free_port()
        server = Marked(command(port))
        try:
            def open_yet(port=port):
                with contextlib.suppress(OSError):
                    socket.create_connection((ADDRESS, port), 1).close()
                    return True
                return False
            if not until(open_yet):
                table.row(name, f"does not serve here: {server.said().strip()[-60:]}")
                if name == "timed":
                    faults.append("timed does not serve")
                continue
            results = [ask(port) for _ in range(count)]
            resets, torn = sum(reset for _, reset in results), sum(not whole for whole, _ in results)
            table.row(name, f"{resets:>4} of {count} reset, {torn:>4} not whole")
            if name == "timed" and (resets or torn):
                faults.append(f"timed: {resets} resets, {torn} replies not whole")
        finally:
            server.clear()


def runners(bench):
    """(name, program it needs, words before a command) of what runs one once, or again and again."""
    return [("forker", bench.forker, [bench.forker, "-i", "60", "-e", "1", "--kill-after", "0.5", "--"]),
            ("tini -s", "tini", ["tini", "-s", "--"]),
            ("tini -s -g", "tini", ["tini", "-s", "-g", "--"]),
            ("dumb-init", "dumb-init", ["dumb-init"]),
            ("catatonit", "catatonit", ["catatonit", "--"]),
            ("timeout -k 0.5 60", "timeout", ["timeout", "-k", "0.5", "60"]),
            ("parallel", "parallel", ["parallel", "--will-cite", "--termseq", "TERM,500,KILL", "-n0", ":::", "1", "--plain"]),
            ("watch -n 60", "watch", ["watch", "-n", "60", "-x"]),
            ("hyperfine -r 1", "hyperfine", ["hyperfine", "-r", "1", "-N", "-i"])]


def words(name, before, script):
    """The command line; some take the script as one word."""
    shell = ["sh", "-c", script]
    if name == "parallel":
        return ["parallel", "--will-cite", "-j1", "--termseq", "TERM,500,KILL", "-n0", script, ":::", "1"]
    if name.startswith("hyperfine"):
        return [*before, "sh -c " + "'" + script.replace("'", "'\\''") + "'"]
    return [*before, *shell]


def each_runner(bench, table, only=None):
    """Those that are there."""
    for name, needed, before in runners(bench):
        if only and name not in only:
            continue
        if found(needed):
            yield name, before
        else:
            table.skip(name, os.path.basename(needed))


def show_left_behind(bench, faults):
    """SIGTERM to each while two descendants have sessions of their own, one deaf."""
    table = Table("SIGTERM, with a grandchild in a session of its own, and one there that is deaf to it: left behind")
    for name, before in each_runner(bench, table):
        run = Marked(words(name, before, FAMILY))
        try:
            if not until(lambda run=run: len(run.others()) >= 4 or run.ended()) or run.ended():
                table.row(name, f"does not run it here: {run.said().strip()[-60:]}")
                continue
            start = time.monotonic()
            run.process.send_signal(signal.SIGTERM)
            ended = until(run.ended, 5)
            took = time.monotonic() - start
            until(lambda run=run: not run.others(), 0.3)
            left = len({pid for pid in run.others()})
            table.row(name, f"{left} left behind, " + (f"ended after {took:.2f} s" if ended else "has not ended after 5 s"))
            if name == "forker" and (left or not ended):
                faults.append(f"forker left {left} behind")
        finally:
            run.clear()


def show_kept_output(bench, faults):
    """The command has ended; a grandchild has its output still open for 3 s."""
    table = Table("a command that ends at once, whose grandchild keeps its output open for 3 s: the end, and the end of the output")
    for name, before in each_runner(bench, table):
        if name.startswith("watch"):
            continue  # it has no end
        if name == "forker":
            before = [*before[:-1], "-n", "1", "--"]
        read, write = os.pipe()
        start = time.monotonic()
        run = Marked(words(name, before, "sleep 3 & exit 0"), out=write)
        os.close(write)
        try:
            os.set_blocking(read, False)
            times = {}

            def over(run=run, times=times, read=read, start=start):
                with contextlib.suppress(BlockingIOError):
                    if "output" not in times and os.read(read, 4096) == b"":
                        times["output"] = time.monotonic() - start
                if "end" not in times and run.ended():
                    times["end"] = time.monotonic() - start
                return len(times) == 2
            if not until(over):
                table.row(name, "has not ended")
                continue
            table.row(name, f"ended after {times['end']:.2f} s, its output after {times['output']:.2f} s, "
                            f"status {run.process.returncode}")
            if name == "forker" and times["end"] > 2:
                faults.append("forker waited for a grandchild")
        finally:
            os.close(read)
            run.clear()


def show_drift(bench, scratch, faults):
    """How far the last run is from where the grid has it."""
    count = 10 if bench.quick else 40
    table = Table(f"{count} runs of date every {PERIOD_S} s: the last one is late by")
    path = os.path.join(scratch, "dates")
    script = f"date +%s.%N >>{path}"
    ways = [("forker", bench.forker,
             [bench.forker, "-q", "-i", str(PERIOD_S), "-e", "1", "-j", "9", "-n", str(count), "--", "sh", "-c", script]),
            ("watch -p -n 0.1", "watch", ["watch", "-p", "-n", str(PERIOD_S), "-x", "sh", "-c", script]),
            ("watch -n 0.1", "watch", ["watch", "-n", str(PERIOD_S), "-x", "sh", "-c", script]),
            ("parallel --delay 0.1", "parallel",
             ["parallel", "--will-cite", "-j9", "--delay", str(PERIOD_S), "-n0", script, ":::", *map(str, range(count))]),
            ("while sleep 0.1", "sh", ["sh", "-c", f"while {script}; do sleep {PERIOD_S}; done"])]
    for name, needed, command in ways:
        if not found(needed):
            table.skip(name, os.path.basename(needed))
            continue
        with open(path, "wb"):
            pass
        run = Marked(command)

        def times():
            with open(path, encoding="ascii") as file:
                return [float(line) for line in file.read().splitlines()]
        try:
            until(lambda: len(times()) >= count, 3 * count * PERIOD_S + PATIENCE_S)
            moments = sorted(times())[:count]
            if len(moments) < count:
                table.row(name, f"only {len(moments)} runs")
                continue
            late = 1000 * (moments[-1] - moments[0] - (count - 1) * PERIOD_S)
            table.row(name, f"{late:8.1f} ms ({late / (count - 1):.2f} ms a run)")
            if name == "forker" and late > 1000 * PERIOD_S:
                faults.append(f"forker drifts: {late:.1f} ms")
        finally:
            run.clear()


def show_stopped(bench, scratch, faults):
    """A child that stops, as one that asks for a password on the terminal does."""
    table = Table("a child that stops (kill -STOP): what is said of it within 2 s")
    for name, before in each_runner(bench, table):
        out_path = os.path.join(scratch, "stopped")
        with open(out_path, "wb") as out:
            run = Marked(words(name, before, "kill -STOP $$"), out=out)

        def said(run=run, path=out_path):
            with open(path, encoding="utf-8", errors="replace") as file:
                return re.search(r"[^\n]*[Ss]topped[^\n]*", file.read() + run.said())
        try:
            line = until(lambda run=run, said=said: said() or run.ended(), 2) and said()
            if line:
                table.row(name, line[0][:90])
            elif run.ended():
                table.row(name, f"nothing; ended with status {run.process.returncode}")
            else:
                table.row(name, "nothing; waits")
            if name == "forker" and not line:
                faults.append("forker says nothing of a stopped child")
        finally:
            run.clear()


def compare(bench):
    """All tables."""
    faults = []
    with tempfile.TemporaryDirectory() as scratch:
        show_resets(bench, scratch, faults)
        show_left_behind(bench, faults)
        show_kept_output(bench, faults)
        show_drift(bench, scratch, faults)
        show_stopped(bench, scratch, faults)
    if faults:
        raise measure.Failed("; ".join(faults))


if __name__ == "__main__":
    measure.main(compare, __doc__)
