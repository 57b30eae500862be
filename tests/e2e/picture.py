"""Pictures as numbers: from a PNG or a window, and what a plot by scope shows in them."""
import struct
import zlib
from array import array
from itertools import accumulate

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


class Theme:
    """Colours of src/scope/paint/theme.c, as 0xRRGGBB."""

    def __init__(self, window, plot, grid, frame, channel):
        self.window, self.plot, self.grid, self.frame, self.channel = window, plot, grid, frame, channel


DARK = Theme(0x12161C, 0x0B0E12, 0x2B343F, 0x465361, (0x5CB6F5, 0xEDB025, 0x55E4AE, 0xE4709C))
LIGHT = Theme(0xF4F6F8, 0xFFFFFF, 0xCAD1D9, 0x98A3AF, (0x0466D6, 0xBC5200, 0x009273, 0xB0508F))


def split(colour):
    return colour >> 16, colour >> 8 & 255, colour & 255


def _paeth(a, b, c):
    p = a + b - c
    da, db, dc = abs(p - a), abs(p - b), abs(p - c)
    return a if da <= db and da <= dc else b if db <= dc else c


def _unfilter(kind, row, above, step):
    """A row of PNG bytes as they were before filtering."""
    if kind == 0:
        return row
    if kind == 1:
        out = bytearray(len(row))
        for i in range(step):
            out[i::step] = bytes(accumulate(row[i::step], lambda a, b: a + b & 255))
        return out
    if kind == 2:
        return bytes(a + b & 255 for a, b in zip(row, above))
    out = bytearray(len(row))
    for i, value in enumerate(row):
        left = out[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        out[i] = value + ((left + above[i]) // 2 if kind == 3 else _paeth(left, above[i], corner)) & 255
    return out


class Picture:
    def __init__(self, width, height, pixels):
        assert len(pixels) == width * height
        self.width, self.height, self.pixels = width, height, pixels

    @classmethod
    def from_bgrx(cls, width, height, data):
        data = bytearray(data)
        data[3::4] = bytes(width * height)
        pixels = array("I", bytes(data))
        return cls(width, height, pixels)

    @classmethod
    def from_png(cls, path):
        """Reads the whole file and believes nothing: chunks, checksums, size. RGB, 8 bits, is all that scope writes."""
        data = path.read_bytes()
        assert data[:8] == PNG_HEAD, f"{path} is no PNG"
        at, packed, kind = 8, b"", b""
        while at < len(data):
            length, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8:at + 8 + length]
            checksum, = struct.unpack_from(">I", data, at + 8 + length)
            assert zlib.crc32(kind + body) == checksum, f"{path}: broken {kind}"
            if kind == b"IHDR":
                width, height, *form = struct.unpack(">IIBBBBB", body)
                assert form == [8, 2, 0, 0, 0], f"{path}: not plain RGB: {form}"
            elif kind == b"IDAT":
                packed += body
            at += 12 + length
        assert kind == b"IEND", f"{path} has no end"
        raw = zlib.decompress(packed)
        stride = 3 * width
        assert len(raw) == (stride + 1) * height
        above, out = bytes(stride), bytearray(4 * width * height)
        for y in range(height):
            start = y * (stride + 1)
            above = _unfilter(raw[start], raw[start + 1:start + 1 + stride], above, 3)
            here = slice(4 * width * y, 4 * width * (y + 1))
            row = bytearray(4 * width)
            row[0::4], row[1::4], row[2::4] = above[2::3], above[1::3], above[0::3]
            out[here] = row
        return cls(width, height, array("I", bytes(out)))

    def write_png(self, path):
        rows = bytearray()
        for y in range(self.height):
            rows.append(0)
            for pixel in self.row(y):
                rows += bytes(split(pixel))
        chunks = [(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)),
                  (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")]
        path.write_bytes(PNG_HEAD + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks))

    def row(self, y):
        return self.pixels[y * self.width:(y + 1) * self.width]

    def column(self, x):
        return self.pixels[x::self.width]

    def at(self, x, y):
        return self.pixels[y * self.width + x]

    def crop(self, left, top, right, bottom):
        pixels = array("I")
        for y in range(top, bottom):
            pixels.extend(self.pixels[y * self.width + left:y * self.width + right])
        return Picture(right - left, bottom - top, pixels)

    def __eq__(self, other):
        return (self.width, self.height, self.pixels) == (other.width, other.height, other.pixels)

    def colours(self):
        return set(self.pixels)


class NoPlot(AssertionError):
    pass


class Plot:
    """The part of a picture within the frame of the axes, and its traces. Rows and columns count from its corner."""

    def __init__(self, picture, theme=DARK, low=-10.0, high=10.0):
        self.theme, self.low, self.high = theme, low, high
        wide = [y for y in range(picture.height) if picture.row(y).count(theme.frame) > picture.width // 3]
        if len(wide) < 2:
            raise NoPlot("no plot is drawn: its frame is not to be seen")
        # A bar over the plot and the strip below it have edges of that colour too: the frame has upright ones.
        top = next((y for y in wide if y + 1 < picture.height and y + 1 not in wide and
                    picture.at(picture.row(y).index(theme.frame), y + 1) == theme.frame), None)
        bottom = next((y for y in wide if top is not None and y > top), None)
        if bottom is None:
            raise NoPlot("no plot is drawn: its frame is not to be seen")
        edge = picture.row(top)
        self.left = edge.index(theme.frame) + 1
        self.right = picture.width - 1 - edge[::-1].index(theme.frame)
        self.top, self.bottom = top + 1, bottom
        self.picture = picture.crop(self.left, self.top, self.right, self.bottom)
        self.width, self.height = self.picture.width, self.picture.height
        self._colours, self._covered = self.picture.colours(), {}

    def row_of(self, value):
        return (self.high - value) / (self.high - self.low) * self.height

    def value_of(self, row):
        return self.high - (row + 0.5) / self.height * (self.high - self.low)

    def share(self, pixel, channel=0):
        """How much of a pixel a trace covers, 0 to 1, over the plain background; None for any other colour."""
        full, none = split(self.theme.channel[channel]), split(self.theme.plot)
        way = [a - b for a, b in zip(full, none)]
        share = sum((p - b) * w for p, b, w in zip(split(pixel), none, way)) / sum(w * w for w in way)
        rest = max(abs(p - b - share * w) for p, b, w in zip(split(pixel), none, way))
        return share if rest <= 24 else None

    def covered(self, channel=0):
        """The colours of pixels that a trace covers for about half or more: the extremes of many samples are drawn half as strong."""
        if channel not in self._covered:
            self._covered[channel] = {pixel for pixel in self._colours if (self.share(pixel, channel) or 0) > 0.45}
        return self._covered[channel]

    def trace_rows(self, x, channel=0):
        """Rows of column x that a trace covers for more than half."""
        covered = self.covered(channel)
        return [y for y, pixel in enumerate(self.picture.column(x)) if pixel in covered]

    def value(self, x, channel=0):
        """The value at the middle of what a trace covers in column x, None where it is not."""
        rows = self.trace_rows(x, channel)
        return self.value_of((rows[0] + rows[-1]) / 2) if rows else None

    def columns_at(self, value, channel=0, rows=1.5):
        """Columns where the trace is flat at a value, to within so many rows."""
        near = rows * (self.high - self.low) / self.height
        found = []
        for x in range(self.width):
            here = self.trace_rows(x, channel)
            if here and len(here) <= 4 and abs(self.value_of((here[0] + here[-1]) / 2) - value) <= near:
                found.append(x)
        return found

    def shows(self, value, channel=0):
        """Whether a trace is near a value anywhere (an excursion of one column counts)."""
        row = int(self.row_of(value))
        return any(not self.covered(channel).isdisjoint(self.picture.row(y))
                   for y in range(max(row - 2, 0), min(row + 3, self.height)))

    def has_trace(self, channel=0):
        return bool(self.covered(channel))

    def grid_rows(self):
        return {y for y in range(self.height) if self.picture.row(y).count(self.theme.grid) > self.width // 2}

    def grid_columns(self):
        return {x for x in range(self.width) if self.picture.column(x).count(self.theme.grid) > self.height // 2}

    def has_grid(self):
        return self.picture.pixels.count(self.theme.grid) > self.width
