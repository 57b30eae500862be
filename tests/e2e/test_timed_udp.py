"""timed over UDP: who gets an answer, from where, and who never does, so that no two servers can talk for ever."""
import re
import select
import socket
import struct
import time

from harness import main, until
from timed_harness import (EPOCH_1900_S, HAVE_IPV6, LOCAL, PLAIN_BYTES, Crowd, Test, in_own_network, network, udp,
                           with_ipv6)


class UdpTest(Test):
    def serve_udp(self, *arguments, **options):
        return self.serve("-u", *arguments, **options)

    def probe(self, server, host="127.0.0.1", port=None):
        """Asks as a client that deserves an answer. What came before it has been looked at when that is here."""
        with udp("::1" if ":" in host else "127.0.0.1") as sock:
            sock.sendto(b"", (host, port or server.port))
            return sock.recv(1000)

    def assert_silent(self, sock, server, host="127.0.0.1"):
        """It is ignored, and said to be; nothing came back by the time that a later one was answered."""
        ignored = re.compile(rf"^Ignoring \S+:{sock.getsockname()[1]}: .+$", re.MULTILINE)

        def decided():
            if select.select([sock], [], [], 0)[0]:
                self.fail("answered: {!r} from {}".format(*sock.recvfrom(1000)))
            return ignored.search(server.out)
        until(decided, "it is ignored")
        self.probe(server, host)
        decided()


class Answers(UdpTest):
    def test_tcp_and_udp_at_the_same_port(self):
        server = self.serve_udp()
        self.assertEqual({sock.kind[:3] for sock in server.sockets() if sock.local[1] == server.port}, {"tcp", "udp"})
        before_s = time.time()
        with self.own(udp()) as client:
            client.sendto(b"", ("127.0.0.1", server.port))
            answer, source = client.recvfrom(1000)
            self.check_now(self.check_plain(answer), before_s)
            self.assertEqual(source, ("127.0.0.1", server.port))
            server.says(f"Sending time to 127.0.0.1:{client.getsockname()[1]}...Done.\n")
        self.check_plain(server.ask())

    def test_only_if_asked_for(self):
        server = self.serve()
        self.assertEqual({sock.kind[:3] for sock in server.sockets()}, {"tcp"})

    @with_ipv6
    def test_port_0_is_one_port_for_all(self):
        server = self.serve_udp("-l", ":0")
        self.assertEqual({(sock.kind, sock.local[1]) for sock in server.sockets()},
                         {(kind, server.port) for kind in ("tcp", "tcp6", "udp", "udp6")})
        for host in ("127.0.0.1", "::1"):
            self.check_plain(self.probe(server, host))

    def test_protocols(self):
        server = self.serve_udp("-p", "time")
        before_s = time.time()
        answer = self.probe(server)
        self.assertEqual(len(answer), 4)
        self.check_now(int.from_bytes(answer, "big") - EPOCH_1900_S, before_s)
        server = self.serve_udp("-p", "daytime", "--utc", "-f", "%Y")
        self.assertRegex(self.probe(server), rb"\A\d{4}\r\n\Z")

    def test_from_the_address_asked(self):
        server = self.serve_udp("-l", ":0" if HAVE_IPV6 else "0.0.0.0:0")
        for host in ("127.0.0.5", "127.0.0.1", "127.200.3.4"):
            with udp("127.0.0.9") as client:
                client.sendto(b"", (host, server.port))
                answer, source = client.recvfrom(1000)
                self.check_plain(answer)
                self.assertEqual(source, (host, server.port))

    @in_own_network
    @with_ipv6
    def test_from_the_address_asked_over_ipv6(self):
        for address in ("fd00:5::5", "fd00:5::6", "fe80::5"):
            network.add_address(address, 64 if address.startswith("fe80") else 128)
        server = self.serve_udp("-l", "[::]:0")
        scope = socket.if_nametoindex("lo")
        for host in ("fd00:5::5", "fd00:5::6", "fe80::5", "::1"):
            with udp("::1") as client:
                client.sendto(b"", (host, server.port, 0, scope if host.startswith("fe80") else 0))
                answer, source = client.recvfrom(1000)
                self.check_plain(answer)
                self.assertEqual((source[0].split("%")[0], source[1]), (host, server.port))

    def test_a_crowd(self):
        """And TCP beside it: neither waits for the other."""
        server = self.serve_udp("-q")

        def work(place):
            answered = 0
            with udp() as client:
                client.settimeout(0.5)
                for _ in range(500):
                    if place % 2:
                        answered += len(server.ask()) == PLAIN_BYTES
                        continue
                    client.sendto(b"", ("127.0.0.1", server.port))
                    try:
                        answered += len(client.recv(100)) == PLAIN_BYTES
                    except TimeoutError:
                        pass # UDP may lose some
            return answered
        counts = Crowd(4, work).results()
        self.assertEqual(counts[1::2], [500, 500])
        self.assertGreater(sum(counts), 1900)


