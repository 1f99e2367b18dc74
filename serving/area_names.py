"""Names of areas by BPS code, in both languages; no names of sub-districts are kept: they are told by their code."""

from __future__ import annotations

from functools import cache

from features import reference
from features.contract import SUBDISTRICT_DIGITS
from models.text import Language


@cache
def provinces() -> dict[str, str]:
    """BPS code to name, in the order of the codes."""
    return {row["province"]: row["name"] for row in sorted(reference.rows("provinces.csv"), key=lambda r: r["province"])
            if row["province"].isdigit()}  # fmt: skip


def named(code: str, language: Language) -> str:
    """The name of an area, two digits a province, four a regency; a code without a name stays.

    A sub-district (seven digits) is told by its code.
    """
    if len(code) == SUBDISTRICT_DIGITS:
        return f"{'Kecamatan' if language == 'id' else 'Sub-district'} {code}"
    if len(code) == 2:
        return provinces().get(code, code)
    found = reference.regencies().get(code)
    if found is None or found.startswith("Kota "):
        return found or code
    return f"Kab. {found}" if language == "id" else f"{found} Regency"
