"""What `jaga evaluate` and `jaga train` do, apart from reading options."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from features import asof, periods, registry
from features.commands import UserError
from features.context import Context
from features.home import home
from features.report import row_counts
from features.types import Array
from models import bundle as bundles
from models import record, risk
from models.bundle import Bundle
from models.words import Language
from training import (
    ablation,
    absent,
    audit,
    backtest,
    beside,
    incumbent,
    judge,
    leaks,
    oracle,
    package,
    places,
    replay,
    report,
    track,
)
from training import panel as panels
from training.attrition import follow_up_due, follow_up_weight
from training.backtest import Backtest, Model, Rivals, columns
from training.beside import Beside
from training.card import markdown
from training.ceiling import Ceiling
from training.fit import SLOPE_OF_CHANCE, Settings, settings_json
from training.limits import cluster_warning
from training.panel import Panel
from training.prepare import Prepared, check_bundle
from training.split import for_judging, plan, rolling
from training.steady import steady
from training.table import Table
from training.vocabulary import encode


def evaluate(prepared: Prepared, settings: Settings, *, test_from: int | None, number: int,
             ceiling: Ceiling | None = None, rivals: Rivals | None = None, blocks: int = 1,
             worth: judge.Worth | None = None, audited: bool = False, alone: tuple[str, ...] = (),
             tell: Callable[[str], None] = lambda text: None) -> Backtest:  # fmt: skip
    """Fit on the past, judge on what came later; the result carries the facts of the source.

    Parameters
    ----------
    rivals : the baselines; those without settings to tune by default. blocks : models that the judged origins share.
    worth : what lists are judged by beside falls. audited : with the audit of groups, steadiness and families, and of
        each feature of `alone` by itself.
    """
    ablation.check(alone, prepared.panel)
    if ceiling:
        ceiling.check(prepared)
    found = backtest.run(prepared.panel, lookback=prepared.lookback, settings=settings, number=number, rivals=rivals,
                         splits=rolling(prepared.panel, test_from, blocks=blocks), worth=worth, tell=tell)  # fmt: skip
    found.result.update(prepared.facts | {"counts": row_counts(prepared.admitted)})
    found.result["oracle"] = oracle.judge(prepared.truth, found.test, found.scores, number=number, seed=settings.seed,
                                           ceiling=ceiling)  # fmt: skip
    own = _beside(prepared.panel, found, settings, prepared)
    latent = oracle.latent(prepared.truth, found.test)
    found.result.update(beside.judged(prepared.panel, found, own, _blind(prepared), number=number, seed=settings.seed,
                                      ceiling=ceiling, latent=latent))  # fmt: skip
    _tell_seconds(found, own, tell)
    extra = _protected(prepared)
    found.result["calibration_by_place"] = _by_place(found, number, settings.seed)
    found.result["fairness"] = audit.fairness(found, extra, number=number, seed=settings.seed)
    if audited:
        found.result["audit"] = audit.judge(prepared.panel, found, settings, extra, prepared.lookback,
                                            indonesian=prepared.facts["place"] == "Indonesia", number=number,
                                            tell=tell, alone=alone)  # fmt: skip
    if said := _warnings(found.result, prepared.panel):
        found.result["warnings"] = said
    found.result["reason"] = absent.of(found.result)
    return found


def _warnings(result: dict[str, Any], panel: Panel) -> list[str]:
    """What may make the figures worthless: an outcome that leaked, or too few clusters."""
    return [*leaks.too_good(result["models"][judge.MAIN]["auc"]["value"], panel), *cluster_warning(result["cohort"])]


def _protected(prepared: Prepared) -> dict[str, Array]:
    """Protected features and families of elderly alone as texts by row of the panel, for the audit alone."""
    panel, view = prepared.panel, prepared.facts["view"]
    hidden = tuple(f for f in registry.select(view, protected=True) if f.protected or f.name == "elderly_alone")
    own = panels.build(prepared.admitted.tables, hidden, panel.horizon, panel.lag_days, prepared.facts["burn_in"])
    return {f.name.replace("_", " "): audit.levels(f, own.X[:, n]) for n, f in enumerate(hidden)}


def _by_place(found: Backtest, number: int, seed: int) -> dict[str, Any]:
    return places.judge(found.test, found.scores[judge.MAIN], number=number, seed=seed)


def _blind(prepared: Prepared) -> bool:
    return prepared.facts["view"] == "registry"


def _beside(panel: Panel, found: Backtest, settings: Settings, prepared: Prepared) -> Beside:
    return beside.fit(panel, found.split.train, backtest.known(panel, found.split), found.model, settings,
                      _blind(prepared))  # fmt: skip


def _tell_seconds(found: Backtest, own: Beside, tell: Callable[[str], None]) -> None:
    tell(f"time: risk and its calibration {found.seconds:.1f} s; ladder and intervals {own.seconds:.1f} s")


def evaluate_table(table: Table, settings: Settings, *, test_from: int | None, number: int, rivals: Rivals,
                   blocks: int, worth: judge.Worth | None = None, audited: bool = False, alone: tuple[str, ...] = (),
                   tell: Callable[[str], None] = lambda text: None) -> Backtest:  # fmt: skip
    """Judge on a flat table: rolling origins where it has periods enough, grouped cross-validation where not."""
    ablation.check(alone, table.panel)
    splits = plan(table.panel, test_from, blocks=blocks, seed=settings.seed)
    found = backtest.run(table.panel, lookback=table.lookback, settings=settings, number=number, rivals=rivals,
                         splits=splits, worth=worth, tell=tell)  # fmt: skip
    found.result.update({"source": "table", "synthetic": False, "place": None, "view": "survey", "burn_in": 0,
                         "line": table.line, "frequency": table.frequency, "waves": table.waves,
                         "notes": list(table.notes),
                         "warnings": [*table.warnings, *_warnings(found.result, table.panel)],
                         "counts": {}, "oracle": None})  # fmt: skip
    found.result["calibration_by_place"] = _by_place(found, number, settings.seed)
    panel = encode(table.panel, found.split.train)
    own = beside.fit(panel, found.split.train, backtest.known(panel, found.split), found.model, settings, False)
    found.result.update(beside.judged(panel, found, own, False, number=number, seed=settings.seed))
    _tell_seconds(found, own, tell)
    if audited:
        found.result["audit"] = audit.judge(panel, found, settings, table.groups, table.lookback, indonesian=False,
                                            number=number, tell=tell, alone=alone)  # fmt: skip
    found.result["reason"] = absent.of(found.result)
    return found


def judge_bundle(prepared: Prepared, bundle: Bundle, *, test_from: int | None, number: int, seed: int,
                 ceiling: Ceiling | None = None) -> tuple[dict[str, Any], dict[str, Array], Panel]:  # fmt: skip
    """Judge a fitted model, without fitting, on origins after its training rows."""
    check_bundle(prepared, bundle)
    if ceiling:
        ceiling.check(prepared)
    panel = prepared.panel
    known = np.datetime64(bundle.schema["known_until"])
    early = panel.as_of < known
    usable = panel.at_risk & panel.seen & replay.unseen(bundle, panel)
    if test_from is not None:
        usable &= panel.meta["period"] >= test_from
    if not usable.any():
        raise UserError(f"no row is left to judge: the bundle had seen outcomes up to {known}")
    test = panel.take(usable)
    test.meta["follow_up_weight"] = follow_up_weight(panel, panel.at_risk & early & follow_up_due(panel, known), usable)
    scores = {judge.MAIN: replay.predict_bundle(bundle, test)}
    report = judge.judge(test, scores, prepared.lookback, number=number, seed=seed)
    first = periods.text(int(test.meta["period"].min()))
    report |= prepared.facts | {"schema": backtest.SCHEMA, "horizon": panel.horizon, "seed": seed, "test_from": first,
                                "bundle": bundle.name, "lag_days": panel.lag_days, "train": None, "chosen": None,
                                "bootstrap": {"resamples": number, "level": 0.95, "unit": "cluster"},
                                "counts": row_counts(prepared.admitted), "interval": None,
                                "ladder": None,
                                "calibration_by_place": places.judge(test, scores[judge.MAIN], number=number,
                                                                     seed=seed),
                                "oracle": oracle.judge(prepared.truth, test, scores, number=number, seed=seed,
                                                       ceiling=ceiling)}  # fmt: skip
    report["reason"] = absent.of(report)
    if said := cluster_warning(report["cohort"]):
        report["warnings"] = said
    return report, scores, test


@steady
def train(prepared: Prepared, settings: Settings, *, test_from: int | None, number: int, refit: bool,
          answers: dict[str, Any] | None = None, tell: Callable[[str], None] = lambda text: None,
          judged: Callable[[Backtest], None] = lambda found: None) -> tuple[Path, Backtest]:  # fmt: skip
    """Fit, judge, package and register a model; returns the folder of its bundle and the figures.

    judged : gets the figures and the report, whole, before the model is packaged and registered: a training that is
    stopped there leaves what it found.

    With `refit` what answers is fitted again, by the same steps, on every row with a known outcome: a model that is
    judged on the last third of the origins and a third of the clusters learns from few of the rows. The figures stay
    those of the model that was judged; the bundle says so, keeps that model for later comparisons, and tells how near
    the two are.
    """
    found = evaluate(prepared, settings, test_from=test_from, number=number, rivals=backtest.GATED, tell=tell)
    panel, split = prepared.panel, found.split
    if answers:
        found.result["answers"] = answers
    found.result["champion"] = incumbent.compare(home(), panel, found, prepared.facts, number=number,
                                                 seed=settings.seed)  # fmt: skip
    rows = panel.at_risk & panel.seen if refit else split.train
    model = _refitted(panel, rows, found, settings, tell) if refit else found.model
    found, pictures = _drawn(found)
    judged(found)
    assert split.test_from is not None, "a bundle is judged out of time"
    first = asof.origin_date(split.test_from, panel.lag_days)
    until = panel.outcome_known[rows].max() if refit else first
    facts = prepared.facts | {"known_until": str(until), "refit": refit, "drawn": split.drawn,
                              "trained_rows": int(rows.sum())}  # fmt: skip
    if refit:
        facts["judged"] = {"known_until": str(first), "drawn": split.drawn, "strata": list(found.model.strata),
                           "features": [feature.name for feature in found.model.features]}  # fmt: skip
    taught = panel.seen if refit else backtest.known(panel, split)
    own = beside.fit(panel, rows, taught, model, settings, _blind(prepared))
    others = _others(panel, model, found, until, refit, settings) if prepared.facts["view"] == "registry" else {}
    if model.fitted.composed.affine.slope <= SLOPE_OF_CHANCE:
        raise UserError("the model ranks no better than chance on inner folds; nothing is packaged or served")
    files = package.files(model, others, own, panel, rows, Context(prepared.admitted.tables), facts)
    if refit:
        files["judged.lgb"] = found.model.text
    data_hash = package.data_hash(panel.take(rows))
    files |= cards(files, found.result, data_hash)
    meta = {"created": datetime.now(UTC).isoformat(timespec="seconds"), "data_hash": data_hash,
            "result": found.result, "settings": settings_json(settings)}  # fmt: skip
    path = bundles.write(record.folder(home()), files, meta)
    tell(f"bundle {path.name} is written; registering it in MLflow ...")
    _register(path, model, panel, rows, found, settings, data_hash, pictures)
    return path, found


def cards(files: Mapping[str, str | bytes], result: Mapping[str, Any], data_hash: str) -> dict[str, str]:
    """The cards of a bundle of these files. They are of what answers, so its facts are those of `schema.json`; of the
    judged model, whose figures they tell, `result` holds others."""
    told = json.loads(files["schema.json"]) | {"bundle": bundles.name_of(files), "data_hash": data_hash}
    languages: tuple[Language, ...] = ("id", "en")
    return {f"card.{language}.md": markdown(result, told, language) for language in languages}


def _refitted(panel: Panel, rows: Array, found: Backtest, settings: Settings, tell: Callable[[str], None],
              ) -> Model:  # fmt: skip
    """The model fitted again on `rows`; the result tells how near it is to the one judged."""
    model = backtest.train(panel, rows, panel.poor_next == 1, panel.ratio_next, settings)
    found.result["refit"] = {"rows": int(rows.sum()), "events": int(panel.poor_next[rows].sum()),
                             **replay.agreement(found.model, model, found.test, settings.threads)}  # fmt: skip
    alike, judged = found.result["refit"]["correlation"], int(found.split.train.sum())
    tell(f"fitted again on all {int(rows.sum()):,} rows with a known outcome (judged: {judged:,}); "
         f"log-odds correlate {'not, one tells all alike' if alike is None else f'by {alike:.3f}'}")  # fmt: skip
    return model


def _others(panel: Panel, model: Model, found: Backtest, until: np.datetime64, refit: bool, settings: Settings,
            ) -> dict[str, Model]:  # fmt: skip
    """Status and stay models of a registry view, on the features and strata of the risk model.

    Every household with measured welfare teaches the status, poor or not; without `refit` no cluster that the risk
    model is judged on does.
    """
    kept = replace(panel, features=model.features, X=columns(panel, model.features))
    clusters = panel.clusters().astype(str)
    judged = for_judging(clusters) if found.split.drawn else np.isin(clusters, np.unique(clusters[found.split.test]))
    judged &= not refit
    ratio, now = panel.meta["ratio"], panel.meta["poor_now"]
    measured = ~np.isnan(now) & (panel.as_of <= until) & ~judged
    plain = replace(settings, bandwidths=settings.bandwidths[2:3], penalties=settings.penalties[2:3])
    status = backtest.train(kept, measured, now == 1, ratio, plain, fixed=model)
    poor = measured & (now == 1) & panel.seen & (panel.outcome_known <= until)
    stay = backtest.train(kept, poor, panel.poor_next == 1, panel.ratio_next, plain, fixed=model)
    return {"status": status, "stay": stay}


def _register(path: Path, model: Model, panel: Panel, rows: Array, found: Backtest, settings: Settings,
              data_hash: str, pictures: list[dict[str, Any]]) -> None:  # fmt: skip
    """Log and register the model with its report and each of its pictures."""
    own = panel.take(rows)
    matrix = risk.with_stratum(columns(own, model.features), backtest.codes(own, model.strata))
    names = (*(feature.name for feature in model.features), risk.STRATUM)
    tags = {"bundle": path.name, "data_hash": data_hash, "synthetic": str(found.result["synthetic"]).lower(),
            "view": str(found.result["view"])}  # fmt: skip
    params = settings_json(settings) | found.result["chosen"] | {"horizon": panel.horizon}
    with TemporaryDirectory() as folder:
        (Path(folder) / "report.html").write_text(found.page, encoding="utf-8")
        for figure in pictures:
            (Path(folder) / f"{figure['name']}.svg").write_text(str(figure["svg"]))
        cards = [path / f"card.{language}.md" for language in ("id", "en")]
        track.log(model.booster, package.example(model.features, matrix), names, found.result, params, tags,
                  [path / "schema.json", *cards], folder)  # fmt: skip


def _drawn(found: Backtest) -> tuple[Backtest, list[dict[str, Any]]]:
    """The same with its report, and the report's pictures."""
    weights = judge.judged_weights(found.test)
    page, pictures = report.drawn(found.result, found.scores, found.test.poor_next, weights)
    return replace(found, page=page), pictures
