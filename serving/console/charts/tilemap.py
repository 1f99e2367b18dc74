"""The map of the 38 provinces as equal tiles, so that small ones stay visible: 14 columns, 7 rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from serving.console.charts import svg

TILES: dict[str, tuple[int, int, str, str]] = {
    "11": (1, 1, "ACEH", "AC"), "12": (2, 1, "SUMUT", "SU"), "14": (2, 2, "RIAU", "RI"), "21": (2, 3, "KEPRI", "KR"),
    "13": (3, 1, "SUMBAR", "SB"), "15": (3, 2, "JAMBI", "JA"), "17": (4, 1, "BKULU", "BE"),
    "16": (4, 2, "SUMSEL", "SS"), "19": (4, 3, "BABEL", "BB"), "18": (5, 2, "LAMPG", "LA"),
    "36": (6, 2, "BANTEN", "BT"), "31": (6, 3, "DKI", "JK"), "32": (6, 4, "JABAR", "JB"),
    "33": (6, 5, "JATENG", "JT"), "34": (6, 6, "DIY", "YO"), "35": (6, 7, "JATIM", "JI"), "51": (7, 8, "BALI", "BA"),
    "52": (7, 9, "NTB", "NB"), "53": (7, 10, "NTT", "NT"), "61": (3, 4, "KALBAR", "KB"),
    "62": (3, 5, "KALTENG", "KT"), "64": (3, 6, "KALTIM", "KI"), "65": (2, 6, "KALTARA", "KU"),
    "63": (4, 6, "KALSEL", "KS"), "75": (2, 9, "GTLO", "GO"), "71": (2, 10, "SULUT", "SA"),
    "72": (3, 9, "SULTENG", "ST"), "76": (4, 8, "SULBAR", "SR"), "73": (5, 8, "SULSEL", "SN"),
    "74": (5, 9, "SULTRA", "SG"), "82": (3, 11, "MALUT", "MU"), "81": (5, 11, "MALUKU", "MA"),
    "92": (3, 12, "PBD", "PD"), "91": (4, 12, "PABAR", "PB"), "96": (4, 13, "PATENG", "PT"),
    "94": (3, 14, "PAPUA", "PA"), "97": (4, 14, "PEGUN", "PE"), "95": (5, 14, "PASEL", "PS"),
}  # fmt: skip
"""BPS code to row, column, label where there is room, and label on a phone."""
COLUMNS, ROWS, PITCH, SIDE = 14, 7, 48, 46


@dataclass(frozen=True, slots=True)
class Tile:
    """What a province's tile shows: its class 1 to 5 (0: no figure), the words read out, where it leads, its figure.

    moved : by how much it rose out of 100, which a mark in the corner shows; None: not known.
    """

    step: int
    label: str
    href: str = ""
    figure: str = ""
    chosen: bool = False
    moved: int | None = None

    @property
    def sign(self) -> str:
        """A sign of the change beside a label; empty where there is none."""
        return ("▲" if self.moved > 0 else "▼") if self.moved else ""


def draw(tiles: Mapping[str, Tile], *, title: str, about: str, name: str = "map") -> Markup:
    """The map; a province that is not among `tiles` is hatched.

    Its tiles are links outside the tab order, since the list beneath the map holds the same ones.
    """
    parts = [svg.hatch(name), *(_tile(code, tiles.get(code), name) for code in TILES)]
    return svg.picture(name, COLUMNS * PITCH - 2, ROWS * PITCH - 2, title, about, parts, css="map", role="group")


def mark(x: float, y: float, up: bool, css: str) -> Markup:
    """A triangle around a point that says whether a figure rose or fell."""
    way = -1 if up else 1
    return Markup('<path class="sign {}" d="M{} {}l-6 {}h12z"/>').format(
        css, svg.coordinate(x), svg.coordinate(y + 4 * way), -8 * way)  # fmt: skip


def _tile(code: str, tile: Tile | None, name: str) -> Markup:
    row, column, wide, short = TILES[code]
    x, y = (column - 1) * PITCH, (row - 1) * PITCH
    step = tile.step if tile else 0
    css = f"tile r{step}" if step else "tile none"
    inside = [svg.rect(x + 1, y + 1, SIDE - 2, SIDE - 2, f"{css} chosen" if tile and tile.chosen else css,
                       "" if step else f"url(#{name}-hatch)", 3)]  # fmt: skip
    inside.append(svg.rect(x - 1, y - 1, PITCH, PITCH, "reach"))  # a finger reaches it in the gaps too
    mid = x + SIDE / 2
    inside.append(svg.text(mid, y + 30, short, css=f"short on{step}", anchor="middle"))
    inside.append(svg.text(mid, y + 19, wide, css=f"wide on{step}", anchor="middle"))
    if tile and tile.figure:
        inside.append(svg.text(mid, y + 36, tile.figure, css=f"figure on{step}", anchor="middle"))
    if tile and tile.moved:
        inside.append(mark(x + SIDE - 9, y + SIDE - 7, tile.moved > 0, f"on{step}"))
    body = Markup("").join(inside)
    if tile is None or not tile.href:
        return Markup("<g>{}</g>").format(body)
    return Markup('<a href="{}" tabindex="-1"><title>{}</title>{}</a>').format(tile.href, tile.label, body)
