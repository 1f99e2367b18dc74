"""Charts: equal bytes for equal tables, a named picture, nothing a strict policy forbids, no failure on odd tables."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from contextlib import nullcontext
from xml.etree import ElementTree

import pytest
from altair.utils import schemapi

from models import charts, marks, ticks, words
from models.words import CHARTS, KINDS, METRICS, MODELS
from tests.conftest import ROOT

NAMES = ("jaga", "welfare_rule", "logistic")
NAN = float("nan")


def _rows(*keys):
    return [{"model": name} | {key: (i + 1) / (10 + j) for j, key in enumerate(keys)} for name in NAMES
            for i in range(5)]  # fmt: skip


TABLES = {
    "reliability": [{"model": name, "predicted": i / 20, "observed": i / 18, "low": i / 25, "high": i / 12}
                    for name in NAMES for i in range(1, 6)],
    "gain": [row | {"budget": False} for row in _rows("listed", "caught")]
            + [{"model": name, "listed": k / 100, "caught": k / 50, "budget": True}
               for name in NAMES for k in (5, 10, 20, 30)],
    "roc": _rows("false_alarm", "caught"),
    "precision_recall": _rows("caught", "precision"),
    "dots": [{"metric": metric, "model": name, "value": 0.7, "low": 0.6, "high": 0.8}
             for metric in ("auc", "log_loss_difference") for name in NAMES],
    "distribution": [{"model": "jaga", "fell": fell, "from": i / 10, "to": (i + 1) / 10, "share": 0.2}
                     for fell in (False, True) for i in range(5)],
}  # fmt: skip
every_chart = pytest.mark.parametrize("name", TABLES)


@pytest.fixture(autouse=True)
def _held_to_the_schema(monkeypatch):
    """Each part of a chart is looked at as it is made, which the product leaves out."""
    monkeypatch.setattr(schemapi, "debug_mode", lambda _: nullcontext())


def test_a_part_that_the_schema_does_not_know_is_seen(monkeypatch):
    monkeypatch.setattr(charts.marks, "gain", lambda alt, rows, language: alt.Chart().mark_line(strokeDash="dotted"))
    with pytest.raises(schemapi.SchemaValidationError, match="dotted"):
        draw("gain", TABLES["gain"])


def draw(name, table, language="en"):
    return getattr(charts, name)(table, language)


def texts(svg):
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@every_chart
def test_the_same_table_gives_the_same_bytes(name):
    first = draw(name, TABLES[name])
    draw("roc" if name != "roc" else "gain", TABLES["roc" if name != "roc" else "gain"])
    assert draw(name, [dict(row) for row in TABLES[name]]) == first


@every_chart
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_chart_is_one_named_picture_in_the_language_of_the_page(name, language):
    root = ElementTree.fromstring(draw(name, TABLES[name], language))
    place = 0 if language == "id" else 1
    title = CHARTS[name][place]
    assert root.get("role") == "img"
    assert root.get("aria-label").startswith(f"{title}. {CHARTS[f'{name}.about'][place]}")
    assert root.find("{http://www.w3.org/2000/svg}title").text == title
    assert root.find("{http://www.w3.org/2000/svg}desc").text
    assert not [element for element in list(root.iter())[1:] if element.get("role") or element.get("aria-label")]


@every_chart
def test_a_strict_content_policy_holds_and_it_may_stand_on_a_page_twice(name):
    svg = draw(name, TABLES[name])
    for forbidden in ("<script", "<style", " style=", " id=", "href", "javascript:", "<image", "@import", " on"):
        assert forbidden not in re.sub(r">[^<]*<", "><", re.sub(r'aria-label="[^"]*"', "", svg)), forbidden


@every_chart
def test_it_fits_the_smallest_phone_with_letters_that_can_be_read(name):
    fits_a_phone(draw(name, TABLES[name]))


def fits_a_phone(svg):
    assert float(ElementTree.fromstring(svg).get("viewBox").split()[2]) <= marks.WIDTH
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 11


def test_the_chart_that_the_docs_add_fits_as_well(monkeypatch):
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    [block] = re.findall(r"(?ms)^```python\n(from models\.charts .*?)^```$", page)
    monkeypatch.setattr(words, "CHARTS", dict(CHARTS))
    monkeypatch.setattr(charts, "CHARTS", words.CHARTS)
    names = {}
    exec(block, names)
    for language in ("id", "en"):
        fits_a_phone(names["ages"]([{"age": 40, "families": 12}, {"age": 50, "families": 7}], language))
    assert f"`marks.WIDTH` ({marks.WIDTH})" in page


@every_chart
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_empty_table_says_so(name, language):
    svg = draw(name, [], language)
    assert CHARTS["empty"][0 if language == "id" else 1] in texts(svg)
    assert ElementTree.fromstring(svg).get("role") == "img"


@every_chart
def test_one_row_equal_rows_and_figures_that_are_not_numbers_are_drawn_or_left_out(name):
    table = TABLES[name]
    gone = [{key: NAN if isinstance(value, float) else value for key, value in row.items()} for row in table]
    none = [{key: None if isinstance(value, float) else value for key, value in row.items()} for row in table]
    equal = [dict(table[0]) for _ in range(4)]
    for odd in (table[:1], equal, gone, none, [*gone[:1], *table], [*table[:2], *none[:1]]):
        assert "NaN" not in draw(name, odd)
    zero = [{key: 0.0 if isinstance(value, float) else value for key, value in row.items()} for row in table]
    assert "NaN" not in draw(name, zero)


def test_rows_without_a_number_are_left_out_of_the_picture():
    bad = {"model": "jaga", "caught": NAN, "false_alarm": 0.5}
    assert charts.roc([*TABLES["roc"], bad]) == charts.roc(TABLES["roc"])


def test_a_figure_that_is_not_defined_is_named_so():
    rows = [{"metric": "auc", "model": "jaga", "value": 0.7, "low": None, "high": None},
            {"metric": "auc", "model": "logistic", "value": None, "low": None, "high": None}]  # fmt: skip
    assert "not defined" in texts(charts.dots(rows))
    assert "tidak terdefinisi" in texts(charts.dots(rows, "id"))


def test_lines_differ_in_colour_and_in_dash_and_are_readable_in_grey():
    style = marks.style(list(MODELS))
    assert len({dash for _, dash in style.values()}) == len(MODELS)
    for colour, _ in style.values():
        assert _contrast(colour) >= 3
    assert marks.style(["logistic", "jaga"])["jaga"] == marks.style(["jaga"])["jaga"]
    assert len(marks.style([f"model {n}" for n in range(40)])) == 40


def _contrast(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_a_model_without_a_name_of_its_own_and_markup_in_a_name_are_shown_as_text():
    svg = charts.roc([row | {"model": 'my_"model" <b>'} for row in TABLES["roc"]])
    assert 'my "model" <b>' in texts(svg)


@pytest.mark.parametrize("name", ["gain", "roc"])
def test_the_line_of_a_list_at_random_is_the_one_that_is_grey_and_whole(name):
    """With eleven models several lines are dotted, so that the caption names what no model has."""
    svg = draw(name, TABLES[name])
    (line,) = re.findall(r"<path[^>]*stroke=\"" + marks.LINE + r"\"[^>]*stroke-width=\"0.75\"[^>]*>", svg)
    assert "stroke-dasharray" not in line
    assert "straight grey line" in CHARTS[f"{name}.about"][1]


def test_every_budget_is_marked():
    assert {"5", "10", "20", "30"} <= set(texts(charts.gain(TABLES["gain"])))


def test_every_word_is_there_in_both_languages():
    for table in (MODELS, METRICS, KINDS, CHARTS):
        assert all(own and english for own, english in table.values())


def test_the_charts_library_is_not_loaded_before_a_chart_is_drawn():
    check = "import sys, models.charts; sys.exit(any(m in sys.modules for m in ('altair', 'vl_convert', 'pandas')))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize(
    ("most", "end"), [(0.246, 26), (0.6, 65), (0.99, 100), (0.033, 3.6)],
)  # fmt: skip
def test_the_axes_of_calibration_end_near_the_data_whatever_an_interval(most, end):
    rows = [{"model": "jaga", "predicted": most, "observed": most / 2, "low": 0.0, "high": 0.0},
            {"model": "logistic", "predicted": most / 9, "observed": 0.0, "low": 0.0, "high": 0.8}]  # fmt: skip
    assert marks.end(100 * most) == pytest.approx(end)
    assert marks.end(100 * most) <= max(100 * most * 1.15, 100 * most + 1) or end == 100
    svg = charts.reliability(rows)
    assert ">80<" not in svg or end > 80
    arrow = re.search(rf'<path[^>]*d="M0,-[^"]*L[^"]*Z"[^>]*fill="{marks.INK_2}"', svg)
    assert bool(arrow) == (end < 80), "an interval that goes on ends in an arrow"


WIDE = {".": 0.32, ",": 0.32, "\N{MINUS SIGN}": 0.84, " ": 0.32}
"""Widths of DejaVu Sans in letters of 1 px, the widest face that a browser falls back to; the rest count .64."""


def _tick_rows(svg):
    """Texts that stand side by side below, as the labels of a horizontal axis do: left and right end of each, px."""
    for group in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
        texts = [one for one in group if one.text and one.tag.endswith("text") and one.get("transform")]
        labels = [(*_at(one), one) for one in texts if one.get("opacity") != "0"]
        if len(labels) < 2 or len({y for _, y, _ in labels}) != 1 or labels[0][1] < 0:
            continue
        found = []
        for x, _, one in labels:
            wide = sum(WIDE.get(letter, 0.64) for letter in one.text) * 11
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[one.get("text-anchor")]
            found.append((left, left + wide))
        yield sorted(found)


def _at(text):
    return tuple(float(number) for number in re.findall(r"[-\d.]+", text.get("transform"))[:2])


GAPS = [(-0.0281, -0.0094), (-0.0192, -0.0047), (-0.0024, 0.0036)]


@pytest.mark.parametrize("scale", [1, 0.1, 10, 1000])
def test_tick_labels_leave_room_between_them(scale):
    table = [{"metric": metric, "model": name, "value": scale * (low + high) / 2, "low": scale * low,
              "high": scale * high} for metric in ("auc", "log_loss_difference")
             for name, (low, high) in zip(NAMES, GAPS, strict=True)]  # fmt: skip
    ranges = [{"panel": "AUC", "label": row["model"], **row} for row in table]
    rows = [own for svg in (charts.dots(table), charts.ranges("horizon", ranges), draw("reliability",
            TABLES["reliability"]), draw("gain", TABLES["gain"])) for own in _tick_rows(svg)]  # fmt: skip
    assert len(rows) >= 5
    for own in rows:
        for (_, right), (left, _) in itertools.pairwise(own):
            assert left - right >= 4, own


def test_a_label_keeps_all_its_words_beside_a_panel() -> None:
    """A browser's letters are wider than the renderer's: a line of 21 of them was cut at the edge of the picture."""
    label = "B: Perlindungan sosial menyeluruh bagi keluarga rentan"
    svg = charts.ranges(
        "scheme_outcomes", [{"panel": "p", "label": label, "value": 1.0, "low": 0.5, "high": 2.0}], "id"
    )
    lines = re.findall(r">([^<>]+)</t", svg)
    assert all(any(word in line for line in lines) for word in label.split())
    assert all(len(line) <= 18 for line in lines if line in label)


@pytest.mark.parametrize("ends", [(-0.004, 0.001), (-0.03, 0.004), (0, 180_000), (0.7321, 0.7533), (5, 5), (0, 0),
                                  (-1_000_000, 12)])  # fmt: skip
def test_each_line_of_the_grid_of_a_panel_has_its_number(ends: tuple[float, float]) -> None:
    """A number that is left out where two would touch leaves a line that says nothing."""
    low, high = map(float, ends)
    rows = [{"panel": "x", "label": "a", "value": low, "low": low, "high": high}]
    svg = charts.ranges("horizon", rows)
    lines = re.findall(r'<line [^>]*y2="-\d[^>]*stroke="#C9CDD2"', svg)
    (numbers,) = [own for own in _tick_rows(svg) if own]
    own = ticks.told([low, high, *([0.0] if low < 0 < high else [])], 190)
    assert len(own.values) >= 2
    assert len(numbers) == len(own.values)
    assert not lines or len(lines) == len(own.values)
    assert own.ends[0] <= low <= high <= own.ends[1]
