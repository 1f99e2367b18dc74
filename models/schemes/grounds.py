"""What the figures of scenarios stand on: what is not known, what is assumed and from where, and what runs them again.

Everything is made of the results that `models.schemes.telling` tells of.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.dynamics import TABLE
from models.few import FEWEST
from models.numbers import about, number, rupiah
from models.schemes import lasting, named, origin, sources, way
from models.schemes.checks import OWN
from models.schemes.parts import COSTS
from models.schemes.pictures import labelled
from models.schemes.telling import Found, Row, cost, rolling
from models.schemes.words import between, said
from models.words import Language

ENOUGH = 100
"""Families of a sample that make a scheme's figures more than rough."""
RANGES_HELD = {"inside": 316, "of": 350, "fewer": 25, "more": 9, "draws": 100}
"""Scenarios of 50 synthetic countries (seeds from 20265000), each lived with so many `draws`, by where the true figure
lay: inside the 90 % range of the draws, fewer falls averted or caused than it says, more
(`benchmarks/results/simulation_coverage.json`)."""
_DECIDING = ("size", "share", "reach", "fade", "displacement", "take_up", "cost", "setup", "hazard", "growth",
             "growth_below.ratio", "growth_below.growth")  # fmt: skip
_OF_LASTING = {"fewer": "unknown.fewer", "open": "unknown.open_cost"}
"""What is said of what lasts, by `lasting.state`; of what is not seen to last the answer says so (`judging`)."""


def unknown(found: Found, language: Language) -> list[str]:
    """What the figures do not tell, plainly; the same on page, paper and terminal."""
    told = [line for arm in found["arms"] for line in _unknown_of_answer(found, arm, language)]
    told = [*_facts(found, language), *told, *_take_ups(found, language)]
    return list(dict.fromkeys([*told, *_unknown_of_families(found, language), *_unknown_of_moves(found, language)]))


def _unknown_of_answer(found: Found, arm: Row, language: Language) -> list[str]:
    label = labelled(arm, language)
    told = [line for own in arm["schemes"] for line in _unknown_of_scheme(found, arm, own, language)]
    if rolling(arm):
        told.append(said("unknown.rolling", language, a=label))
    key = _OF_LASTING.get(lasting.state(arm))
    if key and arm["cost_at_least"] is None and not lasting.nothing(arm):
        told.append(said(key, language, a=label))
    return told


def _unknown_of_scheme(found: Found, arm: Row, own: Row, language: Language) -> list[str]:
    if not own["families"]:
        return []  # of whom nothing else is to be known
    told, title = [], own["title"][language]
    if own["no_evidence"]:
        told.append(said("unknown.no_evidence", language, what=title))
    elif not own["evidence"]:
        told.append(said("unknown.effect", language, what=title, why=_why(found, own["name"], language)))
    if own["cost_unknown"]:
        told.append(said("unknown.cost", language, what=title, parts=way.parts(own["cost_unknown"], language)))
    elif assumed := _assumed_cost(found, arm, own["name"], language):
        told.append(said("unknown.cost_assumed", language, what=title, **assumed))
    if own["rows"] < ENOUGH:
        told.append(said("unknown.few", language, what=title, n=number(own["rows"], language)))
    return told


def _facts(found: Found, language: Language) -> list[str]:
    """For how many families it is not known what eligibility asks for: a line for each number, with its schemes."""
    schemes: dict[str, dict[str, None]] = {}
    for own in (own for arm in found["arms"] for own in arm["schemes"] if own["facts_unknown"]):
        schemes.setdefault(about(own["facts_unknown"], language), {})[own["title"][language]] = None
    return [said("unknown.facts", language, what="; ".join(titles), n=n) for n, titles in schemes.items()]


