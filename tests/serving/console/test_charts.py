"""Pictures tell what the words beside them tell, and what is not known is drawn as not known."""

from __future__ import annotations

import csv
import datetime
import json
import math
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from models.text import LANGUAGES, Language
from serving.console import formats
from serving.console.charts import (
    bars,
    boundaries,
    cut,
    dots,
    exposure,
    icons,
    interval,
    ladder,
    lines,
    places,
    placing,
    svg,
    tilemap,
    timeline,
)
from serving.console.charts.cut import Place
from serving.console.charts.exposure import Measure
from serving.console.charts.lines import Mark
from serving.console.charts.tilemap import TILES, Tile
from serving.console.charts.timeline import Event
from serving.console.strings import catalogue

ROOT = Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
LONG = "Penukal Abab Lematang Ilir & <Kepulauan>" * 3
NAN = math.nan
DAY = datetime.date(2026, 11, 15)
RUNGS = ("sangat miskin", "miskin", "rentan", "menuju kelas menengah", "kelas menengah")
SAID = {"title": "Judul <b>", "about": 'Isi "x" & y'}
CASES: dict[str, Callable[[], Markup]] = {
    "map empty": lambda: tilemap.draw({}, **SAID),
    "map one": lambda: tilemap.draw({"32": Tile(3, LONG, "/ikhtisar?wilayah=32&ukuran=jumlah", "7", True)}, **SAID),
    "map equal": lambda: tilemap.draw({code: Tile(2, LONG, "/x", "7") for code in TILES}, **SAID),
    "map unknown": lambda: tilemap.draw({"32": Tile(0, LONG, "/x")}, **SAID),
    "bar": lambda: bars.draw(7.0, 5.0, 9.0, 10, 3, "b"),
    "bar zero": lambda: bars.draw(0.0, 0.0, 0.0, 0, 1, "b"),
    "bar nan": lambda: bars.draw(NAN, NAN, None, 10, 1, "b"),
    "bar beyond": lambda: bars.draw(20.0, -5.0, 200.0, 10, 5, "b"),
    "line empty": lambda: lines.draw([], 10, name="l", empty=LONG, **SAID),
    "line one": lambda: lines.draw([Mark(LONG, 5, 4, 6)], 10, name="l", **SAID),
    "line equal": lambda: lines.draw([Mark("TW I", 5.0)] * 6, 10, name="l", dashed=True, **SAID),
    "line nan": lambda: lines.draw([Mark("TW I", 5.0, NAN, 6), Mark("TW II", NAN), Mark("TW III", 7, 6, 8)], 10,
                                   name="l", **SAID),
    "line flat axis": lambda: lines.draw([Mark("TW I", 0.0)], 0, name="l", **SAID),
    "squares unknown": lambda: icons.draw(None, None, None, **SAID),
    "squares": lambda: icons.draw(12, 8, 18, **SAID),
    "squares none": lambda: icons.draw(0, 0, 0, **SAID),
    "squares all": lambda: icons.draw(100, 100, 100, **SAID),
    "range": lambda: interval.draw(12, 8, 18, 3, cut=14, cut_name=LONG, **SAID),
    "range unknown": lambda: interval.draw(None, None, None, 1, **SAID),
    "range edge": lambda: interval.draw(100, 99, 100, 5, **SAID),
    "range alone": lambda: interval.draw(0, None, None, 1, **SAID),
    "mini": lambda: interval.small(100, 0, 100, 5),
    "ladder unknown": lambda: ladder.draw(None, RUNGS, empty=LONG, **SAID),
    "ladder one": lambda: ladder.draw([20, 0, 0, 0, 0], (LONG, *RUNGS[1:]), now=0, **SAID),
    "ladder equal": lambda: ladder.draw([4, 4, 4, 4, 4], RUNGS, **SAID),
    "ladder no rungs": lambda: ladder.draw(None, (), empty="x", **SAID),
    "timeline empty": lambda: timeline.draw([], {}, empty=LONG, **SAID),
    "timeline one": lambda: timeline.draw([Event(DAY, "score", LONG)], {"score": LONG}, **SAID),
    "timeline equal": lambda: timeline.draw([Event(DAY, lane) for lane in timeline.LANES],
                                            dict.fromkeys(timeline.LANES, "x"), **SAID),
    "timeline spell": lambda: timeline.draw(
        [Event(DAY, "fact", "5", DAY + datetime.timedelta(90)), Event(DAY, "visit")],
        {"fact": "x", "visit": "y"}, **SAID),
    "exposure one": lambda: exposure.draw([Measure(LONG, 0.4, "0,40")], **SAID),
    "exposure equal": lambda: exposure.draw([Measure("x", 1.0, "1")] * 3, **SAID),
    "exposure nan": lambda: exposure.draw([Measure("x", NAN, "?"), Measure("y", None, "?"), Measure("z", 1, "1", 1, 1)],
                                          **SAID),
    "cut empty": lambda: cut.draw([], cut_name=LONG, empty=LONG, **SAID),
    "cut one": lambda: cut.draw([Place(1, 12, 8, 18, True)], cut_name=LONG, **SAID),
    "cut equal": lambda: cut.draw([Place(n, 14, 10, 20, n <= 20) for n in range(1, 41)], cut_name="batas", **SAID),
    "cut nan": lambda: cut.draw([Place(1, NAN, NAN, NAN, True), Place(2, None, None, None, False)], cut_name="b",
                                **SAID),
    "cut kept": lambda: cut.draw([Place(1, 30, 25, 40, True), Place(9, 15, 10, 20, True, kept=True),
                                  Place(2, 18, 15, 25, False)], cut_name="b", kept_name=LONG, **SAID),
    "rank": lambda: places.rank(3, 1, 9, 21, "p"),
    "rank one": lambda: places.rank(1, 1, 1, 1, "p"),
    "rank nan": lambda: places.rank(NAN, None, None, 21, "p"),
    "rank beyond": lambda: places.rank(30, -2, 99, 21, "p"),
    "amount": lambda: places.amount(-0.02, -0.03, 0.1, 2, "p"),
    "amount nan": lambda: places.amount(NAN, 0, 1, 2, "p"),
    "amount equal": lambda: places.amount(0.0, 0, 0, 0, "p"),
    "amount beyond": lambda: places.amount(9.0, 0, 1, 5, "p"),
    "dot": lambda: dots.draw(1.1, 0.9, 1.3, "d"),
    "dot nan": lambda: dots.draw(NAN, None, None, "d"),
}  # fmt: skip


