"""A nation as one file: columns and law as plain arrays, what is told of it as JSON; nothing in it is code."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from features.commands import UserError
from models import arrays, dynamics
from models.schemes.nation import Nation
from models.targeting.rows import Coded

FORMAT = 5
"""Of the file; another one is drawn anew."""
_TOLD = ("synthetic", "source", "version", "notes", "year")


def write(nation: Nation, path: Path) -> None:
    """Keep a nation; the file has its name only once it is whole."""
    columns: dict[str, Any] = {}
    names: dict[str, list[str]] = {}
    for one in fields(nation):
        value = getattr(nation, one.name)
        if isinstance(value, np.ndarray):
            columns[one.name] = value
        elif isinstance(value, Coded):
            columns[one.name] = value.codes
            names[one.name] = list(value.names)
    for name, value in nation.exposure.items():
        columns[f"exposure {name}"] = value
    columns["dynamics"] = np.frombuffer(dynamics.to_bytes(nation.dynamics), np.uint8)
    told = {name: getattr(nation, name) for name in _TOLD} | {"names": names}
    columns["told"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.touch(mode=0o600)  # facts of families, if without their names
    with half.open("wb") as file:
        np.savez(file, **columns)
    half.replace(path)


def read(path: Path) -> Nation:
    """The nation that a file keeps; UserError where it holds none."""
    try:
        own = {"told", "dynamics", *(one.name for one in fields(Nation))}
        columns: dict[str, Any] = {**arrays.read(path.read_bytes(), lambda name: name.partition(" ")[0] in own)}
        told = json.loads(columns.pop("told").tobytes())
        law = dynamics.read(columns.pop("dynamics").tobytes())
        exposure = {name.partition(" ")[2]: columns.pop(name) for name in [*columns] if name.startswith("exposure ")}
        for name, own in told.pop("names").items():
            columns[name] = Coded(columns[name], tuple(own))
        told["notes"] = tuple(told["notes"])
        return Nation(**columns, **told, dynamics=law, exposure=exposure).check()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"{path}: keeps no families of a simulation ({type(error).__name__})") from None
