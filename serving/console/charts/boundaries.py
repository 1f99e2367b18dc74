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
class Land:
    """Areas of a boundary file, as paths on one drawing."""

    height: float
    paths: Mapping[str, str]

    def draw(self, tiles: Mapping[str, Tile], names: Mapping[str, str], *, title: str, about: str,
             name: str = "land") -> Markup:  # fmt: skip
        """The map; what the file names and nobody has a figure for is hatched.

        Parameters
        ----------
        tiles : by code, as for the tile map. names : names of areas by code.
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
        return svg.picture(name, WIDTH, self.height, title, about, parts, css="land", role="group")


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
    whole = json.loads(path.read_text(encoding="utf-8"))
    shapes = _topology(whole, province) if whole.get("type") == "Topology" else _features(whole, province)
    if not shapes:
        raise ValueError(f"{path.name} holds no area with a name; give a GeoJSON or TopoJSON file")
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale = WIDTH / (east - west or 1)
    paths = {name: "".join(_path(ring, west, north, scale) for ring in rings) for name, rings in shapes.items()}
    return Land(round((north - south) * scale, 1), {name: text for name, text in paths.items() if text})


def plain(name: str) -> str:
    """A name as it is compared: small letters, no marks, no "provinsi", old and short forms made one."""
    words = re.sub(r"[^a-z0-9]+", " ", name.lower()).split()
    words = [word for word in words if word not in ("provinsi", "prov", "propinsi", "kabupaten", "kab")]
    text = " ".join(words)
    return {"daerah istimewa yogyakarta": "di yogyakarta", "d i yogyakarta": "di yogyakarta",
            "yogyakarta": "di yogyakarta", "jakarta": "dki jakarta", "jakarta raya": "dki jakarta",
            "daerah khusus ibukota jakarta": "dki jakarta", "bangka belitung": "kepulauan bangka belitung",
            "nanggroe aceh darussalam": "aceh"}.get(text, text)  # fmt: skip


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
