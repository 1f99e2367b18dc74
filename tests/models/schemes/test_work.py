"""The count of lives that a service weighs is that of the lives that are lived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.schemes import run, simulate
from models.schemes.scenario import Scenario
from models.schemes.work import lives
from tests.models.schemes.worlds import nation, scenario, scheme, shock

RANGE = {"value": 0.2, "low": 0.1, "high": 0.3, "basis": "assumption", "source": "s"}
SURE = scheme(effect={"kind": "consumption", "size": 0.2})
UNSURE = scheme(effect={"kind": "consumption", "size": RANGE})
PUSHING = scheme(effect={"kind": "consumption", "size": RANGE}, displacement=RANGE)
HARD = shock(size=RANGE)


def _all(*arms: list[dict[str, Any]], **more: Any) -> Scenario:
    """A scenario whose schemes have room for every family and whose shocks may hit all."""
    return scenario(*arms, places=10_000, draws=2, **more)


@pytest.mark.parametrize(("own", "expected"), [
    (_all(), 1),
    (_all(shocks=(shock(),)), 1 + 1),
    (_all(shocks=(HARD,)), 3 + 1),
    (_all(growth=0.01), 1 + 1),
    (_all(shocks=(shock(size=0.0),)), 1),
    (_all([SURE]), 1 + 1),
    (_all([UNSURE], [SURE]), 1 + 3 + 1),
    (_all([PUSHING]), 1 + 5),
    (_all([PUSHING], shocks=(HARD,)), 3 + 1 + 9),
    (_all([UNSURE], [PUSHING], shocks=(shock(), HARD | {"name": "lain"})), 3 + 1 + 5 + 9),
    (_all([SURE], shocks=(shock(),)), 1 + 1 + 1),
    (_all([SURE], shocks=(HARD,)), 3 + 1 + 3),
    (_all([SURE], years=19), 1 + 2 + 1),
    (replace(_all([SURE], growth=0.01), start=2019), 1 + 1 + 1),
])  # fmt: skip
def test_as_many_lives_are_counted_as_are_lived(own, expected, monkeypatch) -> None:
    families, lived = nation(200), []
    within = run._Seen._lived

    def counted(own, lives, times, help, rows):  # type: ignore[no-untyped-def]
        lived.append(len(rows) / len(families))
        return within(own, lives, times, help, rows)

    monkeypatch.setattr(run._Seen, "_lived", counted)
    shocks = tuple(replace(one, first=own.start + 1, last=own.start + 2) for one in own.shocks)
    arms = tuple(replace(arm, schemes=tuple(replace(one, first=own.start + 1, last=own.start + 1)
                                            for one in arm.schemes)) for arm in own.arms)  # fmt: skip
    own = replace(own, shocks=shocks, arms=arms)
    simulate(own, families, 1)
    assert sum(lived) == lives(own) == expected
