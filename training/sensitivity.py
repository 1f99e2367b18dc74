"""How the moments move when an assumption that no source gives is moved: what hangs on which number."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

from features import crew
from features.commands import UserError
from features.sources import synthetic
from features.sources.synthetic.make import LABEL
from features.sources.synthetic.parameters import Parameters
from training import moments
from training.moments import Target

STEP = 0.2
"""Share by which an assumption is moved up, or down where that is beyond its bounds."""

START, PERIODS, DISPLACEMENT = "2023", 4, 1.0
SHOWN = ("class_poor_2025", "class_vulnerable_2025", "gini", "household_size", "stay_1y", "entry_band", "entry_above",
         "stay_2y", "entry_2y", "from_below", "informal", "exclusion", "pmt_r2", "static_auc", "pkh", "shock_rate",
         "sector_moves")  # fmt: skip
HEADS = ("poor", "vulnerable", "Gini", "size", "stay 1 y", "fall 1 y, 1-1.5", "fall 1 y, above", "stay 2 y",
         "fall 2 y", "poor from < 1.5", "informal", "left out", "PMT R2", "static AUC", "PKH", "shocks told",
         "sector moves")  # fmt: skip
UNITS = {"household_size": 0.1, "shock_rate": 0.005, "sector_moves": 0.01}
"""Units of the moments that have no tolerance of their own: people, and shares."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """An assumption moved from a value to another, and what each moment of `SHOWN` then is (None: not measured).

    `values` is empty, and `reason` says why, where no such world can be made.
    """

    name: str
    old: float
    new: float
    values: tuple[float | None, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The usual world, the same with another seed, and one world for each assumption that is moved."""

    households: int
    seed: int
    usual: tuple[float | None, ...]
    other_seed: tuple[float | None, ...]
    moved: tuple[Moved, ...]


def steps() -> list[tuple[str, float, float]]:
    """Name, value and moved value of every assumption."""
    out = []
    for field in fields(Parameters):
        old = float(getattr(Parameters(), field.name))
        new = old * (1 + STEP) if old else STEP
        if not field.metadata["low"] <= new <= field.metadata["high"]:
            new = old * (1 - STEP)
        out.append((field.name, old, round(new, 6)))
    return out


def measure(households: int, seed: int, workers: int, only: tuple[str, ...] = (), tell: Tell | None = None,
            ) -> Sensitivity:  # fmt: skip
    """Make a world for each assumption with the same random numbers, and measure its moments.

    Parameters
    ----------
    households : families of each world. seed : of all of them; the noise is shown by the next seed.
    workers : worlds made at a time. only : names of the assumptions to move, all without it.

    Raises
    ------
    UserError : a name that is no assumption.
    """
    known = {name: (old, new) for name, old, new in steps()}
    if unknown := [name for name in only if name not in known]:
        raise UserError(f"--only {unknown[0]}: no such assumption; there are {', '.join(known)}")
    chosen = [(name, *known[name]) for name in (only or known)]
    jobs: list[tuple[int, dict[str, float]]] = [(seed, {}), (seed + 1, {})]
    jobs += [(seed, {name: new}) for name, _, new in chosen]
    found = []
    for done, one in enumerate(_all(jobs, households, workers), 1):
        found.append(one)
        if tell:
            tell(done, len(jobs))
    (usual, why), (other, _), *rest = found
    if not usual:
        raise UserError(why)
    moved = tuple(Moved(name, old, new, values, reason)
                  for (name, old, new), (values, reason) in zip(chosen, rest, strict=True))  # fmt: skip
    return Sensitivity(households, seed, usual, other, moved)


Found = tuple[tuple[float | None, ...], str]


def _all(jobs: list[tuple[int, dict[str, float]]], households: int, workers: int) -> Iterator[Found]:
    if workers <= 1:
        yield from (_world(households, job) for job in jobs)
        return
    yield from crew.spread(partial(_world, households), jobs, workers)


def _world(households: int, job: tuple[int, dict[str, float]]) -> Found:
    seed, assume = job
    folder = Path(tempfile.mkdtemp(prefix="jaga-"))
    try:
        synthetic.generate(folder / "made", households=households, periods=PERIODS, seed=seed, start=START,
                           frequency="year", survey=households, displacement=DISPLACEMENT, assume=assume)  # fmt: skip
        rows = {row.target.key: row.value for row in moments.measure(folder / "made").rows}
    except UserError as error:
        return (), str(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(rows[key] for key in SHOWN), ""


def in_tolerances(found: Sensitivity, values: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Change of each moment from the usual world, in its tolerances."""
    by_key = {target.key: target for target in moments.targets()}
    return tuple(None if new is None or old is None else (new - old) / _unit(by_key[key])
                 for key, old, new in zip(SHOWN, found.usual, values, strict=True))  # fmt: skip


def _unit(target: Target) -> float:
    if target.tolerance is None:
        return UNITS[target.key]
    return target.tolerance * ((target.target or 1.0) if target.kind == "rel" else 1.0)


def page(found: Sensitivity) -> str:
    """The page: a row for each assumption, strongest first."""
    step = f"{100 * STEP:.0f} %"
    out = [
        "# What hangs on which assumption\n",
        f"**{LABEL}.** `make sensitivity` writes this page.\n",
        f"Each row is a world of its own ({found.households:,} families, yearly from {START}, {PERIODS} periods, seed "
        f"{found.seed}, the same random numbers) in which one assumption that no source gives is moved up by {step}, "
        "or down where its bounds end. The cells say how far each moment of the [synthetic families](synthetic.md) "
        "then moves, in tolerances of its target (without one: size in tenths of a person, shocks told in half points, "
        "moves of sector in points); bold is beyond one, 0 is less than a twentieth. The first row shows what another "
        "seed does: smaller changes are noise. A row of zeros governs what is not shown here, such as the loss of "
        "families over more years, ways of coping or the days until a fact is known. Try a value of your own with "
        "`jaga data synth --assume NAME=VALUE`.\n",
        "| assumption | from | to | " + " | ".join(HEADS) + " |",
        "| --- | --- | --- |" + " --- |" * len(HEADS),
        _line("*another seed*", "", "", in_tolerances(found, found.other_seed)),
    ]
    told = [(one, in_tolerances(found, one.values)) for one in found.moved if one.values]
    for one, changes in sorted(told, key=lambda pair: -_strength(pair[1])):
        out.append(_line(one.name, f"{one.old:g}", f"{one.new:g}", changes))
    lacking = [one for one in found.moved if not one.values]
    out += [f"| {one.name} | {one.old:g} | {one.new:g} | {one.reason} |" + " |" * (len(HEADS) - 1) for one in lacking]
    return "\n".join(out) + "\n"


def _strength(changes: tuple[float | None, ...]) -> float:
    return max((abs(change) for change in changes if change is not None), default=0.0)


def _line(name: str, old: str, new: str, changes: tuple[float | None, ...]) -> str:
    return f"| {name} | {old} | {new} | " + " | ".join(map(_cell, changes)) + " |"


def _cell(change: float | None) -> str:
    if change is None:
        return ""
    text = f"{change:+.1f}"
    return f"**{text}**" if abs(change) > 1 else "0" if text in ("+0.0", "-0.0") else text
