"""A small panel with a known cause of falls, in contract tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from features import keys, periods
from training import backtest
from training.backtest import Rivals
from training.fit import Settings

LEVELS = ("none", "primary", "lower_secondary", "upper_secondary", "diploma", "degree")
WORD = ["--accept", "fair-to-protected-groups=made data: nobody old lives alone often enough to be judged"]
"""What a person answers for when a bundle of this panel is promoted."""
QUICK = Settings(inner=3, rounds=80, patience=10, bandwidths=(0.0, 1 / 3), penalties=(100.0,), threads=1)


def answered(place: Path) -> list[str]:
    """Options with a person's answers to the risk-of-bias sheet, of this panel."""
    file = place / "bias.toml"
    asked = ("1.1", "1.2", "3.1", "3.2", "3.5")
    items = "".join(f'["{number}"]\nanswer = "pass"\nwhy = "made by the test"\n' for number in asked)
    file.write_text(f'who = "Dewi, Pusdatin"\n{items}')
    return ["--bias", str(file)]


def write_tables(data: Path, tables: dict[str, pd.DataFrame]) -> None:
    """The files of a panel in a new folder, ids as codes."""
    data.mkdir()
    for name, table in tables.items():
        if "household_id" in table:
            table["household_id"] = keys.key_ids(table["household_id"].tolist(), keys.PUBLIC_KEY)
        table.to_parquet(data / f"{name}.parquet")


def raw_tables(households: int = 600, quarters: int = 8, seed: int = 3) -> dict[str, pd.DataFrame]:
    """Households whose log welfare is a lasting part, driven by schooling and a job, and a passing one."""
    rng = np.random.default_rng(seed)
    school = rng.integers(0, 6, households)
    lasting = 0.25 * (school - 2.5) + rng.normal(0, 0.35, households)
    rows, people = [], []
    for t in range(quarters):
        period = periods.text(periods.parse("2020Q1") + t)
        known = str(periods.end(periods.parse(period)) + np.timedelta64(10, "D"))
        welfare = 1000 * np.exp(0.45 + lasting + rng.normal(0, 0.4, households))
        for h in np.flatnonzero(rng.random(households) < 0.93):
            code = f"household {h}"
            stratum = ("household", "31" if h % 2 else "32", bool(h % 3), f"c{h // 4}", 1.0 + h % 5)
            rows.append((code, period, known, *stratum, welfare[h], float(40 + h % 60)))
            people.append((code, "1", period, known, 34 + h % 30, "head", "employed", LEVELS[school[h]]))
            people.extend((code, f"{n + 1}", period, known, 7 * n, "child", None, None) for n in range(1, 1 + h % 3))
    return {
        "households": pd.DataFrame(rows, columns=["household_id", "period", "known_at", "unit", "province", "urban",
                                                  "cluster", "weight", "welfare", "floor_area"]),
        "members": pd.DataFrame(people, columns=["household_id", "person_id", "period", "known_at", "age", "relation",
                                                 "activity", "education"]),
        "poverty_lines": pd.DataFrame({"line_province": [None], "line_urban": [None], "period": ["2019Q1"],
                                       "known_at": ["2019-04-01"], "line": [1000.0]}),
    }  # fmt: skip


def plain_rivals() -> Rivals:
    """What a model is held against where the learners of the tools of development are not installed."""
    own = backtest.GATED
    return replace(own, names=tuple(name for name in own.names if name not in ("xgboost", "catboost")))