def _take_ups(found: Found, language: Language) -> list[str]:
    """Shares of families that are asked of whom it is assumed that they take part: a line each with its schemes."""
    schemes: dict[float, dict[str, None]] = {}
    for own in (own for arm in found["arms"] for own in arm["schemes"] if own["families"]):
        if own["take_up_basis"] == "assumption":
            schemes.setdefault(own["take_up"], {})[own["title"][language]] = None
    return [said("unknown.take_up", language, what="; ".join(titles), n=number(100 * share, language))
            for share, titles in schemes.items()]  # fmt: skip


def _unknown_of_families(found: Found, language: Language) -> list[str]:
    told, data, start = [], found["data"], _start(found)
    if data["year"] not in (None, start):
        told.append(said("unknown.start", language, year=data["year"], start=start))
    told.append(said("unknown.families", language, rows=number(data["families"], language),
                     n=about(data["stand_for"], language)))  # fmt: skip
    if left_out := data["provinces_left_out"]:
        told.append(said("unknown.provinces", language, n=number(left_out, language), least=FEWEST))
    if drift := found["start"]["place_drift"]:
        told.append(said("unknown.place_drift", language, points=number(100 * drift["share"], language, 1),
                         years=drift["years"]))  # fmt: skip
    return told


def _unknown_of_moves(found: Found, language: Language) -> list[str]:
    """Of shocks, of growth, and of the years to come."""
    told = []
    law = found["data"]["dynamics"]
    file = origin.law_file(law)
    if found["without"]["shock_hits"] or lasting.trying(found):
        told.append(_held(law, file, language))
    if shocked := found["without"]["shocks"]:
        # After a shock has faded its range is told of nothing: the year in which it is widest.
        middle, ends = max(zip(found["without"]["below_line"], shocked["below_line"], strict=True),
                           key=lambda own: own[1]["high"] - own[1]["low"])  # fmt: skip
        values = {name: about(value, language) for name, value in (middle | ends).items() if name != "year"}
        if values["low"] != values["high"]:
            told.append(said("unknown.shocks", language, year=middle["year"], **values))
    grown = [row for row in found["assumptions"] if row["figure"].endswith("growth") and row["value"]]
    if grown and found["without"]["growth"] is None:
        told.append(said("unknown.growth", language))
    late = [row["year"] for row in grown if (row["year"] or 0) > _start(found)]
    if late and any(one["shocks_alone"] is not None for row in found["published"] for one in row["shares"].values()):
        told.append(said("unknown.end_year", language, year=max(late), start=_start(found)))
    return [*told, said("unknown.years.law", language, file=file) if file else said("unknown.years", language)]


def _held(law: str, file: str, language: Language) -> str:
    """How often ranges of the draws hold the truth: measured of the law that Jaga fits alone, not of one in a file."""
    if file:
        chance = said("unknown.draw_ranges.chance", language) if origin.fitted(law) == TABLE else ""
        return said("unknown.draw_ranges.law", language, file=file, chance=chance)
    return said("unknown.draw_ranges", language,
                **{name: number(count, language) for name, count in RANGES_HELD.items()})  # fmt: skip


def few_draws(found: Found, language: Language) -> str:
    """That a scenario has fewer draws than those that its ranges were tested with; empty of others."""
    tested = RANGES_HELD["draws"]
    if found["draws"] >= tested:
        return ""
    return said("few_draws", language, n=number(found["draws"], language), of=number(tested, language))


def _start(found: Found) -> int:
    year: int = found["without"]["rungs"][0]["year"]
    return year


def _assumed_cost(found: Found, arm: Row, scheme: str, language: Language) -> Row:
    """Parts of a scheme's cost that are assumed, and their money; empty where none is."""
    named = arm.get("from", {"number": "", "arm": arm["name"]})
    here = (f"arm {named['arm']}", f"{named['number']} arm {named['arm']}")
    own = {row["figure"]: row["value"] for row in found["assumptions"] if row["name"] == scheme and row["part"] in here
           and row["figure"] in COSTS and way.assumed(row["basis"], row["value"], row["source"])}  # fmt: skip
    return assumed_cost(own, language)


