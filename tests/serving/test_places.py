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
from serving import places
from serving.batch import away, batch, input_rows, runs
from serving.batch.batch import Request
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


@pytest.fixture(params=["memory", "file"])
def home(request: pytest.FixtureRequest, memory: Any, tmp_path: Path) -> str:
    """A folder by URL that takes scores."""
    return "memory://bucket" if request.param == "memory" else (tmp_path / "bucket").as_uri()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return registers.write(tmp_path_factory.mktemp("register") / "in", registers.tables(20))


def _run(request: Request) -> str:
    return batch.run(batch.prepare(request)).state


def _stopped_before_sending(request: Request) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places.Place, "put", stop)
        with pytest.raises(KeyboardInterrupt):
            _run(request)


def _there(home: str) -> list[str]:
    where = places.place(f"{home}/out")
    return [file.path.rsplit("/out/")[-1] for file in where.files()]


def test_a_url_is_taken_by_one_run_whatever_the_machine(home: str, source: Path, bundles: tuple[Path, Path],
                                                        tmp_path: Path) -> None:  # fmt: skip
    first = Request(source, f"{home}/out", bundles[0], work=tmp_path / "a")
    _stopped_before_sending(first)
    assert _there(home) == [away.CLAIM]
    with pytest.raises(UserError, match=r"claim.json holds a run with another number of reasons"):
        _run(Request(source, f"{home}/out", bundles[0], reasons=1, work=tmp_path / "b"))
    assert _run(Request(source, f"{home}/out", bundles[0], work=tmp_path / "c")) == "published"
    whole = _there(home)
    assert away.CLAIM not in whole
    assert runs.MANIFEST in whole
    assert _run(first) == "done"
    assert [path.name for path in (tmp_path / "a").iterdir()] == [".lock"]
    assert _there(home) == whole


def test_a_url_that_another_run_took_meanwhile_is_left_to_it(home: str, source: Path, bundles: tuple[Path, Path],
                                                             tmp_path: Path) -> None:  # fmt: skip
    job = batch.prepare(Request(source, f"{home}/out", bundles[0], work=tmp_path / "a"))
    other = runs.as_json(job.plan | {"reasons": 1}).encode()

    def takes() -> None:  # as where two write at the same moment and the last one stays
        (places.place(f"{home}/out") / away.CLAIM).remove()
        assert (places.place(f"{home}/out") / away.CLAIM).create(other)

    with pytest.raises(UserError, match="another number of reasons"):
        batch.run(job, begun=takes)
    assert _there(home) == [away.CLAIM]
    assert (places.place(f"{home}/out") / away.CLAIM).read() == other


def test_a_claim_that_says_nothing_is_named(home: str, source: Path, bundles: tuple[Path, Path],
                                            tmp_path: Path) -> None:  # fmt: skip
    claim = places.place(f"{home}/out") / away.CLAIM
    assert claim.create(b"") is True
    with pytest.raises(UserError, match=r"claim.json does not say which run writes here"):
        _run(Request(source, f"{home}/out", bundles[0], work=tmp_path / "a"))


