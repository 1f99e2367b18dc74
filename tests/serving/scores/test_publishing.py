"""Scores that were changed, forged or only half there are never published, and one step back is always open."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow.parquet as pq
import pytest

from features.cli import main
from features.commands import UserError
from serving.access.rights import Areas
from serving.scores import claims, publishing, scores
from serving.scores.area_figures import series
from serving.scores.published import Published
from serving.scores.publishing import back, current, previous, publish
from tests.serving import registers, scored

ROWS = scored.rows(300)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """Five runs of different dates."""
    return [scored.write(tmp_path / f"run{day}", scored.rows(300, seed=day, as_of=f"2026-11-{day}"), most=100, group=50,
                         as_of=f"2026-11-{day}") for day in range(11, 16)]  # fmt: skip


def test_what_the_batch_writes_can_be_published(tmp_path: Path, bundles: tuple[Path, Path]) -> None:
    source = registers.write(tmp_path / "in", registers.tables())
    manifest = registers.score(source, tmp_path / "out", bundles[0]).manifest
    publish(tmp_path / "store", tmp_path / "out")
    with scores.open(tmp_path / "store") as own:
        best = own.top(100)
        assert len(best) == manifest["households"]["at_risk"] > 0
        assert {row["household_id"] for row in best} == set(own.households([row["household_id"] for row in best]))
        assert sum(row["households"] for row in own.distribution("regency")) == manifest["households"]["in"]
        assert own.labels == manifest["bundle"]["labels"]


def _names(store: Path) -> list[str]:
    return sorted(path.name for path in (store / "runs").iterdir())


def test_a_run_is_published_and_its_folder_may_go(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    link = runs[0] / sorted(json.loads((runs[0] / "manifest.json").read_text())["files"])[-1]
    done = publish(store, runs[0])
    assert (done.state, done.previous, done.removed) == ("published", None, ())
    assert re.fullmatch(r"2026-11-11-[0-9a-f]{12}", done.name)
    assert os.readlink(store / "current") == f"runs/{done.name}"
    assert link.stat().st_nlink == 2, "copied and not linked"
    shutil.rmtree(runs[0])
    with scores.open(store) as own:
        assert own.run.name == done.name
        assert len(own.top(1000)) == own.run.manifest["households"]["at_risk"]
    store.rename(tmp_path / "elsewhere")  # nothing in it names its place
    with scores.open(tmp_path / "elsewhere") as own:
        assert len(own.top(5)) == 5


def test_what_is_published_is_its_owners_alone_whatever_the_umask(tmp_path: Path, runs: list[Path]) -> None:
    before = os.umask(0o022)
    try:
        publish(tmp_path / "store", runs[0])
    finally:
        os.umask(before)
    found = [tmp_path / "store", *(tmp_path / "store" / "runs").rglob("*")]
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in found if not path.is_symlink()}
    assert modes == {True: 0o700, False: 0o600}
    assert {path.stat().st_mode & 0o077 for path in found if not path.is_symlink()} == {0}


def test_a_byte_that_was_changed_in_a_published_run_is_found_by_the_check(
    tmp_path: Path, runs: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    publish(store, runs[0])
    done = publishing.check(store)
    whole = [path for path in (store / "current").resolve().rglob("*") if path.is_file() and not path.is_symlink()]
    assert done.files == len(whole) - 2, "all but the manifest and the head of the index"
    assert main(["scores", "check", "--store", str(store), "--language", "en"]) == 0
    assert f"{done.files} files" in capsys.readouterr().out
    assert main(["scores", "check", "--store", str(store), "--language", "id"]) == 0
    assert re.search(r"\(\d+,\d MB\)", capsys.readouterr().out), "a decimal comma"
    for path in whole:
        if path.name in ("manifest.json", "index.json"):
            continue
        old = path.read_bytes()
        path.write_bytes(old[:-1] + bytes([old[-1] ^ 1]))
        with pytest.raises(UserError, match=re.escape(path.name)):
            publishing.check(store)
        path.write_bytes(old)
    assert publishing.check(store) == done


def test_a_run_that_was_published_by_a_forged_manifest_is_found_by_the_check(
    tmp_path: Path, runs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _spoil(runs[0], lambda said: (said.update(synthetic=False), said["run"].update(synthetic=False)))
    with monkeypatch.context() as patch:
        patch.setattr(claims, "hold", lambda *_: None)
        publish(tmp_path / "store", runs[0])
    with pytest.raises(UserError, match="synthetic is not what the manifest says"):
        publishing.check(tmp_path / "store")


def test_where_links_do_not_work_files_are_copied(tmp_path: Path, runs: list[Path],
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def refuse(*_: object) -> None:
        raise OSError("another disk")

    monkeypatch.setattr(os, "link", refuse)
    publish(tmp_path / "store", runs[0])
    with scores.open(tmp_path / "store") as own:
        assert own.run.files[0].path.stat().st_nlink == 1
        assert len(own.top(5)) == 5


def test_a_run_at_a_url_is_copied(tmp_path: Path, runs: list[Path]) -> None:
    memory = fsspec.filesystem("memory")
    try:
        memory.put(str(runs[0]), "/published/run", recursive=True)
        name = publish(tmp_path / "store", "memory://published/run").name
        assert name == publish(tmp_path / "plain", runs[0]).name
        kept = [{str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*") if path.is_file()}
                for store in (tmp_path / "store", tmp_path / "plain")]  # fmt: skip
        assert kept[0] == kept[1]
        file = next(iter(json.loads((runs[0] / "manifest.json").read_text())["files"]))
        memory.pipe_file(f"/published/run/{file}", bytes(memory.size(f"/published/run/{file}")))
        with pytest.raises(UserError, match=r"memory://published/run/.* \(SHA-256\)"):
            publish(tmp_path / "other", "memory://published/run")
        memory.rm_file(f"/published/run/{file}")
        with pytest.raises(UserError, match=f"memory://published/run/{file} is missing"):
            publish(tmp_path / "other", "memory://published/run")
        with pytest.raises(UserError, match="memory://published/nothing has no manifest"):
            publish(tmp_path / "other", "memory://published/nothing")
        assert current(tmp_path / "other") is None
    finally:
        memory.store.clear()
        memory.pseudo_dirs[:] = [""]


def test_a_file_that_somebody_added_is_named(tmp_path: Path, runs: list[Path]) -> None:
    file = next((runs[0] / "scores").rglob("*.parquet"))
    shutil.copy(file, file.with_name("more.parquet"))
    with pytest.raises(UserError, match=r"files that its run did not write \(scores/.*more\.parquet\)"):
        publish(tmp_path / "store", runs[0])
    assert current(tmp_path / "store") is None


def test_the_same_run_again_is_nothing_to_do(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    publish(store, runs[0])
    before = {path: path.lstat().st_mtime_ns for path in (store / "runs").rglob("*")}
    assert publish(store, runs[0]).state == "same"
    assert {path: path.lstat().st_mtime_ns for path in (store / "runs").rglob("*")} == before


def test_one_step_back_and_no_further(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    with pytest.raises(UserError, match="nothing is published"):
        back(store)
    first = publish(store, runs[0]).name
    with pytest.raises(UserError, match="as far back as"):
        back(store)
    second = publish(store, runs[1]).name
    assert (current(store), previous(store)) == (second, first)
    assert back(store).name == first == current(store)
    with pytest.raises(UserError, match="as far back as"):
        back(store)
    assert current(store) == first
    assert publish(store, runs[1]).state == "published"
    assert (current(store), previous(store)) == (second, first)
    with pytest.raises(UserError, match=r"as of 2026-11-11, older than those as of 2026-11-12 .* --older publishes"):
        publish(store, runs[0])
    assert (current(store), previous(store)) == (second, first)
    assert publish(store, runs[0], older=True).state == "published"  # not a step back, a step on
    assert (current(store), previous(store)) == (first, second)
    assert back(store).name == second


def test_a_replaced_run_goes_with_the_second_publication_after(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    names = []
    for at, folder in enumerate(runs):
        done = publish(store, folder)
        names.append(done.name)
        assert list(done.removed) == names[max(0, at - 3) : max(0, at - 2)]
        assert _names(store) == sorted(names[max(0, at - 2) :])
    back(store)
    assert _names(store) == sorted(names[-3:])


def _spoil(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "manifest.json"
    said = json.loads(path.read_text())
    change(said)
    path.write_text(json.dumps(said))


def _first(folder: Path) -> Path:
    return folder / min(name for name in json.loads((folder / "manifest.json").read_text())["files"] if "=31" in name)


def _resign(folder: Path, rows: Any) -> None:
    """Put other rows in a file, with the manifest agreeing in size and hash."""
    import hashlib

    path = _first(folder)
    pq.write_table(rows, path)
    name = path.relative_to(folder).as_posix()
    told = {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    _spoil(folder, lambda said: said["files"][name].update(told))


def _rewrite(act: Callable[[Any], Any]) -> Callable[[Path], None]:
    return lambda folder: _resign(folder, act(pq.ParquetFile(_first(folder)).read()))


def _link(folder: Path) -> None:
    path = _first(folder)
    path.rename(folder.parent / "elsewhere.parquet")
    path.symlink_to("../../../elsewhere.parquet")


def _flip(folder: Path) -> None:
    raw = bytearray(_first(folder).read_bytes())
    raw[100] ^= 1
    _first(folder).write_bytes(raw)


def _edit(**how: Any) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        name = _first(folder).relative_to(folder).as_posix()
        _spoil(folder, lambda said: said["files"][name].update(how))

    return act


_FILE = r"/run/scores/province=31/sintetis_part-00000\.parquet"
SPOILED: list[tuple[str, Callable[[Path], object], str]] = [
    ("no manifest", lambda folder: (folder / "manifest.json").unlink(), r"has no manifest\.json"),
    ("no json", lambda folder: (folder / "manifest.json").write_text("{"), r"manifest\.json is no manifest"),
    ("no counts", lambda folder: _spoil(folder, lambda said: said.pop("households")), "is no manifest of scores"),
    ("no date", lambda folder: _spoil(folder, lambda said: said.update(as_of="x")), "is no manifest of scores"),
    ("a list", lambda folder: (folder / "manifest.json").write_text("[]"), "is no manifest of scores"),
    ("out of the folder", lambda folder: _spoil(folder, lambda said: said["files"].update(
        {"scores/../../x": {"rows": 1, "bytes": 1, "sha256": ""}})), "no place in a run: scores/../../x"),
    ("absolute", lambda folder: _spoil(folder, lambda said: said["files"].update(
        {"/etc/passwd": {"rows": 1, "bytes": 1, "sha256": ""}})), "no place in a run: /etc/passwd"),
    ("over the index", lambda folder: _spoil(folder, lambda said: said["files"].update(
        {"index/ids.bin": {"rows": 1, "bytes": 1, "sha256": ""}})), "no place in a run: index/ids.bin"),
    ("old layout", lambda folder: _spoil(folder, lambda said: said["files"].update(
        {"scores/part-00000.parquet": {"rows": 1, "bytes": 1, "sha256": ""}})), "score again with this version"),
    ("a file less", lambda folder: _first(folder).unlink(), f"{_FILE} is missing"),
    ("shorter", lambda folder: os.truncate(_first(folder), 50), f"{_FILE} has 50 bytes"),
    ("other bytes", _flip, rf"{_FILE} is not as its manifest says \(SHA-256\)"),
    ("other rows", _edit(rows=7), f"{_FILE} has 100 rows and the manifest says 7"),
    ("other low", _edit(low="222222222222"), f"{_FILE}: its first and last household"),
    ("no high", _edit(high=None), f"{_FILE}: its first and last household"),
    ("a column less", _rewrite(lambda rows: rows.drop_columns(["risk"])), f"{_FILE}: risk not as in this version"),
    ("another type", _rewrite(lambda rows: rows.set_column(
        rows.column_names.index("risk"), "risk", rows.column("risk").cast("float32"))), f"{_FILE}: risk not as"),
    ("not sorted", _rewrite(lambda rows: rows.take(list(range(99, -1, -1)))), f"{_FILE}: its households do not stand"),
    ("there twice", _rewrite(lambda rows: rows.take([0, 0, *range(1, 99)])), f"{_FILE}: its households do not stand"),
    ("no code", _rewrite(lambda rows: rows.set_column(
        0, "household_id", [["3174012345678901"[:12]] * 100])), f"{_FILE} holds a household_id that is no code"),
    ("a raw id", _rewrite(lambda rows: rows.set_column(
        0, "household_id", [["3174012345678901"] * 100])), f"{_FILE} holds a household_id that is no code"),
    ("counts by province", lambda folder: _spoil(folder, lambda said: (
        said["provinces"]["31"].update({"in": 1}))), r"rows and the manifest's households differ \(31\)"),
    ("states by province", lambda folder: _spoil(folder, lambda said: (
        said["provinces"]["73"].update(at_risk=10**30))), r"rows and the manifest's households differ \(73\)"),
    ("one at risk less", lambda folder: _spoil(folder, lambda said: (
        said["households"].update(at_risk=said["households"]["at_risk"] - 1))), r"households differ \(in all\)"),
    ("not made up", lambda folder: _spoil(folder, lambda said: (
        said.update(synthetic=False), said["run"].update(synthetic=False))), f"{_FILE}: synthetic is not what the man"),
    ("not made up in one place", lambda folder: _spoil(folder, lambda said: said.update(synthetic=False)),
     "says in one place that the data are made up"),
    ("not made up, by metadata", _rewrite(lambda rows: rows.replace_schema_metadata({"jaga.synthetic": "false"})),
     f"{_FILE}: synthetic is not what the manifest says"),
    ("of another model", _rewrite(lambda rows: rows.replace_schema_metadata({"jaga.bundle": "f" * 64})),
     f"{_FILE}: bundle is not what the manifest says"),
    ("levels that fall", lambda folder: _spoil(folder, lambda said: said["bundle"].update(labels=[5, 3, 1, -1])),
     "is no manifest of scores"),
    ("a level that is no number", lambda folder: _spoil(folder, lambda said: said["bundle"].update(labels=["5"])),
     "is no manifest of scores"),
    *((f"no {name}", lambda folder, name=name: _spoil(folder, lambda said: said["bundle"].pop(name)),
       "is no manifest of scores") for name in ("labels", "poor_now")),
    ("no number of reasons", lambda folder: _spoil(folder, lambda said: said["run"].pop("reasons")),
     "is no manifest of scores"),
    ("a bundle of another name", lambda folder: _spoil(folder, lambda said: said["bundle"].update(name="<script>")),
     "is no manifest of scores"),
    ("deep", lambda folder: (folder / "manifest.json").write_text("[" * 100_000), "is no manifest of scores"),
    ("a link", _link, f"{_FILE} is a link to a file elsewhere"),
    ("counts in all", lambda folder: _spoil(folder, lambda said: (
        said["households"].update({"in": 1}))), r"rows and the manifest's households differ \(in all\)"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "words"), [pytest.param(act, words, id=name) for name, act, words in SPOILED])
def test_what_is_not_as_the_manifest_says_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    store = tmp_path / "store"
    scored.write(tmp_path / "good", ROWS.slice(0, 50), most=100)
    old = publish(store, tmp_path / "good").name
    scored.write(tmp_path / "run", ROWS, most=100)
    spoil(tmp_path / "run")
    with pytest.raises(UserError, match=words) as told:
        publish(store, tmp_path / "run")
    assert str(store) not in str(told.value), "nothing of the run is left there"
    assert _names(store) == [old]
    assert current(store) == old
    with scores.open(store) as own:
        assert len(own.top(5)) == 5


@pytest.mark.parametrize("name", ["manifest.json", "index/index.json", "index/ids.bin", "index/ranked/00000.parquet",
                                  "scores/province=31/sintetis_part-00000.parquet"])  # fmt: skip
@pytest.mark.parametrize("how", ["gone", "cut"])
def test_a_store_that_was_damaged_is_refused_by_name(tmp_path: Path, runs: list[Path], name: str, how: str) -> None:
    store = tmp_path / "store"
    first, second = (publish(store, runs[at]).name for at in (0, 1))
    path = store / "runs" / second / name
    path.unlink() if how == "gone" else os.truncate(path, 10)
    with pytest.raises(UserError, match=re.escape(name)):
        scores.open(store)
    if how == "gone":
        publish(store, runs[1])  # which mends it
        with scores.open(store) as own:
            assert own.run.name == second
            assert len(own.top(5)) == 5
    assert previous(store) == first
    assert back(store).name == first
    with scores.open(store) as own:
        assert len(own.top(5)) == 5


def test_publishing_again_mends_a_store_whose_bytes_have_changed(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    name = publish(store, runs[0]).name
    path = next((store / "runs" / name / "scores").rglob("*.parquet"))
    held = path.read_bytes()
    path.unlink()  # the folder that was published has the same file
    path.write_bytes(held[:100] + bytes([held[100] ^ 1]) + held[101:])
    assert publish(store, runs[0]).state == "published"
    assert next((store / "runs" / name / "scores").rglob("*.parquet")).read_bytes() == held
    assert publish(store, runs[0]).state == "same"


@pytest.mark.parametrize("text", [
    "{", "[]", "{}", '{"format": 0}', '{"format": 1, "made": {}, "files": {}, "ranked": []}',
])  # fmt: skip
def test_an_index_that_cannot_be_read_is_refused(tmp_path: Path, runs: list[Path], text: str) -> None:
    name = publish(tmp_path / "store", runs[0]).name
    (tmp_path / "store" / "runs" / name / "index" / "index.json").write_text(text)
    with pytest.raises(UserError, match=r"index\.json (cannot be read|is of another version); publish the run again"):
        scores.open(tmp_path / "store")
    assert publish(tmp_path / "store", runs[0]).state == "published"
    assert publish(tmp_path / "store", runs[0]).state == "same"


def test_an_index_that_points_to_the_wrong_file_is_not_believed(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    publish(store, runs[0])
    with scores.open(store) as own:
        code = pq.ParquetFile(own.run.files[0].path).read(["household_id"]).column(0)[0].as_py()
        bare = pq.ParquetFile(own.run.files[0].path).read().slice(1)
        pq.write_table(bare, own.run.files[0].path)
        with pytest.raises(UserError, match="does not hold a household that the index says"):
            own.household(code)


def test_a_folder_that_is_no_store_is_left_alone(tmp_path: Path, runs: list[Path]) -> None:
    with pytest.raises(UserError, match="is the folder of a run"):
        publish(runs[1], runs[0])
    with pytest.raises(UserError, match="no scores are published"):
        scores.open(tmp_path / "store")
    with pytest.raises(UserError, match="no run x"):
        scores.open_run(tmp_path / "store", "x")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "current").write_text("")
    with pytest.raises(UserError, match="is no link of a score store"):
        scores.open(tmp_path / "store")


def test_two_publications_at_once(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    publish(store, runs[0])
    with (store / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="another publication is writing"):
            publish(store, runs[1])
        with pytest.raises(UserError, match="another publication is writing"):
            back(store)
        with scores.open(store) as own:
            assert len(own.top(5)) == 5
    ends: list[str] = []

    def act(folder: Path) -> None:
        try:
            ends.append(publish(store, folder).name)
        except UserError:
            ends.append("refused")

    threads = [threading.Thread(target=act, args=(folder,)) for folder in runs[1:4]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert current(store) in ends
    with scores.open(store) as own:
        assert len(own.top(5)) == 5


def test_readers_see_the_old_run_or_the_new_one(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    publish(store, runs[0])
    expected = {}
    for folder in runs:
        own = publish(tmp_path / "other", folder).name
        with scores.open(tmp_path / "other") as found:
            expected[own] = (found.top(5), found.distribution(), found.run.manifest)
    over = threading.Event()
    seen: set[str] = set()
    wrong: list[str] = []

    def read() -> None:
        while not over.is_set():
            try:
                with scores.open(store) as own:
                    rows, counts, manifest = expected[own.run.name]
                    seen.add(own.run.name)
                    same = own.top(5) == rows and own.distribution() == counts and own.run.manifest == manifest
                    code = rows[0]["household_id"]
                    row = own.household(code)
                    if not same or row is None or row["as_of"] != own.as_of:
                        wrong.append(own.run.name)
            except Exception as error:
                wrong.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(2):
        for folder in runs[1:] if turn % 2 else runs[::-1]:
            publish(store, folder, older=True)
        back(store)
    over.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(seen) > 1


_NURSERY = """
import os, shutil, signal, sys, traceback
from pathlib import Path
import pandas, pyarrow.dataset  # else each child imports them anew
from serving.scores import claims, index, publishing, scores
from serving.scores.kept_run import run_name

