"""An append-only log as JSON lines, each line bound to the one before by its hash, the last one signed.

The hashes show that no line was changed or taken out of the middle; the signed head shows that none was cut off the
end and that a holder of the key wrote them (`features.keys`, the `seal` key).
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from features.commands import UserError

START = "0" * 64
"""What the first line is bound to."""


class ChainError(UserError):
    """A log that cannot be trusted; the message names the first line that is wrong."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log: `count` lines in `size` bytes, the last with hash `last`."""

    count: int
    size: int
    last: str

    def seal(self, key: bytes, purpose: str = "") -> str:
        """Signature of this head: HMAC-SHA256 in hex.

        purpose : what the log is for, one word, where it is neither the audit log nor the record of promotion: the head
        of one log vouches for no other.
        """
        told = f"{self.count} {self.size} {self.last}"
        return hmac.new(key, (f"{purpose} {told}" if purpose else told).encode(), hashlib.sha256).hexdigest()


def link(previous: str, number: int, body: Mapping[str, Any]) -> str:
    """Hash of line `number` (from 1) over its body and the hash of the line before, 64 hex digits."""
    return hashlib.sha256(f"{previous} {number} {_canonical(body)}".encode()).hexdigest()


def append(path: Path, body: Mapping[str, Any], key: bytes, *, purpose: str = "", mode: int = 0o666) -> int:
    """Add one line and return its number, from 1.

    purpose : as of `Head.seal`. mode : of files that are made, less the umask.

    Writers wait for each other. The line is on disk before the head that counts it, and the head is replaced in one
    step; what a writer left behind that stopped between the two was never counted, and is set aside.

    Raises
    ------
    ChainError : the head is missing, or was not signed with this key.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        head = read_head(path, key, purpose)
        _set_aside(path, head.size, mode)
        number = head.count + 1
        last = link(head.last, number, body)
        line = _canonical({"n": number, "previous": head.last, "body": body, "hash": last}).encode() + b"\n"
        with _added_to(path, mode) as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        _write_head(path, Head(number, head.size + len(line), last), key, purpose)
    return number


def verify(path: Path, key: bytes) -> int:
    """Number of lines of a log in which every line and the head are as they were written; see `bodies`."""
    return sum(1 for _ in bodies(path, key))


def bodies(path: Path, key: bytes, purpose: str = "") -> Iterator[dict[str, Any]]:
    """Bodies of a log in order, each after it was verified; the head before the first, the end after the last.

    Raises
    ------
    ChainError : naming the first broken line.
    """
    head = read_head(path, key, purpose)
    previous, number = START, 0
    if path.exists():
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if number > head.count:
                    raise ChainError(f"{path.name} line {number} was added without the key",
                                     f"{path.name} baris {number} ditambahkan tanpa kunci")  # fmt: skip
                previous, body = _checked(path, line, number, previous)
                yield body
    if number < head.count:
        raise ChainError(f"{path.name} line {number + 1} is missing: {head.count} were written, {number} are there",
                         f"{path.name} baris {number + 1} hilang: {head.count} ditulis, {number} ada")  # fmt: skip
    if previous != head.last:
        raise ChainError(f"{path.name} line {number} is not the one that was signed",
                         f"{path.name} baris {number} bukan yang ditandatangani")  # fmt: skip


def hash_at(path: Path, key: bytes, number: int) -> str | None:
    """Hash of one line of a log that was verified up to it, that before the first for 0; None where there is no such
    line."""
    last, count = START, 0
    for body in bodies(path, key):
        if count == number:
            break
        count += 1
        last = link(last, count, body)
    return last if count == number else None


def head_file(path: Path) -> Path:
    """Where the signed end of a log is kept."""
    return path.with_name(path.name + ".head")


def read_head(path: Path, key: bytes, purpose: str = "") -> Head:
    """The signed end of a log of this purpose; that of an empty one where neither log nor head are there."""
    file = head_file(path)
    if not file.exists():
        if path.exists() and path.stat().st_size:
            raise ChainError(f"{path.name} line 1 cannot be trusted: {file.name}, the signed head, is missing",
                             f"{path.name} baris 1 tidak dapat dipercaya: {file.name}, ujung yang ditandatangani, "
                             "hilang")  # fmt: skip
        return Head(0, 0, START)
    try:
        stored = json.loads(file.read_text())
        head = Head(int(stored["count"]), int(stored["size"]), str(stored["last"]))
        seal = str(stored["seal"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ChainError(f"{file.name} cannot be read", f"{file.name} tidak dapat dibaca") from None
    if not hmac.compare_digest(seal.encode(), head.seal(key, purpose).encode()):
        raise ChainError(f"{file.name} was altered, is that of another log, or signed with the key of another "
                         "installation (see JAGA_KEYS)",
                         f"{file.name} diubah, milik log lain, atau ditandatangani dengan kunci instalasi lain (lihat "
                         "JAGA_KEYS)")  # fmt: skip
    return head


def _checked(path: Path, line: bytes, number: int, previous: str) -> tuple[str, dict[str, Any]]:
    try:
        stored = json.loads(line)
        body, own = stored["body"], stored["hash"]
        sound = stored["n"] == number and stored["previous"] == previous and own == link(previous, number, body)
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise ChainError(f"{path.name} line {number} was altered, moved or cut",
                         f"{path.name} baris {number} diubah, dipindah, atau dipotong")  # fmt: skip
    return own, body


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.with_name(path.name + ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _added_to(path: Path, mode: int) -> BinaryIO:
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, mode))


def _set_aside(path: Path, size: int, mode: int) -> None:
    """Move bytes that no head counts to `<name>.unsealed`: they were never promised, but may be of interest."""
    if not path.exists() or path.stat().st_size <= size:
        return
    with path.open("r+b") as file:
        file.seek(size)
        with _added_to(path.with_name(path.name + ".unsealed"), mode) as aside:
            aside.write(file.read())
        file.truncate(size)


def _write_head(path: Path, head: Head, key: bytes, purpose: str) -> None:
    content = {"count": head.count, "size": head.size, "last": head.last, "seal": head.seal(key, purpose)}
    handle, name = tempfile.mkstemp(prefix=".head-", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(_canonical(content) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, head_file(path))
    except BaseException:
        os.unlink(name)
        raise
