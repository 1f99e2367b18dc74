"""What a programme would use without Jaga: rules, regressions and learners with one interface, on the same rows."""

from __future__ import annotations

from collections.abc import Callable

from models.baselines.expected import expected_poverty
from models.baselines.learners import LEARNERS, Learner, Params, Range, missing
from models.baselines.linear import logistic, logistic_hazard, logistic_pmt, no_proxies, no_spell
from models.baselines.rules import last_status, no_past, no_rank, welfare_rank, welfare_rule
from models.baselines.sample import Baseline, Sample, measured

PLAIN: dict[str, tuple[Callable[[Sample], Baseline], Callable[[Sample], str | None]]] = {
    "logistic": (logistic, lambda sample: None),
    "logistic_hazard": (logistic_hazard, no_spell),
    "logistic_pmt": (logistic_pmt, no_proxies),
    "welfare_rule": (welfare_rule, measured),
    "last_status": (last_status, no_past),
    "welfare_rank": (welfare_rank, no_rank),
    "expected_poverty": (expected_poverty, no_proxies),
}
"""Baselines without settings to tune: how each is fitted, and why it cannot be on a sample (None: it can)."""
NAMES = (*PLAIN, *LEARNERS)


def lacks(name: str, sample: Sample) -> str | None:
    """Why a baseline is left out on such a sample; None where it can be fitted."""
    if name in PLAIN:
        return PLAIN[name][1](sample)
    return missing(name) if name != "random_forest" else None


__all__ = ["LEARNERS", "NAMES", "PLAIN", "Baseline", "Learner", "Params", "Range", "Sample", "lacks"]
