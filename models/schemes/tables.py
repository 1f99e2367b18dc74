"""The figures of a result as flat tables for files: every row of a table has the same columns, and says which answer
(`without`: no scheme) by its letter, as the page has it (`arm`), and by its name in the scenario (`arm_name`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from features.contract import RUNGS
from models.schemes.parts import COSTS

Row = dict[str, Any]
Found = Mapping[str, Any]
_SCHEME = ("approach", "rule", "eligible", "facts_unknown", "rows", "families", "people", "displaced", "cost",
           "cost_at_least", "cost_known", "exclusion", "inclusion", "evidence", "no_evidence")  # fmt: skip
_WITHOUT = ("falls", "exits", "relapses", "below_line")


def tables(found: Found) -> dict[str, list[Row]]:
    """Rows by name of the table, of a result (`Result.to_dict`) or of several together (`beside.together`)."""
    answers = [("without", found["without"]), *((arm["name"], arm) for arm in found["arms"])]
    rungs = [{"arm": name, "year": row["year"], "rung": rung, **row[rung]} for name, own in answers
             for row in own["rungs"] for rung in row if rung != "year"]  # fmt: skip
    provinces = [{"arm": name, "province": row["province"], "rung": rung, **figure, "few": row["few"]}
                 for name, own in answers for row in own["provinces"]
                 for rung, figure in row["people"].items()]  # fmt: skip
    outcomes = [{"arm": arm["name"], "outcome": name, **_flat(figure), "evidence": arm["evidence"]}
                for arm in found["arms"] for name, figure in arm["outcomes"].items()]  # fmt: skip
    groups = [{"arm": arm["name"], "kind": row["kind"], "group": group, "outcome": name, **row[name],
               "few": row["few"]} for arm in found["arms"] for row in arm["groups"]
              if (group := _group(arm, row)) is not None
              for name in ("falls_averted", "poor_years_averted")]  # fmt: skip
    differences = [{"first": row["first"], "second": row["second"], "outcome": name, **_flat(figure),
                    "verdict": figure["verdict"]} for row in found["differences"]
                   for name, figure in row["outcomes"].items()]  # fmt: skip
    schemes = [{"arm": arm["name"], "scheme": own["name"], **{name: own[name] for name in _SCHEME},
                "cost_unknown": " ".join(own["cost_unknown"])}
               for arm in found["arms"] for own in arm["schemes"]]  # fmt: skip
    pareto = [{"arm": own["name"], "cost": own["cost"], "used_up": own["used_up"], **_flat(own["lasting_24"]),
               "falls_averted": own["falls_averted"]["value"], "by": own["by"], "reached": own["reached"],
               "beaten_by": own["beaten_by"], "surely_beaten_by": own["surely_beaten_by"]}
              for own in found["pareto"]]  # fmt: skip
    published = [{"year": row["year"], "rung": rung, "value": own["simulated"], "low": own["low"], "high": own["high"],
                  "shocks_alone": own["shocks_alone"], "published": own["published"], "miss": own["miss"]}
                 for row in found["published"] for rung, own in row["shares"].items()]  # fmt: skip
    made = {"tangga": rungs, "provinsi": provinces, "hasil": outcomes, "kelompok": groups, "selisih": differences,
            "guncangan": [*_shocked(found)], "tanpa_guncangan_pertumbuhan": [*_calmed(found)],
            "skema": schemes, "tahun": [*_years(found)], "pareto": pareto,
            "pertumbuhan": [*_grown(found)],
            "sasaran": [*_goal(found)], "laju": [*_moves(found)], "skema_semua": [*_options(found)],
            "campuran": [*_mixes(found)],
            "terbit": published, "asumsi": [_assumed(row) for row in found["assumptions"]]}  # fmt: skip
    called = {arm["name"]: (arm["letter"], arm.get("from", {"arm": arm["name"]})["arm"]) for arm in found["arms"]}
    called["without"] = ("without", "without")
    return {table: [_called(row, called) for row in rows] for table, rows in made.items()}


def _called(row: Row, called: Mapping[str, tuple[str, str]]) -> Row:
    """A row with letter and name of the answers that it names."""
    found: Row = {}
    for column, value in row.items():
        if column in ("arm", "first", "second"):
            found[column], found[f"{column}_name"] = called[value]
        elif column in ("beaten_by", "surely_beaten_by"):
            found[column] = " ".join(called[name][0] for name in value)
        else:
            found[column] = value
    return found


def _assumed(row: Row) -> Row:
    """A cost that was not found is no nought."""
    unfound = row["figure"] in COSTS and row["basis"] == "none"
    return row | (dict.fromkeys(("value", "low", "high")) if unfound else {})


def _group(arm: Row, row: Row) -> str | None:
    """The name of a group; a scheme is told by its own, and None where the answer has fewer."""
    if row["kind"] != "scheme":
        return str(row["name"])
    schemes = arm["schemes"]
    return str(schemes[int(row["name"])]["name"]) if int(row["name"]) < len(schemes) else None


def _flat(figure: Row) -> Row:
    return {"value": figure["value"], "draws_low": figure["draws"][0], "draws_high": figure["draws"][1],
            "effects_low": figure["effects"][0], "effects_high": figure["effects"][1]}  # fmt: skip


def _years(found: Found) -> Iterator[Row]:
    """Families that fall, leave, fall again and are poor by year without schemes, falls averted by each year with them,
    and what each scheme spends and takes in."""

    def row(arm: str, scheme: str, outcome: str, year: int, value: float, low: float | None, high: float | None) -> Row:
        return {"arm": arm, "scheme": scheme, "outcome": outcome, "year": year, "value": value, "low": low,
                "high": high}  # fmt: skip

    for name in _WITHOUT:
        for own in found["without"][name]:
            yield row("without", "", name, own["year"], own["value"], own["low"], own["high"])
    for arm in found["arms"]:
        for own in arm["falls_averted_by_year"]:
            yield row(arm["name"], "", "falls_averted", own["year"], own["value"], own["low"], own["high"])
        for one in arm["schemes"]:
            for own in one["cost_by_year"]:
                yield row(arm["name"], one["name"], "cost", own["year"], own["rupiah"], None, None)
            for own in one["joined_by_year"]:
                yield row(arm["name"], one["name"], "joined", own["year"], own["families"], None, None)


def _shocked(found: Found) -> Iterator[Row]:
    """Ends of the means without schemes over the ranges of the shocks: families, and shares of the rungs."""
    shocked = found["without"]["shocks"] or {}
    for name in _WITHOUT:
        for own in shocked.get(name, ()):
            yield {"outcome": name, **own}
    for own in shocked.get("rungs", ()):
        for rung, ends in own.items():
            if rung != "year":
                yield {"outcome": rung, "year": own["year"], **ends}


def _calmed(found: Found) -> Iterator[Row]:
    """By how many more families are below the line by year, and have fallen by the last, than in the same lives without
    shocks and growth; nothing where schemes are tried."""
    calm = found["without"]["calm"]
    if calm is None:
        return
    for own in calm["below_line"]:
        yield {"outcome": "below_line", **own}
    yield {"outcome": "fallen", "year": calm["below_line"][-1]["year"], **calm["fallen"]}


def _grown(found: Found) -> Iterator[Row]:
    """Shares of the rungs in the last year without schemes, at a lower growth, the scenario's own and a higher one."""
    for own in (found["without"]["growth"] or {}).get("rows", ()):
        for rung in RUNGS:
            yield {"growth": own["growth"], "year": own["year"], "rung": rung, **own[rung]}


