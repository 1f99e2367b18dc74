"""Published figures of the place."""

from __future__ import annotations

import numpy as np

from features import registry
from features.registry import VIEWS
from tests.features.families import features, line, now, person, same


def test_figures_of_the_own_province_newest_first() -> None:
    regions = [
        {"region": region, "period": period, "known_at": f"{period[:4]}-12-31", "headcount": share, "mean_schooling": 8}
        for region, period, share in (("32", "2025Q1", 0.1), ("32", "2026Q1", 0.2), ("11", "2026Q1", None))
    ]
    homes = [now(person(), urban=True, large_city=False), now(person(), province="11"), now(person(), province="99")]
    made = features(*homes, regions=regions)
    same(made["place_headcount"], 0.2, None, None)
    same(made["place_schooling"], 8, 8, None)
    same(made["place_unemployment"], None, None, None)
    same(made["urban"], 1, None, None)
    same(made["large_city"], 0, None, None)


def test_a_remote_place_is_told_by_its_regency_else_by_its_province_and_to_no_model() -> None:
    regions = [{"region": region, "period": "2026Q1", "known_at": "2026-04-01", "remote": flag}
               for region, flag in (("94", True), ("9401", False))]  # fmt: skip
    homes = [now(person(), province="94"), now(person(), province="94", regency="9401"), now(person(), province="32")]
    same(features(*homes, regions=regions)["remote"], 1, 0, None)
    assert "remote" not in {one.name for view in VIEWS for one in registry.select(view)}


def test_the_line_of_the_place_over_the_usual_one() -> None:
    lines = [line(100, line_province="32"), line(200, line_province="11"), line(400, line_province="12"),
             line(1, "2019Q1", line_province="32")]  # fmt: skip
    made = features(now(person()), now(person(), province="12"), now(person(), province="99"), poverty_lines=lines)
    same(made["place_line"], np.log(0.5), np.log(2), None)
    same(features(now(person()))["place_line"], None)
