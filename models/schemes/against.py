"""One answer of a scenario against another, in words: of which pairs it is sure which is ahead and by how much, of
which that cannot be said, which are the same; what they cost beside each other, and which is beaten by the means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from models.few import FEWEST
from models.numbers import number, rupiah
from models.schemes import ahead, lasting
from models.schemes.ahead import Pair
from models.schemes.lasting import FALLS, LASTING
from models.schemes.telling import figure, in_list, label, thin
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
ROUGH = "\N{DAGGER}"
"""Mark of a figure that is of few families of the sample."""


def verdict(found: Found, arms: list[Row], by: str, language: Language) -> tuple[list[str], list[Pair]]:
    """Which of several answers is ahead, and the pairs of which that is told as sure, the one ahead first.

    Where one is ahead of all by what they are judged by (`ahead.shown`), it is that. Else every pair that is sure is
    told, by what lasts and by falls averted, and that it cannot be said of those alone of which it cannot. Of more than
    two the first sentence says no more than which is ahead of all the others, which few are, or that none is: it is
    short however many they are.
    """
    names = [arm["name"] for arm in arms]
    best, equal = ahead.best_of(names, found["differences"], by)
    if equal:
        told = said("answer.equal", language, what=_what(by, language), unproven=unproven(found, arms, arms, language))
        return [told], ahead.pairs(names, found["differences"], by)
    outcomes = (by,) if best or by == FALLS else (LASTING, FALLS)
    every = {name: ahead.pairs(names, found["differences"], name) for name in outcomes}
    lines: list[str] = []
    sure: list[Pair] = []
    for name, pairs in every.items():
        own = [one for one in pairs if one.verdict == "first" and best in (None, one.first)
               and not any(one[:2] == two[:2] for two in sure)]  # fmt: skip
        lines += _ahead(found, arms, own, name, language)
        sure += own
    if best:
        return [*([said("answer.first", language, a=label(found, best, language), what=_what(by, language))]
                  if len(arms) > 2 else []), *lines], sure  # fmt: skip
    lines += _rest(found, every, sure, language)
    alone = len(arms) == 2 or (not sure and len(lines) == 1)  # it is said of all pairs at once
    return [*([] if alone else [_leading(found, names, by, language)]), *lines], sure


def _leading(found: Found, names: list[str], by: str, language: Language) -> str:
    """Of more than two answers which few are ahead of all the others, as the same best one of scenarios side by side;
    else that none is."""
    few, outcome = ahead.leaders(names, found["differences"], by)
    if not few:
        return said("answer.none_first", language)
    same = all(one.verdict == "equal" for one in ahead.pairs(few, found["differences"], outcome))
    return said("answer.leaders.same" if same else "answer.leaders", language, a=_listed(found, few, language),
                what=_what(outcome, language))  # fmt: skip


def prices(found: Found, arms: list[Row], by: str, language: Language) -> dict[str, str]:
    """What each answer that is ahead of all the others costs, and by how much that is more or less than what each of
    them costs, where it is known: a sentence by its name."""
    names = [arm["name"] for arm in arms]
    points = {own["name"]: own for own in found["pareto"] if own["name"] in names}
    few, _ = ahead.leaders(names, found["differences"], by)
    return {name: _price(found, points[name], [own for own in points.values() if own["name"] != name], language)
            for name in few if name in points}  # fmt: skip


def _price(found: Found, own: Row, others: list[Row], language: Language) -> str:
    """What a point of `pareto` costs, and by how much that is more than some others, as much, or less."""
    kinds: dict[str, list[Row]] = {}
    for one in others:
        kind = "same" if ahead.same_cost(own, one) else "more" if own["cost"] > one["cost"] else "less"
        kinds.setdefault(kind, []).append(one)
    every = len(others) > 1 and len(others) == len(lasting.trying(found)) - 1
    beside = []
    for kind, some in kinds.items():
        low, high = (rupiah(gap, language) for gap in (
            end(abs(own["cost"] - one["cost"]) for one in some) for end in (min, max)))  # fmt: skip
        b = said("price.others", language) if every and len(some) == len(others) else ", ".join(
            label(found, one["name"], language) for one in some)  # fmt: skip
        beside.append(said(f"price.{kind}", language, b=b,
                           n=low if low == high else said("range", language, low=low, high=high)))  # fmt: skip
    return said("answer.price" if beside else "answer.price.alone", language,
                a=label(found, own["name"], language), cost=rupiah(own["cost"], language),
                beside="; ".join(beside))  # fmt: skip


def _ahead(found: Found, arms: list[Row], pairs: list[Pair], name: str, language: Language) -> list[str]:
    """Which answers are ahead of which by an outcome, with what each is ahead by."""
    if not pairs:
        return []
    own = {arm["name"]: arm for arm in arms}
    behind = [own[one] for one in dict.fromkeys(pair.second for pair in pairs)]
    why = {"what": _what(name, language), "unproven": unproven(found, arms, behind, language)}
    if len(pairs) == 1:
        (pair,) = pairs
        told = said("answer.best" if _some(pair) else "answer.best.near", language,
                    **_gap(own[pair.first], pair, name, language), a=label(found, pair.first, language),
                    others=label(found, pair.second, language), **why)  # fmt: skip
    elif len(pairs) == len(arms) - 1 and len({pair.first for pair in pairs}) == 1:  # one that is ahead of all others
        told = said("answer.first.by", language, a=label(found, pairs[0].first, language), others=", ".join(
            _by(found, own[pair.first], pair, name, language) for pair in pairs), **why)  # fmt: skip
    else:
        first = {pair.first: [one for one in pairs if one.first == pair.first] for pair in pairs}
        told = said("answer.ahead", language, pairs="; ".join(
            said("answer.ahead.pair", language, a=label(found, one, language),
                 others=", ".join(_by(found, own[one], pair, name, language) for pair in held))
            for one, held in first.items()),
            **why)  # fmt: skip
    return [told]


def rough(lines: Sequence[str], language: Language) -> list[str]:
    """The note on figures of few families of the sample; none where no sentence has one with its mark."""
    marked = any(ROUGH in line for line in lines)
    return [said("answer.thin", language, mark=ROUGH, n=number(FEWEST, language))] if marked else []


def _by(found: Found, arm: Row, pair: Pair, name: str, language: Language) -> str:
    return said("answer.ahead.by" if _some(pair) else "answer.ahead.near", language,
                **_gap(arm, pair, name, language), b=label(found, pair.second, language))  # fmt: skip


def _gap(arm: Row, pair: Pair, name: str, language: Language) -> dict[str, str]:
    """What an answer is ahead by, in words, with the mark of a figure of few families where it is one."""
    mark = ROUGH if thin(arm, pair.gap) else ""
    return {"n": figure(name, pair.gap, language) + mark, "mark": mark}


def _some(pair: Pair) -> bool:
    """Whether an answer is ahead by one family or more."""
    return pair.gap >= 1


def _rest(found: Found, every: Mapping[str, list[Pair]], sure: list[Pair], language: Language) -> list[str]:
    """Of which pairs there is no difference, and of which it cannot be said which is better: by falls alone where
    these are all that they are judged by, by both else, and by what lasts alone where falls make it sure."""
    told = {frozenset(one[:2]) for one in sure}
    same = [one for one in every[FALLS] if all(_verdict(pairs, one) == "equal" for pairs in every.values())]
    open_ = [one for one in every[FALLS] if frozenset(one[:2]) not in told and one not in same]
    falls = [one for one in every[FALLS] if one.verdict == "first"]
    late = [one for one in falls if _verdict(every.get(LASTING, []), one) == "undecided"]
    lines = [
        ("answer.undecided" if len(every) == 1 else "answer.undecided.both", open_),
        ("answer.undecided.last", late),
    ]
    whole = len(every[FALLS])
    return [*([said("answer.equal.pairs", language, pairs=_among(found, same, language))] if same else []),
            *(said(key, language, what=_what(FALLS, language), pairs="" if len(own) == whole else said(
                "answer.undecided.pairs", language, pairs=_among(found, own, language)))
              for key, own in lines if own)]  # fmt: skip


def _verdict(pairs: Sequence[Pair], pair: Pair) -> str:
    """The verdict on the same two answers among pairs of another outcome; empty where it was not looked at."""
    return next((one.verdict for one in pairs if {*one[:2]} == {*pair[:2]}), "")


def _among(found: Found, pairs: list[Pair], language: Language) -> str:
    """Pairs in few words: answers of which every two are among them stand together."""
    left = {frozenset(one[:2]) for one in pairs}
    groups = []
    for first, second, *_ in pairs:
        if frozenset((first, second)) in left:
            group = [first, second]
            for name in (arm["name"] for arm in found["arms"] if arm["name"] not in group):
                if all(frozenset((name, own)) in left for own in group):
                    group.append(name)
            left -= {frozenset((one, two)) for one in group for two in group}
            groups.append(_listed(found, [arm["name"] for arm in found["arms"] if arm["name"] in group], language))
    return "; ".join(groups)


def _listed(found: Found, names: Sequence[str], language: Language) -> str:
    *first, last = (in_list(found, name, language) for name in names)
    return said("unaided.and", language).join([*([", ".join(first)] if first else []), last])


def _what(name: str, language: Language) -> str:
    return said(name, language).lower()


def beaten(found: Found, names: Collection[str], told: Sequence[Pair], priced: Collection[str],
           language: Language) -> list[str]:  # fmt: skip
    """What the best of those that nothing beats has over each answer that it beats: beside what was `told` as sure its
    cost alone, and not that of those that were `priced`; "by the means alone" where no verdict says it, and then by
    what lasts and by falls averted both. One sentence of each kind for each that is best."""
    points = {own["name"]: own for own in found["pareto"] if own["reached"]}
    sure = {(one.first, one.second) for one in told}
    sure |= {(one.second, one.first) for one in told if one.verdict == "equal"}
    kinds: dict[tuple[str, str], dict[tuple[str, str, str], list[str]]] = {}
    for own in (points[name] for name in names if name in points):
        best = max((points[name] for name in own["beaten_by"] if name in points and not points[name]["beaten_by"]),
                   key=lambda one: (one[own["by"]]["value"], -one["cost"]), default=None)  # fmt: skip
        if best is not None:
            cost = "same" if ahead.same_cost(best, own) else "less"
            kind = "sure" if best["name"] in own["surely_beaten_by"] else "means"
            kind = "cost" if (best["name"], own["name"]) in sure else kind
            if kind == "cost" and best["name"] in priced:
                continue
            held = "" if kind == "cost" else _beside(best, own, own["by"])
            other = LASTING if own["by"] == FALLS else FALLS
            some = kind == "means" and (best[other]["value"] or own[other]["value"])  # of nothing it was said already
            also = _beside(best, own, other) if some else ""
            kinds.setdefault((best["name"], kind), {}).setdefault((cost, held, also), []).append(own["name"])
    return [said(f"answer.beats.{kind}", language, a=label(found, best, language), what="; ".join(
                 _over(found, names, *kinds_, language) for kinds_, names in groups.items()))
            for (best, kind), groups in kinds.items()]  # fmt: skip


def _beside(best: Row, own: Row, outcome: str) -> str:
    """What the mean of an outcome of one answer is beside another's, as a key of words; empty where one is unseen."""
    one, other = best[outcome]["value"], own[outcome]["value"]
    if one is None or other is None:
        return ""
    return f"beats.{outcome}.{'more' if one > other else 'less' if one < other else 'same'}"


