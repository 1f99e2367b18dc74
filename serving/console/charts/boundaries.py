"""The real map, where a boundary file is configured (`JAGA_BOUNDARIES`): GeoJSON or TopoJSON, joined by name.

The file stays outside the project. Codes in such files are of unknown origin, so areas are found by their names.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup

from features import file_words
from serving.console.charts import placing, svg
from serving.console.charts.tilemap import Tile

log = logging.getLogger("jaga")
WIDTH = 900.0
_STEP = 2.5
"""Smallest distance in px between two points that are kept."""
_LINE = 14.0
"""Height of a line of text that has to lie within an area, px of the drawing."""
_SIZES = (("wide", 15.0), ("short", 30.0))
"""Class and height of the letters of a code, px of the drawing: where there is room, and on a phone."""
_CAPITAL = 0.78
"""Width of a bold capital over its height."""
_BORDER = 4.0
"""What points that were left out may part of two pieces side by side, px."""
_ROWS = 24
"""Lines of text that are tried in an area, from its top to its bottom."""
_MOST_MIB, _MOST_AREAS, _MOST_POINTS, _MOST_DRAWN, _MOST_NAME = 16, 1_000, 500_000, 50_000, 200
"""What a file may hold: MiB, areas, points of their borders as often as they are used (a border counts as one more, as
does a shape), those of them that are drawn, and letters of a name. More than a map needs, and less than keeps a
processor or the memory busy."""
_TALLEST = 10 * WIDTH
"""px of a drawing from top to bottom at most; no land is like that."""
_PIECES = 50
"""Widest pieces and holes of an area that its name is placed by."""
_ALIASES = {
    "daerahistimewayogyakarta": "diyogyakarta", "yogyakarta": "diyogyakarta", "jakarta": "dkijakarta",
    "jakartaraya": "dkijakarta", "daerahkhususibukotajakarta": "dkijakarta",
    "daerahkhususjakarta": "dkijakarta", "bangkabelitung": "kepulauanbangkabelitung",
    "nanggroeacehdarussalam": "aceh", "toba": "tobasamosir", "mempawah": "pontianak", "pasangkayu": "mamujuutara",
    "kepulauantanimbar": "malukutenggarabarat", "mahakamulu": "mahakamhulu",
    "kepulauansiautagulandangbiaro": "siautagulandangbiaro", "kotapadangsidempuan": "kotapadangsidimpuan",
}  # fmt: skip
"""Long, short and new names of an area to the one that the reference has, as `plain` writes them."""
_DROPPED = ("provinsi", "prov", "propinsi", "kabupaten", "kab", "administrasi", "dan")
_REGENCIES = ("WADMKK", "KABKOT", "KABUPATEN", "kabupaten", "NAME_2", "regency", "city")
_NAMES = (
    "name",
    "NAME",
    "Name",
    "PROVINSI",
    "provinsi",
    "Propinsi",
    "propinsi",
    "NAME_1",
    "state",
    "WADMPR",
    "province",
)
Ring = list[tuple[float, float]]
Points = list[tuple[int, int]]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the code of an area may stand: the middle of the widest line of text that lies within it, and its width."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Land:
    """Areas of a boundary file, as paths on one drawing."""

    height: float
    paths: Mapping[str, str]
    spots: Mapping[str, Spot]
    names: Mapping[str, str]

    def draw(self, tiles: Mapping[str, Tile], names: Mapping[str, str], codes: Mapping[str, str], *, title: str,
             about: str, name: str = "land") -> Markup:  # fmt: skip
        """The map; what the file names and nobody has a figure for is hatched.

        Parameters
        ----------
        tiles : by code, as for the tile map. names : names of areas by code. codes : a short label by code, that each
            area gets, beside it where it has no room.
        """
        own = {plain(words): code for code, words in names.items()}
        parts = [svg.hatch(name)]
        for words, path in self.paths.items():
            tile = tiles.get(own.get(words, ""))
            step = tile.step if tile else 0
            told = Markup("<title>{}</title>").format(tile.label if tile else self.names[words])
            shape = Markup('<path d="{}" class="area {}"{}>{}</path>').format(
                path, f"r{step}" if step else "none",
                "" if step else Markup(' fill="url(#{}-hatch)"').format(name), told)  # fmt: skip
            if tile and tile.href:
                shape = Markup('<a href="{}" tabindex="-1" aria-label="{}">{}</a>').format(tile.href, tile.label, shape)
            parts.append(shape)
        short = {words: codes[code] for words, code in own.items() if code in codes and words in self.spots}
        signs = {words: tiles[code].sign for words, code in own.items() if code in tiles}
        parts += self._each({words: code + signs.get(words, "") for words, code in short.items()}, *_SIZES[0])
        parts += self._each(short, *_SIZES[1])
        return svg.picture(name, WIDTH, self.height, title, about, parts, css="land", role="group")

    def without(self, names: Mapping[str, str]) -> list[str]:
        """Codes of the areas that the file has no boundary of, in the order of `names`."""
        return [code for code, words in names.items() if plain(words) not in self.paths]

    def unknown(self, names: Mapping[str, str]) -> list[str]:
        """Names of the file that no area has, as it writes them."""
        known = {plain(words) for words in names.values()}
        return [words for key, words in self.names.items() if key not in known]

    def _each(self, labels: Mapping[str, str], css: str, size: float) -> list[Markup]:
        """A label of every area, over no other one, with a line from where it stands beside its area."""
        spots = [placing.Spot(self.spots[words].x, self.spots[words].y, self.spots[words].width,
                              _CAPITAL * size * len(own)) for words, own in labels.items()]  # fmt: skip
        found = placing.place(spots, size, WIDTH, self.height)
        lines = [svg.line(spot.x, spot.y, *at, f"range {css}") for spot, at in zip(spots, found, strict=True)
                 if placing.apart(spot, at, size)]  # fmt: skip
        return [*lines, *(svg.text(x, y + size / 3, own, css=f"label {css}", anchor="middle")
                          for own, (x, y) in zip(labels.values(), found, strict=True))]  # fmt: skip


def path() -> Path | None:
    """The configured boundary file; None without one."""
    given = os.environ.get("JAGA_BOUNDARIES")
    return Path(given) if given and os.path.isfile(given) else None


def configured(province: str = "") -> Land | None:
    """The map of the file that `JAGA_BOUNDARIES` names; None without one. ValueError where it is no boundary file.

    province : its name, for a map of its regencies; None where the file has none of them.
    """
    own = path()
    if own is None:
        return None
    try:
        return read(own, own.stat().st_ctime_ns, plain(province))
    except ValueError:
        if province:
            return None
        raise


_one_reader = threading.Lock()


def read(path: Path, stamp: int = 0, province: str = "") -> Land:
    """Areas of a file; ValueError where it is neither GeoJSON nor TopoJSON with names, or too large for a map.

    stamp : time of its last change, so that a new file is read anew, and one that may be read now; a file is read
        once, by one reader at a time, and the log says why it cannot be used.
    province : its plain name, for its regencies alone; without it the provinces.
    """
    with _one_reader:
        found = _read(path, stamp, province)
    if isinstance(found, str):
        raise ValueError(found)
    return found


@lru_cache(maxsize=64)
def _read(path: Path, _stamp: int, province: str) -> Land | str:
    """The areas, or why there are none."""
    try:
        if path.stat().st_size > _MOST_MIB << 20:
            raise _TooMuchError(f"{_MOST_MIB} MiB")
        return _land(json.loads(path.read_text(encoding="utf-8-sig")), province)
    except _TooMuchError as error:
        why = f"{path.name} holds more than {error}; simplify its borders, or leave out what is not needed"
    except OSError as error:
        why = f"{path.name}: cannot be read ({file_words.why(error)[1]})"
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        why = f"{path.name} is neither GeoJSON nor TopoJSON with names of areas: {str(error)[:_MOST_NAME]}"
    if not province:  # the whole file; of one province it may just hold no regencies
        log.warning("JAGA_BOUNDARIES: %s", why)
    return why


class _TooMuchError(Exception):
    """There is more in the file than a map needs; the text says of what."""


def _land(whole: Any, province: str) -> Land:
    written: dict[str, str] = {}
    shapes = (_topology if whole.get("type") == "Topology" else _features)(whole, province, written)
    if not shapes:
        raise ValueError("no area with a name")
    if len(shapes) > _MOST_AREAS:
        raise _TooMuchError(f"{_MOST_AREAS:,} areas")
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale = WIDTH / (east - west or 1)
    if not 0 <= (north - south) * scale <= _TALLEST:
        raise ValueError("its areas are not as wide and tall as land is")
    kept = {name: [own for ring in rings if len(own := _kept(ring, west, north, scale)) >= 3]
            for name, rings in shapes.items()}  # fmt: skip
    if sum(len(ring) for rings in kept.values() for ring in rings) > _MOST_DRAWN:
        raise _TooMuchError(f"{_MOST_DRAWN:,} points that can be told apart")
    drawn = {name: "".join(map(_path, rings)) for name, rings in kept.items() if rings}
    return Land(round((north - south) * scale, 1), drawn, {name: _spot(kept[name]) for name in drawn},
                {name: written[name] for name in drawn})  # fmt: skip


class _Points:
    """Counts points of borders as they are used: a few bytes of TopoJSON may ask for an arc a thousand times."""

    def __init__(self) -> None:
        self._left = _MOST_POINTS

    def take(self, count: int) -> None:
        """A border or shape of so many; _TooMuchError where they are too many."""
        self._left -= count + 1
        if self._left < 0:
            raise _TooMuchError(f"{_MOST_POINTS:,} points")


def plain(name: str) -> str:
    """A name as it is compared: small letters alone, no "provinsi" or "kabupaten", old and new forms made one."""
    words = re.sub(r"[^a-z0-9]+", " ", name.lower()).split()
    text = "".join(word for word in words if word not in _DROPPED)
    return _ALIASES.get(text, text)


def _named(properties: Mapping[str, Any], province: str, written: dict[str, str]) -> str | None:
    """Plain name of a shape's area: its province, or its regency where it lies in `province`.

    written : gets it with the name as the file writes it.
    """
    home = _first(properties, _NAMES)
    own = home if not province else _first(properties, _REGENCIES) if home and plain(home) == province else None
    if own is None:
        return None
    if len(own) > _MOST_NAME:
        raise _TooMuchError(f"{_MOST_NAME} letters in a name")
    own.encode()  # half a letter, which JSON can spell and no page can hold, is a ValueError
    written.setdefault(plain(own), own)
    return plain(own)


def _first(properties: Mapping[str, Any], keys: Sequence[str]) -> str | None:
    return next((properties[key] for key in keys if isinstance(properties.get(key), str)), None)


def _features(whole: Mapping[str, Any], province: str, written: dict[str, str]) -> dict[str, list[Ring]]:
    found: dict[str, list[Ring]] = {}
    points = _Points()
    for feature in whole.get("features", ()):
        points.take(0)
        name, geometry = _named(feature.get("properties") or {}, province, written), feature.get("geometry") or {}
        if name is None or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            continue
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        for ring in (ring for polygon in polygons for ring in polygon):
            points.take(len(ring))
            found.setdefault(name, []).append([(float(x), float(y)) for x, y, *_ in ring])
    return found


def _topology(whole: Mapping[str, Any], province: str, written: dict[str, str]) -> dict[str, list[Ring]]:
    move = whole.get("transform") or {"scale": (1, 1), "translate": (0, 0)}
    stored, points = _Points(), _Points()
    for arc in whole["arcs"]:
        stored.take(len(arc))
    arcs = [_arc(arc, move, "transform" in whole) for arc in whole["arcs"]]
    found: dict[str, list[Ring]] = {}
    for layer in whole["objects"].values():
        for shape in layer.get("geometries", ()):
            points.take(0)
            name = _named(shape.get("properties") or {}, province, written)
            if name is None or shape.get("type") not in ("Polygon", "MultiPolygon"):
                continue
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            found.setdefault(name, []).extend(_joined(ring, arcs, points) for polygon in polygons for ring in polygon)
    return found


def _arc(arc: Sequence[Sequence[float]], move: Mapping[str, Any], steps: bool) -> Ring:
    x = y = 0.0
    points: Ring = []
    for dx, dy, *_ in arc:
        x, y = (x + dx, y + dy) if steps else (dx, dy)
        points.append((x * move["scale"][0] + move["translate"][0], y * move["scale"][1] + move["translate"][1]))
    return points


def _joined(ring: Sequence[int], arcs: Sequence[Ring], count: _Points) -> Ring:
    points: Ring = []
    count.take(0)
    for index in ring:
        count.take(len(arcs[index if index >= 0 else ~index]))
        own = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += own if not points else own[1:]
    return points


def _kept(ring: Ring, west: float, north: float, scale: float) -> list[tuple[int, int]]:
    """One ring in whole px of the drawing; what is closer than can be seen is left out."""
    kept: list[tuple[int, int]] = []
    for x, y in ring:
        at = (round((x - west) * scale), round((north - y) * scale))
        if not kept or abs(at[0] - kept[-1][0]) + abs(at[1] - kept[-1][1]) >= _STEP:
            kept.append(at)
    return kept


def _path(kept: Sequence[tuple[int, int]]) -> str:
    """A ring, each point told from the one before."""
    moves = " ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(kept)).replace(" -", "-")
    return f"M{kept[0][0]} {kept[0][1]}l{moves}z"


def _spot(rings: Sequence[Points]) -> Spot:
    """The widest line of text that lies within an area, not over its holes nor between its pieces."""
    rings = sorted(rings, key=_width, reverse=True)[:_PIECES]
    holes = [ring for ring in rings if any(_holds(other, ring) for other in rings if other is not ring)]
    lands = [ring for ring in rings if not any(ring is hole for hole in holes)]
    top, bottom = min(y for ring in rings for _, y in ring), max(y for ring in rings for _, y in ring)
    best = Spot(rings[0][0][0], rings[0][0][1], 0.0)
    for row in range(1, _ROWS):
        y = top + (bottom - top) * row / _ROWS
        room = [(0.0, WIDTH)]
        for line in (y - _LINE / 2, y, y + _LINE / 2):
            room = _both(room, _open(lands, holes, line))
        for left, right in room:
            if right - left > best.width:
                best = Spot(round((left + right) / 2, 1), round(y, 1), round(right - left, 1))
    return best


def _holds(ring: Points, other: Points) -> bool:
    """Whether the middle of a ring lies within another one, which spans more."""
    x, y = (sum(point[at] for point in other) / len(other) for at in (0, 1))
    return _width(ring) > _width(other) and any(left < x < right for left, right in _within(ring, y))


def _width(ring: Points) -> int:
    return max(x for x, _ in ring) - min(x for x, _ in ring)


def _open(lands: Sequence[Points], holes: Sequence[Points], y: float) -> list[Span]:
    """Where a line across lies on land; pieces that only a border parts are one."""
    room: list[Span] = []
    for left, right in sorted(span for ring in lands for span in _within(ring, y)):
        if room and left - room[-1][1] <= _BORDER:
            room[-1] = (room[-1][0], max(room[-1][1], right))
        else:
            room.append((left, right))
    for ring in holes:
        for left, right in _within(ring, y):
            room = _both(room, [(0.0, left), (right, WIDTH)])
    return room


def _both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    return [(max(a, c), min(b, d)) for a, b in one for c, d in other if min(b, d) > max(a, c)]


def _within(ring: Points, y: float) -> list[Span]:
    """Where a line across lies within a ring, from left to right."""
    y += 0.01  # never through a corner, which is of whole px
    cuts = sorted(
        a + (c - a) * (y - b) / (d - b) for (a, b), (c, d) in pairwise([*ring, ring[0]]) if (b < y) != (d < y)
    )
    return list(zip(cuts[::2], cuts[1::2], strict=True))
