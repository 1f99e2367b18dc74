"""The EPH reader on the real panel: rows, pairs and falls as published, and industry codes that find a section."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import codes, contract, periods, reference
from features.sources import eph
from features.sources.eph.files import find
from features.sources.eph.records import PERSONS, read_records

pytestmark = pytest.mark.shared
KEY = b"key of the tests"


@pytest.fixture(scope="module")
def panel(shared: Path) -> dict[str, pd.DataFrame]:
    return eph.read(shared / "data" / "eph", key=KEY)


@pytest.fixture(scope="module")
def pairs(panel) -> dict[int, pd.DataFrame]:
    """Pairs of interviews of a household, by the quarters between: `poor` at the first and `later` at the second."""
    homes = panel["households"].merge(panel["poverty_lines"][["period", "line"]], on="period")
    waves = pd.DataFrame({"home": homes["household_id"], "quarter": homes["period"].map(periods.parse),
                          "poor": homes["welfare"] < homes["line"]})  # fmt: skip
    after = waves.rename(columns={"poor": "later"})
    return {gap: waves.merge(after.assign(quarter=after["quarter"] - gap), on=["home", "quarter"])
            for gap in range(1, 7)}  # fmt: skip


def test_every_row_of_every_quarter_is_there(panel):
    homes, people = panel["households"], panel["members"]
    assert len(homes) == 286_773
    assert len(people) == 957_498
    assert homes.groupby("period").size().between(17_000, 19_000).all()
    assert homes["period"].nunique() == 16
    assert not homes.duplicated(["household_id", "period"]).any()
    assert homes["welfare"].notna().all()


def test_pairs_by_gap_are_those_of_the_rotation(pairs):
    assert {gap: len(rows) for gap, rows in pairs.items()} == {1: 119_461, 2: 0, 3: 50_139, 4: 88_425, 5: 38_905, 6: 0}


def test_falls_of_2010_are_those_counted_before(pairs):
    """Households of no pair that begins in 2008 or 2009: 21,651 at risk, 1,845 of them poor a year later."""
    year = pairs[4]
    early = year["quarter"] < periods.parse("2010Q1")
    fresh = year[~early & ~year["home"].isin(year.loc[early, "home"])]
    at_risk = fresh[~fresh["poor"]]
    assert len(at_risk) == 21_651
    assert at_risk["later"].sum() == 1_845


def test_words_are_those_of_the_contract(panel):
    for name, table in panel.items():
        rules = {rule.name: rule for rule in contract.TABLES[name].fields}
        for column in table:
            if rules[column].kind == "choice":
                assert set(table[column].dropna().unique()) <= set(rules[column].choices), column


def test_no_column_is_mostly_unknown_where_it_applies(panel):
    homes = panel["households"].drop(columns="province")
    assert homes.isna().mean().max() < 0.08
    people = panel["members"]
    job = ["status", "public", "underemployed", "hours", "sector", "occupation", "skill", "earnings"]
    assert people.loc[people["activity"] == "employed", job].isna().mean().max() < 0.01


def test_poverty_line_by_brute_force(panel):
    homes = panel["households"][panel["households"]["period"] == "2009Q3"]
    people = panel["members"][panel["members"]["period"] == "2009Q3"]
    each = people[["household_id"]].merge(homes[["household_id", "welfare", "weight"]], on="household_id")
    copies = np.sort(np.repeat(each["welfare"], each["weight"].astype(int)))
    lines = panel["poverty_lines"].set_index("period")["line"]
    assert lines["2009Q3"] == copies[(len(copies) - 1) // 2] / 2


@pytest.mark.parametrize("scheme", ["CAES", "CAES1"])
def test_nearly_every_industry_code_has_a_section(panel, scheme):
    people = panel["members"]
    counts = people.loc[people["sector_scheme"] == scheme, "sector"].value_counts()
    unmapped = counts[[np.isnan(codes.section_of(scheme, code)) for code in counts.index]]
    assert unmapped.sum() / counts.sum() < 1e-3


def test_both_schemes_give_the_same_section_to_those_coded_twice(shared: Path):
    wave = next(wave for wave in find(shared / "data" / "eph") if wave.period == periods.parse("2011Q1"))
    persons = read_records(wave.individual, PERSONS)
    pairs = persons[(persons["ESTADO"] == 1)].groupby(["PP04B_COD", "PP04B_CAES"]).size().reset_index(name="people")
    old, new = (np.array([codes.section_of(scheme, code) for code in pairs[column]])
                for scheme, column in (("CAES", "PP04B_COD"), ("CAES1", "PP04B_CAES")))  # fmt: skip
    known = ~np.isnan(old) & ~np.isnan(new)
    assert pairs.loc[known & (old == new), "people"].sum() / pairs.loc[known, "people"].sum() > 0.98


def test_divisions_of_kbli_are_those_of_bps(shared: Path):
    with (shared / "reference" / "codes" / "kbli2020.csv").open(encoding="utf-8") as file:
        divisions = {row["kode"]: row["kategori"] for row in csv.DictReader(file) if row["digit"] == "2"}
    ours = reference.sector_prefixes()
    for scheme in ("KBLI2020", "ISIC4"):
        told = {prefix: section for (name, prefix), section in ours.items() if name == scheme and prefix.isdigit()}
        assert told == divisions
    assert {prefix for name, prefix in ours if name == "KBLI2020" and prefix.isalpha()} == set(divisions.values())
