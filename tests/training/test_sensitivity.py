"""What moves when an assumption is moved, and what does not."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from features.cli import main
from features.sources.synthetic.parameters import Parameters
from training import moments, sensitivity

FAMILIES = 1500


def test_every_assumption_has_a_step_within_its_bounds() -> None:
    found = {name: (old, new) for name, old, new in sensitivity.steps()}
    assert set(found) == {field.name for field in fields(Parameters)}
    for field in fields(Parameters):
        old, new = found[field.name]
        assert old != new
        assert field.metadata["low"] <= new <= field.metadata["high"]


def test_the_moments_shown_have_targets() -> None:
    assert set(sensitivity.SHOWN) <= {target.key for target in moments.targets()}
    assert len(sensitivity.SHOWN) == len(sensitivity.HEADS)


def test_no_step_is_no_change_and_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    one, again = (sensitivity._world(FAMILIES, (3, {})) for _ in range(2))
    assert one == again
    assert main(["data", "sensitivity", "--only", "luck"]) == 2
    assert "no such assumption" in capsys.readouterr().err
    assert main(["data", "sensitivity", "--only", "error", "--households", "0"]) == 2
    assert "must be 1 or more" in capsys.readouterr().err


def test_a_table_shows_the_steps_and_worlds_that_cannot_be(tmp_path: Path) -> None:
    found = sensitivity.measure(FAMILIES, 3, 1, only=("size_at_mean", "displacement_share"))
    size, share = found.moved
    at = sensitivity.SHOWN.index("household_size")
    assert (size.values[at] or 0) > (found.usual[at] or 0) + 0.2
    assert share.values
    impossible = sensitivity._world(FAMILIES, (3, {"displacement_share": 60.0}))
    assert impossible[0] == ()
    assert "must be 1 at most" in impossible[1]
    text = sensitivity.page(found)
    assert "| size_at_mean | 1.9 | 2.28 |" in text
    assert text.count("\n| ") == 1 + 1 + 1 + 2
