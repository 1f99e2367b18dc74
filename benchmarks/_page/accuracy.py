"""What is told of accuracy: Jaga beside every baseline on real panels, as `docs/results.md` has it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks._page.told import MET, Line, One

PANELS = {"eph": "EPH (urban Argentina)", "german_60": "Germany"}
NAMES = {"logistic": "logistic regression", "logistic_hazard": "logistic hazard", "random_forest": "random forest",
         "xgboost": "XGBoost", "catboost": "CatBoost", "welfare_rank": "rank of welfare",
         "logistic_pmt": "proxy means test", "welfare_rule": "1.0-1.5 rule", "expected_poverty": "expected poverty",
         "last_status": "last status"}  # fmt: skip
"""Baselines by what people call them, from the hardest to beat to the easiest."""
DESIGNS = {"rolling origin": "judged out of time",
           "grouped cross-validation": "judged on other clusters, not out of time"}  # fmt: skip


def goal(one: One) -> Line:
    """Jaga is nowhere worse than a baseline beyond the paired interval."""
    gaps = _log_loss(one)
    worse = sum(gap["low"] > 0 for gap in gaps)
    return Line("", f"worse in {worse} of {len(gaps)}", "worse beyond the interval in none",
                f"**missed** by {worse}" if worse else MET,
                "log-loss beside each baseline on two real panels")  # fmt: skip


def _log_loss(one: One) -> list[One]:
    return [one["panels"][name]["differences"][other]["log_loss"] for name in PANELS for other in NAMES]


def section(one: One) -> Iterator[str]:
    """The picture and what it says."""
    panels = [one["panels"][name] for name in PANELS]
    log_loss = _log_loss(one)
    better, worse = sum(gap["high"] < 0 for gap in log_loss), sum(gap["low"] > 0 for gap in log_loss)
    sizes = "; ".join(f"{own['rows']:,} rows with {own['falls']:,} falls: {label}, {DESIGNS[own['design']]}"
                         for label, own in zip(PANELS.values(), panels, strict=True))  # fmt: skip
    yield "![Jaga minus each baseline, log-loss and average precision, with intervals](benchmarks_accuracy.svg)"
    yield ""
    yield (f"Jaga minus each baseline ({sizes}). Bars are paired 95 % intervals. Log-loss is "
           f"smaller beyond the interval in {better} of {len(log_loss)} comparisons, larger beyond it in {worse}, and "
           f"undecided in the others. These panels test the method, not Indonesian accuracy. Kinds, bands, other lines "
           "and seeds, and where Jaga is behind: [Results](results.md), made by `make results`.")  # fmt: skip