def assumed_cost(own: Mapping[str, float], language: Language) -> Row:
    """Assumed parts of a cost (rupiah by name), each with its money, as `unknown.cost_assumed` has them; empty of
    none."""
    parts = ", ".join(f"{way.parts([name], language)} {rupiah(value, language)}" for name, value in own.items())
    return {"parts": parts} if own else {}


def _why(found: Found, scheme: str, language: Language) -> str:
    """The figures of its effect that are no evidence, with their basis."""
    own = {row["figure"].removeprefix("effect."): row["basis"] for row in found["assumptions"]
           if row["name"] == scheme and row["figure"].startswith("effect.") and row["basis"] != "evidence"}  # fmt: skip
    return ", ".join(f"{said(f'figure.{name}', language)} ({said(f'basis.{basis}', language)})"
                     for name, basis in own.items()) + "."  # fmt: skip


def assumptions(found: Found, language: Language, *, deciding: bool = False) -> list[Row]:
    """Figures of shocks and schemes with range, basis, year and source; only those of effect and cost if `deciding`."""
    told = []
    for row in found["assumptions"]:
        name = row["figure"].removeprefix("effect.")
        if deciding and name not in _DECIDING:
            continue
        if deciding and row["value"] == row["low"] == row["high"] == 0 and name in ("setup", "growth", "displacement"):
            continue
        write = rupiah if row["unit"].startswith("rupiah") else _plain
        value = between(*(write(row[key], language) for key in ("value", "low", "high")))
        unit = said(f"unit.{row['unit']}", language)
        if name in COSTS and (row["basis"] == "none" or row["lacks"]):
            value = cost(row["value"], language, known=False)
            unit = unit if row["value"] else ""
        year = "" if row["year"] is None else f", {row['year']}"
        origin_ = source(row["source"], language) + ("" if row["source"] == OWN else year)
        if row["lacks"]:
            origin_ += f"; {said('figure.lacks', language, what=source(row['lacks'], language))}"
        loss = name == "fade" and _of_shock(row["part"])
        one = {"part": _part(found, row, language), "value": value,
               "figure": said("figure.loss" if loss else f"figure.{name}", language),
               "unit": unit,
               "basis": said(f"basis.{row['basis']}", language), "source": origin_}  # fmt: skip
        if one not in told:
            told.append(one)
    return told


def source(text: str, language: Language) -> str:
    """Where a figure is from, in words: a line of the library, or that it is the scenario's own."""
    return said("source.own", language) if text == OWN else sources.told(text, language)


def _part(found: Found, row: Row, language: Language) -> str:
    if row["part"].split()[-1] == "scenario":
        return said("version.scenario", language)
    return named.part(found, row["name"], language)


def _of_shock(part: str) -> bool:
    """Whether a part, with the number of its scenario in front where there are several, is a shock."""
    words = part.split()
    return words[-1:] == ["shock"] and "arm" not in words


def _plain(value: float, language: Language) -> str:
    if value == int(value):
        return number(value, language)
    return number(value, language, 4).rstrip("0").rstrip(",.")


def versions(found: Found, language: Language) -> list[tuple[str, str]]:
    """What is needed to run it again."""
    data = found["data"]
    kept = found.get("scenarios", [{"number": "", **found["scenario"]}])
    told = [(said("version.scenario", language), f"{own['number']} {own['title'][language]}, SHA-256 "
             f"{own['sha256'][:16]}".strip()) for own in kept]  # fmt: skip
    told += [(said("version.file", language), f"{one['use']}, SHA-256 {one['sha256'][:16]}")
             for own in kept for one in own["files"]]  # fmt: skip
    if area := named.area(found, language):
        told.append((said("version.area", language), area))
    told.append((said("version.seed", language), f"{found['seed']}, {found['draws']}"))
    own = {"data": origin.source(data["source"], language), "model": origin.model(data["model"], language),
           "dynamics": origin.dynamics(data["dynamics"], language)}  # fmt: skip
    told += [(said(f"version.{name}", language), text or "-") for name, text in own.items()]
    return told
