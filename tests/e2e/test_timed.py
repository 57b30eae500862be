"""timed as a person meets it: options, replies to real clients."""
import calendar
import os
import re
import shutil
import signal
import subprocess
import time

from harness import PATIENCE_S, Terminal, environment, main, until
from timed_harness import (EPOCH_1900_S, LOCAL6, OWN_NETWORK, PLAIN, STOP_HINT, Test, in_own_network, network, read_all,
                           reset_on_close, run, udp, with_ipv6)

WHERE = "expected [ADDR]:PORT with a port up to 65535, such as :55555, 127.0.0.1:0 or [::1]:55555"


class Options(Test):
    def test_bad_places(self):
        for value in ("foo", "", ":", "127.0.0.1", "127.0.0.1:", ":65536", ":-1", ":80x", ": 80", "[::1]", "[::1]:",
                      "[::1", "[::1]80", "::1:80", "[127.0.0.1:80", ":0x50", "[]:80", ":99999999999999999999"):
            with self.subTest(value=value):
                self.usage_error("--listen", value, message=f"--listen: '{value}': {WHERE}")

    def test_places_that_are_not_here(self):
        self.start("-l", "198.51.100.1:0", stdin=subprocess.DEVNULL).ends(
            1, err="timed: 198.51.100.1:0: cannot listen: Cannot assign requested address\n")
        values = ["[2001:db8::1]:0"]
        if OWN_NETWORK: # where nobody answers questions about names: at once
            values += ["[fe80::1%nosuch]:0", "256.0.0.1:0", "no-such-host.invalid:0"]
        for value in values:
            with self.subTest(value=value):
                self.start("-l", value, stdin=subprocess.DEVNULL).ends(1, err=lambda text: self.assertRegex(
                    text, rf"\Atimed: [^\n]*{re.escape(value)}: [^\n]+\n\Z"))

    def test_bad_values(self):
        for option, values in (("--protocol", ("", "ntp", "Plain")), ("--max-per-source", ("-1", "", "x")),
                               ("--max-connections", ("0", "-1", "", "1.5", "many")),
                               ("--stats", ("0", "-1", "nan", "inf", "", "1s", "0,5")),
                               ("--format", ("", "%Q", "%", "%E", "%5", "100%", "x" * 600))):
            for value in values:
                with self.subTest(option=option, value=value):
                    self.start(option, value, stdin=subprocess.DEVNULL).ends(2, err=lambda text: self.assertRegex(
                        text, rf"\Atimed: {option}: '{re.escape(value[:200])}': [^\n]+\nTry 'timed --help' [^\n]+\n\Z"))

    def test_what_does_not_go_together(self):
        for words in (["extra"], ["--nosuch"], ["--udp=1"], ["--listen"], ["-p", "time", "-f", "%c"]):
            with self.subTest(words=words):
                self.start(*words, stdin=subprocess.DEVNULL).ends(2, err=lambda text: self.assertRegex(
                    text, r"\Atimed: [^\n]+\nTry 'timed --help' for more information.\n\Z"))

    def test_help_and_version(self):
        def check(text):
            self.assertTrue(text.startswith("Usage: timed [OPTION]...\n"), text)
            for option in ("-l, --listen", "-p, --protocol", "-u, --udp", "-f, --format", "--utc", "--max-connections",
                           "--max-per-source", "--stats", "-q, --quiet", "-h, --help", "-V, --version"):
                self.assertIn(option, text)
            self.assertLessEqual(max(map(len, text.splitlines())), 80)
        for words in (["--help"], ["-h"], ["-uh", "--nosuch"]):
            self.start(*words, stdin=subprocess.DEVNULL).ends(out=check)
        for words in (["--version"], ["-V"]):
            self.start(*words, stdin=subprocess.DEVNULL).ends(
                out=lambda text: self.assertRegex(text, r"\Atimed \d+\.\d+\.\d+\n\Z"))

    def test_a_port_in_use(self):
        server = self.serve()
        where = f"127.0.0.1:{server.port}"
        self.start("-l", where, stdin=subprocess.DEVNULL).ends(1, err=lambda text: self.assertRegex(
            text, rf"\Atimed: {where}: cannot listen: Address already in use.*\n\Z"))
        self.check_plain(server.ask())
        with udp() as sock:
            where = f"127.0.0.1:{sock.getsockname()[1]}"
            self.start("-u", "-l", where, stdin=subprocess.DEVNULL).ends(
                1, err=lambda text: self.assertRegex(text, rf"\Atimed: {where}.*: Address already in use.*\n\Z"))

    def test_a_privileged_port(self):
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
            if int(file.read()) < 81:
                self.skipTest("port 80 is anybody's here")
        prefix = ["setpriv", "--bounding-set=-net_bind_service"] if os.geteuid() == 0 else []
        self.start("-l", "127.0.0.1:80", stdin=subprocess.DEVNULL, prefix=prefix).ends(
            1, err=lambda text: self.assertRegex(
                text, r"\Atimed: 127\.0\.0\.1:80: cannot listen: Permission denied.*\n\Z"))


