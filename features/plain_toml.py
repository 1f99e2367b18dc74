"""TOML as maps, rules and settings need it: as short and flat as people write it.

The reader of the library takes time and memory that grow with the square of a dotted key, and ends in errors of its own
where lists lie deep or numbers are long, so both are bounded before it reads.
"""

from __future__ import annotations

import tomllib
from typing import Any

MOST, DOTS = 2**18, 1000
"""Characters of a text, and dots in a line of it."""


def loads(text: str) -> dict[str, Any]:
    """Values of a TOML text; tomllib.TOMLDecodeError where it is none, or larger or deeper than what people write."""
    if len(text) > MOST:
        raise tomllib.TOMLDecodeError(f"longer than {MOST:,} characters")
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > DOTS:
            raise tomllib.TOMLDecodeError(f"more than {DOTS:,} dots in a line (at line {number}, column 1)")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("nested too deeply") from None
    except ValueError:
        raise tomllib.TOMLDecodeError("a number of too many digits") from None
