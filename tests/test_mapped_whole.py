"""From files of another shape to scores as a user goes: import by a map, train, score."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from features.cli import main
from features.home import home
from tests.training.small import LEVELS, raw_tables
from training import backtest

pytestmark = pytest.mark.slow

MAP = f"""
name = "Another shape"
[[files]]
households = "rumah.csv"
members = "orang.csv"
poverty_lines = "garis.csv"

[households]
household_id = {{ column = "kk" }}
period = {{ column = ["tahun", "tw"], join = "Q" }}
known_at = {{ lag_days = 10 }}
unit = {{ constant = "household" }}
province = {{ column = "prov" }}
urban = {{ column = "kota", codes = {{ 1 = true, 2 = false }} }}
cluster = {{ column = "blok" }}
weight = {{ column = "bobot" }}
welfare = {{ column = "ribu", factor = 1000 }}
floor_area = {{ column = "luas" }}

[members]
household_id = {{ column = "kk" }}
period = {{ column = ["tahun", "tw"], join = "Q" }}
known_at = {{ lag_days = 10 }}
person_id = {{ column = "no" }}
age = {{ column = "umur" }}
relation = {{ column = "hub", codes = {{ 1 = "head", 3 = "child" }} }}
activity = {{ column = "kerja", codes = {{ 1 = "employed" }} }}
education = {{ column = "ijazah", codes = {{ {", ".join(f'{n} = "{word}"' for n, word in enumerate(LEVELS))} }} }}

[poverty_lines]
period = {{ constant = "2019Q1" }}
known_at = {{ constant = 2019-04-01 }}
line = {{ column = "garis" }}
"""


def another_shape(folder: Path) -> dict[str, pd.DataFrame]:
    """The small panel with other names, codes and units; gives back the tables that it is."""
    tables = raw_tables(households=500, quarters=8)
    homes, people = tables["households"], tables["members"]

    def when(table: pd.DataFrame) -> dict[str, pd.Series]:
        return {"kk": table["household_id"], "tahun": table["period"].str[:4], "tw": table["period"].str[5:]}

    folder.mkdir()
    pd.DataFrame(when(homes) | {
        "prov": homes["province"], "kota": homes["urban"].map({True: 1, False: 2}), "blok": homes["cluster"],
        "bobot": homes["weight"], "ribu": homes["welfare"] / 1000, "luas": homes["floor_area"],
    }).to_csv(folder / "rumah.csv", index=False)  # fmt: skip
    pd.DataFrame(when(people) | {
        "no": people["person_id"], "umur": people["age"], "hub": people["relation"].map({"head": 1, "child": 3}),
        "kerja": people["activity"].map({"employed": 1}),
        "ijazah": people["education"].map({word: n for n, word in enumerate(LEVELS)}),
    }).to_csv(folder / "orang.csv", index=False)  # fmt: skip
    (folder / "garis.csv").write_text("garis\n1000\n")
    (folder / "peta.toml").write_text(MAP)
    return tables


def test_files_of_another_shape_are_imported_train_a_model_and_are_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest, "GATED", backtest.Rivals(()))  # what it is held against is not the matter here
    source, panel, scores = tmp_path / "in", tmp_path / "panel", tmp_path / "scores"
    tables = another_shape(source)
    (tmp_path / "contract").mkdir()
    for name, table in tables.items():
        table.to_csv(tmp_path / "contract" / f"{name}.csv", index=False)
    straight = tmp_path / "straight"
    assert main(["data", "import", "--source", "contract", "--input", str(tmp_path / "contract"),
                 "--output", str(straight)]) == 0  # fmt: skip
    assert main(["data", "import", "--map", str(source / "peta.toml"), "--input", str(source),
                 "--output", str(panel)]) == 0  # fmt: skip
    for name in tables:
        mapped, own = (pd.read_parquet(folder / f"{name}.parquet") for folder in (panel, straight))
        mapped, own = (table.drop(columns=["cluster", "line_province", "line_urban"], errors="ignore")
                       for table in (mapped, own))  # fmt: skip
        pd.testing.assert_frame_equal(mapped, own, check_exact=False, rtol=1e-12)
    code = main(["train", "--source", "contract", "--input", str(panel), "--horizon", "1", "--lookback", "2",
                 "--threads", "1", "--bootstrap", "20"])  # fmt: skip
    assert code in (0, 1), "the gates may hold so small a model back"
    made = next(path for path in (home() / "bundles").iterdir() if (path / "risk.lgb").is_file())
    assert main(["score", "--input", str(panel), "--output", str(scores), "--bundle", str(made), "--workers", "1",
                 "--limit-refused", "1"]) == 0  # fmt: skip
    told = json.loads((scores / "manifest.json").read_text())
    assert told["bundle"]["name"] == made.name
    homes = told["households"]
    assert homes["in"] > 450
    assert homes["scored"] > 0.9 * homes["in"]
