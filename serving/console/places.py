"""Names of provinces and regencies by BPS code, in the language of the page."""

from __future__ import annotations

from functools import cache

from features import reference
from serving.console.strings import Strings
from serving.rows import UNKNOWN


@cache
def provinces() -> dict[str, str]:
    """BPS code to name, in the order of the codes."""
    return {row["province"]: row["name"] for row in sorted(reference.rows("provinces.csv"), key=lambda r: r["province"])
            if row["province"].isdigit()}  # fmt: skip


@cache
def regencies() -> dict[str, str]:
    """BPS code to name, without the word for a regency; a city has "Kota" in its name."""
    return {row["code"]: row["name"] for row in reference.rows("regencies.csv")}


def name(code: str | None, say: Strings) -> str:
    """The name of an area: "" the nation, two digits a province, four a regency; a code without a name stays."""
    if code == "":
        return say.say("place.nation")
    if code is None or code == UNKNOWN:
        return say.say("place.unknown")
    if len(code) == 2:
        return provinces().get(code, code)
    found = regencies().get(code)
    if found is None:
        return code
    return found if found.startswith("Kota ") else say.say("place.kab", name=found)


def whole(province: str | None, regency: str | None, say: Strings) -> str:
    """A household's place: regency and province."""
    parts = [name(code, say) for code in (regency, province) if code]
    return ", ".join(parts) or say.say("place.unknown")
