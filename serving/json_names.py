"""Names in JSON that stand there twice: parsers disagree on which one counts, so none is taken (RFC 8259, 4)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from serving.problems import Broken, Problem


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a body, for `object_pairs_hook`; Problem `invalid` names what stands in it twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise Problem("invalid", [Broken(name[:40], "twice") for name in found if counts[name] > 1])
    return found