@pytest.mark.parametrize("kind", ["memory", "file", "plain"])
def test_a_file_is_created_once(kind: str, memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "plain":  # a file system of fsspec that cannot write only where there is nothing

        def refuses(*_: Any, **__: Any) -> None:
            raise ValueError("mode")

        monkeypatch.setattr(type(memory), "pipe_file", refuses)
    place = places.place(tmp_path.as_uri() if kind == "file" else "memory://bucket") / "folder" / "one"
    assert place.create(b"first") is True
    assert place.create(b"second") is False
    assert place.read() == b"first"
    place.remove()
    assert not place.is_file()


def test_what_is_sent_is_told(home: str, source: Path, bundles: tuple[Path, Path], tmp_path: Path) -> None:
    told: list[tuple[Any, ...]] = []

    def hear(*event: Any, **counts: int) -> None:
        told.append(event)

    job = batch.prepare(Request(source, f"{home}/out", bundles[0], work=tmp_path / "work"), hear)
    files = batch.run(job, hear).manifest["files"]
    assert [*dict.fromkeys(event[0] for event in told if event[0] in ("look", "check"))] == ["look", "check"]
    sent = [event for event in told if event[0] == "send"]
    rows = [own["rows"] for own in files.values()]
    assert [event[1:3] for event in sent] == [(at, len(files)) for at in range(1, len(files) + 1)]
    assert [event[3] for event in sent] == [sum(rows[:at]) for at in range(1, len(files) + 1)]


def test_a_file_that_somebody_added_at_a_url_is_named(home: str, source: Path, bundles: tuple[Path, Path],
                                                      tmp_path: Path) -> None:  # fmt: skip
    request = Request(source, f"{home}/out", bundles[0], work=tmp_path / "work")
    _run(request)
    more = places.place(f"{home}/out") / "scores" / "province=31" / "more.parquet"
    more.create(b"more")
    with pytest.raises(UserError, match=r"did not write \(scores/province=31/more.parquet\)"):
        _run(request)
    more.remove()
    assert _run(request) == "done"


def test_a_dry_run_sees_who_has_a_url(home: str, source: Path, bundles: tuple[Path, Path], tmp_path: Path) -> None:
    first = Request(source, f"{home}/out", bundles[0], work=tmp_path / "a")
    assert batch.begun_before(batch.prepare(first)) is False
    _stopped_before_sending(first)
    assert batch.begun_before(batch.prepare(first)) is True
    with pytest.raises(UserError, match="another number of reasons"):
        batch.begun_before(batch.prepare(Request(source, f"{home}/out", bundles[0], reasons=1, work=tmp_path / "b")))
    (places.place(f"{home}/out") / away.CLAIM).remove()
    (places.place(f"{home}/out") / "letter.txt").create(b"Dear all")
    with pytest.raises(UserError, match="files of no run"):
        batch.begun_before(batch.prepare(first))


@pytest.mark.parametrize("spoil", ["damage", "delete", "manifest"])
def test_scores_at_a_url_that_were_touched_are_not_taken_for_done(
    home: str, spoil: str, source: Path, bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    request = Request(source, f"{home}/out", bundles[0], work=tmp_path / "work")
    _run(request)
    there = places.place(f"{home}/out")
    name = runs.MANIFEST if spoil == "manifest" else next(name for name in _there(home) if name.startswith("scores/"))
    size = (there / name).size
    (there / name).remove()
    if spoil != "delete":
        (there / name).create(b"x" * size)
    with pytest.raises(UserError, match="is no manifest" if spoil == "manifest" else "not as the manifest says"):
        _run(request)


def test_what_was_damaged_at_a_url_before_the_end_is_sent_again(home: str, source: Path, bundles: tuple[Path, Path],
                                                                tmp_path: Path) -> None:  # fmt: skip
    registers.score(source, tmp_path / "plain", bundles[0])
    request = Request(source, f"{home}/out", bundles[0], work=tmp_path / "work")
    _stopped_before_sending(request)
    name = next(name for name in registers.contents(tmp_path / "plain") if name.startswith("scores/"))
    file = places.place(f"{home}/out") / name
    file.create(bytes((tmp_path / "plain" / name).stat().st_size))
    _run(request)
    assert file.read() == (tmp_path / "plain" / name).read_bytes()


def test_files_of_no_run_at_a_url_are_refused(home: str, source: Path, bundles: tuple[Path, Path],
                                              tmp_path: Path) -> None:  # fmt: skip
    there = places.place(f"{home}/out")
    letter = there / "scores" / "province=31" / "old.parquet"
    letter.create(b"Dear all")
    with pytest.raises(UserError, match=r"holds files of no run \(scores\); name an empty folder"):
        _run(Request(source, f"{home}/out", bundles[0], work=tmp_path / "work"))
    assert _there(home) == ["scores/province=31/old.parquet"]
    letter.remove()

    job = batch.prepare(Request(source, f"{home}/new/out", bundles[0], work=tmp_path / "other"))
    late = places.place(f"{home}/new/out") / "scores" / "late.parquet"
    with pytest.raises(UserError, match=r"files of no run \(scores/late.parquet\)"):
        batch.run(job, begun=lambda: bool(late.create(b"Dear all")) and None)
    assert not (places.place(f"{home}/new/out") / runs.MANIFEST).is_file()


def test_what_a_url_asks_of_its_server_is_not_shown() -> None:
    url = "s3://id:secret@bucket/out?endpoint_override=127.0.0.1:9&scheme=http&region=x&allow_delayed_open=true"
    found = places.place(url) / "manifest.json"
    assert found.path == "bucket/out/manifest.json"
    assert str(found) == "s3://bucket/out/manifest.json"


def test_a_server_that_is_lost_is_named_whatever_its_package_raises(
    memory: Any, source: Path, bundles: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class LostError(Exception):
        """As of a package that does not take OSError."""

    def lost(*_: Any, **__: Any) -> None:
        raise LostError("nobody answers")

    memory.put(str(source), "/bucket/in", recursive=True)
    output = Request(source, "memory://bucket/out", bundles[0], work=tmp_path / "work")
    with monkeypatch.context() as patch:
        patch.setattr(type(memory), "info", lost)
        with pytest.raises(UserError, match="memory://bucket/out cannot be reached: LostError: nobody answers"):
            _run(output)
        with pytest.raises(UserError, match="memory://bucket/in cannot be read: LostError: nobody answers"):
            _run(Request("memory://bucket/in", tmp_path / "out", bundles[0]))
    with monkeypatch.context() as patch:
        patch.setattr(type(memory), "pipe_file", lost)
        with pytest.raises(UserError, match="memory://bucket/out cannot be written: LostError: nobody answers"):
            _run(output)


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
        patch.setattr(input_rows, "UNIT", least)
        found = input_rows.units(source, tuple(sizes))
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
        patch.setattr(input_rows, "UNIT", 5)
        found = input_rows.units(source, (10,))
    assert [unit.start for unit in found] == [0, 6]
    rows = [
        row for unit in found for batch in input_rows.batches(source, unit) for row in batch.column("_row").to_pylist()
    ]
    assert rows == list(range(10))
