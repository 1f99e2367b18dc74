"""A random forest in log-odds, for hard labels on few rows: the third voice of the blend.

Where rows lie close together and share an outcome (persons of one household whom the folds tear apart), trees of small
leaves that are each right by themselves beat boosted ones, which hold back each step. A forest averages probabilities;
here each leaf tells its smoothed log-odds, so that the average is one of log-odds like the rest of the model, can be
written into the same file and explained exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from features.types import Array
from models import trees
from models.calibration import log_odds

MOST = 50_000
"""Rows up to which a forest is grown: tried on thousands; on a million it would take longer than all the rest."""
TREES, DEPTH, LEAF = 100, 8, 4
"""Trees, splits on one way (as many as `models.forest` reads), and rows of a leaf at least."""
BAG, SOME = 0.632, 1 / 3
"""Share of the rows that a tree sees, and of the features that a split may choose from."""
PRIOR = 3.0
"""Rows at the base rate that each leaf is told from besides its own: none may say never or always."""


def grow(X: Array, hard: Array, seed: int) -> str:
    """A forest as LightGBM text: its trees add up to their mean log-odds.

    Parameters
    ----------
    X, hard : n x F features, NaN where not known, and n labels, 0 or 1, both of them present.
    """
    import lightgbm

    params = {
        "objective": "binary",
        "boosting": "rf",
        "bagging_fraction": BAG,
        "bagging_freq": 1,
        "feature_fraction_bynode": SOME,
        "max_depth": DEPTH,
        "num_leaves": 2**DEPTH,
        "min_data_in_leaf": LEAF,
        "min_sum_hessian_in_leaf": 0,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "feature_pre_filter": False,
        "verbosity": -1,
    }
    text = lightgbm.train(params, lightgbm.Dataset(X, hard), TREES).model_to_string()
    header, blocks, _ = trees.split_text(text)
    rate = float(np.clip(hard.mean(), 1e-6, 1 - 1e-6))
    told = [trees.scale(trees.revalue(block, lambda values, rows: _told(values, rows, rate)), 1 / len(blocks))
            for block in blocks]  # fmt: skip
    return _text(header, told)


def _told(values: Array, rows: Array, rate: float) -> Array:
    """Smoothed log-odds of nodes, from what LightGBM wrote there: the base rate's log-odds and one Newton step, which
    is the share of falls among the rows less the base rate, over the variance."""
    falls = np.clip(rate + (values - log_odds(rate)) * rate * (1 - rate), 0.0, 1.0)
    share = (rows * falls + PRIOR * rate) / (rows + PRIOR)
    return log_odds(share)


def out_of_fold(X: Array, hard: Array, fold: Array, seed: int) -> Array:
    """Log-odds of each row by a forest that did not see its fold, n."""
    eta = np.empty(len(X))
    for k in np.unique(fold):
        out = fold == k
        eta[out] = read(grow(X[~out], hard[~out], seed)).predict(X[out], raw_score=True)
    return eta


def read(text: str) -> Any:
    """The booster of a text."""
    import lightgbm

    return lightgbm.Booster(model_str=text)


def mixed(boosted: str, forest: str, share: float) -> str:
    """One text of both: `share` of the forest's log-odds, the rest boosted."""
    header, own, _ = trees.split_text(boosted)
    parts = ((own, 1 - share), (trees.split_text(forest)[1], share))
    return _text(header, [trees.scale(block, part) for blocks, part in parts if part > 0 for block in blocks])


def _text(header: dict[str, str], blocks: list[str]) -> str:
    return trees.join(blocks, header["feature_names"].split(" "), header["feature_infos"].split(" "))
