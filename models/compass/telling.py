"""The compass and openings in words: plain values for the API, the command line and the pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from features import reference
from features.commands import UserError
from features.contract import SECTIONS
from models.compass import sources, table
from models.compass.measures import BY_KEY, MEASURES, TASKS, Kind, Measure
from models.compass.occupations import DIGITS, SCHOOLING, all_occupations
from models.compass.openings import NOT_KNOWN, Opening, Prospect, Worker, schooling_of, standing
from models.compass.own import FACTS, sections_of
from models.compass.rank import Standing
from models.compass.table import Cell, Place
from models.text import LANGUAGES, Language, words

HALF = 50
"""Per cent of tasks alike from which they speak for an opening; fewer are to be minded."""


def wrong(what: str, **values: str) -> UserError:
    """What is wrong with the options of a command, in both languages."""
    english, own = (words(language).compass[f"wrong.{what}"].format(**values) for language in ("en", "id"))
    return UserError(english, own)


def known(option: str, value: str, codes: Collection[str]) -> None:
    """UserError where an option of a command has a value that is none of `codes`; "" is none given."""
    if value and value not in codes:
        raise wrong(option, value=value, known=", ".join(codes) if option != "occupation" else "")


def section(letter: str, language: Language) -> str:
    """Name of a section."""
    return words(language).reasons["work.head_sector"].labels[letter]


def division(code: str, language: Language) -> str:
    """Code and name of a division."""
    return f"{code} {table.divisions(sections_of()[code], language)[code]}"


def place_name(province: str, language: Language) -> str:
    """Name of a province; "nation" for the nation."""
    return _names().get(province, province) if province else words(language).compass["nation"]


@cache
def _names() -> dict[str, str]:
    return {row["province"]: row["name"] for row in reference.rows("provinces.csv")}


def measure(key: str, language: Language) -> str:
    """Name of a measure, or of the risk that is published for some divisions."""
    return BY_KEY[key].name(language) if key in BY_KEY else words(language).compass[f"measure.{key}"]


def value(key: str, found: Cell, language: Language) -> str:
    """A value of one of these."""
    own = BY_KEY.get(key) or Measure(key, "exposure", "share", -1)
    return own.written(found.value, language)


def written(key: str, found: Cell, language: Language) -> str:
    """The same, with the year of a published risk."""
    own = value(key, found, language)
    return own if key in BY_KEY else f"{own} ({found.year})"


def spread(key: str, found: Cell, language: Language) -> str:
    """Of a mean over typical jobs, of how many jobs it is, their least and highest; empty of any other."""
    if found.low is None or found.high is None:
        return ""
    say, own = words(language).compass, BY_KEY[key]
    if found.jobs == 1:
        return say["jobs.one"]
    ends = {"low": own.written(found.low, language), "high": own.written(found.high, language)}
    return say["jobs.more"].format(n=found.jobs, **ends)


def origin(key: str, found: Cell, language: Language) -> str:
    """Unit, year, place and source of a figure, its measure in front."""
    return (f"{measure(key, language)}: {sources.told(found.unit, language)}, {found.year}, {where(found, language)}; "
            f"{sources.told(found.source, language)}")  # fmt: skip


_FACTS: Mapping[str, Kind] = {"layoffs": "people", "vacancies": "people", "informality": "share",
                              "unemployment": "share", "participation": "share", "urban": "share",
                              "wage": "rupiah"}  # fmt: skip


def fact(name: str, language: Language) -> str:
    """Name of a figure of a whole place (`own.FACTS`)."""
    return words(language).compass[f"fact.{name}"]


def fact_value(name: str, found: Cell, language: Language) -> str:
    """Its value in words."""
    return Measure(name, "size", _FACTS[name], 0).written(found.value, language)


def where(found: Cell, language: Language) -> str:
    """Where a figure holds, and for which sections together; measures of jobs hold for the job, in whatever place."""
    place = words(language).compass["anywhere"] if found.jobs else place_name(found.province, language)
    return f"{place}, {together(found.published, language)}" if found.published else place


def together(letters: str, language: Language) -> str:
    """Sections whose figure is published as one: M and N together, R to U together."""
    kind = "two" if len(letters) == 2 else "more"
    return words(language).compass[f"together.{kind}"].format(first=letters[0], last=letters[-1])


def coverage(place: Place, language: Language) -> str:
    """How many cells are of the province, of the nation, of typical jobs, and empty, in a sentence."""
    own, say = table.coverage(place), words(language).compass
    kind = "nation" if not place.province else "province" if own.own else "none"
    named = ", ".join(BY_KEY[key].name(language).lower() for key in own.measures)
    return say[f"coverage.{kind}"].format(cells=own.cells, own=own.own, nation=own.nation, jobs=own.jobs,
                                          empty=own.empty, measures=named,
                                          place=place_name(place.province, language))  # fmt: skip


def cell(found: Cell) -> dict[str, Any]:
    """A figure with all that is known of it."""
    told: dict[str, Any] = {"value": found.value, "unit": found.unit, "year": int(found.year),
                            "source": found.source, "province": found.province or None,
                            "sections": found.published or None}  # fmt: skip
    return told | ({"low": found.low, "high": found.high, "jobs": found.jobs} if found.jobs else {
        "low": None, "high": None, "jobs": None})  # fmt: skip


def compass(place: Place, weights: Mapping[str, float], standings: Mapping[str, Standing],
            languages: Sequence[Language] = LANGUAGES) -> dict[str, Any]:  # fmt: skip
    """The whole compass of a place; what is not known is null, never 0."""
    known = place.known()
    return {
        "province": place.province or None,
        "place": {language: place_name(place.province, language) for language in languages},
        "measures": [{
            "measure": own.key, "group": own.group, "better": own.better, "weight": weights[own.key],
            "known": own in known, "name": {language: own.name(language) for language in languages},
            "about": {language: own.about(language) for language in languages},
        } for own in MEASURES],
        "sections": [{
            "section": letter, "name": {language: section(letter, language) for language in languages},
            "rank": own.rank, "rank_low": own.low, "rank_high": own.high, "value": own.value, "known": own.known,
            "figures": {m.key: None if (found := place.cell(letter, m.key)) is None else cell(found)
                        for m in MEASURES},
        } for letter, own in standings.items()],
        "divisions": [{
            "division": code, "section": letter,
            "title": {language: table.divisions(letter, language)[code] for language in languages},
            "figures": {key: cell(found) for key in table.OF_DIVISIONS
                        if (found := table.division(code, key)) is not None},
        } for letter in SECTIONS for code in table.divisions(letter)],
        "coverage": asdict(table.coverage(place)),
        "facts": {name: cell(place.facts[name]) if name in place.facts else None for name in FACTS},
    }  # fmt: skip


def worker(found: Worker, language: Language) -> dict[str, Any]:
    """What is known of a worker."""
    known = all_occupations().get(found.occupation)
    return {
        "occupation": found.occupation or None, "title": known.title(language) if known else None,
        "section": found.section or None, "section_name": section(found.section, language) if found.section else None,
        "schooling": found.schooling or None,
        "schooling_name": words(language).compass[f"schooling.{found.schooling}"] if found.schooling else None,
        "working": found.working,
    }  # fmt: skip


def opening(found: Opening, told: Prospect, language: Language) -> dict[str, Any]:
    """An opening with its reasons for (`why`) and against (`mind`)."""
    title = all_occupations()[found.occupation].title(language)
    return {
        "section": found.section, "section_name": section(found.section, language), "occupation": found.occupation,
        "title": title, "level": found.level, "distance": None if found.apart is None else round(found.apart, 3),
        "exposure": found.exposure, "wage": None if found.wage is None else cell(found.wage),
        "wage_schooled": None if found.schooled is None else cell(found.schooled),
        "growth": None if found.growth is None else cell(found.growth),
        "why": why(found, told, language), "mind": mind(found, told, language), "wages": wages(found, told, language),
    }  # fmt: skip


def why(found: Opening, told: Prospect, language: Language) -> list[str]:
    """What speaks for an opening."""
    say, now = words(language).compass, told.worker
    lines = []
    if found.shared == DIGITS:
        lines.append(say["why.same"])
    else:
        if (found.shared or 0) > 1:
            lines.append(say["why.digits"].format(n=found.shared))
        if (alike := _alike(found)) is not None and alike >= HALF:
            lines.append(say["why.tasks"].format(p=alike))
    if found.section == now.section:
        lines.append(say["why.section"])
    if SCHOOLING.get(now.schooling, 0) >= found.level:
        lines.append(say["why.schooling"].format(schooling=say[f"schooling.{now.schooling}"], level=found.level))
    else:
        lines.append(say["why.experience"].format(level=found.level))
    if found.growth is not None and found.growth.value > 0:
        lines.append(say["why.growth"].format(**_change(found.growth, language)))
    less, more, known = _compared(found, told)
    if less > more:
        lines.append(say["why.less"].format(n=less, m=known))
    return lines


def mind(found: Opening, told: Prospect, language: Language) -> list[str]:
    """What is to be minded."""
    say = words(language).compass
    lines = []
    if found.shared != DIGITS and (alike := _alike(found)) is not None and alike < HALF:
        lines.append(say["mind.tasks"].format(p=alike))
    if found.growth is not None and found.growth.value < 0:
        lines.append(say["mind.shrinking"].format(**_change(found.growth, language, sign=-1)))
    less, more, known = _compared(found, told)
    if more and more >= less:
        lines.append(say["mind.more"].format(n=more, m=known))
    low, high, of = standing(found.exposure)
    if not known and high and high >= low:
        lines.append(say["mind.high"].format(n=high, m=of))
    if found.asks_field:
        lines.append(say["mind.field"])
    return lines


def wages(found: Opening, told: Prospect, language: Language) -> str:
    """The wages of the industry, a sentence each: whose wage it is, where, when and from where; that they are not to be
    compared, being of other workers and, where one is of the province, of another place. Empty where none is known."""
    say, parts = words(language).compass, []
    if found.wage is not None:
        parts.append(_wage("wage.place", found.section, found.wage, language))
    if found.schooled is not None:
        name = schooling_of(told.worker, found.occupation)
        schooling = say["wages.primary" if name == "primary" else f"schooling.{name}"]
        key = "wage.schooled" if told.worker.schooling else "wage.usual"
        parts.append(_wage(key, found.section, found.schooled, language, schooling=schooling))
    return " ".join([*parts, say["wage.apart"]] if len(parts) > 1 else parts)


def _wage(key: str, letter: str, found: Cell, language: Language, **values: str) -> str:
    # What stands in brackets behind a source is through whom it came: it is told with the whole table.
    source = sources.told(found.source, language).partition(" (")[0]
    return words(language).compass[key].format(wage=BY_KEY["wage"].written(found.value, language), letter=letter,
                                               place=where(found, language), year=found.year, source=source,
                                               **values)  # fmt: skip


def missing(names: Sequence[str], language: Language) -> list[str]:
    """What is not known, in sentences."""
    return [words(language).compass[f"missing.{name}"] for name in names]


def prospects(found: Sequence[Prospect], place: Place, languages: Sequence[Language]) -> dict[str, Any]:
    """Openings of a household, in each language."""
    return {
        "province": place.province or None,
        "workers": [{"exposure": own.exposure, "exposure_of": "section" if own.of_section else "occupation",
                     "missing": list(own.missing),
                     "text": {language: {**worker(own.worker, language),
                                         "openings": [opening(each, own, language) for each in own.openings],
                                         "missing": missing(own.missing, language)} for language in languages}}
                    for own in found],
        "missing": {language: missing(NOT_KNOWN, language) for language in languages},
        "note": {language: words(language).compass["note"] for language in languages},
    }  # fmt: skip


def _alike(found: Opening) -> int | None:
    """Per cent of the tasks of an opening that are of the kinds of the present job's (`occupations.tasks_apart`)."""
    return None if found.tasks is None else round(100 * (1 - found.tasks))


def _change(found: Cell, language: Language, sign: int = 1) -> dict[str, str]:
    written = BY_KEY["jobs_growth"].written(sign * found.value, language).removeprefix("+")
    return {"change": written, "year": found.year, "place": where(found, language)}


def _compared(found: Opening, told: Prospect) -> tuple[int, int, int]:
    """Measures by which the job is less and more exposed than the present one, and those known of both."""
    pairs = [(told.exposure[key], found.exposure[key]) for key in TASKS]
    known = [(now, there) for now, there in pairs if now is not None and there is not None]
    return (sum(there < now for now, there in known), sum(there > now for now, there in known), len(known))
