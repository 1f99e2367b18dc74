"""Functions compiled by numba, kept beside the code or in the user's cache."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numba

Made = TypeVar("Made", bound=Callable[..., Any])
_OURS = Path(__file__).resolve().parent.parent
_IMPORT = re.compile(r"^from (models[.\w]*) import ", re.MULTILINE)


def compiled(function: Made) -> Made:
    """The function as machine code that lets other threads of Python run."""
    return _kept(function, parallel=False)


def spread(function: Made) -> Made:
    """The same, its `prange` loops over all threads of numba."""
    return _kept(function, parallel=True)


def kept(function: Callable[..., Any]) -> bool:
    """Whether an earlier process of this machine left the machine code of one of these."""
    home = function.stats.cache_path  # type: ignore[attr-defined]
    name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
    return home is not None and any(Path(home).glob(f"{name}-*.nbi"))


def sources(module: str) -> str:
    """SHA-256 over the text of a module and of all those of `models` that it imports, however far: machine code holds
    what they say, the functions that are called and the constants."""
    found: dict[str, bytes] = {}
    wanted = [module]
    while wanted:
        name = wanted.pop()
        path = _OURS.joinpath(*name.split(".")).with_suffix(".py")
        if name not in found and path.exists():
            found[name] = path.read_bytes()
            wanted += _IMPORT.findall(found[name].decode())
    return hashlib.sha256(b"\0".join(found[name] for name in sorted(found))).hexdigest()


def _kept(function: Made, *, parallel: bool) -> Made:
    # A look at every divisor would keep loops from being done several at a time; none here can be nought.
    own = {"nogil": True, "parallel": parallel, "error_model": "numpy"}
    try:
        with _folder(function.__module__):
            found: Made = numba.njit(**own, cache=True)(function)
    except RuntimeError:  # no folder to keep it in: compiled anew in every process
        found = numba.njit(**own)(function)
    return found


@contextmanager
def _folder(module: str) -> Iterator[None]:
    """Machine code is kept in a folder of its sources: numba looks at a function's own file alone, and would go on with
    the old code where one that it calls was changed in another file."""
    given = numba.config.CACHE_DIR
    beside = Path(sys.modules[module].__file__ or "").parent / "__pycache__"
    away = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jaga"
    home = Path(given) if given else beside if _writable(beside) else away
    numba.config.CACHE_DIR = str(home / f"numba-{sources(module)[:16]}")
    try:
        yield
    finally:
        numba.config.CACHE_DIR = given


def _writable(folder: Path) -> bool:
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)
