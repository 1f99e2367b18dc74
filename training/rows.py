"""Judged rows with the risk by every model, as a file from which anybody computes the figures again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from features import file_words, halves, periods
from features.commands import UserError
from features.types import Array
from training.judge import judged_weights
from training.panel import Panel

ENDINGS = {".parquet": pq.write_table, ".csv": pa_csv.write_csv}
WINDOW = "window"
"""Name in a panel's facts of the window or fold that a row was judged in, from 1."""


def check(path: Path | None) -> None:
    """UserError where a file cannot be written by its ending: told before the work."""
    if path is not None and path.suffix not in ENDINGS:
        raise UserError(f"--rows {path}: the judged rows are written as {' or '.join(ENDINGS)}")


def write(path: Path, test: Panel, scores: Mapping[str, Array], synthetic: bool) -> None:
    """Write a row for each judged household and origin; the file is whole or not there.

    Parameters
    ----------
    test : n judged rows. scores : name to n probabilities.
    synthetic : whether no real household is behind them, said in every row.

    Columns: `household_id`, `origin` (period), `window` (from 1; a fold where clusters are crossed), `fell` (0 or 1),
    `weight` (of the survey, times that for rows that were not seen again), `cluster`, `synthetic`, and `risk_NAME` of
    each model.

    Raises
    ------
    UserError : it cannot be written there.
    """
    check(path)
    table = pa.table({
        "household_id": pa.array(test.meta["household_id"].astype(str)),
        "origin": pa.array([periods.text(int(one)) for one in test.meta["period"]], pa.string()),
        "window": pa.array(test.meta.get(WINDOW, np.ones(len(test))).astype(np.int64)),
        "fell": pa.array(test.poor_next.astype(np.int64)),
        "weight": pa.array(judged_weights(test).astype(float)),
        "cluster": pa.array(test.clusters().astype(str)),
        "synthetic": pa.array(np.full(len(test), synthetic)),
        **{f"risk_{name}": pa.array(np.asarray(p, dtype=float)) for name, p in scores.items()},
    })  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = halves.of(path)
        try:
            ENDINGS[path.suffix](table, half)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise file_words.unwritable(path, error) from None
