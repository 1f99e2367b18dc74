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

MANIFEST = "manifest.json"
PARTS = ("registry", "survey", "truth")
"""Folders in one of `jaga data synth`, whose manifest lies above them."""

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
    """Whether the manifest of the folder, or of the synthetic folder that it is a part of, says that the data are
    synthetic. Raises as `manifest`."""
    return bool(_said(path).get("synthetic"))


def place(source: str, path: Path) -> str | None:
    """Where the households of a folder live, by its source or by that from which its manifest says that it was
    imported; None: only their owner knows. Raises as `is_synthetic`."""
    return PLACES.get(source) or PLACES.get(str(_said(path).get("source")))


def register(folder: Path) -> Path:
    """Where the contract tables of a register are: in its `registry` where it has one, as in what `jaga data synth`
    writes and `jaga score` reads."""
    return folder / "registry" if (folder / "registry").is_dir() else folder


def manifest(folder: Path) -> dict[str, Any]:
    """What the manifest of a folder of data says; empty where there is none.

    Raises
    ------
    UserError : one is there that does not say whether the data are synthetic, so that nobody knows.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        return told(path, path.read_bytes())
    except OSError:
        raise _silent(path) from None


def told(path: object, text: bytes) -> dict[str, Any]:
    """What the text of a manifest says; path : where it lies, a path or a URL. Raises as `manifest`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _silent(path) from None
    if not isinstance(found, dict) or not isinstance(found.get("synthetic"), bool):
        raise _silent(path)
    return found


def _said(path: Path) -> dict[str, Any]:
    return manifest(path) or (manifest(path.absolute().parent) if path.absolute().name in PARTS else {})


def _silent(path: object) -> UserError:
    return UserError(f"{path} cannot say if the data are synthetic: it is damaged, or of another program. Copy it "
                     "again from where the data came from, or move it away if it is no part of them",
                     f"{path} tidak dapat menyatakan apakah datanya sintetis: berkas itu rusak, atau milik program "
                     "lain. Salin lagi dari asal datanya, atau pindahkan bila bukan bagian data itu")  # fmt: skip
