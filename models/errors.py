"""What a list of a given length gets wrong, and what it is worth: exclusion, inclusion, welfare, months.

Everything is a function of weights, so that a bootstrap is a matrix of counts. Households of equal score share the
places at the cut evenly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.types import Array

RHO = (1, 2, 3)
"""Coefficients of relative risk aversion that welfare is told at (Hanna and Olken 2018 show 3)."""
FLOOR = 0.1
"""Welfare over the line below which none counts: at rho 3 one household near 0 would outweigh all others."""
TRANSFER = 0.1
"""Transfer to each listed household, in poverty lines: what welfare is told for unless another is given."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Households in the order of a score, gathered where the score is equal; b sets of weights, g groups.

    Attributes
    ----------
    order : n, rows from the highest score down. starts : g, first place of each group of equal scores.
    above : b x g, weight down to and with each group.
    """

    order: Array
    starts: Array
    above: Array

    @classmethod
    def of(cls, score: Array, weights: Array) -> Ranked:
        """Rank n scores under b x n weights."""
        order = np.argsort(-score, kind="stable")
        own = score[order]
        starts = np.flatnonzero(np.append(True, np.diff(own) != 0))
        return cls(order, starts, np.cumsum(_grouped(weights[:, order], starts), axis=1))

    def among(self, amount: Array, weights: Array) -> Array:
        """Running total of weight x amount (n) down to each group, b x g."""
        return np.cumsum(_grouped(weights[:, self.order] * amount[self.order], self.starts), axis=1)

    def share(self, totals: Array, places: Array) -> Array:
        """Of running totals (b x g), what the first `places` (b) of weight hold; the group at the cut gives evenly."""
        rows, last = np.arange(len(places)), self.above.shape[1] - 1
        found = [own.searchsorted(wanted) for own, wanted in zip(self.above, places, strict=True)]
        at = np.minimum(found, last)
        first = at == 0
        above = np.where(first, 0.0, self.above[rows, at - 1])
        before = np.where(first, 0.0, totals[rows, at - 1])
        size = self.above[rows, at] - above
        part = np.minimum(1.0, np.divide(places - above, size, out=np.zeros(len(places)), where=size > 0))
        return np.asarray(before + part * (totals[rows, at] - before))


def _grouped(values: Array, starts: Array) -> Array:
    # In double precision, so that a resample of falls alone adds up to exactly its falls.
    return np.add.reduceat(values, starts, axis=1, dtype=np.float64)


def crra(welfare: Array, rho: float) -> Array:
    """Utility of welfare with constant relative risk aversion, n: log at rho 1."""
    own = np.maximum(welfare, FLOOR)
    return np.log(own) if rho == 1 else own ** (1 - rho) / (1 - rho)


def gain(welfare: Array, transfer: float, rho: float) -> Array:
    """What a transfer adds to each household's utility, n; welfare and transfer in poverty lines."""
    return crra(np.maximum(welfare, FLOOR) + transfer, rho) - crra(welfare, rho)


def best_lists(welfare: Array, weights: Array, places: dict[str, Array], transfer: float) -> dict[str, Array]:
    """Utility that the best list of each length adds, by rho and name of the length, b each.

    The best list holds those whose utility the transfer raises most: at every rho those of the least welfare.
    """
    ranked = Ranked.of(-np.maximum(welfare, FLOOR), weights)
    totals = {rho: ranked.among(gain(welfare, transfer, rho), weights) for rho in RHO}
    return {f"{rho} {size}": ranked.share(totals[rho], wanted) for rho in RHO for size, wanted in places.items()}


def welfare_of_lists(ranked: Ranked, welfare: Array, weights: Array, places: dict[str, Array], transfer: float,
                     best: dict[str, Array]) -> dict[str, Array]:  # fmt: skip
    """Welfare that lists add, as a share of what the best list of their length would add, by rho and length, b each.

    After Hanna and Olken (2018, 'Universal basic incomes versus targeted transfers', Journal of Economic
    Perspectives 32(4)): the sum of CRRA utilities over households with the transfer given to those on the list; 0
    where nobody gets it, 1 where those get it whose utility it raises most. The transfer is one and the same for all
    who are listed, welfare is what was measured at the horizon without it, and nobody's behaviour changes.

    Parameters
    ----------
    welfare : n, over the poverty line. weights : b x n. places : weight of the households listed, by name, b each.
    transfer : in poverty lines. best : of `best_lists`.
    """
    found = {}
    for rho in RHO:
        totals = ranked.among(gain(welfare, transfer, rho), weights)
        for size, wanted in places.items():
            top = best[f"{rho} {size}"]
            own = ranked.share(totals, wanted)
            found[f"welfare_{rho}_at_{size}"] = np.divide(own, top, out=np.full(len(top), np.nan), where=top > 0)
    return found
