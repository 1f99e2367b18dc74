"""Who the poor are, and how well the register's own fields tell them: heads of families, a proxy means test, assets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from features import contract
from features.sources.synthetic import figures, schooling
from features.types import Array
from training.moments_panel import Panel
from training.moments_people import WORDS, rows_of
from training.moments_weights import NONE, Value, grouped, mean

Values = dict[str, Value]
HEADS = ("household_id", "period", "relation", "age", "sex", "education", "activity", "formal", "sector_scheme",
         "sector")  # fmt: skip
SCALES = ("floor", "wall", "roof", "water", "sanitation", "sewage", "power", "fuel")
CELLS = (*SCALES, "floor_area", "rooms", "urban", "land_area", *contract.ASSETS, *contract.LIVESTOCK)
SOUTH_SUMATRA = "16"
NEAR = 4
"""Years that a wave may lie from the date of a moment of who the poor are: these shares move slowly."""
MOST = 60_000
"""Families that the proxy means test is fitted on."""


def measure(panel: Panel) -> Values:
    """Heads of poor and other families, and what the register's fields tell of welfare."""
    out: Values = {}
    near = nearest(panel, 2021)
    if near is not None:
        _south_sumatra(out, panel, near)
    year = panel.march(2024)
    if year is not None:
        _extreme(out, panel, year)
    year = panel.march(2025)
    if year is not None:
        _fields(out, panel, year)
    return out


def nearest(panel: Panel, year: int) -> int | None:
    """Column of the March closest to a year, none where that is too far."""
    near = [(abs(other - year), column) for other in range(year - NEAR, year + NEAR + 1)
            if (column := panel.march(other)) is not None]  # fmt: skip
    return min(near)[1] if near else None


def _heads(panel: Panel, column: int) -> dict[str, Array]:
    """Heads of the families whose welfare is known in a wave, with `ratio` and years of schooling."""
    rows = rows_of(panel, "members", HEADS, column)
    if not rows or "relation" not in rows:
        return {}
    rows["ratio"] = panel.ratio[rows["family"], column].astype(float)
    use = (rows["relation"] == WORDS["relation"].index("head")) & np.isfinite(rows["ratio"])
    heads = {name: values[use] for name, values in rows.items()}
    heads["years"] = schooling.YEARS[np.maximum(heads["education"], 0)]
    return heads


def _told(out: Values, heads: Mapping[str, Array], among: Array, names: Mapping[str, Array]) -> None:
    for key, values in names.items():
        use = among & np.isfinite(values)
        out[key] = mean(values[use], heads["weight"][use])


def _south_sumatra(out: Values, panel: Panel, column: int) -> None:
    heads = _heads(panel, column)
    if not heads:
        return
    here = heads["province"] == figures.provinces().index(SOUTH_SUMATRA)
    farm = np.where(np.isfinite(heads["section"]), heads["section"] == contract.SECTIONS.index("A"), np.nan)
    level = heads["education"]
    for name, group in (("poor", heads["ratio"] < 1), ("other", heads["ratio"] >= 1)):
        _told(out, heads, here & group, {
            f"sumsel_size_{name}": heads["size"], f"sumsel_age_{name}": heads["age"],
            f"sumsel_woman_{name}": (heads["sex"] == WORDS["sex"].index("woman")).astype(float),
            f"sumsel_school_{name}": heads["years"], f"sumsel_farm_{name}": farm,
            f"sumsel_primary_{name}": (level <= contract.EDUCATION.index("primary")).astype(float)})  # fmt: skip


def _extreme(out: Values, panel: Panel, column: int) -> None:
    heads = _heads(panel, column)
    if not heads:
        return
    place, town = (values[heads["family"], column].astype(int) for values in (panel.province, panel.urban))
    line = panel.extreme[column, place, town] / panel.line[column, place, town]
    level, primary = heads["education"], contract.EDUCATION.index("primary")
    farm = np.where(np.isfinite(heads["section"]), heads["section"] == contract.SECTIONS.index("A"), np.nan)
    _told(out, heads, heads["ratio"] < line, {
        "extreme_age": heads["age"], "extreme_school": heads["years"], "extreme_farm": farm,
        "extreme_no_primary": (level < primary).astype(float),
        "extreme_primary": (level == primary).astype(float)})  # fmt: skip


