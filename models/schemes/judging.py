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
from models.schemes.telling import arm_cost, figure, holds_nought, label, span, thin
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]


def answer(found: Found, language: Language) -> str:
    """The answer in words."""
    return " ".join(sentences(found, language))


def sentences(found: Found, language: Language) -> list[str]:
    """The answer, a fact each: first what the years that it reaches are held against (`models.schemes.asked`), last
    where it starts (`models.schemes.started`)."""
    return [*asked.told(found, language), *_compared(found, language), *started.told(found, language)]


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
    told = [said(key, language, a=_named(found, arms, own, language))
            for what, key in (("unseen", "unknown.last"), ("none", "answer.none_lasts"))
            if (own := [one for one in arms if state(one) == what])]  # fmt: skip
    by = ahead.shown(found["arms"])
    sentence, sure = _told(found, arms, by, language)
    if by == FALLS:
        sentence = f"{said('answer.by_falls', language)} {sentence}"
    elif not sure:
        falls, sure = _told(found, arms, FALLS, language, again=True)
        sentence = f"{sentence} {said('answer.by_falls', language)} {falls}" if sure or len(arms) == 1 else said(
            "answer.undecided.both", language)  # fmt: skip
    told.append(sentence)
    if len(arms) == 1:
        return told
    names = [arm["name"] for arm in arms]
    told += [_unpriced(found, arm, language) for arm in arms if arm["cost_at_least"] is not None]
    return told + _beaten(found, names, language)


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


def _told(found: Found, arms: list[Row], name: str, language: Language, *, again: bool = False) -> tuple[str, bool]:
    """What an outcome says, and whether that is sure; `again` : after another outcome of the same answer."""
    return _best(found, arms, name, language) if len(arms) > 1 else _one(arms[0], name, language, again)


def _one(arm: Row, name: str, language: Language, again: bool) -> tuple[str, bool]:
    own, what = arm["outcomes"][name], said(name, language).lower()
    told = said("answer.one.again" if again else "answer.one", language, a=arm["title"][language],
                n=figure(name, own["value"], language), what=what, cost=arm_cost(arm, language),
                draws=span(name, own["draws"], language), effects=span(name, own["effects"], language))  # fmt: skip
    sure = not holds_nought(own)
    told = told if sure else f"{told} {said('answer.one.open', language, what=what)}"
    return told + _rough(arm, own["value"], what, language), sure


def _rough(arm: Row, families: float | None, what: str, language: Language) -> str:
    """That a figure is of few families of the sample, where it is."""
    if families and thin(arm, families):
        return " " + said("answer.thin", language, what=what, n=number(FEWEST, language))
    return ""


def _best(found: Found, arms: list[Row], name: str, language: Language) -> tuple[str, bool]:
    """Which answer is ahead of all others, if any is by both ranges."""
    what, names = said(name, language).lower(), [arm["name"] for arm in arms]
    best, equal = ahead.best_of(names, found["differences"], name)
    if best is not None:
        others = ", ".join(label(found, one, language) for one in names if one != best[0])
        told = said("answer.best", language, a=label(found, best[0], language), what=what, others=others,
                    n=figure(name, best[1], language))  # fmt: skip
        own = next(arm for arm in arms if arm["name"] == best[0])
        return told + _rough(own, best[1], what, language), True
    return said("answer.equal" if equal else "answer.undecided", language, what=what), equal
