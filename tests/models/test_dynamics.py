"""The law of yearly moves: states, the parts of an index, what is refused, and errors that lean to no side."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from scipy import special

from features.commands import UserError
from models import dynamics
from models.calibration import log_odds, sigmoid
from models.dynamics import GRADES, LAST, RUNG_OF, STATES, Dynamics, near, state_of
from tests.models.schemes.worlds import CHAIN

CUTS = np.log([0.7, 0.85, 1.0, 1.5, 3.5])


def law(ages: int = 2, variants: int = 1, **other: Any) -> Dynamics:
    chance = np.random.default_rng(5)
    level = chance.normal(size=(variants, ages, len(CUTS), STATES)).cumsum(axis=2)
    own: dict[str, Any] = {"cuts": CUTS, "extreme": CUTS[0], "level": level,
                           "slope": chance.normal(size=(variants, ages, len(CUTS), 5))} | other  # fmt: skip
    return Dynamics(**own)


def test_states_are_the_poor_of_three_kinds_and_three_spells_of_each_rung_above_the_line() -> None:
    assert RUNG_OF.tolist() == [0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert GRADES.tolist() == [0, 1, 1, 2, 3, 4]
    rung, spell = np.array([0, 1, 1, 2, 2, 2, 2, 2, 3, 4]), np.array([0, 0, 9, 0, 1, 2, 3, 9, 2, 3])
    assert state_of(rung, spell).tolist() == [0, 1, 1, 3, 3, 4, 5, 5, 7, 11]


def test_the_poor_are_near_from_the_cut_at_85_percent_or_the_next_below_but_not_below_the_extreme_line() -> None:
    for ratios, extreme, found in (
        ([0.7, 0.8, 0.85, 0.9, 1], 0.7, 0.85), ([0.7, 0.8, 0.9, 1], 0.7, 0.8), ([0.7, 0.9, 1], 0.7, 0.7),
        ([0.6, 0.9, 1], 0.7, 0.7), ([0.85, 1], 0.9, 0.9),
    ):  # fmt: skip
        assert near(np.log(ratios), np.log(extreme)) == np.log(found)
    hair = np.array([np.log(0.85) + 5e-10, np.log(0.85) + 1e-8])
    assert near(hair, -np.inf) == hair[0]
    assert near(np.log([0.9, 1]), -np.inf) == -np.inf


def test_a_table_of_moves_comes_back_from_every_state() -> None:
    own = Dynamics.of_matrix(CHAIN)
    np.testing.assert_allclose(own.cuts, np.log([0.7, 1, 1.5, 3.5]))
    assert (own.variants, own.ages, own.extreme, own.source) == (1, 2, np.log(0.7), "matrix")
    assert not own.synthetic
    for age in (0, 1):
        moves = own.transitions(np.array([0.0, 2.0]), age)
        assert moves.shape == (2, STATES, 6)
        for state, rung in enumerate(RUNG_OF):
            by_rung = np.bincount(GRADES, moves[1, state], minlength=5)
            np.testing.assert_allclose(by_rung, CHAIN[rung], atol=1e-12)
    sure = Dynamics.of_matrix(np.eye(5))
    assert (sure.level.min(), sure.level.max()) == (pytest.approx(-30, abs=1e-3), pytest.approx(LAST, abs=1e-3))
    Dynamics.of_matrix(np.eye(5) + np.full((5, 5), 1e-10))
    for wrong in (np.eye(5) * (1 + 1e-4), np.eye(4), np.eye(5) + np.outer(np.ones(5), [0.1, -0.1, 0, 0, 0])):
        with pytest.raises(UserError, match="each row adding up to 1"):
            Dynamics.of_matrix(wrong)


def test_where_nobody_is_called_extreme_poor_none_becomes_so() -> None:
    own = law(extreme=-np.inf)
    assert own.begins.tolist() == [-1, 1, 2, 3, 4]
    assert law().begins.tolist() == [0, 1, 2, 3, 4]
    moves = own.transitions(np.zeros(1), 1)[0]
    assert (moves[:, 0] == 0).all()
    assert (moves[:, 1] > 0).all()
    np.testing.assert_allclose(moves.sum(axis=1), 1)


def test_log_odds_are_the_level_and_the_slope_of_the_rung_and_never_fall_from_cut_to_cut() -> None:
    own, index = law(variants=2), np.array([0.5, -1.0])
    for age, variant in ((0, 0), (1, 0), (1, 1)):
        plain = own.level[variant, age][None] + own.slope[variant, age][:, RUNG_OF] * index[:, None, None]
        found = own.logits(index, age, variant=variant)
        np.testing.assert_allclose(found, np.maximum.accumulate(plain, axis=1))
        moved = own.logits(index, age, shift=np.arange(5.0), variant=variant)
        np.testing.assert_allclose(moved, np.maximum.accumulate(plain + np.arange(5.0)[:, None], axis=1))
    np.testing.assert_array_equal(own.logits(index, 0), own.logits(index, 0, shift=0.0, variant=0))
    np.testing.assert_array_equal(own.transitions(index, 0), own.transitions(index, 0, shift=0.0, variant=0))


def test_the_index_of_the_first_year_is_the_scores_own_up_to_the_line_and_none_of_it_from_one_and_a_half() -> None:
    cuts = np.log([0.7, 0.85, 1.0, np.sqrt(1.5), 1.5, 3.5])
    own = law(cuts=cuts, level=np.zeros((1, 2, 6, STATES)), slope=np.ones((1, 2, 6, 5)))
    np.testing.assert_allclose(own.fresh, [1, 1, 1, 0.5, 0, 0], atol=1e-12)
    first = np.arange(5.0)[None] + 10
    found = own.logits(np.array([2.0]), 0, first)[0]
    np.testing.assert_allclose(found[0], first[0, RUNG_OF])
    assert (own.logits(np.array([2.0]), 1, first) == 2).all()
    low = own.logits(np.array([20.0]), 0, first)[0]  # the score's own is lower than the index here
    np.testing.assert_allclose(low, [first[0, RUNG_OF]] * 3 + [(first[0, RUNG_OF] + 20) / 2] + [np.full(12, 20)] * 2)


def test_families_of_another_date_are_brought_to_the_centre_and_held_within() -> None:
    own, logit, weight = law(centre=-1.0, low=-2.0, high=0.5), np.array([-6.0, -3.0, 1.0]), np.array([1.0, 3.0, 0.0])
    np.testing.assert_allclose(own.index_of(logit, weight), [-2.0, -0.25, 0.5])
    np.testing.assert_allclose(own.index_of(logit, weight, 1.0), [-2.0, -2.0, -1.0])
    np.testing.assert_allclose(law().index_of(logit, np.ones(3), 0.0), logit)


def test_the_chance_of_being_below_a_cut_is_that_of_the_best_estimate() -> None:
    own, state, index = law(variants=3), np.array([0, 4, 11]), np.array([0.3, -0.2, 1.0])
    every = own.logits(index, 0)
    for k, cut in enumerate(CUTS):
        np.testing.assert_allclose(own.below(state, index, cut), sigmoid(every[np.arange(3), k, state]))


def test_a_draw_uses_the_variants_beside_the_best_estimate_or_that_alone() -> None:
    one, three = law().law(2, seed=1), law(variants=3).law(2, seed=1)
    np.testing.assert_allclose(one.level, law().level)
    np.testing.assert_allclose(three.level, law(variants=3).level[1:])
    assert one.home.shape == (6, 2, 5)
    assert not one.home.any()
    home = np.ones((6, 2, 5))
    np.testing.assert_array_equal(law(home=home).law(2, seed=1).home, home)
    for provinces, own, words in ((1, law(home=home), "home is of 6 places, and the families of 3"),
                                  (2, law(extreme=-0.3), "the extreme line is not among the cuts")):  # fmt: skip
        with pytest.raises(UserError, match=words):
            own.law(provinces, seed=1)
    assert (law(extreme=-np.inf).law(2, seed=1).begin_at == [-1, 1, 2, 3, 4]).all()


def test_a_variant_errs_by_place_for_the_nation_and_in_how_steep_it_is_below_the_line() -> None:
    own = law(ages=3, variants=5, spread=0.2, shape=0.3)
    found, errors = own.law(2, seed=3), dynamics._errors(4, 2, 3)
    for age in range(3):
        nation = errors[1] * dynamics.moves_in(age + 1)
        np.testing.assert_allclose(found.offset[:, age], nation[:, None] + 0.2 * errors[2:].T)
    level, steep = own.level[1:], np.exp(0.3 * errors[0])[:, None, None, None]
    np.testing.assert_allclose(found.level[:, :, 2:], level[:, :, 2:])
    np.testing.assert_allclose(found.level[:, :, :2] - level[:, :, 2:3], (level[:, :, :2] - level[:, :, 2:3]) * steep)


def test_errors_are_the_middles_of_equal_parts_in_orders_that_go_least_along() -> None:
    found = dynamics._errors(5, 3, 7)
    assert found.shape == (5, 5)
    np.testing.assert_allclose(np.sort(found, axis=1), [special.ndtri([0.1, 0.3, 0.5, 0.7, 0.9])] * 5)
    twenty = dynamics._errors(20, 10, 7)
    along = np.abs(np.tril(twenty @ twenty[:2].T, -1))[1:]
    assert along.max() < 2.0, "of 200 orders one goes hardly along; two at random would by 4"
    # Frozen: a scenario that is lived again under its seed must come out as it did.
    assert np.argsort(found, axis=1).tolist() == [
        [1, 0, 3, 4, 2], [0, 2, 3, 1, 4], [4, 0, 2, 1, 3], [4, 0, 2, 1, 3], [1, 2, 4, 0, 3]]  # fmt: skip
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0] = 1.0


@pytest.mark.parametrize(("other", "words"), [
    ({"level": np.zeros((1, 1, 5, STATES))}, "level must be"), ({"level": np.zeros((2, 5, STATES))}, "level must be"),
    ({"level": np.zeros((1, 2, 4, STATES))}, "level must be"), ({"level": np.zeros((1, 2, 5, 11))}, "level must be"),
    ({"level": np.full((1, 2, 5, STATES), np.nan)}, "level must be finite"), ({"spread": np.inf}, "spread must be fin"),
    ({"low": np.nan}, "extreme, low, high must be finite"), ({"extreme": np.nan}, "extreme, low, high must be finite"),
    ({"slope": np.zeros((1, 2, 5, 4))}, "slope must be"), ({"slope": np.zeros((1, 3, 5, 5))}, "slope must be"),
    ({"home": np.zeros((3, 2, 4))}, "home must be"), ({"home": np.zeros((3, 3, 5))}, "home must be"),
    ({"cuts": np.log([0.7, 0.7, 1, 1.5, 3.5])}, "cuts must rise"), ({"cuts": CUTS + 0.01}, "cuts must rise"),
])  # fmt: skip
def test_what_is_no_law_is_refused_by_name(other: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=f"dynamics: {words}"):
        law(**other)


def test_bytes_are_read_back_and_others_refused() -> None:
    for own in (law(source="panel", synthetic=True, low=-3.0), law(home=np.ones((3, 2, 5)))):
        again = dynamics.read(dynamics.to_bytes(own))
        for name in ("cuts", "level", "slope", "home"):
            np.testing.assert_array_equal(getattr(again, name), getattr(own, name))
        assert (again.source, again.synthetic, again.low, again.high, again.centre) == (
            own.source, own.synthetic, own.low, np.inf, 0.0)  # fmt: skip
    with np.load(io.BytesIO(dynamics.to_bytes(law()))) as file:
        whole = dict(file)
    assert "home" not in whole
    for name, value, words in (
        ("spread", None, "spread wanting"), ("spread", np.zeros(2), "spread must be numbers"),
        ("spread", np.array("much"), "spread must be numbers"), ("source", np.array(1.0), "source must be text"),
        ("level", np.array(["x"]), "level must be numbers"),
    ):  # fmt: skip
        changed = {key: kept for key, kept in (whole | {name: value}).items() if kept is not None}
        file_ = io.BytesIO()
        np.savez(file_, **changed)
        with pytest.raises(UserError, match=words):
            dynamics.read(file_.getvalue())


def test_the_nation_moves_by_the_changes_of_its_published_headcount() -> None:
    rows = sorted(dynamics.reference.rows("provinces.csv"), key=lambda row: row["year"])
    shares = [float(row["value"]) for row in rows if row["province"] == "ID" and row["measure"] == "headcount"]
    logit = log_odds(np.array(shares))
    assert dynamics.moves_in(1) == pytest.approx(np.sqrt(np.mean(np.diff(logit) ** 2)))
    assert dynamics.moves_in(3) == pytest.approx(np.sqrt(np.mean((logit[3:] - logit[:-3]) ** 2)))
