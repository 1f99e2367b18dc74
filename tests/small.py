"""A small model on made-up families, through the same code as a real one: for tests and speed, never for use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from features import contract, frame, registry
from features.admit import admit
from features.context import Context
from features.contract import Field
from features.keys import PUBLIC_KEY, key_ids
from features.types import Array, Tables
from models import additive, bundle, risk
from models.calibration import Affine

PROVINCES = ("32", "35", "73")
PERIODS = ("2026Q1", "2026Q2", "2026Q3")
AS_OF = "2026-11-15"
KNOWN_AT = {"2026Q1": "2026-04-20", "2026Q2": "2026-07-20", "2026Q3": "2026-10-20"}
LINES = {"32": 550_000, "35": 520_000, "73": 450_000}
SIGNAL = "sector_layoffs"
_UNMEASURED = ("welfare", "income", "labour_income_share", "pension_income_share", "aid_income_share")

Rows = list[dict[str, Any]]


def families(count: int, seed: int = 1, members: int = 4, periods: tuple[str, ...] = PERIODS) -> dict[str, Rows]:
    """Rows of `households` and `members` in contract shape, as a register holds them."""
    draw = np.random.default_rng(seed)
    codes = key_ids([f"family {seed} {number}" for number in range(count)], PUBLIC_KEY)
    tables: dict[str, Rows] = {"households": [], "members": []}
    for code in codes:
        fixed = _cells(contract.HOUSEHOLDS.fields, draw)
        fixed |= {"household_id": code, "unit": "family", "province": str(draw.choice(PROVINCES)), "cluster": code[:2]}
        fixed["regency"] = fixed["province"] + "01"
        people = [_person(number, members, draw) for number in range(members)]
        for period in periods:
            when = {"household_id": code, "period": period, "known_at": KNOWN_AT[period]}
            tables["households"].append(fixed | when)
            tables["members"] += [person | when for person in people]
    return tables


def _cells(fields: tuple[Field, ...], draw: np.random.Generator) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for rule in fields:
        if rule.name in _UNMEASURED or rule.kind in ("id", "text", "period", "date"):
            continue
        if rule.kind == "choice":
            row[rule.name] = str(draw.choice(rule.choices))
        elif rule.kind == "flag":
            row[rule.name] = bool(draw.random() < 0.3)
        else:
            top = min(rule.high or 10, 60 if rule.name == "hours" else 9)
            value = draw.uniform(rule.low or 0, top) * (300_000 if "currency" in rule.unit else 1)
            row[rule.name] = float(np.round(value)) if rule.kind == "count" else round(float(value), 2)
    return row


def _person(number: int, members: int, draw: np.random.Generator) -> dict[str, Any]:
    row = _cells(contract.MEMBERS.fields, draw)
    child = number >= 2
    row |= {
        "person_id": str(number + 1),
        "age": int(draw.integers(1, 15) if child else draw.integers(22, 58)),
        "relation": "child" if child else ("head", "spouse")[number],
        "activity": "inactive" if child else "employed",
        "sector_scheme": "KBLI2020", "sector": str(draw.choice(["01", "47", "26"])),
        "occupation_scheme": "ISCO08", "occupation": str(draw.choice(["9211", "5221", "8219"])),
    }  # fmt: skip
    if child:
        for name in ("status", "formal", "permanent", "public", "underemployed", "hours", "firm_size", "sector",
                     "sector_scheme", "occupation", "occupation_scheme", "technology", "skill", "earnings",
                     "pension"):  # fmt: skip
            row[name] = None
    else:
        row["inactive_reason"] = None
    return row


def columns(tables: dict[str, Rows]) -> dict[str, dict[str, list[Any]]]:
    """The same tables by column, as the door takes them."""
    return {name: {column: [row.get(column) for row in rows] for column in rows[0]} for name, rows in tables.items()}


def context() -> dict[str, Rows]:
    """Poverty lines of the provinces, and what was published of three industries there."""
    draw = np.random.default_rng(3)
    lines = [
        {"line_province": province, "line_urban": None, "period": "2025Q4", "known_at": "2026-01-15",
         "line": float(line), "extreme_line": round(line * 0.7, 2)} for province, line in LINES.items()]  # fmt: skip
    signals = [
        {"sector_section": section, "region": province, "period": "2026Q1", "known_at": "2026-04-25",
         **{name: round(float(draw.uniform(0, 0.3)), 3) for name in
            ("employment_growth", "layoff_rate", "vacancy_rate", "wage_growth")}}
        for province in PROVINCES for section in ("A", "C", "G")]  # fmt: skip
    return {"poverty_lines": lines, "sector_signals": signals}


def admitted(count: int, seed: int = 1) -> Tables:
    """Encoded tables of families and their context."""
    return admit(columns(families(count, seed) | context()), key=PUBLIC_KEY).tables


def write(folder: Path, *, synthetic: bool = True, seed: int = 1, count: int = 400) -> Path:
    """Fit a small model on made-up outcomes and write its bundle; another `seed` gives another bundle."""
    features = registry.select("registry")
    tables = admitted(count, seed)
    own = frame.build(tables, Context(tables), np.datetime64(AS_OF), features)
    strata = sorted(set(bundle.stratum_names(own.meta["province"], own.meta["urban"])))
    names = {name: code for code, name in enumerate(strata)}
    stratum = np.array([names[name] for name in bundle.stratum_names(own.meta["province"], own.meta["urban"])])
    draw = np.random.default_rng(seed)
    files = {
        f"{name}.lgb": _booster(own.values, _outcome(own, rate, draw), features, stratum, len(strata))
        for name, rate in (("risk", 0.2), ("status", 0.1), ("stay", 0.5))
    }
    meta = {"created": f"2026-11-1{seed % 9}T08:00:00+00:00", "data_hash": f"{seed:064x}",
            "result": {"synthetic": synthetic}}  # fmt: skip
    return bundle.write(folder, files | _tables(own, features, strata, tables, synthetic), meta)


def _outcome(own: frame.Frame, rate: float, draw: np.random.Generator) -> Array:
    eta = np.nan_to_num(own.column("dependent_share")) * 3 - 0.3 * np.nan_to_num(own.column("adults"))
    eta += 8 * np.nan_to_num(own.column(SIGNAL))
    eta += np.log(rate / (1 - rate)) - eta.mean()
    return (draw.random(len(eta)) < 1 / (1 + np.exp(-eta))).astype(float)


def _booster(X: Array, y: Array, features: tuple[registry.Feature, ...], stratum: Array, strata: int) -> str:
    import lightgbm

    names = [feature.name for feature in features]
    binnings = tuple(additive.cut(X[:, i], bool(feature.choices)) for i, feature in enumerate(features))
    codes = np.column_stack([binning.codes(X[:, i]) for i, binning in enumerate(binnings)])
    part = additive.fit(codes, binnings, y, penalty=300.0)
    settings = {"objective": "binary", "max_depth": 4, "num_leaves": 15, "learning_rate": 0.05, "verbosity": -1,
                "deterministic": True, "num_threads": 1, "seed": 1}  # fmt: skip
    grown = lightgbm.train(settings, lightgbm.Dataset(X, y, feature_name=names), num_boost_round=150)
    counts = np.append(np.bincount(stratum, minlength=strata), 0)
    affine = Affine(0.02, 0.9, np.linspace(-0.2, 0.2, strata))
    return risk.one_booster(risk.Composed(tuple(names), grown.model_to_string(), part, 0.5, affine, counts))


def _tables(own: frame.Frame, features: tuple[registry.Feature, ...], strata: list[str], tables: Tables,
            synthetic: bool) -> dict[str, str]:  # fmt: skip
    share = np.isnan(own.values).mean(axis=0)
    filled = np.where(np.isnan(own.values), np.nan, own.values).astype(float)
    whole = np.where(share < 1, np.nanmin(np.where(share < 1, filled, 0), axis=0), 0)
    top = np.where(share < 1, np.nanmax(np.where(share < 1, filled, 0), axis=0), 0)
    reference = {"low": whole.tolist(), "high": top.tolist(), "missing_share": share.tolist(),
                 "usual": [bool(value <= 0.5) for value in share]}  # fmt: skip
    schema = {"features": [feature.name for feature in features], "strata": strata, "horizon": 4, "view": "registry",
              "lookback": 2, "synthetic": synthetic, "source": "made up for tests", "frequency": "quarter",
              "known_until": "2026-11-15", "trained_rows": len(own)}  # fmt: skip
    return {
        "schema.json": bundle.dump(schema),
        "cuts.json": bundle.dump({"base_rate": 0.2, "labels": [10, 20, 40, 80], "poor_now": 0.5}),
        "reference.json": bundle.dump(reference),
        "context.json": bundle.context_json(Context(tables)),
        "parts.json": bundle.dump({"weight": 0.5}),
    }
