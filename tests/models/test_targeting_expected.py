"""Expected errors: the arithmetic, and whether ranges hold what then happens, whatever errors have in common."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.targeting import Coded, Expected, Rows, Share
from models.targeting.expected import FEWEST, FEWEST_FALLS, LEVEL_Z, expected
from models.targeting.keyed import CODE
from tests.models.listed import code

TIMES = 600
SIZE = 4000
Errors = Callable[[np.random.Generator, np.ndarray], np.ndarray]
"""Standard normal errors of the model, one a household, from a generator and the log-odds."""


def _tilt(draw: np.random.Generator, eta: np.ndarray) -> np.ndarray:
    """High risks too high and low ones too low, or the other way round: the errors that hurt a ranking most."""
    return np.where(eta > np.quantile(eta, 0.85), 1, -1) * draw.normal()


ERRORS: dict[str, Errors] = {
    "of each household by itself": lambda draw, eta: draw.normal(size=len(eta)),
    "the same for all": lambda draw, eta: np.full(len(eta), draw.normal()),
    "of each of twenty places": lambda draw, eta: draw.normal(size=20)[np.arange(len(eta)) % 20],
    "a tilt of the ranking": _tilt,
    "none": lambda draw, eta: np.zeros(len(eta)),
}
SPREAD = 0.25


def made(spread: float = SPREAD, seed: int = 1, size: int = SIZE) -> tuple[Rows, np.ndarray, np.ndarray]:
    """Rows with risks and 90 % intervals, their log-odds, and the 15 % of them that a list holds."""
    draw = np.random.default_rng(seed)
    eta = draw.normal(-2.6, 1.0, size)
    p, low, high = (1 / (1 + np.exp(-(eta + side * LEVEL_Z * spread))) for side in (0, -1, 1))
    own = Rows(np.array([code(at).encode() for at in range(size)], CODE), _coded(draw, size, "32", "73"),
               _coded(draw, size, "3201", "7301"), np.ones(size, bool), np.ones(size, bool), p, low, high,
               _coded(draw, size, "vulnerable", "aspiring"), _coded(draw, size, "relapse", "first_entry"),
               draw.integers(0, 2, size).astype(np.int8),
               poor_now=draw.beta(1, 6, size), amounts={"size": draw.integers(1, 8, size).astype(float)})  # fmt: skip
    return own, eta, p >= np.quantile(p, 0.85)


def _coded(draw: np.random.Generator, size: int, *names: str) -> Coded:
    return Coded(draw.integers(0, len(names), size).astype(np.int32), names)


def _told(found: Expected) -> tuple[Share, Share]:
    shares = found.exclusion, found.inclusion
    assert None not in shares
    return shares  # type: ignore[return-value]


def _inside(ranges: tuple[Share, ...], came: tuple[float, ...]) -> list[bool]:
    return [(one.low or 0) <= value <= (one.high or 0) for one, value in zip(ranges, came, strict=True)]


def _in_all(own: Rows, listed: np.ndarray) -> tuple[Share, ...]:
    return _told(expected(own, np.ones(len(own), bool), listed)[0])


def _happens(draw: np.random.Generator, own: Rows, eta: np.ndarray, errors: Errors, spread: float, on: np.ndarray,
             ) -> tuple[float, ...]:  # fmt: skip
    """What comes of a list: who is poor already by lot, and of the others who falls; in the order of `_told`."""
    p = 1 / (1 + np.exp(-(eta + spread * errors(draw, eta))))
    assert own.poor_now is not None
    poor = draw.random(len(p)) < own.poor_now
    fell = ~poor & (draw.random(len(p)) < p)
    return 1 - fell[on].sum() / max(1, fell.sum()), 1 - fell[on].mean()


@pytest.mark.parametrize("name", ERRORS)
def test_ranges_hold_what_happens_whatever_errors_have_in_common(name: str) -> None:
    own, eta, listed = made()
    draw, held = np.random.default_rng(7), np.zeros((TIMES, 2))
    ranges = _in_all(own, listed)
    for time in range(TIMES):
        held[time] = _inside(ranges, _happens(draw, own, eta, ERRORS[name], SPREAD, listed))
    # .90 less three standard deviations of a share of so many.
    assert (held.mean(axis=0) > 0.9 - 3 * np.sqrt(0.09 / TIMES)).all(), held.mean(axis=0)


def test_ranges_of_chance_alone_are_no_wider_than_they_need_be() -> None:
    own, eta, listed = made(0.0)
    draw, came = np.random.default_rng(8), np.zeros((2 * TIMES, 2))
    for time in range(len(came)):
        came[time] = _happens(draw, own, eta, ERRORS["none"], 0.0, listed)
    for one, values in zip(_in_all(own, listed), came.T, strict=True):
        assert one.low is not None
        assert one.high is not None
        assert abs(values.mean() - one.value) < 5 * values.std() / np.sqrt(len(values))
        assert (one.high - one.low) / (2 * LEVEL_Z) == pytest.approx(values.std(), rel=0.1)
        assert 0.87 < ((one.low <= values) & (values <= one.high)).mean() < 0.93


def test_ranges_of_the_smallest_groups_that_get_a_figure_hold_too() -> None:
    """A few dozen households and ten expected falls: the normal curve is at its limit there."""
    own, eta, listed = made(0.0, size=150)
    on = listed | (np.arange(150) % 6 == 0)
    found = expected(own, np.ones(150, bool), on)[0]
    ranges = _told(found)
    assert found.falls < 1.6 * FEWEST_FALLS
    assert found.listed < 1.6 * FEWEST
    draw, held = np.random.default_rng(9), np.zeros((2 * TIMES, 2))
    for time in range(len(held)):
        held[time] = _inside(ranges, _happens(draw, own, eta, ERRORS["none"], 0.0, on))
    assert (held.mean(axis=0) > 0.85).all(), held.mean(axis=0)


def test_figures_are_those_counted_by_hand() -> None:
    own, _, listed = made(size=600)
    inside = np.arange(600) % 10 > 0
    found = expected(own, inside, listed & inside)
    assert own.poor_now is not None
    q, on = own.poor_now[inside], listed[inside]
    p, low, high = (column[inside] * (1 - q) for column in (own.risk, own.low, own.high))
    falls, caught = p.sum(), p[on].sum()
    share = caught / falls
    first = found[0]
    assert (first.by, first.households, first.listed, first.unscored) == ("all", 540, int(on.sum()), 0)
    assert (first.falls, first.caught) == (pytest.approx(falls), pytest.approx(caught))
    assert first.exclusion is not None
    assert first.inclusion is not None
    slope = np.where(on, 1 - share, -share) / falls
    chance = LEVEL_Z * np.sqrt((slope**2 * p * (1 - p)).sum())
    more, less = np.where(on, high - p, p - low), np.where(on, p - low, high - p)
    assert first.exclusion.value == pytest.approx(1 - share)
    assert first.exclusion.of == pytest.approx(falls)
    assert first.exclusion.low == pytest.approx(1 - share - np.hypot((abs(slope) * more).sum(), chance))
    assert first.exclusion.high == pytest.approx(1 - share + np.hypot((abs(slope) * less).sum(), chance))
    assert first.inclusion.value == pytest.approx(1 - p[on].mean())
    assert first.inclusion.of == on.sum()
    chance = LEVEL_Z * np.sqrt((p * (1 - p))[on].sum()) / on.sum()
    assert first.inclusion.low == pytest.approx(
        1 - p[on].mean() - np.hypot((high - p)[on].mean(), chance))  # fmt: skip
    assert first.poor is not None
    assert first.neither is not None
    assert first.poor.value == pytest.approx(q[on].mean())
    assert first.neither.value == pytest.approx(first.inclusion.value - first.poor.value)
    # How far q is off is not known, so what it enters directly has no range.
    assert {first.poor.low, first.poor.high, first.neither.low, first.neither.high} == {None}


def test_who_may_be_poor_already_falls_by_that_much_less() -> None:
    """The risk holds of those not poor now: who is surely poor cannot fall, and the list says that they are poor."""
    own, _, listed = made()
    poor = np.where(np.arange(SIZE) % 4 == 0, 1.0, 0.0)
    sure, half = (dataclasses.replace(own, poor_now=poor * share) for share in (1.0, 0.0))
    with_poor, without = (expected(one, np.ones(SIZE, bool), listed)[0] for one in (sure, half))
    assert with_poor.falls == pytest.approx(own.risk[poor == 0].sum())
    assert with_poor.caught == pytest.approx(own.risk[(poor == 0) & listed].sum())
    assert without.falls == pytest.approx(own.risk.sum())
    assert with_poor.poor is not None
    assert with_poor.poor.value == pytest.approx(poor[listed].mean())


def test_who_may_be_poor_is_not_known_nothing_is_said_of() -> None:
    own, _, listed = made()
    some = np.where(np.arange(SIZE) % 4 == 0, np.nan, own.poor_now)
    for column, lacking in ((some, SIZE // 4), (None, SIZE)):
        found = expected(dataclasses.replace(own, poor_now=column), np.ones(SIZE, bool), listed)[0]
        assert (found.unscored, found.households) == (lacking, SIZE - lacking)
    assert (found.falls, found.exclusion, found.inclusion, found.poor) == (0, None, None, None)


def test_groups_add_up_and_small_ones_get_no_figure() -> None:
    own, _, listed = made(size=900)
    few = own.province.codes.copy()
    few[:] = 0
    few[np.flatnonzero(listed)[:20]] = 1
    scored = np.ones(900, bool)
    scored[np.flatnonzero(~listed)[:30]] = False
    blank = {name: np.where(scored, getattr(own, name), np.nan) for name in ("risk", "low", "high")}
    own = dataclasses.replace(own, province=Coded(few, ("32", "73")), scored=scored, applies=scored, **blank)
    found = expected(own, np.ones(900, bool), listed)
    by: dict[str, list[Expected]] = {}
    for one in found:
        by.setdefault(one.by, []).append(one)
    assert list(by) == ["all", "province", "urban", "kind", "rung", "size"]
    for parts in by.values():
        for name in ("households", "listed", "unscored", "falls", "caught"):
            assert sum(getattr(one, name) for one in parts) == pytest.approx(getattr(by["all"][0], name))
    assert by["all"][0].unscored == 30
    assert [one.level for one in by["rung"]] == ["vulnerable", "aspiring"]
    assert [one.level for one in by["size"]] == ["1-2", "3-4", "5+"]
    small = by["province"][1]
    assert (small.level, small.households, small.exclusion, small.inclusion) == ("73", 20, None, None)
    assert by["province"][0].exclusion is not None
    none = expected(own, np.ones(900, bool), np.zeros(900, bool))[0]
    assert none.inclusion is None
    assert none.exclusion is not None
    assert none.exclusion.value == 1


def test_without_intervals_the_ranges_tell_chance_alone() -> None:
    own, _, listed = made()
    bare = dataclasses.replace(own, low=np.full(SIZE, np.nan), high=np.full(SIZE, np.nan))
    sure, told = (expected(one, np.ones(SIZE, bool), listed)[0] for one in (bare, own))
    assert (sure.intervals, told.intervals) == (False, True)

    def width(share: Any) -> float:
        return float(share.high - share.low)

    assert width(sure.exclusion) < width(told.exclusion)
    assert width(sure.inclusion) < width(told.inclusion)


def test_groups_stand_in_one_order_whatever_that_of_the_texts() -> None:
    """Rows that are read side by side number their texts as they come."""
    own, _, listed = made(size=900)
    turned = dataclasses.replace(own, **{name: Coded(1 - one.codes, one.names[::-1]) for name in ("province", "kind")
                                         for one in [getattr(own, name)]})  # fmt: skip
    inside = np.ones(900, bool)
    assert expected(turned, inside, listed) == expected(own, inside, listed)
    assert [one.level for one in expected(turned, inside, listed) if one.by == "province"] == ["32", "73"]


def test_a_group_has_a_figure_from_thirty_families_and_ten_expected_falls_on() -> None:
    """Of thirty families with a third of chance each exactly ten fall."""

    def figures(size: int, risk: float, on: int) -> tuple[bool, bool]:
        own, _, _ = made(size=size)
        own = dataclasses.replace(own, risk=np.full(size, risk), low=np.full(size, 0.0), high=np.full(size, 1.0),
                                  poor_now=np.zeros(size))  # fmt: skip
        first = expected(own, np.ones(size, bool), np.arange(size) < on)[0]
        assert first.exclusion is None or first.exclusion.of == size * risk
        assert first.poor == (None if first.inclusion is None else Share(0.0, None, None, on))
        return first.exclusion is not None, first.inclusion is not None

    assert (FEWEST, FEWEST_FALLS) == (30, 10)
    assert figures(40, 0.25, 30) == (True, True)
    assert figures(40, 0.25, 29) == (True, False)
    assert figures(40, 0.24, 30) == (False, True)
    assert figures(29, 0.5, 29) == (False, False)
    assert figures(30, 0.5, 30) == (True, True)


def test_sizes_are_told_as_one_to_two_three_to_four_and_more_and_the_unknown_last() -> None:
    own, _, listed = made(size=400)
    size = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 12.0, np.nan, 2.0])[np.arange(400) % 8]
    own = dataclasses.replace(own, amounts={"size": size}, urban=np.arange(400) % 2 - (np.arange(400) % 8 == 1))
    found = expected(own, np.ones(400, bool), listed)
    assert [(one.level, one.households) for one in found if one.by == "size"] == [
        ("1-2", 150), ("3-4", 100), ("5+", 100), ("", 50)]  # fmt: skip
    assert [(one.level, one.households) for one in found if one.by == "urban"] == [("rural", 250), ("urban", 150)]
    away = dataclasses.replace(own, urban=np.where(np.arange(400) < 40, -1, 1))
    assert [(one.level, one.households) for one in expected(away, np.ones(400, bool), listed) if one.by == "urban"] == [
        ("urban", 360), ("", 40)]  # fmt: skip
    assert not [one for one in expected(dataclasses.replace(own, amounts={}), np.ones(400, bool), listed)
                if one.by == "size"]  # fmt: skip


def test_a_range_ends_at_none_and_all_and_one_end_alone_is_an_interval_too() -> None:
    own, _, _ = made(size=60)
    for name, value in (("low", 0.0), ("high", 1.0)):
        flat = {"risk": np.full(60, 0.5), "low": np.full(60, 0.5), "high": np.full(60, 0.5)}
        one = dataclasses.replace(own, poor_now=np.zeros(60), **(flat | {name: np.full(60, value)}))
        first = expected(one, np.ones(60, bool), np.arange(60) < 30)[0]
        assert first.intervals
        told = first.inclusion
        assert told is not None
        assert told.value == 0.5
        assert (told.high if name == "low" else told.low) == (1.0 if name == "low" else 0.0)
    flat_ = dataclasses.replace(own, poor_now=np.zeros(60), **flat | {"high": np.full(60, 0.5)})
    assert not expected(flat_, np.ones(60, bool), np.arange(60) < 30)[0].intervals
