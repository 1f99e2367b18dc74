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


def test_of_a_family_that_is_not_at_risk_nothing_is_told_and_figures_end_at_six_decimals() -> None:
    told, X = grown(7, 4, 0.2, interaction_constraints=[[0, 1, 2, 3, 4], [5]])
    forest, size = Forest(told.model_to_string()), 40
    logit = forest.logit(X[:size])
    logit[1] = np.nan
    shift = np.full(size, 0.25)
    shown = reasons.explain(forest, OWN, X[:size], one_day(size), logit, shift, 2, 1)
    assert [shown[name][1].as_py() for name in ("base", "place", "other", "reasons")] == [None] * 4
    assert max(map(len, shown["reasons"].to_pylist()[2:])) == 2
    assert shown["base"][0].as_py() == round(forest.base, 6)
    assert shown["place"][0].as_py() == round(float(forest.alone(X[:1, 5], 5)[0]) + 0.25, 6)
    for row in (0, 2):
        figures = [shown[name][row].as_py() for name in ("base", "place", "other")]
        figures += [reason["contribution"] for reason in shown["reasons"][row].as_py()]
        assert figures == [round(figure, 6) for figure in figures]
        assert sum(figures) == pytest.approx(logit[row], abs=2e-6)
    assert reasons.SHOWN == 5
    none = reasons.explain(forest, OWN, X[:size], one_day(size), logit, shift, 0, 1)
    assert none["reasons"].to_pylist()[:3] == [[], None, []]


def test_a_value_is_told_in_four_digits_a_category_by_its_name_and_a_missing_one_not_at_all() -> None:
    number, choice = KNOWN["adults"], next(feature for feature in KNOWN.values() if len(feature.choices) > 1)
    assert [reasons.told(number, value) for value in (3.0, 0.123456, np.nan)] == ["3", "0.1235", None]
    assert [reasons.told(choice, value) for value in (0.0, 1.0, np.nan)] == [*choice.choices[:2], None]
    found = reasons.values((number, choice), np.array([0, 1, 0, 1, 0]), np.array([3.0, 1.0, np.nan, 0.0, 3.0]))
    assert found.to_pylist() == ["3", choice.choices[1], None, choice.choices[0], "3"]


def test_only_a_fact_that_families_usually_have_can_be_missing() -> None:
    found = np.array([[np.nan, np.nan, np.nan, 0, 3]] * 2)
    usual, applies = np.array([True, False, False, True, True]), np.array([True, False])
    assert reasons.missing(OWN, found, usual, applies).to_pylist() == [["auto.computerisation"], None]
    assert reasons.missing(OWN, found, ~usual, applies).to_pylist()[0] == sorted(
        {"auto.computerisation", str(KNOWN["adults"].reason)})  # fmt: skip
