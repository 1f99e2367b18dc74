"""Pictures of a simulation: the ladder by year, the middle class against the goal, outcomes with both ranges, cost
against what lasts, or against falls averted where nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from features.contract import RUNGS
from models import drawn
from models.drawn import Ask
from models.schemes import ahead, named
from models.schemes.lasting import trying
from models.schemes.words import said
from models.text import words
from models.words import CHARTS, Language, word

Row = dict[str, Any]
RUNG_COLOURS = ("#2B0A4F", "#5E3A9E", "#2F7DA8", "#62B0AE", "#B9E2BD")
"""Rungs from the lowest up, told apart in grey print and by colour-blind readers."""
_SHOWN = ("falls_averted", "relapses_averted", "lasting_12", "lasting_24", "lasting_36", "cost_per_lasting_24")


def of(found: Mapping[str, Any], language: Language) -> dict[str, str]:
    """SVG by name."""
    return {name: drawn.draw(ask) for name, ask in asks(found, language).items()}


def asks(found: Mapping[str, Any], language: Language) -> dict[str, Ask]:
    """What is to be drawn, by name; outcomes only where some answer has somebody in it, costs only where two of
    those have a known one: a dot alone compares nothing, and its figures are a sentence (`judging.alone`)."""
    title = {"without": word(CHARTS, "without_schemes", language)} | labels(found["arms"], language)
    answers = {"without": found["without"]} | {arm["name"]: arm for arm in found["arms"]}
    made = {f"tangga_{name}": ladder(own["rungs"], language) for name, own in answers.items()}
    lines = [{"label": title[name], "year": row["year"], **row["middle"]} for name, own in answers.items()
             for row in own["rungs"]]  # fmt: skip
    asked = found["goal"]["inverse"]
    made["kelas_menengah"] = Ask("paths", language, {"table": [*lines, *needed(asked, language)],
                                                     "goal": asked and asked["goal"]})  # fmt: skip
    if trying(found):
        made["hasil"] = Ask("ranges", language, {"name": "scheme_outcomes", "table": outcomes(found, language)})
    if len(dots := ahead.with_dot(found["pareto"])) > 1:
        by, beaten = ahead.shown(found["arms"]), _beaten(found)
        made["biaya_bertahan"] = Ask("pareto", language, {"outcome": by, "table": [
            {"label": own["name"] if len(own["name"]) == 1 else title[own["name"]],
             "cost": own["cost"] / 1e9, "value": own[by]["value"], "beaten": own["name"] in beaten,
             "low": own[by]["draws"][0], "high": own[by]["draws"][1],
             "least": own[by]["effects"][0], "most": own[by]["effects"][1]}
            for own in dots], "note": left_out(found, language)})  # fmt: skip
    return made


def titled(name: str, found: Mapping[str, Any]) -> str:
    """The chart whose words a picture has (`models.words.CHARTS`)."""
    if name == "biaya_bertahan":
        return f"pareto.{ahead.shown(found['arms'])}"
    if name == "di_bawah_garis":
        return "counts"
    return "scheme_outcomes" if name.startswith("hasil") else "paths" if name == "kelas_menengah" else "stacked"


def about(name: str, found: Mapping[str, Any], language: Language) -> str:
    """What a picture says, in words: how it is read, and of cost which answers are beaten, and which have no dot in it
    and why."""
    told = word(CHARTS, f"{titled(name, found)}.about", language)
    if name != "biaya_bertahan":
        return told
    title, beaten = labels(found["arms"], language), _beaten(found)
    behind = said("picture.beaten", language, arms=", ".join(title[one] for one in beaten), what=said(
        ahead.shown(found["arms"]), language).lower()) if beaten else ""  # fmt: skip
    return " ".join(filter(None, (told, behind, left_out(found, language))))


def _beaten(found: Mapping[str, Any]) -> list[str]:
    """Answers that are beaten on cost by the outcome that the picture shows, which need not be the one that decides."""
    points = ahead.with_dot(found["pareto"])
    return [name for name, by in ahead.beaten_by(points, ahead.shown(found["arms"])).items() if by]


def left_out(found: Mapping[str, Any], language: Language) -> str:
    """Which answers have no dot in the picture of cost, and why; empty where all have one. It stands in the picture."""
    drawn_ = {own["name"]: own["reached"] for own in found["pareto"]}
    why = {"unpriced": [arm for arm in found["arms"] if arm["name"] not in drawn_],
           "unreached": [arm for arm in found["arms"] if drawn_.get(arm["name"]) is False]}  # fmt: skip
    title = labels(found["arms"], language)
    return " ".join(said(f"picture.{key}", language, arms=", ".join(title[arm["name"]] for arm in arms))
                    for key, arms in why.items() if arms)  # fmt: skip


def needed(goal: Mapping[str, Any] | None, language: Language) -> list[Row]:
    """The line that would reach the goal by growth alone; none where no growth is enough or nothing was asked."""
    if goal is None or goal["path_needed"] is None:
        return []
    label = word(CHARTS, "growth_needed", language).format(words(language).number(100 * goal["growth_needed"], 1))
    return [{"label": label, "year": row["year"], "value": row["share"], "low": row["share"], "high": row["share"]}
            for row in goal["path_needed"]]  # fmt: skip


def labelled(arm: Mapping[str, Any], language: Language) -> str:
    """Title of an answer, its letter in front where it has one, and alone where that is its title (`lettered`)."""
    title: str = arm["title"][language]
    return f"{arm['name']}: {title}" if len(arm["name"]) == 1 and title != arm["name"] else title


def of_scheme(arm: Mapping[str, Any], title: str, language: Language) -> str:
    """A scheme by the answer that it is of; its title alone where the answer has the same, also behind that of its
    scenario (`Scenario: Scheme`)."""
    label, own = labelled(arm, language), arm["title"][language]
    return label if own == title or own.endswith(f": {title}") else f"{label} ({title})"


def lettered(found: Mapping[str, Any]) -> dict[str, Any]:
    """The same with letters for the titles of its answers, for paper, where the titles stand once; titles stay
    where there is one answer, and where they have no letters."""
    if len(found["arms"]) < 2 or any(len(arm["name"]) > 1 for arm in found["arms"]):
        return {**found}
    return {**found, "arms": [{**arm, "title": dict.fromkeys(arm["title"], arm["name"])} for arm in found["arms"]]}


def labels(arms: Sequence[Row], language: Language) -> dict[str, str]:
    """How pictures call each answer, by its name: its title, with the name where two have the same."""
    told = {arm["name"]: labelled(arm, language) for arm in arms}
    several = [*told.values()]
    return {name: label if several.count(label) == 1 else f"{label} ({name})" for name, label in told.items()}


def ladder(rungs: list[Row], language: Language) -> Ask:
    """Shares of the rungs by year."""
    names = named.rungs(language)
    return Ask("stacked", language, {
        "table": [{"year": row["year"], "part": names[rung], "share": row[rung]["value"]}
                  for row in rungs for rung in RUNGS],
        "parts": [names[rung] for rung in RUNGS], "colours": list(RUNG_COLOURS)})  # fmt: skip


def outcomes(found: Mapping[str, Any], language: Language) -> list[Row]:
    """Rows of `charts.ranges`: each outcome of each answer with the range of draws, and that of effects behind it."""
    title, rows = labels(found["arms"], language), []
    for name in _SHOWN:
        for arm in found["arms"]:
            figure = arm["outcomes"][name]
            scale = 1e6 if name.startswith("cost") else 1.0
            ends = zip(("value", "low", "high", "least", "most"),
                       (figure["value"], *figure["draws"], *figure["effects"]), strict=True)  # fmt: skip
            rows.append({"panel": word(CHARTS, name, language), "label": title[arm["name"]],
                         **{end: None if value is None else value / scale for end, value in ends}})  # fmt: skip
    return rows
