"""Folders named by URL: read from, written to, the manifest last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.commands import UserError
from serving import batch, inputs, places, runs
from serving.batch import Request
from tests.serving import registers


@pytest.fixture
def memory() -> Iterator[Any]:
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.mark.parametrize("url", ["memory://bucket", "file"])
def test_a_register_by_url_gives_the_scores_of_the_same_folder(url: str, memory: Any, bundles: tuple[Path, Path],
                                                               tmp_path: Path) -> None:  # fmt: skip
    source = registers.write(tmp_path / "in", registers.tables(30))
    registers.score(source, tmp_path / "plain", bundles[0])
    home = tmp_path.as_uri() if url == "file" else url
    if url != "file":
        memory.put(str(source), "/bucket/in", recursive=True)
    request = Request(f"{home}/in", f"{home}/out", bundles[0], work=tmp_path / "work")
    assert batch.run(batch.prepare(request)).state == "published"
    there = places.place(f"{home}/out")
    plain = registers.contents(tmp_path / "plain")
    assert [file.path.rsplit("/out/")[-1] for file in there.files() if file.suffix != ".lock"] == sorted(plain)
    for name in plain:
        assert (there / name).read() == (tmp_path / "plain" / name).read_bytes()
    assert [path.name for path in (tmp_path / "work").iterdir()] == [".lock"]
    assert batch.run(batch.prepare(request)).state == "done"
    with pytest.raises(UserError, match="another number of reasons"):
        batch.run(batch.prepare(Request(f"{home}/in", f"{home}/out", bundles[0], reasons=1, work=tmp_path / "work")))


def test_a_run_stopped_while_it_was_sent_is_sent_on(memory: Any, bundles: tuple[Path, Path], tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    source = registers.write(tmp_path / "in", registers.tables(30))
    request = Request(source, "memory://bucket/out", bundles[0], work=tmp_path / "work")
    sent: list[str] = []
    put = places.Place.put

    def stops(self: places.Place, source: Path) -> None:
        if len(sent) == 2:
            raise KeyboardInterrupt
        sent.append(self.name)
        put(self, source)

    with monkeypatch.context() as patch:
        patch.setattr(places.Place, "put", stops)
        with pytest.raises(KeyboardInterrupt):
            batch.run(batch.prepare(request))
    there = places.place("memory://bucket/out")
    assert not (there / runs.MANIFEST).is_file()
    assert batch.run(batch.prepare(request)).state == "done"
    manifest = json.loads((there / runs.MANIFEST).read())
    assert all((there / name).size == told["bytes"] for name, told in manifest["files"].items())


def test_a_url_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere://x cannot be reached"):
        places.place("nowhere://x")
    with pytest.raises(UserError, match="is no folder"):
        batch.inputs.find("memory://nothing/here")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, 12))
def test_units_hold_every_row_once_and_small_files_go_together(sizes: list[int], least: int) -> None:
    source: Any = SimpleNamespace(table=SimpleNamespace(name="households"),
                                  files=[SimpleNamespace(suffix=".csv")] * len(sizes))  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "UNIT", least)
        found = inputs.units(source, tuple(sizes))
    assert [piece.file for unit in found for piece in unit.pieces] == list(range(len(sizes)))
    starts = [sum(sizes[: unit.pieces[0].file]) for unit in found]
    assert [unit.start for unit in found] == starts
    rows = [sum(sizes[piece.file] for piece in unit.pieces) for unit in found]
    assert all(least <= own < least + 9 for own in rows[:-1])


def test_a_large_file_is_cut_by_its_row_groups(tmp_path: Path) -> None:
    pq.write_table(pa.table({"period": ["2026Q1"] * 10}), tmp_path / "a.parquet", row_group_size=3)
    place = places.place(tmp_path / "a.parquet")
    source: Any = SimpleNamespace(table=SimpleNamespace(name="households"), files=[place], columns=("period",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "UNIT", 5)
        found = inputs.units(source, (10,))
    assert [unit.start for unit in found] == [0, 6]
    rows = [row for unit in found for batch in inputs.batches(source, unit) for row in batch.column("_row").to_pylist()]
    assert rows == list(range(10))
