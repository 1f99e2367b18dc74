"""Places in the words of the page."""

from __future__ import annotations

from features.reference import regencies
from serving.area_names import named, provinces
from serving.batch.rows import UNKNOWN
from serving.console.strings import Strings

__all__ = ["name", "provinces", "regencies", "whole"]


def name(code: str | None, say: Strings) -> str:
    """The name of an area: "" the nation, two digits a province, four a regency, seven a sub-district; a code without a
    name stays."""
    if code == "":
        return say.say("place.nation")
    if code is None or code == UNKNOWN:
        return say.say("place.unknown")
    return named(code, say.language)


def whole(province: str | None, regency: str | None, say: Strings, subdistrict: str | None = None) -> str:
    """A household's place: sub-district where it is known, regency and province."""
    parts = [name(code, say) for code in (subdistrict, regency, province) if code]
    return ", ".join(parts) or say.say("place.unknown")