store, *folders = (Path(name) for name in sys.argv[1:])
a, b, c = (run_name((folder / "manifest.json").read_bytes(), "2026-11-15") for folder in folders)
steps = [(os, name) for name in ("link", "rename", "replace", "symlink", "fsync", "unlink")]
steps += [(claims, "hold"), (index, "_rank"), (shutil, "rmtree"), (Path, "unlink"), (Path, "write_text")]

def deadly(call, left):
    def run(*arguments, **more):
        left[0] -= 1
        if left[0] == -1:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **more)
    return run

def child(act, nth=None):
    # Do `act` in a process of its own, killed at its step number `nth`; whether it was.
    pid = os.fork()
    if pid == 0:
        try:
            left = [nth]
            for home, name in steps if nth is not None else ():
                setattr(home, name, deadly(getattr(home, name), left))
            act()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    ended = os.waitpid(pid, 0)[1]
    assert ended in (0, signal.SIGKILL), ended
    return ended == signal.SIGKILL

def state():
    return publishing.current(store), publishing.previous(store)

def look():
    with scores.open(store) as own:
        best = own.top(3)
        assert len(best) == 3 and own.run.name == publishing.current(store)
        assert own.household(best[0]["household_id"])["risk"] == best[0]["risk"]
        assert sum(row["at_risk"] for row in own.distribution()) == own.run.manifest["households"]["at_risk"]

