"""Scores of households: the one function behind the service and the batch.

A household that cannot be scored is an answer with a reason code, never a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from features import cohort, periods
from features.admit import outdated
from features.context import Context
from features.contract import HOUSEHOLDS, RUNGS
from features.frame import Frame, build
from features.shown import Make
from features.types import Array, Tables
from models import reasons, risk, row
from models.bundle import Bundle
from models.calibration import log_odds, sigmoid
from models.interval import lacking, unsure
from models.ladder import design
from models.row import SCORES

VALID_DAYS = 100
"""A score expires 100 days after its date: a quarter and a short delay of the next update."""
STALE_PERIODS = 2
"""Facts older than two periods at the score's date are too old to score on."""
MOSTLY = 0.5
"""A household that lacks more than half of the facts the model usually has is not scored."""
REFUSALS = ("quarantined", "not_known", "core_missing", "outside_model", "stale")

COLUMNS = tuple(SCORES.names)


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
) -> Any:
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
    An Arrow table of `models.row.KEPT`, one row a household, in the order in which they first appear; null where a
    figure does not exist. base + place + contributions + other is the log-odds of the risk within 1e-6.
    """
    own = chances(bundle, tables, as_of, context=context, threads=threads, spoiled=spoiled, shifts=shifts)
    return rows_of(bundle, own, as_of, count=count, threads=threads)


def rows_of(bundle: Bundle, own: Chances, as_of: np.datetime64, *, count: int, threads: int = 1) -> Any:
    """Score rows of what `chances` found; parameters and answer as of `score`."""
    frame, known, refusal = own.frame, own.known, own.refusal
    rung = cohort.rung(frame.meta["ratio"], frame.meta["extreme"])
    applies = known & (own.poor_now < bundle.cuts["poor_now"])
    following = own.poor_now * own.stay + (1 - own.poor_now) * own.entry
    answer = _who(bundle, frame, as_of)
    answer["status"] = row.labels(np.where(known, 0, 1), ("scored", "refused"))
    answer["refusal"] = row.text(refusal)
    answer["rung"] = row.labels(np.where(known, rung, np.nan), RUNGS)
    kinds = cohort.kind(frame.meta["past_poor"], frame.meta["back_run"], bundle.schema["lookback"])
    answer["kind"] = row.labels(np.where(applies, kinds, np.nan), cohort.KINDS)
    answer["applies"] = row.flags(applies, known)
    answer["p_poor_now"] = row.numbers(np.where(known, own.poor_now, np.nan))
    answer["p_poor_next"] = row.numbers(np.where(known, following, np.nan))
    ends = _ends(bundle, own)
    if ends is not None:
        answer["low"], answer["high"] = (row.numbers(np.where(applies, end, np.nan)) for end in ends)
    answer |= _beside(bundle, frame, applies, own.told, following)
    told = np.where(applies, own.told, np.nan)
    answer["risk"] = row.numbers(sigmoid(told))
    answer |= reasons.explain(bundle.forests["risk"], bundle.features, own.matrix, frame.days, told,
                              own.shift, count, threads)  # fmt: skip
    answer["missing"] = reasons.missing(bundle.features, frame.values, np.array(bundle.reference["usual"]), applies)
    answer["certainty"] = row.labels(np.where(applies, _doubtful(bundle, frame, ends), np.nan), ("usual", "low"))
    return row.table(answer, len(frame))


@dataclass(frozen=True, slots=True)
class Chances:
    """What is known of N households before anything is told of them.

    Attributes
    ----------
    frame, matrix : features, and the model matrix. stratum : codes. shift : log-odds added by place.
    refusal, known : refusal code (empty: none), and whether the household is scored.
    told : log-odds of being poor at the horizon if not poor now, the shift included; NaN where not known.
    poor_now, stay, entry : chance of being poor now, and of being poor at the horizon if it is, and if it is not.
    """

    frame: Frame
    matrix: Array
    stratum: Array
    shift: Array
    refusal: Array
    known: Array
    told: Array
    poor_now: Array
    stay: Array
    entry: Array


def chances(bundle: Bundle, tables: Tables, as_of: np.datetime64, *, context: Context | None = None, threads: int = 1,
            spoiled: Mapping[str, np.datetime64] | None = None, shifts: Mapping[str, float] | None = None,
            period: int | None = None, beside: Mapping[str, Make] | None = None) -> Chances:  # fmt: skip
    """The chances of every household, or of those with a row of `period`, and what `beside` makes of its rows
    (`features.shown`); other parameters as of `score`."""
    frame = build(tables, context or bundle.context, as_of, bundle.features, period, beside)
    stratum = bundle.strata(frame.meta["province"], frame.meta["urban"])
    refusal = _refusals(bundle, frame, stratum)
    lost = outdated(spoiled or {}, as_of)
    if lost:
        refusal[np.isin(frame.meta["household_id"], np.array(lost, dtype=object))] = "quarantined"
    matrix = risk.with_stratum(frame.values, stratum)
    known = refusal == ""
    poor_now, stay = _status(bundle, frame, matrix, threads)
    table = np.array([(shifts or {}).get(name, 0.0) for name in bundle.schema["strata"]] or [0.0])
    shift = np.where(stratum >= 0, table[np.maximum(stratum, 0)], 0.0)
    told = np.full(len(frame), np.nan)
    told[known] = bundle.forests["risk"].logit(matrix[known], threads) + shift[known]
    if bundle.kernel is not None:
        own = _kernel_columns(bundle, frame, told - shift)
        stay = np.where(np.isnan(stay), bundle.kernel.poor_if_poor(own), stay)
    stay = np.where((shift == 0) | (poor_now == 0), stay, sigmoid(log_odds(stay) + shift))
    return Chances(frame, matrix, stratum, shift, refusal, known, told, poor_now, stay, sigmoid(told))


def _ends(bundle: Bundle, own: Chances) -> tuple[Array, Array] | None:
    """Ends of each household's interval, N each; None in a bundle that has none."""
    if bundle.widths is None:
        return None
    return bundle.widths.bounds(own.told, lacking(own.frame.values, np.array(bundle.reference["usual"])))


