"""Settings of a learner by Optuna, on inner folds of the training rows alone.

A number of trials, not of seconds, decides what is found, so that the same data and seed give the same settings;
a budget of seconds ends a search early and says so. With a storage a search goes on where it was cut short,
and finds what it would have found in one go.
"""

from __future__ import annotations

import hashlib
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from features import plain_toml
from features.commands import UserError
from features.types import Array
from models.baselines import LEARNERS, Learner, Range, Sample
from models.calibration import log_loss
from training.split import folds

TRIALS = 8
"""Trials of each learner by default, the usual setting first."""
ROWS = 20_000
"""Rows that settings are chosen on at most; whole inner folds are thinned alike."""


Watch = Callable[[str, int, int], None]
"""Told the name of what is tuned, the trials finished and those in all: before the first and after each."""


def _unwatched(name: str, done: int, total: int) -> None:
    """Nobody looks on."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search.

    Attributes
    ----------
    trials : settings tried of each learner. seconds : after which no new trial begins; None for no end.
    storage : SQLite file that keeps the trials; None keeps none.
    watch : told how far the search is; it changes nothing.
    """

    trials: int = TRIALS
    seconds: float | None = None
    storage: Path | None = None
    watch: Watch = _unwatched


@dataclass(frozen=True, slots=True)
class Tuned:
    """The best settings found: their out-of-fold log-loss, the trials run, and whether time ran out."""

    params: dict[str, float]
    loss: float
    trials: int
    cut_short: bool


Objective = Callable[[Mapping[str, float]], tuple[float, dict[str, float]]]


def mark(*rows: Array) -> str:
    """A name for what a search sees: other rows are another search, whatever a storage holds."""
    own = hashlib.sha256()
    for part in rows:
        own.update(f"{part.shape} {part.dtype.kind}".encode())
        own.update(np.ascontiguousarray(part).tobytes())
    return own.hexdigest()[:16]


