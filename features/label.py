"""The outcome of a household at t + h, and whether it was seen at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.context import Context, line_of
from features.types import Array, Tables


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of N households after `horizon` periods.

    Attributes
    ----------
    ratio, extreme : welfare over the poverty and extreme line of period t + h; NaN where censored.
    known_at : day on which the outcome became known; NaT where censored.
    """

    ratio: Array
    extreme: Array
    known_at: Array

    @property
    def seen(self) -> Array:
        """Where the outcome is known; elsewhere the household is censored, not safe."""
        return ~np.isnan(self.ratio)


def outcome(tables: Tables, context: Context, household_id: Array, period: int, horizon: int) -> Outcome:
    """Welfare `horizon` periods after `period`, by the line of that later period.

    The only place that looks past the origin; what it returns is never a feature.
    """
    households = tables["households"]
    later = np.flatnonzero(households["period"] == period + horizon)
    size = len(household_id)
    ratio, extreme = np.full(size, np.nan), np.full(size, np.nan)
    known_at = np.full(size, np.datetime64("NaT", "D"))
    if not len(later):
        return Outcome(ratio, extreme, known_at)
    wanted = pa.array(household_id, pa.string())
    found = pc.index_in(wanted, value_set=pa.array(households["household_id"][later], pa.string()))
    at = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    here = at >= 0
    rows = later[at[here]]
    absent = np.full(len(households["period"]), np.nan)
    known = context.at(np.datetime64("9999-12-31", "D"))  # a label may use the line as finally published
    line, extreme_line, _ = line_of(
        known, households["province"][rows], households.get("urban", absent)[rows], households["period"][rows]
    )
    welfare = households.get("welfare", absent)[rows]
    ratio[here], extreme[here] = welfare / line, welfare / extreme_line
    known_at[here] = np.where(np.isnan(ratio[here]), np.datetime64("NaT", "D"), households["known_at"][rows])
    return Outcome(ratio, extreme, known_at)