class NoAnswer(UdpTest):
    def test_as_long_as_the_answer(self):
        for arguments, length in (((), PLAIN_BYTES), (("-p", "time"), 4), (("-p", "daytime", "-f", "%Y"), 6)):
            server = self.serve_udp(*arguments)
            with udp() as client:
                for size in (0, 1, length - 1):
                    client.sendto(b"x" * size, ("127.0.0.1", server.port))
                    self.assertEqual(len(client.recv(1000)), length)
            for size in (length, length + 1, 1000, 65507):
                with self.subTest(arguments=arguments, size=size), udp() as client:
                    client.sendto(b"x" * size, ("127.0.0.1", server.port))
                    self.assert_silent(client, server)

    def test_ports_below_1024(self):
        server = self.serve_udp()
        for port in (1, 7, 13, 19, 37, 123, 1023):
            try:
                client = self.own(udp(port=port))
            except PermissionError:
                self.skipTest("these ports are root's here")
            with self.subTest(port=port):
                client.sendto(b"", ("127.0.0.1", server.port))
                self.assert_silent(client, server)

    def test_its_own_ports(self):
        """Wherever they are: another server of the same kind is on the other side, as a rule."""
        server = self.serve_udp(*LOCAL, *LOCAL)
        ports = {port for _, port in server.listening()}
        self.assertEqual(len(ports), 2)
        for port in ports:
            for to in ports:
                with self.subTest(port=port), udp("127.0.0.2", port) as client:
                    client.sendto(b"", ("127.0.0.1", to))
                    self.probe(server, port=to)
                    self.assert_silent(client, server)
        with udp("127.0.0.2") as client:
            client.sendto(b"", ("127.0.0.1", server.port))
            self.check_plain(client.recv(100))

    @in_own_network
    def test_broadcast(self):
        server = self.serve_udp("-l", "0.0.0.0:0")
        for host in ("127.255.255.255", "255.255.255.255"):
            with self.subTest(host=host), udp() as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
                client.sendto(b"", (host, server.port))
                self.assert_silent(client, server)

    @in_own_network
    def test_multicast(self):
        server = self.serve_udp("-l", "0.0.0.0:0")
        with udp() as client:
            client.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            client.sendto(b"", ("224.0.0.1", server.port))
            self.assert_silent(client, server)

    @in_own_network
    @with_ipv6
    def test_multicast_over_ipv6(self):
        names = network.add_pair()
        if names is None:
            self.skipTest("this kernel has no veth interfaces")
        server = self.serve_udp("-l", "[::]:0")
        with udp("::") as client:
            until(lambda: self.sends(client, ("ff02::1", server.port, 0, socket.if_nametoindex(names[0]))), "a wire")
            self.assert_silent(client, server, "::1")

    @staticmethod
    def sends(sock, where):
        """Whether it could be sent: not before an interface has its addresses."""
        try:
            return sock.sendto(b"", where) == 0
        except OSError:
            return False


@in_own_network
class Forged(UdpTest):
    """Datagrams whose source is a lie, as in a reflection attack."""

    def forge(self, source, destination, data=b""):
        """source, destination: (address, port)."""
        payload = struct.pack("!4H", source[1], destination[1], 8 + len(data), 0) + data # no checksum
        header = struct.pack("!2B3H2BH4s4s", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_UDP, 0, socket.inet_aton(source[0]),
                             socket.inet_aton(destination[0])) # the kernel fills in length and checksum
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            raw.sendto(header + payload, (destination[0], 0))

    def sent(self):
        return network.counters()["UdpOutDatagrams"]

    def test_two_servers_fall_silent(self):
        """Each is told that the other asked. At most a word from each of them, whatever they speak."""
        words = ([], ["-p", "time"], ["-p", "daytime"], ["-f", "%c and some more text than others have"], ["-f", "%Y"])
        servers = [self.serve_udp(*arguments, *where) for arguments, where in
                   [(arguments, ("-l", f"127.0.0.{10 + n}:0")) for n, arguments in enumerate(words)]]
        servers += [self.serve_udp("-l", f"127.0.0.{20 + n}:0") for n in range(2)]
        places = [(f"127.0.0.{10 + n}", server.port) for n, server in enumerate(servers[:len(words)])]
        places += [(f"127.0.0.{20 + n}", server.port) for n, server in enumerate(servers[len(words):])]
        for victim in places:
            for place in places:
                if place == victim:
                    continue
                before, probes = self.sent(), 0
                self.forge(victim, place)
                for _ in range(3): # from one to the other and back, each time after what the other one sent
                    for where in (place, victim):
                        self.probe(None, *where)
                        probes += 2 # a question and an answer
                said = self.sent() - before - probes
                self.assertLessEqual(said, 2, f"{place} and {victim} talk to each other")

    def test_a_source_at_its_own_port(self):
        """It would answer itself."""
        server = self.serve_udp()
        before = self.sent()
        self.forge(("127.0.0.1", server.port), ("127.0.0.1", server.port))
        self.probe(server)
        self.assertEqual(self.sent() - before, 2)
        server.says(f"Ignoring 127.0.0.1:{server.port}: ")

    def test_sources_that_cannot_be_answered(self):
        """No port, no route, broadcast: nothing of it disturbs the server."""
        server = self.serve_udp("-l", "0.0.0.0:0")
        for source in (("127.0.0.1", 0), ("198.51.100.1", 5000), ("127.255.255.255", 5000), ("255.255.255.255", 5000),
                       ("224.0.0.1", 5000), ("0.0.0.0", 5000)):
            self.forge(source, ("127.0.0.1", server.port))
            self.check_plain(self.probe(server))
        server.stop()


if __name__ == "__main__":
    main()