def _goal(found: Found) -> Iterator[Row]:
    """The middle class in the last year by answer, and without schemes what would reach the goal."""
    goal = found["goal"]
    for own in goal["middle"]:
        yield {"arm": own["name"], "outcome": "middle", "year": own["year"], "value": own["value"], "low": own["low"],
               "high": own["high"]}  # fmt: skip
    inverse = goal["inverse"]
    if inverse is None:
        return
    for name, (low, high) in inverse["ranges"].items():
        yield {"arm": "without", "outcome": name, "year": inverse["year"], "value": inverse[name], "low": low,
               "high": high}  # fmt: skip
    for name in ("points_a_year_needed", "points_a_year_best_seen"):
        yield {"arm": "without", "outcome": name, "year": inverse["year"], "value": inverse[name], "low": None,
               "high": None}  # fmt: skip


def _moves(found: Found) -> Iterator[Row]:
    """Share of people of a rung that are on another a year later, now and as the goal needs."""
    inverse = found["goal"]["inverse"]
    for at, one in enumerate(RUNGS if inverse else ()):
        for to, other in enumerate(RUNGS):
            needed = inverse["rates_needed"]
            yield {"from": one, "to": other, "now": inverse["rates_now"][at][to],
                   "needed": None if needed is None else needed[at][to]}  # fmt: skip


def _options(found: Found) -> Iterator[Row]:
    """The middle class in the goal's year with each scheme for good for every family below it."""
    for own in (found["goal"]["inverse"] or {}).get("schemes", ()):
        yield {"scheme": own["name"], "value": own["share"], "effects_low": own["effects"][0],
               "effects_high": own["effects"][1], "families": own["families"], "cost_a_year": own["cost_a_year"],
               "cost_at_least": own["cost_at_least"], "cost_unknown": " ".join(own["unknown"]), "basis": own["basis"],
               "reaches": own["reaches"]}  # fmt: skip


def _mixes(found: Found) -> Iterator[Row]:
    """Schemes of the cheapest mix towards the goal, at the middle and the ends of their effects, and those left out
    since a part of their cost is not known: what they cover is empty."""
    for end, mix in (found["goal"]["inverse"] or {}).get("mix", {}).items():
        whole = {"value": mix["share"], "reaches": mix["reaches"]}
        for own in mix["schemes"]:
            yield {"end": end, "scheme": own["name"], "covered": own["covered"], "families": own["families"],
                   "cost_a_year": own["cost_a_year"], "cost_unknown": "", **whole}  # fmt: skip
        for own in mix["left_out"]:
            yield {"end": end, "scheme": own["name"], "covered": None, "families": None, "cost_a_year": None,
                   "cost_unknown": " ".join(own["unknown"]), **whole}  # fmt: skip
