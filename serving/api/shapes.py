"""Parts that the shapes of several routes share."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from features import keys
from features.contract import REGENCY_DIGITS
from models.text import Language
from serving.access.rights import known_area
from serving.faults import Faults
from serving.nowhere import NowhereError

Code = Annotated[str, StringConstraints(max_length=40), AfterValidator(keys.written)]
"""Of a household, as it is printed or typed (`7K3M-9Q2P-T5XA`)."""


def _known(area: str) -> str:
    if not known_area(area):
        raise NowhereError(area)
    return area


def _in_a_regency(subdistrict: str) -> str:
    _known(subdistrict[:REGENCY_DIGITS])
    return subdistrict


When = TypeVar("When", datetime.date, datetime.datetime)


def _near(when: When) -> When:
    """Itself; a time that UTC has no year for, or no clock, is none that anything here is of."""
    if not 1900 <= when.year < 2200:
        raise ValueError("date")
    return when


Day = Annotated[datetime.date, AfterValidator(_near)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
"""Of a query; the other rules of a body's days are those of its fields."""
AREA = r"^([0-9]{2}([0-9]{2})?)?$"
Area = Annotated[str, StringConstraints(pattern=AREA)]
AREA_ABOUT = "BPS code: 32 a province, 3204 a regency; all of the caller's areas without it."
KnownArea = Annotated[Area, AfterValidator(_known)]
"""The same where it has to be that of a province or regency there is."""
Subdistrict = Annotated[str, StringConstraints(pattern=r"^[0-9]{7}$"), AfterValidator(_in_a_regency)]
Note = Annotated[str, StringConstraints(max_length=500)]
Word = Annotated[str, StringConstraints(max_length=80)]
ListName = Annotated[str, StringConstraints(pattern=r"^(D-[0-9]{4}-[0-9]{4,6}|draft-[0-9]{1,9})$")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Asked(BaseModel):
    """What a body asks for: names and types are strict."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @classmethod
    def beyond(cls, given: Mapping[str, Any], today: datetime.date, faults: Faults) -> None:
        """Note what the rest of a body breaks where some of it has not the right form: what else would be told only
        after that is mended. given : as JSON has it, of any form."""


class Query(BaseModel):
    """What a query asks for."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    language: Language | None = Field(None, description="Language of told sentences; both without it.")


class PageQuery(Query):
    """A page of a list."""

    cursor: str | None = Field(None, max_length=600, description="`next` of the page before.")
    count: int = Field(25, ge=25, le=500, description="Rows of a page.")


class Version(Query):
    """Which version of a list."""

    version: Number | None = Field(None, description="The newest without it.")


class Page(BaseModel):
    """One page."""

    next: str | None = Field(description="Cursor of the next page; null at the end.")


class Changing(Asked):
    """A change to what somebody else may change too."""

    changed: Number | None = Field(None, description="`changed` as it was seen, unless `If-Match` tells it; another "
                                   "one is answered 409.")  # fmt: skip
