"""Who is not scored, who is to be looked at, and who is poor now: at the bounds of each rule."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from features import periods
from models import bundle as loaded
from models import score
from tests import small

NAN = np.nan


def frame(values: Any, **other: Any) -> Any:
    """A frame of N families with F features of a survey, known on a day of 2026."""
    cells = np.array(values, dtype=float)
    size = len(cells)
    meta = {"ratio": np.full(size, 1.2), "period": np.full(size, periods.parse("2026Q1"))} | other.pop("meta", {})
    own = {"values": cells, "meta": meta, "out_of_range": np.zeros(cells.shape, bool),
           "as_of": np.datetime64("2026-06-30")} | other  # fmt: skip
    return type("Frame", (SimpleNamespace,), {"__len__": lambda _: size})(**own)


def bundle(**other: Any) -> Any:
    own = {"reference": {"usual": [True, True, True, True, False]}, "schema": {"view": "survey"}, "forests": {}} | other
    return SimpleNamespace(**own)


def test_a_family_is_scored_while_its_facts_are_fresh_whole_and_within_the_model() -> None:
    half, most = [1, 1, NAN, NAN, NAN], [1, NAN, NAN, NAN, 1]
    own = frame([[1] * 5, half, most, [1] * 5, [1] * 5], meta={"ratio": np.array([1, 1, 1, NAN, 1])})
    stratum = np.array([0, 2, 0, 0, -1])
    assert score._refusals(bundle(), own, stratum).tolist() == ["", "", "core_missing", "core_missing", "outside_model"]
    register = bundle(schema={"view": "registry"})
    assert score._refusals(register, own, stratum).tolist()[3] == ""
    own.out_of_range[0, 4] = True
    assert score._refusals(register, own, stratum).tolist()[0] == "outside_model"
    none = bundle(reference={"usual": [False] * 5})
    assert score._refusals(none, frame([[NAN] * 5]), np.array([0])).tolist() == [""]
    assert score._refusals(none, frame(np.empty((0, 5))), np.empty(0, int)).tolist() == []


@pytest.mark.parametrize(("day", "stale"), [("2026-09-30", False), ("2026-10-01", True)])
def test_facts_hold_for_two_periods_after_their_own(day: str, stale: bool) -> None:
    own = frame([[1] * 5], as_of=np.datetime64(day))
    assert score._refusals(bundle(), own, np.array([0])).tolist() == ["stale" if stale else ""]
    assert str(score.expiry(np.datetime64(day)) - np.datetime64(day)) == "100 days"


def test_who_was_measured_is_poor_or_not_and_of_others_the_models_tell() -> None:
    own, matrix = frame([[1] * 5] * 3, meta={"ratio": np.array([0.99, 1.0, NAN])}), np.zeros((3, 5))
    now, stay = score._status(bundle(), own, matrix, 1)
    np.testing.assert_array_equal(now, [1, 0, NAN])
    np.testing.assert_array_equal(stay, [NAN, 0, NAN])
    told = {name: SimpleNamespace(logit=lambda rows, threads, at=at: np.full(len(rows), at))
            for name, at in (("status", 0.0), ("stay", np.log(3)))}  # fmt: skip
    now, stay = score._status(bundle(forests=told), own, matrix, 1)
    np.testing.assert_allclose(now, [1, 0, 0.5])
    np.testing.assert_allclose(stay, [0.75, 0, 0.75])


def test_a_family_unlike_those_of_the_training_is_to_be_looked_at() -> None:
    own = bundle(reference={"low": [0, 0], "high": [5, 5], "missing_share": [0, 0.1]}, cuts={"labels": [2, 5, 10, 20]})
    some = frame([[0, 5], [-0.1, 5], [0, 5.1], [NAN, 1], [1, NAN]])
    assert score._doubtful(own, some, None).tolist() == [False, True, True, True, False]
    ends = np.array([0.04, 0.04, 0.05, 0.05, 0.04]), np.array([0.1, 0.1, 0.1, 0.1, 0.1])
    assert score._doubtful(own, some, ends).tolist() == [True, True, True, True, True]
    sure = np.array([0.05] * 5), np.array([0.1] * 5)
    assert score._doubtful(own, some, sure).tolist() == [False, True, True, True, False]


def test_the_shift_of_a_place_moves_its_families_alone_the_first_place_too(tmp_path: Any) -> None:
    own = loaded.load(small.write(tmp_path))
    tables, day = small.admitted(60), np.datetime64(small.AS_OF)
    before = score.chances(own, tables, day)
    assert set(before.stratum[before.known]) >= {0, 1}
    for code, name in enumerate(own.schema["strata"]):
        after = score.chances(own, tables, day, shifts={name: 0.7})
        moved = np.where(before.stratum == code, 0.7, 0.0)[before.known]
        assert (after.told - before.told)[before.known] == pytest.approx(moved)
