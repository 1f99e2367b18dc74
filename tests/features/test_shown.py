"""What people read of a family beside its score."""

from __future__ import annotations

import numpy as np

from features import contract, frame, registry, shown
from features.context import Context
from features.registry import VIEWS, View
from features.types import Array
from tests.features.families import LATE, Family, admitted, now, person, raw, same, worker

JOBS = [{"occupation_scheme": "ISCO08", "occupation": code, "sector_scheme": "KBLI2020", "sector": sector}
        for code, sector in (("9211", "01"), ("5221", "47"), ("8153", "14"))]  # fmt: skip
FARM, SHOP, SEWING = JOBS


def facts(*families: Family, view: View = "registry") -> dict[str, Array]:
    return frame.build(admitted(raw(*families)), Context({}), LATE, registry.select(view),
                       beside=shown.makers(view)).beside  # fmt: skip


def test_the_job_of_the_head_stands_for_the_family_else_that_of_the_eldest_who_earns() -> None:
    head = now(worker(age=30, **FARM), worker("parent", 60, **SHOP))
    idle = now(person(70, activity="inactive"), worker("child", 25, **SEWING), worker("spouse", 45, **SHOP))
    helper = now(worker(status="unpaid_family", **FARM), worker("child", 20, **SEWING))
    twins = now(person(50, activity="inactive"), worker("child", 20, **SHOP), worker("child", 20, **SEWING))
    nobody = now(person(70, activity="inactive"))
    found = facts(head, idle, helper, twins, nobody)
    letters = [None if np.isnan(code) else contract.SECTIONS[int(code)] for code in found["section"]]
    assert letters == ["A", "G", "C", "G", None]
    same(found["occupation"], 9211, 5221, 8153, 5221, None)
    same(found["head"], 1, 0, 0, 0, None)
    same(found["earners"], 2, 2, 1, 2, 0)


def test_what_is_not_known_of_that_job_is_not_taken_from_another() -> None:
    unknown = now(worker(), worker("spouse", 45, **SHOP))
    argentina = now(worker(occupation_scheme="CNO", occupation="47313"))
    found = facts(unknown, argentina)
    same(found["section"], None, None)
    same(found["occupation"], None, None)


def test_the_newest_period_counts() -> None:
    moved = {"2026Q3": ({"pkh": True}, [worker(**FARM)]), "2026Q4": ({"pkh": False}, [worker(**SEWING)])}
    found = facts(moved)
    same(found["occupation"], 8153)
    same(found["pkh"], 0)


def test_programmes_are_yes_no_or_not_known() -> None:
    found = facts(now(person(), pkh=True, sembako=False), now(person()))
    same(found["pkh"], 1, None)
    same(found["sembako"], 0, None)
    same(found["pbi"], None, None)


def test_a_measure_is_the_figure_that_a_reason_tells() -> None:
    families = (now(worker(**SEWING), worker("spouse", 40, **SHOP)), now(worker(**FARM)))
    for view in VIEWS:
        features = registry.select(view)
        made = frame.build(admitted(raw(*families)), Context({}), LATE, features, beside=shown.makers(view))
        for name, key in shown.MEASURES.items():
            column = next(at for at, feature in enumerate(features) if feature.reason == key)
            np.testing.assert_array_equal(made.beside[name].astype(np.float32), made.values[:, column])


def test_nothing_shown_is_protected_or_of_health_and_no_programme_is_in_a_model() -> None:
    features = registry.all_features()
    assert not {name for feature in features for name in feature.inputs} & set(contract.PROGRAMMES)
    protected = {feature.name for feature in features if feature.protected or "illness" in feature.name}
    for view in VIEWS:
        assert not set(shown.makers(view)) & protected
        keys = {feature.reason for feature in features if not feature.protected}
        assert set(shown.MEASURES.values()) <= keys
