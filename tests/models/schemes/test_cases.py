"""Cases in YAML that an officer can read, worked out by hand beside the expected value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from models.dynamics import AGES, STATES, Dynamics
from models.schemes import simulate
from models.targeting.rows import Coded
from tests.models.schemes.worlds import nation, scenario, scheme, shock

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


def sure(ratio: float) -> Dynamics:
    """Dynamics in which every family is at one welfare ratio every year: not below it, and below .1 % more."""
    cuts = np.unique(np.concatenate([np.log([0.5, 1.0, 1.5, 3.5]), np.log(ratio) + np.array([-0.0005, 0.0005])]))
    level = np.where(cuts > np.log(ratio), 40.0, -40.0)
    shape = (1, AGES, len(cuts), STATES)
    return Dynamics(cuts, float(np.log(0.5)), np.broadcast_to(level[None, None, :, None], shape).copy(),
                    np.zeros((1, AGES, len(cuts), 5)))  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.few.FEWEST", 1)  # cases that are reckoned by hand are of few families
    count, ratio = case["families"], case.get("ratio", 1.2)
    start = np.eye(5)[np.full(count, 1 if ratio < 1 else 2)]
    work: dict[str, Any] = {}
    if "section" in case:  # everybody works in one industry of one province
        work = {"section": Coded.of(np.full(count, case["section"])), "province": Coded.of(np.full(count, "32")),
                "working": np.ones(count)}  # fmt: skip
    families = nation(count, dynamics=sure(ratio), start=start, weight=np.full(count, float(case.get("weight", 1))),
                      size=np.full(count, float(case.get("size", 4))),
                      line=np.full(count, float(case.get("line", 5e5))),
                      desil=np.arange(count) % 10 + 1, index=np.zeros(count), first=np.zeros(count),
                      **work)  # fmt: skip
    asked = dict(case["scheme"])
    intake = asked.pop("intake", 1)
    own = scheme(**({"effect": {"kind": "none", "size": 0}} | asked))
    places, budget = own.pop("places", None), own.pop("budget", None)
    shocks = (shock(**case["shock"]),) if "shock" in case else ()
    plan = scenario([own], shocks=shocks, places=places, budget=budget, last=2026 + intake,
                    growth=case.get("growth", 0.0))  # fmt: skip
    found = simulate(plan, families, 1).to_dict()["arms"][0]
    told = found["schemes"][0] | {name: figure["value"] for name, figure in found["outcomes"].items()}
    for name, expected in case["expect"].items():
        assert told[name] == (None if expected is None else pytest.approx(expected)), name


def test_whether_a_scheme_works_is_chance_in_every_draw() -> None:
    # 400 families at .9 of the line, half more for those of whom it works, half of them: in each draw one of a binomial
    # law of mean 200 and standard deviation 10, whose 90 % lie within 16.4 of it.
    families = nation(400, dynamics=sure(0.9), start=np.eye(5)[np.full(400, 1)])
    own = scheme(effect={"kind": "consumption", "size": 0.5, "reach": 0.5}, duration=1)
    plan = scenario([own], places=400, draws=400, last=2027)
    told = simulate(plan, families, 1).to_dict()["arms"][0]["outcomes"]["poor_years_averted"]
    assert told["value"] == pytest.approx(200, abs=3 * 10 / 400**0.5)
    assert told["draws"] == pytest.approx([200 - 16.4, 200 + 16.4], abs=4)
