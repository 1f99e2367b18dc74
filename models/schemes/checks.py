"""What the YAML files of schemes, shocks and scenarios may hold; every error names the file, the field and the rule."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import yaml

from features import file_words, reference
from features.commands import UserError
from features.contract import SECTIONS
from models.rule_words import Pair, UnfitError, said, words_of
from models.schemes import plain_yaml
from models.targeting.rule_checks import Check, RuleError, Taken, line, one_of, table

__all__ = [
    "Check",
    "Fields",
    "Figure",
    "Reference",
    "Taken",
    "Words",
    "figure",
    "load",
    "named",
    "number",
    "pair",
    "places",
    "single",
    "texts",
    "words",
]

FORMAT = 1
BASES = ("evidence", "arithmetic", "assumption", "none")
"""Where a figure is from: published evidence of an effect or a published statistic; sums made of published figures and
an assumption; what a user assumes, or a middle or half that is chosen; nothing was found."""


OWN = "the scenario's own"
"""Source of a figure that a user wrote without one."""
DEFAULT = "default of Jaga"
"""Source of a figure that nobody wrote."""


def load(text: str, file: str) -> dict[str, Any]:
    """The mapping that a YAML text holds; RuleError names the file and what is wrong."""
    try:
        found = plain_yaml.read(text)
    except yaml.YAMLError as error:
        raise RuleError(file, plain_yaml.told(error)) from None
    if not isinstance(found, dict):
        raise RuleError(file, said("keys"))
    return found


def of_file(path: Path) -> dict[str, Any]:
    """The mapping in a file."""
    try:
        return load(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise file_words.unreadable(path, error) from None


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A law, decree or study, and where it was found."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its range, unit, year and source.

    Attributes
    ----------
    basis : one of `BASES`. year : of the figure; None where it has none, as an assumption. lacks : a part of it that
    was not found, so that the value is the rest alone; empty where it is whole.
    """

    value: float
    low: float
    high: float
    unit: str
    basis: str
    source: str
    year: int | None = None
    note: str = ""
    lacks: str = ""

    @property
    def known(self) -> bool:
        """Whether it was found, and all of it."""
        return self.basis != "none" and not self.lacks

    @classmethod
    def assumed(cls, value: float, unit: str, source: str = OWN) -> Self:
        """What a user writes without a source, or what is taken where nothing is written (`DEFAULT`)."""
        return cls(value, value, value, unit, "assumption", source)

    def at(self, end: str) -> float:
        """`value`, `low` or `high`."""
        found: float = getattr(self, end)
        return found


class Fields(Taken):
    """Values of a block, of which all that breaks a rule is told at once (`done`)."""

    def __init__(self, found: Mapping[str, Any], where: str = "") -> None:
        super().__init__(found, where, [])

    def part(self, make: Callable[..., Any], *asked: Any) -> Any:
        """A part of it; None where it breaks rules, which are told with the others."""
        try:
            return make(*asked)
        except RuleError as error:
            assert self.faults is not None
            self.faults += error.all
            return None

    def stop(self) -> None:
        """RuleError of all that broke a rule so far: what comes after it would be a guess."""
        if self.faults:
            raise RuleError.together(self.faults)

    def done(self) -> None:
        """RuleError of all that broke a rule, with keys that nobody asked for."""
        super().done()
        self.stop()


