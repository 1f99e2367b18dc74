"""Visits: planned by a list or made on one's own, recorded once, corrected by another row, closed by a verifier.

One that finds something about a family answers its other waiting visits (`answers`).

They come back as outcomes (`outcomes`): how a family was chosen and with what probability, and the day on which the
result became known, stand in every row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, insert, null, or_, select, update
from sqlalchemy.exc import IntegrityError

from serving.access.rights import AREA, Areas
from serving.faults import Faults
from serving.problems import Problem
from serving.store import answers, checks
from serving.store.answers import ANSWERS, TELLING
from serving.store.engine import now_of
from serving.store.lists import RESERVE
from serving.store.numbers import day_of
from serving.store.tables import people
from serving.store.tables_cases import list_places, lists, visits
from serving.store.tally import tally

RESULTS = ("above", "below", "moved", "died", "refused", "notfound", "wrong")
ANSWERED, REPLACED = "answered", "replaced"
STATUSES = ("planned", ANSWERED, "done", "closed", REPLACED)
"""How a visit stands: waiting, answered by another one, made, closed, asked for no longer since a newer version of its
list stands."""
_FOUND = ("result", "visited", "wrong", "intervention", "known_at")
_CHANGES = {"planned": 1, "done": 2, "closed": 3}
_SAME = ("household", "province", "regency", "list", "place", "channel", "probability", "planned_on", "due")
MOST_SUBDISTRICTS = 100
"""So many are offered to choose from."""
OWN, OBJECTION = "own", "objection"
"""Channels of visits that no list planned; the channel of the others is how the place in the list was given."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a visit found.

    visited : None where what was written is no date: told with all else that is wrong (`check`). wrong : fact to its
    right value, for the result `wrong`. moved_to : regency, for `moved`. intervention : help begun since the score was
    made.
    """

    result: str
    visited: date | None
    note: str = ""
    wrong: Mapping[str, str] | None = None
    moved_to: str | None = None
    intervention: str | None = None


def plan(connection: Connection, number: int, due: date) -> int:
    """Plan a visit to every place of a confirmed list (by its id) but the reserve; how many were added."""
    there = select(visits.c.place).where(visits.c.list == number, visits.c.corrects.is_(None))
    chosen = (select(
        list_places.c.household, list_places.c.province, list_places.c.regency, list_places.c.subdistrict,
        list_places.c.list, list_places.c.place, list_places.c.how.label("channel"), list_places.c.probability,
    ).join(lists, lists.c.id == list_places.c.list).where(
        list_places.c.list == number, lists.c.status == "confirmed", list_places.c.how != RESERVE,
        list_places.c.place.not_in(there)).order_by(list_places.c.place))  # fmt: skip
    own = {"planned_on": day_of(now_of(connection)), "due": due, "status": "planned", "note": ""}
    rows = [{**row._mapping, **own} for row in connection.execute(chosen)]
    for begin in range(0, len(rows), 5000):
        connection.execute(insert(visits), rows[begin : begin + 5000])
    answers.settle(connection, visits.c.list == number)
    return len(rows)


def record(connection: Connection, areas: Areas, by: int, visit: int, found: Found) -> int:
    """Record what a planned visit found; its id.

    Raises
    ------
    Problem : `not_in_area`; `visit_made` where it was recorded already; `visit_corrected`; `invalid`.
    """
    row = _find(connection, areas, visit)
    if row.status != "planned":
        raise Problem("visit_made")
    values = _values(connection, by, found)
    done = connection.execute(update(visits).where(visits.c.id == row.id, visits.c.status == "planned").values(values))
    if done.rowcount != 1:
        raise Problem("changed_meanwhile")
    answers.settle(connection, visits.c.household == row.household)
    return visit


def add(connection: Connection, areas: Areas, by: int, household: str, province: str | None, regency: str | None,
        found: Found, channel: str = OWN, subdistrict: str | None = None) -> int:  # fmt: skip
    """Record a visit that no list planned, to a household whose place is as its score row tells; its id."""
    checks.code(household)
    checks.choice("channel", channel, (OWN, OBJECTION))
    if not areas.covers(province, regency):
        raise Problem("not_in_area")
    place = {"province": province, "regency": regency, "subdistrict": subdistrict}
    return _insert(connection, {"household": household, **place, "channel": channel} | _values(connection, by, found))


def changed(row: Row[Any]) -> int:
    """How far a visit is, a number that grows with every change of it; a correction is a visit of its own."""
    return _CHANGES[row.status]


def state(row: Row[Any]) -> str:
    """How a visit stands, of `STATUSES`."""
    status: str = row.status
    if row.answered_by is not None:
        return ANSWERED
    return REPLACED if status == "planned" and row.replaced else status


def waits_closing(row: Row[Any], corrected: bool = False) -> None:
    """Problem of a visit that is none that was made and not yet closed: `visit_corrected`, `visit_not_made`,
    `visit_closed`."""
    if corrected:
        raise Problem("visit_corrected")
    if row.status != "done":
        raise Problem("visit_not_made" if row.status == "planned" else "visit_closed")


def correct(connection: Connection, areas: Areas, by: int, visit: int, found: Found, seen: int | None = None) -> int:
    """Record something else in place of one's own visit, which stays; the id of the new one.

    seen : its `changed` as the caller knows it. Problem `own_visit` for another's, `changed_meanwhile` where it is
    another than was seen, and those of `waits_closing`.
    """
    row = _find(connection, areas, visit, seen)
    if row.recorded_by not in (None, by):
        raise Problem("own_visit")
    waits_closing(row)
    same = {name: getattr(row, name) for name in (*_SAME, "subdistrict")}
    return _insert(connection, same | {"corrects": visit} | _values(connection, by, found))


def close(connection: Connection, areas: Areas, by: int, visit: int, seen: int | None = None) -> None:
    """Close a recorded visit (as it was `seen`). Problem `own_visit` for one's own, `changed_meanwhile`, and those of
    `waits_closing`."""
    row = _find(connection, areas, visit, seen)
    if row.recorded_by == by:
        raise Problem("own_visit")
    waits_closing(row)
    done = connection.execute(update(visits).where(
        visits.c.id == row.id, visits.c.status == "done",
    ).values(status="closed", closed_by=by, closed_at=now_of(connection)))  # fmt: skip
    if done.rowcount != 1:
        raise Problem("changed_meanwhile")


def search(connection: Connection, areas: Areas, *, status: str | None = None, list: int | None = None,
           due_before: date | None = None, recorded_by: int | None = None, not_by: int | None = None,
           subdistrict: str | None = None, after: tuple[date | None, int] | None = None,
           limit: int = 25) -> list[Row[Any]]:  # fmt: skip
    """Visits of the areas as they stand now, by due date; `after` is (due, id) of the last row of the page before."""
    where = _asked(areas, status, list, due_before, recorded_by, not_by)
    if subdistrict is not None:
        where.append(visits.c.subdistrict == subdistrict)
    if after is not None:
        due, last = after
        undated = visits.c.due.is_(None)
        where.append(undated & (visits.c.id > last) if due is None
                     else or_(visits.c.due > due, (visits.c.due == due) & (visits.c.id > last), undated))  # fmt: skip
    order = (visits.c.due.is_(None), visits.c.due, visits.c.id)
    page = select(visits.c.id).where(*where).order_by(*order).limit(limit)  # all are sorted, few are looked up
    return [*connection.execute(answers.rows().where(visits.c.id.in_(page)).order_by(*order))]


def subdistricts(connection: Connection, areas: Areas, status: str | None = None) -> list[str]:
    """Sub-districts in which visits of the areas stand so now, or in any way, by code; none where they are more than
    `MOST_SUBDISTRICTS`."""
    own = visits.c.subdistrict
    query = select(own).where(*_asked(areas, status, None, None, None, None), own.is_not(None)).distinct().order_by(own)
    found = [*connection.execute(query.limit(MOST_SUBDISTRICTS + 1)).scalars()]
    return found if len(found) <= MOST_SUBDISTRICTS else []


def count(connection: Connection, areas: Areas, *, status: str, due_before: date | None = None,
          not_by: int | None = None) -> int:  # fmt: skip
    """How many visits of the areas stand so now, as far as `tally` counts; not_by : recorded by anybody else."""
    return tally(connection, select(visits.c.id).where(*_asked(areas, status, None, due_before, None, not_by)))


def progress(connection: Connection, areas: Areas, list: int) -> tuple[int, int]:
    """Visits of a list in the areas as they stand now: how many need no going there any more, made or answered; and how
    many there are."""
    made = or_(visits.c.status != "planned", visits.c.answered_by.is_not(None))
    query = select(func.count().filter(made), func.count()).where(*_asked(areas, None, list, None, None, None))
    found = connection.execute(query.select_from(visits)).one()
    return int(found[0]), int(found[1])


def results(connection: Connection, areas: Areas, list: int) -> dict[int, tuple[str, date]]:
    """What was found of the places of a list (by its id) in the areas, by the visit to each, the one that answers it or
    the one that supersedes it, and the day; none of a place that is still to be visited."""
    query = answers.rows().where(visits.c.list == list, answers.standing(), _inside(areas))
    found = {row.place: (row.last or row.result or row.answer, row.last_day or row.visited or row.answer_day)
             for row in connection.execute(query)}  # fmt: skip
    return {place: own for place, own in found.items() if own[0]}


def look(connection: Connection, areas: Areas, visit: int) -> Row[Any] | None:
    """A visit of the areas, also one that was corrected (`newer` is what stands in its place), with the accounts of who
    recorded and closed it."""
    later, recorder, closer = visits.alias(), people.alias(), people.alias()
    query = (answers.rows().add_columns(later.c.id.label("newer"), recorder.c.account.label("recorder"),
                                 closer.c.account.label("closer"))
             .outerjoin(later, later.c.corrects == visits.c.id)
             .outerjoin(recorder, recorder.c.id == visits.c.recorded_by)
             .outerjoin(closer, closer.c.id == visits.c.closed_by)
             .where(visits.c.id == visit, _inside(areas)))  # fmt: skip
    return connection.execute(query).one_or_none()


def by_id(connection: Connection, visit: int) -> Row[Any] | None:
    """A visit that was just changed by who may; without a limit of areas."""
    return connection.execute(answers.rows().where(visits.c.id == visit)).one_or_none()


def answered(connection: Connection, row: Row[Any]) -> list[int]:
    """Visits to the same family that wait no longer because of this one, by id."""
    query = select(visits.c.id).where(visits.c.household == row.household, visits.c.answered_by == row.id)
    return [*connection.execute(query.order_by(visits.c.id)).scalars()]


def newly_answered(connection: Connection, row: Row[Any]) -> int:
    """How many of these had waited until this one was made, as no other visit answers them."""
    query = select(func.count()).where(visits.c.household == row.household, visits.c.answered_by == row.id,
                                       answers.answer(without=row.id).is_(None))  # fmt: skip
    return connection.execute(query).scalar_one()


def of(connection: Connection, areas: Areas, household: str) -> list[Row[Any]]:
    """Visits to a household as they stand now, the newest first."""
    query = answers.rows().where(visits.c.household == household, answers.standing(), _inside(areas))
    return [*connection.execute(query.order_by(visits.c.id.desc()))]


def same_day(rows: Iterable[Row[Any]], by: int, day: date) -> Row[Any] | None:
    """The last of the visits of a household (as they stand) that somebody recorded as made on a day; None where there
    is none. The day of recording says nothing: visits of several days are written down in one evening."""
    own = [row for row in rows if row.recorded_by == by and row.visited == day]
    return max(own, key=lambda row: row.id, default=None)


def finding(rows: Iterable[Row[Any]]) -> Row[Any] | None:
    """The last of the visits of a household (as they stand) that says how it stands; None where none does."""
    own = [row for row in rows if row.result in TELLING]
    return max(own, key=lambda row: (row.visited, row.id), default=None)


def findings(connection: Connection, areas: Areas, *, since: date | None = None,
             households: Collection[str] | Select[Any] | None = None) -> dict[str, Row[Any]]:  # fmt: skip
    """The last `finding` of each household that was visited in the areas, by its code.

    since : first day of a visit that counts. households : codes that are asked for, or a query of them; all without.
    """
    where = [answers.standing(), _inside(areas), visits.c.result.in_(TELLING)]
    if since is not None:
        where.append(visits.c.visited >= since)
    if households is not None:
        where.append(visits.c.household.in_(households))
    order = (visits.c.visited, visits.c.id)
    return {row.household: row for row in connection.execute(select(visits).where(*where).order_by(*order))}


def checked(connection: Connection, areas: Areas, day: date,
            households: Collection[str] | Select[Any] | None = None) -> dict[str, Row[Any]]:  # fmt: skip
    """Of each of these households (codes, or a query of them; of all without) the last visit in the areas that found
    something about it, by its code, where scores of a day do not know that: it was made later, or all are dead, which
    stays so until a visit finds how the family stands. Nobody is asked to look again."""
    where = [answers.standing(), _inside(areas), visits.c.result.in_(ANSWERS),
             (visits.c.visited > day) | visits.c.result.in_(TELLING)]  # fmt: skip
    if households is None:
        asked = visits.alias()
        households = select(asked.c.household).where((asked.c.visited > day) | (asked.c.result == "died"))
    where.append(visits.c.household.in_(households))
    last = dict[str, Row[Any]]()
    for row in connection.execute(select(visits).where(*where).order_by(visits.c.visited, visits.c.id)):
        if row.result in TELLING or row.household not in last or last[row.household].result != "died":
            last[row.household] = row
    return {code: row for code, row in last.items() if row.visited > day or row.result == "died"}


def found_since(connection: Connection, areas: Areas, list: int, moment: datetime, out: Mapping[str, str],
                ) -> tuple[dict[str, int], dict[str, int]]:  # fmt: skip
    """How many households with a place of a list (by its id) have a `finding` that was recorded after a moment, by it;
    and how many of those that have none by a finding (`out`, by code) have another one since.

    Its reserve has no place yet.
    """
    placed = select(list_places.c.household).where(list_places.c.list == list, list_places.c.how != RESERVE)
    on, off = ((row for row in findings(connection, areas, households=own).values() if row.recorded_at > moment)
               for own in (placed, out.keys()))  # fmt: skip
    return Counter(row.result for row in on), Counter(row.result for row in off if row.result != out[row.household])


def outcomes(connection: Connection, known_by: date) -> Iterator[Row[Any]]:
    """What was known of visits of the nation on a day, for learning, in the order of their ids.

    A visit that was answered by another one (`answered_by`) has what that one found, and its own list, place, channel
    and probability: else a list would miss just those that another list chose too.
    """
    told: list[ColumnElement[Any]] = [visits.c[name] for name in ("id", *_SAME)]
    told += [
        answers.BY.c.id.label("answered_by"),
        case((answers.BY.c.id.is_(None), answers.superseder(known_by))).label("superseded_by"),
        *(case((answers.BY.c.id.is_(None), visits.c[name]), else_=answers.BY.c[name]).label(name) for name in _FOUND),
    ]
    query = select(*told).select_from(answers.beside(known_by)).where(
        answers.known(visits, known_by) | answers.BY.c.id.is_not(None))  # fmt: skip
    with connection.execute(query.order_by(visits.c.id).execution_options(yield_per=2000)) as rows:
        yield from rows


def _find(connection: Connection, areas: Areas, visit: int, seen: int | None = None) -> Row[Any]:
    """A visit that stands; Problem `visit_corrected`, or `changed_meanwhile` for another than was seen."""
    row = connection.execute(select(visits, answers.standing().label("stands")).where(
        visits.c.id == visit, _inside(areas))).one_or_none()  # fmt: skip
    if row is None:
        raise Problem("not_in_area")
    if not row.stands:
        raise Problem("visit_corrected")
    if seen not in (None, changed(row)):
        raise Problem("changed_meanwhile")
    return row


def _insert(connection: Connection, values: dict[str, Any]) -> int:
    try:
        with connection.begin_nested():
            done = connection.execute(insert(visits).values(values))
    except IntegrityError:  # two corrections of one visit
        raise Problem("visit_corrected") from None
    assert done.inserted_primary_key is not None
    answers.settle(connection, visits.c.household == values["household"])
    return int(done.inserted_primary_key[0])


def check(found: Found, today: date, faults: Faults) -> dict[str, Any]:
    """What is kept of a finding, of use only where nothing is noted: every field that breaks a rule is, each by itself.

    A fact that is wrong is the field `wrong.FACT`.
    """
    faults.of(checks.choice, "result", found.result, RESULTS)
    wrong = {faults.of(checks.note, "wrong", name): faults.of(checks.note, f"wrong.{name[:40]}", value)
             for name, value in (found.wrong or {}).items()}  # fmt: skip
    if (found.result == "wrong") != bool(wrong):
        faults.tell("wrong", "required" if not wrong else "choice")
    if found.moved_to is not None and (found.result != "moved" or not AREA.fullmatch(found.moved_to)):
        faults.tell("moved_to", "area")
    help_ = None if found.intervention is None else faults.of(checks.note, "intervention", found.intervention)
    return {"result": found.result, "visited": faults.of(checks.past, "visited", found.visited, today),
            "note": faults.of(checks.note, "note", found.note), "wrong": wrong or null(), "moved_to": found.moved_to,
            "intervention": help_ and help_[:80]}  # fmt: skip


def _values(connection: Connection, by: int, found: Found) -> dict[str, Any]:
    moment, faults = now_of(connection), Faults()
    today = day_of(moment)
    own = check(found, today, faults)
    faults.refuse()
    return own | {"status": "done", "recorded_by": by, "recorded_at": moment, "known_at": today}


def _asked(areas: Areas, status: str | None, list: int | None, due_before: date | None, recorded_by: int | None,
           not_by: int | None) -> list[ColumnElement[bool]]:  # fmt: skip
    asked = [(visits.c.status, "planned" if status in (ANSWERED, REPLACED) else status), (visits.c.list, list),
             (visits.c.recorded_by, recorded_by)]  # fmt: skip
    where = [answers.standing(), _inside(areas), *(column == value for column, value in asked if value is not None)]
    if status is not None:  # only a waiting one has an answer; said of all, so that the index serves each
        where.append(visits.c.answered_by.is_not(None) if status == ANSWERED else visits.c.answered_by.is_(None))
    if status in ("planned", REPLACED):
        where.append(answers.of_replaced() if status == REPLACED else ~answers.of_replaced())
    if due_before is not None:
        where.append(visits.c.due < due_before)
    if not_by is not None:
        where.append(visits.c.recorded_by.is_distinct_from(not_by))
    return where


def _inside(areas: Areas) -> ColumnElement[bool]:
    return areas.clause(visits.c.province, visits.c.regency)
