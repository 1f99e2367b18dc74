"""Writes `docs/results.md` from the JSON files of `jaga evaluate`; `make results PANEL=DIR` makes both."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
METRICS = ("auc", "average_precision", "log_loss", "brier", "calibration_slope", "expected_over_observed")
BUDGETS = (5, 10, 20, 30)
PARTS = (("All at risk", ()), ("Relapse", ("kinds", "relapse")), ("First entry", ("kinds", "first_entry")),
         ("Unknown history", ("kinds", "unknown_history")),
         ("Vulnerable band (1.0-1.5 lines)", ("bands", "vulnerable")))  # fmt: skip

INTRO = """<!-- Made by `make results`; run it again, do not edit. -->

# Results

What `jaga evaluate` measured, beside three things a programme would use without it: the 1.0-1.5 rule, the last known
status, and a regularised logistic regression on the same features. Every figure has a 95 % interval from a bootstrap
over clusters (dwellings on the EPH); differences are paired. Weighted by survey weight and by the inverse chance of
being followed up. A row is one household at one origin.

The EPH is the household survey of urban Argentina, 2008-2011, with a relative line: **these figures test the method,
not Indonesian accuracy.** The synthetic panel is made by a program: they test the machinery, not the world.

Settings stand in `training/fit.py` (`Settings`) and were fixed before these runs; penalty, bandwidth, rounds and
blend are chosen on inner folds of the training rows. Five things changed the figures while the code was written and
are said here, since some judged rows had been seen by then: features look four periods back at most; origins
without a past are left out of a panel that has one; the blend is the share nearest to one half within one standard
error of the best; clusters seen on both sides are drawn for one of them by a hash of the name; follow-up weights
leave out rows that the rotation lets go. All were made for calibration or against selection, none to raise a figure
below.

How to read them: on the EPH the falls became fewer from the training to the judged origins, so every model expects
too many (expected over observed above 1) and is a little too sure (slope below 1). Relapse has few rows, and no
model but the rule is told apart from another there. "Not seen again" counts households that the rotation lets go as
well as those lost.

Run again with `make results PANEL=DIR`, where DIR holds the EPH's quarterly user files (`hogar/`, `individual/`).
"""


def main(files: list[str]) -> int:
    """Write the page from these files, in this order."""
    parts = [INTRO, *(line for file in files for line in _section(json.loads(Path(file).read_text())))]
    (DOCS / "results.md").write_text("\n".join(parts).rstrip() + "\n")
    return 0


def _section(result: dict[str, Any]) -> Iterator[str]:
    cohort, train = result["cohort"], result["train"]
    line = f", line {result['line']:g} of the median" if result["source"] == "eph" else ""
    mark = " (synthetic data)" if result["synthetic"] else ""
    yield f"\n## {result['source']}{mark}{line}, {result['horizon']} periods ahead, seed {result['seed']}\n"
    yield (
        f"Judged: {cohort['rows']:,} rows and {cohort['events']:,} falls of {cohort['households']:,} households, "
        f"origins {cohort['from']} to {cohort['to']}; {cohort['censored']:,} rows at risk were not seen again. "
        f"Trained: {train['rows']:,} rows and {train['events']:,} falls, origins {train['from']} to {train['to']}; "
        f"{cohort['embargoed']:,} earlier rows left out since their outcome was not known by the first judged origin, "
        f"{cohort['shared_clusters']:,} since their cluster serves the other side. Look-back {result['lookback']}, "
        f"publication lag {result['lag_days']} days, view {result['view']}, "
        f"{result['bootstrap']['resamples']} resamples."
    )
    yield "\nDifference of `jaga` to each baseline, all at risk:\n"
    yield from _table(result["differences"], ("auc", "average_precision", "log_loss", "recall_at_10"), signed=True)
    if result.get("oracle") and result["oracle"]["latent"]:
        yield from _oracle(result["oracle"])
    for title, path in PARTS:
        part = result
        for key in path:
            part = part[key]
        yield f"\n### {title}: {part['cohort']['rows']:,} rows, {part['cohort']['events']:,} falls\n"
        yield from _table(part["models"], METRICS)
        yield ""
        yield from _table(part["models"], tuple(f"{kind}_at_{k}" for k in BUDGETS for kind in ("precision", "recall")))


def _oracle(oracle: dict[str, Any]) -> Iterator[str]:
    """The true risk beside the models, and the best that the features allow."""
    yield f"\n### What no model can know: the true risk of the {oracle['rows']:,} judged rows\n"
    yield from _table({"true risk": oracle["latent"]}, METRICS)
    view, shares = oracle["view"], {"true risk": oracle["share"]}
    if view:
        yield (
            f"\nThe best that the features allow (`jaga data oracle`) is the mean true risk of families that look the "
            f"same, learnt from {view['rows']:,} rows of others; its mean is {view['told']:.4f}, the true one "
            f"{view['true']:.4f}, and the two correlate by {_cell(view['correlation'], False)}.\n"
        )
        yield from _table({"best of the features": view["figures"]}, METRICS)
        shares["best of the features"] = view["share"]
    yield "\nShare of its lift over chance, (AUC - .5) / (its AUC - .5):\n"
    names = list(oracle["share"])
    yield "| | " + " | ".join(names) + " |"
    yield "| --- |" + " --: |" * len(names)
    for what, share in shares.items():
        yield f"| {what} | " + " | ".join(_cell(share[name], False) for name in names) + " |"


def _table(models: dict[str, Any], metrics: tuple[str, ...], *, signed: bool = False) -> Iterator[str]:
    yield "| | " + " | ".join(metric.replace("_", " ") for metric in metrics) + " |"
    yield "| --- |" + " --: |" * len(metrics)
    for model, values in models.items():
        yield f"| {model} | " + " | ".join(_cell(values[metric], signed) for metric in metrics) + " |"


def _cell(summary: dict[str, float | None], signed: bool) -> str:
    value, low, high = summary["value"], summary["low"], summary["high"]
    if value is None:
        return "not defined"
    form = "+.4f" if signed else ".3f"
    return format(value, form) + ("" if low is None else f" ({low:{form}} to {high:{form}})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
