"""The file that `--json FILE` names: whole or not at all where it is a file, else written through.

A device, a pipe or what a shell redirects stays what it is; a link goes on pointing at the file that is replaced.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from pathlib import Path

from features import file_words, halves

_PASSED_ON = ("/dev/", "/proc/")
"""What lies here is another's open file, even where it leads to a regular one."""
_OPEN = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")
_STANDARD = {"/dev/stdout": 1, "/dev/stderr": 2}


def write(path: Path | None, text: str) -> None:
    """Write an answer where one was asked for.

    Raises
    ------
    UserError : it cannot be written there.
    """
    if path is None:
        return
    try:
        if _through(path):
            sys.stdout.flush()
            # What is open goes on where it stands: opened anew, a file that a shell appends to would be emptied.
            number = _descriptor(path)
            with open(path if number is None else os.dup(number), "w", encoding="utf-8") as file:
                file.write(text)
            return
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        half = halves.of(target)
        try:
            half.write_text(text, encoding="utf-8")
            if target.exists():
                shutil.copymode(target, half)
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise file_words.unwritable(path, error) from None


def writable(path: Path | None) -> None:
    """UserError where an answer could not be written: told before the work, not after it."""
    if path is None:
        return
    try:
        if _through(path):
            if path.is_dir():
                raise IsADirectoryError(21, "it is a folder")
            if not os.access(path, os.W_OK):
                raise PermissionError(13, "Permission denied")
            return
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        probe = halves.of(target)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise file_words.unwritable(path, error) from None


def _descriptor(path: Path) -> int | None:
    """The open file of this process that a path is."""
    own = os.path.abspath(path)
    found = _OPEN.fullmatch(own)
    return int(found[1]) if found else _STANDARD.get(own)


def _through(path: Path) -> bool:
    """Whether what stands there is no regular file of the path's own."""
    if os.path.abspath(path).startswith(_PASSED_ON):
        return True
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False
