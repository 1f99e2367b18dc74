"""One part of a register, from its rows to its scores: the function that a run calls again and again.

It reads nothing but its part and the setting, and gives the same bytes wherever and whenever it runs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features import halves, links, report
from features.admit import Admitted, admit
from features.context import Context
from features.contract import REGENCY_DIGITS
from features.frame import weight
from features.types import Array, EncodedTable, Tables
from models import row, score, shown
from models.bundle import Bundle
from models.calibration import log_odds
from models.headcount import Tally
from serving.batch import doubles, rows, runs, unscored
from serving.batch.cut import Parts
from serving.batch.input_rows import ROW
from serving.batch.runs import Run

STATES = ("scored", "refused", "quarantined")


@dataclass(frozen=True, slots=True)
class Setting:
    """What every part of a run has in common.

    Attributes
    ----------
    places : encoded shocks of places; None where the register has no shocks at all.
    quarterly : frequency of the register's periods.
    shifts : log-odds by stratum that bring the run to its headcounts. files : rows of each file, by table.
    """

    run: Run
    parts: Parts
    bundle: Bundle
    context: Context
    places: EncodedTable | None
    quarterly: bool
    as_of: np.datetime64
    reasons: int
    threads: int
    shifts: Mapping[str, float] = field(default_factory=dict)
    files: Mapping[str, Sequence[int]] = field(default_factory=dict)


def score_part(setting: Setting, number: int) -> dict[str, Any]:
    """Score one part, write its files and its note; what the note says. A part that has its note is not done again."""
    note = finished(setting.run, number)
    if note is not None:
        return note
    tables = setting.parts.read(number)
    admitted = admit({name: cells(table) for name, table in tables.items()}, whole=False, quarterly=setting.quarterly)
    households = tables["households"]
    scored = score_table(setting, admitted, households)
    come = households.column("household_id")
    expected = pc.count_distinct(come, mode="only_valid").as_py() + come.null_count
    if scored.num_rows != expected:
        raise RuntimeError(f"part {number}: {expected} households came in and {scored.num_rows} would go out")
    numbers = {name: table.column(ROW) for name, table in tables.items()}
    batches, held = _save(scored, setting.run.scored(number))
    told = row_counts(admitted)
    told["households"]["nameless"] = come.null_count
    said = {"files": save_quarantine(setting.run, number, admitted, numbers), "rows": told,
            "doubles": doubles.find(tables, admitted.quarantine, setting.files),
            "batches": batches, "held": held, **count(scored)}  # fmt: skip
    runs.write_json(setting.run.note(number), said)
    return said


def finished(run: Run, number: int) -> dict[str, Any] | None:
    """The note of a part that an earlier start finished; None where there is none, or its rows are damaged."""
    note = run.note(number)
    if not note.exists():
        return None
    told: dict[str, Any] = runs.read_json(note)
    return told if runs.is_as_told(run.scored(number), told["held"]) else None


def _save(scored: Any, path: Path) -> tuple[list[tuple[str, int, int]], dict[str, Any]]:
    """Write score rows by province, a batch each; of each batch its province, its rows with a code, and all its rows;
    then size and SHA-256 of the file.

    Held for the time of the run, until `serving.batch.shelves` puts the parts together.
    """
    told = []
    half = halves.of(path)
    with half.open("wb") as file, pa.ipc.new_file(file, scored.schema, options=_LIGHT) as sink:
        for province, some in _by_province(scored):
            sink.write_batch(some.to_batches()[0])
            told.append((province, some.num_rows - some.column("household_id").null_count, some.num_rows))
    held = runs.told(half)
    runs.settle(half, path, checked=True)
    return told, held


_LIGHT = pa.ipc.IpcWriteOptions(compression="lz4")


def _by_province(scored: Any) -> list[tuple[str, Any]]:
    """Rows of each province, sorted by household, those without a code last."""
    order = pc.sort_indices(scored, [("province", "ascending"), ("household_id", "ascending")])
    scored = scored.take(order).combine_chunks()
    told = pc.run_end_encode(pc.fill_null(scored.column("province").combine_chunks(), rows.NOWHERE))
    found, start = [], 0
    for name, stop in zip(told.values.to_pylist(), told.run_ends.to_pylist(), strict=True):
        found.append((name, scored.slice(start, stop - start)))
        start = stop
    return found


def cells(table: Any) -> dict[str, Any]:
    """Columns of an Arrow table as the door takes them."""
    return {name: table.column(name) for name in table.column_names if name != ROW}


def score_table(setting: Setting, admitted: Admitted, households: Any) -> Any:
    """Score rows of every household that came in, also of those that cannot be scored, in no order."""
    own = _own(setting, admitted)
    answer = shown.joined(row.KEPT, setting.reasons).empty_table()
    if (own["households"]["known_at"] <= setting.as_of).any():
        answer = shown.score_and_show(setting.bundle, own, setting.as_of, context=setting.context,
                                      count=setting.reasons, threads=setting.threads, spoiled=admitted.spoiled,
                                      shifts=setting.shifts)  # fmt: skip
    lost = _unscored(setting, households, answer.column("household_id"), own["households"]["household_id"])
    return pa.concat_tables([answer, pa.Table.from_pylist(lost, schema=answer.schema)])


def _own(setting: Setting, admitted: Admitted) -> Tables:
    """The tables of a part with the shocks of places."""
    own: Tables = dict(admitted.tables)
    if setting.places is not None:
        own["shocks"] = {name: np.concatenate([values, own["shocks"][name]])
                         for name, values in setting.places.items()}  # fmt: skip
    return own


def tally_part(setting: Setting, number: int, place: Mapping[str, str]) -> Tally:
    """Count the people of one part by place and log-odds, before any headcount is asked for."""
    tally, tables = Tally(), setting.parts.read(number)
    admitted = admit({name: cells(table) for name, table in tables.items()}, whole=False, quarterly=setting.quarterly)
    own = _own(setting, admitted)
    if not (own["households"]["known_at"] <= setting.as_of).any():
        return tally
    found = score.chances(setting.bundle, own, setting.as_of, context=setting.context, threads=setting.threads,
                          spoiled=admitted.spoiled)  # fmt: skip
    names = [place.get(setting.bundle.schema["strata"][code], "") if code >= 0 else "" for code in found.stratum]
    kept = found.known & np.array([bool(name) for name in names]) & ~np.isnan(found.poor_now)
    people = found.frame.meta["size"] * weight(found.frame.meta)
    stay = np.where(found.poor_now > 0, np.nan_to_num(found.stay, nan=0.5), 0.5)
    tally.add([name for name, own in zip(names, kept, strict=True) if own], found.poor_now[kept],
              log_odds(stay)[kept], found.told[kept], people[kept])  # fmt: skip
    return tally


def _unscored(setting: Setting, households: Any, scored: Any, admitted: Array) -> list[dict[str, Any]]:
    """A row for each household that the model did not see."""
    ids = households.column("household_id")
    lost = pc.fill_null(pc.invert(pc.is_in(ids, value_set=scored.combine_chunks())), True)
    found = households.filter(lost)
    where = {name: _read(found, name) for name in ("household_id", "unit", "province", "regency", "subdistrict")}
    last = {where["household_id"][at] or at: at for at in range(found.num_rows)}
    known = set(admitted.tolist()) if last else set()
    told = []
    for at in last.values():
        home = {name: read[at] for name, read in where.items()}
        home["subdistrict"] = _inside(home["subdistrict"], home["regency"])
        told.append(unscored.row(setting.bundle, setting.as_of, known, home))
    return told


def _inside(subdistrict: str | None, regency: str | None) -> str | None:
    """The sub-district, unless the row was refused since it lies in another regency."""
    return subdistrict if subdistrict and regency == subdistrict[:REGENCY_DIGITS] else None


def _read(households: Any, name: str) -> list[Any]:
    there = name in households.column_names
    return unscored.cells(name, households.column(name)) if there else [None] * households.num_rows


def count(scored: Any) -> dict[str, Any]:
    """Households by province and state, at risk by province, refused by reason; quarantined ones apart."""
    provinces: dict[str, Counter[str]] = {}
    refusals: Counter[str] = Counter()
    groups = scored.select(["province", "status", "refusal", "applies"]).group_by(
        ["province", "status", "refusal", "applies"]).aggregate([([], "count_all")])  # fmt: skip
    for own in groups.to_pylist():
        home = provinces.setdefault(own["province"] or rows.UNKNOWN, Counter())
        state = "quarantined" if own["refusal"] == "quarantined" else own["status"]
        home["in"] += own["count_all"]
        home[state] += own["count_all"]
        home["at_risk"] += own["count_all"] if own["applies"] else 0
        if state == "refused":
            refusals[own["refusal"]] += own["count_all"]
    return {"provinces": {name: {state: home[state] for state in ("in", *STATES, "at_risk")}
                          for name, home in sorted(provinces.items())}, "refusals": dict(refusals)}  # fmt: skip


def row_counts(admitted: Admitted) -> dict[str, dict[str, int]]:
    """Rows of each table: `rows` = `admitted` + `quarantined` + `identical`, which is there where it is not 0.

    Of the shocks also how many of those quarantined are good but for their household, which the register lacks.
    """
    counts = report.row_counts(admitted)
    if "shocks" in counts:
        kept = admitted.quarantine
        own: dict[int, set[str]] = defaultdict(set)
        for table, at, rule in zip(kept.table, kept.row, kept.rule, strict=True):
            if table == "shocks":
                own[at].add(rule)
        counts["shocks"]["not_in_register"] = sum(rules == {links.NOT_HERE} for rules in own.values())
    return counts


def save_quarantine(run: Run, part: int | str, admitted: Admitted, numbers: dict[str, Any]) -> dict[str, Any]:
    """Write the rows kept out, by their number in the input's table; no file where there are none."""
    if not len(admitted.quarantine):
        return {}
    columns = admitted.quarantine.columns()
    where = {name: column.to_numpy() for name, column in numbers.items()}
    columns["row"] = [int(where[name][at]) for name, at in zip(columns["table"], columns["row"], strict=True)]
    path = run.quarantine(part)
    half = halves.of(path)
    rows.write([pa.table(columns, schema=report.QUARANTINE)], report.QUARANTINE, half, run.said)
    told = {"rows": len(columns["row"]), **runs.told(half)}
    runs.settle(half, path)
    return {f"quarantine/{path.name}": told}
