"""Reading the columns in use of one file as numbers and plain text, whatever its padding and decimal sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from features import periods
from features.commands import UserError
from features.sources.eph.files import SEPARATORS, Source, require
from features.types import Array

EMPTY = frozenset({"", ".", "none", "na", "n/a", "nan", "null"})
KEY = ("ANO4", "TRIMESTRE", "NRO_HOGAR")
PSEUDO = (51, 71)
"""`NRO_HOGAR` of live-in domestic staff and of boarders, who are no households of their own."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns in use of one kind of file: unique within a dwelling, numbers, texts, optional ones."""

    unique: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    optional: frozenset[str] = frozenset()


HOMES = Layout(
    unique=("NRO_HOGAR",),
    numbers=(
        "REALIZADA", "PONDERA", "AGLOMERADO", "IV1", "IV3", "IV4", "IV7", "IV8", "IV10", "IV11", "IV12_1", "IV12_2",
        "IV12_3", "II1", "II7", "II8", "II9", "V13", "V14", "V15", "V16", "V17", "ITF", "DECCFR",
    ),
    texts=("MAS_500",),
)  # fmt: skip
PERSONS = Layout(
    unique=("NRO_HOGAR", "COMPONENTE"),
    numbers=(
        "COMPONENTE", "CH03", "CH04", "CH06", "CH07", "CH08", "CH09", "CH10", "NIVEL_ED", "ESTADO", "CAT_OCUP",
        "CAT_INAC", "INTENSI", "PP3E_TOT", "PP04A", "PP04C", "PP04C99", "PP07C", "PP07H", "P21", "P47T", "T_VI",
        "V2_M", "V4_M", "V5_M", "V11_M",
    ),
    texts=("PP04D_COD", "PP04B_COD", "PP04B_CAES"),
    optional=frozenset({"PP04B_COD", "PP04B_CAES"}),
)  # fmt: skip


def read_records(source: Source, layout: Layout) -> pd.DataFrame:
    """Read rows of a file once each; columns float64 or object, `home` the raw id.

    Households that were not interviewed (`REALIZADA` is not 1) and pseudo-households are left out.

    Raises
    ------
    UserError : a column is missing or is no number throughout, a key cell is unreadable, quarters are mixed.
    """
    numbers = (*KEY, *(name for name in layout.numbers if name not in KEY))
    require(source.path, source.headings, (name for name in ("CODUSU", *numbers, *layout.texts)
                                           if name not in layout.optional))  # fmt: skip
    if layout.optional and not layout.optional & source.headings.keys():
        raise UserError(f"{source.path}: needs one of the columns {' or '.join(sorted(layout.optional))}")
    texts = ("CODUSU", *(name for name in layout.texts if name in source.headings))
    table = _table(source, (*texts, *numbers))
    data: dict[str, Array] = {name: _numbers(source, name, table[source.headings[name]]) for name in numbers}
    data |= {name: _texts(table[source.headings[name]]) for name in texts}
    data |= {name: np.full(len(table), "", dtype=object) for name in layout.texts if name not in data}
    _check_keys(source, data, layout)
    records = pd.DataFrame(data)
    # An ending keeps a raw id from ever looking like a code that is keyed already.
    records["home"] = [f"{dwelling}-{number:.0f}" for dwelling, number in
                       zip(data["CODUSU"], data["NRO_HOGAR"], strict=True)]  # fmt: skip
    records = records[~records["NRO_HOGAR"].isin(PSEUDO)]
    if "REALIZADA" in records:
        records = records[records["REALIZADA"] == 1]
    return records.drop_duplicates(["CODUSU", *layout.unique], ignore_index=True)


def _table(source: Source, names: tuple[str, ...]) -> pa.Table:
    headings = [source.headings[name] for name in names]
    try:
        return csv.read_csv(
            source.path,
            parse_options=csv.ParseOptions(delimiter=source.separator),
            convert_options=csv.ConvertOptions(
                include_columns=headings, column_types=dict.fromkeys(headings, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowException, OSError, EOFError):  # its own words would show a row, and with it an id
        raise UserError(f"{source.path} cannot be read as {len(source.headings)} columns separated by "
                        f"{SEPARATORS[source.separator]} in every row") from None  # fmt: skip


def _distinct(column: Any) -> tuple[list[str], Array]:
    array = column.combine_chunks().dictionary_encode()
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.dictionary.to_pylist(), array.indices.to_numpy(zero_copy_only=False)


def _numbers(source: Source, name: str, column: Any) -> Array:
    texts, where = _distinct(column)
    values = np.array([_number(text) for text in texts], dtype=np.float64)
    wrong = [text for text, value in zip(texts, values, strict=True)
             if np.isnan(value) and text.strip().lower() not in EMPTY]  # fmt: skip
    if wrong and np.isnan(values).all():
        raise UserError(f"{source.path}: column {name} holds no number anywhere; expected are numbers")
    return values[where]


def _number(text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return np.nan
    return value if np.isfinite(value) else np.nan


def _texts(column: Any) -> Array:
    texts, where = _distinct(pc.utf8_trim_whitespace(column))
    cleaned = np.array([("" if text.lower() in EMPTY else text) for text in texts], dtype=object)
    return cleaned[where]


def _check_keys(source: Source, data: dict[str, Array], layout: Layout) -> None:
    for name in (*KEY, *layout.unique):
        bad = int(np.isnan(data[name]).sum())
        if bad:
            raise UserError(f"{source.path}: column {name} has {bad:,} cells without a number; every row needs one")
    bad = int((data["CODUSU"] == "").sum())
    if bad:
        raise UserError(f"{source.path}: column CODUSU has {bad:,} empty cells; every row needs one")
    quarter = data["ANO4"] * 4 + data["TRIMESTRE"] - 1
    if (quarter != source.period).any():
        raise UserError(f"{source.path}: mixes {periods.text(source.period)} with other quarters; expected is one")
