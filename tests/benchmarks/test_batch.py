"""The peers of the batch benchmark work with what a score needs, whatever else the model's folder holds."""

from __future__ import annotations

from pathlib import Path

import lightgbm
import numpy as np
import pytest

from benchmarks import batch
from models import bundle as bundles
from tests import small
from tests.serving import registers


def _fitted_again(folder: Path) -> Path:
    """A model with the one that its figures are of beside it, which has fewer columns; serving never reads that."""
    made = small.write(folder, seed=1)
    draw = np.random.default_rng(1)
    other = lightgbm.train({"verbosity": -1}, lightgbm.Dataset(draw.random((200, 3)), draw.random(200)), 2)
    files = {path.name: path.read_bytes() for path in made.iterdir() if path.name in bundles.BEARING}
    return bundles.write(folder, files | {"judged.lgb": other.model_to_string()}, {"result": {"synthetic": True}})


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of libraries that are measured, not used
def test_peers_predict_with_the_boosters_of_a_score_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "PEERS", 60)
    monkeypatch.setattr(batch, "FEW", 20)
    source = registers.write(tmp_path / "in", registers.tables())
    bundle = _fitted_again(tmp_path / "bundles")
    found = batch.peers(source, bundle)
    assert set(found["trees"]) == set(bundles.load(bundle).texts) == {"risk", "status", "stay"}
    assert found["rows"] == 60
    assert all(found[name]["rate"] > 0 for name in ("predict", "contributions", "reasons", "pyfunc", "by_hand"))
