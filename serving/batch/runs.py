"""The folder of one run: locked, planned, filled part by part, then published at once.

While a run works, scores lie in `.work`; nobody sees half of them. The manifest is written last: a folder without it
holds no results.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from features import halves
from features.commands import UserError
from features.file_words import why
from serving.places import Place, place

MANIFEST = "manifest.json"
SYNTHETIC = "sintetis_"
"""Start of the name of every file of made-up data."""
_LOCK, _WORK, _PLAN = ".lock", ".work", "plan.json"
"""Of this process: on machines that share a folder, two processes may have one number."""
_TELL = {"input": ("input", "masukan"), "bundle": ("bundle", "model"),
         "as_of": ("date of the scores", "tanggal skor"), "parts": ("number of parts", "jumlah bagian"),
         "reasons": ("number of reasons", "jumlah alasan"), "synthetic": ("label of the data", "tanda data"),
         "version": ("version of Jaga", "versi Jaga"), "format": ("format", "format"),
         "headcounts": ("file of headcounts", "berkas jumlah penduduk miskin")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A folder that this process holds.

    Attributes
    ----------
    plan : what makes the run the run it is; any difference is another run.
    """

    folder: Path
    plan: dict[str, Any]

    @property
    def work(self) -> Path:
        """Where unfinished things lie."""
        return self.folder / _WORK

    @property
    def prefix(self) -> str:
        """Start of every file's name: synthetic results say so in it."""
        return SYNTHETIC if self.plan["synthetic"] else ""

    @property
    def said(self) -> dict[str, str]:
        """What every file says of the run in its metadata."""
        return {name: str(self.plan[name]).lower() if name == "synthetic" else str(self.plan[name])
                for name in ("format", "bundle", "as_of", "synthetic")}  # fmt: skip

    @property
    def pieces(self) -> Path:
        """Where the input lies cut into parts."""
        return self.work / "cut"

    def scored(self, part: int) -> Path:
        """A part's score rows, until those of all parts are put together."""
        return self.work / "scored" / f"{part:05d}.arrow"

    def scores(self, province: str, number: int) -> Path:
        """A file of score rows, where it is written until all are there."""
        return self.work / "scores" / f"province={quote(province, safe='')}" / f"{self.prefix}part-{number:05d}.parquet"

    def quarantine(self, part: int | str) -> Path:
        """A part's rows that were kept out, to be read at any time."""
        name = part if isinstance(part, str) else f"{part:05d}"
        return self.folder / "quarantine" / f"{self.prefix}part-{name}.parquet"

    def note(self, part: int) -> Path:
        """What a finished part says of itself; while it is not there, the part is not finished."""
        return self.work / "notes" / f"{part:05d}.json"


@contextmanager
def locked(folder: Path, busy: tuple[str, str]) -> Iterator[None]:
    """Keep every other process that asks out of the folder; the hold ends with this one, however it ends.

    Raises
    ------
    UserError : another process holds it; `busy` says so, in English and Bahasa Indonesia.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = (folder / _LOCK).open("a")
    except (FileExistsError, NotADirectoryError, FileNotFoundError, PermissionError) as error:
        raise UserError(
            f"{folder} cannot be a folder to write to: {why(error)[1]}",
            f"{folder} tidak dapat menjadi folder untuk ditulisi: {why(error)[0]}",
        ) from None
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(*busy) from None
        yield


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep every other run out of the folder."""
    busy = (f"another run is writing to {folder}; wait for it or name another folder",
            f"penilaian lain sedang menulis ke {folder}; tunggu, atau sebut folder lain")  # fmt: skip
    with locked(folder, busy):
        yield


