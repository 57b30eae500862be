"""A small terminal of our own: it takes what scope sends, answers what it is asked, and has cells and pixels to look at.

It understands what scope uses and no more; anything else is kept in .unknown, so that a test can say that there was none.
"""
import base64
import fcntl
import os
import pty
import re
import select
import struct
import termios
import threading
import time
import zlib
from array import array
from pathlib import Path

from harness import until
from picture import Picture


class Cell:
    __slots__ = ("character", "ink", "ground")

    def __init__(self, character=" ", ink=None, ground=None):
        self.character, self.ink, self.ground = character, ink, ground


def cube(index):
    """The colour of number index among the 256, 0xRRGGBB."""
    if index >= 232:
        return (8 + 10 * (index - 232)) * 0x010101
    level = (0, 95, 135, 175, 215, 255)
    index -= 16
    return level[index // 36] << 16 | level[index // 6 % 6] << 8 | level[index % 6]


class Terminal:
    """What it can is said at the start: answers (to anything at all), kitty, shared, sixel, deep; late: seconds that an
    answer takes; bytes_per_s: what the line carries; pause_s: how long it carries nothing before it carries all that
    there is, as one to a far country."""

    def __init__(self, columns=80, rows=24, cell=(8, 16), answers=True, kitty=False, shared=False, sixel=False, deep=True,
                 late=0, bytes_per_s=None, pause_s=0, rubbish=b"", registers=256):
        self.cell, self.answers, self.kitty, self.shared, self.sixel, self.deep = cell, answers, kitty, shared, sixel, deep
        self.late, self.bytes_per_s, self.rubbish, self.registers = late, bytes_per_s, rubbish, registers
        self.pause_s = pause_s
        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        self.lock = threading.RLock()
        self.stopped = threading.Event()
        self.frozen = False
        self.unknown, self.received, self.frames, self.pictures, self.answered_at = [], 0, 0, 0, []
        self.titles = []
        self.fault = None # what has ended the thread
        self.main, self.alternate, self.cursor_shown, self.wrap = None, False, True, True
        self.printed = "" # all text of the main screen
        self._buffer = b""
        self._kitty_head, self._kitty_data = None, b""
        self.resize(columns, rows, tell=False)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    # ---- the line ----

    def resize(self, columns, rows, tell=True):
        with self.lock:
            self.columns, self.rows = columns, rows
            self.clear()
            self.x = self.y = 0
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, columns * self.cell[0], rows * self.cell[1]))

    def type(self, text):
        os.write(self.ours, text if isinstance(text, bytes) else text.encode())

    def modes(self):
        return termios.tcgetattr(self.theirs)

    def leave(self):
        if self.theirs >= 0:
            os.close(self.theirs)
            self.theirs = -1

    def close(self):
        self.stopped.set()
        self.thread.join(5)
        self.leave()
        if self.ours >= 0:
            os.close(self.ours)
            self.ours = -1
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault

    def _run(self):
        try:
            self._go_on()
        except Exception as fault: # told when it is closed: in a thread of its own it would go unheard
            self.fault = fault

    def _go_on(self):
        while not self.stopped.is_set():
            if self.frozen or not select.select([self.ours], [], [], 0.02)[0]:
                if self.frozen:
                    time.sleep(0.01)
                continue
            size = 1 << 16
            if self.bytes_per_s:
                size = max(1, self.bytes_per_s // 100)
                time.sleep(0.01) # the line's speed
            time.sleep(self.pause_s)
            try:
                data = os.read(self.ours, size)
                while self.pause_s and len(data) < size and select.select([self.ours], [], [], 0.005)[0]:
                    data += os.read(self.ours, size)
            except OSError: # nobody has the other end open
                time.sleep(0.01)
                continue
            with self.lock:
                self.received += len(data)
                self._buffer += data
                self._take()

    def _answer(self, text):
        if not self.answers:
            return
        data = text.encode()
        if self.late:
            timer = threading.Timer(self.late, lambda: self._write(data))
            timer.daemon = True
            timer.start()
        else:
            self._write(data)

    def _write(self, data):
        try:
            os.write(self.ours, data)
        except OSError:
            pass

    # ---- what is sent ----

    SEQUENCE = re.compile(rb"\x1b\[([?>]?)([0-9;:]*)([ $]?)([@-~])|\x1b([P_\]])(.*?)(?:\x1b\\|\x07)|\x1b([\\78=>])|(\x18)",
                          re.DOTALL)

    def _take(self):
        at = 0
        data = self._buffer
        while at < len(data):
            if data[at] == 0x1B or data[at] == 0x18:
                found = self.SEQUENCE.match(data, at)
                if not found:
                    cut = data.find(b"\x18", at)
                    if cut >= 0: # whatever it was is cancelled
                        at = cut + 1
                        continue
                    break # the rest is on its way
                at = found.end()
                private, numbers, middle, letter, string, body, _, _ = found.groups()
                if string and b"\x18" in body:
                    self._kitty_head = None # it was cancelled, and so is what its pieces belong to
                elif letter:
                    self._csi(private, numbers, middle, letter.decode())
                elif string == b"_":
                    self._apc(body)
                elif string == b"P":
                    self._dcs(body)
                elif string == b"]":
                    self.titles.append(body)
                continue
            length = 1 if data[at] < 0xC0 else 2 if data[at] < 0xE0 else 3 if data[at] < 0xF0 else 4
            if at + length > len(data):
                break
            self._character(data[at:at + length].decode(errors="replace"))
            at += length
        self._buffer = data[at:]

    def _character(self, character):
        if not self.alternate:
            self.printed += character
        if character == "\r":
            self.x = 0
        elif character == "\n":
            self.y = min(self.y + 1, self.rows - 1)
        elif character >= " ":
            if self.x < self.columns and self.y < self.rows:
                cell = self.cells[self.y][self.x]
                cell.character, cell.ink, cell.ground = character, self.ink, self.ground
            self.x = min(self.x + 1, self.columns - 1)

    def _fit(self):
        """The main screen comes back in the size of now."""
        if (len(self.cells[0]), len(self.cells)) == (self.columns, self.rows):
            return
        old = self.cells
        self.clear()
        for y in range(min(self.rows, len(old))):
            for x in range(min(self.columns, len(old[0]))):
                self.cells[y][x] = old[y][x]
        self.x, self.y = min(self.x, self.columns - 1), min(self.y, self.rows - 1)

    def clear(self):
        self.cells = [[Cell() for _ in range(self.columns)] for _ in range(self.rows)]
        self.pixels = array("I", bytes(4 * self.columns * self.cell[0] * self.rows * self.cell[1]))
        self.ink = self.ground = None
        self.images = {}

    def _csi(self, private, numbers, middle, letter):
        number = [int(n) if n else 0 for n in re.split(rb"[;:]", numbers)]
        if private == b"?" and letter in "hl":
            self._mode(number[0], letter == "h")
        elif private == b"?" and letter == "S":
            if self.sixel:
                self._answer(f"\x1b[?1;0;{self.registers}S")
        elif letter == "H":
            self.y = min(max(number[0], 1), self.rows) - 1
            self.x = min(max(number[1] if len(number) > 1 else 1, 1), self.columns) - 1
        elif letter == "m":
            self._rendition(number)
        elif letter == "J":
            self.cells = [[Cell() for _ in range(self.columns)] for _ in range(self.rows)]
            self.pixels = array("I", bytes(4 * len(self.pixels)))
        elif letter == "A":
            self.y = max(0, self.y - max(1, number[0]))
        elif letter == "B":
            self.y = min(self.rows - 1, self.y + max(1, number[0]))
        elif letter == "n" and number[0] == 5:
            self.frames += 1
            self.answered_at.append(time.monotonic())
            if self.rubbish:
                self._write(self.rubbish)
            self._answer("\x1b[0n")
        elif letter == "c":
            self._answer("\x1b[?63;1;2;4;22c" if self.sixel else "\x1b[?62;22c")
        elif letter == "t" and number[0] == 14:
            self._answer(f"\x1b[4;{self.rows * self.cell[1]};{self.columns * self.cell[0]}t")
        elif letter == "t" and number[0] == 16:
            self._answer(f"\x1b[6;{self.cell[1]};{self.cell[0]}t")
        else:
            self.unknown.append((private, numbers, letter))

    def _mode(self, mode, on):
        if mode == 1049:
            if on and not self.alternate:
                self.main = (self.cells, self.pixels, self.x, self.y)
                self.clear()
            elif not on and self.alternate:
                self.cells, self.pixels, self.x, self.y = self.main
                self._fit()
            self.alternate = on
        elif mode == 25:
            self.cursor_shown = on
        elif mode == 7:
            self.wrap = on
        elif mode != 2026:
            self.unknown.append(mode)

    def _rendition(self, number):
        i = 0
        while i < len(number):
            if number[i] == 0:
                self.ink = self.ground = None
            elif number[i] in (38, 48):
                if number[i + 1] == 2:
                    colour = number[i + 2] << 16 | number[i + 3] << 8 | number[i + 4]
                    step = 4
                else:
                    colour = cube(number[i + 2])
                    step = 2
                if number[i] == 38:
                    self.ink = colour
                else:
                    self.ground = colour
                i += step
            elif number[i] not in (1, 22):
                self.unknown.append(number)
            i += 1

    # ---- pictures ----

    def _apc(self, body):
        if not body.startswith(b"G"):
            self.unknown.append(body[:20])
            return
        head, _, data = body[1:].partition(b";")
        keys = dict(part.split(b"=", 1) for part in head.split(b",") if b"=" in part)
        if keys.get(b"a") == b"q":
            good = self.kitty and (keys.get(b"t") == b"d" or self.shared)
            if keys.get(b"t") == b"s" and self.shared:
                Path("/dev/shm" + base64.b64decode(data).decode()).unlink()
            if self.kitty:
                self._answer(f"\x1b_Gi={keys[b'i'].decode()};{'OK' if good else 'EBADF:no'}\x1b\\")
            return
        if keys.get(b"a") == b"d":
            self.images.clear()
            self.pixels = array("I", bytes(4 * len(self.pixels)))
            return
        if self._kitty_head is None:
            self._kitty_head, self._kitty_data = keys, b""
        self._kitty_data += base64.b64decode(data)
        if keys.get(b"m") == b"1":
            return
        keys, data = self._kitty_head, self._kitty_data
        self._kitty_head = None
        if keys.get(b"t") == b"s":
            path = Path("/dev/shm" + data.decode())
            if not path.exists(): # it was too late, and was told not to complain
                assert keys[b"q"] == b"2", keys
                return
            data = path.read_bytes()
            path.unlink()
        if keys.get(b"o") == b"z":
            data = zlib.decompress(data)
        width, height = int(keys[b"s"]), int(keys[b"v"])
        assert len(data) == 3 * width * height and keys[b"f"] == b"24", keys
        self.images[int(keys[b"i"])] = (self.x, self.y)
        self.pictures += 1
        self._paint(self.x * self.cell[0], self.y * self.cell[1], width, height,
                    array("I", (data[i] << 16 | data[i + 1] << 8 | data[i + 2] for i in range(0, len(data), 3))))

    def _paint(self, left, top, width, height, pixels):
        across = self.columns * self.cell[0]
        for row in range(min(height, self.rows * self.cell[1] - top)):
            start = (top + row) * across + left
            part = pixels[row * width:row * width + min(width, across - left)]
            self.pixels[start:start + len(part)] = part

    def _dcs(self, body):
        if body.startswith(b"$q"):
            if self.deep:
                self._answer("\x1bP1$r0;48:2::1:2:3m\x1b\\")
            return
        found = re.match(rb'0;1q"1;1;(\d+);(\d+)', body)
        if not found:
            self.unknown.append(body[:20])
            return
        width, height = int(found[1]), int(found[2])
        self.pictures += 1
        image = [[None] * width for _ in range(height)]
        palette, colour, x, top = {}, 0, 0, 0
        for token in re.finditer(rb"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$-])", body[found.end():]):
            if token[1]:
                colour = int(token[1])
                if token[2]:
                    palette[colour] = sum(round(int(token[i]) * 255 / 100) << shift
                                          for i, shift in ((2, 16), (3, 8), (4, 0)))
            elif token[8]:
                x = 0
                top += 6 if token[8] == b"-" else 0
            else:
                count, bits = (int(token[5]), token[6][0] - 63) if token[5] else (1, token[7][0] - 63)
                for k in range(6):
                    if bits >> k & 1 and top + k < height:
                        image[top + k][x:x + count] = [palette[colour]] * count
                x += count
                assert x <= width, "a sixel beside the picture"
        across = self.columns * self.cell[0]
        for row, line in enumerate(image):
            for column, pixel in enumerate(line):
                if pixel is not None and self.y * self.cell[1] + row < self.rows * self.cell[1] and \
                        self.x * self.cell[0] + column < across:
                    self.pixels[(self.y * self.cell[1] + row) * across + self.x * self.cell[0] + column] = pixel

    # ---- looking at it ----

    def text(self):
        with self.lock:
            return ["".join(cell.character for cell in row) for row in self.cells]

    def picture(self, rows=None):
        """The pixels of the upper rows of cells."""
        with self.lock:
            height = (rows or self.rows) * self.cell[1]
            width = self.columns * self.cell[0]
            return Picture(width, height, self.pixels[:width * height])

    def shows(self, *words):
        until(lambda: all(any(word in line for line in self.text()) for word in words), f"{words} in {self.text()}")

    def still(self, process=None):
        """Waits until nothing has come for a while, from a process that has nothing to do either if one is named."""
        def same():
            before = self.received
            time.sleep(0.3)
            return (not process or process.asleep()) and not self._waiting() and before == self.received
        until(same, "a terminal at rest")

    def _waiting(self):
        """Whether something has come that is not yet read."""
        return self.theirs >= 0 and bool(select.select([self.ours], [], [], 0)[0])
