"""Arrays by name from the bytes of an npz file, as numpy writes it: known names, plain numbers and text, no more bytes
than its directory says. Nothing in it is run."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import numpy as np

from features.types import Array

MOST = 64 << 20
"""Bytes of all arrays at most, unpacked, where the file itself has not as many."""


def read(content: bytes, known: Callable[[str], bool]) -> dict[str, Array]:
    """The arrays of a file; known : whether an array of this name belongs in it.

    Raises
    ------
    ValueError : it is no such file, it holds an array that does not belong in it, or one of another size than it says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            members = file.infolist()
            names = [one.filename.removesuffix(".npy") for one in members]
            if len({*names}) < len(names) or not all(map(known, names)):
                raise ValueError("it holds an array that does not belong in it")
            if sum(one.file_size for one in members) > max(MOST, len(content)):
                raise ValueError("its arrays are too large")
            return {name: _array(file.read(one)) for name, one in zip(names, members, strict=True)}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"no file of arrays ({type(error).__name__})") from None


def _array(content: bytes) -> Array:
    file = io.BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array of another format")
    try:
        shape, by_column, kind = np.lib.format.read_array_header_1_0(file)
    except (SyntaxError, TypeError, RecursionError, MemoryError):
        raise ValueError("an array without its shape") from None
    if kind.kind not in "fiubU":
        raise ValueError("an array of neither numbers nor text")
    values = np.frombuffer(content, kind, offset=file.tell()) if kind.itemsize else np.empty(0, kind)
    return values.reshape(shape, order="F" if by_column else "C").copy()
