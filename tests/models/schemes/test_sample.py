"""A sample: the same families from run to run, whatever the order and the pieces, and a nation kept as a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.commands import UserError
from models.schemes import grounds, kept, simulate
from models.schemes.sample import Sample, draw, within
from tests.models.schemes.worlds import nation, scenario, scheme

CODES = [f"F{number:011d}" for number in range(500)]
WHOLE = pa.table({
    "household_id": CODES, "applies": [True] * 500, "risk": np.linspace(0.01, 0.6, 500),
    "p_poor_next": [0.5] * 500, "province": ["32", "33"] * 250, "regency": ["3204", "3301"] * 250,
})  # fmt: skip


def ids(table: pa.Table) -> set[str]:
    return set(table["household_id"].to_pylist())


@given(pieces=st.integers(1, 500), count=st.integers(1, 600), seed=st.integers(0, 5), turn=st.integers(0, 499))
def test_neither_order_nor_pieces_change_who_is_drawn(pieces: int, count: int, seed: int, turn: int) -> None:
    at = np.roll(np.arange(500), turn)
    whole = draw(WHOLE.to_batches(), Sample(count, seed))
    cut = draw(WHOLE.take(pa.array(at)).to_batches(max_chunksize=pieces), Sample(count, seed))
    assert ids(whole.table) == ids(cut.table)
    assert len(whole.table) == min(count, 500)
    assert whole.each * len(whole.table) == pytest.approx(500)
    assert whole.mean == pytest.approx(cut.mean)
    assert ids(draw(WHOLE.to_batches(), Sample(max(1, count // 2), seed)).table) <= ids(whole.table)


def test_an_area_is_drawn_from_alone_and_keeps_the_mean_of_all() -> None:
    everywhere, there = draw(WHOLE.to_batches(), Sample(50)), draw(WHOLE.to_batches(), Sample(50, area="3301"))
    assert set(there.table["province"].to_pylist()) == {"33"}
    assert there.each * 50 == pytest.approx(250)
    assert there.mean == everywhere.mean
    assert len(draw(WHOLE.to_batches(), Sample(50, area="11")).table) == 0


def test_a_nation_of_an_area_stands_for_all_of_it() -> None:
    whole = nation(400)
    own = within(whole, Sample(60, area="33"))
    names = {own.province.names[code] for code in np.unique(own.province.codes)}
    assert (len(own), names) == (60, {"33"})
    there = np.array(whole.province.names)[whole.province.codes] == "33"
    assert own.weight.sum() == pytest.approx(whole.weight[there].sum())
    with pytest.raises(UserError, match="no family of area 11"):
        within(whole, Sample(60, area="11"))


def test_a_sample_of_a_nation_says_of_how_many_it_is() -> None:
    """`--sample` and the service alike: what was lived and what there is, both in the versions."""
    whole = nation(200, source="200 synthetic families, seed 1, period 2026")
    for own in (whole.sample(50, 3), within(whole, Sample(50))):
        found = simulate(scenario([scheme()], draws=2), own, 3).to_dict()
        assert found["data"]["source"] == "50 of 200 synthetic families, seed 1, period 2026"
        told = dict(grounds.versions(found, "id"))
        assert told["Keluarga"] == "50 dari 200 keluarga sintetis, benih 1, periode 2026"
    assert whole.sample(200, 3).source == whole.source


def test_a_kept_nation_lives_the_same_lives(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "nation.npz"
    kept.write(nation(), path)
    assert [own.name for own in path.parent.iterdir()] == ["nation.npz"]
    assert path.stat().st_mode & 0o077 == 0, "facts of families are their owner's alone"
    own = scenario([scheme()])
    assert simulate(own, kept.read(path), 3).to_dict() == simulate(own, nation(), 3).to_dict()
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(UserError, match="keeps no families"):
        kept.read(path)
