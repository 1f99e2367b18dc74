"""The training panel: one row per household and origin, features as known then, outcome h periods later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from features import asof, cohort, frame, label, periods
from features.cohort import below
from features.commands import UserError
from features.context import Context
from features.registry import Feature
from features.types import Array, Tables


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows of a panel, n.

    Attributes
    ----------
    features, X : F features and their values, n x F float32.
    meta : who, where, when and the known past (`features.frame.Frame.meta`), n each, and `poor_now`: 1 poor at the
        origin, 0 not, NaN not known.
    as_of : day of each row's score.
    poor_next : 1 poor at t + h, 0 not, NaN where censored.
    ratio_next, extreme_next : welfare over the lines h periods later; NaN where censored or not measured.
    path : n x h, 1 poor at t + 1 .. t + h, 0 not, NaN where the household was not seen then.
    outcome_known : day on which the outcome was known; NaT where censored.
    horizon, lag_days : h, and the publication lag of the origins.
    history : periods before the first origin that are history only (`--burn-in`).
    """

    features: tuple[Feature, ...]
    X: Array
    meta: dict[str, Array]
    as_of: Array
    poor_next: Array
    ratio_next: Array
    extreme_next: Array
    path: Array
    outcome_known: Array
    horizon: int
    lag_days: int
    history: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.X)

    @property
    def seen(self) -> Array:
        """Rows whose outcome is known."""
        return ~np.isnan(self.poor_next)

    @property
    def at_risk(self) -> Array:
        """Rows known not to be poor at the origin."""
        return self.meta["poor_now"] == 0

    def months(self) -> Array:
        """Months under the line within the horizon, n; NaN where a period of it was not seen."""
        return self.path.sum(axis=1) * 12 / periods.per_year(int(self.meta["period"][0]))

    def clusters(self) -> Array:
        """What must stay together when rows are split: the sampling cluster, else the household."""
        return clusters(self.meta)

    def weight(self) -> Array:
        """Survey weights, 1 where the source has none."""
        return frame.weight(self.meta)

    def take(self, rows: Array) -> Panel:
        """Some rows, by mask or index."""
        return Panel(self.features, self.X[rows], {name: values[rows] for name, values in self.meta.items()},
                     self.as_of[rows], self.poor_next[rows], self.ratio_next[rows], self.extreme_next[rows],
                     self.path[rows], self.outcome_known[rows], self.horizon, self.lag_days, self.history)  # fmt: skip


def clusters(meta: Mapping[str, Array]) -> Array:
    """Sampling cluster of each row of a frame or panel, else the household, n."""
    cluster = meta["cluster"]
    return np.where(cluster == None, meta["household_id"], cluster)  # noqa: E711 - elementwise


def build(tables: Tables, features: tuple[Feature, ...], horizon: int, lag_days: int | None = None,
          burn_in: int = 0) -> Panel:  # fmt: skip
    """Features and outcomes of every origin whose horizon lies within the panel.

    Each origin is scored as a service would have scored it on that day: nothing known later is seen. The first
    `burn_in` periods are history only: an origin without a past is no example for one that has it.

    Raises
    ------
    UserError : the panel is shorter than the horizon, or welfare is not measured.
    """
    households = tables["households"]
    if "welfare" not in households or np.isnan(households["welfare"]).all():
        raise UserError("labels need measured welfare (column welfare of households); this panel has none")
    lag = asof.publication_lag(households) if lag_days is None else lag_days
    context = Context(tables)
    parts = list(_origins(tables, context, features, horizon, lag, burn_in))
    if not parts:
        raise UserError(
            f"no two periods after the first {burn_in} lie {horizon} apart in this panel; choose another --horizon "
            "or --burn-in"
        )
    meta = {name: np.concatenate([part.meta[name] for part in parts]) for name in parts[0].meta}

    def joined(name: str) -> Array:
        return np.concatenate([getattr(part, name) for part in parts])

    seen = np.unique(households["period"])
    return Panel(features, joined("X"), meta, joined("as_of"), joined("poor_next"), joined("ratio_next"),
                 joined("extreme_next"), joined("path"), joined("outcome_known"), horizon, lag,
                 tuple(seen[seen < seen[0] + burn_in].tolist()))  # fmt: skip


def _origins(tables: Tables, context: Context, features: tuple[Feature, ...], horizon: int, lag: int,
             burn_in: int) -> Iterator[Panel]:  # fmt: skip
    seen = np.unique(tables["households"]["period"])
    for period in seen[np.isin(seen + horizon, seen) & (seen >= seen[0] + burn_in)].tolist():
        day = asof.origin_date(period, lag)
        view = frame.build(tables, context, day, features, period)
        if not len(view):
            continue
        result = label.outcome(tables, context, view.meta["household_id"], period, horizon)
        meta = view.meta | {"poor_now": below(view.meta["ratio"])}
        between = [below(label.outcome(tables, context, view.meta["household_id"], period, step).ratio)
                   for step in range(1, horizon)]  # fmt: skip
        path = np.column_stack([*between, below(result.ratio)])
        yield Panel(features, view.values, meta, np.full(len(view), day), below(result.ratio), result.ratio,
                    result.extreme, path, result.known_at, horizon, lag)  # fmt: skip


def kinds(panel: Panel, lookback: int) -> Array:
    """Kind of each row (index in `features.cohort.KINDS`), n."""
    return cohort.kind(panel.meta["past_poor"], panel.meta["back_run"], lookback)


def describe(panel: Panel) -> str:
    """One line for a log: rows, origins, periods that are history only, rows at risk, falls, censored."""
    origins = np.unique(panel.meta["period"])
    risky = panel.take(panel.at_risk)
    falls = int(np.nansum(risky.poor_next))
    return (f"{len(panel):,} household-periods from {periods.text(int(origins[0]))} to "
            f"{periods.text(int(origins[-1]))}{_before(panel)}; at risk {len(risky):,}, of them "
            f"{int((~risky.seen).sum()):,} not seen {panel.horizon} periods later and {falls:,} poor then")  # fmt: skip


def _before(panel: Panel) -> str:
    first, last = (periods.text(panel.history[at]) for at in (0, -1)) if panel.history else ("", "")
    return f" ({first} to {last} are history only, --burn-in)" if first else ""
