"""Confirmed lists: never changed, since a change is a new version; what they hold, and in which of them a family is.

How one comes to be is in `serving.store.list_drafts`; `search` finds drafts too.

A caller sees a list whose area is theirs, or that has places in it, or had in an earlier version: who left is told to
them. Of its places they see those of their areas alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Select, exists, func, or_, select, true

from serving.access.rights import Areas
from serving.store.tables import people
from serving.store.tables_cases import list_outside, list_places, lists

RESERVE = "reserve"
MOST_LISTS = 200
"""Lists that are looked through for the end of a place's last one."""


@dataclass(frozen=True, slots=True)
class Name:
    """What people call a confirmed list: its number, with the version where there are several."""

    number: str
    version: int
    newest: int

    @classmethod
    def of(cls, row: Row[*tuple[Any, ...]]) -> Name:
        """Of a row that tells the three."""
        return cls(row.number, row.version, row.newest)

    def __str__(self) -> str:
        return f"{self.number} v{self.version}" if self.newest > 1 else self.number


def find(connection: Connection, areas: Areas, number: str, version: int | None = None) -> Row[Any] | None:
    """A confirmed list by its number, the newest version without one; `newest` tells the newest there is, `confirmer`
    the name of who confirmed it."""
    newest = select(func.max(lists.c.version)).where(lists.c.number == number).scalar_subquery()
    name = select(people.c.name).where(people.c.id == lists.c.confirmed_by).scalar_subquery()
    return connection.execute(select(lists, newest.label("newest"), name.label("confirmer")).where(
        lists.c.number == number, lists.c.version == (newest if version is None else version), _seen(areas),
    )).one_or_none()  # fmt: skip


def search(connection: Connection, areas: Areas, *, quarter: str | None = None, status: str | None = None,
           made_by: int | None = None, before: int | None = None, limit: int = 25) -> list[Row[Any]]:  # fmt: skip
    """Lists of the areas, the newest first; `before` is the id of the last one of the page before. `newest` tells the
    newest version of its number that there is, None of a draft."""
    asked = [(lists.c.quarter, quarter), (lists.c.status, status), (lists.c.made_by, made_by)]
    where = [_seen(areas), *(column == value for column, value in asked if value is not None)]
    if before is not None:
        where.append(lists.c.id < before)
    query = select(lists, _newest().label("newest")).where(*where).order_by(lists.c.id.desc()).limit(limit)
    return list(connection.execute(query))


def earlier(connection: Connection, areas: Areas, period: str) -> list[Row[Any]]:
    """Newest versions of confirmed lists that lie in the areas and whose quarter ended before a period, the last
    quarter first, and of one quarter the newest first: id, number, version, newest (the same), quarter, title,
    settings (their rules), province, regency."""
    names = (lists.c.id, lists.c.number, lists.c.version, lists.c.version.label("newest"), lists.c.quarter,
             lists.c.title, lists.c.settings, lists.c.province, lists.c.regency)  # fmt: skip
    query = select(*names).where(lists.c.status == "confirmed", lists.c.version == _newest(), in_areas(areas),
                                 lists.c.quarter < period)  # fmt: skip
    found: list[Row[Any]] = list(connection.execute(query))
    rows = [row for row in found if _end(row.quarter) < _end(period)]
    return sorted(rows, key=lambda row: (_end(row.quarter), row.id), reverse=True)


def _end(quarter: str) -> str:
    """A quarter as it is compared: a year ends with its last quarter."""
    return quarter.ljust(6, "~")


def places(connection: Connection, areas: Areas, number: int, *, how: str | None = None, after: int = 0,
           limit: int | None = 25, subdistrict: str | None = None) -> list[Row[Any]]:  # fmt: skip
    """Places of a list (by its id) in the areas, in its order, after place `after`; all of them where limit is None."""
    where = [list_places.c.list == number, list_places.c.place > after, _inside(areas)]
    if how is not None:
        where.append(list_places.c.how == how)
    if subdistrict is not None:
        where.append(list_places.c.subdistrict == subdistrict)
    return list(connection.execute(select(list_places).where(*where).order_by(list_places.c.place).limit(limit)))


