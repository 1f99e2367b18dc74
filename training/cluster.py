"""Trees grown by the workers of a Dask cluster: LightGBM's own Dask trainer on rows that lie in parts with the workers.

For rows that do not fit one machine's trainer, not for speed: on the same processors it takes longer than one process.
The workers add up histograms in the order in which they come, so that a figure may differ in its last digits from one
cluster to the next, and from one machine's.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import Any

import numpy as np

from features import crew
from features.types import Array

SAMPLE = 200_000
"""Rows of the folds in which the number of rounds is found, in this process."""
_AGAIN = "nothing was kept of the training; train again once it is there"
_log = logging.getLogger(__name__)
_log.setLevel(logging.ERROR)  # LightGBM tells at each call of its ports, and of a parameter that its own wrapper sets
_PARTS = 2
"""Parts of the rows for each worker."""


class Cluster:
    """Rows in parts with the workers, each part with its labels and folds."""

    def __init__(self, scheduler: str, X: Array, target: Array, fold: Array) -> None:
        """Bring the rows to the workers.

        Parameters
        ----------
        scheduler : address of a Dask scheduler. X : n x F. target : n labels from 0 to 1. fold : n, inner fold.

        Raises
        ------
        UserError : no scheduler with workers answers, or Dask is not installed.
        """
        self._open = ExitStack()
        self._open.enter_context(crew.quiet())
        self._client = crew.connect(scheduler)
        self._open.callback(self._client.close)
        self._width = X.shape[1]
        with crew.lost_told(self._client, _AGAIN):
            parts = _PARTS * len(self._client.scheduler_info(n_workers=-1)["workers"])
            pieces = [(X[part], target[part], fold[part]) for part in np.array_split(np.arange(len(X)), parts)]
            self._folds = [piece[2] for piece in pieces]
            self._pieces = self._client.scatter(pieces, hash=False)

    def grow(self, params: dict[str, object], rounds: int, leave_out: int | None = None) -> Any:
        """A booster of so many rounds on all rows, or on those of the other folds; UserError where the scheduler is
        lost."""
        from lightgbm import DaskLGBMRegressor, register_logger

        register_logger(_log)
        X, target = self._columns(leave_out)
        own = {name: value for name, value in params.items() if name not in ("num_threads", "force_row_wise")}
        trainer = DaskLGBMRegressor(client=self._client, n_estimators=rounds, tree_learner="data", **own)
        with crew.lost_told(self._client, _AGAIN):
            return trainer.fit(X, target).booster_

    def _columns(self, leave_out: int | None) -> tuple[Any, Any]:
        import dask.array as da
        from dask import delayed

        X: list[Any] = []
        target: list[Any] = []
        for piece, fold in zip(self._pieces, self._folds, strict=True):
            size = int((fold != leave_out).sum()) if leave_out is not None else len(fold)
            for found, column, shape in ((X, 0, (size, self._width)), (target, 1, (size,))):
                part = delayed(_part)(piece, column, leave_out)
                found.append(da.from_delayed(part, shape, np.float32 if column == 0 else np.float64))
        return da.concatenate(X), da.concatenate(target)

    def close(self) -> None:
        """Let the rows go."""
        self._open.close()


def _part(piece: tuple[Array, Array, Array], column: int, leave_out: int | None) -> Array:
    return piece[column] if leave_out is None else piece[column][piece[2] != leave_out]
