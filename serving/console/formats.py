"""Numbers, money, dates and codes as each language writes them."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence

from markupsafe import Markup

from features.keys import grouped as code
from models.interval import hundredths
from models.numbers import MONTHS, about, money, number, written
from models.text import Language
from serving.store.numbers import day_of

__all__ = [
    "about",
    "code",
    "date",
    "inside",
    "money",
    "month",
    "number",
    "out_of",
    "percent",
    "quarter",
    "quarters",
    "short",
    "sign",
    "spread",
    "typed_quarter",
    "typed_whole",
    "whole",
]

_NUMBER = re.compile(
    r"(\b[DKS]-\d{4}-\d{4,6}\b(?: v\d+\b)?|\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"
    r"|\bPBI-JKN\b|\b\d[\d.,]* %|(?<![\w-])\d[\d.,]*-\d[\d.,]*\d?\b(?!-)|\(-?\d[^()]* - -?\d[^()]*\))"
)
_WHOLE = re.compile(r"(?:Rp\.?\s*)?([0-9]{1,16}|[0-9]{1,3}(?:([.,\s])[0-9]{3})(?:\2[0-9]{3})*)", re.ASCII)
_QUARTER = re.compile(r"(?:(?:TW|Triwulan|Q|Quarter)[. ]*(?P<part>[1-4]|IV|I{1,3}) *[ /-] *(?P<year>[0-9]{4})"
                      r"|(?P<late>[0-9]{4})[ -]*Q(?P<early>[1-4]))", re.ASCII | re.IGNORECASE)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV")


def date(value: datetime.date, language: Language) -> str:
    """24 November 2026; of a moment, its day in Jakarta."""
    if isinstance(value, datetime.datetime):
        value = day_of(value)
    return written(value, language)


def month(value: datetime.date, language: Language) -> str:
    """November 2026."""
    return f"{MONTHS[language][value.month - 1]} {value.year}"


def short(value: float, language: Language) -> str:
    """A number with no more decimals than it needs, one at most: 10 and 2,5."""
    return number(value, language, 0 if round(value, 1) == round(value) else 1)


def quarter(value: datetime.date | str, language: Language, *, short: bool = False) -> str:
    """Triwulan IV 2026, or Quarter 4 2026; short, for an axis: TW IV 2026, or Q4 2026.

    value : a day of it, or its name in rules and stores, 2026Q4; a year's name stays.
    """
    if isinstance(value, str):
        year, _, part = value.partition("Q")
        if part not in ("1", "2", "3", "4"):
            return value
        at = int(part)
    else:
        year, at = str(value.year), (value.month + 2) // 3
    if language == "id":
        return f"{'TW' if short else 'Triwulan'} {_ROMAN[at - 1]} {year}"
    return f"Q{at} {year}" if short else f"Quarter {at} {year}"


def typed_quarter(text: str) -> str | None:
    """A quarter as people of either language write it, by its name in rules and stores: of TW IV 2026, Triwulan 4 2026,
    Q4 2026, Quarter 4 2026 or 2026Q4 that is 2026Q4; None where it is none of these."""
    found = _QUARTER.fullmatch(text.strip())
    if found is None:
        return None
    part = (found["part"] or found["early"]).upper()
    return f"{found['year'] or found['late']}Q{_ROMAN.index(part) + 1 if part in _ROMAN else part}"


def quarters(days: Sequence[datetime.date], language: Language, *, short: bool = False) -> list[str]:
    """The quarter of each day, as of `quarter`; of days in one quarter each its day: 15 November 2026, short 15 Nov."""
    names = [quarter(day, language, short=short) for day in days]
    long = [date(day, language) for day in days]
    told = [f"{day.day} {MONTHS[language][day.month - 1][:3]}" for day in days] if short else long
    return [own if names.count(name) > 1 else name for own, name in zip(told, names, strict=True)]


def inside(words: str) -> str:
    """A name within a sentence: its first letter small, an abbreviation or a name of several capitals as it is
    (gelombang PHK, XGBoost)."""
    return words[:1].lower() + words[1:] if words.partition(" ")[0][1:].islower() else words


def typed_whole(text: str) -> int | None:
    """A whole number or rupiah as people of either language type it: 750000, 750.000, 750,000, 750 000, Rp750.000; None
    where it is none of these.

    Dots, commas and blanks part groups of three alone, so that 1,5 is never taken for fifteen.
    """
    found = _WHOLE.fullmatch(text.strip())
    return None if found is None else int(re.sub(r"[.,\s]", "", found[1]))


def whole(text: object) -> Markup:
    """Plain text for a page on which no number of a list, a case or a scenario and no code of a family breaks at its
    hyphens, nor a range or a programme at its own, nor a number from its version or its per cent."""
    parts = enumerate(_NUMBER.split(str(text)))
    return Markup().join(Markup('<span class="nowrap">{}</span>').format(part) if at % 2 else part
                         for at, part in parts)  # fmt: skip


def percent(share: float) -> int:
    """A chance as it is told (`models.interval.hundredths`); label, picture and sentence all use it."""
    return int(hundredths(share))


def judged(chance: float, cut: float | None) -> int:
    """A chance out of 100 on the side of a cut on which it lies: one that is judged by it, as being poor now is, is not
    told as what it just misses."""
    told = percent(chance)
    if cut is None:
        return told
    least = math.ceil(round(100 * cut, 6))  # a cut of 0.07 is 7, though 100 times it is a little more
    if (chance >= cut) == (told >= least):
        return told
    return least if chance >= cut else least - 1


def out_of(value: int, language: Language, whole: int = 100) -> str:
    """A whole number out of 100, or of another `whole`, in words: neither none nor all is ever told as certain."""
    if value <= 0:
        return "kurang dari 1" if language == "id" else "fewer than 1"
    if value >= whole:
        return f"lebih dari {whole - 1}" if language == "id" else f"more than {whole - 1}"
    return str(value)


def sign(value: int) -> str:
    """The same where there is no room for words, on a tile of a map."""
    return "<1" if value <= 0 else ">99" if value >= 100 else str(value)


def spread(chances: Sequence[float | None], whole: int) -> list[int] | None:
    """Parts of a whole as whole numbers that add up to it, by largest remainders, the first of equal ones; None where
    a part is not known or all are 0."""
    own = [chance for chance in chances if chance is not None and math.isfinite(chance) and chance >= 0]
    total = sum(own)
    if len(own) != len(chances) or total <= 0:
        return None
    exact = [whole * chance / total for chance in own]
    counts = [math.floor(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda at: (counts[at] - exact[at], at))
    for at in order[: whole - sum(counts)]:
        counts[at] += 1
    return counts