def _kernel_columns(bundle: Bundle, frame: Frame, logit: Array) -> Array:
    """Columns of the ladder's kernel, N x WIDTH; one of the registry view has learned nothing of measured rungs."""
    rung = cohort.rung(frame.meta["ratio"], frame.meta["extreme"])
    if bundle.schema["view"] == "registry":
        rung = np.full(len(rung), np.nan)
    return design(rung, frame.meta["back_run"], logit)


def _beside(bundle: Bundle, frame: Frame, applies: Array, told: Array, following: Array) -> dict[str, Any]:
    """Ladder and the chance of a fall within the horizon, where the bundle has them."""
    answer = {}
    if bundle.kernel is not None:
        X = _kernel_columns(bundle, frame, told)
        # A family that may be poor now climbs or stays by all that is known of it; one at risk by its risk alone.
        ladder = bundle.kernel.ladder(X, np.where(applies, sigmoid(told), following))
        for code, name in enumerate(RUNGS):
            answer[f"ladder_{name}"] = row.numbers(ladder[:, code])
        within = bundle.kernel.fall_within(X, sigmoid(told))
        if within.shape[1]:
            answer["fall_within"] = row.numbers(np.where(applies, within[:, -1], np.nan))
    return answer


def _refusals(bundle: Bundle, frame: Frame, stratum: Array) -> Array:
    """Refusal code of each household, empty where it can be scored; the first that holds."""
    usual = np.array(bundle.reference["usual"])
    lacking = np.isnan(frame.values[:, usual]).mean(axis=1) if usual.any() else np.zeros(len(frame))
    current = periods.start(frame.meta["period"] + STALE_PERIODS + 1) if len(frame) else np.empty(0, "datetime64[D]")
    needs_welfare = bundle.schema["view"] == "survey"
    core = (lacking > MOSTLY) | (needs_welfare & np.isnan(frame.meta["ratio"]))
    outside = (stratum < 0) | frame.out_of_range.any(axis=1)
    return np.select([current <= frame.as_of, core, outside], ["stale", "core_missing", "outside_model"], "")


def _who(bundle: Bundle, frame: Frame, as_of: np.datetime64) -> dict[str, Any]:
    size, meta = len(frame), frame.meta
    return {
        "household_id": row.text(meta["household_id"]),
        "unit": row.labels(meta["unit"], HOUSEHOLDS["unit"].choices),
        "province": row.text(meta["province"]),
        "regency": row.text(meta["regency"]),
        "subdistrict": row.text(meta["subdistrict"]),
        "urban": row.flags(np.nan_to_num(meta["urban"]), ~np.isnan(meta["urban"])),
        "as_of": row.same(as_of.item(), pa.date32(), size),
        "expires": row.same(expiry(as_of).item(), pa.date32(), size),
        "horizon": row.same(int(bundle.schema["horizon"]), pa.int16(), size),
        "bundle": row.same(bundle.name, pa.string(), size),
    }


def expiry(as_of: np.datetime64) -> np.datetime64:
    """Day from which a score of a date holds no longer."""
    return as_of + np.timedelta64(VALID_DAYS, "D")


def _status(bundle: Bundle, frame: Frame, matrix: Array, threads: int) -> tuple[Array, Array]:
    """Chance of being poor now, and of still being poor at the horizon if so, N each.

    Where welfare was measured the first is a fact. Without a status model it is otherwise unknown.
    """
    measured = cohort.below(frame.meta["ratio"])
    now, stay = measured, np.full(len(frame), np.nan)
    if "status" in bundle.forests:
        now = np.where(np.isnan(measured), sigmoid(bundle.forests["status"].logit(matrix, threads)), measured)
    if "stay" in bundle.forests:
        stay = sigmoid(bundle.forests["stay"].logit(matrix, threads))
    return now, np.where(now == 0, 0.0, stay)


def _doubtful(bundle: Bundle, frame: Frame, ends: tuple[Array, Array] | None) -> Array:
    """Whether a household is to be looked at in the field, N: a value lies outside what the model was trained on, a
    usual fact is missing, or the interval, as it is told, touches three levels or more."""
    low, high = np.array(bundle.reference["low"]), np.array(bundle.reference["high"])
    never = np.array(bundle.reference["missing_share"]) == 0
    strange = (frame.values < low) | (frame.values > high) | (np.isnan(frame.values) & never)
    odd = strange.any(axis=1)
    if ends is not None:
        odd |= unsure(*ends, bundle.cuts["labels"])
    return odd