def search(name: str, space: Mapping[str, Range], usual: Mapping[str, float], objective: Objective, budget: Budget,
           seed: int, seen: str = "") -> Tuned:  # fmt: skip
    """The settings of least loss.

    Parameters
    ----------
    name : of what is tuned. usual : tried first. seen : `mark` of the rows; a storage goes on with a search of the same
        name, rows and seed alone.
    objective : settings to their loss and to what else they decide (such as rounds).
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="minimize", sampler=optuna.samplers.TPESampler(seed=seed))
    study.enqueue_trial(dict(usual))
    kept = _kept(budget.storage, f"{name} seed {seed} {seen}".strip())
    # The draws of a stopped search are made again and only its losses are read: so it goes on as if never stopped.
    known = {_key(one.params): one for one in kept.trials if one.value is not None} if kept else {}
    begun, done = None, 0
    for number in range(budget.trials):
        one = study.ask()
        params = {key: _suggest(one, key, own) for key, own in space.items()}
        before = known.get(_key(params))
        if before is None:
            if begun is None:
                begun = time.monotonic()
                budget.watch(name, number, budget.trials)
            elif budget.seconds is not None and time.monotonic() - begun >= budget.seconds:
                break
            loss, decided = objective(params)
        else:
            loss, decided = before.value, before.user_attrs["decided"]
        one.set_user_attr("decided", decided)
        study.tell(one, float(loss))
        done = number + 1
        if before is None:
            if kept:
                kept.add_trial(study.trials[-1])
            budget.watch(name, done, budget.trials)
    best = study.best_trial
    params = {**best.params, **best.user_attrs["decided"]}
    return Tuned({key: float(value) for key, value in params.items()}, float(best.value), done, done < budget.trials)


def _kept(path: Path | None, name: str) -> Any:
    """The trials that a storage holds of this search, each of them finished; None without a storage."""
    import optuna

    if path is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    return optuna.create_study(study_name=name, storage=f"sqlite:///{path}", load_if_exists=True, direction="minimize")


def _key(params: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(params.items()))


def _suggest(trial: Any, name: str, own: Range) -> float:
    if own.whole:
        return float(trial.suggest_int(name, int(own.low), int(own.high), log=own.log))
    return float(trial.suggest_float(name, own.low, own.high, log=own.log))


def tune(name: str, sample: Sample, budget: Budget, seed: int, threads: int, told: str | None = None) -> Tuned:
    """Settings of a learner of `models.baselines` by out-of-fold log-loss on the sample's inner folds.

    Parameters
    ----------
    told : what the watch calls it; the learner's name without it.
    """
    learner = LEARNERS[name]
    own = thinned(sample)

    def objective(params: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        return _loss(learner, own, params, seed, threads)

    return search(told or name, learner.space, learner.usual, objective, budget, seed, mark(own.X, own.hard, own.fold))


def thinned(sample: Sample) -> Sample:
    """At most about `ROWS` rows, evenly taken."""
    return sample.take(np.arange(len(sample)) % max(1, -(-len(sample) // ROWS)) == 0)


def _loss(learner: Learner, sample: Sample, params: Mapping[str, float], seed: int, threads: int,
          ) -> tuple[float, dict[str, float]]:  # fmt: skip
    p, rounds = np.empty(len(sample)), []
    for k in np.unique(sample.fold):
        out = sample.fold == k
        held = sample.take(out)
        model, stopped = learner.fit(sample.take(~out), params, seed, threads, held)
        p[out] = model.predict(held)
        rounds.append(stopped)
    decided = {"rounds": float(max(1, round(float(np.mean(rounds)))))} if any(rounds) else {}
    return log_loss(p, sample.hard), decided


def read_params(path: Path) -> dict[str, dict[str, float]]:
    """Settings by learner from a `params.toml`."""
    if not path.is_file():
        raise UserError(f"no settings {path}; jaga tune writes them")
    try:
        found = plain_toml.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not TOML: {error}") from None
    for name, own in found.items():
        known = set(SPACES[name]) | {"rounds"} if name in SPACES else None
        if known is None or not isinstance(own, dict):
            raise UserError(f"{path}: [{name}] is no model with settings; known: {', '.join(SPACES)}")
        for key, value in own.items():
            if key not in known or isinstance(value, bool) or not isinstance(value, int | float):
                raise UserError(f"{path}: [{name}] {key} = {value!r}: expected a number for one of "
                                f"{', '.join(sorted(known))}")  # fmt: skip
    return {name: {key: float(value) for key, value in own.items()} for name, own in found.items()}


def write_params(path: Path, found: Mapping[str, Tuned], about: str) -> None:
    """Write settings as TOML, a table a learner; the same search writes the same bytes."""
    lines = [f"# {line}" for line in about.splitlines()]
    for name, own in found.items():
        note = f"# out-of-fold log-loss {own.loss:.6f} after {own.trials} trials"
        lines += ["", f"[{name}]", note + (", cut short" if own.cut_short else "")]
        lines += [f"{key} = {int(value) if _whole(name, key) else value!r}" for key, value in own.params.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _whole(name: str, key: str) -> bool:
    return key == "rounds" or SPACES[name][key].whole


def inner_folds(groups: Array, count: int, seed: int, hard: Array) -> Array:
    """Folds for choosing settings, as many as there are falls to spread."""
    fell = len(np.unique(groups.astype(str)[hard == 1]))
    return folds(groups, max(2, min(count, fell)), seed, hard)


OWN_SPACE: dict[str, Range] = {
    "depth": Range(2, 5, whole=True),
    "rate": Range(0.02, 0.1, log=True),
    "feature_fraction": Range(0.15, 0.8),
    "l2": Range(1, 100, log=True),
    "leaf": Range(10, 200, log=True, whole=True),
}
SPACES: dict[str, Mapping[str, Range]] = {"jaga": OWN_SPACE} | {name: own.space for name, own in LEARNERS.items()}
