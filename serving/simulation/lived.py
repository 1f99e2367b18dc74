"""One scenario lived by a sample: its figures without what few families would be known by, and its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from features.commands import UserError
from models import drawn
from models.schemes import left_out, lived, pictures, prepare
from models.schemes.beside import Kept, together
from models.schemes.nation import Nation
from models.schemes.result import Result
from models.schemes.run import Plan
from models.text import Language
from serving.simulation import few, spec


def live(plain: Mapping[str, Any], nation: Nation, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a scenario came to (`Result.to_dict`), and the figures of its draws (`Result.paired`).

    Raises
    ------
    UserError : an area of so few families of the sample that nothing can be told of them, or a shock or scheme that may
    reach so few (`serving.simulation.few`). Problem.
    """
    scenario = spec.read(plain)
    few.area(nation)
    few.shocks(scenario, nation)
    few.schemes(scenario, nation)
    plan = prepare(scenario, nation, seed)
    enough(plan, nation)
    result = Result(plan, nation, lived(plan, nation))
    found = result.to_dict()
    for arm in found["arms"]:
        for own in arm["groups"]:
            del own["rows"]
    return found, result.paired()


def enough(plan: Plan, nation: Nation) -> None:
    """UserError `coarse SCHEME N ARM` of the first answer where in every one a scheme has room for less than one family
    of the sample, which stands for N."""
    if not left_out.all_coarse(plan):
        return
    for arm, takings in zip(plan.scenario.arms, plan.arms, strict=True):
        for own in takings:
            if left_out.coarse(own):
                raise UserError(few.coarse(own.plan.scheme.name, arm.name, left_out.stand_for(nation)))


def draw(home: Path, kept: Kept, language: Language) -> None:
    """Draw the pictures of a scenario, so that its page finds them; this loads the library."""
    drawn.pictures(home, [*pictures.asks(together([kept]), language).values()], here=True)
