"""What `jaga evaluate` and `jaga train` print of their figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from training import ablation_report
from training.figures import design, few, judged_rows, last_window, span, verdict
from training.limits import FEWEST_FALLS, FEWEST_ROWS, few_clusters, too_few

FITTING = "fitting on inner folds, then judging beside the baselines; a line for each model as it is fitted ..."
_SHOWN = ("auc", "average_precision", "log_loss", "calibration_slope", "recall_at_10")
_COMPARED = ("log_loss", "average_precision")
_WIDE, _CELL, _GAP = 17, 25, 41

Facts = Mapping[str, Any]


@dataclass
class Tuning:
    """Tells of a search for settings (`training.tune.Watch`): a line when it begins, on a terminal also each trial."""

    stream: TextIO
    _last: tuple[str, int] = ("", 0)

    def __call__(self, name: str, done: int, total: int) -> None:
        """Print what is new since the last call."""
        if self._last[0] != name or done < self._last[1]:
            print(f"  {name}: tuning, {total - done} settings to try ...", file=self.stream, flush=True)
        elif self.stream.isatty():
            # The count stands in one line, which the next line of the log writes over.
            text = "" if done >= total else f"  {name}: {done} of {total} settings tried"
            print(f"\r{text}\x1b[K", end="", file=self.stream, flush=True)
        self._last = name, done


def tell(result: Facts) -> None:
    """Print the judged cohort and a short table: each model on all rows, relapse, first entry and the band."""
    if result["synthetic"]:
        print("SYNTHETIC DATA: no real family is behind these figures")
    for name, why in result.get("left_out", {}).items():
        print(f"left out: {name}, {why}")
    if how := design(result):
        print(f"design: {how}")
    print(f"judged rows: {judged_rows(result['cohort'])}")
    if train := result.get("train"):
        where = last_window(result)
        print(f"trained on: {train['rows']:,} rows, {train['events']:,} falls" + (where and f" ({where})"))
    parts = {"all at risk": result, **result["kinds"], "vulnerable band": result["bands"]["vulnerable"]}
    for name, part in parts.items():
        _part(name, part, result)
        if part is result:
            _differences(result)
    _oracle(result.get("oracle"))
    for line in audit_lines(result.get("audit"), result["cohort"]):
        print(line)
    warn(result.get("warnings") or ())


def warn(warnings: Iterable[str]) -> None:
    """Print what may make every figure worthless."""
    for warning in warnings:
        print(f"WARNING: {warning}", flush=True)


def _part(name: str, part: Facts, result: Facts) -> None:
    """A table of the models, or, where there is nothing to judge, one line that says why."""
    rows, events = part["cohort"]["rows"], part["cohort"]["events"]
    if not rows:
        print(f"\n{name}: no judged row; {_why_none(name, result)}")
        return
    if too_few(rows, events):
        print(f"\n{name}: {rows:,} rows, {events:,} falls; too few for figures ({FEWEST_ROWS} rows, {FEWEST_FALLS} "
              "falls and as many that did not fall are needed)")  # fmt: skip
        return
    print(f"\n{name}: {rows:,} rows, {events:,} falls")
    _head(_SHOWN)
    for model, values in part["models"].items():
        _row(model, (_cell(values.get(metric)) for metric in _SHOWN))


def _why_none(name: str, result: Facts) -> str:
    past = " (of a table, period or ever_poor tell the past)" if result.get("source") == "table" else ""
    return {
        "relapse": f"of none is it known that it was poor before{past}",
        "first_entry": f"none was observed out of poverty for {span(result['lookback'], result.get('frequency'))} "
                       f"before{past}",
        "unknown_history": "the past of each is known",
        "vulnerable band": "welfare at the origin is not measured, or no household stands there",
    }.get(name, "no household is of this kind")  # fmt: skip


def _differences(result: Facts) -> None:
    """Jaga minus each baseline, paired, on the two measures that a promotion looks at."""
    if not result["differences"]:
        return
    print("\nJaga minus each baseline, paired (log_loss below 0, average_precision above 0: Jaga is better)")
    _head(_COMPARED, _GAP)
    for name, own in result["differences"].items():
        _row(name, (f"{_gap(own.get(metric))} {verdict(own.get(metric), metric, result['cohort']):9}"
                    for metric in _COMPARED), _GAP)  # fmt: skip


def audit_lines(audit: Facts | None, cohort: Facts) -> list[str]:
    """The audit in two lines: groups, and how steady the list and what each family of features is worth."""
    if not audit:
        return []
    cells = [(f"{name} {level}", cell) for name, levels in audit["groups"].items() for level, cell in levels.items()]
    judged = [(who, cell) for who, cell in cells if not cell["too_small"]]
    sure = [(who, cell["gaps"]["recall"]) for who, cell in judged
            if cell["gaps"] and verdict(cell["gaps"]["recall"], "recall_") != "undecided"]  # fmt: skip
    line = f"\naudit: {len(judged)} of {len(cells)} groups have rows and falls enough"
    if judged:
        who, gap = max(sure, key=lambda one: abs(one[1]["value"]), default=("", {}))
        widest = f"{who} {_gap(gap, 3)}" if who else "none"
        line += f"; widest sure gap of falls caught: {_no_clusters(cohort) or widest}"
        told = [(who, cell["figures"]["expected_over_observed"]) for who, cell in judged
                if cell["figures"]["expected_over_observed"]["value"] is not None]  # fmt: skip
        if told:
            who, own = min(told, key=lambda one: one[1]["value"])
            line += f"; lowest expected over observed: {who} {_cell(own)}"
    names = {"reseed": "another seed", "retrain": "other clusters", "update": "one period less"}
    kept = ", ".join(f"{100 * own['kept']:.0f} % with {names[name]}" for name, own in audit["stability"].items() if own)
    second = f"audit: of the list stays {kept}" if kept else "audit: steadiness of the list is not told"
    second += f"; {_families(audit['ablation'])}"
    if audit["gaming"]:
        most = audit["gaming"][0]
        second += f"; answering {most['feature']} otherwise wins {100 * most['won']:.1f} % of families a place"
    said = (ablation_report.sentence(audit["ablation"]), ablation_report.whom(audit["ablation"]))
    return [line, second, *(f"audit: {text}" for text in said if text)]


def _no_clusters(cohort: Facts) -> str:
    return (
        f"not told, {few(cohort['rows'], cohort['events'], clusters=cohort['clusters'])}"
        if few_clusters(cohort)
        else ""
    )


def _families(ablation: Facts) -> str:
    """Which families of features say something, which mislead, and which were not judged, with the reason."""
    dark = {name: ablation_report.small(own) for name, own in ablation.items() if own["verdict"] is None}
    if dark and len(dark) == len(ablation):
        return f"no family of features was judged: {', '.join(sorted(set(dark.values())))}"
    worth = {side: ", ".join(name for name, own in ablation.items() if own["verdict"] == side) or "none"
             for side in ("better", "worse", "undecided")}  # fmt: skip
    said = (f"families of features that say something for sure: {worth['better']}; that mislead: {worth['worse']}; "
            f"undecided: {worth['undecided']}")  # fmt: skip
    return said + "".join(f"; {name} was not judged, {why}" for name, why in dark.items())


def _oracle(oracle: Facts | None) -> None:
    """Print what the true risk of synthetic families says, where there is one."""
    if oracle is None:
        return
    if oracle["latent"] is None:
        print(f"\noracle: none; {oracle['reason']}")
        return
    agreed = oracle["agreement"]
    print(f"\noracle: the true risk of each of {oracle['rows']:,} judged rows, which no model can know")
    _head(_SHOWN)
    _row("true risk", (_cell(oracle["latent"].get(metric)) for metric in _SHOWN))
    view = oracle["view"]
    if view:
        _row("best of view", (_cell(view["figures"].get(metric)) for metric in _SHOWN))
    for name, shares in (("true risk", oracle["share"]), ("best of view", view and view["share"])):
        if shares:
            print(f"  share of the lift over chance of the {name}: "
                  + ", ".join(f"{model} {_cell(share)}" for model, share in shares.items()))  # fmt: skip
    if view:
        print(f"  best of view: mean true risk of families that look the same, learnt from {view['rows']:,} rows of "
              f"others; mean {view['told']:.4f}, true {view['true']:.4f}")  # fmt: skip
    if agreed:
        print(f"  correlation with Jaga's risk: {_cell(agreed['correlation'])}")
        for fifth in agreed["fifths"]:
            print(f"  {fifth['rows']:,} rows: told {fifth['predicted']:.4f}, true {fifth['true']:.4f}, "
                  f"fell {fifth['observed']:.4f}")  # fmt: skip


def _head(metrics: tuple[str, ...], wide: int = _CELL) -> None:
    print(f"  {'':{_WIDE}}" + "".join(f"{metric:>{wide}}" for metric in metrics))


def _row(name: str, cells: Iterable[str], wide: int = _CELL) -> None:
    print(f"  {name:{_WIDE}}" + "".join(f"{cell:>{wide}}" for cell in cells))


def _gap(summary: Facts | None, places: int = 4) -> str:
    if not summary or summary["value"] is None:
        return "not defined"
    value = f"{summary['value']:+.{places}f}"
    if summary["low"] is None:
        return value
    return f"{value} ({summary['low']:+.{places}f} to {summary['high']:+.{places}f})"


def _cell(summary: Facts | None) -> str:
    if not summary or summary["value"] is None:
        return "not defined"
    if summary["low"] is None:
        return f"{summary['value']:.3f}"
    return f"{summary['value']:.3f} ({summary['low']:.3f}-{summary['high']:.3f})"
