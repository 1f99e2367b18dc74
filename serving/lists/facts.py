"""The file of facts that lists are drawn with beside the scores, made of the contract tables as of a date.

It holds what a score row lacks: members, programmes, and for each kind of event the last day on which it can have hit
the family, by all that was known on the date. The register is cut into parts as for scores, so that any size fits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features import asof, contract, halves, keys, periods
from features.admit import admit, outdated
from features.columns import Columns
from features.commands import UserError
from features.context import Context
from features.contract import PROGRAMMES, SHOCKS
from features.digests import sha256_of
from features.facts import size
from features.home import home
from features.types import Array, EncodedTable
from models import row
from serving.batch import batch, cut, input_rows, inputs, part, runs
from serving.batch.inputs import Extent, Register
from serving.batch.progress import Tell, silent
from serving.lists.facts_file import FACTS, HEALTH, UNKNOWN, mark

SCOPES = contract.SHOCK_EVENTS["scope"].choices
_PLACE: Mapping[str, str] = {"household": "household_id", "regency": "regency", "province": "province"}
NEVER = np.datetime64("NaT", "D")


@dataclass
class Made:
    """What a file of facts holds.

    Attributes
    ----------
    as_of : the date. families : rows; programmes : of how many it is known of one at least. shocks : families hit,
        by kind; empty where the register has no such table. quarantined : rows of each table that broke rules.
    """

    path: Path
    as_of: np.datetime64
    synthetic: bool
    families: int = 0
    programmes: int = 0
    shocks: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)


def make(folder: str, path: Path, *, as_of: np.datetime64 | None = None, today: np.datetime64 | None = None,
         kinds: Sequence[str] = (), scopes: Sequence[str] = ("household", "regency"), tell: Tell = silent,
         ) -> Made:  # fmt: skip
    """Write the facts of a register to a parquet file, whole or not at all.

    Parameters
    ----------
    folder : contract tables, a path or URL. as_of : None takes the last day, up to `today` where that
        is given, on which anything of them became known.
    kinds : events that are wanted (`SHOCKS`); all but those of health without any.
    scopes : whom an event may name to count for a family: itself, its regency, its province.

    Raises
    ------
    UserError : the tables cannot be read, changed meanwhile, or have nothing that was known on the date.
    """
    if path.suffix != ".parquet":
        raise UserError(f"{path}: facts are written to a file that ends in .parquet",
                        f"{path}: fakta ditulis ke berkas yang berakhir dengan .parquet")  # fmt: skip
    for given, known in ((kinds, SHOCKS), (scopes, SCOPES)):
        for name in given:
            if name not in known:
                names = ", ".join(known)
                raise UserError(f"{name!r} is none of {names}", f"{name!r} bukan salah satu dari {names}")
    with inputs.readable(folder):
        register = inputs.find(folder)
        tell("look")
        extent = inputs.survey(register)
        if register.synthetic and path.name != FACTS and not path.name.startswith("sintetis_"):
            path = path.with_name(f"sintetis_{path.name}")
        made = Made(path, _newest(extent, register.folder, today) if as_of is None else as_of, register.synthetic)
        wanted = [kind for kind in SHOCKS if (kind in kinds if kinds else kind not in HEALTH)]
        chosen = tuple(wanted) if "shocks" in register.sources else ()
        made.shocks = dict.fromkeys(chosen, 0)
        home().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home(), prefix="facts-") as scratch:
            _write(register, extent, Path(scratch), made, tuple(scopes))
    return made


def _newest(extent: Extent, folder: object, today: np.datetime64 | None) -> np.datetime64:
    """The last day on which anything became known, none after today."""
    days = np.concatenate([own for name, own in extent.known.items() if name in cut.OWN])
    if today is not None:
        days = days[days <= today]
    if not len(days):
        raise UserError(f"{folder}: nothing of it was known on {today}; name a date by --as-of",
                        f"{folder}: belum ada yang diketahui pada {today}; sebut tanggal dengan --as-of")  # fmt: skip
    newest: np.datetime64 = days.max()
    return newest


def _write(register: Register, extent: Extent, scratch: Path, made: Made, scopes: Sequence[str]) -> None:
    said = {"as_of": str(made.as_of), "synthetic": str(made.synthetic).lower(), "scopes": " ".join(scopes)}
    schema = pa.schema([("household_id", pa.string()), ("size", pa.float64()), ("programmes", pa.string()),
                        *((kind, pa.date32()) for kind in made.shocks)],
                       {f"jaga.{name}": value for name, value in said.items()})  # fmt: skip
    made.path.parent.mkdir(parents=True, exist_ok=True)
    half = halves.of(made.path)
    half.touch(mode=0o600)
    try:
        with pq.ParquetWriter(half, schema, compression="zstd") as file:
            for columns, events, spoiled in _parts(register, extent, scratch, made):
                table = _facts(columns, events, spoiled, tuple(made.shocks), scopes)
                made.families += table.num_rows
                made.programmes += table.num_rows - table.column("programmes").null_count
                for kind in made.shocks:
                    made.shocks[kind] += table.num_rows - table.column(kind).null_count
                file.write_table(table.cast(schema))
        if not made.families:
            raise UserError(f"{register.folder}: no family was known on {made.as_of}; name a later --as-of",
                            f"{register.folder}: belum ada keluarga yang diketahui pada {made.as_of}; sebut --as-of "
                            "yang lebih kemudian")  # fmt: skip
        mark(made.path, sha256_of(half))
        runs.settle(half, made.path)
    finally:
        half.unlink(missing_ok=True)


def _parts(register: Register, extent: Extent, scratch: Path, made: Made,
           ) -> Iterator[tuple[Columns, EncodedTable | None, list[str]]]:  # fmt: skip
    """Families part by part, with the events that concern them and the codes of those whose newest row broke a rule."""
    count = -(-extent.rows["households"] // batch.CHUNK)
    names = [name for name in cut.OWN if name in register.sources]
    key = partial(keys.door, register.synthetic)
    for name in names:
        for number, unit in enumerate(input_rows.units(register.sources[name], extent.by_file[name])):
            cut.cut(register, unit, number, count, scratch, key)
    places: EncodedTable | None = None
    if "shocks" in names:
        everywhere = {"shocks": part.cells(cut.shared(register, "shocks", extent.by_file["shocks"]))}
        admitted = admit(everywhere, required=(), whole=False, quarterly=extent.quarterly)
        places = admitted.tables["shocks"]
        made.quarantined = {"shocks": len(set(admitted.quarantine.row))}
    parts = cut.Parts(scratch, {name: register.sources[name].columns for name in names})
    for number in range(count):
        admitted = admit({name: part.cells(table) for name, table in parts.read(number).items()}, whole=False,
                         quarterly=extent.quarterly)  # fmt: skip
        for name, told in part.row_counts(admitted).items():
            # An event of a family that the register lacks is no fault of its row.
            bad = told["quarantined"] - told.get("not_in_register", 0)
            made.quarantined[name] = made.quarantined.get(name, 0) + bad
        own = admitted.tables
        if not (own["households"]["known_at"] <= made.as_of).any():
            continue
        events = None
        if places is not None:
            events = {name: np.concatenate([column, own["shocks"][name]]) for name, column in places.items()}
            events = asof.known({"shocks": events}, made.as_of)["shocks"]
        lost = outdated(admitted.spoiled, made.as_of)
        yield Columns({name: own[name] for name in contract.REQUIRED}, Context({}), made.as_of), events, lost


def _facts(columns: Columns, events: EncodedTable | None, spoiled: Sequence[str], kinds: Sequence[str],
           scopes: Sequence[str]) -> Any:  # fmt: skip
    """The facts of some families, in the order of their codes."""
    codes = columns.now(columns["household_id"])
    lost = np.isin(codes, np.array(spoiled, dtype=object))
    people = np.where(lost, np.nan, columns.now(size(columns)))
    found = {"household_id": pa.array(codes, pa.string()), "size": pa.array(people, mask=np.isnan(people)),
             "programmes": row.text(np.where(lost, "", _programmes(columns)))}  # fmt: skip
    for kind in kinds:
        day = _last(columns, events, kind, scopes)
        found[kind] = pa.array(day, mask=np.isnat(day))
    return pa.table(found).sort_by("household_id")


def _programmes(columns: Columns) -> Array:
    """Names with a space between, "-" for none, N; after a question mark those of which it is not known. Empty where
    nothing is known: one that is known bars a family from a list though others are not."""
    flags = [columns.now(columns[name]) for name in PROGRAMMES]
    names = np.full(columns.size, "", dtype=object)
    for name, flag in zip(PROGRAMMES, flags, strict=True):
        names += np.where(flag == 1, f"{name} ", np.where(np.isnan(flag), f"{UNKNOWN}{name} ", "")).astype(object)
    names = np.array([own.strip() or "-" for own in names], dtype=object)
    return np.where(np.isnan(flags).all(axis=0), "", names)


def _last(columns: Columns, events: EncodedTable | None, kind: str, scopes: Sequence[str]) -> Array:
    """Last day on which an event of a kind can have hit each family, N; NaT where none is known.

    A period is told, not a day: the event lies before the end of its period and before the day it became known.
    """
    result = np.full(columns.size, NEVER)
    if events is None:
        return result
    day = np.minimum(events["known_at"], periods.end(events["period"]))
    for scope in scopes:
        own = (events["shock"] == SHOCKS.index(kind)) & (events["scope"] == SCOPES.index(scope))
        if not own.any():
            continue
        # The last row of a place is its newest event.
        order = np.flatnonzero(own)[np.argsort(day[own], kind="stable")]
        newest = {place: at for at, place in zip(order.tolist(), events["place"][order].tolist(), strict=True)}
        where = pc.index_in(pa.array(columns.now(columns[_PLACE[scope]]), pa.string()),
                            value_set=pa.array([*newest], pa.string()), skip_nulls=True)  # fmt: skip
        hit = where.is_valid().to_numpy(zero_copy_only=False)
        days = day[np.array([*newest.values()])][where.fill_null(0).to_numpy()]
        result = np.where(hit & ~(result > days), days, result)
    return result
