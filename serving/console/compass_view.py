"""What the page of the sector compass shows, from figures to cells, bars and sources in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.contract import SECTIONS
from models.compass import rank, table, telling
from models.compass import sources as sources_of
from models.compass.measures import BY_KEY, GROUPS, MEASURES, Measure
from models.compass.own import FACTS, OF_PROVINCES
from models.compass.rank import Standing
from models.compass.table import Place
from models.text import Language
from serving.console import formats
from serving.console.charts import places as drawn
from serving.console.strings import Strings

TOGETHER = "gabungan"
STEPS = 5


def choices(place: Place, say: Strings) -> list[tuple[str, str]]:
    """What the bars can show: measures of which nothing is known too, and said so."""
    known = place.known()
    return [(TOGETHER, say.say("compass.together")),
            *((own.key, own.name(say.language) if own in known else f"{own.name(say.language)} ("
               f"{say.say('compass.unknown')})") for own in MEASURES)]  # fmt: skip


def groups(place: Place, weights: Mapping[str, float], say: Strings) -> list[dict[str, Any]]:
    """Measures by group, each with its short name, unit, years and weight; those without a figure stand there empty."""
    found, known = [], place.known()
    for group in GROUPS:
        items = [{"key": own.key, "name": own.name(say.language), "short": say.say(f"compass.short.{own.key}"),
                  "unit": _unit(own, say), "local": _local(place, own), "better": own.better,
                  "about": own.about(say.language), "known": own in known, "years": _years(place, own),
                  "weight": f"{weights[own.key]:g}"}
                 for own in MEASURES if own.group == group]  # fmt: skip
        found.append({"key": group, "name": say.say(f"compass.group.{group}"), "measures": items,
                      "known": any(own["known"] for own in items)})  # fmt: skip
    return found


def _years(place: Place, measure: Measure) -> str:
    """The year of a measure's figures, or the first and the last of them; empty where there is none."""
    own = sorted({cell.year for letter in SECTIONS if (cell := place.cell(letter, measure.key)) is not None})
    return "-".join(dict.fromkeys((own[0], own[-1]))) if own else ""


def _unit(measure: Measure, say: Strings) -> str:
    return say.say(f"compass.unit.{measure.kind}")


def _short(measure: Measure, value: float, say: Strings) -> str:
    """A value as a cell has it; its unit stands in the head of the column."""
    if measure.kind in ("rupiah", "people"):
        return formats.number(value / 1e6, say.language, 2 if value < 9.995e6 else 1)
    if measure.kind in ("scale", "index"):
        return formats.number(value, say.language, 2)
    written = formats.number(100 * value, say.language, 1 if abs(value) < 0.9995 else 0)
    return f"+{written}" if measure.kind == "change" and value > 0 else written


def _steps(place: Place, measure: Measure) -> dict[str, int]:
    """Fifth of each section by a measure, 5 the most favourable; 0 where the measure judges nothing."""
    if not measure.better:
        return {}
    return {letter: min(STEPS, int(own * STEPS) + 1) for letter, own in rank.places_of(place, measure.key).items()}


def rows(place: Place, found: Mapping[str, Standing], say: Strings) -> list[dict[str, Any]]:
    """Sections by rank, with a cell for each measure."""
    steps = {own.key: _steps(place, own) for own in MEASURES}
    near = {own.key for own in MEASURES if _local(place, own)}
    rows = []
    for letter in sorted(found, key=lambda own: (found[own].rank or len(SECTIONS) + 1, own)):
        cells = []
        for measure in MEASURES:
            cell = place.cell(letter, measure.key)
            away = measure.key in near and cell is not None and not cell.province
            cells.append({"key": measure.key, "text": "" if cell is None else _short(measure, cell.value, say),
                          "step": steps[measure.key].get(letter, 0), "away": away,
                          "together": bool(cell and cell.published)})  # fmt: skip
        rows.append({"letter": letter, "name": telling.section(letter, say.language), "own": found[letter],
                     "known": formats.percent(found[letter].known), "cells": cells})  # fmt: skip
    return rows


def _local(place: Place, measure: Measure) -> bool:
    """Whether a measure has figures of the province itself."""
    return any(cell.province for (_, key), cell in place.cells.items() if key == measure.key)


