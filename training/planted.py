"""Whether the planted effect of automation is found through the product's own exposure features, and only where it is.

The statistic is that of `benchmarks/protocol.toml`: a slope beside the log-odds of a model without the occupation
(`training.nested`), within cells of industry and skill, since only there a generated occupation says nothing else.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from features import codes
from features.columns import Columns
from features.registry import Feature
from features.types import Array
from features.work import section
from training import nested
from training import panel as panels
from training.backtest import columns
from training.fit import Settings
from training.panel import Panel
from training.prepare import Prepared
from training.split import out_of_time

MEASURES = ("genai_unit_exposure_by_earner", "computerisation_unit_exposure_by_earner")
SKILL = np.array([np.nan, 4, 4, 3, 2, 2, 2, 2, 2, 1])
"""ISCO-08 skill level by major group (ILO 2012); the armed forces span all."""


def _cell(c: Columns) -> Array:
    """Section of the head's industry and skill level of the head's occupation as one number, N."""

    def major_of(scheme: str, code: str) -> float:
        group = codes.group_of(scheme, code)
        return group if np.isnan(group) else float(SKILL[int(group) // 10])

    skill = codes.looked_up("occupation_scheme", c["occupation_scheme"], c["occupation"], major_of)
    return c.now(c.of_head(section(c)) * 10 + c.of_head(skill))


_CELL = Feature("job_cell", "", _cell, "work", "", -np.inf, np.inf, (), ("sector", "occupation"), (), False, 0, True,
                False, None)  # fmt: skip


def cells(prepared: Prepared) -> Array:
    """Cell of each row of the panel, n; -1 where the head has no job on record. No model has it."""
    panel, burn_in = prepared.panel, prepared.facts["burn_in"]
    own = panels.build(prepared.admitted.tables, (_CELL,), panel.horizon, panel.lag_days, burn_in)
    return np.nan_to_num(own.X[:, 0], nan=-1.0)


def base(panel: Panel, test_from: int, settings: Settings) -> nested.Base:
    """The model without the occupation, fitted on the origins before the judged one that have a past."""
    split = out_of_time(panel, test_from)
    split = replace(split, train=split.train & (panel.meta["period"] > panel.meta["period"].min()))
    return nested.base(panel, split, nested.without(panel.features, ("occupation",)), settings)


def slope(own: nested.Base, cell: Array, *, number: int, seed: int = 1) -> nested.Nested:
    """Slope on the index of the exposure features within cells."""
    measures = tuple(feature for feature in own.panel.features if feature.name in MEASURES)
    x = nested.index(columns(own.panel, measures), own.split.train, cell)
    return nested.ablate(own, x, number=number, seed=seed)
