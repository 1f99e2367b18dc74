"""Numbers and money as each language writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the words are told with these numbers
    from models.text import Language

PERCENT: dict[Language, str] = {"id": " %", "en": "%"}
"""The sign after a number, as each language sets it."""
_LARGE: tuple[tuple[float, dict[Language, str]], ...] = (
    (1e12, {"id": "triliun", "en": "trillion"}),
    (1e9, {"id": "miliar", "en": "billion"}),
    (1e6, {"id": "juta", "en": "million"}),
)


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


def about(value: float, language: Language) -> str:
    """A count to three significant digits: 61.243 is told as 61.200."""
    digits = 0 if abs(value) < 1000 else len(str(int(abs(value)))) - 3
    return number(round(value, -digits), language)


def money(value: float, language: Language) -> str:
    """Rupiah to the thousand: Rp1.250.000 or Rp1,250,000."""
    rounded = round(value, -3) if abs(value) >= 1000 else value
    return f"{'-' if rounded < 0 else ''}Rp{number(abs(rounded), language)}"


def rupiah(value: float, language: Language) -> str:
    """A large amount in words that are read at a glance: Rp1,3 triliun or Rp1.3 trillion."""
    for size, words in _LARGE:
        if abs(value) >= size:
            own = abs(value) / size
            told = number(own, language, 0 if own >= 100 else 1)
            return f"{'-' if value < 0 else ''}Rp{told} {words[language]}"
    return money(value, language)
