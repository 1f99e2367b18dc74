"""The JSON files of a bundle, judged: each holds what a score is made with, or ValueError says what it does not."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NoReturn

LABELS = 4
"""Percentages at which the levels of risk above the lowest begin."""


def plain(text: bytes) -> dict[str, Any]:
    """The object of a JSON text; every number in it is finite."""
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("it is too deep") from None
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found


def schema(text: bytes) -> dict[str, Any]:
    """What a model is of: names of features and strata, each once, and a horizon."""
    found = plain(text)
    for name in ("features", "strata"):
        if len({*_list(found, name, lambda value: isinstance(value, str))}) < len(found[name]):
            raise ValueError(f"{name} names one twice")
    if type(found.get("horizon")) is not int or not 1 <= found["horizon"] <= 100:
        raise ValueError("horizon must be a whole number of periods")
    return found


def cuts(text: bytes) -> dict[str, Any]:
    """Where levels of risk begin, and from which chance on a family is judged poor."""
    found = plain(text)
    labels = _list(found, "labels", _is_number)
    if len(labels) != LABELS or any(low > high for low, high in pairwise([0, *labels])):
        raise ValueError(f"labels must be {LABELS} percentages that do not fall")  # of a rare fall two may be alike
    if not _is_number(found.get("poor_now")) or not 0 <= found["poor_now"] <= 1:
        raise ValueError("poor_now must be a chance")
    return found


def reference(text: bytes, width: int) -> dict[str, Any]:
    """What was seen of each of `width` features."""
    found = plain(text)
    checks: dict[str, Callable[[Any], bool]] = {
        "low": _is_number,
        "high": _is_number,
        "missing_share": _is_number,
        "usual": lambda value: isinstance(value, bool),
    }
    for name, check in checks.items():
        if len(_list(found, name, check)) != width:
            raise ValueError(f"{name} is not of {width} features")
    return found


def _list(found: dict[str, Any], name: str, check: Callable[[Any], bool]) -> list[Any]:
    own = found.get(name)
    if not isinstance(own, list) or not all(map(check, own)):
        raise ValueError(f"{name} is no list of what belongs there")
    return own


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e300


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("it holds a number that is not finite")
    return value
