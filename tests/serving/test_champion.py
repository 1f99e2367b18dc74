"""A service takes up the promoted model while it answers, and keeps the one before if the new one is damaged."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, text

from models import record
from serving import serve_cli
from serving.app import warm
from serving.audit import seen, trail
from serving.champion import AGAIN, Champion
from serving.store.engine import Store
from serving.store.tables import audit as rows
from tests import small
from tests.serving.live import KEYS, Live, Promote, Serve

Two = tuple[Path, Path]


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_KEYS", KEYS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "installation"


@pytest.fixture
def champion(home: Path) -> Champion:
    return Champion(home, None, warm)


def name(champion: Champion) -> str | None:
    return champion.current.bundle.name if champion.current else None


def test_no_model_answers_until_one_is_promoted(champion: Champion, home: Path, bundles: Two, promote: Promote) -> None:
    champion.refresh()
    assert champion.current is None
    promote(home, bundles[0])
    champion.refresh()
    assert name(champion) == bundles[0].name
    promote(home, bundles[1])
    champion.refresh()
    assert name(champion) == bundles[1].name
    assert champion.current is not None
    assert champion.current.entry is not None
    assert champion.current.entry["who"] == "dewi"


BEARING = ("risk.lgb", "status.lgb", "stay.lgb", "schema.json", "cuts.json", "reference.json", "context.json",
           "parts.json", "manifest.json")  # fmt: skip


@pytest.mark.parametrize("file", BEARING)
@pytest.mark.parametrize("damage", ["altered", "cut", "gone"])
def test_a_damaged_champion_is_refused_and_the_one_before_stays(
    champion: Champion, home: Path, bundles: Two, promote: Promote, file: str, damage: str,
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(logging.getLogger("jaga"), "propagate", True)
    promote(home, bundles[0])
    champion.refresh()
    promote(home, bundles[1])
    path = home / "bundles" / bundles[1].name / file
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        path.write_bytes(
            content[:middle] + (b"" if damage == "cut" else bytes([content[middle] ^ 1]) + content[middle + 1 :])
        )
    champion.refresh()
    assert name(champion) == bundles[0].name
    assert f"model {bundles[0].name} goes on answering" in caplog.text
    fresh = Champion(home, None, warm)
    fresh.refresh()
    assert fresh.current is None

    path.write_bytes(content)
    champion.refresh()
    assert name(champion) == bundles[1].name


def test_a_bundle_still_being_copied_is_not_taken(
    champion: Champion, home: Path, bundles: Two, promote: Promote
) -> None:
    promote(home, bundles[0])
    own = home / "bundles" / bundles[0].name
    shutil.rmtree(own)
    own.mkdir()
    for file in sorted(bundles[0].iterdir()):
        champion.refresh()
        assert champion.current is None
        shutil.copy(file, own)
    champion.refresh()
    assert name(champion) == bundles[0].name


def test_a_link_bent_by_hand_and_an_edited_record_are_refused(
    champion: Champion, home: Path, bundles: Two, promote: Promote
) -> None:
    promote(home, bundles[1])
    promote(home, bundles[0])
    champion.refresh()
    link = home / "bundles" / record.CHAMPION
    link.unlink()
    link.symlink_to(bundles[1].name)
    champion.refresh()
    assert name(champion) == bundles[0].name
    lines = record.path(home).read_text().splitlines(keepends=True)
    record.path(home).write_text(lines[0])
    champion.refresh()
    assert name(champion) == bundles[0].name
    fresh = Champion(home, None, warm)
    fresh.refresh()
    assert fresh.current is None


@pytest.fixture
def started(home: Path, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Champion]:
    """A worker that begins now and asks the log what it saw; what it refuses is told."""
    monkeypatch.setattr(logging.getLogger("jaga"), "propagate", True)

    def start() -> Champion:
        champion = Champion(home, None, warm, partial(seen.check, sqlite_store))
        champion.refresh()
        return champion

    return start


def test_a_record_that_was_set_back_whole_is_refused(
    home: Path, bundles: Two, promote: Promote, sqlite_store: Store, started: Callable[[], Champion],
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    promote(home, bundles[1])
    assert name(started()) == bundles[1].name
    files = (record.path(home), record.head(home))
    old = [file.read_bytes() for file in files]
    promote(home, bundles[0])
    running = started()
    assert name(running) == bundles[0].name
    assert name(started()) == bundles[0].name, "what the log knows is no news"
    monkeypatch.setenv("JAGA_DB", str(sqlite_store.engine.url))
    assert serve_cli._champion(home / "bundles" / record.CHAMPION, home).startswith("Model: ")

    for file, content in zip(files, old, strict=True):
        file.write_bytes(content)
    link = home / "bundles" / record.CHAMPION
    link.unlink()
    link.symlink_to(bundles[1].name)
    running.refresh()
    assert name(running) == bundles[0].name, "the one before goes on answering"
    assert started().current is None
    assert serve_cli._champion(link, home).startswith("No model answers: the promotion record was set back"), (
        "what jaga serve prints of the model is what its workers do")  # fmt: skip
    assert "the promotion record was set back or replaced: the log saw 2 entries of another one, and 1 are there" in (
        caplog.text)  # fmt: skip
    promote(home, bundles[1])
    promote(home, bundles[1])
    waiting = started()
    assert waiting.current is None, "as long as before, and another one"

    caplog.clear()
    waiting.refresh()
    seen.accept(sqlite_store, trail.terminal("root"), home)
    assert name(started()) == bundles[1].name
    waiting.refresh()
    assert waiting.current is None, "asked again after a while, not at every look"
    monkeypatch.setattr("time.monotonic", lambda now=time.monotonic: now() + AGAIN)
    waiting.refresh()
    assert name(waiting) == bundles[1].name, "what was accepted holds without a restart"
    assert "no model answers" not in caplog.text, "and the reason was told once"
    with sqlite_store.reading() as connection:
        assert trail.verify(connection).count == 3


def test_a_row_put_in_beside_the_log_lets_no_older_model_answer(
    home: Path, bundles: Two, promote: Promote, sqlite_store: Store, started: Callable[[], Champion],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    promote(home, bundles[1])
    started()
    files = (record.path(home), record.head(home))
    old = [file.read_bytes() for file in files]
    promote(home, bundles[0])
    started()
    for file, content in zip(files, old, strict=True):
        file.write_bytes(content)
    link = home / "bundles" / record.CHAMPION
    link.unlink()
    link.symlink_to(bundles[1].name)
    with sqlite_store.writing() as connection:
        first, last = connection.execute(select(rows).where(rows.c.act == seen.ACT).order_by(rows.c.n)).mappings().all()
        connection.execute(rows.insert().values({**first, "n": last["n"] + 1}))
    assert started().current is None
    assert "the log saw 2 entries" in caplog.text
    with sqlite_store.writing() as connection:
        connection.execute(rows.insert().values({**first, "n": last["n"] + 2, "hash": "0" * 64}))
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        for trigger in triggers.all():
            connection.execute(text(f'DROP TRIGGER "{trigger}"'))
        connection.execute(rows.update().where(rows.c.n == last["n"]).values(
            count=first["count"], object=first["object"]))  # fmt: skip
    assert started().current is None, "nor one that was changed"
    assert f"audit row {last['n']} was changed" in caplog.text


def test_a_model_that_cannot_score_the_made_up_family_is_not_taken(home: Path, bundles: Two, promote: Promote) -> None:
    def breaks(_: object) -> None:
        raise ZeroDivisionError

    champion = Champion(home, None, breaks)
    promote(home, bundles[0])
    champion.refresh()
    assert champion.current is None


def test_a_bundle_named_by_its_path_is_checked_by_its_hashes_alone(home: Path, bundles: Two) -> None:
    champion = Champion(home, bundles[0], warm)
    champion.refresh()
    assert name(champion) == bundles[0].name
    assert champion.current is not None
    assert champion.current.told()["promoted"] is None


def test_a_copy_without_links_answers_with_the_bundle_of_its_record(
    champion: Champion, home: Path, bundles: Two, promote: Promote
) -> None:
    promote(home, bundles[0])
    promote(home, bundles[1])
    (home / "bundles" / record.CHAMPION).unlink()
    champion.refresh()
    assert name(champion) == bundles[1].name


def test_promotion_and_a_corrupt_bundle_under_load_fail_no_request(
    home: Path, bundles: Two, promote: Promote, serve: Serve
) -> None:
    """From no model, over two promotions and a bundle that is damaged, while two clients never stop asking."""
    body = {"as_of": small.AS_OF, **small.families(1, seed=3, periods=("2026Q3",))}
    answers: Counter[tuple[int, str | None]] = Counter()
    done = threading.Event()

    def ask(live: Live) -> None:
        with live.client() as client:
            while not done.is_set():
                answer = client.post("/v1/score", json=body)
                answers[answer.status_code, answer.json().get("model", {}).get("name")] += 1
                done.wait(0.02)

    with serve(home, "--workers", "2", ready=False) as live, live.client() as client:
        assert "No model is promoted" in live.printed()
        for path in ("/readyz", "/v1/model"):
            assert client.get(path).json()["code"] == "no_model"
            assert client.get(path).status_code == 503
        answer = client.post("/v1/score", json=body)
        assert (answer.status_code, answer.json()["code"]) == (503, "no_model")
        promote(home, bundles[0])
        until(client, bundles[0].name)
        askers = [threading.Thread(target=ask, args=(live,)) for _ in range(2)]
        for asker in askers:
            asker.start()
        promote(home, bundles[1])
        until(client, bundles[1].name)
        (home / "bundles" / bundles[0].name / "risk.lgb").write_text("tree\n")
        link = home / "bundles" / record.CHAMPION
        link.unlink()
        link.symlink_to(bundles[0].name)
        done.wait(1.5)
        done.set()
        for asker in askers:
            asker.join(30)
        assert {client.get("/v1/model").json()["name"] for _ in range(10)} == {bundles[1].name}
        live.process.terminate()
        assert live.process.wait(20) == 0
        assert "was altered" in live.printed()
    assert set(answers) == {(200, bundles[0].name), (200, bundles[1].name)}


def until(client: httpx.Client, wanted: str) -> None:
    """Wait until every worker answers with a model; each new connection may reach either."""
    for _ in range(200):
        found = set()
        for _ in range(8):
            found.add(httpx.get(f"{client.base_url}/v1/model", timeout=10, headers=client.headers).json().get("name"))
        if found == {wanted}:
            return
        threading.Event().wait(0.1)
    pytest.fail(f"{wanted} does not answer")
