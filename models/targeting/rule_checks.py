"""What each key of the rules may hold, in words for who writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from features import periods
from features.cohort import KINDS
from features.commands import UserError
from features.contract import RUNGS, SHOCKS
from models.rule_words import Pair, UnfitError, said, words_of

MILLION = 1_000_000
"""Shares are told in millionths at the finest, so that places are counted in whole numbers."""
MOST = 10**15
"""No amount of rupiah and no number of places is larger: sums stay exact."""
SAMPLE = (0.02, 0.05)
FOUND = ("died", "moved", "below")
"""Findings of a visit that a list looks at, as the store of visits names them."""
MOST_AREAS, MOST_TABLES = 600, 100
"""Areas of one scheme, room for every regency; schemes of one list."""
_AREA = re.compile(r"([0-9]{2}([0-9]{2})?)?")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class RuleError(UserError):
    """A rule of a list that cannot be used.

    Attributes
    ----------
    key : where it stands. rule : what it must be. told : the rule in Bahasa Indonesia and English. words : key and rule
    in both. all : itself, or those that it stands for (`together`).
    """

    def __init__(self, key: str, rule: Pair) -> None:
        own, english = rule
        super().__init__(f"{key}: {english}", f"{key}: {own}")
        self.key, self.rule, self.told = key, english, rule
        self.all: tuple[RuleError, ...] = (self,)

    @classmethod
    def together(cls, found: Sequence[RuleError]) -> RuleError:
        """Several as one, a line each; the first gives key and rule."""
        own = cls(found[0].key, found[0].told)
        own.args = ("\n".join(str(one) for one in found),)
        own.words = ("\n".join(one.words[0] for one in found), "\n".join(one.words[1] for one in found))
        own.all = tuple(found)
        return own


Check = Callable[[Any], Any]
"""The value as the rules hold it; ValueError says what it must be."""
_NEEDED = object()


class Taken:
    """Takes values out of a table of the rules, one a key, and knows which were not asked for.

    faults : where it is given, what breaks a rule is put there, and what is taken in its place is of no use.
    """

    def __init__(self, found: Mapping[str, Any], where: str, faults: list[RuleError] | None = None) -> None:
        self.found, self.where, self.known, self.faults = found, where, list[str](), faults
        self._broken = set[str]()

    def __call__(self, key: str, check: Check, default: Any = _NEEDED) -> Any:
        """The checked value; RuleError where it breaks its rule, or is missing and there is no default."""
        self.known.append(key)
        if key not in self.found:
            if default is not _NEEDED:
                return default
            return self.tell(key, said("missing"))
        try:
            return check(self.found[key])
        except ValueError as error:
            for rule in getattr(error, "each", (words_of(error),)):
                self.tell(key, rule)
            return None

    def tell(self, key: str, rule: Pair) -> None:
        """That a key breaks a rule: a RuleError, or noted."""
        error = RuleError(f"{self.where}{key}", rule)
        if self.faults is None:
            raise error
        self.faults.append(error)
        self._broken.add(key)

    def sound(self, *keys: str) -> bool:
        """Whether no rule that one of these keys breaks was noted: what they say together can be looked at."""
        return self._broken.isdisjoint(keys)

    def done(self) -> None:
        """RuleError where the table has a key that nobody asked for."""
        for key in self.found:
            if key not in self.known:
                self.tell(key, said("unknown", known=", ".join(self.known)))


def whole(low: int, high: int = MOST) -> Check:
    """A whole number of a range."""

    def own(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            above = isinstance(value, int) and value > high
            raise UnfitError.of("whole_to" if high < MOST or above else "whole", low=low, high=high, value=value)
        return value

    return own


def share(low: float, high: float) -> Check:
    """A share of a range, of at most six decimals."""

    def own(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise UnfitError.of("share", low=low, high=high, value=value)
        if round(value * MILLION) / MILLION != value:
            raise UnfitError.of("six", value=value)
        return float(value)

    return own


def sample(value: Any) -> float:
    """The share of the random verification sample."""
    found: float = share(0, 1)(value)
    if found and not SAMPLE[0] <= found <= SAMPLE[1]:
        raise UnfitError.of("sample", low=SAMPLE[0], high=SAMPLE[1], value=value)
    return found


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise UnfitError.of("flag", value=value)
    return value


def line(most: int) -> Check:
    """One line of text."""

    def own(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > most or not value.isprintable():
            raise UnfitError.of("line", most=most, value=value)
        return value

    return own


def word(value: Any) -> str:
    """A short name."""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise UnfitError.of("word", value=value)
    return value


def words(value: Any) -> tuple[str, ...]:
    """Different short names."""
    return tuple(word(one) for one in _different(value))


def one_of(*known: str) -> Check:
    """One of some words."""

    def own(value: Any) -> str:
        if value not in known:
            raise UnfitError.of("one_of", known=", ".join(known), value=value)
        return str(value)

    return own


def _some_of(known: tuple[str, ...]) -> Check:
    return lambda value: tuple(one_of(*known)(one) for one in _different(value))


rungs, kinds, shocks = _some_of(RUNGS[2:]), _some_of(KINDS), _some_of(SHOCKS)
"""Rungs above the line, kinds of fall, kinds of shock."""


def found(value: Any) -> tuple[str, ...]:
    """Findings of visits; none at all is an answer too."""
    return () if value in ([], ()) else _some_of(FOUND)(value)


def _different(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple) or not value or len({repr(one) for one in value}) < len(value):
        raise UnfitError.of("different", value=value)
    return list(value)


def period(value: Any) -> str:
    """A quarter or a year."""
    if not isinstance(value, str) or not periods.PATTERN.match(value):
        raise UnfitError.of("period", value=value)
    return value


def table(value: Any) -> Mapping[str, Any]:
    """A table of keys."""
    if not isinstance(value, Mapping):
        raise UnfitError.of("table", value=value)
    return value


def tables(value: Any) -> list[Mapping[str, Any]]:
    """Tables of keys, one at least."""
    if not isinstance(value, list) or not value:
        raise UnfitError.of("tables")
    if len(value) > MOST_TABLES:
        raise UnfitError.of("tables_most", most=MOST_TABLES, n=len(value))
    return [table(one) for one in value]


def quota(value: Any) -> tuple[tuple[str, int], ...]:
    """Places by area; no area lies in another, so that a household belongs to one cell of a scheme."""
    found = dict(table(value))
    if not found:
        raise UnfitError.of("quota")
    if len(found) > MOST_AREAS:
        raise UnfitError.of("quota_most", most=MOST_AREAS, n=len(found))
    for area, places in found.items():
        if not isinstance(area, str) or not _AREA.fullmatch(area):
            raise UnfitError.of("quota_area", area=area)
        try:
            whole(0)(places)
        except UnfitError as error:
            own, english = error.words
            raise UnfitError((f'"{area}" {own}', f'"{area}" {english}')) from None
    for area in sorted(found):
        around = next((area[:size] for size in (0, 2) if size < len(area) and area[:size] in found), None)
        if around is not None:
            raise UnfitError.of("quota_within", area=area, around=around)
    return tuple(sorted(found.items()))
