"""Draw the pictures of the seed teas: `pip install resvg-py pillow`, then `python tools/seed/draw.py`.

Each is an SVG put together from the shapes below, rendered, and reduced to few colours, so that it is a small file.
A picture that changes needs a new name in teas.json: clients keep what they have under the old one for a year.
"""

from __future__ import annotations

import importlib
import io
import math
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 480, 360
COLOURS = 96
PICTURES = Path(__file__).parent / "pictures"

TABLE = 268
"""Where the table begins: everything stands on it, a little below this line."""


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    """An ellipse."""
    return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" fill="{fill}" {more}/>'


def path(d: str, fill: str = "none", more: str = "") -> str:
    """A path."""
    return f'<path d="{d}" fill="{fill}" {more}/>'


def at(x: float, y: float, shapes: str, turn: float = 0, scale: float = 1) -> str:
    """Shapes that were drawn around the origin, put elsewhere."""
    return f'<g transform="translate({x} {y}) rotate({turn}) scale({scale})">{shapes}</g>'


def room(wall: str, glow: str, table: str, edge: str) -> str:
    """A wall with a round glow on it, and a table."""
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{wall}"/>'
        + ellipse(240, 168, 150, 150, glow)
        + f'<rect y="{TABLE}" width="{WIDTH}" height="{HEIGHT - TABLE}" fill="{table}"/>'
        + f'<rect y="{TABLE}" width="{WIDTH}" height="5" fill="{edge}"/>'
    )


def steam(x: float, y: float, colour: str = "#ffffff", opacity: float = 0.75) -> str:
    """Three curls of steam that end at (x, y)."""
    curl = "M{x} {y} c-12 -14 12 -26 0 -42 c-10 -14 8 -24 2 -38"
    strands = "".join(
        path(curl.format(x=x + shift, y=y - rise), more=f'stroke-width="{width}"')
        for shift, rise, width in ((-30, 0, 5), (0, 10, 6), (30, 2, 5))
    )
    return f'<g stroke="{colour}" stroke-linecap="round" opacity="{opacity}">{strands}</g>'


def shadow(x: float, y: float, rx: float) -> str:
    """What a thing throws on the table."""
    return ellipse(x, y, rx, rx * 0.11, "#000000", 'opacity="0.16"')


def saucer(x: float, y: float, rx: float, colour: str, rim: str) -> str:
    """A saucer, its middle at (x, y)."""
    return (
        shadow(x, y + 12, rx * 1.04)
        + ellipse(x, y + 5, rx, rx * 0.145, rim)
        + ellipse(x, y, rx, rx * 0.145, colour)
        + ellipse(x, y, rx * 0.62, rx * 0.08, rim, 'opacity="0.7"')
    )


def glass_cup(tea: str, light: str, glass: str = "#ffffff") -> str:
    """A glass cup with a handle on a glass saucer."""
    return (
        saucer(240, 300, 120, "#ffffffcc", "#d9e2e6")
        + path("M316 196 c44 -10 60 52 -12 66", more=f'stroke="{glass}" stroke-width="13" opacity="0.85"')
        + path("M316 196 c44 -10 60 52 -12 66", more='stroke="#c9d6db" stroke-width="3" opacity="0.6"')
        + path("M156 168 h168 c2 62 -20 126 -58 130 h-52 c-38 -4 -60 -68 -58 -130 z", glass, 'opacity="0.55"')
        + path("M162 188 h156 c-2 54 -20 100 -54 104 h-48 c-34 -4 -52 -50 -54 -104 z", tea)
        + path("M300 192 c0 40 -14 86 -40 98 c30 -2 50 -48 52 -98 z", "#000000", 'opacity="0.10"')
        + ellipse(240, 188, 78, 13, light)
        + ellipse(240, 168, 84, 14, "none", f'stroke="{glass}" stroke-width="4" opacity="0.9"')
        + path(
            "M176 202 c2 36 12 62 26 78", more='stroke="#ffffff" stroke-width="7" opacity="0.5" stroke-linecap="round"'
        )
    )


