"""What became of families comes back as outcomes that say how each was chosen and what it may be used for."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from features.cli import main
from models.words import MARK
from serving.cases import feedback
from tests.serving.api.world import MINE, World
from tests.serving.live import KEYS

TODAY = datetime.date(2026, 11, 24)


def found(world: World, day: datetime.date = TODAY) -> list[dict[str, object]]:
    with world.store.reading() as connection:
        return feedback.table(list(feedback.rows(connection, day))).to_pylist()  # type: ignore[no-any-return]


def test_outcomes_say_how_they_were_chosen_and_what_they_are_good_for(world: World) -> None:
    world.confirmed(quota=40)
    planned = {visit["channel"]: visit for visit in world.get("dewi", "/v1/visits?count=100").json()["visits"]}
    assert set(planned) == {"ranked", "random"}
    for channel, more in (("ranked", {"result": "below"}), ("random", {"result": "above"})):
        body = {"visit": planned[channel]["visit"], "visited": "2026-11-20"} | more
        assert world.post("dewi", "/v1/visits", body).status_code == 201
    code = world.households(MINE, 50)[-1]["household_id"]
    for more in ({"result": "above", "intervention": "PENA"}, {"result": "died"}, {"result": "above"}):
        body = {"household_id": code, "visited": "2026-11-20"} | more
        assert world.post("dewi", "/v1/visits", body).status_code == 201
    rows = found(world)
    told = [(row["channel"], row["list_driven"], row["poor"], row["censored"], row["use"]) for row in rows]
    assert told == [
        ("ranked", True, True, "", "with_random"), ("random", False, False, "", "random"),
        ("own", False, None, "intervention", "none"), ("own", False, None, "died", "none"),
        ("own", False, False, "", "unknown_chance"),
    ]  # fmt: skip
    assert rows[0]["selection_probability"] == 1.0
    assert 0 < float(str(rows[1]["selection_probability"])) < 1
    assert (rows[0]["list"], rows[0]["synthetic"], rows[0]["period"]) == ("D-2026-0001 v1", True, "2026Q4")
    assert rows[0]["known_at"] == TODAY
    assert rows[2]["synthetic"] is None, "no list says it, and nobody was asked"
    with world.store.reading() as connection:
        for made_up in (True, False):
            said = [row["synthetic"] for row in feedback.rows(connection, TODAY, made_up)]
            assert said == [True, True, made_up, made_up, made_up], "a list says it of its own rows"
    assert found(world, datetime.date(2026, 11, 23)) == []


def test_a_finding_that_a_later_visit_superseded_says_by_which(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    numbers = []
    for result, day in (("died", "2026-11-20"), ("above", "2026-11-22")):
        done = one.post("dewi", "/v1/visits", {"household_id": code, "result": result, "visited": day}).json()
        numbers.append(done["visit"]["visit"])
    told = [(row["id"], row["censored"], row["use"], row["superseded_by"]) for row in found(one)]
    assert told == [(f"visit-{numbers[0]}", "died", "none", f"visit-{numbers[1]}"),
                    (f"visit-{numbers[1]}", "", "unknown_chance", None)]  # fmt: skip


def test_a_correction_replaces_from_the_day_it_was_known(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    body = {"result": "above", "visited": "2026-11-20"}
    first = one.post("dewi", "/v1/visits", body | {"household_id": code}).json()["visit"]["visit"]
    one.store.clock.move(days=2)  # type: ignore[attr-defined]
    one.post("dewi", f"/v1/visits/{first}/corrections", body | {"result": "below"})
    assert [row["poor"] for row in found(one)] == [False]
    assert [row["poor"] for row in found(one, datetime.date(2026, 11, 26))] == [True]


def test_a_decided_objection_is_an_outcome_without_a_label(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    body = {"household_id": code, "kind": "proposal", "asker": "family", "channel": "counter"}
    number = one.post("dewi", "/v1/objections", body).json()["objection"]["number"]
    assert found(one) == []
    one.post("sari", f"/v1/objections/{number}/steps",
             {"changed": 1, "stage": "decision", "outcome": "upheld", "reason": "diperiksa"})  # fmt: skip
    (row,) = found(one)
    assert (row["source"], row["outcome"], row["poor"], row["use"]) == ("objection", "upheld", None, "none")


@pytest.mark.parametrize("name", ["", "out.csv", "out.parquet"])
def test_the_command_writes_files_marked_synthetic(one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str], name: str) -> None:  # fmt: skip
    code = one.households(MINE)[0]["household_id"]
    one.post("dewi", "/v1/visits", {"household_id": code, "result": "above", "visited": "2026-11-20"})
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    monkeypatch.setenv("JAGA_DB", str(one.store.engine.url))
    monkeypatch.setenv("JAGA_HOME", str(one.office.published._store.parent))
    folder = tmp_path / "feedback"
    assert (
        main(["data", "feedback", "--output", str(folder / name), "--known-by", "2026-11-24", "--language", "en"]) == 0
    )
    written = sorted(path.name for path in folder.iterdir())
    if name:
        assert written == [f"sintetis_{name}"]
    else:
        assert written == ["sintetis_feedback-2026-11-24.json", "sintetis_feedback-2026-11-24.parquet"]
        assert pq.read_schema(folder / written[1]).names == feedback.SCHEMA.names
        assert json.loads((folder / written[0]).read_text())["rows"] == 1
    assert "unknown_chance 1" in capsys.readouterr().out
    assert one.rows()[-1].act == "feedback.export"
    assert main(["data", "feedback", "--output", str(folder), "--known-by", "tomorrow"]) == 2


def test_a_csv_runs_nothing_and_says_first_that_its_families_are_made_up(one: World, tmp_path: Path) -> None:
    code = one.households(MINE)[0]["household_id"]
    for intervention in ("=1+1", "@SUM(A1)", "PENA, \u201cmodal\u201d"):
        body = {"household_id": code, "result": "above", "visited": "2026-11-20", "intervention": intervention}
        assert one.post("dewi", "/v1/visits", body).status_code == 201
    with one.store.reading() as connection:
        table = feedback.table(list(feedback.rows(connection, TODAY)))
    for synthetic in (True, False):
        (path,) = feedback.write(tmp_path / "hasil.csv", table, TODAY, synthetic=synthetic)
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not synthetic or next(csv.reader(file)) == [MARK["id"]]
            told = list(csv.DictReader(file))
        assert list(told[0]) == feedback.SCHEMA.names
        assert [row["intervention"] for row in told] == ["'=1+1", "'@SUM(A1)", "PENA, \u201cmodal\u201d"]
        assert {row["list_driven"] for row in told} == {"false"}
    (path,) = feedback.write(tmp_path / "hasil.parquet", table, TODAY, synthetic=True)
    assert pq.read_table(path).column("intervention")[0].as_py() == "=1+1", "a program reads what was written"
