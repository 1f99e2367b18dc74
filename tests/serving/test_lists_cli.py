"""`jaga lists draw`: from a store, rules and facts to files that add up."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.cli import main
from models.targeting import rules as rules_of
from serving import scores, scores_commands
from serving.lists_files import HEADS, MARK
from serving.safe_cells import safe
from tests.serving import scored

ROWS = scored.rows(1500, seed=5)
PLAIN = ROWS.to_pylist()
RULES = """
name = "{name}"
period = "2026Q4"
budget = 270_000_000
random = 0.05
hysteresis = 0.2
{more}

[[scheme]]
name = "pkh"
cost = 3_000_000
[scheme.quota]
"31" = 60
"7301" = 20
"7302" = 30
"""


class _Day(datetime.date):
    day_of_test = datetime.date(2026, 11, 20)

    @classmethod
    def today(cls) -> Any:
        return cls.day_of_test


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of an installation with one run, and the rules beside it."""
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(scores_commands.datetime, "date", _Day)
    assert main(["scores", "publish", str(scored.write(tmp_path / "run", ROWS, most=300))]) == 0
    _rules(tmp_path)
    return tmp_path / "home" / "scores"


def _rules(folder: Path, name: str = "PKH TW IV", more: str = "") -> Path:
    path = folder / "rules.toml"
    path.write_text(RULES.format(name=name, more=more))
    return path


