"""`jaga lists facts`: from contract tables to the file that opens the fast lane, by what was known on a date."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.cli import main
from features.commands import UserError
from features.contract import SHOCKS
from serving.lists import commands as lists_commands
from serving.lists import facts as lists_facts
from serving.lists import facts_file
from serving.scores import commands
from tests.serving import registers, shown
from tests.serving.lists_made import one, write_rules
from tests.serving.lists_made import said as said_of
from tests.serving.live import KEYS

NIK = "3171234567890001"
SCORED, AS_OF = "2026-10-20", "2026-11-25"
CODES = sorted({row["household_id"] for row in shown.made()["households"]})
HIT, LATE, OLD, FUTURE, ILL = CODES[:5]
PROVINCE = {row["household_id"]: row["province"] for row in shown.made()["households"]}


def event(place: str, scope: str, shock: str, period: str, known_at: str) -> dict[str, str]:
    return {"place": place, "scope": scope, "shock": shock, "period": period, "known_at": known_at}


SHOCKS_OF_TEST = [
    event(HIT, "household", "job_loss", "2026Q3", "2026-09-15"),
    event(HIT, "household", "job_loss", "2026Q2", "2026-08-01"),
    event(LATE, "household", "job_loss", "2026Q4", "2026-11-20"),
    event(OLD, "household", "job_loss", "2024Q1", "2026-10-01"),
    event(FUTURE, "household", "job_loss", "2026Q4", "2026-11-26"),
    event(ILL, "household", "illness", "2026Q3", "2026-09-01"),
    event("3501", "regency", "disaster", "2026Q4", "2026-11-02"),
    event("73", "province", "harvest", "2026Q3", "2026-10-01"),
    event("ZZZZZZZZZZZZ", "household", "job_loss", "2026Q3", "2026-09-15"),
]


def register(folder: Path, **more: Any) -> Path:
    return registers.write(folder, shown.made() | {"shocks": SHOCKS_OF_TEST} | more)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    clock(monkeypatch, AS_OF)
    return register(tmp_path / "in")


def clock(monkeypatch: pytest.MonkeyPatch, today: str) -> None:
    for module in (commands, lists_commands):
        monkeypatch.setattr(module, "today", lambda: day(today))


def by_code(path: Path) -> dict[str, dict[str, Any]]:
    return {row["household_id"]: row for row in pq.read_table(path).to_pylist()}


def test_facts_are_their_owners_alone_whatever_the_umask(source: Path, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        made = lists_facts.make(str(source), tmp_path / "facts.parquet")
    finally:
        os.umask(before)
    assert made.path.stat().st_mode & 0o777 == 0o600


def test_facts_made_elsewhere_or_changed_are_told(source: Path, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    path = lists_facts.make(str(source), tmp_path / "facts.parquet").path
    own = facts_file.read_facts(path)
    assert own.inputs == {"facts": own.digest, "facts_made": "here"}
    other = path.with_name("other.parquet")
    pq.write_table(pq.read_table(path), other, compression="none")
    assert facts_file.read_facts(other).inputs["facts_made"] == "elsewhere", "without a mark"
    other.with_name("other.parquet.mark").write_bytes(path.with_name(f"{path.name}.mark").read_bytes())
    assert facts_file.read_facts(other).inputs["facts_made"] == "elsewhere", "the mark of another file"
    monkeypatch.setenv("JAGA_KEYS", KEYS.replace("seal=", "seal=ab"))
    assert not facts_file.read_facts(path).here, "the mark of another installation"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_facts_are_what_was_known_on_the_date(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lists", "facts", "--input", str(source), "--as-of", AS_OF, "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert f"Facts of {shown.FAMILIES:,} families as of {AS_OF} (SYNTHETIC" in told
    assert "the service draws its lists with it" in told
    found = by_code(tmp_path / "home" / "facts.parquet")
    assert [*found] == CODES
    assert {code: row["job_loss"] for code, row in found.items() if row["job_loss"]} == {
        HIT: day("2026-09-15"), LATE: day("2026-11-20"), OLD: day("2024-03-31")}  # fmt: skip
    assert {code: row["disaster"] for code, row in found.items() if row["disaster"]} == {
        code: day("2026-11-02") for code in CODES if PROVINCE[code] == "35"}  # fmt: skip
    assert not any(row["harvest"] for row in found.values()), "a province's event is of all its families, or of none"
    assert "illness" not in next(iter(found.values()))
    assert all(row["size"] == 4 for row in found.values())
    assert f"Hit by job loss: {3}" in told
    before = main(
        ["lists", "facts", "--input", str(source), "--as-of", "2026-09-14", "--output", str(tmp_path / "x.parquet")]
    )
    assert before == 0
    earlier = by_code(tmp_path / "sintetis_x.parquet")
    assert {code: row["job_loss"] for code, row in earlier.items() if row["job_loss"]} == {HIT: day("2026-06-30")}


def test_what_is_not_known_yet_is_in_no_facts_and_draws_no_list(
    source: Path, tmp_path: Path, bundles: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The register knows of events up to 26 November; what a day knows ends on that day, unless scores are newer."""
    home = tmp_path / "home" / "facts.parquet"

    def dated(today: str, *words: str) -> str:
        clock(monkeypatch, today)
        assert main(["lists", "facts", "--input", str(source), *words]) == 0
        return str(facts_file.read_facts(home).until)

    assert dated("2026-11-24") == "2026-11-20"
    assert by_code(home)[LATE]["job_loss"] == day("2026-11-20")
    assert dated("2026-11-01") == "2026-10-20"
    assert by_code(home)[LATE]["job_loss"] is None
    assert dated("2027-01-01") == "2026-11-26"
    registers.score(source, tmp_path / "out", bundles[0], as_of=lists_facts.np.datetime64(SCORED))
    assert main(["scores", "publish", str(tmp_path / "out")]) == 0
    assert dated("2026-09-20") == "2026-10-20", "made-up scores ahead of the clock: their date stands for today"
    path = write_rules(tmp_path, more='[fast_lane]\nshare = 0.3\nshocks = ["job_loss"]\ndays = 60')
    path.write_text(path.read_text().replace('"31" = 60\n"7301" = 20\n"7302" = 30', '"" = 30'))
    dated("2026-11-25", "--as-of", "2026-11-26")
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "x"), "--facts", str(home), code=2)
    assert "the facts are as of 2026-11-26, which is after 2026-11-25: make them again" in told
    clock(monkeypatch, "2026-11-26")
    said_of(capsys, tmp_path, "--output", str(tmp_path / "x"), "--facts", str(home))
    with pytest.raises(UserError, match="nothing of it was known on 2020-01-01"):
        lists_facts.make(str(source), home, today=lists_facts.np.datetime64("2020-01-01"))


