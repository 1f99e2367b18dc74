"""Which answer of a scenario is ahead: one sentence or some, as sure as the ranges allow.

Answers are judged by what lasts 24 months. Where that is not seen, where nothing lasts at all, and where it leaves open
which is ahead, they are judged by falls averted, and it is said that they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.schemes.lasting import FALLS, LASTING, state
from models.schemes.telling import arm_cost, figure, label, nothing, span
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]


def answer(found: Found, language: Language) -> str:
    """The answer in words."""
    arms = found["arms"]
    if not arms:
        return said("answer.none", language)
    trying = [arm for arm in arms if not nothing(arm)]
    idle = [arm for arm in arms if nothing(arm)]
    told = _judged(found, trying, language) if trying else []
    return " ".join([*told, *(said("answer.zero", language, a=arm["title"][language]) for arm in idle)])


def deciding(found: Found) -> str:
    """The outcome that answers are judged by first: what lasts 24 months, or falls averted where that is not seen of
    one of them or nothing lasts of any."""
    states = [state(arm) for arm in found["arms"] if not nothing(arm)]
    return FALLS if "unseen" in states or {*states} == {"none"} else LASTING


def _judged(found: Found, arms: list[Row], language: Language) -> list[str]:
    name = deciding(found)
    told = [said(key, language, a=_named(found, arms, one, language))
            for what, key in (("unseen", "unknown.last"), ("none", "answer.none_lasts"))
            for one in arms if state(one) == what]  # fmt: skip
    by_falls = said("answer.by_falls", language)
    if name == FALLS:
        return [*told, by_falls, _told(found, arms, FALLS, language)[0]]
    sentence, sure = _told(found, arms, LASTING, language)
    told.append(sentence)
    if not sure:
        told += [by_falls, _told(found, arms, FALLS, language)[0]]
    if len(arms) == 1:
        return told
    names = [arm["name"] for arm in arms]
    return told + [said("answer.beaten", language, a=label(found, own["name"], language),
                        others=", ".join(label(found, one, language) for one in own["beaten_by"]))
                   for own in found["pareto"] if own["beaten_by"] and own["name"] in names]  # fmt: skip


def _named(found: Found, arms: list[Row], arm: Row, language: Language) -> str:
    title: str = arm["title"][language]
    return title if len(arms) == 1 else label(found, arm["name"], language)


def _told(found: Found, arms: list[Row], name: str, language: Language) -> tuple[str, bool]:
    """What an outcome says, and whether that is sure."""
    return _one(arms[0], name, language) if len(arms) == 1 else _best(found, arms, name, language)


def _one(arm: Row, name: str, language: Language) -> tuple[str, bool]:
    own, what = arm["outcomes"][name], said(name, language).lower()
    told = said("answer.one", language, a=arm["title"][language], n=figure(name, own["value"], language), what=what,
                cost=arm_cost(arm, language), draws=span(name, own["draws"], language),
                effects=span(name, own["effects"], language))  # fmt: skip
    sure = not any(low is not None and high is not None and low <= 0 <= high
                   for low, high in (own["draws"], own["effects"]))  # fmt: skip
    return told if sure else f"{told} {said('answer.one.open', language, what=what)}", sure


def _best(found: Found, arms: list[Row], name: str, language: Language) -> tuple[str, bool]:
    """Which answer is ahead of all others, if any is by both ranges."""
    what, names = said(name, language).lower(), [arm["name"] for arm in arms]
    verdicts: set[str] = set()
    for best in names:
        others = [one for one in names if one != best]
        gaps = [_gap(found, best, other, name) for other in others]
        verdicts |= {verdict for verdict, _ in gaps}
        if all(verdict == "first" for verdict, _ in gaps):
            least = min(abs(gap) for _, gap in gaps)
            return said("answer.best", language, a=label(found, best, language), what=what,
                        others=", ".join(label(found, one, language) for one in others),
                        n=figure(name, least, language)), True  # fmt: skip
    if verdicts == {"equal"}:
        return said("answer.equal", language, what=what), True
    return said("answer.undecided", language, what=what), False


def _gap(found: Found, best: str, other: str, name: str) -> tuple[str, float]:
    """The verdict on one against another, and by how much."""
    turned = {"first": "second", "second": "first"}
    for row in found["differences"]:
        own = row["outcomes"][name]
        if (row["first"], row["second"]) == (best, other):
            return own["verdict"], own["value"] or 0.0
        if (row["first"], row["second"]) == (other, best):
            return turned.get(own["verdict"], own["verdict"]), own["value"] or 0.0
    raise KeyError(best, other)
