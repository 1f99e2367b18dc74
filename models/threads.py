"""How many threads a booster gains by."""

from __future__ import annotations

_ROWS = 50_000


def useful(threads: int, rows: int) -> int:
    """Of so many `threads`, those to grow trees on `rows` with: on fewer rows than 50,000 each they wait for each
    other longer than they work. What is grown does not depend on it."""
    return min(threads, 1 + rows // _ROWS)
