"""The best risk that the features of a view allow (p_view): the mean true risk of the families that look the same.

The true risk knows the hidden state; nothing that reads a register can reach it. How near a model could come is
learnt here from millions of other families of the same generator, whose true risk is known: no judged family, and
none of the seed it was made with, is among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from features import sources
from features.commands import UserError
from features.registry import View
from features.sources import synthetic
from features.types import Array
from models import risk
from models.bundle import stratum_names
from training import oracle
from training.backtest import codes
from training.panel import Panel
from training.prepare import Prepared, prepare

SCHEMA = "jaga.oracle/1"
CHUNK = 200_000
"""Family-periods made at a time: memory holds one such part beside the columns that are learnt from."""

ROUNDS, PATIENCE = 600, 20
TREES = {"objective": "cross_entropy", "learning_rate": 0.1, "num_leaves": 63, "min_data_in_leaf": 200, "max_bin": 127,
         "feature_fraction": 0.5, "deterministic": True, "force_row_wise": True, "verbose": -1}  # fmt: skip
_FREE = ("households", "survey", "truth", "seed")
"""What may differ between the families learnt from and those judged; all else of a configuration may not."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A fitted p_view.

    Attributes
    ----------
    identity : configuration of the generator and of the panel it holds for.
    features, strata : names of the columns and of the places, in order.
    seeds : seeds of the families it was learnt from.
    rows : rows it was learnt from. held : rows of one seed more that stopped the fit, with means told and true.
    text : LightGBM model.
    """

    identity: dict[str, Any]
    features: tuple[str, ...]
    strata: tuple[str, ...]
    seeds: tuple[int, ...]
    rows: int
    held: dict[str, float]
    text: str

    def predict(self, panel: Panel) -> Array:
        """Mean true risk of families that look like each row, n."""
        import lightgbm

        return risk.predict(lightgbm.Booster(model_str=self.text), _matrix(panel, self.strata))

    def check(self, prepared: Prepared) -> None:
        """Refuse a panel of another world.

        Raises
        ------
        UserError : the panel is not synthetic, or its configuration, features or seed speak against it.
        """
        if prepared.truth is None:
            raise UserError("--oracle: only synthetic data with a truth folder have a true risk")
        config = _config(prepared.truth.parents[1])
        own = _identity(config, prepared)
        differ = [name for name in sorted(own.keys() | self.identity) if own.get(name) != self.identity.get(name)]
        if differ:
            told = "; ".join(f"{name} {self.identity.get(name)}, here {own.get(name)}" for name in differ)
            raise UserError(f"--oracle: it was learnt from families of another configuration: {told}")
        if config["seed"] in self.seeds:
            raise UserError(f"--oracle: it was learnt from families of seed {config['seed']}, which are judged here")
        if self.features != _names(prepared.panel):
            raise UserError("--oracle: it was learnt from other features; make it again with jaga data oracle")

    def save(self, path: Path) -> None:
        """Write it as one JSON file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"schema": SCHEMA, **asdict(self)}) + "\n", encoding="utf-8")


