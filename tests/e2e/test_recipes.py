"""The README's recipes for sources of all kinds, run as they stand there, where the tool is to be had."""
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import unittest

from harness import HERE, PATIENCE_S, Late, environment, main, until
from picture import Picture
from scope_harness import SCOPE, Display, Test

README = (HERE.parent.parent / "README.md").read_text()


def recipe(number):
    """The commands under "# NUMBER. ..." of the README."""
    block = re.search(rf"^    # {number}\. .*\n((?:    [^#\n].*\n)+)", README, re.MULTILINE)
    return [line.strip() for line in block[1].splitlines()]


def needs(*tools):
    missing = [tool for tool in tools if not shutil.which(tool)]
    return unittest.skipIf(missing, f"{', '.join(missing)} is missing")


class Recipes(Test):
    def setUp(self):
        super().setUp()
        # All that it takes in is recorded besides, so that it can be seen here.
        (self.directory / "bin").mkdir()
        path = self.write("bin/scope", f'#!/bin/sh\nexec {SCOPE} --record "{self.directory}/seen.csv" "$@"\n')
        os.chmod(path, 0o755)

    def paste(self, command, **changes):
        """The command in a shell of its own group, on a display; which must not have ended by itself at the end."""
        env = environment(DISPLAY=Display.shared().name, PATH=f"{self.directory}/bin:{os.environ['PATH']}", **changes)
        with open(self.directory / "errors", "wb") as errors, open(self.directory / "output", "wb") as output:
            process = subprocess.Popen(["sh", "-c", command], cwd=self.directory, env=env, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=errors, start_new_session=True)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        for number in (signal.SIGINT, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(PATIENCE_S / 4)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass

    def rows(self, name="seen.csv"):
        """What it took in so far: [(channel, value)]."""
        path = self.directory / name
        lines = path.read_text().split("\n")[1:-1] if path.exists() else [] # the last may be half written
        return [(channel, float(value)) for _, channel, value in (line.split(",") for line in lines)]

    def background(self, *command):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    @needs("socat")
    def test_a_board(self):
        ends = [self.directory / name for name in ("board", "tty")]
        self.background("socat", *(f"pty,raw,echo=0,link={end}" for end in ends))
        until(lambda: all(end.exists() for end in ends), "the line is there")
        [command] = recipe(11)
        self.assertIn("/dev/ttyACM0", command)
        self.paste(command.replace("/dev/ttyACM0", str(ends[1])))
        with open(ends[0], "wb", buffering=0) as board:
            def send():
                board.write(b"temp:21.5 hum:40\r\n")
                return len(self.rows()) >= 6
            until(send, "rows")
        self.assertEqual(self.rows()[:2], [("temp", 21.5), ("hum", 40)])

    @needs("mosquitto", "mosquitto_sub", "mosquitto_pub")
    def test_mqtt(self):
        with socket.create_server(("127.0.0.1", 0)) as some:
            port = str(some.getsockname()[1]) # not 1883: a broker of somebody else's may come and go there
        broker = self.background("mosquitto", "-p", port)

        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("localhost", int(port))) == 0
        until(lambda: answers() or broker.poll() is not None, "the broker")
        if broker.poll() is not None:
            raise Late(f"the broker, as somebody else had taken port {port} in the meantime,")
        [command] = recipe(12)
        self.paste(command.replace("mosquitto_sub ", f"mosquitto_sub -p {port} "))

        def publish():
            for topic, value in (("lab/a", "21.5"), ("lab/b", "7")):
                subprocess.run(["mosquitto_pub", "-h", "localhost", "-p", port, "-t", topic, "-m", value], check=True)
            return {("lab/a", 21.5), ("lab/b", 7)} <= set(self.rows())
        until(publish, "both topics")

    def test_a_log(self):
        [command] = recipe(13)
        log = self.write("app.log", "".join(f"12:00:{n % 60:02d} GET / ms={n}\n" for n in range(150)))
        self.paste(command.replace("/var/log/app.log", str(log)))
        until(lambda: len(self.rows()) == 100, "the last hundred lines")
        os.rename(log, self.directory / "app.log.1")
        self.write("app.log", "12:05:00 GET / ms=150\n")
        until(lambda: len(self.rows()) == 101, "the one after the rotation")
        self.assertEqual(self.rows(), [("ms", n) for n in range(50, 151)])

    def test_a_training_run(self):
        [command] = recipe(14)
        self.write("train.py", 'import time\nfor n in range(20):\n    print(f"step {n} | loss: {2 / (n + 1):.4f}")\n    time.sleep(0.02)\n')
        self.paste(command)
        until(lambda: (self.directory / "output").read_text().count("\n") == 3, "the last three lines")
        self.assertEqual((self.directory / "output").read_text().splitlines()[-1], "step 19 | loss: 0.1000")
        self.assertEqual(self.rows(), [("loss", round(2 / (n + 1), 4)) for n in range(20)])

    @needs("perf")
    def test_perf(self):
        probe = subprocess.run(["perf", "stat", "-a", "-x", ",", "-e", "context-switches", "true"], capture_output=True)
        if probe.returncode or b"not supported" in probe.stderr or b"not counted" in probe.stderr:
            self.skipTest("perf may not count here")
        [command] = recipe(15)
        self.paste(command)
        until(lambda: len(self.rows()) >= 5, "rows")
        self.assertEqual({channel for channel, _ in self.rows()}, {"2"})

    def test_a_file_with_dates(self):
        [command] = recipe(16)
        self.write("temperature.csv", "date,temperature,station\n" +
                   "".join(f"2026-11-{day:02d},{day / 2},north\n" for day in range(1, 29)))
        process = self.paste(command)
        self.assertEqual(process.wait(PATIENCE_S), 0, (self.directory / "errors").read_text())
        Picture.from_png(self.directory / "temperature.png")
        self.assertEqual(self.rows(), [("temperature", day / 2) for day in range(1, 29)])

    @needs("vmstat")
    def test_tonight_and_tomorrow(self):
        commands = recipe(17)
        self.assertEqual(len(commands), 3)
        before = time.time()
        night = self.paste(commands[0])
        until(lambda: len(self.rows("tonight.csv")) >= 4, "two seconds of the night")
        self.end(night)
        rows = self.rows("tonight.csv")
        first = float((self.directory / "tonight.csv").read_text().splitlines()[1].split(",")[0])
        self.assertTrue(before - 1 < first < time.time())
        for command in commands[1:]:
            (self.directory / "seen.csv").unlink(missing_ok=True)
            look = self.paste(command)
            until(lambda: self.rows() == rows, f"all of it again, by {command}")
            self.end(look)


if __name__ == "__main__":
    main()
