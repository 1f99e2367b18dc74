"""The MLflow seam: runs, the native LightGBM model with its signature, the registry and its aliases."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import signal
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from features.commands import UserError
from features.home import home
from features.types import Array

MODEL = "jaga-risk"
EXPERIMENT = "jaga"
_LONGEST = 250
_GIVEN = os.environ.get("MLFLOW_TRACKING_URI")  # read once: MLflow writes the variable itself


def store() -> str:
    """Address of the tracking store: `MLFLOW_TRACKING_URI`, else SQLite in the project's own folder."""
    if _GIVEN:
        return _GIVEN
    home().mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(home() / 'mlflow.db').resolve()}"


def client() -> Any:
    """MLflow, pointed at the store; telemetry off.

    Raises
    ------
    UserError : the tracking store does not answer, or refuses; told within half a minute, unless the settings of MLflow
        say to try for longer.
    """
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # it would try for minutes, and say nothing
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    import mlflow

    for name in ("mlflow", "alembic"):  # the making of a new store is told by nobody who is asked for it
        logging.getLogger(name).setLevel(logging.WARNING)
    _follow(home())
    mlflow.set_tracking_uri(store())
    try:
        known = mlflow.get_experiment_by_name(EXPERIMENT)
    except mlflow.MlflowException as error:
        raise UserError(f"the tracking store {_shown(store())} (MLFLOW_TRACKING_URI) cannot be used, and nothing was "
                        f"changed: {_shown(str(error).splitlines()[0])[:200]}") from None  # fmt: skip
    if known is None:
        place = None if _GIVEN else (home() / "mlartifacts").resolve().as_uri()
        mlflow.create_experiment(EXPERIMENT, artifact_location=place)
    mlflow.set_experiment(EXPERIMENT)
    return mlflow


_PLACES = (("experiments", "artifact_location"), ("runs", "artifact_uri"), ("logged_models", "artifact_location"),
           ("model_versions", "storage_location"))  # fmt: skip


def _follow(folder: Path) -> None:
    """Let the own store name the files beside it, after its folder was moved, copied or restored elsewhere.

    MLflow keeps whole addresses: without this a copy would go on reading and writing in the folder it was made from.
    """
    own, beside = folder / "mlflow.db", folder / "mlartifacts"
    if _GIVEN or not own.exists() or not beside.is_dir():
        return
    with contextlib.closing(sqlite3.connect(own)) as store, store:
        if not store.execute("SELECT 1 FROM sqlite_master WHERE name = 'experiments'").fetchone():
            return
        found = store.execute("SELECT artifact_location FROM experiments WHERE name = ?", (EXPERIMENT,)).fetchone()
        now = beside.resolve().as_uri()
        if found is None or found[0] == now or not str(found[0]).endswith("/mlartifacts"):
            return
        for table, column in _PLACES:
            # The names are those of `_PLACES`, never anybody's.
            words = f"UPDATE {table} SET {column} = ? || substr({column}, ?) WHERE substr({column}, 1, ?) = ?"  # noqa: S608
            store.execute(words, (now, len(found[0]) + 1, len(found[0]), found[0]))  # fmt: skip


def _shown(address: str) -> str:
    """An address without the name and password that may stand in it."""
    return re.sub(r"//[^/@]*@", "//", address)


@contextlib.contextmanager
def _run(mlflow: Any, name: str) -> Iterator[Any]:
    """A run that ends as what it was: FAILED where something is wrong, KILLED where it is stopped.

    Without a word of its own a signal to end leaves the process at once, and the run would be RUNNING for ever.
    """
    own = threading.current_thread() is threading.main_thread()  # no other may ask for signals
    had = signal.signal(signal.SIGTERM, _stop) if own else None
    try:
        with mlflow.start_run(run_name=name) as run:
            try:
                yield run
            except (KeyboardInterrupt, SystemExit):
                mlflow.end_run("KILLED")
                raise
    finally:
        if own:
            signal.signal(signal.SIGTERM, had or signal.SIG_DFL)


