"""An office with published scores, and pages of it as people of different roles and languages ask for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from serving.access import passwords
from serving.champion import Champion, Loaded
from serving.scores import publishing
from tests.serving import scored
from tests.serving.console.office import DAYS, KNOWN, LABELS, Office, person, publish, rows
from tests.serving.live import KEYS


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose score store has two runs of made-up families."""
    home = tmp_path_factory.mktemp("published")
    publish(home, tmp_path_factory.mktemp("folders"))
    return home


@pytest.fixture(autouse=True)
def _keys(_own_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys that the log of an office is sealed by (`stores.sqlite`)."""
    monkeypatch.setenv("JAGA_KEYS", KEYS)


@pytest.fixture
def office(published: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("JAGA_HOME", str(published))
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    passwords._nobody.cache_clear()
    with Office(published) as own:
        yield own


@pytest.fixture
def ask(office: Office) -> Iterator[TestClient]:
    """A browser of an officer for the nation."""
    office.who = person(("officer", ""))
    with TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        yield client


@pytest.fixture
def jabar(ask: TestClient, office: Office) -> TestClient:
    """A browser of an officer for Jawa Barat."""
    office.who = person(("officer", "32"))
    return ask


@pytest.fixture(scope="session")
def _programmes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A score store that has the programmes of families beside their scores, to be copied."""
    home = tmp_path_factory.mktemp("programmes")
    table = scored.with_facts(rows(1, DAYS[-1]), np.random.default_rng(3))
    scored.write(home / "run", table, as_of=DAYS[-1], labels=LABELS, known=KNOWN)
    publishing.publish(home / "scores", home / "run")
    return home / "scores"


@pytest.fixture
def receiving(_programmes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
              ) -> Iterator[tuple[Office, TestClient]]:  # fmt: skip
    """An office of its own over that store, and a browser of an officer for the nation."""
    shutil.copytree(_programmes, tmp_path / "scores", symlinks=True)
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"},
                                                follow_redirects=False) as client:  # fmt: skip
        office.who = person(("officer", ""))
        yield office, client


@pytest.fixture
def judged(bundles: tuple[Path, Path]) -> Champion:
    """A model that answers, without a record."""
    from models import bundle

    champion = Champion(bundles[0].parent, bundles[0], lambda loaded: None)
    champion.current = Loaded(bundle.load(bundles[0]), {
        "when": "2026-11-20T08:00:00+00:00", "who": "dewi", "data_hash": "0" * 64,
        "gates": {"leak alarm": {"passed": True, "found": "AUC .8"}}, "figures": {"auc": 0.8},
    })  # fmt: skip
    return champion
