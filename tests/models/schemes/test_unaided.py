"""A scenario without schemes: its answer says what comes upon families, how many are below the line and how large the
middle class is by year, and never compares answers that there are not."""

from __future__ import annotations

from typing import Any

import pytest

from models.numbers import about, number
from models.schemes import brief, judging, simulate
from models.schemes.beside import Kept, together
from tests.models.schemes.worlds import nation, scenario, shock


def lived(**more: Any) -> dict[str, Any]:
    """A result without an answer, as a page has it."""
    result = simulate(scenario(years=8, draws=20, **more), nation(1200), 3)
    return together([Kept("K-1", result.to_dict(), result.paired())])


@pytest.fixture(scope="module")
def shocked() -> dict[str, Any]:
    return lived(shocks=(shock(),))


def test_a_shock_alone_is_told_by_the_families_below_the_line(shocked: dict[str, Any]) -> None:
    poor = {row["year"]: row["value"] for row in shocked["without"]["poor"]}
    year = max(poor, key=lambda one: poor[one])
    assert 2026 < year < 2034, "the shock of 2027 and 2028 passes"
    text = judging.answer(shocked, "en")
    assert f"{about(poor[2026], 'en')} in 2026, {about(poor[year], 'en')} in {year} (" in text
    assert f"({about(poor[year] - poor[2026], 'en')} more; by the draws " in text
    assert f"then {about(poor[2034], 'en')} in 2034." in text
    fallen = sum(row["value"] for row in shocked["without"]["falls"])
    assert f"About {about(fallen, 'en')} families that are above it in 2026 fall below it" in text
    middle = shocked["without"]["rungs"][-1]["middle"]["value"]
    assert f"; 2034: {number(100 * middle, 'en', 1)}." in text


@pytest.mark.parametrize(("language", "never"), [
    ("id", ("jawaban", "unggul", "tidak ada perubahan")), ("en", ("answer", "better", "ahead", "nothing changes")),
])  # fmt: skip
def test_it_compares_nothing(shocked: dict[str, Any], language: Any, never: tuple[str, ...]) -> None:
    text = judging.answer(shocked, language)
    assert not any(word in text for word in never)
    told = brief.told(shocked, language, {})
    assert told["response"], "the shock is an assumption"
    assert told["heads"] == []


def test_what_comes_upon_families_is_named() -> None:
    own = dict(shock(), name="wabah")
    text = judging.answer(lived(shocks=(own,), growth=0.02), "id")
    assert "apa yang menimpa keluarga: wabah dan pertumbuhan konsumsi 2,0 persen setahun." in text
    four = tuple(dict(shock(), name=f"wabah-{at}") for at in range(4))
    assert "upon families: 4 shocks." in judging.answer(lived(shocks=four), "en")


def test_a_shock_of_the_library_and_one_that_is_renamed_have_their_titles(shocked: dict[str, Any]) -> None:
    title = {"id": "Wabah sapi", "en": "Cattle plague"}
    asked = {"shocks": [{"use": "goncangan", "years": [2027, 2028], "with": {"title": title}}]}
    renamed = shocked | {"scenarios": [shocked["scenarios"][0] | {"asked": asked}]}
    assert "upon families: Cattle plague." in judging.answer(renamed, "en")
    rows = [row | {"name": "gagal-panen"} if row["part"] == "shock" else row for row in shocked["assumptions"]]
    assert "menimpa keluarga: Gagal panen." in judging.answer(shocked | {"assumptions": rows}, "id")


def test_where_nothing_is_tried_nothing_is_labelled_a_response() -> None:
    found = lived()
    assert judging.answer(found, "id").startswith("Skenario ini tidak menguji skema, guncangan, atau pertumbuhan")
    assert judging.response(found, "id") == ("", "")


def test_fewer_and_ever_more_below_the_line_are_said_so(shocked: dict[str, Any]) -> None:
    rows = shocked["without"]["poor"]

    def told(values: list[float], asked: dict[str, Any]) -> str:
        poor = [row | {"value": value, "low": value, "high": value} for row, value in zip(rows, values, strict=True)]
        own = [shocked["scenarios"][0] | {"asked": asked}]
        return judging.answer(shocked | {"without": shocked["without"] | {"poor": poor}, "scenarios": own}, "en")

    down, up = [float(100 - at) for at in range(len(rows))], [float(100 + at) for at in range(len(rows))]
    assert "100 in 2026, 92 in 2034 (8 fewer; by the draws 92 to 92)." in told(down, {})
    assert "100 in 2026, 108 in 2034 (8 more; by the draws 108 to 108)." in told(up, {})
    # A drift of later years is not taken for the shock.
    over = {"shocks": [{"use": "goncangan", "years": [2027, 2028]}]}
    assert "100 in 2026, 102 in 2028 (2 more; by the draws 102 to 102), then 108 in 2034." in told(up, over)


def test_two_scenarios_without_schemes_are_told_as_one(shocked: dict[str, Any]) -> None:
    result = simulate(scenario(years=8, draws=20, shocks=(shock(),)), nation(1200), 3)
    both = together([Kept(name, result.to_dict(), result.paired()) for name in ("K-1", "K-2")])
    assert judging.answer(both, "en") == judging.answer(shocked, "en")
