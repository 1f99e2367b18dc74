"""Shapes of lists: what is asked and what is answered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from models.targeting.drawn import Channel
from serving.api import bodies
from serving.api.shapes import Asked, Changing, ListName, Note, Number, Page, PageQuery, Subdistrict
from serving.cases import lists
from serving.faults import Faults
from serving.store import checks


class Lists(PageQuery):
    """Which lists."""

    quarter: str | None = Field(None, pattern=r"^[0-9]{4}(Q[1-4])?$", description="Such as 2026Q4; any without it.")
    status: Literal["confirmed", "draft"] = Field("confirmed", description="`draft`: the caller's own.")


class PlacesQuery(PageQuery):
    """Which places."""

    version: Number | None = Field(None, description="The newest without it.")
    channel: Channel | None = Field(None, description="How the place was given; any without it.")
    subdistrict: Subdistrict | None = Field(None, description="Kecamatan.")


class NewList(Asked):
    """Rules of a list, and the list of the quarter before."""

    rules: dict[str, Any] = Field(description="As in the file of rules of `jaga lists draw` (docs/lists.md).")
    previous: ListName | None = Field(None, description="For hysteresis, and for who is on the list no longer.")
    draft: ListName | None = Field(None, description="One's own draft to put it in the place of.")
    changed: Number | None = Field(None, description="`changed` of that draft as it was seen.")

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """See `Asked`."""
        draft(given.get("draft"), given.get("changed"), faults)
        if isinstance(given.get("rules"), dict):
            faults.of(lists.rules, given["rules"])


def draft(name: object, changed: object, faults: Faults) -> None:
    """Note that a draft is named without its `changed`, or the other way round."""
    if (name is None) != (changed is None):
        faults.tell("changed" if changed is None else "draft", "required")


class NewVersion(Asked):
    """A new version of a confirmed list: by the same rules unless others of the same name, quarter, schemes
    and areas are given."""

    rules: dict[str, Any] | None = None
    previous: ListName | None = Field(
        None, description="As for a list; without one, that of the version that it replaces."
    )

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """See `Asked`."""
        if isinstance(given.get("rules"), dict):
            faults.of(lists.rules, given["rules"])


class ExpectedErrors(Asked):
    """Expected errors of the whole list out of 100; null where the list is too small to say."""

    missed_of_100: int | None = Field(ge=0, le=100, description="Of 100 who will fall, how many are not on the list.")
    not_falling_of_100: int | None = Field(
        ge=0, le=100, description="Of 100 on the list, how many will not fall: those below the line already too."
    )


class Confirmation(Changing):
    """That a person has checked the list and accepts its errors."""

    reason: Note
    checked: bool = Field(description="true: the list was checked.")
    expected_errors: ExpectedErrors = Field(description="As the draft tells them: what is accepted was seen.")

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """See `Asked`."""
        faults.of(checks.note, "reason", bodies.words(given, "reason"), required=True)
        if given.get("checked") is not True:
            faults.tell("checked", "checked")


class Replaced(BaseModel):
    """The list that a new version is drawn to replace, or has replaced."""

    list: str
    version: int


class ListHead(BaseModel):
    """A list without its places."""

    list: str = Field(description="D-2026-0001, or draft-12 before it is confirmed.")
    version: int | None
    newest: int | None = Field(description="The newest version there is; another than `version` has replaced it.")
    status: Literal["draft", "confirmed"]
    quarter: str
    title: str
    area: str
    run: str
    bundle: str
    synthetic: bool
    made_at: datetime.datetime
    changed: int
    reason: str
    confirmed_at: datetime.datetime | None
    hash: str | None = Field(description="SHA-256 of rules, result and every place.")
    replaces: Replaced | None = Field(description="Of a new version, drafted or confirmed: the one before.")


class ListAnswer(ListHead):
    """A list with its rules and its accounts."""

    rules: dict[str, Any]
    tie_rule: dict[str, str]
    expected_errors: ExpectedErrors
    totals: dict[str, dict[str, int | None]] = Field(
        description="Places by scheme and channel where the caller may see households, else in the caller's areas; "
                    "null: kept back, since it or what it leaves is of fewer than 30.")  # fmt: skip
    whole: bool = Field(description="Whether the caller may see the households of all of it.")
    also_on: dict[str, int] = Field({}, description="Of a list just drawn, and of a confirmed one as of then to who "
                                    "may see all of its households: number of another confirmed list of its quarter "
                                    "and scheme to how many of its families are on it too.")  # fmt: skip
    result: dict[str, Any] = Field(description="Counts that add up, cells with the households at the cut, money, "
                                   "expected errors by group, with intervals where they are known; who left the "
                                   "last list (`gone`; its number `previous`, its version `previous_version`), and of "
                                   "a new version who left the version before (`gone_version`, "
                                   "`replaced_version`).")  # fmt: skip


class ListPage(Page):
    """Lists, the newest first."""

    lists: list[ListHead]


class Place(BaseModel):
    """A place of a list."""

    place: int
    scheme: str
    area: str = Field(description="Area of its quota.")
    household_id: str
    province: str | None
    regency: str | None
    subdistrict: str | None = Field(description="Kecamatan, as the scores told it; null where they did not.")
    channel: Channel
    rank: int | None
    risk: float | None = Field(
        description="As the list was drawn by, given that it is not poor now; null of one that a visit found dead."
    )
    low: float | None
    high: float | None
    verify: bool = Field(description="To be checked in the field, and no visit since the scores has answered that.")
    tied: bool
    before: bool = Field(description="On the last list.")
    probability: float | None = Field(description="Chance of selection under the rules; null in the reserve.")
    amount: int | None = Field(description="Rupiah.")


class PlacePage(Page):
    """Places in the order of the list, in the caller's areas."""

    list: str
    version: int | None
    places: Sequence[Place]
