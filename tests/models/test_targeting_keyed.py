"""Lots: the hash is the published one, and lots of different uses have nothing in common."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.keys import ALPHABET
from models.targeting import keyed
from tests.models.listed import siphash

CODES = st.lists(st.text(ALPHABET, min_size=12, max_size=12), max_size=30)


def test_the_scalar_hash_is_that_of_its_paper() -> None:
    """Appendix A of the paper: fifteen bytes 0 to 14 under the key of bytes 0 to 15."""
    assert siphash(bytes(range(15)), bytes(range(16))) == 0xA129CA6149BE45E5


@given(CODES, st.binary(min_size=16, max_size=16))
def test_a_column_of_lots_is_the_scalar_hash(codes: list[str], key: bytes) -> None:
    found = keyed.lots(np.array([code.encode() for code in codes], keyed.CODE), key)
    assert found.tolist() == [siphash(code.encode(), key) for code in codes]


def test_blocks_join() -> None:
    draw = np.random.default_rng(1)
    letters = np.frombuffer(ALPHABET.encode(), np.uint8)[draw.integers(0, 32, (70_000, 12))]
    codes = letters.copy().view(keyed.CODE).ravel()
    key = keyed.key("benih", "tie")
    found = keyed.lots(codes, key)
    some = [0, 32_767, 32_768, 65_535, 65_536, 69_999]
    assert found[some].tolist() == [siphash(codes[at], key) for at in some]
    assert keyed.lots(codes[::2], key).tolist() == found[::2].tolist()
    # Even, and free of another use of the same seed: within five standard deviations.
    other = keyed.lots(codes, keyed.key("benih", "sample"))
    for lots in (found, other, found ^ other):
        counts = np.bincount((lots >> np.uint64(60)).astype(int), minlength=16)
        assert abs(counts - 70_000 / 16).max() < 5 * np.sqrt(70_000 / 16)
