"""Recorded visits held against the log: what was rewritten, put in or deleted in their table beside it is counted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Row, func, select

from serving.audit import trail
from serving.store import visits as kept
from serving.store.tables import audit as log
from serving.store.tables_cases import visits

_RECORDED, _CLOSED = ("visit.record", "visit.correct"), ("visit.close",)
_TOLD = ("result", "visited", "wrong", "moved_to", "intervention", "note", "known_at", "recorded_by", "corrects")
_BATCH = 500
"""Visits that are compared at a time, so that as many are in memory."""


def of_visit(row: Any) -> dict[str, Any]:
    """Details of the row of a visit that was recorded, corrected or closed; its household and area stand in the row
    itself."""
    return {"visit": row.id, **{name: getattr(row, name) for name in _TOLD}}


def unlogged(connection: Connection, seal: bytes) -> tuple[int, int]:
    """How many recorded visits the log does not hold as they are, and how many of the log's are there no more.

    Visits that an earlier version recorded are held by result and by the visits that they answer. The log itself is
    verified by `audit.verify`.
    """
    differing = found = last = 0
    made = select(visits).where(visits.c.status != "planned").order_by(visits.c.id).limit(_BATCH)
    while rows := connection.execute(made.where(visits.c.id > last)).all():
        last = rows[-1].id
        details = _logged(connection, rows)
        for row in rows:
            wanted = [_RECORDED, *([_CLOSED] if row.status == "closed" else [])]
            told = _forms(connection, seal, row)
            held = [any(form in details[row.household, act] for act in acts for form in told) for acts in wanted]
            differing += not all(held)
            found += 1
    known = connection.execute(
        select(func.count()).where(log.c.act.in_(_RECORDED), log.c.result == "done")
    ).scalar_one()
    return differing, max(known - found, 0)


def _logged(connection: Connection, rows: Any) -> defaultdict[tuple[str, str], set[str]]:
    """Details that the log has of the visits of some households, by household and act."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    asked = select(log.c.object, log.c.act, log.c.detail).where(
        log.c.object.in_({row.household for row in rows}), log.c.act.in_((*_RECORDED, *_CLOSED)),
        log.c.result == "done")  # fmt: skip
    for row in connection.execute(asked):
        found[row.object, row.act].add(row.detail)
    return found


def _forms(connection: Connection, seal: bytes, row: Row[Any]) -> list[str]:
    """The hash of a visit as the log has it, and as an earlier version wrote it."""
    before = {"visit": row.id, "result": row.result}
    answers = ([], kept.answered(connection, row)) if row.answered_by is None else ([],)
    return [trail.digest(seal, of_visit(row)), *(trail.digest(seal, {**before, "answers": own}) for own in answers)]
