"""One page of a list of households at risk: filters, orders, cursors instead of page numbers."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.commands import UserError
from features.contract import PROGRAMMES
from models.interval import hundredths
from serving.scores import area_figures
from serving.scores.area_figures import CHANGES, Filter
from serving.scores.index import LISTED, MOVED
from serving.scores.kept_run import PERCENT, READ
from serving.scores.reader import Row
from serving.scores.scores import Scores

if TYPE_CHECKING:
    from serving.access.rights import Areas

SHOWN = 25
_RISK = PERCENT.format("risk")
_CHANGE = f"CASE WHEN moved = 0 THEN 0 WHEN moved IS NOT NULL THEN {_RISK} - {PERCENT.format('was')} END"
_RANGE = (f"greatest({PERCENT.format('high')}, {_RISK}) - least({PERCENT.format('low')}, {_RISK}) "
          "+ CASE WHEN low IS NULL OR high IS NULL THEN NULL ELSE 0 END")  # fmt: skip
_LAST = -1000
ORDERS: Mapping[str, str] = {
    "-risk": "risk", "risk": "-risk",
    **{f"{sign}{name}": f"coalesce({'' if sign else '-'}({key}), {_LAST})"
       for name, key in (("change", _CHANGE), ("range", _RANGE)) for sign in ("-", "")},
}  # fmt: skip
"""What a list may be ordered by: `-` the most first. SQL of the number that is higher for who comes first.

