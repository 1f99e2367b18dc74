"""The risk model as one booster: blend in log-odds, stratum offset and calibration written into its leaves.

eta = w additive + (1 - w) trees; logit p = a + a_s + b eta. The native LightGBM file *is* the calibrated model, so
prediction, exact reasons and the MLflow flavour all read the same file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from features.types import Array
from models import trees
from models.additive import Additive
from models.calibration import Affine

STRATUM = "stratum"
"""Name of the last column: code of province x urban-rural from the bundle's vocabulary, NaN when not in it."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The parts before they are one file; kept for the equality test and the card, never read by serving.

    Attributes
    ----------
    names : feature names, F.
    booster : the trees as trained (LightGBM text), raw log-odds; those of a forest among them where labels are hard.
    additive : the additive part.
    weight : w, share of the additive part.
    affine : calibration and stratum offsets.
    stratum_counts : training rows by stratum code, last for none.
    """

    names: tuple[str, ...]
    booster: str
    additive: Additive
    weight: float
    affine: Affine
    stratum_counts: Array

    def logit(self, X: Array, raw: Array, stratum: Array) -> Array:
        """Log-odds from the parts, N; `raw` are the trees' raw scores."""
        return self.affine.logit(self.weight * self.additive.eta(X) + (1 - self.weight) * raw, stratum)


def one_booster(parts: Composed) -> str:
    """Write the composed model as one LightGBM model text over the features and the stratum code."""
    header, blocks, _ = trees.split_text(parts.booster)
    slope, weight = parts.affine.slope, parts.weight
    written = [trees.scale(block, slope * (1 - weight)) for block in blocks] if weight < 1 else []
    if weight > 0:
        for column, binning in enumerate(parts.additive.binnings):
            values = parts.additive.values[column] * slope * weight
            if np.ptp(values) > 0:
                written.append(_tree(column, binning.edges, values, binning.counts))
            else:
                written.append(_tree(column, binning.edges[:0], values[[0, -1]], _merged(binning.counts)))
    written.append(_stratum_tree(parts))
    ranges = [*header["feature_infos"].split(" "), f"[0:{max(1, len(parts.affine.offsets) - 1)}]"]
    return trees.join(written, [*_plain(parts.names), STRATUM], ranges)


def _plain(names: tuple[str, ...]) -> list[str]:
    """Names that LightGBM's text takes: letters, digits and underscores, each once. Columns are told by their place."""
    found: list[str] = []
    for number, name in enumerate(names):
        plain = re.sub(r"\W", "_", name, flags=re.ASCII)
        found.append(plain if plain == name and plain not in found else f"{plain}_{number}")
    return found


def _tree(column: int, edges: Array, values: Array, counts: Array) -> str:
    return trees.additive(column, edges, values[:-1], float(values[-1]), counts[:-1], int(counts[-1]))


def _merged(counts: Array) -> Array:
    return np.array([counts[:-1].sum(), counts[-1]])


def _stratum_tree(parts: Composed) -> str:
    """Offsets by stratum code; the model's constant rides along, so that no tree of its own is needed."""
    slope, weight = parts.affine.slope, parts.weight
    constant = parts.affine.intercept + slope * weight * parts.additive.constant
    offsets = parts.affine.offsets if len(parts.affine.offsets) else np.zeros(1)
    edges = np.arange(len(offsets) - 1) + 0.5
    counts = parts.stratum_counts if len(parts.affine.offsets) else _merged(parts.stratum_counts)
    return _tree(len(parts.names), edges, np.append(offsets, 0.0) + constant, counts)


def with_stratum(X: Array, stratum: Array) -> Array:
    """Model matrix, N x (F + 1) float32: features and stratum code (NaN for -1)."""
    code = np.where(stratum >= 0, stratum, np.nan).astype(np.float32)
    return np.column_stack([X.astype(np.float32, copy=False), code])


def predict(booster: Any, matrix: Array, threads: int = 1) -> Array:
    """Risk of each row of a model matrix, N."""
    if not len(matrix):
        return np.empty(0)
    return np.asarray(booster.predict(matrix, num_threads=threads))
