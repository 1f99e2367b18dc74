"""The score store, read: one household, a list by risk, distributions; DuckDB over the files of one published run.

Nothing here writes, logs or counts: who reads a household, and that it was read, is the caller's to record.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf, nextafter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from features.cohort import KINDS
from features.commands import UserError
from features.contract import REGENCY_DIGITS, RUNGS
from features.keys import CODE
from features.shown import MEASURES
from models import score
from models.interval import hundredths
from models.row import KEPT
from models.shown import COLUMNS, DIGITS, FACTS, PREFIX
from serving.scores import publishing
from serving.scores.history import History
from serving.scores.index import LISTED
from serving.scores.kept_run import PROVINCE, READ, Run, ScoreFile, agree, code_numbers, hold, read_run
from serving.scores.reader import Reader
from serving.scores.reader import Row as Row

if TYPE_CHECKING:
    from serving.access.rights import Areas

By = Literal["province", "regency", "subdistrict", "kind", "certainty", "rung"]
Band = str | tuple[float, float]
"""A rung, a level of risk (of `LEVELS`), or a risk from (with) and to (without)."""

LEVELS = ("very_low", "low", "medium", "high", "very_high")
"""The verbal labels of a risk."""
CERTAINTIES = ("usual", "low")
GROUPS: tuple[By, ...] = ("province", "regency", "subdistrict", "kind", "certainty", "rung")
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def bands(labels: Sequence[float]) -> dict[str, tuple[float, float]]:
    """Risk from (with) and to (without) of each level.

    labels : whole percentages at which the upper four levels begin, as a bundle holds them. A level is told of the
    risk rounded to a whole number out of 100, so 13.5 % belongs to the level that begins at 14.
    """
    edges = [-inf, *map(_lowest, labels), inf]
    return dict(zip(LEVELS, pairwise(edges), strict=True))


def _lowest(percent: float) -> float:
    """The lowest risk that is told as a percentage: half a point below it, but for what the rounding of a float adds or
    takes, since of two rules one would tell 28 of a family that the other counts under 29."""
    edge = (percent - 0.5) / 100
    while hundredths(edge) < percent:
        edge = nextafter(edge, inf)
    while hundredths(nextafter(edge, -inf)) >= percent:
        edge = nextafter(edge, -inf)
    return edge


class Scores(Reader):
    """The scores of one run.

    Attributes
    ----------
    labels : percentages at which the levels of risk begin.
    poor_from : chance of being poor now from which on a household is judged poor.
    """

    def __init__(self, run: Run, held: int | None = None) -> None:
        super().__init__(run, held)
        self.labels: Sequence[float] = run.manifest["bundle"]["labels"]
        self.poor_from: float = run.manifest["bundle"]["poor_now"]
        self._history = History([path for path in run.history if path.stem != run.name])

    @property
    def as_of(self) -> datetime.date:
        """Date of the scores."""
        return datetime.date.fromisoformat(self.run.manifest["as_of"])

    @property
    def expires(self) -> datetime.date:
        """Day from which they are too old to act on."""
        return datetime.date.fromisoformat(str(score.expiry(np.datetime64(self.as_of))))

    def expired(self, today: datetime.date) -> bool:
        """Whether they are too old to act on, on a day of Jakarta."""
        return today >= self.expires

    @property
    def reasons(self) -> int:
        """How many reasons a row of this run holds at most."""
        return int(self.run.manifest["run"]["reasons"])

    @property
    def synthetic(self) -> bool:
        """Whether families or model are made up."""
        return bool(self.run.manifest["synthetic"])

    def household(self, code: str, areas: Areas | None = None) -> Row | None:
        """The score row of a household (`models.row.KEPT`), None where the run has none of this code.

        areas : where it must lie; one that lies elsewhere is not found, after the same work as one that there is not,
            so that the time of the answer does not tell the two apart either.
        """
        if areas is None or areas.everywhere:
            return self.households([code]).get(code)
        if not CODE.match(code):
            return None
        inside, place = areas.condition(PROVINCE)
        rows = self._read(f"SELECT {self._whole} FROM {READ} WHERE household_id = $code AND {inside}",  # noqa: S608
                          self._around(code, areas), {"code": code, **place}, single=True)  # fmt: skip
        return rows[0] if rows else None

    def _around(self, code: str, areas: Areas) -> list[ScoreFile]:
        """Files that a code would lie in, of each province of the areas the one where it sorts; whether any file holds
        it is not looked at."""
        found: list[ScoreFile] = []
        for province in areas.provinces or ():
            own = [file for file in self.run.inside(province, None) if file.named]
            among = [file for file in own if str(file.low) <= code <= str(file.high)]
            below = [file for file in own if str(file.low) <= code]
            found += among or below[-1:] or own[:1]
        return found

    def households(self, codes: Sequence[str]) -> dict[str, Row]:
        """Score rows by code; a code that the run does not have is not among them."""
        found: dict[str, Row] = {}
        for file, own in self._where(sorted({code for code in codes if CODE.match(code)})):
            # One code as a bound value prunes row groups by their statistics before anything is unpacked.
            chosen, asked = ("= $codes", own[0]) if len(own) == 1 else ("= ANY($codes)", own)
            rows = self._read(f"SELECT {self._whole} FROM {READ} WHERE household_id {chosen}",  # noqa: S608
                              [file], {"codes": asked}, single=len(own) == 1)  # fmt: skip
            if len(rows) != len(own):
                raise UserError(
                    f"{file.path} does not hold a household that the index says; publish the run again",
                    f"{file.path} tidak memuat keluarga yang disebut indeks; terbitkan penilaian ini lagi",
                )
            found |= {row["household_id"]: row for row in rows}
        return found

    @property
    def _whole(self) -> str:
        return ", ".join(self._column(name) for name in KEPT.names)

    def _column(self, name: str) -> str:
        return f"{PROVINCE} AS province" if name == "province" else name

    def facts(self, code: str) -> Row | None:
        """What people read of a household beside its score (`models.shown.FACTS`); None where this run holds none.

        Ask only for a household that the reader may see (`household`).
        """
        for file, own in self._where([code] if self.run.shown and CODE.match(code) else []):
            found = self.rows(f"SELECT {_FACTS} FROM {READ} WHERE household_id = $code", [file.path],  # noqa: S608
                              {"code": own[0]}, single=True)  # fmt: skip
            if found:
                return found[0]
        return None

    def history(self, code: str) -> list[Row]:
        """What the runs before this one told of a household, the newest first (`history.History.of`)."""
        return self._history.of(code)

    def _where(self, codes: list[str]) -> list[tuple[ScoreFile, list[str]]]:
        """Files that hold these codes, each with its own."""
        if not codes:
            return []
        wanted = code_numbers(pa.array(codes, pa.string()))
        result = []
        for file in self.run.files:
            if file.low is None or file.high is None or file.high < codes[0] or file.low > codes[-1]:
                continue
            ids = self.run.ids[file.begin : file.begin + file.named]
            at = np.searchsorted(ids, wanted)
            there = np.flatnonzero(ids[np.minimum(at, len(ids) - 1)] == wanted)
            if len(there):
                result.append((file, [codes[place] for place in there]))
        return result

    def top(self, count: int, *, province: str | None = None, regency: str | None = None,
            subdistrict: str | None = None, band: Band | None = None, kind: str | None = None,
            certainty: str | None = None, offset: int = 0) -> list[Row]:  # fmt: skip
        """Households at risk, the highest risk first, equal ones in the order of their codes.

        Parameters
        ----------
        count, offset : how many, after how many. province : its code, or `unknown` for those without one.

        Returns
        -------
        Rows of `LISTED`; reasons are read household by household (`households`).

        Raises
        ------
        UserError : no such band, kind or certainty, or a count below 0.
        """
        if count < 0 or offset < 0:
            raise UserError("count and offset must be 0 or more", "--count dan --offset harus 0 atau lebih")
        if subdistrict is not None:
            regency = regency or subdistrict[:REGENCY_DIGITS]
        chosen, asked = self._chosen({"regency": regency, "subdistrict": subdistrict}, band, kind, certainty)
        paths = self.ranked(province, regency)
        sql = (f"SELECT {', '.join(LISTED)} FROM {READ} WHERE {chosen} "  # noqa: S608
               "ORDER BY risk DESC, household_id LIMIT $count OFFSET $offset")  # fmt: skip
        return self.rows(sql, paths, {"count": count, "offset": offset, **asked})

    def ranked(self, province: str | None, regency: str | None) -> list[Path]:
        """Files of the index with the households at risk of an area, and with others."""
        places = {file.province for file in self.run.inside(province, regency)}
        return [path for place, path in self.run.ranked.items() if place in places]

    def _chosen(self, place: Mapping[str, str | None], band: Band | None, kind: str | None, certainty: str | None,
                ) -> tuple[str, dict[str, Any]]:  # fmt: skip
        """Conditions on a row of a list, and the values bound in them."""
        for name, value, known in (("kind", kind, KINDS), ("certainty", certainty, CERTAINTIES)):
            if value is not None and value not in known:
                raise UserError(
                    f"no {name} {value!r}; there are {', '.join(known)}",
                    f"tidak ada {name} {value}; yang ada: {', '.join(known)}",
                )
        asked: dict[str, Any] = {**place, "kind": kind, "certainty": certainty}
        if isinstance(band, str) and band in RUNGS:
            asked["rung"] = band
        own = {name: value for name, value in asked.items() if value is not None}
        parts = ["TRUE", *(f"{name} = ${name}" for name in own)]
        if band is not None and "rung" not in own:
            own["low"], own["high"] = self.band(band)
            parts += ["risk >= $low", "risk < $high"]
        return " AND ".join(parts), own

    def band(self, band: Band) -> tuple[float, float]:
        """Risk from (with) and to (without) of a level or a range; UserError where there is none such."""
        if not isinstance(band, str):
            if not band[0] <= band[1]:
                raise UserError("a band begins at the lower risk", "pita dimulai dari risiko yang lebih rendah")
            return band
        if band not in LEVELS:
            raise UserError(
                f"no band {band!r}; there are {', '.join((*LEVELS, *RUNGS))}",
                f"tidak ada pita {band}; yang ada: {', '.join((*LEVELS, *RUNGS))}",
            )
        return bands(self.labels)[band]

    def distribution(self, by: By = "province", *, province: str | None = None,
                     edges: Sequence[float] | None = None) -> list[Row]:  # fmt: skip
        """How households and risks are spread.

        Parameters
        ----------
        by : what households are grouped by; regencies and sub-districts stand under their province. edges : rising
            risks that divide the histogram; without it those of the levels, or tenths.

        Returns
        -------
        A row a group, those without a value last: the group's own column, `households` = `scored` + `refused` +
        `quarantined`, `at_risk`, and of those at risk `mean`, `quantiles` (`QUANTILES`; None where none is at risk) and
        `histogram`, one count more than there are edges, each bin with its lower edge.

        Raises
        ------
        UserError : no such group, or none that this run tells; edges that do not rise, or counts that are not the
            manifest's.
        """
        if by not in GROUPS:
            raise UserError(
                f"no distribution by {by!r}; there are {', '.join(GROUPS)}",
                f"tidak ada sebaran menurut {by}; yang ada: {', '.join(GROUPS)}",
            )
        edges = self.edges() if edges is None else tuple(edges)
        if any(low >= high for low, high in pairwise(edges)):
            raise UserError("edges of the histogram must rise", "batas sebaran harus menaik")
        files = self.run.inside(province, None)
        group = {"regency": "province, regency", "subdistrict": "province, regency, subdistrict"}.get(by, by)
        ends = [None, *(f"risk >= $edge{at}" for at in range(len(edges)))]
        bins = [" AND ".join(["applies", *filter(None, (low, high and f"NOT {high}"))])
                for low, high in pairwise([*ends, None])]  # fmt: skip
        counts = ", ".join(f"count(*) FILTER ({own})" for own in bins)
        rows = self._read(
            f"SELECT {group}, count(*) AS households, count(*) FILTER (status = 'scored') AS scored, "  # noqa: S608
            "count(*) FILTER (refusal = 'quarantined') AS quarantined, count(*) FILTER (applies) AS at_risk, "
            # Threads add up in any order: rounded, the mean is the same each time.
            "round(avg(risk) FILTER (applies), 12) AS mean, "
            "quantile_cont(risk, $quantiles) FILTER (applies) AS quantiles, "
            f"[{counts}] AS histogram FROM (SELECT *, {PROVINCE} AS province FROM {READ}) "
            f"GROUP BY {group} ORDER BY {', '.join(f'{name} NULLS LAST' for name in group.split(', '))}",
            files, {"quantiles": list(QUANTILES), **{f"edge{at}": edge for at, edge in enumerate(edges)}},
        )  # fmt: skip
        for row in rows:
            row["refused"] = row["households"] - row["scored"] - row["quarantined"]
        agree(self.run, rows, province)
        return rows

    def edges(self) -> tuple[float, ...]:
        """Where a histogram is divided if nobody says: at the levels of risk."""
        return tuple(low for low, _ in bands(self.labels).values())[1:]

    def _read(self, sql: str, files: Sequence[ScoreFile], asked: Mapping[str, Any], *, single: bool = False,
              ) -> list[Row]:  # fmt: skip
        """Rows of files of scores, whose provinces are bound too."""
        provinces = [file.province for file in files]
        return self.rows(sql, [file.path for file in files], {"provinces": provinces, **asked}, single=single)

    def table(self, names: Sequence[str], areas: Sequence[str] = ("",)) -> Any:
        """Columns of all score rows that have a code, of areas: "" everywhere, "32" a province, "3204" a regency.

        Returns
        -------
        An Arrow table of the columns `names` (of `models.row.KEPT`; of `models.shown.COLUMNS` where the run has
        them), in no order that means anything.
        """
        own = [file for file in self.run.files
               if any(not area or area == file.province or area in file.regencies for area in areas)]  # fmt: skip
        if not own:
            return pa.table({name: pa.array([], (COLUMNS if name in COLUMNS.names else KEPT).field(name).type)
                             for name in names})  # fmt: skip
        chosen = ", ".join(self._column(name) for name in names)
        inside = "" if "" in areas else f" AND ({PROVINCE} = ANY($areas) OR regency = ANY($areas))"
        sql = f"SELECT {chosen} FROM {READ} WHERE household_id IS NOT NULL{inside}"  # noqa: S608
        asked: dict[str, Any] = {"areas": list(areas)} if inside else {}
        if PROVINCE in sql:
            asked["provinces"] = [file.province for file in own]
        return self.ask(sql, [file.path for file in own], asked,
                         lambda cursor, query, values: cursor.sql(query, params=values).to_arrow_table())  # fmt: skip


_FACTS = ", ".join(f"{f'round({PREFIX}{name}::DOUBLE, {DIGITS})' if name in MEASURES else f'{PREFIX}{name}'} AS {name}"
                   for name in FACTS.names)  # fmt: skip


def open(store: Path) -> Scores:
    """The run that answers now.

    Raises
    ------
    UserError : nothing is published, or a file is not as it was published.
    """
    while True:
        name = publishing.current(store)
        if name is None:
            raise UserError(
                f"no scores are published in {store}; jaga score writes a folder, jaga scores publish "
                "makes it the one that answers",
                f"tidak ada skor yang terbit di {store}; jaga score menulis sebuah folder, jaga scores publish "
                "membuatnya menjawab",
            )
        try:
            return open_run(store, name)
        except UserError:
            if publishing.current(store) == name:  # else it was replaced and removed while it was read
                raise


def open_run(store: Path, name: str) -> Scores:
    """A run of the store by its name, also one that answers no longer; UserError where it is not there or damaged."""
    path = store / publishing.RUNS / Path(name).name
    try:
        held = hold(path)
    except OSError:
        raise UserError(
            f"no run {name} in {store}; jaga scores show names those that can be read",
            f"tidak ada penilaian {name} di {store}; jaga scores show menyebut yang dapat dibaca",
        ) from None
    try:
        return Scores(read_run(path), held)
    except BaseException:
        os.close(held)
        raise
