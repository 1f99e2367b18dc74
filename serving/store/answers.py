"""Which visit answers which: one visit closes the matter of a family on every list.

What a visit finds about a family (`ANSWERS`) answers every visit to it that was waiting in the same regency on the day
of the visit, whichever list planned it, and, where a list planned the visit, every one that was planned no later than
it: what one list takes for its answer, an older one takes too. That the family is there no more (`LASTING`) answers
also those planned since, up to the day on which it was recorded. Of an earlier version of the same list it answers,
whenever it was made: a place is not asked twice because its list was drawn again. The last finding about how a family
stands holds: it supersedes an earlier one, such as a death that was noted by mistake, also where that one had answered.
Which one that is follows from the rows (`answer`), and is worked out anew with everything that is recorded of a family
(`settle`): so a correction takes the answer back. What was found stays with the visit that was made, and each list
keeps its own way of having chosen the family.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Join, ScalarSelect, Select, and_, or_, select, update

from serving.store.tables_cases import lists, visits

TELLING = ("above", "below", "moved", "died")
"""Results that say how a household stands; the others say nothing of it."""
ANSWERS = (*TELLING, "wrong")
"""Results about the family, which answer its other waiting visits; that nobody was met, or that somebody declined, is
about this visit alone."""
LASTING = ("died", "moved")
"""Results that hold from their day on, as lists take them (`Rules.kept_out`): one that was confirmed between the visit
and its record asks nothing that is not known. How a family stood before a list was made, the list asks anew."""
BY = visits.alias("answer")
"""The visit that answers another one."""
LAST = visits.alias("last")
"""The visit that supersedes what another one found."""


def rows() -> Select[Any]:
    """Visits, and of the one that answers them, where one does, what it found, on which day, for which list; of the one
    that supersedes what they found themselves (`superseded_by`), what it found, on which day."""
    told = (BY.c.result.label("answer"), BY.c.visited.label("answer_day"), BY.c.list.label("answer_list"),
            LAST.c.id.label("superseded_by"), LAST.c.result.label("last"), LAST.c.visited.label("last_day"),
            of_replaced().label("replaced"))  # fmt: skip
    return select(visits, *told).select_from(
        visits.outerjoin(BY, BY.c.id == visits.c.answered_by).outerjoin(LAST, LAST.c.id == superseder()))  # fmt: skip


def superseder(known_by: date | None = None) -> ScalarSelect[Any]:
    """Id of the visit that supersedes what a visit found itself, as it was known on a day or is now: the last later one
    in the same regency that found how the family stands."""
    last = visits.alias()
    later = select(last.c.id).where(visits.c.result.in_(ANSWERS), _finds(last, TELLING, known_by), _after(last, visits))
    return later.order_by(last.c.visited.desc(), last.c.id.desc()).limit(1).correlate(visits).scalar_subquery()


def of_replaced() -> ColumnElement[bool]:
    """Visits that were planned by a version of a list in whose place a newer one stands."""
    newer = lists.alias()
    old = select(lists.c.id).join(newer, (newer.c.number == lists.c.number) & (newer.c.version > lists.c.version))
    return visits.c.list.is_not(None) & visits.c.list.in_(old)


def settle(connection: Connection, which: ColumnElement[bool]) -> None:
    """Keep with some visits by which other one each is answered now."""
    connection.execute(update(visits).where(which).values(answered_by=answer()))


def beside(known_by: date) -> Join:
    """Visits beside `BY`, the one that answered them as it was known on a day."""
    return visits.outerjoin(BY, BY.c.id == answer(known_by))


def answer(known_by: date | None = None, without: int | None = None) -> ScalarSelect[Any]:
    """Id of the visit that answers a waiting one, as it was known on a day or is now: of the findings about the same
    family in the same regency the last, where it was made from the day on which that one was planned, or planned by a
    list no sooner than that one, or is lasting and was recorded since then, or where an earlier version of its list has
    a finding.

    without : a visit that is taken as not made.
    """
    other, later, made, own, earlier = (table.alias() for table in (visits, visits, visits, lists, lists))
    same_list = select(made.c.id).join(earlier, earlier.c.id == made.c.list).join(
        own, (own.c.number == earlier.c.number) & (own.c.version > earlier.c.version)).where(
        own.c.id == visits.c.list, made.c.id != _no(without),
        _finds(made, ANSWERS, known_by)).correlate(visits).exists()  # fmt: skip
    superseded = select(later.c.id).where(
        later.c.id != _no(without), _finds(later, TELLING, known_by),
        _after(later, other)).correlate(visits, other).exists()  # fmt: skip
    waits: ColumnElement[bool] = visits.c.known_at.is_(None)
    if known_by is not None:
        waits |= visits.c.known_at > known_by
    return (select(other.c.id).where(
        visits.c.corrects.is_(None), waits, other.c.id != _no(without), _finds(other, ANSWERS, known_by), ~superseded,
        (other.c.visited >= visits.c.planned_on)
        | other.c.list.is_not(None) & (other.c.planned_on >= visits.c.planned_on)
        | (other.c.known_at >= visits.c.planned_on) & other.c.result.in_(LASTING) | same_list,
    ).order_by(other.c.result.in_(TELLING).desc(), other.c.visited.desc(), other.c.id.desc()).limit(1)
     .correlate(visits).scalar_subquery())  # fmt: skip


def _no(visit: int | None) -> int:
    return 0 if visit is None else visit  # ids begin at 1


def _finds(table: FromClause, results: Sequence[str], known_by: date | None) -> ColumnElement[bool]:
    """Of a table of visits those that found something about the family of a visit in its regency."""
    return and_(table.c.household == visits.c.household,
                table.c.province.is_not_distinct_from(visits.c.province),
                table.c.regency.is_not_distinct_from(visits.c.regency), table.c.result.in_(results),
                known(table, known_by))  # fmt: skip


def _after(table: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Of two tables of visits what the first found after the second."""
    return or_(table.c.visited > other.c.visited,
               (table.c.visited == other.c.visited) & (table.c.id > other.c.id))  # fmt: skip


def known(table: FromClause, known_by: date | None) -> ColumnElement[bool]:
    """Of a table of visits those that stood recorded on a day, or do now."""
    if known_by is None:
        return table.c.known_at.is_not(None) & standing(table)
    return (table.c.known_at <= known_by) & standing(table, known_by)


def standing(table: FromClause = visits, known_by: date | None = None) -> ColumnElement[bool]:
    """Of a table of visits those without a correction, or without one that was known on a day."""
    later = visits.alias()
    over: ColumnElement[bool] = later.c.corrects == table.c.id
    if known_by is not None:
        over &= later.c.known_at <= known_by
    return ~select(later.c.id).where(over).correlate(table).exists()
