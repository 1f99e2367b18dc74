"""Lists before they are confirmed: drafted, drafted anew by who made them, and confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from serving.access.rights import Areas, columns_of
from serving.problems import Problem
from serving.store import checks, numbers
from serving.store.engine import now_of
from serving.store.lists import digest, in_areas
from serving.store.tables_cases import list_outside, list_places, lists
from serving.store.tally import tally


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list; `how` it was given (ranked, fast_lane, random, reserve ...), `why` as a code or short text.

    probability : of being selected under the rules, for weights when outcomes come back. amount : rupiah.
    """

    household: str
    province: str | None
    regency: str | None
    scheme: str
    how: str
    why: str = ""
    risk: float | None = None
    low: float | None = None
    high: float | None = None
    need: float | None = None
    kind: str | None = None
    probability: float | None = None
    verify: bool = False
    amount: int | None = None
    subdistrict: str | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A household on neither the list nor its reserve, next to the cut of a scheme."""

    household: str
    province: str | None
    regency: str | None
    scheme: str
    rank: int
    risk: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a list is before it is confirmed.

    area : BPS code of the smallest area that holds it, "" the nation. settings : the rules, as they can be drawn with
    again. result : what was shown of it: counts, marginal pair, money, expected errors. run, bundle : of the scores.
    replaces : the list that this is a new version of.
    """

    quarter: str
    title: str
    area: str
    settings: Mapping[str, Any]
    result: Mapping[str, Any]
    run: str
    bundle: str
    synthetic: bool
    cut: float | None = None
    budget: int | None = None
    replaces: int | None = None


def draft(connection: Connection, areas: Areas, by: int, own: Draft, places: Sequence[Place],
          beyond: Sequence[Outside] = ()) -> int:  # fmt: skip
    """Keep a draft; its id. Problem `not_in_area` where it, a place or one of those beyond is outside the areas.

    beyond : who stands next to its cut, and on neither list nor reserve.
    """
    done = connection.execute(insert(lists).values(
        **_values(areas, own), status="draft", made_by=by, made_at=now_of(connection), changed=1, reason="",
    ))  # fmt: skip
    assert done.inserted_primary_key is not None
    number = int(done.inserted_primary_key[0])
    _put(connection, areas, number, places, beyond)
    return number


def redraft(connection: Connection, areas: Areas, by: int, number: int, changed: int, own: Draft,
            places: Sequence[Place], beyond: Sequence[Outside] = ()) -> int:  # fmt: skip
    """Replace one's own draft as it was seen at `changed`; the new `changed`. Problem `changed_meanwhile`."""
    done = connection.execute(update(lists).where(
        lists.c.id == number, lists.c.made_by == by, lists.c.status == "draft", lists.c.changed == changed,
    ).values(**_values(areas, own), made_at=now_of(connection), changed=changed + 1))  # fmt: skip
    if done.rowcount != 1:
        raise Problem("changed_meanwhile")
    _empty(connection, number)
    _put(connection, areas, number, places, beyond)
    return changed + 1


def forgotten(moment: datetime, days: int) -> ColumnElement[bool]:
    """Drafts drawn more than so many days ago."""
    return (lists.c.status == "draft") & (lists.c.made_at < moment - timedelta(days=days))


def confirm(connection: Connection, areas: Areas, by: int, number: int, changed: int, reason: str,
            also_on: Sequence[Mapping[str, Any]] = ()) -> Row[Any]:  # fmt: skip
    """Confirm a draft as it was seen at `changed`; its row, with number, version and hash.

    also_on : other lists that hold families of it, kept with its result and under its hash.

    Raises
    ------
    Problem : `changed_meanwhile` where the draft is another now, or another new version was confirmed first;
        `invalid` without a reason.
    """
    reason = checks.note("reason", reason, required=True)
    row = connection.execute(select(lists).where(lists.c.id == number, in_areas(areas)).with_for_update()).one_or_none()
    if row is None:
        raise Problem("not_in_area")
    if row.status != "draft":
        raise Problem("list_immutable")
    if row.changed != changed:
        raise Problem("changed_meanwhile")
    own, version = _number(connection, row.replaces)
    connection.execute(update(lists).where(lists.c.id == number).values(
        result={**row.result, "also_on": [*also_on]}))  # fmt: skip
    connection.execute(update(lists).where(lists.c.id == number).values(
        status="confirmed", number=own, version=version, reason=reason, confirmed_by=by,
        confirmed_at=now_of(connection), hash=digest(connection, number)))  # fmt: skip
    return connection.execute(select(lists).where(lists.c.id == number)).one()


def _number(connection: Connection, replaces: int | None) -> tuple[str, int]:
    if replaces is None:
        return numbers.take(connection, "D"), 1
    # The list that is replaced is locked: of two new versions the second one finds the first.
    old = connection.execute(select(lists).where(lists.c.id == replaces).with_for_update()).one_or_none()
    if old is None or old.number is None:
        raise Problem("not_in_area")
    newest = connection.execute(select(func.max(lists.c.version)).where(lists.c.number == old.number)).scalar_one()
    if newest != old.version:
        raise Problem("changed_meanwhile")
    return old.number, newest + 1


def own_draft(connection: Connection, areas: Areas, by: int, number: int) -> Row[Any] | None:
    """One's own draft, where all of it lies in the areas: a token may be for less than its owner's."""
    return connection.execute(select(lists).where(
        lists.c.id == number, lists.c.made_by == by, lists.c.status == "draft", in_areas(areas),
    )).one_or_none()  # fmt: skip


def was_confirmed(connection: Connection, by: int, number: int) -> bool:
    """Whether what was one's own draft is confirmed."""
    query = select(lists.c.status).where(lists.c.id == number, lists.c.made_by == by)
    return connection.execute(query).scalar_one_or_none() == "confirmed"


def count_drafts(connection: Connection, made_by: int) -> int:
    """How many drafts of a person wait to be confirmed, as far as `tally` counts."""
    return tally(connection, select(lists.c.id).where(lists.c.status == "draft", lists.c.made_by == made_by))


_COLUMNS = tuple(field.name for field in fields(Place))


def _values(areas: Areas, own: Draft) -> dict[str, Any]:
    values = asdict(own)
    area = values.pop("area")
    values |= columns_of(area)
    if not areas.covers(values["province"], values["regency"]):
        raise Problem("not_in_area")
    return values


def _empty(connection: Connection, number: int) -> None:
    for table in (list_places, list_outside):
        connection.execute(delete(table).where(table.c.list == number))


def _put(connection: Connection, areas: Areas, number: int, given: Sequence[Place], beyond: Sequence[Outside]) -> None:
    everybody: list[Place | Outside] = [*given, *beyond]
    for own in everybody:
        checks.code(own.household)
        if not areas.covers(own.province, own.regency):
            raise Problem("not_in_area")
    rows = [{"list": number, "place": at, **{name: getattr(place, name) for name in _COLUMNS}}
            for at, place in enumerate(given, start=1)]  # fmt: skip
    for begin in range(0, len(rows), 5000):
        connection.execute(insert(list_places), rows[begin : begin + 5000])
    if beyond:
        connection.execute(insert(list_outside), [{"list": number, "n": at, **asdict(one)}
                                                  for at, one in enumerate(beyond, start=1)])  # fmt: skip
