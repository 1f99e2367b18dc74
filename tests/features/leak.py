"""The leak guard: no feature may change with what became known, or happened, after the date of the score."""

from __future__ import annotations

import numpy as np

from features import asof, contract
from features.context import Context
from features.frame import Frame, build
from features.registry import Feature
from features.types import Array, EncodedTable, Tables

_OWN = ("households", "members", "shocks")
_TOP = 1e6  # of a number without an upper limit


def check(
    features: tuple[Feature, ...],
    tables: Tables,
    context: Context,
    as_of: np.datetime64,
    period: int | None = None,
    seed: int = 0,
) -> list[str]:
    """Names of the features that look ahead.

    The features are made three times: from the tables as they are, with every later cell replaced by another
    value, and with the later rows gone. A feature of which one household's value differs looks ahead.

    Parameters
    ----------
    features : the columns to judge.
    tables, context, as_of, period : as in `features.frame.build`. Later rows are those known after `as_of` and,
        where an origin is given, those of a later period.
    seed : of the values put in place.

    Raises
    ------
    ValueError : there is no later row, so that nothing would be shown.
    """
    later = {name: _later(tables[name], as_of, period) for name in _OWN if name in tables}
    published = {name: _later(table, as_of, None) for name, table in context.tables.items()}
    if not any(rows.any() for rows in (*later.values(), *published.values())):
        raise ValueError("no row lies after the date of the score; give tables that have some")
    draw = np.random.default_rng(seed)
    seen = build(tables, context, as_of, features, period)
    changed = np.zeros(len(features), dtype=bool)
    for alter in (_scrambled, _without):
        own = {name: alter(name, tables[name], rows, draw) for name, rows in later.items()}
        places = {name: alter(name, context.tables[name], rows, draw) for name, rows in published.items()}
        changed |= _different(seen, build(own, Context(places), as_of, features, period))
    return [feature.name for feature, differs in zip(features, changed, strict=True) if differs]


def _later(table: EncodedTable, as_of: np.datetime64, period: int | None) -> Array:
    later = table["known_at"] > as_of
    return later if period is None else later | (table["period"] > period)


def _without(name: str, table: EncodedTable, rows: Array, draw: np.random.Generator) -> EncodedTable:
    return asof.take(table, ~rows)


def _scrambled(name: str, table: EncodedTable, rows: Array, draw: np.random.Generator) -> EncodedTable:
    rules = contract.TABLES[name]
    kept = {*rules.key, "household_id", "known_at"}
    size = int(rows.sum())
    altered = {}
    for column, values in table.items():
        altered[column] = values
        if column not in kept and size:
            altered[column] = values.copy()
            altered[column][rows] = _other(rules[column], size, draw)
    return altered


def _other(rule: contract.Field, size: int, draw: np.random.Generator) -> Array:
    """Values that obey a column's rule and have nothing to do with what stood there."""
    if rule.kind in ("id", "text"):
        return np.array([f"other{number}" for number in range(size)], dtype=object)
    if rule.kind in ("choice", "flag"):
        return draw.integers(0, len(rule.choices) or 2, size).astype(np.float64)
    low, high = rule.low or 0.0, min(_TOP if rule.high is None else rule.high, _TOP)
    values = draw.uniform(low, high, size)
    return np.floor(values) if rule.kind == "count" else values


def _different(one: Frame, other: Frame) -> Array:
    """Whether each feature differs for a household, matched by id; a household gained or lost differs in all."""
    mine, theirs = (np.argsort(frame.meta["household_id"].astype(str)) for frame in (one, other))
    if not np.array_equal(one.meta["household_id"][mine], other.meta["household_id"][theirs]):
        return np.ones(len(one.names), dtype=bool)
    a, b = one.values[mine], other.values[theirs]
    return ((a != b) & ~(np.isnan(a) & np.isnan(b))).any(axis=0)
