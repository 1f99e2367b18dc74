"""Any flat table of household-periods as a panel: what `jaga evaluate --table FILE --spec FILE.toml` reads.

The table's own columns are the features; nothing is added to them, so that every model sees the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features import periods
from features.columns import Columns
from features.commands import UserError, closest
from features.registry import Feature
from features.types import Array
from features.values import masked, shown
from training import cells, derived, leaks, twins
from training.panel import Panel
from training.spec import Spec

_MOST, _LONGEST = 40, 60  # columns that an error names, and characters of each
FAMILY = "table"
"""Family of a feature that is a column of a flat table; its categories are learned from the training rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """A panel from a flat table, and what a reader should know of it; `groups`, for the audit, hold texts.

    `line` is the poverty line in units of welfare, None where welfare is not given or the line moves with the period.
    `notes` are what was done with cells and found for keys left out, `warnings` columns that look like the outcome.
    """

    panel: Panel
    spec: Spec
    line: float | None
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    frequency: str
    waves: dict[str, str]
    groups: dict[str, Array]
    lookback: int = 1


def build(table: pd.DataFrame, spec: Spec) -> Table:
    """The panel of a flat table.

    Raises
    ------
    UserError : a column is missing, a key cell is empty or no number, a household stands twice in a period, nobody is
        at risk with a known outcome, or a feature is the outcome in other clothes. The error names the row (1 is the
        first after the head).
    """
    _present(table, spec)
    notes: list[str] = []
    household = cells.codes(table, spec.household)
    number, waves, frequency = cells.periods(table, spec.period)
    _once(table, spec, household, number)
    outcome = cells.flag(table, spec.outcome)
    welfare = cells.welfare(table, spec.welfare)
    poor_now = cells.flag(table, spec.poor_now) if spec.poor_now else None
    if poor_now is None and not (spec.ever_poor or spec.welfare):
        notes.append("no poor_now, welfare or ever_poor column: each row counts as seen above the line, and of a "
                     "household's past no more is known than its earlier rows and their outcomes tell")  # fmt: skip
    line = derived.line(spec, welfare, poor_now, number)
    notes.extend(line.notes)
    ratio = welfare / line.values
    ratio_next = cells.welfare(table, spec.welfare_next) / line.later(number, spec.horizon)
    if poor_now is None:
        poor_now = derived.poor(spec, ratio, line.figure, notes)
    features, X = _features(table, spec, notes)
    past = _past(household, number, poor_now, ratio)
    if spec.period:
        features, X = _with_history(features, X, past)
    if spec.welfare and spec.welfare not in (*spec.features, *spec.protected):
        features, X = _with_welfare(features, X, ratio)
        notes.append(f"every model is given {spec.welfare} at the origin ({NOW}), as the baselines that rank by it "
                     "are; list it under protected to keep it from them")  # fmt: skip
    meta = {
        "household_id": household,
        "period": number,
        "cluster": _clusters(table, spec, household, number, (ratio, ratio_next, past["welfare_before"]), notes),
        "ratio": ratio,
        "poor_now": poor_now,
        **_told(table, spec, past, _fallen(household, number, outcome, spec.horizon)),
    }
    if spec.welfare_next or (spec.welfare and spec.period):
        ratio_next = derived.teaching(spec, household, number, poor_now == 0, outcome, ratio,
                                      ratio_next if spec.welfare_next else None, notes)  # fmt: skip
    panel = _panel(features, X, meta, outcome, ratio_next, spec.horizon)
    _some_at_risk(panel, spec)
    warnings = leaks.look(panel, spec.outcome)
    figure = line.figure if spec.welfare else None
    return Table(panel, spec, figure, tuple(notes), tuple(warnings), frequency, waves, _groups(table, spec))


