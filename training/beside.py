"""What goes with the risk of a model: the ladder, the interval, and how right they are on judged rows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from features.types import Array
from models.dynamics import Dynamics
from models.interval import Widths
from models.ladder import Kernel
from training import backtest, coverage, interval, ladder, moves
from training.backtest import Backtest, Model
from training.ceiling import Ceiling
from training.fit import Settings
from training.judge import MAIN
from training.panel import Panel


@dataclass(frozen=True, slots=True)
class Beside:
    """Kernel of the ladder, widths of the interval and dynamics of the simulation; None where there can be none."""

    kernel: Kernel | None
    widths: Widths | None
    seconds: float
    dynamics: Dynamics | None = None


def fit(panel: Panel, rows: Array, taught: Array, model: Model, settings: Settings, blind: bool) -> Beside:
    """Fit all three.

    Parameters
    ----------
    rows : mask of the rows the model was fitted on. taught : rows of any household whose outcome may be known.
    blind : the view does not measure welfare.
    """
    begun = time.monotonic()
    kernel = ladder.fit(panel, taught, model, settings.threads, blind)
    widths = interval.fit(panel, rows, model, settings)
    dynamics = moves.fit(panel, taught, model, settings.threads)
    return Beside(kernel, widths, time.monotonic() - begun, dynamics)


def judged(panel: Panel, found: Backtest, own: Beside, blind: bool, *, number: int, seed: int,
           ceiling: Ceiling | None = None, latent: Array | None = None) -> dict[str, Any]:  # fmt: skip
    """`ladder` and `interval` of the JSON, on the judged rows of the last window.

    Parameters
    ----------
    panel : with the categories of that window. ceiling : p_view, where synthetic families teach it.
    latent : true risk of every judged row, n.
    """
    rows = found.split.test[found.rows]
    test, risk = panel.take(found.split.test), found.scores[MAIN][rows]
    test.meta["follow_up_weight"] = found.test.meta["follow_up_weight"][rows]
    train = panel.take(backtest.known(panel, found.split))
    return {
        "ladder": ladder.judge(own.kernel, train, test, risk, blind, number=number, seed=seed),
        "interval": coverage.judge(own.widths, found.model, test, risk, ceiling,
                                   None if latent is None else latent[rows], number=number, seed=seed),
    }  # fmt: skip
