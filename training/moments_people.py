"""Cross-section moments of people, work, pay, programmes and houses: each at its own March, as the tables record them.

Cells are those on record, errors included, as a survey or a register would publish them. People and houses come from
the register where it holds the wave (the survey has lost families by then), pay from the survey alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from features import codes, contract
from features.sources.synthetic import dwelling, figures, schooling
from features.types import Array
from training import moments_panel
from training.moments_cross import Found, provinces, wave
from training.moments_panel import Panel
from training.moments_weights import mean, means, quantile

MEMBERS = ("household_id", "period", "age", "sex", "education", "activity", "status", "formal", "sector_scheme",
           "sector", "earnings")  # fmt: skip
HOUSES = ("household_id", "period", "pkh", "sembako", "pbi", "water", "sanitation", "desil")
WORDS = {name: contract.MEMBERS[name].choices for name in
         ("sex", "education", "activity", "status", "sector_scheme", "relation")}  # fmt: skip
WORDS |= {field.name: field.choices for field in contract.HOUSEHOLDS.fields if field.kind == "choice"}
SECTORS = {"agriculture": "A", "trade": "G", "manufacturing": "C", "accommodation": "I"}


def measure(panel: Panel) -> Found:
    """Every moment of people, work and houses that the panel's waves allow."""
    out = Found()
    year = panel.march(2025)
    if year is not None:
        people = rows_of(panel, "members", MEMBERS, year)
        if people and "education" in people:
            _people(out, people)
        paid = rows_of(panel, "members", MEMBERS, year, face="survey")
        if paid and "earnings" in paid:
            _pay(out, paid)
        houses = rows_of(panel, "households", HOUSES, year)
        if houses and "water" in houses:
            _houses(out, houses)
        if houses and "desil" in houses:
            _exclusion(out, panel, houses, year)
    year = panel.march(2026)
    if year is not None:
        houses = rows_of(panel, "households", HOUSES, year)
        if houses and "pkh" in houses:
            _programmes(out, houses)
    return out


def rows_of(panel: Panel, table: str, columns: tuple[str, ...], column: int, face: str = "") -> dict[str, Array]:
    """Cells of one wave as codes or numbers, with `family`, `weight`, `size` and `province`; empty where none is."""
    for where in (face,) if face else ("registry", "survey"):
        path = panel.folder / where / table
        found = _wave(panel, path, columns, column) if path.is_dir() else {}
        if found:
            return found
    return {}


def _wave(panel: Panel, path: Path, columns: tuple[str, ...], column: int) -> dict[str, Array]:
    parts: dict[str, list[Array]] = {}
    for piece in moments_panel.read(path, columns):
        family, when = moments_panel.locate(piece, panel.key, panel.periods)
        use = when == column
        if not use.any():
            continue
        cells = _cells(piece)
        cells |= {"family": family, "weight": panel.weight[family], "size": panel.size[family, column].astype(float),
                  "province": panel.province[family, column].astype(int)}  # fmt: skip
        for name, values in cells.items():
            parts.setdefault(name, []).append(values[use])
    return {name: np.concatenate(values) for name, values in parts.items()}


def _cells(piece: pa.Table) -> dict[str, Array]:
    out = {}
    for name in piece.column_names:
        if name in WORDS:
            out[name] = moments_panel.codes(piece, name, WORDS[name])
        elif name == "sector" and "sector_scheme" in piece.column_names:
            scheme = moments_panel.codes(piece, "sector_scheme", WORDS["sector_scheme"]).astype(float)
            scheme[scheme < 0] = np.nan
            out["section"] = codes.looked_up("sector_scheme", scheme, piece["sector"].cast(pa.string()),
                                             codes.section_of)  # fmt: skip
        elif name not in ("household_id", "period", "sector"):
            out[name] = moments_panel.numbers(piece, name)
    return out


def _share(rows: Mapping[str, Array], what: Array, among: Array) -> tuple[float, float]:
    return mean(what[among].astype(float), rows["weight"][among], rows["family"][among])


