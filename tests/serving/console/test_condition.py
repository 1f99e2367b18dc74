"""A risk is told with its condition, that the family is above the line today, wherever it is told."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from serving.console import formats, telling
from serving.console.pages import household
from serving.console.strings import strings
from serving.scores import publishing, scores
from tests.serving import scored
from tests.serving.console.lists import confirm, walk
from tests.serving.console.office import LABELS, Office, bare, few, rows

DAY = "2026-11-15"
IF = {"id": "yang kini di atas garis kemiskinan", "en": "that are above the poverty line today"}
LESS, MORE = ("kurang dari 1", "fewer than 1"), ("lebih dari 99", "more than 99")
WHOLE = {
    "id": r"dari 100 keluarga seperti ini (\d+) mungkin sudah di bawah garis, (\d+) jatuh, dan (\d+) tidak keduanya",
    "en": r"of 100 families like this one: (\d+) likely below the line already, (\d+) falling, (\d+) neither",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run of families of whom nobody measured how they stand now, as of a register."""
    home, folder = tmp_path_factory.mktemp("unmeasured"), tmp_path_factory.mktemp("runs")
    own = rows(1, DAY, 1500)
    at = own.schema.get_field_index("rung")
    own = own.set_column(at, own.schema.field(at), pa.nulls(len(own), own.schema.field(at).type))
    scored.write(folder / DAY, own, as_of=DAY, labels=LABELS, poor_now=0.5)
    publishing.publish(home / "scores", folder / DAY)
    return home


@pytest.mark.parametrize("language", ["id", "en"])
def test_page_and_report_tell_the_condition_and_their_numbers_add_up(
    home: Path, monkeypatch: pytest.MonkeyPatch, language: Literal["id", "en"]
) -> None:
    """They are those of the score row, as the API answers it: `p_poor_now`, and `risk` of the others."""
    monkeypatch.setenv("JAGA_HOME", str(home))
    with scores.open(home / "scores") as own:
        table = own.table(("household_id", "applies", "p_poor_now", "risk"), ("",)).to_pylist()
    row = next(one for one in table if one["applies"] and one["p_poor_now"] > 0.3 and one["risk"] > 0.2)
    with Office(home) as office, TestClient(office.app, headers={"Accept": "text/html"}) as ask:
        ask.cookies.set("bahasa", language)
        holds(ask, row, language)


def holds(ask: TestClient, row: Any, language: Literal["id", "en"]) -> None:
    now, risk = row["p_poor_now"], row["risk"]
    say = strings(language)
    for end in ("", "/laporan"):
        text = unescape(bare(ask.get(f"/keluarga/{row['household_id']}{end}").text))
        told = re.search(WHOLE[language], text)
        assert told is not None
        poor, fall, rest = (int(own) for own in told.groups())
        assert (poor, fall) == (round(100 * now), round(100 * risk * (1 - now)))
        assert poor + fall + rest == 100
        assert fall < round(100 * risk), "what is told of all is not what is told of those above the line"
        assert re.search(rf"100 \w+ [^.]*{IF[language]}[^.]* {round(100 * risk)} ", text)
        if not end:
            assert f"({poor} " in text, "the same number as in the heading"
            assert say.say("house.ladder.note.plain", within=say.say("unit.within", n=12)) in text


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("now", "risk"), [(0.484, 0.031), (0.145, 0.005), (0.0149, 0.3), (0.505, 0.999)])
def test_a_page_tells_the_chance_of_standing_below_the_line_by_one_number(
    now: float, risk: float, language: Literal["id", "en"]
) -> None:
    """The three parts add up to a hundred beside the number of the heading, whatever their fractions."""
    own = telling.estimate(risk, None, None, LABELS)
    row = {"rung": None, "p_poor_now": now, "risk": risk}
    told = household._all_of_them(row, own, strings(language), formats.percent(now))
    numbers = [0 if one in ("kurang dari 1", "fewer than 1") else int(one)
               for one in re.findall(r"kurang dari 1|fewer than 1|\b(?!100 )\d+", told)]  # fmt: skip
    assert numbers[0] == formats.percent(now)
    assert sum(numbers) == 100


@pytest.mark.parametrize(("chance", "cut", "told"), [
    (0.4962, 0.5, 49), (0.4949, 0.5, 49), (0.5, 0.5, 50), (0.5049, 0.5, 50), (0.4962, None, 50),
    (0.4951, 0.4953, 49), (0.4955, 0.4953, 50), (0.503, 0.5021, 51), (0.07, 0.07, 7), (0.0149, 0.5, 1),
])  # fmt: skip
def test_a_chance_is_told_on_the_side_of_the_cut_by_which_it_is_judged(
    chance: float, cut: float | None, told: int
) -> None:
    """A family above the line is never told the number from which on one is judged below it."""
    assert formats.judged(chance, cut) == told
    if cut is not None:
        assert (told >= round(100 * cut, 6)) == (chance >= cut)


def test_no_sentence_of_a_family_or_a_list_speaks_of_one_as_of_several() -> None:
    say = strings("en")
    own = telling.estimate(0.01, None, None, LABELS)
    told = [say.say("risk.sentence", n=1, p="1", rest="99", within="x"),
            say.say("risk.sentence", n=99, p="99", rest="1", within="x"),
            household._all_of_them({"rung": None, "p_poor_now": 0.01, "risk": 0.01}, own, say, 1),
            say.say("list.gone.n", n=1, scheme="", why=say.say("list.gone.by_lot"))]  # fmt: skip
    assert not re.search(r"\b1 (family, )?(are|fall|have|do|had)\b|their", " ".join(told))


