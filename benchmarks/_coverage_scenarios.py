"""Random scenarios of every kind of effect that schemes have, from the files of the library with other figures.

Figures are drawn wide, mostly beyond what evidence holds: what is judged is whether the simulation tells the outcome of
a known effect, not whether the effect is likely. All are bare numbers, so that only the range from draws is judged.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from models.schemes import scenario
from models.schemes.nation import THOUSAND, Nation
from models.schemes.parts import RULES
from models.schemes.scenario import Scenario

KINDS = ("cash", "jobs", "training", "enterprise", "insurance", "mix", "shock")
"""Kinds of effect: rupiah; wages of places, which displace; training, which works for some or lifts all; shares of
consumption that fade; protection against a shock; two schemes in an arm; shocks alone, of which the falls are told.
Schemes without evidence have no effect, and no change is a law held by tests."""
SHOCKS = ("bencana", "gagal-panen", "gelombang-phk", "harga-pangan", "otomatisasi", "sakit-berat", "usaha-kecil-tutup")
_AGAINST = {"bencana": "disaster", "gagal-panen": "harvest", "gelombang-phk": "layoff_wave", "sakit-berat": "illness",
            "usaha-kecil-tutup": "firm_closure"}  # fmt: skip


def draw(kind: str, nation: Nation, start: int, years: int, draws: int, chance: np.random.Generator) -> Scenario:
    """One scenario of a kind; the years are those simulated."""
    span = (start + 1, start + years)
    shocks = [_shock(str(chance.choice(SHOCKS)), span, chance)] if kind == "shock" or chance.random() < 0.35 else []
    if kind == "insurance":
        shocks = [_shock(str(chance.choice(list(_AGAINST))), span, chance)]
    made = {"cash": _cash, "jobs": _jobs, "training": _training, "enterprise": _enterprise}
    schemes: list[dict[str, Any]] = []
    if kind == "insurance":
        schemes = [_planned("pbi-jkn", _insurance(shocks[0]["use"], chance), nation, span, chance)]
    elif kind == "mix":
        for own in chance.choice(list(made), 2, replace=False):
            schemes.append(_planned(*made[str(own)](chance), nation, span, chance))
    elif kind != "shock":
        schemes = [_planned(*made[kind](chance), nation, span, chance)]
    title = {"id": "Coba", "en": "Trial"}
    return scenario.of({"format": 1, "kind": "scenario", "name": "coba", "title": title, "start": start,
                        "years": years, "draws": draws, "shocks": shocks,
                        "arms": [{"name": "coba", "schemes": schemes}] if schemes else []}, "benchmark")  # fmt: skip


def _between(chance: np.random.Generator, low: float, high: float) -> float:
    return float(f"{chance.uniform(low, high):.3g}")


def _shock(name: str, span: tuple[int, int], chance: np.random.Generator) -> dict[str, Any]:
    """A shock of the library that is about in some of the years, oftener and as hard as it may be."""
    if name == "harga-pangan":
        own = {"size": _between(chance, 0.01, 0.1), "fade": _between(chance, 0, 1)}
    else:
        own = {"hazard": _between(chance, 0.03, 0.3), "size": _between(chance, 0.1, 0.5),
               "fade": _between(chance, 0, 0.9)}  # fmt: skip
    first = int(chance.integers(span[0], span[1] + 1))
    return {"use": name, "years": [first, int(chance.integers(first, span[1] + 1))], "with": own}


Made = tuple[str, dict[str, Any]]


def _cash(chance: np.random.Generator) -> Made:
    size, share = _between(chance, 2e6, 12e6), _between(chance, 0.5, 1)
    return str(chance.choice(["pkh", "sembako"])), {
        "effect": {"kind": "income", "size": size, "share": share, "fade": _between(chance, 0, 0.5)}}  # fmt: skip


def _jobs(chance: np.random.Generator) -> Made:
    return "lapangan-kerja", {
        "effect": {"kind": "income", "size": _between(chance, 8e6, 30e6), "share": _between(chance, 0.2, 0.8)},
        "displacement": _between(chance, 0, 0.5)}  # fmt: skip


def _training(chance: np.random.Generator) -> Made:
    if chance.random() < 0.5:
        return "prakerja", {"effect": {"kind": "consumption", "size": _between(chance, 0.05, 0.4),
                                       "fade": _between(chance, 0, 1)}}  # fmt: skip
    return "pelatihan-penempatan", {
        "effect": {"kind": "income", "size": _between(chance, 10e6, 40e6), "reach": _between(chance, 0.1, 0.8)},
        "displacement": _between(chance, 0, 0.8)}  # fmt: skip


def _enterprise(chance: np.random.Generator) -> Made:
    size, fade = _between(chance, 0.03, 0.4), _between(chance, 0.4, 1)
    name = str(chance.choice(["aset-pendampingan", "graduasi"]))
    return name, {"effect": {"kind": "consumption", "size": size, "fade": fade}}


def _insurance(shock: str, chance: np.random.Generator) -> dict[str, Any]:
    return {"effect": {"kind": "protection", "against": _AGAINST[shock], "size": _between(chance, 0.3, 1)}}


def _planned(name: str, own: dict[str, Any], nation: Nation, span: tuple[int, int], chance: np.random.Generator,
             ) -> dict[str, Any]:  # fmt: skip
    """A scheme with a rule, an area, a size, take-up and times of its own."""
    names = nation.province.names
    some = chance.choice(names, min(int(chance.integers(4, 25)), len(names)), replace=False).tolist()
    low = int(chance.integers(1, 5))
    facts: dict[str, Any] = {"desil": [low, int(chance.integers(low + 1, 11))]}
    facts |= {"provinces": some} if chance.random() < 0.4 else {}
    facts |= {"urban": bool(chance.random() < 0.5)} if chance.random() < 0.2 else {}
    facts |= {"size": [1, int(chance.integers(3, 8))]} if chance.random() < 0.15 else {}
    wrong = {"exclusion": _between(chance, 0, 0.3), "inclusion": _between(chance, 0, 0.1)}
    years = span[1] - span[0] + 1
    changed = own | {
        "eligibility": facts, "take_up": _between(chance, 0.3, 1), "duration": int(chance.integers(1, years + 1)),
        "targeting": {"rule": str(chance.choice(RULES))} | (wrong if chance.random() < 0.3 else {}),
        "ramp": [_between(chance, 0.3, 0.8), 1.0] if chance.random() < 0.4 else [1.0]}  # fmt: skip
    places = int(nation.families.sum() / THOUSAND * chance.uniform(0.02, 0.5))
    last = int(chance.integers(span[0], span[1] + 1))
    return {"use": name, "years": [span[0], last], "places": places, "with": changed}
