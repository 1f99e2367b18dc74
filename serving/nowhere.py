"""Codes that no place has: told in the same words wherever they are asked for, with the codes there are."""

from __future__ import annotations

from collections.abc import Collection

from features import reference
from features.contract import REGENCY_DIGITS
from serving.area_names import provinces

Words = tuple[str, str]
"""In Bahasa Indonesia and English."""


class NowhereError(ValueError):
    """A code of a province or regency that there is none of; `words` : of `area`."""

    def __init__(self, code: str) -> None:
        super().__init__("area_unknown")
        self.words = area(code)


def area(code: str) -> Words:
    """What is said of the code of a province or regency there is none of: those there are, of regencies those of its
    province."""
    own = [regency for regency in sorted(reference.areas(REGENCY_DIGITS)) if regency[:2] == code[:2]]
    if len(code) == REGENCY_DIGITS and own:
        return (f"tidak ada kabupaten/kota dengan kode {code}; yang ada: {', '.join(own)}",
                f"no regency has the code {code}; there are {', '.join(own)}")  # fmt: skip
    known = ", ".join(provinces())
    return (f"tidak ada provinsi dengan kode {code[:2]}; yang ada: {known}",
            f"no province has the code {code[:2]}; there are {known}")  # fmt: skip


def subdistrict(code: str, known: Collection[str]) -> Words:
    """The same of a sub-district; known : those of its regency, as no list of them ships with Jaga."""
    if not known:
        return (f"kecamatan dengan kode {code} tidak dikenal di sini, begitu pula kecamatan lain di kabupaten/kota itu",
                f"no sub-district of the code {code} is known here, nor another of that regency")  # fmt: skip
    codes = ", ".join(sorted(known))
    return (f"kecamatan dengan kode {code} tidak dikenal di sini; yang ada: {codes}",
            f"no sub-district of the code {code} is known here; there are {codes}")  # fmt: skip
