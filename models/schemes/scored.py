"""A scored register as a nation: the folder of `jaga score`, with the register that it was made from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from features import file_words, sources
from features.commands import UserError
from features.contract import RUNGS
from features.types import Array
from models.dynamics import SPELLS, Dynamics
from models.numbers import number
from models.schemes import facts
from models.schemes.draws import keys_of
from models.schemes.nation import Nation, indexed, told
from models.schemes.parts import EXPOSURES
from models.schemes.sample import Drawn, Sample, draw
from models.schemes.words import both
from models.targeting.rows import Coded

_LADDER = tuple(f"ladder_{name}" for name in RUNGS)
_COLUMNS = ("household_id", "status", "province", "regency", "urban", "rung", "kind", "applies", "risk", "p_poor_now",
            "p_poor_next", *_LADDER)  # fmt: skip
NO_FACTS = both("note.no_facts", lambda language: {"people": number(facts.SIZE, language, 2)})


def is_scored(folder: Path) -> bool:
    """Whether a folder is one of `jaga score`, or a run in the score store."""
    return (folder / "scores").is_dir() and (folder / "manifest.json").is_file()


def manifest(folder: Path) -> dict[str, Any]:
    """What a run of scores tells of itself."""
    try:
        found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        own, english = file_words.why(error)
        raise UserError(
            f"{folder}: holds no finished scores (manifest.json: {english})",
            f"{folder}: tidak memuat skor yang selesai (manifest.json: {own})",
        ) from None
    return found


def read(folder: Path, dynamics: Dynamics, register: Path | None = None, some: Sample | None = None) -> Nation:
    """The scored families of a run.

    A register does not know the rung of a family that is likely not poor: it is drawn by the chances of the score's
    ladder, which are those of the horizon and of families that are not poor now, and by who climbs over the line until
    then, so that rungs are taken to be about as frequent now as then. A family known
    to have been poor before counts as two years out of poverty, any other as out for long.

    Parameters
    ----------
    dynamics : of the model that scored. register : folder of the contract tables that were scored. some : not all of
        them; the others are read through and never held.

    Raises
    ------
    UserError : no finished scores, none named in their manifest, scores without ladder, or nobody scored.
    """
    run = manifest(folder)
    drawn = _drawn(folder, run, some)
    table = drawn.table
    code = facts.plain(table["household_id"])
    number = {name: facts.numbers(table[name]) for name in ("risk", "p_poor_now", "p_poor_next", *_LADDER)}
    number["p_poor_now"] = np.where(np.isnan(number["p_poor_now"]), 0.0, number["p_poor_now"])
    start = _start(facts.text(table["rung"]), number)
    spell = np.where(facts.text(table["kind"]) == "relapse", 2, SPELLS)
    applies, following = facts.numbers(table["applies"]) > 0, number["p_poor_next"]
    chance = np.where(applies, number["risk"], following)
    province, regency = Coded.of(facts.text(table["province"])), Coded.of(facts.text(table["regency"]))
    urban = np.nan_to_num(facts.numbers(table["urban"]), nan=-1).astype(np.int64)
    own = facts.read(sources.register(register), code) if register is not None else _none(len(code))
    own = replace(own, weight=own.weight * drawn.each)
    synthetic = bool(run.get("synthetic")) or dynamics.synthetic
    return Nation(
        key=keys_of(code), start=start, spell=spell,
        index=dynamics.index_of(told(chance), own.weight, drawn.mean),
        first=indexed(start, spell, chance, dynamics, ~applies),
        risk=np.where(applies, number["risk"], np.nan), poor_now=number["p_poor_now"], size=own.size, weight=own.weight,
        province=province, regency=regency, urban=urban, desil=own.desil, section=own.section, division=own.division,
        working=own.working, exposure=own.exposure, line=facts.lines(province, urban), dynamics=dynamics,
        synthetic=synthetic, year=int(str(run["as_of"])[:4]),
        source=f"{len(code):,} {drawn.of}scored families of {run['as_of']}",
        version=str(run["bundle"]["name"]), notes=() if register is not None else (NO_FACTS,), following=following,
    ).check()  # fmt: skip


def _drawn(folder: Path, run: dict[str, Any], some: Sample | None) -> Drawn:
    """Score rows of those who have a score, all or some; UserError of `read`."""
    # By the manifest's names: what somebody else put into the folder is no family of this run.
    files = [str(folder / name) for name in sorted(run.get("files", ())) if name.startswith("scores/")]
    if not files:
        raise UserError(
            f"{folder}: its manifest names no file of scores", f"{folder}: manifesnya tidak menyebut berkas skor"
        )
    source = ds.dataset(files, partitioning=ds.partitioning(pa.schema([("province", pa.string())]), flavor="hive"))
    asked: dict[str, Any] = {"columns": list(_COLUMNS), "filter": ds.field("status") == "scored"}
    drawn = Drawn(source.to_table(**asked)) if some is None else draw(source.scanner(**asked).to_batches(), some)
    if not len(drawn.table):
        raise UserError(
            f"{folder}: no family in it has a score" + (f" in area {some.area}" if some and some.area else ""),
            f"{folder}: tidak ada keluarga yang mempunyai skor"
            + (f" di wilayah {some.area}" if some and some.area else ""),
        )
    return drawn


def _start(rung: Array, number: dict[str, Array]) -> Array:
    """Chances of the present rung, n x 5: known, or by the chance of being poor now and the shares of the ladder.

    The ladder of a family at risk is that of its lives that are not poor now. Those that are and climb, the rest of its
    chance of being poor at the horizon, land right above the line (in the demo's survey 97 of 100 on the lowest rung
    there): without them too few would be just above it now, since those who fall leave from there.
    """
    ladder = np.column_stack([number[name] for name in _LADDER])
    if np.isnan(ladder).any():
        raise UserError(
            "the scores have no ladder: they are of a model that was made without it; train and score again",
            "skor ini tidak memuat tangga kesejahteraan: modelnya dibuat tanpa itu; latih dan nilai lagi",
        )
    low, high = ladder[:, :2], ladder[:, 2:].copy()
    at_risk = ~np.isnan(number["risk"])
    poor_now, risk = number["p_poor_now"][at_risk], number["risk"][at_risk]
    climb = poor_now - (number["p_poor_next"][at_risk] - (1 - poor_now) * risk)
    high[at_risk] *= (1 - poor_now)[:, None]
    high[at_risk, 0] += np.clip(climb, 0, poor_now)
    own = np.column_stack([low / np.maximum(low.sum(axis=1, keepdims=True), 1e-12) * number["p_poor_now"][:, None],
                           high / np.maximum(high.sum(axis=1, keepdims=True), 1e-12)
                           * (1 - number["p_poor_now"])[:, None]])  # fmt: skip
    known = np.array([RUNGS.index(one) if one else -1 for one in rung])
    found = np.where((known >= 0)[:, None], np.eye(5)[known], own)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _none(count: int) -> facts.Facts:
    nothing = Coded(np.full(count, -1, np.int32), ())
    return facts.Facts(np.zeros(count, bool), np.full(count, facts.SIZE), np.ones(count), np.zeros(count, np.int64),
                       nothing, nothing, np.full(count, -1), {name: np.full(count, np.nan) for name in EXPOSURES},
                       )  # fmt: skip
