"""A flat table with a known cause of falls, as a stranger would bring it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from training.spec import Spec

SPEC = Spec(
    household="id", outcome="falls", period="year", cluster="village", weight="w", poor_now="poor", welfare="cons",
    welfare_next="cons_next", line=2.0, numeric=("cons", "age", "rooms", "flat"), categorical=("job", "town"),
)  # fmt: skip


def table(households: int = 300, years: int = 8, seed: int = 5) -> pd.DataFrame:
    """Households whose log consumption is a lasting part, driven by a job, and a passing one."""
    rng = np.random.default_rng(seed)
    job = rng.integers(0, 4, households)
    lasting = 0.35 * (job - 1.5) + rng.normal(0, 0.3, households)
    passing = rng.normal(0, 0.35, (households, years + 1))
    cons = 2.0 * np.exp(0.5 + lasting[:, None] + passing)
    h, t = np.meshgrid(np.arange(households), np.arange(years), indexing="ij")
    now, later = cons[:, :-1].ravel(), cons[:, 1:].ravel()
    names = np.array(["petani", "buruh", "dagang", "pegawai"], dtype=object)
    rows = pd.DataFrame({
        "id": h.ravel(), "year": 2010 + t.ravel(), "village": [f"v{n // 5}" for n in h.ravel()],
        "w": 1.0 + h.ravel() % 3,
        "cons": now, "cons_next": later, "poor": (now < 2).astype(int), "falls": (later < 2).astype(float),
        "age": rng.normal(45, 10, now.size), "rooms": rng.integers(1, 6, now.size).astype(float), "flat": 7.0,
        "job": names[job[h.ravel()]], "town": rng.choice(["a", "b", None], now.size),
    })  # fmt: skip
    rows.loc[rng.random(len(rows)) < 0.1, ["rooms", "falls"]] = np.nan
    return rows
