"""Names in JSON that stand there twice: parsers disagree on which one counts, so none is taken (RFC 8259, 4)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NoReturn

from serving.problems import MOST, Broken, Problem

_LONGEST = 80


class _Twice(dict[str, Any]):
    """An object in which these names stand twice."""

    names: list[str]


def loads(text: str | bytes, constant: Callable[[str], NoReturn] | None = None) -> Any:
    """What a body holds; constant : what refuses `NaN` and its like.

    Raises
    ------
    ValueError, RecursionError : it is no JSON, or too deep.
    Problem : `invalid`, a name stands twice in one object; told with the way to it, as `rules.scheme[0].name`.
    """
    seen = list[_Twice]()

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        counts = Counter(name for name, _ in pairs)
        twice = _Twice(found)
        twice.names = [name for name in found if counts[name] > 1]
        seen.append(twice)
        return twice

    found = json.loads(text, object_pairs_hook=once, parse_constant=constant)
    if seen:
        raise Problem("invalid", [Broken(way, "twice") for way in islice(_ways(found), MOST)])
    return found


def _ways(found: Any) -> Iterator[str]:
    """The way to each name that stands twice. No recursion: a body may be deeper than the stack."""
    left: list[tuple[str, Any]] = [("", found)]
    while left:
        way, own = left.pop()
        begin = f"{way}." if way else ""
        if isinstance(own, _Twice):
            yield from (_told(f"{begin}{name[:40]}") for name in own.names)
        inside: list[tuple[str, Any]] = []
        if isinstance(own, dict):
            inside = [(f"{begin}{name[:40]}", value) for name, value in own.items()]
        elif isinstance(own, list):
            inside = [(f"{way}[{at}]", value) for at, value in enumerate(own)]
        # No way is told any longer: of a deep body the ways would grow larger than the body.
        left += reversed([(to[:_LONGEST], value) for to, value in inside if isinstance(value, dict | list)])


def _told(way: str) -> str:
    """Half of a surrogate pair is JSON, yet no text."""
    return way[:_LONGEST].encode("utf-8", "replace").decode()