def parsed(name: str) -> ET.Element:
    # In a page the SVG stands in HTML, which knows its namespace.
    return ET.fromstring(str(CASES[name]()).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize("name", CASES)
def test_every_picture_is_sound_says_what_it_shows_and_passes_a_strict_policy(name: str) -> None:
    root = parsed(name)
    text = str(CASES[name]())
    assert "nan" not in re.sub(r">[^<]*<", "><", text).lower()
    assert "style" not in text
    assert "<script" not in text
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert width > 0
    assert height > 0
    if "aria-hidden" in root.attrib:
        assert root.find(f"{SVG}title") is None
    else:
        ids = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
        told = [ids[own].text for own in root.attrib["aria-labelledby"].split()]
        assert told == ["Judul <b>", 'Isi "x" & y']
        if root.attrib["role"] == "img":
            assert root.find(f".//{SVG}a") is None, "a link inside an image cannot be reached"
    for rect in root.iter(f"{SVG}rect"):
        assert float(rect.attrib["width"]) >= 0


def test_what_is_not_known_is_hatched_and_what_is_known_is_not() -> None:
    for name in ("map empty", "map unknown", "bar nan", "line nan", "squares unknown", "range unknown",
                 "ladder unknown", "exposure nan", "cut nan", "dot nan"):  # fmt: skip
        assert "url(#" in str(CASES[name]()), name
    for name in ("map equal", "bar", "line equal", "range", "ladder equal", "exposure one", "cut equal", "dot"):
        assert "url(#" not in str(CASES[name]()), name


def test_the_tiles_are_the_provinces_of_the_reference_each_in_its_own_place() -> None:
    with (ROOT / "features" / "reference" / "provinces.csv").open(encoding="utf-8") as file:
        codes = {row["province"] for row in csv.DictReader(file) if row["province"].isdigit()}
    assert set(TILES) == codes
    assert len(TILES) == 38
    assert len({(row, column) for row, column, *_ in TILES.values()}) == 38
    assert len({short for *_, short in TILES.values()}) == 38
    assert all(1 <= row <= tilemap.ROWS and 1 <= column <= tilemap.COLUMNS for row, column, *_ in TILES.values())


def test_tiles_are_links_outside_the_tab_order_and_carry_their_words() -> None:
    links = list(parsed("map equal").iter(f"{SVG}a"))
    assert len(links) == 38
    assert all(link.attrib["tabindex"] == "-1" and link[0].text == LONG for link in links)


def test_a_hundred_squares_fill_from_the_bottom_left_in_rows() -> None:
    squares = [rect for rect in parsed("squares").iter(f"{SVG}rect") if "x" in rect.attrib]
    assert len(squares) == 100
    kinds = [rect.attrib["class"] for rect in squares]
    assert kinds == ["full"] * 12 + ["maybe"] * 6 + ["void"] * 82
    assert (squares[0].attrib["x"], squares[0].attrib["y"]) == ("1", "145")
    assert float(squares[10].attrib["y"]) < float(squares[9].attrib["y"])
    assert len(list(parsed("squares").iter(f"{SVG}circle"))) == 4, "above the lower end, up to the estimate"


def test_the_range_stands_on_an_axis_from_0_to_100_whatever_its_width() -> None:
    bar = next(rect for rect in parsed("range").iter(f"{SVG}rect") if rect.attrib.get("class", "").startswith("r3"))
    room = interval.WIDTH - 24
    assert float(bar.attrib["x"]) == pytest.approx(12 + room * 0.08, abs=0.1)
    assert float(bar.attrib["width"]) == pytest.approx(room * 0.10, abs=0.1)


def test_squares_have_no_step_of_the_ramp_nor_has_a_range_whose_level_is_not_told() -> None:
    """A second colour of the ramp beside that of the range would read as a second level."""
    assert ".full { fill: var(--ink-2)" in (ROOT / "serving/console/static/app.css").read_text(encoding="utf-8")
    for picture in (interval.draw(12, 8, 18, 0, **SAID), interval.small(12, 8, 18, 0)):
        assert "amount edge" in picture
        assert not re.search(r'class="r\d', picture)


def drawn(picture: Markup) -> ET.Element:
    return ET.fromstring(str(picture).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def spans(text: ET.Element) -> tuple[float, float]:
    """Where a text begins and ends, about."""
    width = svg.LETTER * len(text.text or "")
    begin = float(text.attrib["x"]) - width * {"middle": 0.5, "end": 1.0}.get(text.attrib.get("text-anchor", ""), 0.0)
    return begin, begin + width


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_the_end_of_the_list_is_drawn_through_no_number(low: int, high: int, cut_: int) -> None:
    low, high = sorted((low, high))
    root = drawn(interval.draw(low, low, high, 3, cut=cut_, cut_name="batas daftar", **SAID))
    marks = [line for line in root.iter(f"{SVG}line") if line.attrib["class"] == "cut"]
    assert marks[-1].attrib["y2"] == "56", "it reaches the axis"
    for text in (text for text in root.iter(f"{SVG}text") if text.attrib.get("class") == "end"):
        begin, end = spans(text)
        bottom = float(text.attrib["y"])
        for mark in marks:
            beside = not begin <= float(mark.attrib["x1"]) <= end
            assert beside or float(mark.attrib["y2"]) <= bottom - 12 or float(mark.attrib["y1"]) >= bottom


@given(st.integers(1, 99), st.integers(0, 100), st.sampled_from(["paling banyak", "at least"]))
def test_the_end_of_the_list_is_drawn_through_no_range_of_one_end(end: int, cut_: int, words: str) -> None:
    """Bold letters are wider than small ones, about as wide as 8 px."""
    low, high = (0, end) if words == "paling banyak" else (end, 100)
    told = f"{words} {end}"
    root = drawn(interval.draw(end, low, high, 3, cut=cut_, cut_name="x", words=told, **SAID))
    text = next(own for own in root.iter(f"{SVG}text") if own.text == told)
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    begin = x if text.attrib["text-anchor"] == "start" else x - 8 * len(told)
    assert 0 <= begin <= interval.WIDTH - 8 * len(told) + 12
    for line in root.iter(f"{SVG}line"):
        if line.attrib["class"] == "cut" and begin < float(line.attrib["x1"]) < begin + 8 * len(told):
            assert not (float(line.attrib["y1"]) < y - 5 < float(line.attrib["y2"])), "through the words"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_measure_and_its_value_do_not_meet(language: Language) -> None:
    say = catalogue(language)
    names = [say[f"house.work.{name}"] for name in ("routine", "computerisation", "software")]
    for value, written in ((None, say["house.work.unknown"]), (0.4, "-0,40")):
        root = drawn(exposure.draw([Measure(name, value, written) for name in names], **SAID))
        rows: dict[str, list[tuple[float, float]]] = {}
        for text in root.iter(f"{SVG}text"):
            rows.setdefault(text.attrib["y"], []).append(spans(text))
        for row in rows.values():
            assert all(a[1] + svg.LETTER < b[0] for a, b in pairwise(sorted(row))), (language, written)


def test_labels_of_a_lane_stand_clear_of_the_name_of_the_next() -> None:
    events = [
        Event(DAY, "score", "7"),
        Event(DAY + datetime.timedelta(60), "visit", "Di atas garis"),
        Event(DAY + datetime.timedelta(60), "visit", "Pindah"),
        Event(DAY + datetime.timedelta(60), "list", "D-1"),
    ]
    root = drawn(timeline.draw(events, {"score": "Perkiraan", "visit": "Kunjungan", "list": "Masuk daftar"}, **SAID))
    at = {text.text: float(text.attrib["y"]) for text in root.iter(f"{SVG}text")}
    assert at["Kunjungan"] < at["Di atas garis"] < at["Pindah"] < at["Masuk daftar"] - 18 < at["D-1"]


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_dots_add_up_to_twenty_and_none_is_further_off_than_one(chances: list[float]) -> None:
    counts = formats.spread(chances, ladder.DOTS)
    if sum(chances) <= 0:
        assert counts is None
        return
    assert counts is not None
    assert sum(counts) == 20
    assert all(abs(count - 20 * chance / sum(chances)) < 1 for count, chance in zip(counts, chances, strict=True))


def test_dots_of_what_is_not_known_are_none() -> None:
    assert formats.spread([0.5, None, 0.1, 0.1, 0.3], ladder.DOTS) is None
    assert formats.spread([0.5, NAN, 0.1, 0.1, 0.3], ladder.DOTS) is None
    assert formats.spread([0.55, 0.12, 0.11, 0.11, 0.11], ladder.DOTS) == [11, 3, 2, 2, 2]


@pytest.mark.parametrize("words", [LONG, *(catalogue(language)["pic.ladder.empty"] for language in LANGUAGES)])
def test_what_stands_for_an_unknown_ladder_fits_its_plate(words: str) -> None:
    picture = ET.fromstring(str(ladder.draw(None, RUNGS, empty=words, **SAID)).replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # fmt: skip
    plate = next(rect for rect in picture.iter(f"{SVG}rect") if rect.attrib.get("class") == "plate")
    told = [*picture.iter(f"{SVG}text")][-1].text or ""
    assert told == words or words == LONG
    assert svg.LETTER * len(told) < float(plate.attrib["width"])


def test_the_cut_stands_between_the_last_listed_and_the_first_that_is_not() -> None:
    root = parsed("cut equal")
    mark = next(line for line in root.iter(f"{SVG}line") if line.attrib["class"] == "cut")
    numbers = {text.text: float(text.attrib["y"]) for text in reversed(list(root.iter(f"{SVG}text")))}
    assert numbers["20"] < float(mark.attrib["y1"]) < numbers["21"]
    name = next(float(text.attrib["y"]) for text in root.iter(f"{SVG}text") if text.text == "batas")
    points = [float(point.attrib["cy"]) + float(point.attrib["r"]) for point in root.iter(f"{SVG}circle")]
    capital = 0.78 * 13
    assert max(y for y in points if y < name) <= name - capital, "its name lies over the last bar"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_axis_of_the_cut_tells_its_condition_whole_and_within_the_picture(language: Language) -> None:
    words = catalogue(language)["list.cut.axis"]
    picture = str(cut.draw([Place(1, 12, 8, 18, True)], cut_name="batas", axis=words, **SAID))
    (x,) = re.findall(rf'<text x="([0-9.]+)"[^>]*>{re.escape(words)}<', picture)
    assert float(x) + svg.LETTER * len(words) <= cut.WIDTH


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_the_axis_of_the_cut_has_round_even_marks_and_holds_every_end(ends: list[float]) -> None:
    places_ = [Place(n, end, end / 2, end, n < 3) for n, end in enumerate(ends, start=1)]
    root = ET.fromstring(str(cut.draw(places_, cut_name="batas", axis="dari 100", **SAID)).replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # fmt: skip
    middle = [text for text in root.iter(f"{SVG}text") if text.attrib.get("text-anchor") == "middle"]
    assert len(middle) % 2 == 0
    above, below = middle[: len(middle) // 2], middle[len(middle) // 2 :]
    ticks = [float(text.text or "x") for text in above]
    assert ticks == [float(text.text or "x") for text in below]
    assert 2 <= len(ticks) <= 6
    assert {b - a for a, b in pairwise(ticks)} == {ticks[1]}
    assert ticks[0] == 0
    assert ticks[-1] >= max(ends)
    x = [float(text.attrib["x"]) for text in above]
    for place, dot in zip(places_, root.iter(f"{SVG}circle"), strict=True):
        assert place.p is not None
        assert float(dot.attrib["cx"]) == pytest.approx(x[0] + (x[-1] - x[0]) * place.p / ticks[-1], abs=0.2)
    assert any(text.text == "dari 100" for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize(("file", "areas"), [("provinces_38.topo.json", 38), ("regencies.geojson", 34)])
def test_a_boundary_file_is_joined_by_name(shared: Path, file: str, areas: int) -> None:
    from serving.console.places import provinces

    land = boundaries.read(shared / "reference" / "geo" / file)
    named = {boundaries.plain(name): code for code, name in provinces().items()}
    joined = {named[name] for name in land.paths if name in named}
    assert len(joined) >= areas, sorted(set(land.paths) - set(named))
    assert land.without(provinces()) == []
    codes = {code: short for code, (_, _, _, short) in TILES.items()}
    tiles = {"32": Tile(4, "Jawa Barat: 7", "/ikhtisar?wilayah=32", moved=2), "35": Tile(4, "Jawa Timur: 7", moved=-1)}
    picture = str(land.draw(tiles, provinces(), codes, **SAID))
    assert "<title>Jawa Barat: 7</title>" in picture
    assert len(picture) < 64_000
    root = ET.fromstring(picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    for css, size in (("wide", 15), ("short", 30)):
        shown = [(text.text or "", float(text.attrib["x"]), float(text.attrib["y"])) for text in root.iter(f"{SVG}text")
                 if text.attrib["class"].split()[-1] == css]  # fmt: skip
        assert sorted(name.rstrip("▲▼") for name, _, _ in shown) == sorted(codes.values()), "every province, once"
        assert {name for name, _, _ in shown if name[-1] in "▲▼"} == ({"JB▲", "JI▼"} if css == "wide" else set())
        for at, (name, x, y) in enumerate(shown):
            assert x - size * 0.7 * len(name) / 2 >= 0
            assert x + size * 0.7 * len(name) / 2 <= boundaries.WIDTH
            assert 0 < y <= land.height
            for other, a, b in shown[:at]:
                apart = abs(x - a) >= 0.7 * size * (len(name) + len(other)) / 2 or abs(y - b) >= size
                assert apart, f"{name} lies over {other}"
        ends = [(float(line.attrib["x1"]), float(line.attrib["y1"])) for line in root.iter(f"{SVG}line")
                if line.attrib["class"].split()[-1] == css]  # fmt: skip
        spots = {(spot.x, spot.y) for spot in land.spots.values()}
        far = [name for name, x, y in shown
               if min(abs(x - a) + abs(y - size / 3 - b) for a, b in spots) > 1.1 * size]  # fmt: skip
        assert set(ends) <= spots
        assert len(ends) >= len(far), "what stands beside its area has a line to it"
    assert "<title>Aceh</title>" in picture, "what has no figure has its name too"
    assert 'aria-label="Jawa Barat: 7"' in picture
    assert land.unknown(provinces()) == []
    assert "style" not in picture


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 350), st.floats(0, 200)), max_size=38))
def test_no_label_of_a_map_lies_on_another_one(areas: list[tuple[float, float, float]]) -> None:
    spots = [placing.Spot(x, y, room, 40) for x, y, room in areas]
    found = placing.place(spots, 30, 900, 350)
    for at, (x, y) in enumerate(found):
        assert 20 <= x <= 880
        assert 15 <= y <= 335
        assert all(abs(x - a) >= 40 or abs(y - b) >= 29.9 for a, b in found[:at])
    if areas:  # the widest one has its own place, if that lies within the map
        widest = max(range(len(spots)), key=lambda own: (spots[own].room, -own))
        x, y, _ = areas[widest]
        if 20 <= x <= 880 and 15 <= y <= 335:
            assert found[widest] == (round(x, 1), round(y, 1))


def test_the_regencies_of_a_province_are_joined_by_name(shared: Path) -> None:
    from serving.console.places import provinces, regencies

    missing = []
    for province, name in provinces().items():
        land = boundaries.read(shared / "reference" / "geo" / "regencies.geojson", 0, boundaries.plain(name))
        own = {code: name for code, name in regencies().items() if code[:2] == province}
        missing += [own[code] for code in land.without(own)]
        assert set(land.paths) <= {boundaries.plain(name) for name in own.values()}, name
        picture = str(land.draw({}, own, {code: code[2:] for code in own}, **SAID))
        for css, size in (("wide", 15), ("short", 30)):
            found = [(float(x), float(y)) for x, y in re.findall(
                rf'<text x="([\d.]+)" y="([\d.]+)" class="label {css}"', picture)]  # fmt: skip
            assert len(found) == len(own) - len(land.without(own)), f"every area of {name}, once"
            assert all(
                abs(x - a) >= 1.4 * size or abs(y - b) >= size - 0.2
                for at, (x, y) in enumerate(found)
                for a, b in found[:at]
            ), f"{name}: codes lie on another"
    # Cities that the file has no shape of at all; whatever it has is joined, however it is written there.
    assert sorted(missing) == ["Kepulauan Seribu", "Kota Bukittinggi", "Kota Magelang", "Kota Mojokerto",
                               "Kota Padang Panjang", "Kota Sibolga", "Kota Tebing Tinggi"]  # fmt: skip


def test_a_boundary_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(ValueError, match="no area with a name"):
        boundaries.read(tmp_path / "x.json")
    with pytest.raises(ValueError, match="it is a folder"):
        boundaries.read(tmp_path)
    for text in ("[]", '{"type": "Topology"}', "x"):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(ValueError, match=r"x\.json|Expecting value"):
            boundaries.read(tmp_path / "x.json", len(text))


def _topology(arc: list[Any], rings: int) -> str:
    shape = {"type": "MultiPolygon", "arcs": [[[0]]] * rings, "properties": {"name": "Bali"}}
    return json.dumps({"type": "Topology", "arcs": [arc], "objects": {"x": {"geometries": [shape]}}})


@pytest.mark.parametrize(("text", "told"), [
    (_topology([[at, at % 7 * 9] for at in range(1000)], 1000), "more than 500,000 points"),
    (_topology([[at, at % 7 * 9] for at in range(200)], 1000), "50,000 points that can be told apart"),
    ("[" * 100_000, "neither GeoJSON nor TopoJSON"),
    (_topology([[10**400, 1], [2, 3], [5, 6]], 1), "neither GeoJSON nor TopoJSON"),
    (_topology([[0, 0], [1, float("inf")], [5, 6]], 1), "neither GeoJSON nor TopoJSON"),
    (_topology([[0, 0], [1e-9, 9e9], [0, 6]], 1), "not as wide and tall as land"),
    (json.dumps({"features": [{"properties": {"name": f"A{at}"}, "geometry": {"type": "Polygon", "coordinates": [
        [[0, 0], [1, 0], [1, 1]]]}} for at in range(1001)]}), "more than 1,000 areas"),
    (" " * (17 << 20), "more than 16 MiB"),
    (json.dumps({"features": [{}] * 500_001}), "more than 500,000 points"),
    (_topology([], 500_001), "more than 500,000 points"),
    (_topology([[0, 0], [3, 0], [3, 3]], 1).replace("Bali", "Bali \\ud800"), "neither GeoJSON nor TopoJSON"),
])  # fmt: skip
def test_a_boundary_file_that_would_keep_a_processor_busy_is_refused_at_once_and_read_once(
        tmp_path: Path, text: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    (tmp_path / "x.json").write_text(text)
    begin = time.process_time()
    with pytest.raises(ValueError, match=told):
        boundaries.read(tmp_path / "x.json")
    assert time.process_time() - begin < 5
    monkeypatch.setattr(json, "loads", lambda _: pytest.fail("read again"))
    with pytest.raises(ValueError, match=told):
        boundaries.read(tmp_path / "x.json")


def test_a_small_boundary_file_keeps_its_shape(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(
        '{"type": "FeatureCollection", "features": [{"properties": {"name": "Provinsi Jawa Barat"}, '
        '"geometry": {"type": "Polygon", "coordinates": [[[106, -6], [108, -6], [108, -7], [106, -7], [106, -6]]]}}]}',
        "utf-8-sig",
    )
    land = boundaries.read(tmp_path / "x.json")
    assert land.paths == {"jawabarat": "M0 0l900 0 0 450-900 0 0-450z"}
    assert land.height == 450
    assert land.spots["jawabarat"].width == 900
    assert land.names == {"jawabarat": "Provinsi Jawa Barat"}
    assert land.unknown({"33": "Jawa Tengah"}) == ["Provinsi Jawa Barat"]


def test_a_name_stands_within_the_largest_piece_and_over_no_hole(tmp_path: Path) -> None:
    outer, hole = [[100, 0], [110, 0], [110, -10], [100, -10], [100, 0]], [[101, -1], [109, -1], [109, -8], [101, -8],
                                                                          [101, -1]]  # fmt: skip
    beside = [[110, -4], [112, -4], [112, -5], [110, -5], [110, -4]]
    shape = {"type": "MultiPolygon", "coordinates": [[outer, hole], [beside]]}
    (tmp_path / "x.json").write_text(json.dumps({"features": [{"properties": {"name": "Bali"}, "geometry": shape}]}))
    land = boundaries.read(tmp_path / "x.json")
    spot, scale = land.spots["bali"], boundaries.WIDTH / 12
    assert not scale < spot.y < 8 * scale, "above or beneath the hole"
    assert spot.width == pytest.approx(10 * scale, abs=1)
    assert spot.x == pytest.approx(5 * scale, abs=1)


def test_no_label_of_a_timeline_lies_on_another() -> None:
    days = [DAY, *(DAY + datetime.timedelta(days=at) for at in (3, 5, 200, 400))]
    picture = timeline.draw([Event(day, "list", f"D-2026-000{at}") for at, day in enumerate(days)], {"list": "Daftar"},
                            **SAID)  # fmt: skip
    placed = re.findall(r'<text x="([0-9.]+)" y="([0-9.]+)" class="small" text-anchor="(\w+)">(D-2026-\d+)', picture)
    assert len(placed) == 4, "three lie within days of each other: one above, one beneath, one in the list alone"
    (axis,) = re.findall(r'<line [^>]*y1="([0-9.]+)"[^>]*class="axis"', picture)
    assert max(float(y) for _, y, _, _ in placed) + 4 < float(axis), "a label lies on the axis"
    for row in {y for _, y, _, _ in placed}:
        spans = sorted((float(x) - 6 * len(words) * {"start": 0, "middle": 0.5, "end": 1}[anchor], 6 * len(words))
                       for x, y, anchor, words in placed if y == row)  # fmt: skip
        assert all(one + width <= two for (one, width), (two, _) in pairwise(spans))


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_lane_of_a_timeline_has_room_for_its_name(language: Language) -> None:
    names = [own for key, own in catalogue(language).items() if key.startswith("pic.timeline.")]
    assert max(map(len, names)) <= timeline.NAME


def test_the_head_of_the_ranks_stands_in_the_picture_and_not_beside_the_axis() -> None:
    places = [Place(at, 10.0, 5.0, 20.0, at < 2) for at in (1, 2)]
    texts = [*drawn(cut.draw(places, cut_name="batas", number="peringkat", axis="Jatuh", **SAID)).iter(f"{SVG}text")]
    (head,) = (one for one in texts if one.text == "peringkat")
    assert head.get("text-anchor") is None
    assert float(head.get("x", "-1")) >= 0
    assert head.get("y") not in {one.get("y") for one in texts if one is not head}