def bars(place: Place, found: Mapping[str, Standing], shown: str, say: Strings) -> list[dict[str, Any]]:
    """One measure, or the rank, of each section, the best first."""
    rows = []
    if not shown:
        for letter in sorted(found, key=lambda own: (found[own].rank or len(SECTIONS) + 1, own)):
            own = found[letter]
            rows.append({"letter": letter, "name": telling.section(letter, say.language),
                         "bar": drawn.rank(own.rank, own.low, own.high, len(SECTIONS), f"r-{letter}"),
                         "value": say.say("compass.few") if own.rank is None else str(own.rank),
                         "more": "" if own.rank is None else f"{own.low}-{own.high}", "href": "",
                         "together": False})  # fmt: skip
        return rows
    measure = BY_KEY[shown]
    steps, order = _steps(place, measure), rank.places_of(place, shown)
    values = [cell.value for letter in SECTIONS if (cell := place.cell(letter, shown)) is not None] or [0.0]
    for letter in sorted(SECTIONS, key=lambda own: (-order.get(own, -1), own)):
        cell = place.cell(letter, shown)
        written = say.say("compass.unknown") if cell is None else measure.written(cell.value, say.language)
        rows.append({"letter": letter, "name": telling.section(letter, say.language), "value": written,
                     "bar": drawn.amount(None if cell is None else cell.value, min(values), max(values),
                                         steps.get(letter, 0), f"r-{letter}"),
                     "more": "" if cell is None else cell.year, "together": bool(cell and cell.published),
                     "href": "" if cell is None else f"#s-{shown}"})  # fmt: skip
    return rows


def sources(place: Place, say: Strings) -> list[dict[str, Any]]:
    """Of each measure what it says, its direction, and every source with year and place."""
    found = []
    for measure in place.known():
        cells = [cell for letter in SECTIONS if (cell := place.cell(letter, measure.key)) is not None]
        lines = dict.fromkeys((cell.year, telling.where(cell, say.language), sources_of.told(cell.source, say.language),
                               sources_of.told(cell.unit, say.language)) for cell in cells)  # fmt: skip
        found.append({"key": measure.key, "name": measure.name(say.language), "about": measure.about(say.language),
                      "better": say.say(f"compass.better.{measure.better + 1}"), "sources": list(lines),
                      "known": len(cells)})  # fmt: skip
    return found


def facts(place: Place, say: Strings) -> list[tuple[str, str, str]]:
    """Figures of the place as a whole: name, value and source."""
    lines = []
    for name in FACTS:
        cell = place.facts.get(name)
        written = telling.fact_value(name, cell, say.language) if cell else ""
        if cell or name not in OF_PROVINCES:
            lines.append((telling.fact(name, say.language), written or say.say("compass.unknown"),
                          f"{cell.year}; {sources_of.told(cell.source, say.language)}" if cell else ""))  # fmt: skip
    return lines


def section(place: Place, letter: str, say: Strings) -> dict[str, Any]:
    """Everything that is known of one section, and its divisions."""
    if not letter:
        return {}
    lines = []
    for measure in (*place.known(), *place.unknown()):
        cell = place.cell(letter, measure.key)
        spread = "" if cell is None else telling.spread(measure.key, cell, say.language)
        lines.append({"name": measure.name(say.language), "cell": cell, "spread": f"({spread})" if spread else "",
                      "source": "" if cell is None else sources_of.told(cell.source, say.language),
                      "value": say.say("compass.unknown") if cell is None else
                      measure.written(cell.value, say.language),
                      "place": "" if cell is None else telling.where(cell, say.language)})  # fmt: skip
    return {"letter": letter, "name": telling.section(letter, say.language), "lines": lines,
            **_divisions(letter, say.language)}  # fmt: skip


def _divisions(letter: str, language: Language) -> dict[str, Any]:
    """Divisions of a section, a cell for each measure that any may have: the figure, of how many typical jobs it is a
    mean and how far they lie apart, and its year; None where nothing is known. `origins` : their sources."""
    rows, origins = [], dict[str, None]()
    for code, title in table.divisions(letter, language).items():
        cells: list[dict[str, str] | None] = []
        for key in table.OF_DIVISIONS:
            cell = table.division(code, key)
            cells.append(None if cell is None else {
                "value": telling.value(key, cell, language), "spread": telling.spread(key, cell, language),
                "year": cell.year})  # fmt: skip
            if cell is not None:
                origins[telling.origin(key, cell, language)] = None
        rows.append({"code": code, "title": title, "cells": cells})
    heads = [telling.measure(key, language) for key in table.OF_DIVISIONS]
    return {"divisions": rows, "heads": heads, "origins": [*origins]}
