"""A scenario: shocks that come, and arms that answer them with schemes, side by side over the same lives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from features import file_words
from features.commands import UserError
from models.rule_words import said, words_of
from models.schemes import checks, library, parts
from models.schemes.checks import Fields, Figure, Words, figure, single
from models.schemes.own_files import OwnFile, OwnFiles, is_file, used
from models.schemes.parts import Scheme, Shock
from models.targeting.rule_checks import RuleError, one_of, table, tables, whole, word

DRAWS, MOST_DRAWS, MOST_YEARS = 100, 1000, 60
"""Years in number: a life's years below the line are a set of bits (`models.schemes.kernel`), 63 at most."""
LEVEL = 0.9
"""Coverage of every range from draws."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A scheme with what the scenario decides of it.

    Attributes
    ----------
    first, last : years in which families are taken in. places : families at a time, at most. budget : rupiah in all, at
    most; one of the two is there.
    """

    scheme: Scheme
    first: int
    last: int
    places: int | None
    budget: int | None

    @property
    def each(self) -> int:
        """Rupiah that a family costs from its entry to its end, as money is set aside for it."""
        return round(self.scheme.setup.value) + round(self.scheme.cost.value) * self.scheme.duration

    def open_places(self, year: int) -> float | None:
        """Families at a time in a year of the intake, at most; None where no number of them was given."""
        ramp = self.scheme.ramp
        return None if self.places is None else self.places * ramp[min(year - self.first, len(ramp) - 1)]


