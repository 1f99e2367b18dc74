"""Scores of households: the one function behind the service and the batch.

A household that cannot be scored is an answer with a reason code, never a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from features import cohort, periods
from features.context import Context
from features.contract import HOUSEHOLDS, RUNGS
from features.frame import Frame, build
from features.types import Array, Tables
from models import reasons, risk
from models.bundle import Bundle
from models.calibration import sigmoid
from models.interval import lacking, unsure
from models.ladder import design

VALID_DAYS = 100
"""A score expires 100 days after its date: a quarter and a short delay of the next update."""
STALE_PERIODS = 2
"""Facts older than two periods at the score's date are too old to score on."""
MOSTLY = 0.5
"""A household that lacks more than half of the facts the model usually has is not scored."""
REFUSALS = ("quarantined", "not_known", "core_missing", "outside_model", "stale", "no_model")

COLUMNS = ("household_id", "unit", "province", "regency", "urban", "as_of", "expires", "horizon", "bundle", "status",
           "refusal", "rung", "kind", "applies", "risk", "low", "high", "fall_within", "p_poor_now", "p_poor_next",
           *(f"ladder_{name}" for name in RUNGS), "base", "place", "reasons", "other", "missing",
           "certainty")  # fmt: skip


def score(
    bundle: Bundle,
    tables: Tables,
    as_of: np.datetime64,
    *,
    context: Context | None = None,
    count: int = reasons.SHOWN,
    threads: int = 1,
    spoiled: Mapping[str, np.datetime64] | None = None,
    shifts: Mapping[str, float] | None = None,
) -> dict[str, list[Any]]:
    """Score every household of `tables` as known on `as_of`.

    Parameters
    ----------
    bundle : the verified model.
    tables : encoded tables of the households, all their periods.
    as_of : date of the score; facts known later are not seen.
    context : lines, signals and regions; the bundle's own when not given.
    count : reasons at most for each household.
    threads : threads of the booster.
    spoiled : households whose newest row was refused at the door (`features.admit`): not scored on older facts.
    shifts : log-odds added by stratum name, of a run that is brought to a headcount (`models.headcount`).

    Returns
    -------
    Columns of `COLUMNS` as lists, one entry a household, in the order in which they first appear; None where a
    figure does not exist. base + place + contributions + other is the log-odds of the risk within 1e-6.
    """
    own = chances(bundle, tables, as_of, context=context, threads=threads, spoiled=spoiled, shifts=shifts)
    frame, known, refusal = own.frame, own.known, own.refusal
    answer = _who(bundle, frame, as_of)
    rung = cohort.rung(frame.meta["ratio"], frame.meta["extreme"])
    applies = known & (own.poor_now < bundle.cuts["poor_now"])
    following = own.poor_now * own.stay + (1 - own.poor_now) * own.entry
    answer["status"] = ["scored" if ok else "refused" for ok in known]
    answer["refusal"] = [code or None for code in refusal]
    answer["rung"] = [RUNGS[int(code)] if ok and code == code else None for code, ok in zip(rung, known, strict=True)]
    answer["kind"] = _kinds(bundle, frame, applies)
    answer["applies"] = [bool(value) if ok else None for value, ok in zip(applies, known, strict=True)]
    answer["risk"] = _rounded(np.where(applies, own.entry, np.nan))
    _beside(bundle, frame, applies, rung, own.entry, following, answer)
    answer["p_poor_now"] = _rounded(np.where(known, own.poor_now, np.nan))
    answer["p_poor_next"] = _rounded(np.where(known, following, np.nan))
    _explain(bundle, own, applies, answer, count, threads)
    answer["certainty"] = _certainty(bundle, own, applies)
    absent: list[Any] = [None] * len(frame)
    return {name: answer.get(name, absent) for name in COLUMNS}


@dataclass(frozen=True, slots=True)
class Chances:
    """What is known of N households before anything is told of them.

    Attributes
    ----------
    frame, matrix : features, and the model matrix. stratum : codes. shift : log-odds added by place.
    refusal, known : refusal code (empty: none), and whether the household is scored.
    poor_now, stay, entry : chance of being poor now, and of being poor at the horizon if it is, and if it is not.
    """

    frame: Frame
    matrix: Array
    stratum: Array
    shift: Array
    refusal: Array
    known: Array
    poor_now: Array
    stay: Array
    entry: Array


