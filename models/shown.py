"""Columns that a file of scores has beside the score row: what people read of a family (`features.shown`)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from features.contract import PROGRAMMES, SECTIONS
from features.frame import Frame
from features.shown import MEASURES, makers
from features.types import Tables
from models import row, score
from models.bundle import Bundle

PREFIX = "fact_"
"""Start of their names in a file, so that nobody takes one for a part of the score."""
FACTS = pa.schema([
    ("known_at", pa.date32()), ("section", pa.string()), ("occupation", pa.int16()), ("head", pa.bool_()),
    ("earners", pa.int16()),
    *((name, pa.float32()) for name in MEASURES), *((name, pa.bool_()) for name in PROGRAMMES),
])  # fmt: skip
"""Facts by name: the day they were known, section and unit group (0 to 9999) of the job that stands for the family,
whether it is the head's, earners, measures, programmes; null where not known."""
COLUMNS = pa.schema([(f"{PREFIX}{field.name}", field.type) for field in FACTS])
"""The same as columns of a file."""
DIGITS = 3
"""Decimals of a measure: more are of no use to a reader, and fewer values take less room."""


def score_and_show(bundle: Bundle, tables: Tables, as_of: np.datetime64, *, count: int, threads: int = 1,
                   **asked: Any) -> Any:  # fmt: skip
    """Score rows as of `models.score.score`, with `COLUMNS` beside them where reasons are told.

    A run without reasons is numbers alone: nobody reads a family's why from it, so nothing is made for them to read.
    """
    if not count:
        return score.score(bundle, tables, as_of, count=count, threads=threads, **asked)
    found = score.chances(bundle, tables, as_of, threads=threads, beside=makers(bundle.schema["view"]), **asked)
    answer = score.rows_of(bundle, found, as_of, count=count, threads=threads)
    return pa.table([*answer.columns, *beside(found.frame).values()], schema=joined(answer.schema, count))


def joined(schema: Any, count: int) -> Any:
    """The columns `schema` of the score row in a run of so many reasons, with those that stand beside them."""
    return pa.schema([*schema, *(COLUMNS if count else ())])


def beside(frame: Frame) -> dict[str, Any]:
    """The columns of a frame's families by name, N each; `features.shown.makers` made `frame.beside`."""
    own = frame.beside
    found = {"known_at": pa.array(frame.meta["known_at"].astype("datetime64[D]")),
             "section": row.labels(own["section"], SECTIONS), "occupation": _whole(own["occupation"]),
             "head": _flag(own["head"]), "earners": _whole(own["earners"])}  # fmt: skip
    found |= {name: row.numbers(own[name].astype(np.float32), DIGITS) for name in MEASURES}
    found |= {name: _flag(own[name]) for name in PROGRAMMES}
    return {f"{PREFIX}{name}": column.cast(FACTS.field(name).type) for name, column in found.items()}


def _flag(values: Any) -> Any:
    return row.flags(np.nan_to_num(values), ~np.isnan(values))


def _whole(values: Any) -> Any:
    return pa.array(np.nan_to_num(values).astype(np.int16), mask=np.isnan(values))
