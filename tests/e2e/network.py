"""A network namespace of our own, and what the kernel tells about the sockets and counters in it."""
import errno
import fcntl
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

_MARK = "TIMED_NETWORK" # in the environment: "own" after the program was started again in a namespace, else "shared"
_SIOCSIFFLAGS, _SIOCSIFADDR = 0x8914, 0x8916
_UP_LOOPBACK_RUNNING = 0x49

ESTABLISHED, CLOSE, LISTEN = 1, 7, 10 # in Socket.state; a UDP socket without a peer is CLOSE

# Of /proc/net/tcp, but for the thousands in TIME_WAIT, which belong to nobody any more.
_ROW = re.compile(r"^ *\d+: (\S+) (\S+) (?!06)(\w\w) \w+:(\w+) \S+ \w+ +\d+ +\d+ (\d+) ", re.MULTILINE)

Socket = namedtuple("Socket", "kind local remote state unread inode")


def enter():
    """
    Starts this program again in a network namespace of its own, where only lo is there and only we count, and every
    port is free; as root or, where the machine lets users have namespaces, as anybody. True when we are there.
    """
    mark = os.environ.get(_MARK)
    if mark is None:
        ways = [["unshare", "--net"]] if os.geteuid() == 0 else []
        for words in [*ways, ["unshare", "--map-root-user", "--net"]]:
            if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0:
                os.environ[_MARK] = "own"
                sys.stdout.flush()
                os.execvp(words[0], [*words, sys.executable, *sys.orig_argv[1:]])
        os.environ[_MARK] = "shared"
    elif mark == "own":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _UP_LOOPBACK_RUNNING))
        return True
    return False


def add_address(address, prefix=128):
    """Gives lo one more IPv6 address."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as any_socket:
        request = socket.inet_pton(socket.AF_INET6, address) + struct.pack("Ii", prefix, socket.if_nametoindex("lo"))
        try:
            fcntl.ioctl(any_socket, _SIOCSIFADDR, request)
        except OSError as error:
            if error.errno != errno.EEXIST:
                raise


def add_pair():
    """
    Two interfaces at the two ends of a wire, with link-local addresses and multicast, which lo has not. Their names, or
    None where the kernel has none of that kind.
    """
    names = "left", "right"
    if names[0] not in dict(socket.if_nameindex()).values():
        Path("/proc/sys/net/ipv6/conf/default/accept_dad").write_text("0") # no second of looking for duplicates
        made = subprocess.run(["ip", "link", "add", names[0], "type", "veth", "peer", "name", names[1]], check=False)
        if made.returncode != 0:
            return None
        for name in names:
            subprocess.run(["ip", "link", "set", name, "up"], check=True)
    return names


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
            sock.bind(("::1", 0))
        return True
    except OSError:
        return False


def counters():
    """{"TcpExtTCPAbortOnClose": 0, ...} of this namespace: what `nstat -a` shows."""
    found = {}
    for path in ("/proc/self/net/netstat", "/proc/self/net/snmp"):
        lines = Path(path).read_text().splitlines()
        for names, values in zip(lines[::2], lines[1::2]):
            group = names.split(":")[0]
            found |= {group + name: int(value) for name, value in zip(names.split()[1:], values.split()[1:])}
    return found


def _endpoint(text):
    """("127.0.0.1", 80) of 0100007F:0050, whose words are in the machine's byte order."""
    digits, port = text.split(":")
    words = [digits[i:i + 8] for i in range(0, len(digits), 8)]
    packed = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed), int(port, 16)


def _table(pid, kind):
    try:
        text = Path(f"/proc/{pid}/net/{kind}").read_text()
    except FileNotFoundError:
        return # no IPv6 here
    for local, remote, state, unread, inode in _ROW.findall(text):
        yield Socket(kind, _endpoint(local), _endpoint(remote), int(state, 16), int(unread, 16), int(inode))


def sockets_of(pid):
    """The TCP and UDP sockets that a process has open now; those that it has closed are no more its own."""
    inodes = set()
    for entry in os.scandir(f"/proc/{pid}/fd"):
        try:
            name = os.readlink(entry.path)
        except FileNotFoundError:
            continue # closed in the meantime
        if name.startswith("socket:["):
            inodes.add(int(name[8:-1]))
    return [sock for kind in ("tcp", "tcp6", "udp", "udp6") for sock in _table(pid, kind) if sock.inode in inodes]
