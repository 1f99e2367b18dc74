"""Objections (usul-sanggah): lodged, taken through their stages, decided by who did not draw the list or open them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from serving.access.rights import Areas
from serving.faults import Faults
from serving.problems import Broken, Problem
from serving.scores.kept_run import run_day
from serving.store import checks, numbers
from serving.store.engine import now_of
from serving.store.lists import RESERVE
from serving.store.tables_cases import list_places, lists, objection_events, objections
from serving.store.tally import tally

DAYS = 14
"""Days until an answer is due, where the configuration does not say."""
KINDS = ("proposal", "data", "result")
"""usul masuk, sanggah data, sanggah hasil."""
ASKERS = ("family", "village_official", "companion")
CHANNELS = ("counter", "cek_bansos", "companion")
STAGES = ("lodged", "completeness", "village", "verification", "decision", "notice")
STATES = ("running", "incomplete", "done")
"""Of a stage that was begun; one without an event was not."""
OUTCOMES = ("upheld", "partly", "rejected", "withdrawn")

ACCEPTED = ("upheld", "partly")


@dataclass(frozen=True, slots=True)
class Lodged:
    """What is objected to, by whom.

    list : id of the list objected to, needed for the kind `result`. facts : names of the contested features.
    contested : what the scores told of these, kept as it stood (`cases.objections.contested`). evidence : kinds of
    papers seen.
    """

    household: str
    province: str | None
    regency: str | None
    kind: str
    asker: str
    channel: str
    facts: Sequence[str] = ()
    evidence: Sequence[str] = ()
    note: str = ""
    list: int | None = None
    contested: Mapping[str, Any] | None = None


def check(faults: Faults, kind: str, asker: str, channel: str, note: str, listed: bool) -> None:
    """Note every field of a case that breaks a rule; listed : whether a list is named."""
    for field, value, choices in (("kind", kind, KINDS), ("asker", asker, ASKERS), ("channel", channel, CHANNELS)):
        faults.of(checks.choice, field, value, choices)
    faults.of(checks.note, "note", note)
    if kind == "result" and not listed:
        faults.tell("list_number", "required")


def open(connection: Connection, areas: Areas, by: int, lodged: Lodged, days: int = DAYS,
         known: Iterable[Broken] = ()) -> Row[Any]:  # fmt: skip
    """Lodge an objection; its row, with number and deadline. Problem `not_in_area`, `invalid`.

    known : what is known to be broken already, told with all else.
    """
    checks.code(lodged.household)
    if not areas.covers(lodged.province, lodged.regency):
        raise Problem("not_in_area")
    faults = Faults(known)
    check(faults, lodged.kind, lodged.asker, lodged.channel, lodged.note, lodged.list is not None)
    faults.refuse()
    if lodged.list is not None:
        _confirmed(connection, areas, lodged.list)
    moment = now_of(connection)
    number = numbers.take(connection, "S")
    done = connection.execute(insert(objections).values(
        number=number, household=lodged.household, province=lodged.province, regency=lodged.regency, list=lodged.list,
        kind=lodged.kind, asker=lodged.asker, channel=lodged.channel,
        facts=[checks.note("facts", fact) for fact in lodged.facts], contested=lodged.contested,
        evidence=[checks.note("evidence", paper) for paper in lodged.evidence], note=checks.note("note", lodged.note),
        stage="lodged", deadline=numbers.day_of(moment) + timedelta(days=days), opened_by=by,
        opened_at=moment, changed=1))  # fmt: skip
    assert done.inserted_primary_key is not None
    _event(connection, int(done.inserted_primary_key[0]), by, "lodged", "done", "")
    return connection.execute(select(objections).where(objections.c.number == number)).one()


def step(connection: Connection, areas: Areas, by: int, number: str, changed: int, stage: str, state: str,
         note: str = "") -> int:  # fmt: skip
    """Note how far a stage is, as the case was seen at `changed`; the new `changed`. Never back to an earlier stage.

    The stages `decision` and `notice` follow `decide`. Problem `changed_meanwhile`, `invalid`, `not_in_area`.
    """
    row, faults = _seen(connection, areas, number, changed), Faults()
    open_ = STAGES[1:4] if row.outcome is None else STAGES[4:]
    ahead = [own for own in open_ if STAGES.index(own) >= STAGES.index(row.stage)]
    if stage == "decision" and row.outcome is None:
        faults.tell("outcome", "required")
    else:
        faults.of(checks.choice, "stage", stage, ahead)
    faults.of(checks.choice, "state", state, STATES)
    note = faults.of(checks.note, "note", note)
    faults.refuse()
    _change(connection, row, stage=stage)
    _event(connection, row.id, by, stage, state, note)
    return changed + 1


def decide(connection: Connection, areas: Areas, by: int, number: str, changed: int, outcome: str, reason: str,
           ) -> int:  # fmt: skip
    """Decide a case as it was seen at `changed`; the new `changed`. A decision is not changed afterwards.

    Raises
    ------
    Problem : `own_list` for who opened the case, or drew or confirmed a list it may be about; `case_decided`;
        `changed_meanwhile`; `invalid`; `not_in_area`.
    """
    faults = Faults()
    faults.of(checks.choice, "outcome", outcome, OUTCOMES)
    reason = faults.of(checks.note, "reason", reason, required=True)
    faults.refuse()
    row = _seen(connection, areas, number, changed)
    if row.outcome is not None:
        raise Problem("case_decided")
    if by in makers(connection, row):
        raise Problem("own_list")
    _change(connection, row, stage="decision", outcome=outcome, reason=reason, decided_by=by,
            decided_at=now_of(connection))  # fmt: skip
    _event(connection, row.id, by, "decision", "done", "")
    return changed + 1


def find(connection: Connection, areas: Areas, number: str) -> Row[Any] | None:
    """A case by its number."""
    return connection.execute(select(objections).where(objections.c.number == number, _inside(areas))).one_or_none()


def events(connection: Connection, objection: int) -> list[Row[Any]]:
    """What happened to a case (by its id), in order."""
    query = select(objection_events).where(objection_events.c.objection == objection)
    return [*connection.execute(query.order_by(objection_events.c.n))]


def search(connection: Connection, areas: Areas, *, waiting: bool | None = None, due_by: date | None = None,
           opened_by: int | None = None, after: tuple[date, int] | None = None, limit: int = 25,
           accepted_for: Row[Any] | None = None) -> list[Row[Any]]:  # fmt: skip
    """Cases of the areas by deadline; `after` is (deadline, id) of the last row of the page before. accepted_for : a
    list, for those that `accepted` counts."""
    where = [_inside(areas)]
    if waiting is not None:
        where.append(objections.c.outcome.is_(None) if waiting else objections.c.outcome.is_not(None))
    if due_by is not None:
        where.append(objections.c.deadline <= due_by)
    if opened_by is not None:
        where.append(objections.c.opened_by == opened_by)
    if accepted_for is not None:
        where += _accepted(accepted_for)
    if after is not None:
        deadline, last = after
        where.append((objections.c.deadline > deadline)
                     | ((objections.c.deadline == deadline) & (objections.c.id > last)))  # fmt: skip
    return [*connection.execute(select(objections).where(*where).order_by(
        objections.c.deadline, objections.c.id).limit(limit))]  # fmt: skip


def count(connection: Connection, areas: Areas, due_by: date) -> int:
    """How many cases of the areas wait for a decision that is due by a day, as far as `tally` counts."""
    return tally(connection, select(objections.c.id).where(
        _inside(areas), objections.c.outcome.is_(None), objections.c.deadline <= due_by))  # fmt: skip


def accepted(connection: Connection, areas: Areas, list: Row[Any]) -> int:
    """How many cases of the areas and of a list's place were accepted, whole or in part, that its scores cannot hold
    (`unheeded_from`), as far as `tally` counts; no proposal of a family that has a place on it."""
    return tally(connection, select(objections.c.id).where(_inside(areas), *_accepted(list)))


def unheeded_from(drawn: Row[Any]) -> datetime:
    """From when on no decision is in the scores of a list: the day that these tell, or, where made-up ones lie ahead of
    the clock, when it was drawn."""
    made: datetime = drawn.made_at
    return min(datetime.combine(run_day(drawn.run), time(), numbers.WESTERN), made)


def _accepted(drawn: Row[Any]) -> list[ColumnElement[bool]]:
    placed = select(list_places.c.household).where(list_places.c.list == drawn.id, list_places.c.how != RESERVE)
    home = {name: getattr(drawn, name) for name in ("province", "regency") if getattr(drawn, name)}
    return [*(objections.c[name] == code for name, code in home.items()), objections.c.outcome.in_(ACCEPTED),
            objections.c.decided_at >= unheeded_from(drawn),
            (objections.c.kind != "proposal") | objections.c.household.not_in(placed)]  # fmt: skip


def of(connection: Connection, areas: Areas, household: str) -> list[Row[Any]]:
    """Cases of a household, the newest first."""
    query = select(objections).where(objections.c.household == household, _inside(areas))
    return [*connection.execute(query.order_by(objections.c.id.desc()))]


def _confirmed(connection: Connection, areas: Areas, number: int) -> None:
    held = select(list_places.c.place).where(
        list_places.c.list == number, areas.clause(list_places.c.province, list_places.c.regency)).exists()  # fmt: skip
    mine = areas.clause(lists.c.province, lists.c.regency) | held
    query = select(lists.c.id).where(lists.c.id == number, lists.c.status == "confirmed", mine)
    if connection.execute(query).one_or_none() is None:
        raise Problem("not_in_area")


def makers(connection: Connection, row: Row[Any]) -> set[int]:
    """Who opened the case, and who drew or confirmed a list that it may be about: the one objected to, each that the
    family is in, and of each area around it those of the last quarter, which may have left the family off.

    A list is named by who opens the case, so what is not named counts as well.
    """
    same = lists.alias()
    last = select(func.max(same.c.quarter)).where(
        same.c.status == "confirmed", same.c.province.is_not_distinct_from(lists.c.province),
        same.c.regency.is_not_distinct_from(lists.c.regency)).scalar_subquery()  # fmt: skip
    around = or_(lists.c.regency == row.regency, lists.c.regency.is_(None) & (
        lists.c.province.is_(None) | (lists.c.province == row.province)))  # fmt: skip
    holding = select(list_places.c.list).where(list_places.c.household == row.household)
    query = select(lists.c.made_by, lists.c.confirmed_by).where(
        lists.c.status == "confirmed",
        or_(lists.c.id == row.list, lists.c.id.in_(holding), around & (lists.c.quarter == last)))  # fmt: skip
    return {row.opened_by, *(person for pair in connection.execute(query) for person in pair)}


def _seen(connection: Connection, areas: Areas, number: str, changed: int) -> Row[Any]:
    row = find(connection, areas, number)
    if row is None:
        raise Problem("not_in_area")
    if row.changed != changed:
        raise Problem("changed_meanwhile")
    return row


def _change(connection: Connection, row: Row[Any], **values: Any) -> None:
    done = connection.execute(update(objections).where(
        objections.c.id == row.id, objections.c.changed == row.changed,
    ).values(changed=row.changed + 1, **values))  # fmt: skip
    if done.rowcount != 1:
        raise Problem("changed_meanwhile")


def _event(connection: Connection, objection: int, by: int, stage: str, state: str, note: str) -> None:
    last = connection.execute(select(func.max(objection_events.c.n)).where(
        objection_events.c.objection == objection)).scalar_one()  # fmt: skip
    connection.execute(insert(objection_events).values(
        objection=objection, n=(last or 0) + 1, stage=stage, state=state, note=note, person=by, at=now_of(connection),
    ))  # fmt: skip


def _inside(areas: Areas) -> ColumnElement[bool]:
    return areas.clause(objections.c.province, objections.c.regency)
