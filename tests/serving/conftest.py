"""Servers, stores on both databases and models that the tests of the service share."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest

from models import record
from serving.access.rights import ROLES, SCOPES, Grant
from serving.store import tokens
from serving.store.engine import Store, open_store
from tests import small
from tests.processes import stop
from tests.serving import postgres as pg
from tests.serving import stores
from tests.serving.live import KEYS, Live, Promote, Serve, wait
from tests.serving.stores import Hands


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two small models on synthetic families."""
    folder = tmp_path_factory.mktemp("made")
    return small.write(folder, seed=1), small.write(folder, seed=2)


@pytest.fixture(scope="session")
def promote() -> Promote:
    """Copy a bundle into an installation and promote it there."""

    def act(home: Path, bundle: Path) -> str:
        own = home / "bundles" / bundle.name
        if not own.exists():
            shutil.copytree(bundle, own)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JAGA_KEYS", KEYS)
            return record.promote(home, own, {
                "action": "promote", "who": "dewi", "when": "2026-11-20T08:00:00+00:00", "data_hash": "0" * 64,
                "gates": {"leak alarm": {"passed": True, "found": "AUC .8"}}, "figures": {"auc": 0.8},
            })  # fmt: skip

    return act


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """`with serve(home, *options, ready=True, cwd=None, command=None) as live`: a server of `jaga serve`."""

    @contextmanager
    def run(home: Path | None, *options: str, ready: bool = True, cwd: Path | None = None,
            command: list[str] | None = None, env: dict[str, str] | None = None) -> Iterator[Live]:  # fmt: skip
        folder = tmp_path_factory.mktemp("server")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        database = stores.sqlite(folder)
        token = _token(database)
        call = command or [sys.executable, "-c", "import sys; from features.cli import main; sys.exit(main())", "serve"]
        with (folder / "log").open("wb") as output:
            process = subprocess.Popen(
                [*call, *options, "--port", port], stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                cwd=cwd or folder, start_new_session=True,
                # BentoML empties its folder of metrics at start: servers that share one wipe each other's counts.
                env=_environment(home) | {
                    "BENTOML_HOME": str(folder / "bentoml"), "JAGA_DB": database} | (env or {}),
            )  # fmt: skip
        live = Live(f"http://127.0.0.1:{port}", home or folder, process, folder / "log", token)
        try:
            wait(live, "/readyz" if ready else "/livez")
            yield live
        finally:
            stop(process)

    return run


def _token(url: str) -> str:
    """A token of somebody who may do anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAGA_KEYS", KEYS)
        store = open_store(url)
        with store.writing() as connection:
            person = stores.person(connection, "tester", *(Grant(role, "") for role in ROLES))
            _, secret = tokens.make(connection, person, "tests", SCOPES)
        store.close()
    return secret


def _environment(home: Path | None) -> dict[str, str]:
    """Ours, with the keys of the tests; without a home the server looks for one where it stands."""
    own = os.environ | {"JAGA_KEYS": KEYS}
    own.pop("JAGA_HOME", None)
    return own if home is None else own | {"JAGA_HOME": str(home)}


@pytest.fixture(scope="session")
def live(bundles: tuple[Path, Path], promote: Promote, serve: Serve, tmp_path_factory: pytest.TempPathFactory,
         ) -> Iterator[Live]:  # fmt: skip
    """One server with one model, for tests that only ask."""
    home = tmp_path_factory.mktemp("installation")
    promote(home, bundles[0])
    with serve(home) as running:
        yield running


@pytest.fixture
def client(live: Live) -> Iterator[httpx.Client]:
    with live.client() as client:
        yield client


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL server of the tests, up to the name of a database."""
    with pg.server() as url:
        yield url


@pytest.fixture
def hands() -> Hands:
    """The clock of the stores."""
    return Hands()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, of each engine in turn."""
    return fresh(request, request.param, tmp_path)


def fresh(request: pytest.FixtureRequest, engine: str, folder: Path, template: str = "template1") -> str:
    if engine == "sqlite":
        return f"sqlite:///{folder / 'jaga.sqlite'}"
    server, name = request.getfixturevalue("postgres"), f"t{next(_databases)}"
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return f"{server}{name}"


_databases = count()


@pytest.fixture(scope="session")
def postgres_made(postgres: str) -> str:
    """Name of a database with the tables in it, to be copied."""
    with psycopg.connect(postgres + "postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE made")
    stores.migrate(f"{postgres}made")
    return "made"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch,
          ) -> Iterator[Store]:  # fmt: skip
    """A store with its tables, on each engine in turn."""
    yield from _store(request, request.param, tmp_path, hands, monkeypatch)


@pytest.fixture
def sqlite_store(request: pytest.FixtureRequest, tmp_path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch,
                 ) -> Iterator[Store]:  # fmt: skip
    """A store in a file, for what does not depend on the engine."""
    yield from _store(request, "sqlite", tmp_path, hands, monkeypatch)


def _store(request: pytest.FixtureRequest, engine: str, folder: Path, hands: Hands,
           monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:  # fmt: skip
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    if engine == "sqlite":
        url = stores.sqlite(folder)
    else:
        url = fresh(request, engine, folder, template=request.getfixturevalue("postgres_made"))
    made = open_store(url, hands)
    yield made
    made.close()
