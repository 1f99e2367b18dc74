"""The small panel, made once."""

from __future__ import annotations

import pytest

from features import keys, registry
from features.admit import admit
from tests.training.small import raw_tables
from training import panel


@pytest.fixture(scope="session")
def tables():
    """The small panel, admitted."""
    return admit(raw_tables(), key=keys.PUBLIC_KEY).tables


@pytest.fixture(scope="session")
def small(tables):
    """The small panel with features and outcomes one quarter ahead."""
    return panel.build(tables, registry.select("survey"), horizon=1)
