"""Scores on the command line: published, looked up, listed and compared, in one language at a time."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from features.cli import main
from features.keys import grouped
from models.few import FEWEST
from serving.scores import commands
from serving.store import numbers
from tests.serving import scored
from tests.serving.lists_made import Day

ROWS = scored.rows(800, as_of="2026-11-14")
LATER = scored.rows(800, as_of="2026-11-15", seed=1).to_pylist()
FIRST = next(row for row in LATER if row["applies"])


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of an installation with two runs."""
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(commands, "today", Day.today)
    scored.write(tmp_path / "old", ROWS, as_of="2026-11-14", most=200)
    later = [row | {"risk": 0.999999} if row is FIRST else row for row in LATER]
    scored.write(tmp_path / "new", scored.pa.Table.from_pylist(later, schema=scored.SCORES), most=200,
                 labels=[3, 7, 14, 27])  # fmt: skip
    for name in ("old", "new"):
        assert main(["scores", "publish", str(tmp_path / name)]) == 0
    return tmp_path / "home" / "scores"


def _said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0, language: str = "en") -> str:
    capsys.readouterr()
    assert main(["scores", *words, "--language", language]) == code
    told = capsys.readouterr()
    return told.out if code == 0 else told.err


def test_publish_says_what_answers(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _said(capsys, "publish", str(tmp_path / "new"))
    assert told.startswith("Nothing to do: 2026-11-15-")
    assert "Scores as of 2026-11-15, bundle a1b2c3d4e5f6, SYNTHETIC DATA" in told
    for number in (1, 2):
        scored.write(tmp_path / str(number), ROWS.slice(number, 100), as_of="2026-11-14", synthetic=False)
    assert "--older publishes this one all the same" in _said(capsys, "publish", str(tmp_path / "1"), code=2)
    assert main(["scores", "publish", str(tmp_path / "1"), "--older", "--language", "en"]) == 0
    told, warned = capsys.readouterr()
    assert "older than those that answered before (as of 2026-11-15)" in warned
    assert "answers now; before it: 2026-11-15-" in told
    assert "DATA SINTETIS" not in told
    assert "Removed: 2026-11-14-" in _said(capsys, "publish", str(tmp_path / "2"))


def test_show_and_back(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _said(capsys, "show", "--json", str(tmp_path / "show.json")).splitlines()
    assert [line.split()[0] for line in told if not line.startswith(" ")] == ["current", "previous"]
    assert told[0].split()[1].startswith("2026-11-15-")
    assert told[1].strip() == "Scores as of 2026-11-15, bundle a1b2c3d4e5f6, SYNTHETIC DATA"
    assert told[2].strip().startswith("Households in 803 = scored ")
    said = json.loads((tmp_path / "show.json").read_text())["runs"]
    assert [(own["place"], own["as_of"], own["expired"], own["synthetic"]) for own in said] == [
        ("current", "2026-11-15", False, True), ("previous", "2026-11-14", False, True)]  # fmt: skip
    assert said[0]["households"]["in"] == 803

    assert "One step back: 2026-11-14-" in _said(capsys, "back")
    assert "previous  none" in _said(capsys, "show")
    assert "as far back as" in _said(capsys, "back", code=2)


def test_find_prints_one_household(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = str(FIRST["household_id"])
    typed = f"{code[:4]}-{code[4:8]} {code[8:]}".lower()
    told = _said(capsys, "find", typed, "--json", str(tmp_path / "one.json"))
    assert f"{grouped(code)}  family, province {FIRST['province']}" in told
    assert "Risk of a fall 100.0 %" in told
    amounts = re.findall(r"\n  ([+-][\d.]+)  (.+)", told)
    assert [float(amount) for amount, _ in amounts] == pytest.approx(
        [FIRST["base"], *(own["contribution"] for own in FIRST["reasons"]), FIRST["place"], FIRST["other"]], abs=0.0051
    )
    assert amounts[0][1] == "Where every family starts"
    assert amounts[-1][1].startswith("Other factors")
    total = float(re.findall(r"lowers it\), ([+-][\d.]+) together", told)[0])
    assert total == pytest.approx(sum(float(amount) for amount, _ in amounts), abs=0.005 * len(amounts) + 0.005)
    said = json.loads((tmp_path / "one.json").read_text())
    assert said["household"]["household_id"] == code
    assert said["household"]["as_of"] == "2026-11-15"
    poor = next(row for row in LATER if row["applies"] is False)
    assert "risiko jatuh tidak berlaku" in _said(capsys, "find", poor["household_id"], language="id")
    lost = next(row for row in LATER if row["refusal"] == "stale")
    assert "No score: data too old" in _said(capsys, "find", lost["household_id"])


def test_who_is_not_found_is_not_named(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = "ZZZZZZZZZZZZ"
    told = _said(capsys, "find", absent, code=2)
    assert "has no household with this code" in told
    assert absent not in told
    told = _said(capsys, "find", "3174012345678901", code=2)
    assert "that is no household code: it has 12 symbols" in told
    assert "3174" not in told
    assert "at least one of them a letter" in _said(capsys, "find", "2222-2222-2222", code=2)


@pytest.mark.parametrize(("words", "said"), [
    (("top", "--regency", "7399"), "lies in the regency '7399'; nearest are 73"),
    (("top", "--province", "99"), "lies in the province '99'"),
    (("top", "--province", "31", "--regency", "7302"), "lies in the regency '7302'"),
    (("distribution", "--province", "7"), "lies in the province '7'; nearest are 73 (Sulawesi Selatan)"),
    (("change", "--cut", "0.1", "--regency", "9999"), "lies in the regency '9999'"),
])  # fmt: skip
def test_an_area_that_no_household_lies_in_is_no_empty_list(store: Path, capsys: pytest.CaptureFixture[str],
                                                            words: tuple[str, ...], said: str) -> None:  # fmt: skip
    told = _said(capsys, *words, code=2)
    assert told.startswith("jaga: no household of 2026-11-")
    assert said in told


def test_top_lists_by_area_band_and_kind(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _said(capsys, "top", "--count", "3").splitlines()
    assert told[0] == "Scores as of 2026-11-15, bundle a1b2c3d4e5f6, SYNTHETIC DATA"
    assert told[1].startswith(f"   1. {grouped(FIRST['household_id'])}  ")
    assert len(told) == 4
    told = _said(capsys, "top", "--count", "2", "--offset", "1", "--reasons", "--json", str(tmp_path / "top.json"))
    assert told.splitlines()[1].startswith("   2. ")
    assert len(re.findall(r"\n       [+-] ", told)) == 10
    said = json.loads((tmp_path / "top.json").read_text())
    assert [len(row["reasons"]) for row in said["rows"]] == [5, 5]
    area = ("--province", "73", "--regency", "7302", "--kind", "relapse", "--certainty", "usual", "--band", "0.01:0.5")
    _said(capsys, "top", *area, "--count", "500", "--json", str(tmp_path / "top.json"))
    said = json.loads((tmp_path / "top.json").read_text())
    expected = [row for row in LATER if row["regency"] == "7302" and row["kind"] == "relapse" and
                row["certainty"] == "usual" and 0.01 <= row["risk"] < 0.5 and row is not FIRST]  # fmt: skip
    assert {row["household_id"] for row in said["rows"]} == {row["household_id"] for row in expected}
    assert expected
    assert "Tidak ada keluarga berisiko yang cocok" in _said(capsys, "top", "--band", "0.9999999:1", language="id")
    for band, words in (("tall", "no band 'tall'"), ("a:b", "written as two shares"), ("0.5:0.1", "at the lower risk")):
        assert words in _said(capsys, "top", "--band", band, code=2)


def test_a_level_is_that_of_the_manifest(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(_said(capsys, "top", "--band", "very_high", "--count", "900").splitlines()) == 1 + sum(
        bool(row["applies"]) and (row is FIRST or row["risk"] >= 0.265) for row in LATER
    )


def test_distribution_is_a_table(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _said(capsys, "distribution", "--by", "regency", "--json", str(tmp_path / "spread.json")).splitlines()
    assert told[2].split()[:3] == ["province", "regency", "households"]
    assert told[2].endswith(">= 0.265")
    assert told[-2].split()[:2] == ["unknown", "unknown"]
    said = json.loads((tmp_path / "spread.json").read_text())
    assert said["edges"] == pytest.approx([0.025, 0.065, 0.135, 0.265], abs=1e-15)
    counts = [row[name] for row in said["rows"] for name in ("households", "scored", "refused", "at_risk")]
    bins = [count for row in said["rows"] for count in row["histogram"]]
    assert all(count in (None, 0) or count >= FEWEST for count in [*counts, *bins])
    assert sum(filter(None, counts)) > FEWEST
    assert None in bins
    assert "*" in told[3]
    assert told[-1].startswith(f"* not shown: fewer than {FEWEST} families")
    assert ">= 0.5" in _said(capsys, "distribution", "--province", "73", "--edges", "0.1", "0.5")
    assert "must rise" in _said(capsys, "distribution", "--edges", "0.5", "0.1", code=2)


def test_change_tells_who_and_why(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _said(capsys, "change", "--cut", "0.99", "--json", str(tmp_path / "change.json"))
    assert "On the list 0 before, 1 now: 0 stayed, 1 entered, 0 left" in told
    assert "Entered, its risk rose: 1" in told
    assert f"  {grouped(FIRST['household_id'])}  {FIRST['risk'] * 100:.1f} % -> 100.0 %  its risk rose" in told
    assert "The model changed" not in told
    said = json.loads((tmp_path / "change.json").read_text())["change"]
    assert said["entered"][0]["household_id"] == FIRST["household_id"]
    assert said["entered_why"] == {"risk_rose": 1}
    told = _said(capsys, "change", "--top", "0", "--province", "31", language="id")
    assert "Dalam daftar 0 sebelumnya, 0 sekarang" in told
    assert "give one of the two" in _said(capsys, "change", code=2)
    assert "no run x" in _said(capsys, "change", "--cut", "0.1", "--old", "x", code=2)
    scored.write(tmp_path / "model", ROWS, bundle="b" * 12)
    _said(capsys, "publish", str(tmp_path / "model"))
    told = _said(capsys, "change", "--cut", "0.2", language="id")
    assert "Model berganti: risiko dan sumbangan fakta berbeda" in told
    assert "another model" in _said(capsys, "change", "--cut", "0.99")


def test_every_command_speaks_one_language(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = next(row for row in LATER if row["refusal"] == "stale")
    scored.write(tmp_path / "model", ROWS, bundle="b" * 12, as_of="2026-11-16")
    strange = {
        "id": r"\b(the|of|and|household|family|scored|unknown|unit|usual|rung|none|answers|current|all)\b",
        "en": r"\b(dan|dari|keluarga|diketahui|sebelumnya|skor|yang|biasa|tidak|kini|semua|provinsi)\b",
    }
    poor = next(row for row in LATER if row["applies"] is False)
    codes = [["find", row["household_id"]] for row in (FIRST, lost, poor)]
    groups = [["distribution", "--by", by] for by in ("province", "regency", "kind", "certainty", "rung")]
    for language, words in strange.items():
        for asked in (["publish", str(tmp_path / "new")], ["show"], *codes, ["top", "--reasons"], *groups,
                      ["distribution", "--edges", "0.5"], ["change", "--cut", "0.2"], ["back"], ["show"],
                      ["publish", str(tmp_path / "model")], ["change", "--cut", "0.2"], ["back"],
                      ["publish", str(tmp_path / "new"), "--older"]):  # fmt: skip
            told = _said(capsys, *asked, language=language)
            assert not re.search(words, told, re.IGNORECASE), (language, asked, told)


def test_scores_that_are_too_old_say_so(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                        capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    for day, over in ((datetime.date(2027, 2, 22), False), (datetime.date(2027, 2, 23), True)):
        monkeypatch.setattr(Day, "day_of_test", day)
        for words in (("show",), ("top",), ("find", FIRST["household_id"]), ("distribution",)):
            for language, said in (("id", "KEDALUWARSA sejak 2027-02-23"), ("en", "EXPIRED on 2027-02-23")):
                told = _said(capsys, *words, "--json", str(tmp_path / "x.json"), language=language)
                assert (said in told) is over
            said = json.loads((tmp_path / "x.json").read_text())
            assert (said["runs"][0] if "runs" in said else said)["expired"] is over


@pytest.mark.parametrize("zone", ["UTC", "Asia/Jayapura", "Pacific/Honolulu"])
def test_scores_expire_with_the_day_of_jakarta_wherever_the_machine_stands(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        for minute, over in ((59, False), (60, True)):
            moment = datetime.datetime(2027, 2, 22, 16, tzinfo=datetime.UTC) + datetime.timedelta(minutes=minute)
            monkeypatch.setattr(commands, "today", partial(numbers.today, lambda at=moment: at))
            assert ("EXPIRED" in _said(capsys, "top")) is over
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def test_another_store_and_none(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("show",), ("top",), ("find", FIRST["household_id"]), ("distribution",)):
        told = _said(capsys, *words, "--store", str(tmp_path / "none"), code=2)
        assert "no scores are published in" in told
    assert "nothing is published in" in _said(capsys, "back", "--store", str(tmp_path / "none"), code=2)
    assert "no two runs" in _said(capsys, "change", "--cut", "0", "--store", str(tmp_path / "none"), code=2)
    assert "has no manifest.json" in _said(capsys, "publish", str(tmp_path), code=2)
    assert not (tmp_path / "none").exists()


def test_help_imports_nothing_heavy() -> None:
    code = ("import sys; from serving.scores import cli; from features.commands import Commands; import argparse;"
            "cli.register(Commands(argparse.ArgumentParser()));"
            "sys.exit(len({'numpy', 'pyarrow', 'duckdb'} & set(sys.modules)))")  # fmt: skip
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(root)}, check=False,
                          cwd=root).returncode == 0  # fmt: skip
