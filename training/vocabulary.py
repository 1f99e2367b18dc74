"""Categories of a flat table as the training rows know them: what they never saw, or hardly, is 'other'."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from features.types import Array
from training.panel import Panel
from training.table import FAMILY

MOST = 40
"""Categories kept of one column; more are identifiers rather than categories."""
FEWEST = 10
"""Training rows below which a category goes to 'other': fewer say nothing of it."""


def encode(panel: Panel, train: Array) -> Panel:
    """The panel with categories coded by their training rows, the most frequent first.

    Rare and unseen ones share the last code, so that a judged row decides nothing. A panel of contract tables, whose
    vocabulary is fixed, comes back as it is.

    Parameters
    ----------
    train : mask of the training rows.
    """
    columns = [n for n, f in enumerate(panel.features) if f.family == FAMILY and f.choices]
    if not columns:
        return panel
    X, features = panel.X.copy(), list(panel.features)
    for number in columns:
        own, codes = features[number], panel.X[:, number]
        seen = ~np.isnan(codes)
        rows = np.bincount(codes[seen & train].astype(np.int64), minlength=len(own.choices))
        order = np.argsort(-rows, kind="stable")
        kept = order[: int((rows >= FEWEST).sum())][:MOST]
        place = np.full(len(own.choices), len(kept), dtype=np.float32)
        place[kept] = np.arange(len(kept))
        X[seen, number] = place[codes[seen].astype(np.int64)]
        features[number] = replace(own, choices=(*(own.choices[code] for code in kept), "other"))
    return replace(panel, X=X, features=tuple(features))
