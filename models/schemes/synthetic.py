"""Synthetic families as a nation: the folder that `jaga data synth` makes, with its truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.dataset as ds

from features import periods, sources
from features.cohort import BOUNDS
from features.commands import UserError
from features.types import Array
from models.dynamics import SPELLS, Dynamics
from models.schemes import facts, origin
from models.schemes.draws import keys_of
from models.schemes.fit import Panel, fit
from models.schemes.nation import Nation, indexed, told
from models.schemes.words import both
from models.targeting.rows import Coded

NOTE = both("note.synthetic")


def is_synthetic(folder: Path) -> bool:
    """Whether a folder is one of `jaga data synth`; UserError where its manifest does not say."""
    return (folder / "registry").is_dir() and bool(sources.manifest(folder).get("synthetic"))


def read(folder: Path, dynamics: Dynamics | None = None, until: int | None = None) -> Nation:
    """The families of the last period, with the risk that is theirs in truth, and dynamics fitted to their panel.

    Parameters
    ----------
    dynamics : instead of those. until : a period to stop at, as if the later ones had not been; the last if not given.

    Raises
    ------
    UserError : the folder holds no synthetic families with truth, or too few periods for dynamics.
    """
    manifest, truth = _manifest(folder), _truth(folder, until)
    now = truth["period"] == truth["period"].max()
    law = dynamics or fit(panel(folder, until), synthetic=True,
                          source=f"synthetic families, seed {manifest['config']['seed']}")  # fmt: skip
    last = periods.text(int(truth["period"].max()))
    wanted, ratio = truth["household_id"][now], truth["measured_ratio"][now]
    rung = rungs(ratio, _extreme(manifest))
    start, spell = np.eye(5)[rung], _spell(truth, now)
    poor, chance = rung < 2, truth[_risk(truth)][now]
    found = facts.read(folder / "registry", wanted, last)
    province, regency, urban, _ = _register(folder, wanted, last)
    return Nation(
        key=keys_of(wanted), start=start, spell=spell, index=law.index_of(told(chance), np.ones(len(chance))),
        first=indexed(start, spell, chance, law, poor),
        risk=np.where(poor, np.nan, chance), poor_now=poor.astype(float), size=found.size, weight=found.weight,
        province=province, regency=regency, urban=urban, desil=found.desil, section=found.section,
        division=found.division, working=found.working, exposure=found.exposure, line=facts.lines(province, urban),
        dynamics=law, synthetic=True, version=origin.TRUE, notes=(NOTE,), following=chance,
        year=int(last[:4]),
        source=f"{len(wanted):,} synthetic families, seed {manifest['config']['seed']}, period "
               f"{last}",
    ).check()  # fmt: skip


def panel(folder: Path, until: int | None = None) -> Panel:
    """The families that the survey follows, as measured, with their true risk as index."""
    manifest, truth = _manifest(folder), _truth(folder, until)
    place = truth["province"].astype(np.int64) * 2 + (truth["urban"] > 0)
    return Panel(truth["household_id"], truth["period"], truth["measured_ratio"], told(truth[_risk(truth)]), place,
                 periods.per_year(int(truth["period"].max())), _extreme(manifest), truth["desil"])  # fmt: skip


def rungs(ratio: Array, extreme: float) -> Array:
    """Rung of measured welfare ratios, n whole numbers."""
    return np.asarray(np.digitize(ratio, (extreme, *BOUNDS)))


def _manifest(folder: Path) -> dict[str, Any]:
    if not is_synthetic(folder):
        raise UserError(
            f"{folder}: holds no synthetic families; make them with jaga data synth",
            f"{folder}: tidak memuat keluarga sintetis; buat dengan jaga data synth",
        )
    found = sources.manifest(folder)
    if not (folder / "truth" / "families").is_dir():
        raise UserError(
            f"{folder}: has no truth; make the families without --no-truth, or score them and name the scores",
            f"{folder}: tidak memuat kebenaran; buat keluarganya tanpa --no-truth, atau nilai dan sebut skornya",
        )
    return found


def _extreme(manifest: dict[str, Any]) -> float:
    return float(manifest["fitted"]["extreme_over_line"])


def _truth(folder: Path, until: int | None) -> dict[str, Array]:
    """Columns of the truth up to a period, and the place of each family by its newest row of the register."""
    source = ds.dataset(folder / "truth" / "families")
    names = [name for name in source.schema.names if name.startswith("risk_")]
    table = source.to_table(columns=["household_id", "period", "ratio", "measured_ratio", *names])
    found = {name: facts.numbers(table[name]) for name in ("ratio", "measured_ratio", *names)}
    found["household_id"] = facts.plain(table["household_id"])
    text, code = np.unique(facts.text(table["period"]), return_inverse=True)
    found["period"] = np.array([periods.parse(one) for one in text])[code]
    if until is not None:
        found = {name: column[found["period"] <= until] for name, column in found.items()}
    last = periods.text(int(found["period"].max()))
    province, _, urban, desil = _register(folder, found["household_id"], last)
    return found | {"province": province.codes, "urban": urban, "desil": desil}


def _risk(truth: dict[str, Array]) -> str:
    """Column of the risk a year ahead."""
    return f"risk_{periods.per_year(int(truth['period'].max()))}"


def _spell(truth: dict[str, Array], now: Array) -> Array:
    """Years out of poverty of the families of the last period, as far as they were followed."""
    step, last = periods.per_year(int(truth["period"].max())), truth["period"].max()
    wanted = truth["household_id"][now]
    poor = []
    for back in (1, 2):
        rows = truth["period"] == last - back * step
        at, known = facts.places(truth["household_id"][rows], wanted)
        ratio = truth["measured_ratio"][rows]
        poor.append(known & (ratio[at] < 1) if len(ratio) else np.zeros(len(wanted), bool))
    return np.asarray(np.select(poor, [1, 2], SPELLS))


def _register(folder: Path, wanted: Array, last: str) -> tuple[Coded, Coded, Array, Array]:
    """Province, regency, urban and desil of families by their newest row up to a period; -1 where there is none."""
    names = ["household_id", "period", "province", "regency", "urban", "desil"]
    table = facts.table(folder / "registry", "households", names)
    newest = facts.text(table["period"])
    rows = np.flatnonzero(newest <= last)
    table = table.take(rows[np.argsort(newest[rows], kind="stable")])
    code, first = np.unique(facts.plain(table["household_id"])[::-1], return_index=True)
    at, known = facts.places(code, wanted)
    row = len(table) - 1 - first[at]

    def coded(name: str) -> Coded:
        return Coded.of(np.where(known, facts.text(table[name])[row], ""))

    def numbered(name: str) -> Array:
        return np.where(known, np.nan_to_num(facts.numbers(table[name])[row], nan=-1), -1).astype(np.int64)

    return coded("province"), coded("regency"), numbered("urban"), numbered("desil")
