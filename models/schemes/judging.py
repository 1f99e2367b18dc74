"""Which answer of a scenario is ahead: one sentence or some, as sure as the ranges allow.

Where they are judged by falls averted and not by what lasts (`models.schemes.ahead`), it is said that they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.few import FEWEST
from models.numbers import number
from models.schemes import ahead, asked, left_out, started, unaided, way
from models.schemes.lasting import FALLS, nothing, state, trying
from models.schemes.telling import above_nought, arm_cost, figure, holds_nought, label, span, thin
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
FIRST = 3
"""Sentences of an answer that stand open: as many as are read in a minute."""
YEARS = "poor_years_averted"


def answer(found: Found, language: Language) -> str:
    """The answer in words."""
    return " ".join(sentences(found, language))


def sentences(found: Found, language: Language) -> list[str]:
    """The answer, a sentence each, the verdict first: on what the years that it reaches are held against
    (`models.schemes.asked`), then on which answer is ahead; last where it starts (`models.schemes.started`). Where the
    start is far off it is told right after the verdict."""
    told, start = [*asked.told(found, language), *_compared(found, language)], started.missed(found, language)
    at = 1 if started.far(found) else len(told)
    return [*told[:at], *start, *told[at:], *started.first_year(found, language)]


def in_short(found: Found, language: Language) -> dict[str, list[str]]:
    """The same in two parts: what is read in a minute (`answer`), and the rest (`answer_more`)."""
    told = sentences(found, language)
    return {"answer": told[:FIRST], "answer_more": told[FIRST:]}


def _compared(found: Found, language: Language) -> list[str]:
    arms = found["arms"]
    absent = [left_out.sentence(arm, language) for arm in found["arms_left_out"]]
    if not arms:
        return absent or unaided.told(found, language)
    some, idle = trying(found), [arm for arm in arms if nothing(arm)]
    told = _judged(found, some, language) if some else []
    return told + ([said("answer.zero", language, a=_named(found, arms, idle, language))] if idle else []) + absent


def response(found: Found, language: Language) -> tuple[str, str]:
    """What is said of figures that are no evidence, and why; of evidence the why alone."""
    arms = found["arms"]
    if not arms:
        assumed = [row for row in unaided.moving(found) if row["basis"] != "evidence"]
        if not assumed:
            return "", ""
        return said("response", language), said("response.unaided", language, it=unaided.it(assumed, language))
    if all(arm["evidence"] for arm in arms):
        return "", said("evidence.why", language)
    return said("response", language), said("response.why", language)


def _judged(found: Found, arms: list[Row], language: Language) -> list[str]:
    by = ahead.shown(found["arms"])
    told, sure = _told(found, arms, by, language)
    if by == FALLS:
        told = [told[0], *_unlasting(found, arms, told, language), said("answer.by_falls", language), *told[1:]]
    else:
        if not sure:
            falls, sure = _told(found, arms, FALLS, language, again=True)
            told = told + falls if sure or len(arms) == 1 else [said("answer.undecided.both", language)]
        told += _unlasting(found, arms, told, language)
    told += [_years(found, arms, arm, language) for arm in arms
             if above_nought(arm["outcomes"][YEARS]) and not above_nought(arm["outcomes"][FALLS])]  # fmt: skip
    if len(arms) == 1:
        return told
    names = [arm["name"] for arm in arms]
    told += [_unpriced(found, arm, language) for arm in arms if arm["cost_at_least"] is not None]
    return told + _beaten(found, names, language)


def _unlasting(found: Found, arms: list[Row], told: list[str], language: Language) -> list[str]:
    """Of which answers nothing is seen to last, and why, as far as that was not `told` yet."""
    lines = []
    for what, key in (("unseen", "unknown.last"), ("none", "answer.none_lasts")):
        if own := [one for one in arms if state(one) == what]:
            why = _unproven(found, arms, own, language)
            lines.append(said(key, language, a=_named(found, arms, own, language),
                              unproven="" if any(why in line for line in told) else why))  # fmt: skip
    return lines


def _unproven(found: Found, arms: list[Row], some: list[Row], language: Language) -> str:
    """That some of the answers count as nought for want of evidence alone; empty where none does."""
    own = [arm for arm in some if all(one["no_evidence"] for one in arm["schemes"] if one["families"])]
    return said("answer.unproven", language, a=_named(found, arms, own, language)) if own else ""


def _years(found: Found, arms: list[Row], arm: Row, language: Language) -> str:
    """What is surely averted by an answer that may avert no fall: years below the line."""
    own = arm["outcomes"][YEARS]
    return said("answer.poor_years", language, a=_named(found, arms, [arm], language), n=figure(YEARS, own["value"],
                language), **{kind: span(YEARS, own[kind], language) for kind in ("draws", "effects")})  # fmt: skip


def _unpriced(found: Found, arm: Row, language: Language) -> str:
    """That an answer of which a cost is not known, or not in full, cannot be compared by cost."""
    parts = dict.fromkeys(part for own in arm["schemes"] for part in own["cost_unknown"])
    return said("answer.cost_lacks" if arm["cost_at_least"] else "answer.cost_unknown", language,
                a=label(found, arm["name"], language), cost=arm_cost(arm, language),
                parts=way.parts([*parts], language))  # fmt: skip


def _beaten(found: Found, names: list[str], language: Language) -> list[str]:
    """Of each answer that is beaten by the means, what those that nothing beats have over it."""
    points = {own["name"]: own for own in found["pareto"]}
    told = []
    for own in (points[name] for name in names if name in points):
        for best in (points[name] for name in own["beaten_by"] if not points[name]["beaten_by"]):
            cost = "same" if ahead.same_cost(best, own) else "less"
            held = "more" if best[own["by"]]["value"] > own[own["by"]]["value"] else "same"
            told.append(said("answer.beats", language, a=label(found, best["name"], language),
                             cost=said(f"beats.cost.{cost}", language, b=label(found, own["name"], language)),
                             held=said(f"beats.{own['by']}.{held}", language)))  # fmt: skip
    return told


def _named(found: Found, arms: list[Row], some: list[Row], language: Language) -> str:
    """Some of the answers in words, each by its name."""
    if len(arms) == 1:
        title: str = arms[0]["title"][language]
        return title
    if len(some) == len(arms):
        return said("answer.all", language)
    return ", ".join(label(found, arm["name"], language) for arm in some)


def _told(found: Found, arms: list[Row], name: str, language: Language, *, again: bool = False,
          ) -> tuple[list[str], bool]:  # fmt: skip
    """What an outcome says, and whether that is sure; `again` : after another outcome of the same answer."""
    return _best(found, arms, name, language) if len(arms) > 1 else _one(arms[0], name, language, again)


def _one(arm: Row, name: str, language: Language, again: bool) -> tuple[list[str], bool]:
    own, what = arm["outcomes"][name], said(name, language).lower()
    told = [said("answer.one.again" if again else "answer.one", language, a=arm["title"][language],
                 n=figure(name, own["value"], language), what=what, cost=arm_cost(arm, language),
                 draws=span(name, own["draws"], language), effects=span(name, own["effects"], language))]  # fmt: skip
    sure = not holds_nought(own)
    told += [] if sure else [said("answer.one.open", language, what=what)]
    return told + _rough(arm, own["value"], what, language), sure


def _rough(arm: Row, families: float | None, what: str, language: Language) -> list[str]:
    """That a figure is of few families of the sample, where it is."""
    few = families and thin(arm, families)
    return [said("answer.thin", language, what=what, n=number(FEWEST, language))] if few else []


def _best(found: Found, arms: list[Row], name: str, language: Language) -> tuple[list[str], bool]:
    """Which answer is ahead of all others, if any is by both ranges."""
    what, names = said(name, language).lower(), [arm["name"] for arm in arms]
    best, equal = ahead.best_of(names, found["differences"], name)
    if best is None:
        unproven = _unproven(found, arms, arms, language)
        return [said("answer.equal" if equal else "answer.undecided", language, what=what, unproven=unproven)], equal
    rest, n = [arm for arm in arms if arm["name"] != best[0]], figure(name, best[1], language)
    told = said("answer.best" if n.strip("0.,") else "answer.best.near", language, n=n, what=what,
                a=label(found, best[0], language), unproven=_unproven(found, arms, rest, language),
                others=", ".join(label(found, arm["name"], language) for arm in rest))  # fmt: skip
    own = next(arm for arm in arms if arm["name"] == best[0])
    return [told, *_rough(own, best[1], what, language)], True
