"""A scenario without schemes: its answer says what comes upon families, how many are below the line and how large the
middle class is by year, and never compares answers that there are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models import drawn
from models.few import FEWEST
from models.numbers import about, number
from models.schemes import brief, grounds, judging, simulate, tables, unaided
from models.schemes.beside import Kept, together
from tests.models.schemes.worlds import nation, scenario, scheme, shock


def lived(arms: Any = (), **more: Any) -> dict[str, Any]:
    """A result, without an answer if none is given, as a page has it."""
    result = simulate(scenario(*arms, years=8, draws=20, **more), nation(1200), 3)
    return together([Kept("K-1", result.to_dict(), result.paired())])


@pytest.fixture(scope="module")
def shocked() -> dict[str, Any]:
    return lived(shocks=(shock(),))


def test_a_shock_is_told_by_the_same_lives_without_it_and_not_by_the_start(shocked: dict[str, Any]) -> None:
    """The moves of this nation alone make ever more families poor: that is none of the shock's doing."""
    calm, poor = lived()["without"], {row["year"]: row["value"] for row in shocked["without"]["below_line"]}
    still = {row["year"]: row["value"] for row in calm["below_line"]}
    more = {row["year"]: row for row in shocked["without"]["calm"]["below_line"]}
    assert {year: row["value"] for year, row in more.items()} == pytest.approx(
        {at: poor[at] - still[at] for at in poor}
    )
    year = max(more, key=lambda one: more[one]["value"])
    assert year in (2027, 2028), "the shock of 2027 and 2028 passes"
    own, text = more[year], judging.answer(shocked, "en")
    assert f"line: {about(poor[2026], 'en')} in 2026, {about(poor[2034], 'en')} in 2034." in text
    assert own["low"] < own["value"] < own["high"] < poor[year]
    assert (f"{about(poor[year], 'en')} in {year}, {about(own['value'], 'en')} more (range of the draws "
            f"{about(own['low'], 'en')} to {about(own['high'], 'en')} more); ") in text  # fmt: skip
    assert abs(own["value"] - (poor[year] - poor[2026])) > 1, "not what the start would say"
    fallen = [sum(row["value"] for row in one["falls"]) for one in (shocked["without"], calm)]
    assert f"About {about(fallen[0], 'en')} families that are above it in 2026 fall below it" in text
    assert f"beside the same without the shock {about(fallen[0] - fallen[1], 'en')} more (range" in text
    middle = shocked["without"]["rungs"][-1]["middle"]["value"]
    assert f"; 2034: {number(100 * middle, 'en', 1)}." in text


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("years", [8, 19], ids=["alone", "beside the goal"])
@pytest.mark.parametrize("far", [True, False])
def test_what_a_shock_does_before_during_and_after_stands_open(language: Any, years: int, far: bool) -> None:
    found = simulate(scenario(years=years, draws=4, shocks=(shock(),)), nation(600, year=2025), 3).to_dict()
    for one in found["start"]["published"]["shares"].values():
        one["miss"] = 0.02 if far else 0.0
    rows, more = found["without"]["below_line"], found["without"]["calm"]["below_line"]
    most = max(more, key=lambda own: abs(own["value"]))
    (line,) = (one for one in judging.in_short(found, language)["answer"] if about(most["value"], language) in one)
    for year in (2026, most["year"], 2026 + years):
        (own,) = (row for row in rows if row["year"] == year)
        assert about(own["value"], language) in line
        assert str(year) in line