def published(folder: Path | Place, plan: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any] | None:
    """The manifest of this run where it is finished, None where there is none.

    whole : look at the bytes of its files too, not at their sizes alone.

    Raises
    ------
    UserError : it is another run's, its files are not as it says, or others lie among them.
    """
    where = place(folder) if isinstance(folder, Path) else folder
    path = where / MANIFEST
    try:
        if not path.is_file():
            return None
        manifest: dict[str, Any] = json.loads(path.read())
        had, files = manifest["run"], manifest["files"].items()
        agree(folder, had, plan)
        for name, said in files:
            if not (where / name).is_as_told(said, whole=whole):
                raise UserError(
                    f"{where / name} is not as the manifest says; remove {folder} and score again",
                    f"{where / name} tidak seperti kata manifes; hapus {folder} dan nilai lagi",
                )
        refuse_added(where, manifest["files"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(
            f"{path} is no manifest of scores; name another folder", f"{path} bukan manifes skor; sebut folder lain"
        ) from None
    except OSError as error:
        raise UserError(f"{folder} cannot be reached: {error}", f"{folder} tidak dapat dicapai: {error}") from None
    return manifest


def refuse_strangers(folder: Path | Place, found: Collection[str], own: Collection[str]) -> None:
    """UserError where a folder holds files that are no run's; `own` are those of this one."""
    strangers = sorted(set(found) - set(own))
    if strangers:
        raise UserError(
            f"{folder} holds files of no run ({', '.join(strangers[:3])}); name an empty folder",
            f"{folder} memuat berkas yang bukan dari penilaian ({', '.join(strangers[:3])}); sebut folder yang kosong",
        )


_RESULTS = ("scores", "quarantine")
"""Folders whose every file is taken for a result."""


def refuse_added(folder: Place, own: Collection[str]) -> None:
    """UserError where a finished run's folders of results hold files that are not its `own`: readers would count them.

    What a lost worker left half written is no such file: its name ends as no result's does.
    """
    found = [f"{home}/{name}" for home in _RESULTS for name in (folder / home).below() if not name.endswith(halves.END)]
    added = sorted(set(found) - set(own))
    if added:
        raise UserError(
            f"{folder} holds files that its run did not write ({', '.join(added[:3])}), and readers would "
            "count them; take them out",
            f"{folder} memuat berkas yang tidak ditulis penilaiannya ({', '.join(added[:3])}), "
            "dan pembaca akan ikut menghitungnya; keluarkan",
        )


def taken_up(folder: Path, plan: Mapping[str, Any]) -> bool:
    """Whether a folder holds this run's work, begun and not finished. Writes nothing.

    Raises
    ------
    UserError : it holds another run's work, or files that are no run's.
    """
    path = folder / _WORK / _PLAN
    if path.exists():
        agree(folder, json.loads(path.read_text()), plan)
        return True
    if folder.is_dir():
        refuse_strangers(folder, [item.name for item in folder.iterdir()], (_LOCK, _WORK))
    return False


def open_run(folder: Path, plan: dict[str, Any]) -> Run:
    """Begin or take up a run in a held folder.

    Raises
    ------
    UserError : the folder holds another run's work, or files that are no run's.
    """
    run = Run(folder, plan)
    try:
        begun = taken_up(folder, plan)
    except UserError:
        if not run.work.exists():
            (folder / _LOCK).unlink(missing_ok=True)
        raise
    if not begun:
        write_json(run.work / _PLAN, plan)
    for home in (run.pieces, run.scored(0).parent, run.work / "scores", run.quarantine(0).parent, run.note(0).parent):
        home.mkdir(parents=True, exist_ok=True)
    for lost in folder.rglob(f".*{halves.END}"):  # of a process that was killed, or found no room
        lost.unlink(missing_ok=True)
    if (folder / "scores").exists():  # stopped between moving the scores and writing the manifest
        (run.work / "scores").rmdir()
        os.rename(folder / "scores", run.work / "scores")
    return run


def agree(folder: Path | Place, had: Mapping[str, Any], plan: Mapping[str, Any]) -> None:
    """UserError that names what differs between the folder's run and this one."""
    odd = [words for name, words in _TELL.items() if had.get(name) != plan.get(name)]
    if odd:
        english, own = (", ".join(words) for words in zip(*odd, strict=True))
        raise UserError(
            f"{folder} holds a run with another {english}; results are never mixed: name another folder or remove this "
            "one",
            f"{folder} memuat penilaian lain ({own} berbeda); hasil tidak pernah dicampur: sebut folder lain atau "
            "hapus yang ini",
        )


def publish(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Show the scores and, last of all, the manifest that makes them results."""
    os.rename(folder / _WORK / "scores", folder / "scores")
    write_json(folder / MANIFEST, manifest)
    clean(folder)


def clean(folder: Path) -> None:
    """Remove what only an unfinished run needs."""
    shutil.rmtree(folder / _WORK, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own = halves.of(path)
    own.write_text(as_json(value))
    settle(own, path)


def as_json(value: Any) -> str:
    """The text that `write_json` writes: equal values are equal bytes."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def remove(folder: Path) -> None:
    """Remove a run that was sent elsewhere."""
    for item in folder.iterdir():
        if item.is_dir():
            shutil.rmtree(item)
        elif item.name != _LOCK:
            item.unlink()


def read_json(path: Path) -> Any:
    """What `write_json` wrote."""
    return json.loads(path.read_text())


def settle(half: Path, path: Path, *, checked: bool = False) -> int:
    """Give a file that was written under another name its own, once it is on the disk; its size in bytes.

    checked : its SHA-256 is looked at before another start uses it, so that it need not be waited for: what a loss of
        power takes of it is made again.
    """
    with half.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not checked:
            os.fsync(file.fileno())
    os.replace(half, path)
    return size


def told(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        return {"bytes": os.fstat(file.fileno()).st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def is_as_told(path: Path, said: Mapping[str, Any]) -> bool:
    """Whether a file is there with the size and SHA-256 that `told` said of it."""
    return path.is_file() and all(said[key] == value for key, value in told(path).items())
