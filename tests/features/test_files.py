"""Files of every kind give the same tables; a wrong file is one error that says what was expected."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.commands import UserError
from features.files import read_flat, read_tables, torn_lines, write_quarantine
from features.report import counts_json, report_counts
from tests.features.door import code, good, let_in


@pytest.fixture
def frame() -> pd.DataFrame:
    homes = pd.DataFrame(good(3)["households"])
    return homes.assign(weight=[1.5, None, 2.0], urban=[1.0, 0.0, None], floor=["tile", "wood", None])


def check(read: dict[str, pd.DataFrame]) -> None:
    """The table is the one of the fixture `frame`, after the door."""
    answer = let_in({**good(3), "households": read["households"]})
    homes = answer.tables["households"]
    assert len(answer.quarantine) == 0
    assert homes["province"].tolist() == ["06"] * 3
    assert homes["household_id"].tolist() == [code(f"family {number}") for number in range(3)]
    assert [value == value and value for value in homes["weight"]] == [1.5, False, 2.0]
    assert [value == value and value for value in homes["floor"]] == [4.0, 2.0, False]


def test_csv_with_untidy_names(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame.rename(columns={"province": " Province ", "unit": "UNIT"}).to_csv(tmp_path / "Households.csv", index=False)
    check(read_tables(tmp_path / "Households.csv"))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_of_other_programs(frame: pd.DataFrame, tmp_path: Path, separator: str) -> None:
    path = tmp_path / "households.csv"
    frame.to_csv(path, index=False, sep=separator, encoding="utf-8-sig", lineterminator="\r\n")
    check(read_tables(path))


def test_csv_gz(frame: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "households.csv.gz").write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
    check(read_tables(tmp_path))


def test_csv_keeps_text_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text("region,period,known_at,region_name,headcount\n06,2026,2026-01-31,NA,\n")
    regions = read_tables(tmp_path)["regions"]
    assert regions.loc[0, "region"] == "06"
    assert regions.loc[0, "region_name"] == "NA"
    assert pd.isna(regions.loc[0, "headcount"])


def test_parquet_keeps_the_last_digit_of_long_whole_numbers(frame: pd.DataFrame, tmp_path: Path) -> None:
    long = 9_999_999_999_999_999
    pq.write_table(pa.table({"household_id": pa.array([long, None]), "period": ["2026Q1"] * 2}),
                   tmp_path / "households.parquet")  # fmt: skip
    assert read_tables(tmp_path)["households"]["household_id"].tolist()[0] == str(long)


def test_folder_of_parts(frame: pd.DataFrame, tmp_path: Path) -> None:
    parts = tmp_path / "households"
    parts.mkdir()
    frame[:1].to_parquet(parts / "part-0.parquet")
    frame[1:].to_parquet(parts / "part-1.parquet")
    (parts / "_SUCCESS").touch()
    pd.DataFrame(good(3)["members"]).to_csv(tmp_path / "members.csv", index=False)
    (tmp_path / "notes.txt").write_text("left alone")
    tables = read_tables(tmp_path)
    assert sorted(tables) == ["households", "members"]
    check(tables)


@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_labels_of_the_vocabulary_replace_codes(frame: pd.DataFrame, tmp_path: Path, kind: str) -> None:
    write = pyreadstat.write_dta if kind == "dta" else pyreadstat.write_sav
    coded = frame.assign(floor=[5, 3, None], urban=[1.0, 2.0, None], weight=[1.5, None, 2.0], unit=[2, 2, 2])
    labels = {"floor": {5: "Tile ", 3: "Wood", 1: "Earth"}, "urban": {1: "Yes", 2: "No"}, "unit": {2: "family", 1: "x"}}
    write(coded, tmp_path / f"households.{kind}", variable_value_labels=labels)
    tables = read_tables(tmp_path)
    check(tables)
    assert let_in({**good(3), **tables}).tables["households"]["urban"].tolist()[:2] == [1.0, 0.0]


@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_labels_outside_the_vocabulary_leave_codes(frame: pd.DataFrame, tmp_path: Path, kind: str) -> None:
    write = pyreadstat.write_dta if kind == "dta" else pyreadstat.write_sav
    coded = frame.assign(province=[6, 6, 6], floor=[5, 3, None])
    labels = {"province": {6: "Riau"}, "floor": {5: "Keramik", 3: "Kayu"}}
    write(coded, tmp_path / f"households.{kind}", variable_value_labels=labels)
    read = read_tables(tmp_path)["households"]
    assert let_in({**good(3), "households": read.drop(columns="floor")}).tables["households"]["province"][0] == "6"
    assert read["floor"].tolist()[:2] == [5.0, 3.0]


@pytest.mark.parametrize(("name", "content", "words"), [
    ("households.csv", b"", "empty; expected a line of column names: household_id, period"),
    ("households.csv", b"household_id,period\n", "empty; expected rows of households"),
    ("households.csv", b"household_id,Period ,period\na,b,c\n", "column period is there twice"),
    ("households.csv", b"household_id,province\na,\xff\xfe\n", "not in UTF-8; save it as CSV UTF-8"),
    ("households.csv.gz", b"no gzip", "cannot be read as .csv.gz"),
    ("households.parquet", b"no parquet", "cannot be read as .parquet"),
    ("households.dta", b"no stata", "cannot be read as .dta"),
    ("households.sav", b"", "cannot be read as .sav"),
    ("households.xlsx", b"PK", "unknown kind of file; expected one ending in .csv, .csv.gz, .tsv, .tsv.gz, .parquet, "
                               ".dta, .sav"),
    ("families.csv", b"a\n1\n", "no table of the contract; expected files or folders named households, members"),
])  # fmt: skip
def test_wrong_file_is_one_error(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(UserError) as error:
            read_tables(path)
        assert words in str(error.value)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", [".csv", ".csv.gz", ".tsv"])
def test_a_torn_line_is_a_row_of_empty_cells_told_by_its_line(kind: str, tmp_path: Path) -> None:
    text = ('region,period,known_at,region_name\n06,2026,2026-01-31,"Utara, baru"\n\n06,2026,2026-01-31,Utara,surplus\n'
            '07,2026\n08,2026,2026-01-31,Timur\n09,2026,2026-01-31,"a, b","c"')  # fmt: skip
    text = text.replace("Utara, baru", "Utara baru").replace(",", "\t") if kind == ".tsv" else text
    path = tmp_path / f"regions{kind}"
    path.write_bytes(gzip.compress(text.encode()) if kind.endswith("gz") else text.encode())
    read = read_tables(tmp_path)
    assert read["regions"]["region"].isna().tolist() == [False, True, True, False, True]
    assert read["regions"]["region_name"].tolist()[3] == "Timur"
    told = torn_lines(read)
    assert len(told) == 1
    assert told[0].startswith(f"regions: {path}: 3 line(s) with more or fewer cells")
    assert told[0].endswith(": 4, 5, 7")


def test_a_torn_line_of_a_table_of_no_door_is_refused_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('a,b\n\n1,"2,3"\n3,4,5\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"x.csv: cannot be read as a table: line 4 has 3 cells, the head has 2"):
        read_flat(tmp_path / "x.csv")


def test_no_such_path_and_a_table_twice(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or folder"):
        read_tables(tmp_path / "nowhere")
    frame.to_csv(tmp_path / "households.csv")
    frame.to_parquet(tmp_path / "households.parquet")
    with pytest.raises(UserError, match=r"the table households twice: households.csv and households.parquet"):
        read_tables(tmp_path)
    (tmp_path / "other" / "members").mkdir(parents=True)
    with pytest.raises(UserError, match="no file in this folder"):
        read_tables(tmp_path / "other")


def test_synthetic_folder_asks_which_view(tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "survey").mkdir()
    with pytest.raises(UserError, match="it has registry and survey inside: name one of them"):
        read_tables(tmp_path)


def broken() -> Any:
    tables = good(5)
    tables["members"]["age"][0], tables["members"]["age"][2] = 130, 200
    tables["households"]["nik"] = ["x"] * 5
    return let_in(tables)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_quarantine_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "new" / f"bad.{kind}"
    write_quarantine(broken(), path)
    read = pd.read_csv(path) if kind == "csv" else pd.read_parquet(path)
    assert read.columns.tolist() == ["table", "row", "household_id", "field", "rule"]
    assert read[read["field"] == "age"]["rule"].tolist() == ["130 is above 120 years", "200 is above 120 years"]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    with pytest.raises(UserError, match=r"written as .parquet or .csv"):
        write_quarantine(broken(), tmp_path / "bad.xlsx")


def test_report_names_counts_and_rules() -> None:
    lines = "\n".join(report_counts(broken()))
    assert "members               10 rows in =            6 admitted +          4 quarantined" in lines
    assert "2  members.age: is above 120 years" in lines
    assert "households: not in the contract and left out: nik" in lines
    figures = counts_json(broken())
    assert figures["tables"]["members"] == {"rows": 10, "admitted": 6, "quarantined": 4}
    assert {"table": "members", "field": "age", "rule": "is above 120 years", "cells": 2} in figures["rules"]


@given(st.lists(st.sampled_from([40, 130, None, "old", -1]), min_size=1, max_size=6))
def test_report_adds_up(ages: list[Any]) -> None:
    tables = good(len(ages), 1)
    tables["members"]["age"] = ages
    answer = let_in(tables)
    figures = counts_json(answer)
    for count in figures["tables"].values():
        assert count["rows"] == count["admitted"] + count["quarantined"]
    assert sum(rule["cells"] for rule in figures["rules"]) == len(answer.quarantine)


@pytest.mark.parametrize(("text", "line"), [
    ('a\n06,2026,2026-01-31,"Utara,\n07,2026,2026-01-31,Barat,\n08,2026,2026-01-31,"Timur,\n09,2026,2026-01-31,\n', 2),
    ('\n\n06,2026,2026-01-31,Utara,\n\n07,2026,2026-01-31,"Barat\r\n \n08,2026,2026-01-31",\n', 6),
    ('06,2026,2026-01-31,Utara,"', 2)])  # fmt: skip
@pytest.mark.parametrize("kind", [".csv", ".csv.gz", ".tsv"])
def test_a_quote_left_open_swallows_no_row(text: str, line: int, kind: str, tmp_path: Path) -> None:
    data = ("region,period,known_at,region_name,headcount\n" + text.removeprefix("a\n")).encode()
    data = data.replace(b",", b"\t") if kind == ".tsv" else data
    (tmp_path / f"regions{kind}").write_bytes(gzip.compress(data) if kind.endswith("gz") else data)
    with pytest.raises(UserError, match=rf"near line {line} a cell|cannot be read") as told:
        read_tables(tmp_path)
    assert "Utara" not in str(told.value)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quotes_that_are_closed_and_lines_of_blanks_are_no_fault(end: str, tmp_path: Path) -> None:
    rows = ['06,2026,2026-01-31,"Utara, ""baru""",', "", '07,2026,2026-01-31,5"x,', "  ", '"08",2026,2026-01-31,"",']
    text = end.join(["region,period,known_at,region_name,headcount", *rows])
    for more in ("", end, end * 3):
        (tmp_path / "regions.csv").write_bytes(f"\ufeff{text}{more}".encode())
        names = read_tables(tmp_path)["regions"]["region_name"]
        assert names.tolist()[:2] == ['Utara, "baru"', '5"x']
        assert len(names) == 3
