"""scope on real window managers, compositors and terminals, as far as they are installed; ./test --all installs them."""
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time

from harness import PATIENCE_S, environment, main, mortal, until
from picture import DARK, NoPlot, Picture, Plot
from scope_harness import SCOPE, Display, Test, table
from x11 import XError

SIZES = ("1024x600", "800x600", "640x480", "3840x2160")


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


class WindowManagers(ServerTest):
    needs = ("openbox",)

    def place(self, display, window):
        """Where a window is on the screen: its frame's place if it has one."""
        x = y = 0
        left, top, width, height = display.x.geometry(window)
        while True:
            parent = display.x.parent(window)
            ox, oy, _, _ = display.x.geometry(window)
            x, y = x + ox, y + oy
            if parent == display.x.root:
                return x, y, width, height
            window = parent

    def manager(self, display, *command):
        env = environment(DISPLAY=display.name, HOME=str(self.directory))
        self.server(*command, env=env)
        # It says that it is there before it is: a window that comes in between may be lost.
        for name in ("_NET_SUPPORTING_WM_CHECK", "_NET_CURRENT_DESKTOP", "_NET_CLIENT_LIST"):
            until(lambda: display.x.property_type(display.x.root, name), name)

    def check_inside(self, *command, least_top):
        for size in SIZES:
            with self.subTest(size=size):
                display = self.display(f"{size}x24")
                self.manager(display, *command)
                process = self.start("--demo", stdin=subprocess.DEVNULL, display=display)
                window = self.window(process, display)
                until(lambda: self.inside(display, window, size, least_top), "a window inside of the screen")
                print(f"{command[0]} {size}: {self.place(display, window)}", file=sys.stderr)
                process.signal(signal.SIGTERM)
                process.ends()

    def inside(self, display, window, size, least_top):
        across, down = map(int, size.split("x"))
        x, y, width, height = self.place(display, window)
        return x >= 0 and y >= least_top and x + width <= across and y + height <= down

    def test_openbox(self):
        self.check_inside("openbox", least_top=10)

    def test_two_windows_lie_apart(self):
        display = self.display("1920x1080x24")
        self.manager(display, "openbox")
        places = []
        for _ in range(2):
            process = self.start("-g", "600x400", "--demo", stdin=subprocess.DEVNULL, display=display)
            places.append(self.place(display, self.window(process, display)))
        self.assertNotEqual(places[0][:2], places[1][:2])


class I3(WindowManagers):
    needs = ("i3",)
    test_openbox = test_two_windows_lie_apart = None

    def test_i3(self):
        config = self.write("config", "font pango:monospace 8\n")
        self.check_inside("i3", "-c", str(config), least_top=0)


class NoDaemon(ServerTest):
    needs = ("dbus-daemon",)

    def test_no_bus_is_left_behind(self):
        display = self.display()
        env = environment(DISPLAY=display.name, HOME=str(self.directory))
        env.pop("DBUS_SESSION_BUS_ADDRESS", None)
        before = self.daemons()
        process = self.start("--demo", stdin=subprocess.DEVNULL, display=display, env=env)
        self.window(process, display)
        process.signal(signal.SIGTERM)
        process.ends()
        self.assertEqual(self.daemons(), before)

    def daemons(self):
        found = set()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/comm") as file:
                    if file.read().strip() == "dbus-daemon":
                        found.add(pid)
            except OSError:
                pass
        return found


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


