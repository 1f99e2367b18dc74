"""A run as the score store keeps it: its folder, what its manifest and its index say, and how DuckDB reads it.

```
STORE/current -> runs/NAME          the run that answers; replaced in one step
STORE/runs/NAME/manifest.json       as `jaga score` wrote it; NAME is its date and 12 hex digits of its SHA-256
STORE/runs/NAME/scores/...          as `jaga score` wrote them
STORE/runs/NAME/index/              made when the run is published: where each household is, lists by risk, counts,
                                    what this run and those before it told of each household
STORE/runs/NAME/previous -> ../NAME the run that answered before
```
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np

from features.cells import DIGITS
from features.commands import UserError
from features.types import Array
from serving.batch.rows import NOWHERE, UNKNOWN
from serving.batch.runs import MANIFEST
from serving.places import Place

if TYPE_CHECKING:
    import duckdb

INDEX, IDS, PREVIOUS = "index/index.json", "index/ids.bin", "previous"
HISTORY = "index/history"
COUNTS, SERIES = "index/counts.parquet", "index/series.parquet"
AREAS, RECEIVING, SUBDISTRICTS = "index/areas.parquet", "index/receiving.parquet", "index/subdistricts.parquet"
"""Further counts (`serving.scores.counts`)."""
FORMAT = 3
MEMORY = "4GB"
"""Memory that one connection may take."""
_SCORES = re.compile(r"scores/province=([^/]+)/[^/]+\.parquet")
_BUNDLE = re.compile(r"[\w.-]{1,80}", re.ASCII)
_NAME = re.compile(r"[\w.=%+-]+(/[\w.=%+-]+)*")
STATES = ("in", "scored", "refused", "quarantined", "at_risk")
"""Counts of households that a manifest has, in all and by province: `in` = `scored` + `refused` + `quarantined`."""


READ = "read_parquet($files, hive_partitioning = false)"
"""What every query reads: the files bound to it. A row's province is the name of its folder, bound beside them."""
PROVINCE = "$provinces[file_index::BIGINT + 1]"
PERCENT = "floor(100 * {} + 0.5)"
"""`models.interval.hundredths` for a query; NULL stays."""


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """One file of scores.

    Attributes
    ----------
    province : None where it is not known. low, high : first and last household, None where no row has an id.
    begin, named : place of its first household among all of the index, and how many of its rows have one.
    regencies : those of its rows; None where a row has none.
    """

    path: Path
    province: str | None
    rows: int
    low: str | None
    high: str | None
    begin: int
    named: int
    regencies: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Run:
    """A published run.

    Attributes
    ----------
    manifest : as `jaga score` wrote it. files : the scores, in the order of their names.
    ranked : file of the households at risk of each province, by regency, the highest risk first.
    ids : 60-bit numbers of all households, rising within each file of `files`; mapped, not read.
    history : files of `serving.scores.history`, oldest first.
    made : names of all files that the publication made. shown : whether facts stand beside the score rows
        (`models.shown`). programmes : those of which it is known of some family at risk whether it receives them.
    before : name of the run that changes were told from when this one was published; None without one.
    sections : of industry (`features.contract.SECTIONS`) that families at risk are known to work in; none where no
        facts stand beside the score rows.
    """

    path: Path
    manifest: Mapping[str, Any]
    files: tuple[ScoreFile, ...]
    ranked: Mapping[str | None, Path]
    ids: Array
    history: tuple[Path, ...]
    made: frozenset[str] = frozenset()
    shown: bool = False
    programmes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    before: str | None = None

    @property
    def name(self) -> str:
        """Date and hash."""
        return self.path.name

    def inside(self, province: str | None, regency: str | None) -> list[ScoreFile]:
        """Files that can hold households of an area; None is everywhere, `unknown` those without a province."""
        own = [file for file in self.files if province in (None, file.province or UNKNOWN)]
        return [file for file in own if regency is None or regency in file.regencies]


def run_name(manifest: bytes, as_of: str) -> str:
    """Name of the run that this manifest describes."""
    return f"{as_of}-{hashlib.sha256(manifest).hexdigest()[:12]}"


def run_day(name: str) -> datetime.date:
    """The day as of which a run of this name tells."""
    return datetime.date.fromisoformat(name[:10])