def bowl(body: str, shade: str, tea: str, light: str, band: str) -> str:
    """A wide cup of porcelain without a handle, on a foot."""
    return (
        shadow(240, 312, 92)
        + path("M196 288 h88 l-6 22 h-76 z", shade)
        + path("M132 186 h216 c-2 66 -42 108 -108 108 s-106 -42 -108 -108 z", body)
        + path("M348 186 c-2 66 -42 108 -108 108 c52 -12 80 -52 84 -108 z", shade, 'opacity="0.55"')
        + path("M137 212 c6 2 196 2 206 0 l-3 13 c-14 3 -186 3 -200 0 z", band)
        + ellipse(240, 186, 108, 21, body)
        + ellipse(240, 188, 100, 17, tea)
        + path("M150 184 c30 -14 110 -16 150 -9 c-40 -2 -110 0 -150 9 z", light)
        + ellipse(240, 186, 108, 21, "none", f'stroke="{shade}" stroke-width="2"')
    )


def mug(body: str, shade: str, tea: str, light: str, band: str = "") -> str:
    """A mug with a handle."""
    return (
        shadow(244, 312, 104)
        + path("M318 200 c66 -14 66 88 -2 78", more=f'stroke="{shade}" stroke-width="17"')
        + path("M318 200 c66 -14 66 88 -2 78", more=f'stroke="{body}" stroke-width="10"')
        + path("M154 166 h172 v118 c0 18 -14 28 -34 28 h-104 c-20 0 -34 -10 -34 -28 z", body)
        + path("M326 166 v118 c0 18 -14 28 -34 28 h-40 c34 -6 46 -40 44 -146 z", shade, 'opacity="0.5"')
        + (path("M154 214 h172 v34 h-172 z", band) if band else "")
        + ellipse(240, 166, 86, 17, body)
        + ellipse(240, 168, 78, 13, tea)
        + path("M170 165 c24 -10 88 -12 122 -6 c-36 -1 -84 0 -122 6 z", light)
        + ellipse(240, 166, 86, 17, "none", f'stroke="{shade}" stroke-width="2"')
    )


def tumbler(tea: str, light: str, dark: str) -> str:
    """A tall glass."""
    return (
        shadow(240, 312, 74)
        + path("M172 120 h136 l-14 178 c-1 10 -8 14 -18 14 h-72 c-10 0 -17 -4 -18 -14 z", "#ffffff", 'opacity="0.6"')
        + path("M179 150 h122 l-12 146 c-1 6 -6 9 -14 9 h-70 c-8 0 -13 -3 -14 -9 z", tea)
        + path("M186 230 h108 l-5 66 c-1 6 -6 9 -14 9 h-70 c-8 0 -13 -3 -14 -9 z", dark, 'opacity="0.55"')
        + ellipse(240, 150, 61, 10, light)
        + ellipse(240, 120, 68, 11, "none", 'stroke="#ffffff" stroke-width="4" opacity="0.9"')
        + path("M196 166 l8 118", more='stroke="#ffffff" stroke-width="8" opacity="0.45" stroke-linecap="round"')
    )


def leaf(colour: str, vein: str, length: float = 60, width: float = 17) -> str:
    """A leaf that begins at the origin and points to the right."""
    return path(
        f"M0 0 C{length * 0.3} {-width} {length * 0.75} {-width} {length} 0 "
        f"C{length * 0.75} {width} {length * 0.3} {width} 0 0 z",
        colour,
    ) + path(f"M-6 0 H{length * 0.86}", more=f'stroke="{vein}" stroke-width="2" stroke-linecap="round"')


def flower(petal: str, heart: str, petals: int = 5, length: float = 22, width: float = 11, core: float = 7) -> str:
    """A flower around the origin."""
    around = "".join(
        f'<g transform="rotate({360 * n / petals})">{ellipse(0, -length * 0.62, width, length * 0.62, petal)}</g>'
        for n in range(petals)
    )
    return around + ellipse(0, 0, core, core, heart)


def scattered(shape: str, places: tuple[tuple[float, float, float, float], ...]) -> str:
    """The same shape at (x, y, turn, scale) each."""
    return "".join(at(x, y, shape, turn, scale) for x, y, turn, scale in places)


def white() -> str:
    """Pale and quiet: a glass cup, silver buds."""
    bud = leaf("#dfe6d8", "#b7c4ab", 46, 9) + path("M4 2 C18 8 34 6 44 1", more='stroke="#ffffff" stroke-width="3"')
    return (
        room("#b9cad3", "#cddae1", "#a89a86", "#b8ab98")
        + glass_cup("#f0e2b6", "#f8efd2")
        + steam(240, 152, "#ffffff", 0.95)
        + scattered(bud, ((64, 318, -18, 1.1), (84, 338, 8, 1.0), (372, 330, -24, 1.1), (396, 342, 14, 0.9)))
    )


