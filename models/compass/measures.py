"""What the compass shows of an industry: each measure with its direction, its unit and its limits.

Measures disagree, so they stand side by side; they are put together only with weights that the reader sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from models.numbers import PERCENT
from models.text import Language, words

Group = Literal["exposure", "growth", "demand", "flexibility", "resilience", "size"]
GROUPS: tuple[Group, ...] = ("exposure", "growth", "demand", "flexibility", "resilience", "size")
Kind = Literal["share", "change", "scale", "index", "rupiah", "people"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes
    ----------
    key : its name, as in the tables and in `--weights`.
    kind : how a value is written: a share of 1 (`share`), a yearly or one-time change of which the sign matters
        (`change`), a scale from 0 to 1 that is no share (`scale`), and so on.
    better : 1 where more speaks for the industry, -1 where less does, 0 where the reader decides (never weighed by
        default).
    low, high : range that a value may have.
    """

    key: str
    group: Group
    kind: Kind
    better: Literal[-1, 0, 1]
    low: float = -inf
    high: float = inf

    def name(self, language: Language) -> str:
        """Its name in words."""
        return words(language).compass[f"measure.{self.key}"]

    def about(self, language: Language) -> str:
        """What it says, in a sentence."""
        return words(language).compass[f"about.{self.key}"]

    def written(self, value: float, language: Language) -> str:
        """A value as the language writes it."""
        tell = words(language)
        if self.kind == "rupiah":
            return f"Rp{tell.number(round(value, -3), 0)}"
        if self.kind == "people":
            return tell.number(value, 0)
        if self.kind in ("scale", "index"):
            return tell.number(value, 2)
        whole = tell.number(100 * value, 1)
        sign = "+" if self.kind == "change" and value > 0 else ""
        return f"{sign}{whole}{PERCENT}"


MEASURES: tuple[Measure, ...] = (
    Measure("routine_manual", "exposure", "share", -1, 0, 1),
    Measure("frey_osborne", "exposure", "scale", -1, 0, 1),
    Measure("routine_intensity", "exposure", "index", -1, -1, 1),
    Measure("ilo_genai", "exposure", "scale", -1, 0, 1),
    Measure("jobs_growth", "growth", "change", 1, -1, 10),
    Measure("employment_growth", "growth", "change", 1, -1, 10),
    Measure("wage", "growth", "rupiah", 1, 0),
    Measure("wage_growth", "growth", "change", 1, -1, 10),
    Measure("output_growth", "growth", "change", 1, -1, 10),
    Measure("vacancy_rate", "demand", "share", 1, 0, 1),
    Measure("layoff_rate", "demand", "share", -1, 0, 1),
    Measure("wage_primary", "flexibility", "rupiah", 1, 0),
    Measure("seasonality", "flexibility", "share", -1, 0, 1),
    Measure("informal", "flexibility", "share", -1, 0, 1),
    Measure("self_employed", "flexibility", "share", 0, 0, 1),
    Measure("part_time", "flexibility", "share", 0, 0, 1),
    Measure("output_shock", "resilience", "change", 1, -1, 10),
    Measure("jobs_shock", "resilience", "change", 1, -1, 10),
    Measure("jobs", "size", "people", 0, 0),
)  # fmt: skip
"""In the order in which they are shown. Those of which nothing is published by industry stay, empty: what is not known
is to be seen, and an office may add its own figures (`table.OWN`)."""
BY_KEY = {measure.key: measure for measure in MEASURES}
TASKS = ("routine_manual", "frey_osborne", "routine_intensity", "ilo_genai")
"""Measures of exposure, made from the typical jobs of an industry."""
SCHOOLED = ("wage_primary", "wage_lower_secondary", "wage_upper_secondary", "wage_diploma", "wage_degree")
"""Mean wages by schooling in the tables; the first one is a measure, all of them tell a worker's own wage."""
