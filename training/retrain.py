"""Train again on new data: one command that may run from a timetable, does nothing twice and promotes nothing alone."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from features.commands import UserError
from models import bundle as bundles
from models import record
from training import gate, package, run, track
from training.backtest import Backtest
from training.fit import Settings, settings_json
from training.gates import Gate
from training.prepare import Prepared

VERSIONS = ("jaga", "lightgbm", "scikit-learn", "numpy")
CHALLENGER = "challenger"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: the bundle, its gates (none where there was nothing to do), and whether it now answers.

    blocked : nothing was done, and a gate had been closed to the bundle when it was made.
    tracker : of one that was promoted, words on its version there.
    """

    bundle: str
    gates: tuple[Gate, ...]
    promoted: bool
    found: Backtest | None
    blocked: bool = False
    tracker: str = ""

    @property
    def open(self) -> bool:
        """Whether every gate is."""
        return all(one.open for one in self.gates)


def again(home: Path, prepare: Callable[[], Prepared], settings: Settings, *, test_from: int | None, number: int,
          refit: bool, promote: bool, tell: Callable[[str], None],
          answers: dict[str, Any] | None = None,
          judged: Callable[[Backtest], None] = lambda found: None) -> Outcome:  # fmt: skip
    """Backtest, train, gate against the champion, stage; promote only where `promote` says so and every gate is open.

    Parameters
    ----------
    answers : of a person to the risk-of-bias sheet. No unknown gate is accepted here: nobody looks on.
    judged : as of `training.run.train`.

    Raises
    ------
    UserError : another run holds the lock, or the panel cannot be used.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home / "retrain.lock"):
        prepared = prepare()
        options = {"test_from": test_from, "number": number, "refit": refit, "answers": answers}
        key = _key(prepared, settings, options)
        last = _last(home)
        if last.get("key") == key and (record.folder(home) / str(last["bundle"])).is_dir():
            champion = _answers(home, str(last["bundle"]))
            return Outcome(str(last["bundle"]), (), champion, None, blocked=not champion and not last.get("open", True))
        path, found = run.train(prepared, settings, test_from=test_from, number=number, refit=refit,
                                answers=answers, tell=tell, judged=judged)  # fmt: skip
        track.alias(path.name, CHALLENGER)
        gates = gate.promote(home, path) if promote else gate.look(home, path)
        promoted = promote and all(one.open for one in gates)
        tracker = track.told(path.name, record.CHAMPION) if promoted else ""
        # Written last: a run that was cut short is done again.
        told = {
            "key": key,
            "bundle": path.name,
            "open": all(one.open for one in gates),
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (home / "retrain.json").write_text(json.dumps(told) + "\n")
        return Outcome(path.name, tuple(gates), _answers(home, path.name), found, tracker=tracker)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError(f"another jaga retrain runs (it holds {path}); this one did nothing") from None
        yield


def _key(prepared: Prepared, settings: Settings, options: dict[str, Any]) -> str:
    """Changes with the rows, the settings, the options and the versions, and with nothing else."""
    told = {"data": package.data_hash(prepared.panel), "settings": settings_json(settings), "options": options,
            "facts": prepared.facts, "versions": {name: version(name) for name in VERSIONS}}  # fmt: skip
    return hashlib.sha256(bundles.dump(told).encode()).hexdigest()


def _last(home: Path) -> dict[str, Any]:
    try:
        found = json.loads((home / "retrain.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _answers(home: Path, name: str) -> bool:
    identity = record.promoted(home)
    return identity is not None and identity.startswith(name)
