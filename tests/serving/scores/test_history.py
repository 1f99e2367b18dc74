"""What earlier runs told of a household is still read when their files are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.commands import UserError
from serving.console import formats
from serving.scores import history, scores
from serving.scores.history import _NEXT, KEPT, UNIT
from serving.scores.publishing import back, publish
from tests.serving import scored

SAME = ("as_of", "bundle", "status", "refusal", "applies", "rung", "kind", "certainty")
SHARES = ("risk", "low", "high")


def write(folder: Path, day: int, *, bundle: str = "a1b2c3d4e5f6", count: int = 300) -> tuple[Path, list[Any]]:
    """A run of a day of November: the same families, other answers."""
    ids = scored.numbers(count, np.random.default_rng(7))
    rows = scored.table("31", ids, np.random.default_rng(day), as_of=f"2026-11-{day:02d}", bundle=bundle)
    path = scored.write(folder / f"run{day}{bundle}", rows, as_of=f"2026-11-{day:02d}", bundle=bundle, most=100)
    return path, rows.to_pylist()


def test_what_eight_runs_told_of_every_household_is_read_although_their_files_are_gone(tmp_path: Path) -> None:
    told = {}
    for day in range(1, 11):
        folder, rows = write(tmp_path, day, bundle="a1b2c3d4e5f6" if day < 7 else "f6e5d4c3b2a1")
        told[day] = {row["household_id"]: row for row in rows}
        publish(tmp_path / "store", folder)
    assert len(list((tmp_path / "store" / "runs").iterdir())) == 3, "the files of seven runs are gone"
    with scores.open(tmp_path / "store") as own:
        for code in told[10]:
            found = own.history(code)
            assert [row["as_of"].day for row in found] == [9, 8, 7, 6, 5, 4, 3], "the newest first, KEPT with its own"
            for row in found:
                was = told[row["as_of"].day][code]
                assert {name: row[name] for name in SAME} == {name: was[name] for name in SAME}
                for name in SHARES:
                    if was[name] is None:
                        assert row[name] is None
                    else:
                        assert row[name] == pytest.approx(was[name], abs=0.5 / UNIT + 1e-9)
                        assert formats.percent(row[name]) == formats.percent(was[name])
        assert len(own.run.history) == KEPT
        assert {path.stat().st_nlink > 1 for path in own.run.history[:-1]} == {True}, "nothing is written twice"


def test_a_household_is_told_by_the_runs_that_had_it_and_no_other(tmp_path: Path) -> None:
    for day, count in ((1, 300), (2, 200), (3, 300)):
        folder, rows = write(tmp_path, day, count=count)
        publish(tmp_path / "store", folder)
        if day == 2:
            fewer = {row["household_id"] for row in rows}
    with scores.open(tmp_path / "store") as own:
        gone = next(row["household_id"] for row in rows if row["household_id"] not in fewer)
        assert [row["as_of"].day for row in own.history(gone)] == [1]
        absent = scored.codes(scored.numbers(5, np.random.default_rng(99))).to_pylist()
        assert [own.history(code) for code in absent] == [[]] * 5
        assert own.history("kein Code") == []


def test_later_dates_and_the_run_itself_are_no_past(tmp_path: Path) -> None:
    first, second, third = (write(tmp_path, day) for day in (1, 2, 3))
    store = tmp_path / "store"
    for folder, _ in (first, third, second):
        publish(store, folder, older=True)
    code = first[1][0]["household_id"]
    with scores.open(store) as own:
        assert [row["as_of"].day for row in own.history(code)] == [1], "what was told on a later date is not known"
    back(store)
    with scores.open(store) as own:
        assert [row["as_of"].day for row in own.history(code)] == [1]
    assert publish(store, second[0], older=True).state == "published"
    with scores.open(store) as own:
        assert [row["as_of"].day for row in own.history(code)] == [1]


def test_a_history_that_was_damaged_is_refused_by_its_name(tmp_path: Path) -> None:
    for day in (1, 2):
        publish(tmp_path / "store", write(tmp_path, day)[0])
    with scores.open(tmp_path / "store") as own:
        path = own.run.history[0]
        size = path.stat().st_size
        path.unlink()
        path.write_bytes(b"x" * size)
        with pytest.raises(UserError, match=path.name):
            own.history("ABCD2345EFGH")
    path.write_bytes(b"x")
    with pytest.raises(UserError, match=path.name):
        scores.open(tmp_path / "store")


def test_a_word_that_is_not_known_is_not_kept_as_nothing(tmp_path: Path) -> None:
    ids = scored.numbers(50, np.random.default_rng(7))
    rows = scored.table("31", ids, np.random.default_rng(1))
    odd = pa.array(["strange"] * 50)
    folder = scored.write(tmp_path / "run", rows.set_column(rows.schema.get_field_index("kind"), "kind", odd))
    with pytest.raises(UserError, match="kind holds a word"):
        publish(tmp_path / "store", folder)
    assert not (tmp_path / "store" / "current").exists()


def test_families_are_found_across_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_BATCH", 37)
    for day in (1, 2):
        folder, rows = write(tmp_path, day)
        publish(tmp_path / "store", folder)
    with scores.open(tmp_path / "store") as own:
        with pa.ipc.open_file(str(own.run.history[0])) as file:
            assert file.num_record_batches > 1
        assert all(len(own.history(row["household_id"])) == 1 for row in rows)
        made = json.loads((own.run.path / "index" / "index.json").read_text())["made"]
        assert sum(name.startswith("index/history/") for name in made) == 2


def kept(share: float) -> float:
    """A share of twelve decimals as a history holds it."""
    return min(1.0, float(np.floor(share * UNIT + _NEXT) + 0.5) / UNIT)


@given(st.floats(0, 1).map(lambda share: round(share, 12)))
def test_a_share_that_is_kept_is_told_as_it_was(share: float) -> None:
    assert formats.percent(kept(share)) == formats.percent(share)


@pytest.mark.parametrize("percent", range(101))
def test_so_is_one_where_a_whole_number_begins(percent: int) -> None:
    for aside in (-1e-12, 1e-12):
        share = max(0.0, round(percent / 100 - 0.005 + aside, 12))
        assert formats.percent(kept(share)) == formats.percent(share)