def _panel(features: tuple[Feature, ...], X: Array, meta: dict[str, Array], outcome: Array, ratio_next: Array,
           horizon: int) -> Panel:  # fmt: skip
    """The panel of these rows; of the periods between, a table tells nothing."""
    censored, number, nothing = np.isnan(outcome), meta["period"], np.full(len(outcome), np.nan)
    day = periods.end(number).astype("datetime64[D]")
    known = np.where(censored, np.datetime64("NaT", "D"), _outcome_day(number, horizon))
    path = np.column_stack([*[nothing] * (horizon - 1), outcome])
    return Panel(features, X, meta, day, outcome, np.where(censored, np.nan, ratio_next), nothing, path, known,
                 horizon, 0)  # fmt: skip


def _with_welfare(features: tuple[Feature, ...], X: Array, ratio: Array) -> tuple[tuple[Feature, ...], Array]:
    welfare = replace(_feature(NOW, ()), doc=HISTORY[NOW])
    return (*features, welfare), np.column_stack([X, np.log(np.maximum(ratio, _LOWEST))]).astype(np.float32)


def _fallen(household: Array, number: Array, outcome: Array, horizon: int) -> Array:
    """Earlier rows of each row's household whose outcome was 1 and seen by the row's period, n.

    A household that fell need have no row while it is poor: a table of rows at risk alone has none.
    """
    rank = np.unique(number, return_inverse=True)[1]
    code = np.unique(household, return_inverse=True)[1]
    # One key for all: household, then period; a fall is counted from the period on in which it was seen.
    span = int(rank.max()) + horizon + 2
    fell = np.sort((code * span + rank + horizon)[outcome == 1])
    start, end = code * span, code * span + rank
    return (np.searchsorted(fell, end, side="right") - np.searchsorted(fell, start, side="left")).astype(float)


def _told(table: pd.DataFrame, spec: Spec, past: Mapping[str, Array], fallen: Array) -> dict[str, Array]:
    """Weight and history of each row, and what a table never tells as missing; fallen : as of `_fallen`."""
    told = {
        "weight": cells.weights(table, spec.weight),
        "extreme": np.full(len(table), np.nan),
        "province": np.full(len(table), "", dtype=object),
        "urban": np.full(len(table), np.nan),
        "size": np.ones(len(table)),
        **{name: past[name] for name in ("past_poor", "back_run", "last_poor", "past_rows", "gap")},
    }
    told["past_poor"] = np.maximum(told["past_poor"], fallen)
    if spec.ever_poor:
        ever = cells.flag(table, spec.ever_poor)
        told["past_poor"] = np.nan_to_num(ever)
        told["back_run"] = np.where(ever == 0, 1.0, np.where(np.isnan(ever), 0.0, told["back_run"]))
    return told


def _present(table: pd.DataFrame, spec: Spec) -> None:
    have = [str(name) for name in table.columns]
    for name in spec.columns():
        if name not in have:
            raise UserError(f"the table has no column {name!r}{closest(name, have)}; it has {_names(have)}")
        if have.count(name) > 1:
            raise UserError(f"the table has {have.count(name)} columns named {name!r}")
    if not len(table):
        raise UserError("the table has no rows")


def _names(have: list[str]) -> str:
    """Names of columns as an error shows them: bounded, and none with the number of a person."""
    more = f" and {len(have) - _MOST:,} more" if len(have) > _MOST else ""
    return ", ".join(masked(name)[:_LONGEST] for name in have[:_MOST]) + more


