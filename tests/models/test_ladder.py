"""The ladder: chances that add up, a poor part that is the risk, and falls that never get rarer with time."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract import RUNGS
from models import ladder, score
from models.ladder import WIDTH, Kernel, design


def kernel(seed: int, steps: int = 4, lines: bool = True) -> Kernel:
    rng = np.random.default_rng(seed)
    return Kernel(rng.normal(size=(3, WIDTH)), rng.normal(size=WIDTH), np.array(lines), rng.normal(size=WIDTH),
                  rng.normal(size=(steps, WIDTH)), rng.normal(size=WIDTH))  # fmt: skip


@st.composite
def families(draw):
    size = draw(st.integers(1, 20))
    rung = np.array(draw(st.lists(st.sampled_from([0.0, 1, 2, 3, 4, np.nan]), min_size=size, max_size=size)))
    spell = np.array(draw(st.lists(st.sampled_from([0.0, 1, 3, 9, np.nan]), min_size=size, max_size=size)))
    risk = np.array(draw(st.lists(st.floats(1e-6, 1 - 1e-6), min_size=size, max_size=size)))
    return design(rung, spell, np.log(risk / (1 - risk))), risk


@given(families(), st.integers(0, 5), st.booleans())
def test_chances_add_up_and_the_poor_part_is_the_risk(case, seed, lines):
    X, risk = case
    p = kernel(seed, lines=lines).ladder(X, risk)
    assert p.shape == (len(X), len(RUNGS))
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(p[:, :2].sum(axis=1), risk, atol=1e-12)
    if not lines:
        assert (p[:, RUNGS.index("extreme_poor")] == 0).all()


def test_where_the_rung_is_not_measured_no_spell_is_known_either():
    nowhere, logit = np.full(3, np.nan), np.full(3, -2.0)
    X = design(nowhere, np.array([np.nan, 0.0, 9.0]), logit)
    np.testing.assert_array_equal(X, np.broadcast_to(X[0], X.shape))


@pytest.mark.parametrize(("view", "used"), [("registry", False), ("survey", True)])
def test_a_rung_that_some_families_of_a_register_have_is_none_its_model_has_learned(view, used):
    meta = {"ratio": np.array([1.2, np.nan]), "extreme": np.full(2, np.nan), "back_run": np.array([9.0, 0.0])}
    bundle, frame = SimpleNamespace(schema={"view": view}), SimpleNamespace(meta=meta)
    X = score._kernel_columns(bundle, frame, np.full(2, -2.0))
    assert (X[0] != X[1]).any() == used


@given(families(), st.integers(0, 5))
def test_a_fall_within_never_gets_rarer_with_the_horizon(case, seed):
    X, risk = case
    within = kernel(seed).fall_within(X, risk)
    assert within.shape == (len(X), 4)
    assert (np.diff(within, axis=1) >= 0).all()
    assert ((within >= 0) & (within <= 1)).all()


@given(families(), st.integers(0, 5), st.integers(1, 6))
def test_a_fall_within_is_never_rarer_than_being_poor_at_the_horizon(case, seed, steps):
    X, risk = case
    within = kernel(seed, steps=steps).fall_within(X, risk)
    assert (within[:, -1] >= risk).all()


def test_falls_that_came_back_are_added_and_the_hazards_share_them_out():
    X = design(np.array([2.0]), np.array([1.0]), np.array([0.0]))
    even = Kernel(np.zeros((3, WIDTH)), np.zeros(WIDTH), np.array(True), np.zeros(WIDTH), np.zeros((2, WIDTH)),
                  np.zeros(WIDTH))  # fmt: skip
    # Half of those not poor at the horizon were poor between: .6 + .4 / 2. By hazards of one half 2 of 3 fall early.
    np.testing.assert_allclose(even.fall_within(X, np.array([0.6])), [[0.8 * 2 / 3, 0.8]])


def test_a_kernel_without_falls_that_came_back_is_refused(tmp_path):
    with np.load(io.BytesIO(ladder.to_bytes(kernel(3)))) as file:
        np.savez(tmp_path / "old.npz", **{name: file[name] for name in file if name != "back"})
    with pytest.raises(ValueError, match="back wanting"):
        ladder.read((tmp_path / "old.npz").read_bytes())


def test_with_one_period_it_is_the_risk_itself():
    X = design(np.array([2.0]), np.array([1.0]), np.array([0.3]))
    np.testing.assert_array_equal(kernel(1, steps=1).fall_within(X, np.array([0.123])), [[0.123]])


def test_a_family_without_a_risk_has_no_fall_within():
    X = design(np.array([2.0, 2.0]), np.array([1.0, 1.0]), np.array([np.nan, 0.3]))
    within = kernel(1, steps=3).fall_within(X, np.array([np.nan, 0.1]))
    assert np.isnan(within[0]).all()
    assert not np.isnan(within[1]).any()


def test_where_the_periods_between_are_not_seen_nothing_is_told():
    X = design(np.array([2.0]), np.array([1.0]), np.array([0.3]))
    assert kernel(1, steps=0).fall_within(X, np.array([0.1])).shape == (1, 0)


def test_equal_kernels_are_equal_bytes_and_read_back():
    content = ladder.to_bytes(kernel(3))
    assert content == ladder.to_bytes(kernel(3))
    again = ladder.read(content)
    X = design(np.array([2.0, np.nan]), np.array([1.0, 0.0]), np.array([0.3, -2.0]))
    np.testing.assert_array_equal(again.ladder(X, np.array([0.1, 0.2])), kernel(3).ladder(X, np.array([0.1, 0.2])))


def test_nothing_in_the_file_is_run(tmp_path):
    path = tmp_path / "bad.npz"
    np.savez(path, above=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="neither numbers nor text"):
        ladder.read(path.read_bytes())


def test_the_columns_are_the_rung_the_spell_and_the_risk_with_its_square():
    rung, spell = np.array([0.0, 4.0, np.nan, 2.0, 2.0]), np.array([0.0, 2.0, 3.0, np.nan, 9.0])
    X = design(rung, spell, np.array([2.0, -13.0, 13.0, 12.0, -12.0]))
    assert WIDTH == X.shape[1] == 12
    assert X[:, :6].argmax(axis=1).tolist() == [0, 4, 5, 2, 2]
    assert X[:, 6:10].argmax(axis=1).tolist() == [0, 2, 0, 0, 3]
    assert (X[:, :10].sum(axis=1) == 2).all()
    assert X[:, 10].tolist() == [0.5, -3, 3, 3, -3]
    assert X[:, 11].tolist() == [0.25, 9, 9, 9, 9]


def test_the_shares_above_the_line_and_of_the_extreme_poor_are_those_of_the_logits():
    own, X = kernel(2), design(np.array([2.0, 3.0]), np.array([1.0, 0.0]), np.array([0.3, -1.0]))
    found, up = own.ladder(X, np.array([0.2, 0.5])), np.exp(X @ own.above.T)
    extreme = 1 / (1 + np.exp(-X @ own.extreme))
    np.testing.assert_allclose(found[:, 0], np.array([0.2, 0.5]) * extreme)
    np.testing.assert_allclose(found[:, 2:], np.array([[0.8], [0.5]]) * up / up.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(own.poor_if_poor(X), 1 / (1 + np.exp(-X @ own.stay)))
    far = Kernel(own.above * 1e4, own.extreme, own.lines, own.stay, own.hazards, own.back)
    assert np.isfinite(far.ladder(X, np.array([0.2, 0.5]))).all()


@pytest.mark.parametrize(("name", "value", "words"), [
    ("extreme", None, "extreme wanting"), ("above", np.zeros((2, WIDTH)), "above is not of its shape"),
    ("lines", np.zeros(1), "lines is not"), ("hazards", np.zeros((2, WIDTH - 1)), "hazards is not"),
    ("stay", np.full(WIDTH, np.nan), "stay is not"), ("back", np.zeros(WIDTH).astype("U1"), "back is not"),
])  # fmt: skip
def test_what_is_no_kernel_is_refused_by_name(name, value, words):
    with np.load(io.BytesIO(ladder.to_bytes(kernel(3)))) as file:
        whole = {key: file[key] for key in file} | {name: value}
    content = io.BytesIO()
    np.savez(content, **{key: kept for key, kept in whole.items() if kept is not None})
    with pytest.raises(ValueError, match=words):
        ladder.read(content.getvalue())
