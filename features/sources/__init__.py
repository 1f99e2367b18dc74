"""Where raw tables come from: readers of real panels and the synthetic default."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.commands import UserError

if TYPE_CHECKING:
    import pandas as pd

SOURCES = ("contract", "eph", "synthetic")
EPH_LINE = 0.5
"""Poverty line of the EPH as a share of the median, unless another is asked for."""

PLACES = {"eph": "urban Argentina"}
"""Where a source's households live; of `contract` files only their owner knows, unless they were imported from it."""


def read(
    source: str, path: Path, *, line: float | None = None, lag_days: int | None = None, key: bytes | None = None
) -> dict[str, pd.DataFrame]:
    """Read the raw tables of a source.

    Parameters
    ----------
    source : `contract` (files in the contract's shape), `eph` (the Argentine panel) or `synthetic` (a folder made by
        `jaga data synth`, of which the survey is read).
    path : file or folder of the source.
    line : poverty line as a share of the median; `eph` alone, .5 without it.
    lag_days : days from the end of a quarter until its facts are known; `eph` alone, 0 without it.
    key : key of `eph`'s ids; the installation's own without it.

    Returns
    -------
    Data frames by table, with the contract's columns, not yet admitted.

    Raises
    ------
    UserError : unknown source, an option that the source has not, or files that cannot be read.
    """
    given = {name: value for name, value in (("line", line), ("lag_days", lag_days)) if value is not None}
    if source not in SOURCES:
        raise UserError(f"{source!r} is no source; choose one of {', '.join(SOURCES)}")
    if source == "eph":
        from features.sources import eph

        return eph.read(path, key=key, **given)  # type: ignore[arg-type]
    if given:
        raise UserError(f"{', '.join(given)}: an option of the source eph; {source} has its own lines and dates")
    from features.files import read_tables

    if source == "contract":
        return read_tables(path)
    if not (path / "survey").is_dir():
        raise UserError(f"{path}: no synthetic folder (no survey inside); make one with jaga data synth")
    return read_tables(path / "survey")


def is_synthetic(path: Path) -> bool:
    """Whether a manifest in the folder, or in the one above, says that the data are synthetic.

    Raises
    ------
    UserError : a manifest is there and cannot be read, so that nobody knows.
    """
    return bool(_manifest(path).get("synthetic"))


def place(source: str, path: Path) -> str | None:
    """Where the households of a folder live, by its source or by that from which its manifest says that it was
    imported; None: only their owner knows. Raises as `is_synthetic`."""
    return PLACES.get(source) or PLACES.get(str(_manifest(path).get("source")))


def register(folder: Path) -> Path:
    """Where the contract tables of a register are: in its `registry` where it has one, as in what `jaga data synth`
    writes and `jaga score` reads."""
    return folder / "registry" if (folder / "registry").is_dir() else folder


def _manifest(path: Path) -> dict[str, Any]:
    for manifest in (path / "manifest.json", path.parent / "manifest.json"):
        if manifest.is_file():
            try:
                said = json.loads(manifest.read_text())
            except (ValueError, OSError):
                raise UserError(f"{manifest} cannot be read, so that it cannot say if the data are synthetic") from None
            return said if isinstance(said, dict) else {}
    return {}