@dataclass(frozen=True, slots=True)
class Coming:
    """A shock with the years in which it is about."""

    shock: Shock
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Arm:
    """One answer: schemes that take families in turn; a family is in one of them at most."""

    name: str
    title: Words
    schemes: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """Growth of those who stand low: below a ratio of consumption to the line, before growth, shocks and schemes."""

    ratio: Figure
    growth: Figure


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is simulated.

    Attributes
    ----------
    start : year of the families as they stand. years : simulated after it. growth : rise a year of every family's
    consumption over its line, as a share. text : what it was read from, as JSON. files : schemes and shocks of one's
    own that it names.
    """

    name: str
    title: Words
    question: Words
    start: int
    years: int
    draws: int
    seed: int
    growth: Figure
    shocks: tuple[Coming, ...]
    arms: tuple[Arm, ...]
    growth_below: Below | None = None
    text: str = ""
    files: tuple[OwnFile, ...] = ()

    @property
    def figures(self) -> dict[str, Figure]:
        """Its own figures by field."""
        own = {"growth": self.growth}
        if self.growth_below is not None:
            own |= {"growth_below.ratio": self.growth_below.ratio, "growth_below.growth": self.growth_below.growth}
        return own

    @property
    def beside_calm(self) -> bool:
        """Whether it is held against the same lives without shocks and growth: where a shock can hit, and where it
        tries no scheme and has growth."""
        grown = any(one.value for name, one in self.figures.items() if name.endswith("growth"))
        return any(one.shock.can_hit for one in self.shocks) or (grown and not self.arms)

    def lacking(self, scheme: Scheme) -> str | None:
        """Kind of shock (`parts.KINDS`) that a scheme protects against and that never comes, so that it keeps off
        nothing; None where one comes, or the scheme is no protection."""
        kind = scheme.effect.against
        return None if any(one.shock.kind == kind and one.shock.can_hit for one in self.shocks) else kind

    @property
    def digest(self) -> str:
        """SHA-256 of the text and of what its files hold, 64 hex digits."""
        found = hashlib.sha256(self.text.encode())
        for own in self.files:
            found.update(f"\n{own.use} {own.digest}".encode())
        return found.hexdigest()


def read(path: Path) -> Scenario:
    """The scenario in a YAML file, or the one that a result was made of, with its seed and draws (`hasil.json` of
    `models.schemes.output`); RuleError names file, field and rule."""
    if path.suffix == ".json":
        return _again(path)
    return of(checks.of_file(path), path.name, OwnFiles(path.parent))


def _again(path: Path) -> Scenario:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        kept, seed, draws = found["scenario"], int(found["seed"]), int(found["draws"])
        asked, files, digest = dict(kept["asked"]), OwnFiles(kept=kept["files"]), kept["sha256"]
    except OSError as error:
        raise file_words.unreadable(path, error) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError(
            f"{path}: holds no result of jaga simulate that keeps its scenario",
            f"{path}: tidak memuat hasil jaga simulate yang menyimpan skenarionya",
        ) from None
    own = of(asked, path.name, files)
    if own.digest != digest:
        raise UserError(
            f"{path}: the scenario in it is not the one that was lived: its SHA-256 is {own.digest}, not {digest}",
            f"{path}: skenario di dalamnya bukan yang dihitung: SHA-256-nya {own.digest}, bukan {digest}",
        )
    return replace(own, seed=seed, draws=draws)


def named(name: str) -> Scenario:
    """The scenario that ships under a name."""
    return of(library.raw("scenarios", name), f"{name}.yaml")


def of(found: Mapping[str, Any], file: str = "scenario", files: OwnFiles | None = None,
       most_years: int = MOST_YEARS) -> Scenario:  # fmt: skip
    """The scenario from plain values, as YAML or a form has them; RuleError names file, each field and its rule.

    files : those that it may name; none is read where they are not given. most_years : that are lived here.
    """
    where, files = f"{file}: ", files or OwnFiles()
    take = parts.headed(found, where)
    take("kind", one_of("scenario"))
    start, years = take("start", checks.year), take("years", whole(1, most_years))
    span = (start, start + years) if take.sound("start", "years") else None
    own = Scenario(
        take("name", word), take("title", checks.words), take("question", checks.words, Words("", "")), start, years,
        take("draws", whole(2, MOST_DRAWS), DRAWS), take("seed", whole(0, 2**31 - 1), 1),
        take("growth", _GROWTH, Figure.assumed(0.0, "share a year", checks.DEFAULT)),
        tuple(take.part(_coming, one, f"{where}shocks {at}: ", span, files)
              for at, one in enumerate(take("shocks", _list, []) or [], 1)),
        tuple(take.part(_arm, one, f"{where}arms {at}: ", span, files)
              for at, one in enumerate(take("arms", _list, []) or [], 1)),
        take("growth_below", checks.named(_below), None),
        json.dumps(found, sort_keys=True, ensure_ascii=False, default=str), files.read,
    )  # fmt: skip
    # Of an answer that breaks other rules its name may be sound, and stand there twice all the same.
    written = [one.get("name") for one in found["arms"]] if take.sound("arms") and own.arms else []
    for what, names in (("arms", [name for name in written if isinstance(name, str)]),
                        ("shocks", [one.shock.name for one in own.shocks if one and one.shock])):  # fmt: skip
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            take.tell(what, said("twice", names=", ".join(twice)))
    take.done()
    return own


_GROWTH = figure("share a year", -0.5, 0.5)


def _below(value: Any) -> Below:
    take = Fields(table(value))
    own = Below(take("ratio", single("lines", 0.1, 20)), take("growth", single("share a year", -0.5, 0.5)))
    take.done()
    return own


def _list(value: Any) -> list[Mapping[str, Any]]:
    return tables(value) if value != [] else []


def _coming(found: Mapping[str, Any], where: str, span: tuple[int, int] | None, files: OwnFiles) -> Coming:
    take = Fields(found, where)
    first, last = _years(take, span)
    own = Coming(_filled(take, parts.shock, "shocks", where, files), first, last)
    take.done()
    return own


def _arm(found: Mapping[str, Any], where: str, span: tuple[int, int] | None, files: OwnFiles) -> Arm:
    take = Fields(found, where)
    name = take("name", word)
    own = Arm(name, take("title", checks.words, Words(name, name)),
              tuple(take.part(_planned, one, f"{where}schemes {at}: ", span, files)
                    for at, one in enumerate(take("schemes", _list, []) or [], 1)))  # fmt: skip
    names = [one.scheme.name for one in own.schemes if one]
    if len(set(names)) < len(names):
        take.tell("schemes", said("scheme_twice"))
    take.done()
    return own


def _planned(found: Mapping[str, Any], where: str, span: tuple[int, int] | None, files: OwnFiles) -> Planned:
    take = Fields(found, where)
    first, last = _years(take, span)
    scheme = _filled(take, parts.scheme, "schemes", where, files)
    own = Planned(scheme, first, last, take("places", whole(0), None), take("budget", whole(0), None))
    if own.places is None and own.budget is None and take.sound("places", "budget"):
        take.tell("places", said("places"))
    if own.budget is not None and scheme is not None and scheme.unpriced:
        take.part(_no_price, f"{where}budget", scheme)
    take.done()
    return own


def _no_price(where: str, scheme: Scheme) -> None:
    raise without_price(where, scheme)


def without_price(where: str, scheme: Scheme) -> RuleError:
    """That a scheme can have no share of a budget (`Scheme.unpriced`), and what to write instead."""
    return RuleError(where, said("budget_cost", name=scheme.name, parts=", ".join(scheme.unpriced)))


def _years(take: Fields, span: tuple[int, int] | None) -> tuple[int, int]:
    """First and last year of a part; a scenario of which the years are not known (None) leaves them unheld."""
    first, last = take("years", checks.years) or (0, 0)
    if span is not None and take.sound("years") and not span[0] < first <= last <= span[1]:
        take.tell("years", said("span", low=span[0] + 1, high=span[1], first=first, last=last))
    return first, last


def _filled(take: Fields, make: Callable[[Mapping[str, Any], str], Any], folder: str, where: str,
            files: OwnFiles) -> Any:  # fmt: skip
    """What the library or a file has under `use`, with what stands under `with` in its place; None where it breaks
    rules."""
    name = take("use", used)
    changed = take("with", table, {})
    if not take.sound("use", "with"):
        return None
    try:
        found = take.part(files.raw, name, where) if is_file(name) else library.raw(folder, name)
    except library.UnknownError as error:
        return take.tell("use", words_of(error))
    return None if found is None else take.part(make, _merged(found, changed), f"{where}{name}: ")


def _merged(found: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of `changed` in place of those of `found`; a figure is replaced whole, a block of keys by key."""
    own = dict(found)
    for key, value in changed.items():
        block = isinstance(value, Mapping) and isinstance(own.get(key), dict) and "value" not in value
        own[key] = _merged(own[key], value) if block else value
    return own
