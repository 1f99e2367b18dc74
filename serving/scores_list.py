"""One page of a list of households at risk: filters, the highest risk first, cursors instead of page numbers."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.commands import UserError
from serving import scores_areas
from serving.scores import Row, Scores
from serving.scores_areas import CHANGES, Filter
from serving.scores_index import LISTED, MOVED

if TYPE_CHECKING:
    from serving.access import Areas

SHOWN = 25
_CURSOR = re.compile(r"([0-9.e+-]{1,24})/([2-9A-HJ-NP-Z]{12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows (`LISTED` and `MOVED`) and where the pages before and after begin.

    total : households that the filter lets through. after, before : cursors, None at an end.
    """

    rows: list[Row]
    total: int
    after: str | None
    before: str | None


def page(scores: Scores, areas: Areas, asked: Filter, *, after: str | None = None, before: str | None = None,
         count: int = SHOWN) -> Page:  # fmt: skip
    """The households after (or before) a cursor; equal risks stand in the order of their codes.

    Raises
    ------
    UserError : a cursor that is none, or a sub-district of a run that does not tell them.
    """
    spread = scores_areas.spread(scores, areas, asked)
    total = sum(households for _, households in spread)
    back = before is not None
    cursor = _parse(before if back else after)
    paths = [
        path for path in scores.ranked(asked.province or None, asked.regency or None) if _wanted(scores, path, areas)
    ]
    if not total or not paths:
        return Page([], total, None, None)
    chosen, own = _condition(scores, asked)
    inside, place = areas.condition()
    parts = [f"({chosen})", inside]
    own |= place
    low, high = _bounds(spread, cursor, count, back)
    if low is not None:
        parts.append("risk >= $from")
        own["from"] = low
    if high is not None:
        parts.append("risk < $to")
        own["to"] = high
    if cursor is not None:
        sign, order = (">", "<") if back else ("<", ">")
        parts.append(f"(risk {sign} $risk OR (risk = $risk AND household_id {order} $code))")
        own["risk"], own["code"] = cursor
    order = "risk, household_id DESC" if back else "risk DESC, household_id"
    names = ", ".join(map(scores.run.column, (*LISTED, *MOVED)))
    rows = scores.rows(
        f"SELECT {names} FROM read_parquet($files, hive_partitioning = false) "  # noqa: S608
        f"WHERE {' AND '.join(parts)} ORDER BY {order} LIMIT $count",
        paths, {"count": count + 1, **own},
    )  # fmt: skip
    more = len(rows) > count
    rows = rows[:count][::-1] if back else rows[:count]
    if not rows:
        return Page([], total, None, None)
    first, last = _cursor(rows[0]), _cursor(rows[-1])
    return Page(rows, total, last if more or back else None, first if (more if back else cursor is not None) else None)


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


def _bounds(spread: list[tuple[int, int]], cursor: tuple[float, str] | None, count: int, back: bool,
            ) -> tuple[float | None, float | None]:  # fmt: skip
    """Risks between which the page lies for certain: what lies outside need not be unpacked or sorted.

    The counts by risk out of 100 say how far down (or up) from the cursor enough households are found.
    """
    at = None if cursor is None else int(100 * cursor[0] + 0.5)
    found = 0
    for percent, households in reversed(spread) if back else spread:
        if at is not None and (percent <= at if back else percent >= at):
            continue  # those at the cursor's own number may lie on either side of it
        found += households
        if found > count:
            return (None, (percent + 0.51) / 100) if back else ((percent - 0.51) / 100, None)
    return None, None


def _cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row['risk']!r}/{row['household_id']}".encode()).decode().rstrip("=")


def _parse(cursor: str | None) -> tuple[float, str] | None:
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        text = ""
    found = _CURSOR.fullmatch(text)
    try:
        risk = float(found[1]) if found else -1.0
    except ValueError:
        risk = -1.0
    if found is None or not 0 <= risk <= 1:
        raise UserError("that is no place in a list; begin at its first page")
    return risk, found[2]