class Start(Test):
    def lines(self, server):
        return server.out.removesuffix(STOP_HINT).splitlines()

    @in_own_network
    def test_the_plain_case(self):
        server = self.start(stdin=subprocess.DEVNULL).ready()
        self.assertEqual(server.out, "Time Server starting on port 55555...\n" + STOP_HINT)
        client = self.client(server, port=55555)
        before_s = time.time()
        self.check_now(self.check_plain(read_all(client)), before_s - 1)
        name = f"127.0.0.1:{client.getsockname()[1]}"
        server.says(f"Sending time to {name}...Done.\n")
        server.signal(signal.SIGINT)
        client.close()
        server.ends(out=f"Time Server starting on port 55555...\n{STOP_HINT}Sending time to {name}...Done.\n")

    @with_ipv6
    def test_all_addresses_are_those_of_both_families(self):
        server = self.serve("-l", ":0")
        self.assertEqual(server.out, f"Time Server starting on port {server.port}...\n" + STOP_HINT)
        for host, shown in (("127.0.0.1", "127.0.0.1"), ("127.1.2.3", "127.1.2.3"), ("::1", "[::1]")):
            client = self.client(server, host, source=host)
            self.check_plain(read_all(client))
            server.says(f"Sending time to {shown}:{client.getsockname()[1]}...Done.\n")

    @with_ipv6
    def test_several_places(self):
        server = self.serve("-l", "127.0.0.1:0", *LOCAL6, "--listen=127.0.0.2:0")
        listening = server.listening()
        self.assertEqual(sorted(self.lines(server)), sorted(
            f"Time Server starting on {f'[{host}]' if ':' in host else host}:{port}..." for host, port in listening))
        self.assertEqual({host for host, _ in listening}, {"127.0.0.1", "127.0.0.2", "::1"})
        for host, port in listening:
            self.check_plain(server.ask(host, port=port))

    @in_own_network
    @with_ipv6
    def test_a_link_local_place(self):
        network.add_address("fe80::7", 64)
        server = self.serve("-l", "[fe80::7%lo]:0")
        self.assertEqual(self.lines(server), [f"Time Server starting on [fe80::7%lo]:{server.port}..."])
        client = self.client(server, "fe80::7%lo")
        self.check_plain(read_all(client))
        server.says(f"Sending time to [fe80::7%lo]:{client.getsockname()[1]}...Done.\n")

    def test_quiet(self):
        """But a port that nobody can know is told."""
        server = self.serve("-q")
        line = f"Time Server starting on 127.0.0.1:{server.port}...\n"
        server.says(line)
        self.check_plain(server.ask())
        server.stop(out=line)
        again = self.serve("--quiet", "-l", f"127.0.0.1:{server.port}", stdout=subprocess.DEVNULL)
        self.assertEqual(again.port, server.port, "no waiting for TIME_WAIT to pass")
        self.check_plain(again.ask())
        again.stop()


