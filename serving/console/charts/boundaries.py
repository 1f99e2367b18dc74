"""The real map, where a boundary file is configured (`JAGA_BOUNDARIES`): GeoJSON or TopoJSON, joined by name.

The file stays outside the project. Codes in such files are of unknown origin, so areas are found by their names.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup

from serving.console.charts import svg
from serving.console.charts.tilemap import Tile

WIDTH = 900.0
_STEP = 2.5
"""Smallest distance in px between two points that are kept."""
_LETTER, _LINE = 10.0, 18.0
"""Width of a letter and height of a line of a label, px of the drawing."""
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


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the name of an area may stand: its middle, and how wide it is."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Land:
    """Areas of a boundary file, as paths on one drawing."""

    height: float
    paths: Mapping[str, str]
    spots: Mapping[str, Spot]

    def draw(self, tiles: Mapping[str, Tile], names: Mapping[str, str], labels: Mapping[str, str], *, title: str,
             about: str, name: str = "land") -> Markup:  # fmt: skip
        """The map; what the file names and nobody has a figure for is hatched.

        Parameters
        ----------
        tiles : by code, as for the tile map. names : names of areas by code. labels : what stands on the map, by code;
            left out where it would lie over another, the widest areas first.
        """
        own = {plain(words): code for code, words in names.items()}
        parts = [svg.hatch(name)]
        for words, path in self.paths.items():
            tile = tiles.get(own.get(words, ""))
            step = tile.step if tile else 0
            shape = Markup('<path d="{}" class="area {}"{}/>').format(
                path, f"r{step}" if step else "none",
                "" if step else Markup(' fill="url(#{}-h)"').format(name))  # fmt: skip
            if tile and tile.href:
                shape = Markup('<a href="{}" tabindex="-1"><title>{}</title>{}</a>').format(
                    tile.href, tile.label, shape
                )
            parts.append(shape)
        parts += self._labels({words: labels[code] for words, code in own.items() if code in labels})
        return svg.picture(name, WIDTH, self.height, title, about, parts, css="land", role="group")

    def without(self, names: Mapping[str, str]) -> list[str]:
        """Codes of the areas that the file has no boundary of, in the order of `names`."""
        return [code for code, words in names.items() if plain(words) not in self.paths]

    def _labels(self, labels: Mapping[str, str]) -> list[Markup]:
        taken: list[tuple[float, float, float]] = []
        parts = []
        for words, spot in sorted(self.spots.items(), key=lambda own: -own[1].width):
            half = _LETTER * len(labels.get(words, "")) / 2
            x = min(WIDTH - half, max(half, spot.x))
            clash = any(abs(x - a) < half + b and abs(spot.y - y) < _LINE for a, y, b in taken)
            if not half or clash or half > 1.5 * spot.width:
                continue
            taken.append((x, spot.y, half))
            parts.append(svg.text(x, spot.y + 5, labels[words], css="label", anchor="middle"))
        return parts


def path() -> Path | None:
    """The configured boundary file; None without one."""
    given = os.environ.get("JAGA_BOUNDARIES")
    return Path(given) if given and Path(given).is_file() else None


def configured(province: str = "") -> Land | None:
    """The map of the file that `JAGA_BOUNDARIES` names; None without one. ValueError where it is no boundary file.

    province : its name, for a map of its regencies; None where the file has none of them.
    """
    own = path()
    if own is None:
        return None
    try:
        return read(own, own.stat().st_mtime_ns, plain(province))
    except ValueError:
        if province:
            return None
        raise


@cache
def read(path: Path, stamp: int = 0, province: str = "") -> Land:
    """Areas of a file; ValueError where it is neither GeoJSON nor TopoJSON with names.

    stamp : time of its last change, so that a new file is read anew.
    province : its plain name, for its regencies alone; without it the provinces.
    """
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        shapes = _topology(whole, province) if whole.get("type") == "Topology" else _features(whole, province)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"{path.name} is neither GeoJSON nor TopoJSON: {error}") from None
    if not shapes:
        raise ValueError(f"{path.name} holds no area with a name; give a GeoJSON or TopoJSON file")
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale = WIDTH / (east - west or 1)
    paths = {name: "".join(_path(ring, west, north, scale) for ring in rings) for name, rings in shapes.items()}
    drawn = {name: text for name, text in paths.items() if text}
    spots = {name: _spot(shapes[name], west, north, scale) for name in drawn}
    return Land(round((north - south) * scale, 1), drawn, spots)


def plain(name: str) -> str:
    """A name as it is compared: small letters alone, no "provinsi" or "kabupaten", old and new forms made one."""
    words = re.sub(r"[^a-z0-9]+", " ", name.lower()).split()
    text = "".join(word for word in words if word not in _DROPPED)
    return _ALIASES.get(text, text)


def _named(properties: Mapping[str, Any], province: str) -> str | None:
    """Plain name of a shape's area: its province, or its regency where it lies in `province`."""
    home = _first(properties, _NAMES)
    return home if not province else _first(properties, _REGENCIES) if home == province else None