def green() -> str:
    """Fresh: a porcelain bowl, young leaves."""
    sprig = at(0, 0, leaf("#6ea03c", "#4c7a26", 56, 15), -34) + at(0, 0, leaf("#86b84e", "#4c7a26", 60, 16), 20)
    sprig += at(0, 0, leaf("#5d8f31", "#3f6a1e", 46, 12), -84)
    return (
        room("#dcebcf", "#eef6e3", "#8fae72", "#a3c186")
        + bowl("#fdfdf8", "#cfdcc4", "#b9cf5c", "#dbe79a", "#7fae57")
        + steam(240, 160)
        + scattered(sprig, ((84, 328, -6, 1.0), (372, 336, -24, 0.95)))
        + at(222, 190, leaf("#6f9d35", "#5a8429", 30, 6), 6)
    )


def yellow() -> str:
    """Rare and golden: a glass cup before a low sun."""
    bud = leaf("#c9b047", "#9c8428", 50, 9)
    return (
        room("#fbe9b0", "#ffd96a", "#c98f3a", "#dca653")
        + glass_cup("#f2c53d", "#f9dd7c")
        + steam(240, 152)
        + scattered(bud, ((66, 326, -14, 1.0), (90, 340, 12, 1.0), (380, 334, -30, 1.0), (400, 342, 4, 0.9)))
    )


def oolong() -> str:
    """Half-way between green and black: blue porcelain, rolled leaves."""
    pearl = ellipse(0, 0, 12, 10, "#4d5a2c") + path(
        "M-9 -2 C-2 -10 8 -6 10 2", more='stroke="#7c8a45" stroke-width="3"'
    )
    pearl += path("M-6 6 C0 2 6 4 9 6", more='stroke="#333d1c" stroke-width="2"')
    places = tuple(
        (x, y, turn, scale)
        for x, y, turn, scale in (
            (58, 330, 0, 1.0),
            (82, 338, 40, 1.1),
            (104, 328, 80, 0.9),
            (80, 320, 20, 0.9),
            (374, 336, 10, 1.1),
            (398, 328, 70, 1.0),
            (420, 338, 30, 0.9),
        )
    )
    return (
        room("#cfe3e6", "#e6f2f2", "#7b5a3f", "#926d4f")
        + bowl("#f4f8fb", "#b9cbd9", "#d79a3b", "#efc577", "#3f74a8")
        + path("M170 252 q14 -16 28 0 t28 0 t28 0 t28 0 t28 0", more='stroke="#3f74a8" stroke-width="4" opacity="0.55"')
        + steam(240, 160)
        + scattered(pearl, places)
    )


def black() -> str:
    """Strong: a white cup and saucer, a biscuit."""
    biscuit = '<rect x="-40" y="-13" width="80" height="26" rx="5" fill="#d9a765"/>'
    biscuit += "".join(ellipse(x, y, 2.4, 1.8, "#a8763a") for x in (-26, -9, 9, 26) for y in (-5, 5))
    return (
        room("#f1d9c5", "#f8e9db", "#6e3f28", "#845037")
        + saucer(240, 302, 140, "#fffdf8", "#e2d5c6")
        + path("M320 204 c56 -12 58 74 -8 70", more='stroke="#e2d5c6" stroke-width="16"')
        + path("M320 204 c56 -12 58 74 -8 70", more='stroke="#fffdf8" stroke-width="10"')
        + path("M146 180 h188 c0 66 -32 116 -66 118 h-56 c-34 -2 -66 -52 -66 -118 z", "#fffdf8")
        + path("M334 180 c0 66 -32 116 -66 118 h-22 c40 -14 58 -60 62 -118 z", "#e2d5c6", 'opacity="0.7"')
        + ellipse(240, 180, 94, 18, "#fffdf8")
        + ellipse(240, 182, 86, 14, "#8c3410")
        + path("M162 179 c28 -11 100 -13 138 -6 c-40 -2 -98 -1 -138 6 z", "#c4602a")
        + path("M150 206 c60 8 122 8 180 0", more='stroke="#b7472a" stroke-width="4"')
        + steam(240, 164)
        + at(88, 326, biscuit, -12)
    )