def _people(out: Found, rows: Mapping[str, Array]) -> None:
    at_work = rows["activity"] == WORDS["activity"].index("employed")
    for key, what in (("workers_primary", rows["education"] <= contract.EDUCATION.index("primary")),
                      ("workers_diploma", rows["education"] >= contract.EDUCATION.index("diploma"))):  # fmt: skip
        out.values[key] = _share(rows, what, at_work & (rows["education"] >= 0))
    for name, letter in SECTORS.items():
        what = rows["section"] == contract.SECTIONS.index(letter)
        out.values[f"sector_{name}"] = _share(rows, what, at_work & np.isfinite(rows["section"]))
    out.values["informal"] = _share(rows, rows["formal"] == 0, at_work & np.isfinite(rows["formal"]))
    for key in ("employee", "own_account"):
        out.values[key] = _share(rows, rows["status"] == WORDS["status"].index(key), at_work & (rows["status"] >= 0))
    grown = rows["age"] >= 15
    force = grown & (rows["activity"] >= 0) & (rows["activity"] != WORDS["activity"].index("inactive"))
    looking = rows["activity"] == WORDS["activity"].index("unemployed")
    years = schooling.YEARS[np.maximum(rows["education"], 0)]
    for key, values, among, measure in (
        ("schooling_provinces", years, grown & (rows["education"] >= 0), "mean_schooling"),
        ("unemployment_provinces", looking.astype(float), force, "unemployment"),
        ("participation_provinces", force.astype(float), grown & (rows["activity"] >= 0), "participation"),
    ):
        _provinces(out, key, rows, values, among, measure)


def _provinces(out: Found, key: str, rows: Mapping[str, Array], values: Array, among: Array, measure: str) -> None:
    found = means(values[among], rows["weight"][among], rows["province"][among], len(figures.provinces()),
                  rows["family"][among])  # fmt: skip
    out.cells[key] = provinces(*found, measure, 2025)


def _pay(out: Found, rows: Mapping[str, Array]) -> None:
    paid = (rows["status"] == WORDS["status"].index("employee")) & np.isfinite(rows["earnings"])
    everyone = np.ones(len(paid), dtype=bool)
    for key, among in (("wage", everyone), ("wage_men", rows["sex"] == WORDS["sex"].index("man")),
                       ("wage_women", rows["sex"] == WORDS["sex"].index("woman")),
                       ("wage_degree", rows["education"] == contract.EDUCATION.index("degree")),
                       ("wage_primary", (rows["education"] >= 0)
                        & (rows["education"] <= contract.EDUCATION.index("primary")))):  # fmt: skip
        use = paid & among
        out.values[key] = mean(rows["earnings"][use], rows["weight"][use], rows["family"][use])


def _houses(out: Found, rows: Mapping[str, Array]) -> None:
    for item, (measure, first) in dwelling.SAFE.items():
        safe = (rows[item] >= first).astype(float)
        _provinces(out, f"{item}_provinces", rows, safe, rows[item] >= 0, measure)


def _exclusion(out: Found, panel: Panel, rows: Mapping[str, Array], column: int) -> None:
    """Share of the poorest 30 % of people, by measured welfare, whom desil 1 to 3 leaves out."""
    now = wave(panel, column)
    cut = float(quantile(now.ratio, now.people, 0.3))
    ratio = panel.ratio[rows["family"], column]
    poorest = np.isfinite(ratio) & (ratio <= cut) & np.isfinite(rows["desil"])
    weight = rows["weight"] * rows["size"]
    out.values["exclusion"] = mean((rows["desil"] > 3)[poorest].astype(float), weight[poorest])


def _programmes(out: Found, rows: Mapping[str, Array]) -> None:
    for key in ("pkh", "sembako", "pbi"):
        told = np.isfinite(rows[key])
        weight = rows["weight"] * (rows["size"] if key == "pbi" else 1.0)
        out.values[key] = mean(rows[key][told], weight[told])