def _over(found: Found, names: list[str], cost: str, held: str, also: str, language: Language) -> str:
    """What an answer has over others: `cost`, and by `held` and `also`, which are keys of words or empty."""
    told = {"cost": said(f"beats.cost.{cost}", language, b=", ".join(label(found, name, language) for name in names))}
    told |= {name: said(key, language) for name, key in (("held", held), ("also", also)) if key}
    if not held:
        return told["cost"]
    if also:
        return said("beats.also.less" if also.endswith("less") else "beats.also", language, **told)
    return said("beats.both" if len(names) == 1 else "beats.both.all", language, **told)


def several(found: Found, arms: list[Row], some: list[Row], language: Language) -> str:
    """Some of the answers in words, each by its name."""
    if len(arms) == 1:
        title: str = arms[0]["title"][language]
        return title
    if len(some) == len(arms):
        return said("answer.all", language)
    return ", ".join(label(found, arm["name"], language) for arm in some)


def unproven(found: Found, arms: list[Row], some: list[Row], language: Language) -> str:
    """That some of the answers count as nought for want of evidence alone; empty where none does."""
    own = [arm for arm in some if all(one["no_evidence"] for one in arm["schemes"] if one["families"])]
    return said("answer.unproven", language, a=several(found, arms, own, language)) if own else ""