def _clusters(table: pd.DataFrame, spec: Spec, household: Array, number: Array, welfare: tuple[Array, Array, Array],
              notes: list[str]) -> Array:  # fmt: skip
    """Cluster of each household: the first it was seen in, so that one that moved stays whole; none: None, n.

    Without a column for it, rows that can only be of one household stay together (`twins`); with one that tears them
    apart, a note says so.
    """
    linked = twins.clusters(household, number, *welfare)
    if spec.cluster is None:
        own = linked
        if own is None:
            return np.full(len(table), None, dtype=object)
        count = twins.linked(household, own)
        notes.append(f"{count:,} of {len(set(household)):,} households have, to the last digit, the same welfare in "
                     "the same periods as another, as persons of one household have; they stay together in every "
                     "split and resample")  # fmt: skip
        return own
    values = table[spec.cluster]
    filled = values.where(~values.isna(), pd.Series([f"household {h}" for h in household], index=values.index))
    own = cells.codes(table.assign(**{spec.cluster: filled}), spec.cluster)
    first = pd.DataFrame({"household": household, "period": number, "cluster": own}).sort_values(
        "period", kind="stable"
    )
    found = first.groupby("household", sort=False)["cluster"].transform("first").sort_index().to_numpy(dtype=object)
    if linked is not None and (torn := twins.torn(household, linked, found)):
        notes.append(f"{torn:,} of {len(set(household)):,} households have, to the last digit, the same welfare in the "
                     f"same periods as another that {spec.cluster} puts elsewhere, as persons of one household have; "
                     f"{spec.cluster} is followed, so one may teach what becomes of the other")  # fmt: skip
    return found


def _outcome_day(number: Array, horizon: int) -> Array:
    """Last day of the period in which the outcome was seen: the table's `horizon`-th period after the origin."""
    distinct, code = np.unique(number, return_inverse=True)
    step = int(np.diff(distinct).min()) if len(distinct) > 1 else 1
    later = np.append(distinct, distinct[-1] + step * np.arange(1, horizon + 1))
    return periods.end(later[code + horizon]).astype("datetime64[D]")


def _once(table: pd.DataFrame, spec: Spec, household: Array, number: Array) -> None:
    if spec.period is None:
        return
    pairs = pd.DataFrame({"household": household, "period": number})
    again = pairs.duplicated().to_numpy()
    if again.any():
        row = int(np.flatnonzero(again)[0])
        first = int(np.flatnonzero((household == household[row]) & (number == number[row]))[0])
        # By rows: the code of a household may be the number of a person.
        raise UserError(f"{cells.rows(again)}: a household that stands in the same {spec.period} already, the first in "
                        f"row {first + 1}; one row a household and period is needed")  # fmt: skip


def _past(household: Array, number: Array, poor_now: Array, ratio: Array) -> dict[str, Array]:
    """The known past of each row from the table's own earlier rows, as `features.cohort.history` tells it, and log
    welfare over the line at the row before and in the mean of all rows so far, n each."""
    rank = np.unique(number, return_inverse=True)[1]
    code = np.unique(household, return_inverse=True)[1]
    order = np.lexsort((rank, code))
    own, when, poor = code[order], rank[order], poor_now[order]
    follows = np.append(False, own[1:] == own[:-1])
    before = np.where(follows, np.roll(poor, 1), np.nan)
    gap = np.where(follows, when - np.roll(when, 1), np.nan)
    linked = follows & (gap == 1) & ~np.isnan(before)
    rows = np.arange(len(own))
    start = np.maximum.accumulate(np.where(follows, 0, rows))
    broken = np.maximum.accumulate(np.where(linked, 0, rows))
    poor_before = np.cumsum(np.nan_to_num(poor)) - np.nan_to_num(poor)
    log_ratio = np.log(np.maximum(ratio[order], _LOWEST))
    measured = ~np.isnan(log_ratio)
    total, count = np.cumsum(np.where(measured, log_ratio, 0.0)), np.cumsum(measured)
    earlier = np.where(start > 0, total[start - 1], 0.0), np.where(start > 0, count[start - 1], 0)
    seen = count - earlier[1]
    mean = np.divide(total - earlier[0], seen, out=np.full(len(own), np.nan), where=(seen > 0) & (rows > start))
    found = {"past_poor": poor_before - poor_before[start], "back_run": (rows - broken).astype(float),
             "last_poor": before, "past_rows": (rows - start).astype(float), "gap": gap,
             "welfare_before": np.where(follows, np.roll(log_ratio, 1), np.nan), "welfare_mean": mean}  # fmt: skip
    back = np.empty(len(order), dtype=np.int64)
    back[order] = rows
    return {name: values[back] for name, values in found.items()}