def test_what_it_comes_to_beside_lives_without_it_is_a_table_of_the_files(shocked: dict[str, Any]) -> None:
    rows = tables.tables(shocked)["tanpa_guncangan_pertumbuhan"]
    calm = shocked["without"]["calm"]
    assert [row for row in rows if row["outcome"] == "below_line"] == [
        {"outcome": "below_line", **row} for row in calm["below_line"]
    ]
    assert rows[-1] == {"outcome": "fallen", "year": 2034, **calm["fallen"]}
    assert tables.tables(lived())["tanpa_guncangan_pertumbuhan"] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_beside_schemes_too_it_stands_open_what_the_shock_comes_to_without_them(
    shocked: dict[str, Any], language: Any
) -> None:
    """The same differences as where no scheme is tried, named, right beneath the verdict."""
    result = simulate(scenario([scheme()], [scheme(cost=9)], years=8, draws=20, shocks=(shock(),)), nation(1200), 3)
    found = together([Kept("K-1", result.to_dict(), result.paired())])
    calm = found["without"]["calm"]
    assert calm == shocked["without"]["calm"]
    assert len(tables.tables(found)["tanpa_guncangan_pertumbuhan"]) == len(calm["below_line"]) + 1
    most = max(calm["below_line"], key=lambda own: abs(own["value"]))
    line = judging.in_short(found, language)["answer"][1]
    assert line.startswith({"id": "Tanpa skema, karena goncangan: ", "en": "Without schemes, by goncangan: "}[language])
    (end,) = (one for one in judging.sentences(found, language)
              if one.startswith({"id": "Pada akhirnya, ", "en": "In the end, "}[language]))  # fmt: skip
    for own, where in ((most, line), (calm["below_line"][-1], end), (calm["fallen"], end)):
        assert about(abs(own["value"]), language) in where
    assert str(most["year"]) in line
    for where in (line, end):
        assert {"id": "tanpa guncangan itu.", "en": "without the shock."}[language] in where


def test_a_shock_of_nobody_is_told_beside_schemes_to_change_nothing() -> None:
    found = lived(arms=([scheme()],), shocks=(shock(scope={"sections": ["B"]}),))
    assert "Without schemes, the shock (goncangan) does not change" in judging.answer(found, "en")
    assert lived(arms=([scheme()],))["without"]["calm"] is None


def test_growth_alone_is_told_by_the_same_lives_without_it() -> None:
    text = judging.answer(lived(growth=0.03), "id")
    assert "lebih sedikit (rentang undian" in text
    assert "lebih banyak" not in text


@pytest.mark.parametrize("void", [{"hazard": 0.0}, {"size": 0.0}])
@pytest.mark.parametrize(("language", "nothing"), [("id", "tidak ada yang berubah"), ("en", "nothing changes by it")])
def test_a_shock_that_cannot_hit_is_not_told_as_one_that_comes(void: dict[str, Any], language: Any, nothing: str,
                                                               ) -> None:  # fmt: skip
    found = lived(shocks=(shock(**void),))
    assert found["without"]["calm"] is None
    text = judging.answer(found, language)
    assert nothing in text
    assert not any(word in text for word in ("goncangan", "lebih banyak", "more ("))
    assert judging.response(found, language) == ("", "")
    hits = dict(shock(), name="wabah")
    text = judging.answer(lived(shocks=(shock(**void), hits)), language)
    assert "wabah" in text
    assert "goncangan" not in text


@pytest.mark.parametrize(("changed", "warns"), [
    ({}, True), ({"hazard": 0.0}, False), ({"size": 0.0}, False), ({"scope": {"sections": ["B"]}}, False),
    ({"hazard": {"value": 0.0, "low": 0.0, "high": 0.2, "basis": "assumption", "source": "test"}}, False),
])  # fmt: skip
def test_ranges_of_shocks_are_warned_of_only_where_a_shock_hits(changed: dict[str, Any], warns: bool) -> None:
    """No chance, no loss, nobody in its scope, or a chance at the end of its range alone: the draws hold no shock."""
    result = simulate(scenario(years=4, draws=4, shocks=(shock(**changed),)), nation(400), 3)
    found = together([Kept("K-1", result.to_dict(), result.paired())])
    for language, words in (
        ("id", "Rentang undian lebih sering terlalu tinggi"),
        ("en", "of the draws are more often too high"),
    ):
        assert any(words in line for line in grounds.unknown(found, language)) is warns


@pytest.mark.parametrize(("language", "says"), [
    ("id", "Juga kalau tidak ada yang terjadi jumlah itu {n} pada 2027, "),
    ("en", "Even where nothing happens they are {n} in 2027, by "),
])  # fmt: skip
def test_what_the_first_year_does_anyhow_stands_open_and_is_none_of_the_shocks_doing(
    shocked: dict[str, Any], language: Any, says: str
) -> None:
    calm = lived()
    begin, still = (calm["without"]["below_line"][year]["value"] for year in (0, 1))
    assert abs(still - begin) > 0.01 * begin
    for found in (shocked, calm):
        told = " ".join(judging.in_short(found, language)["answer"])
        assert says.format(n=about(still, language)) in told
    rows = [row | {"value": begin} for row in calm["without"]["below_line"]]
    level = calm | {"without": calm["without"] | {"below_line": rows}}
    assert says.partition("{")[0] not in judging.answer(level, language)


