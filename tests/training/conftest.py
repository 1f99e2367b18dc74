"""The small panel, made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from features import keys, registry
from features.admit import admit
from tests.training.small import raw_tables
from training import backtest, panel


@pytest.fixture(scope="session")
def tables():
    """The small panel, admitted."""
    return admit(raw_tables(), key=keys.PUBLIC_KEY).tables


@pytest.fixture(scope="session")
def small(tables):
    """The small panel with features and outcomes one quarter ahead."""
    return panel.build(tables, registry.select("survey"), horizon=1)


@pytest.fixture(scope="module", autouse=True)
def _hardly_tuned() -> Iterator[None]:
    """What a model is held against is tuned by one setting each: no test here asks how well."""
    with pytest.MonkeyPatch.context() as patch:
        budget = replace(backtest.GATED.budget, trials=1)
        patch.setattr(backtest, "GATED", replace(backtest.GATED, budget=budget))
        yield