def parse_manifest(text: bytes, path: Path | Place) -> dict[str, Any]:
    """The manifest in `text`; UserError where it is none of a finished run of scores."""
    try:
        said: dict[str, Any] = json.loads(text)
        datetime.date.fromisoformat(said["as_of"])
        files = {str(name): (int(own["rows"]), int(own["bytes"]), str(own["sha256"]))
                 for name, own in said["files"].items()}  # fmt: skip
        told = said["households"], *said["provinces"].values()
        known = all(isinstance(home[state], int) for home in told for state in STATES)
        known &= all(isinstance(said["bundle"][key], str) for key in ("name", "identity"))
        known &= isinstance(said["synthetic"], bool) and isinstance(said["run"], dict)
        known &= type(said["run"]["reasons"]) is int and type(said["bundle"]["poor_now"]) in (int, float)
        known &= bool(_BUNDLE.fullmatch(said["bundle"]["name"])) and _rise(said["bundle"]["labels"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        known, files = False, {}
    if not known:
        raise UserError(
            f"{path} is no manifest of scores; publish a folder that jaga score wrote",
            f"{path} bukan manifes skor; terbitkan folder yang ditulis jaga score",
        )
    for name in files:
        if not _NAME.fullmatch(name) or ".." in name.split("/") or name.split("/")[0] in (MANIFEST, "index", PREVIOUS):
            raise UserError(
                f"{path} names a file that has no place in a run: {name}",
                f"{path} menyebut berkas yang tidak punya tempat dalam penilaian: {name}",
            )
        if name.startswith("scores/") and not _SCORES.fullmatch(name):
            raise UserError(
                f"{path} names {name}, which is not scores/province=CODE/FILE.parquet: score again with this version",
                f"{path} menyebut {name}, bukan scores/province=CODE/FILE.parquet: nilai lagi dengan versi ini",
            )
    return said


def _rise(labels: Any) -> bool:
    """Whether percentages at which the levels of risk begin rise from 0 to 100."""
    ends = [0, *labels, 100]
    return (
        len(labels) == 4 and all(type(own) in (int, float) for own in labels) and all(a < b for a, b in pairwise(ends))
    )


def score_names(manifest: Mapping[str, Any]) -> list[str]:
    """Names of the files of scores, in order."""
    return sorted(name for name in manifest["files"] if name.startswith("scores/"))


def province_of(name: str) -> str | None:
    """Province of a file of scores, by its folder."""
    found = _SCORES.fullmatch(name)
    if found is None:
        raise ValueError(name)
    return None if found[1] == NOWHERE else unquote(found[1])


def read_run(path: Path) -> Run:
    """A published run, each of its files of the size that was checked when it was published.

    Raises
    ------
    UserError : a file is missing or not as it was; the message names it.
    """
    manifest, index = _opened(path)
    try:
        if index["format"] != FORMAT:
            raise UserError(
                f"{path / INDEX} is of another version; publish the run again",
                f"{path / INDEX} dari versi lain; terbitkan penilaian ini lagi",
            )
        sizes = {name: own["bytes"] for name, own in (manifest["files"] | index["made"]).items()}
        named = {name: (int(own["named"]), frozenset(own["regencies"])) for name, own in index["files"].items()}
        ranked = {province: path / name for province, name in index["ranked"]}
        history = tuple(path / name for name in index["made"] if name.startswith(f"{HISTORY}/"))
        shown, before = bool(index["shown"]), index["before"]
        programmes, sections = (tuple(map(str, index[name])) for name in ("programmes", "sections"))
        files, begin = [], 0
        for name in score_names(manifest):
            said, (count, regencies) = manifest["files"][name], named[name]
            files.append(ScoreFile(path / name, province_of(name), said["rows"], said.get("low"), said.get("high"),
                                   begin, count, regencies))  # fmt: skip
            begin += count
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UserError(
            f"{path / INDEX} cannot be read; publish the run again",
            f"{path / INDEX} tidak dapat dibaca; terbitkan penilaian ini lagi",
        ) from None
    for name, size in sizes.items():
        check_size(path / name, size)
    ids = np.memmap(path / IDS, dtype="<u8", mode="r") if begin else np.empty(0, "<u8")
    return Run(path, manifest, tuple(files), ranked, ids, history, frozenset(index["made"]), shown, programmes,
               sections, before)  # fmt: skip


def _opened(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Manifest and index of a run; UserError where one is missing, cannot be read, or is not as it was published."""
    try:
        text, index = (path / MANIFEST).read_bytes(), json.loads((path / INDEX).read_bytes())
    except OSError as error:
        raise UserError(
            f"{error.filename} is missing; publish the run again",
            f"{error.filename} tidak ada; terbitkan penilaian ini lagi",
        ) from None
    except (ValueError, RecursionError):
        raise UserError(
            f"{path / INDEX} cannot be read; publish the run again",
            f"{path / INDEX} tidak dapat dibaca; terbitkan penilaian ini lagi",
        ) from None
    manifest = parse_manifest(text, path / MANIFEST)
    if run_name(text, manifest["as_of"]) != path.name:
        raise UserError(
            f"{path / MANIFEST} is not as it was published; publish the run again",
            f"{path / MANIFEST} tidak seperti saat diterbitkan; terbitkan penilaian ini lagi",
        )
    return manifest, index


def link(source: Path, target: Path) -> None:
    """The same file under another name where the disk can do that, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def hold(path: Path, how: int = fcntl.LOCK_SH) -> int:
    """Hold a run's folder, so that no publication removes it; the hold ends when what is returned is closed.

    Raises
    ------
    OSError : the folder is gone, or is being removed.
    """
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BaseException:
        os.close(handle)
        raise
    return handle


def check_size(path: Path, size: int) -> None:
    """UserError where a file is missing or has another size."""
    try:
        found = os.stat(path).st_size
    except FileNotFoundError:
        raise UserError(
            f"{path} is missing, and the manifest names it; score or publish again",
            f"{path} tidak ada, padahal manifes menyebutnya; nilai atau terbitkan lagi",
        ) from None
    if found != size:
        raise UserError(
            f"{path} has {found:,} bytes and the manifest says {size:,}; score or publish again",
            f"{path} berisi {found} bita, manifes menyebut {size}; nilai atau terbitkan lagi",
        )


def code_numbers(codes: Any) -> Array:
    """60-bit numbers, N, of an Arrow array of codes without nulls; they stand in the same order as the codes.

    Raises
    ------
    ValueError : one is no code of twelve symbols.
    """
    if not len(codes):
        return np.empty(0, np.uint64)
    _, ends, text = codes.buffers()
    ends = np.frombuffer(ends, np.int32)[codes.offset : codes.offset + len(codes) + 1]
    if (np.diff(ends) != 12).any():
        raise ValueError("not twelve symbols")
    digits = DIGITS[np.frombuffer(text, np.uint8)[ends[0] : ends[-1]].reshape(-1, 12)]
    if (digits == 255).any():
        raise ValueError("not of the alphabet of codes")
    found = np.zeros(len(digits), np.uint64)
    for place in digits.T:  # one place after the other: all at once they would take twelve times the memory
        found <<= np.uint64(5)
        found |= place
    return found


def connect(*folders: Path, threads: int | None = None, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB without a database of its own, that can read these folders and nothing else.

    threads : all cores where it is not given. spill : where it may write what memory does not hold.
    """
    import duckdb

    config: dict[str, Any] = {"threads": threads or len(os.sched_getaffinity(0)), "memory_limit": MEMORY,
                              "temp_directory": str(spill or ""), "autoinstall_known_extensions": False,
                              "autoload_known_extensions": False}  # fmt: skip
    connection = duckdb.connect(config=config)
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET enable_progress_bar = false")  # on a slow machine it would write over what a command prints
    connection.execute("SET allowed_directories = $folders", {"folders": [str(folder) for folder in folders]})
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def agree(run: Run, rows: Sequence[Mapping[str, Any]], province: str | None) -> None:
    """UserError where counted rows, of a province or of all, do not add up to what the manifest says."""
    said = run.manifest["households"] if province is None else run.manifest["provinces"].get(province)
    names = {"households": "in", "scored": "scored", "refused": "refused", "quarantined": "quarantined",
             "at_risk": "at_risk"}  # fmt: skip
    for name, theirs in names.items():
        found = sum(row[name] for row in rows)
        if found != (0 if said is None else said[theirs]):
            raise UserError(
                f"{run.path}: {found:,} households {name} in the files are not those of the manifest; score again",
                f"{run.path}: jumlah keluarga ({name}) dalam berkas bukan yang di manifes; nilai lagi",
            )
