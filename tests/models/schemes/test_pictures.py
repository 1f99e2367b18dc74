"""Pictures of a simulation: answers by their titles in the language asked for, years that do not run together."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import charts, dot_names, marks
from models.schemes import ahead, brief, pictures, simulate
from models.schemes.checks import Words
from models.words import CHARTS, word
from tests.models.schemes.worlds import nation, scenario, scheme

TITLES = (Words("Lapangan kerja", "Jobs"), Words("Aset dan pendampingan, 10 juta tempat sekaligus", "Asset"))


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    own = scenario([scheme()], [scheme(effect={"kind": "consumption", "size": {
        "value": 0.2, "low": 0.0, "high": 0.4, "basis": "assumption", "source": "s"}})], years=10)  # fmt: skip
    own = replace(own, arms=tuple(replace(arm, title=one) for arm, one in zip(own.arms, TITLES, strict=True)))
    return simulate(own, nation(400), 1).to_dict()


@pytest.mark.parametrize(("language", "title"), [("id", "Lapangan kerja"), ("en", "Jobs")])
def test_answers_are_called_by_their_titles_in_the_language(found, language, title) -> None:
    asks = pictures.asks(found, language)
    for name in ("hasil", "biaya_bertahan", "kelas_menengah"):
        labels = {row["label"] for row in asks[name].values["table"]}
        assert title in labels, name
        assert not any("arm-" in label for label in labels), name
    svg = pictures.of(found, "id")["hasil"]
    assert "pendampingan, 10" in svg, "a long title stands on several lines"
    assert ">Aset dan<" in svg


def test_answers_of_one_title_keep_their_names(found) -> None:
    first, second = found["arms"]
    alike = found | {"arms": [first, second | {"title": first["title"]}]}
    assert {row["label"] for row in pictures.outcomes(alike, "en")} == {"Jobs (arm-0)", "Jobs (arm-1)"}


def test_both_ranges_of_an_outcome_stand_in_one_row(found) -> None:
    rows = [row for row in pictures.outcomes(found, "en") if row["panel"] == "Families kept from falling"]
    figures = [arm["outcomes"]["falls_averted"] for arm in found["arms"]]
    assert [(row["value"], row["low"], row["high"], row["least"], row["most"]) for row in rows] == [
        (own["value"], *own["draws"], *own["effects"]) for own in figures]  # fmt: skip
    assert rows[1]["least"] < rows[1]["most"]
    assert marks.BAND in pictures.of(found, "en")["hasil"]


@pytest.mark.parametrize(("language", "said"), [
    ("id", "Diungguli menurut rata-rata (bertahan 24 bulan sesudah bantuan): "
     "Lapangan kerja."),
    ("en", "Beaten by the means (last 24 months after support): Jobs.")])  # fmt: skip
def test_the_picture_of_cost_marks_what_is_beaten_by_what_it_shows_and_joins_the_rest(found, language, said) -> None:
    by = ahead.shown(found["arms"])
    points = {own["name"]: own for own in found["pareto"]}
    worse, better = ({**points[arm["name"]], "cost": cost, "used_up": None, by: {**arm["outcomes"][by], "value": held}}
                     for arm, cost, held in zip(found["arms"], (2e9, 1e9), (10.0, 20.0), strict=True))  # fmt: skip
    own = found | {"pareto": [worse, better]}
    ask = pictures.asks(own, language)["biaya_bertahan"]
    assert [row["beaten"] for row in ask.values["table"]] == [True, False]
    assert said in pictures.about("biaya_bertahan", own, language)
    marked = charts.pareto(ask.values["table"], by, language)
    even = found | {"pareto": [worse | {"cost": 0.5e9}, better]}  # cheaper and less: neither beats the other
    ask = pictures.asks(even, language)["biaya_bertahan"]
    assert [row["beaten"] for row in ask.values["table"]] == [False, False]
    assert said not in pictures.about("biaya_bertahan", even, language)
    joined = charts.pareto(ask.values["table"], by, language)
    assert 'stroke-dasharray="4,3"' in joined
    hollow = 'fill="#FFFFFF"'
    assert marked.count(hollow) == joined.count(hollow) + 1


@given(st.integers(1990, 2050), st.integers(0, 60))
def test_an_axis_names_few_years_the_first_and_last_among_them(first: int, span: int) -> None:
    years = list(range(first, first + span + 1))
    told = marks.years_told(years)
    assert (told[0], told[-1]) == (years[0], years[-1])
    assert len(told) <= 8
    gaps = [later - one for one, later in itertools.pairwise(told)]
    # A bar chart of 272 px gives a year of four figures about 26.
    assert all(gap * 272 / len(years) >= 27 for gap in gaps), told


@pytest.mark.parametrize("years", [5, 10, 19])
def test_years_of_the_ladder_do_not_run_together(years: int) -> None:
    rows = [{"year": 2026 + at, "part": "rung", "share": 1.0} for at in range(years + 1)]
    svg = charts.stacked(rows, ["rung"], ["#2B0A4F"], "id")
    places = sorted(float(x) for x in re.findall(r'translate\(([\d.]+),[\d.]+\)"[^>]*>20\d\d<', svg))
    assert places[0] < 30
    assert places[-1] > 240
    assert all(later - one >= 34 for one, later in itertools.pairwise(places)), places


@pytest.mark.parametrize("years", [4, 7, 8, 9, 10, 13, 19, 24])
def test_years_of_the_middle_class_are_all_seen_and_stand_at_their_ticks(years: int) -> None:
    rows = [{"label": "a", "year": 2026 + at, "value": 0.2, "low": 0.1, "high": 0.3} for at in range(years + 1)]
    svg = charts.paths(rows, None, "id")
    labels = re.findall(r'<text([^>]*translate\(([\d.]+),[\d.]+\)"[^>]*)>(20\d\d)<', svg)
    assert [int(year) for *_, year in labels] == marks.years_told([row["year"] for row in rows])
    assert (labels[0][2], labels[-1][2]) == ("2026", str(2026 + years))
    assert not any('opacity="0"' in own or ("text-anchor" in own and "middle" not in own) for own, *_ in labels)
    places = [float(x) for _, x, _ in labels]
    assert (places[0], places[-1]) == (0, 272)
    assert all(later - one >= 34 for one, later in itertools.pairwise(places)), places


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_title_of_a_low_axis_stands_on_lines_that_it_has_room_for(language: Any) -> None:
    rows = [{"label": "zz", "year": 2026 + at, "value": 0.2, "low": 0.1, "high": 0.3} for at in range(4)]
    for height in (110, 220):
        svg = charts.paths(rows, 0.8, language, height)
        lines = [
            own
            for own in re.findall(r"<t(?:ext|span)[^>]*>([^<]+)<", svg)
            if own in word(CHARTS, "middle_share", language)
        ]
        assert len(lines) == (2 if height == 110 else 1), lines
        assert all(6 * len(line) <= height for line in lines), lines


def test_there_is_no_picture_of_cost_where_no_cost_is_known() -> None:
    missing = {"value": 0, "basis": "none", "source": "not found"}
    found = simulate(scenario([scheme(cost=missing)], years=6, draws=4), nation(300), 1).to_dict()
    assert {"hasil", "biaya_bertahan"} & set(pictures.asks(found, "id")) == {"hasil"}


@pytest.mark.parametrize(("language", "unpriced", "unreached"), [
    ("id", "Tidak digambar karena sebagian atau seluruh biayanya tidak diketahui: Tak berbiaya.",
     "Tidak digambar karena tidak ada keluarga yang ikut: Kosong."),
    ("en", "Not drawn, since all or a part of the cost is not known: Unpriced.",
     "Not drawn, since no family takes part: Empty."),
])  # fmt: skip
def test_the_picture_of_cost_says_which_answers_it_leaves_out_and_why(language, unpriced, unreached) -> None:
    missing = {"value": 0, "basis": "none", "source": "not found"}
    own = scenario([scheme()], [scheme(cost=missing)], [scheme(places=0)], [scheme(places=40)], years=6, draws=4)
    titles = (Words("Berbiaya", "Priced"), Words("Tak berbiaya", "Unpriced"), Words("Kosong", "Empty"),
              Words("Lain", "Other"))  # fmt: skip
    own = replace(own, arms=tuple(replace(arm, title=one) for arm, one in zip(own.arms, titles, strict=True)))
    found = simulate(own, nation(300), 1).to_dict()
    dots = pictures.asks(found, language)["biaya_bertahan"].values["table"]
    assert len(dots) == 2
    caption = pictures.about("biaya_bertahan", found, language)
    assert caption.endswith(f"{unpriced} {unreached}")
    told = brief.told(found, language, {"biaya_bertahan": "<svg/>"})
    assert [one["alt"] for one in told["pictures"]] == [f"{one['title']}. {caption}" for one in told["pictures"]]
    svg = pictures.of(found, language)["biaya_bertahan"]
    shown = " ".join(re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg))
    assert f"{unpriced} {unreached}" in shown, "it is read in the picture itself"
    assert all(
        f"{unpriced} {unreached}" in own for own in re.findall(r'aria-label="([^"]+)"|<desc>([^<]+)', svg)[0][:1]
    )
    nobody = charts.pareto([], "lasting_24", language, f"{unpriced} {unreached}")
    assert f"{unpriced} {unreached}" in " ".join(re.findall(r"<text[^>]*>([^<]+)<", nobody))
    alone = found | {"arms": found["arms"][:1], "pareto": found["pareto"][:1]}
    assert pictures.left_out(alone, language) == ""


def _point(label: str, cost: float, value: float) -> dict[str, Any]:
    return {"label": label, "cost": cost, "value": value, "low": value - 2, "high": value + 2, "least": value - 3,
            "most": value + 3, "beaten": False}  # fmt: skip


@pytest.mark.parametrize("names", [("A", "B", "C", "D"), ("Lapangan kerja", "Latih dan tempatkan", "Usaha", "Aset")])
@pytest.mark.parametrize("height", [130, 220])
def test_names_of_answers_of_one_budget_do_not_lie_on_each_other(names: tuple[str, ...], height: int) -> None:
    rows = [_point(name, cost, value) for name, cost, value in zip(names, (5.2, 5.19, 5.2, 5.17), (10, 0, 0, 10),
                                                                   strict=True)]  # fmt: skip
    svg = charts.pareto(rows, "lasting_24", "id", height=height)
    boxes = []
    for name in names:
        own = next(one for one in re.finditer(r'<text text-anchor="(\w+)" transform="translate\(([-\d.]+),([-\d.]+)\)"'
                                              r"[^>]*>(.*?)</text>", svg) if name.split()[0] in one[4])  # fmt: skip
        lines = 1 if len(name) <= marks.LETTERS else 2
        wide, x, y = 6 * min(len(name), marks.LETTERS), float(own[2]), float(own[3])
        boxes.append((x - wide if own[1] == "end" else x, y - 9, wide, 13 * lines - 2))
    for (x, y, wide, high), (u, v, broad, tall) in itertools.combinations(boxes, 2):
        assert x + wide <= u or u + broad <= x or y + high <= v or v + tall <= y, svg


def _boxed(dots: list[tuple[float, float]], names: list[list[str]], told: list[dot_names.Place]) -> list[dot_names.Box]:
    """What each name covers: letters of 6 px, lines of 13, the first about `dy`."""
    found = []
    for (x, y), lines, place in zip(dots, names, told, strict=True):
        wide = 6.0 * max(map(len, lines))
        left = x + place.dx - (wide if place.align == "right" else 0.0)
        foot = y + place.dy
        found.append(dot_names.Box(left, foot - 8, left + wide, foot + 4 + 13 * (len(lines) - 1)))
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 28), st.integers(-28, 28), st.integers(25, 241), st.integers(30, 180), st.booleans())
def test_a_name_of_two_near_dots_reads_as_that_of_its_own(right: int, down: int, x: int, y: int, long: bool) -> None:
    """Else a reader takes the cost of one answer for that of another."""
    dots = [(float(x), float(y)), (float(x + right), float(y + down))]
    names = [["Latih dan", "tempatkan"] if long else [letter] for letter in "AB"]
    bars = [dot_names.Box(u - 4, v - 4, u + 4, v + 4) for u, v in dots]
    told = dot_names.places(dots, names, bars, 280, 220)
    boxes = _boxed(dots, names, told)
    for dot, other, box, place in zip(dots, dots[::-1], boxes, told, strict=True):
        assert place.to is not None or box.away(dot) <= box.away(other) + 1.5, (dots, told)
    (u, one), (v, other) = ((dot[0] + place.dx, box.top) for dot, place, box in zip(dots, told, boxes, strict=True))
    assert not right or u <= v, f"left and right are changed: {dots} {told}"
    if min(own.right for own in boxes) > max(own.left for own in boxes):
        assert (other - one) * down >= 0, f"the upper and the lower are changed: {dots} {told}"


def test_letters_of_two_near_answers_stand_on_their_own_sides() -> None:
    for near in (1.7, 2.6, 9.0):
        dots = [(139.7 + near, 100.0), (139.7, 100.0)]
        right, left = dot_names.places(dots, [["A"], ["B"]], [], 280, 220)
        assert (right.align, left.align) == ("left", "right"), "A is the right one"
        assert right.to is None
        assert left.to is None


def test_names_of_one_cost_stand_by_height_and_no_line_to_a_name_passes_another_dot() -> None:
    """Two answers at nought a little beneath one of the same cost, on a low picture: their names stood at and above its
    own, with lines past its dot."""
    dots = [(260.7, 24.6), (140.0, 66.3), (140.0, 83.8), (140.0, 83.8)]
    names = [[letter] for letter in "ABCD"]
    bars = [dot_names.Box(256.7, 2.2, 264.7, 47.9), dot_names.Box(136.0, 40.0, 144.0, 87.8)]
    told = dot_names.places(dots, names, bars, 280, 90)
    boxes = _boxed(dots, names, told)
    assert all(boxes[1].top < lower.top for lower in boxes[2:]), told
    assert all(place.to is None or place.to[1] > dots[1][1] - dots[2][1] for place in told[2:]), told


def test_a_name_away_from_its_dot_has_a_line_to_it() -> None:
    """Else nobody knows which dot it is of; one beside its dot needs none."""
    for lines in (["A"], ["Aset usaha", "dan pendampingan"]):
        for high in (0, 40):
            room = [dot_names.Box(0, 110 - high, 280, 110 + high)]
            (place,) = dot_names.places([(140.0, 110.0)], [lines], room, 280, 220)
            assert (place.to is not None) is (high > 0), (lines, high)
            if place.to is not None:
                assert place.to[0] == place.dx
                last = place.dy + 13 * (len(lines) - 1)
                assert 0 < place.to[1] < place.dy if place.dy > 0 else last < place.to[1] < 0, "it ends at the name"
