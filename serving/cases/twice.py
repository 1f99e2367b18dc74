"""Families that are drawn although another confirmed list of the same quarter gives them the same scheme."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from models.targeting import Drawn
from models.targeting.drawn import ON
from serving.access.rights import Areas
from serving.office import Office
from serving.store import lists


def listed(office: Office, areas: Areas, drawn: Drawn, replaces: int | None) -> dict[lists.Name, int]:
    """How many of the drawn places, without the reserve, are of families on other lists, by the list's name.

    Only lists of the same quarter and scheme, in their newest versions, and their places in the areas. replaces : id of
    the list that this one is to be a new version of, which is no other list.
    """
    own = drawn.places
    homes: dict[str, set[str]] = {}
    for code, cell, channel in zip(own.household.tolist(), own.cell.tolist(), own.channel.tolist(), strict=True):
        if channel < ON:
            homes.setdefault(drawn.cells[cell].scheme, set()).add(code.decode())
    with office.store.reading() as connection:
        return lists.holding_too(connection, areas, drawn.rules.period, homes, replaces)


def confirmed(connection: Connection, areas: Areas, draft: Row[Any]) -> list[dict[str, Any]]:
    """The same of a draft that is confirmed now, as its accounts keep it (`also_on`): `list`, `version`, `families`.

    What its officer confirmed in spite of stays with the list; other lists may be replaced later.
    """
    homes: dict[str, set[str]] = {}
    for place in lists.places(connection, areas, draft.id, limit=None):
        if place.how != lists.RESERVE:
            homes.setdefault(place.scheme, set()).add(place.household)
    found = lists.holding_too(connection, areas, draft.quarter, homes, draft.replaces)
    return [{"list": name.number, "version": name.version, "families": count} for name, count in found.items()]
