"""A service over a published run, with people of every role and a token for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models import bundle
from serving.access.rights import Grant, Role
from serving.app import build, warm
from serving.champion import Champion, Loaded
from serving.office import Office
from serving.scores import publishing
from serving.settings import Settings
from serving.store import tokens
from serving.store.engine import Store
from tests.serving import scored, stores
from tests.serving.api.world import SCOPES, World
from tests.serving.live import KEYS

LABELS = [3, 7, 14, 27]
PEOPLE: tuple[tuple[str, Role, str], ...] = (
    ("dewi", "officer", "3101"), ("rini", "officer", "3101"), ("sari", "verifier", "3101"), ("eko", "viewer", "3101"),
    ("budi", "officer", "7301"), ("wati", "verifier", "7301"), ("nina", "officer", ""), ("tono", "analyst", ""),
    ("tina", "verifier", ""), ("admin", "administrator", ""),
)  # fmt: skip


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A score store with two runs of the same families."""
    folder = tmp_path_factory.mktemp("published")
    for as_of, seed in (("2026-08-15", 4), ("2026-11-15", 4)):
        run = scored.write(folder / as_of, scored.rows(1500, seed, as_of=as_of), labels=LABELS, as_of=as_of)
        publishing.publish(folder / "scores", run)
    return folder


@pytest.fixture
def world(store: Store, published: Path, bundles: tuple[Path, Path], tmp_path: Path) -> Iterator[World]:
    """The app over a database, on each engine in turn."""
    yield from make(store, published, bundles[0], tmp_path)


@pytest.fixture
def one(sqlite_store: Store, published: Path, bundles: tuple[Path, Path], tmp_path: Path) -> Iterator[World]:
    """The same over a file, for what does not depend on the engine."""
    yield from make(sqlite_store, published, bundles[0], tmp_path)


def make(store: Store, published: Path, model: Path, folder: Path) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAGA_KEYS", KEYS)
        patch.setenv("JAGA_HOME", str(folder / "home"))
        champion = Champion(published, None, warm)
        champion.current = Loaded(bundle.load(model), None)
        office = Office.of(store, champion, Settings(rate=10_000), published)
        secrets = {}
        with store.writing() as connection:
            for account, role, area in PEOPLE:
                person = stores.person(connection, account, Grant(role, area))
                _, secrets[account] = tokens.make(connection, person, "tests", SCOPES, days=30)
        own = World(build(champion, store, office), store, office, secrets)
        yield own
        own.close()
        office.journal.close()