def chances(bundle: Bundle, tables: Tables, as_of: np.datetime64, *, context: Context | None = None, threads: int = 1,
            spoiled: Mapping[str, np.datetime64] | None = None, shifts: Mapping[str, float] | None = None,
            ) -> Chances:  # fmt: skip
    """The chances of every household; parameters as of `score`."""
    frame = build(tables, context or bundle.context, as_of, bundle.features)
    stratum = bundle.strata(frame.meta["province"], frame.meta["urban"])
    refusal = _refusals(bundle, frame, stratum)
    # A refused row that was not known yet changes nothing; one whose day cannot be read might have been known.
    lost = {name for name, day in (spoiled or {}).items() if not day > as_of}
    refusal[np.array([name in lost for name in frame.meta["household_id"]], dtype=bool)] = "quarantined"
    matrix = risk.with_stratum(frame.values, stratum)
    known = refusal == ""
    poor_now, stay = _status(bundle, frame, matrix, threads)
    entry = np.full(len(frame), np.nan)
    entry[known] = risk.predict(bundle.boosters["risk"], matrix[known], threads)
    if bundle.kernel is not None:
        rung = cohort.rung(frame.meta["ratio"], frame.meta["extreme"])
        own = design(rung, frame.meta["back_run"], logit(entry))
        stay = np.where(np.isnan(stay), bundle.kernel.poor_if_poor(own), stay)
    table = np.array([(shifts or {}).get(name, 0.0) for name in bundle.schema["strata"]] or [0.0])
    shift = np.where(stratum >= 0, table[np.maximum(stratum, 0)], 0.0)
    if shift.any():
        entry = sigmoid(logit(entry) + shift)
        stay = np.where(poor_now == 0, 0.0, sigmoid(logit(stay) + shift))
    return Chances(frame, matrix, stratum, shift, refusal, known, poor_now, stay, entry)


def _beside(bundle: Bundle, frame: Frame, applies: Array, rung: Array, everyone: Array, following: Array,
            answer: dict[str, list[Any]]) -> None:  # fmt: skip
    """Interval, ladder and the chance of a fall within the horizon, where the bundle has them."""
    told = logit(everyone)
    if bundle.widths is not None:
        lacks = lacking(frame.values, np.array(bundle.reference["usual"]))
        low, high = bundle.widths.bounds(told, lacks)
        answer["low"], answer["high"] = (_rounded(np.where(applies, end, np.nan)) for end in (low, high))
    if bundle.kernel is not None:
        X = design(rung, frame.meta["back_run"], told)
        # A family that may be poor now climbs or stays by all that is known of it; one at risk by its risk alone.
        ladder = bundle.kernel.ladder(X, np.where(applies, everyone, following))
        for code, name in enumerate(RUNGS):
            answer[f"ladder_{name}"] = _rounded(ladder[:, code])
        within = bundle.kernel.fall_within(X, everyone)
        if within.shape[1]:
            answer["fall_within"] = _rounded(np.where(applies, within[:, -1], np.nan))


def _refusals(bundle: Bundle, frame: Frame, stratum: Array) -> Array:
    """Refusal code of each household, empty where it can be scored; the first that holds."""
    usual = np.array(bundle.reference["usual"])
    lacking = np.isnan(frame.values[:, usual]).mean(axis=1) if usual.any() else np.zeros(len(frame))
    current = periods.start(frame.meta["period"] + STALE_PERIODS + 1) if len(frame) else np.empty(0, "datetime64[D]")
    needs_welfare = bundle.schema["view"] == "survey"
    core = (lacking > MOSTLY) | (needs_welfare & np.isnan(frame.meta["ratio"]))
    outside = (stratum < 0) | frame.out_of_range.any(axis=1)
    return np.select([current <= frame.as_of, core, outside], ["stale", "core_missing", "outside_model"], "")