class Sway(SwayTest):
    def check_sharp(self, scale):
        """Full screen the picture has exactly the pixels of the output."""
        env = self.sway(scale, "1500x900", rules="default_border none")
        self.write("data.txt", "".join(f"{i % 17 - 8}\n" for i in range(300)))
        process = self.start("data.txt", stdin=subprocess.DEVNULL, env=env)
        until(lambda: self.sharp(self.shot(env)), "a sharp picture as large as the screen")
        process.signal(signal.SIGTERM)
        process.ends()

    def test_sharp_at_scale_1(self):
        self.check_sharp(1)

    def test_sharp_at_scale_1_5(self):
        self.check_sharp(1.5)

    def test_sharp_at_scale_2(self):
        self.check_sharp(2)

    def sharp(self, picture):
        """Lines a pixel wide are, in exactly their colour: nothing was stretched."""
        plot = self.plot(picture)
        if not plot or plot.width < 1250:
            return False
        row = plot.top - 1
        return plot.top > 0 and all(DARK.frame not in picture.row(y)[plot.left:plot.right] for y in (row - 1, row + 1))

    def check_inside(self, across, down):
        env = self.sway(size=f"{across}x{down}")
        process = self.start("--demo", stdin=subprocess.DEVNULL, env=env)
        until(lambda: self.has_traces(self.shot(env)), "a plot")
        shot = self.shot(env)
        rows = [y for y in range(down) if DARK.window in shot.row(y)]
        columns = [x for x in range(across) if DARK.window in shot.column(x)]
        self.assertTrue(rows[0] >= 16 and rows[-1] < down - 1 and columns[0] > 0 and columns[-1] < across - 1,
                        f"rows {rows[0]} to {rows[-1]}, columns {columns[0]} to {columns[-1]}")
        process.signal(signal.SIGTERM)
        process.ends()

    def test_inside_of_1024x600(self):
        self.check_inside(1024, 600)

    def test_inside_of_800x600(self):
        self.check_inside(800, 600)

    def test_inside_of_640x480(self):
        self.check_inside(640, 480)

    def test_inside_of_3840x2160(self):
        self.check_inside(3840, 2160)

    def plot_of(self, *arguments):
        """scope with two samples, drawn."""
        env = self.sway()
        process = self.start("--summary", *arguments, env=env)
        process.feed("1\n2\n")
        until(lambda: self.plot(self.shot(env)), "a plot")
        return process

    def test_the_compositor_is_stopped(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                process = self.plot_of("--record", f"{number}.csv")
                self.compositor.send_signal(signal.SIGSTOP)
                time.sleep(0.5) # until its socket is full, or scope waits for it
                process.end_quickly(lambda: process.signal(number), out=table((1, 2, 1, 2, 1.5, 2)), limit_s=1)
                self.recorded(f"{number}.csv")
                self.compositor.kill()
                self.compositor.wait(PATIENCE_S)
                for path in self.runtime.iterdir():
                    path.unlink()

    def test_the_compositor_is_killed(self):
        process = self.plot_of("--record", "r.csv")
        process.end_quickly(self.compositor.kill, out=table((1, 2, 1, 2, 1.5, 2)))
        self.recorded("r.csv")

    def recorded(self, name):
        lines = (self.directory / name).read_text().splitlines()
        self.assertEqual([line.rsplit(",", 1)[1] for line in lines], ["value", "1", "2"])


class Foot(SwayTest):
    needs = ("sway", "grim", "foot", "setpriv")

    def test_sixels(self):
        env = self.sway()
        shell = f"unset WAYLAND_DISPLAY; '{SCOPE}' --demo"
        self.server("foot", "-W", "100x40", "sh", "-c", shell, env=env)
        until(lambda: self.has_traces(self.shot(env)), "a plot")


class Weston(Compositor):
    needs = ("weston", "setpriv")

    def test_in_an_x_window(self):
        display = self.display("1400x900x24")
        env = {**os.environ, "XDG_RUNTIME_DIR": str(self.runtime), "DISPLAY": display.name, "HOME": str(self.runtime)}
        self.server(*self.who, "weston", "--backend=x11-backend.so", "--use-pixman", "--width=1300", "--height=800",
                    env=env)
        process = self.start("-g", "640x360", "--demo", stdin=subprocess.DEVNULL, env=self.environment())
        until(lambda: self.has_traces(display.x.picture(display.x.root)), "three traces on the screen")
        process.signal(signal.SIGTERM)
        process.ends()


class Xterm(ServerTest):
    needs = ("xterm",)

    def run_in(self, display, *command, **more):
        env = environment(DISPLAY=display.name, HOME=str(self.directory), LIBGL_ALWAYS_SOFTWARE="1", **more)
        script = self.write("inside", f"#!/bin/sh\nunset DISPLAY WAYLAND_DISPLAY\ncd '{self.directory}'\n"
                            f"stty -a >before\n'{SCOPE}' --demo --timing 2>said & echo $! >pid; wait $!\n"
                            "stty -a >after\necho $? >status\nsleep 30\n")
        script.chmod(0o755)
        return self.server(*command, str(script), env=env)

    def shows(self, display):
        return self.has_traces(display.x.picture(display.x.root))

    def check(self, display):
        until(lambda: self.shows(display), "a plot")
        time.sleep(1) # some frames
        os.kill(int((self.directory / "pid").read_text()), signal.SIGINT)
        until(lambda: (self.directory / "status").exists(), "the end")
        self.assertEqual((self.directory / "before").read_text(), (self.directory / "after").read_text())
        print((self.directory / "said").read_text().splitlines()[0], file=sys.stderr)
        until(lambda: self.shows(display), "the last picture is left")

    def test_sixels(self):
        display = self.display("1000x700x24")
        self.run_in(display, "xterm", "-ti", "vt340", "-geometry", "100x40", "-e")
        self.check(display)

    def test_it_is_killed(self):
        display = self.display("1000x700x24")
        xterm = self.run_in(display, "xterm", "-ti", "vt340", "-geometry", "100x40", "-e")
        until(lambda: self.shows(display), "a plot")
        pid = int((self.directory / "pid").read_text())
        xterm.kill()
        until(lambda: not os.path.exists(f"/proc/{pid}"), "scope has ended")


class Kitty(Xterm):
    needs = ("kitty",)
    test_sixels = test_it_is_killed = None

    def test_pictures(self):
        display = self.display("1000x700x24")
        self.run_in(display, "kitty", "-o", "remember_window_size=no", "-o", "initial_window_width=900", "-o",
                    "initial_window_height=600")
        self.check(display)


class Tmux(ServerTest):
    needs = ("tmux",)

    def tmux(self, *command):
        env = environment(TERM="xterm-256color", HOME=str(self.directory), TMUX=None, TMUX_TMPDIR=str(self.directory))
        return subprocess.run(["tmux", "-f", "/dev/null", *command], env=env, capture_output=True, text=True,
                              timeout=PATIENCE_S).stdout

    def test_blocks(self):
        self.tmux("new-session", "-d", "-x", "100", "-y", "30", f"'{SCOPE}' --demo; echo status $?; cat")
        self.addCleanup(self.tmux, "kill-server")

        def shows(*words):
            return all(word in self.tmux("capture-pane", "-p") for word in words)
        until(lambda: shows("live", "noise", "\u2588"), "the plot")
        title = self.tmux("display-message", "-p", "#{pane_title}")
        self.assertNotIn("Gi=", title)
        self.tmux("resize-window", "-x", "60", "-y", "20")
        until(lambda: shows("live", "noise"), "the plot, smaller")
        self.tmux("send-keys", "h")
        until(lambda: shows("autoscale"), "the help")
        self.tmux("send-keys", "h")
        until(lambda: shows("noise") and not shows("autoscale"), "the help is closed")
        self.tmux("send-keys", "q")
        until(lambda: shows("status 0", "noise"), "the end, and the last picture")


def read_ppm(path):
    data = path.read_bytes()
    kind, size, most, pixels = data.split(b"\n", 3)
    assert (kind, most) == (b"P6", b"255")
    width, height = map(int, size.split())
    bgrx = bytearray(4 * width * height)
    bgrx[0::4], bgrx[1::4], bgrx[2::4] = pixels[2::3], pixels[1::3], pixels[0::3]
    return Picture.from_bgrx(width, height, bytes(bgrx))


if __name__ == "__main__":
    main()