def load(path: Path) -> Ceiling:
    """Read what `save` wrote.

    Raises
    ------
    UserError : the file is none of these.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("schema") != SCHEMA:
            raise ValueError(f"schema is not {SCHEMA}")
        fields: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in found.items()}
        return Ceiling(**fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is no file of jaga data oracle: {error}") from None


def learn(folder: Path, rows: int, *, horizon: int | None = None, lookback: int | None = None,
          burn_in: int | None = None, view: View | None = None, seed: int = 1_000_000, threads: int = 2,
          chunk: int = CHUNK, tell: Callable[[str], None] = print) -> Ceiling:  # fmt: skip
    """Learn p_view for a synthetic folder from at least `rows` rows of other families.

    Parameters
    ----------
    folder : its configuration is followed, its families are not read.
    horizon, lookback, burn_in, view : of the panel, as in `training.prepare.prepare`.
    seed : first seed of the other families; each part of about `chunk` family-periods takes the next.
    """
    import lightgbm

    config = _config(folder)
    if config["seed"] >= seed:
        raise UserError(f"--seed {seed}: say one above {config['seed']}, the seed of the families to be judged")
    parts = _parts(config, seed, threads, chunk, horizon=horizon, lookback=lookback, burn_in=burn_in, view=view)
    identity, out, out_risk = next(parts)  # one part is kept out: it says when to stop
    strata = tuple(sorted(set(stratum_names(out.meta["province"], out.meta["urban"]))))
    X: list[Array] = []
    y: list[Array] = []
    while sum(map(len, X)) < rows:
        _, panel, true = next(parts)
        X.append(_matrix(panel, strata))
        y.append(true)
        tell(f"{sum(map(len, X)):,} of {rows:,} rows of other families")
    tell("fitting the mean true risk of families that look the same ...")
    names = _names(out)
    data = lightgbm.Dataset(X, np.concatenate(y), feature_name=[*names, risk.STRATUM],
                           categorical_feature=[risk.STRATUM])  # fmt: skip
    held = data.create_valid(_matrix(out, strata), out_risk)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    booster = lightgbm.train(TREES | {"num_threads": threads, "seed": 1}, data, ROUNDS, valid_sets=[held],
                             callbacks=[stop])  # fmt: skip
    told = risk.predict(booster, _matrix(out, strata), threads)
    figures = {"rows": len(out), "told": float(told.mean()), "true": float(out_risk.mean()),
               "correlation": float(np.corrcoef(told, out_risk)[0, 1])}  # fmt: skip
    seeds = tuple(range(seed, seed + len(X) + 1))
    return Ceiling(identity, names, strata, seeds, sum(map(len, X)), figures, booster.model_to_string())


def _parts(config: dict[str, Any], seed: int, workers: int, chunk: int, **options: Any,
           ) -> Iterator[tuple[dict[str, Any], Panel, Array]]:  # fmt: skip
    """Identity, rows at risk and their true risk, one part of families after the other, each of a seed of its own."""
    families = max(1000, chunk // config["periods"])
    kept = {name: config[name] for name in ("periods", "start", "frequency", "displacement")}
    while True:
        with TemporaryDirectory() as scratch:
            made = Path(scratch) / "families"
            synthetic.generate(made, households=families, survey=families, seed=seed, workers=workers,
                               assume=config.get("assume"), **kept)  # fmt: skip
            prepared = prepare("synthetic", made, tell=lambda text: None, **options)
            own = _config(made)
            panel = prepared.panel.take(prepared.panel.at_risk)
            truth, reason = oracle.truth(prepared.truth or made, panel)
        if truth is None:
            raise UserError(f"nothing can be learnt: {reason}")
        yield _identity(own, prepared), panel, truth["risk"].to_numpy()
        seed += 1


def _config(folder: Path) -> dict[str, Any]:
    found = sources.manifest(folder)
    if found.get("synthetic") and "config" in found:
        return dict(found["config"])
    raise UserError(f"{folder} is no folder of jaga data synth")


def _identity(config: dict[str, Any], prepared: Prepared) -> dict[str, Any]:
    """What must be the same where p_view was learnt and where it is used."""
    own = {name: value for name, value in config.items() if name not in _FREE}
    return own | {"horizon": prepared.panel.horizon, "lag_days": prepared.panel.lag_days,
                  "view": prepared.facts["view"], "burn_in": prepared.facts["burn_in"]}  # fmt: skip


def _names(panel: Panel) -> tuple[str, ...]:
    return tuple(feature.name for feature in panel.features)


def _matrix(panel: Panel, strata: tuple[str, ...]) -> Array:
    """Features and place of each row, n x (F + 1)."""
    return risk.with_stratum(panel.X, codes(panel, strata))
