"""As much of the X11 protocol as the tests need: find a window, look at it, type, resize, cover, close it."""
import os
import socket
import struct

from picture import Picture

KEYSYM = {"space": 0x20, "Escape": 0xFF1B, "Home": 0xFF50, "F1": 0xFFBE, "F11": 0xFFC8, "Tab": 0xFF09,
          "Return": 0xFF0D, "Left": 0xFF51, "Up": 0xFF52, "Right": 0xFF53, "Down": 0xFF54, "Prior": 0xFF55,
          "Next": 0xFF56, "Delete": 0xFFFF, "Shift": 0xFFE1, "Control": 0xFFE3,
          "Caps_Lock": 0xFFE5}
BAD_MATCH = 8


class XError(Exception):
    def __init__(self, what, code=0):
        super().__init__(what)
        self.code = code # of the protocol; 0: it is none of that


class Connection:
    """One X client. All requests are on the caller's thread; events are not asked for and ignored."""

    def __init__(self, number):
        path = f"/tmp/.X11-unix/X{number}"
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path if os.path.exists(path) else "\0" + path)
        self.socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        ok, length = struct.unpack("<BxxxxxH", self._receive(8))
        body = self._receive(4 * length)
        if not ok:
            raise XError(body)
        base, _, _, vendor, _, screens, formats, _, _, _, _, self.key_low, self.key_high = struct.unpack_from(
            "<IIIHHBBBBBBBB", body, 4)
        self.next_id = base
        at = 32 + (vendor + 3 & ~3) + 8 * formats
        self.root, = struct.unpack_from("<I", body, at)
        self.keycodes = self._read_keycodes()
        self.xtest = self._extension("XTEST")

    def close(self):
        self.socket.close()

    def _receive(self, length):
        data = bytearray()
        while len(data) < length:
            part = self.socket.recv(min(length - len(data), 1 << 20))
            if not part:
                raise XError("the display is gone")
            data += part
        return bytes(data)

    def _send(self, opcode, detail, body=b""):
        body += bytes(-len(body) % 4)
        self.socket.sendall(struct.pack("<BBH", opcode, detail, 1 + len(body) // 4) + body)

    def _reply(self):
        """The next reply: its first 32 bytes and the rest."""
        while True:
            head = self._receive(32)
            if head[0] == 0:
                raise XError(f"error {head[1]} for request {head[10]}", head[1])
            if head[0] == 1:
                return head, self._receive(4 * struct.unpack_from("<I", head, 4)[0])

    def sync(self):
        """Waits until the server has done all that was asked; raises what went wrong in it."""
        self._send(43, 0)
        self._reply()

    def _extension(self, name):
        self._send(98, 0, struct.pack("<Hxx", len(name)) + name.encode())
        present, opcode = struct.unpack_from("<BB", self._reply()[0], 8)
        if not present:
            raise XError(f"the display has no {name}")
        return opcode

    def _read_keycodes(self):
        count = self.key_high - self.key_low + 1
        self._send(101, 0, struct.pack("<BBxx", self.key_low, count))
        head, body = self._reply()
        each = head[1]
        first = struct.unpack(f"<{count * each}I", body)[::each]
        return {keysym: self.key_low + i for i, keysym in reversed(list(enumerate(first)))}

    def atom(self, name):
        self._send(16, 0, struct.pack("<Hxx", len(name)) + name.encode())
        return struct.unpack_from("<I", self._reply()[0], 8)[0]

    def property(self, window, name):
        self._send(20, 0, struct.pack("<IIIII", window, self.atom(name), 0, 0, 1 << 20))
        head, body = self._reply()
        form, length = head[1], struct.unpack_from("<I", head, 16)[0]
        return body[:length * form // 8]

    def property_type(self, window, name):
        self._send(20, 0, struct.pack("<IIIII", window, self.atom(name), 0, 0, 1 << 20))
        kind = struct.unpack_from("<I", self._reply()[0], 8)[0]
        return next((known for known in ("STRING", "UTF8_STRING") if self.atom(known) == kind), kind)

    def set_property(self, window, name, kind, value):
        self._send(18, 0, struct.pack("<IIIBxxxII", window, self.atom(name), self.atom(kind), 32, 1, value))
        self.sync()

    def pretend_to_manage_windows(self):
        """Leaves the mark by which programs know that a window manager is there."""
        check = self.cover(-10, -10, 1, 1)
        for window in (check, self.root):
            self.set_property(window, "_NET_SUPPORTING_WM_CHECK", "WINDOW", check)

    def windows(self):
        """The windows that are mapped on the root, bottom to top."""
        self._send(15, 0, struct.pack("<I", self.root))
        head, body = self._reply()
        return [w for w in struct.unpack_from(f"<{struct.unpack_from('<H', head, 16)[0]}I", body) if self._viewable(w)]

    def _viewable(self, window):
        self._send(3, 0, struct.pack("<I", window))
        try:
            return self._reply()[0][26] == 2
        except XError:
            return False # it went away in between

    def window_of(self, pid):
        """The window that says it belongs to a process, or None."""
        for window in self.windows():
            try:
                if self.property(window, "_NET_WM_PID") == struct.pack("<I", pid):
                    return window
            except XError:
                continue # it went away in between
        return None

    def window_within(self, window, pid):
        """The same among all windows within one: window managers put it into a frame."""
        if self.property(window, "_NET_WM_PID") == struct.pack("<I", pid):
            return window
        self._send(15, 0, struct.pack("<I", window))
        head, body = self._reply()
        for child in struct.unpack_from(f"<{struct.unpack_from('<H', head, 16)[0]}I", body):
            try:
                found = self.window_within(child, pid)
            except XError:
                continue # it went away in between
            if found:
                return found
        return None

    def geometry(self, window):
        self._send(14, 0, struct.pack("<I", window))
        return struct.unpack_from("<hhHH", self._reply()[0], 12)

    def parent(self, window):
        self._send(15, 0, struct.pack("<I", window))
        return struct.unpack_from("<I", self._reply()[0], 12)[0]

    def focus(self):
        self._send(43, 0)
        return struct.unpack_from("<I", self._reply()[0], 8)[0]

    def give_focus(self, window):
        self._send(42, 1, struct.pack("<II", window, 0))
        self.sync()

    def picture(self, window):
        """What the screen shows where the window is."""
        while True:
            _, _, width, height = self.geometry(window)
            self._send(73, 2, struct.pack("<IhhHHI", window, 0, 0, width, height, 0xFFFFFFFF))
            try:
                return Picture.from_bgrx(width, height, self._reply()[1][:4 * width * height])
            except XError as error:
                if error.code != BAD_MATCH or self.geometry(window)[2:] == (width, height):
                    raise # else it has become smaller in between

    def configure(self, window, x=None, y=None, width=None, height=None, top=False):
        values = [(1, x), (2, y), (4, width), (8, height), (64, 0 if top else None)]
        given = [(bit, value) for bit, value in values if value is not None]
        self._send(12, 0, struct.pack("<IHxx", window, sum(bit for bit, _ in given)) +
                   b"".join(struct.pack("<i", value) for _, value in given))
        self.sync()

    def cover(self, x, y, width, height, colour=0xFF00FF):
        """A window of one colour above all others; the id that destroy takes."""
        self.next_id += 1
        self._send(1, 0, struct.pack("<IIhhHHHHIIII", self.next_id, self.root, x, y, width, height, 0, 1, 0,
                                     2 | 512, colour, 1))
        self._send(8, 0, struct.pack("<I", self.next_id))
        self.sync()
        return self.next_id

    def destroy(self, window):
        self._send(4, 0, struct.pack("<I", window))
        self.sync()

    def unmap(self, window):
        self._send(10, 0, struct.pack("<I", window))
        self.sync()

    def map(self, window):
        self._send(8, 0, struct.pack("<I", window))
        self.sync()

    def kill(self, window):
        """Cuts the client of a window off, as xkill does."""
        self._send(113, 0, struct.pack("<I", window))
        self.sync()

    def ask_to_close(self, window):
        """What a window manager sends when the close button is clicked."""
        event = struct.pack("<BBHII", 33, 32, 0, window, self.atom("WM_PROTOCOLS"))
        event += struct.pack("<IIIII", self.atom("WM_DELETE_WINDOW"), 0, 0, 0, 0)
        self._send(25, 0, struct.pack("<II", window, 0) + event)
        self.sync()

    def _fake(self, kind, detail, x=0, y=0):
        self._send(self.xtest, 2, struct.pack("<BBxxIIxxxxxxxxhhxxxxxxxx", kind, detail, 0, 0, x, y))

    def point(self, x, y):
        """Moves the pointer to a place of the screen."""
        self._fake(6, 0, x, y)
        self.sync()

    def hold(self, name):
        """A key goes down and stays so until let_go."""
        self._fake(2, self.keycodes[KEYSYM.get(name) or ord(name)])
        self.sync()

    def let_go(self, name):
        self._fake(3, self.keycodes[KEYSYM.get(name) or ord(name)])
        self.sync()

    def button(self, number, down):
        """1 left, 2 middle, 3 right; 4 and 5 are the wheel, 6 and 7 the wheel sideways."""
        self._fake(4 if down else 5, number)
        self.sync()

    def click(self, number=1):
        self.button(number, True)
        self.button(number, False)

    def wheel(self, steps):
        """Away from the person where steps > 0."""
        for _ in range(abs(steps)):
            self.click(4 if steps > 0 else 5)

    def drag(self, x, y, to_x, to_y, number=1):
        """From one place of the screen to another, in some steps."""
        self.point(x, y)
        self.button(number, True)
        for step in range(1, 6):
            self.point(x + (to_x - x) * step // 5, y + (to_y - y) * step // 5)
        self.button(number, False)

    def key(self, window, name, *modifiers):
        """Types a key into a window: gives it the keyboard, as a click would through a window manager."""
        self.give_focus(window)
        for modifier in modifiers:
            self.hold(modifier)
        code = self.keycodes[KEYSYM.get(name) or ord(name)]
        self._fake(2, code)
        self._fake(3, code)
        self.sync()
        for modifier in modifiers:
            self.let_go(modifier)