def households(number: int) -> Select[Any]:
    """A query of the codes of the places of a list (by its id)."""
    return select(list_places.c.household).where(list_places.c.list == number)


def outside(connection: Connection, areas: Areas, number: int) -> list[Row[Any]]:
    """Households in the areas on neither a list (by its id) nor its reserve, next to its cut when it was drawn, by
    rank."""
    inside = areas.clause(list_outside.c.province, list_outside.c.regency)
    query = select(list_outside).where(list_outside.c.list == number, inside).order_by(list_outside.c.n)
    return list(connection.execute(query))


def subdistricts(connection: Connection, areas: Areas, number: int) -> list[str]:
    """Sub-districts that places of a list lie in, in the areas, by code."""
    own = list_places.c.subdistrict
    query = select(own).where(list_places.c.list == number, own.is_not(None), _inside(areas)).distinct().order_by(own)
    return list(connection.execute(query).scalars())


def totals(connection: Connection, areas: Areas, number: int) -> dict[tuple[str, str], int]:
    """Places of a list in the areas by scheme and how they were given."""
    query = (select(list_places.c.scheme, list_places.c.how, func.count()).where(
        list_places.c.list == number, _inside(areas)).group_by(list_places.c.scheme, list_places.c.how))  # fmt: skip
    return {(scheme, how): count for scheme, how, count in connection.execute(query)}


def holding(connection: Connection, areas: Areas, household: str) -> list[Row[Any]]:
    """Confirmed lists with a household, the newest first: number, version, quarter, confirmed_at, scheme, place, how,
    newest."""
    newest = _newest()
    return list(connection.execute(select(
        lists.c.id, lists.c.number, lists.c.version, lists.c.quarter, lists.c.confirmed_at, list_places.c.scheme,
        list_places.c.place, list_places.c.how, newest.label("newest"),
    ).join(lists, lists.c.id == list_places.c.list).where(
        list_places.c.household == household, lists.c.status == "confirmed", _inside(areas),
    ).order_by(lists.c.id.desc())))  # fmt: skip


def holding_too(connection: Connection, areas: Areas, quarter: str, homes: Mapping[str, Collection[str]],
                replaces: int | None = None) -> dict[Name, int]:  # fmt: skip
    """Name of a confirmed list of a quarter to how many of these households (by scheme) have a place of it in the
    areas and in the same scheme, reserves left out; the list that `replaces` is a version of does not count."""
    old = lists.alias()
    same = select(old.c.number).where(old.c.id == replaces).scalar_subquery()
    where = [lists.c.status == "confirmed", lists.c.quarter == quarter, lists.c.version == _newest(), _inside(areas),
             list_places.c.scheme.in_(homes), list_places.c.how != RESERVE]  # fmt: skip
    if replaces is not None:
        where.append(lists.c.number != same)
    query = select(lists.c.number, lists.c.version, list_places.c.scheme, list_places.c.household).join(
        list_places, lists.c.id == list_places.c.list).where(*where).order_by(lists.c.id)  # fmt: skip
    found: dict[Name, int] = {}
    with connection.execute(query.execution_options(yield_per=5000)) as rows:
        for number, version, scheme, household in rows:
            if household in homes[scheme]:
                name = Name(number, version, version)
                found[name] = found.get(name, 0) + 1
    return found


def names(connection: Connection, ids: Iterable[int | None]) -> dict[int, Name]:
    """Names of confirmed lists by id; None, of what is about no list, has none."""
    known = {own for own in ids if own is not None}
    if not known:
        return {}
    query = select(lists.c.id, lists.c.number, lists.c.version, _newest().label("newest")).where(
        lists.c.id.in_(known), lists.c.number.is_not(None))  # fmt: skip
    return {row.id: Name.of(row) for row in connection.execute(query)}


