"""Fit the dynamics of the simulation to a training panel: yearly moves between rungs by the risk of the model."""

from __future__ import annotations

import numpy as np

from features import periods
from features.commands import UserError
from features.types import Array
from models.bundle import stratum_names
from models.dynamics import Dynamics
from models.schemes.fit import Panel as Moves
from models.schemes.fit import fit as fit_moves
from models.schemes.nation import told
from training.backtest import Model
from training.panel import Panel


def fit(panel: Panel, rows: Array, model: Model, threads: int, source: str = "training panel") -> Dynamics | None:
    """The dynamics; None where the horizon is not a year, or hardly a family is seen twice.

    rows : mask of rows whose outcome may be known.
    """
    own = panel.take(np.flatnonzero(rows & panel.seen))
    if not len(own) or panel.horizon != periods.per_year(int(own.meta["period"][0])):
        return None
    household, period = own.meta["household_id"].astype(str), own.meta["period"]
    place = np.unique(stratum_names(own.meta["province"], own.meta["urban"]), return_inverse=True)[1]
    # The outcome of each row is a row of a year later, without an index of its own, unless that is an origin too.
    later = np.char.add(household, period.astype(str)), np.char.add(household, (period + panel.horizon).astype(str))
    ends = ~np.isin(later[1], later[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        extreme = own.meta["ratio"] / own.meta["extreme"]
    known = extreme[np.isfinite(extreme)]
    try:
        return fit_moves(
            Moves(
                np.concatenate([household, household[ends]]),
                np.concatenate([period, period[ends] + panel.horizon]),
                np.concatenate([own.meta["ratio"], own.ratio_next[ends]]),
                np.concatenate([told(model.predict(own, threads)), np.full(int(ends.sum()), np.nan)]),
                np.concatenate([place, place[ends]]),
                panel.horizon,
                float(np.median(known)) if len(known) else float("nan"),
            ),
            source=source,
        )
    except UserError:
        return None
