"""House, assets, land and animals: each follows lasting welfare with a loading and noise of its own."""

from __future__ import annotations

import numpy as np

from features import contract
from features.sources.synthetic.law import per_period
from features.sources.synthetic.people import Families
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

ITEMS: dict[str, tuple[float, tuple[float, ...]]] = {
    "floor": (0.47, (0.05, 0.06, 0.17, 0.50)),
    "wall": (0.47, (0.05, 0.20, 0.26)),
    "water": (0.47, (0.04, 0.11, 0.45, 0.62)),
    "sanitation": (0.47, (0.06, 0.12, 0.17)),
    "power": (0.47, (0.01, 0.02, 0.32, 0.75)),
    "fuel": (0.47, (0.13, 0.15, 0.97, 0.985)),
    "roof": (0.15, (0.03, 0.38, 0.92)),
    "sewage": (0.20, (0.10, 0.25, 0.92)),
}
"""Loading on lasting welfare and cumulated shares, poor to good: assumptions."""

SAFE = {"water": ("safe_water", 2), "sanitation": ("sanitation", 3)}
"""Published share and first safe code of the items whose level follows the province: a protected well or better,
an improved toilet of one's own. Whether a shared toilet counts is not told: here it does not."""

ASSETS: dict[str, tuple[float, float]] = {
    "gas_cylinder": (0.42, 0.80), "fridge": (0.42, 0.62), "air_conditioner": (0.42, 0.10),
    "water_heater": (0.42, 0.03), "flat_tv": (0.42, 0.35), "gold": (0.42, 0.20), "computer": (0.42, 0.18),
    "motorcycle": (0.42, 0.80), "bicycle": (0.05, 0.25), "car": (0.42, 0.10), "boat": (0.0, 0.02),
    "motorboat": (0.0, 0.015), "smartphone": (0.42, 0.85), "phone_line": (0.10, 0.02), "other_land": (0.10, 0.12),
    "other_house": (0.10, 0.04),
}  # fmt: skip
"""Loading on lasting welfare and share of families that own it."""

ELECTRIC = ("fridge", "air_conditioner", "water_heater", "flat_tv", "computer")
"""What nobody owns without power in the house."""

URBAN_LOADING = 0.25
HERDS = {"cattle": 0.10, "buffalo": 0.01, "horse": 0.004, "pig": 0.03, "goat": 0.08}


def urban_place(urban: Array) -> Array:
    """Urban flag in standard units."""
    return (urban - 0.59) / 0.49


class Dwelling:
    """Columns of the house, name to array of codes, flags or numbers; assets come and go."""

    def __init__(self, world: World, partition: int, families: Families, size: Array, farm: Array) -> None:
        from scipy.special import ndtri

        self._world, self._partition, self._families = world, partition, families
        count = len(families)
        draw = stream(world.seed, partition, Purpose.DWELLING)
        self._noise = draw.standard_normal((len(ITEMS) + 2, count))
        self._asset_noise = draw.standard_normal((len(ASSETS), count))
        self._needs = {name: (loading, float(ndtri(1 - share))) for name, (loading, share) in ASSETS.items()}
        self._uniform = draw.random((12, count))
        self.columns: dict[str, Array] = {}
        everyone = np.arange(count)
        for name, values in (self._items(everyone) | self._extras(everyone, size, farm)).items():
            self.columns[name] = values
        self._own()

    def move(self, rows: Array) -> None:
        """These families live elsewhere: the house is of the new place, like the old one otherwise; no farm yet."""
        size = np.ones(len(rows))
        new = self._items(rows) | self._extras(rows, size, np.zeros(len(rows), dtype=bool))
        for name in (*ITEMS, "large_city", "slum", "land_area", *HERDS):
            self.columns[name][rows] = new[name]

    def _items(self, rows: Array) -> dict[str, Array]:
        from scipy.special import ndtri

        world, families = self._world, self._families
        place, stratum = urban_place(world.urban[families.stratum[rows]]), families.stratum[rows]
        out = {}
        for number, (name, (loading, cuts)) in enumerate(ITEMS.items()):
            rest = np.sqrt(1 - loading**2 - URBAN_LOADING**2)
            score = loading * families.permanent[rows] + URBAN_LOADING * place + rest * self._noise[number, rows]
            if name in SAFE:
                score = score + world.local.house[name][world.strata.province[stratum]]
            out[name] = np.digitize(score, ndtri(np.array(cuts)))
        # a toilet that is not there drains nowhere: the ground
        out["sewage"] = np.where(out["sanitation"] == 0, 0, out["sewage"])
        return out

    def _extras(self, rows: Array, size: Array, farm: Array) -> dict[str, Array]:
        families, columns = self._families, {}
        uniform, noise, permanent = self._uniform[:, rows], self._noise[-2:, rows], families.permanent[rows]
        urban = self._world.urban[families.stratum[rows]]
        area = np.exp(4.0 + 0.12 * permanent + 0.08 * np.log(size) - 0.1 * urban + 0.45 * noise[0])
        columns["floor_area"] = np.round(np.clip(area, 6, 600))
        columns["rooms"] = np.clip(np.round(columns["floor_area"] / 22 + 0.4 * noise[1]), 1, 15)
        columns["tenure"] = np.digitize(uniform[0], np.cumsum([0.80 - 0.12 * 0.5, 0.04, 0.07, 0.07, 0.015, 0.01]))
        columns["dwelling"] = np.digitize(uniform[1], (0.90, 0.915, 0.965, 0.985))
        columns["slum"] = uniform[2] < np.where(urban > 0, 0.08, 0.02) * np.exp(-0.3 * permanent)
        columns["near_hazard"] = uniform[3] < 0.06
        columns["large_city"] = (urban > 0) & self._world.regencies.large[families.regency[rows]]
        columns["land_area"] = np.where(farm, np.round(np.exp(-0.9 + 0.15 * permanent + noise[1]), 2), 0.0)
        for row, (name, share) in enumerate(HERDS.items()):
            there = uniform[4 + row] < np.where(urban > 0, 0.2, 1.6) * share
            columns[name] = np.where(there, np.ceil(6 * uniform[9] * uniform[10] + 0.5), 0)
        return columns

    def _own(self) -> None:
        for row, (name, (loading, cut)) in enumerate(self._needs.items()):
            score = loading * self._families.permanent + np.sqrt(1 - loading**2) * self._asset_noise[row]
            self.columns[name] = score > cut
        for name in ELECTRIC:
            self.columns[name] &= self.columns["power"] > 0
        self.columns["gas_cylinder"] &= self.columns["fuel"] >= 2

    def step(self, period: int) -> None:
        """Some assets are gained or lost for reasons of their own."""
        draw = stream(self._world.seed, self._partition, Purpose.CHURN, period)
        shape = self._asset_noise.shape
        chance = per_period(self._world.parameters.asset_churn, self._world.per_year)
        changed = draw.random(shape, dtype=np.float32) < chance
        self._asset_noise = np.where(changed, draw.standard_normal(shape, dtype=np.float32), self._asset_noise)
        self._own()


assert tuple(ASSETS) == contract.ASSETS
