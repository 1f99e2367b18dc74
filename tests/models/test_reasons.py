"""Reasons: features of one key are one fact with one sum, and what adds up goes on adding up."""

from __future__ import annotations

import numpy as np
import pytest

from features import registry
from features.frame import Days
from features.registry import Feature, View
from models import reasons
from models.forest import Forest
from tests.models.test_forest import FEATURES, grown

KNOWN = {feature.name: feature for feature in registry.all_features()}
NAMES = ("computerisation_exposure", "computerisation_unit_exposure", "adults", "head_woman", "household_size")
OWN = tuple(KNOWN[name] for name in NAMES)


def one_day(size: int) -> Days:
    return Days(np.full((size, 1), np.datetime64("2026-01-01")), np.zeros(len(OWN), dtype=int))


def test_a_key_is_told_by_its_first_feature_and_a_protected_one_by_none() -> None:
    assert reasons.facts(OWN).tolist() == [0, 0, 2, -1, 4]


def test_two_measures_of_one_fact_are_one_reason_and_the_sum_holds() -> None:
    told, X = grown(7, 4, 0.2, interaction_constraints=[[0, 1, 2, 3, 4], [5]])
    forest, size = Forest(told.model_to_string()), len(X)
    assert len(OWN) == FEATURES - 1  # the last column is the stratum
    logit = forest.logit(X)
    shown = reasons.explain(forest, OWN, X, one_day(size), logit, np.zeros(size), 9, 1)
    parts = forest.contributions(X)
    for row, told_of_it in enumerate(shown["reasons"].to_pylist()):
        keys = [reason["key"] for reason in told_of_it]
        assert len(keys) == len(set(keys))
        by_key = {reason["key"]: reason["contribution"] for reason in told_of_it}
        if "auto.computerisation" in by_key:
            assert by_key["auto.computerisation"] == pytest.approx(parts[row, :2].sum(), abs=1e-6)
        whole = sum(by_key.values()) + sum(shown[name][row].as_py() for name in ("base", "place", "other"))
        assert whole == pytest.approx(logit[row], abs=1e-5)


def test_a_fact_is_missing_where_none_of_its_features_is_known() -> None:
    found = np.array([[np.nan, 0.4, 2, 0, 3], [np.nan, np.nan, 2, 0, 3]])
    told = reasons.missing(OWN, found, np.ones(5, dtype=bool), np.array([True, True])).to_pylist()
    assert told == [[], ["auto.computerisation"]]


@pytest.mark.parametrize("view", ["survey", "registry"])
def test_features_of_one_key_are_of_one_kind(view: View) -> None:
    """Their sum is told with the value of the first, in one sentence: unit and vocabulary must be the same."""
    kinds: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for feature in registry.select(view):
        if feature.reason:
            kinds.setdefault(feature.reason, set()).add(_kind(feature))
    assert {key: own for key, own in kinds.items() if len(own) > 1} == {}


def _kind(feature: Feature) -> tuple[str, tuple[str, ...]]:
    return feature.unit, feature.choices
