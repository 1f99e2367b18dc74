"""Synthetic families that several tests of the simulation read."""

from __future__ import annotations

from pathlib import Path

import pytest

from features.sources.synthetic import make


@pytest.fixture(scope="session")
def families_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 families over four years, as `jaga data synth` writes them."""
    place = tmp_path_factory.mktemp("families") / "made"
    make.generate(place, households=3000, periods=4, seed=3, start="2023", frequency="year")
    return place