def test_of_each_programme_it_is_told_whether_it_is_received_or_not_known(source: Path, tmp_path: Path) -> None:
    made = lists_facts.make(str(source), tmp_path / "facts.parquet")
    assert made.programmes == shown.FAMILIES, "nothing is known of PBI, and of the others all"
    received = {code: [name for name in ("pkh", "sembako") if row[name]]
                for code, (row, _) in shown.newest().items()}  # fmt: skip
    told = {code: row["programmes"] for code, row in by_code(made.path).items()}
    assert told == {code: " ".join([*names, "?pbi"]) for code, names in received.items()}
    tables = shown.made()
    for row in tables["households"]:
        row |= {"pbi": False} if row["household_id"] != HIT else dict.fromkeys(("pkh", "sembako", "pbi"))
    made = lists_facts.make(
        str(register(tmp_path / "other", households=tables["households"])), tmp_path / "facts.parquet"
    )
    assert made.programmes == shown.FAMILIES - 1
    wanted = {code: " ".join(names) or "-" for code, names in received.items()} | {HIT: None}
    assert {code: row["programmes"] for code, row in by_code(made.path).items()} == wanted


def test_a_part_of_a_synthetic_folder_given_by_itself_stays_synthetic(source: Path, tmp_path: Path) -> None:
    for given in (source, source / "registry"):
        made = lists_facts.make(str(given), tmp_path / "x.parquet")
        assert (made.synthetic, made.path.name) == (True, "sintetis_x.parquet")
    for wrong in ("{", "{}", "[]", '{"synthetic": 1}', "[" * 100_000):
        (source / "manifest.json").write_text(wrong)
        for given in (source, source / "registry"):
            with pytest.raises(UserError, match="cannot say if the data are synthetic"):
                lists_facts.make(str(given), tmp_path / "x.parquet")


