"""What a list is drawn from: score rows of its areas with further facts of them, and the last list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.commands import UserError
from features.contract import PROGRAMMES
from features.digests import sha256_of
from features.types import Array
from models.shown import PREFIX
from models.targeting import CHANNELS, Coded, Last, Rows, Rules
from models.targeting.drawn import ON
from models.targeting.keyed import CODE
from serving.lists import facts_file
from serving.lists.facts_file import AMOUNTS, Facts, numbers_of, table_of
from serving.scores.kept_run import code_numbers
from serving.scores.scores import Scores

_NAMES = ("household_id", "province", "regency", "subdistrict", "urban", "status", "rung", "kind", "applies", "risk",
          "low", "high", "p_poor_now")  # fmt: skip
_BESIDE = tuple(f"{PREFIX}{name}" for name in PROGRAMMES)
"""Columns of programmes beside the scores, where a run has them."""
_LAST = ("household_id", "scheme", "channel")
_HOME = ("regency", "province")
"""Where a household of the last list lay, the smallest known first; a list of another program may not tell it."""


def read_last(path: Path) -> tuple[Last, str]:
    """The places of the last list, and the SHA-256 of its parquet file."""
    no_list = UserError(f"{path} is no list to go on from; give the parquet file that jaga lists draw wrote (its csv "
                        "file is for reading)",
                        f"{path} bukan daftar yang dapat dilanjutkan; beri berkas parquet yang ditulis jaga lists draw "
                        "(berkas csv-nya untuk dibaca)")  # fmt: skip
    if path.suffix != ".parquet":
        raise no_list
    table = table_of(path)
    homes = [name for name in _HOME if name in table.column_names]
    try:  # another program may have written the same texts as dictionaries or views
        table = table.select([*_LAST, *homes]).cast(pa.schema([(name, pa.string()) for name in (*_LAST, *homes)]))
    except (KeyError, pa.ArrowException):
        raise no_list from None
    numbers_of(table.column("household_id"), path)
    own = table.filter(pc.is_in(table.column("channel"), pa.array(CHANNELS[:ON])))
    none = pa.chunked_array([pa.nulls(len(own), pa.string())])
    area = pc.coalesce(*(own.column(name) for name in homes), none)
    scheme, channel, home = (np.array(pc.fill_null(column, "").to_pylist(), dtype=str)
                             for column in (own.column("scheme"), own.column("channel"), area))  # fmt: skip
    return Last(_codes(own.column("household_id")), scheme, channel, home), sha256_of(path)


def read_rows(scores: Scores, rules: Rules, facts: Facts | None = None,
              found: Mapping[str, str] | None = None) -> tuple[Rows, int]:  # fmt: skip
    """Score rows of the areas of the rules as columns, and how many households of `facts` are not among them.

    found : what visits found (`rule_checks.FOUND`) by code.

    Rows without a code (a household whose id could not be read) can be on no list and are left out.
    """
    beside = () if not scores.run.shown or (facts and "programmes" in facts.table.column_names) else _BESIDE
    table = scores.table((*_NAMES, *beside), rules.areas)
    codes = table.column("household_id")
    numbers: Array = code_numbers(codes.combine_chunks()) if facts or found else np.empty(0, np.int64)
    at, strange = (None, 0) if facts is None else _joined(facts.numbers, numbers)

    further = {name: facts.table.column(name) for name in facts.table.column_names} if facts else {}
    if facts and facts.kinds and rules.fast_lane is not None:
        further["shock"], further["shock_day"] = facts.last_of(rules.fast_lane.shocks)

    def fact(name: str) -> Any:
        return None if at is None or name not in further else further[name].take(pa.array(at, mask=at < 0))

    urban = pc.fill_null(table.column("urban").cast(pa.int8()), -1)
    applies = pc.fill_null(table.column("applies"), False)
    amounts = {name: _plain(own) for name in AMOUNTS if (own := fact(name)) is not None}
    shock, day, received, seen = fact("shock"), fact("shock_day"), fact("programmes"), None
    asked = sorted({name for scheme in rules.schemes for name in (*scheme.receives, *scheme.without)})
    programmes = ({name: _flag(table.column(f"{PREFIX}{name}")) for name in PROGRAMMES} if beside else
                  {} if facts is None or received is None else _received(_coded(received), asked, facts))  # fmt: skip
    if found:
        which, _ = _joined(code_numbers(pa.array([*found])), numbers)
        seen = _coded(pa.chunked_array([pa.array([*found.values()]).take(pa.array(which, mask=which < 0))]))
    rows = Rows(
        household=_codes(codes), province=_coded(table.column("province")), regency=_coded(table.column("regency")),
        scored=_plain(pc.equal(table.column("status"), "scored")), applies=_plain(applies),
        risk=_plain(table.column("risk")), low=_plain(table.column("low")), high=_plain(table.column("high")),
        rung=_coded(table.column("rung")), kind=_coded(table.column("kind")), urban=_plain(urban),
        poor_now=_plain(table.column("p_poor_now")), amounts=amounts, programmes=programmes,
        shock=None if shock is None else _coded(shock),
        shock_day=None if day is None else _plain(day).astype("datetime64[D]"),
        shocks_until=None if facts is None or facts.until is None else np.datetime64(facts.until), found=seen,
        subdistrict=_coded(table.column("subdistrict")),
    )  # fmt: skip
    return rows, strange


def _flag(column: Any) -> Array:
    """A column of yes and no as 1, 0 and -1 for not known, n."""
    return _plain(pc.fill_null(column.cast(pa.int8()), -1))


def _received(texts: Coded, asked: Iterable[str], facts: Facts) -> dict[str, Array]:
    """By programme whether each household receives it, of the texts in a file of facts: 1, 0, -1 not known, n each.

    asked : by the rules. Who writes a file of their own names all that a family receives; what `jaga lists facts` made
    knows of no others than those of a register.
    """
    said = {text: facts_file.received(text) for text in texts.names}
    names = {*PROGRAMMES} if facts.until else {*asked}
    return {name: texts.within({text: told.get(name, 0) for text, told in said.items()}).astype(np.int8)
            for name in sorted(names.union(*said.values()))}  # fmt: skip


def _joined(known: Array, numbers: Array) -> tuple[Array, int]:
    """Row of what is known of each household, -1 for none; how many rows of that belong to nobody."""
    if not len(known):
        return np.full(len(numbers), -1), 0
    order = np.argsort(known)
    place = np.minimum(np.searchsorted(known[order], numbers), len(order) - 1)
    at = np.where(known[order[place]] == numbers, order[place], -1)
    return at, len(order) - int((at >= 0).sum())


def _codes(column: Any) -> Array:
    """Codes as bytes, n; none is null."""
    whole = column.combine_chunks()
    if not len(whole):
        return np.empty(0, CODE)
    _, ends, text = whole.buffers()
    begin = np.frombuffer(ends, np.int32)[whole.offset]
    return np.frombuffer(text, CODE, count=len(whole), offset=begin)


def _coded(column: Any) -> Coded:
    whole = column.combine_chunks().dictionary_encode()
    names = tuple(name or "" for name in whole.dictionary.to_pylist())
    codes = pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False)
    if "" in names:  # an empty text is not known
        codes = np.where(codes == names.index(""), -1, codes)
    return Coded(codes, names)


def _plain(column: Any) -> Array:
    return column.combine_chunks().to_numpy(zero_copy_only=False)
