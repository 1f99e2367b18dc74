"""Why a file cannot be read or written, in Bahasa Indonesia and English: the system says it in English alone."""

from __future__ import annotations

import errno
import json
from pathlib import Path

from features.commands import UserError

Pair = tuple[str, str]
"""Bahasa Indonesia, English."""

_WHY: tuple[tuple[type[Exception], Pair], ...] = (
    (FileNotFoundError, ("tidak ada", "there is none")),
    (FileExistsError, ("itu sebuah berkas", "it is a file")),
    (NotADirectoryError, ("jalurnya melewati berkas, bukan folder", "its path goes through a file, not a folder")),
    (IsADirectoryError, ("itu sebuah folder", "it is a folder")),
    (PermissionError, ("hak Anda tidak mengizinkannya", "your rights do not allow it")),
    (UnicodeDecodeError, ("bukan teks UTF-8", "it is no UTF-8 text")),
    (json.JSONDecodeError, ("bukan JSON yang sah", "it is no valid JSON")),
    (ValueError, ("bukan jalur berkas", "it is no path of a file")),
)


def why(error: Exception) -> Pair:
    """Why, by the kind of the error; of another kind its number, which the system's manual tells."""
    number = getattr(error, "errno", None)
    if number == errno.ENOSPC:
        return "tempatnya penuh", "no room is left"
    other = (f"galat sistem {number}", f"error {number} of the system")
    return next((words for kind, words in _WHY if isinstance(error, kind)), other)


def unreadable(path: Path, error: Exception) -> UserError:
    """That a file cannot be read."""
    own, english = why(error)
    return UserError(f"{path}: cannot be read ({english})", f"{path}: tidak dapat dibaca ({own})")


def unwritable(path: Path, error: Exception) -> UserError:
    """That a file cannot be written."""
    own, english = why(error)
    return UserError(f"{path} cannot be written ({english})", f"{path} tidak dapat ditulis ({own})")
