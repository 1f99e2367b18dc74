"""Writes `docs/results.md` from the JSON files of `jaga evaluate`; `make results PANEL=DIR` makes both."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.words import KINDS, word
from training import ablation_report
from training.figures import few, verdict
from training.judge import ONE_PERIOD
from training.limits import too_few
from training.report import BANDS

DOCS = Path(__file__).resolve().parent
KEPT = DOCS.parent / "benchmarks" / "results" / "accuracy.json"
"""Figures of all at risk, rounded as the page has them: `docs/benchmarks.md` and its picture are made from them."""
METRICS = ("auc", "average_precision", "log_loss", "brier", "calibration_slope", "expected_over_observed")
BUDGETS = (5, 10, 20, 30)
DIFFERENCES = ("auc", "average_precision", "log_loss", "recall_at_10")
PARTS = (("All at risk", ()), ("Relapse", ("kinds", "relapse")), ("First entry", ("kinds", "first_entry")),
         ("Unknown history", ("kinds", "unknown_history")),
         ("Vulnerable band (1.0-1.5 lines)", ("bands", "vulnerable")))  # fmt: skip

INTRO = """<!-- Made by `make results`; run it again, do not edit. -->

# Results

What `jaga evaluate` measured, beside everything that a programme could use instead ([how](evaluating.md)). Every figure
has a 95 % interval from a bootstrap over clusters (dwellings on the EPH, persons in the German table); differences are
Jaga minus the baseline, paired. Weighted by survey weight and by the inverse chance of being followed up. A row is one
household at one origin.

The EPH is the household survey of urban Argentina, 2008-2011, with a relative line; the German table holds persons of
1984-88 with an income roughly estimated: **these figures test the method, not Indonesian accuracy.** The synthetic
panel is made by a program: it tests the machinery, not the world.

Settings stand in `training/fit.py` (`Settings`) and `benchmarks/protocol.toml` ([results]); penalty, bandwidth, rounds
and blend are chosen on inner folds of the training rows, the settings of random forest, XGBoost and CatBoost by Optuna
on the same folds, eight trials each (rolling windows take what the first one found).

**How far the judged rows are unseen.** Fixed when some of them had been seen, none to raise a figure below: features
look four periods back at most; origins without a past are left out of a panel that has one; the blend is the share
nearest to one half within one standard error of the best; clusters seen on both sides are drawn for one of them by a
hash of the name; follow-up weights leave out rows that the rotation lets go; inner folds spread falls evenly. Chosen
on synthetic families and on EPH origins up to 2009 ([decisions](decisions.md)), which teach the models below and are
not judged: the bandwidth may reach the whole residual spread, with hard labels the steps of the additive part are
held tighter than its line, and a forest joins the blend. That soft labels are left out of the second was decided when
it had also been seen to cost .0011 of log-loss on the German table. The EPH (line .5) and the German table (60 %) had
been judged by the same settings beforehand, the German table three times: as it came; with each person's history
among the features, when the random forest was ahead of every model; and as below, with couples kept together: its
persons are in good part couples of one household (98 % of the pairs with equal incomes are a woman and a man), whom
the folds would tear apart. That holds for every table that has welfare (`training/twins.py`); the hard labels of
`german_60_hard` come without it, so its couples stay apart.

