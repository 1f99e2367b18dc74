"""What a scheme came to in a synthetic country: its families' own later years, as the generator made them, with the
effects of the scenario put on them by plain arithmetic.

Nothing of the simulation's moves or loops is in it. Who joins and who is pushed out is settled by the rule itself
(`models.schemes.selection`), but by other lots than those of the simulation; whom a shock hits, and for whom a scheme
works, are lots of their own too. Shares are taken of consumption, as the files say them, never of logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from features import periods
from features.types import Array
from models.schemes import exposed
from models.schemes.draws import keys_of
from models.schemes.nation import THOUSAND, Nation
from models.schemes.parts import Scheme
from models.schemes.scenario import Scenario
from models.schemes.selection import Taking, select


@dataclass(frozen=True, slots=True)
class Later:
    """Years that families of a nation had after its date, years x n: consumption over the line as measured, NaN where
    a family is no more; and rupiah a year that are one line for the whole family, at the prices of the last year."""

    ratio: Array
    line: Array

    @property
    def there(self) -> Array:
        """Families that are seen in all years, n bools."""
        return np.asarray(~np.isnan(self.ratio).any(axis=0))

    def take(self, rows: Array) -> Later:
        """Some of the families."""
        return Later(self.ratio[:, rows], self.line[:, rows])


def later(place: Path, nation: Nation, last: int, years: int) -> Later:
    """The `years` years up to the period `last` of a synthetic folder whose survey follows all families."""
    wanted = [periods.text(last - years + 1 + year) for year in range(years)]
    rows = [("period", "in", wanted)]
    truth = pd.read_parquet(place / "truth" / "families", filters=rows,
                            columns=["household_id", "period", "measured_ratio"])  # fmt: skip
    size = pd.read_parquet(place / "survey" / "members", filters=rows, columns=["household_id", "period"])
    lines = pd.read_parquet(place / "survey" / "poverty_lines", filters=[("period", "in", wanted[-1:])])
    line = lines.set_index(["line_province", "line_urban"])["line"].to_dict()
    a_head = 12 * np.array([line.get((nation.province.names[province], urban), np.nan) for province, urban in
                            zip(nation.province.codes, nation.urban, strict=True)])  # fmt: skip
    found, people = np.full((years, len(nation)), np.nan), np.ones((years, len(nation)))
    order = np.argsort(nation.key)

    def put(into: Array, year: int, code: Array, values: Array) -> None:
        key = keys_of(code.astype("S12"))
        at = order[np.minimum(np.searchsorted(nation.key[order], key), len(order) - 1)]
        same = nation.key[at] == key
        into[year, at[same]] = values[same]

    for year, period in enumerate(wanted):
        own = truth[truth["period"].astype(str) == period]
        put(found, year, own["household_id"].to_numpy(str), own["measured_ratio"].to_numpy())
        count = size.loc[size["period"].astype(str) == period, "household_id"].astype(str).value_counts()
        put(people, year, count.index.to_numpy(str), count.to_numpy(float))
    return Later(found, people * a_head)


def averted(plan: Scenario, nation: Nation, own: Later, seed: int) -> tuple[float, int]:
    """Families that fell in these years without the first arm and not with it, less those of whom the opposite holds;
    without an arm, those that fell with the shocks and not without them. And rows of either kind, together.

    seed : of all lots, none of which is the simulation's.
    """
    chance = np.random.default_rng(seed)
    ratio = own.ratio[: plan.years]
    lost = _lost(plan, nation, chance)
    hit = ratio * np.prod(1 - lost, axis=0)
    if plan.arms:
        takings = select(nation, plan.arms[0], plan.start, plan.years, seed)
        before, after = hit, _helped(plan, nation, own, takings, lost, chance)
    else:
        before, after = hit, ratio
    fell, falls = (before < 1).any(axis=0), (after < 1).any(axis=0)
    safe = nation.start[:, 2:].sum(axis=1) > 0.5
    net = nation.families * (safe * (fell.astype(int) - falls.astype(int)))
    return float(net.sum()) / THOUSAND, int((safe & (fell != falls)).sum())


def _lost(plan: Scenario, nation: Nation, chance: np.random.Generator) -> Array:
    """Share of consumption that each shock takes, shocks x years x n; a shock that comes again adds to what is left."""
    found = np.zeros((len(plan.shocks), plan.years, len(nation)))
    for at, coming in enumerate(plan.shocks):
        shock = coming.shock
        hazard = exposed.chances(shock, nation, "value", exposed.middle(shock, nation, "value"))
        left = np.ones((plan.years, len(nation)))
        for year in range(plan.years):
            if coming.first <= plan.start + 1 + year <= coming.last:
                hit = chance.random(len(nation)) < hazard
                for after in range(year, plan.years):
                    left[after, hit] *= 1 - shock.size.value * shock.fade.value ** (after - year)
        found[at] = 1 - left
    return found


def _helped(plan: Scenario, nation: Nation, own: Later, takings: list[Taking], lost: Array,
            chance: np.random.Generator) -> Array:  # fmt: skip
    """Consumption over the line with shocks and schemes, years x n."""
    lost, ratio = lost.copy(), own.ratio[: plan.years]
    factor, lines = np.ones_like(ratio), np.zeros_like(ratio)
    for taking in takings:
        scheme = taking.plan.scheme
        effect = scheme.effect
        pushed = taking.pushing["value"]
        for row, entry, down in ((taking.row, taking.entry, False), (pushed.row, pushed.since, True)):
            rest = _rest(scheme, entry, plan.years, chance)
            size = effect.size.value * (1.0 if effect.share is None else effect.share.value)
            if effect.kind == "consumption":
                gain = 1 + size * rest
                factor[:, row] *= 1 / gain if down else gain
            elif effect.kind == "income":
                lines[:, row] += (-1 if down else 1) * size * rest / own.line[: plan.years, row]
            elif effect.kind == "protection" and not down:
                for at, coming in enumerate(plan.shocks):
                    if coming.shock.kind == effect.against:
                        lost[at][:, row] *= 1 - size * rest
    return np.asarray(ratio * np.prod(1 - lost, axis=0) * factor + lines)


def _rest(scheme: Scheme, entry: Array, years: int, chance: np.random.Generator) -> Array:
    """Part of the effect that is there by year, years x k: all during support, then what its fading leaves; none for
    those for whom it does not work."""
    effect = scheme.effect
    fade = 0.0 if effect.fade is None else effect.fade.value
    works = chance.random(len(entry)) < (1.0 if effect.reach is None else effect.reach.value)
    since = np.arange(1, years + 1)[:, None] - entry[None, :]
    after = np.maximum(since - (scheme.duration - 1), 0)
    return np.where((since >= 0) & works, fade**after, 0.0)
