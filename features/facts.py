"""What several features are made from: facts about members as yes, no or not known, and columns told as they are.

A fact is a float array: 1 yes, 0 no, NaN not known. Not known is never read as no.
"""

from __future__ import annotations

import numpy as np

from features import contract
from features.columns import Columns
from features.registry import VIEWS, View, feature
from features.types import Array

YES_NO = ("no", "yes")
ADULT = 15
"""Age from which people count as of working age (BPS, Sakernas)."""


def is_one_of(c: Columns, name: str, *labels: str) -> Array:
    """Whether each member's choice `name` is one of `labels`, M."""

    def make() -> Array:
        values = c[name]
        choices = contract.MEMBERS[name].choices
        hit = values == choices.index(labels[0])
        for label in labels[1:]:
            hit |= values == choices.index(label)
        return np.where(np.isnan(values), np.nan, hit)

    return c.shared((name, labels), make)


def adult(c: Columns) -> Array:
    """Members of working age or older, mask of M."""
    return c.shared("adult", lambda: c["age"] >= ADULT)


def everyone(c: Columns) -> Array:
    """All members, mask of M."""
    return c.shared("everyone", lambda: np.ones(len(c.row_of_member), dtype=bool))


def size(c: Columns) -> Array:
    """Members of each row, R."""
    return c.shared("size", lambda: np.diff(np.append(c.member_starts, len(c.row_of_member))).astype(np.float64))


def earner(c: Columns) -> Array:
    """Whether each member works and is not an unpaid helper, M; a child whose work nobody asked about does not."""

    def make() -> Array:
        works = is_one_of(c, "activity", "employed")
        works = np.where(np.isnan(works) & ~adult(c), 0.0, works)
        return np.where(is_one_of(c, "status", "unpaid_family") == 1, 0.0, works)

    return c.shared("earner", make)


def earning(c: Columns) -> Array:
    """Members known to earn, mask of M."""
    return c.shared("earning", lambda: earner(c) == 1)


def earnings_weight(c: Columns) -> Array:
    """Weight of each earner, M: earnings where those of all earners of the row are measured, else 1; others 0."""

    def make() -> Array:
        earns = earning(c)
        earnings = np.where(earns, c["earnings"], 0.0)
        measured = np.add.reduceat(earnings, c.member_starts) > 0  # one missing makes the sum NaN, so False
        return np.where(measured[c.row_of_member], earnings, earns)

    return c.shared("earnings_weight", make)


def any_of(c: Columns, fact: Array, among: Array) -> Array:
    """Whether the fact holds for a member among some, R: not known unless one is yes or all are known."""
    some = c.count((fact == 1) & among) > 0
    unknown = c.count(np.isnan(fact) & among) > 0
    return np.where(some, 1.0, np.where(unknown, np.nan, 0.0))


def count_of(c: Columns, fact: Array, among: Array) -> Array:
    """Members among some for whom the fact holds, R; not known where it is not known of one of them."""
    unknown = c.count(np.isnan(fact) & among) > 0
    return np.where(unknown, np.nan, c.count((fact == 1) & among))


def share_of(c: Columns, fact: Array, among: Array) -> Array:
    """Share of the members among some of whom the fact is known, R; missing where nobody is."""
    return c.mean(fact, among.astype(np.float64))


def share_of_all(c: Columns, fact: Array, among: Array) -> Array:
    """Share of the members among some, R; missing where the fact is not known of one of them."""
    unknown = c.count(np.isnan(fact) & among) > 0
    return np.where(unknown, np.nan, share_of(c, fact, among))


def changed(c: Columns, rows: Array) -> Array:
    """Change of a figure since the row seen before the origin, N; missing for a household seen once."""
    return c.now(rows) - c.before(rows)


def as_told(
    name: str,
    family: str,
    *,
    views: tuple[View, ...] = VIEWS,
    contestable: bool = True,
    reason: str | None = None,
) -> None:
    """Register a household column as a feature of its own name: the value at the origin, its rules the contract's."""
    rule = contract.HOUSEHOLDS[name]
    choices = YES_NO if rule.kind == "flag" else rule.choices

    def make(c: Columns) -> Array:
        return c.now(c[name])

    make.__name__ = make.__qualname__ = name
    make.__doc__ = rule.doc
    low = 0.0 if rule.low is None else rule.low
    high = np.inf if rule.high is None else rule.high
    unit = rule.unit or ("category" if choices else "number")
    feature(family, unit, inputs=(name,), low=low, high=high, choices=choices, views=views,
            contestable=contestable, reason=reason)(make)  # fmt: skip