@pytest.mark.parametrize("language", ["id", "en"])
def test_rows_of_families_and_of_a_list_and_its_files_tell_the_condition(jabar: TestClient, language: str) -> None:
    confirm(jabar, walk(jabar))
    jabar.cookies.set("bahasa", language)
    for at in ("/keluarga?prov=32", "/daftar/D-2026-0001?tab=tempat", "/daftar/D-2026-0001?tab=batas", "/bantuan"):
        assert IF[language] in jabar.get(at).text, at
    head = {"id": "Perkiraan bila kini di atas garis", "en": "Estimate if above the line today"}[language]
    assert head in jabar.get("/daftar/D-2026-0001.csv").content.decode("utf-8-sig")


@given(st.tuples(*[st.floats(0, 1)] * 3).map(sorted), st.sampled_from(["id", "en"]))
def test_the_estimate_lies_in_the_range_that_is_told(ends: list[float], language: Literal["id", "en"]) -> None:
    low, risk, high = ends
    own = telling.estimate(risk, low, high, LABELS)
    words = telling.span(own, strings(language))
    assert not re.search(r"\b(0|100)\b", words), "neither none nor all is told as certain"
    told = [0 if one in LESS else 100 if one in MORE else int(one)
            for one in re.findall("|".join((*LESS, *MORE, r"\d+")), words)]  # fmt: skip
    single = (0, told[0]) if own.low == 0 else (told[0], 100)
    least, most = single if len(told) == 1 else told
    assert least <= own.p <= most
    assert (100 * high < most + 0.5, 100 * low >= least - 0.5) == (True, True), "no end is told nearer than it is"
    assert not re.search(r"di bawah|under", telling.span(own, strings(language)))


ENDS = {
    0.005: {"id": ("kurang dari 1 jatuh", "lebih dari 99 tidak.", "paling banyak 3"),
            "en": ("fewer than 1 fall below", "the others (more than 99) do not.", "up to 3")},
    0.997: {"id": ("lebih dari 99 jatuh", "kurang dari 1 tidak.", "paling sedikit 98"),
            "en": ("more than 99 fall below", "the others (fewer than 1) do not.", "at least 98")},
    0.02: {"id": ("sekitar 2 jatuh", "98 tidak.", "paling banyak 5"),
           "en": ("about 2 fall below", "the others (98) do not.", "up to 5")},
}  # fmt: skip
"""A risk, and what is told of it: who falls, who does not, and the range."""
RANGES = {0.005: (0.0, 0.03), 0.997: (0.98, 0.999), 0.02: (0.0, 0.05)}


@pytest.fixture(scope="module")
def extremes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run of families at risk as of a register, three of which have risks and ranges near an end of the axis."""
    home = tmp_path_factory.mktemp("extremes")
    own = [row | {"rung": None} for row in few(1, DAY).to_pylist()]
    for row, (risk, (low, high)) in zip((row for row in own if row["applies"]), RANGES.items(), strict=False):
        row |= {"risk": 0.004999 if risk == 0.005 else risk, "low": low, "high": high, "certainty": "usual"}
    scored.write(home / "run", pa.Table.from_pylist(own, schema=scored.SCORES), as_of=DAY, labels=LABELS, poor_now=0.5)
    publishing.publish(home / "scores", home / "run")
    return home


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("risk", RANGES)
def test_a_chance_near_none_or_all_is_told_by_one_wording_in_label_sentence_and_picture(
    extremes: Path, monkeypatch: pytest.MonkeyPatch, risk: float, language: Literal["id", "en"]
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(extremes))
    with scores.open(extremes / "scores") as own:
        table = own.table(("household_id", "applies", "risk", "high"), ("",)).to_pylist()
    code = next(one["household_id"] for one in table if one["applies"] and one["high"] == RANGES[risk][1])
    with Office(extremes) as office, TestClient(office.app, headers={"Accept": "text/html"}) as ask:
        ask.cookies.set("bahasa", language)
        page, report = (unescape(ask.get(f"/keluarga/{code}{end}").text) for end in ("", "/laporan"))
        order = "urut=-risiko" if risk > 0.5 else "urut=risiko"
        rows_ = [own for own in unescape(ask.get(f"/keluarga?{order}").text).split("<tr>") if code in own]
    assert len(rows_) == (risk != 0.02), "of all families those near an end stand on the first page"
    falls, others, span = ENDS[risk][language]
    label = falls.replace("sekitar ", "").replace("about ", "").partition(" fall")[0].removesuffix(" jatuh")
    of = {"id": "dari 100", "en": "of 100"}[language]
    for text in (page, report):
        assert falls in text
        assert others in text
        assert f"{label} {of} {'kotak terisi' if language == 'id' else 'squares are filled'}, {span}." in text
    assert f"{'Perkiraan' if language == 'id' else 'Estimate'} {label} {of}, {span}." in page, "the words of the bar"
    bar = page.split('class="pic interval"')[1].split("</svg>")[0]
    assert f">{span}</text>" in bar, "what is written in the bar"
    for row in rows_:
        assert f"<strong>{label}</strong>" in row
        assert span in row
    for text in map(told, (page, report, *rows_)):
        assert not re.search(rf"\b(0|100) ({of}|dari 20|of 20|jatuh|tidak\b|falls? )", text)
        assert not re.search(r"(sekitar|about) (kurang|lebih|fewer|more)", text)
        assert not re.search(r"(rentang|range|antara|between) (0|\d+(-| sampai | to | dan | and )100)\b", text)


def told(page: str) -> str:
    """What a page says of its family: without the notes that hold of all."""
    return re.sub(r"(?s)<(footer|nav|script|title>Perkiraan|title>Estimate).*?</\1?", "", bare(page))
