"""A first start with made-up families gives accounts to try; with real ones nobody gets in unasked."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from serving.access import accounts, first_start, rights_logged
from serving.problems import Problem
from serving.scores import publishing
from serving.store import people, tokens
from serving.store.engine import open_store
from tests.serving import scored
from tests.serving.live import KEYS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JAGA_KEYS", KEYS)
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("JAGA_DB", raising=False)
    return tmp_path / "home"


def publish(home: Path, *, synthetic: bool) -> None:
    run = scored.write(home / "run", scored.rows(60), synthetic=synthetic)
    publishing.publish(home / "scores", run)


class Output(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_made_up_families_come_with_accounts_told_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    publish(home, synthetic=True)
    monkeypatch.setattr("sys.stdout", Output(terminal))
    lines = first_start.greet()
    if not terminal:
        (line,) = lines
        file = home / "store" / first_start.FILE
        assert str(file) in line
        assert file.stat().st_mode & 0o777 == 0o600
        lines = file.read_text().splitlines()
        assert not any(secret in line for secret in [*(own.split()[1] for own in lines[1:3]), lines[-1].split()[-1]])
    told = dict(line.split() for line in lines if line.startswith("  "))
    assert set(told) == {"admin", "petugas"}
    store = open_store()
    for account, password in told.items():
        entered = accounts.enter(store, account, password, "127.0.0.1")
        assert entered.person.must_change, "the password on the terminal is good for one sign-in"
    with pytest.raises(Problem, match="bad_credentials"):
        accounts.enter(store, "admin", told["petugas"], "127.0.0.1")
    secret = re.search(r"jaga_\S+", lines[-1])
    assert secret is not None
    with store.reading() as connection:
        token = tokens.find(connection, secret[0])
        assert token is not None
        assert "score" in token.scopes
        assert list(rights_logged.unlogged(connection, store.seal)) == [], "the log knows what the first start gave"
    store.close()
    assert first_start.greet() == []


@pytest.mark.parametrize("published", [True, False])
def test_real_families_wait_for_a_person_of_ours(home: Path, published: bool) -> None:
    if published:
        publish(home, synthetic=False)
    (line,) = first_start.greet()
    assert "jaga people add NAME --first" in line
    store = open_store()
    with store.reading() as connection:
        assert people.everyone(connection) == []
    store.close()
