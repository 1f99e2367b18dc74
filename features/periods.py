"""Periods as whole numbers: a quarter is year x 4 + quarter - 1, a year is itself."""

from __future__ import annotations

import re

import numpy as np

PATTERN = re.compile(r"^(1[89]|20|21)[0-9]{2}(Q[1-4])?\Z")
_FIRST_QUARTER = 1800 * 4  # every quarter's number lies above every year's, so that one integer tells which


def parse(text: str) -> int:
    """Number of a period written `2026Q1` or `2026`; ValueError says what was expected."""
    if not PATTERN.match(text):
        raise ValueError(f"{text!r} is not a period; write a quarter as 2026Q1 or a year as 2026")
    year, _, quarter = text.partition("Q")
    return int(year) * 4 + int(quarter) - 1 if quarter else int(year)


def is_quarter(period: int) -> bool:
    """Whether a number stands for a quarter."""
    return period >= _FIRST_QUARTER


def quarters(period: np.ndarray) -> np.ndarray:
    """Whether each number stands for a quarter."""
    found: np.ndarray = period >= _FIRST_QUARTER
    return found


def text(period: int) -> str:
    """Write a period as a person would: `2026Q1` or `2026`."""
    return f"{period // 4}Q{period % 4 + 1}" if is_quarter(period) else str(period)


def per_year(period: int) -> int:
    """Periods in a year at this frequency."""
    return 4 if is_quarter(period) else 1


def start(period: int | np.ndarray) -> np.ndarray:
    """First day of each period, `datetime64[D]`."""
    number = np.asarray(period, dtype=np.int64)
    months = np.where(quarters(number), number * 3, number * 12) - 1970 * 12
    return months.astype("datetime64[M]").astype("datetime64[D]")


def end(period: int | np.ndarray) -> np.ndarray:
    """Last day of each period, `datetime64[D]`."""
    return start(np.asarray(period, dtype=np.int64) + 1) - np.timedelta64(1, "D")
