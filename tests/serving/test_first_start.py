from __future__ import annotations

import re
from pathlib import Path

import pytest

from serving import accounts, first_start, scores_publish
from serving.problems import Problem
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
    scores_publish.publish(home / "scores", run)


def test_made_up_families_come_with_accounts_told_once(home: Path) -> None:
    publish(home, synthetic=True)
    lines = first_start.greet()
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