def test_a_shock_of_nobody_changes_nothing() -> None:
    """Its chance and size are above nought, and no family is in its scope."""
    text = judging.answer(lived(shocks=(shock(scope={"sections": ["B"]}),)), "en")
    assert "same as without the shock: nothing changes." in text
    assert "more" not in text.replace("or more", "").replace("no more and no fewer", "")


@pytest.mark.parametrize(("language", "never"), [
    ("id", ("jawaban", "unggul", "tidak ada perubahan")), ("en", ("answer", "better", "ahead", "nothing changes")),
])  # fmt: skip
def test_it_compares_nothing(shocked: dict[str, Any], language: Any, never: tuple[str, ...]) -> None:
    text = judging.answer(shocked, language)
    assert not any(word in text for word in never)
    told = brief.told(shocked, language, {})
    assert told["response"], "the shock is an assumption"
    assert told["heads"] == []


@pytest.mark.parametrize(("language", "labels"), [("id", ["Skenario ini", "Tanpa guncangan itu"]),
                                                  ("en", ["This scenario", "Without the shock"])])  # fmt: skip
def test_the_brief_has_a_picture_of_those_below_the_line_with_the_shock_and_without(
    shocked: dict[str, Any], language: Any, labels: list[str]
) -> None:
    ask = brief.asks(shocked, language)["di_bawah_garis"]
    rows, calm = ask.values["table"], lived()["without"]["below_line"]
    assert [*dict.fromkeys(row["label"] for row in rows)] == labels
    still = {row["year"]: row["value"] for row in rows if row["label"] == labels[1]}
    assert still == pytest.approx({row["year"]: row["value"] for row in calm})
    svg = drawn.draw(ask)
    (picture,) = brief.told(shocked, language, {"di_bawah_garis": svg})["pictures"]
    assert picture["title"] in svg
    assert all(label in svg for label in labels)
    assert "di_bawah_garis" not in brief.asks(lived(), language), "nothing comes upon them"


def test_what_comes_upon_families_is_named() -> None:
    own = dict(shock(), name="wabah")
    text = judging.answer(lived(shocks=(own,), growth=0.02), "id")
    assert "apa yang menimpa keluarga: wabah dan pertumbuhan konsumsi 2,0 persen setahun." in text
    four = tuple(dict(shock(), name=f"wabah-{at}") for at in range(4))
    assert "upon families: 4 shocks." in judging.answer(lived(shocks=four), "en")


@pytest.mark.parametrize(("count", "growth", "it"), [
    (1, 0.0, ("guncangan itu", "the shock")), (2, 0.0, ("guncangan-guncangan itu", "the shocks")),
    (0, 0.02, ("pertumbuhan itu", "the growth")),
    (2, 0.02, ("guncangan-guncangan itu dan pertumbuhan itu", "the shocks and the growth")),
])  # fmt: skip
def test_what_lives_are_compared_without_is_named_in_its_number(count: int, growth: float, it: tuple[str, str]) -> None:
    """And only what there is: no word of growth where there is none."""
    found = lived(shocks=tuple(dict(shock(), name=f"wabah-{at}") for at in range(count)), growth=growth)
    own, english = judging.answer(found, "id"), judging.answer(found, "en")
    assert f"keluarga yang sama tanpa {it[0]}: " in own
    assert f"dibandingkan dengan tanpa {it[0]} " in own
    assert f"Beside the same families without {it[1]}: " in english
    assert f"beside the same without {it[1]} " in english
    assert f"Sebagian angka {it[0]} adalah asumsi." in judging.response(found, "id")[1]
    assert judging.response(found, "en")[1].startswith(f"Some figures of {it[1]} are assumed.")


def test_shocks_that_cannot_hit_are_told_in_their_number() -> None:
    void = tuple(dict(shock(hazard=0.0), name=f"wabah-{at}") for at in range(2))
    assert "its shocks take nothing from anybody" in judging.answer(lived(shocks=void), "en")
    assert "its shock takes nothing from anybody" in judging.answer(lived(shocks=void[:1]), "en")


