"""Small nations, schemes and scenarios for the tests of the simulation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from models.dynamics import Dynamics
from models.schemes import parts
from models.schemes import scenario as scenarios
from models.schemes.checks import Words
from models.schemes.draws import keys_of
from models.schemes.nation import Nation, indexed, told
from models.schemes.run import Plan, Tally, piece
from models.schemes.scenario import Arm, Coming, Planned, Scenario
from models.targeting.rows import Coded

CHAIN = np.array([
    [0.40, 0.35, 0.20, 0.05, 0.00],
    [0.10, 0.35, 0.40, 0.14, 0.01],
    [0.02, 0.12, 0.50, 0.34, 0.02],
    [0.00, 0.03, 0.17, 0.70, 0.10],
    [0.00, 0.01, 0.02, 0.27, 0.70],
])  # fmt: skip


def nation(count: int = 400, seed: int = 1, dynamics: Dynamics | None = None, **columns: Any) -> Nation:
    """Made-up families of two provinces and four regencies; any column may be given."""
    chance = np.random.default_rng(seed)
    law = dynamics or Dynamics.of_matrix(CHAIN)
    codes = np.array([f"F{number:011d}" for number in range(count)], dtype="S12")
    rung = chance.choice(5, count, p=[0.01, 0.08, 0.24, 0.5, 0.17])
    start, spell = np.eye(5)[rung], chance.integers(1, 4, count)
    risk = np.clip(chance.beta(1, 10, count), 0.001, 0.9)
    province = chance.integers(0, 2, count)
    own: dict[str, Any] = {
        "key": keys_of(codes), "start": start, "spell": spell, "index": told(risk),
        "first": indexed(start, spell, risk, law),
        "risk": np.where(rung < 2, np.nan, risk), "poor_now": (rung < 2).astype(float),
        "size": chance.integers(1, 8, count).astype(float), "weight": np.ones(count),
        "province": Coded.of(np.array(["32", "33"])[province]),
        "regency": Coded.of(np.array(["3204", "3273", "3301", "3374"])[province * 2 + chance.integers(0, 2, count)]),
        "urban": chance.integers(0, 2, count), "desil": np.clip(rung * 2 + chance.integers(1, 4, count), 1, 10),
        "section": Coded.of(np.array(["A", "C", "G", ""])[chance.integers(0, 4, count)]),
        "division": Coded.of(np.array(["01", "14", "47", ""])[chance.integers(0, 4, count)]),
        "working": chance.integers(0, 2, count), "exposure": {"frey_osborne": chance.random(count)},
        "line": np.full(count, 600_000.0), "dynamics": law, "synthetic": True, "source": "made up", "version": "none",
    }  # fmt: skip
    return Nation(**(own | columns)).check()


def scheme(**changed: Any) -> dict[str, Any]:
    """A scheme as YAML has it."""
    own: dict[str, Any] = {
        "format": 1, "kind": "scheme", "name": "uji", "title": {"id": "Uji", "en": "Test"}, "approach": "graduation",
        "dated": "2026-11-24", "references": [{"text": "none", "source": "test"}], "targeting": {"rule": "random"},
        "cost": 1_000_000, "take_up": 1.0, "duration": 2, "effect": {"kind": "consumption", "size": 0.2, "fade": 0.5},
    }  # fmt: skip
    return own | changed


def shock(**changed: Any) -> dict[str, Any]:
    """A shock as YAML has it."""
    own: dict[str, Any] = {
        "format": 1, "kind": "shock", "name": "goncangan", "title": {"id": "Uji", "en": "Test"}, "shock": "job_loss",
        "dated": "2026-11-24", "references": [{"text": "none", "source": "test"}], "hazard": 0.3,
        "size": 0.3, "fade": 0.5,
    }  # fmt: skip
    return own | changed


def scenario(*arms: list[dict[str, Any]], shocks: tuple[dict[str, Any], ...] = (), years: int = 6, draws: int = 20,
             growth: float = 0.0, first: int = 2027, places: int | None = 100, budget: int | None = None,
             last: int | None = None) -> Scenario:  # fmt: skip
    """A scenario that starts in 2026; each arm is a list of schemes of `scheme`, taken in from `first` to `last`."""
    own = scenarios.of({"format": 1, "kind": "scenario", "name": "uji", "title": {"id": "Uji", "en": "Test"},
                        "start": 2026, "years": years, "draws": draws, "growth": growth})  # fmt: skip
    coming = tuple(Coming(parts.shock(one, ""), 2027, 2028) for one in shocks)
    planned = tuple(
        Arm(f"arm-{at}", Words("a", "a"), tuple(_planned(one, first, last or first, places, budget) for one in schemes))
        for at, schemes in enumerate(arms))  # fmt: skip
    return replace(own, shocks=coming, arms=planned)


def _planned(one: dict[str, Any], first: int, last: int, places: int | None, budget: int | None) -> Planned:
    own = {key: value for key, value in one.items() if key not in ("places", "budget")}
    return Planned(parts.scheme(own, ""), first, last, one.get("places", places), one.get("budget", budget))


def in_parts(plan: Plan, families: Nation, threads: int, size: int = 117) -> Tally:
    """The tally of a plan lived so many families at a time."""
    bounds = range(0, len(families), size)
    pieces = [piece(plan.part(begin, min(begin + size, len(families))), families.take(slice(begin, begin + size)),
                    threads) for begin in bounds]  # fmt: skip
    for one in pieces[1:]:
        pieces[0].add(one)
    return pieces[0]
