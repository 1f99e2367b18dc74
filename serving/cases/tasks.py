"""What waits for somebody today, in counts.

No household, list or case is shown, so there is no row of the log: what waits is read, and logged, where it is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from serving.access.rights import Caller, allow, may
from serving.office import Office
from serving.problems import Problem
from serving.store import list_drafts, objections, visits

NEAR_DAYS = 3
"""An objection that is due in so many days, or overdue, is a task of today."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Counts, each at most `store.tally.MOST`; None for what is not this person's to do, or not known now.

    overdue : visits past their day. to_close : visits recorded by others. objections : undecided and due in `NEAR_DAYS`
    days. drafts : own lists that wait to be confirmed. away : why nothing of it is known, None where it is.
    """

    overdue: int | None = None
    to_close: int | None = None
    objections: int | None = None
    drafts: int | None = None
    away: Problem | None = None


def waiting(office: Office, who: Caller) -> Waiting:
    """What waits for the caller in their areas; why nothing is known while the database is away or busy: the page goes
    on without."""
    today, near = office.today, office.today + timedelta(NEAR_DAYS)
    try:
        with office.store.reading() as connection:
            return Waiting(
                visits.count(connection, allow(who, "visit.record"), status="planned", due_before=today)
                if may(who, "visit.record") else None,
                visits.count(connection, allow(who, "visit.close"), status="done", not_by=who.person)
                if may(who, "visit.close") else None,
                objections.count(connection, allow(who, "household.see"), near)
                if may(who, "objection.open") or may(who, "objection.decide") else None,
                list_drafts.count_drafts(connection, who.person) if may(who, "list.build") else None,
            )  # fmt: skip
    except Problem as problem:
        if problem.code not in ("read_only", "busy"):
            raise
        return Waiting(away=problem)
