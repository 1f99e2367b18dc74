"""Functions compiled by numba, kept beside the code or in the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Made = TypeVar("Made", bound=Callable[..., Any])


def compiled(function: Made) -> Made:
    """The function as machine code that lets other threads of Python run."""
    return _kept(function, parallel=False)


def spread(function: Made) -> Made:
    """The same, its `prange` loops over all threads of numba."""
    return _kept(function, parallel=True)


def _kept(function: Made, *, parallel: bool) -> Made:
    try:
        found: Made = numba.njit(nogil=True, cache=True, parallel=parallel)(function)
    except RuntimeError:  # no folder to keep it in: compiled anew in every process
        found = numba.njit(nogil=True, parallel=parallel)(function)
    return found
