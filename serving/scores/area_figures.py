"""The figures of areas, read from what was added up when the run was published; limited by areas in the query."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from features.cohort import KINDS
from features.commands import UserError
from features.contract import PROGRAMMES, SECTIONS
from serving.batch.rows import UNKNOWN
from serving.scores import to_check
from serving.scores.kept_run import AREAS, COUNTS, PERCENT, READ, RECEIVING, SERIES, SUBDISTRICTS
from serving.scores.scores import CERTAINTIES, LEVELS, Scores
from serving.scores.to_check import Reach

if TYPE_CHECKING:
    from serving.access.rights import Areas

By = Literal["province", "regency", "subdistrict", "kind", "level"]
CHANGES = {"up": 1, "same": 0, "down": -1}
"""How a household's risk moved since the run before (`serving.scores.moved`)."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which households at risk are asked for; what is empty does not limit. Of several programmes one is enough.

    sections : of industry, of the job that stands for the household (`features.shown`). check : where lists end, of
        those who are to be looked at in the field by that or by the model's doubt (`serving.scores.to_check`).

    Raises UserError, naming what is wrong, where a value is none of those there are.
    """

    province: str = ""
    regency: str = ""
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    certainty: str = ""
    changes: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    subdistrict: str = ""
    sections: tuple[str, ...] = ()
    check: tuple[Reach, ...] | None = None

    def __post_init__(self) -> None:
        for name, own, known in (("level", self.levels, LEVELS), ("kind", self.kinds, KINDS),
                                 ("certainty", (self.certainty,), ("", *CERTAINTIES)),
                                 ("change", self.changes, tuple(CHANGES)),
                                 ("programme", self.programmes, PROGRAMMES),
                                 ("section", self.sections, SECTIONS)):  # fmt: skip
            for value in own:
                if value not in known:
                    raise UserError(f"no {name} {value!r}; there are {', '.join(known)}")

    @property
    def by_row(self) -> bool:
        """Whether no counts tell apart what is asked for, so that the lists are counted."""
        return bool(self.sections) or self.check is not None

    def columns(self) -> tuple[list[str], dict[str, Any]]:
        """The conditions on columns that rows and counts name alike, and the values bound in them."""
        parts, asked = ["TRUE"], dict[str, Any]()
        for name, value in (("province", self.province), ("regency", self.regency), ("certainty", self.certainty)):
            if value == UNKNOWN:
                parts.append(f"{name} IS NULL")
            elif value:  # the bare column, by whose statistics whole groups of rows are passed over
                parts.append(f"{name} = ${name}")
                asked[name] = value
        if self.subdistrict:
            parts.append("subdistrict = $subdistrict")
            asked["subdistrict"] = self.subdistrict
        if self.kinds:
            parts.append("kind = ANY($kinds)")
            asked["kinds"] = list(self.kinds)
        if self.programmes:  # who receives one of them; not known is not received
            parts.append(f"({' OR '.join(self.programmes)})")
        if self.sections:
            parts.append("section = ANY($sections)")
            asked["sections"] = list(self.sections)
        if self.check is not None:
            part, bound = to_check.condition(self.check)
            parts.append(part)
            asked |= bound
        return parts, asked

    def condition(self, labels: Sequence[float]) -> tuple[str, dict[str, Any]]:
        """A condition on a row of the counts, and the values bound in it.

        labels : whole percentages at which the upper four levels begin.
        """
        parts, asked = self.columns()
        if self.changes:
            parts.append("change = ANY($changes)")
            asked["changes"] = [CHANGES[name] for name in self.changes]
        if self.levels:
            parts.append(f"{level_of(labels)} = ANY($levels)")
            asked["levels"] = [LEVELS.index(name) for name in self.levels]
        return " AND ".join(parts), asked


def level_of(labels: Sequence[float], percent: str = "percent") -> str:
    """SQL of the number of a level, 0 to 4."""
    return "(" + " + ".join(f"({percent} >= {float(label)})::INTEGER" for label in labels) + ")"


@dataclass(frozen=True, slots=True)
class Total:
    """Households of an area.

    Attributes
    ----------
    key : the area, kind or level; None for those without one.
    households : all. at_risk : those whom the risk concerns. poor : known or judged poor. refused : without a score.
    risk, low, high : mean of the risk and of the ends of the households' intervals among those at risk; None where
        there is none. If all errors of the model went the same way the share would lie between the ends; it is
        surer than that.
    expected : households expected to fall: sum of the risk of each times its chance of not being poor already, which
        the risk asks for. None where there is none.
    low_certainty, up, down : of those at risk, to be looked at in the field, and whose risk rose or fell since the run
        before; compared : how many could be compared.
    """

    key: str | None
    households: int
    at_risk: int
    poor: int
    refused: int
    risk: float | None
    low: float | None
    high: float | None
    low_certainty: int
    up: int
    down: int
    compared: int
    expected: float | None = None


_NOBODY = Total(None, 0, 0, 0, 0, None, None, None, 0, 0, 0, 0)
_AT_RISK = "FILTER (state = 'at_risk')"
_MEANS = ("risk", "low", "high")
_COUNTS = ("at_risk", "poor", "refused", "low_certainty", "up", "down", "compared")
_SUMS = (
    f"sum(households) AS households, sum(households) {_AT_RISK} AS at_risk, "
    "sum(households) FILTER (state = 'not_at_risk') AS poor, "
    "sum(households) FILTER (state NOT IN ('at_risk', 'not_at_risk')) AS refused, "
    + ", ".join(f"sum({name}) {_AT_RISK} AS {name}, "
                f"sum(households) FILTER (state = 'at_risk' AND {name} IS NOT NULL) AS {name}_of" for name in _MEANS)
    + f", sum(falls) {_AT_RISK} AS falls, sum(households) FILTER (certainty = 'low') AS low_certainty, "
    "sum(households) FILTER (change > 0) AS up, "
    "sum(households) FILTER (change < 0) AS down, sum(households) FILTER (change IS NOT NULL) AS compared"
)  # fmt: skip
_FIGURES = ", ".join(("sum(households)::BIGINT AS households",
                      *(f"coalesce(sum({name}), 0)::BIGINT AS {name}" for name in _COUNTS),
                      *(f"sum({name}) / sum({name}_of) AS {name}" for name in _MEANS),
                      "sum(falls) AS expected"))  # fmt: skip
"""Of the sums of parts; SQL takes long to plan each condition, so these are added up once for all groups."""
_SMALL = (Path(AREAS).name,)
"""Files so small that one thread is as fast as all: of many who ask at once each then waits less for the others."""
_LISTS = (f"(SELECT *, 'at_risk' AS state, {PERCENT.format('risk')}::SMALLINT AS percent, "  # noqa: S608
          f"moved AS change, 1 AS households FROM {READ})")  # fmt: skip
"""Ranked lists as if they were counts."""


def _source(scores: Scores, asked: Filter, groups: Collection[str | None]) -> tuple[str, list[Path]]:
    """What to read, and the files: the smallest counts that tell apart what is asked for.

    By industry none do, since with it nearly each family would be a row of its own, nor do they know where lists end:
    the lists by risk are counted.
    """
    if asked.by_row:
        return _LISTS, scores.ranked(asked.province or None, asked.regency or None)
    return READ, [_counts(scores, asked, groups)]


def _counts(scores: Scores, asked: Filter, groups: Collection[str | None]) -> Path:
    run = scores.run
    if asked.subdistrict or "subdistrict" in groups:
        return run.path / SUBDISTRICTS
    if asked.programmes:
        return run.path / RECEIVING
    return run.path / (COUNTS if asked.kinds or "kind" in groups or "percent" in groups else AREAS)


def totals(scores: Scores, areas: Areas, asked: Filter | None = None, by: By | None = None) -> list[Total]:
    """Figures of what a filter lets through, one for each group, those without a value last.

    Without `by` one total; with a filter on levels, kinds, certainty or change only those at risk are in it.
    """
    return several(scores, areas, (by,), asked)[0]


def several(scores: Scores, areas: Areas, groups: Sequence[By | None], asked: Filter | None = None,
            ) -> list[list[Total]]:  # fmt: skip
    """`totals` by each of some groups, in one reading: to plan a query takes as long as to add up an area."""
    asked = asked or Filter()
    chosen, own = asked.condition(scores.labels)
    inside, place = areas.condition()
    source, files = _source(scores, asked, groups)
    names = [f"g{at}" for at in range(len(groups))]
    keys = ", ".join(f"{level_of(scores.labels) if by == 'level' else by or 'NULL'} AS {name}"
                     for by, name in zip(groups, names, strict=True))  # fmt: skip
    each = ", ".join(names)
    rows = scores.rows(
        f"WITH parts AS MATERIALIZED (SELECT {keys}, {_SUMS} FROM {source} WHERE ({chosen}) AND {inside} "  # noqa: S608
        f"GROUP BY {each}) SELECT {each}, GROUPING({each}) AS without, {_FIGURES} FROM parts "
        f"GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in names)}) "
        f"ORDER BY {', '.join(f'{name} NULLS LAST' for name in names)}",
        files, {**own, **place}, single={file.name for file in files} <= set(_SMALL),
    )  # fmt: skip
    found: list[list[Total]] = [[] for _ in groups]
    for row in rows:
        left = row.pop("without")
        cells = [row.pop(name) for name in names]
        at = next(at for at in range(len(names)) if not left >> (len(names) - 1 - at) & 1)
        key = cells[at]
        if groups[at] == "level":
            if key is None:
                continue
            key = LEVELS[key]
        found[at].append(Total(key, **row))
    return [own or [_NOBODY] if by is None else own for by, own in zip(groups, found, strict=True)]


def then(scores: Scores, day: datetime.date, by: By | None = None) -> list[Total]:
    """The families assessed on the day of a run published so far and the means of their risk and its ends, in all or by
    province or regency: totals without any other figure."""
    rows = scores.rows(
        f"SELECT {by or 'NULL'} AS key, sum(households)::BIGINT AS households, "  # noqa: S608
        "sum(risk) / sum(households) AS risk, sum(low) / sum(households) AS low, sum(high) / sum(households) AS high "
        f"FROM {READ} WHERE as_of = $day GROUP BY 1 ORDER BY 1 NULLS LAST",
        [scores.run.path / SERIES], {"day": day}, single=True,
    )  # fmt: skip
    return [Total(row["key"], row["households"], row["households"], 0, 0, row["risk"], row["low"], row["high"], 0, 0,
                  0, 0) for row in rows]  # fmt: skip


def earlier(scores: Scores) -> tuple[datetime.date, str] | None:
    """Date and model of the last run of an earlier date that the series holds; None without one."""
    rows = scores.rows(
        f"SELECT as_of, any_value(bundle) AS bundle FROM {READ} WHERE as_of < $day GROUP BY 1 "  # noqa: S608
        "ORDER BY as_of DESC LIMIT 1",
        [scores.run.path / SERIES], {"day": scores.as_of}, single=True,
    )  # fmt: skip
    return (rows[0]["as_of"], rows[0]["bundle"]) if rows else None


def spread(scores: Scores, areas: Areas, asked: Filter) -> list[tuple[int, int]]:
    """How many households at risk a filter lets through at each risk out of 100, the highest first."""
    chosen, own = asked.condition(scores.labels)
    inside, place = areas.condition()
    source, files = _source(scores, asked, ("percent",))
    rows = scores.rows(
        f"SELECT percent, sum(households)::BIGINT AS households FROM {source} "  # noqa: S608
        f"WHERE state = 'at_risk' AND ({chosen}) AND {inside} GROUP BY percent ORDER BY percent DESC",
        files, {**own, **place},
    )  # fmt: skip
    return [(row["percent"], row["households"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Point:
    """One kind of fall at one date: households at risk, and means as in `Total`."""

    as_of: datetime.date
    kind: str
    bundle: str
    households: int
    risk: float
    low: float | None
    high: float | None


def series(scores: Scores, areas: Areas, *, province: str = "", regency: str = "") -> list[Point]:
    """Mean risk by kind of fall for every run published so far, by date."""
    chosen, own = Filter(province=province, regency=regency).condition(scores.labels)
    inside, place = areas.condition()
    rows = scores.rows(
        "SELECT as_of, kind, any_value(bundle) AS bundle, sum(households)::BIGINT AS households, "  # noqa: S608
        "sum(risk) / sum(households) AS risk, sum(low) / sum(households) AS low, sum(high) / sum(households) AS high "
        f"FROM {READ} WHERE ({chosen}) AND {inside} AND kind IS NOT NULL GROUP BY as_of, kind ORDER BY as_of, kind",
        [scores.run.path / SERIES], {**own, **place}, single=True,
    )  # fmt: skip
    return [Point(**row) for row in rows]


@dataclass
class Kept:
    """Answers of one run, kept until another run answers: a page of figures is asked for often and never changes.

    One is made at a time: of many who ask for the same at once, as after a publication, one waits for the other.
    """

    most: int = 512
    _making: threading.RLock = field(default_factory=threading.RLock)
    _kept: tuple[Path | None, dict[Any, Any]] = (None, {})

    def of(self, scores: Scores, key: Any, make: Any) -> Any:
        """The answer for a key, made by `make()` the first time."""
        run, answers = self._kept
        if run == scores.run.path and key in answers:
            return answers[key]
        with self._making:
            run, answers = self._kept
            if run != scores.run.path or len(answers) >= self.most:
                answers = {}
                self._kept = scores.run.path, answers
            if key not in answers:
                answers[key] = make()
            return answers[key]
