"""Making a synthetic folder: a folder a table, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features import periods as calendar
from features import sources
from features.commands import UserError
from features.sources.synthetic import world as worlds
from features.sources.synthetic import writing
from features.sources.synthetic.calibrate import calibrate
from features.sources.synthetic.parameters import Parameters

GENERATOR = 6
"""Goes up when the same configuration would give other data."""

SURVEY_MOST = 100_000
VERSIONS = 4
LABEL = "DATA SINTETIS: bukan keluarga sungguhan (synthetic data: not real families)"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a synthetic folder holds; `made` is false where it was there already."""

    folder: Path
    config: dict[str, Any]
    tables: dict[str, dict[str, Any]]
    made: bool


def generate(folder: Path, *, households: int, periods: int, seed: int = 1, start: str = "2019",
             frequency: str = "quarter", workers: int = 1, truth: bool = True, displacement: float = 1.5,
             survey: int | None = None, assume: Mapping[str, float] | None = None, force: bool = False,
             progress: writing.Progress | None = None) -> Manifest:  # fmt: skip
    """Generate families and write them to `folder`, or leave it alone where they are there already.

    Parameters
    ----------
    folder : gets `registry/`, `survey/`, `truth/` and `manifest.json`.
    households : families in the register; the first `survey` of them (100,000 at most unless told) are also
        households of the survey panel.
    periods, start, frequency : number of periods, first year (or quarter), `quarter` or `year`.
    seed : same seed and options, same bytes, whatever the number of `workers`.
    truth : write the true risks too.
    displacement : true effect of exposure on the one-year risk of a fall, most against least exposed fifth,
        in percentage points; 0 for none.
    assume : values of some `Parameters` other than the usual ones; another set is another configuration.
    force : replace a synthetic folder of another configuration.
    progress : called with partitions done and in all.

    Raises
    ------
    UserError : an option makes no sense, or `folder` holds something else.
    """
    folder = Path(folder)
    parameters = Parameters.of(assume or {})
    config = _config(households, periods, seed, start, frequency, truth, displacement, survey)
    if parameters.changed():
        config["assume"] = parameters.changed()
    there = _existing(folder, config, force)
    if there:
        return there
    span = _span(start, frequency, periods)
    world = worlds.make(seed, span, calendar.per_year(span[0]), households, config["survey"],
                        min(VERSIONS, periods), truth, parameters)  # fmt: skip
    world = calibrate(world, displacement)
    part = folder.parent / f".{folder.name}.part-{os.getpid()}"
    for left in folder.parent.glob(f".{folder.name}.part-*"):  # of runs that were killed
        if left == part or not _runs(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)
    try:
        tables = writing.write(world, part, workers, progress)
        _manifest(part, config, tables, world)
        _swap(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Manifest(folder, config, tables, True)


def _runs(process: str) -> bool:
    return not process.isdigit() or Path(f"/proc/{process}").exists()


def _config(households: int, periods: int, seed: int, start: str, frequency: str, truth: bool,
            displacement: float, survey: int | None) -> dict[str, Any]:  # fmt: skip
    if households < 1 or periods < 1 or seed < 0:
        raise UserError("--households and --periods must be 1 or more, --seed 0 or more")
    if frequency not in ("quarter", "year"):
        raise UserError(f"--frequency {frequency}: say quarter or year")
    if displacement < 0:
        raise UserError("--displacement must be 0 or more percentage points")
    seen = min(households, SURVEY_MOST if survey is None else survey)
    return {"generator": GENERATOR, "households": households, "periods": periods, "seed": seed, "start": start,
            "frequency": frequency, "truth": truth, "displacement": displacement, "survey": seen}  # fmt: skip


def _span(start: str, frequency: str, count: int) -> tuple[int, ...]:
    try:
        first = calendar.parse(start)
    except ValueError as error:
        raise UserError(f"--start: {error}") from None
    if frequency == "year" and calendar.is_quarter(first):
        raise UserError(f"--start {start}: a yearly panel starts in a year")
    if frequency == "quarter" and not calendar.is_quarter(first):
        first *= 4
    return tuple(range(first, first + count))


def _existing(folder: Path, config: dict[str, Any], force: bool) -> Manifest | None:
    """The manifest of a finished folder of this configuration; None where there is room to make one."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    found = sources.manifest(folder)
    if not found.get("synthetic"):
        raise UserError(f"{folder} holds something other than synthetic data; choose another folder")
    if found["config"] == config and _whole(folder, found["tables"]):
        return Manifest(folder, config, found["tables"], False)
    if not force:
        raise UserError(f"{folder} holds synthetic data of another configuration; --force replaces it")
    return None


def _whole(folder: Path, tables: dict[str, dict[str, Any]]) -> bool:
    return all((folder / name).is_file() and (folder / name).stat().st_size == facts["bytes"]
               for name, facts in tables.items())  # fmt: skip


def _manifest(part: Path, config: dict[str, Any], tables: dict[str, dict[str, Any]], world: worlds.World) -> None:
    ranked = world.ranking
    text = {"synthetic": True, "label": LABEL, "config": config, "tables": tables,
            "assumptions": {name: {"value": value, "why": why}
                            for name, (value, why) in world.parameters.reasons().items()},
            "fitted": {"pmt_r2": round(ranked.fit, 4) if ranked else None, "steepness": round(world.steepness, 4),
                       "extreme_over_line": round(world.spread.extreme, 4)}}  # fmt: skip
    (part / "manifest.json").write_text(json.dumps(text, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _swap(part: Path, folder: Path) -> None:
    """Put the finished folder in place; an old one stays until then."""
    old = folder.parent / f".{folder.name}.old-{os.getpid()}"
    if folder.exists():
        folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
