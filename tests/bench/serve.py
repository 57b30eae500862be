#!/usr/bin/env python3
"""Connections a second of timed beside xinetd and a bare accept loop, clients that send, hostile clients, no descriptors."""

import contextlib
import getpass
import os
import re
import socket
import subprocess
import tempfile
import time

import measure

AT_ONCE = 32
SENT = 4096
ADDRESS = "127.0.0.1"

# Throttles off, for it is the loop that is compared; no log either, as timed -q has none.
XINETD = """defaults
{{
  instances = UNLIMITED
  per_source = UNLIMITED
  cps = 0 0
}}
service daytime
{{
  type = INTERNAL UNLISTED
  id = daytime-stream
  socket_type = stream
  protocol = tcp
  wait = no
  disable = no
  user = {user}
  port = {port}
  bind = {address}
}}
"""


def free_port():
    """A port that nothing listens on, below those that the kernel gives to clients."""
    for port in range(21000, 32000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((ADDRESS, port))
            return port
    raise measure.Failed("no free port from 21000 to 31999")


def read_reply(port, patience=5):
    """The reply of a server that may still be starting."""
    deadline = time.monotonic() + patience
    while True:
        try:
            with socket.create_connection((ADDRESS, port), timeout=patience) as client:
                with client.makefile("rb") as stream:
                    return stream.read()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise measure.Failed(f"nothing listens on port {port}") from None
            time.sleep(0.02)


class Server:
    """A server that runs, and answers with a reply of a known length."""

    def __init__(self, command, port, log=subprocess.DEVNULL):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid
        try:
            # The bare loop chooses its port itself and says it.
            self.port = port or int(self.process.stdout.readline())
            self.length = len(read_reply(self.port))
        except (ValueError, OSError, measure.Failed) as reason:
            self.stop()
            raise measure.Failed(f"{command[0]} does not serve: {reason}") from None

    def stop(self):
        """Ends it, whatever it does."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def timed(bench, *arguments, prefix=()):
    """timed on a port of its own; without -q its log goes to /dev/null, all the work of making it included."""
    port = free_port()
    return Server([*prefix, bench.timed, "--listen", f"{ADDRESS}:{port}", *arguments], port)


def xinetd(scratch):
    """xinetd's internal daytime service; it forks no child for it."""
    port = free_port()
    path = os.path.join(scratch, "xinetd.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(XINETD.format(port=port, address=ADDRESS, user=getpass.getuser()))
    return Server([measure.tool("xinetd"), "-dontfork", "-f", path, "-pidfile", os.path.join(scratch, "xinetd.pid")], port)


class Load:
    """What tcp_load found, with the server's CPU time for a connection."""

    def __init__(self, bench, server, count, *arguments):
        cpu = measure.cpu_s(server.pid)
        done = subprocess.run([bench.peer("tcp_load"), "-n", str(count), "-c", str(AT_ONCE), "-e", str(server.length),
                               *arguments, ADDRESS, str(server.port)], stdout=subprocess.PIPE, timeout=120, check=False)
        if server.process.poll() is not None:
            raise measure.Failed(f"{server.process.args[0]} ended while it was measured: status {server.process.returncode}")
        self.server_us = (measure.cpu_s(server.pid) - cpu) / count * 1e6
        self.text = done.stdout.decode().strip()
        found = dict(re.findall(r"(\w+):([\d.]+|nan)", self.text))
        if "conn_per_s" not in found:
            raise measure.Failed(f"tcp_load printed {self.text or 'nothing'}")
        self.figure = {key: float(value) for key, value in found.items()}

    def __getitem__(self, key):
        return self.figure[key]


def start_servers(bench, scratch, stack):
    """All that are compared, to run at once: one that nobody asks costs nothing."""
    servers = {
        "timed -q": timed(bench, "-q"),
        "timed, log": timed(bench),
        "the bare loop": Server([bench.peer("bare_accept")], None, log=subprocess.PIPE),
    }
    try:
        servers["xinetd"] = xinetd(scratch)
    except measure.Skip as reason:
        print(f"skipped: {reason}; the others without it")
    for server in servers.values():
        stack.callback(server.stop)
    return servers


def compare(bench, servers, rounds, count, *arguments):
    """Rounds in turns; the loads of each server."""
    loads = {name: [] for name in servers}
    for number in range(rounds + 1):
        for name in measure.rotated(servers, number):
            load = Load(bench, servers[name], count, *arguments)
            if number > 0:  # the first one warms up
                loads[name].append(load)
    return loads


def ratio(loads, one, other):
    """The median of the ratios within each round: the speed of the machine may change from one to the next."""
    return measure.median(a["conn_per_s"] / b["conn_per_s"] for a, b in zip(loads[one], loads[other], strict=True))


def print_rates(loads):
    for name, rows in loads.items():
        print(f"  {name:13} {measure.median(load['conn_per_s'] for load in rows):6.0f} connections/s, "
              f"{measure.median(load.server_us for load in rows):5.1f} us CPU each, "
              f"p99 {measure.median(load['p99_ms'] for load in rows):.3f} ms")
    for name, rows in loads.items():
        print(f"  rounds of {name:13} {measure.raw((load['conn_per_s'] for load in rows), 0)}")
    for name in ("timed -q", "timed, log"):
        print(f"  {name}: " + ", ".join(f"{ratio(loads, name, other):.2f} times {other}"
                                        for other in loads if not other.startswith("timed")))
    client = measure.median(load["cpu_percent"] for rows in loads.values() for load in rows)
    print(f"  the client took {client:.0f} % of a core: near 100 it is what limits, and CPU tells more than the rate")
    print("  target: as many as xinetd, close to the bare loop")


def print_losses(loads, count):
    for name, rows in loads.items():
        lost = [count - load["whole"] for load in rows]
        print(f"  {name:13} {measure.median(load['conn_per_s'] for load in rows):6.0f} connections/s, reset "
              f"{measure.raw((load['reset'] for load in rows), 0)}, replies not whole {measure.raw(lost, 0)}, of {count} each")
    print("  target: no reset, every reply whole")


def check_whole(loads, count):
    """That timed served everyone is no matter of speed."""
    for name, rows in loads.items():
        for load in rows:
            if name.startswith("timed") and load["ok"] != count:
                raise measure.Failed(f"{name}: {load.text}")


def wait_for_descriptors(process, number, patience=20):
    """Until a process has that many open."""
    deadline = time.monotonic() + patience
    while len(os.listdir(f"/proc/{process.pid}/fd")) < number:
        if process.poll() is not None or time.monotonic() > deadline:
            raise measure.Failed(f"{process.args[0]} does not open {number} connections")
        time.sleep(0.05)


@contextlib.contextmanager
def clients(bench, port, number, *arguments):
    """So many connections held open by a process of their own."""
    process = subprocess.Popen([bench.peer("tcp_load"), "-c", str(number), *arguments, ADDRESS, str(port)],
                               stdout=subprocess.DEVNULL)
    try:
        wait_for_descriptors(process, number * 9 // 10)  # at their rate a few are always between two
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def hostile(bench, port, silent):
    """
    Clients that never read, as many at the server all the time, and 100 that read a byte a second. The server lets go
    of a silent one after two seconds; each stays for half a second longer, so that it is the server which must end it.
    """
    with clients(bench, port, silent * 5 // 4, "--silent", "2.5", "--rate", str(silent // 2)), \
            clients(bench, port, 100, "-n", "1000000", "--trickle", "1"):
        yield


def bench_hostile(bench, rounds, count):
    """
    Latency of 32 ordinary clients: alone, while hostile ones are at another timed (which shows what these cost the
    machine), and while they are at the same.
    """
    places = ("alone", "hostile elsewhere", "hostile here")
    print(f"latency of {AT_ONCE} ordinary clients in ms, p50 p99 max, among silent ones and 100 that read a byte a second:")
    for limit, silent in (("--max-connections 4096", 1000), ("default", 1000), ("default", 3000)):
        with contextlib.ExitStack() as servers:
            arguments = limit.split() if limit != "default" else []
            here, elsewhere = timed(bench, "-q", *arguments), timed(bench, "-q", *arguments)
            servers.callback(here.stop)
            servers.callback(elsewhere.stop)
            loads = {place: [] for place in places}
            for _ in range(rounds):
                for place in places:
                    with contextlib.ExitStack() as attack:
                        if place != "alone":
                            attack.enter_context(hostile(bench, (here if place.endswith("here") else elsewhere).port, silent))
                        loads[place].append(Load(bench, here, count))
        print(f"  {silent} silent; {limit}:")
        for place, rows in loads.items():
            p50, p99, most = (measure.median(load[key] for load in rows) for key in ("p50_ms", "p99_ms", "max_ms"))
            print(f"    {place:17} {p50:.3f} {p99:.3f} {most:.3f}   rounds of p99: {measure.raw((load['p99_ms'] for load in rows), 3)}"
                  f"   not served: {measure.raw((count - load['ok'] for load in rows), 0)}")


def bench_descriptors(bench, seconds):
    """CPU of timed while 200 clients stay that it has no descriptors for."""
    server = timed(bench, "-q", prefix=[measure.tool("prlimit"), "--nofile=32", "--"])
    try:
        with clients(bench, server.port, 200, "-n", "200", "--silent", "0"):
            began, cpu = time.monotonic(), measure.cpu_s(server.pid)
            time.sleep(seconds)
            percent = (measure.cpu_s(server.pid) - cpu) / (time.monotonic() - began) * 100
        after = Load(bench, server, 200, "-c", "200")
    finally:
        server.stop()
    print(f"out of descriptors (32, and 200 clients that stay): {percent:.2f} % CPU over {seconds} s (target below 5); "
          f"afterwards {after['ok']:.0f} of 200 served")


def bench_serve(bench):
    """All of it."""
    rounds, short = (1, 2000) if bench.quick else (25, 5000)  # short ones: peers are compared within a round
    few, count = (1, 2000) if bench.quick else (5, 20000)
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        servers = start_servers(bench, scratch, stack)
        print(f"{short} connections, {AT_ONCE} at once:")
        plain = compare(bench, servers, rounds, short)
        print_rates(plain)
        print(f"{count} connections, {AT_ONCE} at once, {SENT} bytes sent before reading and {SENT} after:")
        sending = compare(bench, servers, few, count, "-b", str(SENT), "-a", str(SENT))
        print_losses(sending, count)
    check_whole(plain, short)
    check_whole(sending, count)
    bench_hostile(bench, few, count)
    bench_descriptors(bench, 2 if bench.quick else 5)


if __name__ == "__main__":
    measure.main(bench_serve, __doc__)