@pytest.mark.parametrize("by_file", [False, True])
def test_who_is_known_to_receive_a_programme_is_on_no_list_of_those_without(
    source: Path, tmp_path: Path, bundles: tuple[Path, Path], capsys: pytest.CaptureFixture[str], by_file: bool
) -> None:
    """Though another programme is known of nobody, and who is not known may be on the list: by the file of facts as by
    what the run has beside its scores."""
    registers.score(source, tmp_path / "out", bundles[0], as_of=lists_facts.np.datetime64(SCORED))
    assert main(["scores", "publish", str(tmp_path / "out")]) == 0
    path = write_rules(tmp_path)
    path.write_text(path.read_text().replace('"31" = 60\n"7301" = 20\n"7302" = 30', '"" = 200').replace(
        "[scheme.quota]", 'without = ["pkh"]\nprogramme_unknown = true\n[scheme.quota]'))  # fmt: skip
    facts = lists_facts.make(str(source), tmp_path / "facts.parquet", as_of=lists_facts.np.datetime64(AS_OF)).path
    said_of(capsys, tmp_path, "--output", str(tmp_path / "list"), *(["--facts", str(facts)] if by_file else []))
    listed = {row["household_id"] for row in pq.read_table(one(tmp_path / "list", ".parquet")).to_pylist()}
    received = {code for code, (row, _) in shown.newest().items() if row["pkh"]}
    assert listed
    assert received
    assert not listed & received


def test_scopes_and_kinds_are_the_callers_to_choose(source: Path, tmp_path: Path) -> None:
    made = lists_facts.make(
        str(source), tmp_path / "facts.parquet", kinds=["illness", "harvest"], scopes=["province", "household"]
    )
    assert [*made.shocks] == [kind for kind in SHOCKS if kind in ("illness", "harvest")]
    assert made.shocks["illness"] == 1
    assert made.shocks["harvest"] == sum(province == "73" for province in PROVINCE.values())
    assert facts_file.read_facts(made.path).shock(ILL) is None, "health is told of nobody"
    with pytest.raises(UserError, match="'flood' is none of"):
        lists_facts.make(str(source), tmp_path / "facts.parquet", kinds=["flood"])
    with pytest.raises(UserError, match=r"ends in \.parquet"):
        lists_facts.make(str(source), tmp_path / "facts.csv")


def test_the_file_is_the_same_each_time_and_whole_or_not_at_all(source: Path, tmp_path: Path) -> None:
    one, other = (lists_facts.make(str(source), tmp_path / name / "facts.parquet").path for name in ("a", "b"))
    assert one.read_bytes() == other.read_bytes()
    with pytest.raises(UserError, match="no family was known on 2020-01-01"):
        lists_facts.make(
            str(source), tmp_path / "none" / "facts.parquet", as_of=lists_facts.np.datetime64("2020-01-01")
        )
    assert not [*(tmp_path / "none").iterdir()]
    assert not [path for path in (tmp_path / "home").iterdir() if path.name.startswith("facts-")]


def test_a_register_without_shocks_says_so(tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = registers.write(tmp_path / "plain", shown.made())
    assert main(["lists", "facts", "--input", str(plain), "--language", "en"]) == 0
    assert "no table of shocks" in capsys.readouterr().out


def test_from_a_shock_to_a_place_on_a_list(source: Path, tmp_path: Path, bundles: tuple[Path, Path],
                                           capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    registers.score(source, tmp_path / "out", bundles[0], as_of=lists_facts.np.datetime64(SCORED))
    assert main(["scores", "publish", str(tmp_path / "out")]) == 0
    assert main(["lists", "facts", "--input", str(source), "--as-of", AS_OF]) == 0
    facts = tmp_path / "home" / "facts.parquet"

    def drawn(shocks: str, days: int, to: str) -> set[str]:
        path = write_rules(tmp_path, more=f"[fast_lane]\nshare = 0.3\nshocks = [{shocks}]\ndays = {days}")
        text = path.read_text().replace('"31" = 60\n"7301" = 20\n"7302" = 30', '"" = 30')
        path.write_text(text.replace("budget = 270_000_000\n", ""))
        said_of(capsys, tmp_path, "--output", str(tmp_path / to), "--facts", str(facts))
        rows = pq.read_table(one(tmp_path / to, ".parquet")).to_pylist()
        return {row["household_id"] for row in rows if row["channel"] == "fast_lane"}

    assert drawn('"job_loss"', 60, "a") == {LATE}, "days count back from the date of the facts"
    assert drawn('"job_loss"', 90, "b") == {HIT, LATE}
    lane = drawn('"job_loss", "disaster"', 90, "c")
    assert len(lane) == 9
    assert HIT in lane, "the oldest shock first"
    write_rules(tmp_path, more='[fast_lane]\nshare = 0.3\nshocks = ["illness"]\ndays = 90')
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "d"), "--facts", str(facts), code=2)
    assert "the facts do not hold illness" in told


