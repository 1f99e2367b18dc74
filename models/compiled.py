"""Functions compiled by numba, kept beside the code or in the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

Made = TypeVar("Made", bound=Callable[..., Any])


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


def _kept(function: Made, *, parallel: bool) -> Made:
    try:
        found: Made = numba.njit(nogil=True, cache=True, parallel=parallel)(function)
    except RuntimeError:  # no folder to keep it in: compiled anew in every process
        found = numba.njit(nogil=True, parallel=parallel)(function)
    return found
