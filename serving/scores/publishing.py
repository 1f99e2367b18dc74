"""Publishing a run: checked, brought into the store, then shown to readers in one step; and one step back.

Everything happens in folders that no reader looks at, until one rename makes the run part of the store and another
replaces the link `current`. A reader that has resolved the link keeps reading its own run: a publication keeps the new
run, the one it replaces, the one that was replaced before, and every run that a reader has open, and removes all
others. So the files of a replaced run go with the second publication after its replacement at the earliest; those of a
run that was stepped back from, with the first.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from features.commands import UserError
from features.file_words import unwritable
from serving import places
from serving.batch.runs import MANIFEST, locked, refuse_added
from serving.places import Place
from serving.scores import claims, index, kept_run
from serving.scores.kept_run import INDEX, PREVIOUS, Run, check_size, hold, link, parse_manifest, read_run, run_name

CURRENT, RUNS = "current", "runs"
_HALF, _GONE = ".half", ".gone-"


@dataclass(frozen=True, slots=True)
class Published:
    """How a publication ended.

    Attributes
    ----------
    state : `published`, or `same` where the run answered already and is whole.
    name, previous : runs that answer now, and answered before; removed : runs whose files are gone.
    """

    state: Literal["published", "same"]
    name: str
    previous: str | None
    removed: tuple[str, ...]


def publish(store: Path, folder: str | Path, *, older: bool = False) -> Published:
    """Make a finished run of `jaga score` the one that answers; its folder (or URL) may be deleted afterwards.

    Files are hard links where the disk can do that, copies otherwise. Stopped at any moment, the store answers with
    the old run or with the new one, and the same call finishes the work.

    older : whether the run may take the place of one of a later date.

    Raises
    ------
    UserError : the folder holds no finished run or an older one than answers now, a file is not as its manifest says
        or not of the run (named), the store is held by another publication, or it is no store.
    """
    source = places.place(folder)
    text, manifest = _manifest(source)
    name = run_name(text, manifest["as_of"])
    with _held(store):
        _sweep(store)
        had, before = current(store), previous(store)
        if had is not None and date_of(had) > manifest["as_of"] and not older:
            raise UserError(
                f"{source} holds scores as of {manifest['as_of']}, older than those as of {date_of(had)} "
                f"that answer now; {_WAYS[0]}",
                f"{source} memuat skor per {manifest['as_of']}, lebih tua daripada yang per {date_of(had)} "
                f"yang kini menjawab; {_WAYS[1]}",
            )
        path = store / RUNS / name
        further = before if had == name else had
        if not _whole(path) or (had != name and _told_from_another(path, further)):
            _bring(source, path, manifest, text, further)
        elif had == name:
            return Published("same", name, before, ())
        elif further is not None:
            _point(path / PREVIOUS, f"../{further}")
        # The step back belongs to the run, so that this one link decides both what answers and what answered before.
        _point(store / CURRENT, f"{RUNS}/{name}")
        return Published("published", name, further, _remove(store, {name, had, before}))


def _manifest(source: Place) -> tuple[bytes, dict[str, Any]]:
    """The manifest of a finished run, as its bytes and read; what lies beside its files is no result of it."""
    try:
        if not (source / MANIFEST).is_file():
            raise UserError(
                f"{source} has no {MANIFEST}, so it holds no finished scores; let jaga score finish",
                f"{source} tidak memuat {MANIFEST}, jadi bukan skor yang selesai; biarkan jaga score selesai",
            )
        text = (source / MANIFEST).read()
        manifest = parse_manifest(text, source / MANIFEST)
        refuse_added(source, manifest["files"])
    except OSError as error:
        raise UserError(f"{source} cannot be read: {error}", f"{source} tidak dapat dibaca: {error}") from None
    return text, manifest


_WAYS = (
    "jaga scores back lets the run before answer again, --older publishes this one all the same",
    "jaga scores back membuat penilaian sebelumnya menjawab lagi, --older tetap menerbitkan yang ini",
)


def back(store: Path) -> Published:
    """Let the run that answered before answer again, in one step.

    Raises
    ------
    UserError : there is nothing further back, its files are not as they were, or another publication holds the store.
    """
    if current(store) is None:
        raise UserError(f"nothing is published in {store}", f"tidak ada yang terbit di {store}")
    with _held(store):
        _sweep(store)
        had, before = current(store), previous(store)
        if before is None:
            raise UserError(
                f"{had} is as far back as {store} goes; publish the folder of the run that is to answer",
                f"{had} adalah yang paling awal di {store}; terbitkan folder penilaian yang harus menjawab",
            )
        path = store / RUNS / before
        read_run(path)
        # Taken away first: stopped between the two, the current run still has its step back.
        (path / PREVIOUS).unlink(missing_ok=True)
        _point(store / CURRENT, f"{RUNS}/{before}")
        return Published("published", before, None, ())


@dataclass(frozen=True, slots=True)
class Checked:
    """Files of a published run that are as its manifest and its index say, byte by byte."""

    name: str
    files: int
    bytes: int


def check(store: Path) -> Checked:
    """Read every byte of the run that answers against its manifest and its index, and hold the manifest against the
    files (`serving.scores.claims`); readers look at sizes alone.

    Raises
    ------
    UserError : nothing is published, a file is not as it was, or says other than its manifest; the first one is named.
    """
    name = current(store)
    if name is None:
        raise UserError(f"nothing is published in {store}", f"tidak ada yang terbit di {store}")
    path = store / RUNS / name
    manifest = read_run(path).manifest
    files = manifest["files"] | json.loads((path / INDEX).read_bytes())["made"]
    for own, said in files.items():
        _check_bytes(path, own, said["sha256"], path)
    with kept_run.connect(path) as connection:
        claims.hold(connection, path, manifest)
    return Checked(name, len(files), sum(said["bytes"] for said in files.values()))


def date_of(name: str) -> str:
    """Date of the scores of a run, which its name begins with."""
    return name[: len("2026-03-31")]


def current(store: Path) -> str | None:
    """Name of the run that answers; None where nothing is published."""
    return _target(store / CURRENT)


def previous(store: Path) -> str | None:
    """Name of the run that `back` leads to; None where there is none."""
    own = current(store)
    name = None if own is None else _target(store / RUNS / own / PREVIOUS)
    return name if name is not None and (store / RUNS / name).is_dir() else None


def _target(link: Path) -> str | None:
    try:
        return os.path.basename(os.readlink(link))
    except FileNotFoundError:
        return None
    except OSError:
        raise UserError(
            f"{link} is no link of a score store; name another folder with --store",
            f"{link} bukan tautan penyimpanan skor; sebut folder lain dengan --store",
        ) from None


@contextmanager
def _held(store: Path) -> Iterator[None]:
    """Keep every other publication out; the hold ends with the process, however it ends."""
    if (store / MANIFEST).exists():
        raise UserError(
            f"{store} is the folder of a run; name another folder for the store with --store",
            f"{store} adalah folder sebuah penilaian; sebut folder lain untuk penyimpanan dengan --store",
        )
    for folder in (store, store / RUNS):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _private(folder, 0o700)
    busy = (f"another publication is writing to {store}; wait until it has ended",
            f"penerbitan lain sedang menulis ke {store}; tunggu sampai selesai")  # fmt: skip
    with locked(store, busy):
        yield


def _sweep(store: Path) -> None:
    """Remove what a publication that was stopped left unfinished."""
    shutil.rmtree(store / RUNS / _HALF, ignore_errors=True)
    for path in (store / RUNS).glob(f"{_GONE}*"):
        shutil.rmtree(path, ignore_errors=True)


def _whole(path: Path) -> bool:
    """Whether the store has this run, undamaged to the last byte."""
    try:
        manifest = read_run(path).manifest
        for name, said in manifest["files"].items():
            _check_bytes(path, name, said["sha256"], path)
    except UserError:
        return False
    return True


def _told_from_another(path: Path, further: str | None) -> bool:
    """Whether a whole run tells its changes from another run than the one that it is to take the place of."""
    return further is not None and read_run(path).before != further


def _check_bytes(home: Path, name: str, sha256: str, folder: Path | Place) -> None:
    """UserError where a file of `home` has other bytes; `folder` is the run that it came from, and is named."""
    with (home / name).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise UserError(
                f"{folder / name} is not as its manifest says (SHA-256); remove {folder}, and score and publish again",
                f"{folder / name} tidak seperti kata manifesnya (SHA-256); hapus {folder}, "
                "lalu nilai dan terbitkan lagi",
            )


def _bring(source: Place, path: Path, manifest: dict[str, Any], text: bytes, further: str | None) -> None:
    """Make the run a folder of the store, whole and checked, or not at all; a damaged one gives way to it.

    further : the run to step back to.
    """
    half = path.with_name(_HALF)
    half.mkdir(mode=0o700)
    try:
        _fill(source, half, path.name, manifest, _before(path, further))
        (half / MANIFEST).write_bytes(text)
        if further is not None:
            os.symlink(f"../{further}", half / PREVIOUS)
        _settle(half)
        if path.exists():
            os.rename(path, path.with_name(f"{_GONE}{path.name}"))
        os.rename(half, path)
    except BaseException as error:
        shutil.rmtree(half, ignore_errors=True)
        if isinstance(error, OSError):
            raise unwritable(path.parent, error) from None
        if isinstance(error, UserError):  # the half is gone: named is the file that it was made of
            own, english = (told.replace(str(half), str(source)) for told in error.words)
            raise UserError(english, own) from None
        raise
    _sync(path.parent)


def _before(path: Path, further: str | None) -> Run | None:
    """The run to tell changes from; None where there is none that can be read."""
    if further is None or path.name == further:
        return None
    try:
        return read_run(path.parent / further)
    except UserError:
        return None


def _fill(source: Place, half: Path, run: str, manifest: dict[str, Any], before: Run | None) -> None:
    for name, said in manifest["files"].items():
        (half / name).parent.mkdir(parents=True, exist_ok=True)
        if source.local is not None:
            if (source.local / name).is_symlink():
                raise UserError(
                    f"{source / name} is a link to a file elsewhere; put the file itself in its place",
                    f"{source / name} adalah tautan ke berkas lain; letakkan berkasnya sendiri di tempat itu",
                )
            check_size(source.local / name, said["bytes"])
            link(source.local / name, half / name)
        elif not (source / name).is_file():
            raise UserError(
                f"{source / name} is missing, and the manifest names it; score again",
                f"{source / name} tidak ada, padahal manifes menyebutnya; nilai lagi",
            )
        else:
            (source / name).get(half / name)
        # What is checked is what the store keeps, not what the folder may have become.
        check_size(half / name, said["bytes"])
        _check_bytes(half, name, said["sha256"], source)
    index.build(half, run, manifest, before)


def _settle(folder: Path) -> None:
    """Have everything on the disk, for its owner alone, before it gets its name."""
    for home, _, names in os.walk(folder):
        for name in names:
            if name != PREVIOUS:
                _private(Path(home, name), 0o600)
                _sync(Path(home, name))
        _private(Path(home), 0o700)
        _sync(Path(home))


def _private(path: Path, mode: int) -> None:
    with suppress(PermissionError):  # a link to a file of another account, in a folder of one's own
        path.chmod(mode)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _point(link: Path, target: str) -> None:
    """Make a relative link in one step: a reader sees the old target or the new one, never none."""
    half = link.with_name(f".{link.name}.half")
    half.unlink(missing_ok=True)
    os.symlink(target, half)
    os.replace(half, link)
    _sync(link.parent)


def _remove(store: Path, kept: set[str | None]) -> tuple[str, ...]:
    """Remove all runs but these and those that are read; each loses its name first, so that no half is a run."""
    old = sorted(path.name for path in (store / RUNS).iterdir() if path.name not in kept and path.name[0] != ".")
    gone = []
    for name in old:
        try:
            held = hold(store / RUNS / name, fcntl.LOCK_EX)
        except OSError:
            continue  # a reader has it open; a later publication removes it
        os.rename(store / RUNS / name, store / RUNS / f"{_GONE}{name}")
        os.close(held)
        shutil.rmtree(store / RUNS / f"{_GONE}{name}", ignore_errors=True)
        gone.append(name)
    return tuple(gone)