def pu_erh() -> str:
    """Aged: a clay cup, a pressed cake in the back."""
    cake = ellipse(0, 0, 66, 66, "#4a3222") + ellipse(0, 0, 58, 58, "#5b4030") + ellipse(0, 0, 15, 15, "#3b2619")
    cake += "".join(
        at(
            36 * math.cos(n * 0.9),
            36 * math.sin(n * 0.9),
            path("M-9 0 q9 -7 18 0", more='stroke="#7d5c43" stroke-width="3"'),
            n * 52,
        )
        for n in range(7)
    )
    cake += "".join(
        at(
            49 * math.cos(n * 0.63 + 0.3),
            49 * math.sin(n * 0.63 + 0.3),
            path("M-7 0 q7 -5 14 0", more='stroke="#3b2619" stroke-width="3"'),
            n * 36 + 107,
        )
        for n in range(10)
    )
    return (
        room("#d8c3ac", "#e8d8c4", "#4f3a2c", "#65493a")
        + shadow(104, 294, 70)
        + at(104, 226, cake)
        + at(44, 0, mug("#a4573a", "#7e3f28", "#3a140a", "#6b2a17", "#8f4a31"))
        + at(44, 0, steam(240, 152))
    )


def jasmine() -> str:
    """Scented: a celadon bowl, white flowers."""
    blossom = flower("#ffffff", "#f2d35b", 5, 24, 10, 6)
    return (
        room("#d6e8dc", "#ecf6ee", "#b58f63", "#c7a378")
        + bowl("#cfe6d3", "#a5c9af", "#dfc96a", "#f0e3a4", "#b4d6bc")
        + steam(240, 158, "#ffffff", 0.9)
        + at(70, 322, leaf("#4f8a55", "#396b40", 54, 15), -26)
        + at(404, 330, leaf("#4f8a55", "#396b40", 54, 15), 196)
        + scattered(blossom, ((66, 322, 10, 1.0), (104, 336, 40, 0.85), (398, 332, 20, 1.0), (362, 340, 0, 0.8)))
        + at(258, 188, blossom, 8, 0.62)
    )


def matcha() -> str:
    """Whisked: a dark bowl of froth, a bamboo whisk."""
    tines = "".join(
        path(f"M{x * 0.55} -30 C{x * 0.9} 0 {x} 20 {x * 0.72} 52", more='stroke="#e3c78d" stroke-width="4"')
        for x in range(-36, 37, 8)
    )
    whisk = tines + path("M-20 -96 h40 v66 h-40 z", "#d2b06c") + path("M-20 -34 h40 v8 h-40 z", "#6b4d2a")
    whisk += path("M8 -96 h12 v66 h-12 z", "#b8944f")
    froth = "".join(
        ellipse(x, y, r, r * 0.45, "#c3dc8b")
        for x, y, r in (
            (180, 188, 6),
            (206, 194, 4),
            (232, 184, 7),
            (262, 194, 5),
            (292, 186, 6),
            (214, 181, 4),
            (312, 191, 4),
        )
    )
    return (
        room("#e6e3d3", "#f3f1e6", "#3f4a3a", "#52604b")
        + shadow(410, 322, 40)
        + at(408, 270, whisk)
        + at(-30, 0, bowl("#3d3a3c", "#272527", "#8db44a", "#a9cb66", "#56514f") + froth)
        + at(-30, 0, steam(240, 156))
    )


def rooibos() -> str:
    """Red from the Cape: a glass cup under an evening sun."""
    needle = path("M0 0 l30 -4", more='stroke="#d9683a" stroke-width="4" stroke-linecap="round"')
    hills = path("M0 268 C70 214 120 226 176 250 C240 208 330 196 480 258 V268 z", "#c7764a")
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f6c99a"/>'
        + ellipse(352, 132, 62, 62, "#f28c4b")
        + hills
        + f'<rect y="{TABLE}" width="{WIDTH}" height="{HEIGHT - TABLE}" fill="#7f4a2e"/>'
        + f'<rect y="{TABLE}" width="{WIDTH}" height="5" fill="#955b3b"/>'
        + glass_cup("#c23a14", "#e0643a")
        + steam(240, 152)
        + scattered(
            needle,
            (
                (52, 326, 0, 1.0),
                (66, 338, 24, 1.0),
                (88, 320, -30, 0.9),
                (92, 340, 8, 1.0),
                (376, 334, -16, 1.0),
                (396, 342, 18, 0.9),
                (410, 328, 50, 0.9),
            ),
        )
    )


