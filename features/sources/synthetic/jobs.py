"""Jobs of the generated economy: industry, skill band and occupation, and how exposed each occupation is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from features.sources.synthetic import figures
from features.types import Array

ORDER = "ATFEGISHCNRLPQOMBDJK"
"""Sections from low to high skill: an assumption; the shares cut along it are published ones."""

PARTS = {"M": 0.35, "N": 0.65, "R": 0.08, "S": 0.72, "T": 0.20, "U": 0.0}
"""Share of a section in the joint category it is published in: an assumption."""

BANDS = ("unskilled", "operative", "technical", "professional")
BAND_CUTS = np.array([-0.72, 0.75, 1.13])
"""Normal scores that part the bands: about 24, 54, 9 and 13 % of workers, an assumption."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs that exist; arrays over jobs are sorted by section (index in `ORDER`) and band.

    `first` and `count`, shape (20, 4), say where the jobs of a section and band lie.
    """

    section: Array
    band: Array
    division: Array
    occupation: Array
    exposure: Array
    first: Array
    count: Array
    public: Array

    def pick(self, section: Array, band: Array, uniform: Array) -> Array:
        """One job of each section and band, all equally likely: fine occupation says nothing else."""
        return self.first[section, band] + (uniform * self.count[section, band]).astype(np.int64)


def load() -> Jobs:
    """Read the jobs and the published sector shares.

    Exposure is the mean of two published scores brought to 0-1: Frey and Osborne's probability of
    computerisation (robots and software) and the ILO's 2025 score for generative AI. It sets hazards in the
    generated world only; it is not a measure of displacement in Indonesia.
    """
    text = (files("features") / "reference" / "jobs.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: (ORDER.index(row["section"]), row["band"]))
    section = np.array([ORDER.index(row["section"]) for row in rows])
    band = np.array([int(row["band"]) for row in rows])
    place = section * len(BANDS) + band
    count = np.bincount(place, minlength=len(ORDER) * len(BANDS))
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    shape = (len(ORDER), len(BANDS))
    software = np.array([float(row["frey_osborne"]) for row in rows])
    ai = np.array([float(row["ilo_2025"]) for row in rows])
    exposure = (software + np.clip((ai - 0.09) / 0.61, 0, 1)) / 2
    return Jobs(section, band, np.array([row["division"] for row in rows]), np.array([r["occupation"] for r in rows]),
                exposure, first.reshape(shape), count.reshape(shape),
                np.array([ORDER.index(letter) for letter in "OPQ"]))  # fmt: skip


def shares() -> Array:
    """Share of workers by section in `ORDER`: August 2025 where published, the rest scaled from 2021."""
    found: dict[str, dict[str, float]] = {}
    for row in figures.rows("sectors"):
        if row["measure"] == "worker_share":
            found.setdefault(row["section"], {})[row["year"]] = float(row["value"])
    new = {name: years["2025"] for name, years in found.items() if "2025" in years}
    old = {name: years["2021"] for name, years in found.items() if "2025" not in years}
    scale = (1 - sum(new.values())) / sum(old.values())
    joint = new | {name: value * scale for name, value in old.items()}
    of = {letter: value * PARTS.get(letter, 1.0) for name, value in joint.items() for letter in name}
    return np.array([of[letter] for letter in ORDER])
