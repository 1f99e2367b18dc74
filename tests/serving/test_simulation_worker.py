"""The process that lives scenarios, by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from features.commands import UserError
from models.schemes import kept
from serving.access.rights import Grant
from serving.simulation import families, worker
from serving.simulation.begin import Beginner
from serving.simulation.families import Origin
from serving.store import scenarios
from serving.store.engine import Store
from tests.models.schemes.worlds import nation
from tests.serving.simulations import plain, settle
from tests.serving.stores import NATION, person


def test_it_ends_in_peace_while_the_one_that_began_it_goes_on(tmp_path: Path) -> None:
    """Where another lives what waits, it has nothing to do: its standard input is open still, and nobody reads it."""
    own = os.environ | {"JAGA_HOME": str(tmp_path), "JAGA_DB": f"sqlite:///{tmp_path / 'jaga.db'}"}
    with worker.turn(tmp_path) as mine:
        assert mine
        with subprocess.Popen([sys.executable, "-m", "serving.simulation.worker"], env=own, stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE) as begun:  # fmt: skip
            assert begun.wait(60) == 0
            assert begun.stderr is not None
            assert b"Fatal" not in begun.stderr.read()


def until(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until it held."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, what
        time.sleep(0.05)
    return time.monotonic() - begun


@pytest.mark.slow
def test_one_that_is_cancelled_while_it_is_lived_ends_its_process_and_the_next_is_lived(
    store: Store, tmp_path: Path
) -> None:
    kept.write(nation(50_000), Origin.of(tmp_path, None).file(tmp_path, ""))  # minutes, with what is asked below
    settle(tmp_path, "32")
    left = tmp_path / families.FOLDER / "samples" / ".half.npz.1"
    left.touch()
    with store.writing() as connection:
        by = person(connection, "tono", Grant("analyst", ""))
        asked = [scenarios.Asked(area, {"id": "a", "en": "a"}, {}, what, "0" * 64, 1) for area, what in
                 (("", plain(years=40, draws=150)), ("32", plain()))]  # fmt: skip
        long, next_ = (scenarios.ask(connection, NATION, by, own).number for own in asked)

    def status(number: str) -> str:
        with store.reading() as connection:
            return str(scenarios.standing(connection, NATION, number).status)

    beginner = Beginner(tmp_path, store)
    try:
        beginner.wake()
        own = beginner._process
        assert own is not None
        until(lambda: status(long) == "running", 60, "it is taken")
        time.sleep(2)  # into the lives of its families
        assert (own.poll(), status(long)) == (None, "running")
        with store.writing() as connection:
            scenarios.cancel(connection, NATION, by, long)
        assert until(lambda: own.poll() is not None, 20, "its process goes on") < 5
        assert own.returncode == worker.ENDED
        until(lambda: status(next_) == "done", 120, "nobody lives the next one, at which nobody looks")
        assert beginner._process is not own
    finally:
        beginner.close()
    with store.reading() as connection:
        row = scenarios.find(connection, NATION, long)
    assert (row.status, row.reason, row.result, row.paired, row.families) == ("cancelled", "", None, None, "")
    assert [path.name for path in left.parent.iterdir() if path.name.startswith(".")] == [], "nothing is left half made"


def test_families_that_are_being_made_end_with_the_process_that_waits_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "_COMMAND", "import time; time.sleep(60)")
    told: list[str] = []

    def make() -> None:
        try:
            families.make(tmp_path / "synthetic")
        except UserError as error:
            told.append(str(error))

    making = threading.Thread(target=make)
    making.start()
    until(lambda: bool(families._MAKING), 20, "it is begun")
    families.stop()
    making.join(20)
    assert told == ["synthetic families cannot be made: CalledProcessError"]
    assert [*tmp_path.iterdir()] == []