def _stop(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def log(booster: Any, example: Array, names: tuple[str, ...], result: dict[str, Any], params: dict[str, Any],
        tags: dict[str, str], artifacts: list[Path], plots: str) -> tuple[str, str]:  # fmt: skip
    """Log one fitted and judged model and register it.

    Parameters
    ----------
    booster, example, names : the one booster, a row of its model matrix that is nobody's (logged with the model, and
        its signature) and its columns.
    result : figures of `jaga evaluate`; `params`, `tags`, `artifacts` as MLflow takes them.
    plots : folder of the report.

    Returns
    -------
    Run id and version of the registered model.
    """
    mlflow = client()
    import pandas as pd
    from mlflow.models import infer_signature

    frame = pd.DataFrame(example.astype(np.float64), columns=list(names))
    with (
        _run(mlflow, tags["bundle"]) as run,
        warnings.catch_warnings(),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore", UserWarning)  # MLflow warns of integers, of which there are none here
        warnings.simplefilter("ignore", DeprecationWarning)  # it writes the example by what pandas is to give up
        mlflow.log_params({name: str(value)[:_LONGEST] for name, value in params.items()})
        mlflow.set_tags(tags)
        mlflow.log_metrics(_flat(result))
        for artifact in artifacts:
            mlflow.log_artifact(str(artifact))
        mlflow.log_artifacts(plots, "report")
        signature = infer_signature(frame, booster.predict(example))
        info = mlflow.lightgbm.log_model(booster, name="model", signature=signature, input_example=frame,
                                          registered_model_name=MODEL, pip_requirements=_needed())  # fmt: skip
        version = str(info.registered_model_version)
        mlflow.MlflowClient().set_model_version_tag(MODEL, version, "bundle", tags["bundle"])
        return str(run.info.run_id), version


def _needed() -> list[str]:
    """What the native model needs to be loaded and asked; MLflow would name all that happens to be imported here."""
    return [f"{name}=={metadata.version(name)}" for name in ("mlflow", "lightgbm", "numpy", "pandas")]


def _flat(result: dict[str, Any]) -> dict[str, float]:
    figures = {}
    for model, values in result["models"].items():
        for metric, summary in values.items():
            if summary["value"] is not None:
                figures[f"{model}.{metric}"] = summary["value"]
    return figures


def registered() -> dict[str, str]:
    """Version of the registered model by the bundle that it is of.

    Raises
    ------
    UserError : the installation's own store is not there: an empty one would say that no bundle was ever registered.
    """
    own = home() / "mlflow.db"
    if not _GIVEN and not own.exists():
        raise UserError(f"the tracking store {own} is not there: put it back with the folder mlartifacts beside it; if "
                        "it is lost, train again: another one, such as MLFLOW_TRACKING_URI may name, knows none of "
                        "its bundles; jaga promote --rollback BUNDLE needs no store")  # fmt: skip
    versions = client().MlflowClient().search_model_versions(f"name = '{MODEL}'")
    # The newest comes first; of a bundle that was registered twice it is the one that counts.
    return {str(one.tags["bundle"]): str(one.version) for one in reversed(versions) if "bundle" in one.tags}


def signature(bundle: str) -> tuple[str | None, bool]:
    """Registered version of a bundle, None where there is none, and whether its model has a signature."""
    version = registered().get(bundle)
    if version is None:
        return None, False
    return version, client().models.get_model_info(f"models:/{MODEL}/{version}").signature is not None


def log_evaluation(result: dict[str, Any], panel: str, files: dict[str, str]) -> str:
    """Log a judged model that is not kept: its figures, the JSON and the report with its plots; the run's id. panel :
    what it was judged on, which names the run."""
    mlflow = client()
    with _run(mlflow, panel) as run:
        mlflow.set_tags({"kind": "evaluation", "source": str(result["source"]),
                         "synthetic": str(result["synthetic"]).lower()})  # fmt: skip
        mlflow.log_params({"horizon": result["horizon"], "seed": result["seed"], "design": result.get("design")})
        mlflow.log_metrics(_flat(result))
        for name, text in files.items():
            mlflow.log_text(text, name)
        return str(run.info.run_id)


def told(bundle: str, name: str) -> str:
    """Give an alias, after what counts is done: words on the registered version, or why the tracker does not know it
    yet and what tells it later. The record of promotions says which bundle answers, so a tracker that is away holds
    nobody up."""
    try:
        version = alias(bundle, name)
    except UserError as error:
        why = str(error).replace(", and nothing was changed", "")
        return f" (the tracker does not know it yet; jaga promote {bundle} tells it once it is there: {why})"
    return f" (registered version {version})" if version else ""


def alias(bundle: str, name: str) -> str | None:
    """Give the registered version of `bundle` an alias such as `champion`; its version, or None where there is none:
    then no other has the alias any more either."""
    known = registered()
    version, tracker = known.get(bundle), client().MlflowClient()
    if version is not None:
        tracker.set_registered_model_alias(MODEL, name, version)
    elif known:
        tracker.delete_registered_model_alias(MODEL, name)
    return version
