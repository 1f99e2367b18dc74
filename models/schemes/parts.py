"""A scheme and a shock as their YAML files hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from features.contract import SHOCKS
from models.rule_words import UnfitError, said
from models.schemes import checks
from models.schemes.checks import Fields, Figure, Reference, Words, figure, named, number, pair, places, single
from models.targeting.rule_checks import flag, one_of, table, whole, word

APPROACHES = ("jobs", "ecosystem", "training", "cash", "insurance", "graduation", "works", "credit")
"""The two approaches of the programme (jobs, business ecosystems) and the kinds of programme that there are."""
RULES = ("risk", "desil", "self_selection", "geography", "random")
EFFECTS = ("consumption", "income", "protection", "none")
LIFTING = ("consumption", "income")
"""Kinds of effect that lift a family, so that something may be left of it after support ends."""
KINDS = (*SHOCKS, "automation", "firm_closure")
"""Kinds of shock: those that the contract records, and two that reach families as lost work."""
EXPOSURES = ("frey_osborne", "ilo_genai", "routine_manual")
"""Measures of the main earner's occupation that families carry, for a shock to rise with."""
COSTS = ("cost", "setup")
"""What a family costs: a year, and once."""
_LARGE = 1e15


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom something may reach, by facts of the register; what is not asked for is None."""

    desil: tuple[int, int] | None = None
    risk: tuple[float, float] | None = None
    poor_now: tuple[float, float] | None = None
    size: tuple[int, int] | None = None
    urban: bool | None = None
    provinces: tuple[str, ...] | None = None
    regencies: tuple[str, ...] | None = None
    sections: tuple[str, ...] | None = None
    divisions: tuple[str, ...] | None = None
    working: bool | None = None


_SHARE = number(0, 1)
_SCOPE = {"desil": pair(whole(1, 10)), "risk": pair(_SHARE), "poor_now": pair(_SHARE), "size": pair(whole(1, 50)),
          "urban": flag, "provinces": places(2), "regencies": places(4), "sections": checks.sections,
          "divisions": checks.divisions, "working": flag}  # fmt: skip


def scope(value: Any) -> Scope:
    """Facts that a family must have."""
    take = Fields(table(value))
    found = {key: take(key, check, None) for key, check in _SCOPE.items()}
    take.done()
    return Scope(**{key: one for key, one in found.items() if one is not None})


@dataclass(frozen=True, slots=True)
class Effect:
    """What a scheme does to the welfare of a family that takes part.

    Attributes
    ----------
    kind : `consumption` (share of consumption added), `income` (rupiah a family a year, of which `share` reaches
        consumption), `protection` (share of the loss by shock `against` that is kept off), `none`.
    reach : share of those taking part for whom it works at all. fade : share of it left a year after support ends, of
        that again a year later, and so on; of an effect that lifts it is an assumption even where nobody wrote it.
    """

    kind: str
    size: Figure
    share: Figure | None = None
    reach: Figure | None = None
    fade: Figure | None = None
    against: str | None = None

    @property
    def figures(self) -> dict[str, Figure]:
        """The figures that the effect is made of, by field; a share or reach that is not written is all of it."""
        found = {name: getattr(self, name) for name in ("size", "share", "reach", "fade")}
        return {name: one for name, one in found.items() if one is not None}

    @property
    def basis(self) -> str:
        """The weakest basis of its figures; of an effect for which nothing was found, `none`."""
        return max((one.basis for one in self.figures.values()), key=checks.BASES.index)

    @property
    def from_evidence(self) -> bool:
        """Whether every one of them is published evidence; if not, what comes out is a model's answer."""
        return self.basis == "evidence"


_NOTHING = Figure.assumed(0.0, "share", checks.DEFAULT)
_UNITS = {"consumption": ("share of consumption", -0.9, 10.0), "income": ("rupiah a family a year", 0.0, _LARGE),
          "protection": ("share of the loss", 0.0, 1.0), "none": ("share of consumption", 0.0, 10.0)}  # fmt: skip


