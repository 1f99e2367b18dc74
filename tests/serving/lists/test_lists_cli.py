"""`jaga lists draw`: from a store and rules to files that add up."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from features.cli import main
from features.keys import grouped
from features.safe_cells import safe
from models.few import FEWEST
from models.targeting import rules as rules_of
from models.words import MARK
from serving.access.rights import Areas
from serving.cases.found import found
from serving.console import formats
from serving.lists import told as lists_told
from serving.lists.files import HEADS
from serving.lists.rows import read_last
from serving.scores import scores
from serving.store import schema, visits
from serving.store.engine import Store, open_store
from serving.store.tables import audit
from serving.store.visits import Found
from serving.terminal import Printed
from tests.serving import scored, stores
from tests.serving.lists_made import PLAIN, ROWS, Day, one, store, write_rules
from tests.serving.lists_made import said as said_of
from tests.serving.live import KEYS

__all__ = ["store"]


def test_a_list_is_drawn_into_files_that_add_up(store: Path, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "out"), "--json", str(tmp_path / "list.json"))
    assert "SYNTHETIC DATA" in told.splitlines()[0]
    said = json.loads((tmp_path / "list.json").read_text())
    assert json.loads(one(tmp_path / "out", ".json").read_text()) == said
    rows = pq.read_table(one(tmp_path / "out", ".parquet")).to_pylist()
    counts = Counter(row["channel"] for row in rows)
    assert said["channels"] == {name: counts[name] for name in said["channels"]}
    on = sum(count for name, count in counts.items() if name != "reserve")
    assert said["places"] == 110 == on + said["no_budget"] + said["too_few"]
    assert said["no_budget"] == 20
    assert said["cost"] == 3_000_000 * on <= 270_000_000
    assert said["left"] == 270_000_000 - said["cost"]
    assert f"Places 110 = ranked {counts['ranked']} + kept 0 + fast lane 0 + random {counts['random']} + " in told
    whole = sum(row["household_id"] is not None and (row["province"] == "31" or row["regency"] in ("7301", "7302"))
                for row in PLAIN)  # fmt: skip
    reasons = said["households"]["pkh"]
    assert reasons["no_score"] is None, "few of a group have none"
    assert whole - sum(count or 0 for count in reasons.values()) > 0, "and they are in the whole"
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
    assert f"{grouped(cell['last_in']['household'])} (" in told
    first = said["expected"][0]
    assert first["households"] == sum(bool(row["applies"]) and row["household_id"] is not None and (
        row["province"] == "31" or row["regency"] in ("7301", "7302")) for row in PLAIN)  # fmt: skip
    assert "of 100 who fall, on the list" in told
    own = rules_of.read(one(tmp_path / "out", ".toml").read_text())
    assert own.digest == said["rules_digest"]
    assert hashlib.sha256(one(tmp_path / "out", ".toml").read_bytes()).hexdigest() == own.digest


def test_no_group_of_few_families_is_told(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "out"), "--json", str(tmp_path / "list.json"))
    groups = json.loads((tmp_path / "list.json").read_text())["expected"]
    assert all(one["households"] in (None, 0) or one["households"] >= FEWEST for one in groups)
    assert all(one["listed"] in (None, 0) or one["listed"] >= FEWEST for one in groups)
    few = [one for one in groups if one["households"] is None or one["listed"] is None]
    assert few
    assert all(one["caught"] is one["inclusion"] is one["poor"] is one["neither"] is None for one in few)
    assert all(one["falls"] is one["exclusion"] is None for one in few if one["households"] is None)
    lines = told.split("of 100 who fall, on the list")[1].splitlines()[1 : 1 + len(groups)]
    assert [line.count("not shown") for line in lines] == [
        sum(one[name] is None for name in ("households", "unscored", "exclusion", "falls", "inclusion", "poor",
                                           "neither", "listed")) for one in groups]  # fmt: skip
    why = [line for line in told.splitlines() if line.startswith("not shown: ")]
    assert why == ["not shown: of fewer than 30 families, of fewer than 10 expected falls, or a figure that would tell "
                   "one of those"]  # fmt: skip
    whole = [
        [int(p) for own in re.findall(r"(\d+) \(\d+ to \d+\) +(\d+) +(\d+) +[\d,]+$", line) for p in own]
        for line in lines
        if "not shown" not in line
    ]
    assert {sum(shares) for shares in whole} == {100}, "of 100 on the list"
    assert "an estimate without a range" in told
    assert {one["poor"][end] for one in groups if one["poor"] for end in ("low", "high")} == {None}
    assert re.search(r"Rp\d{1,3}(,\d{3})+", told.partition("of 100 who fall")[0]), "as the pages write it"


def test_every_file_says_that_data_are_synthetic(store: Path, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    said_of(capsys, tmp_path, "--output", str(tmp_path / "out"))
    assert all(path.name.startswith("sintetis_daftar-") for path in (tmp_path / "out").iterdir())
    assert pq.read_metadata(one(tmp_path / "out", ".parquet")).metadata[b"jaga.label"].decode() == MARK["id"]
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "mine.csv"), "--language", "en")
    assert f"Written: {tmp_path / 'sintetis_mine.csv'}" in told
    assert not (tmp_path / "mine.csv").exists()
    with (tmp_path / "sintetis_mine.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == [MARK["en"]]
    assert tuple(lines[3]) == HEADS["en"]
    assert lines[4][3].replace("-", "") == pq.read_table(one(tmp_path / "out", ".parquet"))["household_id"][0].as_py()
    run = scored.write(tmp_path / "real", ROWS, synthetic=False)
    assert main(["scores", "publish", str(run)]) == 0
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "real.csv"))
    assert "SINTETIS" not in told
    assert "SINTETIS" not in (tmp_path / "real.csv").read_text()


def test_no_cell_of_the_csv_is_a_formula(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rules(tmp_path, name="=HYPERLINK(1)")
    said_of(capsys, tmp_path, "--output", str(tmp_path / "x.csv"), "--seed", "@SUM(A1)")
    with (tmp_path / "sintetis_x.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n"))]
    assert "'=HYPERLINK(1), 2026Q4" in cells
    assert "'@SUM(A1)" in cells
    assert [safe(text) for text in ("=1", "+1", "-1", "@a", "\t=1", "\r1", "\n1", "a=1", "")] == [
        "'=1", "'+1", "'-1", "'@a", "'\t'=1", "'\r1", "'\n1", "a=1", ""]  # fmt: skip
    for text in (" =HYPERLINK(1)", "\u00a0+1", "\u3000-1", "\uff1d1", "\uff0b1", "\uff0d1", " \uff20a"):
        assert safe(text) == f"'{text}"
    assert safe(" a") == " a"


def test_the_same_again_is_the_same_and_another_is_not_written_over_it(
        store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    for suffix in (".csv", ".parquet"):
        asked = ("--output", str(tmp_path / f"x{suffix}"))
        said_of(capsys, tmp_path, *asked)
        before = (tmp_path / f"sintetis_x{suffix}").read_bytes()
        said_of(capsys, tmp_path, *asked)
        assert "a list is never overwritten" in said_of(capsys, tmp_path, *asked, "--seed", "lain", code=2)
        assert (tmp_path / f"sintetis_x{suffix}").read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".half")]
    assert "to a file that ends in" in said_of(capsys, tmp_path, "--output", str(tmp_path / "x.txt"), code=2)


def test_the_last_list_stays_within_hysteresis_and_who_leaves_is_told(
        store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    lowest = sorted((row for row in PLAIN if row["regency"] == "7301" and row["applies"]), key=lambda row: row["risk"])
    refused = next(row["household_id"] for row in PLAIN if row["refusal"] == "stale" and row["province"] == "31")
    order = lowest[::-1]
    said_of(capsys, tmp_path, "--output", str(tmp_path / "first.parquet"))
    cell = Counter(row["channel"] for row in pq.read_table(tmp_path / "sintetis_first.parquet").to_pylist()
                   if row["area"] == "7301")  # fmt: skip
    near = order[cell["ranked"] + 1]["household_id"]
    last = [{"household_id": code, "scheme": "pkh", "channel": channel} for code, channel in (
        (near, "ranked"), (refused, "kept"), (lowest[0]["household_id"], "ranked"),
        (lowest[1]["household_id"], "random"))]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(last), tmp_path / "last.parquet")
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "out"), "--previous", str(tmp_path / "last.parquet"))
    said = json.loads(one(tmp_path / "out", ".json").read_text())
    rows = {row["household_id"]: row for row in pq.read_table(one(tmp_path / "out", ".parquet")).to_pylist()}
    assert rows[near]["channel"] == "kept"
    assert rows[near]["before"]
    assert {(one["household_id"], one["why"]) for one in said["gone"]} == {
        (refused, "no_score"), (lowest[0]["household_id"], "below"), (lowest[1]["household_id"], "by_lot")}  # fmt: skip
    assert "On the last list and not on this one: 3; an officer decides about them" in told
    for reason in ("without a score", "below the cut of this list", "place was by lot (random sample)"):
        assert f"  1 family, {reason}." in told
    file = one(tmp_path / "out", ".csv").read_text(encoding="utf-8-sig")
    assert "A score alone takes nobody off" in file
    for code, reason in ((refused, "without a score"), (lowest[0]["household_id"], "below the cut of this list")):
        [line] = [line for line in file.splitlines() if line.startswith(formats.code(code))]
        assert line.endswith(f",pkh,{reason}")
    digest = hashlib.sha256((tmp_path / "last.parquet").read_bytes()).hexdigest()
    assert said["inputs"] == {"previous": digest}
    both = ("--previous", str(tmp_path / "sintetis_first.parquet"), "--replaces", str(tmp_path / "last.parquet"))
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "both"), *both)
    again = json.loads(one(tmp_path / "both", ".json").read_text())
    rows = {row["household_id"]: row for row in pq.read_table(one(tmp_path / "both", ".parquet")).to_pylist()}
    assert (rows[near]["channel"], rows[near]["before"]) == ("kept", False), "of the version before, not the last list"
    assert again["gone_version"] == said["gone"]
    assert again["gone"]
    assert f"On the last list and not on this one: {len(again['gone'])}; an officer decides" in told
    assert "On the version before and not on this list: 3; an officer decides about them" in told


@pytest.mark.parametrize("kind", [pa.dictionary(pa.int32(), pa.string()), pa.string_view(), pa.large_string()])
def test_the_last_list_may_hold_its_texts_as_another_program_wrote_them(tmp_path: Path, kind: Any) -> None:
    columns = {"household_id": ["ABCD2345EFGH", "ABCD2345EFGJ"], "scheme": ["pkh", "pkh"],
               "channel": ["ranked", "reserve"]}  # fmt: skip
    last = pa.table({name: pa.array(cells).cast(kind) for name, cells in columns.items()})
    pq.write_table(last, tmp_path / "last.parquet")
    found, _ = read_last(tmp_path / "last.parquet")
    assert found.household.tolist() == [b"ABCD2345EFGH"]
    assert (found.scheme.tolist(), found.channel.tolist(), found.area.tolist()) == (["pkh"], ["ranked"], [""])


@pytest.fixture
def visited(store: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, list[str]]:
    """A database beside the scores in which the two highest of a regency were visited: one died, one is poor."""
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    monkeypatch.setenv("JAGA_DB", f"sqlite:///{store.parent / 'store' / 'jaga.sqlite'}")
    own = open_store(clock=lambda: datetime.datetime(2026, 11, 20, 3, tzinfo=datetime.UTC))
    schema.upgrade(own)
    order = sorted((row for row in PLAIN if row["regency"] == "7301" and row["applies"]), key=lambda row: -row["risk"])
    codes = [row["household_id"] for row in order[:2]]
    with own.writing() as connection:
        dewi = stores.person(connection)
        for code, result in zip(codes, ("died", "below"), strict=True):
            visits.add(connection, Areas(("",)), dewi, code, "73", "7301",
                       Found(result, datetime.date(2026, 11, 20)))  # fmt: skip
    return own, codes


def test_what_visits_found_keeps_the_same_families_out_as_in_the_service(
        visited: tuple[Store, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    own, (died, poor) = visited
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "out"))
    assert "Given no place, by what a visit found: 1; the accounts name them" in told
    assert "On the list although a visit found them below the line: 1" in told
    said = json.loads(one(tmp_path / "out", ".json").read_text())
    who = sorted((row["found"], row["household_id"], row["listed"]) for row in said["visited"])
    assert who == [("below", poor, True), ("died", died, False)]
    assert all(len(row["area"]) == 4 for row in said["visited"]), "the regency of each"
    listed = {row["household_id"] for row in pq.read_table(one(tmp_path / "out", ".parquet")).to_pylist()}
    assert (died in listed, poor in listed) == (False, True)
    with own.reading() as connection:
        _, digest = found(connection, rules_of.read((tmp_path / "rules.toml").read_text()), scores.open(
            tmp_path / "home" / "scores").as_of)  # fmt: skip
        assert said["inputs"] == {"visits": digest}
        (row,) = connection.execute(select(audit)).all()
        assert (row.act, row.via, row.count) == ("visit.see", "command", 2)
    without = said_of(capsys, tmp_path, "--output", str(tmp_path / "without"), "--without-visits")
    assert "What visits found was left out of account: --without-visits" in without
    listed = {row["household_id"] for row in pq.read_table(one(tmp_path / "without", ".parquet")).to_pylist()}
    assert died in listed


def test_a_database_that_does_not_answer_draws_no_list(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                       capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "out"))
    assert "What visits found was left out of account: there is no database here" in told
    assert not (store.parent / "store").exists(), "none is made to be empty"
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    monkeypatch.setenv("JAGA_DB", "postgresql://nobody@127.0.0.1:9/jaga")
    assert "--without-visits" in said_of(capsys, tmp_path, "--output", str(tmp_path / "away"), code=2)
    assert not (tmp_path / "away").exists()


def test_what_cannot_be_used_is_named(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    out = ("--output", str(tmp_path / "x"))
    assert "no scores are published" in said_of(capsys, tmp_path, *out, "--store", str(tmp_path / "none"), code=2)
    assert "no file" in said_of(capsys, tmp_path, *out, "--facts", str(tmp_path / "none.csv"), code=2)
    assert "is no list" in said_of(capsys, tmp_path, *out, "--previous", str(_facts(tmp_path)), code=2)
    written = tmp_path / "old.csv"
    said_of(capsys, tmp_path, "--output", str(written))
    told = said_of(capsys, tmp_path, *out, "--previous", str(next(tmp_path.glob("*old.csv"))), code=2)
    assert "give the parquet file that jaga lists draw wrote (its csv file is for reading)" in told
    assert "is no list" in said_of(capsys, tmp_path, *out, "--previous", str(tmp_path / "rules.toml"),
                                               code=2)  # fmt: skip
    write_rules(tmp_path, more="band = -1")
    assert "rules.toml: band: must be a whole number" in said_of(capsys, tmp_path, *out, code=2)
    (tmp_path / "rules.toml").unlink()
    assert "cannot be read (there is none)" in said_of(capsys, tmp_path, *out, code=2)
    assert "tidak dapat dibaca (tidak ada)" in said_of(capsys, tmp_path, *out, "--language", "id", code=2)
    write_rules(tmp_path)
    monkeypatch.setattr(Day, "day_of_test", datetime.date(2027, 2, 23))
    assert "expired on 2027-02-23: score and publish again" in said_of(capsys, tmp_path, *out, code=2)
    assert not (tmp_path / "x").exists()


def _facts(folder: Path) -> Path:
    path = folder / "facts.parquet"
    pq.write_table(pa.table({"household_id": ["ABCD2345EFGH"]}), path)
    return path


def test_help_imports_nothing_heavy() -> None:
    code = ("import sys; from serving.lists import cli; from features.commands import Commands; import argparse;"
            "cli.register(Commands(argparse.ArgumentParser()));"
            "sys.exit(len({'numpy', 'pyarrow', 'duckdb'} & set(sys.modules)))")  # fmt: skip
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(root)}, check=False,
                          cwd=root).returncode == 0  # fmt: skip


def test_all_rules_that_are_broken_are_told_at_once(store: Path, tmp_path: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    write_rules(tmp_path, name="", more='colour = 1\nband = -1\n[fast_lane]\nshare = 7\nshocks = ["x"]')
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "out"), code=2)
    for key in ("name", "band", "fast_lane: share", "fast_lane: shocks", "fast_lane: days", "colour"):
        assert re.search(rf"(?m)^(jaga: .*: )?{key}: ", told), (key, told)
    assert not (tmp_path / "out").exists()


def test_a_cut_is_written_as_the_language_does() -> None:
    for language, order, words in (("id", "risk", "13,2 %"), ("en", "risk", "13.2 %"), ("id", "need", "0,527")):
        assert lists_told._cut(0.1318 if order == "risk" else 0.5272, order, Printed(language)) == words
    assert lists_told._cut(None, "risk", Printed("id")) == ""
