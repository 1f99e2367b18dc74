"""Which answer of a scenario is ahead: one sentence or some, as sure as the ranges allow.

Where they are judged by falls averted and not by what lasts (`models.schemes.ahead`), it is said that they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.schemes import ahead, asked, left_out, started, unaided, way
from models.schemes.against import ROUGH, beaten, prices, rough, several, unproven, verdict
from models.schemes.lasting import FALLS, nothing, state, trying
from models.schemes.telling import above_nought, arm_cost, figure, holds_nought, in_list, label, lacks_shock, span, thin
from models.schemes.words import said
from models.words import Language

Row = dict[str, Any]
Found = Mapping[str, Any]
MOST_WORDS = 120
"""Words of an answer in Bahasa Indonesia that stand open: what is read in a minute, with the question, the note and
what the figures are; English has the same sentences open. The verdict, what those that are ahead cost, whether anything
lasts, a start that is far off and what shocks or growth come to (`unaided.below`, `unaided.upon`) stand open whatever
their length."""
_HELD = 2
"""Lines of what a scenario is asked (`asked.told`) that stand open: the verdict on the goal and the growth it takes."""
YEARS = "poor_years_averted"


def answer(found: Found, language: Language) -> str:
    """The answer in words."""
    told = sentences(found, language)
    return " ".join([*told, *rough(told, language)])


def sentences(found: Found, language: Language) -> list[str]:
    """The answer, a sentence each, the verdict first: on what the years that it reaches are held against
    (`models.schemes.asked`), then on which answer is ahead, and beside it what shocks come to without
    schemes; last where it starts (`models.schemes.started`). Where the start is far off it is told right after the
    verdict."""
    first, rest = _ordered(found, language)
    return _once(found, [*first, *rest], language)


def _ordered(found: Found, language: Language) -> tuple[list[str], list[str]]:
    """The same with the title of an answer wherever it stands: what always stands open, and the rest."""
    held, moved = asked.told(found, language), _moved(found, language)
    verdict_, first, own = _compared(found, language)
    if not held and not verdict_:
        verdict_, own = own[:1], own[1:]
    told = [*held[:_HELD], *verdict_, *(line for line in moved[:1] if line not in (*verdict_, *first)), *first]
    start = started.missed(found, language) if started.far(found) else []
    head = 1 if held else len(verdict_)
    return [*told[:head], *start, *told[head:]], [
        *held[_HELD:], *own, *unaided.beside(found, language), *moved[1:], *_start_last(found, language)]  # fmt: skip


def _start_last(found: Found, language: Language) -> list[str]:
    """What is said of the start after all else."""
    missed = [] if started.far(found) else started.missed(found, language)
    return [*missed, *started.first_year(found, language)]


def _once(found: Found, lines: list[str], language: Language) -> list[str]:
    """The same with the title of an answer beside its letter where it stands first, and the letter alone after that."""
    labels = {write(found, arm["name"], language): arm["name"] for arm in found["arms"] if len(arm["name"]) == 1
              for write in (label, in_list)}  # fmt: skip
    if not labels:
        return lines
    seen: set[str] = set()

    def short(match: re.Match[str]) -> str:
        own = match[0]
        name = labels[own]
        told = name if name in seen else own
        seen.add(name)
        return told

    # The longest first, and none within another word, since a title may hold what looks like an answer's.
    every = "|".join(re.escape(own) for own in sorted(labels, key=len, reverse=True))
    return [re.sub(rf"(?<!\S)(?:{every})", short, line) for line in lines]


def in_short(found: Found, language: Language) -> dict[str, list[str]]:
    """The same in two parts: what is read in a minute (`answer`), and the rest (`answer_more`); and the note beneath
    what is read first (`answer_note`), where a figure there is of few families."""
    told, count = sentences(found, language), _open(found)
    first, rest = told[:count], told[count:]
    note = rough(first, language)
    return {"answer": first, "answer_note": note, "answer_more": [*rest, *([] if note else rough(rest, language))]}


def _open(found: Found) -> int:
    """How many sentences stand open, in every language."""
    told, count = sentences(found, "id"), len(_ordered(found, "id")[0])
    last = len(told) - len(_start_last(found, "id"))
    while count < last and sum(len(line.split()) for line in told[: count + 1]) <= MOST_WORDS:
        count += 1
    return count


def _compared(found: Found, language: Language) -> tuple[list[str], list[str], list[str]]:
    """What its answers come to, or where it has none what it does without them: the verdict, what else always stands
    open, and the rest."""
    arms = found["arms"]
    absent = [left_out.sentence(arm, language) for arm in found["arms_left_out"]]
    if not arms and not absent:
        told, count = unaided.told(found, language), unaided.FIRST if _moved(found, language) else 0
        return told[: min(count, 1)], told[1:count], told[count:]
    some, idle = trying(found), [arm for arm in arms if nothing(arm)]
    verdict_, first, own = _judged(found, some, language) if some else ([], [], [])
    rest = [*own, *([said("answer.zero", language, a=several(found, arms, idle, language))] if idle else []), *absent]
    return verdict_, first, rest


def _moved(found: Found, language: Language) -> list[str]:
    """What shocks and growth come to beside the same lives without them, the line that stands open first; none where
    these were not lived."""
    if found["without"]["calm"] is None:
        return []
    tried = found["arms"] or found["arms_left_out"]
    return unaided.upon(found, language) if tried else [unaided.below(found, language)]


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


def _judged(found: Found, arms: list[Row], language: Language) -> tuple[list[str], list[str], list[str]]:
    """The verdict with what those that are ahead cost, and whether anything lasts, which always stand open; and the
    rest."""
    by = ahead.shown(found["arms"])
    told, sure = _one(arms[0], by, language) if len(arms) == 1 else verdict(found, arms, by, language)
    several_ = len(arms) > 1  # of one alone its own figures say what it costs
    priced = prices(found, arms, by, language) if several_ else {}
    lasts, caveats = _lasting(found, arms, told[0], language)
    first = [*lasts, *([said("answer.by_falls", language)] if by == FALLS else [])]
    after = [_without(line, caveats) for line in told[1:]]
    idle = [line for arm in arms for own in arm["schemes"] if own["families"] for line in lacks_shock(own, language)]
    unpriced = [_unpriced(found, arm, language) for arm in arms if several_ and arm["cost_at_least"] is not None]
    over = beaten(found, [arm["name"] for arm in arms], sure, priced, language) if several_ else []
    # What is not known of a cost comes before what else an answer does, but not before which of two is surely ahead.
    return [told[0], *priced.values()], first, [
        *([*after, *unpriced] if sure and not priced else [*unpriced, *after]), *dict.fromkeys(idle), *over,
        *_years(found, arms, language), *_emptied(found, arms, language)]  # fmt: skip


_LASTS = {"more": "answer.lasts", "open": "answer.lasts.open", "fewer": "answer.lasts.fewer", "unseen": "unknown.last",
          "none": "answer.none_lasts"}  # fmt: skip
"""What is said of what lasts of an answer beside others, by `lasting.state`."""


def _lasting(found: Found, arms: list[Row], verdict_: str, language: Language) -> tuple[list[str], list[str]]:
    """Of which answers anything lasts, of which it cannot be said, and of which nothing is seen to last and why, as far
    as the verdict did not tell it; of one alone the last, since its figures say the others. And what of them is for
    want of evidence alone: it stands here, where it is read, and not again in what follows."""
    lines, caveats = [], []
    for what, key in _LASTS.items():
        own = [one for one in arms if state(one) == what]
        if own and (len(arms) > 1 or what in ("unseen", "none")):
            why = unproven(found, arms, own, language)
            line = said(key, language, a=several(found, arms, own, language),
                        unproven="" if why in verdict_ else why)  # fmt: skip
            lines.append(line)
            caveats += [why] if why and why in line else []
    return lines, caveats


def _without(line: str, caveats: list[str]) -> str:
    for why in caveats:
        line = line.replace(why, "")
    return line


def _years(found: Found, arms: list[Row], language: Language) -> list[str]:
    """Years below the line, where they are surely averted by an answer that may avert no fall: of all answers, those
    that avert most first, so that none stands alone that another is ahead of."""
    own = [arm for arm in arms
           if above_nought(arm["outcomes"][YEARS]) and not above_nought(arm["outcomes"][FALLS])]  # fmt: skip
    if not own:
        return []
    most = sorted(arms, key=lambda arm: -arm["outcomes"][YEARS]["value"])
    if len(arms) == 1:
        return [
            said("answer.poor_years", language, **_of_years(arms[0], several(found, arms, own, language), language))
        ]
    each = "; ".join(said("answer.poor_years.each", language, **_of_years(arm, label(found, arm["name"], language),
                                                                          language)) for arm in most)  # fmt: skip
    return [said("answer.poor_years.all", language, each=each,
                 a=", ".join(label(found, arm["name"], language) for arm in own))]  # fmt: skip


def _emptied(found: Found, arms: list[Row], language: Language) -> list[str]:
    """Of which answers nobody is left to take part before their intake ends, and from when on: of all their schemes."""
    lines = []
    for arm in arms:
        years = [[int(year) for year, why in own["limited_by"].items() if why == "families"] for own in arm["schemes"]]
        if all(years):
            lines.append(said("answer.families", language, year=max(map(min, years)),
                              a=several(found, arms, [arm], language)))  # fmt: skip
    return lines


def _of_years(arm: Row, name: str, language: Language) -> dict[str, str]:
    own = arm["outcomes"][YEARS]
    return {"a": name, "n": figure(YEARS, own["value"], language),
            **{kind: span(YEARS, own[kind], language) for kind in ("draws", "effects")}}  # fmt: skip


def _unpriced(found: Found, arm: Row, language: Language) -> str:
    """That an answer of which a cost is not known, or not in full, cannot be compared by cost."""
    parts = dict.fromkeys(part for own in arm["schemes"] for part in own["cost_unknown"])
    return said("answer.cost_lacks" if arm["cost_at_least"] else "answer.cost_unknown", language,
                a=label(found, arm["name"], language), cost=arm_cost(arm, language),
                parts=way.parts([*parts], language))  # fmt: skip


def _one(arm: Row, by: str, language: Language) -> tuple[list[str], list[ahead.Pair]]:
    """What one answer comes to, and where what lasts is not sure what falls averted say."""
    told = [_figure(arm, by, language, again=False)]
    if by != FALLS and holds_nought(arm["outcomes"][by]):
        told.append(_figure(arm, FALLS, language, again=True))
    return told, []


def alone(found: Found, language: Language) -> str:
    """What the one answer comes to that would have a dot in the picture of cost; empty where several have one, or
    none."""
    dots = ahead.with_dot(found["pareto"])
    arms = [arm for arm in found["arms"] if [arm["name"]] == [own["name"] for own in dots]]
    return _figure(arms[0], ahead.shown(found["arms"]), language, again=False) if arms else ""


def _figure(arm: Row, name: str, language: Language, *, again: bool) -> str:
    """What an outcome says of one answer, and whether its range leaves it open; `again` : after another outcome."""
    own, what = arm["outcomes"][name], said(name, language).lower()
    if state(arm, name) == "none":
        return said("answer.one.none", language, a=arm["title"][language], what=what, cost=arm_cost(arm, language))
    mark = ROUGH if own["value"] and thin(arm, own["value"]) else ""
    return said("answer.one.again" if again else "answer.one", language, a=arm["title"][language],
                n=figure(name, own["value"], language) + mark, what=what, cost=arm_cost(arm, language),
                draws=span(name, own["draws"], language), effects=span(name, own["effects"], language),
                open=said("answer.one.open", language) if holds_nought(own) else "")  # fmt: skip
