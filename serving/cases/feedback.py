"""Visits and objections as outcomes: what a contract or a training run may learn from them, and with what weight.

Visits follow the score, so their results are selected labels. Every row says how its household was chosen and with what
chance, and `use` says what it is good for: alone only a lot teaches without bias.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, select

from features import halves
from features.commands import UserError
from features.file_words import unwritable
from features.safe_cells import BEGIN, as_lines, safe
from models.words import MARK
from serving.batch import runs
from serving.store import visits
from serving.store.numbers import day_of
from serving.store.tables_cases import list_places, lists, objections

SCHEMA = pa.schema([
    ("source", pa.string()), ("id", pa.string()), ("household_id", pa.string()), ("province", pa.string()),
    ("regency", pa.string()), ("period", pa.string()), ("observed", pa.date32()), ("known_at", pa.date32()),
    ("outcome", pa.string()), ("poor", pa.bool_()), ("censored", pa.string()), ("channel", pa.string()),
    ("list_driven", pa.bool_()), ("selection_probability", pa.float64()), ("use", pa.string()), ("list", pa.string()),
    ("run", pa.string()), ("risk", pa.float64()), ("intervention", pa.string()), ("facts", pa.string()),
    ("synthetic", pa.bool_()), ("answered_by", pa.string()), ("superseded_by", pa.string()),
])  # fmt: skip
"""Columns of the feedback, in order (docs/api.md)."""
POOR = {"below": True, "above": False}
"""Results of a visit that are an outcome; the others leave it unknown."""
OWN_CHOICE = ("own", "objection")


def rows(connection: Connection, known_by: date, synthetic: bool | None = None) -> Iterator[dict[str, Any]]:
    """Rows of `SCHEMA` as they were known on a day: visits in the order of their ids, then decided objections.

    synthetic : whether the families of the published scores are made up, for rows that no list says it of; None where
        there are no scores.
    """
    for row in chain(_visits(connection, known_by), _objections(connection, known_by)):
        yield row | {"synthetic": synthetic} if row["synthetic"] is None else row


def _visits(connection: Connection, known_by: date) -> Iterator[dict[str, Any]]:
    heads = {row.id: row for row in connection.execute(select(lists.c.id, lists.c.number, lists.c.version, lists.c.run,
                                                              lists.c.synthetic))}  # fmt: skip
    for row in visits.outcomes(connection, known_by):
        head = heads.get(row.list)
        risk = None if head is None else connection.execute(select(list_places.c.risk).where(
            list_places.c.list == row.list, list_places.c.place == row.place)).scalar_one_or_none()  # fmt: skip
        poor = POOR.get(row.result)
        censored = "intervention" if row.intervention else "" if poor is not None else row.result
        yield {
            "source": "visit", "id": f"visit-{row.id}", "household_id": row.household, "province": row.province,
            "regency": row.regency, "period": _quarter(row.visited), "observed": row.visited, "known_at": row.known_at,
            "outcome": row.result, "poor": None if censored else poor, "censored": censored, "channel": row.channel,
            "list_driven": head is not None and row.channel != "random", "selection_probability": row.probability,
            "use": use(row.channel, row.probability, censored), "list": _called(head),
            "run": None if head is None else head.run, "risk": risk, "intervention": row.intervention,
            "facts": None if row.wrong is None else json.dumps(row.wrong, sort_keys=True, ensure_ascii=False),
            "synthetic": None if head is None else head.synthetic,
            **{name: None if (other := getattr(row, name)) is None else f"visit-{other}"
               for name in ("answered_by", "superseded_by")},
        }  # fmt: skip


def use(channel: str, probability: float | None, censored: str) -> str:
    """What a row is good for.

    `none` : no outcome, or help was begun since. `random` : drawn by lot; alone it calibrates and trains, weighted by
    the inverse of its probability. `with_random` : chosen by the score; only beside rows by lot of the same lists,
    never alone. `unknown_chance` : chosen by somebody; for looking, not for learning.
    """
    if censored:
        return "none"
    if channel == "random":
        return "random"
    return "unknown_chance" if channel in OWN_CHOICE or probability is None else "with_random"


def _objections(connection: Connection, known_by: date) -> Iterator[dict[str, Any]]:
    query = (select(objections, lists.c.number.label("of"), lists.c.version, lists.c.run, lists.c.synthetic)
             .outerjoin(lists, lists.c.id == objections.c.list)
             .where(objections.c.outcome.is_not(None)).order_by(objections.c.id))  # fmt: skip
    for row in connection.execute(query):
        day = day_of(row.decided_at)
        if day > known_by:
            continue
        yield {
            "source": "objection", "id": row.number, "household_id": row.household, "province": row.province,
            "regency": row.regency, "period": _quarter(day_of(row.opened_at)), "observed": day_of(row.opened_at),
            "known_at": day, "outcome": row.outcome, "poor": None, "censored": "no_outcome", "channel": row.channel,
            "list_driven": row.list is not None, "selection_probability": None, "use": "none",
            "list": None if row.of is None else f"{row.of} v{row.version}", "run": row.run, "risk": None,
            "intervention": None, "facts": json.dumps([row.kind, *row.facts], ensure_ascii=False),
            "synthetic": row.synthetic, "answered_by": None, "superseded_by": None,
        }  # fmt: skip


def table(found: list[dict[str, Any]]) -> Any:
    """The rows as an Arrow table of `SCHEMA`."""
    return pa.Table.from_pylist(found, SCHEMA)


def write(output: Path, found: Any, known_by: date, *, synthetic: bool) -> list[Path]:
    """Write a table to a folder (parquet and its counts), or to one file that ends in .csv or .parquet.

    A file on made-up families says so in its name, and a csv in its first line too.
    UserError: the place cannot be written.
    """
    single = output.suffix in (".csv", ".parquet")
    if output.suffix and not single and not output.is_dir():
        raise UserError(
            f"--output {output}: a folder, or a file that ends in .csv or .parquet",
            f"--output {output}: folder, atau berkas yang berakhir dengan .csv atau .parquet",
        )
    home, stem = (output.parent, output.stem) if single else (output, f"feedback-{known_by}")
    if synthetic and not stem.startswith("sintetis_"):
        stem = f"sintetis_{stem}"
    paths = [home / f"{stem}{suffix}" for suffix in ([output.suffix] if single else [".parquet", ".json"])]
    try:
        home.mkdir(parents=True, exist_ok=True)
        for path in paths:
            half = halves.of(path)
            if path.suffix == ".csv":
                half.write_bytes(_csv(found, synthetic))
            elif path.suffix == ".parquet":
                told = {"jaga.known_by": str(known_by), "jaga.synthetic": str(synthetic).lower()}
                pq.write_table(found.replace_schema_metadata(told), half, compression="zstd")
            else:
                half.write_text(json.dumps(counts(found) | {"known_by": str(known_by), "synthetic": synthetic},
                                           indent=1, sort_keys=True) + "\n")  # fmt: skip
            runs.settle(half, path)
    except OSError as error:
        raise unwritable(home, error) from None
    return paths


def _csv(found: Any, synthetic: bool) -> bytes:
    """For a spreadsheet, as every csv of ours: texts run no formula, and made-up families are told in the first line.

    What programs read is the parquet file, whose texts are as they were written.
    """
    mark = [[MARK["id"]]] if synthetic else []
    return BEGIN + as_lines([*mark, found.column_names, *([_cell(own) for own in row.values()]
                                                         for row in found.to_pylist())])  # fmt: skip


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else safe(str(value))


def counts(found: Any) -> dict[str, Any]:
    """Rows by source and by what they are good for."""
    told: dict[str, Any] = {"rows": found.num_rows}
    for name in ("source", "use"):
        values = found.column(name).to_pylist()
        told[name] = {value: values.count(value) for value in sorted(set(values))}
    return told


def _called(head: Any) -> str | None:
    return None if head is None else f"{head.number} v{head.version}"


def _quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"
