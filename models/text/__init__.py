"""The words in which facts and scores are told: Bahasa Indonesia and English, made into sentences on reading."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from models import numbers

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
_DIGITS = 3
_HOLE = re.compile(r"\{(\w+)\}")
_UNIT = re.compile(r"\{(\w+)\}((?: %| poin persen| percentage points| kali| times)?)")


@dataclass(frozen=True, slots=True)
class Reason:
    """Sentences of one kind of fact.

    Parameters
    ----------
    name : the fact's name, for a fact that is missing.
    up, down : sentence where the fact raises or lowers the estimate.
    zero : sentence for 0 or "no"; empty where `up` and `down` do.
    one : sentence for 1; empty likewise.
    minus : sentence for a negative value, told without its sign; empty likewise.
    labels : words for the values of a category.
    detail, brief : what stands behind a sentence in brackets, and the same where there is little room; empty likewise.
    """

    name: str
    up: str
    down: str
    zero: str
    one: str
    minus: str
    labels: dict[str, str]
    detail: str
    brief: str


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one language.

    Attributes
    ----------
    reasons : sentences by reason key.
    rungs, kinds, refusals : words by code.
    response : what stands under every what-if.
    other, place : names of the remainder and of the place's own part among the reasons.
    missing : what is said in place of a missing value.
    score : what is said around a score, by name.
    run : what is said around a run that scores a register, by name.
    compass : names and sentences of the sector compass, by name.
    """

    language: Language
    reasons: dict[str, Reason]
    rungs: dict[str, str]
    kinds: dict[str, str]
    refusals: dict[str, str]
    response: str
    other: str
    place: str
    missing: str
    score: dict[str, str]
    run: dict[str, str]
    compass: dict[str, str]

    def reason(self, key: str, value: str | float | None, contribution: float, *, brief: bool = False) -> str:
        """One fact as a sentence.

        Parameters
        ----------
        key : reason key of the feature.
        value : number, the same as text, or label of a category, as a score row stores it; None where missing.
        contribution : part of the log-odds; positive raises the estimate.
        brief : for a list or a terminal, where a sentence has one line.
        """
        told = self.reasons[key]
        if value is None:
            return f"{told.name}: {self.missing}"
        if value in told.labels:
            return _HOLE.sub(told.labels[str(value)], told.up if contribution > 0 else told.down)
        number = _number(value)
        sentence = told.up if contribution > 0 else told.down
        for special, holds in ((told.zero, number == 0), (told.one, number == 1), (told.minus, number < 0)):
            sentence = special if special and holds else sentence
        behind = told.brief if brief else told.detail
        filled = _HOLE.sub(lambda hole: self._filled(hole[1], number, unsigned=sentence is told.minus), sentence)
        return f"{filled} ({behind})" if behind else filled

    def value(self, key: str, value: str | None) -> str:
        """The value of a fact alone, in the unit of its sentence (`reason`): where that names none, the sentence.

        value : as a score row stores it; "" where missing.
        """
        told = self.reasons[key]
        if value is None or value in told.labels:
            return told.labels.get(value or "", "")
        hole = _UNIT.search(told.up)
        if hole is None:
            return self.reason(key, value, 1.0)
        try:
            return self._filled(hole[1], _number(value), unsigned=False) + hole[2]
        except ValueError:
            return value

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number as the language writes it: 1.234,5 or 1,234.5.

        decimals : digits after the mark; without it three significant digits, three decimals at most.
        """
        if decimals is not None:
            return numbers.number(value, self.language, decimals)
        decimals = min(3, max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))) if value else 0
        written = numbers.number(value, self.language, decimals)
        return written.rstrip("0").rstrip(".,") if decimals else written

    def _filled(self, hole: str, value: float, *, unsigned: bool) -> str:
        """`n` a number, `p` a share in per cent, `x` a log as a multiple, `c` a change in logs in per cent."""
        if hole == "x":
            return self.number(math.exp(value), 2)
        share = 100 * (math.expm1(value) if hole == "c" else value)
        shown = share if hole in "pc" else value
        shown = abs(shown) if unsigned else shown
        if hole == "n":
            return self.number(shown)
        return self.number(shown, 0 if abs(shown) >= 10 or shown == round(shown) else 1)


def _number(value: str | float) -> float:
    return {"no": 0.0, "yes": 1.0}[value] if value in ("no", "yes") else float(value)


@cache
def words(language: Language) -> Words:
    """Words of a language, read once."""
    read = json.loads((files(__name__) / f"{language}.json").read_text(encoding="utf-8"))
    empty = {"zero": "", "one": "", "minus": "", "labels": {}, "detail": "", "brief": ""}
    reasons = {key: Reason(**(empty | entry)) for key, entry in read.pop("reasons").items()}
    return Words(language, reasons, **read)
