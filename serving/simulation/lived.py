"""One scenario lived by a sample: its figures without what few families would be known by, and its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from features.commands import UserError
from models import drawn
from models.schemes import pictures, simulate
from models.schemes.beside import Kept, together
from models.schemes.nation import Nation
from models.schemes.result import Result
from models.schemes.selection import within
from models.text import Language
from serving.simulation import costs, spec


def live(plain: Mapping[str, Any], nation: Nation, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a scenario came to (`Result.to_dict`), and the figures of its draws (`Result.paired`).

    Raises
    ------
    UserError : a scheme that may reach so few families of the sample that nothing can be told of them. Problem.
    """
    result = simulate(spec.read(plain), nation, seed)
    enough(result)
    found = result.to_dict()
    for arm in found["arms"]:
        arm["groups"] = [own for own in arm["groups"] if own.pop("rows") >= spec.LEAST]
    return found, result.paired()


def enough(result: Result) -> None:
    """UserError `few SCHEME N` where a scheme may reach N families, fewer than can be told of; `coarse SCHEME N` where
    it has room for less than one of the sample, which stands for N."""
    for arm in result.plan.arms:
        for own in arm:
            scheme = own.plan.scheme
            eligible = int(within(result.nation, scheme.eligibility)[0].sum())
            if 0 < eligible < spec.LEAST:
                raise UserError(f"few {scheme.name} {eligible}")
            if costs.coarse(own):
                raise UserError(f"coarse {scheme.name} {costs.stand_for(result.nation)}")


def draw(home: Path, kept: Kept, language: Language) -> None:
    """Draw the pictures of a scenario, so that its page finds them; this loads the library."""
    drawn.pictures(home, [*pictures.asks(together([kept]), language).values()], here=True)
