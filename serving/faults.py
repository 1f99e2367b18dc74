"""All rules that a request breaks, gathered before it is refused: whoever sent it mends them in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar, cast

from serving.problems import Broken, Problem

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


class Faults:
    """What is broken so far; `refuse` comes before anything is done."""

    def __init__(self, broken: Iterable[Broken] = ()) -> None:
        self.broken = list(broken)

    def tell(self, field: str, rule: str) -> None:
        """Note that a field breaks a rule."""
        self.broken.append(Broken(field, rule))

    def of(self, check: Callable[Asked, Found], *asked: Asked.args, **more: Asked.kwargs) -> Found:
        """What a check gives; nothing to be used, and noted, where it ends in Problem `invalid`."""
        try:
            return check(*asked, **more)
        except Problem as problem:
            if problem.code != "invalid":
                raise
            self.broken += problem.broken
            return cast(Found, None)

    def refuse(self) -> None:
        """Problem `invalid` with all of it, each once; nothing where nothing is broken."""
        if self.broken:
            raise Problem("invalid", dict.fromkeys(self.broken))
