"""Where a simulation starts, and whose published shares it is held against."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from features import reference
from features.commands import UserError
from features.contract import RUNGS
from models.numbers import number, signed
from models.schemes import brief, grounds, judging, named, origin, published, simulate, started
from models.targeting.rows import Coded
from tests.models.schemes.worlds import nation, scenario, scheme


def place(*regencies: str, province: str = "33", count: int = 600) -> Any:
    """Families of one province, spread over its regencies."""
    at = np.arange(count) % len(regencies)
    return nation(count, province=Coded.of(np.full(count, province)), regency=Coded.of(np.array(regencies)[at]),
                  year=2025)  # fmt: skip


def headcount(province: str, year: int) -> float:
    (own,) = (row["value"] for row in reference.rows("provinces.csv")
              if (row["province"], row["measure"], row["year"]) == (province, "headcount", str(year)))  # fmt: skip
    return float(own)


def test_a_province_is_held_against_its_own_published_headcount_and_never_against_the_nations_shares() -> None:
    families = place("3301", "3374")
    found = simulate(scenario(years=2, draws=4), families, 3).to_dict()
    own, shares = found["start"], found["start"]["published"]["shares"]
    assert (own["place"], [*shares], shares["below_line"]["year"]) == ("33", ["below_line"], 2025)
    assert shares["below_line"]["published"] == headcount("33", 2025) != headcount("ID", 2025)
    (row,) = found["published"]  # 2026, of which the headcount of the province is published too
    assert row["shares"]["below_line"]["published"] == headcount("33", 2026)
    simulated, real = (number(100 * shares["below_line"][key], "id", 1) for key in ("simulated", "published"))
    text = " ".join(started.missed(found, "id"))
    assert f"{simulated} dari 100 penduduk Jawa Tengah di bawah garis kemiskinan; terbit {real} untuk 2025" in text
    assert "no published shares of the other rungs there were found" in " ".join(started.missed(found, "en"))


def test_a_scenario_of_an_earlier_year_starts_from_the_shares_of_that_year() -> None:
    families = nation(600, year=2025)
    for start, year in {2019: 2019, 2025: 2025, 2026: 2025}.items():
        assert {one["year"] for one in started.of(families, start)["published"]["shares"].values()} == {year}


def test_the_headcount_is_that_of_the_families_own_year_in_the_answer_as_in_the_table() -> None:
    """Of 2026 the headcount is published and no other share: two misses of one figure would be told."""
    found = simulate(scenario(years=2, draws=4), nation(600, year=2026), 3).to_dict()
    own = found["start"]["published"]["shares"]
    assert {name: one["year"] for name, one in own.items()} == {
        "below_line": 2026, "vulnerable": 2025, "aspiring": 2025, "middle": 2025}  # fmt: skip
    (table,) = (row["shares"]["below_line"] for row in found["published"] if row["year"] == 2026)
    assert own["below_line"]["published"] == table["published"] == headcount("ID", 2026)
    (text,) = started.missed(found, "id")
    for year, name in ((2026, "below_line"), (2025, "vulnerable")):
        assert f"untuk {year} {named.shares('id')[name]} {signed(100 * own[name]['miss'], 'id', 1)} poin" in text


@pytest.mark.parametrize("families", [place("3374"), place("", province="")], ids=["one regency", "no place"])
def test_a_place_without_shares_like_these_says_so_and_where_it_starts(families: Any) -> None:
    """A regency's published headcount is by its own line, families are judged by that of their province."""
    found = simulate(scenario(years=2, draws=4), families, 3).to_dict()
    assert (found["start"]["place"], found["start"]["published"], found["published"]) == ("", None, [])
    (line,) = started.missed(found, "en")
    assert not started.far(found)
    middle = number(100 * found["start"]["begin"]["middle"], "en", 1)
    assert line.startswith("The start is not held against published shares")
    assert line.endswith(f"middle and upper class {middle}.")


def test_one_province_cannot_be_made_to_stand_for_the_nations_shares() -> None:
    with pytest.raises(UserError, match="all families are of province 33"):
        published.raked(place("3301", "3374"), 2019)


@pytest.mark.parametrize(("language", "words"), [
    ("id", "Kelas menengah satu provinsi dapat bergeser sampai 0,8 poin dalam 20 tahun"),
    ("en", "The middle class of one province may move by up to 0.8 points in 20 years")])  # fmt: skip
def test_how_far_a_province_drifts_is_told_of_a_nation_alone(language: Any, words: str) -> None:
    two = nation(600, province=Coded.of(np.array(["33", "53"])[np.arange(600) % 2]))
    for families, whole in ((two, True), (place("3301", "3374"), False)):
        found = simulate(scenario(years=1, draws=2), families, 1).to_dict()
        assert (found["start"]["place_drift"] is not None) is whole
        assert any(line.startswith(words) for line in grounds.unknown(found, language)) is whole