@pytest.mark.parametrize(("facts", "told"), [
    ("household_id,shock,shock_day,job_loss\nABCD2345EFGH,disaster,2026-10-01,2026-10-01", "not both"),
    ("household_id,job_loss\nABCD2345EFGH,2026-10-01\nABCD2345EFGJ,kemarin", "job_loss: row 1: must be a date"),
    ("household_id,illness,illness\nABCD2345EFGH,,", "illness is there twice"),
])  # fmt: skip
def test_facts_by_kind_that_are_not_right_are_refused(tmp_path: Path, facts: str, told: str) -> None:
    (tmp_path / "facts.csv").write_text(facts + "\n")
    with pytest.raises(UserError, match=told):
        facts_file.read_facts(tmp_path / "facts.csv")


@pytest.mark.parametrize(("facts", "told"), [
    (f"household_id,size\nABCD2345EFGH,4\nABCD2345EFGJ,{NIK}x", "size: row 1: must be a number"),
    (f"household_id,shock,shock_day\nABCD2345EFGH,{NIK},2026-10-01", "shock: row 0: must be one of illness"),
    (f"household_id,shock,shock_day\nABCD2345EFGH,job_loss,{NIK}", "shock_day: row 0: must be a date"),
    (f"household_id,{NIK}\nABCD2345EFGH,1", "column ################ is not known"),
    (f"household_id,size\nABCD2345EFGH,4\n{NIK},4,SITI", "a row has more or fewer cells than the head"),
    (f"household_id,size\n{NIK},4", "household_id: must be codes"),
])  # fmt: skip
def test_a_fault_of_the_facts_tells_no_number_of_a_person(tmp_path: Path, facts: str, told: str) -> None:
    (tmp_path / "facts.csv").write_text(facts + "\n")
    with pytest.raises(UserError, match=told) as error:
        facts_file.read_facts(tmp_path / "facts.csv")
    assert NIK not in str(error.value)
    assert "SITI" not in str(error.value)


MANY = 10_000_000


def _again(rows: int) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), ["ABCD2345EFGH"])


@pytest.mark.parametrize(("columns", "told"), [
    ({"household_id": _again(300_000)}, "300,000 rows in .* bytes cannot each have a code"),
    ({"household_id": ["ABCD2345EFGH"], "size": [[4.0]]}, "size: must be a number, and the column is of another kind"),
    ({"household_id": ["ABCD2345EFGH"], "illness": [True]}, "illness: must be a date .* another kind"),
    ({"household_id": [["ABCD2345EFGH"]]}, "household_id: must be text"),
    ({"household_id": ["ABCD2345EFGH"], "size": pa.ListArray.from_arrays([0, MANY], pa.array(np.zeros(MANY, np.int8)))},
     "size: must be a number, and the column is of another kind"),
    ({"household_id": ["ABCD2345EFGH"], "size": [{"of": 4.0}]}, "size: must be a number, .* of another kind"),
    ({"household_id": ["ABCD2345EFGH"], "programmes": ["x" * MANY]}, "programmes: holds more than one fact"),
    ({"household_id": pa.array(["ABCD2345EFGH"]), "gap": pa.array(["0" * MANY]).dictionary_encode()},
     "gap: holds more than one fact"),
    ({"household_id": ["ABCD2345EFGH"], "desil": [[1]]}, "column desil is not known"),
    ({"household_id": ["ABCD2345EFGH"], "programmes": ["x" * 1000]}, "programmes: a cell has 1,000 bytes"),
])  # fmt: skip
def test_facts_that_would_take_the_memory_or_are_of_another_kind_are_refused(
        tmp_path: Path, columns: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "facts.parquet", compression="zstd")
    if "1,000 bytes" not in told and "illness" not in columns:  # those are known only by their cells
        monkeypatch.setattr(facts_file, "table_of", lambda path: pytest.fail(f"{path} was unpacked"))
    with pytest.raises(UserError, match=told):
        facts_file.read_facts(tmp_path / "facts.parquet")
