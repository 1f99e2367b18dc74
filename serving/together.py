"""Requests that wait at the same moment are scored in one go: fifty households cost hardly more than one.

Only requests that are alike go together: same day, same columns, no tables of context and no household in common. So a
household gets the figures that it would get alone, and what one request brings is not seen by another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from features import periods
from features.context import Context
from features.types import Tables
from models import row as rows
from models import score
from models.bundle import Bundle
from serving.requests import ScoreRequest, context

MOST = 64
"""Households scored in one go; a request with more is scored by itself."""
_Rows = dict[str | None, dict[str, Any]]


def scored(bundle: Bundle, asked: Sequence[ScoreRequest]) -> list[_Rows]:
    """Score rows by household of each request, only of the households that could be looked at."""
    found: list[_Rows] = [{} for _ in asked]
    for group in _groups(asked):
        told = _of_group(bundle, [asked[at] for at in group])
        for at in group:
            codes = {home.household_id for home in asked[at].homes}
            found[at] = {code: told[code] for code in codes if code in told}
    return found


def _of_group(bundle: Bundle, asked: Sequence[ScoreRequest]) -> _Rows:
    first = asked[0]
    if not any((one.admitted.tables["households"]["known_at"] <= first.as_of).any() for one in asked):
        return {}
    own = context(bundle.context.tables, first.admitted)
    spoiled = {code: day for one in asked for code, day in one.admitted.spoiled.items()}
    found = score.score(bundle, _joined([one.admitted.tables for one in asked]), first.as_of,
                        context=None if own is None else Context(own), count=first.reasons,
                        spoiled=spoiled)  # fmt: skip
    return {told["household_id"]: told for told in rows.plain(found.select(rows.SCORES.names))}


def _groups(asked: Sequence[ScoreRequest]) -> list[list[int]]:
    """Positions of requests that can be scored together; every request is in one group."""
    groups: list[list[int]] = []
    alike: dict[Any, tuple[list[int], set[str | None]]] = {}
    for at, one in enumerate(asked):
        kind, codes = _kind(one), {home.household_id for home in one.homes}
        group, taken = alike.get(kind, ([], set()))
        if kind is None or not group or taken & codes or len(taken) + len(codes) > MOST:
            groups.append([at])
            alike[kind] = groups[-1], codes
        else:
            group.append(at)
            taken |= codes
    return groups


def _kind(one: ScoreRequest) -> Any:
    """What requests that go together have in common; None for one that is scored by itself."""
    tables, households = one.admitted.tables, one.admitted.tables["households"]
    if set(tables) != {"households", "members"} or not len(households["period"]):
        return None
    columns = tuple(tuple(table) for table in tables.values())
    return one.as_of, one.reasons, periods.is_quarter(int(households["period"][0])), columns


def _joined(tables: Sequence[Tables]) -> Tables:
    """One set of tables of several with the same columns."""
    if len(tables) == 1:
        return tables[0]
    return {name: {column: np.concatenate([own[name][column] for own in tables]) for column in table}
            for name, table in tables[0].items()}  # fmt: skip