def number(low: float, high: float) -> Callable[[Any], float]:
    """A number of a range."""

    def own(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise UnfitError.of("number", low=low, high=high, value=value)
        return float(value)

    return own


def figure(unit: str, low: float, high: float, *, alone: bool = False) -> Callable[[Any], Figure]:
    """A figure in a unit; a bare number is the user's assumption. alone : it is lived at its value, so that a range of
    it would be silently left out. Every rule that it breaks is told at once."""
    check = number(low, high)

    def own(value: Any) -> Figure:
        if not isinstance(value, Mapping):
            return Figure.assumed(check(value), unit)
        take = Fields(value)
        middle = take("value", check)
        found = Figure(middle, take("low", check, middle), take("high", check, middle),
                       take("unit", one_of(unit), unit), take("basis", one_of(*BASES)), take("source", line(400)),
                       take("year", _year, None), take("note", line(400), ""),
                       take("lacks", line(400), ""))  # fmt: skip
        broken = list(_together(found, take, alone=alone))
        try:
            take.done()
        except RuleError as error:
            broken = [*(one.words for one in error.all), *broken]
        if broken:
            unfit = UnfitError(broken[0])
            unfit.each = tuple(broken)
            raise unfit
        return found

    return own


def _together(found: Figure, take: Fields, *, alone: bool) -> Iterator[Pair]:
    """Rules of several fields of a figure that it breaks, as far as these can be read."""
    if take.sound("value", "low", "high"):
        if not found.low <= found.value <= found.high:
            yield said("ends", low=found.low, value=found.value, high=found.high)
        elif alone and found.low < found.high:
            yield said("single", low=found.low, high=found.high)
    if take.sound("value", "basis") and found.basis == "none" and found.value != 0:
        yield said("basis_none")
    if take.sound("basis", "year") and found.basis in ("evidence", "arithmetic") and found.year is None:
        yield said("basis_year", basis=found.basis)


def single(unit: str, low: float, high: float) -> Callable[[Any], Figure]:
    """A figure that is lived at its value alone."""
    return figure(unit, low, high, alone=True)


def named(check: Check) -> Check:
    """The check, its errors of single keys as plain ones, so that each gets the name of the field in front."""

    def own(value: Any) -> Any:
        try:
            return check(value)
        except UserError as error:
            unfit = UnfitError(words_of(error))
            unfit.each = tuple(one.words for one in error.all) if isinstance(error, RuleError) else (error.words,)
            raise unfit from None

    return own


def words(value: Any) -> Words:
    """A text in both languages."""

    def own(value: Any) -> Words:
        take = Fields(table(value))
        found = Words(take("id", line(300)), take("en", line(300)))
        take.done()
        return found

    found: Words = named(own)(value)
    return found


def references(value: Any) -> tuple[Reference, ...]:
    """Laws and studies, one at least."""
    if not isinstance(value, list) or not value:
        raise UnfitError.of("references")

    def own(one: Any) -> Reference:
        take = Fields(table(one))
        found = Reference(take("text", line(400)), take("source", line(400)))
        take.done()
        return found

    return tuple(named(own)(one) for one in value)


def pair(check: Check) -> Callable[[Any], tuple[Any, Any]]:
    """A range: two values, the first not above the second."""

    def own(value: Any) -> tuple[Any, Any]:
        if not isinstance(value, list) or len(value) != 2:
            raise UnfitError.of("pair", value=value)
        low, high = check(value[0]), check(value[1])
        if low > high:
            raise UnfitError.of("pair_order", value=value)
        return low, high

    return own


def texts(length: int | None = None) -> Callable[[Any], tuple[str, ...]]:
    """Different codes in quotes, of a length where given; a bare 07 is no text in YAML."""

    def own(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            raise UnfitError.of("codes", value=value)
        if len(set(value)) < len(value):
            raise UnfitError.of("codes_once", value=value)
        wrong = [one for one in value if length is not None and (len(one) != length or not one.isdigit())]
        if wrong:
            raise UnfitError.of("codes_digits", length=length, wrong=", ".join(wrong))
        return tuple(value)

    return own


def places(length: int) -> Callable[[Any], tuple[str, ...]]:
    """BPS codes of provinces (2 digits) or of regencies (4) that there are."""
    check = texts(length)

    def own(value: Any) -> tuple[str, ...]:
        found = check(value)
        if wrong := [one for one in found if one not in reference.areas(length)]:
            told = ", ".join(wrong)
            raise (
                UnfitError.of("codes_place", wrong=told) if length == 2 else UnfitError.of("codes_regency", wrong=told)
            )
        return found

    return own


def sections(value: Any) -> tuple[str, ...]:
    """KBLI sections."""
    found = texts()(value)
    for one in found:
        one_of(*SECTIONS)(one)
    return found


def divisions(value: Any) -> tuple[str, ...]:
    """KBLI 2020 divisions that there are; 04 is none."""
    found = texts(2)(value)
    if wrong := [one for one in found if one not in reference.divisions()]:
        raise UnfitError.of("codes_division", wrong=", ".join(wrong))
    return found


def _year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1900 <= value <= 2100:
        raise UnfitError.of("year", value=value)
    return value


year = _year
years = pair(_year)
"""First and last year, both with."""


def day(value: Any) -> str:
    """A date."""
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise UnfitError.of("day", value=value) from None


def plain(own: Any) -> dict[str, Any]:
    """Fields of a small dataclass by name."""
    return {one.name: getattr(own, one.name) for one in fields(own)}
