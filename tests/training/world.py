"""A generated world and what is fitted on it, for the tests of honesty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from features import registry
from features.sources.synthetic import generate
from training import backtest, nested, oracle, planted, prepare
from training import panel as panels
from training.backtest import Backtest
from training.fit import Settings
from training.panel import Panel

QUICK = Settings(inner=3, rounds=90, patience=10, rate=0.12, bandwidths=(1 / 3,), penalties=(300.0,), threads=1)
PLAIN = replace(QUICK, inner=2, rounds=60)
FAMILIES, YEARS, START = 30_000, 6, 2021
STRONG = 2.0  # points; at the assumed rate of displacement the generator can show some 2.3
JUDGED = START + YEARS - 2
RESAMPLES = 60
KEYS = ["household_id", "period"]


@dataclass
class World:
    """A generated folder and what is fitted on it, each made once."""

    folder: Path

    @cached_property
    def prepared(self) -> prepare.Prepared:
        return prepare.prepare("synthetic", self.folder, burn_in=0, tell=lambda text: None)

    @property
    def panel(self) -> Panel:
        return self.prepared.panel

    def read(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / name)

    @cached_property
    def judged(self) -> Backtest:
        """Jaga and the rule on registry features, an origin without a past left out."""
        return self._run(self.panel.take(self.panel.meta["period"] > JUDGED - 3))

    @cached_property
    def with_welfare(self) -> Backtest:
        """The same where welfare is measured."""
        survey = panels.build(self.prepared.admitted.tables, registry.select("survey"), 1, burn_in=YEARS - 4)
        return self._run(survey)

    def _run(self, panel: Panel) -> Backtest:
        return backtest.run(panel, lookback=1, settings=QUICK, test_from=JUDGED, number=RESAMPLES,
                            rivals=backtest.Rivals(("welfare_rule",)))  # fmt: skip

    @cached_property
    def oracle(self) -> dict[str, Any]:
        found = oracle.judge(self.prepared.truth, self.judged.test, self.judged.scores, number=RESAMPLES, seed=1)
        assert found is not None
        return found

    @cached_property
    def displacement(self) -> nested.Nested:
        """Slope on the product's exposure features, as `benchmarks/protocol.toml` fixes it."""
        own = planted.base(self.panel, JUDGED, PLAIN)
        return planted.slope(own, planted.cells(self.prepared), number=RESAMPLES)


def make(place: Path, displacement: float) -> World:
    folder = place / f"displacement-{displacement:g}"
    generate(folder, households=FAMILIES, periods=YEARS, start=str(START), frequency="year", displacement=displacement)
    return World(folder)