def chamomile() -> str:
    """For the evening: a night-blue mug, moon and daisies."""
    daisy = flower("#ffffff", "#f4b92f", 11, 24, 5.5, 10)
    stars = "".join(
        ellipse(x, y, r, r, "#fdf3c9")
        for x, y, r in ((70, 60, 3), (130, 110, 2), (400, 170, 2.5), (60, 176, 2), (180, 44, 2), (440, 70, 2))
    )
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#33436e"/>'
        + stars
        + ellipse(366, 86, 44, 44, "#fdf0c0")
        + ellipse(384, 76, 40, 40, "#33436e")
        + f'<rect y="{TABLE}" width="{WIDTH}" height="{HEIGHT - TABLE}" fill="#8a6a58"/>'
        + f'<rect y="{TABLE}" width="{WIDTH}" height="5" fill="#a07e69"/>'
        + mug("#f7f1e4", "#d5c8b0", "#e9b93c", "#f7dc86", "#f0c95a")
        + steam(240, 144, "#ffffff", 0.55)
        + scattered(daisy, ((74, 316, 0, 1.0), (112, 336, 14, 0.85), (398, 330, 8, 1.0)))
    )


def peppermint() -> str:
    """Cool: a tall glass with mint in it."""
    mint = at(0, 0, leaf("#3c9a5f", "#2a7646", 50, 19), -58) + at(0, 0, leaf("#4fb374", "#2a7646", 54, 20), -118)
    mint += at(0, 4, leaf("#5cc283", "#2a7646", 46, 17), -88)
    lying = at(0, 0, leaf("#3c9a5f", "#2a7646", 54, 20), 12) + at(0, 0, leaf("#4fb374", "#2a7646", 50, 18), -30)
    return (
        room("#cdeee6", "#e7f8f3", "#d9b98c", "#e6cba4")
        + tumbler("#bfe08a", "#dcf0b4", "#9ccb63")
        + at(206, 146, mint, -8, 1.15)
        + at(226, 176, leaf("#4fa56a", "#3a8352", 44, 14), 74)
        + at(262, 186, leaf("#5cb87c", "#3a8352", 40, 13), 112)
        + steam(282, 106, "#ffffff", 0.9)
        + scattered(lying, ((58, 330, 0, 1.0), (366, 334, 0, 0.95)))
    )


def hibiscus() -> str:
    """Crimson and tart: a tall glass, a great flower."""
    petal = path("M0 0 C-34 -18 -36 -62 0 -66 C36 -62 34 -18 0 0 z", "#d81e5b")
    petal += path("M0 -6 C-8 -26 -6 -44 0 -56", more='stroke="#a3123f" stroke-width="3" stroke-linecap="round"')
    bloom = "".join(f'<g transform="rotate({n * 72})">{petal}</g>' for n in range(5)) + ellipse(0, 0, 13, 13, "#8f0f37")
    bloom += path("M0 0 C14 -14 30 -22 44 -40", more='stroke="#f6c945" stroke-width="5" stroke-linecap="round"')
    bloom += "".join(ellipse(x, y, 4, 4, "#f9dd7c") for x, y in ((44, -42), (36, -38), (46, -32)))
    return (
        room("#fbd9dc", "#fdebec", "#e7a27c", "#f0b592")
        + tumbler("#c2143f", "#e0436a", "#8e0c2c")
        + steam(240, 106, "#ffffff", 0.9)
        + at(396, 292, leaf("#4e8f4a", "#376b35", 66, 22), 24)
        + at(372, 286, leaf("#4e8f4a", "#376b35", 66, 22), 164)
        + at(384, 276, bloom, 0, 0.82)
        + at(92, 326, path("M0 0 C-16 -10 -16 -30 0 -34 C16 -30 16 -10 0 0 z", "#d81e5b"), 60)
        + at(60, 336, path("M0 0 C-12 -8 -12 -22 0 -26 C12 -22 12 -8 0 0 z", "#b5154a"), 110)
    )


DRAWINGS = (white, green, yellow, oolong, black, pu_erh, jasmine, matcha, rooibos, chamomile, peppermint, hibiscus)


def png(svg: str) -> bytes:
    """An SVG's shapes as a PNG of few colours."""
    # Neither is needed by anything else here, nor in the lock file.
    resvg: Any = importlib.import_module("resvg_py")
    pillow: Any = importlib.import_module("PIL.Image")
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    rendered = resvg.svg_to_bytes(svg_string=f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{svg}</svg>')
    image = pillow.open(io.BytesIO(bytes(rendered))).convert("RGB")
    few = image.quantize(COLOURS, method=pillow.Quantize.MEDIANCUT, dither=pillow.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(exist_ok=True)
    for drawing in DRAWINGS:
        file = PICTURES / f"{drawing.__name__.replace('_', '-')}.png"
        file.write_bytes(png(drawing()))
        print(f"{file.name:16} {file.stat().st_size:6} bytes")


if __name__ == "__main__":
    main()
