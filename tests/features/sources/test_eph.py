"""The EPH reader on files made here: exact values, whatever the way of writing, and errors that help."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import admit, contract, periods
from features.commands import UserError
from features.keys import CODE
from features.sources import eph
from features.sources.eph.equivalents import adult_equivalents
from features.sources.eph.lines import weighted_median

KEY = b"key of the tests"
A, B, C, D = ({"CODUSU": dwelling, "NRO_HOGAR": number} for dwelling, number in
              ((125100, 1), (125200, 1), (125200, 2), (125300, 1)))  # fmt: skip

HOMES = [
    {**A, "PONDERA": 10, "ITF": "1395,00", "AGLOMERADO": 4, "MAS_500": "S", "IV1": 1, "IV3": 2, "IV4": 4, "IV7": 1,
     "IV8": 1, "IV10": 1, "IV11": 2, "IV12_1": 2, "IV12_2": 1, "IV12_3": 2, "II1": 3, "II7": 6, "II8": 2, "II9": 1,
     "V13": 1, "V14": 2, "V15": 2, "V16": 1, "V17": 9},
    {**B, "PONDERA": 30, "ITF": 640, "AGLOMERADO": 33, "IV8": 2, "II9": 4, "II1": 99, "II7": 99},
    {**C, "PONDERA": 25, "ITF": 106, "IV8": 1, "IV10": 1, "II9": 3},
    {**D, "PONDERA": 900, "ITF": 0, "DECCFR": 12, "IV8": "None"},
]  # fmt: skip
PSEUDO = {**A, "NRO_HOGAR": 51, "PONDERA": 10, "ITF": 9000}
NOT_SEEN = {"CODUSU": 125400, "NRO_HOGAR": 1, "REALIZADA": 0, "PONDERA": 0}

FATHER = {**A, "COMPONENTE": 1, "CH03": 1, "CH04": 1, "CH06": 40, "CH07": 2, "CH08": 13, "CH09": 1, "CH10": 2,
          "NIVEL_ED": 3, "ESTADO": 1, "CAT_OCUP": 3, "INTENSI": 2, "PP3E_TOT": 20, "PP04A": 1, "PP04C": 6, "PP07C": 1,
          "PP07H": 1, "PP04D_COD": "56314", "PP04B_COD": "104", "P21": 900, "P47T": 1000}  # fmt: skip
MOTHER = {**A, "COMPONENTE": 2, "CH03": 2, "CH04": 2, "CH06": 35, "CH07": 1, "CH08": 4, "CH09": 2, "CH10": 3,
          "NIVEL_ED": 7, "ESTADO": 3, "CAT_OCUP": 2, "CAT_INAC": 4, "P21": 500, "P47T": 395, "T_VI": 395,
          "V2_M": 195, "V5_M": 200}  # fmt: skip
PERSONS = [
    FATHER, MOTHER,
    {**A, "COMPONENTE": 3, "CH03": 3, "CH04": 1, "CH06": 8, "CH07": 5, "ESTADO": 4, "CAT_INAC": 3, "CH10": 1},
    {**A, "COMPONENTE": 4, "CH03": 3, "CH04": 2, "CH06": -1, "CH07": 5, "CH09": 3, "ESTADO": 4, "CAT_INAC": 5},
    {**B, "COMPONENTE": 1, "CH03": 1, "CH04": 2, "CH06": 65, "ESTADO": 1, "CAT_OCUP": 2, "INTENSI": 9,
     "PP3E_TOT": 999, "PP07H": 1, "P21": -9, "P47T": -9, "PP04B_COD": "9999", "PP04C": 99, "PP04C99": 2},
    {**C, "COMPONENTE": 1, "CH03": 1, "CH04": 1, "CH06": 20, "ESTADO": 2, "CAT_OCUP": 3, "CAT_INAC": 4},
    {**D, "COMPONENTE": 1, "CH03": 1, "CH04": 1, "CH06": 50, "ESTADO": 0},
    {**PSEUDO, "COMPONENTE": 51, "CH03": 1, "CH04": 2, "CH06": 30},
    {**NOT_SEEN, "COMPONENTE": 1, "CH03": 1, "CH04": 2, "CH06": 30},
]  # fmt: skip


def padded(text: str) -> str:
    """As older files come: blanks around every cell, headings in lower case."""
    heading, *rows = text.split("\n")
    return "\n".join([heading.lower(), *rows]).replace(";", "  ; ")


@pytest.fixture
def folder(write_eph) -> Path:
    write_eph((2008, 1), [*HOMES, HOMES[0], PSEUDO, NOT_SEEN], [*PERSONS, FATHER],
              separator=";", suffix=".txt", change=padded)  # fmt: skip
    later = [{**HOMES[0], "ITF": "2790.0"}, {**HOMES[2], "PONDERA": 50, "ITF": 212}]
    return write_eph((2008, 2), later, [*PERSONS[:4], PERSONS[5]])


@pytest.fixture
def tables(folder: Path) -> dict[str, pd.DataFrame]:
    return eph.read(folder, lag_days=75, key=KEY)


def test_households_are_read_once_without_pseudo_households_and_the_unseen(tables):
    homes = tables["households"]
    assert homes["period"].tolist() == ["2008Q1"] * 4 + ["2008Q2"] * 2
    assert homes["household_id"].tolist()[:3:2] == homes["household_id"].tolist()[4:]
    assert homes["welfare"].tolist()[:3] == pytest.approx([1395 / 2.79, 1000, 100])
    assert np.isnan(homes["welfare"][3])
    assert np.isnan(homes["income"][3])
    assert homes["weight"].tolist() == [10, 30, 25, 900, 10, 50]


def test_dwellings_are_the_clusters(tables):
    cluster = tables["households"]["cluster"]
    assert cluster[1] == cluster[2]
    assert cluster[0] != cluster[1]


def test_a_household_in_the_words_of_the_contract(tables):
    home = tables["households"].iloc[0].to_dict()
    expected = {"unit": "household", "province": "04", "urban": 1, "tenure": "lent", "rooms": 3, "dwelling": "house",
                "floor": "cement", "roof": "metal", "water": "piped", "sanitation": "own_improved",
                "sewage": "septic_tank", "fuel": "gas_cylinder", "slum": 0, "near_hazard": 1, "large_city": 1,
                "savings_spent": 1, "loan_from_family": 0, "bought_on_credit": 1}  # fmt: skip
    assert {name: home[name] for name in expected} == expected
    assert np.isnan(home["goods_sold"])
    assert home["labour_income_share"] == pytest.approx(1000 / 1395)
    assert home["pension_income_share"] == pytest.approx(195 / 1395)
    assert home["aid_income_share"] == pytest.approx(200 / 1395)


def test_unknown_codes_are_missing(tables):
    homes = tables["households"]
    assert homes["sanitation"].tolist()[1:3] == ["none", "shared"]
    assert homes.loc[3, ["sanitation", "dwelling", "near_hazard"]].isna().all()
    assert homes.loc[1, ["tenure", "rooms", "labour_income_share"]].isna().all()


def test_members_in_the_words_of_the_contract(tables):
    people = tables["members"]
    assert len(people) == 7 + 5
    father = people.iloc[0].to_dict()
    expected = {"person_id": "1", "sex": "man", "age": 40, "relation": "head", "marital": "married",
                "education": "lower_secondary", "in_school": 0, "literate": 1, "activity": "employed",
                "status": "employee", "formal": 1, "permanent": 0, "public": 1, "underemployed": 1, "hours": 20,
                "firm_size": "6-40", "sector_scheme": "CAES", "sector": "0104", "occupation_scheme": "CNO",
                "occupation": "56314", "technology": "none", "skill": "unskilled", "earnings": 900, "pension": 0,
                "health_cover": 1}  # fmt: skip
    assert {name: father[name] for name in expected} == expected
    assert pd.isna(father["inactive_reason"])


def test_facts_of_the_job_are_missing_for_those_without_one(tables):
    people = tables["members"]
    job = ["status", "formal", "hours", "sector", "occupation", "earnings", "underemployed", "firm_size"]
    assert people.loc[[1, 5], job].isna().all(axis=None)
    assert people.loc[1, ["activity", "inactive_reason", "pension"]].tolist() == ["inactive", "housework", 195]
    assert people.loc[3, ["age", "activity", "inactive_reason"]].tolist() == [0, "inactive", "small_child"]
    assert pd.isna(people["literate"][3])


def test_what_was_not_told_is_missing(tables):
    own_account = tables["members"].loc[4]
    assert own_account["status"] == "own_account"
    assert own_account["firm_size"] == "6-40"
    assert own_account[["formal", "hours", "earnings", "sector", "sector_scheme", "underemployed"]].isna().all()


def test_poverty_line_is_half_the_median_of_its_own_quarter(tables):
    lines = tables["poverty_lines"]
    assert lines["line"].tolist() == pytest.approx([1395 / 2.79 / 2, 100])
    assert lines[["line_province", "line_urban"]].isna().all(axis=None)


@pytest.mark.parametrize("name", ["households", "members", "poverty_lines"])
def test_facts_are_known_a_lag_after_their_quarter_ends(tables, name):
    known = tables[name].groupby("period")["known_at"].unique()
    assert [days.tolist() for days in known] == [[pd.Timestamp("2008-06-14")], [pd.Timestamp("2008-09-13")]]


def test_tables_pass_the_door_whole(tables):
    admitted = admit.admit(tables)
    assert len(admitted.quarantine) == 0
    assert admitted.unknown_columns == {}
    assert admitted.counts["members"].admitted == 12
    assert set(tables) <= set(contract.TABLES)


def test_raw_ids_never_leave(tables):
    for table in tables.values():
        assert not table.astype("str").apply(lambda column: column.str.contains("1251|1252|1253")).any(axis=None)
    ids = pd.concat([tables["households"]["household_id"], tables["households"]["cluster"]])
    assert all(CODE.match(code) for code in ids)


def test_another_key_gives_other_ids_and_no_key_those_of_the_installation(folder):
    ids = [set(eph.read(folder, key=key)["households"]["household_id"]) for key in (KEY, b"another key", None, None)]
    assert ids[0].isdisjoint(ids[1])
    assert ids[2] == ids[3] != ids[0]


def test_only_the_quarters_asked_for_are_read(folder):
    quarter = periods.parse("2008Q2")
    assert set(eph.read(folder, key=KEY, periods=(quarter, quarter))["members"]["period"]) == {"2008Q2"}


def test_a_quarter_by_itself_gives_the_same_rows(folder, tables):
    quarter = periods.parse("2008Q1")
    alone = eph.read(folder, key=KEY, lag_days=75, periods=(quarter, quarter))
    for name, table in alone.items():
        pd.testing.assert_frame_equal(table, tables[name][tables[name]["period"] == "2008Q1"])


def test_later_files_write_the_new_industry_codes_in_the_old_column(write_eph):
    persons = [{**FATHER, "PP04B_COD": "4803", "INTENSI": 2, "PP3E_TOT": 40},
               {**MOTHER, "ESTADO": 1, "PP04B_COD": "1001", "INTENSI": 1, "PP3E_TOT": 10}]  # fmt: skip
    people = eph.read(write_eph((2017, 2), HOMES[:1], persons), key=KEY)["members"]
    assert people["sector_scheme"].tolist() == ["CAES1", "CAES1"]
    assert people["underemployed"].tolist() == [0, 1]


def test_the_new_industry_codes_are_preferred_where_both_are_there(write_eph):
    persons = [{**FATHER, "PP04B_COD": "5303", "PP04B_CAES": "4803"},
               {**MOTHER, "ESTADO": 1, "PP04B_COD": "4500", "PP04B_CAES": ""}]  # fmt: skip
    people = eph.read(write_eph((2011, 2), HOMES[:1], persons), key=KEY)["members"]
    assert people[["sector_scheme", "sector"]].to_numpy().tolist() == [["CAES1", "4803"], ["CAES", "4500"]]


def test_quoted_cells_and_free_text_in_an_old_encoding_are_read(write_eph):
    def quoted(text: str) -> str:
        heading, *rows = text.strip().split("\n")
        cells = [";".join(f'"{cell}"' for cell in [*row.split(";"), "baño compartido"]) for row in rows]
        return "\n".join([heading + ";IV1_ESP", *cells])

    folder = write_eph((2008, 1), HOMES, PERSONS[:7], separator=";", suffix=".csv", change=quoted)
    assert eph.read(folder, key=KEY)["households"]["weight"].tolist() == [10, 30, 25, 900]


def test_adult_equivalents_at_the_edges_of_every_band():
    ages = np.array([-1, 0, 1, 2, 3, 6, 7, 9, 10, 12, 13, 15, 16, 17, 18, 29, 30, 59, 60, 98])
    # fmt: off
    men = [.33, .33, .43, .50, .56, .63, .72, .72, .83, .83, .96, .96, 1.05, 1.05, 1.06, 1.06, 1, 1, .82, .82]
    women = [.33, .33, .43, .50, .56, .63, .72, .72, .73, .73, .79, .79, .79, .79, .74, .74, .74, .74, .64, .64]
    # fmt: on
    assert adult_equivalents(ages, np.full(20, 1)).tolist() == men
    assert adult_equivalents(ages, np.full(20, 2)).tolist() == women
    assert np.isnan(adult_equivalents(np.array([np.nan, 30]), np.array([1, 9]))).all()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1))
def test_weighted_median_is_the_median_of_as_many_people(rows):
    values, weights = np.array(rows, dtype=float).T
    people = np.sort(np.repeat(values, weights.astype(int)))
    assert weighted_median(values, weights) == people[(len(people) - 1) // 2]


@pytest.mark.parametrize(("file", "content", "message"), [
    ("individual/individual_t108.txt", None, r"hogar_t108.txt holds 2008Q1, but .*individual has no file of that"),
    ("hogar/hogar_t108.txt", None, r"individual_t108.txt holds 2008Q1, but .*hogar has no file of that"),
    ("hogar/hogar_t108.txt", b"", "hogar_t108.txt is empty; expected are a heading"),
    ("hogar/hogar_t108.txt", b"CODUSU;ANO4\n\n", "hogar_t108.txt is empty; expected are a heading"),
    ("hogar/hogar_t108.txt", b"A;B\n1;2\n", "hogar_t108.txt: column ANO4, TRIMESTRE is missing"),
    ("hogar/hogar_t108.txt", b"ANO4;TRIMESTRE\n2008;5\n", "hogar_t108.txt: ANO4 and TRIMESTRE .* do not name a"),
    ("hogar/hogar_t208.tsv.gz", b"no gzip", "hogar_t208.tsv.gz cannot be read"),
    ("hogar/again.txt", b"ANO4;TRIMESTRE\n2008;1\n", "again.txt and .*hogar_t108.txt both hold 2008Q1; keep one"),
])  # fmt: skip
def test_folders_with_a_wrong_file_name_it(folder, file, content, message):
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    with pytest.raises(UserError, match=message):
        eph.read(folder, key=KEY)


def test_folders_without_files_say_what_was_expected(folder):
    for path in (folder / "individual").iterdir():
        path.unlink()
    with pytest.raises(UserError, match="individual has no EPH file; expected are files ending in"):
        eph.read(folder, key=KEY)
    with pytest.raises(UserError, match="is not a folder; expected are the folders hogar and individual"):
        eph.read(folder / "hogar", key=KEY)


@pytest.mark.parametrize(("words", "message"), [
    ({"drop": ("II7",)}, r"hogar_t108.tsv: column II7 is missing; expected is the layout"),
    ({"drop": ("PP04B_COD",)}, "individual_t108.tsv: needs one of the columns PP04B_CAES or PP04B_COD"),
    ({"change": lambda text: re.sub(r"\t640\t", "\t6\t4\t0\t", text)}, r"hogar_t108.tsv cannot be read as \d+ columns"),
    ({"change": lambda text: text.replace("\t2008\t1\t", "\t2008\t2\t", 2).replace("\t2008\t2\t", "\t2008\t1\t", 1)},
     "hogar_t108.tsv: mixes 2008Q1 with other quarters"),
    ({"change": lambda text: text.replace("125200\t2", "125200\tx")}, "column NRO_HOGAR has 1 cells without a number"),
    ({"change": lambda text: text.replace("125200\t2", "\t2")}, "column CODUSU has 1 empty cells"),
    ({"change": lambda text: re.sub(r"\t(10|30|25|900)\t", "\tmany\t", text)}, "column PONDERA holds no number"),
])  # fmt: skip
def test_files_that_cannot_be_read_name_file_and_column(write_eph, words, message):
    folder = write_eph((2008, 1), HOMES, PERSONS[:7], suffix=".tsv", **words)
    with pytest.raises(UserError, match=message) as caught:
        eph.read(folder, key=KEY)
    assert "1252" not in str(caught.value)


def test_arguments_out_of_range_are_refused(folder):
    quarter = periods.parse("2010Q1")
    for words, message in (({"line": 0}, "positive share"), ({"lag_days": -1}, "less than 0"),
                           ({"periods": (quarter, quarter)}, "has 2008Q1 to 2008Q2, none of 2010Q1")):  # fmt: skip
        with pytest.raises(UserError, match=message):
            eph.read(folder, key=KEY, **words)
