"""Learners with settings to tune: random forest, XGBoost, CatBoost. The latter two are no part of the product; they
are there to be beaten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from features.types import Array
from models.baselines.sample import Baseline, Sample
from models.threads import useful
from models.words import LACKING

ROUNDS, PATIENCE = 800, 40
"""Most rounds of a booster, and rounds without gain on the fold left out after which it stops."""


@dataclass(frozen=True, slots=True)
class Range:
    """Values to try of one setting."""

    low: float
    high: float
    log: bool = False
    whole: bool = False


Params = Mapping[str, float]


class Learner(Protocol):
    """A learner to tune: the ranges of its settings and a place to start from."""

    space: ClassVar[Mapping[str, Range]]
    usual: ClassVar[Params]

    def fit(self, sample: Sample, params: Params, seed: int, threads: int, held: Sample | None = None,
            ) -> tuple[Baseline, int]:  # fmt: skip
        """Fit; with `held` stop where it gains no more. Returns the model and its rounds (0: has none)."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Any fitted model with `predict_proba`, and what it is given."""

    model: Any
    frame: Any
    base: float = 0.0
    trees: int = 0

    def predict(self, sample: Sample) -> Array:
        """Risk of each row, n; a forest that never saw a fall is told as if one more tree gave the base rate."""
        p = np.asarray(self.model.predict_proba(self.frame(sample)))[:, 1]
        return (p * self.trees + self.base) / (self.trees + 1) if self.trees else p


def _matrix(sample: Sample) -> Array:
    return sample.X


class RandomForest:
    """scikit-learn's random forest of 300 trees; missing values go where they help."""

    space: ClassVar[Mapping[str, Range]] = {
        "min_samples_leaf": Range(2, 100, log=True, whole=True),
        "max_features": Range(0.05, 0.8, log=True),
        "max_samples": Range(0.3, 1.0),
    }
    usual: ClassVar[Mapping[str, float]] = {"min_samples_leaf": 20, "max_features": 0.2, "max_samples": 0.8}

    def fit(self, sample: Sample, params: Params, seed: int, threads: int, held: Sample | None = None,
            ) -> tuple[Baseline, int]:  # fmt: skip
        """See `Learner`."""
        from sklearn.ensemble import RandomForestClassifier

        few = 100 if held is not None else 300
        model = RandomForestClassifier(few, min_samples_leaf=int(params["min_samples_leaf"]),
                                       max_features=float(params["max_features"]),
                                       max_samples=float(params["max_samples"]), random_state=seed,
                                       n_jobs=threads)  # fmt: skip
        return Trees(model.fit(sample.X, sample.hard), _matrix, float(sample.hard.mean()), few), 0


class XGBoost:
    """XGBoost on histograms, categories by their codes."""

    space: ClassVar[Mapping[str, Range]] = {
        "max_depth": Range(2, 8, whole=True),
        "learning_rate": Range(0.02, 0.2, log=True),
        "min_child_weight": Range(1, 60, log=True),
        "subsample": Range(0.5, 1.0),
        "colsample_bytree": Range(0.15, 1.0),
        "reg_lambda": Range(0.1, 100, log=True),
        "gamma": Range(0.001, 5, log=True),
    }
    usual: ClassVar[Mapping[str, float]] = {
        "max_depth": 3,
        "learning_rate": 0.05,
        "min_child_weight": 10,
        "subsample": 0.8,
        "colsample_bytree": 0.4,
        "reg_lambda": 10,
        "gamma": 0.001,
    }

    def fit(self, sample: Sample, params: Params, seed: int, threads: int, held: Sample | None = None,
            ) -> tuple[Baseline, int]:  # fmt: skip
        """See `Learner`."""
        from xgboost import XGBClassifier

        own = {name: value for name, value in params.items() if name != "rounds"}
        own["max_depth"] = int(own["max_depth"])
        stop = {"early_stopping_rounds": PATIENCE} if held is not None else {}
        model = XGBClassifier(n_estimators=int(params.get("rounds", ROUNDS)), tree_method="hist", random_state=seed,
                              n_jobs=useful(threads, len(sample.X)), eval_metric="logloss", **own, **stop)  # fmt: skip
        watched = {"eval_set": [(held.X, held.hard)]} if held is not None else {}
        model.fit(sample.X, sample.hard, verbose=False, **watched)
        return Trees(model, _matrix), int(model.best_iteration) + 1 if held is not None else 0


class CatBoost:
    """CatBoost with its own handling of categories."""

    space: ClassVar[Mapping[str, Range]] = {
        "depth": Range(2, 8, whole=True),
        "learning_rate": Range(0.03, 0.2, log=True),
        "l2_leaf_reg": Range(1, 100, log=True),
        "rsm": Range(0.15, 1.0),
        "random_strength": Range(0.1, 10, log=True),
        "subsample": Range(0.5, 1.0),
    }
    usual: ClassVar[Mapping[str, float]] = {
        "depth": 4,
        "learning_rate": 0.06,
        "l2_leaf_reg": 10,
        "rsm": 0.4,
        "random_strength": 1,
        "subsample": 0.8,
    }

    def fit(self, sample: Sample, params: Params, seed: int, threads: int, held: Sample | None = None,
            ) -> tuple[Baseline, int]:  # fmt: skip
        """See `Learner`."""
        from catboost import CatBoostClassifier

        own = {name: value for name, value in params.items() if name != "rounds"}
        own["depth"] = int(own["depth"])
        named = [n for n, f in enumerate(sample.features) if f.choices]
        model = CatBoostClassifier(iterations=int(params.get("rounds", ROUNDS)), random_seed=seed, verbose=False,
                                   thread_count=threads, allow_writing_files=False, bootstrap_type="Bernoulli",
                                   cat_features=named, one_hot_max_size=10, max_ctr_complexity=1, **own)  # fmt: skip
        watched: dict[str, Any] = {}
        if held is not None:
            watched = {"eval_set": (_named(held), held.hard.astype(int)), "early_stopping_rounds": PATIENCE}
        model.fit(_named(sample), sample.hard.astype(int), **watched)
        return Trees(model, _named), int(model.best_iteration_) + 1 if held is not None else 0


def _named(sample: Sample) -> Any:
    """The rows with categories as text, as CatBoost wants them."""
    import pandas as pd

    named = {n for n, f in enumerate(sample.features) if f.choices}
    return pd.DataFrame({n: np.nan_to_num(sample.X[:, n], nan=-1).astype(int).astype(str) if n in named
                         else sample.X[:, n] for n in range(sample.X.shape[1])})  # fmt: skip


def missing(package: str) -> str | None:
    """Reason to leave a learner out whose package is not installed."""
    from importlib.util import find_spec

    return None if find_spec(package) else LACKING["package"][1].format(package=package)


LEARNERS: dict[str, Learner] = {"random_forest": RandomForest(), "xgboost": XGBoost(), "catboost": CatBoost()}
