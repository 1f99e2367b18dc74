"""A distribution of scores tells no count of few, and none that sums over rows and columns would tell."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from models.few import FEWEST
from serving.scores import few as scores_few

PLACES = ("province", "regency")


def made(seed: int) -> list[dict[str, Any]]:
    """Regencies of three provinces with small and large cells of every kind."""
    draw, rows = np.random.default_rng(seed), []
    for province in ("31", "32", "73"):
        for at in range(1, 6):
            bins = [int(own) for own in draw.choice([0, 3, 5, 40, 300, 2000], 4)]
            poor, refused, quarantined = (int(own) for own in draw.choice([0, 2, 31, 500], 3))
            scored = sum(bins) + poor
            rows.append({"province": province, "regency": f"{province}0{at}",
                         "households": scored + refused + quarantined, "scored": scored, "refused": refused,
                         "quarantined": quarantined, "at_risk": sum(bins), "mean": 0.1,
                         "quantiles": [0.1] * 5, "histogram": bins})  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", range(30))
def test_what_is_not_told_is_no_count_of_few_by_any_sum(seed: int) -> None:
    rows = made(seed)
    told = scores_few.told(rows, PLACES)
    down: dict[tuple[str, object], list[tuple[int, bool]]] = defaultdict(list)
    for row, own in zip(rows, told, strict=True):
        for name in ("households", "scored", "refused", "quarantined", "at_risk"):
            assert own[name] in (None, row[name])
            assert own[name] is None or own[name] == 0 or own[name] >= FEWEST or name == "households"
            down[row["province"], name].append((row[name], own[name] is None))
        across = [(count, count != mine) for count, mine in zip(row["histogram"], own["histogram"], strict=True)]
        assert all(hidden or count == 0 or count >= FEWEST for count, hidden in across)
        if own["at_risk"] is not None:
            assert alone(across) == 0 or alone(across) >= FEWEST
            assert row["scored"] == row["at_risk"] or own["scored"] is None or row["scored"] - row["at_risk"] >= FEWEST
        else:
            assert own["mean"] is own["quantiles"] is None
        for at, cell in enumerate(across):
            down[row["province"], at].append(cell)
    for (_, name), cells in down.items():
        if name != "scored":
            assert alone(cells) == 0 or alone(cells) >= FEWEST or all(hidden or not count for count, hidden in cells)


def alone(cells: list[tuple[int, bool]]) -> int:
    return sum(count for count, hidden in cells if hidden)


def test_regencies_of_a_province_that_is_kept_back_are_too() -> None:
    rows = made(1)
    few = [row | {"province": "94", "regency": f"940{at}", "households": 14, "scored": 14, "refused": 0,
                  "quarantined": 0, "at_risk": 14, "histogram": [14, 0, 0, 0]}
           for at, row in enumerate(rows[:2])]  # fmt: skip
    told = scores_few.told([*rows, *few], PLACES)
    assert [row["households"] for row in told[-2:]] == [None, None]
    assert any(row["households"] is not None for row in told)


def test_large_counts_are_told_as_they_are() -> None:
    row = made(0)[0] | {"households": 900, "scored": 840, "refused": 60, "quarantined": 0, "at_risk": 700,
                        "histogram": [400, 300, 0, 0]}  # fmt: skip
    assert scores_few.told([row, row | {"regency": "3102"}], PLACES) == [row, row | {"regency": "3102"}]
    assert scores_few.told([], PLACES) == []