class Replies(Test):
    def test_the_time_is_local(self):
        for zone, offset_s in (("UTC0", 0), ("XYZ-5:45", 20700), ("ABC3", -10800)):
            with self.subTest(zone=zone):
                server = self.serve(env=environment(TZ=zone))
                before_s = time.time()
                text = PLAIN.fullmatch(server.ask())[1].decode()
                told = time.strptime(text)
                self.check_now(self.seconds(told) - offset_s, before_s)
                self.assertEqual(text, time.asctime(told))

    @staticmethod
    def seconds(parts):
        """Of a broken-down time, as if it was UTC."""
        return calendar.timegm(parts)

    def test_utc(self):
        server = self.serve("--utc", env=environment(TZ="XYZ-5:45"))
        before_s = time.time()
        self.check_now(self.seconds(time.strptime(PLAIN.fullmatch(server.ask())[1].decode())), before_s)

    def test_a_format_of_ones_own(self):
        server = self.serve("--utc", "-f", "%Y-%m-%dT%H:%M:%SZ 100%%")
        before_s = time.time()
        reply = server.ask().decode()
        match = re.fullmatch(r"\n\nCurrent time: (.*) 100%\n\n", reply)
        self.assertTrue(match, reply)
        self.check_now(self.seconds(time.strptime(match[1], "%Y-%m-%dT%H:%M:%SZ")), before_s)

    def test_daytime(self):
        server = self.serve("--protocol", "daytime")
        before_s = time.time()
        reply = server.ask().decode()
        self.assertRegex(reply, r"\A[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\r\n\Z")
        self.check_now(time.mktime(time.strptime(reply.strip())), before_s)
        server = self.serve("-p", "daytime", "-f", "%H.%M", "--utc")
        self.assertRegex(server.ask(), rb"\A\d\d\.\d\d\r\n\Z")

    def test_time(self):
        server = self.serve("-p", "time", env=environment(TZ="XYZ-5:45"))
        before_s = time.time()
        reply = server.ask()
        self.assertEqual(len(reply), 4)
        self.check_now(int.from_bytes(reply, "big") - EPOCH_1900_S, before_s)

    def test_the_second_changes(self):
        """A reply made once a second is made anew in the next."""
        server = self.serve("-p", "time")
        first = server.ask()
        later = until(lambda: (reply := server.ask()) != first and reply, "another second", 5)
        self.check_now(int.from_bytes(later, "big") - EPOCH_1900_S, time.time() - 1)

    def test_the_locale_changes_nothing(self):
        server = self.serve("-p", "daytime", "-f", "%A %B %x %X %p", "--utc", env=environment(LC_ALL="de_DE.UTF-8"))
        self.assertRegex(server.ask().decode(), r"\A\w+day \w+ \d\d/\d\d/\d\d \d\d:\d\d:\d\d [AP]M\r\n\Z")


class Clients(Test):
    def test_one_that_sends_before_it_reads(self):
        server = self.serve()
        client = self.client(server)
        client.sendall(b"x" * 4096)
        until(lambda: server.err or "Done." in server.out, "it has been answered")
        client.sendall(b"y" * 4096)
        self.check_plain(read_all(client))
        client.sendall(b"z" * 4096)
        self.assertTrue(server.holds(client))
        client.close()
        until(lambda: not server.connections(), "the connection is gone")

    def test_one_that_goes_at_once(self):
        server = self.serve()
        for number in range(50):
            client = server.connect()
            if number % 2:
                reset_on_close(client)
            client.close()
        self.check_plain(server.ask())
        until(lambda: not server.connections(), "the connections are gone")
        until(lambda: len(re.findall(r"^Sending time to .*", server.out, re.M)) == 51, "a line for each")
        server.stop(out=lambda text: [self.assertRegex(
            line, r"\ASending time to 127\.0\.0\.1:\d+\.\.\.(Done\.|failed: .+)\Z") for line in text.splitlines()[2:]])

    def test_nc(self):
        server = self.serve()
        for words in (["nc", "-d"], ["nc", "-N"]):
            with self.subTest(words=words):
                self.check_plain(run(*words, "127.0.0.1", server.port))

    @with_ipv6
    def test_nc_over_ipv6(self):
        self.check_plain(run("nc", "-6", "-N", "::1", self.serve(*LOCAL6).port))

    def test_nc_with_udp(self):
        server = self.serve("-u")
        self.check_plain(run("nc", "-u", "-W1", "127.0.0.1", server.port, stdin=None, input=b"\n"))

    def test_telnet(self):
        """A person's: the input stays open, the end comes from the server."""
        server = self.serve()
        terminal = Terminal()
        self.addCleanup(terminal.close)
        with subprocess.Popen(["telnet", "127.0.0.1", str(server.port)], stdin=terminal.theirs, stdout=terminal.theirs,
                              stderr=terminal.theirs) as client:
            terminal.expect("Connection closed by foreign host.")
            self.assertRegex(terminal.text.replace("\r", ""), PLAIN.pattern.decode())
            client.wait(PATIENCE_S)
        until(lambda: not server.connections(), "the connection is gone")

    def test_rdate(self):
        # It is for administrators, and so where the PATH of other users does not lead.
        rdate = shutil.which("rdate", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.assertTrue(rdate, "rdate is installed")
        server = self.serve("-p", "time", "-u")
        for words in (["-p"], ["-p", "-u"]):
            with self.subTest(words=words):
                before_s = time.time()
                text = run(rdate, *words, "-o", server.port, "127.0.0.1", env=environment(TZ="UTC0")).decode()
                self.assertRegex(text, r"\A\w{3} \w{3} .\d \d\d:\d\d:\d\d UTC \d{4}\n\Z")
                self.check_now(Replies.seconds(time.strptime(text.strip(), "%a %b %d %H:%M:%S UTC %Y")), before_s)


if __name__ == "__main__":
    main()
