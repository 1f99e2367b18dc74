"""Writes `docs/results.md` from the JSON files of `jaga evaluate`; `make results PANEL=DIR` makes both."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import _judged
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

POOLED = ("eph", "german_60")
COMPARED = ("log_loss", "average_precision")


def main(files: list[str]) -> int:
    """Write the page from these files, in this order."""
    found = {Path(file).stem: json.loads(Path(file).read_text()) for file in files}
    kept = _kept(found)
    parts = [
        _judged.intro(kept["panels"]),
        *_never_worse(found),
        *(line for name, one in found.items() for line in _section(name, one)),
    ]
    (DOCS / "results.md").write_text("\n".join(parts).rstrip() + "\n")
    KEPT.write_text(json.dumps(kept, indent=1) + "\n")
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
        if not path:
            yield from _lists(result)


def _lists(result: dict[str, Any]) -> Iterator[str]:
    """What lists of each budget miss, hold in vain and are worth, of all at risk."""
    models = result["models"]
    yield ""
    yield from _table(models, tuple(f"{kind}_at_{k}" for k in BUDGETS for kind in ("exclusion", "inclusion")))
    if result["worth"]["welfare"] is None:
        yield (f"\nWelfare added by a list of 10 and 20 %, as a share of the best list's "
               f"(transfer {result['worth']['transfer']:g} of the line), at rho 1, 2, 3:\n")  # fmt: skip
        yield from _table(models, tuple(f"welfare_{rho}_at_{k}" for k in (10, 20) for rho in (1, 2, 3)))
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
    yield _judged.seeds()


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