def effect(value: Any) -> Effect:
    """The effect of a scheme."""
    take = Fields(table(value))
    kind = take("kind", one_of(*EFFECTS))
    take.stop()
    unit, low, high = _UNITS[kind]
    part = figure("share", 0, 1)
    rest = _NOTHING if kind in LIFTING else None
    found = Effect(kind, take("size", figure(unit, low, high)), take("share", part, None), take("reach", part, None),
                   take("fade", part, rest), take("against", one_of(*KINDS), None))  # fmt: skip
    take.done()
    if (kind == "protection") != (found.against is not None):
        raise UnfitError.of("against")
    if kind == "none" and (found.size.value or found.size.low or found.size.high):
        raise UnfitError.of("size_none")
    return found


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme: whom it may reach, by which rule, at what cost, with what effect, and for how long.

    Attributes
    ----------
    rule : of targeting. exclusion, inclusion : shares of the eligible that are passed over, and of the others that get
        in, beyond what the rule itself gets wrong. cost : rupiah a family a year; setup : once a family.
    duration : years of support. ramp : shares of the places that are open in the first years, the last from then on.
    displacement : families pushed down by as much, for each that takes part and is lifted.
    """

    name: str
    title: Words
    approach: str
    dated: str
    references: tuple[Reference, ...]
    eligibility: Scope
    rule: str
    exclusion: Figure
    inclusion: Figure
    cost: Figure
    setup: Figure
    take_up: Figure
    duration: int
    ramp: tuple[float, ...]
    effect: Effect
    displacement: Figure

    @property
    def cost_unknown(self) -> tuple[str, ...]:
        """Parts of what a family costs that were not found, or not in full (`cost`, `setup`)."""
        return tuple(name for name in COSTS if not getattr(self, name).known)

    @property
    def cost_known(self) -> bool:
        """Whether all that a family costs is known: the one rule wherever money is told, ranked or shared out."""
        return not self.cost_unknown

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Parts of its cost that are wanting before money can buy it: those not known, or `cost` where all that is
        known is nought. The one rule of who may have a share in a budget: what has no price is limited by no money."""
        return self.cost_unknown or (() if self.cost.value + self.setup.value else ("cost",))

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure by field."""
        return _figures(self) | {f"effect.{name}": one for name, one in self.effect.figures.items()}


@dataclass(frozen=True, slots=True)
class Shock:
    """One shock: whom it may hit, how often, how hard, and what is left of it a year later.

    Attributes
    ----------
    kind : of `KINDS`. hazard : chance a year, the mean of the families in the scope. exposure : measure of the main
        earner's occupation that it is spread by, as exp(steepness x measure) (`models.schemes.exposed`), or None.
        size : share of consumption lost. fade : share of the loss left after a year.
    """

    name: str
    title: Words
    kind: str
    dated: str
    references: tuple[Reference, ...]
    scope: Scope
    hazard: Figure
    exposure: str | None
    steepness: Figure
    size: Figure
    fade: Figure

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure by field."""
        return _figures(self)

    @property
    def can_hit(self) -> bool:
        """Whether it takes anything of anybody at any end of its ranges."""
        return self.hazard.high > 0 and self.size.high > 0

    @property
    def hits(self) -> bool:
        """Whether it makes anybody poorer at the middle of its ranges, which draws are lived at."""
        return self.hazard.value > 0 and self.size.value > 0

    @property
    def basis(self) -> str:
        """The weakest basis of how hard it hits and how long."""
        return max((self.size.basis, self.fade.basis), key=checks.BASES.index)


def _figures(own: Scheme | Shock) -> dict[str, Figure]:
    found = {one.name: getattr(own, one.name) for one in fields(own)}
    return {name: one for name, one in found.items() if isinstance(one, Figure)}


def scheme(found: Mapping[str, Any], where: str) -> Scheme:
    """A scheme from plain values; RuleError names each field and its rule, `where` in front."""
    take = _head(found, where, "scheme")
    targeting = take("targeting", table) or {}
    part, alone = figure("share", 0, 1), single("share", 0, 1)
    inner = Fields(targeting, f"{where}targeting: ")
    money = single("rupiah a family a year", 0, _LARGE)
    own = Scheme(
        name=take("name", word), title=take("title", checks.words), approach=take("approach", one_of(*APPROACHES)),
        dated=take("dated", checks.day), references=take("references", checks.references),
        eligibility=take("eligibility", named(scope), Scope()), rule=inner("rule", one_of(*RULES)),
        exclusion=inner("exclusion", alone, _NOTHING), inclusion=inner("inclusion", alone, _NOTHING),
        cost=take("cost", money), setup=take("setup", single("rupiah a family", 0, _LARGE),
                                             Figure.assumed(0.0, "rupiah a family", checks.DEFAULT)),
        take_up=take("take_up", alone), duration=take("duration", whole(1, 50)), ramp=take("ramp", _ramp, (1.0,)),
        effect=take("effect", named(effect)), displacement=take("displacement", part, _NOTHING),
    )  # fmt: skip
    if take.sound("targeting"):
        take.part(inner.done)
    take.done()
    return own


def shock(found: Mapping[str, Any], where: str) -> Shock:
    """A shock from plain values; RuleError names each field and its rule, `where` in front."""
    take = _head(found, where, "shock")
    part = figure("share", 0, 1)
    own = Shock(
        name=take("name", word), title=take("title", checks.words),
        kind=take("shock", one_of(*KINDS)), dated=take("dated", checks.day),
        references=take("references", checks.references), scope=take("scope", named(scope), Scope()),
        hazard=take("hazard", figure("share a year", 0, 1)), exposure=take("exposure", one_of(*EXPOSURES), None),
        steepness=take("steepness", figure("per unit", 0, 20), Figure.assumed(0.0, "per unit", checks.DEFAULT)),
        size=take("size", figure("share of consumption", 0, 0.95)), fade=take("fade", part),
    )  # fmt: skip
    if take.sound("exposure", "steepness") and (own.exposure is None) != (own.steepness.value == 0):
        take.tell("steepness", said("steepness"))
    take.done()
    return own


def _head(found: Mapping[str, Any], where: str, kind: str) -> Fields:
    take = headed(found, where)
    take("kind", one_of(kind))
    return take


def headed(found: Mapping[str, Any], where: str) -> Fields:
    """The fields of a file; RuleError alone where its format is another: its fields mean something else then."""
    take = Fields(found, where)
    if take("format", whole(1), checks.FORMAT) != checks.FORMAT and take.sound("format"):
        take.tell("format", said("format", format=checks.FORMAT))
    take.stop()
    return take


def _ramp(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or not value or len(value) > 20:
        raise UnfitError.of("shares", value=value)
    found = tuple(_SHARE(one) for one in value)
    if list(found) != sorted(found):
        raise UnfitError.of("rising", value=value)
    return found
