"""Growth is one assumption: what another comes to is lived, with the same chance, and told wherever the goal is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.numbers import number
from models.schemes import beside, grounds, judging, output, run, simulate, tables, telling
from models.schemes import growth as growths
from models.schemes import scenario as scenarios
from models.schemes.checks import Figure
from models.schemes.scenario import Scenario
from tests.models.schemes.worlds import nation, scenario, scheme, shock

PLAIN = {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "x", "en": "x"}, "start": 2026, "years": 6,
         "draws": 20}  # fmt: skip


def lived(own: Scenario) -> dict[str, Any]:
    return simulate(own, nation(800), 3).to_dict()


def test_what_another_growth_comes_to_is_what_a_scenario_of_that_growth_comes_to() -> None:
    ranged = {"value": 0.01, "low": -0.02, "high": 0.03, "basis": "assumption", "source": "s"}
    below = {"ratio": 1.5, "growth": 0.005}
    own = scenarios.of(PLAIN | {"growth": ranged, "growth_below": below})
    found = lived(replace(own, shocks=scenario(shocks=(shock(),)).shocks))["without"]["growth"]
    assert found["given"]
    assert [row["growth"] for row in found["rows"]] == [-0.02, 0.01, 0.03]
    for row in found["rows"]:
        moved = below | {"growth": 0.005 + row["growth"] - 0.01}
        other = scenarios.of(PLAIN | {"growth": row["growth"], "growth_below": moved})
        again = lived(replace(other, shocks=scenario(shocks=(shock(),)).shocks))["without"]["rungs"][-1]
        assert row == {"growth": row["growth"], **again}
    poor = [row["poor"]["value"] + row["extreme_poor"]["value"] for row in found["rows"]]
    assert poor[0] > poor[1] > poor[2]


def test_a_scenario_that_reaches_the_goals_year_is_lived_a_point_lower_and_higher() -> None:
    own = scenario([scheme()], years=19, draws=20)
    assert growths.ends(own) == (-0.01, 0.01)
    assert growths.ends(replace(own, years=18)) == ()
    given = replace(own, growth=Figure(0.01, 0.0, 0.02, "share a year", "assumption", "s"))
    assert growths.ends(given) == (0.0, 0.02)
    found = lived(own)
    rows = found["without"]["growth"]["rows"]
    assert rows[1] == {"growth": 0.0, **found["without"]["rungs"][-1]}
    assert rows[0]["middle"]["value"] < rows[1]["middle"]["value"] < rows[2]["middle"]["value"]
    flat = tables.tables(found)["pertumbuhan"]
    assert [(row["growth"], row["rung"]) for row in flat][::5] == [(end, "extreme_poor") for end in (-0.01, 0.0, 0.01)]
    for language, words in (("id", "adalah satu asumsi; rentang dari bukti tidak ditemukan"),
                            ("en", "is one assumption; no range of it was found")):  # fmt: skip
        line = telling.growth(found, language)
        assert words in line
        for row in rows:
            assert number(100 * row["middle"]["value"], language, 1) in line
        assert line in telling.goal(found, language)
        assert line in output.summary(found, language)


@pytest.mark.parametrize(("language", "words"), [
    ("id", "dijalani lagi tanpa skema pada ujung rentangnya"), ("en", "at the ends of its range"),
])  # fmt: skip
def test_a_given_range_is_told_as_one(language, words) -> None:
    ranged = {"value": 0.01, "low": -0.02, "high": 0.03, "basis": "assumption", "source": "s"}
    found = lived(scenarios.of(PLAIN | {"growth": ranged}))
    assert words in telling.growth(found, language)
    together = beside.together([beside.Kept("K-1", found, {})])
    assert telling.growth(together, language) == telling.growth(found, language)


def test_growth_that_was_lived_at_one_value_alone_is_said_to_be_unknown_beyond_it() -> None:
    still, grown = (lived(scenarios.of(PLAIN | {"growth": value})) for value in (0.0, 0.01))
    assert grown["without"]["growth"] is None
    assert telling.growth(grown, "id") == ""
    for language, words in (("id", "satu asumsi tanpa rentang"), ("en", "one assumption without a range")):
        assert any(words in line for line in grounds.unknown(grown, language))
        assert not any(words in line for line in grounds.unknown(still, language))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_terminal_tells_the_lived_middle_class_apart_from_the_unchanged_one(language: Any) -> None:
    own = replace(scenario(years=20, draws=20), growth=Figure.assumed(0.0555, "share a year"))
    found = lived(own)
    (line,) = (one for one in output.summary(found, language) if "2045: " in one)
    middle = next(row["middle"]["value"] for row in found["without"]["rungs"] if row["year"] == 2045)
    still = found["goal"]["inverse"]["unchanged"]
    assert middle > still + 0.2
    assert middle == found["goal"]["middle"][0]["value"], "that of the goal's year, not of the last, 2046"
    assert found["goal"]["middle"][0]["year"] == 2045
    told = {"id": "% yang dijalani, dengan pertumbuhan skenario 5,55 % setahun; ",
            "en": "% as lived, with the scenario's growth of 5.55 % a year; "}[language]  # fmt: skip
    kept = {"id": "% jika gerak setahun tetap, tanpa pertumbuhan", "en": "% if yearly moves stay as they are, without"}
    assert f"2045: {number(100 * middle, language, 1)} {told}" in line
    assert f"; {number(100 * still, language, 1)} {kept[language]}" in line


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pace_names_the_years_that_it_is_of(language: Any) -> None:
    found = lived(scenario(years=19, draws=4))
    years = [str(one["year"]) for one in found["goal"]["inverse"]["seen"]]
    assert len(years) > 1
    (line,) = (one for one in telling.goal(found, language) if f"({', '.join(years)})" in one)
    assert {"id": "Laju pada tahun-tahun lain tidak diketahui", "en": "The pace of other years is not known"}[
        language] in line  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_range_of_shocks_is_told_of_the_year_in_which_it_is_widest(language: Any) -> None:
    """A shock of 2027 and 2028 that leaves nothing a year later has no range in 2032."""
    size = {"value": 0.3, "low": 0.1, "high": 0.6, "basis": "assumption", "source": "s"}
    found = lived(scenario(shocks=(shock(size=size, fade=0.0),)))
    wide = {row["year"]: row["high"] - row["low"] for row in found["without"]["shocks"]["below_line"]}
    year = max(wide, key=lambda own: wide[own])
    assert year in (2027, 2028)
    assert wide[year] > wide[2032]
    (line,) = (one for one in grounds.unknown(found, language) if {
        "id": "Besarnya guncangan", "en": "How hard the shocks"}[language] in one)  # fmt: skip
    assert f"{year}, {'tahun' if language == 'id' else 'the'}" in line


@pytest.mark.parametrize("language", ["id", "en"])
def test_ranges_of_shocks_that_do_not_differ_are_left_out(language: Any) -> None:
    """A range of what is left of a shock that hits nobody."""
    fade = {"value": 0.5, "low": 0.3, "high": 0.7, "basis": "assumption", "source": "s"}
    found = lived(scenario(shocks=(shock(fade=fade, scope={"sections": ["B"]}),)))
    assert found["without"]["shocks"]
    told = grounds.unknown(found, language)
    assert not any(line.startswith(("Besarnya guncangan", "How hard the shocks")) for line in told)


@pytest.mark.parametrize(("own", "expected"), [
    (scenario(), 0.0),
    (scenario(growth=0.01), 1.0),
    (scenario(years=20), 1.0),
])  # fmt: skip
def test_welfare_is_asked_of_whom_something_may_move(own, expected, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(run, "chained", lambda *given: asked.append(given[-1].needed.mean()) or given[-1].rung.fill(2))
    run.lived(run.prepare(replace(own, draws=2), nation(50), 1), nation(50))
    assert asked == [expected]


@pytest.mark.parametrize(("language", "words"), [
    ("id", "Hidup keluarga dihitung dengan pertumbuhan konsumsi 2,0 persen setahun, baik dengan skema maupun"),
    ("en", "Families live with growth of consumption by 2.0 per cent a year, both with schemes and without"),
])  # fmt: skip
def test_beside_schemes_growth_is_told_to_be_in_both_lives(language: Any, words: str) -> None:
    for growth, told in ((0.02, True), (0.0, False)):
        found = simulate(scenario([scheme()], years=3, draws=4, growth=growth), nation(600), 3).to_dict()
        assert (words in judging.answer(found, language)) is told
    shocked = simulate(scenario([scheme()], years=3, draws=4, growth=0.02, shocks=(shock(),)), nation(600), 3).to_dict()
    assert words not in judging.answer(shocked, language), "what it comes to is told there"
