"""The sector compass: golden figures of the published tables, the laws of its ranks, and what stays unknown."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import reference
from features.cli import main
from features.commands import UserError
from features.contract import SECTIONS
from models.compass import printing, rank, sources, table, telling
from models.compass.measures import BY_KEY, MEASURES
from models.compass.own import COLUMNS, OF_PROVINCES, OWN, broken
from models.compass.table import Cell, Place
from models.text import LANGUAGES, Language, words

KEYS = [measure.key for measure in table.place().known()]


def cell(value: float) -> Cell:
    return Cell(value, "share", "2025", "made up")


def made(values: Mapping[str, Mapping[str, float]]) -> Place:
    """A place with these figures alone: by measure and section."""
    return Place("", {(section, key): cell(value) for key, row in values.items() for section, value in row.items()})


@pytest.mark.parametrize(("province", "section", "measure", "value", "year"), [
    ("", "A", "wage", 2540278, "2025"), ("32", "C", "wage", 3840081, "2025"), ("31", "B", "wage", 12607721, "2025"),
    ("51", "H", "wage", 8407709, "2025"), ("64", "D", "wage", 5393154, "2025"), ("", "P", "wage_growth", .0691, "2025"),
    ("", "B", "wage_growth", -.0471, "2025"), ("", "M", "jobs_growth", .145, "2025"),
    ("", "O", "jobs_growth", -.027, "2025"), ("", "A", "jobs", 41610000, "2025"),
    ("", "A", "seasonality", .0573, "2019"), ("", "H", "output_shock", -.1491, "2020"),
    ("", "Q", "output_shock", .1148, "2020"), ("", "A", "jobs_shock", .0781, "2020"),
    ("", "A", "employment_growth", -.00902, "2021"), ("", "A", "wage_primary", 2301095, "2025"),
])  # fmt: skip
def test_golden_figures(province: str, section: str, measure: str, value: float, year: str) -> None:
    found = table.place(province).cell(section, measure)
    assert found is not None
    assert (found.value, found.year, found.province) == (pytest.approx(value, abs=5e-5), year, province)


def test_figures_of_a_whole_place() -> None:
    assert table.place().facts["layoffs"].value == 88_519
    assert table.place("32").facts["layoffs"].value == 18_815
    assert table.place("31").facts["vacancies"].value == 25_115
    # What is known of each province, though of no industry in it (BPS, Sakernas February 2025; projection 2025).
    assert [table.place("32").facts[name].value for name in OF_PROVINCES] == [0.0674, 0.6891, 0.831]
    for province in table.provinces():
        assert {"unemployment", "participation"} <= set(table.place(province).facts)
    assert not set(OF_PROVINCES) & set(table.place().facts)
    assert "layoffs" not in table.place("96").facts, "the new provinces of Papua are not in the table"
    rows = [row for row in reference.rows("compass.csv") if row["measure"] == "layoffs"]
    assert sum(float(row["value"]) for row in rows if row["province"]) == 88_500


def test_every_row_has_a_value_unit_year_and_source_and_is_there_once() -> None:
    rows = reference.rows("compass.csv")
    names = [(row["section"], row["division"], row["province"], row["measure"]) for row in rows]
    assert len(set(names)) == len(names) > 900
    for row in rows:
        assert list(broken(row, table.provinces())) == [] or row["measure"] == "automation_risk"
        assert tuple(row) == COLUMNS


def test_the_mean_wage_of_a_province_lies_between_those_of_its_industries() -> None:
    for province in table.provinces():
        place = table.place(province)
        wages = [found.value for letter in SECTIONS if (found := place.cell(letter, "wage")) and found.province]
        assert min(wages) < place.facts["wage"].value < max(wages)
        assert all(found.province in ("", province) for found in place.cells.values())


def test_exposure_is_the_mean_of_the_typical_jobs_with_its_range() -> None:
    found = table.place().cell("C", "ilo_genai")
    assert found is not None
    groups = {row["occupation"] for row in reference.rows("jobs.csv") if row["section"] == "C"}
    values = [value for group in groups if (value := table.exposure(group, "ilo_genai")) is not None]
    assert found.value == pytest.approx(sum(values) / len(values), abs=1e-4)
    assert (found.low, found.high, found.jobs) == (min(values), max(values), len(values))
    assert "typical jobs" in found.source
    assert table.place().cell("U", "ilo_genai") is None, "no typical job is known of international bodies"


@pytest.mark.parametrize(("language", "mean", "share"), [("id", "rata-rata", "Bagian tugas"), ("en", "mean", "Share")])
def test_a_mean_of_scores_is_told_as_one_and_not_as_a_share_of_tasks(language: Language, mean: str, share: str) -> None:
    assert all("mean task score" in row["source"] for row in reference.rows("exposure.csv")
               if row["measure"] == "ilo_genai")  # fmt: skip
    told = BY_KEY["ilo_genai"].about(language)
    assert mean in told
    assert share not in told


def test_what_is_published_for_sections_together_says_so() -> None:
    for letter, together in (("M", "MN"), ("N", "MN"), ("R", "RSTU"), ("U", "RSTU"), ("A", "")):
        found = table.place().cell(letter, "wage")
        assert found is not None
        assert found.published == together


def test_divisions_have_their_own_exposure_and_the_risk_of_textiles() -> None:
    rows = reference.rows("divisions.csv")
    assert len(rows) == 88
    # Of the published list (docs/compass.md): code, section and title of its divisions, a line each.
    told = "\n".join(f"{row['division']} {row['section']} {row['title_en']}" for row in rows)
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == "1498fb57f384feb2"
    for code in ("13", "14", "15"):
        found = table.division(code, "automation_risk")
        assert found is not None
        assert (found.value, found.year) == (0.64, "2016")
    assert table.division("01", "automation_risk") is None
    sewing = table.division("14", "frey_osborne")
    assert sewing is not None
    assert sewing.low is not None
    assert sewing.high is not None
    assert sewing.low <= sewing.value <= sewing.high
    for letter in SECTIONS:
        for code in table.divisions(letter):
            for key in table.OF_DIVISIONS:
                cell = table.division(code, key)
                # A mean without its count and spread would pass for a figure of workers.
                assert cell is None or (cell.jobs > 0) == (key != table.RISK)
                assert cell is None or (cell.source and cell.unit and cell.year)


def test_every_source_and_unit_of_the_shipped_tables_has_words_in_both_languages() -> None:
    places = [table.place(province) for province in ("", *table.provinces())]
    cells = [cell for own in places for cell in (*own.cells.values(), *own.facts.values())]
    cells += [cell for letter in SECTIONS for code in table.divisions(letter) for key in table.OF_DIVISIONS
              if (cell := table.division(code, key)) is not None]  # fmt: skip
    said = {text for cell in cells for text in (cell.source, cell.unit)}
    assert said == set(sources.WORDS)
    for text in said:
        assert sources.told(text, "en") == text
        own = sources.told(text, "id")
        assert re.findall(r"@ \w+|19\d\d|20\d\d", own) == re.findall(r"@ \w+|19\d\d|20\d\d", text), "years stay"
    assert sources.told("Dinas, laporan 2026", "id") == "Dinas, laporan 2026"


@pytest.mark.parametrize("province", ["", "32", "96"])
def test_every_cell_is_counted_once_by_what_it_is_of(province: str) -> None:
    place = table.place(province)
    found = table.coverage(place)
    assert found.cells == len(SECTIONS) * len(MEASURES)
    weights = rank.weights()
    rows = telling.compass(place, weights, rank.standings(place, weights))["sections"]
    figures = [figure for row in rows for figure in row["figures"].values()]
    assert found.empty == figures.count(None)
    known = [figure for figure in figures if figure]
    assert found.own == sum(figure["province"] is not None for figure in known)
    assert found.jobs == sum(figure["jobs"] is not None for figure in known)
    assert found.nation == len(known) - found.own - found.jobs
    assert found.measures == (("wage",) if province else ())
    for language, own in (("id", f"hanya {found.own} memuat angka"), ("en", f"only {found.own} hold a figure of")):
        told = telling.coverage(place, language)
        assert (own in told) == bool(province)
        for count in (found.cells, found.nation, found.jobs, found.empty):
            assert f" {count} " in told
    told = telling.coverage(Place("32", {}), "id")
    assert "tidak satu pun memuat angka Jawa Barat sendiri" in told


def test_unknown_measures_are_shown_and_hold_nothing() -> None:
    place = table.place()
    assert {measure.key for measure in place.unknown()} == {"vacancy_rate", "layoff_rate", "informal", "self_employed",
                                                            "part_time"}  # fmt: skip
    told = telling.compass(place, rank.weights(), rank.standings(place, rank.weights()))
    assert all(row["figures"]["vacancy_rate"] is None for row in told["sections"])


WEIGHTS = st.dictionaries(st.sampled_from(KEYS), st.floats(0.01, 3), min_size=1)
VALUES = st.dictionaries(st.sampled_from(KEYS), st.dictionaries(st.sampled_from(SECTIONS), st.floats(0, 1), min_size=2),
                         min_size=1, max_size=5)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("province", ["", "32", "91"])
def test_one_weight_gives_the_order_of_its_measure(key: str, province: str) -> None:
    place = table.place(province)
    found = rank.standings(place, rank.weights({key: 1.5}))
    better = BY_KEY[key].better or 1
    ranked = sorted((own.rank, section) for section, own in found.items() if own.rank is not None)
    values = [better * place.cells[section, key].value for _, section in ranked]
    assert values == sorted(values, reverse=True)
    assert {section for _, section in ranked} == {section for section, name in place.cells if name == key}
    for own in found.values():
        assert (own.low, own.high) == (own.rank, own.rank), "there is no other weight to change"


@given(WEIGHTS, st.floats(0.01, 50))
def test_weights_times_a_constant_change_nothing(weights: dict[str, float], factor: float) -> None:
    place = table.place()
    scaled = {key: value * factor for key, value in weights.items()}
    mine, theirs = rank.standings(place, weights), rank.standings(place, scaled)
    for section in SECTIONS:
        one, other = mine[section], theirs[section]
        assert (one.rank, one.low, one.high) == (other.rank, other.low, other.high)
        assert one.value == pytest.approx(other.value) if one.value is not None else other.value is None


@given(VALUES, WEIGHTS)
def test_laws_of_a_rank(values: dict[str, dict[str, float]], weights: dict[str, float]) -> None:
    place = made(values)
    for section, own in rank.standings(place, weights).items():
        known = sum(weight for key, weight in weights.items() if section in values.get(key, {}))
        assert own.known == pytest.approx(known / sum(weights.values()))
        assert (own.rank is None) == (own.value is None)
        assert own.rank is None or own.known >= rank.LEAST_KNOWN - 1e-6
        if own.rank is not None and own.low is not None and own.high is not None:
            assert 1 <= own.low <= own.rank <= own.high <= len(SECTIONS)
            assert own.value is not None
            assert 0 <= own.value <= 1


@given(VALUES, st.sampled_from(KEYS), st.floats(0.01, 3))
def test_an_unknown_figure_is_never_a_zero(values: dict[str, dict[str, float]], key: str, weight: float) -> None:
    """A measure that nothing is known of moves nobody, and a section without a figure is not last by it."""
    held = {name: row for name, row in values.items() if name != key}
    place = made(held)
    weights = dict.fromkeys(held, 1.0)
    if not weights:
        return
    before = rank.standings(place, weights)
    after = rank.standings(place, weights | {key: weight})
    for section in SECTIONS:
        if after[section].rank is not None:
            assert after[section].value == pytest.approx(before[section].value)
    for name in held:
        placed, alone = rank.places_of(place, name), rank.standings(place, {name: 1.0})
        for section in set(SECTIONS) - held[name].keys():
            assert section not in placed
            assert alone[section].rank is None


def test_ties_share_the_better_rank() -> None:
    place = made({"wage": {"A": 1.0, "B": 1.0, "C": 0.5, "D": 2.0}})
    found = rank.standings(place, {"wage": 1})
    assert [found[section].rank for section in "DABC"] == [1, 2, 2, 4]


@pytest.mark.parametrize(("text", "words_"), [
    ("colour:1", "no measure 'colour'"), ("wage:4", "give 0 to 3"), ("wage:-1", "give 0 to 3"),
    ("wage:nan", "give 0 to 3"), ("wage", "measure:number"), ("wage:0", "all weights are 0"),
])  # fmt: skip
def test_weights_that_are_none(text: str, words_: str) -> None:
    with pytest.raises(UserError, match=words_):
        rank.weights(rank.read_weights(text))


def test_a_province_that_is_none() -> None:
    with pytest.raises(UserError, match="no province '99'"):
        table.place("99")


HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(("row", "words_"), [
    ("X,,,informal,0.5,share,2025,x", "section 'X'"), ("C,01,,informal,0.5,share,2025,x", "division '01'"),
    ("C,,99,informal,0.5,share,2025,x", "province '99'"), ("C,,,colour,0.5,share,2025,x", "measure 'colour'"),
    ("C,,,informal,1.5,share,2025,x", "value '1.5': a number from 0 to 1"), ("C,,,informal,,share,2025,x", "value ''"),
    ("C,,,informal,nan,share,2025,x", "value 'nan'"), ("C,,,informal,0.5,share,25,x", "year '25': four digits"),
    ("C,,,informal,0.5,share,2025,", "source '': must say it"), ("C,,,informal,0.5,,2025,x", "unit '': must say it"),
])  # fmt: skip
def test_an_own_table_that_breaks_a_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str,
                                         words_: str) -> None:  # fmt: skip
    file = tmp_path / "own.csv"
    file.write_text(f"{HEAD}\n{row}\n")
    monkeypatch.setenv(OWN, str(file))
    with pytest.raises(UserError, match="row 2, " + words_) as told:
        table.place()
    column = words_.split()[0]
    indonesian, english = told.value.words
    assert f"baris 2, {column} " in indonesian
    assert indonesian.rpartition(": ")[2] != english.rpartition(": ")[2]


def test_an_own_table_fills_what_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.csv"
    file.write_text(f"{HEAD}\nC,,32,informal,0.4,share,2025,our office\nMN,,,wage,5000000,rupiah,2026,our office\n")
    monkeypatch.setenv(OWN, str(file))
    found = table.place("32").cell("C", "informal")
    assert found is not None
    assert (found.value, found.source) == (0.4, "our office")
    assert table.place().cell("C", "informal") is None
    wage = table.place().cell("N", "wage")
    assert wage is not None
    assert (wage.value, wage.published) == (5_000_000, "MN")
    monkeypatch.setenv(OWN, str(tmp_path / "none.csv"))
    with pytest.raises(UserError, match="cannot be read"):
        table.place()
    file.write_text("section,measure\nC,informal\n")
    monkeypatch.setenv(OWN, str(tmp_path / "own2.csv"))
    (tmp_path / "own2.csv").write_text("section,measure\nC,informal\n")
    with pytest.raises(UserError, match="lacks division, province"):
        table.place()
    for name, text, said in (
        ("open.csv", f'{HEAD}\n"{"x" * 200_000}', "row 2: a cell without its second quote"),
        ("large.csv", " " * (17 << 20), "larger than 16 MiB"),
        ("pipe", "", "no path"),
    ):
        if text:
            (tmp_path / name).write_text(text)
        else:
            os.mkfifo(tmp_path / name)
        monkeypatch.setenv(OWN, str(tmp_path / name))
        with pytest.raises(UserError, match=said):
            table.place()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_words(language: Any) -> None:
    for measure in MEASURES:
        assert measure.name(language)
        assert measure.about(language)
    assert BY_KEY["wage"].written(2540278, language) == {"id": "Rp2.540.000", "en": "Rp2,540,000"}[language]
    assert BY_KEY["jobs_growth"].written(0.145, language) == {"id": "+14,5 %", "en": "+14.5 %"}[language]
    assert words("id").compass.keys() == words("en").compass.keys()


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["compass", *arguments]) == 0
    return capsys.readouterr().out


def test_the_command_prints_ranks_figures_and_sources(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = told(["--province", "32", "--weights", "wage:1"], capsys)
    assert text.startswith("Kompas sektor: Jawa Barat")
    assert "2025, Jawa Barat: BPS, Sakernas Agustus 2025" in text
    assert "Belum ada angka menurut lapangan usaha: Lowongan" in text
    assert "Sector compass: nation" in told(["--language", "en"], capsys)
    files = [tmp_path / "compass.csv", tmp_path / "compass.json"]
    assert told(["--csv", str(files[0])], capsys) == told([], capsys)
    assert told(["--json", str(files[1]), "--weights", "wage:1"], capsys).startswith("Kompas sektor")
    lines = list(csv.DictReader(io.StringIO(files[0].read_text(encoding="utf-8"))))
    assert sum(row["section"] != "" and row["division"] == "" for row in lines) == len(SECTIONS) * (len(MEASURES) + 3)
    textiles = next(row for row in lines if (row["division"], row["measure"]) == ("13", "automation_risk"))
    assert (textiles["section"], textiles["value"], textiles["year"]) == ("C", "0.64", "2016")
    layoffs = next(row for row in lines if (row["section"], row["measure"]) == ("", "layoffs"))
    assert layoffs["value"] == "88519"
    empty = next(row for row in lines if (row["section"], row["measure"]) == ("U", "ilo_genai"))
    assert empty["value"] == ""
    document = json.loads(files[1].read_text(encoding="utf-8"))
    assert [row["section"] for row in document["sections"]] == list(SECTIONS)
    assert document["sections"][3]["rank"] is not None
    own = told(["--section", "C", "--province", "32"], capsys)
    assert own.startswith("C industri pengolahan: Jawa Barat")
    assert "Upah rata-rata: Rp3.840.000 (2025, Jawa Barat; BPS, Sakernas Agustus 2025" in own
    assert "Pekerja informal: tidak diketahui" in own
    assert re.search(r"^13 .*Pekerja berisiko otomatisasi 64,0 % \(2016\)$", own, re.MULTILINE)
    assert re.search(r"^14 .*\(\d+ pekerjaan khas, [\d,]+.* sampai [\d,]+", own, re.MULTILINE)
    assert re.search(r"^  Pekerja berisiko otomatisasi: .*, 2016, .*; .*ILO", own, re.MULTILINE)
    made = next(row for row in lines if (row["division"], row["measure"]) == ("14", "ilo_genai"))
    assert float(made["low"]) <= float(made["value"]) <= float(made["high"])
    assert int(made["jobs"]) >= 1
    assert (textiles["low"], textiles["jobs"]) == ("", "")
    assert "Peserta JKP yang terkena PHK: 18.815 (2025;" in text
    assert main(["compass", "--section", "Z"]) == 2
    assert "--section: tidak ada lapangan usaha Z" in capsys.readouterr().err
    assert main(["compass", "--province", "99"]) == 2
    assert "--province: tidak ada provinsi dengan kode BPS 99; yang ada: 11, 12" in capsys.readouterr().err
    assert main(["compass", "--province", "99", "--language", "en"]) == 2
    assert "--province: no province has the BPS code 99" in capsys.readouterr().err


def test_the_page_of_text_is_the_same_each_time() -> None:
    place, weights = table.place("32"), rank.weights()
    one, other = (printing.page(place, weights, rank.standings(place, weights), "id") for _ in range(2))
    assert one == other


@pytest.mark.parametrize(("language", "two", "more"), [("id", "M dan N bersama", "R sampai U bersama"),
                                                       ("en", "M and N together", "R to U together")])  # fmt: skip
def test_the_terminal_marks_figures_of_several_sections(language: Language, two: str, more: str) -> None:
    place = table.place()
    assert two in printing.section(place, "N", language)
    assert more in printing.section(place, "T", language)
    assert two not in printing.section(place, "C", language)
    page = printing.page(place, rank.weights(), rank.standings(place, rank.weights()), language)
    assert two in page
    assert more in page


def test_divisions_have_names_in_the_language_asked_for() -> None:
    place = table.place()
    assert "13 Manufacture of textiles:" in printing.section(place, "C", "en")
    assert "Industri" not in printing.section(place, "C", "en")
    assert "13 Industri tekstil:" in printing.section(place, "C", "id")
    assert all(table.divisions(letter, "en").keys() == table.divisions(letter).keys() for letter in SECTIONS)
