"""What only the tests of timed need: servers, clients, crowds of clients, and checks of what these were told."""
import json
import os
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
import unittest

import harness
import network
from harness import PATIENCE_S, mortal, sanitized, until

TIMED = harness.program("timed")
SANITIZED = sanitized(TIMED)
OWN_NETWORK = network.enter()
HAVE_IPV6 = network.has_ipv6()
LOCAL = ("-l", "127.0.0.1:0")
LOCAL6 = ("-l", "[::1]:0")
HINT = "Try 'timed --help' for more information.\n"
STOP_HINT = "Press Ctrl+C to stop the server.\n"
START = re.compile(r"^(?:\S+ )?Time Server starting on (?:port |\S+:)(\d+)(?: \(UDP\))?\.\.\.$", re.MULTILINE)
PLAIN = re.compile(rb"\n\nCurrent time: ([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\n\n")
PLAIN_BYTES = 42
EPOCH_1900_S = 2208988800

in_own_network = unittest.skipUnless(OWN_NETWORK, "no network namespaces here: unshare --net fails")
with_ipv6 = unittest.skipUnless(HAVE_IPV6, "no IPv6 here")


def read_all(sock):
    """Everything up to the peer's end."""
    data = b""
    while part := sock.recv(65536):
        data += part
    return data


def was_reset(sock):
    """Whether the peer, which has ended its direction before, then sent a reset."""
    close_wait, close = 8, 7
    state = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    assert state in (close_wait, close), state
    return state == close


def reset_on_close(sock):
    """Its close will be a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def udp(address="127.0.0.1", port=0):
    """A UDP socket of our own; times out when nobody answers."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(PATIENCE_S)
    sock.bind((address, port))
    return sock


def anything(_):
    """For output that a test does not look at."""


def shell(script):
    """Words before the command for a shell to start it with, "$@" in the script."""
    return ["sh", "-c", script, "sh"]


class Server(harness.Process):
    """timed, running."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.port = 0 # of its first listener

    def sockets(self):
        try:
            return network.sockets_of(self.pid)
        except (FileNotFoundError, PermissionError, ProcessLookupError): # it is no more
            return []

    def listening(self):
        """(address, port) of its TCP listeners."""
        return [sock.local for sock in self.sockets() if sock.state == network.LISTEN]

    def holds(self, client):
        """Whether it has its end of this connection still open."""
        return client.getsockname()[1] in [sock.remote[1] for sock in self.sockets()]

    def connections(self):
        return sum(sock.kind.startswith("tcp") and sock.state != network.LISTEN for sock in self.sockets())

    def ready(self, silent=False):
        """Waits until it has said where it listens; of a silent one, until it does."""
        def find():
            if not self.running():
                raise AssertionError(f"timed ended with {self.process.returncode} before it listened: {self.err}")
            if silent:
                return [port for _, port in self.listening()]
            text = self.out + self.err
            return STOP_HINT in text and START.findall(text)
        self.port = int(until(find, "timed listens")[0])
        return self

    def says(self, text, stream="out"):
        until(lambda: text in getattr(self, stream), f"{text!r} on std{stream}, which is {getattr(self, stream)!r}")

    def connect(self, host="127.0.0.1", source=None, port=None):
        return socket.create_connection((host, port or self.port), PATIENCE_S, source and (source, 0))

    def ask(self, *arguments, **options):
        """A reply, whole."""
        with self.connect(*arguments, **options) as client:
            return read_all(client)

    def stop(self, **expected):
        self.signal(signal.SIGTERM)
        self.ends(**{"out": anything, **expected})

    def cpu_share(self, seconds):
        """How much of a processor it takes in the next seconds: 1 is all of one."""
        before, start = self.cpu_s(), time.monotonic()
        time.sleep(seconds)
        return (self.cpu_s() - before) / (time.monotonic() - start)


class Test(harness.Test):
    program = TIMED
    process_class = Server

    def allow_many_clients(self):
        """Raises our own limit of descriptors for this test; how many there may be."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        raised = 8192 if hard == resource.RLIM_INFINITY else min(hard, 8192)
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        return raised - 50

    def serve(self, *arguments, **options):
        """timed on a free port of 127.0.0.1, or where the arguments say, and ready."""
        where = () if any(str(word).startswith(("-l", "--listen")) for word in arguments) else LOCAL
        silent = "-q" in arguments or options.get("stdout") is not None
        return self.start(*where, *arguments, **{"stdin": subprocess.DEVNULL, **options}).ready(silent)

    def usage_error(self, *arguments, message):
        self.start(*arguments, stdin=subprocess.DEVNULL).ends(2, err=f"timed: {message}\n{HINT}")

    def client(self, server, *arguments, **options):
        """A connection that lasts as long as the test."""
        sock = server.connect(*arguments, **options)
        self.addCleanup(sock.close)
        return sock

    def own(self, closable):
        self.addCleanup(closable.close)
        return closable

    def check_plain(self, reply):
        """A whole reply of the default form; the time that it tells, in seconds."""
        match = PLAIN.fullmatch(reply)
        self.assertTrue(match, reply)
        return time.mktime(time.strptime(match[1].decode()))

    def check_now(self, told_s, before_s):
        """Whether a time in whole seconds lies between a moment before and now."""
        self.assertTrue(int(before_s) <= told_s <= time.time(), (before_s, told_s, time.time()))


class Crowd:
    """Processes of our own that work at the same time: work(place) in each, which returns something for JSON."""

    def __init__(self, size, work, seconds=100):
        self.pipes, self.pids = [], []
        sys.stdout.flush()
        sys.stderr.flush()
        for place in range(size):
            ours, theirs = os.pipe()
            pid = os.fork()
            if pid == 0:
                self._work(theirs, place, work, seconds)
            os.close(theirs)
            self.pipes.append(ours)
            self.pids.append(pid)
        self.deadline = time.monotonic() + seconds + PATIENCE_S

    @staticmethod
    def _work(pipe, place, work, seconds):
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.alarm(seconds)
            with open(pipe, "w") as file:
                json.dump(work(place), file)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def results(self):
        """Waits for all of them; a list of what they returned."""
        texts = []
        try:
            for pipe in self.pipes:
                text = b""
                while True:
                    left = self.deadline - time.monotonic()
                    if left < 0 or not select.select([pipe], [], [], left)[0]:
                        raise AssertionError("the crowd is late")
                    part = os.read(pipe, 65536)
                    if not part:
                        break
                    text += part
                texts.append(text)
        finally:
            self.end()
        if not all(texts):
            raise AssertionError("one of the crowd failed, see above")
        return [json.loads(text) for text in texts]

    def end(self):
        for pipe in self.pipes:
            os.close(pipe)
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL) # those who are done are still there, as zombies
            os.waitpid(pid, 0)
        self.pipes, self.pids = [], []


def run(*words, seconds=PATIENCE_S, **options):
    """A program of the system, to its end; its whole output."""
    return subprocess.run([*mortal(), *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=seconds, **{"stdin": subprocess.DEVNULL, **options}).stdout
