"""scope on real window managers and compositors."""
import os
import signal
import subprocess
import sys
import time

from harness import PATIENCE_S, environment, main, until
from picture import DARK
from scope_harness import SCOPE, table
from servers import Compositor, ServerTest, SwayTest

SIZES = ("1024x600", "800x600", "640x480", "3840x2160")


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
        process = self.start("--demo", stdin=subprocess.DEVNULL, display=display, env=env)
        self.window(process, display)
        process.signal(signal.SIGTERM)
        process.ends()
        self.assertEqual(self.daemons(), [])

    def daemons(self):
        """Those of our own home: others come and go on the same machine."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/comm") as name, open(f"/proc/{pid}/environ", "rb") as variables:
                    if name.read().strip() == "dbus-daemon" and os.fsencode(self.directory) in variables.read():
                        found.append(pid)
            except OSError:
                pass
        return found


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


class Clipboard(SwayTest):
    needs = ("sway", "grim", "wl-paste", "wtype", "setpriv")

    def test_read_outs_are_copied(self):
        env = self.sway()
        self.write("data.txt", "1\n2\n")
        process = self.start("data.txt", stdin=subprocess.DEVNULL, env=env)
        until(lambda: self.plot(self.shot(env)), "a plot")
        until(lambda: self.press("y", env) == "channel\tlast\tmin\tmax\tmean\n1\t2\t1\t2\t1.5\n", "the table")
        process.signal(signal.SIGTERM)
        process.ends()

    def press(self, key, env):
        """What can be pasted after a key. A keyboard comes for it, and goes: it waits until scope has noticed."""
        subprocess.run(["wtype", "-s", "300", key, "-s", "300"], env=env, check=True, timeout=PATIENCE_S)
        return subprocess.run(["timeout", "5", "wl-paste", "--no-newline"], env=env, capture_output=True, text=True).stdout


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


if __name__ == "__main__":
    main()