def test_a_shock_of_the_library_and_one_that_is_renamed_have_their_titles(shocked: dict[str, Any]) -> None:
    title = {"id": "Wabah sapi", "en": "Cattle plague"}
    asked = {"shocks": [{"use": "goncangan", "years": [2027, 2028], "with": {"title": title}}]}
    renamed = shocked | {"scenarios": [shocked["scenarios"][0] | {"asked": asked}]}
    assert "upon families: Cattle plague." in judging.answer(renamed, "en")
    asked = {"shocks": [{"use": "gagal-panen", "years": [2027, 2028], "with": {"name": "goncangan"}}]}
    renamed = shocked | {"scenarios": [shocked["scenarios"][0] | {"asked": asked}]}
    assert "menimpa keluarga: Gagal panen (goncangan)." in judging.answer(renamed, "id")
    rows = [row | {"name": "gagal-panen"} if row["part"] == "shock" else row for row in shocked["assumptions"]]
    assert "menimpa keluarga: Gagal panen." in judging.answer(shocked | {"assumptions": rows}, "id")


def test_where_nothing_is_tried_nothing_is_labelled_a_response() -> None:
    found = lived()
    assert judging.answer(found, "id").startswith("Skenario ini tidak menguji skema, guncangan, atau pertumbuhan")
    assert judging.response(found, "id") == ("", "")


@pytest.mark.parametrize(("gap", "said"), [
    ((90.0, 80.0, 99.0), "90 more (range of the draws 80 to 99 more)"),
    ((-90.0, -99.0, -80.0), "90 fewer (range of the draws 80 to 99 fewer)"),
    ((0.3, -8.0, 20.0), "nearly the same† (range of the draws -8 to 20)"),
    ((-0.2, -0.4, -0.1), "nearly the same"),
    ((9.0, -8.0, 20.0), "a difference of 9† (range of the draws -8 to 20, which holds nought)"),
    ((0.0, 0.0, 0.0), "no more and no fewer"),
])  # fmt: skip
def test_the_range_that_is_told_is_that_of_the_difference(shocked: dict[str, Any], gap: Any, said: str) -> None:
    own = dict(zip(("value", "low", "high"), gap, strict=True)) | {"rough": 0 < abs(gap[0]) < FEWEST}
    poor = [row | own for row in shocked["without"]["calm"]["below_line"]]
    poor[1] |= {"value": 1000.0, "low": 900.0, "high": 1100.0, "rough": False}
    calm = {"below_line": poor, "fallen": shocked["without"]["calm"]["fallen"]}
    text = judging.answer(shocked | {"without": shocked["without"] | {"calm": calm}}, "en")
    assert f" in 2034, {said}." in text
    assert " in 2027, 1,000 more (range of the draws 900 to 1,100 more); " in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_of_few_families_of_the_sample_is_told_as_rough(language: Any) -> None:
    """One row stands for 2,000 families: thousands of them are one or two of the sample."""
    own = simulate(scenario(years=8, draws=20, shocks=(shock(hazard=0.02),)),
                   nation(400, weight=np.full(400, 2000.0)), 3).to_dict()  # fmt: skip
    most = max(own["without"]["calm"]["below_line"], key=lambda row: abs(row["value"]))
    assert 1000 < most["value"] < 30 * 2000
    assert most["rough"]
    short = judging.in_short(own, language)
    assert any(f"{about(most['value'], language)}†" in line for line in short["answer"])
    assert short["answer_note"], "what the mark means stands beneath"
    assert "†" in short["answer_note"][0]
    many = simulate(scenario(years=8, draws=20, shocks=(shock(hazard=0.9),)), nation(1200), 3).to_dict()
    assert "†" not in unaided.below(many, language).split(";")[0]


def test_two_scenarios_without_schemes_are_told_as_one(shocked: dict[str, Any]) -> None:
    result = simulate(scenario(years=8, draws=20, shocks=(shock(),)), nation(1200), 3)
    both = together([Kept(name, result.to_dict(), result.paired()) for name in ("K-1", "K-2")])
    assert judging.answer(both, "en") == judging.answer(shocked, "en")
