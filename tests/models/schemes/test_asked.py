"""What a shipped scenario asks is what its answer begins with: the goal of 2045, and how near published shares come."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.dynamics import TABLE
from models.numbers import number, signed
from models.schemes import (
    asked,
    backcast,
    judging,
    origin,
    output,
    pictures,
    projection,
    simulate,
    spread,
    started,
    way,
)
from models.schemes import scenario as scenarios
from models.schemes.beside import Kept, together
from models.schemes.published import raked
from models.targeting.rows import Coded
from tests.models.schemes.worlds import nation, scenario, scheme, shock


def lived(name: str) -> dict[str, Any]:
    result = simulate(replace(scenarios.named(name), draws=4), nation(600), 3)
    return together([Kept("K-1", result.to_dict(), result.paired())])


def besides(found: dict[str, Any], language: Any) -> list[str]:
    """The sentences but those of the start."""
    return [line for line in judging.sentences(found, language) if line not in started.missed(found, language)]


@pytest.fixture(scope="module")
def goal() -> dict[str, Any]:
    return lived("menuju-2045")


@pytest.mark.parametrize(("language", "first"), [
    ("id", "Sasaran 80 dari 100 penduduk di kelas menengah dan atas pada 2045 tidak tercapai: tanpa skema "),
    ("en", "The goal of 80 of 100 people in the middle and upper class in 2045 is not reached: without "
           "schemes "),
])  # fmt: skip
def test_the_way_to_2045_begins_with_the_verdict_and_what_it_takes(goal: Any, language: Any, first: str) -> None:
    inverse, told = goal["goal"]["inverse"], besides(goal, language)
    own = goal["without"]["rungs"][-1]["middle"]
    middle, low, high = (number(100 * own[end], language, 1) for end in ("value", "low", "high"))
    to = {"id": "sampai", "en": "to"}[language]
    assert told[0].startswith(f"{first}{middle} ({low} {to} {high}); A: ")
    assert number(100 * inverse["growth_needed"], language, 1) in told[1]
    assert not any(own["reaches"] for own in inverse["mix"].values())
    assert {
        "id": "Tidak ada campuran skema pustaka yang mencapai sasaran",
        "en": "No mix of the library's schemes reaches the goal",
    }[language] in " ".join(told)
    assert number(inverse["points_a_year_needed"], language, 2) in " ".join(told)
    short = judging.in_short(goal, language)["answer"]
    assert set(told[:2]) < set(short)
    far = started.missed(goal, language) if started.far(goal) else []
    assert sum(len(line.split()) for line in short if line not in far) <= judging.MOST_WORDS


def test_a_goal_that_is_reached_and_a_mix_that_is_enough_are_said_so(goal: Any) -> None:
    own = goal["goal"]
    rows = [row | {"value": 0.81 if row["name"] == "A" else 0.7} for row in own["middle"]]
    ends = {"value": {"reaches": False}, "high": {"reaches": True}}
    mix = {end: own["inverse"]["mix"][end] | changed for end, changed in ends.items()}
    found = goal | {"goal": own | {"middle": rows, "inverse": own["inverse"] | {"mix": mix}}}
    told = besides(found, "en")
    assert "is reached by the mean: A: " in told[0]
    assert re.search(r" 81\.0 \([\d.]+ to [\d.]+\)\.$", told[0])
    assert "only at the upper ends of their effects" in " ".join(told)
    mix["value"]["reaches"] = True
    assert "are enough for the goal at the middle of their effects" in " ".join(besides(found, "en"))


@pytest.mark.parametrize(("language", "here", "pace"), [
    ("id", "Sasaran 80 dari 100 penduduk di kelas menengah dan atas pada 2045 tidak tercapai di wilayah ini: ",
     "Di wilayah ini perlu "),
    ("en", "The goal of 80 of 100 people in the middle and upper class in 2045 is not reached in this area: ",
     "In this area "),
])  # fmt: skip
def test_of_one_province_the_goal_is_the_nations_and_no_pace_of_the_nation_judges_it(
    goal: Any, language: Any, here: str, pace: str
) -> None:
    for one in (True, False):
        families = nation(200)
        places = Coded(np.zeros(200, np.int32) if one else np.arange(200, dtype=np.int32) % 2, ("33", "53"))
        inverse = projection.inverse(replace(families, province=places), 2026, 1)
        assert (inverse["feasible"] is None) is (inverse["points_a_year_best_seen"] is None) is one
        assert bool(inverse["seen"]) is not one
        told = besides(goal | {"goal": goal["goal"] | {"inverse": inverse}}, language)
        pace_ = way.lines(inverse, language)[0]
        assert told[0].startswith(here) is pace_.startswith(pace) is one
        assert pace_ in told


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_back_cast_begins_with_the_miss_of_the_last_published_year(language: Any) -> None:
    found = lived("kilas-balik-2019")
    first = judging.sentences(found, language)[0]
    last = found["published"][-1]
    assert last["year"] == 2024
    for own in last["shares"].values():
        assert signed(100 * own["miss"], language, 1) in first
        assert number(100 * own["published"], language, 1) in first
    whole = {"id": "di bawah garis (miskin dan sangat miskin) ", "en": "below the line (poor and extreme poor) "}
    assert whole[language] in first, "the sum is not called by the name of one of its rungs"
    both = {"id": "kelas menengah dan atas", "en": "middle and upper class"}[language]
    assert both in first
    own = {**found, "scenario": found["scenarios"][0]}
    lines = [line for line in output.summary(own, language) if line.startswith(("2024, %", "   % "))]
    assert lines
    assert all(f"{both} " in line for line in lines)
    table = backcast.table(found, language)
    assert {row[1] for row in table["rows"]} > {both}
    assert any(line.startswith(f"{both}: ") for line in table["lines"])
    assert spread.ladder(found, language)["heads"][-1] == f"{both} (%)"
    ladder = pictures.asks(found, language)["tangga_without"].values
    assert ladder["parts"][-1] == both, "one name for one share, in words, tables and pictures"
    assert any(f"{both[1:]}, " in line and "21" in line for line in judging.sentences(found, language))


def test_a_scenario_that_reaches_no_such_year_is_held_against_none() -> None:
    for own in (scenario([scheme()], draws=4), scenario(shocks=(shock(),), draws=4)):
        result = simulate(own, nation(300), 3)
        found = together([Kept("K-1", result.to_dict(), result.paired())])
        assert not asked.told(found, "en")
        assert "goal" not in judging.answer(found, "en")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_terminal_too_says_once_that_moves_are_of_measured_welfare(goal: Any, language: Any) -> None:
    """Of a law that was fitted, and of no table of moves, in a file or not."""
    says = {"id": "sebagaimana diukur survei", "en": "as a survey measures it"}[language]
    file = 64 * "a"
    for source, told in (("training panel", 1), (origin.of_file("m.npz", file, "training panel"), 1),
                         (TABLE, 0), (origin.of_file("m.npz", file, TABLE), 0)):  # fmt: skip
        own = {**goal, "scenario": goal["scenarios"][0], "data": goal["data"] | {"dynamics": source}}
        assert " ".join(output.summary(own, language)).count(says) == told


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_goal_without_growth_and_shocks_says_that_only_yearly_moves_were_reckoned_with(
    goal: Any, language: Any
) -> None:
    says = {"id": "tanpa pertumbuhan dan tanpa guncangan", "en": "neither growth nor a shock"}[language]
    rows = goal["without"]["rungs"]
    (line,) = [one for one in judging.sentences(goal, language) if says in one]
    for row in (rows[0], rows[-1]):
        assert number(100 * row["middle"]["value"], language, 1) in line
        assert str(row["year"]) in line
    own = {**goal, "scenario": goal["scenarios"][0]}
    lines = " ".join(output.summary(own, language))
    still = {"id": "jika gerak setahun tetap", "en": "if yearly moves stay as they are"}[language]
    assert lines.count(still) == 1, "the same share is told once, not as lived and as unchanged"
    assert {"id": "pertumbuhan skenario", "en": "the scenario's growth"}[language] not in lines
    plan = replace(scenarios.named("menuju-2045"), draws=4, arms=())
    grown = replace(plan, growth=replace(plan.growth, value=0.01, low=0.01, high=0.01))
    result = simulate(grown, nation(300), 3)
    told = judging.answer(together([Kept("K-1", result.to_dict(), result.paired())]), language)
    assert says not in told


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_start_tells_what_rungs_are_missed_by_and_what_the_first_year_makes_of_them(language: Any) -> None:
    found = simulate(scenario(years=2, draws=4), nation(600, year=2024), 3).to_dict()
    own, told = found["start"], judging.sentences(found, language)
    assert sum(own["begin"].values()) == pytest.approx(1)
    missed, first = told[1], told[-1]
    assert {row["year"] for row in own["published"]["shares"].values()} == {2024}
    assert "2024" in missed
    assert [*own["published"]["shares"]] == ["below_line", "vulnerable", "aspiring", "middle"]
    for row in own["published"]["shares"].values():
        assert signed(100 * row["miss"], language, 1) in missed
    for rung, share in own["begin"].items():
        assert signed(100 * (own["next"][rung] - share), language, 1) in first
        assert number(100 * own["next"][rung], language, 1) in first


def test_a_start_that_agrees_says_nothing() -> None:
    still = simulate(scenario(years=2, draws=4), raked(nation(2000), 2024), 3).to_dict()
    said = judging.sentences(still, "en")
    assert not any("At the start, before anything" in line for line in said)