def _first(properties: Mapping[str, Any], keys: Sequence[str]) -> str | None:
    return next((plain(properties[key]) for key in keys if isinstance(properties.get(key), str)), None)


def _features(whole: Mapping[str, Any], province: str) -> dict[str, list[Ring]]:
    found: dict[str, list[Ring]] = {}
    for feature in whole.get("features", ()):
        name, geometry = _named(feature.get("properties") or {}, province), feature.get("geometry") or {}
        if name is None or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            continue
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        found.setdefault(name, []).extend([(float(x), float(y)) for x, y, *_ in ring]
                                          for polygon in polygons for ring in polygon)  # fmt: skip
    return found


def _topology(whole: Mapping[str, Any], province: str) -> dict[str, list[Ring]]:
    move = whole.get("transform") or {"scale": (1, 1), "translate": (0, 0)}
    arcs = [_arc(arc, move, "transform" in whole) for arc in whole["arcs"]]
    found: dict[str, list[Ring]] = {}
    for layer in whole["objects"].values():
        for shape in layer.get("geometries", ()):
            name = _named(shape.get("properties") or {}, province)
            if name is None or shape.get("type") not in ("Polygon", "MultiPolygon"):
                continue
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            found.setdefault(name, []).extend(_joined(ring, arcs) for polygon in polygons for ring in polygon)
    return found


def _arc(arc: Sequence[Sequence[float]], move: Mapping[str, Any], steps: bool) -> Ring:
    x = y = 0.0
    points: Ring = []
    for dx, dy, *_ in arc:
        x, y = (x + dx, y + dy) if steps else (dx, dy)
        points.append((x * move["scale"][0] + move["translate"][0], y * move["scale"][1] + move["translate"][1]))
    return points


def _joined(ring: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    points: Ring = []
    for index in ring:
        own = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += own if not points else own[1:]
    return points


def _path(ring: Ring, west: float, north: float, scale: float) -> str:
    """One ring in whole px, each point told from the one before; what is closer than can be seen is left out."""
    kept: list[tuple[int, int]] = []
    for x, y in ring:
        at = (round((x - west) * scale), round((north - y) * scale))
        if not kept or abs(at[0] - kept[-1][0]) + abs(at[1] - kept[-1][1]) >= _STEP:
            kept.append(at)
    if len(kept) < 3:
        return ""
    moves = " ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(kept)).replace(" -", "-")
    return f"M{kept[0][0]} {kept[0][1]}l{moves}z"


def _spot(rings: Sequence[Ring], west: float, north: float, scale: float) -> Spot:
    """The centroid of all pieces of an area, by the formula of a polygon's, and how wide they are together."""
    pieces = [_centroid(ring) for ring in rings]
    whole = sum(area for area, _, _ in pieces)
    x, y = (sum(piece[0] * piece[at] for piece in pieces) / whole if whole else pieces[0][at] for at in (1, 2))
    wide = [x for ring in rings for x, _ in ring]
    return Spot(round((x - west) * scale, 1), round((north - y) * scale, 1), (max(wide) - min(wide)) * scale)


def _centroid(ring: Ring) -> tuple[float, float, float]:
    """Area and centroid of a ring, whichever way it goes round."""
    turns = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise([*ring, ring[0]])]
    area = sum(turn for _, _, turn in turns) / 2
    if not area:
        return 0.0, *ring[0]
    x, y = (sum((a[at] + b[at]) * turn for a, b, turn in turns) / (6 * area) for at in (0, 1))
    return abs(area), x, y