def put(number):
    return lambda: publishing.publish(store, folders[number])

back = lambda: publishing.back(store)
cases = {  # what was done before, what is killed, the state before it, and after it
    "first": ([], put(0), (None, None), (a, None)),
    "publish": ([put(0), put(1)], put(2), (b, a), (c, b)),
    "again": ([put(0), put(1), back], put(1), (a, None), (b, a)),
    "back": ([put(0), put(1)], back, (b, a), (a, None)),
}
for name, (before, act, old, new) in cases.items():
    reached = set()
    shutil.rmtree(store, ignore_errors=True)
    for each in before:
        child(each)
    base = store.with_name(name + "-before")
    if before:
        store.rename(base)
    for nth in range(10**6):
        shutil.rmtree(store, ignore_errors=True)
        if before:
            shutil.copytree(base, store, symlinks=True)
        assert state() == old
        dead = child(act, nth)
        found = state()
        assert found == new or (dead and found == old), (name, nth, found, old, new)
        reached.add(found)
        if found[0] is not None:
            child(look)
        if not dead:
            break
        if found == old or name != "back":  # the same call again ends what was begun; a second step back is refused
            child(act)
            assert state() == new, (name, nth, state(), new)
            assert not [path for path in (store / "runs").iterdir() if path.name.startswith(".")], (name, nth)
    assert reached == {old, new}, (name, reached)
    print(name, nth)