def test_how_far_a_province_drifts_is_told_of_no_law_but_jagas_own() -> None:
    """It was measured of scored families by it alone: of the law in a file, or fitted to synthetic families whose true
    chances are known, nobody knows."""
    families = nation(600)
    law = replace(families.dynamics, source=origin.of_file("moves.npz", 64 * "a", "matrix"))
    true = replace(families, version=origin.TRUE)
    for own, told in ((families, True), (replace(families, dynamics=law), False), (true, False)):
        assert (started.of(own, 2026)["place_drift"] is not None) is told


@pytest.mark.parametrize("language", ["id", "en"])
def test_only_rungs_that_change_are_told_to_change(language: Any) -> None:
    begin = {"extreme_poor": 0.01, "poor": 0.08, "vulnerable": 0.2404, "aspiring": 0.5, "middle": 0.17}

    def told(**changed: float) -> list[str]:
        own = {"begin": begin, "next": begin | changed, "place": published.NATION, "published": None}
        return started.missed({"start": own}, language) + started.first_year(
            {"start": own, "data": {"dynamics": "training panel", "model": "m"}}, language
        )

    assert told() == told(middle=0.1704) == told(vulnerable=0.2396) == [], "24.0 to 24.0 is no change"
    (line,) = told(vulnerable=0.2394)
    assert signed(-0.1, language, 1) in line
    (line,) = told(poor=0.07, middle=0.18, aspiring=0.5004)
    assert ("-1,0" in line, "+1,0" in line) == ((True, True) if language == "id" else (False, False))
    assert line.count(";") == 1
    assert line.count("(") == 2
    for rung in {"id": ("rentan", "menuju kelas menengah", "sangat miskin"),
                 "en": ("vulnerable", "aspiring", "extreme poor")}[language]:  # fmt: skip
        assert rung not in line


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("arms", [([scheme()],), ()], ids=["a scheme", "no scheme"])
def test_a_start_a_point_off_is_read_with_the_verdict_and_a_smaller_miss_with_the_rest(
    arms: Any, language: Any
) -> None:
    """Before any sentence on what becomes of shares, on page and paper, of the nation and of a province."""
    found = simulate(scenario(*arms, years=2, draws=4), nation(600, year=2025), 3).to_dict()
    own = found["start"]["published"]["shares"]
    for miss, at in ((0.0101, 1), (-0.0101, 1), (0.0099, -2)):
        for one in own.values():
            one["miss"] = 0.001
        own["vulnerable"]["miss"] = miss
        lines = judging.sentences(found, language)
        (line,) = started.missed(found, language)
        assert line == lines[at]
        short, paper = judging.in_short(found, language), brief.told(found, language, {})
        assert (line in short["answer"]) == (line in paper["answer"]) == (at == 1)
        assert lines.count(line) == 1
    alone = simulate(scenario(*arms, years=2, draws=4), place("3301", "3374"), 3).to_dict()
    alone["start"]["published"]["shares"]["below_line"]["miss"] = -0.02
    assert judging.sentences(alone, language)[1:2] == started.missed(alone, language)


@pytest.mark.parametrize(("data", "own", "english"), [
    ({"dynamics": "training panel", "model": "43bf31ed8d38"}, "menurut skornya:", "by the scores:"),
    ({"dynamics": "synthetic families", "model": origin.TRUE}, "menurut peluang sebenarnya keluarga sintetis:",
     "by the true chances of the synthetic families:"),
    ({"dynamics": origin.of_file("moves.npz", 64 * "a", "matrix"), "model": origin.TRUE},
     "menurut hukum gerak dari berkas moves.npz:", "by the law of moves in moves.npz:"),
])  # fmt: skip
def test_the_first_year_is_told_by_what_moves_it_and_by_no_score_where_there_is_none(data, own, english) -> None:
    shares = dict.fromkeys(RUNGS, 0.2)
    found = {"data": data, "start": {"begin": shares, "next": shares | {"poor": 0.3}}}
    assert own in started.first_year(found, "id")[0]
    assert english in started.first_year(found, "en")[0]


def test_a_law_of_a_file_is_named_with_what_it_says_of_itself() -> None:
    told = origin.of_file("moves.npz", 64 * "a", "matrix")
    assert origin.dynamics(told, "en") == f"file moves.npz, SHA-256 {16 * 'a'}, of matrix"
    assert origin.dynamics(told, "id") == f"berkas moves.npz, SHA-256 {16 * 'a'}, dari tabel peluang"
    assert [origin.law_file(one) for one in (told, "training panel", "matrix")] == ["moves.npz", "", ""]


def test_the_day_of_scores_is_written_as_each_language_writes_days() -> None:
    kept = "5,628 of 5,700 scored families of 2026-10-01"
    assert origin.source(kept, "id") == "5.628 dari 5.700 keluarga yang dinilai per 1 Oktober 2026"
    assert origin.source(kept, "en") == "5,628 of 5,700 scored families of 1 October 2026"
