"""A bundle written by an earlier release still loads, and still gives the scores it gave then."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from features.admit import admit
from features.keys import PUBLIC_KEY
from models import bundle, row, score
from tests import small

FIXTURES = sorted(Path(__file__).parent.parent.glob("fixtures/bundle_format_*"))


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_an_old_bundle_gives_its_old_scores(fixture: Path) -> None:
    [path] = [folder for folder in fixture.iterdir() if folder.is_dir()]
    tables = admit(small.columns(json.loads((fixture / "tables.json").read_text())), key=PUBLIC_KEY).tables
    rows = row.plain(score.score(bundle.load(path), tables, np.datetime64(small.AS_OF)))
    now = {name: [own[name] for own in rows] for name in score.COLUMNS}
    then = json.loads((fixture / "scores.json").read_text())
    for name in ("household_id", "status", "refusal", "rung", "applies", "bundle", "certainty", "expires"):
        assert now[name] == then[name]
    for name in ("risk", "p_poor_now", "p_poor_next", "base", "place", "other"):
        assert now[name] == pytest.approx(then[name], abs=1e-9)
    assert [[reason["key"] for reason in own] for own in now["reasons"]] == [
        [reason["key"] for reason in own] for own in then["reasons"]
    ]


def test_there_is_a_fixture_of_this_format() -> None:
    assert f"bundle_format_{bundle.FORMAT}" in {path.name for path in FIXTURES}
