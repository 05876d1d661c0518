"""Pictures of pages with a palette."""

from __future__ import annotations

import random
import re
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs import png

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 24, 16


def filtered(kind: int, line: bytes, above: bytes, depth: int) -> bytes:
    """A row with a filter, by the standard's formulas (section 9.2)."""
    found = bytearray()
    for at, value in enumerate(line):
        a = line[at - depth] if at >= depth else 0
        b = above[at]
        c = above[at - depth] if at >= depth else 0
        p = a + b - c
        paeth = a if abs(p - a) <= abs(p - b) and abs(p - a) <= abs(p - c) else b if abs(p - b) <= abs(p - c) else c
        found.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
    return bytes([kind]) + bytes(found)


def written(rows: Sequence[Sequence[tuple[int, ...]]]) -> bytes:
    """A PNG of RGB or RGBA rows, each with another filter."""
    depth = len(rows[0][0])
    lines = [bytes(part for colour in row for part in colour) for row in rows]
    before = [bytes(len(lines[0])), *lines]
    data = b"".join(
        filtered(at % 5, line, above, depth) for at, (line, above) in enumerate(zip(lines, before, strict=False))
    )
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2 if depth == 3 else 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def shown(picture: bytes) -> list[list[tuple[int, int, int]]]:
    """The colours of a picture with a palette."""
    chunks = dict(png._chunks(picture))
    palette = list(zip(*(chunks[b"PLTE"][part::3] for part in range(3)), strict=True))
    lines = zlib.decompress(chunks[b"IDAT"])
    return [[palette[at] for at in lines[n * (WIDTH + 1) + 1 : (n + 1) * (WIDTH + 1)]] for n in range(HEIGHT)]


@pytest.mark.parametrize("depth", [3, 4])
def test_few_colours_stay_as_they_are(depth: int) -> None:
    dice = random.Random(depth)
    colours = [tuple(dice.randrange(256) for _ in range(3)) + (255,) * (depth - 3) for _ in range(200)]
    rows = [[dice.choice(colours) for _ in range(WIDTH)] for _ in range(HEIGHT)]
    assert shown(png.smaller(written(rows))) == [[colour[:3] for colour in row] for row in rows]


def test_many_colours_are_hardly_changed() -> None:
    rows = [[(10 * x, 12 * y, 4 * x + 6 * y) for x in range(WIDTH)] for y in range(HEIGHT)]
    after = shown(png.smaller(written(rows)))
    far = [
        max(abs(a - b) for a, b in zip(old, new, strict=True))
        for line, new_line in zip(rows, after, strict=True)
        for old, new in zip(line, new_line, strict=True)
    ]
    assert max(far) <= 16
    assert len({colour for row in after for colour in row}) == 256


def test_those_of_the_readme_are_there_and_small() -> None:
    root = Path(__file__).parents[3]
    named = sorted(set(re.findall(r"docs/images/console-[\w-]+\.png", (root / "README.md").read_text("utf-8"))))
    there = sorted((root / "docs/images").glob("console-*.png"))
    assert [file.relative_to(root).as_posix() for file in there] == named
    for file in there:
        width, height, bits, kind = struct.unpack(">IIBB", file.read_bytes()[16:26])
        assert (bits, kind) == (8, 3)
        assert file.stat().st_size < width * height / 15


def test_other_pictures_are_refused() -> None:
    picture = png.smaller(written([[(0, 0, 0)] * WIDTH] * HEIGHT))
    with pytest.raises(ValueError, match="only 8-bit RGB and RGBA"):
        png.smaller(picture)