Changes and widths of ranges are those that are told, in whole numbers out of 100: a change that means nothing
(`serving.scores.moved`) is none, and who has none to tell comes last either way. Among equal ones the highest risk is
first, then the order of the codes.
"""
HIGHEST = "-risk"
_CURSOR = re.compile(r"(-?[a-z]+)/(-?[0-9.e+-]{1,24})/([0-9.e+-]{1,24})/([2-9A-HJ-NP-Z]{12})", re.ASCII)
Cursor = tuple[float, float, str]
"""Number of the order, risk and code of a household."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows (`LISTED`, `MOVED`, `PROGRAMMES`, and `falls` where the run tells it) and where the pages before and after
    begin.

    total : households that the filter lets through. after, before : cursors, None at an end.
    """

    rows: list[Row]
    total: int
    after: str | None
    before: str | None


def page(scores: Scores, areas: Areas, asked: Filter, *, after: str | None = None, before: str | None = None,
         count: int = SHOWN, order: str = HIGHEST, without: Collection[str] = ()) -> Page:  # fmt: skip
    """The households after (or before) a cursor.

    order : of `ORDERS`; a cursor holds in the order that it was made in. without : codes of households that are left
        out, also of the total.

    Raises
    ------
    UserError : a cursor that is none, or a sub-district of a run that does not tell them.
    """
    spread = area_figures.spread(scores, areas, asked)
    back = before is not None
    cursor, key = _parse(before if back else after, order), ORDERS[order]
    paths = [
        path for path in scores.ranked(asked.province or None, asked.regency or None) if _wanted(scores, path, areas)
    ]
    chosen, own = _condition(scores, asked)
    inside, place = areas.condition()
    parts = [f"({chosen})", inside]
    own |= place
    if without and paths:
        spread = _less(scores, spread, paths, " AND ".join(parts), {**own, "without": [*without]})
        parts.append("NOT household_id = ANY($without)")
        own["without"] = [*without]
    total = sum(households for _, households in spread)
    if not total or not paths:
        return Page([], total, None, None)
    for condition, bound in _beyond(_bounds(spread, cursor, count, back, order), cursor, key, back):
        parts.append(condition)
        own |= bound
    way = "key, risk, household_id DESC" if back else "key DESC, risk DESC, household_id"
    names = ", ".join((*LISTED, *MOVED, *PROGRAMMES, "falls"))
    rows = scores.rows(
        f"SELECT {names}, ({key})::DOUBLE AS key FROM {READ} "  # noqa: S608
        f"WHERE {' AND '.join(parts)} ORDER BY {way} LIMIT $count",
        paths, {"count": count + 1, **own},
    )  # fmt: skip
    more = len(rows) > count
    rows = rows[:count][::-1] if back else rows[:count]
    if not rows:
        return Page([], total, None, None)
    keys = [row.pop("key") for row in rows]
    first, last = (_cursor(order, keys[at], rows[at]) for at in (0, -1))
    return Page(rows, total, last if more or back else None, first if (more if back else cursor is not None) else None)


def _less(scores: Scores, spread: list[tuple[int, int]], paths: Sequence[Path], chosen: str, own: Mapping[str, Any],
          ) -> list[tuple[int, int]]:  # fmt: skip
    """Households by risk out of 100 without those that are left out; chosen : the filter on a row of a list."""
    rows = scores.rows(
        f"SELECT ({_RISK})::SMALLINT AS percent, count(*) AS households FROM {READ} "  # noqa: S608
        f"WHERE {chosen} AND household_id = ANY($without) GROUP BY percent",
        paths, dict(own))  # fmt: skip
    out = {row["percent"]: row["households"] for row in rows}
    return [(percent, households - out.get(percent, 0)) for percent, households in spread]


def _wanted(scores: Scores, path: Any, areas: Areas) -> bool:
    if areas.provinces is None:
        return True
    return any(scores.run.ranked.get(province) == path for province in areas.provinces)


def _condition(scores: Scores, asked: Filter) -> tuple[str, dict[str, Any]]:
    """The filter as a condition on a row of a ranked list."""
    parts, own = asked.columns()
    if asked.levels:
        ranges = [scores.band(level) for level in asked.levels]
        own |= {f"low{at}": low for at, (low, _) in enumerate(ranges)}
        own |= {f"high{at}": high for at, (_, high) in enumerate(ranges)}
        parts.append("(" + " OR ".join(f"(risk >= $low{at} AND risk < $high{at})" for at in range(len(ranges))) + ")")
    if asked.changes:
        parts.append("moved = ANY($changes)")
        own["changes"] = [CHANGES[name] for name in asked.changes]
    return " AND ".join(parts), own


def _bounds(spread: list[tuple[int, int]], cursor: Cursor | None, count: int, back: bool, order: str,
            ) -> tuple[float | None, float | None]:  # fmt: skip
    """Risks between which the page lies for certain: what lies outside need not be unpacked or sorted.

    The counts by risk out of 100 say how far down (or up) from the cursor enough households are found; of no other
    order do they say anything.
    """
    if order.lstrip("-") != "risk":
        return None, None
    up = back == (order == HIGHEST)
    at = None if cursor is None else int(hundredths(cursor[1]))
    found = 0
    for percent, households in reversed(spread) if up else spread:
        if at is not None and (percent <= at if up else percent >= at):
            continue  # those at the cursor's own number may lie on either side of it
        found += households
        if found > count:
            return (None, (percent + 0.51) / 100) if up else ((percent - 0.51) / 100, None)
    return None, None


def _beyond(bounds: tuple[float | None, float | None], cursor: Cursor | None, key: str, back: bool,
            ) -> Iterator[tuple[str, dict[str, Any]]]:  # fmt: skip
    """Conditions on the rows of a page, each with what is bound in it: within the bounds, and past the cursor."""
    low, high = bounds
    if low is not None:
        yield "risk >= $from", {"from": low}
    if high is not None:
        yield "risk < $to", {"to": high}
    if cursor is not None:
        sign, after_code = (">", "<") if back else ("<", ">")
        yield (f"({key} {sign} $key OR ({key} = $key AND (risk {sign} $risk OR "
               f"(risk = $risk AND household_id {after_code} $code))))"), dict(zip(("key", "risk", "code"), cursor,
                                                                                   strict=True))  # fmt: skip


def _cursor(order: str, key: float, row: Row) -> str:
    text = f"{order}/{key!r}/{row['risk']!r}/{row['household_id']}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _parse(cursor: str | None, order: str) -> Cursor | None:
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        text = ""
    found = _CURSOR.fullmatch(text)
    try:
        key, risk = (float(found[2]), float(found[3])) if found else (0.0, -1.0)
    except ValueError:
        key, risk = 0.0, -1.0
    if found is None or found[1] != order or not isfinite(key) or not 0 <= risk <= 1:
        raise UserError("that is no place in a list; begin at its first page")
    return key, risk, found[4]