def around(connection: Connection, areas: Areas, province: str | None, regency: str | None) -> list[Row[Any]]:
    """Newest versions of confirmed lists that had room in a place, confirmed last first: number, version, newest (the
    same), quarter, cells (of the whole list, without any household)."""
    at = or_(lists.c.regency == regency, lists.c.regency.is_(None) & (
        lists.c.province.is_(None) | (lists.c.province == province)))  # fmt: skip
    query = select(lists.c.number, lists.c.version, lists.c.version.label("newest"), lists.c.quarter,
                   lists.c.result["cells"].label("cells")).where(
        lists.c.status == "confirmed", lists.c.version == _newest(), at, _seen(areas)).order_by(
        lists.c.confirmed_at.desc(), lists.c.id.desc()).limit(MOST_LISTS)  # fmt: skip
    homes = {"", province, regency}
    rows: list[Row[Any]] = list(connection.execute(query))
    return [row for row in rows if any(cell["area"] in homes for cell in row.cells)]


def cells(connection: Connection, areas: Areas, provinces: Collection[str], regencies: Collection[str],
          most: int | None = MOST_LISTS) -> list[Row[Any]]:  # fmt: skip
    """Cells of the newest versions of lists by risk that hold one of these places, confirmed last first: number,
    version, newest (the same), cells, schemes (their rules), inputs.

    The cells are those of the whole list, without any household.
    """
    place = or_(lists.c.regency.in_(regencies), lists.c.regency.is_(None) & (
        lists.c.province.is_(None) | lists.c.province.in_(provinces)))  # fmt: skip
    return list(connection.execute(select(
        lists.c.number, lists.c.version, lists.c.version.label("newest"), lists.c.result["cells"].label("cells"),
        lists.c.settings["scheme"].label("schemes"), lists.c.result["inputs"].label("inputs"),
    ).where(
        lists.c.status == "confirmed", lists.c.version == _newest(), place, _seen(areas),
        lists.c.settings["order"].as_string() == "risk",
    ).order_by(lists.c.confirmed_at.desc(), lists.c.id.desc()).limit(most)))  # fmt: skip


def _newest() -> ScalarSelect[Any]:
    other = lists.alias()
    return select(func.max(other.c.version)).where(other.c.number == lists.c.number).scalar_subquery()


def digest(connection: Connection, number: int) -> str:
    """SHA-256 of a list as it stands: what it was drawn by, every place in order, and who stood next to its cut."""
    row = connection.execute(select(lists).where(lists.c.id == number)).one()
    total = hashlib.sha256(_canonical({name: getattr(row, name) for name in _SIGNED}))
    query = select(list_places).where(list_places.c.list == number).order_by(list_places.c.place)
    with connection.execute(query.execution_options(yield_per=5000)) as rows:
        for place in rows:
            total.update(b"\n" + _canonical(dict(place._mapping) | {"list": 0}))
    beyond = select(list_outside).where(list_outside.c.list == number).order_by(list_outside.c.n)
    for row in connection.execute(beyond):
        total.update(b"\n" + _canonical(dict(row._mapping) | {"list": 0}))
    return total.hexdigest()


def broken(connection: Connection) -> Iterator[str]:
    """Numbers and versions of confirmed lists that are not what was confirmed."""
    query = select(lists.c.id, lists.c.number, lists.c.version, lists.c.hash).where(lists.c.status == "confirmed")
    for row in list(connection.execute(query)):
        if digest(connection, row.id) != row.hash:
            yield f"{row.number} v{row.version}"


_SIGNED = ("quarter", "title", "province", "regency", "settings", "result", "run", "bundle", "cut", "budget",
           "synthetic", "made_by", "replaces")  # fmt: skip


def in_areas(areas: Areas) -> ColumnElement[bool]:
    """That all of a list lies in the areas."""
    return areas.clause(lists.c.province, lists.c.regency)


def _inside(areas: Areas) -> ColumnElement[bool]:
    return areas.clause(list_places.c.province, list_places.c.regency)


def _seen(areas: Areas) -> ColumnElement[bool]:
    if areas.everywhere:
        return true()
    version = lists.alias()
    same = or_(version.c.id == lists.c.id, (version.c.number == lists.c.number) & (version.c.version < lists.c.version))
    return or_(in_areas(areas), exists().where(list_places.c.list == version.c.id, same, _inside(areas)))


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