NOW = "history_welfare_now"
HISTORY = {
    NOW: "Log welfare over the line at the origin, where welfare is not among the features itself.",
    "history_spell": "Periods seen in a row right before the origin (unknown without any).",
    "history_times_poor": "Earlier rows of the household that were poor (unknown without any).",
    "history_last_poor": "Poor at the row before.",
    "history_welfare_before": "Log welfare over the line at the row before.",
    "history_welfare_mean": "Mean log welfare over the line of all rows up to the origin (unknown without a past).",
}
"""Features made of a table's own earlier rows, where it has periods: every model is given them."""
_LOWEST = 0.02


def _with_history(features: tuple[Feature, ...], X: Array, past: dict[str, Array]) -> tuple[tuple[Feature, ...], Array]:
    """The features and the history that the table's own rows tell; a column that says nothing is left out later."""
    alone = past["past_rows"] == 0
    columns = {
        "history_spell": np.where(alone, np.nan, past["back_run"]),
        "history_times_poor": np.where(alone, np.nan, past["past_poor"]),
        "history_last_poor": past["last_poor"],
        "history_welfare_before": past["welfare_before"],
        "history_welfare_mean": past["welfare_mean"],
    }
    added = [replace(_feature(name, ()), doc=HISTORY[name]) for name in columns]
    return (*features, *added), np.column_stack([X, *columns.values()]).astype(np.float32)


def _features(table: pd.DataFrame, spec: Spec, notes: list[str]) -> tuple[tuple[Feature, ...], Array]:
    made, columns = [], []
    for name in spec.features:
        if name in spec.numeric:
            values, lost = cells.numbers(table, name)
            seen = int((~np.isnan(values)).sum())
            if lost and not seen:
                raise UserError(f"column {name} holds text such as {shown(lost[0])} and no number; list it under "
                                "categorical")  # fmt: skip
            if lost:
                some = ", ".join(dict.fromkeys(shown(text) for text in list(dict.fromkeys(lost))[: cells.SHOWN]))
                notes.append(f"column {name}: {len(lost):,} cells are no finite numbers ({some}) and count as missing")
            choices: tuple[str, ...] = ()
        else:
            values, choices = cells.categories(table[name])
        made.append(_feature(name, choices))
        columns.append(values.astype(np.float32))
    return tuple(made), np.column_stack(columns)


_LEVELS = 12  # a protected number of more values is no grouping


def _groups(table: pd.DataFrame, spec: Spec) -> dict[str, Array]:
    """Categories and protected columns as texts, empty where not known, for the audit alone."""
    found = {}
    for name in dict.fromkeys([*spec.protected, *spec.categorical]):
        codes, names = cells.categories(table[name])
        if name in spec.categorical or len(names) <= _LEVELS:
            known = ~np.isnan(codes)
            texts = np.full(len(codes), "", dtype=object)
            texts[known] = np.array(names, dtype=object)[codes[known].astype(int)]
            found[name] = texts
    return found


def _feature(name: str, choices: tuple[str, ...]) -> Feature:
    unit = "category" if choices else "number"
    return Feature(name, f"Column {name} of the table.", _not_made, FAMILY, unit, -np.inf, np.inf, choices,
                   (name,), ("survey", "registry"), False, 0, False, False, None)  # fmt: skip


def _not_made(columns: Columns) -> Array:
    raise TypeError("a column of a flat table is read, not made")


def _some_at_risk(panel: Panel, spec: Spec) -> None:
    rows = panel.at_risk & panel.seen
    if not rows.any():
        raise UserError("no row is at risk with a known outcome: look at poor_now (1 = not at risk), welfare and line")
    found = np.unique(panel.poor_next[rows])
    if len(found) < 2:
        raise UserError(f"column {spec.outcome} is {int(found[0])} in each of the {int(rows.sum()):,} rows at risk; "
                        "there is nothing to learn or to judge")  # fmt: skip
