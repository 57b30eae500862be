"""Real window managers, compositors and terminals for the tests, as far as they are installed; ./test --all installs them."""
import os
import pwd
import shutil
import subprocess
import sys

from harness import PATIENCE_S, environment, mortal, until
from picture import DARK, NoPlot, Picture, Plot
from scope_harness import Display, Test
from x11 import XError


class ServerTest(Test):
    needs = ()

    def setUp(self):
        super().setUp()
        for program in self.needs:
            if not shutil.which(program):
                print(f"skipped: needs {program}", file=sys.stderr)
                self.skipTest(f"needs {program}")

    def server(self, *command, **options):
        """A program that runs beside, until the test is over."""
        log = open(self.directory / f"{os.path.basename(command[0])}.log", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen([*mortal(), *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)

        def end():
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(3)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(PATIENCE_S)
        self.addCleanup(end)
        return process

    def display(self, size="1600x900x24"):
        display = Display(size)
        self.addCleanup(display.close)
        return display

    def window(self, process, display):
        """Its window, drawn: it may be within a window manager's frame."""
        window = until(lambda: display.x.window_within(display.x.root, process.pid), "the window")

        def drawn():
            try:
                return len(display.x.picture(window).colours()) > 2
            except XError:
                return False # it is not to be seen yet
        until(drawn, "the window is drawn")
        return window

    def has_traces(self, picture):
        """The three signals of --demo are to be seen, in colours that may be rounded a little."""
        colours = picture.colours()
        return all(any(self.near(colour, wanted) for colour in colours) for wanted in DARK.channel[:3])

    def near(self, a, b):
        return max(abs((a >> shift & 255) - (b >> shift & 255)) for shift in (0, 8, 16)) <= 3

    def plot(self, picture):
        """The plot of a picture of a whole screen."""
        try:
            return Plot(picture)
        except NoPlot:
            return None


class Compositor(ServerTest):
    """What sway and weston have in common: a folder for sockets that belongs to who runs them."""

    def setUp(self):
        super().setUp()
        self.runtime = self.directory / "run"
        self.runtime.mkdir(mode=0o700)
        self.who = []
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chmod(self.directory, 0o755)
            os.chown(self.runtime, nobody.pw_uid, nobody.pw_gid)
            self.who = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]

    def socket(self):
        return until(lambda: [path.name for path in self.runtime.glob("wayland-*") if not path.name.endswith(".lock")],
                     "the compositor's socket")[0]

    def environment(self, **more):
        return environment(XDG_RUNTIME_DIR=str(self.runtime), WAYLAND_DISPLAY=self.socket(),
                           LIBGL_ALWAYS_SOFTWARE="1", HOME=str(self.runtime), **more)


class SwayTest(Compositor):
    needs = ("sway", "grim", "setpriv")

    def sway(self, scale=1, size="1600x900", rules="default_border normal\nfor_window [app_id=\".*\"] floating enable"):
        config = self.write("config", f"output HEADLESS-1 resolution {size} scale {scale}\n{rules}\n")
        env = {"HOME": str(self.runtime), "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(self.runtime),
               "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
        self.compositor = self.server(*self.who, "sway", "-c", str(config), env=env)
        return self.environment()

    def shot(self, env):
        path = self.directory / "shot.ppm"
        subprocess.run(["grim", "-t", "ppm", str(path)], env=env, check=True, timeout=PATIENCE_S)
        return read_ppm(path)


def read_ppm(path):
    data = path.read_bytes()
    kind, size, most, pixels = data.split(b"\n", 3)
    assert (kind, most) == (b"P6", b"255")
    width, height = map(int, size.split())
    bgrx = bytearray(4 * width * height)
    bgrx[0::4], bgrx[1::4], bgrx[2::4] = pixels[2::3], pixels[1::3], pixels[0::3]
    return Picture.from_bgrx(width, height, bytes(bgrx))