What these figures do not say: Jaga learns from next period's welfare where the table has it, as expected poverty and
the PMT do; the logistic baselines, random forest, XGBoost and CatBoost learn from fallen or not, as they are used. The
intervals hold the fitted models fixed and draw clusters of judged rows: another training sample would move the figures
more. "Worse beyond the interval" is said of log-loss and average precision; of the other figures of all at risk, AUC
and falls caught at 10 %, one of 112 is worse beyond its interval (named below) and 71 are better; in single kinds and
bands a few of log-loss and average precision are worse ([below](#in-single-kinds-and-bands)).

**Where Jaga is least ahead.** The pooled mean is of each panel at its main line, fixed before. At the German line of 50
%, which is not in it, Jaga is behind CatBoost, random forest and XGBoost in the point of average precision (-.014,
-.017, -.007) and behind the logistic hazard in falls caught at 10 % (-.030, -.071 to -.003). Level, within the
interval, but behind in the point: average precision at 60 % beside random forest (-.0014); at 50 % log-loss beside
CatBoost (+.0009) and random forest (+.0002), AUC beside both logistic models (-.003, -.002), falls caught at 10 %
beside the logistic regression, random forest and XGBoost (-.022, -.014, -.014). The German folds are of one seed: by
another, log-loss and average precision at 50 % may be behind the logistic regression in the point too. Where the truth
is close to a logistic regression, a plain one can be better beyond the interval: on made-up flat tables of some hundred
households by .001 to .002 of log-loss, the price of the trees ([decisions](decisions.md)). With hard labels a random
forest can be level.
Where relatives sit on both sides of a fold it learns them by heart; a forest among Jaga's own parts, chosen on other
data, answers that in part. On the German table with hard labels, beside a tuned forest, the log-loss is +.0006 (-.0007
to .0019) with couples torn apart and -.0005 (-.0024 to .0015) where a `cluster` column keeps them together.

In single kinds and bands, where rows are few, five figures are behind beyond an interval that is not corrected for how
many were looked at. On the German table at 60 % **the relapses are ordered worse than by a plain rank of welfare**:
average precision .337 beside .392 (-.055, -.119 to -.005; 527 rows, 109 falls); the log-loss there is smaller, .474
beside .497 (-.023, -.057 to .004), and at 50 % and on the EPH Jaga is ahead in the point of both. A programme that
lists only families who were poor before is not shown by this table to need more than welfare. At 50 % the log-loss
right above the line (1.0 to 1.1) is larger than that of random forest and XGBoost (+.036, +.031; 92 falls), and the
average precision from two lines on smaller than that of both logistic baselines (-.006; 64 falls).

All sections were made by one run of the command below, on the fit that the code holds.

How to read them: on the EPH the falls became fewer from the training to the judged origins, so every model expects
too many (expected over observed above 1) and is a little too sure (slope below 1). Relapse has few rows. "Not seen
again" counts households that the rotation lets go as well as those lost. The EPH at lines .4 and .6, one quarter ahead
and with seed 2 is judged beside the quick baselines alone, without logistic PMT and hazard, random forest, XGBoost and
CatBoost: these sections
say how steady the figures are, and nothing of those learners.

Run again with `make results PANEL=DIR TABLE=FILE`: DIR holds the EPH's quarterly user files (`hogar/`, `individual/`),
FILE is the German table.
"""
POOLED = ("eph", "german_60")
COMPARED = ("log_loss", "average_precision")
SEEDS = """
Bar: .85 to .95, overall and in each fifth. The panel above is one draw. Other seeds, 20,000 families each, that nothing
was chosen on ([decisions](decisions.md)), share of families whose p_view the interval held:

| seed | overall | fifth 1 | fifth 2 | fifth 3 | fifth 4 | fifth 5 |
| --- | --: | --: | --: | --: | --: | --: |
| 7 | .926 | .991 | .948 | .919 | .887 | .879 |
| 611 | mean of fifths .93 | .99 | .93 | .91 | .91 | .90 |
| 612 | mean of fifths .94 | .99 | .96 | .93 | .91 | .89 |
| mean of the four that it was chosen on | mean of fifths .92 | .90 (.81 to .98) | .91 | .93 | .92 | .92 |
| **the model that answers**, four panels | .90 (.86 to .93) | .99 | .91 | .81 | .78 | .81 |

(p_view of seed 7 and of the four learnt from 531,207 rows of other families; the rows are not made by `make results`,
but stand as they were measured.) In plain words: overall the interval lies inside the bar on every fresh seed and in
the mean of the four; **in single fifths not always.** The fifth of the least risk is held too often on the fresh seeds
7, 611 and 612, .99 where .95 is the most, and the second of seed 612 in .96: their intervals are wider than they need
be, which errs towards the family. On one of the four it was held in .81, and on panels of 3,000 to 8,000 rows single
fifths have been as low as .69 (the lowest) and .79 (the highest). A panel's calibration errs for all its families at
once, so that one panel can lie outside where the mean of many does not.

**Another fit answers.** All but the last row are of the model that was judged. What answers is fitted again on all rows
([why](evaluating.md#promoting-going-back-training-again)). In a trial made once on four such panels its intervals held
in .90 overall, those of the judged model there in .93 to .95, and in the three upper fifths of the risk in about 8 of
10, under the bar."""


def main(files: list[str]) -> int:
    """Write the page from these files, in this order."""
    found = {Path(file).stem: json.loads(Path(file).read_text()) for file in files}
    parts = [INTRO, *_never_worse(found), *(line for name, one in found.items() for line in _section(name, one))]
    (DOCS / "results.md").write_text("\n".join(parts).rstrip() + "\n")
    KEPT.write_text(json.dumps(_kept(found), indent=1) + "\n")
    return 0


def _kept(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Rows, falls and paired differences of each panel, of all at risk."""
    return {"panels": {name: {
        "title": _headed(name, one), "synthetic": one["synthetic"], "design": one["design"],
        **{told: one["cohort"][key] for told, key in (("rows", "rows"), ("falls", "events"),
                                                      ("households", "households"))},
        "differences": {other: {metric: {key: own[metric][key] and round(own[metric][key], 4)
                                         for key in ("value", "low", "high")} for metric in DIFFERENCES}
                        for other, own in one["differences"].items()},
    } for name, one in found.items()}}  # fmt: skip


def _never_worse(found: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Every baseline on every real panel, and the mean over panels of what Jaga is ahead."""
    panels = {name: found[name] for name in POOLED if name in found}
    if len(panels) < 2:
        return
    yield "\n## Is it ever the worse choice?\n"
    yield ("Jaga minus each baseline. Log-loss: below 0 Jaga is better; average precision: above 0. Pooled: the mean "
           "over both panels of the difference as a share of the log-loss of telling everybody the average rate there "
           "(for average precision of 1 minus the rate), panels counting alike. Only who knows every fate gains all of "
           "that.\n")  # fmt: skip
    heads = [f"{_title(name)}: {metric.replace('_', ' ')}" for metric in COMPARED for name in panels]
    pooled = [f"pooled: {metric.replace('_', ' ')}, %" for metric in COMPARED]
    yield "| | " + " | ".join([*heads, *pooled]) + " |"
    yield "| --- |" + " --: |" * (len(heads) + len(pooled))
    names = [name for name in next(iter(panels.values()))["differences"]
             if all(name in one["differences"] for one in panels.values())]  # fmt: skip
    for name in names:
        cells = [_cell(one["differences"][name][metric], True) for metric in COMPARED for one in panels.values()]
        yield f"| {name} | " + " | ".join([*cells, *(_pooled(panels, name, metric) for metric in COMPARED)]) + " |"
    real = {panel: one for panel, one in found.items() if not one["synthetic"]}
    worse = [f"{name} on {_title(panel)} ({metric.replace('_', ' ')})" for panel, one in real.items()
             for name, own in one["differences"].items() for metric in COMPARED
             if verdict(own[metric], metric) == "worse"]  # fmt: skip
    quick = sum(map(_quick, real.values()))
    where = (f"{len(real)} judgements of real panels below, other lines, horizons and hard labels with them ({quick} "
             "of them beside the quick baselines alone)")  # fmt: skip
    yield (f"\nOf the {where}, " + ("Jaga is worse beyond the interval than " + "; ".join(worse) if worse else
           "Jaga is worse than a baseline beyond the paired interval in none") +
           ". These are the specifications that were judged, and no others: with other columns of the same tables "
           "the order may be another.\n")  # fmt: skip
    yield from _single(real)


def _single(real: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Paired differences in each kind and band: how many there are, and every one that is worse."""
    yield "### In single kinds and bands\n"
    cells = [(panel, title, part, name, metric, verdict(own[metric], metric)) for panel, one in real.items()
             for title, part in _parts(one) if not part["cohort"]["too_few"]
             for name, own in part["differences"].items() for metric in COMPARED]  # fmt: skip
    small = sum(part["cohort"]["too_few"] for one in real.values() for _, part in _parts(one))
    count = {said: sum(cell[-1] == said for cell in cells) for said in ("better", "worse", "undecided")}
    yield (f"Log-loss and average precision beside each baseline were looked at in each kind (relapse, first entry, "
           f"unknown history) and band (by distance to the line, vulnerable, out of poverty strictly) of these panels: "
           f"{len(cells):,} differences; parts left out as too small: {small}. Jaga is better beyond the paired "
           f"interval in {count['better']:,}, undecided in {count['undecided']:,}, worse in {count['worse']}. Nothing "
           f"is corrected for their number: were there no difference anywhere, chance alone would make about "
           f"{len(cells) / 40:.0f} look worse. They overlap, so that they are no independent trials.\n")  # fmt: skip
    if not count["worse"]:
        return
    yield "| panel | households | rows, falls | baseline | figure | Jaga | baseline's | difference |"
    yield "| --- | --- | --: | --- | --- | --: | --: | --: |"
    for panel, title, part, name, metric, said in cells:
        if said == "worse":
            own, other = (_cell(part["models"][who][metric], False) for who in ("jaga", name))
            size = f"{part['cohort']['rows']:,}, {part['cohort']['events']:,}"
            yield (f"| {_title(panel)} | {title} | {size} | {name} | {metric.replace('_', ' ')} | {own} | {other} | "
                   f"{_cell(part['differences'][name][metric], True)} |")  # fmt: skip


def _parts(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kinds and bands of a panel by their titles."""
    yield from ((word(KINDS, name, "en"), part) for name, part in result["kinds"].items())
    yield from ((BANDS.get(name, f"{name} lines"), part) for name, part in result["bands"].items())


def _quick(result: dict[str, Any]) -> bool:
    """Whether a panel was judged beside the quick baselines alone, without the learners."""
    return "xgboost" not in result["differences"] and "xgboost" not in result["left_out"]


def _title(name: str) -> str:
    return {"eph": "EPH", "german_60": "Germany", "german_50": "Germany, line 50 %",
            "german_60_hard": "Germany, hard labels"}.get(name, name.replace("_", " "))  # fmt: skip


def _pooled(panels: dict[str, dict[str, Any]], name: str, metric: str) -> str:
    """Mean standardised difference with its interval; the panels are independent."""
    values, spreads = [], []
    for one in panels.values():
        rate = one["cohort"]["rate"]
        room = -(rate * math.log(rate) + (1 - rate) * math.log(1 - rate)) if metric == "log_loss" else 1 - rate
        own = one["differences"][name][metric]
        values.append(100 * own["value"] / room)
        spreads.append(100 * (own["high"] - own["low"]) / (2 * 1.96 * room))
    mean, error = sum(values) / len(values), math.sqrt(sum(s * s for s in spreads)) / len(spreads)
    return f"{mean:+.2f} ({mean - 1.96 * error:+.2f} to {mean + 1.96 * error:+.2f})"


def _section(name: str, result: dict[str, Any]) -> Iterator[str]:
    cohort, train = result["cohort"], result["train"]
    yield f"\n## {_headed(name, result)}\n"
    yield (
        f"Judged: {cohort['rows']:,} rows and {cohort['events']:,} falls of {cohort['households']:,} households, "
        f"origins {cohort['from']} to {cohort['to']}; {cohort['censored']:,} rows at risk were not seen again. "
        f"Trained: {train['rows']:,} rows and {train['events']:,} falls, origins {train['from']} to {train['to']}; "
        f"{cohort['embargoed']:,} earlier rows left out since their outcome was not known by the first judged origin, "
        f"{cohort['shared_clusters']:,} since their cluster serves the other side. Look-back {result['lookback']}, "
        f"publication lag {result['lag_days']} days, view {result['view']}, {result['design']} in "
        f"{len(result['splits'])} windows (training rows of the last), "
        f"{result['bootstrap']['resamples']} resamples."
    )
    if _quick(result):
        yield ("\n**Quick baselines alone**: logistic PMT and hazard, random forest, XGBoost and CatBoost were not "
               "run beside Jaga here, so "
               "that this section says nothing of them.")  # fmt: skip
    yield "\nDifference of `jaga` to each baseline, all at risk:\n"
    yield from _table(result["differences"], DIFFERENCES, signed=True)
    for name_of, why in result["left_out"].items():
        yield f"\n`{name_of}` is left out: {why}."
    if result.get("ladder"):
        yield from _ladder(result["ladder"])
    if result.get("interval") and result["interval"].get("view"):
        yield from _interval(result["interval"])
    if result.get("audit"):
        yield from _audit(result["audit"])
    if result.get("oracle") and result["oracle"]["latent"]:
        yield from _oracle(result["oracle"])
    for title, path in PARTS:
        part = result
        for key in path:
            part = part[key]
        if not part["cohort"]["events"]:
            continue
        yield f"\n### {title}: {part['cohort']['rows']:,} rows, {part['cohort']['events']:,} falls\n"
        if too_few(part["cohort"]["rows"], part["cohort"]["events"]):
            yield few(part["cohort"]["rows"], part["cohort"]["events"]).capitalize() + "."
            continue
        yield from _table(part["models"], METRICS)
        if path:
            continue
        yield ""
        yield from _table(
            part["models"], tuple(f"{kind}_at_{k}" for k in BUDGETS for kind in ("exclusion", "inclusion"))
        )
        if result["worth"]["welfare"] is None:
            yield (f"\nWelfare added by a list of 10 and 20 %, as a share of the best list's "
                   f"(transfer {result['worth']['transfer']:g} of the line), at rho 1, 2, 3:\n")  # fmt: skip
            yield from _table(part["models"], tuple(f"welfare_{rho}_at_{k}" for k in (10, 20) for rho in (1, 2, 3)))
        yield from _months(result)


def _headed(name: str, result: dict[str, Any]) -> str:
    line = f", line {result['line']:g} of the median" if result["source"] == "eph" else ""
    mark = " (synthetic data)" if result["synthetic"] else ""
    title = name.replace("_", " ") if result["source"] == "table" else result["source"]
    return f"{title}{mark}{line}, {result['horizon']} periods ahead, seed {result['seed']}"


def _months(result: dict[str, Any]) -> Iterator[str]:
    """Months under the line that a list holds, or why they are not told."""
    why = ONE_PERIOD if result["horizon"] == 1 else result["worth"]["months"]
    yield "\nMonths under the line held, of all before the horizon" + (f": not told, {why}." if why else ":\n")
    if not why:
        yield from _table(result["models"], tuple(f"months_at_{k}" for k in BUDGETS))


def _ladder(ladder: dict[str, Any]) -> Iterator[str]:
    own, gap = ladder["models"], ladder["differences"]
    yield f"\n### The ladder, {ladder['rows']:,} rows of the last window\n"
    yield "| | Jaga | transitions | difference |"
    yield "| --- | --: | --: | --: |"
    for metric in ("log_loss", "ranked_probability_score"):
        yield (f"| {metric.replace('_', ' ')} | {_cell(own['jaga'][metric], False)} | "
               f"{_cell(own['transitions'][metric], False)} | {_cell(gap[metric], True)} |")  # fmt: skip
    if ladder["within"]:
        yield "\nA fall within:\n"
        yield "| periods | falls | AUC | log-loss | expected over observed |"
        yield "| --: | --: | --: | --: | --: |"
        for one in ladder["within"]:
            cells = " | ".join(_cell(one[name], False) for name in ("auc", "log_loss", "expected_over_observed"))
            yield f"| {one['periods']} | {one['events']:,} | {cells} |"


def _interval(interval: dict[str, Any]) -> Iterator[str]:
    yield "\n### How often the 90 % interval holds\n"
    yield ("The risk of families that look the same (p_view, itself estimated), which it is for, and the risk given "
           "the hidden state, which it is not for. Widths in points.\n")  # fmt: skip
    yield "| families | mean risk told, % | width | p_view held | hidden state held |"
    yield "| --- | --: | --: | --: | --: |"
    view, latent = interval["view"], interval["latent"]
    width = 100 * interval["width"]["value"]
    yield f"| all | | {width:.1f} | {_cell(view['coverage'], False)} | {_cell(latent['coverage'], False)} |"
    for n, (one, two) in enumerate(zip(view["fifths"], latent["fifths"], strict=True), 1):
        yield (f"| fifth {n} | {100 * one['risk']:.1f} | {100 * one['width']:.1f} | {_cell(one['coverage'], False)} | "
               f"{_cell(two['coverage'], False)} |")  # fmt: skip
    yield SEEDS


def _audit(audit: dict[str, Any]) -> Iterator[str]:
    found = audit["ablation"]
    yield "\n### What each family of features is worth, on top of the model without it\n"
    yield from (f"{said}\n" for said in (ablation_report.sentence(found), ablation_report.whom(found)) if said)
    yield "| family | features | slope | p (Holm) | verdict | AUC | average precision | log-loss |"
    yield "| --- | --: | --: | --: | --- | --: | --: | --: |"
    for name, own in found.items():
        cells = " | ".join(_cell(own[key], True) for key in ("auc", "average_precision", "log_loss"))
        said = own["verdict"] or ablation_report.small(own)
        yield (f"| {name} | {own['features']} | {_cell(own['slope'], True)} | "
               f"{ablation_report.chance(own['adjusted'])} | {said} | {cells} |")  # fmt: skip
    for title, levels in found.get("automation", {}).get("for", {}).items():
        yield f"\nExposure to automation by {title}:\n"
        yield "| households | falls | slope | p (Holm) | slope less that of all others | p (Holm) | log-loss |"
        yield "| --- | --: | --: | --: | --: | --: | --: |"
        for level, own in levels.items():
            if not own["too_small"]:
                one, two = (ablation_report.chance(own[key]) for key in ("adjusted", "beside_adjusted"))
                yield (f"| {level} | {own['events']:,} | {_cell(own['slope'], True)} | {one} | "
                       f"{_cell(own['beside'], True)} | {two} | {_cell(own['log_loss'], True)} |")  # fmt: skip
    kept = ", ".join(f"{name} {100 * own['kept']:.0f} % ({own['models']} models)" for name, own in
                     audit["stability"].items() if own)  # fmt: skip
    yield f"\nOf the list of 10 %, kept by models made otherwise: {kept}.\n"
    yield "| group | level | falls | listed | falls caught | gap to the rest | expected over observed |"
    yield "| --- | --- | --: | --: | --: | --: | --: |"
    for name, levels in audit["groups"].items():
        for level, cell in levels.items():
            if cell["too_small"] or name.startswith("province"):
                continue
            own = cell["figures"]
            yield (f"| {name} | {level} | {cell['events']:,} | {_cell(own['listed'], False)} | "
                   f"{_cell(own['recall'], False)} | {_cell((cell['gaps'] or {}).get('recall'), True)} | "
                   f"{_cell(own['expected_over_observed'], False)} |")  # fmt: skip


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


def _cell(summary: dict[str, float | None] | None, signed: bool) -> str:
    if summary is None:
        return "too few others"
    value, low, high = summary["value"], summary["low"], summary["high"]
    if value is None:
        return "not defined"
    form = "+.4f" if signed else ".3f"
    return format(value, form) + ("" if low is None else f" ({low:{form}} to {high:{form}})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
