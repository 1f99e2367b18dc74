"""The stories are told in words that a field officer uses, and leave out nothing that happened."""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from features import contract
from features.sources.synthetic import figures, generate, story, words


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("story") / "families"
    generate(path, households=400, periods=8, seed=5, start="2019", frequency="year", displacement=0.0)
    return path


def test_everything_that_happened_is_told(folder: Path) -> None:
    lines = list(story.tell(folder, 10_000, 1))
    houses = pd.read_parquet(folder / "survey/households")
    truth = pd.read_parquet(folder / "truth/families").merge(houses, on=["household_id", "period"])
    assert sum("happened:" in line for line in lines) == truth["shock"].notna().sum()
    assert sum(re.match(r"  \d{4}: Rp", line) is not None for line in lines) == len(houses)
    lost = houses.groupby("household_id")["period"].max().lt(houses["period"].max()).sum()
    assert sum("not found again" in line or "is no more" in line for line in lines) == lost
    parts = ("down to ", "up to ", "now heads", "is born", "is no longer there", "nobody reported it", "is no more",
             "truly: the family moved", "truly: a child is born", "founded by a child of")  # fmt: skip
    for part in parts:
        assert any(part in line for line in lines), part


def test_stories_hold_no_bare_code_and_no_unknown_value(folder: Path) -> None:
    text = "\n".join(story.tell(folder, 100, 2))
    assert not re.search(r"\bnan\b|None|_|industry|YBDI", text)
    assert "Kabupaten" in text
    assert any(name in text for name in figures.names().values())


def test_a_folder_without_truth_has_stories_too(tmp_path: Path) -> None:
    generate(tmp_path / "f", households=20, periods=2, truth=False, displacement=0.0)
    text = "\n".join(story.tell(tmp_path / "f", 3, 1))
    assert text.count("Family ") == 3
    assert "risk 0" not in text


def test_every_code_has_words() -> None:
    for name, said in (("floor", words.FLOOR), ("wall", words.WALL), ("water", words.WATER), ("power", words.POWER),
                       ("sanitation", words.TOILET), ("fuel", words.FUEL)):  # fmt: skip
        assert tuple(said) == contract.HOUSEHOLDS[name].choices
    assert tuple(words.SHOCKS) == contract.SHOCKS
    assert tuple(words.SECTIONS) == contract.SECTIONS
    assert tuple(words.STATUS) == contract.MEMBERS["status"].choices
    text = (files("features") / "reference" / "jobs.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        told = {"occupation": row["occupation"], "sector": row["division"], "status": "casual", "formal": False}
        assert words.job(told).endswith("casual worker, informal")


def test_money_and_lists_are_written_as_usual() -> None:
    assert words.rupiah(1234567.4) == "Rp1.234.567"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed([]) == "nothing"