def _fields(out: Values, panel: Panel, column: int) -> None:
    """A proxy means test, the poor told from the others, and an index of assets, all on families not fitted on."""
    houses = rows_of(panel, "households", ("household_id", "period", *CELLS), column)
    if not houses or "floor" not in houses:
        return
    some = np.isfinite(panel.ratio[houses["family"], column])
    some &= np.cumsum(some) <= MOST
    houses = {name: values[some] for name, values in houses.items()}
    family, weight = houses["family"], houses["weight"]
    place, town = (values[family, column].astype(int) for values in (panel.province, panel.urban))
    ratio = panel.ratio[family, column].astype(float)
    consumption = np.log(ratio * panel.line[column, place, town])
    owned = np.column_stack([np.nan_to_num(houses[name]) for name in contract.ASSETS])
    out["asset_correlation"] = _correlation(_index(owned, weight), consumption, weight, family)
    terms = np.column_stack([_house(houses), _people(panel, column, family), place[:, None] == np.arange(37)])
    fold = family % 2
    guess, chance = np.empty(len(family)), np.empty(len(family))
    for k in (0, 1):
        own, other = fold != k, fold == k
        guess[other] = _least_squares(terms[own], consumption[own], weight[own], terms[other])
        chance[other] = _classified(terms[own], ratio[own] < 1, terms[other])
    out["pmt_r2"] = grouped(lambda use: _explained(guess[use], consumption[use], weight[use]), family)
    out["static_auc"] = grouped(lambda use: _auc(chance[use], ratio[use] < 1, weight[use]), family)


def _house(rows: Mapping[str, Array]) -> Array:
    columns = [np.nan_to_num(np.maximum(rows[name], 0)) for name in CELLS]
    columns += [rows[name][:, None] == np.arange(1, 6) for name in ("floor", "wall", "water", "power", "fuel")]
    return np.column_stack(columns)


def _people(panel: Panel, column: int, family: Array) -> Array:
    """Size, ages, schooling and work of these families' members on record, shape (families, terms)."""
    rows = rows_of(panel, "members", HEADS, column)
    at = np.full(len(panel.key) + 1, -1)
    at[family] = np.arange(len(family))
    place = at[rows["family"]]
    rows = {name: values[place >= 0] for name, values in rows.items()}
    place, count = place[place >= 0], len(family)
    size = np.maximum(np.bincount(place, minlength=count), 1)

    def share(what: Array) -> Array:
        return np.bincount(place, what.astype(float), count) / size

    def most(values: Array, among: Array) -> Array:
        out = np.zeros(count)
        np.maximum.at(out, place[among], values[among])
        return out

    head = rows["relation"] == WORDS["relation"].index("head")
    works = rows["activity"] == WORDS["activity"].index("employed")
    sections = [share(works & (rows["section"] == code)) > 0 for code in range(len(contract.SECTIONS))]
    age = most(rows["age"], head)
    return np.column_stack([size, np.log(size), share(rows["age"] < 15), share(rows["age"] < 5),
                            share(rows["age"] >= 65), age, age**2 / 100, most(rows["education"], head),
                            most(rows["education"], rows["age"] >= 15), share(works),
                            share(works & (rows["formal"] > 0)), most(rows["sex"], head), *sections])  # fmt: skip


def _least_squares(terms: Array, target: Array, weight: Array, new: Array) -> Array:
    design = np.column_stack([np.ones(len(terms)), terms])
    square = (design.T * weight) @ design
    square += 1e-6 * np.diag(np.diag(square)) + 1e-9 * np.eye(len(square))
    return np.asarray(np.column_stack([np.ones(len(new)), new]) @ np.linalg.solve(square, design.T @ (weight * target)))


def _classified(terms: Array, poor: Array, new: Array) -> Array:
    """Chance of being poor by shallow boosted trees; none where one class is missing."""
    import lightgbm

    if poor.all() or not poor.any():
        return np.full(len(new), np.nan)
    settings = {"objective": "binary", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 40, "seed": 1,
                "feature_fraction": 0.5, "deterministic": True, "force_row_wise": True, "num_threads": 2,
                "verbosity": -1}  # fmt: skip
    return np.asarray(lightgbm.train(settings, lightgbm.Dataset(terms, poor), 150).predict(new))


def _explained(guess: Array, target: Array, weight: Array) -> float:
    if weight.sum() <= 0:
        return float("nan")
    centre = np.average(target, weights=weight)
    whole = np.average(np.square(target - centre), weights=weight)
    return float(1 - np.average(np.square(target - guess), weights=weight) / whole) if whole > 0 else float("nan")


def _auc(score: Array, event: Array, weight: Array) -> float:
    """Chance that a poor family has the higher score, by weight."""
    from sklearn.metrics import roc_auc_score

    if event.all() or not event.any() or not np.isfinite(score).all():
        return float("nan")
    return float(roc_auc_score(event, score, sample_weight=weight))


def _index(owned: Array, weight: Array) -> Array:
    """First principal component of the assets."""
    centred = owned - np.average(owned, axis=0, weights=weight)
    spread = np.sqrt(np.average(np.square(centred), axis=0, weights=weight))
    scaled = centred / np.where(spread > 0, spread, 1.0)
    first = np.linalg.eigh((scaled.T * weight) @ scaled)[1][:, -1]
    return np.asarray(scaled @ (first * np.sign(first.sum() or 1.0)))


def _correlation(x: Array, y: Array, weight: Array, family: Array) -> Value:
    def figure(use: Array) -> float:
        if use.sum() < 3:
            return float("nan")
        (own, both), (_, other) = np.cov(x[use], y[use], aweights=weight[use])
        return float(both / np.sqrt(own * other)) if own * other > 0 else float("nan")

    return grouped(figure, family) if len(x) else NONE