def _who(bundle: Bundle, frame: Frame, as_of: np.datetime64) -> dict[str, list[Any]]:
    size = len(frame)
    units = HOUSEHOLDS["unit"].choices
    meta = frame.meta
    return {
        "household_id": meta["household_id"].tolist(),
        "unit": [units[int(code)] for code in meta["unit"]],
        "province": meta["province"].tolist(),
        "regency": meta["regency"].tolist(),
        "urban": [None if np.isnan(value) else bool(value) for value in meta["urban"]],
        "as_of": [str(as_of)] * size,
        "expires": [str(as_of + np.timedelta64(VALID_DAYS, "D"))] * size,
        "horizon": [int(bundle.schema["horizon"])] * size,
        "bundle": [bundle.name] * size,
    }


def _status(bundle: Bundle, frame: Frame, matrix: Array, threads: int) -> tuple[Array, Array]:
    """Chance of being poor now, and of still being poor at the horizon if so, N each.

    Where welfare was measured the first is a fact. Without a status model it is otherwise unknown.
    """
    measured = np.where(np.isnan(frame.meta["ratio"]), np.nan, frame.meta["ratio"] < 1.0)
    now, stay = measured, np.full(len(frame), np.nan)
    if "status" in bundle.boosters:
        now = np.where(np.isnan(measured), risk.predict(bundle.boosters["status"], matrix, threads), measured)
    if "stay" in bundle.boosters:
        stay = risk.predict(bundle.boosters["stay"], matrix, threads)
    return now, np.where(now == 0, 0.0, stay)


def _kinds(bundle: Bundle, frame: Frame, applies: Array) -> list[str | None]:
    codes = cohort.kind(frame.meta["past_poor"], frame.meta["back_run"], bundle.schema["lookback"])
    return [cohort.KINDS[code] if own else None for code, own in zip(codes.tolist(), applies, strict=True)]


def _explain(bundle: Bundle, own: Chances, applies: Array, answer: dict[str, list[Any]], count: int,
             threads: int) -> None:  # fmt: skip
    rows, frame = np.flatnonzero(applies), own.frame
    parts, place, base = risk.contributions(bundle.boosters["risk"], own.matrix[rows], threads)
    # A shift to a headcount is of the place: it is told there, and what adds up goes on adding up.
    place = place + own.shift[rows]
    told, shown = reasons.top(bundle.features, frame.values[rows], parts, frame.meta["known_at"][rows], count)
    usual = np.array(bundle.reference["usual"])
    lacking = reasons.missing(bundle.features, frame.values[rows], usual)
    empty: list[Any] = [None] * len(frame)
    for name in ("base", "place", "other", "reasons", "missing"):
        answer[name] = list(empty)
    total = base + place + parts.sum(axis=1)
    for at, row in enumerate(rows.tolist()):
        answer["base"][row], answer["place"][row] = round(base, 6), round(float(place[at]), 6)
        answer["other"][row] = round(float(total[at] - shown[at]) - answer["base"][row] - answer["place"][row], 6)
        answer["reasons"][row], answer["missing"][row] = told[at], lacking[at]
        # The risk is read off the same log-odds as its reasons, so that they cannot disagree.
        answer["risk"][row] = round(float(sigmoid(total[at])), 12)


def _certainty(bundle: Bundle, own: Chances, applies: Array) -> list[str | None]:
    """`low` (to be looked at in the field) where a value lies outside what the model was trained on, a usual fact is
    missing, or the interval touches three labels or more; else `usual`."""
    frame = own.frame
    low, high = np.array(bundle.reference["low"]), np.array(bundle.reference["high"])
    never = np.array(bundle.reference["missing_share"]) == 0
    strange = (frame.values < low) | (frame.values > high) | (np.isnan(frame.values) & never)
    odd = strange.any(axis=1)
    if bundle.widths is not None:
        ends = bundle.widths.bounds(logit(own.entry), lacking(frame.values, np.array(bundle.reference["usual"])))
        odd |= unsure(*ends, bundle.cuts["labels"])
    return ["low" if doubt and at_risk else "usual" if at_risk else None
            for doubt, at_risk in zip(odd, applies, strict=True)]  # fmt: skip


def logit(p: Array) -> Array:
    """Log-odds of chances, N; 0 and 1 are held a hair apart."""
    own = np.clip(p, 1e-12, 1 - 1e-12)
    return np.log(own / (1 - own))


def _rounded(values: Array) -> list[float | None]:
    return [None if value != value else round(value, 12) for value in values.tolist()]
