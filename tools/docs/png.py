"""Makes pictures of pages small: 256 colours in place of 16 million, which for pages is hardly a difference.

https://www.w3.org/TR/png-3/, as far as Chromium's screenshots go: 8 bits, RGB or RGBA, not interlaced.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256
Colour = tuple[int, int, int]


def smaller(png: bytes) -> bytes:
    """The picture with a palette."""
    width, height, rows = _pixels(png)
    counted: Counter[Colour] = Counter()
    for row in rows:
        counted.update(row)
    palette = _palette(counted)
    index = {colour: _nearest(colour, palette) for colour in counted}
    lines = b"".join(b"\0" + bytes(index[colour] for colour in row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _palette(counted: Counter[Colour]) -> list[Colour]:
    """Colours of which every one is near to one: the frequent ones, then the farthest from those."""
    chosen = [colour for colour, _ in counted.most_common(_COLOURS // 2)]
    left = [colour for colour, _ in counted.most_common(6000)][len(chosen) :]
    # How far each is from what is chosen, weighed by how often it is there.
    far = {colour: _distance(colour, chosen[_nearest(colour, chosen)]) * counted[colour] ** 0.5 for colour in left}
    while far and len(chosen) < _COLOURS:
        new = max(far, key=far.__getitem__)
        chosen.append(new)
        nearer = {c: min(distance, _distance(c, new) * counted[c] ** 0.5) for c, distance in far.items()}
        far = {colour: distance for colour, distance in nearer.items() if distance}
    return chosen


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    return min(range(len(palette)), key=lambda index: _distance(colour, palette[index]))


def _distance(first: Colour, second: Colour) -> int:
    red, green, blue = first[0] - second[0], first[1] - second[1], first[2] - second[2]
    return 2 * red * red + 4 * green * green + 3 * blue * blue


def _pixels(png: bytes) -> tuple[int, int, list[list[Colour]]]:
    """Width, height, and the colours of every row."""
    width = height = depth = 0
    data = b""
    for kind, content in _chunks(png):
        if kind == b"IHDR":
            width, height, bits, colour, *_ = struct.unpack(">IIBBBBB", content)
            if bits != 8 or colour not in (2, 6):
                raise ValueError("only 8-bit RGB and RGBA are read")
            depth = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            data += content
    raw = zlib.decompress(data)
    stride = width * depth
    before = bytearray(stride)
    rows: list[list[Colour]] = []
    for number in range(height):
        start = number * (stride + 1)
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), before, depth)
        rows.append(list(zip(before[0::depth], before[1::depth], before[2::depth], strict=True)))
    return width, height, rows


def _unfiltered(kind: int, line: bytearray, above: bytearray, depth: int) -> bytearray:
    """A row without its filter (section 9.2)."""
    for at in range(len(line)):
        left = line[at - depth] if at >= depth else 0
        if kind == 1:
            line[at] = (line[at] + left) & 255
        elif kind == 2:
            line[at] = (line[at] + above[at]) & 255
        elif kind == 3:
            line[at] = (line[at] + (left + above[at]) // 2) & 255
        elif kind == 4:
            corner = above[at - depth] if at >= depth else 0
            line[at] = (line[at] + _paeth(left, above[at], corner)) & 255
    return line


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        yield kind, png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