def _said(capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(["lists", "draw", "--rules", str(tmp_path / "rules.toml"), *words]) == code
    told = capsys.readouterr()
    return told.out if code == 0 else told.err


def _one(folder: Path, suffix: str) -> Path:
    [path] = folder.glob(f"*{suffix}")
    return path


def test_a_list_is_drawn_into_files_that_add_up(store: Path, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    told = _said(capsys, tmp_path, "--output", str(tmp_path / "out"), "--json", str(tmp_path / "list.json"))
    assert "DATA SINTETIS" in told.splitlines()[0]
    said = json.loads((tmp_path / "list.json").read_text())
    assert json.loads(_one(tmp_path / "out", ".json").read_text()) == said
    rows = pq.read_table(_one(tmp_path / "out", ".parquet")).to_pylist()
    counts = Counter(row["channel"] for row in rows)
    assert said["channels"] == {name: counts[name] for name in said["channels"]}
    on = sum(count for name, count in counts.items() if name != "reserve")
    assert said["places"] == 110 == on + said["no_budget"] + said["too_few"]
    assert said["no_budget"] == 20
    assert said["cost"] == 3_000_000 * on <= 270_000_000
    assert said["left"] == 270_000_000 - said["cost"]
    assert f"Places 110 = ranked {counts['ranked']} + kept 0 + fast lane 0 + random {counts['random']} + " in told
    assert sum(said["households"]["pkh"].values()) == sum(
        row["household_id"] is not None and (row["province"] == "31" or row["regency"] in ("7301", "7302"))
        for row in PLAIN)  # fmt: skip
    assert said["scores"]["run"] == said["seed"] == scores.open(store).run.name
    assert said["rules"]["scheme"][0]["quota"] == {"31": 60, "7301": 20, "7302": 30}
    known = {row["household_id"]: row for row in PLAIN}
    for row in rows:
        assert row["list"] == said["list"]
        assert row["risk"] == known[row["household_id"]]["risk"] is not None
        assert (row["province"], row["regency"]) == tuple(
            known[row["household_id"]][name] for name in ("province", "regency")
        )
    cell = next(own for own in said["cells"] if own["area"] == "7301")
    order = sorted((row for row in PLAIN if row["regency"] == "7301" and row["applies"]), key=lambda row: -row["risk"])
    assert cell["last_in"]["household"] == order[cell["ranked"] - 1]["household_id"]
    assert f"{cell['last_in']['household']} (" in told
    first = said["expected"][0]
    assert first["households"] == sum(bool(row["applies"]) and row["household_id"] is not None and (
        row["province"] == "31" or row["regency"] in ("7301", "7302")) for row in PLAIN)  # fmt: skip
    assert "of 100 who fall, on the list" in told
    own = rules_of.read(_one(tmp_path / "out", ".toml").read_text())
    assert own.digest == said["rules_digest"]
    assert hashlib.sha256(_one(tmp_path / "out", ".toml").read_bytes()).hexdigest() == own.digest


def test_every_file_says_that_data_are_synthetic(store: Path, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    _said(capsys, tmp_path, "--output", str(tmp_path / "out"))
    assert all(path.name.startswith("sintetis_daftar-") for path in (tmp_path / "out").iterdir())
    assert pq.read_metadata(_one(tmp_path / "out", ".parquet")).metadata[b"jaga.label"].decode() == MARK["id"]
    told = _said(capsys, tmp_path, "--output", str(tmp_path / "mine.csv"), "--language", "en")
    assert f"Written: {tmp_path / 'sintetis_mine.csv'}" in told
    assert not (tmp_path / "mine.csv").exists()
    with (tmp_path / "sintetis_mine.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == [MARK["en"]]
    assert tuple(lines[3]) == HEADS["en"]
    assert lines[4][3].replace("-", "") == pq.read_table(_one(tmp_path / "out", ".parquet"))["household_id"][0].as_py()
    run = scored.write(tmp_path / "real", ROWS, synthetic=False)
    assert main(["scores", "publish", str(run)]) == 0
    told = _said(capsys, tmp_path, "--output", str(tmp_path / "real.csv"))
    assert "SINTETIS" not in told
    assert "SINTETIS" not in (tmp_path / "real.csv").read_text()


def test_no_cell_of_the_csv_is_a_formula(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _rules(tmp_path, name="=HYPERLINK(1)")
    _said(capsys, tmp_path, "--output", str(tmp_path / "x.csv"), "--seed", "@SUM(A1)")
    with (tmp_path / "sintetis_x.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n"))]
    assert "'=HYPERLINK(1), 2026Q4" in cells
    assert "'@SUM(A1)" in cells
    assert [safe(text) for text in ("=1", "+1", "-1", "@a", "\t=1", "\r1", "\n1", "a=1", "")] == [
        "'=1", "'+1", "'-1", "'@a", "'\t=1", "'\r1", "'\n1", "a=1", ""]  # fmt: skip


def test_the_same_again_is_the_same_and_another_is_not_written_over_it(
        store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    for suffix in (".csv", ".parquet"):
        asked = ("--output", str(tmp_path / f"x{suffix}"))
        _said(capsys, tmp_path, *asked)
        before = (tmp_path / f"sintetis_x{suffix}").read_bytes()
        _said(capsys, tmp_path, *asked)
        assert "a list is never overwritten" in _said(capsys, tmp_path, *asked, "--seed", "lain", code=2)
        assert (tmp_path / f"sintetis_x{suffix}").read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".half")]
    assert "to a file that ends in" in _said(capsys, tmp_path, "--output", str(tmp_path / "x.txt"), code=2)


def test_the_last_list_stays_within_hysteresis_and_who_leaves_is_told(
        store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    lowest = sorted((row for row in PLAIN if row["regency"] == "7301" and row["applies"]), key=lambda row: row["risk"])
    refused = next(row["household_id"] for row in PLAIN if row["refusal"] == "stale" and row["province"] == "31")
    order = lowest[::-1]
    _said(capsys, tmp_path, "--output", str(tmp_path / "first.parquet"))
    cell = Counter(row["channel"] for row in pq.read_table(tmp_path / "sintetis_first.parquet").to_pylist()
                   if row["area"] == "7301")  # fmt: skip
    near = order[cell["ranked"] + 1]["household_id"]
    last = [{"household_id": code, "scheme": "pkh", "channel": channel} for code, channel in (
        (near, "ranked"), (refused, "kept"), (lowest[0]["household_id"], "ranked"),
        (lowest[1]["household_id"], "random"))]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(last), tmp_path / "last.parquet")
    told = _said(capsys, tmp_path, "--output", str(tmp_path / "out"), "--previous", str(tmp_path / "last.parquet"))
    said = json.loads(_one(tmp_path / "out", ".json").read_text())
    rows = {row["household_id"]: row for row in pq.read_table(_one(tmp_path / "out", ".parquet")).to_pylist()}
    assert rows[near]["channel"] == "kept"
    assert rows[near]["before"]
    assert {(one["household_id"], one["why"]) for one in said["gone"]} == {
        (refused, "no_score"), (lowest[0]["household_id"], "below")}  # fmt: skip
    assert "On the last list and not on this one: 2; an officer decides about them" in told
    digest = hashlib.sha256((tmp_path / "last.parquet").read_bytes()).hexdigest()
    assert said["inputs"] == {"previous": digest}


def test_facts_open_the_fast_lane_need_and_programmes(store: Path, tmp_path: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    more = 'order = "need"\nneed = "size"\n[fast_lane]\nshare = 0.2\nshocks = ["job_loss"]\ndays = 60'
    path = _rules(tmp_path, more=more)
    path.write_text(path.read_text().replace("[scheme.quota]", 'without = ["pkh"]\nprogramme_unknown = false\n'
                                             "[scheme.quota]"))  # fmt: skip
    own = [row for row in PLAIN if row["regency"] == "7301" and row["household_id"]]
    refused = next(row["household_id"] for row in PLAIN if row["refusal"] == "stale" and row["province"] == "31")
    facts = ["household_id,size,programmes,shock,shock_day", f"{refused},4,-,job_loss,2026-10-20", "ZZZZZZZZZZZZ,1,-,,"]
    facts += [f"{row['household_id']},{1 + at % 5},{'pkh' if at % 3 == 0 else '-' if at % 3 == 1 else ''},,"
              for at, row in enumerate(own)]  # fmt: skip
    (tmp_path / "facts.csv").write_text("\n".join(facts) + "\n")
    told = _said(capsys, tmp_path, "--output", str(tmp_path / "out"), "--facts", str(tmp_path / "facts.csv"))
    assert "Facts of 1 households that are not in these areas were not used" in told
    rows = pq.read_table(_one(tmp_path / "out", ".parquet")).to_pylist()
    [fast] = [row for row in rows if row["channel"] == "fast_lane"]
    assert (fast["household_id"], fast["risk"], fast["value"], fast["rank"]) == (refused, None, None, None)
    places = {row["household_id"]: at for at, row in enumerate(own)}
    listed = [row for row in rows if row["channel"] == "ranked"]
    assert listed
    for row in listed:
        at = places[row["household_id"]]
        assert at % 3 == 1
        assert row["value"] == pytest.approx(row["risk"] * (1 + at % 5))
    assert [row["value"] for row in listed] == sorted((row["value"] for row in listed), reverse=True)
    said = json.loads(_one(tmp_path / "out", ".json").read_text())
    assert said["households"]["pkh"]["programme_unknown"] > 0
    assert "need: no household here" in _said(capsys, tmp_path, "--output", str(tmp_path / "y"), code=2)


@pytest.mark.parametrize(("facts", "told"), [
    ("household_id,nik\nABCD2345EFGH,3", "column nik is not known"),
    ("size\n3", "household_id is missing"),
    ("household_id,size\n3174012345678901,3", "must be codes of twelve symbols"),
    ("household_id,size\n,3", "a cell is empty"),
    ("household_id,size\nABCD2345EFGH,3\nABCD2345EFGH,4", "there twice"),
    ("household_id,size\nABCD2345EFGH,-3", "size: must be 0 or more"),
    ("household_id,size\nABCD2345EFGH,banyak", "banyak"),
    ("household_id,shock\nABCD2345EFGH,disaster", "shock and shock_day go together"),
    ("household_id,shock,shock_day\nABCD2345EFGH,phk,2026-10-01", "shock: 'phk' is none of"),
    ("household_id,shock,shock_day\nABCD2345EFGH,disaster,kemarin", "kemarin"),
    ("household_id,size\nABCD2345EFGH,3,4", "cannot be read"),
])  # fmt: skip
def test_facts_that_are_not_right_are_refused(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                              facts: str, told: str) -> None:  # fmt: skip
    (tmp_path / "facts.csv").write_text(facts + "\n")
    said = _said(capsys, tmp_path, "--output", str(tmp_path / "x"), "--facts", str(tmp_path / "facts.csv"), code=2)
    assert told in said
    assert "3174" not in said
    assert not (tmp_path / "x").exists()


def test_what_cannot_be_used_is_named(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    out = ("--output", str(tmp_path / "x"))
    assert "no scores are published" in _said(capsys, tmp_path, *out, "--scores", str(tmp_path / "none"), code=2)
    assert "no file" in _said(capsys, tmp_path, *out, "--facts", str(tmp_path / "none.csv"), code=2)
    assert "is no list" in _said(capsys, tmp_path, *out, "--previous", str(_facts(tmp_path)), code=2)
    assert "ends in .csv or .parquet" in _said(capsys, tmp_path, *out, "--previous", str(tmp_path / "rules.toml"),
                                               code=2)  # fmt: skip
    _rules(tmp_path, more="band = -1")
    assert "rules.toml: band: must be a whole number" in _said(capsys, tmp_path, *out, code=2)
    (tmp_path / "rules.toml").unlink()
    assert "cannot be read" in _said(capsys, tmp_path, *out, code=2)
    _rules(tmp_path)
    monkeypatch.setattr(_Day, "day_of_test", datetime.date(2027, 2, 23))
    assert "expired on 2027-02-23: score and publish again" in _said(capsys, tmp_path, *out, code=2)
    assert not (tmp_path / "x").exists()


def _facts(folder: Path) -> Path:
    path = folder / "facts.parquet"
    pq.write_table(pa.table({"household_id": ["ABCD2345EFGH"]}), path)
    return path


def test_help_imports_nothing_heavy() -> None:
    code = ("import sys; from serving import lists_cli; from features.commands import Commands; import argparse;"
            "lists_cli.register(Commands(argparse.ArgumentParser()));"
            "sys.exit(len({'numpy', 'pyarrow', 'duckdb'} & set(sys.modules)))")  # fmt: skip
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(root)}, check=False,
                          cwd=root).returncode == 0  # fmt: skip


@pytest.mark.parametrize("areas", [("",), ("31",), ("7301",), ("7302", "31"), ("92", "7305"), ("99",), ("", "31")])
def test_a_table_of_areas_has_their_rows_and_no_others(store: Path, areas: tuple[str, ...]) -> None:
    with scores.open(store) as own:
        found = own.table(("household_id", "regency", "province", "risk"), areas)
    assert found.column_names == ["household_id", "regency", "province", "risk"]
    wanted = Counter(
        (row["household_id"], row["regency"], row["province"], row["risk"]) for row in PLAIN
        if row["household_id"] and ("" in areas or row["province"] in areas or row["regency"] in areas)
    )  # fmt: skip
    assert Counter(tuple(row.values()) for row in found.to_pylist()) == wanted
