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
from pathlib import Path
from typing import Any

from markupsafe import Markup

from serving.console.charts import svg
from serving.console.charts.tilemap import Tile

WIDTH = 900.0
_STEP = 1.2
"""Smallest distance in px between two points that are kept."""
_NAMES = ("name", "NAME", "Name", "PROVINSI", "provinsi", "Propinsi", "propinsi", "NAME_1", "state", "WADMPR", "province")
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
                path, f"r{step}" if step else "none", "" if step else Markup(' fill="url(#{}-h)"').format(name))  # fmt: skip
            if tile and tile.href:
                shape = Markup('<a href="{}" tabindex="-1" aria-label="{}">{}</a>').format(tile.href, tile.label, shape)
            parts.append(shape)
        return svg.picture(name, WIDTH, self.height, title, about, parts, css="land", role="group")


def path() -> Path | None:
    """The configured boundary file; None without one."""
    given = os.environ.get("JAGA_BOUNDARIES")
    return Path(given) if given and Path(given).is_file() else None


def configured() -> Land | None:
    """The map of the file that `JAGA_BOUNDARIES` names; None without one. ValueError where it is no boundary file."""
    own = path()
    return None if own is None else read(own, own.stat().st_mtime_ns)


@cache
def read(path: Path, stamp: int = 0) -> Land:
    """Areas of a file; ValueError where it is neither GeoJSON nor TopoJSON with names.

    stamp : time of its last change, so that a new file is read anew.
    """
    whole = json.loads(path.read_text(encoding="utf-8"))
    shapes = _topology(whole) if whole.get("type") == "Topology" else _features(whole)
    if not shapes:
        raise ValueError(f"{path.name} holds no area with a name; give a GeoJSON or TopoJSON file")
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale = WIDTH / (east - west or 1)
    paths = {name: " ".join(filter(None, (_path(ring, west, north, scale) for ring in rings)))
             for name, rings in shapes.items()}  # fmt: skip
    return Land(round((north - south) * scale, 1), {name: text for name, text in paths.items() if text})


def plain(name: str) -> str:
    """A name as it is compared: small letters, no marks, no "provinsi", old and short forms made one."""
    words = re.sub(r"[^a-z0-9]+", " ", name.lower()).split()
    words = [word for word in words if word not in ("provinsi", "prov", "propinsi")]
    text = " ".join(words)
    return {"daerah istimewa yogyakarta": "di yogyakarta", "d i yogyakarta": "di yogyakarta",
            "yogyakarta": "di yogyakarta", "jakarta": "dki jakarta", "jakarta raya": "dki jakarta",
            "daerah khusus ibukota jakarta": "dki jakarta", "bangka belitung": "kepulauan bangka belitung",
            "nanggroe aceh darussalam": "aceh"}.get(text, text)  # fmt: skip


def _named(properties: Mapping[str, Any]) -> str | None:
    for key in _NAMES:
        if isinstance(properties.get(key), str):
            return plain(properties[key])
    return None


def _features(whole: Mapping[str, Any]) -> dict[str, list[Ring]]:
    found: dict[str, list[Ring]] = {}
    for feature in whole.get("features", ()):
        name, geometry = _named(feature.get("properties") or {}), feature.get("geometry") or {}
        if name is None or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            continue
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        found.setdefault(name, []).extend([(float(x), float(y)) for x, y, *_ in ring]
                                          for polygon in polygons for ring in polygon)  # fmt: skip
    return found


def _topology(whole: Mapping[str, Any]) -> dict[str, list[Ring]]:
    move = whole.get("transform") or {"scale": (1, 1), "translate": (0, 0)}
    arcs = [_arc(arc, move, "transform" in whole) for arc in whole["arcs"]]
    found: dict[str, list[Ring]] = {}
    for layer in whole["objects"].values():
        for shape in layer.get("geometries", ()):
            name = _named(shape.get("properties") or {})
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
    """One ring in px; points closer than can be seen are left out, and so are islands of less than a dot."""
    kept: Ring = []
    for x, y in ring:
        at = ((x - west) * scale, (north - y) * scale)
        if not kept or abs(at[0] - kept[-1][0]) + abs(at[1] - kept[-1][1]) >= _STEP:
            kept.append(at)
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in kept) + "Z"