"""


@pytest.mark.slow
def test_killed_at_any_step_the_store_answers_with_the_old_run_or_the_new(tmp_path: Path) -> None:
    for seed, name in enumerate(("first", "second", "third")):
        draw = np.random.default_rng(seed)
        scored.write(tmp_path / name, scored.table("31", scored.numbers(60, draw), draw), most=40)
    call = [sys.executable, "-c", _NURSERY, *(str(tmp_path / name) for name in ("store", "first", "second", "third"))]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    counts = {line.split()[0]: int(line.split()[1]) for line in done.stdout.splitlines()}
    assert counts["first"] > 20
    assert counts["publish"] > 20
    assert counts["again"] > 4
    assert counts["back"] > 2


def test_what_a_stopped_publication_left_is_swept(tmp_path: Path, runs: list[Path]) -> None:
    store = tmp_path / "store"
    publish(store, runs[0])
    (store / "runs" / ".half" / "scores").mkdir(parents=True)
    (store / "runs" / ".gone-x").mkdir()
    publish(store, runs[1])
    assert not [name for name in _names(store) if name.startswith(".")]


def test_a_full_disk_is_told(tmp_path: Path, runs: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store = tmp_path / "store"
    publish(store, runs[0])
    monkeypatch.setattr(publishing, "_settle", full)
    with pytest.raises(UserError, match=r"cannot be written \(no room is left\)"):
        publish(store, runs[1])
    assert len(_names(store)) == 1


def test_the_latest_run_after_an_older_one_tells_its_changes_from_it_and_a_service_sees_that(
    tmp_path: Path, runs: list[Path]
) -> None:
    store = tmp_path / "store"
    publish(store, runs[3])
    service = Published(store)
    first = service.current()
    assert first is not None
    assert first.run.before is None
    older = publish(store, runs[0], older=True).name
    again = publish(store, runs[3])  # nobody asked in between
    now, before = service.current(), service.before()
    assert now is not None
    assert before is not None
    assert (now.run.name, now.run.before, before.run.name) == (again.name, older, older)
    assert [point.as_of.isoformat() for point in series(now, Areas(("",)))][:1] == ["2026-11-11"]
    assert len(first.top(5)) == 5, "who read it before reads on"
    assert service.current() is now, "opened once"
    assert publish(store, runs[3]).state == "same"
    assert service.current() is now
