"""The one rule for counts of few, as a law: what is told beside the whole tells no group of few."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import models
from models.few import FEWEST, kept_back, told


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 200), max_size=8))
def test_no_group_of_few_is_told_nor_what_the_whole_leaves_of_it(counts: dict[str, int]) -> None:
    kept = kept_back(counts)
    assert all(count >= FEWEST for name, count in counts.items() if name not in kept)
    left = sum(counts.values()) - sum(count for name, count in counts.items() if name not in kept)
    assert left == 0 or left >= FEWEST or kept == counts.keys()
    # No more than is needed: without the largest of what is kept back, too little would be.
    enough = sorted(counts[name] for name in kept if counts[name] >= FEWEST)
    assert len(enough) <= 1


@given(st.integers(0, 100))
def test_a_count_alone_is_told_of_none_or_enough(count: int) -> None:
    assert told(count) == (count if count == 0 or count >= FEWEST else None)


def test_there_is_one_number() -> None:
    root = Path(models.__file__).parents[1]
    files = [path for part in ("models", "serving") for path in (root / part).rglob("*.py")]
    again = [
        path.name for path in files if re.search(r"^(FEWEST|LEAST) = [23]\d$", path.read_text(encoding="utf-8"), re.M)
    ]
    assert again == ["few.py"]
