"""Numbers, money and days as each language writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # the words are told with these numbers
    import datetime

    from models.text import Language

MONTHS: Final = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip

PERCENT = " %"
"""The sign after a number, in both languages."""
_LESS: dict[Language, tuple[str, str]] = {"id": ("kurang dari 1", "sedikit di bawah 0"),
                                          "en": ("less than 1", "just below 0")}  # fmt: skip
"""A mean of counts that is some and less than one: above nought, and below it."""
_NONE = 1e-9
"""Up to which a mean is nought, but for what is lost in adding it up."""
_LARGE: tuple[tuple[float, dict[Language, str]], ...] = (
    (1e12, {"id": "triliun", "en": "trillion"}),
    (1e9, {"id": "miliar", "en": "billion"}),
    (1e6, {"id": "juta", "en": "million"}),
)


def written(day: datetime.date, language: Language) -> str:
    """24 November 2026."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def number(value: float, language: Language, decimals: int = 0) -> str:
    """1.234,5 or 1,234.5; "-0" is never written."""
    written = f"{value:,.{decimals}f}"
    if not written.strip("-0.,"):
        written = written.lstrip("-")
    return written.translate(str.maketrans(",.", ".,")) if language == "id" else written


def signed(value: float, language: Language, decimals: int = 0) -> str:
    """A difference, with its sign."""
    told = number(value, language, decimals)
    return told if told.startswith("-") or not told.strip("0.,") else f"+{told}"


def count(value: float, language: Language) -> str:
    """A count, or a mean of counts, in whole ones: of what is some and less than one it is told that it is."""
    if not _NONE < abs(value) < 1:
        return number(value, language)
    return _LESS[language][value < 0]


def about(value: float, language: Language) -> str:
    """A count (`count`) to three significant digits: 61.243 is told as 61.200."""
    digits = 0 if abs(value) < 1000 else len(str(int(abs(value)))) - 3
    return count(round(value, -digits) if digits else value, language)


def money(value: float, language: Language) -> str:
    """Rupiah to the thousand: Rp1.250.000 or Rp1,250,000."""
    rounded = round(value, -3) if abs(value) >= 1000 else value
    return f"{'-' if rounded < 0 else ''}Rp{number(abs(rounded), language)}"


def rupiah(value: float, language: Language) -> str:
    """A large amount in words that are read at a glance: Rp1,3 triliun or Rp1.3 trillion."""
    unit = _unit(value)
    if unit is None:
        return money(value, language)
    size, digits, words = unit
    return f"{'-' if value < 0 else ''}Rp{number(abs(value) / size, language, digits)} {words[language]}"


def limit(value: int, language: Language) -> str:
    """Rupiah that may not be passed: in words (`rupiah`) where these are exact, else to the last rupiah. Rounded down,
    the limit would be less than what may be spent."""
    unit = _unit(value)
    if unit and value % (unit[0] / 10 ** unit[1]) == 0:
        return rupiah(value, language)
    return f"Rp{number(value, language)}"


def _unit(value: float) -> tuple[float, int, dict[Language, str]] | None:
    """The largest unit of words that an amount reaches: its size, the digits told after the point, its names."""
    for size, words in _LARGE:
        if abs(value) >= size:
            return size, 0 if abs(value) / size >= 100 else 1, words
    return None
