"""Where files lie: this machine, or object storage by URL (s3://, gs://, abfs://, or any scheme that fsspec knows)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.fs as pafs

from features.commands import UserError

_NATIVE = ("file", "s3", "gs", "gcs", "abfs", "abfss", "hdfs")
"""Schemes that Arrow reads and writes itself; all others go through fsspec."""


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Errors as OSError: each package that fsspec uses has kinds of its own for a lost server or missing keys."""
    try:
        yield
    except (OSError, NotImplementedError):
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder of a file system."""

    system: Any
    path: str
    shown: str

    @property
    def name(self) -> str:
        """Last part of the path."""
        return PurePosixPath(self.path).name

    @property
    def above(self) -> Place:
        """The folder that it lies in."""
        shown = self.shown.rstrip("/")
        return Place(self.system, str(PurePosixPath(self.path).parent),
                     shown.rpartition("/")[0] if "/" in shown else str(PurePosixPath(self.path).parent))  # fmt: skip

    @property
    def suffix(self) -> str:
        """Ending, with its dot."""
        return PurePosixPath(self.path).suffix

    @property
    def size(self) -> int:
        """Bytes of a file."""
        return int(self._seen().size)

    @property
    def stamp(self) -> list[int]:
        """Bytes of a file and when it was last written (ns; 0 where nobody says), which change when it does."""
        found = self._seen()
        return [int(found.size), found.mtime_ns or self._written()]

    def _written(self) -> int:
        if not isinstance(self.system, pafs.PyFileSystem):
            return 0
        try:
            return round(self.system.handler.fs.modified(self.path).timestamp() * 1e9)
        except NotImplementedError:
            return 0

    @_as_os_error()
    def _seen(self) -> Any:
        return self._now().get_file_info(self.path)

    def _now(self) -> Any:
        """The file system, not what it remembers of an earlier look: another machine may have written since."""
        if isinstance(self.system, pafs.PyFileSystem):
            self.system.handler.fs.invalidate_cache()
        return self.system

    def __str__(self) -> str:
        return self.shown

    def __truediv__(self, name: str) -> Place:
        return Place(self.system, f"{self.path.rstrip('/')}/{name}", f"{self.shown.rstrip('/')}/{name}")

    def is_dir(self) -> bool:
        """Whether it is a folder (or, in object storage, the start of a name)."""
        return bool(self._seen().type == pafs.FileType.Directory)

    def is_file(self) -> bool:
        """Whether it is a file."""
        return bool(self._seen().type == pafs.FileType.File)

    @_as_os_error()
    def below(self) -> list[str]:
        """Paths from here of all files below a folder, in order; none where it is not there."""
        found = self._now().get_file_info(pafs.FileSelector(self.path, recursive=True, allow_not_found=True))
        return sorted(info.path[len(self.path.rstrip("/")) + 1 :] for info in found if info.type == pafs.FileType.File)

    def files(self) -> list[Place]:
        """All files below a folder, in the order of their paths."""
        return [self / name for name in self.below()]

    @_as_os_error()
    def open(self) -> Any:
        """The file for reading, at any place in it."""
        return self.system.open_input_file(self.path)

    @_as_os_error()
    def read(self) -> bytes:
        """The whole file."""
        with self.system.open_input_stream(self.path) as file:
            return bytes(file.read())

    @_as_os_error()
    def names(self) -> list[str]:
        """Names of the files and folders that lie in a folder itself, in order; none where it is not there."""
        found = self._now().get_file_info(pafs.FileSelector(self.path, allow_not_found=True))
        return sorted(info.base_name for info in found)

    @_as_os_error()
    def is_as_told(self, said: Mapping[str, Any], *, whole: bool = True) -> bool:
        """Whether a file is there with the size and, where `whole`, the SHA-256 of it that
        `serving.batch.runs.told` said."""
        if not self.is_file() or self.size != said["bytes"]:
            return False
        if not whole:
            return True
        with self.system.open_input_stream(self.path, compression=None) as file:
            return bool(hashlib.file_digest(file, "sha256").hexdigest() == said["sha256"])

    @_as_os_error()
    def create(self, data: bytes) -> bool:
        """Write a small file where there is none; whether this call wrote it.

        Where the file system has no writing that fails on a file that is there (Arrow's own object storage has none),
        the last of two that write at the same moment stays: who must be alone reads what is there afterwards.
        """
        self.system.create_dir(str(PurePosixPath(self.path).parent), recursive=True)
        try:
            if self.local is not None:
                with self.local.open("xb") as file:
                    file.write(data)
                return True
            if isinstance(self.system, pafs.PyFileSystem):
                self.system.handler.fs.pipe_file(self.path, data, mode="create")
                return True
        except FileExistsError:
            return False
        except (NotImplementedError, TypeError, ValueError):
            pass  # a file system of fsspec that does not know this mode
        if self.is_file():
            return False
        with self.system.open_output_stream(self.path, compression=None) as out:
            out.write(data)
        return True

    @_as_os_error()
    def remove(self) -> None:
        """Remove a file."""
        self.system.delete_file(self.path)

    @property
    def local(self) -> Path | None:
        """The path, where it lies on this machine."""
        return Path(self.path) if isinstance(self.system, pafs.LocalFileSystem) else None

    @_as_os_error()
    def get(self, target: Path) -> None:
        """Copy the file to this machine."""
        with self.system.open_input_stream(self.path, compression=None) as file, target.open("wb") as out:
            while block := file.read(8 << 20):
                out.write(block)

    @_as_os_error()
    def put(self, source: Path) -> None:
        """Write a file of this machine here; object storage shows it whole or not at all."""
        self.system.create_dir(str(PurePosixPath(self.path).parent), recursive=True)
        with source.open("rb") as file, self.system.open_output_stream(self.path, compression=None) as out:
            while block := file.read(8 << 20):
                out.write(block)


def is_url(text: str | Path) -> bool:
    """Whether a place is named by a URL."""
    return "://" in str(text)


def shown(text: str | Path) -> str:
    """A path or URL as it may be told: without a password and without what is asked of the server."""
    return re.sub(r"://[^/@]*:[^/@]*@", "://", str(text).partition("?")[0]) if is_url(text) else str(text)


def place(text: str | Path) -> Place:
    """The place that a path or URL names.

    Raises
    ------
    UserError : the URL cannot be used: its scheme is not known, or what it needs is not installed.
    """
    if not is_url(text):
        path = Path(text).absolute()
        return Place(pafs.LocalFileSystem(), path.as_posix(), str(text))
    url = str(text)
    try:
        if url.partition("://")[0] in _NATIVE:
            system, path_in = pafs.FileSystem.from_uri(url)
            return Place(system, path_in, shown(url))
        import fsspec

        found, path_in = fsspec.core.url_to_fs(url)
        return Place(pafs.PyFileSystem(pafs.FSSpecHandler(found)), path_in, shown(url))
    except (ImportError, ValueError, OSError, pa.ArrowException) as error:
        raise UserError(f"{shown(url)} cannot be reached: {error}") from None
